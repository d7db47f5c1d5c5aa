"""The finite group of a model, permutations and signs, and what it says of fibres."""

from __future__ import annotations

from ..kernel.rejection import Rejected
from ..model import Model
from ..programs.reading import written_size
from ..symmetry.discrete import DiscreteGroup, discrete_symmetries
from ..terms import IllFormed, Term
from ..verdicts import Result
from .completeness import OrbitClaim, orbit_of
from .fibres import Fibre
from .observing import Observed
from .points import Point
from .ranks import GenericRank
from .rungs import TRUTH, Rung

MOST_PARAMETERS, LARGEST = 40, 4_000
"""The group is looked for in models with at most so many parameters, whose observations have at most so many subterms."""
MOST_ELEMENTS = 5_000
MODULO = "global modulo the group"


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


def modulo_the_group(
    group: DiscreteGroup | None, rank: GenericRank, fibre: Fibre | None, claim: OrbitClaim | None, result: Result | None
) -> Rung | None:
    """PROF modulo the group: the kernel's verdict on the claim about all generic fibres; else what is known at one point."""
    if claim is not None and result is not None and result.verdict.truth is not None:
        words = claim.words if result.verdict.truth else "there is a fibre with more points than an orbit"
        return Rung(MODULO, "PROF", TRUTH[result.verdict.truth], words, "kernel", result)
    if group is None or not group.generators or fibre is None or fibre.held or fibre.real_points is None:
        return None if claim is None else Rung(MODULO, "PROF", "undecided", "generators proved, completeness open", "", result)
    if rank.lower < rank.parameters or group.order > MOST_ELEMENTS:
        return None
    orbit = orbit_of(group, fibre)
    words = f"at ({', '.join(map(str, fibre.point))}) {fibre.real_points} real solutions, and an orbit of {orbit}"
    if orbit != fibre.real_points:
        return Rung(MODULO, "PROF", "refuted", words, "identify")
    return Rung(MODULO, "PROF", "undecided", f"generators proved, completeness open beyond one fibre: {words}", "", result)
