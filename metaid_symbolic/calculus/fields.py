"""Update fields: phi <- phi + step V(phi), with its Jacobian, its fixed points, and whether it is a gradient."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, final

from ..models.composition import compose_formula
from ..models.integrability import Asymmetry, Conservative, Integrability, Potential, integrability
from ..models.objective import UpdateField, holds
from ..printing import text
from ..programs import Program, program, symbols_of
from ..programs.program import compiled
from ..terms import ZERO, IllFormed, Term, symbol
from .algebra import Algebra, Graphs, Polynomials, algebra_of
from .assertions import spoken, whole
from .claims import Assertion, ZeroOf
from .expression import Expression, Origin, Rows
from .inverse import adjugate, nonzero, quotient, require_regular

_ONE = Fraction(1)


class NoObjective(IllFormed):
    """An update field is no gradient; the message gives a point where its Jacobian is not symmetric."""


@final
@dataclass(frozen=True)
class FieldValues:
    """The mean field and its Jacobian in one arithmetic."""

    problem: UpdateField
    algebra: Algebra

    @cached_property
    def field(self) -> list[list[Any]]:
        rows = [[self.algebra.read(component) for component in row] for row in self.problem.tasks]
        return [[self.algebra.mean(self.problem.law, column)] for column in zip(*rows, strict=True)]

    @cached_property
    def jacobian(self) -> list[list[Any]]:
        return [self.algebra.gradient(component) for (component,) in self.field]

    @cached_property
    def fisher(self) -> list[list[Any]]:
        rows = [[self.algebra.read(component) for component in row] for row in self.problem.tasks]
        side = range(self.problem.dimension)
        return [[self.algebra.mean(self.problem.law, [self.algebra.times(r[i], r[j]) for r in rows]) for j in side] for i in side]


@final
@dataclass(frozen=True)
class FieldDerivation:
    """What is derived from an update field; each part is computed when it is first asked for."""

    problem: UpdateField

    @cached_property
    def values(self) -> FieldValues:
        components = [component for row in self.problem.tasks for component in row]
        return FieldValues(self.problem, algebra_of(self.problem.parameters, components))

    @cached_property
    def shared(self) -> FieldValues:
        return FieldValues(self.problem, Graphs(self.problem.parameters))

    @property
    def constants(self) -> tuple[str, ...]:
        return tuple(c.name for c in self.problem.constants)

    @cached_property
    def field(self) -> Expression:
        """V, the mean over the tasks."""
        return self._part("field", "{V}({x})", (self.problem.dimension,))

    @cached_property
    def jacobian(self) -> Expression:
        """D V; row i holds the derivatives of V_i."""
        return self._part("jacobian", "D {V}({x})", (self.problem.dimension,) * 2)

    @cached_property
    def fisher(self) -> Expression:
        """E V_t V_t^T: the Fisher matrix of the objective where the field has one."""
        return self._part("fisher", "{I}({x})", (self.problem.dimension,) * 2)

    @cached_property
    def integrability(self) -> Integrability:
        """Whether the field is a gradient: a potential, a point where the Jacobian is not symmetric, or what is known."""
        return integrability(self.problem)

    @cached_property
    def objective(self) -> Expression:
        """F with V = -grad F, up to a constant, for a polynomial field with a symmetric Jacobian.

        Raises `NoObjective` for a field that is no gradient, with a point where its Jacobian is not symmetric, and `IllFormed`
        where the field is a gradient of what is not written out, or where neither is known.
        """
        found, learner = self.integrability, self.problem.learner
        match found:
            case Asymmetry():
                raise NoObjective(f"the update field of {learner} has no objective: {found}, and a gradient has a symmetric one")
            case Potential(term):
                value = self.values.algebra.write(self.values.algebra.read(term))
                return Expression(self._named("{F}({x})"), (), ((value,),))
            case Conservative(reason):
                raise IllFormed(f"the Jacobian is symmetric, so the update field is a gradient on every convex domain; {reason}")
        raise IllFormed(f"whether the update field of {learner} is a gradient is not known: {found.reason}")

    @cached_property
    def _affine(self) -> tuple[list[list[Any]], list[Any], Any]:
        """adj(A), the offset b and det(A) of V(phi) = A phi + b.  Raises `IllFormed` unless V is affine, A regular."""
        algebra, rows, learner = self.values.algebra, self.values.jacobian, self.problem.learner
        if any(symbols_of(algebra.write(entry)) & set(self.problem.parameters) for row in rows for entry in row):
            raise IllFormed(f"the update field of {learner} is not affine, so its fixed points have no closed form")
        inverse, determinant = adjugate(algebra, rows)
        try:
            require_regular(algebra, rows, determinant, f"the Jacobian of the update field of {learner}")
        except IllFormed as cause:
            raise IllFormed(f"{cause}; there is no fixed point, or there are infinitely many") from None
        origin = [algebra.read(ZERO)] * self.problem.dimension
        return inverse, algebra.compose([component for (component,) in self.values.field], origin), determinant

    @cached_property
    def fixed_points(self) -> Expression:
        """The one point with V = 0 where V is affine, valid where `regular_where` holds.

        Raises `IllFormed` for a field that is not affine, for one whose Jacobian is singular for all constants, and where the
        only zero lies outside the domain.
        """
        algebra, (inverse, offset, determinant) = self.values.algebra, self._affine
        tops = [algebra.combination([(-_ONE, algebra.times(a, b)) for a, b in zip(row, offset, strict=True)]) for row in inverse]
        rows = tuple((quotient(algebra, top, determinant),) for top in tops)
        self._require_inside(dict(zip(self.problem.parameters, (entry for (entry,) in rows), strict=True)))
        origin = Origin(lambda: rows, lambda: self._fixed_program(rows), lambda: None, self._vanishing)
        return Expression(self._named(r"\{{{x} : {V} = 0\}}"), (self.problem.dimension,), rows, origin)

    def _require_inside(self, point: dict[str, Term]) -> None:
        for formula in (*self.problem.domain, *self.problem.conditions):
            if holds(compose_formula(formula, point)) is False:
                where = ", ".join(f"{name} = {text(value)}" for name, value in point.items())
                raise IllFormed(f"the field vanishes at {where} alone, where {text(formula)} is false: there is no fixed point")

    @property
    def regular_where(self) -> tuple[Term, ...]:
        """The determinant of the Jacobian is not 0, when that depends on the constants."""
        return nonzero(self.values.algebra, self._affine[2])

    def _fixed_program(self, rows: Rows) -> Program:
        return program([entry for (entry,) in rows], self.constants, (self.problem.dimension,))

    def _vanishing(self, rows: Rows) -> Assertion:
        """V_i = 0 at the fixed point, for all constants at which the Jacobian is regular."""
        point, where = tuple(row[0] for row in rows), self.regular_where
        return Assertion(tuple(ZeroOf(self._component(i), point, where).claim for i in range(self.problem.dimension)))

    def _component(self, i: int) -> Any:
        """The problem whose objective is the component V_i."""
        problem = self.problem
        return whole(problem.parameters, self.constants, [row[i] for row in problem.tasks], problem.law)

    def _spoken(self, tasks: Sequence[Term], rows: Rows, part: str) -> Assertion:
        return spoken(self.problem.parameters, self.constants, tasks, self.problem.law, rows, part)

    def _part(self, part: str, label: str, shape: tuple[int, ...]) -> Expression:
        def rows() -> Rows:
            return tuple(tuple(map(self.values.algebra.write, row)) for row in getattr(self.values, part))

        def compiled_part() -> Program:
            algebra = self.shared.algebra
            assert isinstance(algebra, Graphs)
            inputs = (*self.problem.parameters, *self.constants)
            if part == "jacobian":
                return self.field.program.derivative(self.problem.parameters)
            return compiled(algebra.graph, [n for row in getattr(self.shared, part) for n in row], inputs, shape)

        def polynomials() -> list[list[Any]] | None:
            return getattr(self.values, part) if isinstance(self.values.algebra, Polynomials) else None

        def asserted(rows: Rows) -> Assertion:
            side, problem = range(len(rows)), self.problem
            if part == "fisher":
                pairs = [([row[i] * row[j] for row in problem.tasks], rows[i][j]) for i in side for j in side if i <= j]
                made = [self._spoken(tasks, ((entry,),), "objective") for tasks, entry in pairs]
            else:
                kind = "objective" if part == "field" else "jacobian"
                made = [self._spoken([row[i] for row in problem.tasks], (rows[i],), kind) for i in side]
            return Assertion(tuple(c for one in made for c in one.claims), all(one.equivalent for one in made))

        return Expression(lambda: self._named(label), shape, origin=Origin(rows, compiled_part, polynomials, asserted))

    @property
    def defined_where(self) -> tuple[Term, ...]:
        """The domains of the constants, the domain, and the conditions."""
        ranges = tuple(formula for constant in self.problem.constants for formula in constant.domain)
        return tuple(dict.fromkeys((*ranges, *self.problem.domain, *self.problem.conditions)))

    def _named(self, name: str) -> str:
        from ..reports.notation import latex

        x = ", ".join(latex(symbol(n)) for n in self.problem.parameters)
        mark = rf"_{{\text{{{self.problem.learner}}}}}"
        return name.format(V="V" + mark, F="F" + mark, I="I" + mark, x=x)
