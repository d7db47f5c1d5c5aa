"""Values of the derivative of observations by the parameters: modulo a prime, over Q, in balls.

Rows are observations (an entry at one value of the inputs), columns are parameters.  A row is a linear function of the
derivative of the entries as functions of the inputs, so that the rank of the values at any parameters, inputs and constants is
at most the generic rank of the map theta -> entries(theta, .).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any, final

from ..programs import Program, gradient_program, program
from ..programs.numbers import Balls, Modulo, Rationals
from ..programs.numbers.system import Undefined
from ..terms import IllFormed, Term
from .observing import Observed

PRIME = 2_147_483_629
"""The largest prime below 2^31 - 1: products of residues fit into 64 bits."""
SURPLUS = 3
"""Inputs that are tried beyond as many as the parameters need."""
ATTEMPTS = 8
"""Specialisations that are tried before a vanishing denominator or a kink is an error."""


@final
@dataclass(frozen=True)
class Specialisation:
    """Integers for parameters, constants, and for the inputs of each sample, made from a `seed`; `field` is the number system."""

    field: str
    seed: int
    samples: int
    bound: int

    def integers(self, count: int, part: int) -> list[int]:
        """Pseudorandom integers between -bound and bound, other than 0 (a linear congruence of Knuth's MMIX)."""
        state, made = (self.seed * 1_000_003 + part) * 2_654_435_761 + 12_345, list[int]()
        while len(made) < count:
            state = (6_364_136_223_846_793_005 * state + 1_442_695_040_888_963_407) % 2**64
            value = (state >> 16) % (2 * self.bound + 1) - self.bound
            if value:
                made.append(value)
        return made

    def point(self, names: Sequence[str]) -> dict[str, int]:
        return dict(zip(names, self.integers(len(names), 0), strict=True))


def samples_of(seen: Observed) -> int:
    """How many values of the inputs are looked at: as many rows as parameters, and some more."""
    return -(-len(seen.parameters) // len(seen.entries)) + SURPLUS if seen.inputs else 1


@lru_cache(maxsize=256)
def _slopes(entry: Term, parameters: tuple[str, ...], others: tuple[str, ...]) -> Program:
    """The gradient of an entry; relus by forward accumulation, which knows their signs."""
    inputs = (*parameters, *others)
    try:
        return gradient_program(entry, parameters, inputs)
    except IllFormed:
        return program(entry, inputs).derivative(parameters)


def modular(seen: Observed, chosen: Specialisation) -> Any:
    """The Jacobian modulo `PRIME`, a NumPy array, all samples of the inputs at once.  Raises `Undefined`."""
    import numpy as np

    field = Modulo(PRIME)
    here = {k: v % PRIME for k, v in chosen.point((*seen.parameters, *seen.constants)).items()}
    count = chosen.samples
    for j, name in enumerate(seen.inputs):
        here[name] = np.array(chosen.integers(count, j + 1), dtype="int64")  # type: ignore[assignment]
    blocks = []
    for entry in seen.entries:
        made = _slopes(entry, seen.parameters, seen.others).evaluate(here, field)
        blocks.append(made.T if seen.inputs else made.reshape(1, -1))
    return np.concatenate(blocks)


def at_samples(seen: Observed, point: Sequence[Any], chosen: Specialisation, field: Rationals | Balls) -> list[list[Any]]:
    """The rows of the Jacobian at a point, over Q or in balls, at samples of the inputs where the entries are smooth.

    Raises `Undefined` where an observation without inputs has no derivative.
    """
    here = dict(zip(seen.parameters, point, strict=True))
    scale = max(chosen.bound, 1)
    here |= {
        name: Fraction(abs(v), scale) for name, v in zip(seen.constants, chosen.integers(len(seen.constants), 99), strict=True)
    }
    rows: list[list[Any]] = []
    for k in range(chosen.samples):
        inputs = dict(zip(seen.inputs, chosen.integers(len(seen.inputs), 1 + k), strict=True))
        for entry in seen.entries:
            try:
                rows.append(list(_slopes(entry, seen.parameters, seen.others).evaluate({**here, **inputs}, field)))
            except Undefined:
                if not seen.inputs:
                    raise
    return rows


def flint_matrix(rows: list[list[Fraction]], columns: int) -> Any:
    from flint import fmpq, fmpq_mat

    return fmpq_mat(len(rows), columns, [fmpq(e.numerator, e.denominator) for row in rows for e in row])
