"""Straight-line programs: shared graphs of operations, their derivatives, and their values in many number systems.

The functions here take terms and give terms.  They visit each shared subterm once, so that a term with few different
subterms is handled fast however long it would be if it were written out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..terms import Term
from . import differentiation
from .differentiation import NotDifferentiable
from .graph import Graph
from .program import Program, gradient_program, program
from .reading import read, symbols_of, write
from .rewriting import with_signs

__all__ = [
    "Graph", "NotDifferentiable", "Program", "compose", "directional", "gradient", "gradient_program", "hessian", "jacobian",
    "program", "symbols_of", "tidy", "within",
]  # fmt: skip


def gradient(term: Term, names: Sequence[str]) -> tuple[Term, ...]:
    """The partial derivatives, which share their common parts.

    Raises `NotDifferentiable` for a relu that depends on a name, `IllFormed` for a division by 0.
    """
    graph = Graph()
    return tuple(write(graph, differentiation.gradient(graph, read(graph, [term])[0], names)))


def jacobian(terms: Sequence[Term], names: Sequence[str]) -> tuple[tuple[Term, ...], ...]:
    """The gradients of all terms, which share their common parts.  Raises as `gradient` does."""
    graph = Graph()
    rows = [differentiation.gradient(graph, node, names) for node in read(graph, terms)]
    return _written(graph, rows)


def hessian(term: Term, names: Sequence[str]) -> tuple[tuple[Term, ...], ...]:
    """The second partial derivatives, a symmetric array.  Raises as `gradient` does."""
    graph = Graph()
    return _written(graph, differentiation.hessian(graph, read(graph, [term])[0], names))


def directional(term: Term, direction: Mapping[str, Term], order: int = 1) -> Term:
    """The derivative of this order along a direction: d^order/ds^order of the term at x + s v, at s = 0.

    Raises `IllFormed` for a direction that depends on its own variables, and as `gradient` does.
    """
    graph = Graph()
    node, *along = read(graph, [term, *direction.values()])
    return write(graph, [differentiation.directional(graph, node, dict(zip(direction, along, strict=True)), order)])[0]


def _written(graph: Graph, rows: Sequence[Sequence[int]]) -> tuple[tuple[Term, ...], ...]:
    flat = iter(write(graph, [node for row in rows for node in row]))
    return tuple(tuple(next(flat) for _ in row) for row in rows)


def compose(term: Term, values: Mapping[str, Term]) -> Term:
    """The term with all these symbols replaced at once, tidied.  Raises `IllFormed` for a division by 0."""
    graph = Graph()
    put = dict(zip(values, read(graph, values.values()), strict=True))
    return write(graph, read(graph, [term], put))[0]


def tidy(term: Term) -> Term:
    """The term with numbers folded and equal summands and factors counted; nothing is multiplied out.

    It has the value of `term` wherever that is defined.  Raises `IllFormed` for a division by 0.
    """
    return compose(term, {})


def within(term: Term, pattern: Mapping[Term, bool]) -> Term:
    """The term inside the region where the arguments of its relus have these signs: relu(u) is u if `pattern[u]`, else 0.

    The keys of `pattern` are the arguments as they stand in the term or tidied.  Raises `IllFormed` for a relu without a sign.
    """
    graph = Graph()
    signs = dict(zip(read(graph, pattern), pattern.values(), strict=True))
    return write(graph, with_signs(graph, read(graph, [term]), signs))[0]
