"""Local minima of a polynomial in floating point, by Newton's method from the lowest points of a grid."""

from __future__ import annotations

from itertools import product

from ..algebra.polynomials import Exponents, Polynomial
from ..floating import Array, np

SIDES = (-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0)
WIDE = (-5.0, -3.0, *SIDES, 3.0, 5.0)
STARTS, STEPS = 24, 40
LENGTHS = np.array([1.0, 0.5, 0.1, 0.01, 0.0])


def local_minima(p: Polynomial) -> list[Array]:
    """Points to which Newton's method went down, the lowest value first."""
    variables = len(next(iter(p)))
    sides = WIDE if variables <= 2 else SIDES if variables == 3 else SIDES[1::2] if variables <= 7 else (0.0,)
    grid = np.array(list(product(sides, repeat=variables)))
    table = _Table(p)
    points = grid[np.argsort(table.at(grid)[:, 0], kind="stable")[:STARTS]]
    with np.errstate(all="ignore"):
        for _ in range(STEPS):
            moved = _stepped(table, points)
            if np.max(np.abs(moved - points)) < 1e-14:
                break
            points = moved
        values = table.at(points)[:, 0]
    return [points[i] for i in np.argsort(values, kind="stable") if np.all(np.isfinite(points[i]))]


def _stepped(table: _Table, points: Array) -> Array:
    """One step each, along |Hessian|^-1 gradient, of the best of a few lengths."""
    n = points.shape[1]
    found = table.at(points)
    hessian = found[:, 1 + n :].reshape(-1, n, n)
    values, vectors = np.linalg.eigh(np.nan_to_num(hessian))
    inside = np.einsum("kij,ki->kj", vectors, np.nan_to_num(found[:, 1 : 1 + n])) / (np.abs(values) + 1e-12)
    steps = -np.einsum("kij,kj->ki", vectors, inside)
    trials = points[None] + LENGTHS[:, None, None] * steps[None]
    heights = table.at(trials.reshape(-1, n))[:, 0].reshape(len(LENGTHS), -1)
    best = np.argmin(np.where(np.isfinite(heights), heights, np.inf), axis=0)
    chosen: Array = trials[best, np.arange(len(points))]
    return chosen


class _Table:
    """Value, gradient and Hessian at many points, as one matrix product with the monomials that occur in them."""

    def __init__(self, p: Polynomial) -> None:
        n = len(next(iter(p)))
        value = {e: float(c) for e, c in p.items()}
        gradient = [_derivative(value, i) for i in range(n)]
        outputs = [value, *gradient, *(_derivative(g, j) for g in gradient for j in range(n))]
        index = {e: k for k, e in enumerate({e: None for q in outputs for e in q})}
        self.exponents = np.array(list(index), dtype=int).reshape(-1, n)
        self.matrix = np.zeros((len(index), len(outputs)))
        for k, q in enumerate(outputs):
            for e, c in q.items():
                self.matrix[index[e], k] = c

    def at(self, points: Array) -> Array:
        powers = points[:, :, None] ** np.arange(self.exponents.max() + 1)
        monomials = np.ones((len(points), len(self.exponents)))
        for i in range(points.shape[1]):
            monomials *= powers[:, i, self.exponents[:, i]]
        product: Array = monomials @ self.matrix
        return product


def _derivative(p: dict[Exponents, float], i: int) -> dict[Exponents, float]:
    return {(*e[:i], e[i] - 1, *e[i + 1 :]): c * e[i] for e, c in p.items() if e[i]}
