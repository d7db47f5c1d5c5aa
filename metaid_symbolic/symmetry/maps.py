"""Affine maps of the parameter space over Q."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, final

from ..terms import Term
from .derivations import Polynomial, polynomial_term, polynomial_text

if TYPE_CHECKING:
    from .discrete import ParameterMap

Row = tuple[Fraction, ...]
Matrix = list[list[Fraction]]


@final
@dataclass(frozen=True)
class AffineMap:
    """theta -> M theta + c: row i of `rows` is row i of M followed by c_i."""

    parameters: tuple[str, ...]
    rows: tuple[Row, ...]

    @classmethod
    def of(cls, element: ParameterMap) -> AffineMap:
        """A signed permutation as a matrix."""
        size = len(element.parameters)
        pairs = zip(element.places, element.signs, strict=True)
        return cls(
            element.parameters,
            tuple(tuple(Fraction(sign * (k == place)) for k in range(size + 1)) for place, sign in pairs),
        )

    @classmethod
    def diagonal(cls, parameters: tuple[str, ...], factors: Sequence[Fraction]) -> AffineMap:
        size = len(parameters)
        return cls(parameters, tuple(tuple(f if k == i else Fraction(0) for k in range(size + 1)) for i, f in enumerate(factors)))

    def apply(self, point: Sequence[Fraction]) -> tuple[Fraction, ...]:
        extended = (*point, Fraction(1))
        return tuple(sum((c * x for c, x in zip(row, extended, strict=True) if c), Fraction(0)) for row in self.rows)

    @property
    def factors(self) -> tuple[Fraction, ...] | None:
        """The diagonal of a diagonal linear map."""
        diagonal = all(not c or i == k for i, row in enumerate(self.rows) for k, c in enumerate(row))
        return tuple(row[i] for i, row in enumerate(self.rows)) if diagonal else None

    @property
    def polynomials(self) -> dict[int, Polynomial]:
        """The images of the parameters that it moves."""
        size = len(self.parameters)
        moved: dict[int, Polynomial] = {}
        for i, row in enumerate(self.rows):
            image: Polynomial = {((k,) if k < size else ()): c for k, c in enumerate(row) if c}
            if image != {(i,): 1}:
                moved[i] = image
        return moved

    @property
    def substitution(self) -> dict[str, Term]:
        return {self.parameters[i]: polynomial_term(self.parameters, image) for i, image in self.polynomials.items()}

    @property
    def name(self) -> str:
        images = ((self.parameters[i], polynomial_text(self.parameters, image)) for i, image in self.polynomials.items())
        return ", ".join(f"{name} becomes {image}" for name, image in images) or "the identity"

    def after(self, first: AffineMap) -> AffineMap:
        """The map that applies `first` and then this one."""
        size = len(self.parameters)
        last = tuple(Fraction(k == size) for k in range(size + 1))
        inner = (*first.rows, last)
        rows = []
        for row in self.rows:
            entries = [sum((c * r[k] for c, r in zip(row, inner, strict=True) if c), Fraction(0)) for k in range(size + 1)]
            rows.append(tuple(entries))
        return AffineMap(self.parameters, tuple(rows))

    def __repr__(self) -> str:
        return self.name


def affine_solutions(rows: Matrix, right: Sequence[Fraction]) -> tuple[list[Fraction], Matrix] | None:
    """One solution t of `rows` t = `right` over Q and a basis of the homogeneous ones; None where there are none."""
    width = len(rows[0]) if rows else 0
    reduced, rank = rational_matrix([[*row, b] for row, b in zip(rows, right, strict=True)]).rref()
    pivots: list[int] = []
    for i in range(rank):
        pivots.append(next(k for k in range(width + 1) if reduced[i, k] != 0))
    if width in pivots:
        return None
    one = [Fraction(0)] * width
    for i, k in enumerate(pivots):
        one[k] = as_fraction(reduced[i, width])
    basis = []
    for k in (k for k in range(width) if k not in pivots):
        vector = [Fraction(int(j == k)) for j in range(width)]
        for i, pivot in enumerate(pivots):
            vector[pivot] = -as_fraction(reduced[i, k])
        basis.append(vector)
    return one, basis


def quotient(denominator: Matrix, numerator: Matrix) -> Matrix | None:
    """denominator^-1 numerator of square matrices; None where that has no inverse, or is none itself."""
    left, right = rational_matrix(denominator), rational_matrix(numerator)
    if left.det() == 0 or right.det() == 0:
        return None
    return [[as_fraction(x) for x in row] for row in left.solve(right).tolist()]


def rational_matrix(rows: Sequence[Sequence[Fraction]]) -> Any:
    from flint import fmpq, fmpq_mat

    return fmpq_mat([[fmpq(x.numerator, x.denominator) for x in row] for row in rows])


def as_fraction(value: Any) -> Fraction:
    return Fraction(int(value.p), int(value.q))
