"""The structure of a finite-dimensional Lie algebra of vector fields, exactly over Q.

The radical of g is the orthogonal complement of [g, g] under the Killing form (Bourbaki, Lie I, 5.5, proposition 5); g is
semisimple exactly if the form is nondegenerate (Cartan's criterion).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, final

from ..terms import IllFormed
from .derivations import Field, bracket

Row = list[Fraction]


@final
@dataclass(frozen=True)
class LieAlgebra:
    """Dimensions of the algebra, of its centre, of [g, g], of its radical, and the signature (p, q) of the Killing form."""

    dimension: int
    centre: int
    derived: int
    radical: int
    signature: tuple[int, int]

    @property
    def abelian(self) -> bool:
        return self.derived == 0

    @property
    def semisimple(self) -> int:
        """The dimension of the semisimple part g / rad g."""
        return self.dimension - self.radical

    def __str__(self) -> str:
        if self.dimension == 0:
            return "trivial"
        if self.abelian:
            return f"abelian of dimension {self.dimension}"
        parts = f"centre {self.centre}, derived algebra {self.derived}, radical {self.radical}"
        kind = (
            "reductive"
            if self.radical == self.centre
            else "solvable"
            if not self.semisimple
            else "neither reductive nor solvable"
        )
        p, q = self.signature
        form = f"Killing form of signature ({p}, {q})"
        return f"dimension {self.dimension} ({kind}): {parts}, semisimple part {self.semisimple}, {form}"


def structure(fields: Sequence[Field]) -> LieAlgebra:
    """Of the span of independent fields.  Raises `IllFormed` when a bracket of two of them leaves the span."""
    size = len(fields)
    constants = structure_constants(fields)
    flat = [[constants[i][j][k] for j in range(size) for k in range(size)] for i in range(size)]
    derived = [constants[i][j] for i in range(size) for j in range(i)]
    killing = [[_trace(constants[i], constants[j]) for j in range(size)] for i in range(size)]
    paired = [[sum((x * k for x, k in zip(d, row, strict=True)), Fraction(0)) for row in killing] for d in derived]
    radical = size - rank(paired) if size else 0
    return LieAlgebra(size, size - rank(flat), rank(derived), radical, signature(killing))


def structure_constants(fields: Sequence[Field]) -> list[list[Row]]:
    """c_ij^k with [v_i, v_j] = sum_k c_ij^k v_k.  Raises `IllFormed` when there are none."""
    basis = Basis(fields)
    size = len(fields)
    zero = [Fraction(0)] * size
    table = [[zero] * size for _ in range(size)]
    for i in range(size):
        for j in range(i):
            found = basis.coordinates(bracket(fields[i], fields[j]))
            if found is None:
                raise IllFormed(
                    f"the bracket of the fields {i} and {j} is not in the span of the {size} fields: they form no algebra"
                )
            table[i][j], table[j][i] = found, [-x for x in found]
    return table


@final
class Basis:
    """Independent fields, in which others are expanded.  Raises `IllFormed` for dependent ones."""

    def __init__(self, fields: Sequence[Field]) -> None:
        self.keys = list(dict.fromkeys(key for field in fields for key in _flat(field)))
        self.index = {key: k for k, key in enumerate(self.keys)}
        self.rows = [_vector(field, self.index) for field in fields]
        self.pivots, self.inverse = _inverse(self.rows)

    def coordinates(self, field: Field) -> Row | None:
        """The coefficients in the basis; None for a field outside of the span."""
        if not set(_flat(field)) <= set(self.index):
            return None
        wanted = _vector(field, self.index)
        size = len(self.rows)
        found = [sum((wanted[self.pivots[k]] * self.inverse[k][i] for k in range(size)), Fraction(0)) for i in range(size)]
        shown = [sum((c * row[k] for c, row in zip(found, self.rows, strict=True) if c), Fraction(0)) for k in range(len(wanted))]
        return found if shown == wanted else None


def _flat(field: Field) -> dict[Any, Fraction]:
    return {(place, e): v for place, polynomial in field.items() for e, v in polynomial.items()}


def _vector(field: Field, index: dict[Any, int]) -> Row:
    made = [Fraction(0)] * len(index)
    for key, value in _flat(field).items():
        made[index[key]] = value
    return made


def _inverse(rows: list[Row]) -> tuple[list[int], list[Row]]:
    """Columns on which the rows are independent, and the inverse of the matrix there."""
    from flint import fmpq_mat

    if not rows:
        return [], []
    reduced, count = _matrix(rows).rref()
    if count < len(rows):
        raise IllFormed(f"{len(rows)} fields span {count} dimensions only")
    pivots, column = [], 0
    for row in range(count):
        while reduced[row, column] == 0:
            column += 1
        pivots.append(column)
    inverse: fmpq_mat = _matrix([[row[p] for p in pivots] for row in rows]).inv()
    return pivots, [[Fraction(int(x.p), int(x.q)) for x in row] for row in inverse.tolist()]


def _matrix(rows: Sequence[Row]) -> Any:
    from flint import fmpq, fmpq_mat

    return fmpq_mat([[fmpq(x.numerator, x.denominator) for x in row] for row in rows])


def rank(rows: Sequence[Row]) -> int:
    return int(_matrix(rows).rank()) if rows and rows[0] else 0


def _trace(left: list[Row], right: list[Row]) -> Fraction:
    """tr(ad_i ad_j) from the rows of structure constants of v_i and v_j."""
    size = len(left)
    return sum((left[a][b] * right[b][a] for a in range(size) for b in range(size) if left[a][b]), Fraction(0))


def signature(matrix: Sequence[Row]) -> tuple[int, int]:
    """How many squares are positive and negative in a diagonal form of a symmetric matrix (Sylvester's law of inertia)."""
    rows = [list(row) for row in matrix]
    positive = negative = 0
    while rows:
        pivot = next((i for i in range(len(rows)) if rows[i][i]), None)
        if pivot is None:
            pair = next(((i, j) for i in range(len(rows)) for j in range(i) if rows[i][j]), None)
            if pair is None:
                break
            i, j = pair
            rows[i] = [a + b for a, b in zip(rows[i], rows[j], strict=True)]
            for row in rows:
                row[i] += row[j]
            continue
        value = rows[pivot][pivot]
        positive, negative = positive + (value > 0), negative + (value < 0)
        left = [k for k in range(len(rows)) if k != pivot]
        rows = [[rows[a][b] - rows[a][pivot] * rows[pivot][b] / value for b in left] for a in left]
    return positive, negative
