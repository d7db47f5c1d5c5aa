"""The objects that statements on a meta-problem speak of, derived exactly.

For a meta-problem theta_t is the point phi (plain) or where k gradient steps of size alpha on L_t lead from phi (MAML: Finn,
Abbeel, Levine 2017), and G_t(phi) = L_t(theta_t(phi)); a meta-objective gives G_t itself.
objective F = E G_t, gradient and Hessian H of it, third derivatives, fisher I = E (grad G_t)(grad G_t)^T,
covariance C = I - grad F grad F^T, profile (G_t)_t and jacobian D profile, sandwich H^-1 C H^-1.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, final

from ..models.implicit import ImplicitObjective
from ..models.objective import MetaObjective, UpdateField
from ..problems import MetaProblem
from ..programs import Program, symbols_of
from ..programs.program import compiled
from ..programs.reading import different_subterms
from ..terms import ZERO, IllFormed, Term, equal, less, negation, substitute, symbol
from .algebra import Graphs, Polynomials, algebra_of
from .assertions import assertion, taylor
from .claims import Assertion
from .expansion import Expansion, coefficients
from .expression import Expression, Origin, Rows
from .fields import FieldDerivation
from .implicit import ImplicitDerivation
from .inverse import reduced_rows
from .polynomials import collected
from .values import Values, ingredients, rate_of

LABELS = {
    "objective": "{F}({x})", "gradient": r"\nabla {F}({x})", "hessian": r"\nabla^{{2}} {F}({x})", "third": "D^{{3}} {F}({x})",
    "fisher": "{I}({x})", "covariance": "{C}({x})", "profile": "{P}({x})", "jacobian": "D {P}({x})",
    "sandwich": r"\nabla^{{2}} {F}({x})^{{-1}} {C}({x}) \nabla^{{2}} {F}({x})^{{-1}}",
}  # fmt: skip
TANGENTS = {"hessian": "gradient", "jacobian": "profile", "third": "hessian"}
"""The program of a part is the derivative of the program of another."""


def derive(problem: MetaProblem | MetaObjective | UpdateField | ImplicitObjective) -> Any:
    """The derivation of a plain or MAML problem with C^2 losses or of a meta-objective, or that of an update field.

    Raises `NotDifferentiable` for a loss with a kink, `IllFormed` for MAML without a rate, or with one that depends on the
    parameters or the task.
    """
    if isinstance(problem, UpdateField):
        return FieldDerivation(problem)
    if isinstance(problem, ImplicitObjective):
        return ImplicitDerivation(problem)
    if not isinstance(problem, MetaProblem | MetaObjective):
        raise IllFormed(f"{problem!r} is a {type(problem).__name__}, not a meta-problem, meta-objective or update field")
    made = Derivation(problem)
    _ = made.values
    return made


@final
@dataclass(frozen=True)
class Derivation:
    """What is derived from a meta-problem or meta-objective; each part is computed when it is first asked for."""

    problem: MetaProblem | MetaObjective

    @property
    def plain(self) -> Derivation:
        """The same without adaptation.  Raises `IllFormed` for a meta-objective, which does not say what was adapted."""
        if not isinstance(self.problem, MetaProblem):
            raise IllFormed(f"a meta-objective of {self.problem.learner} does not say what was adapted")
        return Derivation(replace(self.problem, learner="plain"))

    @cached_property
    def values(self) -> Values:
        """The parts as they are written: polynomials, terms, or graphs if they are large."""
        return Values(self.problem, algebra_of(self.problem.parameters, ingredients(self.problem)))

    @cached_property
    def shared(self) -> Values:
        """The parts as graphs, for programs."""
        return Values(self.problem, Graphs(self.problem.parameters))

    @property
    def constants(self) -> tuple[str, ...]:
        """The symbols that are neither parameters nor task variables."""
        if isinstance(self.problem, MetaObjective):
            return tuple(c.name for c in self.problem.constants)
        return tuple(sorted(symbols_of(rate_of(self.problem)))) if self.problem.learner == "maml" else ()

    @cached_property
    def objective(self) -> Expression:
        return self._part("objective", ())

    @cached_property
    def gradient(self) -> Expression:
        return self._part("gradient", (self.problem.dimension,))

    @cached_property
    def hessian(self) -> Expression:
        return self._part("hessian", (self.problem.dimension,) * 2)

    @cached_property
    def third(self) -> Expression:
        """The third derivatives of F, an array of order 3."""
        return self._part("third", (self.problem.dimension,) * 3)

    @cached_property
    def fisher(self) -> Expression:
        return self._part("fisher", (self.problem.dimension,) * 2)

    @cached_property
    def covariance(self) -> Expression:
        return self._part("covariance", (self.problem.dimension,) * 2)

    @cached_property
    def profile(self) -> Expression:
        return self._part("profile", (len(ingredients_of_tasks(self.problem)),))

    @cached_property
    def jacobian(self) -> Expression:
        return self._part("jacobian", (len(ingredients_of_tasks(self.problem)), self.problem.dimension))

    @cached_property
    def sandwich(self) -> Expression:
        """H^-1 C H^-1, valid where det H is not 0.  Raises `IllFormed` where H is singular everywhere."""
        _ = self._sandwich
        return self._part("sandwich", (self.problem.dimension,) * 2)

    @cached_property
    def _sandwich(self) -> tuple[list[list[Any]], Any]:
        """Numerators and denominator; as graphs unless they are polynomials, for they grow fast."""
        return (self.values if isinstance(self.values.algebra, Polynomials) else self.shared).sandwich

    def expansion(self, constant: str, order: int = 2, of: str = "objective") -> Expansion:
        """The Taylor polynomial of a part in a constant, at 0, with its exact coefficients up to the order.

        Raises `IllFormed` for what is no constant, and where there is no Taylor series at 0.
        """
        if constant not in self.constants:
            raise IllFormed(f"{constant} is none of the constants {list(self.constants)}")
        if of not in LABELS or of == "sandwich":
            raise IllFormed(f"{of!r} is none of {', '.join(name for name in LABELS if name != 'sandwich')}")
        found = coefficients(getattr(self, of), self.values.algebra, getattr(self.values, of), constant, order)

        def asserted(parts: tuple[Expression, ...]) -> Assertion:
            if of != "objective":
                raise IllFormed(f"no claim is made of the expansion of the {of}; that of the objective has one")
            return taylor(self, constant, [part.term for part in parts])

        return Expansion(constant, order, found, asserted)

    @cached_property
    def defined_where(self) -> tuple[Term, ...]:
        """Formulas under which all of it holds: in Phi with every theta_t in Phi, denominators nonzero, logarithms and
        square roots of positive numbers; of a meta-objective, its domain, conditions and the domains of its constants."""
        problem, algebra = self.problem, self.values.algebra
        if isinstance(problem, MetaObjective):
            ranges = tuple(formula for constant in problem.constants for formula in constant.domain)
            return tuple(dict.fromkeys((*ranges, *problem.domain, *problem.conditions)))
        ends = [tuple(map(algebra.write, end)) for end in self.values.adapted_points]
        found = list(problem.constraints)
        for loss, end in zip(problem.losses, ends, strict=True):
            at = dict(zip(problem.parameters, end, strict=True))
            found += [substitute(c, at) for c in problem.constraints]
            found += [condition for t in (loss, *end, substitute(loss, at)) for condition in _partial(t)]
        return tuple(dict.fromkeys(found))

    def _part(self, part: str, shape: tuple[int, ...]) -> Expression:
        def polynomials() -> list[list[Any]] | None:
            return getattr(self.values, part) if isinstance(self.values.algebra, Polynomials) and part != "sandwich" else None

        def asserted(rows: Rows) -> Assertion:
            return assertion(self, part, rows)

        origin = Origin(lambda: self._rows(part), lambda: self._program(part, shape), polynomials, asserted)
        return Expression(lambda: self._named(LABELS[part]), shape, origin=origin)

    def _rows(self, part: str) -> Rows:
        algebra = self.values.algebra
        if part == "sandwich":
            return reduced_rows(algebra if isinstance(algebra, Polynomials) else self.shared.algebra, *self._sandwich)
        found = getattr(self.values, part)
        return tuple(tuple(map(algebra.write, row)) for row in found)

    def _program(self, part: str, shape: tuple[int, ...]) -> Program:
        if part in TANGENTS:
            inner: Program = getattr(self, TANGENTS[part]).program
            flat = self._compiled(TANGENTS[part], shape[:-1]) if inner.along else inner
            return flat.derivative(self.problem.parameters)
        return self._compiled(part, shape)

    def _compiled(self, part: str, shape: tuple[int, ...]) -> Program:
        algebra, found = self.shared.algebra, getattr(self.shared, part)
        assert isinstance(algebra, Graphs)
        if part == "sandwich":
            numerators, square = found
            inverse = algebra.graph.power(square, -1)
            found = [[algebra.times(entry, inverse) for entry in row] for row in numerators]
        variables = self.shared.law.variables if part in ("profile", "jacobian") else ()
        inputs = (*self.problem.parameters, *self.constants, *variables)
        return compiled(algebra.graph, [node for row in found for node in row], inputs, shape)

    def _named(self, name: str) -> str:
        """The name with `F`, `I`, ... marked by the learner, and the parameters as arguments."""
        from ..reports.notation import latex

        learner = self.problem.learner
        mark = "" if learner == "plain" else r"_{\mathrm{MAML}}" if learner == "maml" else rf"_{{\text{{{learner}}}}}"
        if mark and isinstance(self.problem, MetaProblem) and self.problem.steps != 1:
            mark += f"^{{({self.problem.steps})}}"
        x = ", ".join(latex(symbol(n)) for n in self.problem.parameters)
        return name.format(F="F" + mark, I="I" + mark, C="C" + mark, P=r"\mathcal{L}" + mark, x=x)


def ingredients_of_tasks(problem: MetaProblem | MetaObjective) -> tuple[Term, ...]:
    return problem.tasks if isinstance(problem, MetaObjective) else problem.losses


def _partial(term: Term) -> list[Term]:
    """Where the divisions, logarithms and square roots of a term are smooth."""
    found = []
    for part in different_subterms([term]):
        if part.head in ("log", "sqrt") and symbols_of(part):
            found.append(less(ZERO, collected(part.args[0])))
        elif part.head == "pow" and part.args[1] < 0 and symbols_of(part):
            found.append(negation(equal(collected(part.args[0]), ZERO)))
    return found
