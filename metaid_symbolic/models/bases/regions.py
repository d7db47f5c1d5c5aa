"""Networks with ReLU units as polynomials, on each region where every ReLU keeps its side.

At given inputs the pre-activations of the first hidden layer are linear in the parameters, so they cut the parameter space
into cones; on a region in which the lower layers are settled, those of the next layer are polynomials.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, final

from ...model import Model
from ...problems import exact
from ...programs.graph import Graph
from ...programs.reading import write
from ...terms import ZERO, IllFormed, Term, less
from ..datasets import Dataset
from ..laws import Law, uniform_weights
from ..objective import MetaObjective
from ..risks import Loss, losses_of, mean_of
from .lifted import Pattern, Sides
from .networks import Network, power_of
from .patterns import patterns

Values = tuple[Fraction, ...]


@final
@dataclass(frozen=True)
class Region:
    """The parameters at which every pre-activation of a ReLU has the sign that it has at `witness`, for each of the `inputs`.

    Raises `IllFormed` if the witness lies on a kink: if a pre-activation is 0 there, but not all over the region.
    """

    network: Network
    inputs: tuple[Values, ...]
    witness: Values

    def __post_init__(self) -> None:
        inputs = tuple(tuple(exact(v, "an input") for v in row) for row in self.inputs)
        object.__setattr__(self, "inputs", inputs)
        object.__setattr__(self, "witness", tuple(exact(v, "a parameter") for v in self.witness))
        if len(self.witness) != len(self.network.parameters):
            raise IllFormed(
                f"a point of {len(self.witness)} coordinates disagrees with {len(self.network.parameters)} parameters"
            )
        if not inputs:
            raise IllFormed("there are no inputs at which the units could have sides")
        for row in inputs:
            if len(row) != self.network.widths[0]:
                raise IllFormed(f"an input of {len(row)} coordinates disagrees with the width {self.network.widths[0]}")
        if strange := [unit for unit in self.network.units if unit != "relu" and not power_of(unit)]:
            raise IllFormed(f"a network with {strange[0]} units is no polynomial on a region")
        _ = self._passes

    @cached_property
    def _passes(self) -> list[_Pass]:
        graph = Graph()
        values = dict(zip(self.network.parameters, self.witness, strict=True))
        return [_Pass(self.network, graph, values, row) for row in self.inputs]

    @property
    def signs(self) -> tuple[tuple[tuple[int, ...], ...], ...]:
        """For each input, ReLU layer and unit: 1 active, -1 inactive, 0 where the pre-activation is 0 all over the region."""
        return tuple(tuple(found.signs) for found in self._passes)

    @cached_property
    def conditions(self) -> tuple[Term, ...]:
        """The strict polynomial inequalities that define the region."""
        sided = [pair for found in self._passes for pair in found.sided]
        terms = write(self._passes[0].graph, [node for node, _ in sided])
        pairs = zip(terms, sided, strict=True)
        return tuple(dict.fromkeys(less(ZERO, u) if side > 0 else less(u, ZERO) for u, (_, side) in pairs))

    @cached_property
    def outputs(self) -> tuple[tuple[Term, ...], ...]:
        """For each input the outputs of the network, as polynomials valid on the region."""
        terms = iter(write(self._passes[0].graph, [node for found in self._passes for node in found.outputs]))
        return tuple(tuple(next(terms) for _ in found.outputs) for found in self._passes)

    @property
    def model(self) -> Model:
        """theta -> the outputs at each of the inputs, for theta in the region."""
        labels = [
            f"f_{k}({', '.join(map(str, x))})" for x, row in zip(self.inputs, self.outputs, strict=True) for k in range(len(row))
        ]
        return Model(self.network.parameters, (), tuple(f for row in self.outputs for f in row), tuple(labels))

    def contains(self, point: Sequence[Any]) -> bool:
        """Whether the point lies in the region; a point on a kink lies in none."""
        try:
            return Region(self.network, self.inputs, tuple(point)).signs == self.signs
        except OnKink:
            return False


class OnKink(IllFormed):
    """A network is not differentiable at a point of the parameter space."""


@final
class _Pass:
    """One evaluation of the network, in nodes and in rational numbers at once: the numbers choose the sides."""

    def __init__(self, network: Network, graph: Graph, values: dict[str, Fraction], x: Values) -> None:
        self.network, self.graph, self.values, self.x = network, graph, values, x
        self.signs: list[tuple[int, ...]] = []
        self.sided: list[tuple[int, int]] = []
        here = [(graph.number(v), v) for v in x]
        for layer in network.layers:
            here = [self._affine(layer, i, here) for i in range(network.widths[layer])]
            if layer < network.layers[-1]:
                here = self._activated(layer, here)
        self.outputs = [node for node, _ in here]

    def _affine(self, layer: int, i: int, below: list[tuple[int, Fraction]]) -> tuple[int, Fraction]:
        graph, network = self.graph, self.network
        names = [network.weight(layer, i, j) for j in range(len(below))]
        nodes = [graph.times(graph.variable(name), node) for name, (node, _) in zip(names, below, strict=True)]
        value = sum((self.values[name] * v for name, (_, v) in zip(names, below, strict=True)), Fraction(0))
        if not network.biases:
            return graph.add(*nodes), value
        return graph.add(*nodes, graph.variable(network.bias(layer, i))), value + self.values[network.bias(layer, i)]

    def _activated(self, layer: int, here: list[tuple[int, Fraction]]) -> list[tuple[int, Fraction]]:
        unit = self.network.units[layer - 1]
        if unit != "relu":
            return [(self.graph.power(node, power_of(unit)), value ** power_of(unit)) for node, value in here]
        nothing = self.graph.number(0)
        for i, (node, value) in enumerate(here):
            if not value and node != nothing:
                where = ", ".join(map(str, self.x))
                raise OnKink(
                    f"unit {i} of layer {layer} has a kink at the input ({where}): its pre-activation is 0 at this point"
                )
        signs = tuple((value > 0) - (value < 0) for _, value in here)
        self.signs.append(signs)
        self.sided += [(node, side) for (node, _), side in zip(here, signs, strict=True) if side]
        return [pair if side > 0 else (nothing, Fraction(0)) for pair, side in zip(here, signs, strict=True)]


def regions(network: Network, inputs: Sequence[Sequence[Any]]) -> Iterator[Region]:
    """One region for each pattern of sides that is found to occur, of a network whose hidden units are all ReLU.

    With one hidden layer these are all regions, and each is a convex cone.  With more, a pattern may have several connected
    pieces, of which one is given; `enumerated` says whether the patterns are all.  Raises `IllFormed` for other units.
    """
    rows = _checked(network, inputs)
    return (region for pattern in patterns(network, rows) if (region := _region(network, rows, pattern)) is not None)


@final
@dataclass(frozen=True)
class Regions:
    """`listed` has a region for each pattern that occurs; `undecided` are the patterns, layer by layer and for each unit its
    sides at the inputs, of which it is not decided whether they occur, the layers above them left out."""

    listed: tuple[Region, ...]
    undecided: tuple[tuple[tuple[Sides, ...], ...], ...]

    @property
    def complete(self) -> bool:
        """Whether every pattern of sides that occurs off the kinks is listed."""
        return not self.undecided


def enumerated(network: Network, inputs: Sequence[Sequence[Any]]) -> Regions:
    """All patterns of sides: those that occur, and those that are not decided.  See `patterns` for when there are none of
    these: always for one hidden layer, and for two if the second has one unit.  Raises `IllFormed` as `regions` does."""
    rows = _checked(network, inputs)
    listed, undecided = list[Region](), list[tuple[tuple[Sides, ...], ...]]()
    for pattern in patterns(network, rows):
        region = _region(network, rows, pattern)
        if region is None:
            undecided.append(pattern.layers)
        else:
            listed.append(region)
    return Regions(tuple(listed), tuple(undecided))


def _checked(network: Network, inputs: Sequence[Sequence[Any]]) -> tuple[Values, ...]:
    rows = tuple(tuple(exact(v, "an input") for v in row) for row in inputs)
    if not network.units or any(unit != "relu" for unit in network.units):
        raise IllFormed(f"regions are enumerated for hidden layers of relu, not {', '.join(network.units) or 'none'}")
    if not rows:
        raise IllFormed("there are no inputs at which the units could have sides")
    for row in rows:
        if len(row) != network.widths[0]:
            raise IllFormed(f"an input of {len(row)} coordinates disagrees with the width {network.widths[0]}")
    return rows


def _region(network: Network, rows: tuple[Values, ...], pattern: Pattern) -> Region | None:
    """The region of a witness, with 1 for the parameters of the outputs."""
    if not pattern.witnesses:
        return None
    return Region(network, rows, tuple(pattern.witnesses[0].get(name, Fraction(1)) for name in network.parameters))


def rational_inputs(datasets: Sequence[Dataset]) -> tuple[Values, ...]:
    """The different inputs of all examples.  Raises `IllFormed` for an entry that is no number."""
    rows = dict.fromkeys(x for data in datasets for x in data.inputs)
    return tuple(tuple(exact(v, "an input") for v in row) for row in rows)


def tasks_in(region: Region, loss: Loss, datasets: Sequence[Dataset], law: Law | None = None) -> MetaObjective:
    """The tasks whose losses are the risks on their data, as polynomials on the region, which is their domain.

    Raises `IllFormed` for an input that is none of the region's.
    """
    known = dict(zip(region.inputs, region.outputs, strict=True))
    if missing := [row for row in rational_inputs(datasets) if row not in known]:
        raise IllFormed(f"the region speaks of {len(known)} inputs, and ({', '.join(map(str, missing[0]))}) is none of them")
    tasks = []
    for data in datasets:
        outputs = [known[row] for row in (tuple(v.args[0] for v in x) for x in data.inputs)]
        tasks.append(mean_of(losses_of(loss, outputs, data.targets)))
    weights = uniform_weights(len(tasks)) if law is None else law
    return MetaObjective(region.network.parameters, tuple(tasks), weights, domain=region.conditions)
