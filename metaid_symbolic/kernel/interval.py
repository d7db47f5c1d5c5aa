"""Enclosures of terms without variables, in fixed-point arithmetic on integers.

An interval (a, b) at precision `bits` stands for [a / 2^bits, b / 2^bits] and contains the true value (Moore 1966).
A comparison that needs more precision is left open; it is never guessed.
"""

from __future__ import annotations

from fractions import Fraction
from math import isqrt
from typing import final

from ..terms import Term
from .rejection import Rejected

Interval = tuple[int, int]
MOST_BITS = 4096
TAYLOR_TERMS = 2000


@final
class Enclosure:
    """Interval arithmetic at a fixed number of bits."""

    def __init__(self, bits: int) -> None:
        if not 8 <= bits <= MOST_BITS:
            raise Rejected(f"{bits} bits are not between 8 and {MOST_BITS}")
        self.bits = bits
        self.one = 1 << bits

    def rational(self, q: Fraction) -> Interval:
        scaled = q.numerator << self.bits
        return scaled // q.denominator, -(-scaled // q.denominator)

    def times(self, x: Interval, y: Interval) -> Interval:
        corners = [a * b for a in x for b in y]
        return min(corners) >> self.bits, -(-max(corners) >> self.bits)

    def inverse(self, x: Interval) -> Interval:
        if x[0] <= 0 <= x[1]:
            raise Rejected("an interval divisor contains 0")
        square = self.one * self.one
        return square // x[1], -(-square // x[0])

    def exponential(self, x: Interval) -> Interval:
        return self._exp_below(x[0]), self._exp_above(x[1])

    def _exp_below(self, a: int) -> int:
        return self._exp(a)[0]

    def _exp_above(self, a: int) -> int:
        return self._exp(a)[1]

    def _exp(self, a: int) -> Interval:
        """exp(a / 2^bits): halve the argument k times until it is below 1/2, sum the Taylor series, square k times.

        For |x| <= 1/2 the remainder after the term x^m/m! is at most 2 |x|^(m+1)/(m+1)!.
        """
        halvings = max(0, abs(a).bit_length() - self.bits + 1)
        if halvings > 40:
            raise Rejected("the argument of exp is too large to enclose")
        x = (a >> halvings, -(-a >> halvings))
        piece, result = (self.one, self.one), (self.one, self.one)
        for m in range(1, TAYLOR_TERMS):
            piece = self.times(piece, x)
            piece = (piece[0] // m, -(-piece[1] // m))
            result = (result[0] + piece[0], result[1] + piece[1])
            size = max(abs(piece[0]), abs(piece[1]))
            if size <= 2:
                break
        result = (max(result[0] - 2 * size - 2, 0), result[1] + 2 * size + 2)
        for _ in range(halvings):
            result = self.times(result, result)
        return result

    def logarithm(self, x: Interval) -> Interval:
        """By bisection on exp, which increases."""
        if x[0] <= 0:
            raise Rejected("the argument of log is not certainly positive")
        return self._log(x[0])[0], self._log(x[1])[1]

    def _log(self, a: int) -> Interval:
        span = (abs(a.bit_length() - self.bits) + 2) << self.bits
        low, high = -span, span
        while high - low > 1:
            middle = (low + high) // 2
            below, above = self._exp(middle)
            if above <= a:
                low = middle
            elif below >= a:
                high = middle
            else:
                break
        return low, high

    def root(self, x: Interval) -> Interval:
        if x[0] < 0:
            raise Rejected("the argument of sqrt is not certainly nonnegative")
        return isqrt(x[0] << self.bits), isqrt(x[1] << self.bits) + 1

    def power(self, x: Interval, exponent: int) -> Interval:
        result = (self.one, self.one)
        for _ in range(abs(exponent)):
            result = self.times(result, x)
        if exponent % 2 == 0 and result[0] < 0:
            result = (0, result[1])
        return result if exponent > 0 else self.inverse(result)

    def term(self, t: Term) -> Interval:
        """An interval that contains the value of a term without variables."""
        head = t.head
        if head == "num":
            return self.rational(t.args[0])
        if head == "pow":
            return self.power(self.term(t.args[0]), t.args[1])
        if head not in ("add", "mul", "exp", "log", "sqrt", "relu", "tanh", "logistic"):
            raise Rejected(f"no enclosure for {t}")
        inside = [self.term(a) for a in t.args]
        return self._apply(head, inside)

    def _apply(self, head: str, inside: list[Interval]) -> Interval:
        if head in ("add", "mul"):
            result = inside[0] if inside else self.rational(Fraction(head == "mul"))
            for x in inside[1:]:
                result = (result[0] + x[0], result[1] + x[1]) if head == "add" else self.times(result, x)
            return result
        x = inside[0]
        if head == "relu":
            return max(x[0], 0), max(x[1], 0)
        if head == "tanh":  # 1 - 2/(exp(2x) + 1), increasing
            a, b = self.exponential((2 * x[0], 2 * x[1]))
            a, b = self.inverse((a + self.one, b + self.one))
            return self.one - 2 * b, self.one - 2 * a
        if head == "logistic":
            a, b = self.exponential((-x[1], -x[0]))
            return self.inverse((a + self.one, b + self.one))
        return {"exp": self.exponential, "log": self.logarithm, "sqrt": self.root}[head](x)
