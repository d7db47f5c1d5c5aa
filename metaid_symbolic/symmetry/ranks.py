"""Generic ranks: lower bounds from one point modulo a prime, which are proofs, and upper bounds where they meet them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .derivations import Polynomial
from .differentials import PRIMES, Differentials
from .fields import VectorField
from .linear_systems import rank_modulo

SPARE = 8


def jacobian_rank(differentials: Differentials, prime: int = PRIMES[0]) -> int:
    """At least so many directions of the parameter space change the model: the rank of the derivatives at one generic
    parameter and many inputs, modulo a prime."""
    size, outputs = len(differentials.model.parameters), len(differentials.outputs)
    points = -(-(size + SPARE) // outputs) if differentials.names != differentials.model.parameters else 1
    sample = differentials.sample(points, prime, one_parameter=True)
    return rank_modulo(sample.slopes.reshape(sample.count * outputs, size), prime)


def field_rank(fields: Sequence[VectorField], prime: int = PRIMES[0], seed: int = 1) -> int:
    """The rank of the fields at one point modulo a prime: a lower bound of their generic rank."""
    import numpy as np

    if not fields:
        return 0
    point = [int(v) for v in np.random.default_rng(seed).integers(1, prime, len(fields[0].parameters))]
    rows = np.zeros((len(fields), len(point)), dtype="int64")
    for k, field in enumerate(fields):
        for place, polynomial in field.field.items():
            rows[k, place] = value_modulo(polynomial, point, prime)
    return rank_modulo(rows, prime)


def value_modulo(polynomial: Polynomial, point: Sequence[Any], prime: int) -> int:
    total = 0
    for exponents, value in polynomial.items():
        term = value.numerator * pow(value.denominator, -1, prime)
        for place in exponents:
            term = term * point[place] % prime
        total += term
    return total % prime
