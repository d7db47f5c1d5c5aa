"""Null vectors of the Jacobian over Q[theta]: polynomial vector fields along which no observation changes.

N_1 d_1 + ... + N_n d_n annihilates every entry, as an identity in the parameters, inputs, constants, and in the values of
elementary functions.  Candidates are proposed modulo a prime; each that is returned satisfies the identity exactly over Q.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement
from math import comb
from operator import add
from typing import Any, final

from ..calculus.polynomials import determinant
from ..kernel.polynomial import TooLarge
from ..terms import ZERO, IllFormed, Term, number, symbol
from .derivatives import Derivative
from .jacobians import PRIME, Specialisation
from .observing import Observed
from .scalings import scaling_weights
from .sparse_kernels import Cell, rational_kernel

MOST_TERMS = 300_000
"""Equations with more terms are not set up: so many take about a second."""
MOST_FIELDS = 6_000
"""Fields of a degree with more coefficients are not looked for."""
MOST_MINORS = 5
"""Null vectors by Cramer's rule are written down for Jacobians of at most this rank."""
LONGEST_BY_MINORS = 1_000
"""... with at most so many terms in all entries."""
LARGEST_ENTRIES = 6_000
"""Entries with more subterms are looked at for scalings alone."""


@final
@dataclass(frozen=True)
class NullVector:
    """`components` in the order of the parameters; `kind` is unused, scaling, linear, polynomial or rational."""

    components: tuple[Term, ...]
    kind: str
    words: str = ""
    weights: tuple[tuple[str, int], ...] = ()


@final
class Independent:
    """Vectors over Z/p that are kept as long as they are independent; residues of rational functions that are independent
    at one point are independent as functions."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.rows: dict[int, list[int]] = {}

    def add(self, vector: Sequence[int]) -> bool:
        """Whether the vector was independent of those before."""
        rest = list(vector)
        for lead in range(self.width):
            if not rest[lead]:
                continue
            if lead not in self.rows:
                inverse = pow(rest[lead], -1, PRIME)
                self.rows[lead] = [c * inverse % PRIME for c in rest]
                return True
            scale = rest[lead]
            rest = [(a - scale * b) % PRIME for a, b in zip(rest, self.rows[lead], strict=True)]
        return False

    def __len__(self) -> int:
        return len(self.rows)


def null_vectors(seen: Observed, wanted: int, degree: int = 2) -> tuple[NullVector, ...]:
    """Up to `wanted` independent null vectors, simplest first: unused parameters, scalings, fields of degree 0, 1, ..., and at
    last by Cramer's rule; for a negative degree the first two kinds alone.

    Those without the derivative written out (scalings) come alone where the entries are long.
    """
    found: list[NullVector] = []
    chosen = Specialisation("", 7, 1, 1 << 29)
    point = [v % PRIME for v in chosen.integers(len(seen.parameters), 0)]
    span = Independent(len(seen.parameters))
    if wanted:
        for made in (*_unused(seen), *_scalings(seen)):
            if len(found) < wanted and span.add(_at(made, seen, point)):
                found.append(made)
    if len(found) >= wanted or degree < 0:
        return tuple(found)
    try:
        derivative = _small_derivative(seen)
    except (IllFormed, TooLarge):
        return tuple(found)
    if derivative is not None:
        for kind, field in _fields(derivative, wanted, degree):
            if span.add([derivative.value(p, point) for p in field]):
                found.append(NullVector(tuple(map(derivative.write, field)), kind))
            if len(found) == wanted:
                break
    return tuple(found)


def _small_derivative(seen: Observed) -> Derivative | None:
    from ..programs.reading import written_size

    return Derivative(seen) if written_size(seen.entries) <= LARGEST_ENTRIES else None


def _unused(seen: Observed) -> Iterator[NullVector]:
    for name in seen.unused:
        entries = tuple(number(int(p == name)) for p in seen.parameters)
        yield NullVector(entries, "unused", f"nothing depends on {name}: it is trivially unidentified")


def _scalings(seen: Observed) -> Iterator[NullVector]:
    for weights in scaling_weights(seen):
        entries = tuple(number(weights[p]) * symbol(p) if p in weights else ZERO for p in seen.parameters)
        yield NullVector(entries, "scaling", _in_words(weights), tuple(weights.items()))


def _in_words(weights: dict[str, int]) -> str:
    parts = [f"{p} by c" if w == 1 else f"{p} by c^{w}" if w > 0 else f"{p} by c^({w})" for p, w in weights.items()]
    return f"scaling: {', '.join(parts)}"


def _at(made: NullVector, seen: Observed, point: Sequence[int]) -> list[int]:
    """A null vector with components 1 or w theta_i at a point modulo `PRIME`."""
    weights = dict(made.weights)
    if weights:
        return [weights.get(p, 0) * x % PRIME for p, x in zip(seen.parameters, point, strict=True)]
    return [int(c.args[0]) for c in made.components]


def _fields(derivative: Derivative, wanted: int, degree: int) -> Iterator[tuple[str, list[Any]]]:
    """Polynomial fields, degree by degree, then those of Cramer's rule; all are exact."""
    for d in range(degree + 1):
        for field in _of_degree(derivative, d):
            yield ("linear" if d < 2 else "polynomial"), field
    rank = len(derivative.seen.parameters) - wanted
    if rank <= MOST_MINORS and derivative.terms <= LONGEST_BY_MINORS and derivative.plain:
        for field in _by_minors(derivative, rank):
            yield "rational", field


