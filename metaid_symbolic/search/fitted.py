"""Counterexamples on R^n with coefficients that are fitted to what a claim requires.

Sparse losses are drawn at random; then equations are solved exactly where they are linear in the coefficients, or everything
is first met roughly by numbers that are rounded to fractions.  What is fitted goes the way of every candidate: a look, a proof.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from random import Random

from ..certificates import Instance
from ..claims import ForAllProblems, SomeProblem, Universe
from ..kernel.rejection import Rejected
from ..kernel.rules import formulas
from ..problems import MetaProblem
from ..terms import IllFormed, Term, number
from ..theory import Claim, Hint
from . import Finding, Settings, Tried
from .problems.enumeration import points
from .problems.families import Family, coefficients
from .problems.needs import Needs, looked_at
from .problems.requirements import Requirement, requirements, roughly, rounded, solved, unknowns
from .problems.restriction import Restriction
from .problems.sampling import Look
from .refutation import EFFORTS, certify
from .tableaux.effort import Effort

Point = tuple[Fraction, ...]
Values = dict[str, Fraction]
SMALL = tuple(map(Fraction, ("1", "-1", "2", "-2", "1/2", "-1/2", "3", "-3")))
MOST_DEGREE = 4
MOST_ADAPTED = {1: 3, 2: 2}
"""The degrees drawn; in dimension 1, and in more, where losses are adapted: these are composed with their gradients."""
MOST_TERMS = 4
MOST_FAILED = 12
SHARES = {"linear": 20, "numeric": 100}
"""One family is drawn for so many candidates of the budget: reading formulas for it, and fitting, take that much longer."""
ROUGH = 1e-6
DENOMINATORS = (1, 2, 6, 60, 1000)


@dataclass(frozen=True)
class Drawn:
    """A family and a point, with what the formulas require of its coefficients and of other unknowns, and a start for these."""

    family: Family
    point: Point
    required: tuple[Requirement, ...]
    start: Values

    @property
    def linear(self) -> list[str]:
        """The coefficients, in the order in which equations are solved for them."""
        return [name for loss in self.family.losses for name in coefficients(loss)]


def linear(claim: Claim, settings: Settings) -> Iterator[Finding | Tried]:
    """Random sparse losses, with equations that are linear in their coefficients solved exactly."""
    yield from _fitted(claim, settings, "linear", _solutions)


def numeric(claim: Claim, settings: Settings) -> Iterator[Finding | Tried]:
    """Random sparse losses, with everything that is required met roughly, and rounded."""
    yield from _fitted(claim, settings, "numeric", _roundings)


def _solutions(drawn: Drawn) -> Iterator[Values]:
    found = solved(drawn.required, drawn.linear, drawn.start)
    if found is not None:
        yield drawn.start | found


def _roundings(drawn: Drawn) -> Iterator[Values]:
    """Fractions near to numbers that meet the requirements, coarse ones first, with the linear equations solved for them."""
    start = {name: float(value) for name, value in drawn.start.items()}
    if not start or not drawn.required:
        return
    near, missed = roughly(drawn.required, start)
    for denominator in DENOMINATORS if missed < ROUGH else ():
        values = {name: rounded(value, denominator) for name, value in near.items()}
        yield values | (solved(drawn.required, drawn.linear, values) or {})


def _fitted(claim: Claim, settings: Settings, method: str, fit: Callable[[Drawn], Iterator[Values]]) -> Iterator[Finding | Tried]:
    assertion = claim.assertion
    if not isinstance(assertion, ForAllProblems | SomeProblem) or claim.expected is isinstance(assertion, ForAllProblems):
        return
    wanted, count = formulas(assertion), max(1, settings.budget // SHARES[method])
    needs = Needs.of(wanted)
    if assertion.universe.law != "finite" or assertion.universe.domain == "interval" or needs.descent:
        return
    drawing = _draws(wanted, needs, looked_at(wanted, settings.within), Random(f"{method} {settings.seed}"), count)
    found = _first(assertion.universe, wanted, settings.within, (made for drawn in drawing for made in _members(drawn, fit)))
    yield Tried(count)
    if found is not None:
        yield Finding(found, method, "smallest found")


def _members(drawn: Drawn, fit: Callable[[Drawn], Iterator[Values]]) -> Iterator[tuple[MetaProblem, Point, tuple[Term, ...]]]:
    """Members of the family that fit, with the point, and the values of what exists."""
    for values in fit(drawn):
        named = tuple(number(v) for name, v in values.items() if name not in drawn.linear)
        yield drawn.family.member({name: values[name] for name in drawn.linear}), drawn.point, named


def _first(
    universe: Universe, wanted: list[Term], within: Restriction, listed: Iterator[tuple[MetaProblem, Point, tuple[Term, ...]]]
) -> Instance | None:
    """The first that looks possible and for which all formulas are proved."""
    seen, failed, steps = set[object](), 0, Effort(MOST_FAILED * EFFORTS[0])
    for problem, phi, terms in listed:
        if (problem, phi) in seen or not within.admits(problem):
            continue
        seen.add((problem, phi))
        look = Look(problem)
        if all(look.possible(f, True, phi) for f in wanted):
            found = certify(universe, problem, phi, wanted, EFFORTS[0], Hint(terms=terms), steps)
            failed += 1
            if found is not None or failed == MOST_FAILED or steps.left < 0:
                return found
    return None


def _draws(wanted: list[Term], needs: Needs, within: Restriction, random: Random, count: int) -> Iterator[Drawn]:
    """Random families in which the formulas have a reading, each with a random point."""
    sizes = list(product(*(range(low, high + 1) for low, high in (within.dimensions, within.tasks))))
    for _ in range(count if sizes else 0):
        n, tasks = random.choice(sizes)
        most = MOST_ADAPTED[min(n, 2)] if needs.rate else MOST_DEGREE
        most = most if within.degree is None else min(most, within.degree)
        degree = random.randint(min(1, most), most)
        rate = random.choice(needs.rates)
        alike = random.random() < 0.5
        terms = MOST_TERMS // 2 if needs.rate else MOST_TERMS
        support = _support(n, degree, terms, random)
        supports = [support if alike else _support(n, degree, terms, random) for _ in range(tasks)]
        weights = (Fraction(1, tasks),) * tasks
        family = Family.of(n, supports, weights, None if rate is None else number(rate), random.choice(needs.counts))
        phi = random.choice(points(n)[:5]) if needs.point else (Fraction(0),) * n
        try:
            required = tuple(r for f in wanted for r in requirements(family.read(f, phi), random))
        except (Rejected, IllFormed):
            continue
        names = {*unknowns(required), *(name for loss in family.losses for name in coefficients(loss))}
        yield Drawn(family, phi, required, {name: random.choice(SMALL) for name in sorted(names)})


def _support(dimension: int, degree: int, terms: int, random: Random) -> list[tuple[int, ...]]:
    """Some monomials, of which one has the degree."""
    monomials = [e for e in product(range(degree + 1), repeat=dimension) if sum(e) <= degree]
    top = random.choice([e for e in monomials if sum(e) == degree])
    rest = [e for e in monomials if e != top]
    return [*random.sample(rest, min(len(rest), random.randint(0, terms - 1))), top]
