"""Meta-problems on R^n whose losses are polynomials with coefficients that are left open.

Read for such a family, formulas about meta-problems are equations and inequalities between the coefficients: what follows from
them holds for every member, and what solves them is a member.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import count
from typing import Any, cast

from ...kernel.objectives import tidy
from ...kernel.unfold import Reading, rational_point
from ...problems import MetaProblem, Noise
from ...terms import Term, free_symbols, number, substitute, symbol, total
from .enumeration import NAMES

Exponents = tuple[int, ...]
COEFFICIENT = "c.."
"""How the names of coefficients begin; no name in a formula of a user has two dots."""


@dataclass(frozen=True)
class Family:
    """The `losses` mention the parameters and coefficients; everything else is as in `MetaProblem`, and can be read like one."""

    parameters: tuple[str, ...]
    losses: tuple[Term, ...]
    weights: tuple[Fraction, ...]
    rate: Term | None = None
    steps: int = 1
    constraints: tuple[Term, ...] = ()
    noise: tuple[Noise, ...] = ()
    learner: str = "plain"

    @staticmethod
    def of(
        dimension: int,
        supports: Sequence[Iterable[Exponents]],
        weights: tuple[Fraction, ...],
        rate: Term | None = None,
        steps: int = 1,
    ) -> Family:
        """For each task the polynomials with these monomials."""
        names, places = NAMES[:dimension], count(1)
        losses = tuple(total([_monomial(names, e, next(places)) for e in support]) for support in supports)
        return Family(names, losses, weights, rate, steps)

    @property
    def dimension(self) -> int:
        return len(self.parameters)

    def read(self, formula: Term, point: Sequence[Any] | None = None) -> Term:
        """The formula about real numbers that it is for the members, at a point.  Raises `Rejected` for what has no reading."""
        env = {} if point is None else {"phi": rational_point(tuple(point))}
        return Reading(cast(MetaProblem, self)).formula(formula, env)

    def member(self, values: Mapping[str, Fraction]) -> MetaProblem:
        """The problem with these coefficients, 0 where none is given."""
        numbers = {name: number(value) for name, value in values.items()}
        losses = tuple(tidy(substitute(loss, {**self._zeros(loss), **numbers})) for loss in self.losses)
        return MetaProblem(self.parameters, losses, self.weights, rate=self.rate, steps=self.steps)

    def _zeros(self, loss: Term) -> dict[str, Term]:
        return {name: number(0) for name in coefficients(loss)}


def coefficients(term: Term) -> list[str]:
    """The names of coefficients that the term mentions."""
    return sorted(name for name in free_symbols(term) if name.startswith(COEFFICIENT))


def _monomial(names: tuple[str, ...], exponents: Exponents, place: int) -> Term:
    factors = [symbol(n) if e == 1 else symbol(n) ** e for n, e in zip(names, exponents, strict=True) if e]
    return Term("mul", (symbol(f"{COEFFICIENT}{place}"), *factors)) if factors else symbol(f"{COEFFICIENT}{place}")
