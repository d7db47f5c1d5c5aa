"""Rational zeros of a polynomial p >= 0, also at infinity, and what they say of the squares that add up to p.

A sum of squares p vanishes to second order at a zero z: each square does, and where v^T p''(z) v = 0 the derivative of each along
v is 0 as well.  Without these linear conditions no Gram matrix of p is definite (facial reduction, known beforehand).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import final

import flint

from ..algebra.polynomials import Point, Polynomial, degree_of, from_flint, to_flint, value_at
from .gram import Block, orthogonal_to
from .minima import local_minima

MOST_CHARTED = 7
"""Zeros of the leading form are looked for in so many variables."""


def rational_zeros(p: Polynomial, known: Sequence[Point]) -> list[Point] | None:
    """Rational zeros of p: those given and those at local minima; None if p < 0 at one of these points."""
    found: list[Point] = []
    size = max(float(abs(c)) for c in p.values())
    guesses: list[Point] = [*known]
    for x in local_minima(p):
        height = value_at(p, [Fraction(float(t)) for t in x])
        if height < 0 and value_at(p, [Fraction(float(t)).limit_denominator(10**6) for t in x]) < 0:
            return None
        if height < 1e-9 * size:
            guesses += [[Fraction(float(t)).limit_denominator(d) for t in x] for d in (1, 60, 1000)]
    for z in guesses:
        height = value_at(p, z)
        if height < 0:
            return None
        if height == 0 and list(z) not in found:
            found.append(list(z))
    return found


def without_zeros(p: Polynomial, block: Block, zeros: Sequence[Point]) -> Block:
    """Where p is 0, so is every square; along v with v^T p'' v = 0 there, so is its derivative.  The same holds for the leading
    forms, as far as the degree of a square is half that of p."""
    degree = degree_of(p)
    form = {e: c for e, c in p.items() if sum(e) == degree}
    tops = [{e: c for e, c in m.items() if 2 * sum(e) == degree} for m in block.elements]
    rows = [row for z in zeros for row in _contact(p, z, block.elements)]
    rows += [row for z in _zeros_of_form(form) for row in _contact(form, z, tops)]
    return orthogonal_to(block, rows)


def _contact(p: Polynomial, z: Point, elements: Sequence[Polynomial]) -> Iterator[list[Fraction]]:
    """For each element its value at a zero of p >= 0, and its derivatives along the kernel of the Hessian of p."""
    at, side = _Values(z, max(map(degree_of, [p, *elements]))), range(len(z))
    yield [at(m) for m in elements]
    reduced, rank = flint.fmpq_mat([[to_flint(at(p, i, j)) for j in side] for i in side]).rref()
    if rank == len(z):
        return
    pivots = [next(j for j in side if reduced[i, j] != 0) for i in range(rank)]
    moved = [[at(m, i) for m in elements] for i in side]
    for free in (j for j in side if j not in pivots):
        along = {free: Fraction(1), **{k: -from_flint(reduced[i, free]) for i, k in enumerate(pivots)}}
        yield [sum((c * moved[k][m] for k, c in along.items()), Fraction(0)) for m in range(len(elements))]


@final
class _Values:
    """Polynomials and their derivatives at one point."""

    def __init__(self, z: Point, degree: int) -> None:
        self.powers = [[to_flint(Fraction(x)) ** k for k in range(degree + 1)] for x in z]

    def __call__(self, p: Polynomial, *derivatives: int) -> Fraction:
        total = flint.fmpq(0)
        for e, c in p.items():
            exponents, term = list(e), to_flint(c)
            for i in derivatives:
                term *= exponents[i]
                exponents[i] -= 1
            if term != 0:
                for powers, k in zip(self.powers, exponents, strict=True):
                    if k:
                        term *= powers[k]
                total += term
        return from_flint(total)


def _zeros_of_form(form: Polynomial) -> list[Point]:
    """Rational zeros of a form that is no sum of even powers, one for each line: the first coordinate that is not 0 is 1."""
    variables = len(next(iter(form)))
    if variables > MOST_CHARTED or degree_of(form) <= 2 or all(all(k % 2 == 0 for k in e) and c > 0 for e, c in form.items()):
        return []
    found: list[Point] = []
    for i in range(variables):
        side = {e[i + 1 :]: c for e, c in form.items() if not any(e[:i])}
        if degree_of(side):
            found += [[0] * i + [1, *z] for z in rational_zeros(side, []) or []]
        elif not side:
            found.append([int(i == j) for j in range(variables)])
    return found
