"""identify: from a model to the answer, with the claims that go through the one pipeline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, final

from ..kernel.polynomial import TooLarge
from ..models.objective import MetaObjective
from ..pipeline import Notify, Options, Report, examine
from ..pool import Limits
from ..programs.reading import written_size
from ..store.loading import in_memory
from ..symmetry.discrete import DiscreteGroup
from ..terms import IllFormed
from ..verdicts import Result
from .claims import Facts, cited, claimed
from .combinations import identified
from .completeness import orbit_claim
from .derivatives import Derivative
from .fibres import Fibre, fibre
from .learning_coefficients import MOST_VARIABLES, LearningCoefficient, at_point
from .mean_squares import mean_squares
from .null_vectors import LARGEST_ENTRIES, NullVector
from .observing import Observed, observed, point_of
from .points import Point, companions, directions_at, ordinary_point, rank_at
from .ranks import GenericRank, generic_rank
from .real_points import Place, places
from .repairs import repairs
from .result import Counterexample, Identification
from .rungs import Findings, Rung, at_this_point, rungs
from .strata import strata
from .symmetric import finite_group, generators, modulo_the_group, moved

MOST_SHOWN = 40
"""Points are shown of models with at most so many parameters."""


@final
@dataclass(frozen=True)
class Wanted:
    """`check`: claims are made and searched, `seconds` for each; `degree`: of the polynomial fields that are looked for;
    `notify` is called for each claim with its result."""

    check: bool = True
    seconds: float = 10.0
    degree: int = 2
    jobs: int = 0
    notify: Notify = lambda result, done, total: None


def identification(model: Any, at: Any = None, wanted: Wanted = Wanted()) -> Identification:
    """The answer for a model, meta-problem, meta-objective, update field or network; at a point too, if one is given.

    Raises `IllFormed` for what is none of these, and for a point that does not fit.
    """
    seen = observed(model)
    asked = None if at is None else point_of(seen.parameters, at)
    rank, null = generic_rank(seen, wanted.degree)
    there = None if asked is None else rank_at(seen, asked, rank, null)
    point = _point(seen, rank)
    derivative = _derivative(seen)
    solutions = None if point is None else fibre(seen, rank, point, derivative)
    group = finite_group(seen)
    pair, reason = _pair(seen, point, null, solutions, group)
    dropping = strata(seen, rank, derivative)
    orbit = orbit_claim(rank, null, group, solutions, dropping)
    facts = Facts(rank, null, point, pair, generators(group), asked, orbit)
    report, unclaimed = _checked(model, seen, facts, wanted)
    found = Findings(seen, rank, null, point, pair, solutions, seen.kind == "losses")
    ladder = rungs(found, _by_name(report))
    if beyond := modulo_the_group(group, rank, solutions, orbit, _by_name(report).get("orbit")):
        ladder = (*ladder, beyond)
    if there is not None:
        ladder = (ladder[0], at_this_point(there, rank, _by_name(report).get("local-here")), *ladder[1:])
    return Identification(
        seen,
        rank,
        null,
        ladder,
        identified(seen, rank, null),
        dropping,
        solutions,
        there,
        _counterexample(model, found, reason, ladder),
        repairs(seen, rank, group, ladder),
        report,
        unclaimed,
        group,
        None if asked is None else _learning(seen, asked),
    )


def _point(seen: Observed, rank: GenericRank) -> Point | None:
    try:
        return ordinary_point(seen, rank) if len(seen.parameters) <= MOST_SHOWN else None
    except IllFormed:
        return None


def _derivative(seen: Observed) -> Derivative | None:
    if written_size(seen.expanded.entries) > LARGEST_ENTRIES:
        return None
    try:
        return Derivative(seen.expanded)
    except (IllFormed, TooLarge):
        return None


def _pair(
    seen: Observed, point: Point | None, null: tuple[NullVector, ...], solutions: Fibre | None, group: DiscreteGroup | None
) -> tuple[tuple[Point, Point] | None, str]:
    """The point and another one with the same observations, and why."""
    if point is None:
        return None, ""
    for other, reason in companions(seen, point, null, () if solutions is None else solutions.others):
        return (point, other), reason
    found = moved(group, point)
    return ((point, found[0]), found[1]) if found else (None, "")


def _checked(model: Any, seen: Observed, facts: Facts, wanted: Wanted) -> tuple[Report | None, str]:
    """What the kernel makes of the claims, and what there is to say of them: the values of constants, or why there are none."""
    if not wanted.check:
        return None, "not asked for"
    theory, said, problem = cited("identify"), "", None
    try:
        if seen.kind == "losses":
            made, said = without_constants(MetaObjective.of(model))
            seen, problem = (observed(made) if said else seen), made.problem
        claimed(theory, "", seen, facts if not said else replace(facts, null=(), pair=None, generators=(), orbit=None), problem)
    except IllFormed as cause:
        return None, str(cause)
    options = Options(Limits(wanted.seconds, jobs=wanted.jobs))
    return examine(in_memory(theory), list(theory.claims), options, wanted.notify), said


def without_constants(made: MetaObjective) -> tuple[MetaObjective, str]:
    """The objective with small rational values for its constants, and which; raises `IllFormed` if none fit."""
    if not made.constants:
        return made, ""
    for value in ("1/4", "1/3", "1", "2"):
        try:
            put = made.at(**{c.name: value for c in made.constants})
        except IllFormed:
            continue
        return put, f"the claims put {', '.join(c.name for c in made.constants)} = {value}"
    raise IllFormed(f"no small value fits the constants {', '.join(c.name for c in made.constants)}")


def _learning(seen: Observed, point: Point) -> LearningCoefficient | None:
    """At the point asked for, of polynomial observations of few parameters."""
    if len(point) > MOST_VARIABLES:
        return None
    try:
        return at_point(seen, point)
    except IllFormed:
        return None


def _by_name(report: Report | None) -> Mapping[str, Result]:
    return {} if report is None else {r.id: r for r in report}


def _counterexample(model: Any, found: Findings, reason: str, ladder: tuple[Rung, ...]) -> Counterexample | None:
    """For the first rung that fails: two points that cannot be told apart, two minimisers, or else a direction."""
    failed = next((r.code for r in ladder if r.verdict == "refuted"), "")
    if not failed or found.point is None:
        return None
    if found.own and failed in ("WEAK", "UNIQ"):
        two = [p for place in _minimisers(model) if (p := place.point) is not None]
        return Counterexample(failed, two[0], two[1], None, "both minimise the mean loss") if len(two) > 1 else None
    if found.pair is not None:
        return Counterexample(failed, *found.pair, None, reason)
    directions = directions_at(found.seen, found.point, found.null)
    return Counterexample(failed, found.point, None, directions[0], "") if directions else None


def _minimisers(model: Any) -> list[Place]:
    """Some minimisers of the mean loss, where it is a sum of squares that vanish together."""
    try:
        problem = without_constants(MetaObjective.of(model))[0].problem
    except IllFormed:
        return []
    made = mean_squares(problem)
    return [] if made is None else list(islice(places(made.roots, problem.parameters), 4))
