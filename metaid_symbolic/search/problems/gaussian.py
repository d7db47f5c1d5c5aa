"""Small meta-problems with a Gaussian task law: the loss |t - m(x)|^2/2 for small polynomial maps m of the line.

In the order of the number of observations, the degree and the number of terms of m; for each the laws N(m(a), v) of the
task for small points a, with the variance 1 first.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations_with_replacement

from ...problems import MetaProblem, Noise
from ...terms import Term, number, substitute, symbol, total
from .enumeration import NAMES, losses, points, polynomial_term

OBSERVED = ("t", "u")
VARIANCES = tuple(map(Fraction, (1, 2, 0)))
DEGREE, TERMS = 3, 2


def problems() -> Iterator[tuple[MetaProblem, tuple[Fraction, ...]]]:
    """Problems, each with the point at whose mean the task is centred."""
    for count in range(1, len(OBSERVED) + 1):
        for means in combinations_with_replacement(_means(), count):
            if len(set(means)) == count:
                for variance in VARIANCES:
                    for point in points(1)[:3]:
                        yield build(means, point, variance), point


def _means() -> list[Term]:
    """Polynomials without constant term, smallest first, and with a positive leading coefficient."""
    found = [p for _, p in losses(1, DEGREE, TERMS, 1) if p and (0,) not in p and p[max(p)] > 0]
    return [polynomial_term(p, NAMES[:1]) for p in found]


def build(means: tuple[Term, ...], point: tuple[Fraction, ...], variance: Fraction) -> MetaProblem:
    """The tasks N(m(point), variance) with the loss |t - m(x)|^2/2."""
    names = OBSERVED[: len(means)]
    at = [_value(m, point[0]) for m in means]
    noise = tuple(Noise(name, centre, variance) for name, centre in zip(names, at, strict=True))
    loss = total([(symbol(name) - m) ** 2 / 2 for name, m in zip(names, means, strict=True)])
    return MetaProblem(NAMES[:1], (loss,), (Fraction(1),), noise=noise)


def _value(m: Term, x: Fraction) -> Fraction:
    from ...kernel.objectives import tidy

    return Fraction(tidy(substitute(m, {NAMES[0]: number(x)})).args[0])
