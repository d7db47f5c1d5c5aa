"""Sign conditions in one real variable, decided by Sturm's theorem (Sturm 1829; Basu, Pollack, Roy 2006, Theorem 2.50).

Polynomials are lists of integer coefficients c_0, c_1, ..., c_d with c_d != 0, known up to a positive factor.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache, reduce
from itertools import count, pairwise
from math import gcd, lcm

SIGN = {-1: "-", 0: "0", 1: "+"}
Integers = list[int]


def sign_at(p: Integers, x: Fraction) -> int:
    """The sign of p(x), in integers: of b^d p(a/b) for x = a/b."""
    value: int = sum(c * x.numerator**k * x.denominator ** (len(p) - 1 - k) for k, c in enumerate(p))
    return (value > 0) - (value < 0)


def primitive(p: Sequence[Fraction | int]) -> Integers:
    """The positive rational multiple of p with coprime integer coefficients, without leading zeros."""
    scale = lcm(*(Fraction(c).denominator for c in p))
    whole = [int(c * scale) for c in p]
    while whole and not whole[-1]:
        whole.pop()
    content = gcd(*whole)
    return [c // content for c in whole]


def times(a: Integers, b: Integers) -> Integers:
    return [sum(c * b[k - i] for i, c in enumerate(a) if 0 <= k - i < len(b)) for k in range(len(a) + len(b) - 1)]


def remainder(a: Integers, b: Integers) -> Integers:
    """A positive multiple of the remainder of a by b."""
    lead, sign = abs(b[-1]), 1 if b[-1] > 0 else -1
    while len(a) >= len(b):
        shifted = [0] * (len(a) - len(b)) + b
        a = [c * lead - d * a[-1] * sign for c, d in zip(a, shifted, strict=True)][:-1]
    return primitive(a)


def sturm_chain(p: Integers) -> list[Integers]:
    """p, p', and the negated remainders, down to a greatest common divisor of p and p'."""
    chain = [p, primitive([k * c for k, c in enumerate(p)][1:])]
    while chain[-1]:
        chain.append([-c for c in remainder(chain[-2], chain[-1])])
    return chain[:-1]


def count_roots(chain: list[Integers], low: Fraction, high: Fraction) -> int:
    """The number of distinct real roots in (low, high) of the polynomial at the head of the chain; the ends are no roots."""

    def variations(x: Fraction) -> int:
        signs = [s for p in chain if (s := sign_at(p, x))]
        return sum(a != b for a, b in pairwise(signs))

    return variations(low) - variations(high)


def root_bound(p: Integers) -> Fraction:
    """Every real root lies strictly between minus and plus this (Cauchy 1829)."""
    largest = max((abs(c) for c in p[:-1]), default=0)
    return Fraction(1 << (1 + -(-largest // abs(p[-1]))).bit_length())


def pieces(p: Integers) -> list[tuple[Fraction, Fraction]]:
    """Open intervals with one real root each, one for every root, whose ends are no roots; and a point, as the interval
    (x, x), from every gap between roots."""
    chain, bound = sturm_chain(p), root_bound(p)
    found, stack = [(-bound, -bound), (bound, bound)], [(-bound, bound)]
    while stack:
        low, high = stack.pop()
        roots = count_roots(chain, low, high)
        if roots == 1:
            found.append((low, high))
        elif roots > 1:  # the roots between two points are finitely many, and the points tried are not
            tried = (low + (high - low) / k for k in count(2))
            middle = next(x for x in tried if sign_at(p, x))
            found.append((middle, middle))
            stack += [(low, middle), (middle, high)]
    return found


@lru_cache(maxsize=50_000)
def satisfiable(constraints: tuple[tuple[tuple[Fraction, ...], frozenset[str]], ...]) -> bool:
    """Whether some real x gives every p_i a sign (`-`, `0`, `+`) in its set.

    The line falls into the real roots of the product of all p_i and the open intervals between them; on each
    piece every sign is constant.
    """
    polynomials = [(primitive(p), allowed) for p, allowed in constraints]
    chains = [sturm_chain(p) for p, _ in polynomials]
    everything = reduce(times, (p for p, _ in polynomials if p), [1])
    return any(
        all(_sign_on(p, chain, piece) in allowed for (p, allowed), chain in zip(polynomials, chains, strict=True))
        for piece in pieces(everything)
    )


def _sign_on(p: Integers, chain: list[Integers], piece: tuple[Fraction, Fraction]) -> str:
    """The sign of p, whose roots are among those of a product, at the one root of that in a piece, or at its point."""
    low, high = piece
    return "0" if low != high and count_roots(chain, low, high) else SIGN[sign_at(p, high)]
