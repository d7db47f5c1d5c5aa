"""The meta-problems that a search looks at, in the order of size."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import product

from ...problems import MetaProblem
from .enumeration import PLAN, Box, build, domains, problems
from .needs import Needs
from .remembered import Remembered
from .restriction import Restriction
from .sampling import Look

SPACIOUS = (
    Box(3, 1, 2, 2, 1), Box(3, 2, 2, 1, 1), Box(3, 3, 1, 1, 1), Box(4, 1, 2, 2, 1), Box(4, 2, 1, 1, 1),
    Box(1, 4, 2, 1, 1), Box(2, 4, 1, 1, 1), Box(1, 5, 1, 1, 1),
)  # fmt: skip
"""Boxes of more dimensions or tasks than those of the plan, for whoever asks for them."""


@dataclass(frozen=True)
class Candidate:
    """A meta-problem, and a numerical look at it, which is made when it is asked for."""

    problem: MetaProblem
    iterating: bool

    @cached_property
    def look(self) -> Look:
        return Look(self.problem, self.iterating)


@lru_cache(maxsize=16)
def known_candidates(domain: str, needs: Needs, within: Restriction) -> Remembered[Candidate]:
    """The candidates, shared by all searches that run through the same ones."""
    return Remembered(candidates(domain, needs, within))


def candidates(domain: str, needs: Needs, within: Restriction) -> Iterator[Candidate]:
    """The problems that are admitted, in the order of the boxes of the plan."""
    seen: dict[int, set[object]] = {}
    for box in plan(within):
        for rank in range(1 if needs.rate or needs.descent else 2):
            for candidate in _in_box(domain, needs, box, rank, seen.setdefault(rank, set())):
                if within.degree is within.height is None or within.admits(candidate.problem):
                    yield candidate


def plan(within: Restriction) -> Iterator[Box]:
    """The boxes with problems that are admitted; a degree above those of the plan has boxes of its own."""
    most = max(box.degree for box in PLAN)
    degree = most if within.degree is None else within.degree
    tall = (Box(1, 1, degree, 2, 1), Box(1, 2, degree, 1, 1)) if degree > most else ()
    for box in (*PLAN, *SPACIOUS, *tall):
        sizes = (box.dimension, within.dimensions), (box.tasks, within.tasks)
        if all(low <= size <= high for size, (low, high) in sizes) and not (box.quadratic and degree < 2):
            yield replace(box, degree=min(box.degree, degree), height=min(box.height, within.height or box.height))


def _in_box(domain: str, needs: Needs, box: Box, rank: int, seen: set[object]) -> Iterator[Candidate]:
    regions = list(domains(domain, box.dimension))
    if rank >= len(regions):
        return
    for _, chosen, weights in problems(box, seen):
        for rate, steps in product(needs.rates, needs.counts):
            yield Candidate(build(box.dimension, chosen, weights, regions[rank], rate, steps), needs.descent)
