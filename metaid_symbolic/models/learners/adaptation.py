"""What the methods share: learning rates, gradient steps on a task's loss, and the objective made of their ends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ...problems import exact
from ...terms import IllFormed, Term, as_term, symbol
from ..composition import compose, gradient, tidy
from ..objective import Constant, MetaObjective, shown, symbols_of
from ..smoothness import domain_conditions, smooth_where

Point = dict[str, Term]


def read_constant(value: Any, what: str) -> tuple[Term, tuple[Constant, ...]]:
    """A rational number, a term or a `Constant`, as a term with the constants that it brings.

    Raises `IllFormed` for a float and whatever else is not exact.
    """
    if isinstance(value, Constant):
        return symbol(value.name), (value,)
    if type(value) is Term or hasattr(value, "free_symbols"):
        term = as_term(value)
        return term, tuple(Constant(name) for name in sorted(symbols_of(term)))
    return as_term(exact(value, what)), ()


def with_constants(base: MetaObjective, value: Any, what: str) -> tuple[MetaObjective, Term]:
    """The objective with the constants that `value` brings, and `value` as a term.

    Raises `IllFormed` when it depends on a parameter or a task variable: then it is no constant.
    """
    term, found = read_constant(value, what)
    if shared := sorted(symbols_of(term) & {*base.parameters, *base.law.variables}):
        raise IllFormed(f"{what} {shown(term)} depends on {', '.join(shared)}")
    named = {c.name for c in base.constants}
    return replace(base, constants=(*base.constants, *(c for c in found if c.name not in named))), term


def check_steps(steps: Any) -> int:
    """Raises `IllFormed` unless it is a natural number."""
    if type(steps) is not int or steps < 0:
        raise IllFormed(f"{steps!r} is no number of inner steps")
    return steps


def descend(loss: Term, rates: Mapping[str, Term], steps: int, start: Mapping[str, Term] | None = None) -> list[Point]:
    """theta_0, ..., theta_k: gradient steps on the loss in the coordinates that `rates` names, each at its rate.

    A point lists the coordinates that move; theta_0 is where they start.
    """
    slopes = dict(zip(rates, gradient(loss, tuple(rates)), strict=True))
    points: list[Point] = [{name: (start or {}).get(name, symbol(name)) for name in rates}]
    for _ in range(steps):
        here = points[-1]
        points.append({name: here[name] - rate * compose(slopes[name], here) for name, rate in rates.items()})
    return [{name: tidy(value) for name, value in point.items()} for point in points]


def read_losses(base: MetaObjective, losses: Iterable[Any] | None, what: str) -> tuple[Term, ...]:
    """One loss for each task, by default those of `base`.  Raises `IllFormed` when the numbers differ."""
    if losses is None:
        return base.tasks
    listed = tuple(map(as_term, losses))
    if len(listed) != len(base.tasks):
        raise IllFormed(f"{len(listed)} {what} disagree with {len(base.tasks)} tasks")
    return listed


def adapted(
    base: MetaObjective, outer: Sequence[Term], paths: Sequence[Sequence[Point]], learner: str, source: str
) -> MetaObjective:
    """F(phi) = E_t outer_t(theta_t(phi)) with the conditions that all points of all paths stay in the domain.

    `base` has the parameters, constants and law of the result.
    """
    replace(base, tasks=tuple(outer))  # the outer losses are checked as they are given
    tasks = tuple(compose(loss, path[-1]) for loss, path in zip(outer, paths, strict=True))
    return finished(base, tasks, [point for path in paths for point in path[1:]], learner, source)


def finished(base: MetaObjective, tasks: Sequence[Term], points: Sequence[Point], learner: str, source: str) -> MetaObjective:
    """The objective with these tasks, and the conditions under which it and the points are defined, C^2 and in Phi."""
    given = (*base.domain, *(formula for constant in base.constants for formula in constant.domain))
    moved = domain_conditions(base.domain, points, base.parameters)
    smooth = smooth_where((*tasks, *(value for point in points for value in point.values())), (*given, *base.conditions))
    conditions = tuple(dict.fromkeys((*base.conditions, *moved, *smooth)))
    return replace(base, tasks=tuple(tasks), conditions=conditions, learner=learner, source=source)
