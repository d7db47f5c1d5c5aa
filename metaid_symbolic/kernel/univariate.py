"""Sign conditions in one real variable, decided by Sturm's theorem (Sturm 1829; Basu, Pollack, Roy 2006, Theorem 2.50).

Polynomials are lists of coefficients c_0, c_1, ..., c_d.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from math import gcd, lcm

SIGN = {-1: "-", 0: "0", 1: "+"}
SAMPLES = tuple(Fraction(x) for x in ("0", "1", "-1", "1/2", "-1/2", "2", "-2", "7", "-7"))
"""Points that are tried before the roots are isolated; any real number may stand here."""
Coefficients = list[Fraction]
Integers = list[int]


def value_at(p: Sequence[Fraction | int], x: Fraction) -> Fraction:
    value = Fraction(0)
    for c in reversed(p):
        value = value * x + c
    return value


def sign_at(p: Integers, x: Fraction) -> int:
    """The sign of p(x), in integers: of b^d p(a/b) for x = a/b."""
    a, b, value, scale = x.numerator, x.denominator, 0, 1
    for c in reversed(p):
        value = value * a + c * scale
        scale *= b
    return (value > 0) - (value < 0)


def primitive(p: Coefficients | Integers) -> Integers:
    """The positive rational multiple of p with coprime integer coefficients, without leading zeros."""
    scale = lcm(*(Fraction(c).denominator for c in p)) if p else 1
    whole = [int(c * scale) for c in p]
    while whole and not whole[-1]:
        whole.pop()
    content = gcd(*whole) if whole else 1
    return [c // content for c in whole]


def remainder(a: Integers, b: Integers) -> Integers:
    """A positive multiple of the remainder of a by b."""
    a = list(a)
    lead, sign = abs(b[-1]), 1 if b[-1] > 0 else -1
    while len(a) >= len(b):
        factor, shift = a[-1] * sign, len(a) - len(b)
        a = [c * lead for c in a]
        for i, c in enumerate(b):
            a[i + shift] -= factor * c
        a.pop()
        while a and not a[-1]:
            a.pop()
    return primitive(a)


def derivative(p: Integers) -> Integers:
    return primitive([k * c for k, c in enumerate(p)][1:])


def greatest_common_divisor(a: Integers, b: Integers) -> Integers:
    while b:
        a, b = b, remainder(a, b)
    return primitive(a)


def squarefree(p: Integers) -> Integers:
    """p divided by the greatest common divisor of p and p'; it has the same roots, each simple."""
    divisor = greatest_common_divisor(p, derivative(p))
    return quotient(p, divisor) if len(divisor) > 1 else p


def quotient(a: Integers, b: Integers) -> Integers:
    """a / b up to a positive factor, for b dividing a."""
    rest, found = [Fraction(c) for c in a], []
    while len(rest) >= len(b):
        factor = rest[-1] / b[-1]
        found.append(factor)
        for i, c in enumerate(b):
            rest[i + len(rest) - len(b)] -= factor * c
        rest.pop()
    return primitive(found[::-1])


def sturm_chain(p: Integers) -> list[Integers]:
    """p, p', and the negated remainders."""
    chain = [p, derivative(p)]
    while chain[-1]:
        chain.append([-c for c in remainder(chain[-2], chain[-1])])
    return chain[:-1]


def variations(chain: list[Integers], x: Fraction) -> int:
    """Sign changes along the chain at x."""
    signs = [v for v in (sign_at(p, x) for p in chain) if v]
    return sum(a != b for a, b in pairwise(signs))


def count_roots(chain: list[Integers], low: Fraction, high: Fraction) -> int:
    """Real roots in (low, high] of the squarefree polynomial at the head of the chain."""
    return variations(chain, low) - variations(chain, high)


def root_bound(p: Integers) -> Fraction:
    """Every real root lies strictly between minus and plus this (Cauchy 1829)."""
    largest = max((abs(c) for c in p[:-1]), default=0)
    return Fraction(1 << (1 + -(-largest // abs(p[-1]))).bit_length())


def isolate(p: Integers) -> list[tuple[Fraction, Fraction]]:
    """For squarefree p: disjoint intervals (low, high], increasing, each with exactly one real root, covering all."""
    if len(p) < 2:
        return []
    chain, bound = sturm_chain(p), root_bound(p)
    found, stack = [], [(-bound, bound)]
    while stack:
        low, high = stack.pop()
        roots = count_roots(chain, low, high)
        if roots == 1:
            found.append((low, high))
        elif roots > 1:
            middle = (low + high) / 2
            stack += [(middle, high), (low, middle)]
    return sorted(found)


@lru_cache(maxsize=50_000)
def satisfiable(constraints: tuple[tuple[tuple[Fraction, ...], frozenset[str]], ...]) -> bool:
    """Whether some real x gives every p_i a sign (`-`, `0`, `+`) in its set.

    The line falls into the real roots of the product of all p_i and the open intervals between them; on each
    piece every sign is constant.
    """
    polynomials = [(primitive(list(p)), allowed) for p, allowed in constraints]
    if any(all(SIGN[sign_at(p, x)] in allowed for p, allowed in polynomials) for x in SAMPLES):
        return True
    everything = [1]
    for p, _ in polynomials:
        if len(p) > 1:
            everything = _lcm(everything, squarefree(p))
    chains = [sturm_chain(squarefree(p)) if len(p) > 1 else [] for p, _ in polynomials]
    return any(
        all(_sign_on(p, chain, piece) in allowed for (p, allowed), chain in zip(polynomials, chains, strict=True))
        for piece in _pieces(everything)
    )


def _lcm(a: Integers, b: Integers) -> Integers:
    divisor = greatest_common_divisor(a, b)
    cofactor = quotient(b, divisor) if len(divisor) > 1 else b
    made = [0] * (len(a) + len(cofactor) - 1)
    for i, c in enumerate(a):
        for j, d in enumerate(cofactor):
            made[i + j] += c * d
    return primitive(made)


def _pieces(p: Integers) -> list[tuple[Fraction, Fraction]]:
    """An interval (low, high] around each root, and a point (x, x) in each gap."""
    roots = isolate(p)
    if not roots:
        return [(Fraction(0), Fraction(0))]
    chain = sturm_chain(p)
    gaps = [roots[0][0] - 1, roots[-1][1] + 1]
    for (_, high), (low, _) in pairwise(roots):
        left, right = high, low
        if left == right:  # a root may be the shared end: step into the next interval, left of its root
            right = roots[[r[0] for r in roots].index(low)][1]
            while count_roots(chain, left, right):
                right = (left + right) / 2
        gaps.append((left + right) / 2 if left != right else left)
    return roots + [(x, x) for x in gaps]


def _sign_on(p: Integers, chain: list[Integers], piece: tuple[Fraction, Fraction]) -> str:
    """The sign of p at the one root of the product in (low, high], or at the point low = high."""
    low, high = piece
    if low != high and chain and count_roots(chain, low, high):
        return "0"
    return SIGN[sign_at(p, high)]
