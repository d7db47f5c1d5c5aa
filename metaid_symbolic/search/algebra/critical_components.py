"""Critical sets of positive dimension that a common factor of the partial derivatives splits off.

With h the greatest common divisor of dF/dx_1, ..., dF/dx_n the critical set is {h = 0} together with the common zeros of the
quotients; where these are finite in number they are listed.  On each irreducible component of {h = 0} F is constant where its
remainder by the component is a number.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from typing import Any, final

import flint

from .critical_points import Zeros, gradient, zeros_of
from .polynomials import Polynomial, from_flint, to_flint
from .quotient_ring import LARGEST, NotFinite


@final
@dataclass(frozen=True, eq=False)
class Components:
    """`surfaces` are irreducible polynomials with the value of F on their zeros (None: not seen to be constant); `isolated`
    are the common zeros of the quotients, some of which may lie on a surface."""

    surfaces: tuple[tuple[Polynomial, Fraction | None], ...]
    isolated: Zeros


def critical_components(objective: Polynomial, largest: int = LARGEST) -> Components:
    """Raises `NotFinite` where more than a common factor makes the critical set infinite."""
    slopes = [g for g in gradient(objective) if g]
    if not slopes:
        raise NotFinite("every point is critical for a constant")
    variables = len(next(iter(objective)))
    ring = flint.fmpq_mpoly_ctx.get([f"x{i}" for i in range(variables)], flint.Ordering.degrevlex)
    listed = [_into(ring, g) for g in slopes]
    common = reduce(lambda a, b: a.gcd(b), listed)
    rest = [_from(g / common) for g in listed]
    if len(slopes) < variables and common.total_degree() <= 0:
        raise NotFinite("the polynomial does not depend on one of the variables: infinitely many critical points")
    factors = [f for f, _ in common.factor()[1] if f.total_degree() > 0]
    values = [_constant(divmod(_into(ring, objective), f)[1]) for f in factors]
    surfaces = tuple((_from(f), v) for f, v in zip(factors, values, strict=True))
    return Components(surfaces, zeros_of(rest, largest))


def _constant(p: Any) -> Fraction | None:
    terms = _from(p)
    return sum(terms.values(), Fraction(0)) if all(not sum(e) for e in terms) else None


def _into(ring: Any, p: Polynomial) -> Any:
    return ring.from_dict({e: to_flint(c) for e, c in p.items()})


def _from(p: Any) -> Polynomial:
    return {tuple(map(int, e)): from_flint(flint.fmpq(c)) for e, c in p.to_dict().items()}
