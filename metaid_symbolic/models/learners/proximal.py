"""Proximal adaptation: the inner problem is regularised towards the initialisation and solved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from ...problems import MetaProblem
from ...terms import IllFormed, Term, symbol, total
from ..composition import compose_all, gradient
from ..expansion import quadratic_form, solve
from ..implicit import ImplicitObjective, inner_names, renamed, solvable, stationary
from ..objective import MetaObjective, shown
from ..smoothness import positive_minors
from .adaptation import Point, adapted, finished, read_losses, with_constants

RAJESWARAN = "Rajeswaran, Finn, Kakade, Levine 2019, Meta-learning with implicit gradients"
ZHOU = "Zhou, Yuan, Xu, Yan, Feng 2019, Efficient meta learning via minibatch proximal update"
Names = tuple[tuple[str, ...], ...]


def proximal(tasks: MetaProblem | MetaObjective, *, strength: Any) -> MetaObjective | ImplicitObjective:
    """F(phi) = E_t min_theta [L_t(theta) + lambda/2 |theta - phi|^2], the Moreau envelope (Moreau 1965); lambda = `strength`.

    Its gradient is lambda E_t (phi - theta_t(phi)).  A closed form for quadratic tasks, else an `ImplicitObjective`.  Raises
    `IllFormed` for a strength that is not positive and for a singular inner problem.  Source: Zhou et al. 2019.
    """
    base, weight = _with_strength(tasks, strength)
    solved = _closed(base, weight)
    if solved is None:
        inner, losses = _inner(base, weight)
        equations, law = stationary(base, inner, losses)
        made = ImplicitObjective(base.parameters, tuple(losses), inner, equations, law, base.constants)
        return solvable(replace(made, learner="proximal", source=ZHOU))
    descents, points, conditions = solved
    values = [
        loss - total([g * d for g, d in zip(gradient(loss, base.parameters), descent, strict=True)]) / 2
        for loss, descent in zip(base.tasks, descents, strict=True)
    ]
    return finished(conditions, compose_all(values, {}), points, "proximal", ZHOU)


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
    solved = _closed(base, weight)
    if solved is None:
        inner, losses = _inner(base, weight)
        values = tuple(renamed(loss, base.parameters, names) for loss, names in zip(outer, inner, strict=True))
        equations, law = stationary(base, inner, losses)
        made = ImplicitObjective(base.parameters, values, inner, equations, law, base.constants)
        return solvable(replace(made, learner="implicit-maml", source=RAJESWARAN))
    _, points, whole = solved
    return adapted(whole, outer, [[{}, point] for point in points], "implicit-maml", RAJESWARAN)


def _with_strength(tasks: MetaProblem | MetaObjective, strength: Any) -> tuple[MetaObjective, Term]:
    base, weight = with_constants(MetaObjective.of(tasks), strength, "the strength")
    if weight.head == "num" and weight.args[0] <= 0:
        raise IllFormed(f"the strength {shown(weight)} is not positive")
    return base, weight


Descents = list[tuple[Term, ...]]


def _closed(base: MetaObjective, weight: Term) -> tuple[Descents, list[Point], MetaObjective] | None:
    """For quadratic tasks with Hessian A_t and gradient g_t at phi: (A_t + lambda I)^-1 g_t, theta_t = phi minus that, and
    the objective with the conditions under which A_t + lambda I is positive definite; None for other tasks.
    """
    descents, points, conditions = Descents(), list[Point](), list[Term]()
    given = (*base.domain, *(formula for constant in base.constants for formula in constant.domain))
    for loss in base.tasks:
        form = quadratic_form(loss, base.parameters)
        if form is None:
            return None
        shifted = tuple(tuple(a + weight if i == j else a for j, a in enumerate(row)) for i, row in enumerate(form.matrix))
        found = solve(shifted, gradient(loss, base.parameters))
        conditions += positive_minors(found.minors, given, f"the inner problem {shown(loss)} + {shown(weight)}/2 |theta - phi|^2")
        descents.append(found.values)
        points.append({n: symbol(n) - d for n, d in zip(base.parameters, found.values, strict=True)})
    return descents, points, replace(base, conditions=tuple(dict.fromkeys((*base.conditions, *conditions))))


def _inner(base: MetaObjective, weight: Term) -> tuple[Names, list[Term]]:
    """The symbols theta_t and the inner losses L_t(theta_t) + lambda/2 |theta_t - phi|^2."""
    inner = inner_names(base.parameters, len(base.tasks))
    losses = []
    for names, loss in zip(inner, base.tasks, strict=True):
        squares = [(symbol(theta) - symbol(phi)) ** 2 for theta, phi in zip(names, base.parameters, strict=True)]
        losses.append(renamed(loss, base.parameters, names) + weight * total(squares) / 2)
    return inner, losses
