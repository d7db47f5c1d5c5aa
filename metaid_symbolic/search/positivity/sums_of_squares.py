"""Sums of squares of polynomials with rational coefficients, found in floating point and made exact.

A polynomial in v variables is a dict {exponents: coefficient} with tuples of length v and nonzero Fractions.  All results
are exact identities, and None means that nothing was found:

- `sum_of_squares(p)`: pairs (c, q) with c > 0 and p = sum c q^2.  Complete for degree 2.
- `strictly_positive(p)`: (k, c, squares) with c > 0 and (1 + |x|^2)^k p = c + sum of squares.
- `nonnegative_multiplier(p)`: (k, squares) with (1 + |x|^2)^k p = sum of squares.
- `positivstellensatz(goal, equations, inequalities, degree)`: a `Representation`
  goal = sum_j cofactors[j] equations[j] + squares[0] + sum_i squares[i] inequalities[i - 1], all of degree <= `degree`.

Squared factors are divided out first.  The local minima of p give points where p < 0, which end the search, and rational
zeros, at which every square vanishes; the rest is `gram`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor, log2
from typing import Any, final

import flint

from ..algebra.polynomials import (
    Exponents,
    Point,
    Polynomial,
    Squares,
    combination,
    degree_of,
    from_flint,
    monomials,
    one,
    primitive,
    stretched,
    times,
    to_flint,
    value_at,
)
from ..floating import np
from .contact import rational_zeros, without_zeros
from .gram import Block, represented
from .minima import local_minima

SHARES = (2, 16, 256)
"""The constant below a positive polynomial is tried at its lowest known value divided by these, rounded to a power of 2."""


@final
@dataclass(frozen=True, slots=True)
class Representation:
    """`cofactors` belong to the equations; `squares` to 1 and then to the inequalities."""

    cofactors: tuple[Polynomial, ...]
    squares: tuple[Squares, ...]


def sum_of_squares(p: Polynomial, zeros: Sequence[Point] = ()) -> Squares | None:
    """p as a sum of squares; `zeros` are zeros of p that are known.  What is found for p is given again."""
    p = combination([(Fraction(1), p)])
    whole = primitive(p)
    known, asked = _answers(tuple(sorted(whole.items()))), tuple(sorted(tuple(map(Fraction, z)) for z in zeros))
    if asked not in known:
        found = next((found for found in known.values() if found is not None), None)
        known[asked] = _searched(whole, zeros) if found is None else found
    answer, scale = known[asked], next((c / whole[e] for e, c in p.items()), Fraction(1))
    return None if answer is None else [(scale * c, q) for c, q in answer]


def known_sum_of_squares(p: Polynomial) -> bool:
    """Whether p was found to be a sum of squares before."""
    return bool(p) and any(found is not None for found in _answers(tuple(sorted(primitive(p).items()))).values())


@lru_cache(maxsize=500)
def _answers(p: tuple[tuple[Exponents, Fraction], ...]) -> dict[tuple[tuple[Fraction, ...], ...], Squares | None]:
    """What was found for p, by the zeros that were known."""
    return {}


def _searched(p: Polynomial, zeros: Sequence[Point]) -> Squares | None:
    if not p:
        return []
    if degree_of(p) % 2:
        return None
    root, rest = _square_part(p)
    if degree_of(root):
        inside = sum_of_squares(rest, [z for z in zeros if not value_at(rest, z)])
        if inside is not None:
            return [(c, times(root, q)) for c, q in inside]
    known = rational_zeros(p, zeros) if degree_of(p) > 2 else []
    if known is None:
        return None
    widths = _widths(p)
    inside_zeros = [[Fraction(x) / w for x, w in zip(z, widths, strict=True)] for z in known]
    wide = stretched(p, widths)
    found = represented(wide, [without_zeros(wide, Block(one(p), _half(p)), inside_zeros)], [], [])
    return None if found is None else [(c, stretched(q, [1 / w for w in widths])) for c, q in found[1][0]]


def strictly_positive(p: Polynomial, most: int = 1) -> tuple[int, Fraction, Squares] | None:
    """(1 + |x|^2)^k p = c + sum of squares with c > 0, for the least k <= `most` that is found."""
    if not p:
        return None
    for k in range(most + 1):
        raised = times(p, _growth(p, k))
        points = local_minima(raised)
        lowest = float(value_at(raised, [Fraction(float(x)) for x in points[0]])) if points else 1.0
        if lowest <= 0:
            return None
        for share in SHARES:
            constant = Fraction(2) ** floor(log2(lowest / share))
            squares = sum_of_squares(combination([(Fraction(1), raised), (-constant, one(p))]))
            if squares is not None:
                return k, constant, squares
    return None


def nonnegative_multiplier(p: Polynomial, zeros: Sequence[Point] = (), most: int = 2) -> tuple[int, Squares] | None:
    """(1 + |x|^2)^k p as a sum of squares for the least k <= `most` that is found.

    No k helps a form p that is no sum of squares itself; set one of its variables to 1 first.
    """
    for k in range(most + 1):
        squares = sum_of_squares(times(p, _growth(p, k)) if p else p, zeros)
        if squares is not None:
            return k, squares
    return None


def positivstellensatz(
    goal: Polynomial,
    equations: Sequence[Polynomial],
    inequalities: Sequence[Polynomial],
    degree: int,
    zeros: Sequence[Point] = (),
) -> Representation | None:
    """See the module; `zeros` are known points where goal and equations vanish and the inequalities hold."""
    variables = next((len(e) for p in (goal, *equations, *inequalities) for e in p), 0)
    unit = {(0,) * variables: Fraction(1)}
    blocks = [Block(g, monomials(variables, (degree - degree_of(g)) // 2)) for g in (unit, *inequalities)]
    free = [(j, m) for j, h in enumerate(equations) for m in monomials(variables, degree - degree_of(h))]
    found = represented(goal, blocks, [times(equations[j], m) for j, m in free], zeros)
    if found is None:
        return None
    multipliers, squares = found
    parts = list(zip(free, multipliers, strict=True))
    cofactors = [combination((c, m) for (i, m), c in parts if i == j) for j in range(len(equations))]
    return Representation(tuple(cofactors), squares)


def _growth(p: Polynomial, k: int) -> Polynomial:
    """(1 + |x|^2)^k"""
    power = one(p)
    variables = len(next(iter(p)))
    base = {**power, **{tuple(2 * (i == j) for j in range(variables)): Fraction(1) for i in range(variables)}}
    for _ in range(k):
        power = times(power, base)
    return power


def _half(p: Polynomial) -> list[Polynomial]:
    """Monomials whose squares lie in the box and between the degrees of p."""
    low, high = ceil(min(map(sum, p)) / 2), degree_of(p) // 2
    tops = [max(column) // 2 for column in zip(*p, strict=True)]
    everything = monomials(len(tops), high)
    return [m for m in everything for e in m if low <= sum(e) and all(a <= b for a, b in zip(e, tops, strict=True))]


def _square_part(p: Polynomial) -> tuple[Polynomial, Polynomial]:
    """(g, h) with p = g^2 h and h squarefree."""
    variables = len(next(iter(p)))
    ring = flint.fmpq_mpoly_ctx.get([f"x{i}" for i in range(variables)], flint.Ordering.lex)
    constant, factors = ring.from_dict({e: to_flint(c) for e, c in p.items()}).factor_squarefree()
    root, rest = ring.constant(1), ring.constant(constant)
    for factor, power in factors:
        root *= factor ** (power // 2)
        rest *= factor ** (power % 2)
    return _as_dict(root), _as_dict(rest)


def _as_dict(p: Any) -> Polynomial:
    return {tuple(map(int, e)): from_flint(flint.fmpq(c)) for e, c in p.to_dict().items()}


def _widths(p: Polynomial) -> list[Fraction]:
    """Powers of 2 such that p(width_1 x_1, ...) has coefficients of about equal size."""
    exponents = np.array([[*e, -1] for e in p], dtype=float)
    sizes = np.array([log2(abs(c.numerator)) - log2(c.denominator) for c in p.values()])
    best = np.linalg.lstsq(exponents, -sizes, rcond=1e-9)[0]
    return [Fraction(2) ** round(float(k)) for k in best[:-1]]
