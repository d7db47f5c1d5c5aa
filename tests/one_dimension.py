"""Whether a condition holds for polynomials in one variable, by its mathematics alone: signs and orders of derivatives.

Nothing of the package but its terms is used.  Polynomials are lists of rational coefficients, the constant first; Phi is an open
interval.  Roots are found to 50 digits, and numbers that agree to 30 count as equal: between roots of polynomials of degree at
most 12 with small coefficients there is more room.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, cached_property, reduce
from itertools import pairwise, zip_longest

import mpmath

from metaid_symbolic.problems import MetaProblem
from metaid_symbolic.terms import Term

Polynomial = tuple[Fraction, ...]
CLOSE = mpmath.mpf(10) ** -30
INFINITE = mpmath.inf


def trimmed(p: list[Fraction]) -> Polynomial:
    while p and p[-1] == 0:
        p.pop()
    return tuple(p)


def plus(p: Polynomial, q: Polynomial, c: Fraction = Fraction(1)) -> Polynomial:
    return trimmed([a + c * b for a, b in zip_longest(p, q, fillvalue=Fraction(0))])


def times(p: Polynomial, q: Polynomial) -> Polynomial:
    made = [Fraction(0)] * (len(p) + len(q))
    for i, a in enumerate(p):
        for j, b in enumerate(q):
            made[i + j] += a * b
    return trimmed(made)


def slope(p: Polynomial) -> Polynomial:
    return tuple(k * c for k, c in enumerate(p))[1:]


def remainder(p: Polynomial, q: Polynomial) -> Polynomial:
    while len(p) >= len(q):
        p = plus(p, (Fraction(0),) * (len(p) - len(q)) + tuple(c * p[-1] / q[-1] for c in q), Fraction(-1))
    return p


def common(p: Polynomial, q: Polynomial) -> Polynomial:
    while q:
        p, q = q, remainder(p, q)
    return p


def divided(p: Polynomial, q: Polynomial) -> Polynomial:
    made = [Fraction(0)] * max(len(p) - len(q) + 1, 0)
    while len(p) >= len(q):
        made[len(p) - len(q)] = c = p[-1] / q[-1]
        p = plus(p, (Fraction(0),) * (len(p) - len(q)) + q, -c)
    return trimmed(made)


def value(p: Polynomial, x: object) -> mpmath.mpf:
    return mpmath.polyval([mpmath.mpf(c.numerator) / c.denominator for c in reversed(p)] or [0], x)


def polynomial(term: Term) -> Polynomial:
    """A term in one variable; raises `ValueError` for what is no polynomial."""
    match term.head:
        case "num":
            return trimmed([Fraction(term.args[0])])
        case "sym":
            return (Fraction(0), Fraction(1))
        case "add":
            return reduce(plus, map(polynomial, term.args))
        case "mul":
            return reduce(times, map(polynomial, term.args))
        case "pow" if term.args[1] >= 0:
            return reduce(times, [polynomial(term.args[0])] * term.args[1], (Fraction(1),))
    raise ValueError(term.head)


def real_roots(p: Polynomial) -> list[mpmath.mpf]:
    if len(p) < 2:
        return []
    simple = divided(p, common(p, slope(p)))
    found = mpmath.polyroots([mpmath.mpf(c.numerator) / c.denominator for c in reversed(simple)], maxsteps=300, extraprec=400)
    return sorted(mpmath.re(r) for r in found if abs(mpmath.im(r)) < CLOSE)


def order(p: Polynomial, x: object) -> int:
    """Of the zero of p, which is not 0, at x."""
    k = 0
    while abs(value(p, x)) < CLOSE:
        p, k = slope(p), k + 1
    return k


@dataclass(frozen=True)
class Line:
    """Losses L_t with weights on the interval low < x < high, and a point in it."""

    losses: tuple[Polynomial, ...]
    weights: tuple[Fraction, ...]
    point: Fraction
    low: mpmath.mpf = -INFINITE
    high: mpmath.mpf = INFINITE

    @classmethod
    def of(cls, problem: MetaProblem, point: Fraction) -> Line:
        """Raises `ValueError` for a problem that is none of these."""
        if problem.dimension != 1 or problem.noise:
            raise ValueError("not on the line")
        low, high = -INFINITE, INFINITE
        for constraint in problem.constraints:
            c = plus(*map(polynomial, constraint.args), Fraction(-1))  # left - right < 0
            if constraint.head != "lt" or len(c) != 2:
                raise ValueError(f"{constraint} is no end of an interval")
            end = mpmath.mpf((-c[0] / c[1]).numerator) / (-c[0] / c[1]).denominator
            low, high = (low, min(high, end)) if c[1] > 0 else (max(low, end), high)
        return cls(tuple(map(polynomial, problem.losses)), problem.weights, point, low, high)

    @property
    def at(self) -> mpmath.mpf:
        return mpmath.mpf(self.point.numerator) / self.point.denominator

    @cached_property
    def mean(self) -> Polynomial:
        made: Polynomial = ()
        for w, p in zip(self.weights, self.losses, strict=True):
            made = plus(made, p, w)
        return made

    @property
    def whole(self) -> bool:
        return self.low == -INFINITE and self.high == INFINITE

    def roots(self, p: Polynomial) -> list[mpmath.mpf]:
        return [r for r in real_roots(p) if self.low + CLOSE < r < self.high - CLOSE]

    def limits(self, p: Polynomial) -> list[mpmath.mpf]:
        """Of p at the two ends, infinite ones among them."""
        ends = []
        for end, sign in ((self.low, -1), (self.high, 1)):
            infinite = abs(end) == INFINITE
            rising = p[-1] * sign ** (len(p) - 1) if len(p) > 1 else 0
            ends.append(value(p, end) if not infinite or len(p) < 2 else INFINITE if rising > 0 else -INFINITE)
        return ends

    def minimisers(self, p: Polynomial) -> list[mpmath.mpf] | None:
        """None for all points."""
        if len(p) < 2:
            return None
        at = [(value(p, x), x) for x in self.roots(slope(p))]
        least = min([v for v, _ in at], default=INFINITE)
        if min(self.limits(p)) < least - CLOSE:
            return []
        return [x for v, x in at if v < least + CLOSE]

    def keeps_sign(self, p: Polynomial, strict: bool = False) -> bool:
        """Whether p is nowhere negative, or with `strict` everywhere positive."""
        if any(order(p, r) % 2 or strict for r in self.roots(p)):
            return False
        between = self.roots(p)
        inside = [self.low if abs(self.low) < INFINITE else min([*between, self.at]) - 1]
        inside += [*between, self.high if abs(self.high) < INFINITE else max([*between, self.at]) + 1]
        samples = [(a + b) / 2 for a, b in pairwise(inside)]
        return all(value(p, s) > CLOSE or (not strict and value(p, s) > -CLOSE) for s in samples)

    def monotone(self, p: Polynomial) -> bool:
        """Whether x -> p(x) is injective."""
        d = slope(p)
        return bool(d) and all(order(d, r) % 2 == 0 for r in self.roots(d))

    def shifted(self, p: Polynomial) -> Polynomial:
        """p(point + s) - p(point) in s."""
        made: Polynomial = ()
        for c in reversed(p):
            made = plus(times(made, (self.point, Fraction(1))), (c,))
        return trimmed([Fraction(0), *made[1:]])


def _rising(line: Line, p: Polynomial) -> tuple[int, Fraction] | None:
    """Order and coefficient of the first term of p - p(point); None if there is none."""
    return next(((k, c) for k, c in enumerate(line.shifted(p)) if c), None)


def _near(line: Line) -> bool | None:
    """LPROF.  Near the point a polynomial of odd order is injective; an even one has the values of its mirror images."""
    listed = [line.shifted(p) for p in line.losses]
    first = [_rising(line, p) for p in line.losses]
    if any(one is not None and one[0] % 2 for one in first):
        return True
    even = [all(c == 0 for c in p[1::2]) for p in listed]
    if all(even) or sum(one is not None for one in first) == 1:
        return False
    return True if any(e and one is not None for e, one in zip(even, first, strict=True)) else None


def _experimental(line: Line) -> bool:
    """EXPC: h = F'' and q = E L_t'^2 with h >= eta q for some eta > 0."""
    h, q = slope(slope(line.mean)), ()
    for w, p in zip(line.weights, line.losses, strict=True):
        q = plus(q, times(slope(p), slope(p)), w)
    if not q or not h:
        return not q
    if not line.keeps_sign(h):
        return False
    zeros = [r for r in real_roots(h) if line.low - CLOSE < r < line.high + CLOSE]
    far = abs(line.low) == INFINITE or abs(line.high) == INFINITE
    return all(order(q, r) >= order(h, r) for r in zeros) and (not far or len(q) <= len(h))


