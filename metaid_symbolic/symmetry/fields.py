"""Polynomial vector fields v on the parameter space with v f = 0: infinitesimal symmetries of a model f.

sum_i v_i(theta) d f_j / d theta_i (theta, x) = 0 for all theta, x and j is linear in the coefficients of v.  All fields of a
degree are found at once; degree 1 gives all linear and affine symmetries (Kumar, Sharma 2014 and Marcotte et al. 2023 solve
the same system for networks).
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations_with_replacement
from math import comb, gcd, lcm
from typing import Any, final

from ..terms import IllFormed, Term
from .derivations import Exponents, Field, polynomial_term, polynomial_text
from .differentials import PRIMES, Differentials, Sample
from .linear_systems import Vector, null_space
from .scalings import Gradings, added

LARGEST_SYSTEM = 40_000_000
"""A linear system with more entries is not solved: one with so many takes about 1 GB and a minute."""
MANY_ROWS = 4_000
MOST_UNKNOWNS = 40_000
"""No more coefficients are looked for at once: so many take some seconds."""
SPARE = 12
"""So many more equations than unknowns are sampled."""


@final
@dataclass(frozen=True)
class VectorField:
    """v = sum_i components_i d/d theta_i.  `kind` is scaling (every v_i a number times theta_i), linear, affine or polynomial."""

    parameters: tuple[str, ...]
    coefficients: tuple[tuple[int, Exponents, Fraction], ...]

    @property
    def components(self) -> tuple[Term, ...]:
        field = self.field
        return tuple(polynomial_term(self.parameters, field.get(i, {})) for i in range(len(self.parameters)))

    @property
    def field(self) -> Field:
        """The components that are not 0, as polynomials."""
        made: Field = {}
        for place, exponents, value in self.coefficients:
            made.setdefault(place, {})[exponents] = value
        return made

    @classmethod
    def of(cls, parameters: tuple[str, ...], field: Field) -> VectorField:
        parts = sorted((place, e, v) for place, polynomial in field.items() for e, v in polynomial.items())
        return cls(parameters, tuple(parts))

    @property
    def degree(self) -> int:
        return max((len(e) for _, e, _ in self.coefficients), default=0)

    @property
    def kind(self) -> str:
        if all(e == (place,) for place, e, _ in self.coefficients):
            return "scaling"
        if self.degree > 1:
            return "polynomial"
        return "linear" if all(len(e) == 1 for _, e, _ in self.coefficients) else "affine"

    @property
    def name(self) -> str:
        """The field in words: `scaling w up, v down`, or its components."""
        if self.kind == "scaling":
            weights = [(self.parameters[place], value) for place, _, value in self.coefficients]
            return "scaling " + ", ".join(f"{name}: {value}" for name, value in weights)
        shown = [f"d {self.parameters[i]} = {polynomial_text(self.parameters, p)}" for i, p in self.field.items()]
        return f"{self.kind} " + ", ".join(shown)

    @property
    def weights(self) -> tuple[Fraction, ...]:
        """Of a scaling: the number before each theta_i."""
        if self.kind != "scaling":
            raise IllFormed(f"the {self.kind} field {self.name} is no scaling")
        known = {place: value for place, _, value in self.coefficients}
        return tuple(known.get(place, Fraction(0)) for place in range(len(self.parameters)))

    def __repr__(self) -> str:
        return self.name

    def _repr_latex_(self) -> str:
        return f"${self.latex()}$"

    def latex(self) -> str:
        """In one line."""
        from ..reports.latex_models import vector_sum

        return vector_sum(self.parameters, self.components, sys.maxsize)


def monomials(size: int, degree: int) -> list[Exponents]:
    """All monomials up to the degree in so many variables, those of high degree first."""
    return [e for k in range(degree, -1, -1) for e in combinations_with_replacement(range(size), k)]


def check_size(size: int, degree: int, columns: int) -> None:
    """Raises `IllFormed` for a linear system that is too large."""
    unknowns = columns * comb(size + degree, degree)
    if unknowns > MOST_UNKNOWNS:
        raise IllFormed(
            f"degree {degree} in {size} parameters needs a linear system with {unknowns} unknowns; {MOST_UNKNOWNS} are the limit"
        )


def values_of(sample: Sample, listed: Sequence[Exponents]) -> Any:
    """The monomials at the points of the sample: count x len(listed)."""
    import numpy as np

    made = np.ones((sample.count, len(listed)), dtype="int64")
    for place, exponents in enumerate(listed):
        for factor in exponents:
            made[:, place] = made[:, place] * sample.parameters[:, factor] % sample.prime
    return made


@final
@dataclass(frozen=True)
class Found:
    """Candidates for a basis of the fields up to a degree, and what says that there are no more: the system of linear equations
    has `unknowns` columns and, modulo the prime, this rank; `lifted` of the other dimensions have a candidate."""

    fields: tuple[VectorField, ...]
    unknowns: int
    rank: int
    prime: int

    @property
    def nullity(self) -> int:
        return self.unknowns - self.rank

    def __add__(self, other: Found) -> Found:
        return Found((*self.fields, *other.fields), self.unknowns + other.unknowns, self.rank + other.rank, self.prime)


Column = tuple[int, Exponents]


def blocks(weights: Mapping[str, tuple[Fraction, ...]], names: Sequence[str], degree: int) -> list[list[Column]]:
    """The unknown coefficients (component, monomial), grouped by the weight of what they stand before.

    The equations for a field are homogeneous in every grading of the model, so that a solution is a sum of solutions of one
    weight each.
    """
    listed = monomials(len(names), degree)
    dimension = len(weights[names[0]])
    of_monomial = {e: added([weights[names[k]] for k in e], dimension) for e in listed}
    made: dict[tuple[Fraction, ...], list[Column]] = {}
    for place, name in enumerate(names):
        own = weights[name]
        for e in listed:
            key = tuple(a - b for a, b in zip(of_monomial[e], own, strict=True))
            made.setdefault(key, []).append((place, e))
    return list(made.values())


def detect(differentials: Differentials, degree: int, prime: int = PRIMES[0]) -> Found:
    """The fields of degree at most `degree` that annihilate all outputs, as candidates: nothing is proved of them here.

    Raises `IllFormed` when there are too many unknowns, or a linear system is too large.
    """
    model, outputs = differentials.model, len(differentials.outputs)
    size = len(model.parameters)
    check_size(size, degree, size)
    groups = blocks(Gradings.of(model).weights, model.parameters, degree)
    largest = max(map(len, groups))
    if largest * (largest + SPARE) > LARGEST_SYSTEM:
        raise IllFormed(f"degree {degree}: a linear system of {largest} unknowns; {LARGEST_SYSTEM} entries are the limit")
    sample = differentials.sample(points_for(largest, outputs), prime)
    return _summed([_in_block(model.parameters, sample, group) for group in groups], prime)


def points_for(unknowns: int, outputs: int) -> int:
    """So many points that one output alone has more equations than unknowns; of large systems, all outputs twice as many."""
    alone = unknowns + SPARE
    return min(alone, max(-(-2 * alone // outputs), MANY_ROWS // outputs))


def _summed(parts: Sequence[Found], prime: int) -> Found:
    fields = tuple(sorted((v for part in parts for v in part.fields), key=lambda v: [(p, e) for p, e, _ in v.coefficients]))
    return Found(fields, sum(p.unknowns for p in parts), sum(p.rank for p in parts), prime)


def _in_block(names: tuple[str, ...], sample: Sample, columns: Sequence[Column]) -> Found:
    """The solutions in which only these coefficients are not 0."""
    import numpy as np

    prime, outputs = sample.prime, sample.slopes.shape[1]
    used = points_for(len(columns), outputs)
    places = np.array([place for place, _ in columns])
    powers = values_of(sample, [e for _, e in columns])[:used]
    rows = sample.slopes[:used, :, places] * powers[:, None, :] % prime
    system = null_space(rows.reshape(used * outputs, len(columns)), prime)
    fields = tuple(_field(names, vector, columns) for vector in system.vectors if vector is not None)
    return Found(fields, system.unknowns, system.rank, prime)


def _field(names: tuple[str, ...], vector: Vector, columns: Sequence[Column]) -> VectorField:
    """With integer coefficients without a common factor, the first one positive."""
    scale = Fraction(lcm(*(v.denominator for v in vector.values())), gcd(*(v.numerator for v in vector.values())))
    parts = sorted((*columns[k], v * scale) for k, v in vector.items())
    sign = 1 if parts[0][2] > 0 else -1
    return VectorField(names, tuple((place, e, sign * v) for place, e, v in parts))
