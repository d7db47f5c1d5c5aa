"""Zeros of smooth functions: proposed in floating point by Newton's method, boxed so that the kernel accepts the box.

For functions f and a point p near a zero the terms A f with A near the inverse of Df(p) change sign from face to face of small
boxes about p (Moore, Kioustelidis 1980).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import final

from ...certificates import Done, Root
from ...kernel.branch import Branch, sort_of
from ...kernel.derivative import derivative
from ...kernel.normal import Normaliser
from ...kernel.polynomial import Ring, to_term
from ...kernel.rejection import Rejected
from ...kernel.tableau import add_root
from ...terms import Term, number, substitute, symbol, total
from ..floating import Array, np

Box = tuple[tuple[Fraction, Fraction], ...]
BITS, STEPS, FINEST = 80, 60, 24
STARTS = {1: 25, 2: 9, 3: 5}
CENTRES = 1 << 24


def value(term: Term, at: Mapping[str, float]) -> float:
    """The value in floating point; not a number where it overflows."""
    try:
        return _value(term, at)
    except (OverflowError, ValueError, ZeroDivisionError):
        return math.nan


def _value(term: Term, at: Mapping[str, float]) -> float:
    match term.head, term.args:
        case "num", (number_,):
            return float(number_)
        case "sym", (name,):
            return at[name]
        case "add", parts:
            return math.fsum(_value(p, at) for p in parts)
        case "mul", parts:
            return math.prod(_value(p, at) for p in parts)
        case "pow", (base, exponent):
            return float(_value(base, at) ** exponent)
    inside = _value(term.args[0], at)
    if term.head == "logistic":
        return 1 / (1 + math.exp(-inside))
    return float({"exp": math.exp, "log": math.log, "sqrt": math.sqrt, "tanh": math.tanh}[term.head](inside))


@final
@dataclass(frozen=True)
class System:
    """Functions of the named variables, as many as these."""

    functions: tuple[Term, ...]
    names: tuple[str, ...]

    def values(self, terms: Sequence[Term], x: Array) -> Array:
        at = dict(zip(self.names, map(float, x), strict=True))
        return np.array([value(t, at) for t in terms])

    def jacobian(self, x: Array) -> Array:
        rows = [self.values([derivative(f, name) for name in self.names], x) for f in self.functions]
        return np.array(rows)

    def newton(self, start: Array) -> Array | None:
        """The point to which Newton's method, with steps cut back while they do not reduce |f|, goes from the start."""
        with np.errstate(all="ignore"):
            return self._newton(np.array(start, dtype=float))

    def _newton(self, x: Array) -> Array | None:
        here = self.values(self.functions, x)
        for _ in range(STEPS):
            slopes = self.jacobian(x)
            if not (np.all(np.isfinite(slopes)) and np.all(np.isfinite(here))):
                return None
            step = np.linalg.lstsq(slopes, -here, rcond=None)[0]
            for length in (1.0, 0.5, 0.1, 0.01):
                there = self.values(self.functions, x + length * step)
                if np.all(np.isfinite(there)) and np.linalg.norm(there) < np.linalg.norm(here):
                    break
            else:
                break
            x, here = x + length * step, there
        return x if np.linalg.norm(here) < 1e-9 else None

    def zeros(self, region: Sequence[tuple[float, float]]) -> list[Array]:
        """The zeros in a box that Newton's method reaches from a grid, each once."""
        count, found = STARTS.get(len(self.names), 3), list[Array]()
        for start in product(*([a + (b - a) * (k + 0.5) / count for k in range(count)] for a, b in region)):
            x = self.newton(np.array(start))
            inside = x is not None and all(a < t < b for t, (a, b) in zip(x, region, strict=True))
            if x is not None and inside and all(np.linalg.norm(x - y) > 1e-6 for y in found):
                found.append(x)
        return sorted(found, key=tuple)

    def roots(self, x: Array, within: Box | None, unique: bool = True) -> Iterator[Root]:
        """Steps that the kernel takes, each about a smaller box around the point."""
        placeholders = {name: symbol(f"_.{i + 1}") for i, name in enumerate(self.names)}
        terms = tuple(substitute(t, placeholders) for t in self.conditioned(x))
        centre = [Fraction(round(float(t) * CENTRES), CENTRES) for t in x]
        for k in range(FINEST):
            box = tuple((c - Fraction(1, 1 << k), c + Fraction(1, 1 << k)) for c in centre)
            if within is not None:
                box = tuple((max(a, c), min(b, d)) for (a, b), (c, d) in zip(box, within, strict=True))
            step = Root(terms, box, BITS, unique, Done())
            try:
                add_root(Branch(Normaliser(Ring(), sort_of), frozenset()), step)
            except Rejected:
                continue
            yield step

    def conditioned(self, x: Array) -> list[Term]:
        """A f with A a rational matrix near the inverse of the derivative; f itself in one variable."""
        if len(self.names) == 1:
            return list(self.functions)
        rows = np.linalg.inv(self.jacobian(x))
        parts = [[(_short(float(e)), f) for e, f in zip(row, self.functions, strict=True)] for row in rows]
        return [total([number(c) * f for c, f in row if c]) for row in parts]


def _short(x: float) -> Fraction:
    """x to twelve bits."""
    mantissa, exponent = math.frexp(x)
    return Fraction(round(mantissa * 4096), 4096) * Fraction(2) ** exponent


def numerators(terms: Sequence[Term]) -> tuple[Term, ...]:
    """The terms multiplied by their denominators, in normal form."""
    normaliser = Normaliser(Ring(), lambda name: "real")
    return tuple(to_term(normaliser.scalar(t).numerator, normaliser.ring) for t in terms)
