"""Scalings theta_i -> c^(w_i) theta_i that leave observations unchanged, read off from how the entries are built.

Every operation gives its result a weight: products add weights, a sum needs summands of one weight, functions need an argument
of weight 0.  Weights for which all entries have weight 0 form a rational space; each gives the null vector sum_i w_i theta_i d_i.
The rules are sufficient, so each weight found is a proof; scalings that rest on cancellation are not found.
"""

from __future__ import annotations

from fractions import Fraction
from math import gcd, lcm
from typing import final

from ..programs.graph import Graph
from ..programs.reading import read
from .observing import Observed

Form = dict[str, Fraction]
"""A linear form in the weights of the parameters."""


def scaling_weights(seen: Observed) -> tuple[dict[str, int], ...]:
    """A basis of the weights, as coprime integers; parameters of weight 0 are left out."""
    weights = _Weights(seen)
    free = [p for p in seen.parameters if p not in weights.pivots]
    made = {p: weights.reduced({p: Fraction(1)}) for p in seen.parameters}
    basis: dict[str, Form] = {f: {} for f in free}
    for p, form in made.items():
        for f, c in form.items():
            basis[f][p] = c
    return tuple(_coprime(b) for b in basis.values() if b)


def _coprime(values: Form) -> dict[str, int]:
    scale = lcm(*(c.denominator for c in values.values()))
    whole = {p: int(c * scale) for p, c in values.items()}
    divisor = gcd(*whole.values())
    return {p: c // divisor for p, c in whole.items()}


@final
class _Weights:
    """The weights of all nodes as forms, and the equations between the weights of parameters, solved as they come."""

    def __init__(self, seen: Observed) -> None:
        self.parameters = frozenset(seen.parameters)
        self.pivots: dict[str, Form] = {}
        graph = Graph()
        nodes = read(graph, seen.gated.entries)
        self.forms: dict[int, Form] = {}
        for node in graph.reachable(nodes):
            self.forms[node] = self._weight(graph, node)
        for node in nodes:
            self._require(self.forms[node])

    def _weight(self, graph: Graph, node: int) -> Form:
        data = graph.data[node]
        match graph.heads[node]:
            case "num":
                return {}
            case "sym":
                return {data[0]: Fraction(1)} if data[0] in self.parameters else {}
            case "sum":
                children = [self.forms[child] for child, _ in data[1]]
                first = {} if data[0] else children[0]
                for other in children:
                    self._require(_combined(other, first, Fraction(-1)))
                return first
            case "prod":
                form: Form = {}
                for child, exponent in data:
                    form = _combined(form, self.forms[child], Fraction(exponent))
                return form
        self._require(self.forms[data[0]])
        return {}

    def _require(self, form: Form) -> None:
        """The form is 0: solved for one of its parameters."""
        left = self.reduced(form)
        if left:
            pivot = next(iter(left))
            scale = left.pop(pivot)
            self.pivots[pivot] = {p: -c / scale for p, c in left.items()}

    def reduced(self, form: Form) -> Form:
        """The form in parameters whose weights are free."""
        while hit := next((p for p in form if p in self.pivots), None):
            rest = dict(form)
            form = _combined(rest, self.pivots[hit], rest.pop(hit))
        return form


def _combined(left: Form, right: Form, scale: Fraction) -> Form:
    """left + scale right."""
    made = dict(left)
    for p, c in right.items():
        value = made.get(p, Fraction(0)) + scale * c
        if value:
            made[p] = value
        else:
            made.pop(p, None)
    return made
