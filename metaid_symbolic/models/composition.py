"""Composition and gradients of terms and formulas through shared graphs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..programs import Graph, compose, gradient, tidy
from ..programs.reading import read, write
from ..terms import Term

__all__ = ["compose", "compose_all", "compose_formula", "gradient", "tidy"]


def compose_all(terms: Iterable[Term], values: Mapping[str, Term]) -> tuple[Term, ...]:
    """The terms with all these symbols replaced at once; they share their common parts."""
    graph = Graph()
    put = dict(zip(values, read(graph, values.values()), strict=True))
    return tuple(write(graph, read(graph, terms, put)))


def compose_formula(formula: Term, values: Mapping[str, Term]) -> Term:
    """g < h, g <= h, g = h or the negation of one, with the symbols of both sides replaced."""
    if formula.head == "not":
        return Term("not", (compose_formula(formula.args[0], values),))
    return Term(formula.head, compose_all(formula.args, values))
