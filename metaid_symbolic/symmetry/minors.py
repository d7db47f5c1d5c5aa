"""Vector fields that every map has, whatever it is: those made of minors of its gradients.

For functions h_1, ..., h_m with gradients of generic rank r, r of them and r + 1 parameters, the field
sum_k (-1)^k det(d h_J / d theta_(I without i_k)) d/d theta_(i_k) annihilates every h: its derivative of h_j is a minor of size
r + 1 (up to sign).  They say nothing of the model beyond its rank.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations, islice
from math import comb

from .derivations import Field, Polynomial, combined, times
from .fields import VectorField

MOST_MINORS = 3_000
"""More fields are not computed."""


def minor_fields(
    gradients: Sequence[Field], parameters: tuple[str, ...], rank: int, degree: int
) -> tuple[VectorField, ...] | None:
    """Those of degree at most `degree`, for gradients of this rank; None where there are too many to be computed."""
    size = len(parameters)
    if rank >= size or rank < 1:
        return ()
    ordered = sorted(gradients, key=_degree)
    if sum(map(_degree, ordered[:rank])) > degree:
        return ()
    low = [g for g in ordered if _degree(g) + sum(map(_degree, ordered[: rank - 1])) <= degree]
    if comb(len(low), rank) * comb(size, rank + 1) > MOST_MINORS:
        return None
    made = []
    for rows in combinations(low, rank):
        if sum(map(_degree, rows)) <= degree:
            for places in combinations(range(size), rank + 1):
                field = _minor_field(rows, places)
                made += [VectorField.of(parameters, field)] if field else []
    return tuple(made)


def _degree(gradient: Field) -> int:
    return max((len(e) for p in gradient.values() for e in p), default=0)


def _minor_field(rows: Sequence[Field], places: Sequence[int]) -> Field:
    made: Field = {}
    for k, place in enumerate(places):
        others = [i for i in places if i != place]
        entry = combined([(Fraction((-1) ** k), _determinant([[row.get(i, {}) for i in others] for row in rows]))])
        if entry:
            made[place] = entry
    return made


def _determinant(rows: Sequence[Sequence[Polynomial]]) -> Polynomial:
    """By the first row."""
    if not rows:
        return {(): Fraction(1)}
    parts = []
    for k, entry in enumerate(rows[0]):
        if entry:
            rest = _determinant([[*islice(row, k), *row[k + 1 :]] for row in rows[1:]])
            parts.append((Fraction((-1) ** k), times(entry, rest)))
    return combined(parts)
