"""Real balls: enclosures with a proof of containment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, final

from .system import Undefined, exact_input, objects


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
