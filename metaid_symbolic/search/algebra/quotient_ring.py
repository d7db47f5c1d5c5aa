"""The ring Q[x_1, ..., x_n]/I of a zero-dimensional ideal, by its multiplication matrices (Cox, Little, O'Shea 2005, chapter 2).

The basis b_1 = 1, ..., b_D are the monomials outside the leading ideal of a Groebner basis.  Row j of the matrix of a
polynomial f holds the coordinates of f b_j, so at a point P of V(I) the vector (b_1(P), ..., b_D(P)) is an eigenvector for
the eigenvalue f(P) (Stickelberger).  All entries are rational and exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from math import prod
from typing import Any, final

import flint

from .ideal_membership import PRIME, groebner_basis
from .polynomials import Exponents, Polynomial, to_flint

LARGEST = 800
"""The characteristic polynomial of a matrix of this size takes about a minute."""


class NotFinite(Exception):
    """The ideal has infinitely many complex zeros, or more than are counted here; the message says which."""


@final
@dataclass(frozen=True, eq=False)
class QuotientRing:
    """`basis` in increasing order; `matrices` are those of the variables."""

    basis: tuple[Exponents, ...]
    matrices: tuple[Any, ...]

    @property
    def size(self) -> int:
        return len(self.basis)

    @cached_property
    def points(self) -> int:
        """The number of different complex zeros (by a linear form with random coefficients modulo a prime)."""
        total = flint.nmod_mat(self.size, self.size, PRIME)
        for i, m in enumerate(self.matrices):
            total += modular(m) * pow(3, 1 + 40 * (i + 1), PRIME)
        return squarefree_degree(total.charpoly())

    def matrix_of(self, form: Sequence[int]) -> Any:
        """The matrix of sum_i form_i x_i."""
        made = flint.fmpq_mat(self.size, self.size)
        for c, m in zip(form, self.matrices, strict=True):
            if c:
                made += m * flint.fmpq(c)
        return made

    def coordinates(self, p: Polynomial) -> Any:
        """The row of coordinates of p, multiplied up from its monomials."""
        rows: dict[Exponents, Any] = {(0,) * len(self.matrices): unit_row(self.size)}

        def row(e: Exponents) -> Any:
            if e not in rows:
                i = next(i for i, k in enumerate(e) if k)
                rows[e] = row((*e[:i], e[i] - 1, *e[i + 1 :])) * self.matrices[i]
            return rows[e]

        made = flint.fmpq_mat(1, self.size)
        for e, c in p.items():
            made += row(e) * to_flint(c)
        return made

    def matrix_of_polynomial(self, p: Polynomial) -> Any:
        """The matrix of multiplication by p."""
        rows = [self.coordinates(p)]
        made: dict[Exponents, Any] = {self.basis[0]: rows[0]}
        for e in self.basis[1:]:
            i = next(i for i, k in enumerate(e) if k)
            made[e] = made[(*e[:i], e[i] - 1, *e[i + 1 :])] * self.matrices[i]
        entries = [made[e][0, k] for e in self.basis for k in range(self.size)]
        return flint.fmpq_mat(self.size, self.size, entries)

    def reduced(self) -> QuotientRing:
        """The quotient by the radical: the squarefree eliminants of the variables are divided out (Seidenberg 1974)."""
        if self.points == self.size:
            return self
        columns = list(range(self.size))[::-1]
        rows: list[list[Any]] = []
        for m in self.matrices:
            eliminant = squarefree(characteristic(m))
            image = flint.fmpq_mat(self.size, self.size)
            for k in range(eliminant.degree(), -1, -1):
                image = image * m + identity(self.size) * flint.fmpq(eliminant[k])
            rows += [[image[i, j] for j in columns] for i in range(self.size)]
        echelon, rank = flint.fmpq_mat(rows).rref()
        pivots = [next(j for j in range(self.size) if echelon[i, j] != 0) for i in range(rank)]
        kept = [j for j in range(self.size) if columns[j] not in {columns[p] for p in pivots}][::-1]
        step = flint.fmpq_mat(self.size, len(kept))
        for k, j in enumerate(kept):
            step[columns[j], k] = 1
            for i, p in enumerate(pivots):
                step[columns[p], k] = -echelon[i, j]
        chosen = [columns[j] for j in kept]
        smaller = tuple(rows_of(m, chosen) * step for m in self.matrices)
        return QuotientRing(tuple(self.basis[j] for j in chosen), smaller)


def quotient_ring(generators: Sequence[Polynomial], largest: int = LARGEST) -> QuotientRing:
    """Raises `NotFinite`."""
    basis = groebner_basis(generators)
    if basis is None:
        raise NotFinite(f"the Groebner basis of {len(generators)} polynomials outgrows its limit")
    leads = [leading(p) for p in basis]
    variables = len(leads[0])
    if any(not sum(e) for e in leads):
        return QuotientRing((), tuple(flint.fmpq_mat(0, 0) for _ in range(variables)))
    sides = [min((e[i] for e in leads if sum(e) == e[i]), default=0) for i in range(variables)]
    if 0 in sides:
        raise NotFinite(f"no power of variable {sides.index(0) + 1} leads a member of the Groebner basis: infinitely many zeros")
    if prod(sides) > 50 * largest:
        raise NotFinite(f"up to {prod(sides)} complex zeros, over the limit of {largest}")
    standard = [e for e in product(*map(range, sides)) if not any(divides(a, e) for a in leads)]
    if len(standard) > largest:
        raise NotFinite(f"{len(standard)} complex zeros, over the limit of {largest}")
    standard.sort(key=rank_of)
    return QuotientRing(tuple(standard), _matrices(standard, dict(zip(leads, basis, strict=True)), variables))


def _matrices(standard: list[Exponents], basis: dict[Exponents, Polynomial], variables: int) -> tuple[Any, ...]:
    """Normal forms of the border monomials in increasing order, each from smaller ones."""
    index = {e: i for i, e in enumerate(standard)}
    tails = {
        lead: [(e, to_flint(-c / p[lead])) for e, c in p.items() if e != lead] for lead, p in basis.items()
    }  # fmt: skip
    forms: dict[Exponents, dict[int, Any]] = {e: {i: flint.fmpq(1)} for e, i in index.items()}

    def form(goal: Exponents) -> dict[int, Any]:
        stack = [goal]
        while stack:
            e = stack[-1]
            if e in forms:
                stack.pop()
                continue
            lead = next(a for a in tails if divides(a, e))
            parts = [(tuple(a - b + c for a, b, c in zip(e, lead, tail, strict=True)), c) for tail, c in tails[lead]]
            missing = [part for part, _ in parts if part not in forms]
            if missing:
                stack += missing
                continue
            made: dict[int, Any] = {}
            for part, c in parts:
                for k, v in forms[part].items():
                    made[k] = made.get(k, 0) + c * v
            forms[e] = {k: v for k, v in made.items() if v != 0}
        return forms[goal]

    matrices = []
    for i in range(variables):
        m = flint.fmpq_mat(len(standard), len(standard))
        for e, row in index.items():
            for k, v in form((*e[:i], e[i] + 1, *e[i + 1 :])).items():
                m[row, k] = v
        matrices.append(m)
    return tuple(matrices)


def rank_of(e: Exponents) -> tuple[int, tuple[int, ...]]:
    """Sorts monomials by degree, then reverse lexicographically."""
    return sum(e), tuple(-k for k in reversed(e))


def leading(p: Polynomial) -> Exponents:
    return max(p, key=rank_of)


def divides(a: Exponents, b: Exponents) -> bool:
    return all(x <= y for x, y in zip(a, b, strict=True))


def unit_row(size: int) -> Any:
    return flint.fmpq_mat(1, size, [int(k == 0) for k in range(size)])


def identity(size: int) -> Any:
    return flint.fmpq_mat(size, size, [int(i == j) for i in range(size) for j in range(size)])


def rows_of(m: Any, rows: Sequence[int]) -> Any:
    return flint.fmpq_mat(len(rows), m.ncols(), [m[i, j] for i in rows for j in range(m.ncols())])


def modular(m: Any) -> Any:
    """The matrix modulo the prime; a denominator that it divides is a bad chance of 2^-61."""
    numerator, denominator = m.numer_denom()
    return flint.nmod_mat(numerator, PRIME) * pow(int(denominator), -1, PRIME)


def characteristic(m: Any) -> Any:
    """The characteristic polynomial of a rational matrix, with coprime integer coefficients."""
    numerator, denominator = m.numer_denom()
    values = numerator.charpoly().coeffs()
    scaled = flint.fmpz_poly([c * denominator**k for k, c in enumerate(values)])
    return scaled // flint.fmpz_poly([scaled.content()]) if scaled.degree() >= 0 else scaled


def squarefree(p: Any) -> Any:
    divisor = p.gcd(p.derivative())
    return p // divisor if divisor.degree() > 0 else p


def squarefree_degree(p: Any) -> int:
    return int(p.degree() - p.gcd(p.derivative()).degree())
