"""A quick numerical look at a formula: may it hold (or fail) for this meta-problem?  A filter, never evidence.

Quantifiers run over small grids, so a formula may be judged wrongly in either direction; what passes is proved exactly,
what does not is lost to the search.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cached_property
from itertools import islice, product
from typing import Any, final

from ...problems import MetaProblem
from ...terms import Term
from ..floating import np
from .numeric import derived, real_roots
from .values import TOLERANCE, Unknown, Values

REALS = (1.0, 0.25, 0.5, 0.0, 2.0, -1.0, 0.05, 4.0)
STEPS = (1.0, 0.5, 0.25, 0.05, 4.0), (1.0, 0.5, 0.25, 0.05, 0.01, 4.0)
OUTER = {1: (0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -2.0, 3.0, -3.0, 1.5, -0.25, -0.75), 2: (0.0, 1.0, -1.0, 0.5, 2.0)}
WITHIN = (0.25, 0.75), (0.01, 0.02, 0.25, 0.26, 0.51, 0.75, 0.76, 0.99, 0.98)
INNER = {1: (*OUTER[1], 0.01, 1.01, -0.99, 0.51, 2.01, 0.02, 0.98, 9.0, -9.0, 90.0, -90.0), 2: (*OUTER[2], 0.01, 1.01, -9.0, 9.0)}
BESIDE = (0.0, 0.1, -0.1, 0.004, -0.004)
"""For iterations: rates and radii, and points around the critical ones, so close that no radius excludes them."""
NEAR = (0.01, -0.01)
STARTS = (0.0, 1.0, -1.0, 0.5, -2.0)
"""Coordinates for the outermost quantifier, and for those inside it: near the outer ones, and far away."""


REAL = "real quantified"


CURL = 1e-5


@final
class Look:
    """Numerical values of one problem's functions."""

    def __init__(self, problem: MetaProblem, iterating: bool = False) -> None:
        self.iterating = iterating and problem.dimension == 1
        self.reals = STEPS if self.iterating else (REALS, REALS)
        self.n, self.problem, self.at = problem.dimension, problem, Values(problem)

    @cached_property
    def grids(self) -> tuple[Any, Any]:
        """Points for the outermost quantifier, and for those inside it."""
        special = self.at.stationary()
        if self.iterating:
            around = [[float(x) + d] for x in (*[c[0] for c in special], *STARTS) for d in BESIDE]
            return self._grid((), around), self._grid((9.0, -9.0, 90.0, -90.0), around)
        outer, inner = (self._grid(axes.get(self.n, (0.0, 1.0, -1.0)), special) for axes in (OUTER, INNER))
        return outer, inner

    def _grid(self, axis: tuple[float, ...], special: list[list[float]]) -> Any:
        if self.problem.constraints and self.n == 1:
            axis = (*axis, *WITHIN[axis is INNER[1]])
        grid = np.array(np.meshgrid(*[np.array(axis, dtype=float)] * self.n)).reshape(self.n, -1)
        if special:
            grid = np.concatenate([np.array(special).T, grid], axis=1)
        return self._kept(grid)

    def _grid_of(self, points: list[list[float]]) -> Any:
        return self._kept(np.array(points).T)

    def _kept(self, grid: Any) -> Any:
        if not self.problem.constraints:
            return grid
        return grid[:, np.broadcast_to(self.at.inside(list(grid)), grid.shape[1:])]

    # formulas

    def possible(self, f: Term, holds: bool, phi: tuple[Fraction, ...]) -> bool:
        """Whether the formula may hold (or fail)."""
        env: dict[str, Any] = {"phi": [float(c) for c in phi]}
        self.near = self._grid_of([[float(c) + d * (i == j) for j, c in enumerate(phi)] for i in range(self.n) for d in NEAR])
        try:
            with np.errstate(all="ignore"):
                return bool(np.any(self._look(f, holds, env, 0)))
        except Unknown:
            return True

    def _look(self, f: Term, holds: bool, env: Mapping[str, Any], depth: int) -> Any:
        args = f.args
        match f.head:
            case "true" | "false":
                return np.bool_((f.head == "true") == holds)
            case "not":
                return self._look(args[0], not holds, env, depth)
            case "and" | "or":
                join = np.logical_and if (f.head == "and") == holds else np.logical_or
                result = self._look(args[0], holds, env, depth)
                for part in args[1:]:
                    result = join(result, self._look(part, holds, env, depth))
                return result
            case "implies":
                join = np.logical_or if holds else np.logical_and
                return join(self._look(args[0], not holds, env, depth), self._look(args[1], holds, env, depth))
            case "iff":
                a, b = args
                forward = np.logical_and(self._look(a, True, env, depth), self._look(b, holds, env, depth))
                return np.logical_or(
                    forward, np.logical_and(self._look(a, False, env, depth), self._look(b, not holds, env, depth))
                )
            case "forall" | "exists":
                return self._quantified(f, holds, env, depth)
        try:
            return self._atom(f, holds, env)
        except Unknown:
            return np.bool_(True)

    def _atom(self, f: Term, holds: bool, env: Mapping[str, Any]) -> Any:
        args = f.args
        match f.head:
            case "eq":
                return self._equation(args, holds, env)
            case "lt" | "le":
                gap = self.at.value(args[1], env) - self.at.value(args[0], env)
                strict = (f.head == "lt") == holds
                gap = gap if holds else -gap
                return gap > TOLERANCE if strict else gap >= -TOLERANCE
            case "posdef" | "psd" | "nonsingular":
                return self._definite(f.head, args[0], holds, env)
            case "pred":
                return self._predicate(args[0], args[1:], holds, env)
        raise Unknown(f.head)

    def _quantified(self, f: Term, holds: bool, env: Mapping[str, Any], depth: int) -> Any:
        name, sort, body = f.args
        every = (f.head == "forall") == holds
        if type(sort) is Term:
            places = range(1, int(self.at.value(sort, env)) + 1)
            parts = [self._look(body, holds, {**env, name: float(i)}, depth) for i in places]
            return (np.logical_and if every else np.logical_or).reduce(np.broadcast_arrays(*parts))
        if sort == "task":
            parts = [self._look(body, holds, {**env, name: t}, depth) for t in range(len(self.at.losses))]
            return (
                np.logical_and.reduce(np.broadcast_arrays(*parts)) if every else np.logical_or.reduce(np.broadcast_arrays(*parts))
            )
        if sort == "family":
            families = [self._look(body, holds, {**env, name: th}, depth) for th in self._families()]
            return (np.logical_and if every else np.logical_or).reduce(np.broadcast_arrays(*families))
        if sort == "point":
            grid = np.concatenate([self.grids[bool(depth)], self.near], axis=1)
            value: Any = [row.reshape(-1, *[1] * depth) for row in grid]
        elif sort == "real":
            value = np.array(self.reals[REAL in env]).reshape(-1, *[1] * depth)
            env = {**env, REAL: True}
        else:
            raise Unknown(str(sort))
        if depth > (8 if self.iterating else 4):
            raise Unknown("too many quantifiers")
        inside = self._look(body, holds, {**env, name: value}, depth + 1)
        if np.ndim(inside) <= depth:
            return inside
        return np.all(inside, axis=-(depth + 1)) if every else np.any(inside, axis=-(depth + 1))

    def _families(self) -> list[list[Any]]:
        """A point for each task: its critical points in one dimension, else the origin."""
        if self.n != 1 or any(loss.coefficients is None for loss in self.at.losses):
            return [[[0.0] * self.n for _ in self.at.losses]]
        rows = [real_roots(derived(dict(loss.coefficients or {}))) or [0.0] for loss in self.at.losses]
        return [[[x] for x in choice] for choice in islice(product(*rows), 8)]

    def _equation(self, sides: tuple[Term, ...], holds: bool, env: Mapping[str, Any]) -> Any:
        left, right = (env.get(s.args[0]) if s.head == "sym" else None for s in sides)
        if type(left) is int or type(right) is int:
            return np.bool_((left == right) == holds)
        left, right = (self.at.value(s, env) for s in sides)
        if type(left) is list:
            gaps = np.broadcast_arrays(*[np.abs(a - b) for a, b in zip(left, right, strict=True)])
            gap = np.max(np.array(gaps), axis=0)
        else:
            gap = np.abs(left - right)
        return gap <= TOLERANCE if holds else gap > TOLERANCE

    def _predicate(self, name: str, args: tuple[Term, ...], holds: bool, env: Mapping[str, Any]) -> Any:
        if name == "Phi":
            return np.equal(self.at.inside(self.at.value(args[0], env)), holds)
        if name == "conservative":
            return np.bool_((self._curl(args[0].args[0]) < CURL) == holds)
        if name == "whole":
            return np.bool_((not self.problem.constraints) == holds)
        if name == "count":
            kinds = {loss.key for loss in self.at.losses}
            return np.bool_((len(kinds) >= self.at.value(args[0], env) - TOLERANCE) == holds)
        if name == "samelaw":
            here, there = (self.at.value(a, env) for a in args)
            gaps = [
                self.at.mean(lambda t, k=k: self.at.loss(t, here) ** k - self.at.loss(t, there) ** k)
                for k in range(1, 2 * len(self.at.losses))
            ]
            gap = np.max(np.abs(np.array(gaps)), axis=0)
            return gap <= TOLERANCE if holds else gap > TOLERANCE
        if name == "gd" and self.n == 1:
            return self._descends(args, holds, env)
        return np.bool_(True)

    def _descends(self, args: tuple[Term, ...], holds: bool, env: Mapping[str, Any]) -> Any:
        """Some hundred steps of gradient descent end near the limit; where they end only roughly there, both may be."""
        rate, start, end = (self.at.value(a, env) for a in args)
        x = start[0] + 0 * rate
        for _ in range(400):
            slope = self.at.mean(lambda t, x=x: self.at.losses[t].slope(0)([x]))
            x = np.clip(x - rate * slope, -1e6, 1e6)
        gap = np.abs(x - end[0])
        rest = np.abs(self.at.mean(lambda t: self.at.losses[t].slope(0)(end))) < 1e-6
        return np.logical_and(gap < 0.05, rest) if holds else np.logical_or(gap > 0.05, ~rest)

    def _curl(self, field: str) -> float:
        """How far the Jacobian of an update field is from symmetric, by differences at two points."""
        if self.n != 2:
            return 0.0 if self.n == 1 else CURL
        term, worst = Term("app", (field, Term("sym", ("x",)))), 0.0
        for a, b in ((0.3, 0.7), (1.1, -0.4)):
            h = 1e-4
            east, west = (self.at.value(term, {"x": [a + d, b]})[1] for d in (h, -h))
            north, south = (self.at.value(term, {"x": [a, b + d]})[0] for d in (h, -h))
            worst = max(worst, abs(float(east - west - north + south)) / (2 * h))
        return worst

    def _definite(self, kind: str, m: Term, holds: bool, env: Mapping[str, Any]) -> Any:
        rows = self.at.matrix(m, env)
        entries = np.broadcast_arrays(*[np.asarray(e, dtype=float) for row in rows for e in row])
        stacked = np.moveaxis(np.array(entries), 0, -1).reshape(*entries[0].shape, self.n, self.n)
        values = stacked[..., 0] if self.n == 1 else np.linalg.eigvalsh(stacked)
        if kind == "nonsingular":
            good = np.min(np.abs(values), axis=-1) > TOLERANCE
        else:
            good = np.min(values, axis=-1) > (TOLERANCE if kind == "posdef" else -TOLERANCE)
        return good if holds else ~good
