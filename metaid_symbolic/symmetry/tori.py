"""Groups of positive scalings theta_i -> prod_k t_k^(w_ki) theta_i, exactly over Q."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, islice
from math import gcd, lcm
from typing import Any, final

from ..terms import IllFormed
from .fields import VectorField

MOST_CHOICES = 20_000


@final
@dataclass(frozen=True)
class Torus:
    """`weights`: one integer row a scaling, each without a common factor; `size` parameters."""

    weights: tuple[tuple[int, ...], ...]
    size: int

    @classmethod
    def of(cls, fields: Sequence[VectorField], size: int) -> Torus:
        """The scalings among the fields."""
        rows = []
        for field in fields:
            if field.kind == "scaling":
                scale = lcm(*(w.denominator for w in field.weights))
                row = [int(w * scale) for w in field.weights]
                rows.append(tuple(x // gcd(*row) for x in row))
        return cls(tuple(rows), size)

    def relations(self, places: Sequence[int]) -> list[list[int]]:
        """Integer vectors on these places that span those orthogonal to all weights, over Q."""
        from flint import fmpz_mat

        if not places:
            return []
        if not self.weights:
            return [[int(i == j) for j in range(len(places))] for i in range(len(places))]
        basis, nullity = fmpz_mat([[row[i] for i in places] for row in self.weights]).nullspace()
        columns = [[int(basis[i, k]) for i in range(len(places))] for k in range(int(nullity))]
        return [[x // gcd(*c) for x in c] for c in columns]

    def factors(self, a: Sequence[Any], b: Sequence[Any]) -> tuple[Fraction | None, ...] | None:
        """The factors of a scaling that takes a to b (None where both are 0); None if there is no such scaling.

        The logarithms of the ratios are a combination of the weights exactly if every integer relation of the weights
        multiplies the ratios to 1.
        """
        if any((x > 0) != (y > 0) or (x < 0) != (y < 0) for x, y in zip(a, b, strict=True)):
            return None
        ratios = tuple(Fraction(y) / x if x else None for x, y in zip(a, b, strict=True))
        kept = [i for i, r in enumerate(ratios) if r is not None]
        for relation in self.relations(kept):
            total = Fraction(1)
            for i, power in zip(kept, relation, strict=True):
                total *= Fraction(ratios[i] or 1) ** power
            if total != 1:
                return None
        return ratios

    def element(self, a: Sequence[Any], b: Sequence[Any]) -> tuple[Fraction, ...] | None:
        """The factors on all coordinates of a scaling t^w that takes a to b; None where there is none with rational t."""
        from flint import fmpz_mat

        ratios = self.factors(a, b)
        if ratios is None or None not in ratios:
            return ratios  # type: ignore[return-value]
        places = [i for i, r in enumerate(ratios) if r is not None]
        rows = self._independent(places)
        if not rows:
            return (Fraction(1),) * self.size
        for chosen in islice(combinations(places, len(rows)), MOST_CHOICES):
            minor = fmpz_mat([[row[i] for i in chosen] for row in rows])
            if abs(int(minor.det())) == 1:
                times = _undone(minor.inv(), [1 / Fraction(ratios[i] or 1) for i in chosen])
                return tuple(_power_product(times, [row[i] for row in rows]) for i in range(self.size))
        return None

    def agrees(self, places: Sequence[int], a: Sequence[Fraction], b: Sequence[Fraction]) -> bool:
        """Whether some scaling takes the coordinates at these places from a to b."""
        return Torus(tuple(tuple(row[i] for i in places) for row in self.weights), len(places)).factors(a, b) is not None

    def units(self) -> tuple[tuple[int, ...], ...]:
        """A basis of scalings with few entries, all of them 0, 1 or -1, the first of these 1; empty if none is seen.

        Every vector of a reduced echelon form has a minimal support, and each order of the columns gives others.
        """
        from flint import fmpz_mat

        seen: dict[tuple[int, ...], None] = {}
        for first in range(self.size if self.weights else 0):
            order = [(first + k) % self.size for k in range(self.size)]
            reduced, _, rank = fmpz_mat([[row[k] for k in order] for row in self.weights]).rref()
            for i in range(rank):
                entries = [int(reduced[i, order.index(k)]) for k in range(self.size)]
                scale = gcd(*entries) * (1 if next(x for x in entries if x) > 0 else -1)
                seen[tuple(x // scale for x in entries)] = None
        small = sorted((v for v in seen if {*v} <= {0, 1, -1}), key=lambda v: (sum(map(abs, v)), [-x for x in v]))
        chosen = Torus(tuple(small), self.size)._independent(range(self.size))
        return tuple(chosen) if len(chosen) == len(self.weights) else ()

    def normal(self, point: Sequence[Any]) -> tuple[Fraction, ...]:
        """The point of the orbit with absolute value 1 at the first coordinates, not 0, on which the weights are unimodular.

        Raises `IllFormed` where no such coordinates are found.
        """
        from flint import fmpz_mat

        at = tuple(map(Fraction, point))
        rows = self._independent([i for i, x in enumerate(at) if x])
        if not rows:
            return at
        places = [i for i, x in enumerate(at) if x and any(row[i] for row in rows)]
        for chosen in islice(combinations(places, len(rows)), MOST_CHOICES):
            minor = fmpz_mat([[row[i] for i in chosen] for row in rows])
            if abs(int(minor.det())) == 1:
                times = _undone(minor.inv(), [abs(at[i]) for i in chosen])
                return tuple(x * _power_product(times, [row[i] for row in rows]) for i, x in enumerate(at))
        raise IllFormed(f"no rational normal form: the scalings of {list(map(str, at))} bring no coordinates to 1 without roots")

    def _independent(self, places: Sequence[int]) -> list[tuple[int, ...]]:
        """Weights that are independent on these places."""
        from flint import fmpz_mat

        chosen: list[tuple[int, ...]] = []
        for row in self.weights:
            trial = [[r[i] for i in places] for r in (*chosen, row)]
            if places and int(fmpz_mat(trial).rank()) == len(trial):
                chosen.append(row)
        return chosen


def _undone(inverse: Any, values: Sequence[Fraction]) -> list[Fraction]:
    """The t_k with prod_k t_k^(w_ki) = 1/values_i, for the integer inverse of the matrix of these weights."""
    side = range(len(values))
    return [_power_product(values, [-int(inverse[i, k]) for i in side]) for k in side]


def _power_product(bases: Sequence[Fraction], exponents: Sequence[int]) -> Fraction:
    total = Fraction(1)
    for base, exponent in zip(bases, exponents, strict=True):
        total *= base**exponent
    return total
