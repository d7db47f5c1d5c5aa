"""Objectives through the solution of an inner problem that has no closed form, and their exact derivatives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from typing import Any, final

from ..programs import Graph, gradient, jacobian
from ..programs.reading import read
from ..terms import ONE, ZERO, IllFormed, Term, as_term, equal, negation, number, symbol, total
from .composition import compose_all, compose_formula
from .laws import FiniteLaw
from .objective import Constant, MetaObjective, holds, shown, values_of
from .smoothness import Signs, evidently_positive, smooth_where

Rows = tuple[tuple[Term, ...], ...]


@final
@dataclass(frozen=True)
class ImplicitObjective:
    """F(phi) = E_t G_t(phi, theta_t(phi)) where S_t(phi, theta_t(phi)) = 0 and D_theta S_t is nonsingular.

    `inner`: for each task the symbols theta_t; `equations`: for each task as many terms S_t.  Both may mention the task's own
    symbols and no other task's.  The other fields are those of `MetaObjective`, and the law is finite.  Everything derived is
    a term in phi and the theta_t, and holds at every solution of the equations where the conditions hold.

    Raises `IllFormed` naming the two things that disagree.
    """

    parameters: tuple[str, ...]
    tasks: tuple[Term, ...]
    inner: tuple[tuple[str, ...], ...]
    equations: Rows
    law: FiniteLaw
    constants: tuple[Constant, ...] = ()
    domain: tuple[Term, ...] = ()
    conditions: tuple[Term, ...] = ()
    learner: str = "plain"
    source: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "equations", tuple(tuple(map(as_term, row)) for row in self.equations))
        for names, row in zip(self.inner, self.equations, strict=True):
            if len(names) != len(row):
                raise IllFormed(f"{len(row)} equations disagree with the {len(names)} unknowns {list(names)}")
        if not isinstance(self.law, FiniteLaw):
            raise IllFormed(f"an inner problem without closed form takes a finite law, not {type(self.law).__name__}")
        names = tuple(name for names in self.inner for name in names)
        whole = MetaObjective((*self.parameters, *names), self.tasks, self.law, self.constants, self.domain, self.conditions)
        object.__setattr__(self, "parameters", whole.parameters[: len(whole.parameters) - len(names)])
        object.__setattr__(self, "tasks", whole.tasks)
        for names, task, row in zip(self.inner, self.tasks, self.equations, strict=True):
            MetaObjective((*self.parameters, *names), (task, *row), _even(1 + len(row)), self.constants)

    @property
    def dimension(self) -> int:
        return len(self.parameters)

    def at(self, **values: Any) -> ImplicitObjective:
        """The objective with rational values for constants.  Raises `IllFormed` for a value outside the constant's domain."""
        found = values_of(self.constants, values)
        return replace(
            self,
            tasks=compose_all(self.tasks, found),
            equations=tuple(compose_all(row, found) for row in self.equations),
            constants=tuple(c for c in self.constants if c.name not in values),
            domain=tuple(compose_formula(f, found) for f in self.domain),
            conditions=tuple(f for f in (compose_formula(f, found) for f in self.conditions) if not holds(f)),
        )

    @cached_property
    def sensitivities(self) -> tuple[Rows, ...]:
        """D theta_t(phi) = -(D_theta S_t)^-1 D_phi S_t for each task: the implicit function theorem (Dini 1878)."""
        return tuple(self._sensitivity(names, row) for names, row in zip(self.inner, self.equations, strict=True))

    def _sensitivity(self, names: tuple[str, ...], row: tuple[Term, ...]) -> Rows:
        adjugate, determinant = adjugate_of(jacobian(row, names))
        scale = -Term("pow", (determinant, -1)) if determinant.head != "num" else number(-1 / determinant.args[0])
        forward = jacobian(row, self.parameters)
        entries = [
            scale * total([a * line[j] for a, line in zip(line_of, forward, strict=True)])
            for line_of in adjugate
            for j in range(self.dimension)
        ]
        flat = iter(compose_all(entries, {}))
        return tuple(tuple(next(flat) for _ in self.parameters) for _ in names)

    @cached_property
    def task_gradients(self) -> Rows:
        """D G_t(phi, theta_t(phi)) for each task."""
        return tuple(self._task_gradient(t, task) for t, task in enumerate(self.tasks))

    def _task_gradient(self, t: int, task: Term) -> tuple[Term, ...]:
        """The total derivative; D_phi G_t alone where D_theta G_t is S_t, which is 0 (the envelope theorem)."""
        graph = Graph()
        slopes = read(graph, gradient(task, self.inner[t]))
        if slopes == read(graph, self.equations[t]):
            return gradient(task, self.parameters)
        return self._total(t, (task,))[0]

    @cached_property
    def task_hessians(self) -> tuple[Rows, ...]:
        return tuple(self._total(t, row) for t, row in enumerate(self.task_gradients))

    def _total(self, t: int, terms: Sequence[Term]) -> Rows:
        """d/dphi_j u + sum_k (d/dtheta_k u) (D theta_t)_kj for each term u of the task t."""
        names = self.inner[t]
        slopes = jacobian(terms, (*self.parameters, *names))
        entries = [
            total([slope[j], *(a * line[j] for a, line in zip(slope[self.dimension :], self.sensitivities[t], strict=True))])
            for slope in slopes
            for j in range(self.dimension)
        ]
        flat = iter(compose_all(entries, {}))
        return tuple(tuple(next(flat) for _ in self.parameters) for _ in terms)

    @cached_property
    def objective(self) -> Term:
        return self._mean([(task,) for task in self.tasks])[0]

    @cached_property
    def gradient(self) -> tuple[Term, ...]:
        """The hypergradient E_t [d_phi G_t - (d_phi S_t)^T (d_theta S_t)^-T d_theta G_t]."""
        return self._mean(self.task_gradients)

    @cached_property
    def hessian(self) -> Rows:
        flat = self._mean([[entry for row in rows for entry in row] for rows in self.task_hessians])
        return _rows(flat, self.dimension)

    @cached_property
    def fisher(self) -> Rows:
        """E_t (D G_t)^T D G_t."""
        return _rows(self._mean([[a * b for a in row for b in row] for row in self.task_gradients]), self.dimension)

    def _mean(self, rows: Sequence[Sequence[Term]]) -> tuple[Term, ...]:
        weights = [number(w) for w in self.law.weights]
        columns = zip(*rows, strict=True)
        return compose_all([total([w * e for w, e in zip(weights, column, strict=True)]) for column in columns], {})


