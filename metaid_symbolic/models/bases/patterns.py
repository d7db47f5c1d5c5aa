"""Which units of a ReLU network can be active at which inputs, layer by layer, decided by linear programs over Q.

The sides of the first layer are the cells of an arrangement.  Above them a pre-activation is not linear in the parameters, but
for one unit it is linear in the vectors u_i = |w_i| (weights into unit i of the layer below), whose cones are known, once the
signs of the w_i are chosen; further down likewise.  Where no choice of signs leaves the linear program of a unit a solution,
its sides do not occur.  Where each unit of a layer has a solution, they occur together if a witness is found; if none is found,
that is a proof only where the units do not share what makes them nonlinear:

- the second hidden layer, if it has one unit: its solution is a witness;
- the second hidden layer, if the active inputs of all units of the first but one are multiples of one vector each: those units
  have one output up to a factor, which the weights above them take up, and the linear program of all weights together decides.

Else, and in the layers further up, what is not found is not decided, and is said to be so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import product
from typing import final

from ...terms import IllFormed
from ..cones import point_in_cone
from .arrangements import cells
from .lifted import Form, Pattern, Program, Sides, Values, Weights, names_into, outputs, solution
from .networks import Network

MOST = 20_000
"""Combinations of the sides of the units of one layer over one choice of sides below."""
KEPT, MOST_SIGNS = 4, 8
"""Witnesses that are kept for the layers above, and weights whose signs are tried together where this decides nothing."""


def patterns(network: Network, inputs: Sequence[Values]) -> Iterator[Pattern]:
    """Every pattern that occurs on an open set of parameters, once each, and those that are not decided.

    Raises `IllFormed` where a layer has too many combinations.
    """
    found = _first(network, inputs)
    for layer in network.layers[1:-1]:
        found = _above(network, inputs, layer, found)
    return found


def _above(network: Network, inputs: Sequence[Values], layer: int, below: Iterator[Pattern]) -> Iterator[Pattern]:
    for pattern in below:
        if pattern.witnesses:
            yield from Layer(network, inputs, layer, pattern).patterns()
        else:
            yield pattern


def _first(network: Network, inputs: Sequence[Values]) -> Iterator[Pattern]:
    rows = [(*row, Fraction(1)) if network.biases else row for row in inputs]
    different = list(dict.fromkeys(rows))
    places = [different.index(row) for row in rows]
    units = cells([(a, Fraction(0)) for a in different], len(rows[0]))
    for choice in product(units, repeat=network.widths[1]):
        weights = {name: v for i, (_, p) in enumerate(choice) for name, v in zip(names_into(network, 1, i), p, strict=True)}
        yield Pattern((tuple(tuple(signs[k] for k in places) for signs, _ in choice),), (weights,))


@final
@dataclass(frozen=True)
class Layer:
    """The units of a hidden layer over one pattern of the layers below."""

    network: Network
    inputs: Sequence[Values]
    layer: int
    below: Pattern

    def patterns(self) -> Iterator[Pattern]:
        width, units = self.network.widths[self.layer], self._units()
        if len(units) ** width > MOST:
            raise IllFormed(f"{len(units)} sides of {width} units of layer {self.layer}: more than {MOST} combinations")
        for choice in product(units, repeat=width):
            found = self._witnesses(choice, [w for sides in choice for w in units[sides]])
            if not found and self.layer == 2:
                found = self._witnesses(choice, list(self._together(choice)))
            if found or self.layer > 2 or len(self._free) > 1:
                yield Pattern((*self.below.layers, choice), found)

    def _units(self) -> dict[Sides, list[Weights]]:
        """The sides that one unit can have, with weights below for which the solutions speak."""
        found: dict[Sides, list[Weights]] = {}
        for signs in product((1, -1), repeat=len(self._signed)):
            program = Program(self.network, self.inputs, self.below, dict(zip(self._signed, signs, strict=True)))
            for sides, point in program.sides():
                found.setdefault(sides, []).append(program.weights(point))
        return found

    @property
    def _signed(self) -> list[str]:
        """The weights whose signs a program for unit 0 chooses: those into it, and all further down but those of layer 1."""
        into = [self.network.weight(self.layer, 0, j) for j in range(self.network.widths[self.layer - 1])]
        return into + [
            self.network.weight(k, i, j)
            for k in range(2, self.layer)
            for i in range(self.network.widths[k])
            for j in range(self.network.widths[k - 1])
        ]

    def _witnesses(self, choice: tuple[Sides, ...], more: list[Weights]) -> tuple[Weights, ...]:
        """Weights up to this layer with these sides: those below are among the known ones, or `more`, or their sum."""
        found: list[Weights] = []
        for weights in self._tried(more):
            made = self._completed(weights, choice)
            if made is not None:
                found.append(made)
            if len(found) == KEPT:
                break
        return tuple(found)

    def _tried(self, more: list[Weights]) -> list[Weights]:
        if not more:
            return [*self.below.witnesses]
        # with the layers further down fixed, the weights of one layer that give the same sides are a convex cone
        return [*self.below.witnesses, *more, {name: sum((w[name] for w in more), Fraction(0)) for name in more[0]}]

    def _completed(self, weights: Weights, choice: tuple[Sides, ...]) -> Weights | None:
        """With weights into this layer: for fixed weights below, each unit is a linear program of its own."""
        rows, made = [self._outputs(weights, x) for x in self.inputs], dict(weights)
        for i, sides in enumerate(choice):
            names = names_into(self.network, self.layer, i)
            cone = [[side * v for v in row] for row, side in zip(rows, sides, strict=True) if side]
            point = point_in_cone(cone, len(names))
            if point is None:
                return None
            made.update(zip(names, point, strict=True))
        return made

    def _outputs(self, weights: Weights, x: Values) -> list[Fraction]:
        """What comes into this layer, with 1 for the bias."""
        return outputs(self.network, weights, x, self.layer - 1)

    @cached_property
    def _free(self) -> list[int]:
        """The units of layer 1 whose outputs at their active inputs are not the same up to a factor for all their weights."""
        return [i for i in range(self.network.widths[1]) if not self._has_one_output(i)]

    def _active(self, i: int) -> list[Values]:
        rows = [(*x, Fraction(1)) if self.network.biases else tuple(x) for x in self.inputs]
        return [row for row, side in zip(rows, self.below.layers[0][i], strict=True) if side > 0]

    def _has_one_output(self, i: int) -> bool:
        """Whether the active inputs of unit i of layer 1 are multiples of one vector."""
        active = self._active(i)
        if not active:
            return True
        first, k = active[0], next(k for k, v in enumerate(active[0]) if v)
        return all(a * first[k] == row[k] * v for row in active for a, v in zip(row, first, strict=True))

    def _together(self, choice: tuple[Sides, ...]) -> Iterator[Weights]:
        """Weights of layer 1 at which all units of layer 2 have their sides: found where the weights that come from free units
        may be 1 and -1, which is no restriction if there is one free unit, for each unit above can be scaled."""
        size = len(self._free) * len(choice)
        if len(self._free) > 1 and size > MOST_SIGNS:
            return
        for signs in product((1, -1), repeat=size):
            rows = self._joint_cone(choice, [signs[k :: len(choice)] for k in range(len(choice))])
            point = solution(rows)
            if point is not None:
                known = self.below.witnesses[0]
                yield {**known, **{n: point.get(n, v) for n, v in known.items()}}
                return

    def _joint_cone(self, choice: tuple[Sides, ...], signs: list[tuple[int, ...]]) -> list[Form]:
        """Forms in the weights into the free units, and those of layer 2 from the others, that are to be positive."""
        cone: list[Form] = []
        for t, x in enumerate(self.inputs):
            inside = [self._form(i, x) for i in self._free]
            sides = [self.below.layers[0][i][t] for i in self._free]
            cone += [{n: side * v for n, v in form.items()} for form, side in zip(inside, sides, strict=True) if side]
            for k, wanted in enumerate(choice):
                entries = zip(names_into(self.network, 2, k), self._outputs(self.below.witnesses[0], x), strict=True)
                form = {n: v for j, (n, v) in enumerate(entries) if j not in self._free and v}
                for sign, part, side in zip(signs[k], inside, sides, strict=True):
                    form |= {n: sign * v for n, v in part.items()} if side > 0 else {}
                if wanted[t]:
                    cone.append({n: wanted[t] * v for n, v in form.items()})
        return cone

    def _form(self, i: int, x: Values) -> Form:
        """The pre-activation of unit i of layer 1."""
        return {n: v for n, v in zip(names_into(self.network, 1, i), [*x, Fraction(1)], strict=False) if v}
