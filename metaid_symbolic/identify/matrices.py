"""Matrices whose entries are polynomials in real parameters: statements on rank and definiteness, and where the rank drops.

A number of a simple algebraic extension Q(s) is a parameter s with the domain that its polynomial and an interval give:
s^2 = 2 & 1 < s & s < 2.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import comb
from typing import Any, final

from ..calculus.polynomials import Ring, is_polynomial
from ..language import parse_formula
from ..printing import text
from ..terms import TRUE, IllFormed, Term, as_term, free_symbols, symbol, total
from .strata import LARGEST_MINOR, MOST_MINORS, Strata, minors, of_minors


@final
@dataclass(frozen=True)
class ParametricMatrix:
    """M(p) for the real parameters p that occur in the rows or in the formula `domain`, at the points where the domain holds.

    Raises `IllFormed` where the rows have different lengths or an entry is no polynomial.
    """

    rows: tuple[tuple[Term, ...], ...]
    domain: Term = TRUE

    def __init__(self, rows: Iterable[Iterable[Any]], domain: str | Term = TRUE) -> None:
        made = tuple(tuple(map(as_term, row)) for row in rows)
        object.__setattr__(self, "rows", made)
        object.__setattr__(self, "domain", parse_formula(domain) if type(domain) is str else domain)
        lengths = sorted({len(row) for row in made})
        if len(lengths) != 1 or lengths == [0]:
            raise IllFormed(f"a matrix has rows of one length, not of {' and '.join(map(str, lengths)) or 'none'}")
        for entry in (e for row in made for e in row):
            if not is_polynomial(entry):
                raise IllFormed(f"the entry {text(entry)} is no polynomial in the parameters")

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        return tuple(sorted(frozenset().union(free_symbols(self.domain), *(free_symbols(e) for r in self.rows for e in r))))

    def positive_definite(self) -> str:
        """For all p of the domain and all v != 0: v^T M(p) v > 0.  Raises `IllFormed` for a matrix that is not symmetric."""
        v = self._directions()
        return self._everywhere(f"forall {', '.join(v)} in reals: {_nonzero(v)} => {text(self._form(v))} > 0")

    def positive_semidefinite(self) -> str:
        """For all p of the domain and all v: v^T M(p) v >= 0.  Raises `IllFormed` for a matrix that is not symmetric."""
        v = self._directions()
        return self._everywhere(f"forall {', '.join(v)} in reals: {text(self._form(v))} >= 0")

    def rank_below(self, size: int, exactly: str) -> str:
        """For all p of the domain: all minors of this size vanish if and only if the formula holds.

        Raises `IllFormed` where there is no minor of this size, or too many.
        """
        vanish = " & ".join(f"{text(m)} = 0" for m in self._minors(size))
        return self._everywhere(f"({vanish}) <=> ({exactly})")

    def singular(self, exactly: str) -> str:
        """For all p of the domain: the determinant vanishes if and only if the formula holds."""
        self._square()
        return self.rank_below(len(self.rows), exactly)

    @cached_property
    def generic_rank(self) -> int:
        """The rank over Q(p): that of all p but the zeros of a polynomial.  The domain plays no part."""
        reduced, rank = [list(row) for row in self._polynomials], 0
        before = self._ring.constant(Fraction(1))
        for column in range(len(reduced[0])):
            pivot = next((i for i in range(rank, len(reduced)) if reduced[i][column]), None)
            if pivot is None:
                continue
            reduced[rank], reduced[pivot] = reduced[pivot], reduced[rank]
            a = reduced[rank][column]
            for i in range(rank + 1, len(reduced)):  # by Sylvester's identity the quotients are minors (Bareiss 1968)
                b = reduced[i][column]
                reduced[i] = [(a * y - b * x) // before for x, y in zip(reduced[rank], reduced[i], strict=True)]
            rank, before = rank + 1, a
        return rank

    @cached_property
    def strata(self) -> Strata:
        """Where the rank is less than the generic rank, by the minors of that size; with the reason where there are too many."""
        size = self.generic_rank
        if not size:
            return Strata(0, (), (), True, "the matrix is 0")
        try:
            self._minors(size)
        except IllFormed as cause:
            return Strata(size, (), (), False, str(cause))
        return of_minors(self._polynomials, size, self.parameters, self._write)

    @cached_property
    def _ring(self) -> Ring:
        return Ring([symbol(p) for p in self.parameters])

    @cached_property
    def _polynomials(self) -> tuple[tuple[Any, ...], ...]:
        return tuple(tuple(self._ring.read(e) for e in row) for row in self.rows)

    def _write(self, p: Any) -> Term:
        return self._ring.write(p, len(self.parameters))

    def _minors(self, size: int) -> list[Term]:
        height, width = len(self.rows), len(self.rows[0])
        if not 0 < size <= min(height, width):
            raise IllFormed(f"a matrix of {height} rows and {width} columns has no minors of size {size}")
        count = comb(height, size) * comb(width, size)
        if size > LARGEST_MINOR or count > MOST_MINORS:
            raise IllFormed(f"{count} minors of size {size}; at most {MOST_MINORS}, of size up to {LARGEST_MINOR}, are computed")
        return [self._write(m) for m in minors(self._polynomials, size)]

    def _square(self) -> None:
        height, width = len(self.rows), len(self.rows[0])
        if height != width:
            raise IllFormed(f"a matrix of {height} rows and {width} columns is not square")

    def _directions(self) -> tuple[str, ...]:
        """Names v1, v2, ... that no parameter has."""
        self._square()
        letter = next(w for w in ("v", "w", "u", "v_") if not any(p.startswith(w) for p in self.parameters))
        return tuple(f"{letter}{i + 1}" for i in range(len(self.rows)))

    def _form(self, names: Sequence[str]) -> Term:
        """v^T M v."""
        entries, side = self._polynomials, range(len(self.rows))
        for i in side:
            for j in range(i):
                if entries[i][j] != entries[j][i]:
                    here, there = text(self.rows[i][j]), text(self.rows[j][i])
                    raise IllFormed(f"the matrix is not symmetric: {here} in row {i + 1}, {there} in column {i + 1}")
        v = list(map(symbol, names))
        squares = [self._write(entries[i][i]) * v[i] ** 2 for i in side if entries[i][i]]
        mixed = [self._write(2 * entries[i][j]) * v[i] * v[j] for i in side for j in range(i + 1, len(v)) if entries[i][j]]
        return total(squares + mixed)

    def _everywhere(self, said: str) -> str:
        given = said if self.domain == TRUE else f"({text(self.domain)}) => ({said})"
        return f"forall {', '.join(self.parameters)} in reals: {given}" if self.parameters else given


def _nonzero(names: Sequence[str]) -> str:
    return " | ".join(f"{name} != 0" for name in names)
