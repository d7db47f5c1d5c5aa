"""Small functions and sets of R^n with rational coefficients, for statements about functions and sets to be true or false of.

The functions are polynomials, or polynomials between knots; what `C1`, `open` and `connected` say is known by construction.
"""

from __future__ import annotations

import itertools
import math
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import z3

Vector = tuple[Any, ...]
Exponents = tuple[int, ...]
Polynomial = Mapping[Exponents, Fraction]
ZERO = z3.RealVal(0)


def partial(p: Polynomial, i: int) -> Polynomial:
    """The derivative by the i-th variable."""
    return {(*e[:i], e[i] - 1, *e[i + 1 :]): e[i] * c for e, c in p.items() if e[i]}


def value_at(p: Polynomial, at: Vector) -> Any:
    parts = [math.prod((x for x, k in zip(at, e, strict=True) for _ in range(k)), start=z3.RealVal(c)) for e, c in p.items()]
    return sum(parts, start=ZERO)


@dataclass(frozen=True)
class Function:
    """`pieces[k]` from `knots[k - 1]` on and up to `knots[k]`, in one variable; one piece without knots in several."""

    pieces: tuple[Polynomial, ...]
    knots: tuple[Fraction, ...] = ()

    def along(self, at: Vector, *directions: Vector) -> Any:
        """The derivative at a point along the directions; that of the piece on the right at a knot where there is none."""
        found = self._of(self.pieces[-1], at, directions)
        for piece, knot in reversed([*zip(self.pieces, self.knots, strict=False)]):
            found = z3.If(at[0] < z3.RealVal(knot), self._of(piece, at, directions), found)
        return found

    def _of(self, p: Polynomial, at: Vector, directions: Sequence[Vector]) -> Any:
        if not directions:
            return value_at(p, at)
        first, *rest = directions
        return sum((u * self._of(partial(p, i), at, rest) for i, u in enumerate(first)), start=ZERO)

    def smoothness(self, knot: int) -> int:
        """The highest k with continuous k-th derivative at a knot, at most 3; -1 if it jumps there."""
        left, right = self.pieces[knot : knot + 2]
        for order in range(4):
            gap = value_at(left, (z3.RealVal(self.knots[knot]),)) - value_at(right, (z3.RealVal(self.knots[knot]),))
            if not z3.is_true(z3.simplify(gap == 0)):
                return order - 1
            left, right = partial(left, 0), partial(right, 0)
        return 3


@dataclass(frozen=True)
class Domain:
    """A subset of R^n by the condition on a point, and what topology says of it."""

    name: str
    contains: Callable[[Vector], Any]
    open: bool = True
    connected: bool = True


@dataclass(frozen=True)
class Instance:
    """What the letters of a theorem mean: `f` is `family[0]`, `f(i, .)` its members, `v` the vectors and `q` the matrix."""

    name: str
    n: int
    domain: Domain
    family: tuple[Function, ...]
    vectors: tuple[tuple[Fraction, ...], ...]
    matrix: tuple[tuple[Fraction, ...], ...]

    def smoothness(self) -> int:
        """The highest k <= 3 for which every member is C^k on the set; -1 if one is not continuous."""
        inside = [
            f.smoothness(k)
            for f in self.family
            for k, knot in enumerate(f.knots)
            if z3.is_true(z3.simplify(self.domain.contains((z3.RealVal(knot),))))
        ]
        return min(inside, default=3)


