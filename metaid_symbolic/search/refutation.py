"""Counterexamples to claims about all meta-problems, and examples for claims about some, by enumeration.

A candidate that passes the quick look is handed to the prover, formula by formula; the first that is proved wins.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from itertools import islice, product

from ..certificates import Instance, Proof
from ..claims import Universe
from ..kernel import objectives
from ..kernel.instances import needed
from ..kernel.rejection import Rejected
from ..kernel.unfold import Reading, rational_point
from ..problems import MetaProblem
from ..terms import IllFormed, Term, conjunction, negation, number, subterms, symbol
from ..theory import Hint
from . import descent, gaussian
from .candidates import Suggestions
from .enumeration import PLAN, RATES, Box, build, domains, exponents_of, measure, points, problems
from .needs import Needs, Range, possible_dimensions
from .prover import Prover
from .remembered import Remembered
from .roots import rational_roots
from .sampling import Look

Point = tuple[Fraction, ...]
STEPS = (1, 2)
EFFORTS = (400, 2500)
MOST_WAITING = 25
MOST_HARD = 4
MOST_ALIKE = 3
COSTS = (4, 100)
ITERATING = 1600
MOST_EXCLUDED = 40
"""Candidates that pass the look and are not proved at once are kept for a second, longer try; of those of one shape only the
first `MOST_ALIKE` are tried, since what stops the prover is seldom a coefficient.  A budget is spent on each
candidate and on each attempt to prove (the `COSTS`)."""


@dataclass(frozen=True)
class Found:
    """A certified instance, its size, and how many smaller candidates were passed over."""

    instance: Instance
    candidates: int


def search(
    universe: Universe,
    formulas: list[Term],
    budget: int,
    dimensions: tuple[int, int],
    tasks: tuple[int, int],
    thorough: bool = True,
) -> Found | None:
    """The first problem in the order of size for which all formulas are proved; unless `thorough` by short proofs."""
    if universe.law == "gaussian":
        return _search_gaussian(universe, formulas, budget)
    needs, seen, spent = Needs.of(formulas), 0, 0
    waiting: list[tuple[MetaProblem, Point]] = []
    later: list[tuple[MetaProblem, Point]] = []
    failed: Counter[object] = Counter()
    within = possible_dimensions(formulas, dimensions), tasks if needs.tasks else (tasks[0], tasks[0])
    for problem, look in known_candidates(universe.domain, needs, *within):
        seen, spent = seen + 1, spent + COSTS[0]
        if spent > budget or len(waiting) > MOST_WAITING:
            break
        for phi in points(problem.dimension) if needs.point else (first_point(problem),):
            if not (_inside(problem, phi) and all(look.possible(f, True, phi) for f in formulas)):
                continue
            if look.at.irrational():
                later.append((problem, phi))
                continue
            if failed[kind := shape(problem, phi)] >= MOST_ALIKE:
                continue
            instance, spent = certify(universe, problem, phi, formulas, EFFORTS[0]), spent + COSTS[1]
            if instance is not None:
                return Found(instance, seen)
            failed[kind] += 1
            waiting.append((problem, phi))
    hard = waiting if len(waiting) > MOST_WAITING else [*waiting[:MOST_HARD], *later]
    return _try_harder(universe, formulas, hard, seen) if thorough else None


def shape(problem: MetaProblem, phi: Point) -> object:
    """The same for problems and points that differ by the absolute values of coefficients alone."""
    losses = [exponents_of(loss, problem.parameters) for loss in problem.losses]
    signs = tuple(tuple(sorted((e, c > 0) for e, c in p.items())) for p in losses)
    return problem.constraints, signs, phi


def _search_gaussian(universe: Universe, formulas: list[Term], budget: int) -> Found | None:
    for seen, (problem, phi) in enumerate(islice(gaussian.problems(), budget // COSTS[1])):
        instance = certify(universe, problem, phi, formulas, EFFORTS[0] // 2)
        if instance is not None:
            return Found(instance, seen + 1)
    return None


def _try_harder(universe: Universe, formulas: list[Term], waiting: list[tuple[MetaProblem, Point]], seen: int) -> Found | None:
    for problem, phi in waiting[: 2 * MOST_HARD]:
        instance = certify(universe, problem, phi, formulas, EFFORTS[1])
        if instance is not None:
            return Found(instance, seen)
    return None


@lru_cache(maxsize=16)
def known_candidates(domain: str, needs: Needs, dimensions: Range, tasks: Range) -> Remembered[tuple[MetaProblem, Look]]:
    """The candidates, shared by all searches that run through the same ones."""
    return Remembered(candidates(domain, needs, dimensions, tasks))


def candidates(domain: str, needs: Needs, dimensions: Range, tasks: Range) -> Iterator[tuple[MetaProblem, Look]]:
    seen: dict[int, set[object]] = {}
    for box in PLAN:
        for rank in range(1 if needs.rate or needs.descent else 2):
            if dimensions[0] <= box.dimension <= dimensions[1] and tasks[0] <= box.tasks <= tasks[1]:
                yield from _in_box(domain, needs, box, rank, seen.setdefault(rank, set()))


def _in_box(domain: str, needs: Needs, box: Box, rank: int, seen: set[object]) -> Iterator[tuple[MetaProblem, Look]]:
    regions = list(domains(domain, box.dimension))
    if rank >= len(regions):
        return
    for _, chosen, weights in problems(box, seen):
        for rate in (RATES[:1] if needs.steps else RATES) if needs.rate else (None,):
            for steps in STEPS if needs.steps else (1,):
                problem = replace(build(box.dimension, chosen, weights, regions[rank], rate), steps=steps)
                yield problem, Look(problem, needs.descent)


def first_point(problem: MetaProblem) -> Point:
    """A point of the domain: the origin, or the middle of an interval."""
    ends = [s.args[0] for c in problem.constraints for s in c.args if s.head == "num"]
    middle = (min(ends) + max(ends)) / 2 if ends else Fraction(0)
    return tuple(middle for _ in problem.parameters)


def certify(
    universe: Universe, problem: MetaProblem, phi: Point, formulas: list[Term], effort: int, hint: Hint | None = None
) -> Instance | None:
    """An instance with a proof of each formula, or None."""
    try:
        reading = Reading(problem)
        domain = well_defined(reading)
        if domain is None:
            return None
        env = {"phi": rational_point(phi)}
        read = [reading.formula(f, env) for f in formulas]
    except (Rejected, IllFormed):
        return None
    terms = hint.terms if hint is not None else ()
    around = special_points(problem, phi)
    about = Suggestions(points=(*around, *families(problem)), terms=terms, lowest=lowest(problem, around))
    plain, iterating = Prover(about, effort=effort), None
    proofs: list[Proof] = []
    for formula, asked in zip(read, formulas, strict=True):
        if Needs.of([asked]).descent:
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
    around = sorted(descent.basins(reading.problem), key=lambda b: _value(reading.problem, (b.centre,)), reverse=True)
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


def well_defined(reading: Reading) -> tuple[Proof, ...] | None:
    """Proofs that the losses are C^2 on the domain; None if one is not found."""
    names = tuple(symbol(f"_{i + 1}") for i in range(reading.problem.dimension))
    constants = frozenset(s.args[0] for s in names)
    found = []
    for need in needed(reading.problem):
        goal = objectives.put(reading.problem, need, names)
        proof = Prover(effort=200).refute([reading.inside(names), negation(goal)], constants)
        if proof is None:
            return None
        found.append(proof)
    return tuple(found)


def minimality(universe: Universe, formulas: list[Term], found: Found) -> str:
    """What is known of smaller problems: each of those enumerated before is excluded by a proof, or nothing is said."""
    if found.candidates == 1:
        return "minimal"
    needs = Needs.of(formulas)
    if needs.rate or needs.descent or found.candidates > MOST_EXCLUDED or found.instance.problem.noise:
        return "smallest found"
    height = 0
    tasks, dimension = len(found.instance.problem.losses), found.instance.problem.dimension
    within = possible_dimensions(formulas, (1, max(2, dimension)))
    earlier = islice(known_candidates(universe.domain, needs, within, (1, 3 if needs.tasks else 1)), found.candidates - 1)
    for problem, _ in earlier:
        if not excluded(problem, formulas):
            return "smallest found"
        height = max(height, measure(problem)[-1])
    return f"minimal up to height {height} ({found.candidates - 1} smaller candidates excluded, {tasks} tasks)"


def excluded(problem: MetaProblem, formulas: list[Term]) -> bool:
    """A proof that the formulas hold together at no point of the domain is found."""
    together = Term("exists", ("phi", "point", conjunction([Term("pred", ("Phi", symbol("phi"))), *formulas])))
    try:
        read = Reading(problem).formula(together, {})
    except Rejected:
        return False
    about = Suggestions(points=special_points(problem, first_point(problem)))
    return Prover(about, effort=EFFORTS[0]).refute([read]) is not None


def special_points(problem: MetaProblem, phi: Point) -> tuple[Point, ...]:
    """Rational critical points and minimisers of the objectives, best first, then small points; in the plane also (2, 1),
    the exchange of the coordinates as a list of indices."""
    found: list[Point] = [phi]
    if problem.dimension == 1:
        found += sorted(_critical(problem), key=lambda p: abs(p[0]))
    small = points(problem.dimension)[: 7 if problem.dimension == 1 else 9]
    far = tuple((Fraction(q),) for q in (4, -4)) if problem.dimension == 1 else ()
    ranked = sorted((p for p in (*small, *far) if _inside(problem, p)), key=lambda p: _value(problem, p))[:3]
    exchange = [(Fraction(2), Fraction(1))] if problem.dimension == 2 and problem.rate is not None else []
    return tuple(dict.fromkeys([*found[:6], *ranked, *small[:4], *exchange]))


def lowest(problem: MetaProblem, among: tuple[Point, ...]) -> tuple[Point, ...]:
    """The points with the least values of F, and of F after adaptation."""
    inside = [p for p in among if len(p) == problem.dimension and _inside(problem, p)]
    if not inside or problem.noise:
        return ()
    best = [min(inside, key=lambda p: _value(problem, p))]
    if problem.rate is not None and not problem.constraints:
        best.append(min(inside, key=lambda p: _value(problem, p, "F_MAML")))
    return tuple(dict.fromkeys(best))


def families(problem: MetaProblem) -> tuple[Point, ...]:
    """In one dimension, for each task a rational critical point of its loss."""
    if problem.dimension != 1 or len(problem.losses) == 1 or problem.noise:
        return ()
    rows = [rational_roots(objectives.gradient(problem, loss)[0], problem.parameters[0])[:2] for loss in problem.losses]
    return tuple(product(*rows))


def _critical(problem: MetaProblem) -> list[Point]:
    found: list[Point] = []
    for name in ("F", "F_MAML"):
        try:
            slope = objectives.gradient(problem, objectives.objective(problem, name))[0]
        except Rejected:
            continue
        found += [(r,) for r in rational_roots(slope, problem.parameters[0])]
    for name in ("reptile", "fomaml") if problem.rate is not None and not problem.constraints else ():
        found += [(r,) for r in rational_roots(objectives.field(problem, name)[0], problem.parameters[0])]
    ends = [s.args[0] for c in problem.constraints for s in c.args if s.head == "num"]
    return [p for p in dict.fromkeys([*found, *((e,) for e in ends)]) if _inside(problem, p)]


def named_points(formula: Term, dimension: int) -> tuple[Point, ...]:
    """The rational points that a formula read for a problem equates its variables with."""
    found = []
    for part in subterms(formula):
        sides = [a for a in (part.args if part.head == "and" else (part,)) if a.head == "eq"]
        values = [a.args[1].args[0] for a in sides if a.args[0].head == "sym" and a.args[1].head == "num"]
        if len(values) == dimension:
            found.append(tuple(values))
    return tuple(dict.fromkeys(found))


def _inside(problem: MetaProblem, p: Point) -> bool:
    for constraint in problem.constraints:
        a, b = (objectives.tidy(objectives.put(problem, s, tuple(map(number, p)))).args[0] for s in constraint.args)
        if not (a < b if constraint.head == "lt" else a <= b):
            return False
    return True


def _value(problem: MetaProblem, p: Point, name: str = "F") -> Fraction:
    value = objectives.tidy(objectives.put(problem, objectives.objective(problem, name), tuple(map(number, p))))
    return Fraction(value.args[0]) if value.head == "num" else Fraction(0)
