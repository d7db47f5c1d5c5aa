"""What the methods share: learning rates, gradient steps on a task's loss, and the objective made of their ends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ...problems import exact
from ...terms import IllFormed, Term, as_term, symbol
from ..composition import compose, compose_all, gradient
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


Steps = int | Iterable[Iterable[Any]]
"""A number of inner steps, or for each task the losses of its steps one after another (minibatches of its data)."""


def read_steps(base: MetaObjective, steps: Steps) -> list[tuple[Term, ...]]:
    """For each task the losses of its inner steps.

    Raises `IllFormed` for a negative or fractional number, and when losses are listed for more or fewer tasks than there are.
    """
    if type(steps) is int and steps >= 0:
        return [(loss,) * steps for loss in base.tasks]
    if not isinstance(steps, Iterable) or isinstance(steps, str):
        raise IllFormed(f"{steps!r} is no number of inner steps")
    rows = [tuple(map(as_term, row)) for row in steps]
    if len(rows) != len(base.tasks):
        raise IllFormed(f"inner losses for {len(rows)} tasks disagree with {len(base.tasks)} tasks")
    for loss in {loss: None for row in rows for loss in row}:
        replace(base, tasks=(loss,) * len(rows))  # the inner losses are checked as they are given
    return rows


def descend(losses: Sequence[Term], rates: Mapping[str, Term]) -> list[Point]:
    """theta_0, ..., theta_k: a gradient step on each loss in the coordinates that `rates` names, each at its rate.

    A point lists the coordinates that move.
    """
    slopes = {loss: gradient(loss, tuple(rates)) for loss in dict.fromkeys(losses)}
    points: list[Point] = [{name: symbol(name) for name in rates}]
    for loss in losses:
        here = points[-1]
        moves = compose_all(slopes[loss], here)
        points.append(moved(here, {name: -rate * move for (name, rate), move in zip(rates.items(), moves, strict=True)}))
    return points


def moved(point: Point, steps: Mapping[str, Term]) -> Point:
    """The point with these numbers added to its coordinates."""
    return dict(zip(point, compose_all([here + steps[name] for name, here in point.items()], {}), strict=True))


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
    moved = domain_conditions(base.domain, points, base.parameters, base.conditions)
    smooth = smooth_where((*tasks, *(value for point in points for value in point.values())), (*given, *base.conditions))
    conditions = tuple(dict.fromkeys((*base.conditions, *moved, *smooth)))
    return replace(base, tasks=tuple(tasks), conditions=conditions, learner=learner, source=source)