def _rows(flat: Sequence[Term], width: int) -> Rows:
    return tuple(tuple(flat[i : i + width]) for i in range(0, len(flat), width))


def _even(tasks: int) -> FiniteLaw:
    return FiniteLaw((number(1).args[0] / tasks,) * tasks)


def inner_names(unknowns: Sequence[str], tasks: int) -> tuple[tuple[str, ...], ...]:
    """For each task the symbols of its inner solution: theta_t_NAME."""
    return tuple(tuple(f"theta_{t}_{name}" for name in unknowns) for t in range(1, tasks + 1))


def renamed(term: Term, names: Sequence[str], others: Sequence[str]) -> Term:
    """The term with `others` for `names`."""
    return compose_all([term], dict(zip(names, map(symbol, others), strict=True)))[0]


def stationary(base: MetaObjective, inner: Sequence[tuple[str, ...]], losses: Sequence[Term]) -> tuple[Rows, FiniteLaw]:
    """The equations grad loss_t = 0 in the symbols of task t, and the law of `base`.

    Raises `IllFormed` when that is not finite, or `base` has a domain, which a solution without closed form may leave.
    """
    if not isinstance(base.law, FiniteLaw):
        raise IllFormed(f"an inner problem without closed form takes a finite law, not {type(base.law).__name__}")
    if base.domain:
        raise IllFormed(f"the inner problem has no closed form, so its solution may leave the domain {shown(base.domain[0])}")
    return tuple(gradient(loss, names) for names, loss in zip(inner, losses, strict=True)), base.law


def solvable(made: ImplicitObjective) -> ImplicitObjective:
    """The objective with the conditions det D_theta S_t != 0, and those under which everything is defined and C^2.

    Raises `IllFormed` when such a determinant is 0.
    """
    given = (*made.domain, *(formula for constant in made.constants for formula in constant.domain), *made.conditions)
    found = list(smooth_where((*made.tasks, *(entry for row in made.equations for entry in row)), given))
    for names, row in zip(made.inner, made.equations, strict=True):
        determinant = adjugate_of(jacobian(row, names))[1]
        condition = negation(equal(determinant, ZERO))
        if holds(condition) is False:
            raise IllFormed(f"the inner problem {shown(row[0])} = 0, ... is singular: the determinant of its Hessian is 0")
        if holds(condition) is None and 0 in Signs(evidently_positive(given)).of(determinant):
            found.append(condition)
    return replace(made, conditions=tuple(dict.fromkeys((*made.conditions, *found))))


def adjugate_of(matrix: Rows) -> tuple[Rows, Term]:
    """Adjugate and determinant by minors, each computed once; nothing is multiplied out."""
    n = len(matrix)
    if n > LARGEST:
        raise IllFormed(f"an inner problem without closed form in {n} unknowns; more than {LARGEST} are not solved")
    places = tuple(range(n))
    determinant = _minors(matrix, places)[places]
    rows = [[ONE] * n for _ in places]
    for i in places if n > 1 else ():
        found = _minors(matrix, tuple(k for k in places if k != i))
        for j in places:
            minor = found[tuple(k for k in places if k != j)]
            rows[j][i] = minor if (i + j) % 2 == 0 else -minor
    flat = iter(compose_all([entry for row in rows for entry in row] + [determinant], {}))
    adjugate = tuple(tuple(next(flat) for _ in places) for _ in places)
    return adjugate, next(flat)


LARGEST = 8
"""The minors of an n x n matrix are 2^n terms."""


def _minors(matrix: Rows, rows: Sequence[int]) -> dict[tuple[int, ...], Term]:
    """The minors of the last k of these rows, for all choices of k columns, k = 0, ..., len(rows)."""
    found: dict[tuple[int, ...], Term] = {(): ONE}
    for size, row in enumerate(reversed(rows), start=1):
        for columns in combinations(range(len(matrix)), size):
            parts = [
                (matrix[row][c] if k % 2 == 0 else -matrix[row][c]) * found[(*columns[:k], *columns[k + 1 :])]
                for k, c in enumerate(columns)
                if matrix[row][c] != ZERO
            ]
            found[columns] = total(parts)
    return found
