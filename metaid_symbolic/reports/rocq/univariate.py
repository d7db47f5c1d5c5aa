"""Proofs that sign conditions on polynomials in one real variable contradict one another.

The line falls into pieces with one real root each.  On a piece the irreducible factors without a root keep their sign,
which the nonnegative coefficients of a Bernstein form (bounded pieces) or of a Taylor shift (half-lines) show, after
bisection if need be; the sign of the factor with the root is a case distinction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import comb
from typing import final

from .script import Script

Coefficients = tuple[Fraction, ...]
MOST_BISECTIONS = 60
"""Of one proof; a hundredth would do for the stored certificates."""
Bound = tuple[Fraction, str] | None
"""An end of a piece and the hypothesis that says so; None for infinity."""


class NoProof(Exception):
    """The conditions do not contradict one another on some piece, or bisection went too deep."""


@final
@dataclass(frozen=True)
class Condition:
    """The polynomial has one of the signs; `hypothesis` says it of `text`."""

    coefficients: Coefficients
    signs: frozenset[str]
    hypothesis: str
    text: str


@final
@dataclass(frozen=True)
class Factored:
    """constant * product of factor^multiplicity, the factors irreducible with positive leading coefficient."""

    condition: Condition
    constant: Fraction
    powers: tuple[tuple[Coefficients, int], ...]


def value(p: Coefficients, x: Fraction) -> Fraction:
    made = Fraction(0)
    for c in reversed(p):
        made = made * x + c
    return made


def written(p: Coefficients, x: str) -> str:
    """The polynomial as Rocq text."""
    terms = []
    for k, c in enumerate(p):
        if c:
            number = (
                str(c)
                if c.denominator == 1 and c > 0
                else f"({c.numerator} / {c.denominator})"
                if c.denominator > 1
                else f"({c})"
            )
            terms.append(number if not k else f"{number} * {x}" + (f" ^ {k}" if k > 1 else ""))
    return " + ".join(terms) or "0"


def factored(condition: Condition) -> Factored:
    import sympy

    x = sympy.Symbol("x")
    poly = sympy.Poly([sympy.Rational(c.numerator, c.denominator) for c in reversed(condition.coefficients)], x, domain="QQ")
    constant, parts = poly.factor_list()
    found, scale = [], Fraction(int(constant.p), int(constant.q))
    for part, multiplicity in parts:
        coefficients = tuple(Fraction(int(c.p), int(c.q)) for c in reversed(part.all_coeffs()))
        if coefficients[-1] < 0:
            coefficients, scale = tuple(-c for c in coefficients), scale * (-1) ** multiplicity
        found.append((coefficients, multiplicity))
    return Factored(condition, scale, tuple(found))


def roots(factors: Sequence[Coefficients]) -> list[tuple[Fraction, Fraction, Coefficients]]:
    """Disjoint isolating intervals (low, high, factor) of all real roots, in increasing order."""
    import sympy

    x, width = sympy.Symbol("x"), Fraction(1, 8)
    while True:
        found = []
        for p in factors:
            poly = sympy.Poly([sympy.Rational(c.numerator, c.denominator) for c in reversed(p)], x, domain="QQ")
            for (low, high), _ in poly.intervals(eps=sympy.Rational(width.numerator, width.denominator)):
                found.append((Fraction(int(low.p), int(low.q)), Fraction(int(high.p), int(high.q)), p))
        found.sort(key=lambda r: r[:2])
        if all(a[1] < b[0] for a, b in pairwise(found)):
            return found
        width /= 8


def simplest_between(low: Fraction, high: Fraction) -> Fraction:
    """A fraction strictly between, its denominator the least power of 2."""
    denominator = 1
    while True:
        numerator = (low * denominator).__floor__() + 1
        if Fraction(numerator, denominator) < high:
            return Fraction(numerator, denominator)
        denominator *= 2


def sign(q: Fraction) -> int:
    return (q > 0) - (q < 0)


@final
class OneVariable:
    """The proof for one variable, written into a script whose goal is False."""

    def __init__(self, script: Script, x: str, conditions: Sequence[Condition]) -> None:
        self.script, self.x = script, x
        self.conditions = [factored(c) for c in conditions]
        self.bisections = 0
        self.factors = list(dict.fromkeys(p for c in self.conditions for p, _ in c.powers))

    def prove(self) -> None:
        found = roots(self.factors)
        ends = [simplest_between(a[1], b[0]) for a, b in pairwise(found)]
        self._pieces(found, ends, None)

    def _pieces(self, found: list[tuple[Fraction, Fraction, Coefficients]], ends: list[Fraction], low: Bound) -> None:
        """Cut off the leftmost piece."""
        if not ends:
            self._piece(found[0] if found else None, low, None)
            return
        left, right = self._cut(ends[0])
        with self.script.block():
            self._piece(found[0], low, (ends[0], left))
        with self.script.block():
            self._pieces(found[1:], ends[1:], (ends[0], right))

    def _cut(self, end: Fraction) -> tuple[str, str]:
        left, right, raw = self.script.name(), self.script.name(), self.script.name()
        q = written((end,), self.x)
        self.script.say(f"destruct (Rle_or_lt {self.x} ({q})) as [{left} | {raw}]; [| assert ({right} := Rlt_le _ _ {raw})]")
        return left, right

    def _piece(self, root: tuple[Fraction, Fraction, Coefficients] | None, low: Bound, high: Bound) -> None:
        """Contradict the conditions where low <= x <= high; only the factor of `root` has a root there, and only one."""
        inside = self._sample(root, low, high)
        signs = {p: sign(value(p, inside)) for p in self.factors if root is None or p != root[2]}
        violated = {s: self._violated(signs, root[2] if root else None, s) for s in ((-1, 0, 1) if root else (1,))}
        needed = {p for c in violated.values() for p, _ in c.powers if p in signs}
        shown = {p: self._keeps_sign(p, signs[p], low, high) for p in self.factors if p in needed}
        same = len({id(c) for c in violated.values()}) == 1
        if root is None or (same and all(p != root[2] for p, _ in violated[0].powers)):
            self._close(next(iter(violated.values())), signs, shown)
            return
        cases = {s: self.script.name() for s in (-1, 0, 1)}
        text = written(root[2], self.x)
        self.script.say(f"destruct (Rtotal_order ({text}) 0) as [{cases[-1]} | [{cases[0]} | {cases[1]}]]")
        for s in (-1, 0, 1):
            with self.script.block():
                self._close(violated[s], {**signs, root[2]: s}, {**shown, root[2]: cases[s]})

    def _sample(self, root: tuple[Fraction, Fraction, Coefficients] | None, low: Bound, high: Bound) -> Fraction:
        if low or high:
            return (low or high or (Fraction(0), ""))[0]
        return root[0] if root else Fraction(0)

    def _violated(self, signs: dict[Coefficients, int], moving: Coefficients | None, s: int) -> Factored:
        """The shortest condition that fails where the factors have these signs."""
        everywhere = {**signs, moving: s} if moving else signs
        failing: list[tuple[int, int, Factored]] = []
        for c in self.conditions:
            made = sign(c.constant)
            for p, multiplicity in c.powers:
                made *= everywhere[p] ** multiplicity
            if {-1: "-", 0: "0", 1: "+"}[made] not in c.condition.signs:
                failing.append((sum(len(p) for p, _ in c.powers if p != moving), len(failing), c))
        if not failing:
            raise NoProof("some value satisfies all conditions")
        return min(failing)[2]

    def _close(self, c: Factored, signs: dict[Coefficients, int], shown: dict[Coefficients, str]) -> None:
        """The condition fails, by the signs of its factors."""
        say, hypothesis = self.script.say, c.condition.hypothesis
        zero = [p for p, _ in c.powers if signs[p] == 0]
        if zero:
            rest = [self._power(p, m - (p == zero[0])) for p, m in c.powers]
            cofactor = " * ".join([written((c.constant,), self.x), *rest])
            text = written(zero[0], self.x)
            proof = f"replace ({c.condition.text}) with (({text}) * ({cofactor})) by field; rewrite {shown[zero[0]]}; ring"
            made = self.script.given(f"{c.condition.text} = 0", proof)
        else:
            made = self._product([self._positive(p, m, signs[p], shown[p]) for p, m in c.powers])
        say(f"exfalso; clear - {hypothesis} {made}; first [lra | apply {hypothesis}; lra]")

    def _power(self, p: Coefficients, exponent: int) -> str:
        return f"({written(p, self.x)}) ^ {exponent}"

    def _positive(self, p: Coefficients, exponent: int, s: int, shown: str) -> str:
        text = written(p, self.x)
        side = f"({text})" if s > 0 else f"(- ({text}))"
        return self.script.given(f"0 < {side} ^ {exponent}", f"apply pow_lt; clear - {shown}; lra")

    def _product(self, positive: list[str]) -> str:
        made = positive[0]
        for other in positive[1:]:
            name = self.script.name()
            self.script.say(f"assert ({name} := Rmult_lt_0_compat _ _ {made} {other})")
            made = name
        return made

    # a polynomial without a root on a piece

    def _keeps_sign(self, p: Coefficients, s: int, low: Bound, high: Bound) -> str:
        text, name = written(p, self.x), self.script.name()
        self.script.say(f"assert ({name} : {f'0 < {text}' if s > 0 else f'{text} < 0'})")
        with self.script.block():
            self._bisect(p if s > 0 else tuple(-c for c in p), low, high)
        return name

    def _bisect(self, p: Coefficients, low: Bound, high: Bound, depth: int = 0) -> None:
        if (products := self._products(p, low, high)) is not None:
            ends = [b[1] for b in (low, high) if b]
            names = [self.script.given(f"0 <= {t}", f"clear - {' '.join(ends)}; powers") for t in products]
            self.script.say(f"clear - {' '.join([*names, *ends])}; lra" if names or ends else "lra")
            return
        self.bisections += 1
        if self.bisections > MOST_BISECTIONS:
            raise NoProof("too many bisections")
        middle = middle_of(low[0] if low else None, high[0] if high else None, depth)
        below, above = self._cut(middle)
        with self.script.block():
            self._bisect(p, low, (middle, below), depth + 1)
        with self.script.block():
            self._bisect(p, (middle, above), high, depth + 1)

    def _products(self, p: Coefficients, low: Bound, high: Bound) -> list[str] | None:
        """Nonnegative products of which p is a combination with nonnegative weights and a positive remainder."""
        degree = len(p) - 1
        if low and high:
            if min(bernstein(p, low[0], high[0])) <= 0:
                return None
            a, b = (written((e[0],), self.x) for e in (low, high))
            return [f"({self.x} - {a}) ^ {k} * ({b} - {self.x}) ^ {degree - k}" for k in range(degree + 1)] if degree > 1 else []
        if not low and not high:
            return [] if degree == 0 else None
        end, direction = (low[0], 1) if low else (high[0] if high else Fraction(0), -1)
        shifted = shift(p, end, direction)
        if min(shifted) < 0 or shifted[0] <= 0:
            return None
        a = written((end,), self.x)
        base = f"({self.x} - {a})" if direction > 0 else f"({a} - {self.x})"
        return [f"{base} ^ {k}" for k in range(2, degree + 1)]


def middle_of(low: Fraction | None, high: Fraction | None, depth: int) -> Fraction:
    if low is not None and high is not None:
        return (low + high) / 2
    step = Fraction(2) ** depth
    return low + step if low is not None else high - step if high is not None else Fraction(0)


def shift(p: Coefficients, end: Fraction, direction: int) -> Coefficients:
    """The coefficients of p(end + direction t) in t."""
    n = len(p)
    return tuple(sum((p[j] * comb(j, k) * end ** (j - k) for j in range(k, n)), Fraction(0)) * direction**k for k in range(n))


def bernstein(p: Coefficients, low: Fraction, high: Fraction) -> list[Fraction]:
    """The Bernstein coefficients of p on [low, high]."""
    degree, width = len(p) - 1, high - low
    moved = [c * width**k for k, c in enumerate(shift(p, low, 1))]
    return [sum((moved[j] * Fraction(comb(k, j), comb(degree, j)) for j in range(k + 1)), Fraction(0)) for k in range(degree + 1)]
