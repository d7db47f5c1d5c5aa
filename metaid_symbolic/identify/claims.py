"""Claims that say what was found, for the kernel: a model becomes a theory, with certificates handed over where they are known.

The losses of the problem are the observations, one task each.  `rank` says that the Jacobian is injective on the coordinates of
a minor, `null` that a field is in its kernel, `local` LPROF at a point, `global` PROF.  `weak` and `strong`, WEAK and UNIQ, are
about the meta-problem itself; of a model, about the squared distance to the observations of a point.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, final

from .. import analysis
from ..calculus.polynomials import is_polynomial
from ..printing import text
from ..problems import MetaProblem
from ..programs import program
from ..programs.reading import written_size
from ..terms import ONE, IllFormed, Term, number, substitute, symbol
from ..theory import Hint, Theory
from . import handed, immersions
from .null_vectors import NullVector
from .observing import Observed
from .points import Point
from .ranks import GenericRank

MOST_PARAMETERS, LARGEST = 9, 2_500
"""Claims are made of models with at most so many parameters, whose observations have at most so many subterms."""
SHORT = 125
"""Certificates are written down for losses of at most so many subterms: it takes one to two seconds."""
FLAT = "(forall t in tasks: dot(grad L(t, x), v) = 0)"


@final
@dataclass(frozen=True)
class Facts:
    """What was found of a problem, to be claimed: `pair`, two points with the same observations, None if none is known;
    `generators` of its group, as images of the parameters; `asked`, a point for which LPROF is asked."""

    rank: GenericRank
    null: tuple[NullVector, ...]
    point: Point | None
    pair: tuple[Point, Point] | None
    generators: tuple[tuple[str, tuple[Term, ...]], ...] = ()
    asked: Point | None = None


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
    _rank(theory, prefix, profile, facts)
    if facts.point is not None:
        _local(theory, f"{prefix}local", profile, facts, facts.point)
    if facts.asked is not None:
        _local(theory, f"{prefix}local-here", profile, facts, facts.asked, generic=False)
    two = handed.not_injective(profile, *facts.pair) if facts.pair and _short(profile) else None
    hint = None if two is None else Hint(certificate=two)
    theory.at(f"{prefix}global", profile, "PROF", expected=False if facts.pair else None, hint=hint)
    if problem is not None:
        theory.at(f"{prefix}weak", problem, "WEAK")
        theory.at(f"{prefix}strong", problem, "UNIQ")
    elif facts.point is not None and seen.expanded.is_polynomial:
        _teacher(theory, prefix, teacher_problem(profile, facts.point), facts, facts.point)


def _local(theory: Theory, name: str, profile: MetaProblem, facts: Facts, point: Point, generic: bool = True) -> None:
    """LPROF at the point: true where the rank is that of all parameters, false where a symmetry moves the point."""
    source = f"LPROF({vector(point)})"
    certificate: Any = None
    if facts.rank.lower == facts.rank.parameters and generic:
        certificate = immersions.injective_nearby(profile, point, facts.rank.minor.rows) if _short(profile) else None
        theory.at(name, profile, source, expected=True, hint=Hint(certificate=certificate) if certificate else None)
        return
    found = (handed.not_locally_identified(profile, point, pair) for pair in _pairs(profile, facts, point))
    certificate = next((p for p in found if p is not None), None)
    expected = False if certificate else None
    theory.at(name, profile, source, expected=expected, hint=Hint(certificate=certificate) if certificate else None)


def _pairs(profile: MetaProblem, facts: Facts, point: Point) -> Iterator[tuple[list[Term], list[Term]]]:
    """Curves of pairs of points with the same losses that tend to the point: along scalings, and moved by a generator that
    fixes the point."""
    if not _short(profile):
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


def _short(profile: MetaProblem) -> bool:
    """Whether certificates are written down here; otherwise the search is left to find them."""
    return all(map(is_polynomial, profile.losses)) and written_size(profile.losses) <= SHORT


def _teacher(theory: Theory, prefix: str, problem: MetaProblem, facts: Facts, point: Point) -> None:
    """WEAK and UNIQ of the squared distances."""
    made = handed.SumOfSquares(problem, tuple(loss.args[0] for loss in problem.losses))
    weak = handed.weakly_identified(made, point)
    theory.at(f"{prefix}weak", problem, "WEAK", expected=True, hint=Hint(certificate=weak) if weak else None)
    two = handed.not_unique(made, *facts.pair) if facts.pair else None
    hint = Hint(certificate=two) if two else None
    theory.at(f"{prefix}strong", problem, "UNIQ", expected=False if facts.pair else None, hint=hint)


def _rank(theory: Theory, prefix: str, profile: MetaProblem, facts: Facts) -> None:
    rank, chosen = facts.rank, facts.rank.minor.columns
    if rank.lower and chosen:
        held = [f"coord(v, {j + 1}) = 0" for j in range(rank.parameters) if j not in chosen]
        source = f"exists x in Rn: forall v in Rn: {' & '.join([*held, FLAT])} => v = zero"
        words = f"The Jacobian has rank {rank.lower} somewhere, and so generically at least that."
        shown = immersions.has_rank(profile, source, facts.point) if facts.point and _short(profile) else None
        hint = Hint(certificate=shown) if shown else None
        theory.at(f"{prefix}rank", profile, source, expected=True, words=words, hint=hint)
    for k, found in enumerate(facts.null, start=1):
        field = at_point(found.components, profile.parameters, "x")
        source = f"forall x in Rn: forall t in tasks: dot(grad L(t, x), {field}) = 0"
        theory.at(f"{prefix}null-{k}", profile, source, expected=True, words=found.words or "A direction that no task sees.")
    for k, (name, images) in enumerate(facts.generators, start=1):
        source = f"forall x in Rn, t in tasks: L(t, {at_point(images, profile.parameters, 'x')}) = L(t, x)"
        theory.at(f"{prefix}group-{k}", profile, source, expected=True, words=f"Symmetry: {name}.")


def vector(point: Sequence[Any]) -> str:
    return f"[{', '.join(map(str, point))}]"


def at_point(entries: Sequence[Term], parameters: Sequence[str], point: str) -> str:
    """Terms in the parameters as a vector in the coordinates of a point."""
    put = {name: Term("coord", (symbol(point), number(i))) for i, name in enumerate(parameters, start=1)}
    return f"[{', '.join(text(substitute(e, put)) for e in entries)}]"


def cited(name: str) -> Theory:
    """An empty theory that may cite the theorems of `analysis` about minima."""
    theory = Theory(name, step="identify", title="Identifiability")
    analysis.cite(theory, analysis.MINIMA)
    return theory
