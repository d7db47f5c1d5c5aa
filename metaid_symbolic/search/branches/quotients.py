"""An equation q d = 0, or the sum or difference of two, with d != 0 and a quotient q that is visibly positive.

q is a sum of squares of monomials, one of them without a zero.  With d = 1: an equation h = 0 where h has no zero.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import chain, combinations
from typing import Any

from ...certificates import Combine, Summand
from ...kernel.branch import Branch
from ...kernel.polynomial import generators_of, power, product, to_term
from ...terms import Term
from .residues import Residues
from .squares import divide

MOST_EQUATIONS = 8


def positive_quotient(branch: Branch) -> Combine | None:
    """The contradiction d^2 q - d (q d) = 0 between two literals, if there is one."""
    return Residues(branch).first(chain(_without_zeros(branch), _candidates(branch)))


def _without_zeros(branch: Branch) -> Iterator[Combine]:
    """h^4 - h^3 h, with h^2 visibly not 0; of h itself the branch says that it is 0."""
    for i, one in enumerate(branch.literals):
        if one.signs == frozenset("0") and "0" not in branch.visible_signs(one.polynomial):
            h, ring = one.polynomial, branch.normaliser.ring
            free = Summand((i,), ((Fraction(1), to_term(h * h * h, ring)),), True)
            yield Combine((Summand((), ((Fraction(1), to_term(h * h, ring)),), False), free))


def _candidates(branch: Branch) -> Iterator[Combine]:
    ring, nil = branch.normaliser.ring, branch.normaliser.nil
    divisors = [(i, one.polynomial) for i, one in enumerate(branch.literals) if one.signs == frozenset("-+")]
    for parts in _equations(branch) if divisors else ():
        whole = sum((branch.literals[i].polynomial * ring.constant(w) for i, w in parts), start=nil)
        about = generators_of(whole)
        for place, divisor in divisors:
            quotient = divide(branch, whole, divisor) if generators_of(divisor) <= about else None
            if quotient is None:
                continue
            for sign in (1, -1):
                squares = _squares(branch, quotient * ring.constant(Fraction(sign)))
                # the kernel reads an equation h as -h
                free = [(i, to_term(divisor * ring.constant(sign * w), ring)) for i, w in parts]
                if squares:
                    yield Combine(
                        (Summand((place,), squares, False), *(Summand((i,), ((Fraction(1), f),), True) for i, f in free))
                    )


def _equations(branch: Branch) -> Iterator[list[tuple[int, Fraction]]]:
    """Single equations, and sums and differences of two."""
    places = [i for i, one in enumerate(branch.literals) if one.signs == frozenset("0")][:MOST_EQUATIONS]
    yield from ([(i, Fraction(1))] for i in places)
    yield from ([(i, Fraction(1)), (j, Fraction(s))] for i, j in combinations(places, 2) for s in (-1, 1))


def _squares(branch: Branch, q: Any) -> tuple[tuple[Fraction, Term], ...]:
    """The monomials of q as squares with positive weights; empty unless all of them are."""
    ring, made = branch.normaliser.ring, []
    for monomial, value in q.monomials():
        if value <= 0 or any(e % 2 for _, e in monomial):
            return ()
        halves = (power(ring.generator(ring.term_of(g)), e // 2, branch.normaliser.one) for g, e in monomial)
        made.append((Fraction(value), to_term(product(halves, branch.normaliser.one), ring)))
    return tuple(made)
