"""Two problems that agree in some quantities and differ in another: against "is a function of"."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import islice

from ..certificates import Pair
from ..claims import Determines
from ..kernel.objectives import tidy
from ..kernel.rejection import Rejected
from ..kernel.unfold import Reading, entries_of, rational_point
from ..problems import MetaProblem
from ..terms import Term
from . import Finding
from .problems.enumeration import PLAN, build, points, problems

RATE = Fraction(1)


def certificates(claim: Determines, budget: int) -> Iterator[Finding]:
    """The first two problems, in the order of size, with equal inputs and different outputs."""
    known: dict[object, tuple[object, MetaProblem, tuple[Fraction, ...]]] = {}
    for problem, point in islice(_candidates(), budget):
        reading = Reading(problem)
        try:
            tasks = range(len(problem.losses))
            key = problem.dimension, problem.weights, tuple(evaluate(reading, i, point, t) for t in tasks for i in claim.inputs)
            output = evaluate(reading, claim.output, point, 0)
        except Rejected:
            continue
        before = known.setdefault(key, (output, problem, point))
        if before[0] != output:
            yield Finding(Pair(before[1], before[2], problem, point), "pairs", "smallest found")
            return


def _candidates() -> Iterator[tuple[MetaProblem, tuple[Fraction, ...]]]:
    seen: set[object] = set()
    for box in PLAN:
        for _, chosen, weights in problems(box, seen):
            problem = build(box.dimension, chosen, weights, (), RATE)
            for point in points(box.dimension)[:3]:
                yield problem, point


def evaluate(reading: Reading, term: Term, point: tuple[Fraction, ...], task: int) -> tuple[Fraction, ...]:
    """The exact value of a scalar or vector term at a point."""
    values = [tidy(e) for e in entries_of(reading.value(term, {"phi": rational_point(point), "t": task}))]
    if any(v.head != "num" for v in values):
        raise Rejected(f"{term} has no exact value at the point")
    return tuple(Fraction(v.args[0]) for v in values)
