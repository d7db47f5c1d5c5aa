"""A point at which a universal fact fails: the lowest places of the polynomial that it says is not negative, or a place
where a polynomial that it says is 0 is not."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache, partial

from ...certificates import Done, Instantiate, Proof
from ...kernel.branch import Branch
from ...kernel.rejection import Rejected
from ...terms import IllFormed, Term, number
from ..algebra.polynomials import Polynomial, degree_of, value_at
from ..branches.branch_polynomials import Prove, Step
from ..branches.instances import instance
from ..positivity.minima import local_minima
from ..problems.enumeration import exponents_of
from .candidates import quantifier_groups

DENOMINATORS = (1, 4, 1000, 10**6)
MOST_VARIABLES, MOST_DEGREE, MOST_POINTS = 6, 12, 12
Point = tuple[Fraction, ...]


def violated(branch: Branch) -> Step | None:
    """An instance of a universal comparison of polynomials, about bound variables alone, that closes the branch."""
    for place, fact in enumerate(branch.facts):
        if type(fact[0]) is not Term or fact[0].head not in ("forall", "exists"):
            continue
        point = counterexample(*fact)
        if point is None:
            continue
        terms, other = tuple(map(number, point)), branch.copy()
        try:
            other.add(*instance(other, place, terms))
        except (Rejected, IllFormed):
            continue
        if other.closed:
            return partial(_done, Instantiate(place, terms, Done()))
    return None


def _done(found: Proof, prove: Prove) -> Proof | None:
    return found


@lru_cache(maxsize=4_000)
def counterexample(formula: Term, holds: bool) -> Point | None:
    """A rational point at which `forall x: p(x) >= 0` (or > 0, or = 0) fails; None if none is found, or this is no such
    formula."""
    names = tuple(n for group in quantifier_groups(formula, holds) for n in group)
    while formula.head in ("forall", "exists", "not"):
        formula, holds = (formula.args[0], not holds) if formula.head == "not" else (formula.args[2], holds)
    vanishing = formula.head == "eq" and holds
    if not (vanishing or formula.head in ("le", "lt")) or not names or len(set(names)) < len(names):
        return None
    low, high = formula.args if holds else formula.args[::-1]
    try:
        p = exponents_of(high - low, names)
    except ValueError:
        return None
    if vanishing:
        return next((point for point in _lattice(len(names)) if value_at(p, point) != 0), None)
    if len(names) > MOST_VARIABLES:
        return None
    return _below(p, strict=(formula.head == "lt") == holds) if 0 < degree_of(p) <= MOST_DEGREE else None


def _lattice(dimension: int) -> Iterator[Point]:
    """Small integer points, at all of which few polynomials vanish that are not 0."""
    for k in range(1, MOST_POINTS):
        yield tuple(Fraction((k * i * i + i + k) % (dimension + k + 1) - k % 3) for i in range(dimension))


def _below(p: Polynomial, strict: bool) -> Point | None:
    """A point with p < 0, or p <= 0 where p > 0 is said (`strict`)."""
    for x in local_minima(p)[:3]:
        for denominator in DENOMINATORS:
            point = tuple(Fraction(float(t)).limit_denominator(denominator) for t in x)
            if value_at(p, point) < 0 or (strict and value_at(p, point) == 0):
                return point
    return None
