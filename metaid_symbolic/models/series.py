"""Terms as polynomials or power series in some of their symbols; the coefficients are terms in the other symbols.

A series is a mapping from exponents (one for each of the chosen symbols) to nodes of a graph; a missing one is 0.  Nothing
is multiplied out in the coefficients, and they share their common parts.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import reduce
from itertools import accumulate, product
from math import factorial
from operator import add
from typing import final

from ..programs.graph import Graph, Number, Part
from ..programs.reading import read, write
from ..terms import IllFormed, Term
from .objective import shown

Exponents = tuple[int, ...]
Series = dict[Exponents, int]
Polynomial = dict[int, Fraction]
"""Of one variable, by exponents."""

LARGEST = 300_000
"""No product of two series is formed with more pairs of monomials; so many take about 2 seconds."""


def expand(
    terms: Sequence[Term], names: Sequence[str], order: int | None = None, laurent: bool = False
) -> list[dict[Exponents, Term]]:
    """The coefficients of each term in the symbols `names` at 0, up to total degree `order`; without it, of polynomials.

    With `laurent`, a negative power of a monomial is a monomial with negative exponents.  Raises `IllFormed` for a term that
    is no polynomial in the names or, with `order`, has no Taylor series at 0.
    """
    graph = Graph()
    nodes = read(graph, terms)
    expansion = _Expansion(graph, tuple(names), order, laurent)
    series = [expansion.known[node] for node in expansion.run(nodes)]
    written = iter(write(graph, [c for s in series for c in s.values()]))
    return [{exponents: next(written) for exponents in s} for s in series]


@final
class _Expansion:
    """The series of each node, arguments first."""

    def __init__(self, graph: Graph, names: tuple[str, ...], order: int | None, laurent: bool) -> None:
        self.graph, self.names, self.order, self.laurent = graph, names, order, laurent
        self.zero, self.one = (0,) * len(names), graph.number(1)
        self.units = {n: tuple(int(m == n) for m in names) for n in names}
        self.known: dict[int, Series] = {}

    def run(self, nodes: list[int]) -> list[int]:
        for node in self.graph.reachable(nodes):
            self.known[node] = self._series(node)
        return nodes

    def _shown(self, node: int) -> str:
        return shown(write(self.graph, [node])[0])

    def _series(self, node: int) -> Series:
        graph = self.graph
        head, data, children = graph.heads[node], graph.data[node], graph.children(node)
        if head == "sym" and data[0] in self.units:
            return {self.units[data[0]]: self.one} if self.order != 0 else {}
        if all(self.known[child].keys() <= {self.zero} for child in children):
            return self._nonzero({self.zero: self._constant(node)})
        if head == "sum":
            return self._combination([(c, self.known[child]) for child, c in data[1]], data[0])
        if head == "prod":
            return reduce(self._product, (self._power(node, child, exponent) for child, exponent in data))
        return self._composed(self.known[data[0]], self._taylor(node, head, self._centre(data[0])))

    def _centre(self, node: int) -> int:
        return self.known[node].get(self.zero, self.graph.number(0))

    def _constant(self, node: int) -> int:
        """A node whose arguments do not depend on the names, on the constants that they are."""
        graph, data = self.graph, self.graph.data[node]
        match graph.heads[node]:
            case "num" | "sym":
                return node
            case "sum":
                return graph.combination([(c, self._centre(child)) for child, c in data[1]], data[0])
            case "prod":
                return graph.product((self._centre(child), e) for child, e in data)
        return graph.apply(graph.heads[node], self._centre(data[0]))

    def _nonzero(self, series: Series) -> Series:
        nothing = self.graph.number(0)
        return {e: c for e, c in series.items() if c != nothing}

    def _combination(self, parts: list[tuple[Number, Series]], constant: Number = 0) -> Series:
        found: dict[Exponents, list[Part]] = {self.zero: [(constant, self.one)]}
        for scale, series in parts:
            for exponents, c in series.items():
                found.setdefault(exponents, []).append((scale, c))
        return self._nonzero({e: self.graph.combination(c) for e, c in found.items()})

    def _product(self, left: Series, right: Series) -> Series:
        if len(left) * len(right) > LARGEST:
            raise IllFormed(f"a product of {len(left)} and {len(right)} monomials; more than {LARGEST} pairs are not formed")
        found: dict[Exponents, list[Part]] = {}
        for (a, c), (b, d) in product(left.items(), right.items()):
            exponents = tuple(map(add, a, b))
            if self.order is None or sum(exponents) <= self.order:
                found.setdefault(exponents, []).append((1, self.graph.times(c, d)))
        return self._nonzero({e: self.graph.combination(parts) for e, parts in found.items()})

    def _power(self, node: int, child: int, exponent: int) -> Series:
        base, graph = self.known[child], self.graph
        if len(base) == 1 and (exponent > 0 or self.laurent or self.zero in base):
            ((exponents, c),) = base.items()
            raised = tuple(e * exponent for e in exponents)
            return {raised: graph.power(c, exponent)} if self.order is None or sum(raised) <= self.order else {}
        if exponent < 0:
            if self.order is None:
                raise IllFormed(f"{self._shown(node)} is no polynomial in {', '.join(self.names)}")
            centre = self._centre(child)
            if centre == self.graph.number(0):
                raise IllFormed(f"{self._shown(node)} has no Taylor series where {' = '.join(self.names)} = 0")
            return self._composed(base, self._powers(centre, Fraction(exponent), graph.power(centre, exponent)))
        result, square = None, base
        while exponent:
            if exponent % 2:
                result = square if result is None else self._product(result, square)
            exponent //= 2
            square = self._product(square, square) if exponent else square
        return result or {}

    def _composed(self, inside: Series, coefficients: list[int]) -> Series:
        """sum_k c_k h^k with h the series without its constant."""
        rest = {e: c for e, c in inside.items() if e != self.zero}
        raised: Series = {self.zero: self.one}
        parts: list[tuple[Number, Series]] = []
        for c in coefficients:
            parts.append((1, {e: self.graph.times(c, d) for e, d in raised.items()}))
            raised = self._product(raised, rest)
        return self._combination(parts)

    def _taylor(self, node: int, head: str, centre: int) -> list[int]:
        """f^(k)(centre)/k! for k up to the order."""
        if self.order is None:
            raise IllFormed(f"{self._shown(node)} is no polynomial in {', '.join(self.names)}")
        graph = self.graph
        if head in ("log", "sqrt") and graph.heads[centre] == "num" and graph.data[centre][0] <= 0:
            raise IllFormed(f"{self._shown(node)} has no Taylor series where {' = '.join(self.names)} = 0")
        value = graph.apply(head, centre)
        match head:
            case "exp":
                return [graph.scaled(Fraction(1, factorial(k)), value) for k in range(self.order + 1)]
            case "tanh":
                return self._along({0: Fraction(1), 2: Fraction(-1)}, value)
            case "logistic":
                return self._along({1: Fraction(1), 2: Fraction(-1)}, value)
            case "log":
                orders = range(1, self.order + 1)
                return [value, *(graph.product([(centre, -k)], Fraction((-1) ** (k - 1), k)) for k in orders)]
            case "sqrt":
                return self._powers(centre, Fraction(1, 2), value)
        raise IllFormed(f"{self._shown(node)} has a kink where its argument is 0, so it has no Taylor series")

    def _powers(self, centre: int, exponent: Fraction, value: int) -> list[int]:
        """binomial(exponent, k) centre^(exponent - k), where `value` is the root or power for k = 0."""
        coefficients = accumulate(range(self.order or 0), lambda c, k: c * (exponent - k) / (k + 1), initial=Fraction(1))
        graph = self.graph
        return [value, *(graph.product([(value, 1), (centre, -k)], c) for k, c in enumerate(coefficients) if k)]

    def _along(self, slope: Polynomial, value: int) -> list[int]:
        """Taylor coefficients of y with y' = slope(y): each derivative is a polynomial in y."""
        assert self.order is not None
        derivative: Polynomial = {1: Fraction(1)}
        found = []
        for k in range(self.order + 1):
            powers = [(c, self.graph.product([(value, e)])) if e else (c, self.one) for e, c in derivative.items()]
            found.append(self.graph.combination([(c / factorial(k), node) for c, node in powers]))
            following: Polynomial = {}
            for (e, c), (f, d) in product(derivative.items(), slope.items()):
                if e:
                    following[e - 1 + f] = following.get(e - 1 + f, Fraction(0)) + e * c * d
            derivative = following
        return found
