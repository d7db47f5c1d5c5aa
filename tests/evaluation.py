"""Values and modular Jacobians of elementary terms, written as plainly as possible to test against."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np

from metaid_symbolic.terms import Term

PRIME = 2_147_483_629
"""Products of residues fit 64 bits."""


def in_order(terms: Sequence[Term]) -> list[Term]:
    """Each different object once, arguments first."""
    order: list[Term] = []
    seen: set[int] = set()
    stack = [(t, False) for t in terms]
    while stack:
        term, done = stack.pop()
        if done:
            order.append(term)
        elif id(term) not in seen:
            seen.add(id(term))
            stack += [(term, True), *((a, False) for a in term.args if type(a) is Term)]
    return order


def value_of(term: Term, point: Mapping[str, Any] | None = None) -> Any:
    """The value at a point: rational for polynomials, relu and quotients, an mpmath number where exp and log occur."""
    found: dict[int, Any] = {}
    for t in in_order([term]):
        inner = [found[id(a)] for a in t.args if type(a) is Term]
        found[id(t)] = _value(t, inner, point or {})
    return found[id(term)]


def _value(t: Term, inner: list[Any], point: Mapping[str, Any]) -> Any:
    match t.head:
        case "num":
            return t.args[0]
        case "sym":
            return point[t.args[0]]
        case "add":
            return sum(inner[1:], inner[0])
        case "mul":
            result = inner[0]
            for factor in inner[1:]:
                result = result * factor
            return result
        case "pow":
            return inner[0] ** t.args[1]
        case "relu":
            return max(inner[0], Fraction(0))
        case "logistic":
            return 1 / (1 + mpmath.exp(-real(inner[0])))
    return getattr(mpmath, t.head)(real(inner[0]))


def real(value: Any) -> Any:
    return mpmath.mpf(value.numerator) / value.denominator if isinstance(value, Fraction) else value


def modular_rank(terms: Sequence[Term], names: Sequence[str], seed: int = 1) -> int:
    """The rank of the Jacobian of polynomials at a random point modulo a prime: with high probability the generic rank."""
    chosen = np.random.default_rng(seed).integers(1, PRIME, len(names))
    found: dict[int, tuple[int, Any]] = {}
    for t in in_order(terms):
        found[id(t)] = _tangent(t, [found[id(a)] for a in t.args if type(a) is Term], names, chosen)
    return _rank(np.array([found[id(t)][1] for t in terms]))


def _tangent(t: Term, inner: list[tuple[int, Any]], names: Sequence[str], point: Any) -> tuple[int, Any]:
    zero = np.zeros(len(names), dtype=np.int64)
    match t.head:
        case "num":
            return t.args[0].numerator * pow(t.args[0].denominator, -1, PRIME) % PRIME, zero
        case "sym":
            place = names.index(t.args[0])
            zero[place] = 1
            return int(point[place]), zero
        case "add":
            return sum(v for v, _ in inner) % PRIME, sum(d for _, d in inner) % PRIME
        case "mul":
            value, slope = inner[0]
            for v, d in inner[1:]:
                value, slope = value * v % PRIME, (slope * v + d * value) % PRIME
            return value, slope
        case "pow" if t.args[1] > 0:
            (value, slope), k = inner[0], t.args[1]
            return pow(value, k, PRIME), slope * (k * pow(value, k - 1, PRIME) % PRIME) % PRIME
    raise AssertionError(f"{t.head} is no polynomial")


def _rank(matrix: Any) -> int:
    rank = 0
    for column in range(matrix.shape[1]):
        pivots = np.nonzero(matrix[rank:, column])[0]
        if not len(pivots):
            continue
        row = rank + int(pivots[0])
        matrix[[rank, row]] = matrix[[row, rank]]
        matrix[rank] = matrix[rank] * pow(int(matrix[rank, column]), -1, PRIME) % PRIME
        below = matrix[rank + 1 :]
        below -= below[:, column : column + 1] * matrix[rank] % PRIME
        below %= PRIME
        rank += 1
        if rank == matrix.shape[0]:
            break
    return rank
