"""Newton polyhedra of ideals at the origin, exactly: the learning coefficient of the monomials, and nondegeneracy.

For generators f_s in k variables let P be the convex hull of all their exponents plus the positive orthant.  With
mu(w) = min over exponents of w . e, the monomials in P have the learning coefficient min (w_1 + ... + w_k) / (2 mu(w)) over
w >= 0, with multiplicity the dimension of the cone of minimising w (Varchenko 1976; Watanabe 2009, chapter 4; Lin 2011).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, combinations
from typing import Any, final

import flint

from ..search.algebra.critical_points import gradient
from ..search.algebra.ideal_membership import groebner_basis
from ..search.algebra.polynomials import Polynomial

Weights = tuple[Fraction, ...]
MOST_CHOICES, MOST_RAYS = 20_000, 12


@final
@dataclass(frozen=True)
class Corner:
    """What the Newton polyhedron says: the coefficient of its monomials with multiplicity, and its normal rays."""

    coefficient: Fraction
    multiplicity: int
    rays: tuple[Weights, ...]


def corner(generators: Sequence[Polynomial]) -> Corner | None:
    """None where there are too many exponents."""
    exponents = _least({e for f in generators for e in f})
    size = len(exponents[0])
    vertices = _vertices(exponents, size)
    if vertices is None:
        return None
    least = min(sum(v) for v in vertices)
    best = [v for v in vertices if sum(v) == least]
    differences = [x - y for v in best[1:] for x, y in zip(v, best[0], strict=True)]
    dimension = _matrix(differences, size).rank() if differences else 0
    return Corner(Fraction(least) / 2, int(dimension) + 1, tuple(vertices))


def _least(exponents: set[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """The exponents that no other one divides."""
    return [e for e in exponents if not any(f != e and all(a <= b for a, b in zip(f, e, strict=True)) for f in exponents)]


def _matrix(entries: Sequence[Fraction], columns: int) -> Any:
    return flint.fmpq_mat(len(entries) // columns, columns, [flint.fmpq(c.numerator, c.denominator) for c in entries])


def _vertices(exponents: Sequence[tuple[int, ...]], size: int) -> list[Weights] | None:
    """The vertices of {w >= 0: w . e >= 1 for all exponents}."""
    units = [tuple(int(i == j) for j in range(size)) for i in range(size)]
    walls = [(e, 1) for e in exponents] + [(u, 0) for u in units]
    found: dict[Weights, None] = {}
    for count, chosen in enumerate(combinations(walls, size)):
        if count > MOST_CHOICES:
            return None
        matrix = _matrix([Fraction(c) for e, _ in chosen for c in e], size)
        if matrix.det() == 0:
            continue
        solved = matrix.inv() * _matrix([Fraction(b) for _, b in chosen], 1)
        w = tuple(Fraction(int(solved[i, 0].p), int(solved[i, 0].q)) for i in range(size))
        if min(w) >= 0 and all(_dot(w, e) >= 1 for e in exponents):
            found[w] = None
    return list(found)


def _dot(w: Weights, e: tuple[int, ...]) -> Fraction:
    return sum((a * b for a, b in zip(w, e, strict=True)), Fraction(0))


def nondegenerate(generators: Sequence[Polynomial], found: Corner, smooth: bool = False) -> bool:
    """Whether on every compact face of the polyhedron the initial forms have no common zero with all coordinates nonzero; with
    `smooth`, of one generator, no such zero where all partial derivatives vanish too.

    Shown by a monomial among them or by a Groebner basis; False also where it is not shown.
    """
    size = len(next(iter(generators[0])))
    units = [tuple(Fraction(int(i == j)) for j in range(size)) for i in range(size)]
    rays = [*found.rays, *units]
    if len(rays) > MOST_RAYS:
        return False
    faces = {frozenset((s, e) for s, f in enumerate(forms) for e in f): forms for forms in _faces(generators, rays, size)}
    return all(_no_zero([*forms, *gradient(forms[0])] if smooth else forms, size) for forms in faces.values())


def _faces(generators: Sequence[Polynomial], rays: Sequence[Weights], size: int) -> Iterator[list[Polynomial]]:
    """The initial forms for weights inside each cone of the normal fan, all weights positive."""
    for chosen in chain.from_iterable(combinations(rays, k) for k in range(1, len(rays) + 1)):
        w = tuple(sum((r[i] for r in chosen), Fraction(0)) for i in range(size))
        if min(w) > 0:
            least = min(_dot(w, e) for f in generators for e in f)
            forms = [{e: c for e, c in f.items() if _dot(w, e) == least} for f in generators]
            yield [f for f in forms if f]


def _no_zero(forms: Sequence[Polynomial], size: int) -> bool:
    """No common complex zero outside the coordinate hyperplanes."""
    if any(len(f) == 1 for f in forms):
        return True
    inside = [{(*e, 0): c for e, c in f.items()} for f in forms if f]
    rabinowitsch: Polynomial = {(1,) * (size + 1): Fraction(1), (0,) * (size + 1): Fraction(-1)}
    basis = groebner_basis([*inside, rabinowitsch])
    return basis is not None and any(all(not sum(e) for e in p) for p in basis)