LINE = [
    Domain("R", lambda p: z3.BoolVal(True)),
    Domain("(-1, 2)", lambda p: z3.And(p[0] > -1, p[0] < 2)),
    Domain("(0, oo)", lambda p: p[0] > 0),
    Domain("(-2, -1) u (1, 2)", lambda p: z3.And(p[0] ** 2 > 1, p[0] ** 2 < 4), connected=False),
    Domain("[0, 1]", lambda p: z3.And(p[0] >= 0, p[0] <= 1), open=False),
    Domain("{0}", lambda p: p[0] == 0, open=False),
    Domain("{0, 1}", lambda p: z3.Or(p[0] == 0, p[0] == 1), open=False, connected=False),
    Domain("empty", lambda p: z3.BoolVal(False)),
]
PLANE = [
    Domain("R^2", lambda p: z3.BoolVal(True)),
    Domain("open disc", lambda p: p[0] ** 2 + p[1] ** 2 < 4),
    Domain("half plane", lambda p: p[0] > 0),
    Domain("x^2 > 1", lambda p: p[0] ** 2 > 1, connected=False),
    Domain("punctured plane", lambda p: p[0] ** 2 + p[1] ** 2 > 0),
    Domain("closed disc", lambda p: p[0] ** 2 + p[1] ** 2 <= 1, open=False),
    Domain("line x = 0", lambda p: p[0] == 0, open=False),
]
SPACE = [Domain("R^3", lambda p: z3.BoolVal(True))]
DOMAINS = {1: LINE, 2: PLANE, 3: SPACE}


def line(*coefficients: int) -> Polynomial:
    """By ascending powers."""
    return {(k,): Fraction(c) for k, c in enumerate(coefficients) if c}


ABSOLUTE = {k: Function((line(*[0] * k, -1), line(*[0] * k, 1)), (Fraction(0),)) for k in (0, 1, 2, 3)}
"""sign(x) |x|^k for odd k + 1: the sign, |x|, x|x| and |x|^3."""
LINES = [
    *((), (0, 1), (0, 0, 1), (0, 0, -1), (0, 0, 0, 1), (0, 0, 0, 0, 1), (1, 0, -2, 0, 1), (0, 0, 1, 0, 1), (0, 1, 3)),
    *((0, 1, -2, 0, 1), (0, -3, 0, 1), (0, 0, 0, 0, -1), (0, 0, 1, -2, 1), (0, 0, 1, 2, 1)),
]
NAMED: dict[int, list[Function]] = {
    1: [
        *ABSOLUTE.values(),
        Function((line(0, 1), line(0, -1)), (Fraction(0),)),
        Function((line(0, 0, -1), line(0, 0, 2)), (Fraction(0),)),
        Function((line(0, 0, 1), line(0, 0, 2)), (Fraction(0),)),
        Function((line(-1, 0, 1), line(0, 0, 1)), (Fraction(0),)),
        *(Function((line(*c),)) for c in LINES),
    ],
    2: [
        Function(({(2, 0): Fraction(1), (0, 2): Fraction(1)},)),
        Function(({(2, 0): Fraction(1), (0, 2): Fraction(-1)},)),
        Function(({(4, 0): Fraction(1), (2, 0): Fraction(-2), (0, 2): Fraction(1)},)),
        Function(({(1, 0): Fraction(1)},)),
        Function(({(0, 1): Fraction(1)},)),
        Function(({(1, 1): Fraction(1)},)),
        Function(({(2, 0): Fraction(1)},)),
        Function(({(3, 0): Fraction(1), (0, 2): Fraction(1)},)),
    ],
    3: [Function(({(2, 0, 0): Fraction(1), (0, 1, 1): Fraction(2)},)), Function(({(0, 0, 1): Fraction(1)},))],
}
QUARTER = {1: ((0,),), 2: ((0, -1), (1, 0)), 3: ((0, 1, 0), (0, 0, 1), (1, 0, 0))}
SHEAR = {1: ((2,),), 2: ((1, 1), (0, 1)), 3: ((1, 0, 1), (0, 1, 0), (0, 0, 1))}


def matrices(n: int) -> Iterator[tuple[tuple[Fraction, ...], ...]]:
    """Isometries, and two maps that are none."""
    for signs in itertools.product((1, -1), repeat=n):
        yield tuple(tuple(Fraction(s * (i == j)) for j in range(n)) for i, s in enumerate(signs))
    for rows in (QUARTER[n], SHEAR[n], [[3, 4], [-4, 3]] if n == 2 else [[0] * n] * n):
        yield tuple(tuple(Fraction(c, 5 if n == 2 and c in (3, 4, -3, -4) else 1) for c in row) for row in rows)


