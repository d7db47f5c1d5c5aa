"""Meta-objectives and update fields: what a method of meta-learning optimises, or iterates, as a function of its meta-parameters.

A meta-parameter is whatever a method learns across tasks: an initialisation, learning rates, mixing weights of an architecture, a
loss, an optimiser.  All of them are parameters here, and each task gives one function of all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, final

from ..printing import text
from ..problems import ELEMENTARY, MetaProblem, Noise, Uniform, exact
from ..symbols import symbol_names
from ..terms import NAME, ZERO, IllFormed, Term, as_term, less, number
from .composition import compose_all, compose_formula, tidy
from .laws import FiniteLaw, Law, ProductLaw, UniformLaw, gaussian_law

LONGEST = 200
"""An error message shows so many characters of a term."""


@final
@dataclass(frozen=True)
class Constant:
    """A real symbol that is no parameter; `domain` are formulas in it, such as `0 < alpha`."""

    name: str
    domain: tuple[Term, ...] = ()

    def __post_init__(self) -> None:
        if not NAME.match(self.name):
            raise IllFormed(f"{self.name!r} is no name")
        for formula in self.domain:
            _check_formula(formula, {self.name}, f"the domain of {self.name}")


@final
@dataclass(frozen=True)
class MetaObjective:
    """F(phi) = E_t G_t(phi) for phi in R^n.

    `tasks`: G_t for each task of a finite law, else one term in the law's variables.  `constants`: symbols that are no
    parameters.  `domain`: formulas in parameters and constants whose conjunction is Phi; none for R^n.  `conditions`:
    formulas that hold exactly where every G_t is defined and C^2 (and every adapted point in Phi), when that is not all of
    Phi.  `learner` names the method, `source` its paper.

    Raises `IllFormed` naming the two things that disagree.
    """

    parameters: tuple[str, ...]
    tasks: tuple[Term, ...]
    law: Law
    constants: tuple[Constant, ...] = ()
    domain: tuple[Term, ...] = ()
    conditions: tuple[Term, ...] = ()
    learner: str = "plain"
    source: str = ""

    def __post_init__(self) -> None:
        _normalise(self)
        object.__setattr__(self, "tasks", tuple(map(as_term, self.tasks)))
        _check_count(self.law, len(self.tasks), "losses")
        _check_symbols(self, self.tasks, "the loss")

    @classmethod
    def of(cls, problem: MetaProblem | MetaObjective) -> MetaObjective:
        """The objective of a meta-problem; symbols of its rate become constants."""
        if isinstance(problem, MetaObjective):
            return problem
        if not isinstance(problem, MetaProblem):
            raise IllFormed(f"{problem!r} is a {type(problem).__name__}, not a meta-problem or meta-objective")
        from .smoothness import smooth_where

        where = smooth_where(problem.losses, problem.constraints)
        plain = cls(problem.parameters, problem.losses, _law_of(problem), (), problem.constraints, where)
        if problem.learner == "plain":
            return plain
        if problem.rate is None:
            raise IllFormed(f"the learner {problem.learner} has no rate")
        from .learners.maml import maml

        return maml(plain, rate=problem.rate, steps=problem.steps)

    @property
    def dimension(self) -> int:
        return len(self.parameters)

    @property
    def problem(self) -> MetaProblem:
        """The plain meta-problem with the losses G_t on the part of Phi where the conditions hold.

        Raises `IllFormed` when a constant has no value yet.
        """
        if self.constants:
            raise IllFormed(f"{', '.join(c.name for c in self.constants)} has no value yet; `at` gives it one")
        from .standard_laws import spoken_of

        tasks, weights, noise, conditions = spoken_of(self)
        names = {v.name for v in noise}
        constraints = tuple(_as_inequality(formula, names) for formula in (*self.domain, *conditions))
        return MetaProblem(self.parameters, tasks, weights, constraints, noise)

    def at(self, **values: Any) -> MetaObjective:
        """The objective with rational values for constants.  Raises `IllFormed` for a value outside the constant's domain."""
        found = values_of(self.constants, values)
        tasks = compose_all(self.tasks, found)
        return replace(self, tasks=tasks, **_put_everywhere(self, found))


