"""Problems in which formulas cannot hold together, by proofs that the kernel replays: one problem, or all polynomials of a class.

A class is a dimension, one task and a degree, or monomials; its coefficients are left open, so that all heights are excluded.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, product

from ..certificates import Proof
from ..kernel.polynomial import Ring
from ..kernel.rejection import Rejected
from ..kernel.tableau import Checker
from ..kernel.unfold import Reading, rational_point
from ..problems import MetaProblem
from ..terms import IllFormed, Term, conjunction, free_symbols, subterms, symbol
from .problems.families import Exponents, Family, coefficients
from .problems.landmarks import first_point, special_points
from .tableaux.candidates import Suggestions
from .tableaux.prover import Prover

Point = tuple[Fraction, ...]
EFFORT = 400
CLASS_EFFORT = 150
FEW_BOUND = 2
"""With more bound names, systems in the coefficients take minutes (COERC => CONV, cubics: over 60 s)."""
MOST_CLASSES = 12
ONE = Fraction(1)
PREDICATES = ("Phi", "whole", "open", "connected", "samelaw")


def excluded(problem: MetaProblem, formulas: list[Term], at: Point | None = None) -> bool:
    """A proof is found that the formulas do not hold together at the point, or at any point of the domain."""
    asked = _together(formulas, somewhere=at is None)
    try:
        read = Reading(problem).formula(asked, {} if at is None else {"phi": rational_point(at)})
    except Rejected:
        return False
    about = Suggestions(points=special_points(problem, at or first_point(problem)))
    return _closed(Prover(about, effort=EFFORT), read, frozenset())


def class_excluded(dimension: int, support: Iterable[Exponents], formulas: list[Term]) -> bool:
    """A proof is found that the formulas hold together at no point of R^n for a single task with these monomials, whatever the
    coefficients are."""
    family = Family.of(dimension, [support], (ONE,))
    if not all(map(_has_reading, formulas)):
        return False
    try:
        read = family.read(_together(formulas, somewhere=True))
    except (Rejected, IllFormed):
        return False
    bound = sum(part.head in ("forall", "exists") for f in formulas for part in subterms(f))
    prover = Prover(effort=CLASS_EFFORT, systems=bound <= FEW_BOUND)
    return _closed(prover, read, frozenset(coefficients(family.losses[0])))


def _has_reading(formula: Term) -> bool:
    """Whether what the formula is for a member is what it is for the family: no predicate looks at how losses are written, and
    nothing depends on the adaptation of a problem."""
    known = all(part.head != "pred" or part.args[0] in PREDICATES for part in subterms(formula))
    return known and not free_symbols(formula) & {"alpha", "steps"}


def _together(formulas: list[Term], somewhere: bool) -> Term:
    together = conjunction([Term("pred", ("Phi", symbol("phi"))), *formulas])
    return Term("exists", ("phi", "point", together)) if somewhere else together


def _closed(prover: Prover, fact: Term, constants: frozenset[str]) -> bool:
    """Whether a proof that the fact is false is found, and accepted."""
    proof = prover.refute([fact], constants)
    return proof is not None and _accepted(fact, proof, constants)


def _accepted(fact: Term, proof: Proof, constants: frozenset[str]) -> bool:
    try:
        Checker({}, Ring()).refute([fact], proof, constants)
    except (Rejected, ValueError, ArithmeticError, RecursionError):
        return False
    return True


def pointwise(formulas: list[Term]) -> bool:
    """Whether the formulas speak of values, gradients and Hessians of losses at phi alone.  If they hold for some C^2 losses
    on R^n, they hold for polynomials of degree at most 2: the second Taylor polynomials at phi."""
    return all(map(_at_phi, (part for f in formulas for part in subterms(f))))


def _at_phi(part: Term) -> bool:
    if part.head in ("app", "grad", "hess"):
        return part.args[0] in ("F", "L") and part.args[-1] == symbol("phi")
    return part.head != "pred" and (part.head != "fisher" or part.args[0] == symbol("phi"))


@dataclass(frozen=True)
class Classes:
    """The classes of single tasks on R^n that come before (dimension, 1 task, degree, terms): all polynomials of less degree,
    and those of the degree with fewer terms."""

    dimension: int
    degree: int
    terms: int

    def excluded(self, formulas: list[Term]) -> bool:
        """All of them are excluded by proofs; of more than `MOST_CLASSES` nothing is said."""
        lower, top = monomials(self.dimension, self.degree - 1), monomials(self.dimension, self.degree)
        if self.degree > 0 and not class_excluded(self.dimension, lower, formulas):
            return False
        count = min(self.terms - 1, len(top))
        supports = [s for s in combinations(top, max(count, 0)) if any(sum(e) == self.degree for e in s) or self.degree == 0]
        if self.terms == 0 or (count == 0 and self.degree > 0):
            return True
        return len(supports) <= MOST_CLASSES and all(class_excluded(self.dimension, s, formulas) for s in supports)


def monomials(dimension: int, degree: int) -> list[Exponents]:
    """Those of at most the degree."""
    return [e for e in product(range(degree + 1), repeat=dimension) if sum(e) <= degree]
