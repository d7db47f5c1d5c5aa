"""Floating point: mpmath with any number of digits, NumPy's doubles.  Evidence, no proof."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, final

from .system import Undefined, exact_input, objects


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
