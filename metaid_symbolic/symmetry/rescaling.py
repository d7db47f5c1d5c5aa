"""Permutations of parameters that are symmetries only together with factors other than 1 and -1."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import final

from ..model import Model
from .assertions import Identity, map_identity
from .discrete import DiscreteGroup, ParameterMap
from .maps import AffineMap
from .signed import Rescaled

MOST_PARAMETERS = 60


@final
@dataclass(frozen=True)
class RescaledPermutations:
    """`maps`, each with the identity that the kernel proved; `exhausted` is False where the search was cut off."""

    maps: tuple[AffineMap, ...]
    identities: tuple[Identity, ...]
    exhausted: bool = True


def rescaled_permutations(model: Model, group: DiscreteGroup) -> RescaledPermutations:
    """One for each permutation that generates, with others, those that are symmetries with some rational factors, as far as the
    written expression shows them; none for a permutation of the group, which needs signs alone."""
    if len(model.parameters) > MOST_PARAMETERS or not (search := Rescaled(model)).useful:
        return RescaledPermutations((), ())
    moved = DiscreteGroup(model.parameters, tuple(_permutation(g.parameters, g.places) for g in group.generators))
    proved = []
    for permutation in search.generators():
        if moved.generators and moved.permutations.contains(_permutation(model.parameters, permutation).permutation):
            continue
        factors, size = search.factors[permutation], len(permutation)
        rows = [tuple(f * (k == p) for k in range(size + 1)) for f, p in zip(factors, permutation, strict=True)]
        made = AffineMap(model.parameters, tuple(tuple(map(Fraction, row)) for row in rows))
        identity = map_identity(model, made.name, made.substitution)
        if identity.proved:
            proved.append((made, identity))
    return RescaledPermutations(tuple(m for m, _ in proved), tuple(i for _, i in proved), search.exhausted)


def _permutation(parameters: tuple[str, ...], places: tuple[int, ...]) -> ParameterMap:
    return ParameterMap(parameters, places, (1,) * len(places))
