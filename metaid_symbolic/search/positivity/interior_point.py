"""The most definite positive semidefinite matrices on an affine space: a barrier method in floating point.

Given symmetric A_ik (constraint i, block k), columns f_j and b, it seeks symmetric Q_k and multipliers l_j with

    sum_k tr(A_ik Q_k) + sum_j f_ij l_j = b_i,    Q_k - t I >= 0,    t as large as possible,    sum_k tr(Q_k) <= BOUND.

The multipliers are eliminated by projection.  Newton's method maximises tau t + sum_k log det(Q_k - t I) for growing tau
(Boyd, Vandenberghe 2004, chapter 11); each step is a least-squares problem in coordinates where Q_k - t I is the identity.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from ..floating import Array, np

ROOT = float(np.sqrt(2))

BOUND = 1e4
"""Largest trace, relative to the smallest solution of the equations; keeps the search in a compact set."""

GROWTH, ACCURACY, CENTRED, RANK = 10.0, 1e-8, 0.7, 1e-10
"""Factor of tau, the gap dimension/tau at which it ends, and the Newton decrement at which tau grows;
and the relative size of a singular value that counts as 0."""


@final
@dataclass(frozen=True, slots=True)
class Centre:
    """`level` is the largest t found and `ceiling` an upper bound for t, both relative to the size of the solution;
    `grams` are the Q_k, and `slacks` the Q_k - t I near the end of the path: where t = 0 is best, their small
    eigenvalues belong to vectors that every solution maps to 0.  `multipliers` are the l_j."""

    level: float
    ceiling: float
    grams: list[Array]
    slacks: list[Array]
    multipliers: Array


def most_definite(constraints: list[Array], free: Array, target: Array, iterations: int = 80) -> Centre | None:
    """The centre; None if the equations have no solution at all, or there is no Q to choose.  A Q may be empty."""
    everything, constraints = constraints, [a for a in constraints if a.shape[1]]
    if not constraints:
        return None
    sizes = [a.shape[1] for a in constraints]
    rows = np.concatenate([a.reshape(len(target), -1) for a in constraints], axis=1)
    u, s, _ = np.linalg.svd(free)
    complement = u[:, int(np.sum(s > RANK * max(s, default=0.0))) :].T
    orthonormal, values = _orthonormal(complement @ rows, complement @ target)
    if orthonormal is None:
        return None
    scale = max(float(np.linalg.norm(values)), 1e-9)
    path = _Path(orthonormal, values / scale, sizes)
    path.run(iterations)
    slacks = path.split(path.slack)[:-1]
    grams = [scale * (q + path.level * np.eye(len(q))) for q in slacks]
    left = target - rows @ np.concatenate([q.ravel() for q in grams])
    multipliers = np.linalg.lstsq(free, left, rcond=RANK)[0] if free.size else np.zeros(free.shape[1])
    return Centre(path.level, path.ceiling, _filled(everything, grams), _filled(everything, slacks), multipliers)


def _filled(constraints: list[Array], found: list[Array]) -> list[Array]:
    """The matrices that were found, with the empty ones between them."""
    rest = iter(found)
    return [next(rest) if a.shape[1] else np.zeros((0, 0)) for a in constraints]


def _orthonormal(rows: Array, target: Array) -> tuple[Array | None, Array]:
    """Orthonormal rows and right sides with the same solutions; None if there are none."""
    if not len(rows):
        return rows, target
    u, s, v = np.linalg.svd(rows, full_matrices=False)
    kept = s > RANK * max(s[0], 1e-300)
    inside = u[:, kept].T @ target
    if np.linalg.norm(target - u[:, kept] @ inside) > 1e-7 * np.linalg.norm(target):
        return None, target
    return v[kept], inside / s[kept]


class _Path:
    """The central path for orthonormal constraint rows; one more 1 x 1 block is what is left of the trace bound."""

    def __init__(self, rows: Array, target: Array, sizes: list[int]) -> None:
        self.sizes = [*sizes, 1]
        self.ends = np.cumsum([n * n for n in self.sizes])
        shift = np.concatenate([np.eye(n).ravel() for n in sizes])
        trace = np.append(shift, 1.0) / np.sqrt(len(shift))
        self.rows = np.vstack([np.hstack([rows, np.zeros((len(rows), 1))]), trace])
        self.target = np.append(target, BOUND / np.sqrt(len(shift)))
        self.shift = np.append(shift, 0.0)
        self.triangles = [np.triu_indices(n) for n in self.sizes]
        self.unit = np.concatenate([np.where(i == j, 1.0, 0.0) for i, j in self.triangles])
        self.pull = self.rows @ self.shift
        start = target @ rows
        self.level = min(float(np.linalg.eigvalsh(q)[0]) for q in self.split(np.append(start, 1.0))[:-1]) - 1.0
        self.slack = np.append(start, BOUND - start @ shift) - self.level * self.shift
        self.ceiling = np.inf

    def split(self, flat: Array) -> list[Array]:
        return [part.reshape(n, n) for part, n in zip(np.split(flat, self.ends[:-1]), self.sizes, strict=True)]

    def run(self, iterations: int) -> None:
        dimension = sum(self.sizes)
        tau = float(dimension)
        for _ in range(iterations):
            decrement = self.step(tau)
            if not np.isfinite(decrement) or self.ceiling < -10 * ACCURACY:
                break
            if decrement < CENTRED:
                if self.level > max(0.0, 0.3 * self.ceiling) or dimension / tau < ACCURACY:
                    break
                tau *= GROWTH

    def step(self, tau: float) -> float:
        """One Newton step with an exact line search; the decrement, infinite where rounding has ended the path."""
        try:
            factors = [np.asarray(np.linalg.cholesky(q), dtype=np.float64) for q in self.split(self.slack)]
            scaled = self._scaled(factors)
            q, r = np.linalg.qr(scaled.T)
            residual = self.target - self.rows @ (self.slack + self.level * self.shift)
            base = np.linalg.solve(r, q.T @ self.unit - np.linalg.solve(r.T, residual))
            along = np.linalg.solve(r, np.linalg.solve(r.T, self.pull))
        except np.linalg.LinAlgError:
            return np.inf
        climb = (tau - self.pull @ base) / (self.pull @ along)
        dual = base + climb * along
        moves = self._matrices(self.unit - scaled.T @ dual)
        spectrum = np.concatenate([np.linalg.eigvalsh(m) for m in moves])
        decrement = float(np.linalg.norm(spectrum))
        if spectrum.max() <= 1:
            self.ceiling = min(self.ceiling, float(self.target @ dual) / tau)
        length = 1.0 if decrement < 0.3 else _best_length(spectrum, tau * climb)
        change = np.concatenate([(f @ m @ f.T).ravel() for f, m in zip(factors, moves, strict=True)])
        self.slack = self.slack + length * change
        self.level += length * float(climb)
        return decrement

    def _scaled(self, factors: list[Array]) -> Array:
        """The constraint rows in the coordinates where the slack is the identity: upper triangles, with sqrt 2 off the
        diagonal, so that the trace of a product is a scalar product."""
        parts = []
        for rows, f, (i, j) in zip(np.split(self.rows, self.ends[:-1], axis=1), factors, self.triangles, strict=True):
            turned = f.T @ rows.reshape(-1, len(f), len(f)) @ f
            parts.append(turned[:, i, j] * np.where(i == j, 1.0, ROOT))
        return np.concatenate(parts, axis=1)

    def _matrices(self, flat: Array) -> list[Array]:
        """The symmetric matrices with these upper triangles."""
        made = []
        ends = np.cumsum([len(i) for i, _ in self.triangles])
        for part, n, (i, j) in zip(np.split(flat, ends[:-1]), self.sizes, self.triangles, strict=True):
            full = np.zeros((n, n))
            full[i, j] = full[j, i] = part * np.where(i == j, 1.0, 1 / ROOT)
            made.append(full)
        return made


def _best_length(spectrum: Array, gain: float) -> float:
    """The minimiser of -gain a - sum log(1 + a spectrum) over the lengths a that keep every 1 + a spectrum > 0."""
    low, high = 0.0, min(0.999 / max(-float(spectrum.min()), 1e-3), 100.0)
    for _ in range(40):
        middle = (low + high) / 2
        if gain + float(np.sum(spectrum / (1 + middle * spectrum))) > 0:
            low = middle
        else:
            high = middle
    return low
