"""Real roots of integer polynomials: isolated by Descartes' rule of signs and bisection, refined by bisection.

A polynomial whose coefficients change sign v times has v - 2k positive roots; on (0, 1) the rule is used after the
substitution x -> 1/(1 + x) (Collins, Akritas 1976).  For a squarefree polynomial the bisection ends.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any

import flint

Interval = tuple[Fraction, Fraction]
SHIFT = flint.fmpz_poly([1, 1])


def isolated(p: Any) -> list[Interval]:
    """For squarefree p in Z[x]: disjoint open intervals with dyadic ends, increasing, one real root in each; a rational root
    that bisection meets is the middle of its interval, and no end is a root."""
    if p.degree() < 1:
        return []
    size = _bound(p)
    negative = [(-b, -a) for a, b in _positive(p(flint.fmpz_poly([0, -1])), size)[::-1]]
    found = [*negative, *([(Fraction(0), Fraction(0))] if p[0] == 0 else []), *_positive(p, size)]
    return _opened(p, found)


def _bound(p: Any) -> int:
    """B with every root in |x| < 2^B (Fujiwara 1916: twice the largest |a_(d-k) / a_d|^(1/k))."""
    degree = p.degree()
    lead = abs(int(p[degree])).bit_length() - 1
    sizes = [-(-(abs(int(p[degree - k])).bit_length() - lead) // k) for k in range(1, degree + 1) if p[degree - k] != 0]
    return 2 + max([0, *sizes])


def _positive(p: Any, size: int) -> list[Interval]:
    """Intervals for the roots > 0; (x, x) for a root x that bisection meets."""
    start = _divided(flint.fmpz_poly([c << (size * k) for k, c in enumerate(map(int, p.coeffs()))]))
    found, stack = [], [(start, Fraction(0), Fraction(2) ** size)]
    while stack:
        q, low, width = stack.pop()
        if q[0] == 0 and low:
            found.append((low, low))
        if q[0] == 0:
            q = flint.fmpz_poly(q.coeffs()[1:])
        changes = _changes(q)
        if changes == 1:
            found.append((low, low + width))
        elif changes:
            degree = q.degree()
            left = _divided(flint.fmpz_poly([c << (degree - k) for k, c in enumerate(map(int, q.coeffs()))]))
            stack += [(left(SHIFT), low + width / 2, width / 2), (left, low, width / 2)]
    return sorted(found)


def _changes(q: Any) -> int:
    """Sign changes of the coefficients of (1 + x)^d q(1/(1 + x))."""
    signs = [c > 0 for c in flint.fmpz_poly(q.coeffs()[::-1])(SHIFT).coeffs() if c != 0]
    return sum(a != b for a, b in pairwise(signs))


def _divided(q: Any) -> Any:
    content = q.content()
    return q // flint.fmpz_poly([content]) if content > 1 else q


def _opened(p: Any, found: list[Interval]) -> list[Interval]:
    """Neighbouring intervals pulled apart, and points widened, so that no end is a root."""
    made = [_shrunk(p, i) for i in found]
    gaps = [b[0] - a[1] for a, b in pairwise(made) if b[0] > a[1]]
    width = min([Fraction(1), *gaps]) / 4
    return [(a - width, a + width) if a == b else (a, b) for a, b in made]


def _shrunk(p: Any, interval: Interval) -> Interval:
    """Bisected until neither end is a shared one."""
    low, high = interval
    if low == high:
        return interval
    start = low, high
    while low == start[0] or high == start[1]:
        low, high = bisected(p, (low, high))
        if low == high:
            break
    return low, high


def bisected(p: Any, interval: Interval) -> Interval:
    """The half in which p changes sign; (x, x) if the middle x is a root.  An end that is a root of p counts as outside."""
    low, high = interval
    middle = (low + high) / 2
    here = sign_at(p, middle)
    if here == 0:
        return middle, middle
    beside = sign_at(p, low) or sign_beside(p, low)
    return (low, middle) if beside != here else (middle, high)


def sign_beside(p: Any, x: Fraction) -> int:
    """The sign of p just to the right of its simple root x."""
    return sign_at(p.derivative(), x)


def sign_at(p: Any, x: Fraction) -> int:
    value = p(flint.fmpq(x.numerator, x.denominator))
    return int(value > 0) - int(value < 0)


def refined(p: Any, interval: Interval, bits: int) -> Interval:
    """Bisected until its width is below 2^-bits; (x, x) at a root x."""
    low, high = interval
    while low < high and high - low > Fraction(1, 1 << bits):
        low, high = bisected(p, (low, high))
    return low, high
