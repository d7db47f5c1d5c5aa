"""First-order methods, which iterate a field that need not be a gradient: first-order MAML and Reptile."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from ...problems import MetaProblem
from ...terms import IllFormed, Term, symbol
from ..composition import compose_all, gradient
from ..expansion import quadratic_form, solve
from ..objective import MetaObjective, UpdateField, shown
from ..smoothness import positive_minors
from .adaptation import Point, Steps, adapted, descend, finished, read_losses, read_steps, solved, with_constants

NICHOL = "Nichol, Achiam, Schulman 2018, On first-order meta-learning algorithms"
FINN = "Finn, Abbeel, Levine 2017, Model-agnostic meta-learning for fast adaptation of deep networks"


def fomaml(tasks: MetaProblem | MetaObjective, *, rate: Any, steps: Steps = 1, query: Iterable[Any] | None = None) -> UpdateField:
    """V(phi) = -E_t (grad Q_t)(theta_k): the gradient of MAML with the derivative of theta_k replaced by the identity.

    Arguments and errors are those of `maml`.  Source: Finn, Abbeel, Levine 2017, section 5.2; Nichol et al. 2018, section 2.
    """
    base, alpha = with_constants(MetaObjective.of(tasks), rate, "the rate")
    outer = read_losses(base, query, "query losses")
    descents = [descend(losses, dict.fromkeys(base.parameters, alpha)) for losses in read_steps(base, steps)]
    whole = adapted(base, outer, descents, "fomaml", FINN)
    slopes = [gradient(loss, base.parameters) for loss in outer]
    rows = [compose_all([-g for g in slope], descent.end) for slope, descent in zip(slopes, descents, strict=True)]
    return field(whole, rows)


def reptile(tasks: MetaProblem | MetaObjective, *, rate: Any = None, steps: Steps | None = 1) -> UpdateField:
    """V(phi) = E_t theta_k - phi, where k = `steps` gradient steps on L_t at the `rate` lead from phi to theta_k.

    With `steps=None` theta_k is the minimiser of L_t, which must be a quadratic with positive definite Hessian.  Raises
    `IllFormed` as `maml` does, and for an inner problem without a unique minimiser.  Source: Nichol et al. 2018, section 3.
    """
    if steps is None:
        base = MetaObjective.of(tasks)
        ends, conditions = zip(*(minimiser(loss, base) for loss in base.tasks), strict=True)
        rows = [displacement(base, end) for end in ends]
        listed = tuple(dict.fromkeys((*base.conditions, *(c for found in conditions for c in found))))
        whole = finished(replace(base, conditions=listed), base.tasks, list(map(solved, ends)), "reptile", NICHOL)
        return field(whole, rows)
    base, alpha = with_constants(MetaObjective.of(tasks), rate, "the rate")
    descents = [descend(losses, dict.fromkeys(base.parameters, alpha)) for losses in read_steps(base, steps)]
    whole = finished(base, base.tasks, descents, "reptile", NICHOL)
    return field(whole, [displacement(base, descent.end) for descent in descents])


def displacement(base: MetaObjective, end: Point) -> tuple[Term, ...]:
    """theta - phi, coordinate by coordinate."""
    return compose_all([end[name] - symbol(name) for name in base.parameters], {})


def minimiser(loss: Term, base: MetaObjective) -> tuple[Point, tuple[Term, ...]]:
    """A^-1 b for the loss 1/2 x^T A x - b^T x + c, with the conditions under which A is positive definite.

    Raises `IllFormed` when the loss is not quadratic, or A is singular or not positive definite.
    """
    form = quadratic_form(loss, base.parameters)
    if form is None:
        raise IllFormed(f"the inner problem {shown(loss)} is not quadratic, so its minimiser has no closed form here")
    found = solve(form.matrix, form.linear)
    given = (*base.domain, *(formula for constant in base.constants for formula in constant.domain))
    conditions = positive_minors(found.minors, given, f"the inner problem {shown(loss)}")
    return dict(zip(base.parameters, found.values, strict=True)), conditions


def field(whole: MetaObjective, rows: Sequence[tuple[Term, ...]]) -> UpdateField:
    """The field with these components, defined and C^1 where `whole` is."""
    shape = (whole.parameters, tuple(rows), whole.law, whole.constants, whole.domain, whole.conditions)
    return UpdateField(*shape, whole.learner, whole.source)
