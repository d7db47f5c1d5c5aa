"""Rational roots of polynomials in one variable."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from ...terms import Term
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
