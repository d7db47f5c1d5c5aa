"""The minimisers over R^n of a polynomial that is constant, affine or quadratic, or has one variable.

Exact, through FLINT.  For reading a counterexample; nothing rests on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, final

from flint import fmpq, fmpq_mat, fmpq_poly

from ..terms import Term, number, symbol, total
from .polynomials import Ring, collected, is_polynomial


@final
@dataclass(frozen=True, slots=True)
class Minimisers:
    """`everything`: all of R^n.  Else the `points`, and the real zeros of the polynomials `zeros_of` (one variable), and, with
    `directions`, the affine space through the one point that they span.  `least` is the minimum; None if there is none."""

    least: Fraction | None
    everything: bool = False
    points: tuple[tuple[Fraction, ...], ...] = ()
    zeros_of: tuple[Term, ...] = ()
    directions: tuple[tuple[Fraction, ...], ...] = ()


def minimisers(objective: Term, names: Sequence[str]) -> Minimisers | None:
    """The minimisers of the objective on R^n; None where this method does not decide."""
    term = collected(objective, names)
    if not is_polynomial(term):
        return None
    ring = Ring([symbol(n) for n in names])
    try:
        p = ring.read(term)
    except ValueError:
        return None
    if p.is_constant():
        return Minimisers(_rational(p.to_dict().get((0,) * len(names), fmpq(0))), everything=True)
    if p.total_degree() <= 2:
        return _quadratic(ring, p, names)
    return _univariate(p, names[0]) if len(names) == 1 else None


def _rational(value: Any) -> Fraction:
    return Fraction(int(value.p), int(value.q))


def _quadratic(ring: Ring, p: Any, names: Sequence[str]) -> Minimisers | None:
    """Of F = 1/2 x^T A x + b^T x + c: none unless A is positive semidefinite and A x = -b is solvable."""
    n = len(names)
    slope = ring.gradient(p, names)
    origin = (0,) * n
    rows = [[e.to_dict().get(origin, fmpq(0)) for e in ring.gradient(g, names)] for g in slope]
    offset = [-g.to_dict().get(origin, fmpq(0)) for g in slope]
    if not _semidefinite([list(map(_rational, row)) for row in rows]):
        return Minimisers(None)
    reduced, rank = fmpq_mat(n, n + 1, [e for row, b in zip(rows, offset, strict=True) for e in (*row, b)]).rref()
    pivots = [next(j for j in range(n + 1) if reduced[i, j] != 0) for i in range(rank)]
    if n in pivots:
        return Minimisers(None)
    point = [Fraction(0)] * n
    for i, j in enumerate(pivots):
        point[j] = _rational(reduced[i, n])
    free = [j for j in range(n) if j not in pivots]
    spans = tuple(tuple(_null_entry(reduced, pivots, j, k) for k in range(n)) for j in free)
    value = p(*[fmpq(x.numerator, x.denominator) for x in point])
    return Minimisers(_rational(value), points=(tuple(point),), directions=spans)


def _null_entry(reduced: Any, pivots: list[int], free: int, place: int) -> Fraction:
    if place == free:
        return Fraction(1)
    return -_rational(reduced[pivots.index(place), free]) if place in pivots else Fraction(0)


def _semidefinite(rows: list[list[Fraction]]) -> bool:
    """By symmetric elimination: a negative pivot, or a zero pivot with a nonzero row, refutes it."""
    for k in range(len(rows)):
        pivot = rows[k][k]
        if pivot < 0 or (pivot == 0 and any(rows[k][k:])):
            return False
        for i in range(k + 1, len(rows)) if pivot else ():
            factor = rows[i][k] / pivot
            rows[i] = [a - factor * b for a, b in zip(rows[i], rows[k], strict=True)]
    return True


def _univariate(p: Any, name: str) -> Minimisers | None:
    """A rational value m taken at a critical point is the minimum iff p - m has no real zero of odd multiplicity."""
    values = {exponents[0]: c for exponents, c in p.to_dict().items()}
    poly = fmpq_poly([values.get(k, fmpq(0)) for k in range(max(values) + 1)])
    if poly.degree() % 2 or poly[poly.degree()] < 0:
        return Minimisers(None)
    for factor, _ in poly.derivative().factor()[1]:
        rest = poly % factor
        if rest.degree() > 0:
            continue
        parts = [(f, e) for f, e in (poly - rest).factor()[1] if _real_zeros(f)]
        if parts and all(e % 2 == 0 for _, e in parts):
            points = sorted((-_rational(f[0]) / _rational(f[1]),) for f, _ in parts if f.degree() == 1)
            others = tuple(_term(f, name) for f, _ in parts if f.degree() > 1)
            return Minimisers(_rational(rest[0]), points=tuple(points), zeros_of=others)
    return None


def _real_zeros(f: Any) -> int:
    return sum(root.imag == 0 for root, _ in f.complex_roots())


def _term(f: Any, name: str) -> Term:
    pieces = [number(_rational(f[k])) * symbol(name) ** k if k else number(_rational(f[0])) for k in range(f.degree() + 1)]
    return collected(total(pieces), (name,))
