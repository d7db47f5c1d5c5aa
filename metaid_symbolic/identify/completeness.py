"""That a generic fibre is one orbit, as a claim: L(x) = L(y) implies that y is the image of x under an element of the group.

For a finite group of N signed permutations the fibre through x then has exactly N points, unless an element fixes x.  For
scalings with weights W the element is c with y_j = c^(W_j) x_j; where k columns of W have the determinant 1 or -1, c is a
monomial in the quotients y_j/x_j of these coordinates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, islice
from typing import Any, final

import flint

from ..search.algebra.polynomials import from_flint
from ..symmetry.discrete import DiscreteGroup
from ..terms import Term, symbol
from .fibres import Fibre
from .null_vectors import NullVector
from .ranks import GenericRank
from .strata import Strata
from .vectors import at_point

MOST_ELEMENTS, MOST_COLUMNS = 24, 2_000
SAME = "(forall t in tasks: L(t, x) = L(t, y))"


@final
@dataclass(frozen=True)
class OrbitClaim:
    """The `source` of the claim about the losses, what it says, and terms with which the prover may instantiate."""

    source: str
    words: str
    terms: tuple[Term, ...] = ()


def orbit_claim(
    rank: GenericRank, null: Sequence[NullVector], group: DiscreteGroup | None, fibre: Fibre | None, strata: Strata
) -> OrbitClaim | None:
    """None where the solutions at the point are more than an orbit, or the group is of another kind."""
    if fibre is None or fibre.real_points is None or group is None or not rank.certain:
        return None
    if rank.lower == rank.parameters:
        orbit = orbit_of(group, fibre) if group.generators and group.order <= MOST_ELEMENTS else 0
        return _finite(group, strata) if orbit == fibre.real_points else None
    spanned = len(null) == rank.parameters - rank.lower and all(v.kind == "scaling" for v in null)
    return _torus(group.parameters, [dict(v.weights) for v in null]) if spanned and fibre.real_points == 1 else None


def orbit_of(group: DiscreteGroup, fibre: Fibre) -> int:
    """How many points the orbit of the point of the fibre has."""
    return len({tuple(g.apply(fibre.point)) for g in group.elements(group.order)})


def _finite(group: DiscreteGroup, strata: Strata) -> OrbitClaim:
    names = group.parameters
    factors = [at_point([f], names, "x")[1:-1] for f in strata.hypersurfaces]
    images = [f"y = {at_point(g.images, names, 'x')}" for g in group.elements(MOST_ELEMENTS)]
    given = " & ".join([*(f"{f} != 0" for f in factors), SAME])
    where = f" where {' and '.join(f'{f} != 0' for f in strata.hypersurfaces)}" if factors else ""
    words = f"the fibre through a point{where} is its orbit: {group.order} points, fewer where an element fixes it"
    return OrbitClaim(f"forall x, y in Rn: {given} => {' | '.join(images)}", words)


def _torus(names: Sequence[str], weights: Sequence[dict[str, int]]) -> OrbitClaim | None:
    found = _unimodular([[w.get(p, 0) for p in names] for w in weights])
    if found is None:
        return None
    rows, quotients = found
    moved = [i for i in range(len(names)) if any(row[i] for row in rows)]
    given = " & ".join([*(f"coord(x, {i + 1}) != 0" for i in moved), SAME])
    factors = [f"c{k}" for k in range(1, len(rows) + 1)]
    equations = [_scaled(i, [row[i] for row in rows], factors) for i in range(len(names))]
    said = " & ".join([*(f"{c} != 0" for c in factors), *equations])
    words = f"the fibre through a point with {', '.join(names[i] for i in moved)} other than 0 is its orbit under the scalings"
    terms = tuple(_monomial(powers, len(names)) for powers in quotients)
    return OrbitClaim(f"forall x, y in Rn: {given} => exists {', '.join(factors)}: {said}", words, terms)


def _scaled(i: int, weights: Sequence[int], factors: Sequence[str]) -> str:
    """y_i times the factors with negative weights is x_i times the others."""
    up = [f"{c}^{w}" for c, w in zip(factors, weights, strict=True) if w > 0]
    down = [f"{c}^{-w}" for c, w in zip(factors, weights, strict=True) if w < 0]
    return f"{'*'.join([f'coord(y, {i + 1})', *down])} = {'*'.join([f'coord(x, {i + 1})', *up])}"


def _unimodular(rows: Sequence[Sequence[int]]) -> tuple[list[list[int]], list[dict[int, int]]] | None:
    """The weights up to sign, and for each c_k the exponents, all positive, of the quotients y_j/x_j of which it is the
    product (only the x_j are known not to be 0); None if no columns give that."""
    size, width = len(rows), len(rows[0])
    for columns in islice(combinations(range(width), size), MOST_COLUMNS):
        minor = flint.fmpq_mat(size, size, [rows[k][j] for k in range(size) for j in columns])
        if abs(from_flint(minor.det())) != 1:
            continue
        solved: Any = minor.inv()
        powers = [{j: int(from_flint(solved[s, k])) for s, j in enumerate(columns) if solved[s, k] != 0} for k in range(size)]
        signs = [1 if all(e > 0 for e in p.values()) else -1 if all(e < 0 for e in p.values()) else 0 for p in powers]
        if all(signs):
            turned = [[sign * w for w in row] for sign, row in zip(signs, rows, strict=True)]
            return turned, [{j: sign * e for j, e in p.items()} for sign, p in zip(signs, powers, strict=True)]
    return None


def _monomial(powers: dict[int, int], n: int) -> Term:
    """The product of (y_j/x_j)^e for the points that a refutation of the claim names `_1`, ..., `_2n`."""
    pairs = [(symbol(f"_{n + j + 1}"), symbol(f"_{j + 1}"), e) for j, e in powers.items()]
    return Term("mul", tuple(part for y, x, e in pairs for part in (y**e, x**-e)))
