"""Nodes rebuilt: with other nodes for variables, and inside a region where every relu is either active or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from ..printing import text
from ..terms import IllFormed
from .graph import Graph
from .reading import write


def substituted(graph: Graph, nodes: Sequence[int], values: Mapping[str, int]) -> list[int]:
    """The nodes with the variables of these names replaced at once.  Raises `IllFormed` for a division by 0."""
    made = {graph.variable(name): node for name, node in values.items()}
    for node in graph.reachable(nodes):
        made[node] = rebuilt(graph, node, made)
    return [made[n] for n in nodes]


def with_signs(graph: Graph, nodes: Sequence[int], signs: Mapping[int, bool]) -> list[int]:
    """The nodes with relu(u) replaced by u where `signs` says that u >= 0, and by 0 where it says that u <= 0.

    The arguments of outer relus may be given with or without the inner ones replaced.  Raises `IllFormed` for a relu that
    depends on a variable and has no sign.
    """
    made: dict[int, int] = {}
    for node in graph.reachable(nodes):
        made[node] = _with_sign(graph, node, made, signs)
    return [made[n] for n in nodes]


def _with_sign(graph: Graph, node: int, made: dict[int, int], signs: Mapping[int, bool]) -> int:
    data = graph.data[node]
    if graph.heads[node] != "relu":
        return rebuilt(graph, node, made)
    for argument in (data[0], made[data[0]]):
        if argument in signs:
            return made[data[0]] if signs[argument] else graph.number(0)
    if graph.heads[made[data[0]]] == "num":
        return graph.number(max(Fraction(graph.data[made[data[0]]][0]), Fraction(0)))
    raise IllFormed(f"no sign is given for {text(write(graph, [data[0]])[0])}, of which the relu is taken")


def rebuilt(graph: Graph, node: int, made: Mapping[int, int]) -> int:
    """The node with its arguments replaced; what it needs to be defined becomes `required`."""
    data = graph.data[node]
    match graph.heads[node]:
        case "num" | "sym":
            return made.get(node, node)
        case "sum":
            return graph.combination(((c, made[child]) for child, c in data[1]), data[0])
        case "prod":
            for child, e in data:
                if e < 0:
                    graph.require(graph.power(made[child], -1))
            return graph.product((made[child], e) for child, e in data)
    applied = graph.apply(graph.heads[node], made[data[0]])
    if graph.heads[node] in ("log", "sqrt"):
        graph.require(applied)
    return applied
