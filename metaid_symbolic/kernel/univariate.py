"""Sign conditions in one real variable, decided by bisection and Descartes' rule of signs (Descartes 1637; Collins, Akritas
1976; Basu, Pollack, Roy 2006, Theorems 2.44 and 10.2).

Polynomials are lists of integer coefficients c_0, c_1, ..., c_d with c_d != 0, known up to a positive factor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import lru_cache, reduce
from itertools import accumulate, pairwise
from math import gcd, lcm


def sign_at(p: list[int], x: Fraction) -> str:
    """The sign of p(x), in integers: of b^d p(a/b) for x = a/b."""
    value: int = sum(c * x.numerator**k * x.denominator ** (len(p) - 1 - k) for k, c in enumerate(p))
    return "0" if not value else "+" if value > 0 else "-"


def primitive(p: Sequence[Fraction | int]) -> list[int]:
    """The positive rational multiple of p with coprime integer coefficients, without leading zeros."""
    scale = lcm(*(Fraction(c).denominator for c in p))
    whole = [int(c * scale) for c in p]
    while whole and not whole[-1]:
        whole.pop()
    content = gcd(*whole)
    return [c // content for c in whole]


def times(a: list[int], b: list[int]) -> list[int]:
    return [
        sum(c * b[k - i] for i, c in enumerate(a) if 0 <= k - i < len(b)) for k in range(len(a) + len(b) - 1 if a and b else 0)
    ]


def packed(p: list[int], bits: int) -> int:
    """p(2^bits)."""
    return sum(c << bits * k for k, c in enumerate(p))


def unpacked(value: int, bits: int) -> list[int]:
    """The polynomial p with coefficients between -2^(bits - 1) and 2^(bits - 1) for which p(2^bits) is the value."""
    half, found = 1 << bits - 1, []
    while value:
        found.append((value + half) % (2 * half) - half)
        value = (value - found[-1]) >> bits
    return found


def common_divisor(a: list[int], b: list[int], tried: int = 0) -> tuple[list[int], list[int]]:
    """The greatest common divisor g of primitive a != 0 and b, and a / g (Char, Geddes, Gonnet 1989), by more bits than tried.

    Let x = 2^bits >= 2 + 2 H for the largest coefficient H, and let the primitive part g of the unpacked greatest common
    divisor y of a(x) and b(x), with content c <= x/2, divide both.  Then g k with a primitive k is the greatest, and k(x)
    divides y / g(x) = c.  Zeros of k are zeros of a (and of b), so at most 1 + H in absolute value (Cauchy 1829), and
    |k(x)| >= x - 1 - H > c unless k is constant.
    """
    bits = 2 * tried or max(map(int.bit_length, a + b)) + 32
    one, two = packed(a, bits), packed(b, bits)
    divisor = primitive(unpacked(gcd(one, two), bits))
    first, second = (unpacked(value // packed(divisor, bits), bits) for value in (one, two))
    divides = times(divisor, first) == a and times(divisor, second) == b
    return (divisor, first) if divides else common_divisor(a, b, bits)


def root_bound(p: list[int]) -> int:
    """Every real root lies strictly between minus and plus this: 2b with |c_k| <= |c_d| b^(d - k) for all k < d, so that for
    |x| >= 2b the sum of these |c_k x^k| is less than |c_d x^d|.  It is a power of 2; numbers are compared by their bits."""
    return 2 << max(0, 0, *(-((p[-1].bit_length() - 1 - c.bit_length()) // (len(p) - 1 - k)) for k, c in enumerate(p[:-1])))


def shifted(p: list[int]) -> list[int]:
    """p(x + 1), with as many coefficients."""
    return reduce(lambda c, k: [*accumulate(c[:k]), *c[k:]], range(len(p), 1, -1), p[::-1])[::-1]


def pieces(p: list[int], wanted: Callable[[Fraction, Fraction], bool]) -> Iterator[tuple[Fraction, Fraction]]:
    """For a p without multiple roots points, as pairs (x, x), and open intervals with one root each, as pairs of their ends in
    some order, which are no roots: each root is one of the points or in one of the intervals, and between neighbouring roots
    and outside lies a point; but what lies inside an interval that is not wanted is left out.

    Below q(u) is a positive multiple of p(low + (high - low) u), of which the number of roots in (0, 1) is the number of sign
    changes among the coefficients of (1 + t)^d q(1/(1 + t)) less an even number; in the end there are 0 or 1 (Vincent 1836).
    """
    bound = Fraction(root_bound(p))
    yield from ((x, x) for x in (bound, Fraction(0), -bound))
    stack = [(Fraction(0), end, [int(c * end**k) for k, c in enumerate(p)]) for end in (bound, -bound)]
    while stack:
        low, high, q = stack.pop()
        middle = (low + high) / 2
        yield middle, middle
        changes = sum(a != b for a, b in pairwise(c > 0 for c in shifted(q[::-1]) if c)) if wanted(low, high) else 0
        if changes == 1 and q[0] and sum(q):
            yield low, high
        elif changes:
            left = [c << len(q) - 1 - k for k, c in enumerate(q)]
            stack += [(low, middle, left), (middle, high, shifted(left))]


@lru_cache(maxsize=50_000)
def satisfiable(constraints: tuple[tuple[tuple[Fraction, ...], frozenset[str]], ...]) -> bool:
    """Whether some real x gives every p_i a sign (`-`, `0`, `+`) in its set.

    The line falls into the real roots of the product of all p_i and the open intervals between them; on each piece every
    sign is constant.  `roots` has each root once, and `simple` for each p_i its roots once, so that it changes sign there.
    """
    polynomials = [(primitive(p), allowed) for p, allowed in constraints]
    everything = reduce(times, (p for p, _ in polynomials if p), [1])
    _, roots = common_divisor(everything, primitive([k * c for k, c in enumerate(everything)][1:]))
    simple = [common_divisor(roots, p)[0] for p, _ in polynomials]

    def wanted(low: Fraction, high: Fraction) -> bool:
        """Whether every linear p_i may have a sign of its set between low and high."""
        ends = [({sign_at(p, low), sign_at(p, high)}, signs) for p, signs in polynomials if len(p) == 2]
        return all(len(found) == 2 or found <= signs for found, signs in ends)

    return any(
        all(
            ("0" if sign_at(once, low) != sign_at(once, high) else sign_at(p, low)) in signs
            for (p, signs), once in zip(polynomials, simple, strict=True)
        )
        for low, high in pieces(roots, wanted)
    )
