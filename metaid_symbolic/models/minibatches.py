"""Exchangeable minibatches of a task's examples, and its splits into support and query data.

For terms f_1, ..., f_m, one an example, f_B is the mean of f_i over a minibatch B.  Its moments are means over finitely many
minibatches, `batches`; because the examples are exchangeable they have closed forms in sums over the examples.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, product
from math import comb
from typing import final

from ..programs.graph import Graph, Part
from ..programs.reading import read, write
from ..terms import IllFormed, Term
from .laws import FiniteLaw
from .objective import MetaObjective
from .risks import mean_of

Batch = tuple[int, ...]

MOST = 10_000
"""More minibatches or splits than this are not listed; the closed forms need no list."""


@final
@dataclass(frozen=True, slots=True)
class Minibatches:
    """`batch` of `size` examples, drawn uniformly, with or without replacement."""

    size: int
    batch: int
    replacement: bool = False

    def __post_init__(self) -> None:
        _check_sizes(self.size, self.batch)
        if not self.replacement and self.batch > self.size:
            raise IllFormed(f"{self.batch} examples cannot be drawn without replacement from {self.size}")

    @property
    def batches(self) -> tuple[Batch, ...]:
        """All minibatches, equally likely.  Raises `IllFormed` for more than `MOST`."""
        _check_number(self.size**self.batch if self.replacement else comb(self.size, self.batch))
        if self.replacement:
            return tuple(product(range(self.size), repeat=self.batch))
        return tuple(combinations(range(self.size), self.batch))

    def mean(self, values: Sequence[Term]) -> Term:
        """E f_B = (f_1 + ... + f_m)/m, whatever the size of the minibatches."""
        self._check(values)
        return mean_of(values)

    def moment(self, values: Sequence[Term], others: Sequence[Term]) -> Term:
        """E f_B g_B = (1/b) E f_i g_i + (1 - 1/b) E f_i g_j, with (i, j) at two different places of the minibatch.

        Without replacement these are any two different examples, with replacement any two.
        """
        self._check(values)
        self._check(others)
        same = Fraction(1, self.batch)
        m = self.size
        if self.replacement:
            return _bilinear(values, others, same / m, (1 - same) / m**2)
        apart = (1 - same) / (m * (m - 1)) if m > 1 else Fraction(0)
        return _bilinear(values, others, same / m - apart, apart)

    def covariance(self, values: Sequence[Term], others: Sequence[Term]) -> Term:
        """E f_B g_B - E f_B E g_B: (1/b) cov with replacement, (1/b) (m - b)/(m - 1) cov without (Cochran 1977, chapter 2).

        Here cov = sum_i f_i g_i/m - (sum_i f_i/m)(sum_i g_i/m).
        """
        self._check(values)
        self._check(others)
        m, b = self.size, self.batch
        factor = Fraction(1, b) if self.replacement else Fraction(m - b, b * (m - 1)) if m > 1 else Fraction(0)
        return _bilinear(values, others, factor / m, -factor / m**2)

    def _check(self, values: Sequence[Term]) -> None:
        if len(values) != self.size:
            raise IllFormed(f"{len(values)} values disagree with {self.size} examples")


@final
@dataclass(frozen=True, slots=True)
class Splits:
    """Disjoint support and query data, of `support` and `query` examples out of `size`, drawn uniformly."""

    size: int
    support: int
    query: int

    def __post_init__(self) -> None:
        _check_sizes(self.size, self.support, self.query)
        if self.support + self.query > self.size:
            raise IllFormed(f"{self.support} support and {self.query} query examples disagree with {self.size} examples in all")

    @property
    def pairs(self) -> tuple[tuple[Batch, Batch], ...]:
        """All splits, equally likely.  Raises `IllFormed` for more than `MOST`."""
        _check_number(comb(self.size, self.support) * comb(self.size - self.support, self.query))
        everything = range(self.size)
        return tuple(
            (s, q)
            for s in combinations(everything, self.support)
            for q in combinations([i for i in everything if i not in s], self.query)
        )

    def moment(self, values: Sequence[Term], others: Sequence[Term]) -> Term:
        """E f_S g_Q = sum_(i != j) f_i g_j / (m (m - 1)): support and query share no example."""
        for listed in (values, others):
            if len(listed) != self.size:
                raise IllFormed(f"{len(listed)} values disagree with {self.size} examples")
        apart = Fraction(1, self.size * (self.size - 1))
        return _bilinear(values, others, -apart, apart)


def split_tasks(
    parameters: Sequence[str], losses: Sequence[Sequence[Term]], sizes: tuple[int, int], law: FiniteLaw | None = None
) -> tuple[MetaObjective, tuple[Term, ...]]:
    """Every split of every task's examples as a task of its own: the tasks with their support losses, and the query losses.

    `losses[t]` are the losses on the examples of task t (see `example_losses`), `sizes` the numbers of support and query
    examples.  A task's weight is shared equally by its splits.  Raises `IllFormed` as `Splits` and `MetaObjective` do.
    """
    weights = [Fraction(1, len(losses))] * len(losses) if law is None else list(law.weights)
    if len(weights) != len(losses) or not losses:
        raise IllFormed(f"{len(losses)} tasks disagree with {len(weights)} weights, or there are none")
    inner: list[Term] = []
    outer: list[Term] = []
    shares: list[Fraction] = []
    for listed, weight in zip(losses, weights, strict=True):
        pairs = Splits(len(listed), *sizes).pairs
        graph = Graph()
        nodes = read(graph, listed)
        means = [graph.combination((Fraction(1, len(part)), nodes[i]) for i in part) for pair in pairs for part in pair]
        written = write(graph, means)
        inner += written[::2]
        outer += written[1::2]
        shares += [weight / len(pairs)] * len(pairs)
    return MetaObjective(tuple(parameters), tuple(inner), FiniteLaw(tuple(shares))), tuple(outer)


def _bilinear(values: Sequence[Term], others: Sequence[Term], diagonal: Fraction, everywhere: Fraction) -> Term:
    """diagonal sum_i f_i g_i + everywhere (sum_i f_i)(sum_j g_j)."""
    graph = Graph()
    left, right = read(graph, values), read(graph, others)
    parts: list[Part] = [(diagonal, graph.times(f, g)) for f, g in zip(left, right, strict=True)]
    parts.append((everywhere, graph.times(graph.add(*left), graph.add(*right))))
    return write(graph, [graph.combination(parts)])[0]


def _check_sizes(*sizes: int) -> None:
    if strange := [n for n in sizes if type(n) is not int or n < 1]:
        raise IllFormed(f"{strange[0]!r} is no number of examples")


def _check_number(count: int) -> None:
    if count > MOST:
        raise IllFormed(f"there are {count} of them; more than {MOST} are not listed")
