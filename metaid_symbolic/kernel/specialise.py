"""A `Statement` for given sizes, functions and arrays: a closed formula about real numbers."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import prod
from typing import Any

from ..claims import Array, Statement
from ..terms import FALSE, TRUE, Term, conjunction, disjunction, free_symbols, number, substitute, subterms, symbol, total
from .normal import Normaliser, Opaque
from .objectives import tidy
from .polynomial import Ring, power, to_term
from .rejection import Rejected

MOST_ENTRIES = 4096
RANDOM = ("normal", "normal_", "sign")
"""Arrays of independent random variables; they occur inside `Ex(...)`, their expectation, and nowhere else."""
SMOOTH = ("num", "sym", "add", "mul", "pow", "exp", "tanh", "logistic")


def specialised(
    claim: Statement,
    naturals: tuple[int, ...],
    functions: tuple[tuple[str, str, Term], ...],
    arrays: tuple[tuple[Fraction, ...], ...],
) -> Term:
    """The formula with naturals, functions and arrays inserted.  Raises `Rejected` when they do not fit the claim."""
    if len(naturals) != len(claim.naturals) or any(k < n.least for k, n in zip(naturals, claim.naturals, strict=True)):
        raise Rejected(f"the naturals {list(naturals)} do not fit {[f'{n.name} >= {n.least}' for n in claim.naturals]}")
    if [f[0] for f in functions] != list(claim.functions):
        raise Rejected(f"functions {[f[0] for f in functions]} are given for {list(claim.functions)}")
    for _, variable, body in functions:
        smooth = all(t.head in SMOOTH and (t.head != "pow" or t.args[1] > 0) for t in subterms(body))
        if free_symbols(body) - {variable} or not smooth:
            raise Rejected(f"{body} is no smooth function of {variable} on R")
    values: dict[str, Any] = {n.name: k for n, k in zip(claim.naturals, naturals, strict=True)}
    entries: dict[str, Any] = {}
    if len(arrays) != len(claim.arrays):
        raise Rejected(f"{len(arrays)} arrays are given for {len(claim.arrays)}")
    for array, flat in zip(claim.arrays, arrays, strict=True):
        entries.update(_entries(array, flat, values))
    return _Reader({f[0]: (f[1], f[2]) for f in functions}, entries).formula(claim.formula, values)


def _entries(array: Array, flat: tuple[Fraction, ...], values: Mapping[str, Any]) -> dict[Any, Term]:
    """The entries of an array by name and indices 1, 2, ...; those of a random array are symbols."""
    sides = [natural(side, values) for side in array.shape]
    places: list[tuple[int, ...]] = [()]
    for side in sides:
        places = [(*p, i + 1) for p in places for i in range(side)]
    if array.name in RANDOM:
        flat_terms = [symbol(".".join([array.name, *map(str, place)])) for place in places]
    else:
        flat_terms = list(map(number, flat))
    if len(flat) != (0 if array.name in RANDOM else len(places)) or len(places) > MOST_ENTRIES:
        raise Rejected(f"{array.name} has {len(places)} entries, {len(flat)} are given")
    return {(array.name, *place): entry for place, entry in zip(places, flat_terms, strict=True)}


def expectation(term: Term) -> Term:
    """E of a polynomial in independent standard Gaussian variables `normal...` and uniform signs `sign...`.

    E z^k is 0 for odd k; for even k it is 1 * 3 * ... * (k - 1) for a Gaussian variable and 1 for a sign.
    """
    ring = Ring()
    normaliser = Normaliser(ring, lambda name: "real")
    try:
        monomials = normaliser.polynomial(term).monomials()
    except Opaque as cause:
        raise Rejected(str(cause)) from None
    result = normaliser.nil
    for monomial, value in monomials:
        piece = ring.constant(value)
        for g, e in monomial:
            base = ring.term_of(g)
            if base.head != "sym":
                raise Rejected(f"no expectation of {base} is known")
            kind = base.args[0].partition(".")[0] if "." in base.args[0] else ""
            moment = (0 if e % 2 else prod(range(1, e, 2)) if kind != "sign" else 1) if kind in RANDOM else None
            piece = piece * (
                ring.constant(Fraction(moment)) if moment is not None else power(ring.generator(base), e, normaliser.one)
            )
        result = result + piece
    return to_term(result, ring)


def natural(term: Term, values: Mapping[str, Any]) -> int:
    inserted = tidy(substitute(term, {name: number(k) for name, k in values.items() if type(k) is int}))
    if inserted.head != "num" or inserted.args[0].denominator != 1 or not 0 <= inserted.args[0] <= MOST_ENTRIES:
        raise Rejected(f"{term} is no natural number here")
    return int(inserted.args[0])


class _Reader:
    """Formulas with bounded quantifiers, sums, arrays and functions written out."""

    def __init__(self, functions: Mapping[str, tuple[str, Term]], entries: Mapping[Any, Term], random: bool = False) -> None:
        self.functions = functions
        self.entries = entries
        self.random = random

    def natural(self, t: Term, env: Mapping[str, Any]) -> int:
        return natural(self.value(t, env), {})

    def formula(self, f: Term, env: Mapping[str, Any]) -> Term:
        args = f.args
        if f.head in ("not", "and", "or", "implies", "iff"):
            return Term(f.head, tuple(self.formula(a, env) for a in args))
        if f.head in ("eq", "lt", "le"):
            return Term(f.head, (self.value(args[0], env), self.value(args[1], env)))
        if f.head in ("true", "false"):
            return TRUE if f.head == "true" else FALSE
        if f.head not in ("forall", "exists"):
            raise Rejected(f"{f} is no formula about real numbers")
        name, sort, body = args
        if type(sort) is Term:
            join = conjunction if f.head == "forall" else disjunction
            return join([self.formula(body, {**env, name: k + 1}) for k in range(self.natural(sort, env))])
        if sort != "real":
            raise Rejected(f"a {sort} in a statement about real numbers")
        return Term(f.head, (name, sort, self.formula(body, {k: v for k, v in env.items() if k != name})))

    def value(self, t: Term, env: Mapping[str, Any]) -> Term:
        args = t.args
        match t.head:
            case "num":
                return t
            case "sym":
                return number(env[args[0]]) if args[0] in env else t
            case "add" | "mul" | "exp" | "log" | "sqrt" | "relu" | "tanh" | "logistic":
                return Term(t.head, tuple(self.value(a, env) for a in args))
            case "pow":
                return Term("pow", (self.value(args[0], env), args[1]))
            case "sum":
                upper = self.natural(args[1], env)
                return total([self.value(args[2], {**env, args[0]: k + 1}) for k in range(upper)])
            case "at":
                place = (args[0], *(self.natural(a, env) for a in args[1:]))
                if place not in self.entries or (args[0] in RANDOM and not self.random):
                    raise Rejected(f"{t} is outside its array, or random outside Ex")
                return self.entries[place]
            case "app" if args[0] == "Ex" and len(args) == 2 and not self.random:
                inner = _Reader(self.functions, self.entries, random=True)
                return expectation(inner.value(args[1], env))
            case "app" if args[0] in self.functions and len(args) == 2:
                variable, body = self.functions[args[0]]
                return substitute(body, {variable: self.value(args[1], env)})
        raise Rejected(f"{t} is no real number in a statement")
