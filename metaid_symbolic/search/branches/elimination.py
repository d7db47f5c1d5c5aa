"""A polynomial in one variable that vanishes at all common zeros of the equations of a branch, derived in small steps.

In the quotient ring with basis b_1 = 1, ..., b_D the relations r_j = x_i b_j - sum_k M_jk b_k lie in the ideal, and the first
row h of the adjugate of x_i - M gives chi(x_i) = sum_j h_j(x_i) r_j with chi the characteristic polynomial of M.  A relation
for a monomial is a multiple of a member of the Groebner basis less constant multiples of relations for smaller monomials.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from typing import Any

import flint

from ...certificates import Combine, Cut, Done, Proof, Summand
from ...kernel.branch import Branch
from ...terms import ONE, ZERO, Term, equal
from ..algebra.ideal_membership import cofactors, groebner_basis
from ..algebra.polynomials import Exponents, Polynomial, degree_of, from_flint, times
from ..algebra.quotient_ring import NotFinite, QuotientRing, divides, leading, quotient_ring, squarefree_degree
from .branch_polynomials import Prove, Step, term_of

LARGEST = 100
"""The characteristic polynomial of a larger ring is no longer isolated by Sturm chains in reasonable time."""
EXTRA_DEGREE = 4


@dataclass
class Chain:
    """Cuts for equations that follow from earlier ones: `branch` has all that are derived so far."""

    branch: Branch
    names: Sequence[Term]
    cuts: list[tuple[Term, Proof]] = field(default_factory=list)

    def derive(self, goal: Polynomial, parts: Sequence[tuple[int, Polynomial]]) -> int | None:
        """The place of the new literal goal = 0, where goal = sum h f over the literals f = 0 at the places; None if it is
        decided already."""
        formula = equal(term_of(goal, self.names), ZERO)
        other, before = self.branch.copy(), len(self.branch.literals)
        other.add(formula, False)
        self.branch.add(formula)
        if other.closed or self.branch.closed or len(self.branch.literals) != before + 1:
            return None
        free = [Summand((place,), ((Fraction(1), term_of(times(h, goal), self.names)),), True) for place, h in parts if h]
        self.cuts.append((formula, Combine((Summand((before,), ((Fraction(1), ONE),), False), *free))))
        return before

    def proof(self, rest: Proof | None) -> Proof | None:
        for formula, closing in reversed(self.cuts):
            rest = rest and Cut(formula, rest, closing)
        return rest


def eliminant(chain: Chain, system: list[Polynomial], places: list[int]) -> Step | None:
    """A cut for chi(x_i) = 0, for the variable whose chi has the fewest different roots; all else happens where it fails."""
    basis = groebner_basis(system)
    try:
        ring = quotient_ring(system, LARGEST)
    except NotFinite:
        return None
    if not ring.size or basis is None:
        return None
    degrees = [squarefree_degree(m.numer_denom()[0].charpoly()) for m in ring.matrices]
    i = degrees.index(min(degrees))
    chi, weights = adjugate_row(ring.matrices[i])
    goal = _in_variable(chi, i, len(chain.names))
    formula, yes, here = equal(term_of(goal, chain.names), ZERO), chain.branch.copy(), len(chain.branch.literals)
    yes.add(formula)
    chain.branch.add(formula, False)
    known = _basis_places(chain, basis, system, places)
    if known is None or len(yes.literals) != here + 1:
        return None
    relations = _Relations(chain, ring, known)
    rows = [(j, relations.place((*e[:i], e[i] + 1, *e[i + 1 :]))) for j, e in enumerate(ring.basis)]
    if relations.failed:
        return None
    parts = [(at[0], _in_variable([at[1] * c for c in weights[j]], i, len(chain.names))) for j, at in rows if at is not None]
    free = [Summand((k,), ((Fraction(1), term_of(times(h, goal), chain.names)),), True) for k, h in parts if h]
    no = chain.proof(Combine((Summand((here,), ((Fraction(1), ONE),), False), *free)))
    return None if no is None else partial(_finished, formula, yes, no)


def _finished(formula: Term, yes: Branch, no: Proof, prove: Prove) -> Proof | None:
    rest = Done() if yes.closed else prove(yes)
    return rest and Cut(formula, rest, no)


def _basis_places(
    chain: Chain, basis: list[Polynomial], system: list[Polynomial], places: list[int]
) -> dict[Exponents, tuple[int, Polynomial]] | None:
    """For each leading monomial the literal with that member of the basis, derived where it is no equation yet."""
    known: dict[Exponents, tuple[int, Polynomial]] = {}
    given = list(zip(system, places, strict=True))
    for p in basis:
        lead = leading(p)
        same = next(((q, k) for q, k in given if leading(q) == lead and _proportional(p, q)), None)
        if same is None:
            first = max(degree_of(p), *map(degree_of, system))
            found = next((w for d in range(first, first + EXTRA_DEGREE) if (w := cofactors(p, system, d)) is not None), None)
            place = None if found is None else chain.derive(p, list(zip(places, found, strict=True)))
            if place is None:
                return None
            same = (p, place)
        known[lead] = (same[1], same[0])
    return known


def _proportional(p: Polynomial, q: Polynomial) -> bool:
    lead = leading(p)
    return p.keys() == q.keys() and all(c * q[lead] == q[e] * p[lead] for e, c in p.items())


class _Relations:
    """x^e = its normal form, each derived from a member of the basis and from relations for smaller monomials."""

    def __init__(self, chain: Chain, ring: QuotientRing, basis: dict[Exponents, tuple[int, Polynomial]]) -> None:
        self.chain, self.ring, self.basis = chain, ring, basis
        self.standard = frozenset(ring.basis)
        self.places: dict[Exponents, tuple[int, Fraction] | None] = {
            lead: (place, 1 / p[lead]) for lead, (place, p) in basis.items() if all(e in self.standard for e in p if e != lead)
        }
        self.failed = False

    def place(self, e: Exponents) -> tuple[int, Fraction] | None:
        """The literal and a factor that make the relation; None for a monomial of the basis, whose relation is 0 = 0."""
        if e in self.standard:
            return None
        if e not in self.places:
            self.places[e] = self._derived(e)
        return self.places[e]

    def _derived(self, e: Exponents) -> tuple[int, Fraction] | None:
        lead = next(a for a in self.basis if divides(a, e))
        place, p = self.basis[lead]
        shift = tuple(a - b for a, b in zip(e, lead, strict=True))
        parts: list[tuple[int, Polynomial]] = [(place, {shift: 1 / p[lead]})]
        for tail, c in p.items():
            moved = tuple(a + b for a, b in zip(tail, shift, strict=True))
            smaller = self.place(moved) if tail != lead else None
            if smaller is not None:
                parts.append((smaller[0], {(0,) * len(e): -c / p[lead] * smaller[1]}))
        row = self.ring.coordinates({e: Fraction(1)})
        form = {b: -from_flint(row[0, k]) for k, b in enumerate(self.ring.basis) if row[0, k] != 0}
        found = self.chain.derive({**form, e: Fraction(1)}, parts)
        self.failed = self.failed or found is None
        return None if found is None else (found, Fraction(1))


def adjugate_row(m: Any) -> tuple[list[Fraction], list[list[Fraction]]]:
    """chi and the first row of the adjugate of t - M, as coefficients of powers of t."""
    size = m.nrows()
    chi = m.charpoly()
    rows = [flint.fmpq_mat(1, size, [int(k == 0) for k in range(size)])]
    for k in range(size - 1, 0, -1):
        rows.append(rows[-1] * m + rows[0] * chi[k])
    weights = [[from_flint(row[0, j]) for row in reversed(rows)] for j in range(size)]
    return [from_flint(flint.fmpq(c)) for c in chi.coeffs()], weights


def _in_variable(coefficients: list[Fraction], i: int, variables: int) -> Polynomial:
    return {tuple(k * (i == j) for j in range(variables)): c for k, c in enumerate(coefficients) if c}
