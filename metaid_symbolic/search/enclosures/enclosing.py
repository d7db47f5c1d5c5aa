"""Proofs about one problem by enclosures: minima and critical points that no rational number or square shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from ...certificates import Proof
from ...claims import AtProblem
from ...conditions import Conditions
from ...kernel.objectives import is_polynomial
from ...kernel.rejection import Rejected
from ...problems import MetaProblem
from ...terms import TRUE, ZERO, Term, conjunction, disjunction, equal, less, number, symbol
from ...theory import Claim
from ..algebra.critical_points import RealPoint
from ..algebra.polynomials import degree_of
from ..algebra.quotient_ring import NotFinite
from ..floating import np
from ..minimising import MOST_DEGREE, MOST_VARIABLES, in_terms
from ..positivity.argmin import infimum
from ..problems.enumeration import exponents_of
from ..tableaux.scripts import Unsolved
from .boxes import critical_on_box, signs_on_box
from .coercive import coercive, tied_minima
from .convexity import Minimum, convex

Way = Callable[[Minimum], Iterator[Proof]]
ON_BOXES: tuple[Way, ...] = (signs_on_box, critical_on_box)
EVERYWHERE: tuple[Way, ...] = (convex, tied_minima, coercive)
ONE_UNIT = 1 << 16


def proofs(claim: Claim, assertion: AtProblem) -> Iterator[tuple[bool, Proof]]:
    """Proofs that the formula holds, or that it fails."""
    ways = ON_BOXES if assertion.problem.constraints else EVERYWHERE
    for truth in (True, False) if claim.expected is not False else (False, True):
        about = Minimum(assertion.problem, claim.cited, assertion.formula, truth)
        for way in ways:
            try:
                yield from ((truth, proof) for proof in way(about))
            except (Rejected, Unsolved, NotFinite, ArithmeticError, RecursionError, ValueError, np.linalg.LinAlgError):
                continue


def location(problem: MetaProblem) -> Term | None:
    """That F has minimisers on R^n and where: each is one of finitely many points, rational, or algebraic with a defining
    polynomial (n = 1) and bounds of the coordinates.  None where `infimum` does not say."""
    lowest = infimum(exponents_of(Minimum(problem, (), TRUE).objective, problem.parameters))
    if problem.constraints or lowest.kind != "attained" or lowest.everywhere:
        return None
    b = symbol("b")
    coordinates = [Term("coord", (b, number(i + 1))) for i in range(problem.dimension)]
    scale = lowest.critical.scale * lowest.critical.form[0] if lowest.critical is not None else 0
    exact = [conjunction([equal(c, number(v)) for c, v in zip(coordinates, p, strict=True)]) for p in lowest.points]
    there = disjunction([*exact, *(_near(p, coordinates, scale) for p in lowest.algebraic)])
    least = Conditions().parse("forall b in argmin F: true").args[2].args[0]
    return conjunction([Conditions().parse("EXISTS"), Term("forall", ("b", "point", Term("implies", (least, there))))])


def _near(point: RealPoint, coordinates: list[Term], scale: int) -> Term:
    """Bounds of the coordinates to sixteen bits; for one coordinate x that scale x is a root of the point's polynomial."""
    made: list[Term] = []
    for x, c in zip(point.enclosure(256), coordinates, strict=True):
        below = int((x * ONE_UNIT).floor().unique_fmpz())
        made += [less(number(Fraction(below - 1, ONE_UNIT)), c), less(c, number(Fraction(below + 2, ONE_UNIT)))]
    if len(coordinates) == 1 and scale:
        defining = [Fraction(int(c)) * scale**k for k, c in enumerate(point.family.polynomial.coeffs())]
        made.append(equal(in_terms(defining, coordinates[0]), ZERO))
    return conjunction(made)


def without_rational_minimum(assertion: AtProblem) -> bool:
    """Whether a loss is no polynomial, or F may have minimisers on R^n and no sum of squares is known to show its least value, or
    several of them are irrational."""
    problem = assertion.problem
    if not all(map(is_polynomial, problem.losses)):
        return True
    if problem.constraints or problem.noise or problem.rate is not None or problem.dimension > MOST_VARIABLES:
        return False
    try:
        p = exponents_of(Minimum(problem, (), assertion.formula).objective, problem.parameters)
        lowest = infimum(p) if 0 < degree_of(p) <= MOST_DEGREE else None
    except (Rejected, ValueError, NotFinite):
        return False
    if lowest is None or lowest.kind not in ("attained", "unknown"):
        return False
    return lowest.squares is None or len(lowest.algebraic) > 1
