"""Exact computations on terms that the export needs and nobody has to believe: Rocq checks what comes of them."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

from ...terms import Term, number, substitute
from .kernel_view import derivative as derivative
from .kernel_view import tidy

SAMPLES = tuple(Fraction(v) for v in (0, 1, -1, 2, 3))


def expanded(term: Term) -> Term:
    """An equal term, multiplied out where it is a polynomial."""
    return tidy(term)


def value_at(term: Term, parameters: tuple[str, ...]) -> tuple[Fraction, ...] | None:
    """A rational point at which the polynomial is visibly not 0."""
    for place in product(SAMPLES, repeat=len(parameters)):
        value = tidy(substitute(term, dict(zip(parameters, map(number, place), strict=True))))
        if value.head == "num" and value.args[0]:
            return place
    return None
