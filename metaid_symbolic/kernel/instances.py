"""A concrete meta-problem: it lies in a universe, its losses are smooth there, and formulas hold for it."""

from __future__ import annotations

from ..certificates import Contraction, Done, Instance, Pair, Proof
from ..claims import Determines, Universe
from ..problems import ELEMENTARY, MetaProblem
from ..terms import ZERO, Term, at_most, conjunction, equal, free_symbols, less, negation, number, substitute, subterms, symbol
from . import objectives
from .branch import Branch
from .normal import Normaliser
from .rejection import Rejected, require
from .tableau import Checker
from .unfold import Reading, entries_of, equal_entries, rational_point

EVERYWHERE = tuple(head for head in ELEMENTARY if head not in ("log", "sqrt"))
"""Heads of terms without negative powers that are defined on all of R^n."""


def check_instance(universe: Universe, wanted: list[Term], certificate: Instance, checker: Checker) -> None:
    """Raises `Rejected` unless the problem lies in the universe and every formula wanted is proved there."""
    reading = check_setting(universe, wanted, certificate, checker)
    env = {"phi": rational_point(certificate.point)}
    checker.prove([reading.formula(f, env) for f in wanted], certificate.facts)


def check_setting(universe: Universe, terms: list[Term], certificate: Instance, checker: Checker) -> Reading:
    """The reading of terms for the problem, which lies in the universe, as the point does in its domain."""
    problem, point = certificate.problem, rational_point(certificate.point)
    require(
        problem.steps == 1 or any("steps" in free_symbols(term) for term in terms),
        "the claim means one inner step, and the problem takes {}",
        problem.steps,
    )
    require(len(point) == problem.dimension, "the point {} has not {} coordinates", point, problem.dimension)
    reading = checker.reading = Reading(problem, certificate.maps)
    check_universe(universe, certificate, reading, checker)
    check_domain(reading, needed(problem), certificate.domain, checker)
    checker.prove([reading.inside(point)], (Done(),))
    return reading


def check_universe(universe: Universe, certificate: Instance, reading: Reading, checker: Checker) -> None:
    problem = certificate.problem
    require(universe.law == problem.law, "the task law is {}, not {}", problem.law, universe.law)
    positive = problem.rate is None or (problem.rate.head == "num" and problem.rate.args[0] > 0)
    require(positive, "the rate {} is no positive rational number", problem.rate)
    if problem.noise:
        objectives.objective(problem, "F")  # rejects a loss that is no polynomial in the task
    for side in (side for c in problem.constraints for side in c.args):
        require(objectives.made_of(side, EVERYWHERE), "{} in the domain is not defined everywhere", side)
    kinds = {
        "whole": not problem.constraints,
        "open": all(c.head == "lt" for c in problem.constraints),
        "interval": is_interval(problem),
        "any": True,
    }
    require(kinds[universe.domain], "the domain is not of the kind `{}`", universe.domain)
    if universe.domain == "open":
        check_connected(reading, certificate.connected, checker)


def is_interval(problem: MetaProblem) -> bool:
    """Phi is {low <= x, x <= high} with rational low < high, written in this way."""
    match problem.constraints:
        case (Term("le", (Term("num", (low,)), x)), Term("le", (y, Term("num", (high,))))):
            return [x, y] == [symbol(name) for name in problem.parameters * 2] and bool(low < high)
    return False


def check_connected(reading: Reading, certificate: Contraction | None, checker: Checker) -> None:
    """Affine constraints make Phi convex; otherwise a homotopy to a point inside Phi shows it connected."""
    problem = reading.problem
    if objectives.is_polyhedron(problem):
        return
    if certificate is None:
        raise Rejected("the domain is not seen to be connected")
    *point, time = (symbol(f"_{i + 1}") for i in range(problem.dimension + 1))
    names, path = frozenset(s.args[0] for s in (*point, time)), certificate.homotopy
    for c in path:
        polynomial = free_symbols(c) <= names and objectives.is_polynomial(c)
        require(polynomial, "{} is no polynomial in the coordinates and the time", c)
    start, end = ([objectives.tidy(substitute(c, {time.args[0]: number(s)})) for c in path] for s in (0, 1))
    require(start == point, "the homotopy starts at {}, not at the identity", start)
    require(not any(map(free_symbols, end)), "the homotopy ends at {}, not at one point", end)
    given = [reading.inside(tuple(point)), at_most(ZERO, time), at_most(time, number(1))]
    checker.prove([objectives.put(problem, c, path) for c in problem.constraints], certificate.proofs, given, names)


def check_domain(reading: Reading, needs: list[Term], proofs: tuple[Proof, ...], checker: Checker) -> None:
    """What the losses need for being C^2 holds at every point of Phi; proved in order."""
    require(free_symbols(conjunction(needs)) <= {*reading.problem.parameters}, "{} depend on random variables", needs)
    point = tuple(symbol(f"_{i + 1}") for i in range(reading.problem.dimension))
    goals = [objectives.put(reading.problem, need, point) for need in needs]
    checker.prove(goals, proofs, [reading.inside(point)], frozenset(s.args[0] for s in point))


def needed(problem: MetaProblem) -> list[Term]:
    """The conditions for the losses to be C^2, each once: denominators nonzero, arguments of log and sqrt positive, no relu."""
    found: dict[Term, None] = {}
    for part in (part for loss in problem.losses for part in subterms(loss)):
        require(part.head != "relu", "a loss with relu is not C^2")
        if part.head == "pow" and part.args[1] < 0:
            found[negation(equal(part.args[0], ZERO))] = None
        if part.head in ("log", "sqrt"):
            found[less(ZERO, part.args[0])] = None
    return list(found)


def not_seen(problem: MetaProblem, normaliser: Normaliser) -> list[Term]:
    """What the losses need that is not seen, from the shape of the terms alone, to hold on all of R^n."""
    branch = Branch(normaliser, frozenset())
    return [need for need in needed(problem) if not branch.truth(need, True)]


def check_pair(claim: Determines, pair: Pair, checker: Checker) -> None:
    """All inputs agree at the two points, and some coordinate of the output does not."""
    require(claim.universe.law == "finite", "pairs of problems have finite laws, not {} ones", claim.universe.law)
    terms = [*claim.inputs, claim.output]
    sides = [Instance(pair.first, pair.first_point, (), None, ()), Instance(pair.second, pair.second_point, (), None, ())]
    first, second = (check_setting(claim.universe, terms, side, checker) for side in sides)
    laws = [(p.weights, p.rate, p.dimension, p.steps) for p in (pair.first, pair.second)]
    require(laws[0] == laws[1], "weights, rates, dimensions and steps of the two problems differ: {} and {}", *laws)
    require(pair.first.rate is not None, "the problems have no rate")

    def same(term: Term, task: int) -> Term:
        points = (first, pair.first_point), (second, pair.second_point)
        return equal_entries(*(entries_of(side.value(term, {"phi": rational_point(p), "t": task})) for side, p in points))

    goals = [same(term, t) for term in claim.inputs for t in first.tasks] + [negation(same(claim.output, 0))]
    checker.prove(goals, (Done(),) * len(goals))
