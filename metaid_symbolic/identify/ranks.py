"""The generic rank of the derivative of a map, between two bounds that are proved.

Lower: a minor of the Jacobian that is not 0 at one specialisation, modulo a prime, over Q or in balls, is not 0 as a function.
Upper: the number of rows or columns, less the null vectors over Q(theta) that satisfy J N = 0 identically and are independent
(which one specialisation shows again).  No step is believed because it holds with high probability.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, final

from ..programs.numbers import Balls, Rationals
from ..programs.numbers.system import Undefined
from ..terms import IllFormed
from .jacobians import ATTEMPTS, PRIME, Specialisation, at_samples, flint_matrix, modular, samples_of
from .observing import Observed

BITS = 256
"""The precision of balls."""


NAMED = 300
"""Rows and columns of the minor are listed for at most so many parameters; the rank alone costs a third."""


@final
@dataclass(frozen=True)
class Minor:
    """A minor of this `size` is not 0 at the specialisation, and so the generic rank is not smaller; its rows and columns."""

    size: int
    at: Specialisation
    rows: tuple[int, ...] = ()
    columns: tuple[int, ...] = ()


def nonzero_minor(seen: Observed) -> Minor:
    """The largest minor that a specialisation shows; with relus, of several, for their regions may have different ranks.

    Raises `IllFormed` where no specialisation gives a value.
    """
    found: list[Minor] = []
    reason: Exception | None = None
    for seed in range(1, ATTEMPTS + 1):
        try:
            found.append(_minor(seen, seed))
        except Undefined as cause:
            reason = cause
        if found and "relu" not in seen.functions:
            break
    if not found:
        raise IllFormed(f"the observations have no value at {ATTEMPTS} points that were tried: {reason}")
    return max(found, key=lambda m: m.size)


def _minor(seen: Observed, seed: int) -> Minor:
    if not seen.functions:
        chosen = Specialisation(f"Z/{PRIME}", seed, samples_of(seen), 1 << 29)
        table = modular(seen, chosen)
        return _named(*modular_pivots(table), chosen) if table.shape[1] <= NAMED else Minor(_modular_rank(table), chosen)
    exact = seen.functions == {"relu"}
    chosen = Specialisation("Q" if exact else f"balls of {BITS} bits", seed, 2 * samples_of(seen), 9)
    point = [Fraction(k, 5) for k in chosen.integers(len(seen.parameters), 0)]
    return rank_in(seen, point, chosen)


def rank_in(seen: Observed, point: Sequence[Any], chosen: Specialisation) -> Minor:
    """The largest minor that is seen not to vanish at this point, over Q or in balls."""
    if chosen.field == "Q":
        rows = at_samples(seen, point, chosen, Rationals())
        return _named(*rational_pivots(rows, len(seen.parameters)), chosen)
    balls = at_samples(seen, point, chosen, Balls(BITS))
    return _named(*ball_pivots(balls), chosen)


def _named(rows: tuple[int, ...], columns: tuple[int, ...], chosen: Specialisation) -> Minor:
    return Minor(len(columns), chosen, rows, columns)


def _modular_rank(table: Any) -> int:
    from flint import nmod_mat

    height, width = table.shape
    return int(nmod_mat(height, width, table.ravel().tolist(), PRIME).rank())


def modular_pivots(jacobian: Any) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Rows and columns of a nonzero minor of greatest size of a matrix of residues modulo `PRIME`."""
    columns = _pivots(jacobian)
    rows = _pivots(jacobian[:, list(columns)].T) if columns else ()
    return rows, columns


def _pivots(array: Any) -> tuple[int, ...]:
    """The columns in which the reduced row echelon form has its leading ones."""
    from flint import nmod_mat

    height, width = array.shape
    reduced, rank = nmod_mat(height, width, array.ravel().tolist(), PRIME).rref()
    found, column = [], 0
    for row in range(int(rank)):
        while int(reduced[row, column]) == 0:
            column += 1
        found.append(column)
    return tuple(found)


def rational_pivots(rows: list[list[Fraction]], width: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """As `modular_pivots`, over Q."""
    columns = _leading(rows, width)
    transposed = [[row[c] for row in rows] for c in columns]
    return _leading(transposed, len(rows)), columns


def _leading(rows: list[list[Fraction]], width: int) -> tuple[int, ...]:
    if not rows:
        return ()
    reduced, rank = flint_matrix(rows, width).rref()
    found, column = [], 0
    for row in range(int(rank)):
        while reduced[row, column] == 0:
            column += 1
        found.append(column)
    return tuple(found)


def ball_pivots(rows: list[list[Any]]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Gaussian elimination in balls with the largest pivots; only pivots that exclude 0 count, so that their product, a
    minor up to sign, is not 0."""
    table, free_rows, columns, chosen = [list(r) for r in rows], list(range(len(rows))), list[int](), list[int]()
    while free_rows and len(columns) < len(rows[0]):
        candidates = [(float(abs(table[i][j]).lower()), i, j) for i in free_rows for j in range(len(rows[0])) if j not in columns]
        size, i, j = max(candidates)
        if not size > 0:
            break
        free_rows.remove(i)
        chosen.append(i)
        columns.append(j)
        for k in free_rows:
            factor = table[k][j] / table[i][j]
            table[k] = [a - factor * b for a, b in zip(table[k], table[i], strict=True)]
    return tuple(sorted(chosen)), tuple(sorted(columns))


class Bounds:
    """lower <= a rank <= upper."""

    lower: int
    upper: int

    @property
    def certain(self) -> bool:
        return self.lower == self.upper

    def __str__(self) -> str:
        return str(self.lower) if self.certain else f"{self.lower} to {self.upper}"


@final
@dataclass(frozen=True)
class GenericRank(Bounds):
    """lower <= generic rank <= upper, for n parameters; `reasons` say what each bound rests on."""

    parameters: int
    lower: int
    upper: int
    minor: Minor
    reason: str


def generic_rank(seen: Observed, degree: int = 2) -> tuple[GenericRank, tuple[Any, ...]]:
    """Bounds of the generic rank, and the null vectors that the upper bound rests on."""
    from .null_vectors import null_vectors

    expanded = seen.expanded
    minor = nonzero_minor(expanded)
    n = len(seen.parameters)
    found = null_vectors(expanded, n - minor.size, degree)
    rows = len(expanded.entries) if not expanded.inputs else n
    upper = min(n - len(found), max(rows, minor.size))
    where = f"a minor of size {minor.size} is not 0 in {minor.at.field}" if minor.size else "nothing depends on a parameter"
    above = "there are no more parameters" if upper == n else f"{len(found)} null vectors, checked as identities"
    if rows == upper < n - len(found):
        above = f"there are {rows} observations"
    return GenericRank(n, minor.size, upper, minor, f"{where}; {above}"), found
