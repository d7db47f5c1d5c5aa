"""Systems of affine inequalities over Q, strict and not: a point in them, or none (Fourier 1826, Motzkin 1936)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import final

LARGEST = 5_000
"""Elimination of one variable can square the number of inequalities; beyond this many nothing is decided."""


class Undecided(Exception):
    """The elimination grew beyond `LARGEST` inequalities."""


@final
@dataclass(frozen=True)
class Halfspace:
    """{x: normal . x < bound} if `strict`, else <=."""

    normal: tuple[Fraction, ...]
    bound: Fraction
    strict: bool

    @property
    def complement(self) -> Halfspace:
        return Halfspace(tuple(-a for a in self.normal), -self.bound, not self.strict)


def point_in(halfspaces: Sequence[Halfspace], dimension: int) -> tuple[Fraction, ...] | None:
    """A rational point in all of them; None if there is none.  Raises `Undecided`."""
    if dimension == 0:
        return None if any(h.bound < 0 or (h.strict and not h.bound) for h in halfspaces) else ()
    last = dimension - 1
    upper = [_normed(h, last) for h in halfspaces if h.normal[last] > 0]
    lower = [_normed(h, last) for h in halfspaces if h.normal[last] < 0]
    rest = [h for h in halfspaces if not h.normal[last]]
    if len(upper) * len(lower) + len(rest) > LARGEST:
        raise Undecided(f"{len(upper) * len(lower) + len(rest)} inequalities")
    below = point_in([*map(_shortened, rest), *(_combined(u, v) for u in upper for v in lower)], last)
    if below is None:
        return None
    tops = [h.bound - _dot(h.normal, below) for h in upper]
    bottoms = [_dot(h.normal, below) - h.bound for h in lower]
    return (*below, _between(bottoms, tops))


def _normed(h: Halfspace, place: int) -> Halfspace:
    scale = abs(h.normal[place])
    return Halfspace(tuple(a / scale for a in h.normal), h.bound / scale, h.strict)


def _shortened(h: Halfspace) -> Halfspace:
    return Halfspace(h.normal[:-1], h.bound, h.strict)


def _combined(u: Halfspace, v: Halfspace) -> Halfspace:
    normal = tuple(a + b for a, b in zip(u.normal[:-1], v.normal[:-1], strict=True))
    return Halfspace(normal, u.bound + v.bound, u.strict or v.strict)


def _dot(normal: tuple[Fraction, ...], point: tuple[Fraction, ...]) -> Fraction:
    return sum((a * x for a, x in zip(normal, point, strict=False)), Fraction(0))


def _between(bottoms: list[Fraction], tops: list[Fraction]) -> Fraction:
    """A number strictly between all bounds, or the one number left."""
    if bottoms and tops:
        return (max(bottoms) + min(tops)) / 2
    return max(bottoms) + 1 if bottoms else min(tops) - 1 if tops else Fraction(0)
