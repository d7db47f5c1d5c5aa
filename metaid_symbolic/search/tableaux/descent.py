"""The rules about gradient descent, and with what to instantiate them for one problem.

A rule is used only where a statement `gd(...)` that a branch knows fits into it; what is left of its variables is computed:
the second point of a two-cycle, an interval around a local minimum with bounds of the curvature, the slope of the gradients.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from ...certificates import Done, Lemma
from ...kernel import lemmas, objectives
from ...kernel.rejection import Rejected
from ...kernel.unfold import Reading
from ...problems import MetaProblem
from ...terms import Term, number, substitute, symbol
from ..problems.enumeration import exponents_of
from ..problems.roots import rational_roots

Completion = Callable[[Mapping[str, Term]], Iterator[Mapping[str, Term]]]
RADII = tuple(Fraction(1, 2**k) for k in range(8))


@dataclass(frozen=True)
class Basin:
    """F'(centre) = 0, F''(centre) = bend, and 0 < low <= F'' <= high where |x - centre| <= radius."""

    centre: Fraction
    bend: Fraction
    radius: Fraction
    low: Fraction
    high: Fraction


@dataclass(frozen=True)
class Rule:
    """A rule read for one problem, and the ways to find the variables that no known statement fixes."""

    step: Lemma
    formula: Term
    complete: Completion


def core(formula: Term) -> Term:
    """What a branch keeps of a formula whose premises are true at sight."""
    while formula.head == "implies" and formula.args[0].head == "true":
        formula = formula.args[1]
    return formula


def rules(reading: Reading) -> tuple[Rule, ...]:
    """The rules about iterations that make sense in this dimension."""
    completions = _completions(reading)
    found = []
    for name in completions:
        try:
            formula = reading.formula(lemmas.lemma(name, ()), {})
        except Rejected:
            continue
        found.append(Rule(Lemma(name, (), (), Done()), formula, completions[name]))
    return tuple(found)


def _completions(reading: Reading) -> dict[str, Completion]:
    around = basins(reading.problem)
    slopes = constant_slopes(reading.problem)

    def as_found(known: Mapping[str, Term]) -> Iterator[Mapping[str, Term]]:
        yield known

    def in_basin(known: Mapping[str, Term]) -> Iterator[Mapping[str, Term]]:
        for b in around:
            if known["v1.1"] == number(b.centre):
                yield {**known, "v2": number(b.radius), "v3": number(b.low), "v4": number(b.high)}

    def next_point(known: Mapping[str, Term]) -> Iterator[Mapping[str, Term]]:
        start = tuple(known[f"v2.{i + 1}"] for i in range(reading.problem.dimension))
        slope = objectives.gradient(reading.problem, objectives.objective(reading.problem, "F"))
        there = (objectives.put(reading.problem, g, start) for g in slope)
        ends = [objectives.tidy(x - known["v1"] * g) for x, g in zip(start, there, strict=True)]
        yield {**known, **{f"v3.{i + 1}": end for i, end in enumerate(ends)}}

    def with_slope(known: Mapping[str, Term]) -> Iterator[Mapping[str, Term]]:
        for slope in slopes:
            yield {**known, "v2": number(slope), "v3.1": number(0)}

    plain = ("limit is critical", "starts at rest")
    return {**dict.fromkeys(plain, as_found), "two cycle": next_point, "basin": in_basin, "sgd variance": with_slope}


def basins(problem: MetaProblem) -> tuple[Basin, ...]:
    """In one dimension, for polynomials: the rational points where F' = 0 < F'', with the first radius that will do."""
    if problem.dimension != 1 or problem.constraints:
        return ()
    (slope,) = objectives.gradient(problem, objectives.objective(problem, "F"))
    (bend,) = objectives.gradient(problem, slope)
    name = problem.parameters[0]
    found = []
    for centre in rational_roots(slope, name):
        moved = exponents_of(substitute(bend, {name: symbol(name) + number(centre)}), (name,))
        middle = moved.get((0,), Fraction(0))
        for radius in RADII:
            spread = sum((abs(c) * radius ** e[0] for e, c in moved.items() if e[0]), Fraction(0))
            if middle - spread > 0:
                found.append(Basin(centre, middle, radius, middle - spread, middle + spread))
                break
    return tuple(found)


def constant_slopes(problem: MetaProblem) -> tuple[Fraction, ...]:
    """The second derivative of the losses in one dimension, if it is one constant."""
    if problem.dimension != 1:
        return ()
    bends = {objectives.gradient(problem, objectives.gradient(problem, loss)[0])[0] for loss in problem.losses}
    return tuple(Fraction(b.args[0]) for b in bends if b.head == "num") if len(bends) == 1 else ()
