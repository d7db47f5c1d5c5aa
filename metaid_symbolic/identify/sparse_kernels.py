"""Kernels of sparse rational matrices, block by block, proposed modulo a prime."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import flint

from .jacobians import PRIME

Cell = tuple[int, int, Any]
"""Row, column and entry of a sparse matrix."""
MOST_UNKNOWNS, MOST_CELLS = 1_500, 3_000_000
"""No block of a linear system with more unknowns, or with more entries, is solved: so many take about a second."""


def rational_kernel(cells: Sequence[Cell], width: int) -> Iterator[dict[int, Any]]:
    """Candidates for a basis of the kernel of a sparse rational matrix with this many columns, block by block, from echelon
    forms modulo `PRIME`.

    Whoever uses one checks it: numerators and denominators are guessed from residues.  Blocks that are too large are left out.
    """
    for columns, block in _blocks(cells, width):
        rows = {row: k for k, row in enumerate(dict.fromkeys(row for row, _, _ in block))}
        place = {column: k for k, column in enumerate(columns)}
        if len(columns) > MOST_UNKNOWNS or len(columns) * len(rows) > MOST_CELLS:
            continue
        flat = [0] * (max(len(rows), 1) * len(columns))
        for row, column, c in block:
            k = rows[row] * len(columns) + place[column]
            flat[k] = (flat[k] + int(c.p) * pow(int(c.q), -1, PRIME)) % PRIME
        for vector in _kernel(flint.nmod_mat(max(len(rows), 1), len(columns), flat, PRIME), len(columns)):
            yield {columns[k]: value for k, value in vector.items()}


def _blocks(cells: Sequence[Cell], width: int) -> Iterator[tuple[list[int], list[Cell]]]:
    """The columns of each connected component of the bipartite graph of rows and columns, with the cells in them."""
    parent = list(range(width))

    def root(k: int) -> int:
        while parent[k] != k:
            parent[k] = k = parent[parent[k]]
        return k

    first: dict[int, int] = {}
    for row, column, _ in cells:
        parent[root(column)] = root(first.setdefault(row, column))
    columns: dict[int, list[int]] = {}
    for k in range(width):
        columns.setdefault(root(k), []).append(k)
    inside: dict[int, list[Cell]] = {}
    for cell in cells:
        inside.setdefault(root(cell[1]), []).append(cell)
    for k, listed in sorted(columns.items(), key=lambda item: len(item[1])):
        yield listed, inside.get(k, [])


def _kernel(matrix: Any, width: int) -> Iterator[dict[int, Any]]:
    reduced, rank = matrix.rref()
    pivots, column = [], 0
    for row in range(int(rank)):
        while int(reduced[row, column]) == 0:
            column += 1
        pivots.append(column)
    for free in sorted(set(range(width)) - set(pivots)):
        vector = {free: flint.fmpq(1)}
        for row, pivot in enumerate(pivots):
            if residue := int(reduced[row, free]):
                vector[pivot] = reconstructed(-residue % PRIME)
        yield vector


def reconstructed(residue: int) -> Any:
    """The fraction with the least numerator and denominator that has this residue (Wang 1981)."""
    bound = 32_767
    r0, r1, s0, s1 = PRIME, residue, 0, 1
    while r1 > bound:
        quotient = r0 // r1
        r0, r1, s0, s1 = r1, r0 - quotient * r1, s1, s0 - quotient * s1
    return flint.fmpq(r1, s1) if s1 else flint.fmpq(residue)
