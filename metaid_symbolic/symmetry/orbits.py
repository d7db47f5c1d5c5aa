"""Orbits and stabilisers at a point, canonical representatives, and the combinations of parameters that a model determines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, final

from ..terms import IllFormed, Term
from .algebra import rank
from .analysis import Symmetries
from .differentials import PRIMES, Differentials
from .discrete import MOST_ELEMENTS, ParameterMap
from .linear_systems import rank_modulo
from .maps import AffineMap
from .points import Point, check_kinks, coefficients, rational_point, values_of_fields
from .tori import Torus
from .transport import AffineGroup

MOST_NORMAL = 100
"""Elements of the finite group before normal forms under GL(r), which take some hundredths of a second."""


@final
@dataclass(frozen=True)
class Stabiliser:
    """At a point: the dimension of the orbit of the fields, that of the combinations of fields that vanish there, and the
    elements of the finite group that fix it."""

    orbit_dimension: int
    dimension: int
    finite: tuple[ParameterMap, ...]


def stabiliser(found: Symmetries, point: Sequence[Any]) -> Stabiliser:
    """Raises `IllFormed` for a point of another length, on a kink, and for a finite group that is too large."""
    at = rational_point(found, point)
    check_kinks(found.model, at)
    rows = values_of_fields(found.vector_fields, at)
    dimension = rank(rows)
    fixing = tuple(g for g in found.discrete.elements(MOST_ELEMENTS) if g.apply(at) == at)
    return Stabiliser(dimension, len(rows) - dimension, fixing)


def canonical(found: Symmetries, point: Sequence[Any]) -> Point:
    """One representative of all points that finite symmetries, scalings and layers of GL(r) carry to one another.

    Where there are layers, coordinates are brought to 0 or 1 one after the other.  Otherwise scalings bring some coordinates to
    absolute value 1.  Of the images under elements of the finite group the last in lexicographic order is taken.  Other fields,
    as those of O(r), are not used.

    Raises `IllFormed` for a point of another length, a finite group that is too large, and where that takes roots or a layer has
    smaller rank.
    """
    at = rational_point(found, point)
    group = AffineGroup.of(found.affine, found.model.parameters)
    if any(i != k for layer in group.layers for m in layer.matrices for i, k in m):
        inside = all(group.contains(AffineMap.of(g)) for g in found.discrete.generators)
        return max(group.normal(p) for p in ([at] if inside else [g.apply(at) for g in found.discrete.elements(MOST_NORMAL)]))
    torus = Torus.of(found.vector_fields, len(at))
    return max(torus.normal(g.apply(at)) for g in (found.discrete.elements(MOST_ELEMENTS)))


def invariants(found: Symmetries) -> tuple[tuple[str, Term], ...]:
    """Identifiable combinations: coefficients of the outputs that are functionally independent, as many as there are.

    All coefficients are locally functions of these where the rank, found modulo a prime, is that of the model.  Raises
    `IllFormed` where the outputs are no polynomials in the inputs.
    """
    listed = coefficients(found.model)
    if listed is None:
        raise IllFormed("the outputs are no polynomials in the inputs, so that they have no coefficients")
    labels = listed.labels or tuple(f"output {i}" for i in range(len(listed.outputs)))
    slopes = Differentials.of(listed).sample(1).slopes[0]
    chosen: list[int] = []
    for k in range(len(listed.outputs)):
        if rank_modulo(slopes[[*chosen, k]], PRIMES[0]) == len(chosen) + 1:
            chosen.append(k)
    return tuple((labels[k], listed.outputs[k]) for k in chosen)
