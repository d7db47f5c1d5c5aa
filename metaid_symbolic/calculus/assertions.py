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
from .claims import Assertion, DerivativeOf, FisherOf, HessianOf, MeanOf, Rows, ThirdOf, alone


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
    if part in ("profile", "jacobian"):
        return Assertion(tuple(_of_task(derived, part, i, row) for i, row in enumerate(rows)))
    if part == "sandwich":
        raise IllFormed("no claim is made of the sandwich itself: `hessian` and `covariance` have theirs")
    problem, function = (_losses(derived), "F") if part in ("fisher", "covariance") else _spoken_of(derived)
    column = tuple(row[0] for row in rows)
    claims: dict[str, Any] = {
        "objective": lambda: MeanOf(problem, column[0], function),
        "gradient": lambda: DerivativeOf(problem, column, function),
        "hessian": lambda: HessianOf(problem, rows, function),
        "third": lambda: ThirdOf(problem, rows, function),
        "fisher": lambda: FisherOf(problem, rows),
        "covariance": lambda: FisherOf(problem, rows, centred=True),
    }
    return Assertion((claims[part]().claim,))


def _adapts(problem: MetaProblem | MetaObjective) -> bool:
    """Whether the kernel adapts the tasks of this problem by itself."""
    if not isinstance(problem, MetaProblem) or problem.learner != "maml" or problem.constraints:
        return False
    return problem.rate is not None and problem.rate.head == "num"


def _spoken_of(derived: Derived) -> tuple[MetaProblem, str]:
    problem = derived.problem
    if isinstance(problem, MetaProblem) and _adapts(problem):
        return problem, "F_MAML"
    return _losses(derived), "F"


def _losses(derived: Derived) -> MetaProblem:
    """The plain problem of the losses G_t on R^n, in the parameters and constants."""
    tasks = tuple(row[0] for row in derived.profile.rows)
    return whole(derived.problem.parameters, derived.constants, tasks, derived.values.law)


def whole(parameters: Sequence[str], constants: Sequence[str], tasks: Sequence[Term], law: Law) -> MetaProblem:
    """The plain problem with these losses on R^n.  Raises `IllFormed` for a law that the kernel does not know."""
    return MetaObjective((*parameters, *constants), tuple(tasks), law).problem


def _of_task(derived: Derived, part: str, i: int, row: tuple[Term, ...]) -> AtProblem:
    problem, law = derived.problem, derived.values.law
    if isinstance(problem, MetaProblem) and _adapts(problem) and not problem.noise:
        one, function = alone(problem, problem.losses[i]), "F_MAML"
    else:
        loss = derived.profile.rows[i][0]
        names = (*derived.constants, *law.variables)
        one, function = whole(problem.parameters, names, [loss], FiniteLaw((Fraction(1),))), "F"
    made = MeanOf(one, row[0], function) if part == "profile" else DerivativeOf(one, row, function)
    return made.claim
