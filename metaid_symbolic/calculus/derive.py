"""The objects that statements on a meta-problem speak of, derived exactly.

With theta_t the point phi (plain) or where k gradient steps of size alpha on L_t lead from phi (MAML: Finn, Abbeel,
Levine 2017), and G_t(phi) = L_t(theta_t(phi)):
objective E G_t, gradient and Hessian of it, fisher E (grad G_t)(grad G_t)^T, covariance = fisher - gradient gradient^T,
profile (G_t)_t and jacobian D profile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any, final

from ..problems import MetaProblem
from ..terms import ZERO, IllFormed, Term, equal, free_symbols, less, negation, substitute, subterms, symbol, text
from .algebra import Algebra, algebra_of
from .expression import Expression
from .polynomials import collected

_ONE = Fraction(1)


def derive(problem: MetaProblem) -> MetaObjective:
    """The derivation of a plain or MAML problem with C^2 losses.

    Raises `NotDifferentiable` for a loss with a kink, `IllFormed` for MAML without a rate, or with one that depends on the
    parameters or the task.
    """
    made = MetaObjective(problem)
    _ = made.algebra
    return made


@final
@dataclass(frozen=True)
class MetaObjective:
    """What is derived from a meta-problem; each part is computed when it is first asked for."""

    problem: MetaProblem

    @property
    def plain(self) -> MetaObjective:
        """The same without adaptation."""
        return MetaObjective(replace(self.problem, learner="plain"))

    @cached_property
    def algebra(self) -> Algebra:
        problem = self.problem
        return algebra_of(problem.parameters, [*problem.losses, *([_rate(problem)] if problem.learner == "maml" else [])])

    @cached_property
    def adapted_points(self) -> list[list[Any]]:
        """theta_t for each task."""
        problem, algebra = self.problem, self.algebra
        start = [algebra.read(symbol(n)) for n in problem.parameters]
        if problem.learner == "plain":
            return [start for _ in problem.losses]
        rate = algebra.read(_rate(problem))
        ends = []
        for loss in problem.losses:
            slope, here = algebra.gradient(algebra.read(loss)), start
            for _ in range(problem.steps):
                moves = [algebra.times(rate, algebra.compose(g, here)) for g in slope]
                here = [algebra.combination([(_ONE, x), (-_ONE, move)]) for x, move in zip(here, moves, strict=True)]
            ends.append(here)
        return ends

    @cached_property
    def task_values(self) -> list[Any]:
        """G_t for each task."""
        pairs = zip(self.problem.losses, self.adapted_points, strict=True)
        return [self.algebra.compose(self.algebra.read(loss), end) for loss, end in pairs]

    @cached_property
    def task_gradients(self) -> list[list[Any]]:
        return [self.algebra.gradient(value) for value in self.task_values]

    def mean(self, values: Sequence[Any]) -> Any:
        """The expectation over the task law."""
        if not self.problem.noise:
            return self.algebra.combination(list(zip(self.problem.weights, values, strict=True)))
        expected = values[0]
        for noise in self.problem.noise:
            expected = self.algebra.expectation(expected, noise)
        return expected

    @cached_property
    def _objective(self) -> Any:
        return self.mean(self.task_values)

    @cached_property
    def _gradient(self) -> list[Any]:
        return self.algebra.gradient(self._objective)

    @cached_property
    def _fisher(self) -> list[list[Any]]:
        side, times = range(self.problem.dimension), self.algebra.times
        upper = {(i, j): self.mean([times(g[i], g[j]) for g in self.task_gradients]) for i in side for j in side if i <= j}
        return [[upper[min(i, j), max(i, j)] for j in side] for i in side]

    @cached_property
    def objective(self) -> Expression:
        return self._scalar("{F}({x})", self._objective)

    @cached_property
    def gradient(self) -> Expression:
        return self._array(r"\nabla {F}({x})", [[g] for g in self._gradient], vector=True)

    @cached_property
    def hessian(self) -> Expression:
        return self._array(r"\nabla^{{2}} {F}({x})", [self.algebra.gradient(g) for g in self._gradient])

    @cached_property
    def fisher(self) -> Expression:
        return self._array("{I}({x})", self._fisher)

    @cached_property
    def covariance(self) -> Expression:
        algebra, slope = self.algebra, self._gradient
        rows = [
            [algebra.combination([(_ONE, entry), (-_ONE, algebra.times(slope[i], slope[j]))]) for j, entry in enumerate(row)]
            for i, row in enumerate(self._fisher)
        ]
        return self._array("{C}({x})", rows)

    @cached_property
    def profile(self) -> Expression:
        return self._array("{P}({x})", [[value] for value in self.task_values], vector=True)

    @cached_property
    def jacobian(self) -> Expression:
        return self._array("D {P}({x})", self.task_gradients)

    @cached_property
    def defined_where(self) -> tuple[Term, ...]:
        """Formulas under which all of it holds: in Phi with every theta_t in Phi, denominators nonzero, logarithms and
        square roots of positive numbers."""
        problem = self.problem
        ends = [tuple(map(self.algebra.write, end)) for end in self.adapted_points]
        found = list(problem.constraints)
        for loss, end in zip(problem.losses, ends, strict=True):
            values = dict(zip(problem.parameters, end, strict=True))
            found += [substitute(c, values) for c in problem.constraints]
            found += [condition for t in (loss, *end, substitute(loss, values)) for condition in _partial(t)]
        return tuple(dict.fromkeys(found))

    def _scalar(self, name: str, value: Any) -> Expression:
        return Expression(self._named(name), (), ((self.algebra.write(value),),))

    def _array(self, name: str, rows: Sequence[Sequence[Any]], vector: bool = False) -> Expression:
        written = tuple(tuple(map(self.algebra.write, row)) for row in rows)
        shape = (len(written),) if vector else (len(written), len(written[0]))
        return Expression(self._named(name), shape, written)

    def _named(self, name: str) -> str:
        """The name with `F`, `I`, ... marked by the learner, and the parameters as arguments."""
        from ..reports.notation import latex

        mark = r"_{\mathrm{MAML}}" if self.problem.learner == "maml" else ""
        if mark and self.problem.steps != 1:
            mark += f"^{{({self.problem.steps})}}"
        x = ", ".join(latex(symbol(n)) for n in self.problem.parameters)
        return name.format(F="F" + mark, I="I" + mark, C="C" + mark, P=r"\mathcal{L}" + mark, x=x)


def _rate(problem: MetaProblem) -> Term:
    if problem.rate is None:
        raise IllFormed("the learner maml has no rate")
    if shared := sorted(free_symbols(problem.rate) & {*problem.parameters, *(noise.name for noise in problem.noise)}):
        raise IllFormed(f"the rate {text(problem.rate)} depends on {', '.join(shared)}")
    return problem.rate


def _partial(term: Term) -> list[Term]:
    """Where the divisions, logarithms and square roots of a term are smooth."""
    found = []
    for part in subterms(term):
        if part.head in ("log", "sqrt") and free_symbols(part):
            found.append(less(ZERO, collected(part.args[0])))
        elif part.head == "pow" and part.args[1] < 0 and free_symbols(part):
            found.append(negation(equal(collected(part.args[0]), ZERO)))
    return found
