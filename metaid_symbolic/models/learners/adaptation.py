"""What the methods share: learning rates, gradient steps on a task's loss, and the objective made of their ends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, final

from ...problems import exact
from ...terms import ZERO, IllFormed, Term, as_term, symbol
from ..composition import compose, compose_all, compose_formula, gradient
from ..objective import Constant, MetaObjective, shown, symbols_of
from ..smoothness import domain_conditions, remaining, smooth_where

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


@final
@dataclass(frozen=True)
class Descent:
    """theta_0, ..., theta_k: step j goes from `points[j]` to `points[j + 1]` by the gradient of `losses[j]`.

    A point lists the coordinates that move.  Where the end is found without steps there is no loss.
    """

    losses: tuple[Term, ...]
    points: tuple[Point, ...]

    @property
    def end(self) -> Point:
        return self.points[-1]

    @property
    def moved(self) -> tuple[Point, ...]:
        """The points after the first."""
        return self.points[1:]

    @property
    def conditions(self) -> tuple[Term, ...]:
        """Formulas under which each loss is defined and C^2 where its gradient is taken."""
        own = {loss: smooth_where([loss], ()) for loss in dict.fromkeys(self.losses)}
        pairs = zip(self.losses, self.points, strict=False)
        return tuple(compose_formula(formula, point) for loss, point in pairs for formula in own[loss])


def solved(end: Point) -> Descent:
    """The end alone, of an inner problem that is solved."""
    return Descent((), ({}, end))


def descend(losses: Sequence[Term], rates: Mapping[str, Term]) -> Descent:
    """A gradient step on each loss in the coordinates that `rates` names, each at its rate."""
    slopes = {loss: gradient(loss, tuple(rates)) for loss in dict.fromkeys(losses)}
    points: list[Point] = [{name: symbol(name) for name in rates}]
    for loss in losses:
        here = points[-1]
        moves = compose_all(slopes[loss], here)
        points.append(moved(here, {name: -rate * move for (name, rate), move in zip(rates.items(), moves, strict=True)}))
    return Descent(tuple(losses), tuple(points))


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


def adapted(base: MetaObjective, outer: Sequence[Term], descents: Sequence[Descent], learner: str, source: str) -> MetaObjective:
    """F(phi) = E_t outer_t(theta_t(phi)) with the conditions that all points of all descents stay in the domain.

    `base` has the parameters, constants and law of the result.
    """
    replace(base, tasks=tuple(outer))  # the outer losses are checked as they are given
    tasks = tuple(compose(loss, descent.end) for loss, descent in zip(outer, descents, strict=True))
    return finished(base, tasks, descents, learner, source)


def finished(base: MetaObjective, tasks: Sequence[Term], descents: Sequence[Descent], learner: str, source: str) -> MetaObjective:
    """The objective with these tasks, and the conditions under which it and the descents are defined, C^2 and in Phi."""
    points = [point for descent in descents for point in descent.moved]
    given = (*base.domain, *(formula for constant in base.constants for formula in constant.domain))
    moved = domain_conditions(base.domain, points, base.parameters, base.conditions)
    smooth = smooth_where((*tasks, *(value for point in points for value in point.values())), (*given, *base.conditions))
    inner = remaining([formula for descent in descents for formula in descent.conditions], given)
    listed = dict.fromkeys((*base.conditions, *moved, *inner, *smooth))
    positive = {formula.args[1] for formula in listed if formula.head == "lt" and formula.args[0] == ZERO}
    conditions = tuple(f for f in listed if f.head != "not" or f.args[0].args[0] not in positive)
    return replace(base, tasks=tuple(tasks), conditions=conditions, learner=learner, source=source)
