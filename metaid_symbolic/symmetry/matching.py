"""An element of a finite group, and a scaling after it, that take one point to another, without running through the group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, final

from .discrete import DiscreteGroup, ParameterMap, from_literals
from .tori import Torus

MOST_IMAGES = 20_000
"""Images of base points that are tried."""


@final
@dataclass(frozen=True)
class Matching:
    """The `element`, if one is found; `finished` says that without it there is none."""

    element: ParameterMap | None
    finished: bool


def matching(group: DiscreteGroup, torus: Torus, a: Sequence[Fraction], b: Sequence[Fraction]) -> Matching:
    """An element g for which some scaling takes g(a) to b.

    Backtracking along a base and a strong generating set (Sims 1970): a partial choice of images is dropped as soon as no
    scaling takes the coordinates that are determined by it to those of b.
    """
    size = len(group.parameters)
    if not group.generators:
        identity = ParameterMap(group.parameters, tuple(range(size)), (1,) * size)
        return Matching(identity if torus.factors(a, b) is not None else None, True)
    return _Backtracking(group, torus, a, b).run()


@final
class _Backtracking:
    def __init__(self, group: DiscreteGroup, torus: Torus, a: Sequence[Fraction], b: Sequence[Fraction]) -> None:
        self.parameters, self.torus, self.b = group.parameters, torus, b
        self.values = [*a, *(-x for x in a)]
        whole = group.permutations
        _ = whole.base
        self.transversals = whole.basic_transversals
        self.determined = _determined(whole.basic_stabilizers, len(group.parameters))
        self.tried = 0

    def run(self) -> Matching:
        found = self._from(0, list(range(len(self.values))))
        return Matching(found, self.tried <= MOST_IMAGES)

    def _from(self, level: int, images: list[int]) -> ParameterMap | None:
        """`images` is the product of the choices up to the level: literal i of the image is literal images[i] of a."""
        if level and not self._possible(level - 1, images):
            return None
        if level == len(self.transversals):
            return from_literals(self.parameters, images)
        for choice in self._ordered(level):
            self.tried += 1
            if self.tried > MOST_IMAGES:
                return None
            found = self._from(level + 1, [images[k] for k in choice])
            if found is not None:
                return found
        return None

    def _ordered(self, level: int) -> list[list[int]]:
        """The choices at a level, the one that moves nothing first."""
        made = [u.array_form for u in self.transversals[level].values()]
        return sorted(made, key=lambda u: sum(k != i for i, k in enumerate(u)))

    def _possible(self, level: int, images: Sequence[int]) -> bool:
        places = self.determined[level]
        return self.torus.agrees(places, [self.values[images[i]] for i in places], [self.b[i] for i in places])


def _determined(stabilisers: Sequence[Any], size: int) -> list[list[int]]:
    """For each level the parameters whose images are known once those of the base points up to it are chosen."""
    later = [*stabilisers[1:], None]
    return [[i for i in range(size) if group is None or all(g(i) == i for g in group.generators)] for group in later]
