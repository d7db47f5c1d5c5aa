"""What is identified: single parameters, and combinations whose values determine all that can be known near a generic point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import gcd, lcm
from typing import Any, final

from ..calculus.polynomials import collected
from ..programs.reading import written_size
from ..terms import ONE, ZERO, Term, symbol
from .null_vectors import NullVector
from .observing import Observed
from .ranks import GenericRank

LONGEST = 400
"""A combination with more subterms is not written out."""


@final
@dataclass(frozen=True)
class Identified:
    """`parameters`: each is locally determined by the observations.  `combinations`: as many functions of the parameters as
    the rank, functionally independent, each determined by the observations and together determining them near a generic point.
    """

    parameters: tuple[str, ...]
    combinations: tuple[Term, ...]
    reason: str = ""


def identified(seen: Observed, rank: GenericRank, null: Sequence[NullVector]) -> Identified:
    """Exact where the rank is certain; otherwise nothing is said."""
    if not rank.certain:
        return Identified((), (), "the generic rank is not settled")
    if len(null) < rank.parameters - rank.lower:
        return Identified((), (), "not all null vectors are written out")
    alone = tuple(p for i, p in enumerate(seen.parameters) if all(v.components[i] == ZERO for v in null))
    if rank.lower == rank.parameters:
        return Identified(alone, tuple(map(symbol, alone)))
    if all(v.kind in ("unused", "scaling") for v in null):
        return Identified(alone, _monomials(seen, null))
    entries = seen.expanded.entries
    if seen.expanded.inputs or not rank.minor.rows:
        return Identified(alone, (), "the observations are functions of inputs that are not expanded")
    chosen = [entries[r] for r in rank.minor.rows]
    if written_size(chosen) > LONGEST:
        return Identified(alone, (), f"{len(chosen)} of the observations, which are long")
    return Identified(alone, tuple(collected(e, seen.parameters) for e in chosen))


def _monomials(seen: Observed, null: Sequence[NullVector]) -> tuple[Term, ...]:
    """A basis of the monomials with exponents a, w . a = 0 for all weights w, without unused parameters."""
    names = [p for p in seen.parameters if p not in seen.unused]
    weights = [dict(v.weights) for v in null if v.kind == "scaling"]
    made = []
    for exponents in integer_kernel([[w.get(p, 0) for p in names] for w in weights], len(names)):
        made.append(_product([(p, e) for p, e in zip(names, exponents, strict=True) if e]))
    return tuple(made)


def _product(powers: Sequence[tuple[str, int]]) -> Term:
    factors = [symbol(p) if e == 1 else Term("pow", (symbol(p), e)) for p, e in sorted(powers, key=lambda item: item[1] < 0)]
    return ONE if not factors else factors[0] if len(factors) == 1 else Term("mul", tuple(factors))


def integer_kernel(rows: Sequence[Sequence[int]], width: int) -> list[list[int]]:
    """Coprime integer vectors that span the rational kernel of a matrix; the first nonzero free entry is positive."""
    import flint

    if not rows:
        return [[int(i == j) for j in range(width)] for i in range(width)]
    reduced, rank = flint.fmpq_mat(len(rows), width, [c for row in rows for c in row]).rref()
    pivots = [next(j for j in range(width) if reduced[i, j] != 0) for i in range(int(rank))]
    kernel = []
    for free in [j for j in range(width) if j not in pivots]:
        vector: list[Any] = [flint.fmpq(int(j == free)) for j in range(width)]
        for i, pivot in enumerate(pivots):
            vector[pivot] = -reduced[i, free]
        scale = lcm(*(int(c.q) for c in vector))
        whole = [int((c * scale).p) for c in vector]
        kernel.append([c // gcd(*whole) for c in whole])
    return kernel
