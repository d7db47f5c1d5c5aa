"""Where the rank of the Jacobian drops: factors that its largest minors share, and coordinate subspaces on which they vanish."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb
from typing import Any, final

from ..calculus.polynomials import determinant
from ..terms import Term
from .derivatives import Derivative
from .observing import Observed
from .ranks import GenericRank

Rows = Sequence[Sequence[Any]]
MOST_MINORS, LARGEST_MINOR = 2_000, 5
"""Strata are computed from at most so many minors of at most this size."""
MOST_TOGETHER = 3
"""Subspaces on which at most so many parameters are 0 are looked at."""


@final
@dataclass(frozen=True)
class Strata:
    """The rank is less than `rank` exactly where all minors of that size vanish: that set contains the zeros of each of the
    `hypersurfaces`, and the points where all the parameters of one of the `subspaces` are 0; other points of it lie in no
    hypersurface.  `complete`: without hypersurfaces and subspaces the set is empty."""

    rank: int
    hypersurfaces: tuple[Term, ...]
    subspaces: tuple[tuple[str, ...], ...]
    complete: bool
    reason: str = ""


def strata(seen: Observed, rank: GenericRank, derivative: Derivative | None) -> Strata:
    """The strata of an entry-wise polynomial map of known rank with few minors; otherwise none, with the reason."""
    size = rank.lower
    if not rank.certain or derivative is None:
        return Strata(size, (), (), False, "the generic rank is not settled or the entries are large")
    if seen.expanded.inputs or seen.functions:
        return Strata(size, (), (), False, "the minors are no polynomials in the parameters")
    count = comb(len(derivative.rows), size) * comb(rank.parameters, size)
    if size > LARGEST_MINOR or count > MOST_MINORS:
        return Strata(size, (), (), False, f"there are {count} minors of size {size}")
    return of_minors(derivative.rows, size, seen.parameters, derivative.write)


def of_minors(rows: Rows, size: int, names: Sequence[str], write: Callable[[Any], Term]) -> Strata:
    """The strata of a matrix of polynomials, not all of whose minors of this size are 0, in the variables named."""
    nonzero = [m for m in minors(rows, size) if m]
    divisor = nonzero[0]
    for m in nonzero[1:]:
        divisor = divisor.gcd(m)
    factors = tuple(write(f) for f, _ in divisor.factor()[1])
    empty = any(m.total_degree() == 0 for m in nonzero)
    return Strata(size, factors, () if empty else _subspaces(names, [m // divisor for m in nonzero]), empty)


def minors(rows: Rows, size: int) -> list[Any]:
    """All minors of this size of a matrix of polynomials, rows first."""
    zero = rows[0][0] * 0
    columns = range(len(rows[0]))
    return [
        determinant([[row[c] for c in chosen] for row in some], zero)
        for some in combinations(rows, size)
        for chosen in combinations(columns, size)
    ]


def _subspaces(names: Sequence[str], minors: list[Any]) -> tuple[tuple[str, ...], ...]:
    """The least sets of parameters that make every minor vanish when they are 0: each monomial of each minor has one."""
    supports = {frozenset(i for i, e in enumerate(m) if e) for p in minors for m in p.to_dict()}
    found: list[frozenset[int]] = []
    for count in range(1, min(MOST_TOGETHER, len(names)) + 1):
        for chosen in map(frozenset, combinations(range(len(names)), count)):
            if not any(f <= chosen for f in found) and all(s & chosen for s in supports):
                found.append(chosen)
    return tuple(tuple(names[i] for i in sorted(f)) for f in found)
