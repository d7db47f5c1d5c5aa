"""Mean losses that are a sum of squares as they are written: F = m + sum_j d_j r_j^2 with independent polynomials r_j.

Let the losses be sums of c_i b_i^2 with c_i > 0, and v_1, ..., v_k a basis of the span of the b_i modulo constants.  F is a
positive definite quadratic in v; completing the square gives m and r, a triangular change of v - v*.  If r(p) = 0 for a real
point p, then m is the minimum, and all minimisers have r = 0: the b_i, and so the losses, are the same at all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import final

import flint

from ..calculus.polynomials import Ring, is_polynomial
from ..problems import MetaProblem
from ..search.algebra.polynomials import from_flint, to_flint
from ..terms import Term, number, substitute, symbol, total

Weighted = tuple[tuple[Fraction, Term], ...]
MOST_SQUARES = 24


@final
@dataclass(frozen=True)
class MeanSquares:
    """F = `least` + sum_j `weights`_j `roots`_j^2; loss t is a constant plus the sum of c b^2 over `losses`[t], and each b is a
    constant plus sum_j `slopes`[b]_j roots_j."""

    problem: MetaProblem
    least: Fraction
    weights: tuple[Fraction, ...]
    roots: tuple[Term, ...]
    losses: tuple[Weighted, ...]
    slopes: dict[Term, tuple[Fraction, ...]]

    def at(self, term: Term, point: Sequence[Term]) -> Term:
        return substitute(term, dict(zip(self.problem.parameters, point, strict=True)))

    def roots_at(self, point: Sequence[Term]) -> list[Term]:
        return [self.at(r, point) for r in self.roots]

    def objective_at(self, point: Sequence[Term]) -> Term:
        """F at a point."""
        parts = zip(self.problem.weights, self.problem.losses, strict=True)
        return total([number(w) * self.at(loss, point) for w, loss in parts])


def mean_squares(problem: MetaProblem) -> MeanSquares | None:
    """None where the losses are not written as sums of squares of polynomials, or F is constant."""
    if problem.constraints or problem.noise or not all(map(is_polynomial, problem.losses)):
        return None
    read = [squares_of(loss) for loss in problem.losses]
    if any(found is None for found in read):
        return None
    losses = tuple(found for found in read if found is not None)
    bases = list(dict.fromkeys(b for loss in losses for _, b in loss))
    if not 0 < len(bases) <= MOST_SQUARES:
        return None
    constants, chosen, slopes = _span(problem, bases)
    if not chosen:
        return None
    weights = _weights(problem, losses, bases)
    return _completed(problem, losses, bases, constants, chosen, slopes, weights)


def squares_of(term: Term) -> Weighted | None:
    """The squares c b^2 with c > 0 that add up to the term, up to a constant; None if it is not written so."""
    found = list(_squares(term, Fraction(1)))
    return None if None in found else tuple(one for one in found if one is not None)


def _squares(term: Term, scale: Fraction) -> Iterator[tuple[Fraction, Term] | None]:
    if term.head == "num":
        return
    if term.head == "add":
        for part in term.args:
            yield from _squares(part, scale)
        return
    factors = term.args if term.head == "mul" else (term,)
    value, rest = scale, list[Term]()
    for factor in factors:
        if factor.head == "num":
            value *= factor.args[0]
        else:
            rest.append(factor)
    if len(rest) == 1 and rest[0].head in ("add", "mul"):
        yield from _squares(rest[0], value)
    elif value > 0 and all(f.head == "pow" and f.args[1] % 2 == 0 for f in rest):
        halves = [f.args[0] if f.args[1] == 2 else f.args[0] ** (f.args[1] // 2) for f in rest]
        yield value, halves[0] if len(halves) == 1 else Term("mul", tuple(halves))
    elif value:
        yield None


def _span(problem: MetaProblem, bases: Sequence[Term]) -> tuple[list[Fraction], list[int], list[list[Fraction]]]:
    """The constant terms of the bases, which of them are a basis modulo constants, and the coefficients of each in it."""
    ring = Ring([symbol(p) for p in problem.parameters])
    read = [{tuple(map(int, e)): from_flint(c) for e, c in ring.read(b).to_dict().items()} for b in bases]
    origin = (0,) * len(problem.parameters)
    constants = [p.pop(origin, Fraction(0)) for p in read]
    rows = list(dict.fromkeys(e for p in read for e in p))
    table = flint.fmpq_mat(len(rows), len(read), [to_flint(p.get(e, Fraction(0))) for e in rows for p in read])
    reduced, rank = table.rref()
    chosen = [next(j for j in range(len(read)) if reduced[i, j] != 0) for i in range(int(rank))]
    return constants, chosen, [[from_flint(reduced[i, j]) for i in range(int(rank))] for j in range(len(read))]


def _weights(problem: MetaProblem, losses: Sequence[Weighted], bases: Sequence[Term]) -> list[Fraction]:
    """The weight of the square of each base in F."""
    made = dict.fromkeys(bases, Fraction(0))
    for w, loss in zip(problem.weights, losses, strict=True):
        for c, b in loss:
            made[b] += w * c
    return [made[b] for b in bases]


def _completed(
    problem: MetaProblem, losses: tuple[Weighted, ...], bases: Sequence[Term], constants: Sequence[Fraction],
    chosen: Sequence[int], slopes: Sequence[Sequence[Fraction]], weights: Sequence[Fraction],
) -> MeanSquares:  # fmt: skip
    """sum_i w_i (s_i . v + c_i)^2 with v_j the non-constant part of a chosen base: v* solves A v = -b, and A = U^T D U."""
    k = len(chosen)
    quadratic = [
        [sum((w * s[i] * s[j] for w, s in zip(weights, slopes, strict=True)), Fraction(0)) for j in range(k)] for i in range(k)
    ]
    linear = [sum((w * c * s[i] for w, c, s in zip(weights, constants, slopes, strict=True)), Fraction(0)) for i in range(k)]
    matrix = flint.fmpq_mat(k, k, [to_flint(x) for row in quadratic for x in row])
    best = [from_flint(x) for x in matrix.solve(flint.fmpq_mat(k, 1, [to_flint(-x) for x in linear])).entries()]
    pivots, upper = _triangular(quadratic)
    shifted = [bases[j] + number(-constants[j] - v) for j, v in zip(chosen, best, strict=True)]
    roots = tuple(total([number(u) * x if u != 1 else x for u, x in zip(row, shifted, strict=True) if u]) for row in upper)
    inverse = flint.fmpq_mat(k, k, [to_flint(x) for row in upper for x in row]).inv()
    rows = {
        b: tuple(sum((s[i] * from_flint(inverse[i, j]) for i in range(k)), Fraction(0)) for j in range(k))
        for b, s in zip(bases, slopes, strict=True)
    }
    ring = Ring([symbol(p) for p in problem.parameters])
    mean = total([number(w) * loss for w, loss in zip(problem.weights, problem.losses, strict=True)])
    rest = ring.read(mean + number(-1) * total([number(d) * r**2 for d, r in zip(pivots, roots, strict=True)]))
    least = from_flint(rest.to_dict().get((0,) * len(problem.parameters), flint.fmpq(0)))
    return MeanSquares(problem, least, tuple(pivots), roots, losses, rows)


def _triangular(matrix: Sequence[Sequence[Fraction]]) -> tuple[list[Fraction], list[list[Fraction]]]:
    """A positive definite matrix as U^T D U with ones on the diagonal of the upper triangular U."""
    size, rest = len(matrix), [list(row) for row in matrix]
    pivots, upper = list[Fraction](), list[list[Fraction]]()
    for i in range(size):
        pivots.append(rest[i][i])
        upper.append([Fraction(0)] * i + [rest[i][j] / rest[i][i] for j in range(i, size)])
        for a in range(i + 1, size):
            for b in range(i + 1, size):
                rest[a][b] -= rest[i][a] * rest[i][b] / rest[i][i]
    return pivots, upper
