"""What is known of problems smaller than a counterexample.

The size of a meta-problem with its point is, in this order: number of constraints of the domain, dimension, number of tasks,
degree, number of terms, and the sum of the heights of coefficients, weights (of more than one task), rate and point.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import chain, combinations, combinations_with_replacement, islice, product

from ..certificates import Instance
from ..claims import Universe
from ..problems import MetaProblem
from ..terms import Term
from .exclusion import Classes, class_excluded, excluded, monomials, pointwise
from .problems.enumeration import build, domains, exponents_of
from .problems.landmarks import inside
from .problems.needs import Needs, looked_at
from .problems.restriction import Range, Restriction, height


class TooMany(ValueError):
    """There are more smaller problems than are looked at."""


Point = tuple[Fraction, ...]
Polynomials = tuple[Mapping[tuple[int, ...], Fraction], ...]
Size = tuple[int, ...]
MOST_LISTED = 1_000
MOST_EXCLUDED = 40
"""Each smaller problem takes a proof; of more than so many nothing is said."""


def minimality(universe: Universe, formulas: list[Term], instance: Instance, asked: Restriction) -> str:
    """`minimal` where all that is smaller is excluded by proofs, classes of polynomials with all their coefficients at once;
    `minimal up to height h` where all smaller ones whose coefficients, weights, rates and points have at most this height, and
    that have at most the same degree, are excluded, which are counted; else `smallest found`, as of every problem on a part of
    R^n, since not all such domains are listed.  A universe that was restricted is named."""
    needs, within = Needs.of(formulas), looked_at(formulas, asked)
    if instance.problem.noise or instance.problem.constraints or needs.descent:
        return "smallest found"
    try:
        below = Smaller.than(instance, universe, needs, within)
        fewer, where = fewer_excluded(below, formulas, within.degree), _universe(asked, below)
        alike = below.of_all_heights
        if fewer and below.classes_excluded(formulas) and _count(alike, alike.of_this_class(), formulas) is not None:
            return "minimal" + where
        others = ((p, None) for p in below.problems() if not (fewer and size(p, ())[:3] < below.size[:3]))
        count = _count(below, others, formulas)
    except ValueError:
        return "smallest found"
    more = ", and all with fewer tasks" if fewer and below.size[2] > below.tasks[0] else ""
    bounds = f"height {below.height}, degree {below.size[3]}{where}"
    return "smallest found" if count is None else f"minimal up to {bounds} ({count} smaller excluded{more})"


def _universe(asked: Restriction, below: Smaller) -> str:
    """What was asked for, as far as it leaves smaller problems out."""
    words = [f"{name} >= {low}" for name, low in (("n", asked.dimensions[0]), ("tasks", asked.tasks[0])) if low > 1]
    words += [f"tasks <= {below.tasks[1]}"] if below.problem.dimension > below.dimensions[0] else []
    words += [] if asked.degree is None else [f"degree <= {asked.degree}"]
    return "".join(f", {word}" for word in words)


def _count(below: Smaller, others: Iterator[tuple[MetaProblem, Point | None]], formulas: list[Term]) -> int | None:
    """How many of these problems, each at a point or at all of them, and of smaller points there are, if a proof excludes each;
    None if not, or if there are too many."""
    earlier = ((below.problem, at) for at in below.points(sum(map(height, below.point))))
    listed = list(islice(chain(others, earlier), MOST_EXCLUDED + 1))
    sure = len(listed) <= MOST_EXCLUDED and all(excluded(problem, formulas, at) for problem, at in listed)
    return len(listed) if sure else None


def fewer_excluded(below: Smaller, formulas: list[Term], degree: int | None) -> bool:
    """Whether all problems of fewer dimensions, or as many and fewer tasks, are excluded, whatever their heights are: those of a
    single task and a bounded degree, or of any degree if the formulas speak of one point alone."""
    _, n, count, *_ = below.size
    spans = [range(low, high + 1) for low, high in (below.dimensions, below.tasks)]
    pairs = [pair for pair in product(*spans) if pair < (n, count)]
    most = degree if degree is not None else 2 if pointwise(formulas) else None
    if not pairs:
        return True
    if most is None or any(tasks > 1 for _, tasks in pairs):
        return False
    return all(class_excluded(dimension, monomials(dimension, most), formulas) for dimension, _ in pairs)


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
    def of_all_heights(self) -> Smaller:
        """With numbers of every height that one in a smaller problem with as many terms has."""
        *_, terms, total = self.size
        return replace(self, height=max(self.height, total - terms))

    def classes_excluded(self, formulas: list[Term]) -> bool:
        """Whether all problems on R^n of less degree, or fewer terms, are excluded; there are none before constants 0."""
        _, n, count, degree, terms, _ = self.size
        if degree == terms == 0:
            return True
        return count == 1 and Classes(n, degree, terms).excluded(formulas)

    def values(self) -> list[Fraction]:
        """The numbers other than 0 of at most the height."""
        sides = range(1, self.height + 1)
        return sorted({s * Fraction(a, b) for a, b in product(sides, sides) for s in (1, -1)}, key=lambda v: (height(v), -v))

    def points(self, most: int) -> Iterator[Point]:
        """The points of less height."""
        for point in () if most == 0 else product((Fraction(0), *self.values()), repeat=self.problem.dimension):
            if sum(map(height, point)) < most and inside(self.problem, point):
                yield point

    def problems(self) -> Iterator[MetaProblem]:
        """Problems other than the one itself that are smaller, their points counted as 0; the order of tasks does not matter."""
        dimensions, tasks = (range(low, high + 1) for low, high in (self.dimensions, self.tasks))
        for n, count in product(dimensions, tasks):
            for region in domains(self.universe.domain, n):
                if (len(region), n, count) <= self.size[:3]:
                    yield from self._of_class(n, count, region)

    def of_this_class(self) -> Iterator[tuple[MetaProblem, Point | None]]:
        """Those with other numbers or monomials, each with the points at which it is smaller, if these count."""
        *_, degree, terms, total = self.size
        if len(self.problem.losses) > 1:
            yield from ((p, None) for p in self.problems() if size(p, ())[:5] == self.size[:5])
            return
        n = self.problem.dimension
        for support in combinations(monomials(n, degree), terms):
            for coefficients in _of_heights(self.values(), terms, total - 1) if degree in map(sum, support) or not terms else ():
                other = build(n, (dict(zip(support, coefficients, strict=True)),), (Fraction(1),), (), None)
                left = total - sum(map(height, coefficients))
                for at in self.points(left) if self.point else (None,):
                    if other != self.problem:
                        yield other, at

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
    listed = monomials(dimension, degree)
    for count in range(min(len(listed), len(listed) if terms is None else terms) + 1):
        for chosen, coefficients in product(combinations(listed, count), product(values, repeat=count)):
            yield dict(zip(chosen, coefficients, strict=True))


def _of_heights(values: list[Fraction], count: int, total: int) -> Iterator[tuple[Fraction, ...]]:
    """So many of the values, with heights of at most this sum."""
    if count == 0 and total >= 0:
        yield ()
    for value in values if count else ():
        if height(value) + count - 1 <= total:
            yield from ((value, *rest) for rest in _of_heights(values, count - 1, total - height(value)))


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
