"""Polynomials of a branch as dictionaries, the literals about them, and steps of a proof that have a continuation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from ...certificates import Combine, Proof, Summand
from ...kernel.branch import Branch
from ...kernel.polynomial import generators_of
from ...kernel.rejection import Rejected
from ...kernel.tableau import combine
from ...terms import ONE, ZERO, Term, equal, number
from ..algebra.polynomials import Polynomial, combination, primitive

Prove = Callable[[Branch], Proof | None]
Step = Callable[[Prove], Proof | None]
"""What is left of a proof is asked for by the step: it gives the branches to `Prove`."""
EQUATION = frozenset("0")
MOST_VARIABLES, MOST_DEGREE = 6, 12


def names_in(branch: Branch, variables: Sequence[int]) -> list[Term]:
    """The terms that the generators stand for."""
    return [branch.normaliser.ring.term_of(v) for v in variables]


def cases_of(branch: Branch, formula: Term) -> tuple[Branch, Branch]:
    """The branch with the formula, and with its negation."""
    yes, no = branch.copy(), branch.copy()
    yes.add(formula)
    no.add(formula, False)
    return yes, no


def zero_or_not(
    branch: Branch, p: Polynomial, variables: list[int], weight: Fraction = Fraction(1)
) -> tuple[Term, Branch, Branch, Summand] | None:
    """The formula p = 0, the branches with it and without, and the summand weight p^2 > 0 of the latter; None if closed."""
    formula = equal(term_of(p, names_in(branch, variables)), ZERO)
    yes, no = cases_of(branch, formula)
    where = place_of(no, p, variables)
    if no.closed or where is None:
        return None
    return formula, yes, no, Summand((where,), ((weight * ratio(no, where, p, variables) ** 2, ONE),), False)


def polynomial_in(p: Any, variables: list[int]) -> Polynomial:
    """A polynomial of the branch with exponents for the listed generators."""
    return {tuple(dict(m).get(v, 0) for v in variables): c for m, c in p.monomials()}


def term_of(p: Polynomial, names: Sequence[Term]) -> Term:
    pieces = []
    for exponents, c in sorted(p.items()):
        powers = [n if e == 1 else n**e for n, e in zip(names, exponents, strict=True) if e]
        pieces.append(Term("mul", (number(c), *powers)) if powers else number(c))
    return pieces[0] if len(pieces) == 1 else Term("add", tuple(pieces)) if pieces else ZERO


def place_of(branch: Branch, p: Polynomial, variables: list[int]) -> int | None:
    """The literal about p, up to a factor."""
    wanted = primitive_up_to_sign(p)
    for place in reversed(range(len(branch.literals))):
        known = branch.literals[place].polynomial
        if generators_of(known) <= set(variables) and primitive_up_to_sign(polynomial_in(known, variables)) == wanted:
            return place
    return None


def primitive_up_to_sign(p: Polynomial) -> Polynomial:
    made = primitive(p)
    return made if made[max(made)] > 0 else {e: -c for e, c in made.items()}


def ratio(branch: Branch, place: int, p: Polynomial, variables: list[int]) -> Fraction:
    """p / (the polynomial of the literal), a number."""
    lead = max(p)
    return p[lead] / polynomial_in(branch.literals[place].polynomial, variables)[lead]


def vanishes(branch: Branch, p: Polynomial, variables: list[int]) -> bool:
    """Whether the branch says p = 0, or p is 0."""
    if len(combination([(Fraction(1), p)])) == 0:
        return True
    where = place_of(branch, p, variables)
    return where is not None and branch.literals[where].signs == EQUATION


def in_reach(branch: Branch, polynomials: Sequence[Any], variables: list[int]) -> bool:
    terms = names_in(branch, variables)
    curved = [p for p in polynomials if len(generators_of(p)) > 1]
    small = all(sum(e for _, e in m) <= MOST_DEGREE for p in curved for m, _ in p.monomials())
    return 0 < len(variables) <= MOST_VARIABLES and small and all(t.head == "sym" for t in terms)


def accepted(branch: Branch, closing: Combine) -> bool:
    try:
        combine(branch, closing.summands)
    except Rejected:
        return False
    return True