def _strong(line: Line) -> bool:
    bend = slope(slope(line.mean))
    if not bend or not line.keeps_sign(bend, strict=True):
        return False
    return min(line.limits(bend)) > CLOSE


def _common(line: Line) -> bool:
    """INTERP."""
    found: list[mpmath.mpf] | None = None
    for p in line.losses:
        least = line.minimisers(p)
        if least is not None:
            found = least if found is None else [x for x in found if any(abs(x - y) < CLOSE for y in least)]
    return found is None or bool(found)


def _same_losses(line: Line) -> bool:
    """WEAK."""
    least = line.minimisers(line.mean)
    if least is None:
        return all(len(p) < 2 for p in line.losses)
    return bool(least) and all(abs(value(p, x) - value(p, least[0])) < CLOSE for p in line.losses for x in least)


def _at(p: Polynomial, line: Line) -> Fraction:
    return sum((c * line.point**k for k, c in enumerate(p)), Fraction(0))


def _convex(line: Line, p: Polynomial) -> bool:
    return line.keeps_sign(slope(slope(p)))


def _slopes_vanish_nowhere(line: Line) -> bool:
    q: Polynomial = ()
    for p in line.losses:
        q = common(q, slope(p))
    return bool(q) and not line.roots(q)


def _lowest(line: Line, strict: bool) -> bool:
    first = _rising(line, line.mean)
    return not strict if first is None else first[0] % 2 == 0 and first[1] > 0


