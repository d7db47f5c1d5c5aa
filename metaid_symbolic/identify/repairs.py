"""What would make the first rung that fails hold, as far as that is certain."""

from __future__ import annotations

from collections.abc import Iterator

from ..symmetry.discrete import DiscreteGroup, ParameterMap
from .observing import Observed
from .ranks import GenericRank
from .rungs import Rung


def repairs(seen: Observed, rank: GenericRank, group: DiscreteGroup | None, ladder: tuple[Rung, ...]) -> tuple[str, ...]:
    """Of a rank that is too small: values to hold, tasks to add.  Of a finite group: constraints that break its generators."""
    if rank.upper < rank.parameters:
        return tuple(_of_rank(seen, rank))
    failing = any(r.verdict == "refuted" for r in ladder)
    return tuple(filter(None, map(_constraint, group.generators))) if failing and group is not None else ()


def _of_rank(seen: Observed, rank: GenericRank) -> Iterator[str]:
    if not rank.minor.columns:
        yield "observe something that depends on the parameters"
        return
    held = [p for i, p in enumerate(seen.parameters) if i not in rank.minor.columns]
    yield f"hold {', '.join(held)} at known values: then the rank is full generically (the minor is on the other columns)"
    rows = len(seen.expanded.entries)
    if seen.kind == "losses" and rows < rank.parameters:
        yield f"at least {rank.parameters} tasks, for {rows} losses have a Jacobian of rank at most {rows}"


def _constraint(generator: ParameterMap) -> str:
    """An inequality that holds at exactly one of x and g x, unless both sides of it are equal."""
    moved = [i for i in range(len(generator.places)) if (generator.places[i], generator.signs[i]) != (i, 1)]
    first = next((i for i in moved if generator.places[generator.places[i]] == i), None)
    if first is None:
        return ""
    other, sign = generator.places[first], generator.signs[first]
    if generator.signs[other] != sign:
        return ""
    names = generator.parameters
    if other == first:
        said = f"{names[first]} > 0"
    else:
        said = f"{names[first]} < {names[other]}" if sign > 0 else f"{names[first]} + {names[other]} > 0"
    return f"require {said}: of a point and its image under the generator that {generator.name} at most one is left"