@final
@dataclass(frozen=True)
class UpdateField:
    """phi <- phi + step * V(phi) with V = E_t V_t: an iteration that need not descend along any objective.

    `tasks`: the n components of V_t for each task of a finite law, else one row in the law's variables.  The other fields
    are those of `MetaObjective`.

    Raises `IllFormed` naming the two things that disagree.
    """

    parameters: tuple[str, ...]
    tasks: tuple[tuple[Term, ...], ...]
    law: Law
    constants: tuple[Constant, ...] = ()
    domain: tuple[Term, ...] = ()
    conditions: tuple[Term, ...] = ()
    learner: str = "plain"
    source: str = ""

    def __post_init__(self) -> None:
        _normalise(self)
        object.__setattr__(self, "tasks", tuple(tuple(map(as_term, row)) for row in self.tasks))
        _check_count(self.law, len(self.tasks), "fields")
        for row in self.tasks:
            if len(row) != len(self.parameters):
                raise IllFormed(f"a field of {len(row)} components disagrees with {len(self.parameters)} parameters")
            _check_symbols(self, row, "the component")

    @property
    def dimension(self) -> int:
        return len(self.parameters)

    @property
    def problem(self) -> MetaProblem:
        """Raises `IllFormed`: an update field has no task losses."""
        raise IllFormed(f"the update field of {self.learner} has no task losses, so it is no meta-problem")

    def at(self, **values: Any) -> UpdateField:
        """The field with rational values for constants.  Raises `IllFormed` for a value outside the constant's domain."""
        found = values_of(self.constants, values)
        tasks = tuple(compose_all(row, found) for row in self.tasks)
        return replace(self, tasks=tasks, **_put_everywhere(self, found))


def distinct(terms: Iterable[Term]) -> Iterator[Term]:
    """Every subterm of the terms, each object once, however often it is shared."""
    stack, seen = list(terms), set[int]()
    while stack:
        here = stack.pop()
        if id(here) not in seen:
            seen.add(id(here))
            yield here
            stack.extend(a for a in here.args if type(a) is Term)


def symbols_of(*terms: Term) -> set[str]:
    """The names in elementary terms and formulas without quantifiers (these bind nothing)."""
    return {str(part.args[0]) for part in distinct(terms) if part.head == "sym"}


def _normalise(made: MetaObjective | UpdateField) -> None:
    """Names as a tuple; constants given as symbols stand for any number; parameters,
    constants and task variables have names of their own; formulas speak of them."""
    names = symbol_names(made.parameters)
    object.__setattr__(made, "parameters", names)
    listed = [[c] if isinstance(c, Constant) else map(Constant, symbol_names(c)) for c in made.constants]
    object.__setattr__(made, "constants", tuple(one for some in listed for one in some))
    if not names:
        raise IllFormed("there is no parameter")
    known = [*names, *(c.name for c in made.constants), *made.law.variables]
    if twice := sorted({name for name in known if known.count(name) > 1}):
        raise IllFormed(f"{twice[0]} names two of the parameters, constants and task variables")
    if strange := [name for name in known if not NAME.match(name)]:
        raise IllFormed(f"{strange[0]!r} is no name")
    for formula in made.domain:
        _check_formula(formula, set(known) - set(made.law.variables), "the domain")
    for formula in made.conditions:
        _check_formula(formula, set(known), "a condition")


def _check_count(law: Law, count: int, what: str) -> None:
    if isinstance(law, FiniteLaw):
        if count != len(law.weights):
            raise IllFormed(f"{count} {what} disagree with {len(law.weights)} weights")
    elif count != 1:
        raise IllFormed(f"a law in the task variables {list(law.variables)} takes one of the {what}, not {count}")


def _check_symbols(made: MetaObjective | UpdateField, terms: Iterable[Term], what: str) -> None:
    known = {*made.parameters, *(c.name for c in made.constants), *made.law.variables}
    for term in terms:
        for part in distinct([term]):
            if part.head not in ELEMENTARY:
                raise IllFormed(f"{part.head} in {what} {shown(term)} is no elementary function")
        if strange := sorted(symbols_of(term) - known):
            raise IllFormed(
                f"{what} {shown(term)} mentions {', '.join(strange)}, which is no parameter, constant or task variable"
            )


