"""The second arithmetic: polynomials and roots through python-flint, behind the operations of `kernel.polynomial`.

Univariate sign conditions are decided by factoring over Q and by FLINT's certified complex roots, not by Descartes' rule.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from itertools import pairwise
from operator import add, mul, sub
from typing import Any, final

import flint

from .kernel.polynomial import LARGEST, Monomial, Ring, TooLarge
from .terms import Term

PRECISIONS = [64 << k for k in range(11)]
"""Bits tried one after the other."""
SMALLEST = 64
"""Generators of the first context; each next one has twice as many."""


@cache
def _context(size: int) -> Any:
    return flint.fmpq_mpoly_ctx.get([f"g{i}" for i in range(size)], flint.Ordering.lex)


def _flint(q: Fraction) -> Any:
    return flint.fmpq(q.numerator, q.denominator)


@final
class Dense:
    """A polynomial held by FLINT."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def _beside(self, other: Dense) -> tuple[Any, Any]:
        """Both values in one context, the larger of theirs."""
        pair = self.value, other.value
        if pair[0].context() is pair[1].context():
            return pair
        larger = max((value.context() for value in pair), key=lambda context: context.nvars())
        return pair[0].project_to_context(larger), pair[1].project_to_context(larger)

    def __add__(self, other: Dense) -> Dense:
        return Dense(add(*self._beside(other)))

    def __sub__(self, other: Dense) -> Dense:
        return Dense(sub(*self._beside(other)))

    def __mul__(self, other: Dense) -> Dense:
        if len(self.value) * len(other.value) > 10 * LARGEST:
            raise TooLarge(f"a product of {len(self.value)} and {len(other.value)} terms")
        return Dense(mul(*self._beside(other)))

    def monomials(self) -> list[tuple[Monomial, Fraction]]:
        found = []
        for exponents, c in self.value.to_dict().items():
            monomial = tuple((g, int(e)) for g, e in enumerate(exponents) if e)
            found.append((monomial, Fraction(int(c.p), int(c.q))))
        return sorted(found)


@final
class FlintRing(Ring):
    """Arithmetic of `fmpq_mpoly`."""

    def constant(self, value: Fraction) -> Dense:  # type: ignore[override]  # the other arithmetic has its own polynomials
        return Dense(_context(SMALLEST).constant(_flint(Fraction(value))))

    def generator(self, term: Term) -> Dense:  # type: ignore[override]
        place = self.index(term)
        return Dense(_context(SMALLEST << (place // SMALLEST).bit_length()).gen(place))

    def satisfiable(self, constraints: list[tuple[list[Fraction], frozenset[str]]]) -> bool:
        polynomials = [flint.fmpq_poly([_flint(c) for c in p]) for p, _ in constraints]
        for bits in PRECISIONS:
            with flint.ctx.workprec(bits):
                found = _some_place(polynomials, [signs for _, signs in constraints])
            if found is not None:
                return found
        raise ArithmeticError(f"{PRECISIONS[-1]} bits do not separate the roots")


def _some_place(polynomials: list[Any], allowed: list[frozenset[str]]) -> bool | None:
    """Whether the signs are allowed at a root or between roots; None if the precision does not separate the roots."""
    factors = _irreducible_factors(polynomials)
    roots = sorted(((r, f) for f in factors for r in _real_roots(f)), key=lambda item: item[0].mid())
    between = _between([r for r, _ in roots])
    if between is None:
        return None
    if any(_admits([_sign_at_root(p, f, r) for p in polynomials], allowed) for r, f in roots):
        return True
    return any(_admits([_sign(p(x)) for p in polynomials], allowed) for x in between)


def _irreducible_factors(polynomials: list[Any]) -> list[Any]:
    found: list[Any] = []
    for p in polynomials:
        if p.degree() > 0:
            found += [f for f, _ in p.numer().factor()[1] if f not in found and f.degree() > 0]
    return found


def _real_roots(f: Any) -> list[Any]:
    """Disjoint balls around the real roots; FLINT marks a real root by an imaginary part that is exactly 0."""
    return [z.real for z, _ in f.complex_roots() if z.imag == 0]


def _sign_at_root(p: Any, f: Any, root: Any) -> str:
    """The sign of p at a root of the irreducible f: 0 iff f divides p, else from a ball that excludes 0."""
    if p == 0 or not (p % flint.fmpq_poly(f)):
        return "0"
    for bits in (b for b in PRECISIONS if b >= flint.ctx.prec):
        with flint.ctx.workprec(bits):
            ball = _evaluate(p, root)
            if ball > 0 or ball < 0:
                return _sign(ball)
            root = next(r for r in _real_roots(f) if r.overlaps(root))
    raise ArithmeticError(f"the sign of {p} at a root of {f} needs more than {PRECISIONS[-1]} bits")


def _evaluate(p: Any, x: Any) -> Any:
    value = flint.arb(0)
    for k in range(p.degree(), -1, -1):
        value = value * x + flint.arb(p[k])
    return value


def _sign(value: Any) -> str:
    return "0" if value == 0 else "+" if value > 0 else "-"


def _admits(signs: list[str], allowed: list[frozenset[str]]) -> bool:
    return all(s in a for s, a in zip(signs, allowed, strict=True))


def _between(roots: list[Any]) -> list[Any] | None:
    """A rational point in each interval between neighbouring roots, and outside them; None if two roots overlap."""
    if not roots:
        return [flint.fmpq(0)]
    ends = [(_exact(r.lower()), _exact(r.upper())) for r in roots]
    middles = []
    for (_, low), (high, _) in pairwise(ends):
        if low >= high:
            return None
        middles.append((low + high) / 2)
    return [ends[0][0] - 1, *middles, ends[-1][1] + 1]


def _exact(ball: Any) -> Any:
    mantissa, exponent = ball.man_exp()
    return flint.fmpq(mantissa) * flint.fmpq(2) ** int(exponent)
