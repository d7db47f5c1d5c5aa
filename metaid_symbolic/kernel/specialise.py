"""A `Statement` for given sizes, functions and arrays: a closed formula about real numbers."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import partial
from itertools import product
from typing import final

from ..claims import Array, Statement
from ..terms import Term, as_term, free_symbols, number, substitute, symbol
from .objectives import expectation, gaussian_moment, made_of
from .reading import MOST_CASES, Environment, RealReading
from .rejection import require

RANDOM: dict[str, Callable[[int], Fraction]] = {
    "normal": partial(gaussian_moment, Fraction(0), Fraction(1)),
    "normal_": partial(gaussian_moment, Fraction(0), Fraction(1)),
    "sign": lambda order: Fraction(1 - order % 2),
}
"""Arrays of independent standard Gaussian variables and uniform signs, with the moments of their entries.  They occur inside
`Ex(...)`, their expectation, and nowhere else."""
SMOOTH = ("num", "sym", "add", "mul", "pow", "exp", "tanh", "logistic")


def specialised(
    claim: Statement,
    naturals: tuple[int, ...],
    functions: tuple[tuple[str, str, Term], ...],
    arrays: tuple[tuple[Fraction, ...], ...],
) -> Term:
    """The formula with naturals, functions and arrays inserted.  Raises `Rejected` when they do not fit the claim."""
    wanted = [f"{n.name} >= {n.least}" for n in claim.naturals]
    fits = len(naturals) == len(wanted) and all(k >= n.least for k, n in zip(naturals, claim.naturals, strict=True))
    require(fits, "the naturals {} do not fit {}", naturals, wanted)
    names = [name for name, _, _ in functions]
    require(names == list(claim.functions), "functions {} are given for {}", names, claim.functions)
    for _, variable, body in functions:
        smooth = free_symbols(body) <= {variable} and made_of(body, SMOOTH)
        require(smooth, "{} is no smooth function of {} on R", body, variable)
    values = {n.name: number(k) for n, k in zip(claim.naturals, naturals, strict=True)}
    require(len(arrays) == len(claim.arrays), "{} arrays are given for {}", len(arrays), len(claim.arrays))
    entries = {a.name: _entries(a, flat, values) for a, flat in zip(claim.arrays, arrays, strict=True)}
    plain = {name: made for name, made in entries.items() if name not in RANDOM}
    random = {name: made for name, made in entries.items() if name in RANDOM}
    reading = StatementReading({name: (variable, body) for name, variable, body in functions}, random)
    return reading.formula(claim.formula, {**values, **plain})


def _entries(array: Array, flat: tuple[Fraction, ...], values: Environment) -> dict[tuple[int, ...], Term]:
    """The entries of an array by indices 1, 2, ...; those of a random array are symbols."""
    places = list(product(*(range(1, RealReading().natural(side, values) + 1) for side in array.shape)))
    wanted = 0 if array.name in RANDOM else len(places)
    require(len(flat) == wanted <= MOST_CASES, "{} entries are given for {} of {}", len(flat), wanted, array.name)
    if array.name in RANDOM:
        return {place: symbol(".".join([array.name, *map(str, place)])) for place in places}
    return dict(zip(places, map(number, flat), strict=True))


@final
class StatementReading(RealReading):
    """Formulas with arrays and functions written out.  Among the values of names are the entries of arrays by their places;
    inside an expectation those of the random arrays too."""

    def __init__(self, functions: dict[str, tuple[str, Term]], random: dict[str, dict[tuple[int, ...], Term]]) -> None:
        self.functions = functions
        self.random = random

    def scalar(self, term: Term, env: Environment) -> Term:
        match term.head, term.args:
            case "at", (name, *indices):
                entries = env.get(name)
                found = entries.get(tuple(self.natural(i, env) for i in indices)) if isinstance(entries, dict) else None
                require(found, "{} is outside its array, or random outside Ex", term)
                return as_term(found)
            case "app", ("Ex", inside):
                laws = {str(z.args[0]): RANDOM[name] for name, made in self.random.items() for z in made.values()}
                return expectation(self.scalar(inside, {**env, **self.random}), laws)
            case "app", (name, inside) if name in self.functions:
                variable, body = self.functions[name]
                return substitute(body, {variable: self.scalar(inside, env)})
        return super().scalar(term, env)
