"""Fibres: all parameters with the observations of one point, counted exactly.

Where the fibre has positive dimension it is cut with as many coordinates as that, held at the values of the point.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, final

from ..search.algebra.critical_points import zeros_of
from ..search.algebra.quotient_ring import NotFinite
from .derivatives import Derivative
from .observing import Observed
from .ranks import GenericRank

MOST_UNKNOWNS, LARGEST = 6, 60
"""Systems with more unknowns, or more complex solutions, are not solved: so many take some seconds."""


@final
@dataclass(frozen=True)
class Fibre:
    """The parameters with the observations of `point` whose coordinates in `held` are those of the point.

    `complex_points` and `real_points` are exact counts, None where they are not known (`reason`); `rational` are the real ones
    that are rational, the point itself among them.
    """

    point: tuple[Fraction, ...]
    held: tuple[str, ...]
    complex_points: int | None = None
    real_points: int | None = None
    rational: tuple[tuple[Fraction, ...], ...] = ()
    reason: str = ""

    @property
    def others(self) -> tuple[tuple[Fraction, ...], ...]:
        return tuple(p for p in self.rational if p != self.point)

    @property
    def words(self) -> str:
        """How many solutions there are, in one line."""
        where = f" with {', '.join(self.held)} held" if self.held else ""
        if self.real_points is None:
            return f"solutions{where} not counted: {self.reason}"
        return f"{self.real_points} real of {self.complex_points} complex solutions{where}"


def fibre(seen: Observed, rank: GenericRank, point: Sequence[Fraction], derivative: Derivative | None) -> Fibre:
    """The fibre through a rational point of an entry-wise polynomial map."""
    free = [p for i, p in enumerate(seen.parameters) if i not in rank.minor.columns]
    held = tuple(free) if rank.certain else ()
    here = tuple(point)
    if reason := _uncounted(seen, rank, derivative):
        return Fibre(here, held, reason=reason)
    unknown = [p for p in seen.parameters if p not in held]
    if len(unknown) > MOST_UNKNOWNS:
        return Fibre(here, held, reason=f"{len(unknown)} unknowns, over the limit of {MOST_UNKNOWNS}")
    values = dict(zip(seen.parameters, here, strict=True))
    system = [p for e in seen.expanded.entries if (p := _equation(e, unknown, values))]
    try:
        zeros = zeros_of(system, LARGEST)
    except NotFinite as cause:
        return Fibre(here, held, reason=str(cause))
    rational = [values_of for r in zeros.real if (values_of := r.family.rational) is not None]
    whole = tuple(tuple({**values, **dict(zip(unknown, r, strict=True))}[p] for p in seen.parameters) for r in rational)
    return Fibre(here, held, zeros.ring.size, len(zeros.real), whole)


def _uncounted(seen: Observed, rank: GenericRank, derivative: Derivative | None) -> str:
    """Why no solutions are counted; empty where they are."""
    if not rank.certain:
        return "the generic rank is not settled"
    if not rank.minor.columns:
        return "the observations depend on no parameter"
    if seen.constants:
        return f"the equations contain the constants {', '.join(seen.constants)}"
    if seen.functions or not seen.expanded.is_polynomial:
        return "the observations are no polynomials in the parameters"
    if seen.expanded.inputs or derivative is None:
        return "the observations are too large to be expanded"
    return ""


def _equation(entry: Any, unknown: Sequence[str], values: dict[str, Fraction]) -> dict[tuple[int, ...], Fraction]:
    """entry(theta) = entry(point) as a polynomial in the unknowns, the other parameters at their values."""
    from ..calculus.polynomials import Ring
    from ..search.algebra.polynomials import from_flint
    from ..terms import number, substitute, symbol

    put = substitute(entry, {p: number(v) for p, v in values.items() if p not in unknown})
    ring = Ring([symbol(u) for u in unknown])
    made = {tuple(map(int, e)): from_flint(c) for e, c in ring.read(put).to_dict().items()}
    value = sum((c * _power(e, [values[u] for u in unknown]) for e, c in made.items()), Fraction(0))
    origin = (0,) * len(unknown)
    made[origin] = made.get(origin, Fraction(0)) - value
    return {e: c for e, c in made.items() if c}


def _power(exponents: Sequence[int], values: Sequence[Fraction]) -> Fraction:
    result = Fraction(1)
    for e, v in zip(exponents, values, strict=True):
        result *= v**e
    return result
