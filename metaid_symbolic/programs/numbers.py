"""The number systems in which a program is evaluated.

Each reads exact rational input and gives the four operations and the elementary functions; a value that does not exist
there (a quotient by 0, exp(1) as a rational number, log of a negative number) raises `Undefined`, and is never replaced by
an infinity or NaN.  `map_function` takes arrays too, elementwise; + and * are those of the values themselves, followed
by `reduced`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt
from typing import Any, Protocol, final

from ..terms import IllFormed
from .graph import known_value

LARGEST_PRIME = 2**31
"""Products of two residues modulo a smaller prime fit into 63 bits."""
MOST_BITS = 10_000_000
"""A power of a rational number with more bits is not computed."""


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
    from ..problems import exact

    return exact(value, "a coordinate")


def objects(length: int, shape: tuple[int, ...], zero: Any) -> Any:
    import numpy as np

    made = np.empty((length, *shape), dtype=object)
    made.fill(zero)
    return made


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


@final
@dataclass(frozen=True)
class Balls:
    """Real balls of FLINT (Arb: Johansson 2017): the value lies in the ball that comes back."""

    bits: int = 128

    @property
    def name(self) -> str:
        return f"balls of {self.bits} bits"

    def context(self) -> Any:
        from flint import ctx

        return ctx.workprec(self.bits)

    def read(self, value: Any) -> Any:
        from flint import arb, fmpq

        if type(value) is arb:
            return self._finite(value, "a coordinate")
        exact = exact_input(value)
        return arb(fmpq(exact.numerator, exact.denominator))

    def reduced(self, value: Any) -> Any:
        return value

    def power(self, value: Any, exponent: int) -> Any:
        if exponent < 0 and value.contains(0):
            raise Undefined(f"the denominator {value} is not seen to differ from 0")
        return self._finite(value**exponent, "a power")

    def function(self, head: str, value: Any) -> Any:
        if (head == "log" and not value > 0) or (head == "sqrt" and not value >= 0):
            raise Undefined(f"{head} of {value}, which is not seen to be {'positive' if head == 'log' else 'nonnegative'}")
        match head:
            case "relu":
                return value if value >= 0 else value * 0 if value <= 0 else value.max(value * 0)
            case "logistic":
                return (value / 2).tanh() / 2 + self.read("1/2")
        return self._finite(getattr(value, head)(), head)

    def _finite(self, value: Any, what: str) -> Any:
        if not value.is_finite():
            raise Undefined(f"{what} has no finite enclosure with {self.bits} bits")
        return value

    def sign(self, value: Any) -> int:
        return 1 if value > 0 else -1 if value < 0 else 0

    def given(self, value: Any) -> Any:
        return value

    def vector(self, length: int, shape: tuple[int, ...]) -> Any:
        return objects(length, shape, self.read(0))


@final
@dataclass(frozen=True)
class Digits:
    """Floating point numbers of mpmath with so many decimal digits; evidence, no proof."""

    digits: int = 50

    @property
    def name(self) -> str:
        return f"{self.digits} digits"

    @contextmanager
    def context(self) -> Iterator[None]:
        yield

    @property
    def _mp(self) -> Any:
        return _context(self.digits)

    def read(self, value: Any) -> Any:
        if hasattr(value, "_mpf_"):
            return self._mp.mpf(value)
        exact = exact_input(value)
        return self._mp.mpf(exact.numerator) / exact.denominator

    def reduced(self, value: Any) -> Any:
        return value

    def power(self, value: Any, exponent: int) -> Any:
        if exponent < 0 and not value:
            raise Undefined("a denominator is 0")
        return value**exponent

    def function(self, head: str, value: Any) -> Any:
        if (head == "log" and value <= 0) or (head == "sqrt" and value < 0):
            raise Undefined(f"{head}({self._mp.nstr(value, 5)}) is no real number")
        if head == "relu":
            return value if value > 0 else value * 0
        if head == "logistic":
            return 1 / (1 + self._mp.exp(-value))
        return getattr(self._mp, head)(value)

    def sign(self, value: Any) -> int:
        return int(value > 0) - int(value < 0)

    def given(self, value: Any) -> Any:
        return value

    def vector(self, length: int, shape: tuple[int, ...]) -> Any:
        return objects(length, shape, self._mp.mpf(0))


_CONTEXTS: dict[int, Any] = {}


def _context(digits: int) -> Any:
    """An mpmath context of our own, so that nobody's precision changes."""
    if digits not in _CONTEXTS:
        from mpmath import MPContext

        made = MPContext()
        made.dps = digits
        _CONTEXTS[digits] = made
    return _CONTEXTS[digits]


@final
@dataclass(frozen=True)
class Floats:
    """Double precision with NumPy; a coordinate may be an array: many points at once.  Evidence, no proof."""

    name: str = "floats"

    @contextmanager
    def context(self) -> Iterator[None]:
        import numpy as np

        try:
            with np.errstate(divide="raise", invalid="raise", over="raise", under="ignore"):
                yield
        except (FloatingPointError, OverflowError) as cause:
            raise Undefined(f"no finite double: {cause}") from None

    def read(self, value: Any) -> Any:
        import numpy as np

        floating = hasattr(value, "dtype") or type(value) is float
        made: Any = np.asarray(value if floating else float(exact_input(value)), dtype="float64")
        if not np.isfinite(made).all():
            raise Undefined("a coordinate is not finite")
        return made

    def reduced(self, value: Any) -> Any:
        return value

    def power(self, value: Any, exponent: int) -> Any:
        import numpy as np

        return np.float_power(value, exponent)

    def function(self, head: str, value: Any) -> Any:
        import numpy as np

        if head == "relu":
            return np.maximum(value, 0.0)
        if head == "logistic":
            small = np.exp(-np.abs(value))
            return np.where(value >= 0, 1.0, small) / (1.0 + small)
        elementwise: Callable[[Any], Any] = getattr(np, head)
        return elementwise(value)

    def sign(self, value: Any) -> Any:
        import numpy as np

        return np.sign(value)

    def given(self, value: Any) -> Any:
        return value

    def vector(self, length: int, shape: tuple[int, ...]) -> Any:
        import numpy as np

        return np.zeros((length, *shape))
