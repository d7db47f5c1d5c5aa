"""Proofs about one problem by enclosures: minima and critical points that no rational number or square shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..certificates import Proof
from ..claims import AtProblem
from ..kernel.objectives import is_polynomial
from ..kernel.rejection import Rejected
from ..theory import Claim
from .argmin import infimum
from .boxes import critical_on_box, signs_on_box
from .coercive import coercive
from .convexity import Minimum, convex
from .enumeration import exponents_of
from .floating import np
from .minimising import MOST_DEGREE, MOST_VARIABLES
from .polynomials import degree_of
from .quotient_ring import NotFinite
from .scripts import Unsolved

Way = Callable[[Minimum], Iterator[Proof]]
ON_BOXES: tuple[Way, ...] = (signs_on_box, critical_on_box)
EVERYWHERE: tuple[Way, ...] = (convex, coercive)


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


def without_rational_minimum(assertion: AtProblem) -> bool:
    """Whether a loss is no polynomial, or F may have minimisers on R^n and no sum of squares is known to show its least value."""
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
    return lowest is not None and lowest.kind in ("attained", "unknown") and lowest.squares is None
