"""A look at sign conditions on polynomials in one variable: is there plainly a value that satisfies them all?

A filter, never evidence: where it says yes, no proof of the contrary is looked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from math import lcm

import flint

from ...kernel.branch import Branch
from ...kernel.polynomial import coefficients_in, generators_of
from ..floating import np

Condition = tuple[tuple[Fraction, ...], frozenset[str]]
"""Coefficients c_0, c_1, ... of a polynomial, and its possible signs."""
ZERO = frozenset("0")
MOST_DEGREE = 60
GRAIN = 2**40
NEAR = 1e-3
"""Points are multiples of 1/`GRAIN`: the real parts of roots that are real up to `NEAR`, points between and beyond them."""


def conditions_on(branch: Branch, generator: int) -> tuple[Condition, ...]:
    """What the literals about this generator alone say."""
    about = [one for one in branch.literals if generators_of(one.polynomial) == {generator}]
    return tuple((tuple(coefficients_in(one.polynomial, generator)), one.signs) for one in about)


@lru_cache(maxsize=20_000)
def plainly_satisfiable(conditions: tuple[Condition, ...], but: tuple[Fraction, ...] = ()) -> bool:
    """Whether some real number other than those in `but` satisfies all conditions: a point where the exact signs are right;
    for an equation a point close to a simple root, where all other conditions hold as well."""
    if any(len(p) > MOST_DEGREE for p, _ in conditions):
        return False
    found = sorted({x for p, _ in conditions for x in _roots(p)})
    equations = [p for p, signs in conditions if signs == ZERO]
    if len(equations) > 1 or any(_share_a_root(equations[0], p) for p, signs in conditions if equations and signs != ZERO):
        return False
    ends = [found[0] - 1, *found, found[-1] + 1] if found else [-1.0, 1.0]
    between = [(a + b) / 2 for a, b in pairwise(ends)]
    points = [Fraction(round(x * GRAIN), GRAIN) for x in (_roots(equations[0]) if equations else [*between, *ends])]
    return any(all(_holds(c, x) for c in conditions) for x in points if all(abs(x - v) > 1e-6 for v in but))


def _share_a_root(p: tuple[Fraction, ...], q: tuple[Fraction, ...]) -> bool:
    first, second = (flint.fmpq_poly([flint.fmpq(c.numerator, c.denominator) for c in r]) for r in (p, q))
    return bool(first.gcd(second).degree() > 0)


@lru_cache(maxsize=20_000)
def _roots(p: tuple[Fraction, ...]) -> tuple[float, ...]:
    largest = max(map(abs, p))
    found = np.roots([float(c / largest) for c in p[::-1]])
    return tuple(float(r.real) for r in found if abs(r.imag) <= NEAR * (1 + abs(r.real)) and abs(r) < GRAIN)


def _holds(condition: Condition, x: Fraction) -> bool:
    """Whether p(x) has one of the signs; for an equation, whether p changes its sign close to x."""
    p, signs = condition
    whole = _integral(p)
    if signs == ZERO:
        step = Fraction(1, 2**20)
        return _sign(whole, x - step) * _sign(whole, x + step) < 0
    return "-0+"[_sign(whole, x) + 1] in signs


@lru_cache(maxsize=20_000)
def _integral(p: tuple[Fraction, ...]) -> tuple[int, ...]:
    scale = lcm(*(c.denominator for c in p))
    return tuple(int(c * scale) for c in p)


def _sign(p: Sequence[int], x: Fraction) -> int:
    value, power = 0, 1
    for c in p[::-1]:
        value = value * x.numerator + c * power
        power *= x.denominator
    return (value > 0) - (value < 0)
