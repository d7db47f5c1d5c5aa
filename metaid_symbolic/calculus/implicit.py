"""Objectives through inner problems without closed form: their derivatives by the implicit function theorem, as expressions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import final

from ..models.implicit import ImplicitObjective
from ..programs import Program, program
from ..terms import ZERO, IllFormed, Term, equal, symbol
from .algebra import printable
from .claims import Assertion
from .expression import Expression, Origin, Rows


@final
@dataclass(frozen=True)
class ImplicitDerivation:
    """What is derived from an implicit objective: terms in phi and the inner solutions theta_t, valid at every solution of the
    equations where `defined_where` holds."""

    problem: ImplicitObjective

    @cached_property
    def equations(self) -> Expression:
        """S_t(phi, theta_t), task after task; each is 0."""
        rows = [[entry] for row in self.problem.equations for entry in row]
        return self._part(r"S({x}, \theta)", (len(rows),), lambda: rows)

    @cached_property
    def objective(self) -> Expression:
        return self._part("{F}({x})", (), lambda: [[self.problem.objective]])

    @cached_property
    def gradient(self) -> Expression:
        return self._part(r"\nabla {F}({x})", (self.problem.dimension,), lambda: [[g] for g in self.problem.gradient])

    @cached_property
    def hessian(self) -> Expression:
        return self._part(r"\nabla^{{2}} {F}({x})", (self.problem.dimension,) * 2, lambda: self.problem.hessian)

    @cached_property
    def fisher(self) -> Expression:
        return self._part("I{mark}({x})", (self.problem.dimension,) * 2, lambda: self.problem.fisher)

    @property
    def defined_where(self) -> tuple[Term, ...]:
        """The equations, the domain, the conditions, and the domains of the constants."""
        problem = self.problem
        ranges = tuple(formula for constant in problem.constants for formula in constant.domain)
        solved = tuple(equal(entry, ZERO) for row in problem.equations for entry in row)
        return (*ranges, *problem.domain, *problem.conditions, *solved)

    def _part(self, name: str, shape: tuple[int, ...], found: Callable[[], Sequence[Sequence[Term]]]) -> Expression:
        from ..reports.notation import latex

        problem = self.problem
        leading = (*problem.parameters, *(theta for names in problem.inner for theta in names))
        inputs = (*leading, *(c.name for c in problem.constants))

        def rows() -> Rows:
            return tuple(tuple(printable(entry, leading) for entry in row) for row in found())

        def compiled() -> Program:
            return program([entry for row in found() for entry in row], inputs, shape)

        mark = rf"_{{\text{{{problem.learner}}}}}"
        x = ", ".join(latex(symbol(n)) for n in problem.parameters)
        origin = Origin(rows, compiled, lambda: None, _unspoken)
        return Expression(name.format(F="F" + mark, mark=mark, x=x), shape, origin=origin)


def _unspoken(rows: Rows) -> Assertion:
    raise IllFormed("no claim is made: the kernel has no word for the solution of an inner problem without closed form")
