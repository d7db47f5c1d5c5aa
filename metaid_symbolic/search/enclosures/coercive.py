"""The minimisers of a coercive polynomial on R^n, their coordinates algebraic numbers.

A minimiser exists (Weierstrass) and is critical (Fermat).  It lies in a ball, since F - c |x|^2 + k is a sum of squares; this
is cut into boxes until the gradient, or F less its value at a rational point, has a sign everywhere but in a few boxes, in each
of which the gradient has only one zero.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from itertools import permutations
from math import ceil, isqrt
from typing import Any, final

from ...certificates import Done, Instantiate, Lemma, Proof, Summand
from ...terms import ONE, Term, conjunction, disjunction, equal, less, number, symbol
from ..algebra.polynomials import Polynomial, Squares, combination, value_at
from ..branches.branch_polynomials import term_of
from ..floating import Array, np
from ..positivity.minima import local_minima
from ..positivity.sums_of_squares import sum_of_squares
from ..problems.enumeration import exponents_of
from ..tableaux.candidates import is_coordinate
from ..tableaux.effort import Effort
from ..tableaux.scripts import Script, Unsolved, choices_of, followed, weigh
from .bisection import Sides, bisected
from .boxes import MOST_ZEROS, Known, same_as_named
from .convexity import NARROW, Minimum, Point, every, identified, theorem
from .ties import all_lowest, last_universal, lowest_value, tied

WEIERSTRASS = (
    "(forall x in Rn: x in Phi) & continuous(F) & (forall c: exists r: forall x in Rn: norm2(x) > r => F(x) > c)"
    " => exists a in Rn: forall x in Rn: F(a) <= F(x)"
)
FERMAT = (
    "open(Phi) & C1(F) => forall x in Phi, eps > 0: (forall y in Phi: norm2(y - x) < eps^2 => F(x) <= F(y)) => grad F(x) = zero"
)
PARTS = 3000
GROWTHS = tuple(Fraction(1, 4**k) for k in range(5))


@final
@dataclass(frozen=True)
class Growth:
    """F - rate |x|^2 + gap is the sum of squares."""

    rate: Fraction
    gap: Fraction
    squares: Squares

    def summands(self, point: Point) -> tuple[Summand, ...]:
        """The sum of squares at a point."""
        return (Summand((), tuple((c, term_of(q, point)) for c, q in self.squares), False),) if self.squares else ()


def growth(p: Polynomial) -> Growth:
    """Raises `Unsolved` if the polynomial is not seen to grow."""
    variables = len(next(iter(p)))
    square = {tuple(2 * (i == j) for j in range(variables)): Fraction(1) for i in range(variables)}
    for rate in GROWTHS:
        lowered = combination([(Fraction(1), p), (-rate, square)])
        points = local_minima(lowered)
        if not points:
            continue
        gap = Fraction(ceil(-float(value_at(lowered, [Fraction(float(t)) for t in points[0]]))) + 1)
        found = sum_of_squares(combination([(Fraction(1), lowered), (gap, {(0,) * variables: Fraction(1)})]))
        if found is not None:
            return Growth(rate, gap, found)
    raise Unsolved("F is not seen to grow like |x|^2")


def coercive(about: Minimum, ties: bool = False) -> Iterator[Proof]:
    """Proofs by way of Weierstrass and Fermat.  With `ties` several lowest critical points are shown to have one value."""
    if about.problem.constraints or about.problem.noise:
        return
    weierstrass, fermat = theorem(about.cited, WEIERSTRASS), theorem(about.cited, FERMAT)
    p = exponents_of(about.objective, about.problem.parameters)
    lowest = _lowest_points(about, p)
    if ties and len(lowest) == 1:
        return
    grown = growth(p)
    near = tuple(Fraction(float(t)).limit_denominator(64) for t in lowest[0])
    script = about.script()
    known: list[Known] = []
    for x in lowest:
        step = next(about.system.roots(x, None))
        here = about.critical(script, step)
        known.append((step, script.last, here))
    root = _tie(about, script, known, float(about.slopes.values([about.objective], lowest[0])[0])) if ties else None
    names = [f"y.{i + 1}" for i in range(about.problem.dimension)]
    there = tuple(map(symbol, names))
    among = disjunction([conjunction([equal(a, b) for a, b in zip(there, here, strict=True)]) for _, _, here in known])
    script.claim(
        every(names, Term("implies", (_least(about, there), among))),
        lambda other, fresh: _located(about, other, fresh, fermat, (grown, near, value_at(p, near)), known),
    )
    only = script.last
    script.take(weierstrass)
    following = partial(_minimisers, about, root) if root is not None else partial(_existing, about)
    yield script.either(script.last, lambda other, fresh: following(other, fresh, known, only, grown))


tied_minima = partial(coercive, ties=True)


def _tie(about: Minimum, script: Script, known: Sequence[Known], near: float) -> Term:
    for one in known:
        narrowed(script, one)
    return tied(about, script, [here for _, _, here in known], lowest_value(about, near))


def _minimisers(
    about: Minimum, root: Term, script: Script, fresh: tuple[str, ...], known: Sequence[Known], only: int, grown: Growth
) -> Proof:
    """F is coercive; a minimiser exists, so all named points are minimisers, and they are all; the claim follows."""
    if not is_coordinate(script.branch.labels[fresh[0]]):
        return _growing(about, script, fresh, grown)
    points = [here for _, _, here in known]
    fact, before, which = last_universal(script), len(script.branch.facts), iter(range(len(known)))
    there = tuple(map(symbol, fresh))
    script.take(Instantiate(only, there, Done()))

    def found(other: Script, more: tuple[str, ...]) -> Proof:
        if more:
            other.take(Instantiate(fact, tuple(map(symbol, more)), Done()))
            return other.ended(Done())
        first = len(other.branch.facts)
        all_lowest(about, other, fresh, points, next(which), root)
        return followed(other, points, _aside(about, other, {only, *range(first, len(other.branch.facts))}, points), there)

    return script.either(before, found)


def _lowest_points(about: Minimum, p: Polynomial) -> list[Array]:
    """The critical points with the least value, as far as floating point tells."""
    found: list[Array] = []
    for start in local_minima(p):
        x = about.slopes.newton(start)
        if x is not None and all(np.linalg.norm(x - y) > 1e-6 for y in found):
            found.append(x)
    heights = [float(about.slopes.values([about.objective], x)[0]) for x in found]
    least = min(heights, default=0.0)
    if not 0 < len(found) <= MOST_ZEROS:
        raise Unsolved("no critical point is found, or too many are")
    return [x for x, h in zip(found, heights, strict=True) if h < least + 1e-7 * (1 + abs(least))]


def _least(about: Minimum, point: Point) -> Term:
    """F(point) <= F(z) for all z, as the kernel reads it."""
    names = [f"z.{i + 1}" for i in range(len(point))]
    return every(names, Term("le", (about.at(point), about.at(tuple(map(symbol, names))))))


Bound = tuple[Growth, tuple[Fraction, ...], Fraction]


def _aside(about: Minimum, script: Script, about_minimisers: set[int], points: Sequence[Point]) -> frozenset[Any]:
    """What need not be tried: other facts than the claim and those about minimisers, these at minimisers, and the claim at
    minimisers in another order than theirs."""
    claimed = {*range(len(about.script().branch.facts))}
    others = frozenset(range(len(script.branch.facts))) - about_minimisers - claimed
    at_minimisers = {(place, p) for place in about_minimisers for p in points}
    ordered = [p for count in (2, 3) for p in permutations(points, count) if [*p] != sorted(p, key=points.index)]
    return others | at_minimisers | {(place, tuple(x for p in chosen for x in p)) for place in claimed for chosen in ordered}


def _located(about: Minimum, script: Script, there: Sequence[str], fermat: Lemma, bound: Bound, known: Sequence[Known]) -> Proof:
    """A minimiser is the named critical point; the branch says that it is not."""
    y, fact = tuple(map(symbol, there)), last_universal(script)
    grown, near, value = bound
    script.take(Instantiate(fact, tuple(map(number, near)), Done()))
    script.take(fermat)
    rule = script.last
    script.take(Instantiate(rule, y, Done()))
    script.take(Instantiate(script.last, (ONE,), Done()))
    radius = Fraction(isqrt(ceil((grown.gap + value) / grown.rate)) + 1)
    before = {*choices_of(script.branch)}

    def critical(other: Script, fresh: tuple[str, ...]) -> Proof:
        if fresh:
            other.take(Instantiate(fact, tuple(map(symbol, fresh)), Done()))
            return other.ended(Done())
        for x in there:
            for side in (1, -1):
                bounded(about, other, y, (x, side * radius), bound)
        targets = [dict(zip(there, step.box, strict=True)) for step, _, _ in known]
        sides = dict.fromkeys(there, (-radius - 1, radius + 1))
        return bisected(other, sides, targets, lambda s, k: same_as_named(about, s, there, known[k]), Effort(PARTS))

    fresh_choice = max(before, default=-1)
    return script.either(fresh_choice, critical) if fresh_choice > rule else critical(script, ())


def bounded(about: Minimum, script: Script, y: Point, side: tuple[str, Fraction], bound: Bound) -> None:
    """Assumes that the coordinate is not beyond the radius: rate |y|^2 <= F(y) + gap <= value + gap <= rate radius^2."""
    x, end = side
    grown, _, value = bound
    sign = 1 if end > 0 else -1
    formula = less(symbol(x) * sign, number(abs(end) + 1))

    def denied(other: Script, _: tuple[str, ...]) -> Proof:
        normaliser, radius = other.checker.normaliser, abs(end) + 1
        low = other.literal(normaliser.polynomial(about.at(y) - number(value)))
        rest = grown.rate * radius**2 - grown.gap - value
        others = tuple((grown.rate, v) for v in y if v != symbol(x))
        squares = Summand((), ((rest, ONE), (grown.rate, symbol(x) - number(sign * radius)), *others), False)
        return other.combined(
            weigh(1, low), weigh(2 * radius * grown.rate, len(other.branch.literals) - 1), squares, *grown.summands(y)
        )

    script.claim(formula, denied)


def _existing(about: Minimum, script: Script, fresh: tuple[str, ...], known: Sequence[Known], only: int, grown: Growth) -> Proof:
    """F is coercive; a minimiser exists, it is a named point, and the claim follows."""
    if not is_coordinate(script.branch.labels[fresh[0]]):
        return _growing(about, script, fresh, grown)
    y, fact = tuple(map(symbol, fresh)), last_universal(script)
    before = len(script.branch.facts)
    script.take(Instantiate(only, y, Done()))

    def found(other: Script, more: tuple[str, ...]) -> Proof:
        if more:
            other.take(Instantiate(fact, tuple(map(symbol, more)), Done()))
            return other.ended(Done())
        for one in known:
            narrowed(other, one)
        if len(known) == 1:
            identified(other, known[0][2], fresh)
        aside = frozenset(k for k in choices_of(other.branch) if k >= len(about.script().branch.facts))
        return followed(other, (known[0][2] if len(known) == 1 else y,), aside, gone=y)

    return script.either(before, found)


def narrowed(script: Script, known: Known) -> None:
    """Assumes narrow bounds of the coordinates of a named critical point, which lies nowhere else in its box."""
    step, _, point = known
    names = [str(x.args[0]) for x in point]
    sides = dict(zip(names, step.box, strict=True))
    for x, centre in zip(names, [(a + b) / 2 for a, b in step.box], strict=True):
        for low, high in ((centre - NARROW, sides[x][1]), (sides[x][0], centre + NARROW)):
            formula = less(number(low), symbol(x)) if high == sides[x][1] else less(symbol(x), number(high))
            beyond = {**sides, x: (sides[x][0], low) if high == sides[x][1] else (high, sides[x][1])}
            script.claim(formula, partial(_none, beyond))
            sides[x] = (low, high)


def _none(sides: Sides, script: Script, _: tuple[str, ...]) -> Proof:
    return bisected(script, sides, (), lambda other, _: other.ended(Done()), Effort(PARTS))


def _growing(about: Minimum, script: Script, fresh: tuple[str, ...], grown: Growth) -> Proof:
    """F(x) <= c and |x|^2 > (c + gap) / rate exclude one another."""
    (c,) = fresh
    radius = (symbol(c) + number(grown.gap)) * number(1 / grown.rate)
    x = tuple(map(symbol, script.take(Instantiate(script.last, (radius,), Done()))))
    last = len(script.branch.literals) - 1
    return script.combined(weigh(grown.rate, last - 1), weigh(1, last), *grown.summands(x))
