"""Formulas with ranges and sums written out, so that they speak of real numbers alone.

A `Statement` is read for given sizes, functions and arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from functools import partial
from itertools import product
from typing import Any

from ..claims import Array, Statement
from ..terms import FUNCTIONS, RANDOM, Term, as_term, conjunction, disjunction, free_symbols, number, substitute, symbol, total
from .objectives import expectation, gaussian_moment, made_of, tidy
from .rejection import Rejected, require

Environment = Mapping[str, Any]
"""Name -> Term (real number), entries of an array by their places, variable and body of a function, or what a kind of reading
adds to that.  Under `Ex` stand the random arrays, whose entries can be read only inside an expectation."""
MOST_CASES = 4096


class RealReading:
    """Connectives, comparisons, quantifiers over numbers, arithmetic, sums; arrays, functions and expectations of a statement."""

    reserved: frozenset[str] = frozenset()
    """Names that no bound variable may bear."""

    def formula(self, f: Term, env: Environment) -> Term:
        match f.head:
            case "true" | "false":
                return f
            case "not" | "and" | "or" | "implies" | "iff":
                return Term(f.head, tuple(self.formula(a, env) for a in f.args))
            case "eq" | "lt" | "le":
                return Term(f.head, tuple(self.scalar(a, env) for a in f.args))
            case "forall" | "exists":
                return self.quantified(f, env)
        raise Rejected(f"no reading of {f}")

    def quantified(self, f: Term, env: Environment) -> Term:
        name, sort, body = f.args
        if type(sort) is Term:
            return self.each(f, [number(k + 1) for k in range(self.natural(sort, env))], env)
        require(sort == "real", "{} runs over a {}", f, sort)
        read = f"{name}." if name in self.reserved else name
        return Term(f.head, (read, sort, self.formula(body, {**env, name: symbol(read)})))

    def each(self, f: Term, values: Iterable[Any], env: Environment) -> Term:
        """A quantified formula over finitely many values."""
        join = conjunction if f.head == "forall" else disjunction
        return join([self.formula(f.args[2], {**env, f.args[0]: value}) for value in values])

    def natural(self, term: Term, env: Environment) -> int:
        """The value of a term in naturals."""
        value = tidy(self.scalar(term, env))
        natural = value.head == "num" and value.args[0].denominator == 1 and 0 <= value.args[0] <= MOST_CASES
        require(natural, "{} has the value {}, which is no natural number up to {}", term, value, MOST_CASES)
        return int(value.args[0])

    def scalar(self, term: Term, env: Environment) -> Term:
        match term.head, term.args:
            case "num", _:
                return term
            case "sym", (name,) if type(value := env.get(name)) is Term:
                return value
            case head, parts if head in ("add", "mul", *FUNCTIONS):
                return Term(head, tuple(self.scalar(a, env) for a in parts))
            case "pow", (base, exponent):
                return Term("pow", (self.scalar(base, env), exponent))
            case "sum", (name, upper, body):
                values = [number(k + 1) for k in range(self.natural(upper, env))]
                return total([self.scalar(body, {**env, name: value}) for value in values])
            case "at", (name, *indices) if type(entries := env.get(name)) is dict:
                found = entries.get(tuple(self.natural(i, env) for i in indices))
                require(found, "{} is outside its array", term)
                return as_term(found)
            case "app", ("Ex", inside) if type(random := env.get("Ex")) is dict:
                laws = {str(z.args[0]): MOMENTS[name] for name, made in random.items() for z in made.values()}
                return expectation(self.scalar(inside, {**env, **random}), laws)
            case "app", (name, inside) if type(function := env.get(name)) is tuple:
                variable, body = function
                return substitute(body, {variable: self.scalar(inside, env)})
        raise Rejected(f"{term} is no real number here")


MOMENTS: dict[str, Callable[[int], Fraction]] = {
    "normal": partial(gaussian_moment, Fraction(0), Fraction(1)),
    "normal_": partial(gaussian_moment, Fraction(0), Fraction(1)),
    "sign": lambda order: Fraction(1 - order % 2),
}
"""The moments of the entries of random arrays."""
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
    given = {name: (variable, body) for name, variable, body in functions}
    return RealReading().formula(claim.formula, {**values, **plain, **given, "Ex": random})


def _entries(array: Array, flat: tuple[Fraction, ...], values: Environment) -> dict[tuple[int, ...], Term]:
    """The entries of an array by indices 1, 2, ...; those of a random array are symbols."""
    places = list(product(*(range(1, RealReading().natural(side, values) + 1) for side in array.shape)))
    wanted = 0 if array.name in RANDOM else len(places)
    require(len(flat) == wanted <= MOST_CASES, "{} entries are given for {} of {}", len(flat), wanted, array.name)
    if array.name in RANDOM:
        return {place: symbol(".".join([array.name, *map(str, place)])) for place in places}
    return dict(zip(places, map(number, flat), strict=True))
