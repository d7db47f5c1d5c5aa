"""Counterexamples to claims about all meta-problems, and examples for claims about some, by enumeration.

A candidate that passes the quick look is handed to the prover, formula by formula; the first that is proved wins.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice

from ..calculus.domains import proof_defined
from ..certificates import Instance, Proof
from ..claims import Universe
from ..kernel.instances import needed
from ..kernel.rejection import Rejected
from ..kernel.unfold import Reading, rational_point
from ..problems import MetaProblem
from ..terms import TRUE, IllFormed, Term, negation, subterms
from ..theory import Hint, Intermediate
from .guided import refuted_through
from .minimising import minimisers
from .problems import gaussian, gluing
from .problems.candidates import Candidate, known_candidates
from .problems.enumeration import exponents_of, points
from .problems.landmarks import families, first_point, inside, lowest, special_points, value
from .problems.needs import Needs, looked_at
from .problems.restriction import Restriction
from .tableaux import descent
from .tableaux.candidates import Suggestions
from .tableaux.effort import Effort
from .tableaux.prover import Prover

Point = tuple[Fraction, ...]
Way = tuple[tuple[str, ...], tuple[Intermediate, ...]]
EFFORTS = (400, 2500)
MOST_WAITING = 25
MOST_STEPS = 15 * EFFORTS[0]
MOST_HARD = 4
MOST_ALIKE = 3
ITERATING = 1600
PROVED = 25
"""Candidates that pass the look and are not proved at once are kept for a second, longer try; of those of one shape only the
first `MOST_ALIKE` are tried, since what stops the prover is seldom a coefficient.  A candidate that is handed to the prover
without a look counts as `PROVED`."""


@dataclass(frozen=True)
class Found:
    """A certified instance, if there is one, and the number of the last candidate looked at, the smallest being number 1."""

    instance: Instance | None
    candidates: int


@dataclass
class Passed:
    """The number of the last candidate that was asked for."""

    number: int

    def through(self, listed: Iterable[Candidate]) -> Iterator[Candidate]:
        for candidate in listed:
            self.number += 1
            yield candidate


def search(universe: Universe, formulas: list[Term], span: range, within: Restriction, thorough: bool = True) -> Found:
    """The first problem in the order of size for which all formulas are proved, among the candidates of which `span` gives the
    numbers, from 0; unless `thorough` by short proofs."""
    if universe.law == "gaussian":
        return _search_gaussian(universe, formulas, span, within)
    listed = islice(known_candidates(universe.domain, Needs.of(formulas), looked_at(formulas, within)), span.start, span.stop)
    return first_among(universe, formulas, listed, Passed(span.start), thorough)


def first_among(universe: Universe, formulas: list[Term], listed: Iterable[Candidate], passed: Passed, thorough: bool) -> Found:
    """The first of the problems for which all formulas are proved."""
    needs, steps = Needs.of(formulas), Effort(MOST_STEPS)
    waiting: list[tuple[MetaProblem, Point]] = []
    later: list[tuple[MetaProblem, Point]] = []
    failed: Counter[object] = Counter()
    for problem, phi, rational in _promising(passed.through(listed), formulas, needs):
        if not rational:
            later.append((problem, phi))
        elif failed[kind := shape(problem, phi, needs.tasks)] < MOST_ALIKE:
            instance = certify(universe, problem, phi, formulas, EFFORTS[0], spending=steps)
            if instance is not None:
                return Found(instance, passed.number)
            failed[kind] += 1
            waiting.append((problem, phi))
            if len(waiting) > MOST_WAITING or steps.left < 0:
                break
    again = [*waiting[:MOST_HARD], *later[:MOST_HARD]] if thorough else []
    return Found(_try_harder(universe, formulas, again), passed.number)


def glued(universe: Universe, formulas: list[Term], known: Iterable[MetaProblem], within: Restriction) -> Found:
    """The first problem that is glued from known ones and for which all formulas are proved."""
    needs = Needs.of(formulas)
    if universe.law != "finite" or universe.domain == "interval" or needs.descent:
        return Found(None, 0)
    possible = replace(within, dimensions=looked_at(formulas, within).dimensions)
    made = gluing.glued(known, needs, possible)
    return first_among(universe, formulas, (Candidate(p, needs.descent) for p in made), Passed(0), thorough=False)


def _promising(listed: Iterable[Candidate], formulas: list[Term], needs: Needs) -> Iterator[tuple[MetaProblem, Point, bool]]:
    """Problems and points for which the formulas look possible; and whether the lowest critical point looks rational."""
    cheapest = sorted(formulas, key=lambda f: sum(part.head in ("forall", "exists") for part in subterms(f)))
    for candidate in listed:
        problem, look = candidate.problem, candidate.look
        for phi in points(problem.dimension) if needs.point else (first_point(problem),):
            if inside(problem, phi) and all(look.possible(f, True, phi) for f in cheapest):
                yield problem, phi, not look.at.irrational()


def shape(problem: MetaProblem, phi: Point, constants: bool) -> object:
    """The same for problems and points that differ by the absolute values of coefficients alone, or by `constants`."""
    losses = [exponents_of(loss, problem.parameters) for loss in problem.losses]
    signs = tuple(tuple(sorted((e, c > 0) for e, c in p.items() if constants or any(e))) for p in losses)
    return problem.constraints, signs, phi


def _search_gaussian(universe: Universe, formulas: list[Term], span: range, within: Restriction) -> Found:
    seen = span.start // PROVED
    listed = enumerate((made for made in gaussian.problems() if within.admits(made[0])), 1)
    for seen, (problem, phi) in islice(listed, span.start // PROVED, span.stop // PROVED):
        instance = certify(universe, problem, phi, formulas, EFFORTS[0] // 2)
        if instance is not None:
            return Found(instance, seen)
    return Found(None, seen)


def _try_harder(universe: Universe, formulas: list[Term], waiting: list[tuple[MetaProblem, Point]]) -> Instance | None:
    for problem, phi in waiting:
        instance = certify(universe, problem, phi, formulas, EFFORTS[1])
        if instance is not None:
            return instance
    return None


def certify(
    universe: Universe,
    problem: MetaProblem,
    phi: Point,
    formulas: list[Term],
    effort: int,
    hint: Hint | None = None,
    spending: Effort | None = None,
    way: Way = ((), ()),
) -> Instance | None:
    """An instance with a proof of each formula, or None; an author's way (rules, formulas) leads to the last one."""
    try:
        reading = Reading(problem)
        domain = well_defined(problem)
        if domain is None:
            return None
        env = {"phi": rational_point(phi)}
        read = [reading.formula(f, env) for f in formulas]
        through = [replace(one, formula=reading.formula(one.formula, env)) for one in way[1]]
    except (Rejected, IllFormed):
        return None
    terms = hint.terms if hint is not None else ()
    least = minimisers(problem, TRUE).rational if hint is not None else ()
    around = (*least, *special_points(problem, phi))
    about = Suggestions(points=(*around, *families(problem)), terms=terms, lowest=least or lowest(problem, around))
    plain, iterating = Prover(about, effort=effort, within=spending, systems=spending is None), None
    proofs: list[Proof] = []
    for formula, asked in zip(read, formulas, strict=True):
        if through and asked is formulas[-1]:
            proof = refuted_through([negation(formula)], way[0], through)
        elif Needs.of([asked]).descent:
            iterating = iterating or Prover(descending(about, reading), effort=ITERATING // problem.dimension**2, depth=6)
            proof = iterating.refute([negation(formula)])
        else:
            proof = plain.refute([negation(formula)])
        if proof is None:
            return None
        proofs.append(proof)
    return Instance(problem, phi, domain, hint.connected if hint is not None else None, tuple(proofs))


def descending(about: Suggestions, reading: Reading) -> Suggestions:
    """With the rules about iterations, and the centres, radii and rates of basins first, high ones before low ones."""
    around = sorted(descent.basins(reading.problem), key=lambda b: value(reading.problem, (b.centre,)), reverse=True)
    thresholds = tuple(1 / b.high for b in around)
    cycles = tuple(2 / b.bend for b in around)
    chosen = (*(b.radius for b in around), *(t / 2 for t in thresholds), *about.numbers, *cycles)
    centres = (*((b.centre,) for b in around), *about.points)
    return replace(
        about,
        points=tuple(dict.fromkeys(centres)),
        numbers=tuple(dict.fromkeys(chosen)),
        rules=descent.rules(reading),
        thresholds=thresholds[:1],
    )


def well_defined(problem: MetaProblem) -> tuple[Proof, ...] | None:
    """Proofs that the losses are C^2 on the domain; None if one is not found."""
    proofs = [proof_defined(problem, need) for need in needed(problem)]
    found = tuple(proof for proof in proofs if proof is not None)
    return found if len(found) == len(proofs) else None
