"""The numbers that decide a condition at a concrete meta-problem, for readers; the kernel has checked the condition itself.

Every value is computed by the kernel's reading of the problem, so a report shows what was checked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any, final

from ..calculus.minimisers import Minimisers, minimisers
from ..calculus.polynomials import collected
from ..kernel import objectives
from ..kernel.normal import Opaque
from ..kernel.polynomial import TooLarge
from ..kernel.rejection import Rejected
from ..kernel.unfold import Reading
from ..problems import MetaProblem
from ..terms import IllFormed, Term, free_symbols, number, substitute, subterms
from .quantifiers import is_argmin

Point = tuple[Term, ...]
Value = Term | tuple[Term, ...] | tuple[tuple[Term, ...], ...]
UNREADABLE = (Rejected, Opaque, TooLarge, IllFormed)
MOST_TRIALS = 300


@final
@dataclass(frozen=True, slots=True)
class Shown:
    """`name` has this value: a term, a vector, or the rows of a matrix."""

    name: Term
    value: Value


@final
@dataclass(frozen=True, slots=True)
class Minimum:
    """The minimisers of an objective over Phi."""

    objective: str
    found: Minimisers


@final
@dataclass(frozen=True, slots=True)
class Witness:
    """Points at which a universal formula fails, and values there."""

    points: tuple[tuple[str, Point], ...]
    values: tuple[Shown, ...]


@final
@dataclass(frozen=True, slots=True)
class Evaluated:
    """A labelled formula, whether it holds, and what shows it."""

    label: str
    formula: Term
    holds: bool
    values: tuple[Shown, ...]
    minima: tuple[Minimum, ...]
    witness: Witness | None


def evaluated(problem: MetaProblem, point: Point, formula: Term, holds: bool = True, label: str = "") -> Evaluated:
    """What can be shown of the formula at `point`; a leading `not` is kept in the formula."""
    reading = Reading(problem)
    values = tuple(_values(reading, formula, {"phi": point}))
    minima = tuple(_minima(problem, point, formula))
    inside, truth = formula, holds
    while inside.head == "not":
        inside, truth = inside.args[0], not truth
    found = None if truth or inside.head != "forall" else _witness(reading, point, inside)
    return Evaluated(label, formula, holds, values, minima, found)


def rational_point(point: tuple[Fraction, ...]) -> Point:
    return tuple(map(number, point))


def value_of(reading: Reading, term: Term, env: dict[str, Any]) -> Value | None:
    """The value of a scalar, vector or matrix; None where the kernel has no reading for it."""
    try:
        if term.head in ("hess", "fisher", "madd", "mscale", "eye"):
            return tuple(tuple(map(collected, row)) for row in reading.matrix(term, env))
        value = reading.value(term, env)
        return tuple(map(collected, value)) if type(value) is tuple else collected(value)
    except UNREADABLE:
        return None


def _values(reading: Reading, formula: Term, env: dict[str, Any]) -> Iterator[Shown]:
    """Values of the functions in the formula at known points; those of tasks for each task."""
    seen: set[Term] = set()
    for part, tasks in _applications(formula, frozenset(), frozenset()):
        choices = product(range(len(reading.problem.losses)), repeat=len(tasks)) if not reading.problem.noise or not tasks else ()
        for chosen in choices:
            name = substitute(part, {t: number(k + 1) for t, k in zip(tasks, chosen, strict=True)})
            value = value_of(reading, part, {**env, **dict(zip(tasks, chosen, strict=True))})
            if name not in seen and value is not None:
                seen.add(name)
                yield Shown(name, value)


def _applications(term: Term, tasks: frozenset[str], bound: frozenset[str]) -> Iterator[tuple[Term, tuple[str, ...]]]:
    """The outermost functions that involve no bound variable but tasks, each with its task variables."""
    if term.head in ("app", "grad", "hess", "fisher"):
        free = free_symbols(term)
        if not free & bound and free:
            yield term, tuple(sorted(free & tasks))
        return
    if term.head in ("forall", "exists", "mean", "sum"):
        name = term.args[0]
        task = term.head == "mean" or term.args[1] == "task"
        tasks, bound = (tasks | {name}, bound - {name}) if task else (tasks - {name}, bound | {name})
    for a in term.args:
        if type(a) is Term:
            yield from _applications(a, tasks, bound)


def _minima(problem: MetaProblem, point: Point, formula: Term) -> Iterator[Minimum]:
    """The minimisers of each objective whose `argmin` the formula mentions, where they can be found."""
    for objective in dict.fromkeys(found[1] for part in subterms(formula) if (found := is_argmin(part)) is not None):
        try:
            minima = minimisers(objectives.objective(problem, objective), problem.parameters)
        except UNREADABLE:
            continue
        if minima is not None and problem.constraints:
            minima = minimisers_inside(problem, minima)
        if minima is not None:
            yield Minimum(objective, minima)


def minimisers_inside(problem: MetaProblem, found: Minimisers) -> Minimisers | None:
    """The minimisers over Phi: those over R^n that lie in it, if there are any; None if that is not known."""
    if found.everything:
        return found
    if found.least is None or found.zeros_of or found.directions:
        return None
    reading = Reading(problem)
    points = tuple(p for p in found.points if decided(reading.inside(rational_point(p))) is True)
    return Minimisers(found.least, points=points) if points else None


def _witness(reading: Reading, point: Point, formula: Term) -> Witness | None:
    """Points on a small grid at which the body of a universal formula fails, decided by rational arithmetic."""
    names, body = [], formula
    while body.head == "forall" and body.args[1] == "point":
        names.append(body.args[0])
        body = body.args[2]
    for trial, places in enumerate(product(_grid(reading.problem.dimension, point), repeat=len(names))):
        if trial >= MOST_TRIALS or not names:
            return None
        env = {"phi": point, **dict(zip(names, places, strict=True))}
        try:
            fails = decided(reading.formula(body, env)) is False
        except UNREADABLE:
            return None
        if fails:
            return Witness(tuple(zip(names, places, strict=True)), tuple(_values(reading, body, env)))
    return None


def _grid(dimension: int, point: Point) -> list[Point]:
    side = [Fraction(k) for k in (0, 1, -1, 2, -2)] if dimension < 3 else [Fraction(k) for k in (0, 1)]
    return list(dict.fromkeys([point, *(rational_point(p) for p in product(side, repeat=dimension))]))


def decided(formula: Term) -> bool | None:
    """The truth of a formula about rational numbers; None where it speaks of more."""
    args = formula.args
    match formula.head:
        case "true" | "false":
            return formula.head == "true"
        case "eq" | "lt" | "le":
            left, right = map(collected, args)
            if left.head != "num" or right.head != "num":
                return None
            a, b = left.args[0], right.args[0]
            return bool({"eq": a == b, "lt": a < b, "le": a <= b}[formula.head])
        case "not":
            inside = decided(args[0])
            return None if inside is None else not inside
        case "and" | "or":
            parts = [decided(a) for a in args]
            settling = formula.head == "or"
            return settling if settling in parts else None if None in parts else not settling
        case "implies":
            return decided(Term("or", (Term("not", (args[0],)), args[1])))
        case "iff":
            left_truth, right_truth = decided(args[0]), decided(args[1])
            return None if left_truth is None or right_truth is None else left_truth == right_truth
    return None
