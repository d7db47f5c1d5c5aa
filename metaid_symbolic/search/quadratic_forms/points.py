"""Rational points at which statements about all real numbers may fail: small numbers, and the cells between the roots of the
polynomials in question along lines on which one variable moves; in one variable none is missed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import islice, pairwise, product
from typing import Any

import flint

from ..algebra.polynomials import from_flint, to_flint
from ..algebra.real_roots import isolated, refined

Point = tuple[Fraction, ...]
VALUES = tuple(map(Fraction, ("0", "1", "-1", "1/2", "2", "-1/2", "3", "-2", "1/3", "1/10", "10", "-10")))
MOST_POINTS, MOST_LINES, MOST_DEGREE, BITS = 300, 60, 24, 30


def points(count: int, polynomials: Sequence[Any]) -> Iterator[Point]:
    """Points of Q^count, small ones first; the polynomials are in these variables, and perhaps in later ones that are 0."""
    yield from islice(grid(count), MOST_POINTS)
    for rest in islice(grid(count - 1), MOST_LINES) if count else ():
        for place in range(count):
            for value in cells(restricted(p, rest, place) for p in polynomials):
                yield (*rest[:place], value, *rest[place:])


def grid(count: int) -> Iterator[Point]:
    """Points with coordinates among the small numbers, those of small sums of places first."""
    for most in range(len(VALUES)):
        for chosen in product(range(most + 1), repeat=count):
            if max(chosen, default=0) == most:
                yield tuple(VALUES[i] for i in chosen)
        if not count:
            return


def restricted(p: Any, rest: Point, place: int) -> Any:
    """The polynomial along the line on which the variable at the place moves."""
    values = [to_flint(x) for x in (*rest[:place], Fraction(0), *rest[place:])]
    coefficients: dict[int, Any] = {}
    for exponents, c in p.to_dict().items():
        e = tuple(map(int, exponents))
        if not any(e[len(values) :]):
            for i, x in enumerate(values):
                c = c * x ** e[i] if i != place else c
            coefficients[e[place]] = coefficients.get(e[place], flint.fmpq(0)) + c
    return flint.fmpq_poly([coefficients.get(k, flint.fmpq(0)) for k in range(max(coefficients, default=-1) + 1)])


def cells(polynomials: Any) -> Iterator[Fraction]:
    """The rational roots, and a number in each interval between neighbouring real roots and beyond them."""
    factors = {str(f): f for p in polynomials if 0 < p.degree() <= MOST_DEGREE for f, _ in p.numer().factor()[1]}
    yield from (from_flint(flint.fmpq(-f[0], f[1])) for f in factors.values() if f.degree() == 1)
    whole = flint.fmpz_poly([1])
    for f in factors.values():
        whole = whole * f
    ends = sorted(refined(whole, found, BITS) for found in isolated(whole)) if factors else []
    if ends:
        yield ends[0][0] - 1
        yield ends[-1][1] + 1
    for (_, low), (high, _) in pairwise(ends):
        yield simplest(low, high)


def simplest(low: Fraction, high: Fraction) -> Fraction:
    """A number between the two with a small denominator; the number itself where they are one."""
    if low >= high:
        return low
    middle, most = (low + high) / 2, 1
    while not low < (found := middle.limit_denominator(most)) < high:
        most *= 2
    return found
