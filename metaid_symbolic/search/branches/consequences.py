"""Consequences of the polynomial equations of a branch.

Members of Groebner bases: one that is linear in a variable eliminates it, one that factors or has one variable makes cases;
where bases are large, an eliminant.  Inequalities are divided by equations in one variable.  Each is a `Cut` whose negative
branch a `Combine` closes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import partial
from math import prod
from typing import Any

import flint

from ...certificates import Combine, Cut, Done, Proof, Summand
from ...kernel.branch import Branch
from ...kernel.polynomial import generators_of
from ...terms import ONE, ZERO, Term, equal, number
from ..algebra.ideal_membership import as_dict, cofactors, groebner_basis
from ..algebra.polynomials import Polynomial, combination, degree_of, one, primitive, times
from ..algebra.quotient_ring import leading
from .branch_polynomials import (
    EQUATION,
    Prove,
    Step,
    accepted,
    cases_of,
    in_reach,
    names_in,
    place_of,
    polynomial_in,
    ratio,
    term_of,
    vanishes,
    zero_or_not,
)
from .elimination import Chain, eliminant
from .real_zeros import located

MOST_EQUATIONS, EXTRA_DEGREE, FEW_ZEROS = 12, 8, 12
"""Equations of one branch that are looked at, by how much cofactors may exceed the degrees, and up to how many zeros a
lexicographic basis is quick to find."""
RELATIONS = {frozenset("-"): "lt-", frozenset("-0"): "le-", frozenset("+"): "lt+", frozenset("0+"): "le+"}


def reduced(branch: Branch) -> Step | None:
    """An inequality divided by an equation in one of its variables: its remainder obeys the inequality."""
    for place, literal in enumerate(branch.literals):
        relation = RELATIONS.get(literal.signs)
        variables = sorted(generators_of(literal.polynomial))
        if relation is None or len(variables) < 2 or not in_reach(branch, [literal.polynomial], variables):
            continue
        for other, equation in enumerate(branch.literals):
            about = generators_of(equation.polynomial)
            if equation.signs == EQUATION and len(about) == 1 and about <= set(variables):
                p, f = polynomial_in(literal.polynomial, variables), polynomial_in(equation.polynomial, variables)
                cofactor, rest = divided(p, f)
                if cofactor and rest:
                    found = _remainder(branch, (place, other), relation, cofactor, rest, variables)
                    if found is not None:
                        return found
    return None


def _remainder(
    branch: Branch, places: tuple[int, int], relation: str, cofactor: Polynomial, rest: Polynomial, variables: list[int]
) -> Step | None:
    """p = cofactor f + rest, f = 0, and p has the relation to 0."""
    names = names_in(branch, variables)
    term = term_of(rest, names)
    formula = Term(relation[:2], (ZERO, term) if relation.endswith("+") else (term, ZERO))
    if branch.truth(formula, True) is not None:
        return None
    yes, no = cases_of(branch, formula)
    where = place_of(no, rest, variables)
    if no.closed or where is None:
        return None
    sign = -1 if relation.endswith("+") else 1
    scale = abs(ratio(no, where, rest, variables))
    free = Summand((places[1],), ((Fraction(1), number(-sign) * term_of(cofactor, names)),), True)
    closing = Combine((Summand((places[0],), ((Fraction(1), ONE),), False), Summand((where,), ((scale, ONE),), False), free))
    return partial(_cut, formula, yes, closing) if accepted(no, closing) else None


def divided(p: Polynomial, f: Polynomial) -> tuple[Polynomial, Polynomial]:
    """Quotient and remainder by f, which has one variable."""
    top = max(f)
    i = next(i for i, k in enumerate(top) if k)
    quotient: Polynomial = {}
    rest = dict(p)
    while (large := next((e for e in rest if e[i] >= top[i]), None)) is not None:
        factor = {(*large[:i], large[i] - top[i], *large[i + 1 :]): rest[large] / f[top]}
        quotient = combination([(Fraction(1), quotient), (Fraction(1), factor)])
        rest = combination([(Fraction(1), rest), (Fraction(-1), times(factor, f))])
    return quotient, rest


def consequence(branch: Branch) -> Step | None:
    """A member of a Groebner basis of the equations that is linear in a variable, factors, or has one variable."""
    places = [i for i, one in enumerate(branch.literals) if one.signs == EQUATION]
    variables = sorted({g for i in places for g in generators_of(branch.literals[i].polynomial)})
    equations = [branch.literals[i].polynomial for i in places]
    if not 1 <= len(places) <= MOST_EQUATIONS or not in_reach(branch, equations, variables):
        return None
    system = [polynomial_in(p, variables) for p in equations]
    for place, p in zip(places, system, strict=True):
        parts = factors(p)
        split = len(parts) > 1 or (parts and parts[0][1] > 1)
        if split and not any(vanishes(branch, factor, variables) for factor, _ in parts):
            return partial(_cases, branch, place, p, parts, variables)
    for goal in _useful(system) if len(system) > 1 else ():  # one polynomial is a basis already
        if not vanishes(branch, goal, variables):
            found = _derived(branch, goal, system, places, variables)
            if found is not None:
                return found
    if len(system) < len(variables) or any(len(generators_of(p)) == 1 for p in equations):
        return None
    found = located(branch, system, places, variables)
    if found is not None:
        return found
    return eliminant(Chain(branch.copy(), names_in(branch, variables)), system, places)


def _useful(system: list[Polynomial]) -> Iterator[Polynomial]:
    """Members of two Groebner bases, the simplest first."""
    found: dict[Any, Polynomial] = {}
    basis = groebner_basis(system)
    for order in (flint.Ordering.degrevlex, flint.Ordering.lex) if small_quotient(basis) else (flint.Ordering.degrevlex,):
        for p in groebner_basis(system, order) or ():
            found[tuple(sorted(p.items()))] = p
    listed = sorted(found.values(), key=lambda p: (degree_of(p), len(p)))
    for p in listed:
        used = [i for i in range(len(next(iter(p)))) if any(e[i] for e in p)]
        if len(used) <= 1 or len(factors(p)) > 1 or any(_gives(p, i) for i in used):
            yield p


def small_quotient(basis: list[Polynomial] | None) -> bool:
    """Whether a lexicographic basis is quick to find: infinitely many zeros, or few."""
    leads = [leading(p) for p in basis or ()]
    if not leads:
        return False
    sides = [min((e[i] for e in leads if sum(e) == e[i]), default=1) for i in range(len(leads[0]))]
    return prod(sides) <= FEW_ZEROS


def _gives(p: Polynomial, i: int) -> bool:
    """Whether p is linear in variable i, with a constant coefficient."""
    return [sum(e) for e in p if e[i]] == [1]


def _derived(branch: Branch, goal: Polynomial, system: list[Polynomial], places: list[int], variables: list[int]) -> Step | None:
    """A cut for a member of the ideal of the equations."""
    names = names_in(branch, variables)
    square = times(goal, goal)
    first = max(degree_of(goal), *map(degree_of, system))
    weights = next((w for d in range(first, first + EXTRA_DEGREE + 1) if (w := cofactors(goal, system, d)) is not None), None)
    if weights is None or not square:
        return None
    made = zero_or_not(branch, goal, variables)
    if made is None:
        return None
    formula, yes, no, positive = made
    parts = [positive]
    for place, h in zip(places, weights, strict=True):
        if h:
            parts.append(Summand((place,), ((Fraction(1), term_of(times(h, goal), names)),), True))
    closing = Combine(tuple(parts))
    if not accepted(no, closing):
        return None
    return partial(_cut, formula, yes, closing)


def _cut(formula: Term, yes: Branch, closing: Proof, prove: Prove) -> Proof | None:
    rest = Done() if yes.closed else prove(yes)
    return rest and Cut(formula, rest, closing)


def _cases(
    branch: Branch, place: int, p: Polynomial, parts: Sequence[tuple[Polynomial, int]], variables: list[int], prove: Prove
) -> Proof | None:
    """One case for each factor of the equation p = 0; a last one in which none of them is 0."""
    names = names_in(branch, variables)
    cuts: list[tuple[Term, Proof]] = []
    here = branch.copy()
    for factor, _ in parts:
        formula = equal(term_of(factor, names), ZERO)
        yes = here.copy()
        yes.add(formula)
        here.add(formula, False)
        found = Done() if yes.closed else prove(yes)
        if found is None:
            return None
        cuts.append((formula, found))
        if here.closed:
            break
    proof: Proof | None = Done() if here.closed else _none_vanishes(here, place, p, parts, variables)
    for formula, found in reversed(cuts):
        proof = proof and Cut(formula, found, proof)
    return proof


def _none_vanishes(
    branch: Branch, place: int, p: Polynomial, parts: Sequence[tuple[Polynomial, int]], variables: list[int]
) -> Proof | None:
    """p^2 is a multiple of the product of the squared factors, so it is not 0."""
    names = names_in(branch, variables)
    whole = one(p)
    literals: list[int] = []
    for factor, multiplicity in parts:
        where = place_of(branch, factor, variables)
        if where is None:
            return None
        strict = branch.literals[where].signs != frozenset("-+")  # then the kernel takes the factor itself, not its square
        literals += [where] * (multiplicity * (2 if strict else 1))
        known = polynomial_in(branch.literals[where].polynomial, variables)
        for _ in range(multiplicity):
            whole = times(whole, times(known, known))
    square = times(p, p)
    lead = max(square)
    scale = square[lead] / whole[lead]
    closing = Combine(
        (Summand(tuple(literals), ((scale, ONE),), False), Summand((place,), ((Fraction(1), term_of(p, names)),), True))
    )
    return closing if accepted(branch, closing) else None


def factors(p: Polynomial) -> list[tuple[Polynomial, int]]:
    """The irreducible factors over Q that are not constant, with multiplicity."""
    variables = len(next(iter(p)))
    ring = flint.fmpz_mpoly_ctx.get([f"x{i}" for i in range(variables)], flint.Ordering.lex)
    _, found = ring.from_dict({e: int(c) for e, c in primitive(p).items()}).factor()
    return [(as_dict(f), int(k)) for f, k in found if f.total_degree() > 0]
