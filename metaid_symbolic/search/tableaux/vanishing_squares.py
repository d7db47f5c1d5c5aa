"""Where sum_i c_i q_i^2 <= 0 with c_i > 0, every q_i is 0; then variables are eliminated and factors make cases.

`vanish` takes the first step of this kind that a branch allows; `prove` closes what remains.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache, partial
from itertools import product
from math import prod
from typing import Any

from ...certificates import Combine, Cut, Done, Proof, Rewrite, Summand
from ...kernel.branch import Branch
from ...kernel.polynomial import generators_of
from ...kernel.rejection import Rejected
from ...terms import ONE, Term, number, total
from ..algebra.polynomials import Exponents, Polynomial, Squares, degree_of
from ..branches.branch_polynomials import (
    EQUATION,
    MOST_DEGREE,
    Prove,
    Step,
    accepted,
    in_reach,
    names_in,
    polynomial_in,
    term_of,
    vanishes,
    zero_or_not,
)
from ..branches.consequences import consequence, reduced
from ..branches.putinar import represented_below
from ..branches.solving import eliminated
from ..positivity import sums_of_squares
from .pinning import still_split
from .violations import violated

MOST_TERMS = 60
"""A multiplier 1 + |x|^2 is tried for polynomials with at most so many terms."""
STEPS = "steps with vanishing squares"
MOST_STEPS = 14


def vanish(branch: Branch, prove: Prove, early: bool) -> tuple[bool, Proof | None]:
    """Whether nothing else is to be tried, and a proof that begins with a consequence of this kind, if the rest is closed.

    Consequences lose nothing, so the first one is taken and no other is tried.  `early` is before disjunctions are split:
    then only branches with a system of equations, or with a bound on a sum of squares that is known, are looked at, later only
    the others.
    """
    used = branch.labels.get(STEPS, "")
    if len(used) == MOST_STEPS or (has_system(branch) or _bounds_squares(branch)) != early:
        return False, None
    branch = branch.copy()
    branch.labels[STEPS] = used + "."
    for step in (violated, _eliminated, reduced, _squares, consequence, represented_below):
        found = step(branch)
        if found is not None:
            proof = found(prove)
            return proof is not None or bool(used), proof
    return False, None


def has_system(branch: Branch) -> bool:
    """Whether two equations or more have degree 2 or more: then cases come after consequences."""
    curved = [one for one in branch.literals if one.signs == EQUATION and _curved(one.polynomial)]
    return len(curved) > 1


def _bounds_squares(branch: Branch) -> bool:
    """Whether some p <= 0 or p < 0 is known to be a sum of squares, not all of which are known to vanish."""
    for literal in branch.literals:
        sides = [side for side, signs in ((1, frozenset("-0")), (-1, frozenset("0+"))) if literal.signs <= signs]
        variables = sorted(generators_of(literal.polynomial)) if len(sides) == 1 else []
        if not in_reach(branch, [literal.polynomial], variables):
            continue
        p = {e: sides[0] * c for e, c in polynomial_in(literal.polynomial, variables).items()}
        if sums_of_squares.known_sum_of_squares(p):
            found = squares_of(tuple(sorted(p.items())))
            if found is not None and not all(vanishes(branch, q, variables) for _, q in found[1]):
                return True
    return False


def _curved(p: Any) -> bool:
    return any(sum(e for _, e in monomial) > 1 for monomial, _ in p.monomials())


def _eliminated(branch: Branch) -> Step | None:
    """An equation that gives a variable is used at once: before other steps only one that gives a number."""
    for place, name in _linear(branch):
        if branch.labels[STEPS] == "." and len(generators_of(branch.literals[place].polynomial)) > 1:
            continue
        try:
            value, other = eliminated(branch, place, name)
        except Rejected:
            continue
        return partial(_rewrite, name, value, still_split(branch, other, {name: value}))
    return None


def _rewrite(name: str, value: Term, other: Branch, prove: Prove) -> Proof | None:
    found = Done() if other.closed else prove(other)
    return found and Rewrite(name, value, found)


def _linear(branch: Branch) -> Iterator[tuple[int, str]]:
    """Equations and variables that they give as polynomials in the others; those in few variables first."""
    places = [i for i, one in enumerate(branch.literals) if one.signs == EQUATION]
    for place in sorted(places, key=lambda i: len(generators_of(branch.literals[i].polynomial))):
        terms = branch.literals[place].polynomial.monomials()
        for monomial, _ in terms:
            if len(monomial) == 1 and monomial[0][1] == 1 and sum(monomial[0][0] in dict(m) for m, _ in terms) == 1:
                term = branch.normaliser.ring.term_of(monomial[0][0])
                if term.head == "sym" and term.args[0] in branch.variables:
                    yield place, str(term.args[0])


def _squares(branch: Branch) -> Step | None:
    """A sum of squares that is at most 0: its squares vanish; one that is negative contradicts itself."""
    for place, literal in enumerate(branch.literals):
        variables = sorted(generators_of(literal.polynomial))
        if literal.signs == frozenset("-+") or not in_reach(branch, [literal.polynomial], variables):
            continue
        p = polynomial_in(literal.polynomial, variables)
        if degree_of(p) % 2 or not 0 < degree_of(p) <= MOST_DEGREE:
            continue
        for side in (1, -1) if literal.signs == EQUATION else (1,) if literal.signs <= frozenset("-0") else (-1,):
            found = squares_of(tuple(sorted((e, side * c) for e, c in p.items())))
            if found is None:
                continue
            bound = _Bound(place, side, found[0], found[1], variables)
            if "0" not in literal.signs or any(not degree_of(q) for _, q in found[1]):
                return partial(bound.contradiction, branch)
            fresh = [k for k, (_, q) in enumerate(found[1]) if not vanishes(branch, q, variables)]
            if fresh:
                lowest = min(degree_of(found[1][k][1]) for k in fresh)
                return partial(bound.cut, branch, [k for k in fresh if degree_of(found[1][k][1]) == lowest])
    return None


@lru_cache(maxsize=2_000)
def squares_of(terms: tuple[tuple[Exponents, Fraction], ...]) -> tuple[int, Squares] | None:
    """(1 + |x|^2)^k p as a sum of squares; k = 1 only where p does not turn out negative."""
    p = dict(terms)
    if negative_somewhere(p):
        return None
    return sums_of_squares.nonnegative_multiplier(p, most=1 if len(terms) <= MOST_TERMS else 0)


def negative_somewhere(p: Polynomial) -> bool:
    """Whether p < 0 at a small point, in floating point: a quick look."""
    count = len(next(iter(p)))
    floats = [(e, float(c)) for e, c in p.items()]
    grid = product((0.0, 1.0, -1.0, 0.5, -2.0), repeat=count) if count <= 4 else product((0.0, 1.0, -1.0), repeat=count)
    return any(sum(c * prod(x**k for x, k in zip(x0, e, strict=True)) for e, c in floats) < -1e-9 for x0 in grid)


@dataclass(frozen=True)
class _Bound:
    """(1 + |x|^2)^power side p = sum of squares, for the literal p that says side p <= 0."""

    place: int
    side: int
    power: int
    squares: Squares
    variables: list[int]

    def contradiction(self, branch: Branch, prove: Prove) -> Proof | None:
        closing = Combine((self._upper(branch), self._sum(branch, None)))
        return closing if accepted(branch, closing) else None

    def cut(self, branch: Branch, fresh: list[int], prove: Prove) -> Proof | None:
        """One cut for each square: if q_k != 0 then c_k q_k^2 > 0, the others are >= 0, and the literal bounds their sum by 0."""
        if not fresh:
            return prove(branch)
        weight, q = self.squares[fresh[0]]
        made = zero_or_not(branch, q, self.variables, weight)
        if made is None:
            return None
        formula, yes, no, square = made
        closing = Combine((self._upper(no), square, self._sum(no, fresh[0])))
        if not accepted(no, closing):
            return None
        rest = Done() if yes.closed else self.cut(yes, fresh[1:], prove)
        return rest and Cut(formula, rest, closing)

    def _upper(self, branch: Branch) -> Summand:
        """-side p (1 + |x|^2)^power >= 0; the kernel takes an equation with its polynomial negated."""
        names = names_in(branch, self.variables)
        growth = [(Fraction(1), ONE), *((Fraction(1), x) for x in names)] if self.power else [(Fraction(1), ONE)]
        if branch.literals[self.place].signs == EQUATION:
            factor = total([c * x**2 for c, x in growth])
            return Summand((self.place,), ((Fraction(1), number(self.side) * factor),), True)
        return Summand((self.place,), tuple(growth), False)

    def _sum(self, branch: Branch, without: int | None) -> Summand:
        names = names_in(branch, self.variables)
        return Summand((), tuple((c, term_of(q, names)) for k, (c, q) in enumerate(self.squares) if k != without), False)
