"""Numerical values of what a meta-problem says F, grad F, ... are, at arrays of points."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from ...problems import MetaProblem
from ...terms import Term
from ..floating import np
from .numeric import derived, evaluate, numeric, real_roots

TOLERANCE = 1e-9


class Unknown(Exception):
    """The look tells nothing about this formula."""


class Values:
    """A number is an array, a point is a list of n arrays."""

    def __init__(self, problem: MetaProblem) -> None:
        self.n = problem.dimension
        self.problem = problem
        self.losses = [numeric(loss, problem.parameters) for loss in problem.losses]
        self.weights = [float(w) for w in problem.weights]
        self.alpha = float(problem.rate.args[0]) if problem.rate is not None else None

    def value(self, term: Term, env: Mapping[str, Any]) -> Any:
        args = term.args
        match term.head:
            case "num":
                return float(args[0])
            case "sym":
                return self._symbol(args[0], env)
            case "add":
                return _sum([self.value(a, env) for a in args])
            case "mul":
                return _product([self.value(a, env) for a in args])
            case "pow":
                return np.power(np.asarray(self.value(args[0], env), dtype=float), args[1])
            case "dot":
                return sum(a * b for a, b in zip(self.value(args[0], env), self.value(args[1], env), strict=True))
            case "coord":
                return self.value(args[0], env)[int(self.value(args[1], env)) - 1]
            case "zero":
                return [0.0] * self.n
            case "vec":
                return [self.value(a, env) for a in args]
            case "at":
                return env[args[0]][env[args[1].args[0]]]
            case "mean":
                return self.mean(lambda t: self.value(args[1], {**env, args[0]: t}))
            case "app" | "grad":
                return self._function(term, env)
        raise Unknown(term.head)

    def _symbol(self, name: str, env: Mapping[str, Any]) -> Any:
        if name in env:
            return env[name]
        if name == "n":
            return float(self.n)
        if name == "steps":
            return float(self.problem.steps)
        if name == "alpha" and self.alpha is not None:
            return self.alpha
        raise Unknown(name)

    def _function(self, term: Term, env: Mapping[str, Any]) -> Any:
        name, *args = term.args
        if name == "L":
            t, x = env[args[0].args[0]], self.value(args[1], env)
            return self.loss(t, x) if term.head == "app" else self.gradient(t, x)
        if name not in ("F", "F_MAML", "reptile", "fomaml"):
            raise Unknown(name)
        x = self.value(args[0], env)
        if name == "F":
            return self.mean(lambda t: self.loss(t, x) if term.head == "app" else self.gradient(t, x))
        rate = self.value(args[1], env) if len(args) == 2 else self.alpha
        if rate is None or term.head != "app":
            raise Unknown(name)
        ends = [self._adapt(t, x, rate, self.problem.steps if len(args) == 1 else 1) for t in range(len(self.losses))]
        if name == "F_MAML":
            return self.mean(lambda t: self.loss(t, ends[t]))
        return self.mean(lambda t: _sum([ends[t], _product([-1.0, x])]) if name == "reptile" else self.gradient(t, ends[t]))

    def _adapt(self, t: int, x: Any, rate: Any, steps: int) -> Any:
        for _ in range(steps):
            rates = rate if type(rate) is list else [rate] * self.n
            x = [a - r * g for a, r, g in zip(x, rates, self.gradient(t, x), strict=True)]
        return x

    def mean(self, body: Any) -> Any:
        return _sum([_product([w, body(t)]) for t, w in enumerate(self.weights)])

    def loss(self, t: int, x: Any) -> Any:
        return self.losses[t](x)

    def gradient(self, t: int, x: Any) -> list[Any]:
        return [self.losses[t].slope(i)(x) for i in range(self.n)]

    def matrix(self, m: Term, env: Mapping[str, Any]) -> list[list[Any]]:
        side = range(self.n)
        match m.head:
            case "eye":
                return [[float(i == j) for j in side] for i in side]
            case "fisher":
                slopes = [self.gradient(t, self.value(m.args[0], env)) for t in range(len(self.losses))]
                return [[self.mean(lambda t, i=i, j=j: slopes[t][i] * slopes[t][j]) for j in side] for i in side]
            case "hess" if m.args[0] in ("F", "L"):
                tasks = range(len(self.losses)) if m.args[0] == "F" else [env[m.args[1].args[0]]]
                x = self.value(m.args[-1], env)
                weights = self.weights if m.args[0] == "F" else {env[m.args[1].args[0]]: 1.0} if m.args[0] == "L" else {}
                return [[sum(weights[t] * self.losses[t].slope(i).slope(j)(x) for t in tasks) for j in side] for i in side]
            case "madd":
                parts = [self.matrix(a, env) for a in m.args]
                return [[sum(p[i][j] for p in parts) for j in side] for i in side]
            case "mscale":
                factor, inside = self.value(m.args[0], env), self.matrix(m.args[1], env)
                return [[factor * entry for entry in row] for row in inside]
        raise Unknown(m.head)

    def inside(self, x: Any) -> Any:
        result: Any = np.bool_(True)
        for constraint in self.problem.constraints:
            low, high = (numeric(s, self.problem.parameters)(x) for s in constraint.args)
            result = np.logical_and(result, low < high if constraint.head == "lt" else low <= high)
        return result

    def stationary(self) -> list[list[float]]:
        """Critical points of the objectives: roots in one dimension, one Newton step (exact for quadratics) in two."""
        if self.n == 1:
            if any(loss.coefficients is None for loss in self.losses):
                return []
            polynomials = [dict(loss.coefficients or {}) for loss in self.losses]
            return [[x] for x in real_roots(derived(_mean_of(polynomials, self.weights)))] + [
                [x] for x in self._adapted_roots(polynomials)
            ]
        origin = [0.0] * self.n
        slopes = [self.mean(lambda t, i=i: self.losses[t].slope(i)(origin)) for i in range(self.n)]
        bends = [
            [self.mean(lambda t, i=i, j=j: self.losses[t].slope(i).slope(j)(origin)) for j in range(self.n)]
            for i in range(self.n)
        ]
        if abs(float(np.linalg.det(np.array(bends, dtype=float)))) < TOLERANCE or not any(slopes):
            return []
        return [[float(v) for v in -np.linalg.solve(np.array(bends, dtype=float), np.array(slopes, dtype=float))]]

    def irrational(self) -> bool:
        """Whether the lowest critical point of a polynomial F in one variable looks irrational."""
        if self.n != 1 or any(loss.coefficients is None for loss in self.losses):
            return False
        mean = _mean_of([dict(loss.coefficients or {}) for loss in self.losses], self.weights)
        roots = real_roots(derived(mean))
        if not roots:
            return False
        lowest = min(roots, key=lambda x: float(evaluate(mean, [x])))
        return abs(float(Fraction(lowest).limit_denominator(200)) - lowest) > TOLERANCE * 1e3

    def _adapted_roots(self, polynomials: list[dict[tuple[int, ...], float]]) -> list[float]:
        if self.alpha is None or self.problem.steps != 1 or max((e[0] for p in polynomials for e in p), default=0) > 4:
            return []
        adapted = np.poly1d([0.0])
        for p, w in zip(polynomials, self.weights, strict=True):
            loss = np.poly1d([p.get((k,), 0.0) for k in range(max((e[0] for e in p), default=0), -1, -1)])
            adapted = adapted + w * loss(np.poly1d([1.0, 0.0]) - self.alpha * loss.deriv())
        dense = adapted.deriv().coeffs
        return real_roots({(len(dense) - 1 - k,): float(c) for k, c in enumerate(dense)})


def _sum(parts: list[Any]) -> Any:
    if type(parts[0]) is list:
        return [sum(entries) for entries in zip(*parts, strict=True)]
    return sum(parts[1:], parts[0])


def _product(parts: list[Any]) -> Any:
    vectors = [p for p in parts if type(p) is list]
    scale: Any = 1.0
    for part in parts:
        if type(part) is not list:
            scale = scale * part
    return [scale * entry for entry in vectors[0]] if vectors else scale


def _mean_of(polynomials: list[dict[tuple[int, ...], float]], weights: list[float]) -> dict[tuple[int, ...], float]:
    found: dict[tuple[int, ...], float] = {}
    for p, w in zip(polynomials, weights, strict=True):
        for e, c in p.items():
            found[e] = found.get(e, 0.0) + w * c
    return {e: c for e, c in found.items() if abs(c) > TOLERANCE}
