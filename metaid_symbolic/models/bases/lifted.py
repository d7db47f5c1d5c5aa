"""The sides that one unit of a ReLU network can have over given sides of the units below it, by linear programs over Q.

Every unit below is scaled by the weights on the path above it, one copy for each path; then all pre-activations are linear.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import final

from ..cones import point_in_cone
from .networks import Network

Values = tuple[Fraction, ...]
Sides = tuple[int, ...]
"""One for each input: 1 active, -1 inactive, 0 where the pre-activation is 0 whatever the parameters."""
Weights = dict[str, Fraction]
Form = dict[str, Fraction]
"""A linear form in named variables."""


@final
@dataclass(frozen=True)
class Pattern:
    """The sides of the units of the hidden layers 1, 2, ...; parameters of these layers at which they occur, one or more, or
    none where it is not decided whether they occur (the layers above are then left out)."""

    layers: tuple[tuple[Sides, ...], ...]
    witnesses: tuple[Weights, ...]


def names_into(network: Network, layer: int, i: int) -> list[str]:
    weights = [network.weight(layer, i, j) for j in range(network.widths[layer - 1])]
    return [*weights, network.bias(layer, i)] if network.biases else weights


def outputs(network: Network, weights: Weights, x: Values, layers: int) -> list[Fraction]:
    """What the units of the layer so far up give at an input, with 1 for the bias of the next."""
    here, one = list(x), [Fraction(1)] if network.biases else []
    for layer in range(1, layers + 1):
        rows = [names_into(network, layer, i) for i in range(network.widths[layer])]
        values = [sum((weights[n] * v for n, v in zip(row, [*here, *one], strict=True)), Fraction(0)) for row in rows]
        here = [max(v, Fraction(0)) for v in values]
    return [*here, *one]


@final
class Program:
    """The linear program of unit 0 of a layer, for one choice of signs of the weights: its pre-activation at each input as a
    form, and the forms that the sides of the units below it make positive.  Every unit below it is scaled by what is above."""

    def __init__(self, network: Network, inputs: Sequence[Values], below: Pattern, signs: dict[str, int]) -> None:
        self.network, self.inputs, self.signs, self.layers, self.known = network, inputs, signs, below.layers, below.witnesses[0]
        self.cone, self.copies = list[Form](), dict[str, list[Form]]()
        self.forms = self._copy(len(self.layers) + 1, 0, "")

    def _copy(self, layer: int, i: int, path: str) -> list[Form]:
        """The pre-activation of a unit at each input, scaled by the weights on the path above it."""
        names = [f"{path}/{name}" for name in names_into(self.network, layer, i)]
        if layer == 1:
            return [{n: v for n, v in zip(names, [*x, Fraction(1)], strict=False) if v} for x in self.inputs]
        made: list[Form] = [{names[-1]: Fraction(1)} if self.network.biases else {} for _ in self.inputs]
        for j in range(self.network.widths[layer - 1]):
            inner = self._copy(layer - 1, j, f"{path}/{i}.{j}")
            self.copies[f"{path}/{i}.{j}"] = inner
            sign = self.signs[self.network.weight(layer, i, j)]
            for t, (form, side) in enumerate(zip(inner, self.layers[layer - 2][j], strict=True)):
                if side:
                    self.cone.append({n: side * v for n, v in form.items()})
                for n, v in form.items() if side > 0 else ():
                    made[t][n] = made[t].get(n, Fraction(0)) + sign * v
        return made

    def sides(self) -> Iterator[tuple[Sides, Form]]:
        """All sides that the program allows, each with a solution."""
        stack: list[tuple[Sides, list[Form]]] = [((), self.cone)]
        while stack:
            chosen, rows = stack.pop()
            point = solution(rows)
            if point is None:
                continue
            if len(chosen) == len(self.forms):
                yield chosen, point
                continue
            form = {n: v for n, v in self.forms[len(chosen)].items() if v}
            if not form:
                stack.append(((*chosen, 0), rows))
                continue
            stack += [((*chosen, side), [*rows, {n: side * v for n, v in form.items()}]) for side in (1, -1)]

    def weights(self, point: Form) -> Weights:
        """Weights of the layer below like those of the solution; further down those of the known witness, so that the sides
        may be others than those of the solution where the layer below is not the first."""
        layer, made = len(self.layers), dict(self.known)
        for j in range(self.network.widths[layer]):
            for i, name in enumerate(names_into(self.network, layer, j)):
                path = f"/0.{j}/{name}"
                made[name] = point.get(path, Fraction(0)) if layer == 1 or path in point else self._ratio(point, j, i, name)
        return made

    def _ratio(self, point: Form, j: int, i: int, name: str) -> Fraction:
        """The weight of unit i in unit j of the layer below: what the scaled copy of unit i has, over what unit i has."""
        if name not in self.signs:
            return Fraction(0)
        layer = len(self.layers) - 1
        for t, side in enumerate(self.layers[layer - 1][i]):
            if side > 0:
                copied = sum((v * point.get(n, Fraction(0)) for n, v in self.copies[f"/0.{j}/{j}.{i}"][t].items()), Fraction(0))
                return self.signs[name] * copied / outputs(self.network, self.known, self.inputs[t], layer)[i]
        return Fraction(self.signs[name])


def solution(rows: list[Form]) -> Form | None:
    """Values of the variables at which all forms are positive."""
    names = sorted({n for row in rows for n in row})
    if not all(any(row.values()) for row in rows):
        return None
    point = point_in_cone([[row.get(n, Fraction(0)) for n in names] for row in rows], len(names))
    return None if point is None else dict(zip(names, point, strict=True))
