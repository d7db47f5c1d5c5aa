"""Representations goal = sum l_j f_j + sum_k weight_k times a sum of squares, by Gram matrices made exact.

Each sum of squares is e^T Q e for a list e of polynomials and an unknown positive semidefinite Q; the multipliers l_j are
unknown numbers.  The elements are pruned first (for one block of weight 1 this gives the Newton polytope, Reznick 1978).
`interior_point` finds the most definite solution; some entries are rounded and the linear equations solved exactly for the
others (Peyrl, Parrilo 2008); LDL^T over Q decides.  Where no solution is definite, the vectors that all of them map to 0 are
read off, made rational and divided out: facial reduction.  Nothing found means nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor, log2
from typing import Any, final

import flint

from ..algebra.polynomials import (
    Exponents,
    Point,
    Polynomial,
    Squares,
    combination,
    from_flint,
    one,
    primitive,
    times,
    to_flint,
    value_at,
)
from ..floating import Array, np
from .interior_point import most_definite

DENOMINATORS = (1, 2, 12, 60, 2**10, 2**16, 2**24, 2**36, 2**48)
"""Tried in this order, so that a definite Gram matrix gives a short certificate."""

REDUCTIONS, LARGEST, INFEASIBLE = 4, 120, 1e-6
"""Rounds of facial reduction, elements of all blocks together, and how far below 0 the best eigenvalue must be to give up."""

VANISHING = 1e-8
"""A slack of this relative size is 0: for three steps of gradient descent those that must be 0 are 1e-10, others over 1e-3."""


ROUNDINGS = ((1000, 1e-7), (60, 1e-3))
"""Denominators and errors allowed in null vectors, which come out with errors of about 1e-9; the second is a last resort."""


@final
@dataclass(frozen=True, slots=True)
class Block:
    """weight times a sum of squares of combinations of the elements."""

    weight: Polynomial
    elements: list[Polynomial]


@final
@dataclass(frozen=True, slots=True)
class Equations:
    """Coefficient by coefficient, goal = sum of the columns times the unknowns: first the multipliers of `free`, then the
    Gram entries at `places` (block, i, j), diagonal ones first.  `pivots` are solved for: `reduced` is the row echelon form."""

    places: list[tuple[int, int, int]]
    pivots: list[int]
    others: list[int]
    reduced: Any

    def solved(self, given: list[Fraction]) -> list[Any]:
        """All unknowns, from those that are not pivots."""
        last = self.reduced.ncols() - 1
        values = {k: to_flint(x) for k, x in zip(self.others, given, strict=True)}
        some = [(k, x) for k, x in values.items() if x]
        for row, pivot in enumerate(self.pivots):
            values[pivot] = self.reduced[row, last] - sum((self.reduced[row, k] * x for k, x in some), flint.fmpq(0))
        return [values[k] for k in range(last)]


Found = tuple[list[Fraction], tuple[Squares, ...]]
Column = tuple[tuple[int, int, int], Polynomial]


def represented(goal: Polynomial, blocks: list[Block], free: list[Polynomial], zeros: Sequence[Point]) -> Found | None:
    """The multipliers of `free`, and squares for each block, that add up to the goal.

    At each of the `zeros` the goal and all of `free` are 0 and no weight is negative.
    """
    pruned = _pruned(goal, [_without_zeros(b, zeros) for b in blocks], free)
    for _ in range(REDUCTIONS):
        if pruned is None or sum(len(b.elements) for b in pruned[0]) > LARGEST:
            return None
        kept, columns = pruned
        equations = _equations(goal, columns, free)
        if equations is None:
            return None
        found = _certificate(equations, [Fraction(0)] * len(equations.others), kept)
        if found is not None or not equations.others or not columns:
            return found
        centre = most_definite(*_floating(goal, columns, kept, free))
        if centre is None or centre.ceiling < -INFEASIBLE:
            return None
        values = [*centre.multipliers, *(centre.grams[k][i, j] for k, i, j in equations.places)]
        found = _rounded(equations, [float(values[j]) for j in equations.others], kept)
        if found is not None:
            return found
        largest = max(float(np.max(np.abs(s))) for s in centre.slacks if s.size)
        reduced = [_reduced(b, s, largest) for b, s in zip(kept, centre.slacks, strict=True)]
        if all(len(b.elements) == len(a.elements) for a, b in zip(kept, reduced, strict=True)):
            return None
        pruned = reduced, _columns(reduced)
    return None


def _rounded(equations: Equations, guess: list[float], blocks: list[Block]) -> Found | None:
    """The first of the denominators at which the rounded guess gives squares."""
    size = max(map(abs, guess))
    unit = min(Fraction(1), Fraction(2) ** floor(log2(size))) if size else Fraction(1)
    for denominator in DENOMINATORS:
        given = [unit * Fraction(round(Fraction(x) / unit * denominator), denominator) for x in guess]
        found = _certificate(equations, given, blocks)
        if found is not None:
            return found
    return None


def _columns(blocks: list[Block]) -> list[Column]:
    """Block k, entry (i, j): weight times e_i e_j, twice off the diagonal; diagonal entries first."""
    made = []
    for k, block in enumerate(blocks):
        unit = len(block.weight) == 1 and block.weight == one(block.weight)
        for i, a in enumerate(block.elements):
            weighted = a if unit else times(block.weight, a)
            for j in range(i, len(block.elements)):
                entry = times(weighted, block.elements[j])
                made.append(((k, i, j), entry if i == j else {e: 2 * c for e, c in entry.items()}))
    return sorted(made, key=lambda column: column[0][1] != column[0][2])


def _pruned(goal: Polynomial, blocks: list[Block], free: list[Polynomial]) -> tuple[list[Block], list[Column]] | None:
    """The blocks without elements whose Gram diagonal must be 0, and their columns; None if some coefficient of the goal is
    out of reach.

    A monomial made by diagonal entries alone, all with one sign, bounds them by the goal's coefficient.
    """
    reached, columns = {e for p in free for e in p}, _columns(blocks)
    while True:
        entries: dict[Exponents, list[tuple[tuple[int, int, int], Fraction]]] = {}
        for place, p in columns:
            for e, c in p.items():
                entries.setdefault(e, []).append((place, c))
        if any(e not in entries and e not in reached for e in goal):
            return None
        gone: set[tuple[int, int]] = set()
        for e, found in entries.items():
            if e in reached or any(i != j for (_, i, j), _ in found) or len(signs := {c > 0 for _, c in found}) > 1:
                continue
            if e not in goal:
                gone |= {(k, i) for (k, i, _), _ in found}
            elif (goal[e] > 0) not in signs:
                return None
        if not gone:
            return _renumbered(blocks, columns)
        columns = [column for column in columns if not {column[0][:2], column[0][::2]} & gone]


def _renumbered(blocks: list[Block], columns: list[Column]) -> tuple[list[Block], list[Column]]:
    """What the diagonal entries that are left belong to."""
    kept = [[i for (k, i, j), _ in columns if k == block and i == j] for block in range(len(blocks))]
    places = [{i: new for new, i in enumerate(listed)} for listed in kept]
    smaller = [Block(b.weight, [b.elements[i] for i in listed]) for b, listed in zip(blocks, kept, strict=True)]
    return smaller, [((k, places[k][i], places[k][j]), p) for (k, i, j), p in columns]


def _without_zeros(block: Block, zeros: Sequence[Point]) -> Block:
    """The combinations of the elements that vanish at the zeros where the weight does not."""
    rows = [[value_at(m, z) for m in block.elements] for z in zeros if value_at(block.weight, z)]
    return orthogonal_to(block, rows)


def orthogonal_to(block: Block, rows: list[list[Fraction]]) -> Block:
    """The block on the coefficient vectors orthogonal to the rows; what is solved for are the last elements, so that where
    these are of low degree the others keep theirs, and the last squares of a sum of squares have the lowest degrees."""
    if not rows or not block.elements:
        return block
    reduced, rank = flint.fmpq_mat([[to_flint(x) for x in reversed(row)] for row in rows]).rref()
    size = len(block.elements)
    reduced = flint.fmpq_mat([[reduced[i, size - 1 - j] for j in range(size)] for i in range(len(rows))])
    pivots = [next(j for j in reversed(range(size)) if reduced[i, j] != 0) for i in range(rank)]
    made = []
    for j in (j for j in range(size) if j not in pivots):
        parts = [(-from_flint(reduced[i, j]), block.elements[p]) for i, p in enumerate(pivots)]
        made.append(primitive(combination([(Fraction(1), block.elements[j]), *parts])))
    return Block(block.weight, made)


def _equations(goal: Polynomial, columns: list[Column], free: list[Polynomial]) -> Equations | None:
    """None if the linear equations have no solution."""
    unknowns = [*free, *(p for _, p in columns)]
    index = {e: i for i, e in enumerate({e: None for p in [goal, *unknowns] for e in p})}
    matrix = flint.fmpq_mat(max(len(index), 1), len(unknowns) + 1)
    for j, p in enumerate([*unknowns, goal]):
        for e, c in p.items():
            matrix[index[e], j] = to_flint(c)
    reduced, rank = matrix.rref()
    pivots: list[int] = []
    for i in range(rank):
        j = pivots[-1] + 1 if pivots else 0
        while reduced[i, j] == 0:
            j += 1
        pivots.append(j)
    if pivots and pivots[-1] == len(unknowns):
        return None
    chosen = set(pivots)
    return Equations([place for place, _ in columns], pivots, [j for j in range(len(unknowns)) if j not in chosen], reduced)


def _floating(
    goal: Polynomial, columns: list[Column], blocks: list[Block], free: list[Polynomial]
) -> tuple[list[Array], Array, Array]:
    """The constraint matrices of each block, the columns of the multipliers, and the right side."""
    index = {e: i for i, e in enumerate({e: None for p in [goal, *(p for _, p in columns), *free] for e in p})}
    constraints = [np.zeros((len(index), len(b.elements), len(b.elements))) for b in blocks]
    for (k, i, j), p in columns:
        for e, c in p.items():
            constraints[k][index[e], i, j] = constraints[k][index[e], j, i] = float(c) if i == j else float(c) / 2
    multipliers, target = np.zeros((len(index), len(free))), np.zeros(len(index))
    for j, p in enumerate(free):
        for e, c in p.items():
            multipliers[index[e], j] = float(c)
    for e, c in goal.items():
        target[index[e]] = float(c)
    return constraints, multipliers, target


def _certificate(equations: Equations, given: list[Fraction], blocks: list[Block]) -> Found | None:
    values = equations.solved(given)
    free = len(values) - len(equations.places)
    grams = [[[flint.fmpq(0)] * len(b.elements) for _ in b.elements] for b in blocks]
    for (k, i, j), x in zip(equations.places, values[free:], strict=True):
        grams[k][i][j] = grams[k][j][i] = x
    squares: list[Squares] = []
    for gram, block in zip(grams, blocks, strict=True):
        found = _squares(gram, block.elements)
        if found is None:
            return None
        squares.append(found)
    return [from_flint(x) for x in values[:free]], tuple(squares)


def _squares(gram: list[list[Any]], elements: list[Polynomial]) -> Squares | None:
    """LDL^T of the Gram matrix, as squares; None unless it is positive semidefinite."""
    made: Squares = []
    size = len(elements)
    for k in range(size):
        pivot, row = gram[k][k], gram[k]
        if pivot < 0 or (pivot == 0 and any(row[j] != 0 for j in range(k + 1, size))):
            return None
        if pivot == 0:
            continue
        ratios = [(j, row[j] / pivot) for j in range(k + 1, size) if row[j] != 0]
        made.append(
            (from_flint(pivot), combination([(Fraction(1), elements[k]), *((from_flint(r), elements[j]) for j, r in ratios)]))
        )
        for i, r in ratios:
            for j, _ in ratios:
                gram[i][j] -= r * row[j]
    return made


def _small(values: Array) -> int:
    """How many of the increasing eigenvalues belong to the kernel: those before the widest gap, none over 1e-5 of the largest."""
    below = int(np.sum(values < 1e-5 * max(values[-1], 1e-300)))
    if below in (0, len(values)):
        return below
    positive = np.maximum(values, 1e-12 * values[-1])
    return 1 + int(np.argmax(positive[1 : below + 1] / positive[:below]))


def _reduced(block: Block, slack: Array, largest: float) -> Block:
    """The block without the vectors that the slack maps to (nearly) 0, where these span a space with a rational basis.

    It loses all elements if the slack is 0 beside the `largest` entry of a slack."""
    if not block.elements:
        return block
    if float(np.max(np.abs(slack))) < VANISHING * largest:
        return Block(block.weight, [])
    values, vectors = np.linalg.eigh(slack)
    small = _small(values)
    rows = vectors[:, :small].T.copy()
    for i in range(small):
        row, column = np.unravel_index(int(np.argmax(np.abs(rows[i:]))), rows[i:].shape)
        rows[[i, i + int(row)]] = rows[[i + int(row), i]]
        rows[i] /= rows[i, column]
        for k in range(small):
            if k != i:
                rows[k] -= rows[k, column] * rows[i]
    for bound, tolerance in ROUNDINGS:
        exact = [[Fraction(float(x)).limit_denominator(bound) for x in row] for row in rows]
        errors = [abs(float(a) - b) for r, s in zip(exact, rows, strict=True) for a, b in zip(r, s, strict=True)]
        if max(errors, default=0.0) < tolerance:
            return orthogonal_to(block, exact)
    return block