def _check_formula(formula: Term, known: set[str], what: str) -> None:
    inner = formula.args[0] if formula.head == "not" else formula
    if type(inner) is not Term or inner.head not in ("lt", "le", "eq") or (inner.head == "eq") != (formula.head == "not"):
        raise IllFormed(f"{what} has {shown(formula)}, which is none of g < h, g <= h and not g = h")
    for part in distinct(inner.args):
        if part.head not in ELEMENTARY:
            raise IllFormed(f"{part.head} in {shown(formula)} is no elementary function")
    if strange := sorted(symbols_of(formula) - known):
        raise IllFormed(f"{what} has {shown(formula)}, which mentions {', '.join(strange)}")


def shown(term: Term) -> str:
    """The term in at most `LONGEST` characters."""
    if sum(1 for _ in zip(range(LONGEST), distinct([term]), strict=False)) == LONGEST:
        return f"a term in {', '.join(sorted(symbols_of(term)))}"
    written = text(term)
    return written if len(written) <= LONGEST else written[: LONGEST - 3] + "..."


def _law_of(problem: MetaProblem) -> Law:
    if not problem.noise:
        return FiniteLaw(problem.weights)
    if len(problem.losses) > 1:
        raise IllFormed(f"{len(problem.losses)} losses with random variables: write a mixture law of one loss instead")
    return independent(problem.noise)


def independent(noise: Sequence[Noise | Uniform]) -> Law:
    """The law of independent variables: of a Gaussian vector if all are Gaussian."""
    gaussians = [v for v in noise if isinstance(v, Noise)]
    if len(gaussians) == len(noise):
        return gaussian_law([v.name for v in gaussians], [v.mean for v in gaussians], [v.variance for v in gaussians])
    boxes = {v.name: UniformLaw((v.name,), ((v.low, v.high),)) for v in noise if isinstance(v, Uniform)}
    return ProductLaw(tuple(boxes.get(v.name) or independent([v]) for v in noise))


def _as_inequality(formula: Term, random: set[str]) -> Term:
    """not g = h is 0 < (g - h)^2.  Raises `IllFormed` for a formula that mentions a task variable."""
    if shared := sorted(symbols_of(formula) & random):
        raise IllFormed(f"the condition {shown(formula)} mentions the task variable {', '.join(shared)}")
    return less(ZERO, (formula.args[0].args[0] - formula.args[0].args[1]) ** 2) if formula.head == "not" else formula


def values_of(constants: tuple[Constant, ...], values: Mapping[str, Any]) -> dict[str, Term]:
    if strange := sorted(set(values) - {c.name for c in constants}):
        raise IllFormed(f"{strange[0]} is none of the constants {[c.name for c in constants]}")
    found = {name: number(exact(value, f"the value of {name}")) for name, value in values.items()}
    for constant in constants:
        for formula in constant.domain if constant.name in found else ():
            if holds(compose_formula(formula, found)) is False:
                raise IllFormed(f"{constant.name} = {text(found[constant.name])} disagrees with {text(formula)}")
    return found


def _put_everywhere(made: MetaObjective | UpdateField, values: Mapping[str, Term]) -> dict[str, Any]:
    """The fields besides the tasks, with these values put in; conditions that then hold are left out."""
    changed: dict[str, Any] = {"constants": tuple(c for c in made.constants if c.name not in values)}
    for name in ("domain", "conditions"):
        put = [compose_formula(formula, values) for formula in getattr(made, name)]
        if wrong := [formula for formula in put if holds(formula) is False]:
            raise IllFormed(f"with these values {shown(wrong[0])} is false, which {name} asks for")
        changed[name] = tuple(formula for formula in put if holds(formula) is None)
    return changed


def holds(formula: Term) -> bool | None:
    """The truth value of a comparison of rational numbers; None when a side is not a number once tidied."""
    inner = formula.args[0] if formula.head == "not" else formula
    left, right = (tidy(side) for side in inner.args)
    if left.head != "num" or right.head != "num":
        return None
    a, b = left.args[0], right.args[0]
    return bool({"lt": a < b, "le": a <= b, "eq": a != b}[inner.head])
