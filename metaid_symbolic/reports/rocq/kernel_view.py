"""All that the export takes from the kernel: how it reads formulas, and a branch of its tableau.  Nothing here is believed:
Rocq checks what is made of it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from ...certificates import Lemma
from ...kernel import lemmas
from ...kernel.branch import Branch as Branch
from ...kernel.branch import Signed as Signed
from ...kernel.branch import members as members
from ...kernel.branch import sort_of
from ...kernel.derivative import derivative as derivative
from ...kernel.instances import needed as needed
from ...kernel.normal import Normaliser
from ...kernel.objectives import is_polynomial as is_polynomial
from ...kernel.objectives import put as put
from ...kernel.objectives import tidy as tidy
from ...kernel.polynomial import Ring, coefficients_in, constant_of, generators_of, key_of, to_term
from ...kernel.reading import specialised as specialised
from ...kernel.rejection import Rejected as Rejected
from ...kernel.rules import cases as cases
from ...kernel.tableau import disjunction_of as disjunction_of
from ...kernel.unfold import Reading as Reading
from ...terms import Term

Comparison = tuple[Any, frozenset[str], tuple[Any, ...]]
"""A polynomial, its possible signs, and the factors by which the comparison divides."""


def new_branch(constants: frozenset[str]) -> Branch:
    return Branch(Normaliser(Ring(), sort_of), constants)


def comparison(branch: Branch, f: Term, holds: bool) -> Comparison | None:
    """How the branch reads a comparison; None where it does not."""
    read = branch._read(f, holds)
    if read is None:
        return None
    return read[0], frozenset(read[1]), branch.normaliser.scalar(f.args[0] - f.args[1]).factors


def add_atom(branch: Branch, f: Term, holds: bool) -> None:
    branch._add_atom(f, holds)


def place_of(branch: Branch, p: Any) -> int | None:
    """The literal about p, up to scaling."""
    key = key_of(p)[0]
    return next((i for i, one in enumerate(branch.literals) if key_of(one.polynomial)[0] == key), None)


def constant(p: Any) -> Fraction | None:
    return constant_of(p)


def as_written(branch: Branch, p: Any) -> Term:
    return to_term(p, branch.normaliser.ring)


def polynomial(branch: Branch, term: Term) -> Any:
    return branch.normaliser.polynomial(term)


def coefficients(branch: Branch, p: Any, variable: Term) -> tuple[Fraction, ...] | None:
    """The coefficients of p in the variable; None if p is not about it alone."""
    (generator,) = generators_of(branch.normaliser.ring.generator(variable))
    return tuple(coefficients_in(p, generator)) if generators_of(p) == {generator} else None


def quotient(branch: Branch, term: Term) -> tuple[Any, tuple[Any, ...]]:
    """The normal form of a term: a numerator, and the factors of the denominator."""
    found = branch.normaliser.scalar(term)
    return found.numerator, found.factors


def generators(branch: Branch, p: Any) -> list[Term]:
    return [branch.normaliser.ring.term_of(g) for g in sorted(generators_of(p))]


def without(branch: Branch, name: str) -> Branch:
    """An empty branch with the same variables but one."""
    made = Branch(branch.normaliser, frozenset(branch.variables - {name}))
    made._count, made.labels, made.ranges = branch._count, dict(branch.labels), dict(branch.ranges)
    return made


def general_rule(name: str) -> Term | None:
    """The formula of a rule without terms; None if it is no rule."""
    try:
        return lemmas.lemma(name, ())
    except Rejected:
        return None


def opaque_key(branch: Branch, f: Term) -> Any:
    """What identifies a predicate's atom in the branch."""
    return branch._opaque_key(f)


def rule(step: Lemma) -> Term | None:
    """The formula of a rule about one function's value; None for other rules."""
    return lemmas.lemma(step.name, step.terms) if step.name in ("relu", "sqrt", "log", "exp") else None
