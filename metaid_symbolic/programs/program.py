"""Straight-line programs: a list of operations on earlier results, evaluated in any of the number systems.

Derivatives are carried along as tangents (forward accumulation; Griewank, Walther 2008, chapter 3), all directions at once:
the Hessian is the tangent of the gradient, and a gradient costs a constant multiple of its function, so that all n^2 entries
cost n times a constant multiple of the function.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from math import prod
from typing import Any, final

from ..terms import IllFormed, Term
from . import differentiation
from .graph import Graph, Number
from .numbers import Numbers, Rationals, Undefined
from .reading import read, symbols_of

Point = Mapping[str, Any] | Sequence[Any]


@final
@dataclass(frozen=True)
class Instruction:
    """`head` of earlier results: num, sym, sum, prod or a function, with the data of a node of `Graph`."""

    head: str
    data: tuple[Any, ...]


@final
@dataclass(frozen=True)
class Program:
    """A map from the `inputs` to an array of the shape given, whose entries are the results numbered `outputs`.

    With `along`, the map is the derivative of that: a further axis runs over the inputs named there.  A point gives every
    input, by name or in order.  Evaluation raises `Undefined` where one of the operations of the terms that were read has
    no value, also where it cancelled.
    """

    inputs: tuple[str, ...]
    instructions: tuple[Instruction, ...]
    outputs: tuple[int, ...]
    shape: tuple[int, ...] = ()
    along: tuple[str, ...] = ()

    @property
    def full_shape(self) -> tuple[int, ...]:
        return (*self.shape, len(self.along)) if self.along else self.shape

    def __len__(self) -> int:
        return len(self.instructions)

    def derivative(self, names: Sequence[str] | None = None) -> Program:
        """The program of the derivative by the inputs named, by all if none are."""
        chosen = self.inputs if names is None else tuple(names)
        if self.along or not chosen or set(chosen) - set(self.inputs):
            raise IllFormed(f"{list(chosen)} are no inputs of the program, or it is a derivative already: {list(self.inputs)}")
        return replace(self, along=chosen)

    def evaluate(self, point: Point, numbers: Numbers | None = None) -> Any:
        """The value at the point: a number, or a NumPy array of numbers.  Raises `Undefined`, `IllFormed`."""
        field = Rationals() if numbers is None else numbers
        with field.context():
            run = _Run(self, field, self._point(point))
            found = run.values()
            if not self.full_shape:
                return field.given(found[0])
            entries = [e for row in found for e in row] if self.along else found
            made = field.vector(len(entries), run.points_shape)
            for i, entry in enumerate(entries):
                made[i] = field.given(entry)
            return made.reshape((*self.full_shape, *run.points_shape))

    def _point(self, point: Point) -> dict[str, Any]:
        given = dict(point) if isinstance(point, Mapping) else dict(zip(self.inputs, point, strict=False))
        if len(given) != len(self.inputs) or set(given) != set(self.inputs) or len(point) != len(self.inputs):
            raise IllFormed(f"a point with {len(point)} coordinates disagrees with the inputs {_some(self.inputs)}")
        return given

    @cached_property
    def last_use(self) -> tuple[int, ...]:
        """For each result the last instruction that needs it."""
        last = list(range(len(self.instructions)))
        for place, instruction in enumerate(self.instructions):
            for child in arguments(instruction):
                last[child] = place
        for output in self.outputs:
            last[output] = len(self.instructions)
        return tuple(last)


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(names[:8])
    return f"{shown}, ... ({len(names)})" if len(names) > 8 else shown


def arguments(instruction: Instruction) -> Iterable[int]:
    match instruction.head:
        case "num" | "sym":
            return ()
        case "sum":
            return (child for child, _ in instruction.data[1])
        case "prod":
            return (child for child, _ in instruction.data)
    return instruction.data


def compiled(graph: Graph, nodes: Sequence[int], inputs: Sequence[str], shape: tuple[int, ...] = ()) -> Program:
    """The program that computes the nodes.  Raises `IllFormed` for a variable that is no input, and for another shape."""
    if prod(shape) != len(nodes):
        raise IllFormed(f"{len(nodes)} entries disagree with the shape {shape}")
    known = set(inputs)
    order = graph.reachable(nodes)
    if strange := sorted({graph.data[n][0] for n in order if graph.heads[n] == "sym"} - known):
        raise IllFormed(f"{_some(strange)} is no input of the program: {_some(tuple(inputs))}")
    needed = [n for n in graph.required if {graph.data[m][0] for m in graph.reachable([n]) if graph.heads[m] == "sym"} <= known]
    order = graph.reachable([*nodes, *needed])
    place = {node: i for i, node in enumerate(order)}
    instructions = tuple(Instruction(graph.heads[n], _renumbered(graph.heads[n], graph.data[n], place)) for n in order)
    return Program(tuple(inputs), instructions, tuple(place[n] for n in nodes), shape)


def _renumbered(head: str, data: tuple[Any, ...], place: Mapping[int, int]) -> tuple[Any, ...]:
    match head:
        case "num" | "sym":
            return data
        case "sum":
            return data[0], tuple((place[child], c) for child, c in data[1])
        case "prod":
            return tuple((place[child], e) for child, e in data)
    return (place[data[0]],)


def program(terms: Term | Sequence[Term], inputs: Sequence[str] | None = None, shape: tuple[int, ...] | None = None) -> Program:
    """The program of a term (shape ()) or of several (shape (k,), or that given, row by row).

    Inputs are their symbols, sorted, if none are named.
    """
    listed = [terms] if type(terms) is Term else list(terms)
    graph = Graph()
    nodes = read(graph, listed)
    names = sorted(symbols_of(*listed)) if inputs is None else list(inputs)
    chosen = (() if type(terms) is Term else (len(listed),)) if shape is None else shape
    return compiled(graph, nodes, names, chosen)


def gradient_program(term: Term, names: Sequence[str], inputs: Sequence[str] | None = None) -> Program:
    """The gradient by the names, by backward accumulation.  `.derivative(names)` of it is the Hessian."""
    graph = Graph()
    slopes = differentiation.gradient(graph, read(graph, [term])[0], names)
    others = sorted(symbols_of(term) - set(names))
    return compiled(graph, slopes, (*names, *others) if inputs is None else inputs, (len(names),))


def common_shape(point: dict[str, Any]) -> tuple[tuple[int, ...], dict[str, Any]]:
    """The shape of the array of points, and the coordinates brought to it.  Raises `IllFormed` if they do not fit."""
    shapes = {shape for value in point.values() if (shape := getattr(value, "shape", ()))}
    if not shapes:
        return (), point
    import numpy as np

    try:
        shape = np.broadcast_shapes(*shapes)
    except ValueError:
        raise IllFormed(f"the coordinates are arrays of the shapes {sorted(shapes)}, which do not fit together") from None
    return shape, {n: np.broadcast_to(v, shape) if getattr(v, "shape", ()) else v for n, v in point.items()}


class _Run:
    """One evaluation.  Results that nothing needs any more are dropped."""

    def __init__(self, made: Program, numbers: Numbers, point: Mapping[str, Any]) -> None:
        self.program, self.numbers = made, numbers
        self.points_shape, self.point = common_shape({name: numbers.read(value) for name, value in point.items()})
        self.constants: dict[Number, Any] = {}
        self.value: list[Any] = [None] * len(made.instructions)
        self.tangent: list[Any] = [None] * len(made.instructions)
        self.directions = {name: i for i, name in enumerate(made.along)}

    def values(self) -> list[Any]:
        """The outputs; with directions, the row of derivatives of each."""
        expiring: dict[int, list[int]] = {}
        for slot, last in enumerate(self.program.last_use):
            expiring.setdefault(last, []).append(slot)
        for place, instruction in enumerate(self.program.instructions):
            self._step(place, instruction)
            for slot in expiring.get(place, ()):
                self.value[slot] = self.tangent[slot] = None
        if not self.directions:
            return [self.value[o] for o in self.program.outputs]
        nothing = self.numbers.vector(len(self.directions), self.points_shape)
        return [nothing if (t := self.tangent[o]) is None else t for o in self.program.outputs]

    def constant(self, value: Number) -> Any:
        if value not in self.constants:
            self.constants[value] = self.numbers.read(Fraction(value))
        return self.constants[value]

    def _step(self, place: int, instruction: Instruction) -> None:
        data = instruction.data
        match instruction.head:
            case "num":
                self.value[place] = self.constant(data[0])
            case "sym":
                self.value[place] = self.point[data[0]]
                if data[0] in self.directions:
                    self.tangent[place] = self._unit(self.directions[data[0]])
            case "sum":
                self.value[place] = self._sum(data[1], self.value, self.constant(data[0]) if data[0] else None)
                self.tangent[place] = self._sum(data[1], self.tangent, None)
            case "prod":
                self._product(place, data)
            case head:
                self._function(place, head, data[0])

    def _unit(self, direction: int) -> Any:
        made = self.numbers.vector(len(self.directions), self.points_shape)
        made[direction] = self.constant(1)
        return made

    def _sum(self, parts: Iterable[tuple[int, Number]], slots: Sequence[Any], start: Any) -> Any:
        """start + sum c v over the slots that are not None (which stands for 0); None if there is nothing."""
        total = start
        for slot, coefficient in parts:
            value = slots[slot]
            if value is None:
                continue
            if coefficient != 1:
                value = self.numbers.reduced(value * self.constant(coefficient))
            total = value if total is None else total + value
        return None if total is None else self.numbers.reduced(total)

    def times(self, *values: Any) -> Any:
        result = values[0]
        for value in values[1:]:
            result = self.numbers.reduced(result * value)
        return result

    def _product(self, place: int, factors: Sequence[tuple[int, int]]) -> None:
        powers = [self.value[slot] if e == 1 else self.numbers.power(self.value[slot], e) for slot, e in factors]
        self.value[place] = self.times(*powers)
        if all(self.tangent[slot] is None for slot, _ in factors):
            return
        after = [self.constant(1)]
        for power in reversed(powers[1:]):
            after.append(self.times(after[-1], power))
        before, total = self.constant(1), None
        for (slot, e), power, rest in zip(factors, powers, reversed(after), strict=True):
            if self.tangent[slot] is not None:
                share = self.times(before, rest)
                if e != 1:
                    share = self.times(share, self.constant(e), self.numbers.power(self.value[slot], e - 1))
                part = self.times(self.tangent[slot], share)
                total = part if total is None else total + part
            before = self.times(before, power)
        self.tangent[place] = self.numbers.reduced(total)

    def _function(self, place: int, head: str, slot: int) -> None:
        argument = self.value[slot]
        value = self.value[place] = self.numbers.function(head, argument)
        if self.tangent[slot] is not None:
            self.tangent[place] = self.times(self.tangent[slot], self._slope(head, argument, value))

    def _slope(self, head: str, argument: Any, value: Any) -> Any:
        one = self.constant(1)
        match head:
            case "exp":
                return value
            case "log":
                return self.numbers.power(argument, -1)
            case "sqrt":
                return self.times(self.constant(Fraction(1, 2)), self.numbers.power(value, -1))
            case "tanh":
                return one - value * value
            case "logistic":
                return value * (one - value)
        side = self.numbers.sign(argument)
        if not (side.all() if hasattr(side, "all") else side):
            raise Undefined(f"relu has a kink at {argument}")
        return (side + 1) // 2 * one
