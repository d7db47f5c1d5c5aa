"""Quadratic tasks with different curvatures and optima.

L_t(phi) = 1/2 sum_i a_ti (phi_i - c_ti)^2 with curvatures a_ti = t + i - 1 and optima c_ti = (t - 1) i for t = 1, ..., T,
i = 1, ..., n: all curvatures positive, no two tasks with the same optimum, and the curvature of a coordinate differs
from task to task, so that the optima of the plain and of the adapted objective differ.  Tasks are equally likely.
"""

from __future__ import annotations

from ...problems import MetaProblem
from ...terms import Term, number, symbol, total
from ..laws import finite_law


def quadratic(dimension: int, tasks: int) -> MetaProblem:
    names = ["phi"] if dimension == 1 else [f"phi_{i}" for i in range(1, dimension + 1)]
    return finite_law(names, [_loss(names, t) for t in range(1, tasks + 1)])


def _loss(names: list[str], t: int) -> Term:
    numbered = list(enumerate(map(symbol, names), start=1))
    return total([number(t + i - 1) * (x - number((t - 1) * i)) ** 2 / 2 for i, x in numbered])
