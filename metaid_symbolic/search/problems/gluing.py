"""Meta-problems glued from known ones on the line: composed with a polynomial map, with two tasks in the place of one, summed,
and as products in the plane."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import combinations_with_replacement, product

from ...problems import MetaProblem
from .enumeration import Polynomial, build, canonical, exponents_of
from .needs import Needs
from .restriction import Restriction

Tasks = tuple[tuple[Polynomial, ...], tuple[Fraction, ...]]
"""Losses in one variable, and weights."""
ONE = Fraction(1)
MAPS: tuple[Polynomial, ...] = (
    {(2,): ONE}, {(3,): ONE}, {(2,): ONE, (0,): -ONE}, {(1,): 2 * ONE}, {(1,): ONE, (0,): -ONE}, {(2,): ONE, (1,): ONE},
)  # fmt: skip
ADDED: tuple[Polynomial, ...] = ({(1,): ONE}, {(2,): ONE}, {(3,): ONE})
MOST_DEGREE = 8
MOST_RATES = 3


def on_the_line(known: Iterable[MetaProblem]) -> list[Tasks]:
    """Those of the problems that are polynomials on all of R, each once."""
    found: dict[object, Tasks] = {}
    for problem in known:
        if problem.dimension == 1 and not problem.constraints and not problem.noise:
            try:
                losses = tuple(exponents_of(loss, problem.parameters) for loss in problem.losses)
            except ValueError:
                continue
            found.setdefault((canonical(losses), problem.weights), (losses, problem.weights))
    return list(found.values())


def glued(known: Iterable[MetaProblem], needs: Needs, within: Restriction) -> Iterator[MetaProblem]:
    """The problems that are admitted, each once; with the first rates where a formula speaks of adaptation."""
    bases, seen = on_the_line(known), set[object]()
    composed = [(tuple(compose(p, q) for p in losses), weights) for losses, weights in bases for q in MAPS]
    line = [*bases, *composed, *(made for base in (*bases, *composed) for made in split(base)), *sums(bases)]
    plane = [together(one, other) for one, other in combinations_with_replacement(bases, 2)]
    for n, listed in ((1, line), (2, plane)):
        for losses, weights in listed if within.dimensions[0] <= n <= within.dimensions[1] else ():
            mark = n, canonical(losses), weights
            if mark in seen or max(map(_degree, losses)) > MOST_DEGREE:
                continue
            seen.add(mark)
            for rate, steps in product(needs.rates[:MOST_RATES], needs.counts):
                made = build(n, losses, weights, (), rate, steps)
                if within.admits(made):
                    yield made


def compose(p: Polynomial, q: Polynomial) -> Polynomial:
    """p(q(x))"""
    result: Polynomial = {}
    power: Polynomial = {(0,): ONE}
    for k in range(_degree(p) + 1):
        result = added(result, {e: c * p.get((k,), Fraction(0)) for e, c in power.items()})
        power = multiplied(power, q)
    return result


def split(base: Tasks) -> Iterator[Tasks]:
    """f + v and f - v in the place of a single task f."""
    losses, _ = base
    if len(losses) == 1:
        for v in ADDED:
            pair = tuple(added(losses[0], {e: sign * c for e, c in v.items()}) for sign in (1, -1))
            yield pair, (ONE / 2, ONE / 2)


def sums(bases: list[Tasks]) -> Iterator[Tasks]:
    """f + g and f - g for single tasks f and g, and f and g themselves as two tasks."""
    singles = [losses[0] for losses, _ in bases if len(losses) == 1]
    for f, g in product(singles, singles):
        yield (added(f, g),), (ONE,)
        yield (added(f, g), added(f, {e: -c for e, c in g.items()})), (ONE / 2, ONE / 2)
        yield (f, g), (ONE / 2, ONE / 2)


def together(one: Tasks, other: Tasks) -> Tasks:
    """f_s(x) + g_t(y) with the product of the weights."""
    losses = [(f, g) for f in one[0] for g in other[0]]
    weights = tuple(a * b for a in one[1] for b in other[1])
    return tuple(added({(*e, 0): c for e, c in f.items()}, {(0, *e): c for e, c in g.items()}) for f, g in losses), weights


def added(p: Polynomial, q: Polynomial) -> Polynomial:
    found = dict(p)
    for e, c in q.items():
        found[e] = found.get(e, Fraction(0)) + c
    return {e: c for e, c in found.items() if c}


def multiplied(p: Polynomial, q: Polynomial) -> Polynomial:
    result: Polynomial = {}
    for (i,), c in p.items():
        result = added(result, {(i + j,): c * d for (j,), d in q.items()})
    return result


def _degree(p: Polynomial) -> int:
    return max((sum(e) for e in p), default=0)
