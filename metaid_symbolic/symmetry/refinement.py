"""Automorphisms of the expression graph of a model: permutations of its parameters that leave every output as it is written.

Colours of nodes are refined by the colours of arguments and of what a node is used in; a parameter is then given a colour of
its own, and so on until all colours differ (individualisation and refinement: McKay, Piperno 2014).  Each permutation found
is confirmed by rebuilding the graph, in which equal expressions are one node.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ..model import Model
from ..programs import Graph
from ..programs.reading import read
from ..programs.rewriting import substituted

MOST_STEPS = 4_000
"""Refinements in one search; a network of 40 parameters needs some hundred."""


class Automorphisms:
    """The search for permutations of the parameters; `exhausted` says that all were found."""

    def __init__(self, model: Model) -> None:
        self.names = model.parameters
        self.graph = Graph()
        self.roots = read(self.graph, model.outputs)
        self.order = self.graph.reachable([*self.roots, *(self.graph.variable(n) for n in self.names)])
        self.places = {self.graph.variable(n): i for i, n in enumerate(self.names)}
        self.nodes = [self.graph.variable(n) for n in self.names]
        self.edges = {node: self._arguments(node) for node in self.order}
        self.codes: dict[Any, int] = {}
        self.steps, self.most = 0, MOST_STEPS
        self.exhausted = True

    def _arguments(self, node: int) -> tuple[tuple[int, Any], ...]:
        data = self.graph.data[node]
        match self.graph.heads[node]:
            case "num" | "sym":
                return ()
            case "sum":
                return data[1]  # type: ignore[no-any-return]
            case "prod":
                return data
        return ((data[0], 1),)

    def _constant(self, node: int) -> Any:
        """The number, name or summand that a node bears."""
        return self.graph.data[node][0] if self.graph.heads[node] in ("num", "sym", "sum") else None

    def _code(self, key: Any) -> int:
        return self.codes.setdefault(key, len(self.codes))

    def _first_colours(self, fixed: Sequence[int]) -> dict[int, int]:
        """By head, constants, and which output a node is; the parameters `fixed` have colours of their own."""
        colours = {}
        for node in self.order:
            if node in self.places:
                key: Any = ("parameter", fixed.index(self.places[node]) if self.places[node] in fixed else -1)
            else:
                key = (self.graph.heads[node], self._constant(node))
            colours[node] = self._code((key, tuple(k for k, root in enumerate(self.roots) if root == node)))
        return colours

    def colours(self, fixed: Sequence[int]) -> list[int]:
        """Stable colours of the parameters, comparable between any two calls."""
        self.steps += 1
        colours, count = self._first_colours(fixed), 0
        while len(set(colours.values())) != count:
            count = len(set(colours.values()))
            used: dict[int, list[Any]] = {node: [] for node in self.order}
            fresh = {}
            for node in self.order:
                inside = sorted((colours[child], str(label)) for child, label in self.edges[node])
                fresh[node] = self._code((colours[node], tuple(inside)))
            for node in self.order:
                for child, label in self.edges[node]:
                    used[child].append((fresh[node], str(label)))
            colours = {node: self._code((fresh[node], tuple(sorted(used[node])))) for node in self.order}
        return [colours[node] for node in self.nodes]

    def confirmed(self, permutation: Sequence[int]) -> bool:
        """Whether every output is the same expression after theta_i has been replaced by theta_permutation(i)."""
        values = {name: self.nodes[permutation[i]] for i, name in enumerate(self.names)}
        return substituted(self.graph, self.roots, values) == self.roots

    def mapping(self, source: list[int], target: list[int]) -> tuple[int, ...] | None:
        """A permutation that takes the parameters `source` to the parameters `target`, in order; None if there is none."""
        if self.steps > self.most:
            self.exhausted = False
            return None
        left, right = self.colours(source), self.colours(target)
        if sorted(left) != sorted(right):
            return None
        classes: dict[int, list[int]] = {}
        for place, colour in enumerate(right):
            classes.setdefault(colour, []).append(place)
        open_places = [i for i, colour in enumerate(left) if len(classes[colour]) > 1]
        if not open_places:
            found = tuple(classes[colour][0] for colour in left)
            return found if self.confirmed(found) else None
        first = open_places[0]
        for image in self._likely(first, classes[left[first]]):
            made = self.mapping([*source, first], [*target, image])
            if made is not None:
                return made
        return None

    def _likely(self, place: int, images: list[int]) -> list[int]:
        """The parameter itself first: most automorphisms move few of them."""
        return sorted(images, key=lambda image: image != place)

    def generators(self) -> Iterator[tuple[int, ...]]:
        """Generators of the group, by a chain of stabilisers (Sims 1970): for each parameter of the chain one permutation to
        each parameter of its orbit that the earlier generators do not reach."""
        found: list[tuple[int, ...]] = []
        chain: list[int] = []
        while True:
            colours = self.colours(chain)
            if len(set(colours)) == len(colours):
                break
            first = next(i for i, c in enumerate(colours) if colours.count(c) > 1 and i not in chain)
            chain.append(first)
        for depth in range(len(chain) - 1, -1, -1):
            base, point = chain[:depth], chain[depth]
            colours = self.colours(base)
            reached = _orbit(point, found)
            for image, colour in enumerate(colours):
                if colour == colours[point] and image not in reached:
                    made = self.mapping([*base, point], [*base, image])
                    if made is not None:
                        found.append(made)
                        yield made
                        reached = _orbit(point, found)


def _orbit(point: int, generators: Sequence[Sequence[int]]) -> set[int]:
    reached, waiting = {point}, [point]
    while waiting:
        here = waiting.pop()
        fresh = {g[here] for g in generators} - reached
        reached |= fresh
        waiting += fresh
    return reached