def convex(draw: random.Random, n: int) -> Polynomial:
    """A quadratic with a positive definite matrix B^T B + I, and some linear part."""
    rows = [[draw.randint(-1, 1) for _ in range(n)] for _ in range(n)]
    units = [tuple(int(i == j) for j in range(n)) for i in range(n)]
    found = Counter[tuple[int, ...]]({e: draw.randint(-2, 2) for e in units})
    for i, j in itertools.product(range(n), repeat=2):
        found[tuple(map(sum, zip(units[i], units[j], strict=True)))] += sum(row[i] * row[j] for row in rows) + (i == j)
    return {e: Fraction(c, 2) for e, c in found.items() if c}


def polynomial(draw: random.Random, n: int) -> Polynomial:
    """A quadratic in several variables, of degree at most 4 in one."""
    if draw.random() < 0.5:
        return convex(draw, n)
    powers = [e for e in itertools.product(range(5 if n == 1 else 3), repeat=n) if sum(e) <= (4 if n == 1 else 2)]
    return {e: Fraction(draw.randint(-3, 3), draw.choice((1, 2))) for e in draw.sample(powers, min(3, len(powers)))}


def picked(name: str, n: int, domain: str, function: Function, matrix: Iterable[Iterable[int]] = ()) -> Instance:
    """One with a function that a theorem fails for without one of its hypotheses."""
    place = next(d for d in DOMAINS[n] if d.name == domain)
    rows = tuple(tuple(map(Fraction, row)) for row in matrix or QUARTER[n])
    return Instance(name, n, place, (function,) * 3, ((Fraction(0),) * n,) * 4, rows)


PICKED = [
    picked("a minimum where it jumps", 1, "(-1, 2)", Function((line(2, -1), line(0, 1)), (Fraction(0),))),
    picked("invariant under a shear", 2, "R^2", Function(({(0, 1): Fraction(1)},)), SHEAR[2]),
    picked("a cubic, strongly convex on an interval", 1, "(-1, 2)", Function((line(0, 0, 5, 1),))),
    picked("a cubic on two intervals", 1, "(-2, -1) u (1, 2)", Function((line(0, 0, 0, 1),))),
    picked("concave on two intervals together", 1, "(-2, -1) u (1, 2)", Function((line(0, 1), line(0, -1)), (Fraction(0),))),
    picked("least at the end", 1, "[0, 1]", Function((line(0, 1),))),
    picked("concave at one point", 1, "{0}", Function((line(0, 0, -1),))),
    picked("nowhere", 1, "empty", Function((line(0, 1),))),
    picked("a kink", 1, "R", ABSOLUTE[1]),
    picked("a maximum", 1, "R", Function((line(0, 0, -1),))),
    picked("two equal minima", 1, "R", Function((line(0, 0, 1, -2, 1),))),
    picked("two equal minima, symmetric", 1, "R", Function((line(1, 0, -2, 0, 1),))),
    picked("two minima in the plane", 2, "R^2", NAMED[2][2]),
    picked("not attained where it jumps", 1, "R", Function((line(-1, 0, 1), line(0, 0, 1)), (Fraction(0),))),
]


def instances(seed: int) -> Iterator[Instance]:
    """Without end: first the picked ones, then functions with names and random ones."""
    yield from PICKED
    draw = random.Random(seed)
    for k in itertools.count():
        n = draw.choice((1, 1, 1, 2, 2, 3))
        family = tuple(draw.choice(NAMED[n]) if draw.random() < 0.7 else Function((polynomial(draw, n),)) for _ in range(3))
        vectors = tuple(tuple(Fraction(draw.randint(-2, 2)) for _ in range(n)) for _ in range(4))
        domain = draw.choice(DOMAINS[n]) if draw.random() < 0.6 else DOMAINS[n][0]
        yield Instance(f"{k}", n, domain, family, vectors, draw.choice([*matrices(n)]))
