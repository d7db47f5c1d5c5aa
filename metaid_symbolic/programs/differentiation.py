"""Derivatives on graphs: gradients by one backward pass, Hessians by one such pass for each component of the gradient.

Reverse accumulation: Linnainmaa 1976; Griewank, Walther 2008, chapter 3.  The gradient of a node costs a constant number of
nodes for each operation of it, however many variables there are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from ..printing import text
from ..terms import IllFormed
from .graph import Graph, Part
from .reading import write


class NotDifferentiable(IllFormed):
    """A function is not differentiable everywhere; the message says where it may fail."""


def gradient(graph: Graph, output: int, names: Sequence[str]) -> list[int]:
    """The partial derivatives of the node by the variables named.

    Valid wherever all operations are smooth.  Raises `NotDifferentiable` for a relu of something that depends on one of
    the variables.
    """
    variables = [graph.variable(n) for n in names]
    order = graph.reachable([output])
    active = graph.dependent(order, set(variables))
    adjoints: dict[int, list[Part]] = {output: [(1, graph.number(1))]}
    found: dict[int, int] = {}
    for node in reversed(order):
        if node not in active or node not in adjoints:
            continue
        adjoint = found[node] = graph.combination(adjoints.pop(node))
        for child, part in _contributions(graph, node, adjoint, active):
            adjoints.setdefault(child, []).append(part)
    nothing = graph.number(0)
    return [found.get(v, nothing) for v in variables]


def _contributions(graph: Graph, node: int, adjoint: int, active: set[int]) -> Iterator[tuple[int, Part]]:
    """For each argument of the node that is active: its share adjoint * d node / d argument."""
    data = graph.data[node]
    match graph.heads[node]:
        case "sym" | "num":
            return
        case "sum":
            yield from ((child, (c, adjoint)) for child, c in data[1] if child in active)
        case "prod":
            yield from _product_rule(graph, data, adjoint, active)
        case _:
            if data[0] in active:
                yield data[0], (1, graph.times(adjoint, slope(graph, node)))


def _product_rule(
    graph: Graph, factors: tuple[tuple[int, int], ...], adjoint: int, active: set[int]
) -> Iterator[tuple[int, Part]]:
    """For n^e in a product: adjoint * e n^(e-1) * the other factors, with products of many factors shared from both ends."""
    if len(factors) <= 4:
        for i, (child, e) in enumerate(factors):
            if child in active:
                others = (*factors[:i], *factors[i + 1 :], (adjoint, 1), *(((child, e - 1),) if e != 1 else ()))
                yield child, (e, graph.product(others))
        return
    behind = [graph.number(1)]
    for child, e in reversed(factors[1:]):
        behind.append(graph.product(((child, e), (behind[-1], 1))))
    before = adjoint
    for (child, e), after in zip(factors, reversed(behind), strict=True):
        if child in active:
            yield child, (e, graph.product(((before, 1), (after, 1), *(((child, e - 1),) if e != 1 else ()))))
        before = graph.product(((before, 1), (child, e)))


def slope(graph: Graph, node: int) -> int:
    """The derivative of the elementary function at `node` by its argument."""
    argument = graph.data[node][0]
    match graph.heads[node]:
        case "exp":
            return node
        case "log":
            return graph.power(argument, -1)
        case "sqrt":
            return graph.scaled(Fraction(1, 2), graph.power(node, -1))
        case "tanh":
            return graph.combination(((-1, graph.power(node, 2)),), 1)
        case "logistic":
            return graph.combination(((1, node), (-1, graph.power(node, 2))))
    whole, inside = write(graph, [node, argument])
    raise NotDifferentiable(f"{text(whole)} has a kink where {text(inside)} = 0")


def hessian(graph: Graph, output: int, names: Sequence[str]) -> list[list[int]]:
    """The second partial derivatives by the variables named: a symmetric array.  Raises as `gradient` does."""
    slopes = gradient(graph, output, names)
    rows: list[list[int]] = []
    for i, g in enumerate(slopes):
        rows.append([rows[j][i] for j in range(i)] + gradient(graph, g, names[i:]))
    return rows


def directional(graph: Graph, output: int, direction: Mapping[str, int], order: int) -> int:
    """d^order/ds^order at s = 0 of the node at x + s v, for v the nodes of `direction`, which are held fixed.

    Raises `IllFormed` for a direction that depends on one of its variables, and as `gradient` does.
    """
    moving = {graph.variable(name) for name in direction}
    if moving & set(graph.reachable(direction.values())):
        raise IllFormed(f"the direction depends on {', '.join(direction)}, along which the derivative is taken")
    for _ in range(order):
        slopes = gradient(graph, output, list(direction))
        output = graph.combination((1, graph.times(g, v)) for g, v in zip(slopes, direction.values(), strict=True))
    return output
