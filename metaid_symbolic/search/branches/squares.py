"""Polynomials of a branch as sums of squares, and divided by one another."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from itertools import product
from math import prod
from typing import Any

from ...kernel.branch import Branch
from ...kernel.polynomial import generators_of
from ...terms import ONE, Term
from ..positivity import sums_of_squares
from .branch_polynomials import names_in, term_of

Exponents = dict[tuple[int, ...], Fraction]
MOST_VARIABLES, MOST_DEGREE = 4, 8


def divide(branch: Branch, p: Any, d: Any) -> Any:
    """p / d if d divides p, as a polynomial of the branch's ring; else None."""
    import flint

    ring = branch.normaliser.ring
    variables = sorted(generators_of(p) | generators_of(d))
    if not variables:
        return None
    context = flint.fmpq_mpoly_ctx.get(tuple(f"v{i}" for i in range(len(variables))), flint.Ordering.lex)

    def convert(q: Any) -> Any:
        data = {}
        for monomial, c in q.monomials():
            exponents = dict(monomial)
            data[tuple(exponents.get(v, 0) for v in variables)] = flint.fmpq(c.numerator, c.denominator)
        return context.from_dict(data)

    quotient, rest = divmod(convert(p), convert(d))
    if rest != 0:
        return None
    found = branch.normaliser.nil
    for exponents, c in quotient.to_dict().items():
        piece = ring.constant(Fraction(int(c.p), int(c.q)))
        for v, e in zip(variables, exponents, strict=True):
            for _ in range(int(e)):
                piece = piece * ring.generator(ring.term_of(v))
        found = found + piece
    return found


def squares_of(branch: Branch, p: Any) -> tuple[tuple[Fraction, Term], ...] | None:
    """p as a sum of squares, ready for a certificate."""
    variables = sorted(generators_of(p))
    terms = p.monomials()
    if len(variables) > MOST_VARIABLES or any(branch.normaliser.ring.term_of(v).head not in ("sym", "sum") for v in variables):
        return None
    if not terms:
        return ()
    if not variables:
        return ((terms[0][1], ONE),) if terms[0][1] > 0 else None
    data: Exponents = {}
    for monomial, c in terms:
        exponents = dict(monomial)
        data[tuple(exponents.get(v, 0) for v in variables)] = c
    if max(map(sum, data)) > MOST_DEGREE or not _ends_even(data):
        return None
    found = _squares(tuple(sorted(data.items())))
    if found is None:
        return None
    names = names_in(branch, variables)
    return tuple((Fraction(c), term_of(q, names)) for c, q in found)


@lru_cache(maxsize=20_000)
def _squares(data: tuple[tuple[tuple[int, ...], Fraction], ...]) -> Any:
    """None at once for a polynomial that is negative at a small point."""
    count = len(data[0][0])
    floats = [(e, float(c)) for e, c in data]
    for point in product((0.0, 1.0, -1.0, 0.5, -2.0), repeat=count):
        if sum(c * prod(x**k for x, k in zip(point, e, strict=True)) for e, c in floats) < -1e-9:
            return None
    return sums_of_squares.sum_of_squares(dict(data))


def _ends_even(data: Exponents) -> bool:
    """A cheap necessary condition: pure powers of largest and smallest degree are even with positive coefficients."""
    for i in range(len(next(iter(data)))):
        pure = [(e[i], c) for e, c in data.items() if e[i] and sum(e) == e[i]]
        if pure and (max(pure)[0] % 2 or max(pure)[1] < 0):
            highest = max(e[i] for e in data)
            if max(pure)[0] == highest:
                return False
    return data.get((0,) * len(next(iter(data))), Fraction(0)) >= 0
