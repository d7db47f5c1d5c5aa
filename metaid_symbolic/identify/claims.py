"""Claims that say what was found, for the kernel: a model becomes a theory, with certificates handed over where they are known.

The losses of the problem are the observations, one task each.  `rank` says that the Jacobian is injective on the coordinates of
a minor, `null` that a field is in its kernel, `local` LPROF at a point, `global` PROF.  `weak` and `strong`, WEAK and UNIQ, are
about the meta-problem itself; of a model, about the squared distance to the observations of a point.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice
from typing import final

from .. import analysis
from ..calculus.polynomials import is_polynomial
from ..certificates import Derivation, Done, Refutation
from ..problems import MetaProblem
from ..programs import program
from ..programs.reading import written_size
from ..terms import ONE, IllFormed, Term, number
from ..theory import Hint, Theory
from . import handed, immersions, mean_symmetries, profiles
from .completeness import OrbitClaim
from .mean_squares import mean_squares
from .minimisers import same_losses, two_minimisers
from .null_vectors import NullVector
from .observing import Observed
from .points import Point, minor_at
from .ranks import GenericRank
from .real_points import Place, places
from .vectors import at_point, vector

MOST_PARAMETERS, LARGEST = 9, 2_500
"""Claims are made of models with at most so many parameters, whose observations have at most so many subterms."""
SHORT = 125
"""Certificates are written down for losses of at most so many subterms: it takes one to two seconds."""
LONG = 400
"""Values and gradients at points are written down for losses of at most so many subterms."""
MOST_UNKNOWNS = 3
"""Solutions that are not rational are looked for in models with at most so many parameters."""
AT_SIGHT = Derivation(Done())
"""An identity whose two sides have one normal form."""
FLAT = "(forall t in tasks: dot(grad L(t, x), v) = 0)"


@final
@dataclass(frozen=True)
class Facts:
    """What was found of a problem, to be claimed: `pair`, two points with the same observations, None if none is known;
    `generators` of its group, as images of the parameters; `asked`, a point for which LPROF is asked; `orbit`, that the generic
    fibre is one orbit."""

    rank: GenericRank
    null: tuple[NullVector, ...]
    point: Point | None
    pair: tuple[Point, Point] | None
    generators: tuple[tuple[str, tuple[Term, ...]], ...] = ()
    asked: Point | None = None
    orbit: OrbitClaim | None = None


def profile_problem(seen: Observed) -> MetaProblem:
    """The meta-problem whose tasks are the observations, equally likely.

    Raises `IllFormed` where they are functions of inputs or of constants, too many, or too long.
    """
    expanded = seen.expanded
    if expanded.others:
        raise IllFormed(f"the observations are functions of {', '.join(expanded.others)}, and a task is a number")
    if len(seen.parameters) > MOST_PARAMETERS or (size := written_size(expanded.entries)) > LARGEST:
        said = f"{len(seen.parameters)} parameters" if len(seen.parameters) > MOST_PARAMETERS else f"{size} subterms"
        raise IllFormed(f"{said}; no claims are made of models so large")
    count = len(expanded.entries)
    return MetaProblem(seen.parameters, expanded.entries, (Fraction(1, count),) * count)


def teacher_problem(profile: MetaProblem, point: Point) -> MetaProblem:
    """The squared distances of the observations from those of a point: its minimisers are the fibre of the point.

    Raises `IllFormed` where the observations at the point are no rational numbers.
    """
    values = program(profile.losses, profile.parameters).evaluate(point)
    losses = tuple((loss - number(v)) ** 2 for loss, v in zip(profile.losses, values, strict=True))
    return MetaProblem(profile.parameters, losses, profile.weights)


def claimed(theory: Theory, prefix: str, seen: Observed, facts: Facts, problem: MetaProblem | None = None) -> None:
    """Adds the claims of a model, or of the meta-problem given; raises `IllFormed` as the problems do."""
    profile = profile_problem(seen)
    facts = _with_minor_there(seen, facts)
    _rank(theory, prefix, profile, facts)
    if facts.point is not None:
        _local(theory, f"{prefix}local", profile, facts, facts.point)
    if facts.asked is not None:
        _local(theory, f"{prefix}local-here", profile, facts, facts.asked, generic=False)
    against = _not_injective(profile, facts)
    theory.at(f"{prefix}global", profile, "PROF", expected=False if against or facts.pair else None, hint=_hint(against))
    if facts.orbit is not None:
        hint = Hint(terms=facts.orbit.terms) if facts.orbit.terms else None
        theory.at(f"{prefix}orbit", profile, facts.orbit.source, words=facts.orbit.words, hint=hint)
    if problem is not None:
        _minimisers(theory, prefix, problem)
    elif facts.point is not None and seen.expanded.is_polynomial:
        _minimisers(theory, prefix, teacher_problem(profile, facts.point), facts.point, facts.pair)


def _with_minor_there(seen: Observed, facts: Facts) -> Facts:
    """The minor of the generic rank at the point itself, where one of that size is not 0 there."""
    if facts.point is None:
        return facts
    minor = minor_at(seen, facts.point)
    return replace(facts, rank=replace(facts.rank, minor=minor)) if minor.size == facts.rank.lower else facts


def _not_injective(profile: MetaProblem, facts: Facts) -> Refutation | None:
    """Against PROF: two rational points, too few tasks, or a solution with the losses of the point that is not rational."""
    if facts.pair and _fits(profile) and (two := handed.not_injective(profile, *facts.pair)):
        return two
    if (few := profiles.not_told_apart(profile)) or facts.point is None or not _fits(profile):
        return few
    return next(
        filter(None, (profiles.another_solution(profile, *found) for found in _other_solutions(profile, facts.point))), None
    )


def _other_solutions(profile: MetaProblem, point: Point) -> Iterator[tuple[Point, Place]]:
    """Points near the given one with solutions elsewhere that have the same losses."""
    if profile.dimension > MOST_UNKNOWNS or len(profile.losses) > profile.dimension:
        return
    for shift in (Fraction(0), Fraction(1), Fraction(-2), Fraction(1, 2)):
        here = tuple(x + shift * (-1) ** i for i, x in enumerate(point))
        values = program(profile.losses, profile.parameters).evaluate(here)
        equations = [loss - number(v) for loss, v in zip(profile.losses, values, strict=True)]
        yield from ((here, place) for place in places(equations, profile.parameters) if Place(here).apart(place) is not None)


def _minimisers(
    theory: Theory, prefix: str, problem: MetaProblem, zero: Point | None = None, pair: tuple[Point, Point] | None = None
) -> None:
    """WEAK and UNIQ; `zero` is a point where all losses are 0, `pair` are two with the same losses."""
    made = mean_squares(problem) if written_size(problem.losses) <= 2 * LONG else None
    found = [Place(p) for p in pair or (zero,) if p is not None]
    if made is not None and not found:
        found = list(islice(places(made.roots, problem.parameters), 2))
    same = same_losses(made, found[0]) if made and found else None
    two = two_minimisers(made, *found) if made and len(found) > 1 else None
    low = mean_symmetries.low_points(problem) if not found and _fits(problem) else []
    two, other = two or mean_symmetries.not_unique(problem, low), mean_symmetries.not_weak(problem, low)
    weak = True if same or zero else False if other else None
    theory.at(f"{prefix}weak", problem, "WEAK", expected=weak, hint=_hint(same or other))
    theory.at(f"{prefix}strong", problem, "UNIQ", expected=False if two or pair else None, hint=_hint(two))


def _hint(certificate: Derivation | Refutation | None) -> Hint | None:
    return None if certificate is None else Hint(certificate=certificate)


def _local(theory: Theory, name: str, profile: MetaProblem, facts: Facts, point: Point, generic: bool = True) -> None:
    """LPROF at the point: true where the rank is that of all parameters, false where a symmetry moves the point or tasks are
    fewer than parameters."""
    source = f"LPROF({vector(point)})"
    if facts.rank.lower == facts.rank.parameters and generic:
        near = immersions.injective_nearby(profile, point, facts.rank.minor.rows) if _short(profile) else None
        theory.at(name, profile, source, expected=True, hint=_hint(near or immersions.immersed(profile, point)))
        return
    found = (handed.not_locally_identified(profile, point, pair) for pair in _pairs(profile, facts, point))
    against = next((p for p in found if p is not None), None) or profiles.not_told_apart_nearby(profile, point)
    theory.at(name, profile, source, expected=False if against else None, hint=_hint(against))


def _pairs(profile: MetaProblem, facts: Facts, point: Point) -> Iterator[tuple[list[Term], list[Term]]]:
    """Curves of pairs of points with the same losses that tend to the point: along scalings, and moved by a generator that
    fixes the point."""
    if not _fits(profile):
        return
    yield from (handed.scaled(profile, point, dict(v.weights)) for v in facts.null if v.weights)
    for j in range(len(point)):
        unit = tuple(Fraction(int(i == j)) for i in range(len(point)))
        if any(v.kind == "unused" and v.components[j] == ONE for v in facts.null):
            yield handed.shifted(point, unit, (Fraction(0),) * len(point))
        for _, images in facts.generators:
            at = [
                program(images, profile.parameters).evaluate(p)
                for p in (point, [x + u for x, u in zip(point, unit, strict=True)])
            ]
            if tuple(at[0]) == point and (image := tuple(b - a for a, b in zip(*at, strict=True))) != unit:
                yield handed.shifted(point, unit, image)


def _fits(profile: MetaProblem) -> bool:
    """Whether values at points, and gradients there, are written down here; otherwise the search is left to find a proof."""
    return all(map(is_polynomial, profile.losses)) and written_size(profile.losses) <= LONG


def _short(profile: MetaProblem) -> bool:
    """Whether an estimate around a point is written down."""
    return _fits(profile) and written_size(profile.losses) <= SHORT


def _rank(theory: Theory, prefix: str, profile: MetaProblem, facts: Facts) -> None:
    rank, chosen = facts.rank, facts.rank.minor.columns
    if rank.lower and chosen:
        held = [f"coord(v, {j + 1}) = 0" for j in range(rank.parameters) if j not in chosen]
        source = f"exists x in Rn: forall v in Rn: {' & '.join([*held, FLAT])} => v = zero"
        words = f"The Jacobian has rank {rank.lower} somewhere, and so generically at least that."
        shown = immersions.has_rank(profile, source, facts.point) if facts.point else None
        theory.at(f"{prefix}rank", profile, source, expected=True, words=words, hint=_hint(shown))
    for k, found in enumerate(facts.null, start=1):
        field = at_point(found.components, profile.parameters, "x")
        source = f"forall x in Rn: forall t in tasks: dot(grad L(t, x), {field}) = 0"
        words = found.words or "A direction that no task sees."
        theory.at(f"{prefix}null-{k}", profile, source, expected=True, words=words, hint=Hint(certificate=AT_SIGHT))
    for k, (name, images) in enumerate(facts.generators, start=1):
        source = f"forall x in Rn, t in tasks: L(t, {at_point(images, profile.parameters, 'x')}) = L(t, x)"
        theory.at(
            f"{prefix}group-{k}", profile, source, expected=True, words=f"Symmetry: {name}.", hint=Hint(certificate=AT_SIGHT)
        )


def cited(name: str) -> Theory:
    """An empty theory that may cite the theorems of `analysis` about minima and injectivity."""
    theory = Theory(name, step="identify", title="Identifiability")
    analysis.cite(theory, analysis.IDENTIFIABILITY)
    return theory
