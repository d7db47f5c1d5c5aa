"""Terms to graphs and back, each shared subterm once: linear in the number of different subterms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import final

from ..terms import FUNCTIONS, ONE, IllFormed, Term, number, symbol, total
from .graph import Graph, Number

HEADS = ("num", "sym", "add", "mul", "pow", *FUNCTIONS)
RATIONAL = ("num", "mul", "add", "pow")
LEAVES = ("num", "sym")
LARGEST_EXPONENT = 1000
"""A term takes exponents up to this one; greater powers are written as products of powers."""


def different_subterms(terms: Iterable[Term]) -> list[Term]:
    """The terms and everything in them, arguments first, each object once."""
    order: list[Term] = []
    seen: set[int] = set()
    stack: list[Term | None] = list(terms)
    while stack:
        term = stack.pop()
        if term is None:
            order.append(stack.pop())  # type: ignore[arg-type]
        elif id(term) not in seen:
            seen.add(id(term))
            if term.head in LEAVES:
                order.append(term)
                continue
            stack.append(term)
            stack.append(None)
            for a in reversed(term.args):
                if type(a) is Term:
                    stack.append(a)
    return order


@final
@dataclass(frozen=True)
class Survey:
    """What can be said of terms in one pass: their symbols, whether they are built by +, * and positive powers alone, their
    relus, and what `different_subterms` lists."""

    terms: tuple[Term, ...]
    symbols: frozenset[str]
    polynomial: bool
    relus: tuple[Term, ...]
    order: tuple[Term, ...]

    @cached_property
    def size(self) -> int:
        """How many subterms the terms have when they are written out."""
        sizes: dict[int, int] = {}
        for term in self.order:
            sizes[id(term)] = 1 + sum([sizes[id(a)] for a in term.args if type(a) is Term])
        return sum(sizes[id(t)] for t in self.terms)


def survey(terms: Sequence[Term]) -> Survey:
    names, relus, polynomial = set(), [], True
    order = different_subterms(terms)
    for term in order:
        head = term.head
        if head == "sym":
            names.add(term.args[0])
        elif head not in RATIONAL or (head == "pow" and term.args[1] < 0):
            polynomial = False
            if head == "relu":
                relus.append(term)
    return Survey(tuple(terms), frozenset(names), polynomial, tuple(relus), tuple(order))


def symbols_of(*terms: Term) -> frozenset[str]:
    """The names of the symbols in elementary terms."""
    return frozenset(t.args[0] for t in different_subterms(terms) if t.head == "sym")


def read(graph: Graph, terms: Iterable[Term], values: Mapping[str, int] | None = None) -> list[int]:
    """The nodes of the terms, with the nodes of `values` put for the symbols of these names.

    Raises `IllFormed` for a division by 0 and for what is no elementary function.
    """
    wanted = list(terms)
    return _Reading(graph, dict(values or {}), wanted).nodes(wanted)


class _Reading:
    """One pass over the different subterms.  A sum that is used once, in a sum, is merged with that; so are products."""

    def __init__(self, graph: Graph, values: dict[str, int], terms: list[Term]) -> None:
        self.graph, self.values, self.order = graph, values, different_subterms(terms)
        self.found: dict[int, int] = {}
        self.merged: dict[int, list[int]] = {}
        self.uses: dict[int, int] = {id(t): 1 for t in terms}
        self.inside: dict[int, str] = {id(t): "" for t in terms}
        for term in self.order:
            for a in term.args:
                if type(a) is Term:
                    self.uses[id(a)] = self.uses.get(id(a), 0) + 1
                    self.inside.setdefault(id(a), term.head)

    def nodes(self, terms: list[Term]) -> list[int]:
        for term in self.order:
            self._one(term)
        return [self.found[id(t)] for t in terms]

    def _merges(self, term: Term) -> bool:
        return self.uses[id(term)] == 1 and self.inside[id(term)] == term.head

    def _one(self, term: Term) -> None:
        if term.head not in ("add", "mul"):
            self.found[id(term)] = self._atom(term)
            return
        nodes = self._gathered(term)
        if self._merges(term):
            self.merged[id(term)] = nodes
        else:
            self.found[id(term)] = self.graph.add(*nodes) if term.head == "add" else self.graph.times(*nodes)

    def _gathered(self, term: Term) -> list[int]:
        """The nodes of the arguments, with those of merged arguments in their place."""
        nodes: list[int] = []
        for a in term.args:
            more = self.merged.pop(id(a)) if id(a) in self.merged else [self.found[id(a)]]
            if nodes:
                nodes.extend(more)
            else:
                nodes = more
        return nodes

    def _atom(self, term: Term) -> int:
        graph = self.graph
        match term.head:
            case "num":
                return graph.number(term.args[0])
            case "sym":
                name = term.args[0]
                return self.values[name] if name in self.values else graph.variable(name)
            case "pow":
                node = graph.power(self.found[id(term.args[0])], term.args[1])
                if term.args[1] < 0:
                    graph.require(graph.power(self.found[id(term.args[0])], -1))
                return node
            case head if head in FUNCTIONS:
                node = graph.apply(head, self.found[id(term.args[0])])
                if head in ("log", "sqrt"):
                    graph.require(node)
                return node
        raise IllFormed(f"{term.head} is no elementary function: {', '.join(HEADS)} are")


def write(graph: Graph, nodes: Iterable[int]) -> list[Term]:
    """The terms of the nodes; nodes with a common part give terms that share it."""
    wanted = list(nodes)
    made: dict[int, Term] = {}
    for node in graph.reachable(wanted):
        made[node] = _written(graph, node, made)
    return [made[n] for n in wanted]


def _written(graph: Graph, node: int, made: dict[int, Term]) -> Term:
    data = graph.data[node]
    match graph.heads[node]:
        case "num":
            return number(Fraction(data[0]))
        case "sym":
            return symbol(data[0])
        case "sum":
            parts = [_scaled(c, made[child]) for child, c in data[1]]
            return total([*parts, number(Fraction(data[0]))] if data[0] else parts)
        case "prod":
            factors = [f for child, e in data for f in _powers(made[child], e)]
            return factors[0] if len(factors) == 1 else Term("mul", tuple(factors))
    return Term(graph.heads[node], (made[data[0]],))


def _scaled(coefficient: Number, term: Term) -> Term:
    if coefficient == 1:
        return term
    factors = term.args if term.head == "mul" else () if term == ONE else (term,)
    return Term("mul", (number(Fraction(coefficient)), *factors))


def _powers(base: Term, exponent: int) -> list[Term]:
    if exponent == 1:
        return [base]
    whole, rest = divmod(abs(exponent), LARGEST_EXPONENT)
    sign = 1 if exponent > 0 else -1
    pieces = [sign * LARGEST_EXPONENT] * whole + ([sign * rest] if rest else [])
    return [base if piece == 1 else Term("pow", (base, piece)) for piece in pieces]


def written_size(terms: Iterable[Term]) -> int:
    """How many subterms the terms have when they are written out, shared ones counted each time."""
    return survey(list(terms)).size
