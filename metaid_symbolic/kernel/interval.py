"""Enclosures of terms on boxes, in fixed-point arithmetic on integers.

An interval (a, b) at precision `bits` stands for [a / 2^bits, b / 2^bits] and contains every value of the term on the box
(Moore 1966).  That an enclosure is found also shows that the term is defined and continuous on the box: no divisor vanishes
there, the arguments of logarithms are positive and those of roots nonnegative.
A comparison that needs more precision is left open; it is never guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import reduce
from math import isqrt
from typing import final

from ..terms import Term, free_symbols, symbol
from .derivative import derivative
from .rejection import require

Interval = tuple[int, int]
MOST_BITS = 4096
TAYLOR_TERMS = 2000
MOST_HALVINGS = 16


@final
class Enclosure:
    """Interval arithmetic at a fixed number of bits, each variable in an interval with rational ends."""

    def __init__(self, bits: int, box: Mapping[str, tuple[Fraction, Fraction]] | None = None) -> None:
        require(8 <= bits <= MOST_BITS, "{} bits are not between 8 and {}", bits, MOST_BITS)
        self.bits = bits
        self.one = 1 << bits
        self.known = {symbol(x): (self.rational(a)[0], self.rational(b)[1]) for x, (a, b) in (box or {}).items()}

    def rational(self, q: Fraction) -> Interval:
        scaled = q.numerator << self.bits
        return scaled // q.denominator, -(-scaled // q.denominator)

    def times(self, x: Interval, y: Interval) -> Interval:
        corners = [a * b for a in x for b in y]
        return min(corners) >> self.bits, -(-max(corners) >> self.bits)

    def inverse(self, x: Interval) -> Interval:
        require(not x[0] <= 0 <= x[1], "an interval divisor contains 0")
        square = self.one * self.one
        return square // x[1], -(-square // x[0])

    def exponential(self, x: Interval) -> Interval:
        return self._exp(x[0])[0], self._exp(x[1])[1]

    def _exp(self, a: int) -> Interval:
        """exp(a / 2^bits): halve the argument k times until it is below 1/2, sum the Taylor series, square k times.

        For |x| <= 1/2 the remainder after the term x^m/m! is at most 2 |x|^(m+1)/(m+1)!.
        """
        halvings = max(0, abs(a).bit_length() - self.bits + 1)
        require(halvings <= MOST_HALVINGS, "the argument of exp is too large to enclose")
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
        require(x[0] > 0, "the argument of log is not certainly positive")
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
        require(x[0] >= 0, "the argument of sqrt is not certainly nonnegative")
        return isqrt(x[0] << self.bits), isqrt(x[1] << self.bits) + 1

    def positive_part(self, x: Interval) -> Interval:
        return max(x[0], 0), max(x[1], 0)

    def power(self, x: Interval, exponent: int) -> Interval:
        result = reduce(self.times, [x] * abs(exponent))
        if exponent % 2 == 0 and result[0] < 0:
            result = (0, result[1])
        return result if exponent > 0 else self.inverse(result)

    def term(self, t: Term) -> Interval:
        """An interval that contains the values of the term on the box; it is kept."""
        if t not in self.known:
            self.known[t] = self._term(t)
        return self.known[t]

    def _term(self, t: Term) -> Interval:
        match t.head, t.args:
            case "num", (value,):
                return self.rational(value)
            case "pow", (base, exponent):
                return self.power(self.term(base), exponent)
            case "add", parts:
                ends = [self.term(part) for part in parts]
                return sum(low for low, _ in ends), sum(high for _, high in ends)
            case "mul", parts:
                return reduce(self.times, map(self.term, parts), (self.one, self.one))
        functions = {"exp": self.exponential, "log": self.logarithm, "sqrt": self.root, "relu": self.positive_part}
        require(t.head in functions, "no enclosure for {}", t)
        return functions[t.head](self.term(t.args[0]))

    def centred(self, t: Term) -> Interval:
        """The mean value form: for the centre m of the box and x in it, t(x) = t(m) + sum_i dt/dx_i(z) (x_i - m_i) with z
        between m and x (Moore 1966), where the derivatives have enclosures on the box."""
        centre, result, ends = Enclosure(self.bits), self.term(t), [(0, 0)]
        for x in free_symbols(t):
            low, high = self.known[symbol(x)]
            middle = (low + high) // 2
            centre.known[symbol(x)] = (middle, middle)
            ends.append(self.times(self.term(derivative(t, x)), (low - middle, high - middle)))
        ends[0] = centre.term(t)
        return max(result[0], sum(a for a, _ in ends)), min(result[1], sum(b for _, b in ends))
