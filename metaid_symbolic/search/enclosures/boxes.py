"""Losses on an open box: signs everywhere, and all critical points, by cutting the box until enclosures decide.

Critical points are named one by one, each the only one in a box of its own; elsewhere some entry of the gradient has a sign.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from ...certificates import Done, Instantiate, Proof, Root
from ...kernel.objectives import tidy
from ...kernel.tableau import bounds
from ...problems import MetaProblem
from ...terms import ZERO, Term, conjunction, disjunction, equal, number, substitute, symbol
from ..tableaux.effort import Effort
from ..tableaux.scripts import Script, Unsolved, choices_of, followed, saturated
from .bisection import bisected
from .convexity import Minimum, Point, every
from .zeros import Box

PARTS = 1500
MOST_ZEROS, MOST_VARIABLES = 6, 4


def box_of(problem: MetaProblem) -> Box | None:
    """The open box that the domain is, if it is one: the bounds of each parameter."""
    lows, highs = dict[str, Fraction](), dict[str, Fraction]()
    for c in problem.constraints:
        match c.head, *map(tidy, c.args):
            case "lt", Term("num", (low,)), Term("sym", (name,)):
                lows[name] = max(low, lows.get(name, low))
            case "lt", Term("sym", (name,)), Term("num", (high,)):
                highs[name] = min(high, highs.get(name, high))
            case _:
                return None
    if not (lows.keys() == highs.keys() == {*problem.parameters}):
        return None
    return tuple((lows[x], highs[x]) for x in problem.parameters)


def critical_on_box(about: Minimum) -> Iterator[Proof]:
    """Proofs from the list of all critical points in the box."""
    region = box_of(about.problem)
    if region is None or about.problem.dimension > MOST_VARIABLES:
        return
    zeros = about.slopes.zeros([(float(a), float(b)) for a, b in region])
    roots = [next(about.system.roots(x, region)) for x in zeros[:MOST_ZEROS]]
    script = about.script()
    points = [about.critical(script, step) for step in roots]
    facts = _places(script, len(points))
    names = [f"y.{i + 1}" for i in range(about.problem.dimension)]
    there = tuple(map(symbol, names))
    critical = [equal(about.put(g, there), ZERO) for g in about.gradient]
    among = disjunction([_same(there, p) for p in points])
    listed = Term("implies", (conjunction([script.checker.reading.inside(there), *critical]), among))  # type: ignore[union-attr]
    script.claim(
        every(names, listed),
        lambda other, fresh: _elsewhere(about, other, fresh, region, list(zip(roots, facts, points, strict=True))),
    )
    yield followed(script, points or _corner(region), frozenset(facts))


def _corner(region: Box) -> list[Point]:
    return [tuple(number((a + b) / 2) for a, b in region)]


def _places(script: Script, count: int) -> list[int]:
    """The facts that say that a named zero is the only one in its box, the last `count`."""
    return list(range(len(script.branch.facts) - count, len(script.branch.facts)))


def _same(here: Point, there: Point) -> Term:
    return conjunction([equal(a, b) for a, b in zip(here, there, strict=True)])


Known = tuple[Root, int, Point]


def _elsewhere(about: Minimum, script: Script, there: Sequence[str], region: Box, known: Sequence[Known]) -> Proof:
    targets = [dict(zip(there, step.box, strict=True)) for step, _, _ in known]

    def leaf(other: Script, k: int) -> Proof:
        return same_as_named(about, other, there, known[k])

    return bisected(script, dict(zip(there, region, strict=True)), targets, leaf, Effort(PARTS))


def same_as_named(about: Minimum, script: Script, there: Sequence[str], known: Known) -> Proof:
    """A critical point in the box of a named one is that one; the branch says that it is not."""
    step, fact, _ = known
    y = tuple(map(symbol, there))
    for x, (low, high) in zip(there, step.box, strict=True):
        script.between(x, low, high)
    functions = [script.checker.normaliser.polynomial(about.put(f, y)) for f in about.system.functions]
    for term in step.terms:
        formula = equal(substitute(term, {f"_.{i + 1}": v for i, v in enumerate(y)}), ZERO)
        script.claim(formula, lambda other, _: other.linear([other.literal(p) for p in functions]))
    script.take(Instantiate(fact, y, Done()))
    return saturated(script, (y,), frozenset(range(len(script.branch.facts))) - {*choices_of(script.branch)})


def signs_on_box(about: Minimum) -> Iterator[Proof]:
    """Proofs of formulas about all points of the box, by enclosures of their literals alone."""
    script = about.script()
    yield _apart(script, Effort(PARTS))


def _apart(script: Script, effort: Effort, seen: frozenset[int] = frozenset()) -> Proof:
    if script.branch.closed:
        return script.ended(Done())
    choices = sorted({*choices_of(script.branch)} - seen)
    if choices:
        return script.either(choices[0], lambda other, _: _apart(other, effort, seen | {choices[0]}))
    sides = bounds(script.branch)
    if not 0 < len(sides) <= MOST_VARIABLES:
        raise Unsolved("the formula is not about the points of a box")
    return bisected(script, sides, (), lambda other, k: other.ended(Done()), effort)
