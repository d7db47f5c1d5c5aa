"""Multilayer perceptrons and deep linear networks, of any widths.

f(x) = W_L s_(L-1)(... s_1(W_1 x + b_1) ...) + b_L with W_l of shape d_l x d_(l-1).  Units that are polynomials give polynomial
networks (Kileel, Trager, Bruna 2019), the identity gives deep linear networks (Baldi, Hornik 1989).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import final

from ...model import Model
from ...terms import ONE, IllFormed, Term, symbol, total

HIGHEST_POWER = 100

UNITS: dict[str, Callable[[Term], Term]] = {
    "linear": lambda u: u,
    "square": lambda u: u**2,
    "cubic": lambda u: u**3,
    "relu": lambda u: Term("relu", (u,)),
    "tanh": lambda u: Term("tanh", (u,)),
    "logistic": lambda u: Term("logistic", (u,)),
    "softplus": lambda u: Term("log", (ONE + Term("exp", (u,)),)),
}
"""What a hidden unit does to its pre-activation u; besides these, `power-k` takes u^k for 2 <= k <= HIGHEST_POWER."""


def activation(unit: str) -> Callable[[Term], Term]:
    """Raises `IllFormed` for an unknown unit."""
    if unit in UNITS:
        return UNITS[unit]
    if degree := power_of(unit):
        return lambda u: u**degree
    raise IllFormed(f"there is no unit {unit!r}; there are {', '.join(UNITS)} and power-k for k in 2..{HIGHEST_POWER}")


def power_of(unit: str) -> int:
    """The k with which the unit takes u to u^k; 0 if it is no power."""
    known = {"linear": 1, "square": 2, "cubic": 3}
    written = re.fullmatch(r"power-([1-9]\d{0,2})", unit, re.ASCII)
    degree = known.get(unit, int(written[1]) if written and int(written[1]) > 1 else 0)
    return degree if degree <= HIGHEST_POWER else 0


@final
@dataclass(frozen=True)
class Network:
    """A network of widths (d_0, ..., d_L), L >= 1, with hidden `units` of one kind, or of one kind a hidden layer.

    The parameters are w{l}_{i}_{j}, the weight from unit j of layer l - 1 to unit i of layer l, and with `biases` b{l}_{i};
    layer by layer, the weights before the biases.  The inputs are x_{j}.
    """

    widths: tuple[int, ...]
    units: str | tuple[str, ...] = "linear"
    biases: bool = False

    def __post_init__(self) -> None:
        if not isinstance(self.widths, Sequence) or isinstance(self.widths, str):
            raise IllFormed(f"the widths {self.widths!r} are no list of numbers")
        object.__setattr__(self, "widths", tuple(self.widths))
        if len(self.widths) < 2 or any(type(d) is not int or d < 1 for d in self.widths):
            raise IllFormed(f"the widths {list(self.widths)} are not two or more positive numbers")
        hidden = len(self.widths) - 2
        if isinstance(self.units, str):
            object.__setattr__(self, "units", (self.units,) * hidden)
        object.__setattr__(self, "units", tuple(self.units))
        if len(self.units) != hidden:
            raise IllFormed(f"{len(self.units)} kinds of units disagree with {hidden} hidden layers")
        for unit in self.units:
            activation(unit)

    @property
    def layers(self) -> range:
        """1, ..., L; layer L has the outputs."""
        return range(1, len(self.widths))

    def weight(self, layer: int, i: int, j: int) -> str:
        return f"w{layer}_{i}_{j}"

    def bias(self, layer: int, i: int) -> str:
        return f"b{layer}_{i}"

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        names: list[str] = []
        for layer in self.layers:
            rows, columns = range(self.widths[layer]), range(self.widths[layer - 1])
            names += [self.weight(layer, i, j) for i in rows for j in columns]
            names += [self.bias(layer, i) for i in rows] if self.biases else []
        return tuple(names)

    def outputs(self, inputs: Sequence[Term]) -> tuple[Term, ...]:
        """f(x); every unit is one term, shared by the units above it.  Raises `IllFormed` for a wrong number of inputs."""
        if len(inputs) != self.widths[0]:
            raise IllFormed(f"{len(inputs)} inputs disagree with the width {self.widths[0]} of the first layer")
        here = tuple(inputs)
        for layer in self.layers:
            here = tuple(self._affine(layer, i, here) for i in range(self.widths[layer]))
            if layer < self.layers[-1]:
                here = tuple(map(activation(self.units[layer - 1]), here))
        return here

    def _affine(self, layer: int, i: int, below: Sequence[Term]) -> Term:
        parts = [symbol(self.weight(layer, i, j)) * h for j, h in enumerate(below)]
        return total([*parts, symbol(self.bias(layer, i))] if self.biases else parts)

    @cached_property
    def model(self) -> Model:
        """The network as a map of its parameters, on all inputs."""
        names = tuple(f"x_{j}" for j in range(self.widths[0]))
        return Model(self.parameters, names, self.outputs([symbol(n) for n in names]))


def deep_linear(*widths: int) -> Network:
    """x -> W_L ... W_1 x.  Its functions are the matrices of rank at most the least width."""
    return Network(widths)
