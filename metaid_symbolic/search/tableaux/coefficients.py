"""An equation between polynomials that holds for all values of some variables: each coefficient of their difference is 0.

At as many points as there are monomials, chosen so that the values there determine a combination of the monomials, each
coefficient is a combination of the values: a `Cut`, whose negative branch takes these instances and a `Combine` closes.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from itertools import product
from math import prod
from typing import Any

from ...certificates import Combine, Cut, Done, Instantiate, Proof, Summand
from ...kernel.branch import Branch
from ...kernel.normal import Opaque
from ...kernel.polynomial import TooLarge, constant_of, generators_of, to_term
from ...kernel.rejection import Rejected
from ...terms import ONE, ZERO, Term, equal, free_symbols, number, substitute, symbol
from ..branches.branch_polynomials import EQUATION, Prove, Step, accepted, cases_of, place_of, polynomial_in, ratio
from ..branches.instances import instance
from .candidates import quantifier_groups

MOST_MONOMIALS = 12
SIDE = (0, 1, -1, 2, -2, 3)
"""Coordinates of the points."""

Exponents = tuple[int, ...]
Row = list[Fraction]


@dataclass(frozen=True)
class Everywhere:
    """Fact `place` says sum_e coefficients[e] y^e = 0 for all y."""

    place: int
    coefficients: dict[Exponents, Any]


def coefficients_vanish(branch: Branch) -> Step | None:
    """The coefficients of the first equation of this kind that was not used yet and says something new."""
    for place, fact in enumerate(branch.facts):
        mark = f"coefficients {place}"
        if type(fact[0]) is not Term or fact[1] is not True or mark in branch.labels:
            continue
        branch.labels[mark] = "used"
        found = everywhere(branch, place, fact[0])
        if found is not None and (weights := determined(list(found.coefficients))):
            return partial(_cuts, branch, found, list(weights.items()))
    return None


def everywhere(branch: Branch, place: int, formula: Term) -> Everywhere | None:
    """The fact as an equation of polynomials in the real variables that it binds; None if it is none."""
    names = [n for group in quantifier_groups(formula, True) for n in group]
    fresh, body = [f"_bound{i}" for i in range(len(names))], formula
    for _ in names:
        if body.head != "forall" or body.args[1] != "real":
            return None
        body = body.args[2]
    if body.head != "eq" or not names or len(set(names)) < len(names):
        return None
    try:
        left, right = (substitute(side, dict(zip(names, map(symbol, fresh), strict=True))) for side in body.args)
        p = branch.normaliser.polynomial(left - right)
    except (Opaque, Rejected, TooLarge):
        return None
    found = _collected(branch, p, fresh)
    return Everywhere(place, found) if found and len(found) <= MOST_MONOMIALS else None


def _collected(branch: Branch, p: Any, names: list[str]) -> dict[Exponents, Any] | None:
    """The coefficients of p as a polynomial in these variables; None if one occurs in another generator."""
    ring, found = branch.normaliser.ring, dict[Exponents, Any]()
    for monomial, value in p.monomials():
        powers, rest = dict.fromkeys(names, 0), []
        for g, e in monomial:
            term = ring.term_of(g)
            if term.head == "sym" and term.args[0] in powers:
                powers[term.args[0]] = e
            elif free_symbols(term) & set(names):
                return None
            else:
                rest.append((g, e))
        key = tuple(powers.values())
        found[key] = found.get(key, branch.normaliser.nil) + branch.normaliser.times(tuple(rest), value)
    return found


def determined(monomials: list[Exponents]) -> dict[Exponents, dict[tuple[int, ...], Fraction]]:
    """For each monomial y^e weights of points: the coefficient of y^e of a combination p of the monomials is the weighted sum
    of the values of p there.  Empty if the grid has too few points."""
    size, chosen, echelon = len(monomials), list[tuple[int, ...]](), list[tuple[int, Row, Row]]()
    for point in sorted(product(SIDE, repeat=len(monomials[0])), key=lambda p: sum(map(SIDE.index, p))):
        row = [Fraction(prod(x**k for x, k in zip(point, e, strict=True))) for e in monomials]
        unit = [Fraction(int(k == len(chosen))) for k in range(size)]
        for pivot, known, weights in echelon:
            row, unit = _less(row, row[pivot], known), _less(unit, row[pivot], weights)
        first = next((k for k, a in enumerate(row) if a), size)
        if first < size:
            echelon.append((first, [a / row[first] for a in row], [a / row[first] for a in unit]))
            chosen.append(point)
        if len(chosen) == size:
            return {monomials[k]: _weights(chosen, w) for k, w in _inverse(echelon).items()}
    return {}


def _less(row: Row, factor: Fraction, other: Row) -> Row:
    return [a - factor * b for a, b in zip(row, other, strict=True)]


def _inverse(echelon: list[tuple[int, Row, Row]]) -> dict[int, Row]:
    """Unit rows by back substitution: those of later pivots are known first."""
    found: dict[int, Row] = {}
    for pivot, row, weights in reversed(echelon):
        for other, known in found.items():
            weights = _less(weights, row[other], known)
        found[pivot] = weights
    return found


def _weights(points: list[tuple[int, ...]], weights: Row) -> dict[tuple[int, ...], Fraction]:
    return {point: w for point, w in zip(points, weights, strict=True) if w}


def _cuts(branch: Branch, fact: Everywhere, rest: list[tuple[Exponents, dict[Any, Fraction]]], prove: Prove) -> Proof | None:
    """One cut for each coefficient that the branch does not know to be 0."""
    if not rest:
        return prove(branch)
    (exponents, weights), *others = rest
    p = fact.coefficients[exponents]
    formula = equal(to_term(p, branch.normaliser.ring), ZERO)
    if branch.truth(formula, True) is True:
        return _cuts(branch, fact, others, prove)
    yes, no = cases_of(branch, formula)
    closing = _combined(no, fact.place, p, weights)
    found = closing and (Done() if yes.closed else _cuts(yes, fact, others, prove))
    return closing and found and Cut(formula, found, closing)


def _combined(branch: Branch, place: int, p: Any, weights: dict[tuple[int, ...], Fraction]) -> Proof | None:
    """p != 0 against p = sum of the weighted instances; the kernel takes an equation h as -h."""
    values, wraps = list[tuple[Fraction, Any]](), list[tuple[Term, ...]]()
    for point, weight in weights.items():
        if branch.closed:
            break
        terms = tuple(map(number, point))
        made = instance(branch, place, terms)
        wraps.append(terms)
        value = branch.normaliser.polynomial(made[0].args[0] - made[0].args[1])
        branch.add(*made)
        values += [(weight, value)] if value.monomials() else []
    closing: Proof | None = Done() if branch.closed else _against(branch, p, values)
    for terms in reversed(wraps):
        closing = closing and Instantiate(place, terms, closing)
    return closing


def _against(branch: Branch, p: Any, values: list[tuple[Fraction, Any]]) -> Combine | None:
    ring, variables = branch.normaliser.ring, sorted(generators_of(p).union(*(generators_of(v) for _, v in values)))
    first = _square(branch, p, variables)
    if first is None:
        return None
    parts, root = [first[0]], first[1]
    for weight, value in values:
        at = place_of(branch, polynomial_in(value, variables), variables)
        if at is None or branch.literals[at].signs != EQUATION:
            return None
        factor = root * ring.constant(weight * ratio(branch, at, polynomial_in(value, variables), variables))
        parts.append(Summand((at,), ((Fraction(1), to_term(factor, ring)),), True))
    closing = Combine(tuple(parts))
    return closing if accepted(branch, closing) else None


def _square(branch: Branch, p: Any, variables: list[int]) -> tuple[Summand, Any] | None:
    """A positive summand, and the polynomial r with r p the value of that summand: p != 0 is a literal, or a number."""
    ring, value = branch.normaliser.ring, constant_of(p)
    if value:
        return Summand((), ((Fraction(1), ONE),), False), ring.constant(1 / Fraction(value))
    where = place_of(branch, polynomial_in(p, variables), variables)
    if where is None:
        return None
    known = branch.literals[where]
    double = (where,) if known.signs == frozenset("-+") else (where, where)
    scale = 1 / ratio(branch, where, polynomial_in(p, variables), variables)
    return Summand(double, ((Fraction(1), ONE),), False), known.polynomial * ring.constant(scale)
