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
from ..programs.reading import written_size
from ..terms import IllFormed, Term
from .abstraction import abstracted
from .claims import LARGEST_CLAIM, Assertion, DerivativeOf, FisherOf, HessianOf, MeanOf, Rows, TaylorOf, ThirdOf, alone


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
    return spoken(problem.parameters, derived.constants, _losses(derived), derived.values.law, rows, part)


def _losses(derived: Derived) -> list[Term]:
    """G_t as it was given; as it is written out where the derivation adapts, or for the sake of quotients of constants."""
    problem = derived.problem
    given = problem.tasks if isinstance(problem, MetaObjective) else problem.losses if problem.learner == "plain" else ()
    moving = (*problem.parameters, *derived.values.law.variables)
    if given and written_size(given) <= LARGEST_CLAIM and not abstracted(given, moving)[0]:
        return list(given)
    return [row[0] for row in derived.profile.rows]


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
    said = [*_losses(derived), *coefficients]
    fresh, written = abstracted(said, (*parameters, *law.variables))
    said, size = (written if fresh else said), len(said) - len(coefficients)
    others = tuple(c for c in derived.constants if c != constant)
    problem = whole(parameters, (*others, *fresh), said[:size], law)
    claim = TaylorOf(problem, len(parameters) - 1, tuple(said[size:])).claim
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
    return spoken(problem.parameters, names, [_losses(derived)[i]], FiniteLaw((Fraction(1),)), (row,), part)
