"""What evaluation needs of a number system.

A number system reads exact rational input and gives the four operations and the elementary functions; a value that does not
exist there (a quotient by 0, exp(1) as a rational number, log of a negative number) raises `Undefined`, and is never replaced
by an infinity or NaN.  + and * are those of the values themselves, or of arrays of them, followed by `reduced`.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Protocol

from ...terms import IllFormed


class Undefined(IllFormed):
    """A program has no value at this point in these numbers; the message says what is missing."""


class Numbers(Protocol):
    """What evaluation needs of a number system."""

    @property
    def name(self) -> str: ...
    def context(self) -> Any: ...
    def read(self, value: Any) -> Any: ...
    def reduced(self, value: Any) -> Any: ...
    def power(self, value: Any, exponent: int) -> Any: ...
    def function(self, head: str, value: Any) -> Any: ...
    def sign(self, value: Any) -> int: ...
    def given(self, value: Any) -> Any: ...
    def vector(self, length: int, shape: tuple[int, ...]) -> Any: ...


def exact_input(value: Any) -> Fraction:
    """An integer, a fraction or a text like "1/2" as a fraction.  Raises `IllFormed` for anything else."""
    from ...problems import exact

    return exact(value, "a coordinate")


def objects(length: int, shape: tuple[int, ...], zero: Any) -> Any:
    import numpy as np

    made = np.empty((length, *shape), dtype=object)
    made.fill(zero)
    return made
