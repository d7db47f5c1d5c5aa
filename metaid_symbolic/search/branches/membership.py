"""A polynomial that is not 0 and lies in the ideal of the equations of a branch."""

from __future__ import annotations

from fractions import Fraction

from ...certificates import Combine, Summand
from ...kernel.branch import Branch
from ...kernel.polynomial import generators_of
from ...terms import ONE
from ..algebra.ideal_membership import cofactors
from ..algebra.polynomials import degree_of, times
from .branch_polynomials import EQUATION, MOST_DEGREE, MOST_VARIABLES, accepted, names_in, polynomial_in, term_of

EXTRA_DEGREES = (0, 1, 2)
"""By how much the products with cofactors may exceed the degrees of the equations."""
MOST_EQUATIONS = 6


def in_the_ideal(branch: Branch) -> Combine | None:
    """d != 0 and d = sum_j h_j f_j with equations f_j = 0: then d^2 - sum_j d h_j f_j = 0."""
    places = [i for i, one in enumerate(branch.literals) if one.signs == EQUATION]
    equations = [branch.literals[i].polynomial for i in places]
    for place, literal in enumerate(branch.literals):
        variables = sorted(generators_of(literal.polynomial).union(*map(generators_of, equations)))
        if literal.signs != frozenset("-+") or not 0 < len(places) <= MOST_EQUATIONS or len(variables) > MOST_VARIABLES:
            continue
        goal, system = polynomial_in(literal.polynomial, variables), [polynomial_in(f, variables) for f in equations]
        first = max(map(degree_of, [goal, *system]))
        for degree in (first + extra for extra in EXTRA_DEGREES if first + extra <= MOST_DEGREE):
            weights = cofactors(goal, system, degree)
            if weights is not None:
                names = names_in(branch, variables)
                parts = [
                    Summand((i,), ((Fraction(1), term_of(times(h, goal), names)),), True)
                    for i, h in zip(places, weights, strict=True)
                    if h
                ]
                closing = Combine((Summand((place,), ((Fraction(1), ONE),), False), *parts))  # the kernel reads f as -f
                return closing if accepted(branch, closing) else None
    return None
