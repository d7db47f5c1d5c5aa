"""A learned regularisation weight: the bilevel problem whose gradient is a hypergradient."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from ...problems import MetaProblem
from ...symbols import symbol_names
from ...terms import ZERO, IllFormed, Term, less, symbol, total
from ..expansion import quadratic_form, shifted, solve
from ..implicit import ImplicitObjective, inner_names, renamed, solvable, stationary
from ..objective import MetaObjective, shown, symbols_of
from ..smoothness import domain_conditions, positive_minors
from .adaptation import Point, adapted, read_losses, solved

SOURCE = "Bengio 2000, Gradient-based optimization of hyperparameters"


def learned_regularisation(
    tasks: MetaProblem | MetaObjective, *, query: Iterable[Any] | None = None, weight: Any = "lambda"
) -> MetaObjective | ImplicitObjective:
    """F(lambda) = E_t Q_t(w_t(lambda)) for lambda > 0, with w_t(lambda) = argmin_w S_t(w) + lambda/2 |w|^2.

    S_t are the losses of `tasks` (training), Q_t those of `query` (validation), both in the parameters w of `tasks`; the one
    parameter is lambda, with the name `weight`.  A closed form for quadratic S_t (ridge regression: Hoerl, Kennard 1970),
    else an `ImplicitObjective`.  Raises `IllFormed` for a singular inner problem.  Source: Bengio 2000.
    """
    base = MetaObjective.of(tasks)
    [name] = symbol_names(weight)
    positive = less(ZERO, symbol(name))
    outer = read_losses(base, query, "query losses")
    replace(base, tasks=outer)  # the outer losses are checked as they are given
    points, minors = list[Point](), list[Term]()
    for loss in base.tasks:
        form = quadratic_form(loss, base.parameters)
        if form is None:
            return _implicit(base, outer, name, positive)
        found = solve(shifted(form.matrix, symbol(name)), form.linear)
        given = (positive, *(formula for constant in base.constants for formula in constant.domain))
        minors += positive_minors(found.minors, given, f"the inner problem {shown(loss)} + {name}/2 |w|^2")
        points.append(dict(zip(base.parameters, found.values, strict=True)))
    return _of_weight(base, outer, name, points, minors)


def _of_weight(
    base: MetaObjective, outer: Sequence[Term], name: str, points: Sequence[Point], minors: Sequence[Term]
) -> MetaObjective:
    """E_t Q_t(w_t(lambda)) as a function of lambda > 0 alone."""
    stays = domain_conditions(base.domain, points, (name,))
    both = replace(base, parameters=(*base.parameters, name), domain=(less(ZERO, symbol(name)),), conditions=())
    made = adapted(both, outer, [solved(point) for point in points], "learned-regularisation", SOURCE)
    conditions = tuple(dict.fromkeys((*minors, *stays, *made.conditions)))
    return replace(made, parameters=(name,), conditions=conditions)


def _implicit(base: MetaObjective, outer: Sequence[Term], name: str, positive: Term) -> ImplicitObjective:
    if taken := symbols_of(*base.tasks, *outer) & {name}:
        raise IllFormed(f"{min(taken)} names the weight and a symbol of the losses")
    inner = inner_names(base.parameters, len(base.tasks))
    losses, values = [], []
    for names, loss, query in zip(inner, base.tasks, outer, strict=True):
        penalty = symbol(name) * total([symbol(theta) ** 2 for theta in names]) / 2
        losses.append(renamed(loss, base.parameters, names) + penalty)
        values.append(renamed(query, base.parameters, names))
    equations, law = stationary(base, inner, losses)
    made = ImplicitObjective((name,), tuple(values), inner, equations, law, base.constants, (positive,))
    return solvable(replace(made, learner="learned-regularisation", source=SOURCE))
