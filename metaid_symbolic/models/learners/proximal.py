"""Proximal adaptation: the inner problem is regularised towards the initialisation and solved."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from ...problems import MetaProblem
from ...terms import IllFormed, Term, symbol, total
from ..composition import compose_all
from ..expansion import QuadraticForm, quadratic_form, shifted, solve
from ..implicit import ImplicitObjective, inner_names, renamed, solvable, stationary
from ..objective import MetaObjective, shown
from ..smoothness import positive_minors
from .adaptation import Point, adapted, finished, read_losses, solved, with_constants

RAJESWARAN = "Rajeswaran, Finn, Kakade, Levine 2019, Meta-learning with implicit gradients"
ZHOU = "Zhou, Yuan, Xu, Yan, Feng 2019, Efficient meta learning via minibatch proximal update"
Names = tuple[tuple[str, ...], ...]


def proximal(tasks: MetaProblem | MetaObjective, *, strength: Any) -> MetaObjective | ImplicitObjective:
    """F(phi) = E_t min_theta [L_t(theta) + lambda/2 |theta - phi|^2], the Moreau envelope (Moreau 1965); lambda = `strength`.

    Its gradient is lambda E_t (phi - theta_t(phi)).  A closed form for quadratic tasks, else an `ImplicitObjective`.  Raises
    `IllFormed` for a strength that is not positive and for a singular inner problem.  Source: Zhou et al. 2019.
    """
    base, weight = _with_strength(tasks, strength)
    closed = _closed(base, weight)
    if closed is None:
        inner, losses = _inner(base, weight)
        equations, law = stationary(base, inner, losses)
        made = ImplicitObjective(base.parameters, tuple(losses), inner, equations, law, base.constants)
        return solvable(replace(made, learner="proximal", source=ZHOU))
    forms, points, whole = closed
    values = [_envelope(form, base.parameters, weight) for form in forms]
    return finished(whole, compose_all(values, {}), list(map(solved, points)), "proximal", ZHOU)


def _envelope(form: QuadraticForm, names: Sequence[str], weight: Term) -> Term:
    """1/2 phi^T P phi - q^T phi + c - 1/2 b^T (A + lambda I)^-1 b with P = lambda (A + lambda I)^-1 A and
    q = lambda (A + lambda I)^-1 b: the envelope of 1/2 theta^T A theta - b^T theta + c."""
    matrix = shifted(form.matrix, weight)
    resolved = solve(matrix, form.linear).values
    rows = [solve(matrix, column).values for column in form.matrix]  # A is symmetric
    scaled = QuadraticForm(
        tuple(tuple(weight * entry for entry in row) for row in rows), tuple(weight * entry for entry in resolved),
        form.constant - total([b * r for b, r in zip(form.linear, resolved, strict=True)]) / 2,
    )  # fmt: skip
    return scaled.at(names)


def implicit_maml(
    tasks: MetaProblem | MetaObjective, *, strength: Any, query: Iterable[Any] | None = None
) -> MetaObjective | ImplicitObjective:
    """F(phi) = E_t Q_t(theta_t(phi)) with theta_t(phi) = argmin_theta S_t(theta) + lambda/2 |theta - phi|^2.

    A closed form for quadratic S_t, else an `ImplicitObjective`.  Raises as `proximal` does.  Source: Rajeswaran et al. 2019;
    the gradient is their lemma 1.
    """
    base, weight = _with_strength(tasks, strength)
    outer = read_losses(base, query, "query losses")
    replace(base, tasks=outer)  # the outer losses are checked as they are given
    closed = _closed(base, weight)
    if closed is None:
        inner, losses = _inner(base, weight)
        values = tuple(renamed(loss, base.parameters, names) for loss, names in zip(outer, inner, strict=True))
        equations, law = stationary(base, inner, losses)
        made = ImplicitObjective(base.parameters, values, inner, equations, law, base.constants)
        return solvable(replace(made, learner="implicit-maml", source=RAJESWARAN))
    _, points, whole = closed
    return adapted(whole, outer, list(map(solved, points)), "implicit-maml", RAJESWARAN)


def _with_strength(tasks: MetaProblem | MetaObjective, strength: Any) -> tuple[MetaObjective, Term]:
    base, weight = with_constants(MetaObjective.of(tasks), strength, "the strength")
    if weight.head == "num" and weight.args[0] <= 0:
        raise IllFormed(f"the strength {shown(weight)} is not positive")
    return base, weight


def _closed(base: MetaObjective, weight: Term) -> tuple[list[QuadraticForm], list[Point], MetaObjective] | None:
    """For quadratic tasks 1/2 x^T A x - b^T x + c their forms, theta_t = (A + lambda I)^-1 (lambda phi + b), and the objective
    with the conditions under which A + lambda I is positive definite; None for other tasks."""
    forms, points, conditions = list[QuadraticForm](), list[Point](), list[Term]()
    given = (*base.domain, *(formula for constant in base.constants for formula in constant.domain))
    for loss in base.tasks:
        form = quadratic_form(loss, base.parameters)
        if form is None:
            return None
        pulled = [b + weight * symbol(name) for b, name in zip(form.linear, base.parameters, strict=True)]
        found = solve(shifted(form.matrix, weight), pulled)
        conditions += positive_minors(found.minors, given, f"the inner problem {shown(loss)} + {shown(weight)}/2 |theta - phi|^2")
        forms.append(form)
        points.append(dict(zip(base.parameters, found.values, strict=True)))
    return forms, points, replace(base, conditions=tuple(dict.fromkeys((*base.conditions, *conditions))))


def _inner(base: MetaObjective, weight: Term) -> tuple[Names, list[Term]]:
    """The symbols theta_t and the inner losses L_t(theta_t) + lambda/2 |theta_t - phi|^2."""
    inner = inner_names(base.parameters, len(base.tasks))
    losses = []
    for names, loss in zip(inner, base.tasks, strict=True):
        squares = [(symbol(theta) - symbol(phi)) ** 2 for theta, phi in zip(names, base.parameters, strict=True)]
        losses.append(renamed(loss, base.parameters, names) + weight * total(squares) / 2)
    return inner, losses
