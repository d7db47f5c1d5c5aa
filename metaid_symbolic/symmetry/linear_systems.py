"""Null spaces over Q of systems that are sampled modulo a prime.

The rank of an integer matrix modulo a prime is at most its rank over Q, so that the nullity modulo the prime bounds the
dimension of the solutions over Q (and over R) from above; solutions that are lifted and then proved bound it from below.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import isqrt
from typing import Any, final

Vector = dict[int, Fraction]
"""The entries that are not 0."""


@final
@dataclass(frozen=True)
class NullSpace:
    """Of a system with `unknowns` columns and the `rank` modulo `prime`: lifted `vectors`, each 1 at its own free column of
    `free` and 0 at the other ones; None stands for a vector that no fraction of small height lifts."""

    unknowns: int
    rank: int
    prime: int
    free: tuple[int, ...]
    vectors: tuple[Vector | None, ...]

    @property
    def nullity(self) -> int:
        return self.unknowns - self.rank


def null_space(rows: Any, prime: int) -> NullSpace:
    """Of an array of residues, one equation a row."""
    from flint import nmod_mat

    count, width = rows.shape
    reduced, rank = nmod_mat(count, width, rows.ravel().tolist(), prime).rref()
    pivots, column = [], 0
    for row in range(rank):
        while not int(reduced[row, column]):
            column += 1
        pivots.append(column)
        column += 1
    free = tuple(sorted(set(range(width)) - set(pivots)))
    vectors = []
    for place in free:
        entries = {pivot: -int(reduced[row, place]) % prime for row, pivot in enumerate(pivots) if pivot < place}
        vectors.append(_lifted({place: 1, **{k: v for k, v in entries.items() if v}}, prime))
    return NullSpace(width, rank, prime, free, tuple(vectors))


def rank_modulo(rows: Any, prime: int) -> int:
    """The rank of an array of residues."""
    from flint import nmod_mat

    count, width = rows.shape
    return int(nmod_mat(count, width, rows.ravel().tolist(), prime).rank()) if count and width else 0


def _lifted(entries: dict[int, int], prime: int) -> Vector | None:
    found = {place: rational(value, prime) for place, value in entries.items()}
    return None if None in found.values() else dict(sorted(found.items()))  # type: ignore[arg-type]


def rational(residue: int, prime: int) -> Fraction | None:
    """The a/b with b residue = a modulo the prime and |a|, b <= sqrt(prime/2), which is unique; None if there is none.

    Source: Wang 1981, A p-adic algorithm for univariate partial fractions.
    """
    bound = isqrt(prime // 2)
    before, here, old, new = prime, residue % prime, 0, 1
    while here > bound:
        quotient = before // here
        before, here = here, before - quotient * here
        old, new = new, old - quotient * new
    if not new or abs(new) > bound:
        return None
    return Fraction(here, new)
