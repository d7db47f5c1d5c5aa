"""Certificates against the injectivity of the losses, with cited theorems or with another solution that is not rational.

More parameters than different losses: no neighbourhood of any point is told apart, whatever the losses are.

Borsuk: n continuous functions on an (n + 1)-dimensional sphere take the same values at two points, against PROF.  Where a C^1
map is injective it is an immersion somewhere, which fewer than n gradients are nowhere, against LPROF at every point.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..analysis import BORSUK, BY_NAME, SOMEWHERE
from ..certificates import Done, Lemma, Proof, Refutation, Split
from ..claims import Theorem
from ..kernel.branch import Branch
from ..kernel.polynomial import Ring
from ..kernel.tableau import Checker, disjunction_of
from ..kernel.unfold import Reading
from ..language import parse_formula
from ..problems import MetaProblem
from ..terms import Term, number, substitute, symbol
from .handed import Point, Step, attempt, established, instantiated, newest, outside, read, split
from .real_points import Place

FEW_TASKS = "few tasks"
"""The kernel's rule: fewer than n different losses have a common null vector of their gradients at each point."""


def has_fewer_tasks(problem: MetaProblem) -> bool:
    """Whether the theorems apply at sight."""
    return not problem.constraints and not problem.noise and len(problem.losses) < problem.dimension


def not_told_apart(problem: MetaProblem) -> Refutation | None:
    """Against PROF, with a cited theorem."""
    if not has_fewer_tasks(problem):
        return None

    def pair(branch: Branch) -> Proof:
        return instantiated(branch, 0, newest(branch, 2 * problem.dimension), contradiction)

    return attempt(lambda: Refutation(cite(problem, BORSUK, read(problem, "PROF", True), pair), 0))


def not_told_apart_nearby(problem: MetaProblem, point: Point) -> Refutation | None:
    """Against LPROF at the point, with a cited theorem."""
    if not has_fewer_tasks(problem):
        return None
    n, centre = problem.dimension, [number(x) for x in point]

    def applied(branch: Branch) -> Proof:
        return instantiated(
            branch, len(branch.facts) - 1, centre, lambda b: instantiated(b, len(b.facts) - 1, [symbol("_1")], cases)
        )

    def cases(branch: Branch) -> Proof:
        return split(branch, [lambda b: instantiated(b, 0, newest(b, 2 * n), contradiction), immersion])

    def immersion(branch: Branch) -> Proof:
        injective, at = len(branch.facts) - 1, newest(branch, n)

        def null(there: Branch) -> Proof:
            return instantiated(there, injective, newest(there, n), contradiction)

        return cite(problem, FEW_TASKS, branch, lambda b: instantiated(b, len(b.facts) - 1, at, null))

    source = f"LPROF([{', '.join(map(str, point))}])"
    return attempt(lambda: Refutation(cite(problem, SOMEWHERE, read(problem, source, True), applied), 0))


def another_solution(problem: MetaProblem, point: Point, place: Place) -> Refutation | None:
    """Against PROF: a place with the losses of the point, apart from it."""
    i = Place(point).apart(place)
    if i is None:
        return None
    here = dict(zip(problem.parameters, map(number, point), strict=True))

    def begin(branch: Branch, q: Sequence[Term]) -> Proof:
        there = dict(zip(problem.parameters, q, strict=True))
        equations = [substitute(loss, there) - substitute(loss, here) for loss in problem.losses]
        return established(branch, equations, lambda b: instantiated(b, 0, [*map(number, point), *q], lambda c: differ(c, q)))

    def differ(branch: Branch, q: Sequence[Term]) -> Proof:
        return Done() if branch.closed else outside(branch, q[i], point[i], place.bounds(i))

    return attempt(lambda: Refutation(place.named(read(problem, "PROF", True), begin), 0))


def cite(problem: MetaProblem, name: str, branch: Branch, then: Step) -> Proof:
    """The branch with a theorem about the losses, or with the kernel's rule of that name."""
    known = {name: Theorem(name, ("f", "U"), parse_formula(BY_NAME[name].source), "")} if name in BY_NAME else {}
    functions = (("f", "L"), ("U", "Phi")) if known else ()
    checker, made = Checker(known, Ring()), branch.copy()
    checker.reading = Reading(problem)
    made.add(checker.lemma(Lemma(name, functions, (), Done())))
    return Lemma(name, functions, (), then(made))


def contradiction(branch: Branch) -> Proof:
    """The branch is closed, or a disjunction none of whose members is possible any more closes it."""
    if branch.closed:
        return Done()
    for place, fact in enumerate(branch.facts):
        if type(fact[0]) is tuple and all(branch.truth(*part) is False for part in fact):
            return Split(place, tuple(Done() for _ in disjunction_of(branch, place)))
    return split(branch, [contradiction] * len(disjunction_of(branch, len(branch.facts) - 1)))
