"""The derived objects of one problem in one arithmetic: each an array of values of the algebra, computed when first asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any, final

from ..models.laws import FiniteLaw, Law
from ..models.objective import MetaObjective
from ..printing import text
from ..problems import MetaProblem
from ..programs import symbols_of
from ..terms import IllFormed, Term, symbol
from .algebra import Algebra
from .inverse import sandwich

_ONE = Fraction(1)
Array = list[list[Any]]


def rate_of(problem: MetaProblem) -> Term:
    """The learning rate.  Raises `IllFormed` if there is none, or if it is not the same for all points and tasks."""
    if problem.rate is None:
        raise IllFormed("the learner maml has no rate")
    shared = sorted(symbols_of(problem.rate) & {*problem.parameters, *(noise.name for noise in problem.noise)})
    if shared:
        raise IllFormed(f"the rate {text(problem.rate)} depends on {', '.join(shared)}")
    return problem.rate


def ingredients(problem: MetaProblem | MetaObjective) -> list[Term]:
    """The terms that a derivation is made from."""
    if isinstance(problem, MetaObjective):
        return list(problem.tasks)
    return [*problem.losses, *([rate_of(problem)] if problem.learner == "maml" else [])]


def law_of(problem: MetaProblem | MetaObjective) -> Law:
    """The task law."""
    if isinstance(problem, MetaObjective):
        return problem.law
    return FiniteLaw(problem.weights) if not problem.noise else MetaObjective.of(replace(problem, learner="plain")).law


@final
@dataclass(frozen=True)
class Values:
    """Rows of values of the algebra; a scalar is one row of one entry, a vector a column."""

    problem: MetaProblem | MetaObjective
    algebra: Algebra

    @cached_property
    def law(self) -> Law:
        return law_of(self.problem)

    @cached_property
    def adapted_points(self) -> Array:
        """theta_t for each task of a meta-problem."""
        problem, algebra = self.problem, self.algebra
        assert isinstance(problem, MetaProblem)
        start = [algebra.read(symbol(n)) for n in problem.parameters]
        if problem.learner == "plain":
            return [start for _ in problem.losses]
        rate = algebra.read(rate_of(problem))
        ends = []
        for loss in problem.losses:
            slope, here = algebra.gradient(algebra.read(loss)), start
            for _ in range(problem.steps):
                moves = [algebra.times(rate, g) for g in algebra.compose(slope, here)]
                here = [algebra.combination([(_ONE, x), (-_ONE, move)]) for x, move in zip(here, moves, strict=True)]
            ends.append(here)
        return ends

    @cached_property
    def tasks(self) -> list[Any]:
        """G_t for each task."""
        if isinstance(self.problem, MetaObjective):
            return [self.algebra.read(task) for task in self.problem.tasks]
        if self.problem.learner == "plain":
            return [self.algebra.read(loss) for loss in self.problem.losses]
        pairs = zip(self.problem.losses, self.adapted_points, strict=True)
        return [self.algebra.compose([self.algebra.read(loss)], end)[0] for loss, end in pairs]

    @cached_property
    def jacobian(self) -> Array:
        return [self.algebra.gradient(value) for value in self.tasks]

    def mean(self, values: Sequence[Any]) -> Any:
        """The expectation over the task law."""
        return self.algebra.mean(self.law, values)

    @cached_property
    def objective(self) -> Array:
        return [[self.mean(self.tasks)]]

    @cached_property
    def gradient(self) -> Array:
        return [[slope] for slope in self.algebra.gradient(self.objective[0][0])]

    @cached_property
    def hessian(self) -> Array:
        return self.algebra.symmetric([slope for (slope,) in self.gradient])

    @cached_property
    def third(self) -> Array:
        """Matrix below matrix: row i n + j holds D_i D_j D_k F for k = 1, ..., n."""
        size = range(len(self.hessian))
        upper = {(i, j): self.algebra.gradient(self.hessian[i][j]) for i in size for j in size if i <= j}
        return [upper[min(i, j), max(i, j)] for i in size for j in size]

    @cached_property
    def fisher(self) -> Array:
        times, side = self.algebra.times, range(len(self.jacobian[0]))
        upper = {(i, j): self.mean([times(g[i], g[j]) for g in self.jacobian]) for i in side for j in side if i <= j}
        return [[upper[min(i, j), max(i, j)] for j in side] for i in side]

    @cached_property
    def covariance(self) -> Array:
        algebra, slope = self.algebra, [g for (g,) in self.gradient]
        return [
            [algebra.combination([(_ONE, entry), (-_ONE, algebra.times(slope[i], slope[j]))]) for j, entry in enumerate(row)]
            for i, row in enumerate(self.fisher)
        ]

    @cached_property
    def profile(self) -> Array:
        return [[value] for value in self.tasks]

    @cached_property
    def sandwich(self) -> tuple[Array, Any]:
        """The numerators adj(H) C adj(H) and the denominator det(H)^2 of H^-1 C H^-1."""
        return sandwich(self.algebra, self.hessian, self.covariance)
