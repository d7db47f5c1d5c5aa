"""Which fields of a higher degree are new: no combinations of products of monomials and earlier fields."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from .derivations import Polynomial, times
from .fields import VectorField, monomials

Vector = dict[Any, Fraction]


def new_generators(known: Sequence[VectorField], candidates: Sequence[VectorField], degree: int) -> tuple[VectorField, ...]:
    """The candidates that are independent of each other and of p v for known fields v and polynomials p with deg(p v) at most
    the degree."""
    span = Span()
    for field in known:
        size = len(field.parameters)
        for e in monomials(size, max(0, degree - field.degree)):
            factor: Polynomial = {e: Fraction(1)}
            span.add({(i, m): v for i, p in field.field.items() for m, v in times(factor, p).items()})
    ordered = sorted(candidates, key=lambda v: (v.degree, len(v.coefficients)))
    return tuple(v for v in ordered if span.add({(i, e): c for i, e, c in v.coefficients}))


def new_fields(known: Sequence[VectorField], others: Sequence[VectorField]) -> tuple[VectorField, ...]:
    """The others that are no combinations, with numbers, of the known fields and of earlier ones."""
    span = Span()
    for field in known:
        span.add({(i, e): c for i, e, c in field.coefficients})
    return tuple(v for v in others if span.add({(i, e): c for i, e, c in v.coefficients}))


class Span:
    """A space of sparse vectors over Q, kept in echelon form."""

    def __init__(self) -> None:
        self.pivots: dict[Any, Vector] = {}

    def reduced(self, vector: Vector) -> Vector:
        """The vector modulo the span, 0 at all pivots."""
        row = dict(vector)
        waiting = [key for key in row if key in self.pivots]
        while waiting:
            key = waiting.pop()
            scale = row.get(key)
            if not scale:
                continue
            for other, value in self.pivots[key].items():
                row[other] = row.get(other, Fraction(0)) - scale * value
                if other != key and other in self.pivots and row[other]:
                    waiting.append(other)
        return {key: value for key, value in row.items() if value}

    def add(self, vector: Vector) -> bool:
        """Whether the vector was outside of the span, which now contains it."""
        row = self.reduced(vector)
        if not row:
            return False
        head = next(iter(row))
        self.pivots[head] = {key: value / row[head] for key, value in row.items()}
        return True
