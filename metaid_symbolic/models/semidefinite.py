"""Semidefiniteness of rational matrices."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

Vector = tuple[Fraction, ...]
Matrix = tuple[Vector, ...]


def quadratic_form(matrix: Matrix, vector: Sequence[Fraction]) -> Fraction:
    """v^T M v."""
    products = (a * c * b for a, row in zip(vector, matrix, strict=True) for c, b in zip(row, vector, strict=True))
    return sum(products, Fraction(0))


def negative_direction(matrix: Matrix) -> Vector | None:
    """v with v^T M v < 0 for a symmetric matrix M; None exactly if M is positive semidefinite.

    Symmetric elimination: where the pivots are positive, v^T M v is the form of the Schur complement at the rest of v for
    the first entries that minimise it; a negative pivot, or a pivot 0 in a nonzero row, gives a direction.
    """
    rows: list[Vector] = []
    rest = matrix
    while rest:
        pivot, row = rest[0][0], rest[0][1:]
        if pivot < 0 or (pivot == 0 and any(row)):
            return _extended(rows, _first_direction(rest))
        rows.append(rest[0])
        below = [line[1:] for line in rest[1:]]
        rest = tuple(
            tuple(c - row[i] * b / pivot for c, b in zip(line, row, strict=True)) if pivot and row[i] else line
            for i, line in enumerate(below)
        )
    return None


def elimination(matrix: Matrix) -> tuple[Matrix, Vector]:
    """L unit lower triangular and D with M = L diag(D) L^T, for a positive semidefinite M."""
    size = len(matrix)
    columns: list[Vector] = []
    diagonal: list[Fraction] = []
    rest = matrix
    while rest:
        pivot, row = rest[0][0], rest[0][1:]
        scaled = tuple(b / pivot for b in row) if pivot else (Fraction(0),) * len(row)
        columns.append(((Fraction(0),) * (size - len(rest))) + (Fraction(1), *scaled))
        diagonal.append(pivot)
        below = [line[1:] for line in rest[1:]]
        rest = tuple(tuple(c - a * b for c, b in zip(line, row, strict=True)) for a, line in zip(scaled, below, strict=True))
    return tuple(zip(*columns, strict=True)), tuple(diagonal)


def _first_direction(matrix: Matrix) -> Vector:
    """e_0 for a negative pivot; for the pivot 0 with b_j != 0 in its row, s e_0 + e_j with the form 2 s b_j + M_jj = -1."""
    pivot, row = matrix[0][0], matrix[0][1:]
    zeros = (Fraction(0),) * len(row)
    if pivot < 0:
        return (Fraction(1), *zeros)
    place = next(j for j, b in enumerate(row) if b)
    step = (-1 - matrix[place + 1][place + 1]) / (2 * row[place])
    return (step, *zeros[:place], Fraction(1), *zeros[place + 1 :])


def _extended(rows: list[Vector], direction: Vector) -> Vector:
    """The direction with the entries of the eliminated coordinates, from the last to the first."""
    for pivot, *row in reversed(rows):
        dot = sum((a * b for a, b in zip(row, direction, strict=True)), Fraction(0))
        direction = (-dot / pivot if pivot else Fraction(0), *direction)
    return direction
