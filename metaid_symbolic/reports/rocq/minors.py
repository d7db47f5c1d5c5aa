"""Conditions on symmetric matrices by the signs of their minors."""

from __future__ import annotations

from itertools import combinations, product

from ...terms import ZERO, Term, as_term, at_most, conjunction, disjunction, equal, less, negation, total

Matrix = tuple[tuple[Term, ...], ...]


def determinant(rows: Matrix) -> Term:
    """By expansion along the first row."""
    if len(rows) <= 1:
        return rows[0][0] if rows else as_term(1)
    parts = [determinant(tuple(row[:j] + row[j + 1 :] for row in rows[1:])) for j in range(len(rows))]
    return total([entry * part * (-1) ** j for j, (entry, part) in enumerate(zip(rows[0], parts, strict=True))])


def minor(rows: Matrix, left: tuple[int, ...], right: tuple[int, ...]) -> Term:
    return determinant(tuple(tuple(rows[i][j] for j in right) for i in left))


def definiteness(kind: str, rows: Matrix) -> Term:
    """Sylvester's criterion: signs of leading (posdef) or of all principal minors (psd); a determinant other than 0."""
    side = range(len(rows))
    if kind == "nonsingular":
        return negation(equal(determinant(rows), ZERO))
    if kind == "posdef":
        leading = [tuple(range(k + 1)) for k in side]
        return conjunction([less(ZERO, minor(rows, c, c)) for c in leading])
    principal = [c for k in side for c in combinations(side, k + 1)]
    return conjunction([at_most(ZERO, minor(rows, c, c)) for c in principal])


def same_rank(left: Matrix, right: Matrix) -> Term:
    """For every size one of the matrices has a nonzero minor of it iff the other has."""

    def some(rows: Matrix, k: int) -> Term:
        picks = list(combinations(range(len(rows)), k))
        return disjunction([negation(equal(minor(rows, r, c), ZERO)) for r, c in product(picks, picks)])

    return conjunction([Term("iff", (some(left, k), some(right, k))) for k in range(1, len(left) + 1)])
