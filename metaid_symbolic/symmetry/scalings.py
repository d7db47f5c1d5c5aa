"""Gradings of a model and its diagonal symmetries.

A grading gives weights to parameters, inputs and outputs such that f_j(t^a theta, t^b x) = t^(c_j) f_j(theta, x) for t > 0.
Weights are the solutions of linear equations over Q that the expression graph yields: the summands of a sum have one weight,
factors add up, relu keeps it, and what stands in any other function has weight 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import Any, final

from ..model import Model
from ..programs import Graph
from ..programs.reading import read

Form = dict[str, Fraction]
"""A linear form in the weights of the names."""


@final
@dataclass(frozen=True)
class Gradings:
    """The `equations` between the weights of parameters and inputs, and the weight of each output as a form in them."""

    model: Model
    equations: tuple[tuple[tuple[str, Fraction], ...], ...]
    outputs: tuple[tuple[tuple[str, Fraction], ...], ...]

    @classmethod
    def of(cls, model: Model) -> Gradings:
        graph = Graph()
        roots = read(graph, model.outputs)
        forms: dict[int, Form] = {}
        equations: list[Form] = []
        for node in graph.reachable(roots):
            forms[node] = _weight(graph, node, forms, equations)
        listed = dict.fromkeys(tuple(sorted(e.items())) for e in equations if e)
        return cls(model, tuple(listed), tuple(tuple(sorted(forms[r].items())) for r in roots))

    @cached_property
    def weights(self) -> dict[str, tuple[Fraction, ...]]:
        """The weight of every parameter, in all gradings of a basis."""
        names = (*self.model.parameters, *self.model.inputs)
        kernel = _kernel([dict(e) for e in self.equations], names)
        return {name: tuple(vector[i] for vector in kernel) for i, name in enumerate(names[: len(self.model.parameters)])}

    @cached_property
    def exponents(self) -> list[list[int]]:
        """An integer matrix M, a column a parameter: theta_i -> t_i theta_i leaves f as it is if t^m = 1 for all rows m."""
        names = self.model.parameters
        rows = []
        for form in dict.fromkeys((*self.equations, *self.outputs)):
            kept = {n: v for n, v in form if n in set(names)}
            if kept:
                scale = lcm(*(v.denominator for v in kept.values()))
                rows.append([int(kept.get(n, Fraction(0)) * scale) for n in names])
        return rows

    @cached_property
    def diagonal(self) -> DiagonalGroup:
        return DiagonalGroup.of(self.exponents, len(self.model.parameters))


@final
@dataclass(frozen=True)
class DiagonalGroup:
    """{t in (C*)^n : t^m = 1 for all rows m of an integer matrix} = (C*)^rank x Z/d_1 x ... with d_i | d_(i+1), d_i > 1."""

    rank: int
    finite: tuple[int, ...]

    @classmethod
    def of(cls, rows: Sequence[Sequence[int]], size: int) -> DiagonalGroup:
        """From the Smith normal form of the matrix."""
        from flint import fmpz_mat

        if not rows:
            return cls(size, ())
        form = fmpz_mat([list(row) for row in rows]).snf()
        factors = [abs(int(form[i, i])) for i in range(min(form.nrows(), form.ncols()))]
        return cls(size - sum(1 for d in factors if d), tuple(d for d in factors if d > 1))

    def __str__(self) -> str:
        parts = [f"(C*)^{self.rank}"] if self.rank else []
        return " x ".join([*parts, *(f"Z/{d}" for d in self.finite)]) or "trivial"


def _weight(graph: Graph, node: int, forms: Mapping[int, Form], equations: list[Form]) -> Form:
    data = graph.data[node]
    match graph.heads[node]:
        case "num":
            return {}
        case "sym":
            return {data[0]: Fraction(1)}
        case "prod":
            return _combined([(Fraction(e), forms[child]) for child, e in data])
        case "sum":
            parts = [forms[child] for child, _ in data[1]] + ([{}] if data[0] else [])
            equations += [_combined([(Fraction(1), parts[0]), (Fraction(-1), other)]) for other in parts[1:]]
            return parts[0]
        case "relu":
            return forms[data[0]]
        case "sqrt":
            return _combined([(Fraction(1, 2), forms[data[0]])])
    equations.append(forms[data[0]])
    return {}


def _combined(parts: Sequence[tuple[Fraction, Form]]) -> Form:
    made: Form = {}
    for scale, form in parts:
        for name, value in form.items():
            made[name] = made.get(name, Fraction(0)) + scale * value
    return {name: value for name, value in made.items() if value}


def _kernel(equations: Sequence[Form], names: Sequence[str]) -> list[list[Fraction]]:
    """A basis of the solutions, by elimination with sparse rows."""
    pivots: dict[str, Form] = {}
    for equation in equations:
        row = dict(equation)
        for name in [n for n in row if n in pivots]:
            row = _combined([(Fraction(1), row), (-row.get(name, Fraction(0)), pivots[name])])
        if not row:
            continue
        head = next(iter(row))
        row = _combined([(1 / row[head], row)])
        for name, other in pivots.items():
            if head in other:
                pivots[name] = _combined([(Fraction(1), other), (-other[head], row)])
        pivots[head] = row
    free = [n for n in names if n not in pivots]
    return [
        [Fraction(1) if n == f else -pivots[n].get(f, Fraction(0)) if n in pivots else Fraction(0) for n in names] for f in free
    ]


def added(weights: Sequence[Any], dimension: int) -> tuple[Fraction, ...]:
    """The sum of weight vectors."""
    return tuple(sum((w[k] for w in weights), Fraction(0)) for k in range(dimension))
