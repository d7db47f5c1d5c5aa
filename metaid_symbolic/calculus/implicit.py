"""Objectives through inner problems without closed form: their derivatives by the implicit function theorem, as expressions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import final

from ..models.implicit import ImplicitObjective
from ..terms import ZERO, Term, equal, symbol
from .expression import Expression
from .tidying import readable

Rows = tuple[tuple[Term, ...], ...]


@final
@dataclass(frozen=True)
class ImplicitDerivation:
    """What is derived from an implicit objective: terms in phi and the inner solutions theta_t, valid at every solution of the
    equations where `defined_where` holds."""

    problem: ImplicitObjective

    @cached_property
    def equations(self) -> Expression:
        """S_t(phi, theta_t), task after task; each is 0."""
        return self._part(r"S({x}, \theta)", [[entry] for row in self.problem.equations for entry in row], 1)

    @cached_property
    def objective(self) -> Expression:
        return self._part("{F}({x})", [[self.problem.objective]], 0)

    @cached_property
    def gradient(self) -> Expression:
        return self._part(r"\nabla {F}({x})", [[entry] for entry in self.problem.gradient], 1)

    @cached_property
    def hessian(self) -> Expression:
        return self._part(r"\nabla^{{2}} {F}({x})", self.problem.hessian, 2)

    @cached_property
    def fisher(self) -> Expression:
        return self._part("I{mark}({x})", self.problem.fisher, 2)

    @property
    def defined_where(self) -> tuple[Term, ...]:
        """The equations, the domain, the conditions, and the domains of the constants."""
        problem = self.problem
        ranges = tuple(formula for constant in problem.constants for formula in constant.domain)
        solved = tuple(equal(entry, ZERO) for row in problem.equations for entry in row)
        return (*ranges, *problem.domain, *problem.conditions, *solved)

    def _part(self, name: str, rows: Sequence[Sequence[Term]], order: int) -> Expression:
        from ..reports.notation import latex

        leading = (*self.problem.parameters, *(theta for names in self.problem.inner for theta in names))
        written = tuple(tuple(readable(entry, leading) for entry in row) for row in rows)
        mark = rf"_{{\text{{{self.problem.learner}}}}}"
        x = ", ".join(latex(symbol(n)) for n in self.problem.parameters)
        shape = (len(rows), len(rows[0]))[:order]
        return Expression(name.format(F="F" + mark, mark=mark, x=x), shape, written)
