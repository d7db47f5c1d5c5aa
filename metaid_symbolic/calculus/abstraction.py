"""Reciprocals, logarithms and roots of constants as further constants.

The kernel takes losses without quotients.  A claim in which 1/(1 + lambda) is an arbitrary number r says more than the one
that is meant, as long as nothing but its being constant is used: so a proof of it is a proof, and a counterexample is none.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..programs.graph import Graph
from ..programs.reading import read, write
from ..programs.rewriting import rebuilt
from ..terms import Term


def abstracted(terms: Sequence[Term], names: Sequence[str]) -> tuple[tuple[str, ...], list[Term]]:
    """The terms with new symbols for what has no polynomial form and contains none of the names, and these symbols."""
    graph = Graph()
    nodes = read(graph, terms)
    order = graph.reachable(nodes)
    moving = graph.dependent(order, {graph.variable(n) for n in names})
    taken = {graph.data[n][0] for n in order if graph.heads[n] == "sym"} | set(names)
    made: dict[int, int] = {}
    fresh: dict[int, str] = {}

    def constant(node: int) -> int:
        """The new symbol for a node of the graph."""
        if node not in fresh:
            name = f"r_{len(fresh) + 1}"
            while name in taken:
                name += "_"
            fresh[node] = name
        return graph.variable(fresh[node])

    for node in order:
        data = graph.data[node]
        if graph.heads[node] == "prod":
            made[node] = graph.product(
                (constant(child), -e) if e < 0 and child not in moving else (made[child], e) for child, e in data
            )
        elif graph.heads[node] in ("log", "sqrt", "relu") and data[0] not in moving:
            made[node] = constant(node)
        else:
            made[node] = rebuilt(graph, node, made)
    written = write(graph, [made[n] for n in nodes])
    return tuple(fresh.values()), written
