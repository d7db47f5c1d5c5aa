"""Sums of products of literals modulo a prime at one point: what is not 0 there is not identically 0."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from math import prod
from typing import Any

from ...certificates import Combine, Summand
from ...kernel.branch import Branch
from ...kernel.normal import Opaque
from ...kernel.polynomial import TooLarge
from ...kernel.rejection import Rejected
from ...kernel.tableau import combine

PRIME = 2**61 - 1
BASE = 37
"""The generator number g has the value BASE^(g^2 + 1): no two small monomials agree by accident."""


def residue(p: Any) -> int:
    """The value of a polynomial modulo the prime; a denominator that the prime divides counts as 0."""
    return sum(_ratio(c) * prod(pow(BASE, (g * g + 1) * e, PRIME) for g, e in m) for m, c in p.monomials()) % PRIME


def _ratio(c: Any) -> int:
    return int(c) if c.denominator == 1 else int(c.numerator) * pow(c.denominator, PRIME - 2, PRIME)


class Residues:
    """The values of the literals of a branch, with the signs that the kernel gives them in a combination."""

    def __init__(self, branch: Branch) -> None:
        self.branch = branch

    @cached_property
    def literals(self) -> list[int]:
        found = []
        for one in self.branch.literals:
            value = residue(one.polynomial)
            square = one.signs == frozenset("-+")
            found.append(value * value if square else -value if one.signs <= frozenset("-0") else value)
        return found

    def accepted(self, candidate: Combine) -> bool:
        """Whether the kernel accepts the combination; it is asked only where the sum may be 0."""
        if sum(map(self._summand, candidate.summands)) % PRIME:
            return False
        try:
            combine(self.branch, candidate.summands)
        except Rejected:
            return False
        return True

    def first(self, candidates: Sequence[Combine] | Any) -> Combine | None:
        return next((c for c in candidates if self.accepted(c)), None)

    def _summand(self, summand: Summand) -> int:
        base = prod(self.literals[i] for i in summand.literals) % PRIME
        try:
            roots = [(w, residue(self.branch.normaliser.polynomial(root))) for w, root in summand.squares]
        except (Opaque, TooLarge):
            return 1
        if summand.free:
            return base * roots[0][1]
        return base * sum(_ratio(w) * r * r for w, r in roots)
