"""Which claims assert a part of a derivation.

The kernel builds F, its derivatives and means by itself from the task losses.  Where it also knows how tasks are adapted
(MAML with a rational rate on R^n) the claims speak of the meta-problem as it was given; otherwise of the losses G_t after
adaptation, with the constants among the parameters.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Protocol

from ..claims import AtProblem
from ..models.laws import FiniteLaw, Law
from ..models.objective import MetaObjective
from ..problems import MetaProblem
from ..terms import IllFormed, Term
from .abstraction import abstracted
from .claims import Assertion, DerivativeOf, FisherOf, HessianOf, MeanOf, Rows, TaylorOf, ThirdOf, alone


class Derived(Protocol):
    """What of a derivation is needed here."""

    @property
    def problem(self) -> MetaProblem | MetaObjective: ...
    @property
    def constants(self) -> tuple[str, ...]: ...
    @property
    def values(self) -> Any: ...
    @property
    def profile(self) -> Any: ...


def assertion(derived: Derived, part: str, rows: Rows) -> Assertion:
    """That these are the entries of the part.  Raises `IllFormed` where the kernel has no word for it."""
    if part == "sandwich":
        raise IllFormed("no claim is made of the sandwich itself: `hessian` and `covariance` have theirs")
    if part in ("profile", "jacobian"):
        made = [_of_task(derived, part, i, row) for i, row in enumerate(rows)]
        return Assertion(tuple(one for found in made for one in found.claims), all(found.equivalent for found in made))
    problem = derived.problem
    if isinstance(problem, MetaProblem) and _adapts(problem) and part not in ("fisher", "covariance"):
        return Assertion((_claim(part, problem, rows, "F_MAML"),))
    tasks = [row[0] for row in derived.profile.rows]
    return spoken(derived.problem.parameters, derived.constants, tasks, derived.values.law, rows, part)


def spoken(
    parameters: Sequence[str], constants: Sequence[str], tasks: Sequence[Term], law: Law, rows: Rows, part: str
) -> Assertion:
    """The claim about the plain problem of these losses on R^n, in the parameters and constants."""
    flat = [entry for row in rows for entry in row]
    fresh, written = abstracted([*tasks, *flat], (*parameters, *law.variables))
    if fresh:
        tasks, flat = written[: len(tasks)], written[len(tasks) :]
        rows = tuple(tuple(flat[i : i + len(rows[0])]) for i in range(0, len(flat), len(rows[0])))
    return Assertion((_claim(part, whole(parameters, (*constants, *fresh), tasks, law), rows, "F"),), not fresh)


def taylor(derived: Derived, constant: str, coefficients: Sequence[Term]) -> Assertion:
    """That these are the first Taylor coefficients of the objective in the constant, for orders up to 3."""
    if len(coefficients) > 4:
        raise IllFormed(f"no claim is made of the order {len(coefficients) - 1}: the kernel takes derivatives up to the third")
    parameters, law = (*derived.problem.parameters, constant), derived.values.law
    tasks = [row[0] for row in derived.profile.rows]
    fresh, written = abstracted([*tasks, *coefficients], (*parameters, *law.variables))
    others = tuple(c for c in derived.constants if c != constant)
    problem = whole(parameters, (*others, *fresh), written[: len(tasks)], law)
    claim = TaylorOf(problem, len(parameters) - 1, tuple(written[len(tasks) :])).claim
    return Assertion((claim,), not fresh)


def _claim(part: str, problem: MetaProblem, rows: Rows, function: str) -> AtProblem:
    match part:
        case "objective" | "profile":
            return MeanOf(problem, rows[0][0], function).claim
        case "gradient":
            return DerivativeOf(problem, tuple(row[0] for row in rows), function).claim
        case "jacobian":
            return DerivativeOf(problem, rows[0], function).claim
        case "hessian":
            return HessianOf(problem, rows, function).claim
        case "third":
            return ThirdOf(problem, rows, function).claim
    return FisherOf(problem, rows, centred=part == "covariance").claim


def _adapts(problem: MetaProblem | MetaObjective) -> bool:
    """Whether the kernel adapts the tasks of this problem by itself."""
    if not isinstance(problem, MetaProblem) or problem.learner != "maml" or problem.constraints:
        return False
    return problem.rate is not None and problem.rate.head == "num"


def whole(parameters: Sequence[str], constants: Sequence[str], tasks: Sequence[Term], law: Law) -> MetaProblem:
    """The plain problem with these losses on R^n.  Raises `IllFormed` for a law that the kernel does not know."""
    return MetaObjective((*parameters, *constants), tuple(tasks), law).problem


def _of_task(derived: Derived, part: str, i: int, row: tuple[Term, ...]) -> Assertion:
    problem = derived.problem
    if isinstance(problem, MetaProblem) and _adapts(problem) and not problem.noise:
        return Assertion((_claim(part, alone(problem, problem.losses[i]), (row,), "F_MAML"),))
    names = (*derived.constants, *derived.values.law.variables)
    return spoken(problem.parameters, names, [derived.profile.rows[i][0]], FiniteLaw((Fraction(1),)), (row,), part)
