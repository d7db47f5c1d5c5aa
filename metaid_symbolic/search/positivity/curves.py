"""Curves x_i = a_i s^(w_i), with integers w_i, along which a polynomial falls as s grows.

F on such a curve is a Laurent polynomial in s.  A negative leading coefficient at a positive power shows that F is unbounded
below; with no positive power F tends to the coefficient of s^0.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice, product
from typing import final

from ..algebra.polynomials import Polynomial, combination, degree_of, value_at
from .minima import local_minima

SIDES = tuple(map(Fraction, ("1", "-1", "2", "1/2", "-2", "-1/2", "0", "3", "-3")))
MOST_POINTS, MOST_EACH, MOST_QUICK = 30_000, 600, 125
"""Terms evaluated in all, points tried for one choice of weights, and at a quick look."""
WEIGHTS = (1, 0, -1, 2, -2)
MOST_WEIGHTS = 700


@final
@dataclass(frozen=True, slots=True)
class Curve:
    """x_i = coefficients_i s^(weights_i) for s > 0."""

    weights: tuple[int, ...]
    coefficients: tuple[Fraction, ...]

    def along(self, p: Polynomial) -> dict[int, Fraction]:
        """p on the curve: coefficients of the powers of s."""
        return {k: c for k, part in graded(p, self.weights).items() if (c := value_at(part, self.coefficients))}


def graded(p: Polynomial, weights: Sequence[int]) -> dict[int, Polynomial]:
    """The parts of p by weighted degree."""
    parts: dict[int, Polynomial] = {}
    for e, c in p.items():
        parts.setdefault(sum(w * k for w, k in zip(weights, e, strict=True)), {})[e] = c
    return parts


def falling_line(p: Polynomial) -> Curve | None:
    """A small direction in which the leading form is negative: a quick look."""
    degree, ones = degree_of(p), (1,) * len(next(iter(p)))
    form = {e: c for e, c in p.items() if sum(e) == degree}
    if not degree or all(all(k % 2 == 0 for k in e) and c > 0 for e, c in form.items()):
        return None
    points = islice(product(SIDES, repeat=len(ones)), MOST_QUICK)
    return next((Curve(ones, tuple(map(Fraction, x))) for x in points if value_at(form, x) < 0), None)


def falling_curve(p: Polynomial) -> Curve | None:
    """A curve along which p tends to minus infinity."""
    left = MOST_POINTS
    for weights in _weights(len(next(iter(p)))):
        parts = graded(p, weights)
        top = max(parts)
        if top <= 0:
            continue
        for point in _points(parts[top]):
            left -= len(parts[top])
            if left < 0:
                return None
            if value_at(parts[top], point) < 0:
                return Curve(weights, point)
    return None


def lowest_limit(p: Polynomial) -> tuple[Fraction, Curve] | None:
    """The lowest value to which p is seen to tend along an unbounded curve, and the curve."""
    found: list[tuple[Fraction, Curve]] = []
    for weights in _weights(len(next(iter(p)))):
        parts = graded(p, weights)
        if max(parts) != 0 or max(weights) <= 0 or not degree_of(parts[0]):
            continue
        for x in local_minima(parts[0]):
            for denominator in (1, 60):
                point = tuple(Fraction(float(t)).limit_denominator(denominator) for t in x)
                found.append((value_at(parts[0], point), Curve(weights, point)))
    return min(found, key=lambda item: item[0], default=None)


def _weights(variables: int) -> Iterator[tuple[int, ...]]:
    """Small weights, not all of them <= 0, all 1 first."""
    yield (1,) * variables
    count = 0
    for weights in product(WEIGHTS, repeat=variables):
        if max(weights) > 0 and weights != (1,) * variables:
            yield weights
            count += 1
            if count == MOST_WEIGHTS:
                return


def _points(form: Polynomial) -> Iterator[tuple[Fraction, ...]]:
    """Small points in the variables that occur, the others 1; then points near which the form is lowest."""
    variables = len(next(iter(form)))
    used = [i for i in range(variables) if any(e[i] for e in form)]
    if all(all(k % 2 == 0 for k in e) and c > 0 for e, c in form.items()):
        return
    for count, values in enumerate(product(SIDES, repeat=len(used))):
        if count == MOST_EACH:
            break
        yield tuple(values[used.index(i)] if i in used else Fraction(1) for i in range(variables))
    bounded = combination([(Fraction(1), form), (Fraction(1), _even_powers(form))])
    for x in local_minima(bounded):
        yield tuple(Fraction(float(t)).limit_denominator(1000) for t in x)


def _even_powers(form: Polynomial) -> Polynomial:
    """sum_i x_i^(d + 2) with d even and at least the degree."""
    variables, degree = len(next(iter(form))), degree_of(form) + degree_of(form) % 2 + 2
    return {tuple(degree * (i == j) for j in range(variables)): Fraction(1) for i in range(variables)}
