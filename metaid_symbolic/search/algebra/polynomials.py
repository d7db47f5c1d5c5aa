"""Sparse polynomials with rational coefficients: dicts {exponents: coefficient} without zero coefficients."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import product
from math import gcd, lcm, prod
from typing import Any

import flint

Exponents = tuple[int, ...]
Polynomial = dict[Exponents, Fraction]
Squares = list[tuple[Fraction, Polynomial]]
Point = Sequence[Fraction | int]


def times(p: Polynomial, q: Polynomial) -> Polynomial:
    if len(p) == 1 == len(q):
        ((e, c),), ((f, d),) = p.items(), q.items()
        return {tuple(map(int.__add__, e, f)): d if c == 1 else c * d}
    made: Polynomial = {}
    for e, c in p.items():
        for f, d in q.items():
            at = tuple(map(int.__add__, e, f))
            made[at] = made.get(at, Fraction(0)) + c * d
    return {e: c for e, c in made.items() if c}


def combination(parts: Iterable[tuple[Fraction, Polynomial]]) -> Polynomial:
    made: Polynomial = {}
    for factor, p in parts:
        for e, c in p.items():
            made[e] = made.get(e, Fraction(0)) + factor * c
    return {e: c for e, c in made.items() if c}


def one(p: Polynomial) -> Polynomial:
    """The constant 1 in the variables of p != 0."""
    return {(0,) * len(next(iter(p))): Fraction(1)}


def value_at(p: Polynomial, point: Point) -> Fraction:
    where, total = [to_flint(Fraction(x)) for x in point], flint.fmpq(0)
    for e, c in p.items():
        term = to_flint(c)
        for x, k in zip(where, e, strict=True):
            if k:
                term *= x**k
        total += term
    return from_flint(total)


def degree_of(p: Polynomial) -> int:
    return max(map(sum, p), default=0)


def monomials(variables: int, degree: int) -> list[Polynomial]:
    """All of degree <= `degree`, the constant last; none for a negative degree."""
    found = [e for e in product(range(degree + 1), repeat=variables) if sum(e) <= degree]
    return [{e: Fraction(1)} for e in sorted(found, key=lambda e: (sum(e), e), reverse=True)]


def stretched(p: Polynomial, widths: Sequence[Fraction]) -> Polynomial:
    return {e: c * prod((w**k for w, k in zip(widths, e, strict=True)), start=Fraction(1)) for e, c in p.items()}


def primitive(p: Polynomial) -> Polynomial:
    """A positive multiple with coprime integer coefficients."""
    if not p:
        return p
    scale = Fraction(lcm(*(c.denominator for c in p.values())))
    content = gcd(*(int(c * scale) for c in p.values()))
    return {e: c * scale / content for e, c in p.items()}


def to_flint(x: Fraction) -> Any:
    return flint.fmpq(x.numerator, x.denominator)


def from_flint(x: Any) -> Fraction:
    return Fraction(int(x.p), int(x.q))
