"""Graphs of operations in which equal subexpressions are one node.

A node is a number, a variable, a linear combination c_0 + sum c_i n_i, a product of powers n_i^(e_i), or an elementary
function of a node.  Nodes are integers; the arguments of a node are smaller, so that their order is an order of
evaluation.  Building a node folds numbers and counts equal summands and equal factors; nothing is multiplied out, and
positive and negative powers of one base stay apart, so that a node has the value of what it was built from wherever that is
defined.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from math import isqrt
from typing import Any, final

from ..terms import FUNCTIONS, IllFormed

Number = int | Fraction
Part = tuple[Number, int]
"""A coefficient and a node."""

OPENED = 8
"""A sum (product) inside a sum (product) is merged with it up to this length; longer ones are shared instead of copied."""
LONGEST = 100_000
"""A power of a number with more bits is left as a power."""


@final
class Graph:
    """Nodes 0, 1, ...; `heads[n]` is num, sym, sum, prod or a function, `data[n]` what it is applied to.

    `sum`: the constant, then pairs (node, coefficient); `prod`: pairs (node, exponent).  `required` are the nodes whose
    value must exist wherever what was read is defined (quotients, logarithms, square roots), also where they cancelled.
    """

    __slots__ = ("_known", "data", "heads", "required")

    def __init__(self) -> None:
        self.heads: list[str] = []
        self.data: list[tuple[Any, ...]] = []
        self._known: dict[tuple[str, tuple[Any, ...]], int] = {}
        self.required: dict[int, None] = {}

    def _node(self, head: str, data: tuple[Any, ...]) -> int:
        key = (head, data)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = len(self.heads)
            self.heads.append(head)
            self.data.append(data)
        return found

    def number(self, value: Number) -> int:
        return self._node("num", (lean(value),))

    def variable(self, name: str) -> int:
        return self._node("sym", (name,))

    def combination(self, parts: Iterable[Part], constant: Number = 0) -> int:
        """constant + sum c n over the parts (c, n)."""
        counted: dict[int, Number] = {}
        for coefficient, node in parts:
            head = self.heads[node]
            if head == "num":
                constant += coefficient * self.data[node][0]
            elif head == "sum" and len(self.data[node][1]) <= OPENED:
                offset, inner = self.data[node]
                constant += coefficient * offset
                for child, scale in inner:
                    counted[child] = counted.get(child, 0) + coefficient * scale
            else:
                counted[node] = counted.get(node, 0) + coefficient
        kept = tuple(sorted((n, c if type(c) is int else lean(c)) for n, c in counted.items() if c))
        if not kept:
            return self.number(constant)
        if not constant and len(kept) == 1 and kept[0][1] == 1:
            return kept[0][0]
        return self._node("sum", (lean(constant), kept))

    def add(self, *nodes: int) -> int:
        return self.combination((1, n) for n in nodes)

    def scaled(self, coefficient: Number, node: int) -> int:
        return self.combination(((coefficient, node),))

    def product(self, factors: Iterable[tuple[int, int]], coefficient: Number = 1) -> int:
        """coefficient times the product of n^e over the factors (n, e), e != 0.  Raises `IllFormed` for 0^(-k)."""
        powers: dict[tuple[int, bool], int] = {}
        for node, exponent in factors:
            scale, base = self._split(node, exponent)
            coefficient *= scale
            for child, power in self._opened(base, exponent):
                key = (child, power > 0)
                powers[key] = powers.get(key, 0) + power
        if not coefficient:
            return self.number(0)
        kept = tuple(sorted((child, power) for (child, _), power in powers.items()))
        if not kept:
            return self.number(coefficient)
        node = kept[0][0] if len(kept) == 1 and kept[0][1] == 1 else self._node("prod", kept)
        return node if coefficient == 1 else self.combination(((coefficient, node),))

    def times(self, *nodes: int) -> int:
        return self.product((n, 1) for n in nodes)

    def power(self, node: int, exponent: int) -> int:
        return self.product(((node, exponent),))

    def _split(self, node: int, exponent: int) -> tuple[Number, int | None]:
        """node^exponent as a number and a base whose power remains; None for the base 1."""
        head, data = self.heads[node], self.data[node]
        if head == "num":
            return (raised(data[0], exponent), None) if _moderate(data[0], exponent) else (1, node)
        if head == "sum" and not data[0] and len(data[1]) == 1 and _moderate(data[1][0][1], exponent):
            return raised(data[1][0][1], exponent), data[1][0][0]
        return 1, node

    def _opened(self, base: int | None, exponent: int) -> Iterator[tuple[int, int]]:
        if base is None:
            return
        data = self.data[base]
        if self.heads[base] == "prod" and len(data) <= OPENED and (exponent > 0 or all(k > 0 for _, k in data)):
            yield from ((child, k * exponent) for child, k in data)
        else:
            yield base, exponent

    def apply(self, head: str, node: int) -> int:
        """An elementary function of the node, as a number where it is a known rational number."""
        if head not in FUNCTIONS:
            raise IllFormed(f"{head} is none of the functions {', '.join(FUNCTIONS)}")
        value = known_value(head, self.data[node][0]) if self.heads[node] == "num" else None
        return self._node(head, (node,)) if value is None else self.number(value)

    def require(self, node: int) -> None:
        """The value of the node must exist wherever what was read is defined."""
        if self.heads[node] != "num":
            self.required[node] = None

    def children(self, node: int) -> tuple[int, ...]:
        match self.heads[node]:
            case "num" | "sym":
                return ()
            case "sum":
                return tuple(child for child, _ in self.data[node][1])
            case "prod":
                return tuple(child for child, _ in self.data[node])
        return (self.data[node][0],)

    def reachable(self, nodes: Iterable[int]) -> list[int]:
        """The nodes and all they are built from, in an order of evaluation."""
        seen = set(nodes)
        stack = list(seen)
        while stack:
            for child in self.children(stack.pop()):
                if child not in seen:
                    seen.add(child)
                    stack.append(child)
        return sorted(seen)

    def dependent(self, order: Iterable[int], variables: set[int]) -> set[int]:
        """The nodes of `order` (an order of evaluation) that are built from one of the variables."""
        found = set(variables)
        for node in order:
            if any(child in found for child in self.children(node)):
                found.add(node)
        return found


def lean(value: Number) -> Number:
    """The same number, as an `int` if it is one: integers add and hash faster than fractions."""
    return value if type(value) is int or value.denominator != 1 else value.numerator


def raised(value: Number, exponent: int) -> Number:
    """value^exponent.  Raises `IllFormed` for 0^(-k)."""
    if exponent > 0:
        return value**exponent
    if not value:
        raise IllFormed("a division by 0")
    return lean(Fraction(value) ** exponent)


def _moderate(value: Number, exponent: int) -> bool:
    return value in (0, 1, -1) or abs(exponent) * (value.numerator.bit_length() + value.denominator.bit_length()) <= LONGEST


def known_value(head: str, at: Number) -> Number | None:
    """exp(0), log(1), tanh(0), logistic(0), relu and the square root of a rational square; None for any other value."""
    if head == "relu":
        return max(at, 0)
    if head == "sqrt" and at >= 0:
        root = Fraction(isqrt(at.numerator), isqrt(at.denominator))
        return root if root * root == at else None
    known: dict[tuple[str, Number], Number] = {
        ("exp", 0): 1, ("log", 1): 0, ("tanh", 0): 0, ("logistic", 0): Fraction(1, 2),
    }  # fmt: skip
    return known.get((head, at))