def _of_degree(derivative: Derivative, degree: int) -> Iterator[list[Any]]:
    """Null vectors with components in the monomials of this degree, or up to it where the entries are not homogeneous."""
    n = len(derivative.seen.parameters)
    if n * comb(n + degree - 1, degree) > MOST_FIELDS:
        return
    monomials = _monomials(derivative, degree)
    if derivative.terms * len(monomials) > MOST_TERMS:
        return
    cells = _equations(derivative, monomials)
    zero = derivative.ring.context.constant(0)
    for vector in rational_kernel(cells, n * len(monomials)):
        field = [zero] * n
        for place, value in vector.items():
            field[place // len(monomials)] += monomials[place % len(monomials)] * value
        if any(field) and derivative.annihilated(field):
            yield field


def _equations(derivative: Derivative, monomials: Sequence[Any]) -> list[Cell]:
    """Unknown i |monomials| + k is the coefficient of monomial k in component i; an equation for each entry and monomial."""
    shifts = [next(iter(m.to_dict())) for m in monomials]
    places: dict[tuple[int, tuple[int, ...]], int] = {}
    cells: list[Cell] = []
    for t, row in enumerate(derivative.rows):
        for i, entry in enumerate(row):
            for e, c in entry.to_dict().items() if entry else ():
                for k, shift in enumerate(shifts):
                    where = (t, tuple(map(add, e, shift)))
                    cells.append((places.setdefault(where, len(places)), i * len(monomials) + k, c))
    return cells


def _monomials(derivative: Derivative, degree: int) -> list[Any]:
    """The monomials in the parameters of exactly this degree; up to it for degree 1, where translations mix in."""
    one = derivative.ring.context.constant(1)
    made = [one] if degree == 1 else []
    for chosen in combinations_with_replacement(derivative.gens, degree):
        p = one
        for g in chosen:
            p = p * g
        made.append(p)
    return made


def _by_minors(derivative: Derivative, rank: int) -> Iterator[list[Any]]:
    """Solutions of the rows of a nonzero minor, by Cramer's rule: one for each other column."""
    import numpy as np

    from .ranks import modular_pivots

    chosen = Specialisation("", 11, 1, 1 << 29)
    values = [v % PRIME for v in chosen.integers(len(derivative.ring.atoms), 0)]
    table = np.array([[derivative.value(e, values) for e in row] for row in derivative.rows], dtype="int64")
    rows, columns = modular_pivots(table)
    if len(columns) != rank:
        return
    zero = derivative.ring.context.constant(0)
    block = [[derivative.rows[r][c] for c in columns] for r in rows]
    whole = determinant(block, zero)
    for free in [j for j in range(table.shape[1]) if j not in columns]:
        field = [zero] * table.shape[1]
        field[free] = whole
        for k, column in enumerate(columns):
            put = [
                [(-derivative.rows[r][free] if c == k else e) for c, e in enumerate(line)]
                for r, line in zip(rows, block, strict=True)
            ]
            field[column] = determinant(put, zero)
        field = _primitive(field)
        if derivative.annihilated(field):
            yield field


def _primitive(field: list[Any]) -> list[Any]:
    """The field divided by the greatest common divisor of its components."""
    divisor = next(p for p in field if p)
    for p in field:
        if p:
            divisor = divisor.gcd(p)
    return [p // divisor if p else p for p in field]
