"""A polynomial that is negative where inequalities and equations hold, against a Positivstellensatz certificate.

p = s_0 + sum_i s_i g_i + sum_j h_j f_j with sums of squares s_i, for inequalities g_i >= 0 and equations f_j = 0 of the
branch, contradicts p < 0 (Putinar 1993).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import partial

from ...certificates import Combine, Proof, Summand
from ...kernel.branch import Branch, Literal
from ...kernel.polynomial import generators_of
from ...terms import ONE, Term
from ..algebra.polynomials import Polynomial, Squares, degree_of
from ..positivity.sums_of_squares import Representation, positivstellensatz
from .branch_polynomials import EQUATION, Prove, Step, accepted, in_reach, names_in, polynomial_in, term_of

MOST_CONSTRAINTS, EXTRA_DEGREES = 8, (0, 2)


def represented_below(branch: Branch) -> Step | None:
    """A strict literal against the weak ones and the equations in its variables."""
    for place, literal in enumerate(branch.literals):
        variables = sorted(generators_of(literal.polynomial))
        if "0" in literal.signs or literal.signs == frozenset("-+") or not in_reach(branch, [literal.polynomial], variables):
            continue
        others = [k for k, one in enumerate(branch.literals) if k != place and _usable(one, variables)]
        weak = [k for k in others if branch.literals[k].signs != EQUATION]
        if not 0 < len(others) <= MOST_CONSTRAINTS or not weak:
            continue
        found = _closing(branch, place, weak, [k for k in others if k not in weak], variables)
        if found is not None:
            return partial(_closed, found)
    return None


def _closed(found: Proof, prove: Prove) -> Proof | None:
    return found


def _usable(literal: Literal, variables: list[int]) -> bool:
    return literal.signs != frozenset("-+") and generators_of(literal.polynomial) <= set(variables)


def _closing(branch: Branch, place: int, weak: list[int], equations: list[int], variables: list[int]) -> Combine | None:
    goal = {e: -c for e, c in oriented(branch, place, variables).items()}
    inequalities = [oriented(branch, k, variables) for k in weak]
    system = [polynomial_in(branch.literals[k].polynomial, variables) for k in equations]
    first = max(map(degree_of, [goal, *inequalities, *system]))
    for extra in EXTRA_DEGREES:
        found = positivstellensatz(goal, system, inequalities, first + first % 2 + extra)
        if found is not None:
            names = names_in(branch, variables)
            closing = Combine(tuple(_summands(place, weak, equations, found, names)))
            if accepted(branch, closing):
                return closing
    return None


def oriented(branch: Branch, place: int, variables: list[int]) -> Polynomial:
    """The polynomial of a literal with the sign that makes it >= 0."""
    literal = branch.literals[place]
    side = -1 if literal.signs <= frozenset("-0") else 1
    return {e: side * c for e, c in polynomial_in(literal.polynomial, variables).items()}


def _summands(place: int, weak: list[int], equations: list[int], found: Representation, names: Sequence[Term]) -> list[Summand]:
    """The kernel takes an equation with its polynomial negated."""
    made = [Summand((place,), ((Fraction(1), ONE),), False)]
    for literals, squares in zip([(), *((k,) for k in weak)], found.squares, strict=True):
        if squares:
            made.append(Summand(literals, _listed(squares, names), False))
    for k, h in zip(equations, found.cofactors, strict=True):
        if h:
            made.append(Summand((k,), ((Fraction(1), term_of({e: -c for e, c in h.items()}, names)),), True))
    return made


def _listed(squares: Squares, names: Sequence[Term]) -> tuple[tuple[Fraction, Term], ...]:
    return tuple((c, term_of(q, names)) for c, q in squares)