def _minimal(line: Line) -> bool:
    least = line.minimisers(line.mean)
    return least is not None and any(abs(x - line.at) < CLOSE for x in least)


TRUTH: dict[str, Callable[[Line], bool | None]] = {
    "INJ": lambda p: p.monotone(p.mean),
    "LAW": lambda p: p.monotone(p.mean) if len(p.losses) == 1 else None,
    "PROF": lambda p: True if any(map(p.monotone, p.losses)) else False if len(p.losses) == 1 else None,
    "LPROF": _near,
    "EXISTS": lambda p: p.minimisers(p.mean) != [],
    "UNIQ": lambda p: len(p.minimisers(p.mean) or ()) == 1,
    "WEAK": _same_losses,
    "ISO": _minimal,
    "MIN": lambda p: _lowest(p, strict=False),
    "SLM": lambda p: _lowest(p, strict=True),
    "CRIT": lambda p: _at(slope(p.mean), p) == 0,
    "FOC": lambda p: _at(slope(p.mean), p) == 0 and len(p.mean) > 1,
    "HPD": lambda p: _at(slope(slope(p.mean)), p) > 0,
    "HNS": lambda p: _at(slope(slope(p.mean)), p) != 0,
    "HPDCRIT": lambda p: len(p.mean) > 1 and all(value(slope(slope(p.mean)), r) > CLOSE for r in p.roots(slope(p.mean))),
    "FPD": lambda p: any(_at(slope(q), p) != 0 for q in p.losses),
    "FPDALL": _slopes_vanish_nowhere,
    "FRANK": lambda p: all(len(q) < 2 for q in p.losses),
    "GINJ": lambda p: p.monotone(slope(p.mean)),
    "GVAR": lambda p: len({_at(slope(q), p) for q in p.losses}) > 1,
    "SPAN": lambda p: any(_at(slope(q), p) != 0 for q in p.losses),
    "COUNT": lambda p: True,
    "SAME": lambda p: len(set(p.losses)) == 1,
    "INTERP": _common,
    "CONV": lambda p: _convex(p, p.mean),
    "SCONV": lambda p: _convex(p, p.mean) and len(p.mean) > 2,
    "STRONG": _strong,
    "TCONV": lambda p: all(_convex(p, q) for q in p.losses),
    "TPSD": lambda p: all(_at(slope(slope(q)), p) >= 0 for q in p.losses),
    "COERC": lambda p: p.whole and len(p.mean) > 1 and min(p.limits(p.mean)) == INFINITE,
    "EXPC": _experimental,
}
"""None where this says nothing."""


@cache
def truth(line: Line, code: str) -> bool | None:
    with mpmath.workdps(60):
        return TRUTH[code](line)
