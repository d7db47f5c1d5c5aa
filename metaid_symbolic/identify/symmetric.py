"""The finite group of a model, permutations and signs, and what it says of fibres."""

from __future__ import annotations

from ..kernel.rejection import Rejected
from ..model import Model
from ..programs.reading import written_size
from ..symmetry.discrete import DiscreteGroup, discrete_symmetries
from ..terms import IllFormed, Term
from .fibres import Fibre
from .observing import Observed
from .points import Point
from .ranks import GenericRank
from .rungs import Rung

MOST_PARAMETERS, LARGEST = 40, 4_000
"""The group is looked for in models with at most so many parameters, whose observations have at most so many subterms."""
MOST_ELEMENTS = 5_000


def finite_group(seen: Observed) -> DiscreteGroup | None:
    """Generators that the kernel proved; None for a model that is too large."""
    if len(seen.parameters) > MOST_PARAMETERS or written_size(seen.entries) > LARGEST:
        return None
    try:
        return discrete_symmetries(Model(seen.parameters, seen.others, seen.entries))
    except (IllFormed, Rejected):
        return None


def generators(group: DiscreteGroup | None) -> tuple[tuple[str, tuple[Term, ...]], ...]:
    """Names and images."""
    return () if group is None else tuple((g.name, g.images) for g in group.generators)


def moved(group: DiscreteGroup | None, point: Point) -> tuple[Point, str] | None:
    """Another point in the orbit of a point, with the generator that leads there."""
    for g in () if group is None else group.generators:
        image = tuple(g.apply(point))
        if image != point:
            return image, g.name
    return None


def modulo_the_group(group: DiscreteGroup | None, rank: GenericRank, fibre: Fibre | None) -> Rung | None:
    """PROF modulo the finite group, at the point of a finite fibre: whether the real solutions are one orbit."""
    if group is None or not group.generators or fibre is None or fibre.held or fibre.real_points is None:
        return None
    if rank.lower < rank.parameters or group.order > MOST_ELEMENTS:
        return None
    orbit = {tuple(g.apply(fibre.point)) for g in group.elements(MOST_ELEMENTS)}
    same = len(orbit) == fibre.real_points
    words = f"at ({', '.join(map(str, fibre.point))}) {fibre.real_points} real solutions, and an orbit of {len(orbit)}"
    return Rung("global modulo the group", "PROF", "proved" if same else "refuted", words, "identify")
