"""Exact numbers: Q through FLINT, and residues modulo a prime through NumPy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt
from typing import Any, final

from ...terms import IllFormed
from ..graph import known_value
from .system import Undefined, exact_input, objects

LARGEST_PRIME = 2**31
"""Products of two residues modulo a smaller prime fit into 63 bits."""
MOST_BITS = 10_000_000
"""A power of a rational number with more bits is not computed."""


@final
@dataclass(frozen=True)
class Rationals:
    """Q; values come back as `Fraction`."""

    name: str = "Q"

    @contextmanager
    def context(self) -> Iterator[None]:
        yield

    def read(self, value: Any) -> Any:
        from flint import fmpq

        exact = value if type(value) is int else exact_input(value)
        return fmpq(exact.numerator, exact.denominator)

    def reduced(self, value: Any) -> Any:
        return value

    def power(self, value: Any, exponent: int) -> Any:
        if not value and exponent < 0:
            raise Undefined("a denominator is 0")
        if abs(exponent) * max(int(value.p).bit_length(), int(value.q).bit_length()) > MOST_BITS and abs(value) != 1:
            raise Undefined(f"a power with the exponent {exponent} has more than {MOST_BITS} bits")
        return value**exponent

    def function(self, head: str, value: Any) -> Any:
        exact = Fraction(int(value.p), int(value.q))
        known = known_value(head, exact)
        if known is None:
            raise Undefined(f"{head}({exact}) is no rational number")
        return self.read(known)

    def sign(self, value: Any) -> int:
        return int(value > 0) - int(value < 0)

    def given(self, value: Any) -> Fraction:
        return Fraction(int(value.p), int(value.q))

    def vector(self, length: int, shape: tuple[int, ...]) -> Any:
        return objects(length, shape, self.read(0))


@final
@dataclass(frozen=True)
class Modulo:
    """The field of `prime` elements, prime < 2^31.  A coordinate may be an array of residues: many points at once."""

    prime: int

    def __post_init__(self) -> None:
        if type(self.prime) is not int or not 2 <= self.prime < LARGEST_PRIME or not _is_prime(self.prime):
            raise IllFormed(f"{self.prime!r} is no prime below 2^31")

    @property
    def name(self) -> str:
        return f"Z/{self.prime}"

    @contextmanager
    def context(self) -> Iterator[None]:
        yield

    def read(self, value: Any) -> Any:
        if hasattr(value, "dtype"):
            if value.dtype.kind not in "iu":
                raise IllFormed(f"an array of {value.dtype} has no residues modulo {self.prime}")
            wide = value if value.dtype == "uint64" else value.astype("int64")
            return (wide % wide.dtype.type(self.prime)).astype("int64")
        exact = value if type(value) is int else exact_input(value)
        if not exact.denominator % self.prime:
            raise Undefined(f"the denominator of {exact} is 0 modulo {self.prime}")
        return exact.numerator * pow(exact.denominator, -1, self.prime) % self.prime

    def reduced(self, value: Any) -> Any:
        return value % self.prime

    def power(self, value: Any, exponent: int) -> Any:
        if exponent < 0:
            if not (value.all() if hasattr(value, "all") else value):
                raise Undefined(f"a denominator is 0 modulo {self.prime}")
            exponent %= self.prime - 1
        if type(value) is int:
            return pow(value, exponent, self.prime)
        result, square = value * 0 + 1, value
        while exponent:
            if exponent % 2:
                result = result * square % self.prime
            square = square * square % self.prime
            exponent //= 2
        return result

    def function(self, head: str, value: Any) -> Any:
        raise Undefined(f"{head} has no value modulo a prime")

    def sign(self, value: Any) -> int:
        raise Undefined("residues modulo a prime have no sign")

    def given(self, value: Any) -> Any:
        return value

    def vector(self, length: int, shape: tuple[int, ...]) -> Any:
        import numpy as np

        return np.zeros((length, *shape), dtype="int64")


def _is_prime(n: int) -> bool:
    """Trial division: n < 2^31."""
    if n in (2, 3):
        return True
    return bool(n % 2 and n % 3) and all(n % k and n % (k + 2) for k in range(5, isqrt(n) + 1, 6))
