"""The infimum of a polynomial over R^n: its value, whether it is attained, and exactly where.

Attained at rational points: F - m, times a power of 1 + |x|^2, is a sum of squares whose common zeros are the minimisers.
At algebraic ones: F is coercive (its leading form exceeds c sum_i x_i^d), so a lowest critical point is a minimiser.  Not
attained: F - m is a sum of squares without a common zero, and F tends to m along a curve.  Unbounded: F tends to minus
infinity along a curve.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import comb
from typing import final

import flint

from ..algebra.critical_points import LARGEST_FIELD, Family, RealPoint, Zeros, critical_points, zeros_of
from ..algebra.polynomials import Exponents, Polynomial, Squares, combination, degree_of, from_flint, one, to_flint, value_at
from ..algebra.quotient_ring import LARGEST, NotFinite
from .curves import Curve, falling_curve, falling_line, lowest_limit
from .minima import local_minima
from .sums_of_squares import nonnegative_multiplier, sum_of_squares

DENOMINATORS = (1, 2, 6, 60, 1000)
RAISED = 36
"""With so many monomials in a square, a multiplier 1 + |x|^2 is tried at once; with more, after all else."""
COERCIVITY = tuple(Fraction(1, 2**k) for k in (1, 3, 6, 10))


@final
@dataclass(frozen=True)
class Infimum:
    """`kind` is attained, not attained, unbounded, or unknown (with the `reason`).

    `value` is the infimum where it is rational.  `points` are the rational minimisers and `algebraic` the others; with
    `everywhere` the minimisers are the common zeros of `squares`.  `squares` is a sum of squares (1 + |x|^2)^power (F - value).
    """

    kind: str
    value: Fraction | None = None
    points: tuple[tuple[Fraction, ...], ...] = ()
    algebraic: tuple[RealPoint, ...] = ()
    everywhere: bool = False
    squares: Squares | None = None
    power: int = 0
    curve: Curve | None = None
    critical: Zeros | None = None
    reason: str = ""


def infimum(objective: Polynomial, largest: int = LARGEST) -> Infimum:
    """The infimum over R^n; `unknown` where no method decides."""
    return _infimum(tuple(sorted(objective.items())), len(next(iter(objective), ())), largest)


@lru_cache(maxsize=200)
def _infimum(terms: tuple[tuple[Exponents, Fraction], ...], variables: int, largest: int) -> Infimum:
    objective = dict(terms)
    if not degree_of(objective):
        value = objective.get((0,) * variables, Fraction(0))
        return Infimum("attained", value, everywhere=True, squares=[])
    line = falling_line(objective)
    if line is not None:
        return Infimum("unbounded", curve=line)
    listed = list(candidates(objective))
    small = comb(variables + degree_of(objective) // 2 + 1, variables) <= RAISED
    for value, points in listed:
        found = _by_squares(objective, value, points, int(small))
        if found is not None:
            return found
    last = _by_critical_points(objective, largest) if coercive(objective) else _along_curves(objective)
    if last.kind == "unknown" and not small:
        raised = (_by_squares(objective, value, points, 1) for value, points in listed)
        return next((found for found in raised if found is not None), last)
    return last


def _along_curves(objective: Polynomial) -> Infimum:
    curve = falling_curve(objective)
    if curve is not None:
        return Infimum("unbounded", curve=curve)
    limit = lowest_limit(objective)
    found = None if limit is None else _not_attained(objective, *limit)
    reason = "the leading form is not shown to be positive, and no curve or sum of squares decides"
    return found or Infimum("unknown", reason=reason)


def candidates(objective: Polynomial) -> Iterator[tuple[Fraction, list[tuple[Fraction, ...]]]]:
    """The lowest rational value at a rounded local minimum, with the points that take it, for coarse rounding first; then
    the lowest value rounded."""
    minima = local_minima(objective)
    lowest = min((float(value_at(objective, [Fraction(float(t)) for t in x])) for x in minima), default=None)
    seen = set()
    for denominator in DENOMINATORS if lowest is not None else ():
        rounded = {tuple(Fraction(float(t)).limit_denominator(denominator) for t in x) for x in minima}
        values = {point: value_at(objective, point) for point in rounded}
        best = min(values.values())
        if best not in seen and float(best) <= (lowest or 0.0) + 1e-9 * (1 + abs(lowest or 0.0)):
            seen.add(best)
            yield best, sorted(point for point, value in values.items() if value == best)
    for denominator in DENOMINATORS if lowest is not None else ():
        value = Fraction(lowest or 0.0).limit_denominator(denominator)
        if value not in seen and abs(float(value) - (lowest or 0.0)) < 1e-9 * (1 + abs(lowest or 0.0)):
            seen.add(value)
            yield value, []


def lowered(objective: Polynomial, value: Fraction) -> Polynomial:
    """F - value"""
    return combination([(Fraction(1), objective), (-value, one(objective))])


def _by_squares(objective: Polynomial, value: Fraction, points: list[tuple[Fraction, ...]], most: int = 1) -> Infimum | None:
    found = nonnegative_multiplier(lowered(objective, value), points, most)
    if found is None:
        return None
    power, squares = found
    try:
        zeros = zeros_of([q for _, q in squares])
    except NotFinite:
        return Infimum("attained", value, tuple(points), everywhere=True, squares=squares, power=power)
    rational = tuple(sorted(r for p in zeros.real if (r := p.family.rational) is not None))
    algebraic = tuple(p for p in zeros.real if p.family.rational is None)
    return Infimum("attained", value, rational, algebraic, squares=squares, power=power)


def _not_attained(objective: Polynomial, value: Fraction, curve: Curve) -> Infimum | None:
    """F - value as a sum of squares without a common real zero."""
    found = nonnegative_multiplier(lowered(objective, value), (), most=1)
    if found is None:
        return None
    try:
        if zeros_of([q for _, q in found[1]]).real:
            return None
    except NotFinite:
        return None
    return Infimum("not attained", value, squares=found[1], power=found[0], curve=curve)


def _by_critical_points(objective: Polynomial, largest: int) -> Infimum:
    """The lowest critical points of a coercive polynomial."""
    try:
        critical = critical_points(objective, largest)
        lowest = critical.ranked(objective)[0]
    except NotFinite as cause:
        return Infimum("unknown", reason=str(cause))
    rational = tuple(sorted(r for p in lowest if (r := p.family.rational) is not None))
    value = value_at(objective, rational[0]) if rational else value_on(objective, lowest[0].family)
    found = None if value is None or rational else _by_squares(objective, value, [])
    algebraic = tuple(p for p in lowest if p.family.rational is None)
    return found or Infimum("attained", value, rational, algebraic, critical=critical)


def value_on(objective: Polynomial, family: Family) -> Fraction | None:
    """The value of the objective on a family of points, if it is one rational number."""
    if family.degree > LARGEST_FIELD:
        return None
    modulus, total = flint.fmpq_poly(family.polynomial), flint.fmpq_poly([0])
    for e, c in objective.items():
        term = flint.fmpq_poly([to_flint(c)])
        for q, k in zip(family.coordinates, e, strict=True):
            for _ in range(k):
                term = term * q % modulus
        total += term
    return from_flint(flint.fmpq(total[0])) if total.degree() <= 0 else None


def coercive(objective: Polynomial) -> bool:
    """Whether the leading form less c sum_i x_i^d is a sum of squares for some c > 0: then F tends to infinity with |x|."""
    degree, variables = degree_of(objective), len(next(iter(objective)))
    if degree % 2:
        return False
    form = {e: c for e, c in objective.items() if sum(e) == degree}
    pure = [tuple(degree * (i == j) for j in range(variables)) for i in range(variables)]
    least = min(form.get(e, Fraction(0)) for e in pure)
    if least <= 0:
        return False
    powers = [{e: least} for e in pure]
    return any(sum_of_squares(combination([(Fraction(1), form), *((-c, p) for p in powers)])) is not None for c in COERCIVITY)
