"""What is known of problems smaller than a counterexample.

The size of a meta-problem with its point is, in this order: number of constraints of the domain, dimension, number of tasks,
degree, number of terms, and the sum of the heights of coefficients, weights (of more than one task), rate and point.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, combinations_with_replacement, islice, product

from ..certificates import Instance
from ..claims import Universe
from ..kernel.rejection import Rejected
from ..kernel.unfold import Reading, rational_point
from ..problems import MetaProblem
from ..terms import Term, conjunction, symbol
from .problems.enumeration import build, domains, exponents_of
from .problems.landmarks import first_point, inside, special_points
from .problems.needs import Needs, looked_at
from .problems.restriction import Range, Restriction, height
from .tableaux.candidates import Suggestions
from .tableaux.prover import Prover


class TooMany(ValueError):
    """There are more smaller problems than are looked at."""


Point = tuple[Fraction, ...]
Polynomials = tuple[Mapping[tuple[int, ...], Fraction], ...]
Size = tuple[int, ...]
EFFORT = 400
MOST_LISTED = 1_000
MOST_EXCLUDED = 40
"""Each smaller problem takes a proof; of more than so many nothing is said."""


def minimality(universe: Universe, formulas: list[Term], instance: Instance, asked: Restriction) -> str:
    """`minimal` where no problem is smaller; `minimal up to height h` where all smaller ones whose coefficients, weights, rates
    and points have at most this height, and that have at most the same degree, are excluded by proofs, which are counted;
    else `smallest found`, as of every problem on a part of R^n, since not all such domains are listed.  A universe that was
    restricted is named."""
    needs, within = Needs.of(formulas), looked_at(formulas, asked)
    try:
        below = Smaller.than(instance, universe, needs, within)
        others = list(islice(below.problems(), MOST_EXCLUDED + 1))
        earlier = list(islice(below.points(), MOST_EXCLUDED + 1)) if needs.point else []
    except ValueError:
        return "smallest found"
    if len(others) + len(earlier) > MOST_EXCLUDED or instance.problem.noise or instance.problem.constraints or needs.descent:
        return "smallest found"
    if not all(excluded(p, formulas) for p in others) or not all(excluded(instance.problem, formulas, at) for at in earlier):
        return "smallest found"
    where = "".join(f", {words} >= {low}" for words, low in (("n", asked.dimensions[0]), ("tasks", asked.tasks[0])) if low > 1)
    if not others and not earlier and below.least:
        return "minimal" + where
    count = len(others) + len(earlier)
    return f"minimal up to height {below.height}, degree {below.size[3]}{where} ({count} smaller excluded)"


@dataclass(frozen=True)
class Smaller:
    """The problems smaller than one, with numbers of at most the same height and of at most the same degree."""

    problem: MetaProblem
    point: Point
    universe: Universe
    dimensions: Range
    tasks: Range
    size: Size
    height: int

    @classmethod
    def than(cls, instance: Instance, universe: Universe, needs: Needs, within: Restriction) -> Smaller:
        """Raises `ValueError` for losses that are no polynomials."""
        point = instance.point if needs.point else ()
        tallest = max(map(height, _numbers(instance.problem, point)), default=0)
        return cls(instance.problem, point, universe, within.dimensions, within.tasks, size(instance.problem, point), tallest)

    @property
    def least(self) -> bool:
        """Whether the class of the problem is the first of its universe, so that no height or degree was left out."""
        first = min(len(region) for region in domains(self.universe.domain, self.dimensions[0]))
        return self.size[:5] == (first, self.dimensions[0], self.tasks[0], 0, 0)

    def values(self) -> list[Fraction]:
        """The numbers other than 0 of at most the height."""
        sides = range(1, self.height + 1)
        return sorted({s * Fraction(a, b) for a, b in product(sides, sides) for s in (1, -1)}, key=lambda v: (height(v), -v))

    def points(self) -> Iterator[Point]:
        """The points of less height."""
        most = sum(map(height, self.point))
        for point in product((Fraction(0), *self.values()), repeat=self.problem.dimension):
            if sum(map(height, point)) < most and inside(self.problem, point):
                yield point

    def problems(self) -> Iterator[MetaProblem]:
        """Problems other than the one itself that are smaller, their points counted as 0; the order of tasks does not matter."""
        dimensions, tasks = (range(low, high + 1) for low, high in (self.dimensions, self.tasks))
        for n, count in product(dimensions, tasks):
            for region in domains(self.universe.domain, n):
                if (len(region), n, count) <= self.size[:3]:
                    yield from self._of_class(n, count, region)

    def _of_class(self, n: int, count: int, region: tuple[Term, ...]) -> Iterator[MetaProblem]:
        same = (len(region), n, count) == self.size[:3]
        losses_of = _polynomials(n, self.size[3], self.size[4] if same else None, self.values())
        if len(listed := list(islice(losses_of, MOST_LISTED))) == MOST_LISTED:
            raise TooMany
        for losses, weights in product(combinations_with_replacement(listed, count), self._weights(count)):
            for rate, steps in product(self._rates(), range(1, self.problem.steps + 1)):
                other = build(n, losses, weights, region, rate, steps)
                if size(other, ()) < self.size and other != self.problem:
                    yield other

    def _weights(self, count: int) -> list[tuple[Fraction, ...]]:
        shares = [Fraction(1)] if count == 1 else [v for v in self.values() if 0 < v < 1]
        return [w for w in product(shares, repeat=count) if sum(w) == 1]

    def _rates(self) -> list[Fraction | None]:
        return [None] if self.problem.rate is None else [v for v in self.values() if v > 0]


def _polynomials(
    dimension: int, degree: int, terms: int | None, values: list[Fraction]
) -> Iterator[Mapping[tuple[int, ...], Fraction]]:
    """All polynomials with these coefficients up to a degree and a number of terms, few terms first."""
    monomials = [e for e in product(range(degree + 1), repeat=dimension) if sum(e) <= degree]
    for count in range(min(len(monomials), len(monomials) if terms is None else terms) + 1):
        for chosen, coefficients in product(combinations(monomials, count), product(values, repeat=count)):
            yield dict(zip(chosen, coefficients, strict=True))


def _numbers(problem: MetaProblem, point: Point) -> Iterator[Fraction]:
    """Coefficients, weights, rate and coordinates."""
    for loss in problem.losses:
        yield from exponents_of(loss, problem.parameters).values()
    yield from problem.weights if len(problem.losses) > 1 else ()
    yield from (Fraction(problem.rate.args[0]),) if problem.rate is not None else ()
    yield from point


def size(problem: MetaProblem, point: Point) -> Size:
    """The size of a problem with its point.  Raises `ValueError` for losses that are no polynomials."""
    found = [exponents_of(loss, problem.parameters) for loss in problem.losses]
    degree = max((sum(e) for p in found for e in p), default=0)
    total = sum(map(height, _numbers(problem, point)))
    return len(problem.constraints), problem.dimension, len(problem.losses), degree, sum(map(len, found)), total


def excluded(problem: MetaProblem, formulas: list[Term], at: Point | None = None) -> bool:
    """A proof is found that the formulas do not hold together at the point, or at any point of the domain."""
    together = conjunction([Term("pred", ("Phi", symbol("phi"))), *formulas])
    asked = together if at is not None else Term("exists", ("phi", "point", together))
    try:
        read = Reading(problem).formula(asked, {} if at is None else {"phi": rational_point(at)})
    except Rejected:
        return False
    about = Suggestions(points=special_points(problem, at or first_point(problem)))
    return Prover(about, effort=EFFORT).refute([read]) is not None
