"""Rational roots, and isolating intervals of the other real roots, of polynomials in one variable."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from ..terms import Term
from .enumeration import exponents_of


def univariate(term: Term, name: str) -> Any:
    """The polynomial as an integer polynomial of FLINT up to a positive factor; None if it is none, or constant."""
    import flint

    try:
        p = exponents_of(term, (name,))
    except ValueError:
        return None
    if not p or max(e[0] for e in p) == 0:
        return None
    coefficients = [flint.fmpq(0)] * (1 + max(e[0] for e in p))
    for e, c in p.items():
        coefficients[e[0]] = flint.fmpq(c.numerator, c.denominator)
    return flint.fmpq_poly(coefficients).numer()


def rational_roots(term: Term, name: str) -> list[Fraction]:
    p = univariate(term, name)
    if p is None:
        return []
    return [Fraction(-int(f[0]), int(f[1])) for f, _ in p.factor()[1] if f.degree() == 1]


def irrational_roots(term: Term, name: str) -> list[tuple[Any, Fraction, Fraction]]:
    """The factor, and rational ends of an interval in which it has opposite signs, for each real root that is irrational."""
    p = univariate(term, name)
    if p is None:
        return []
    found = []
    for factor, _ in p.factor()[1]:
        if factor.degree() > 1:
            found += [(factor, *interval) for interval in _isolated(factor)]
    return sorted(found, key=lambda item: item[1])


def _isolated(factor: Any) -> list[tuple[Fraction, Fraction]]:
    """Short rational intervals around the real roots of an irreducible polynomial."""
    found = []
    for root, _ in factor.complex_roots():
        if root.imag == 0 or abs(complex(root.imag)) < 1e-30:
            near = Fraction(float(root.real.mid())).limit_denominator(10**9)
            for bits in (4, 8, 16, 24):
                gap = Fraction(1, 2**bits)
                low, high = _below(near - gap / 2, gap), _above(near + gap / 2, gap)
                others = sum(
                    1 for r, _ in factor.complex_roots() if abs(complex(r.imag)) < 1e-30 and low <= float(r.real.mid()) <= high
                )
                if others == 1 and factor(_exact(low)) * factor(_exact(high)) < 0:
                    found.append((low, high))
                    break
    return found


def _below(x: Fraction, gap: Fraction) -> Fraction:
    return (x / gap).__floor__() * gap


def _above(x: Fraction, gap: Fraction) -> Fraction:
    return (x / gap).__ceil__() * gap


def _exact(x: Fraction) -> Any:
    import flint

    return flint.fmpq(x.numerator, x.denominator)
