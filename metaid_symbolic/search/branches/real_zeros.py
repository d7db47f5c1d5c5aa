"""Equations of low degree that hold at all common real zeros of the equations of a branch, though not at the complex ones.

Where f_1 = ... = f_m = 0 has finitely many complex zeros, all simple, every q that vanishes at the real ones has
-q^2 = sum_j h_j f_j + a sum of squares (Parrilo 2002): the squares are sought among the polynomials of half the degree that
vanish there too.  So one certificate of low degree disposes of all complex zeros at once, however many there are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache, partial
from typing import Any, final

import flint

from ...certificates import Combine, Cut, Done, Proof, Summand
from ...kernel.branch import Branch
from ...terms import Term
from ..algebra.critical_points import Family, zeros_of
from ..algebra.polynomials import Exponents, Polynomial, Squares, combination, degree_of, from_flint, monomials, times
from ..algebra.quotient_ring import NotFinite, quotient_ring
from ..positivity.gram import Block, orthogonal_to, represented
from .branch_polynomials import Prove, Step, accepted, names_in, term_of, vanishes, zero_or_not

LARGEST, MOST_POINTS, MOST_ELEMENTS = 300, 16, 60
"""Complex zeros in all (a characteristic polynomial of size 243 takes 0.6 s), real ones with their conjugates, and squares."""
Frozen = tuple[tuple[tuple[Exponents, Fraction], ...], ...]


@final
@dataclass(frozen=True, slots=True)
class RealEquations:
    """sum_k q_k^2 + sum of squares + sum_j cofactors_j f_j = 0 for the `equations` q_k; 1 is one of them where there is no
    real zero."""

    equations: tuple[Polynomial, ...]
    squares: Squares
    cofactors: tuple[Polynomial, ...]


def located(branch: Branch, system: list[Polynomial], places: list[int], variables: list[int]) -> Step | None:
    """Cuts for equations that hold at all real zeros, or the contradiction that there are none."""
    found = real_equations(tuple(tuple(sorted(p.items())) for p in system))
    if found is None or all(vanishes(branch, q, variables) for q in found.equations):
        return None
    made = _Located(found, places, variables)
    if any(not degree_of(q) for q in found.equations):
        return partial(made.contradiction, branch)
    return partial(made.cut, branch, [k for k, q in enumerate(found.equations) if not vanishes(branch, q, variables)])


@lru_cache(maxsize=200)
def real_equations(system: Frozen) -> RealEquations | None:
    """Those of the lowest degree; None where zeros are multiple or too many, or no certificate is found."""
    listed = [dict(p) for p in system]
    try:
        quotient_ring(listed, LARGEST)
        zeros = zeros_of(listed)
        real = [f for f in zeros.families if f.intervals]
        if zeros.multiplicity != zeros.ring.size or sum(f.degree for f in real) > MOST_POINTS:
            return None
        highest = max(map(degree_of, listed))
        for degree in (highest + highest % 2, highest + highest % 2 + 2):
            found = _certificate(listed, real, degree)
            if found is not None:
                return found
    except NotFinite:
        pass
    return None


def _certificate(system: list[Polynomial], real: list[Family], degree: int) -> RealEquations | None:
    variables = len(next(iter(system[0])))
    lowest = next((q for d in range(degree // 2 + 1) if (q := vanishing(real, variables, d))), None)
    elements = vanishing(real, variables, degree // 2)
    if not lowest or len(elements) > MOST_ELEMENTS:
        return None
    free = [(j, m) for j, f in enumerate(system) for m in monomials(variables, degree - degree_of(f))]
    goal = combination((Fraction(-1), times(q, q)) for q in lowest)
    unit = {(0,) * variables: Fraction(1)}
    found = represented(goal, [Block(unit, elements)], [times(system[j], m) for j, m in free], [])
    if found is None:
        return None
    parts = list(zip(free, found[0], strict=True))
    cofactors = tuple(combination((c, m) for (i, m), c in parts if i == j) for j in range(len(system)))
    return RealEquations(tuple(lowest), found[1][0], cofactors)


def vanishing(families: Sequence[Family], variables: int, degree: int) -> list[Polynomial]:
    """A basis of the polynomials up to the degree that vanish at the points of the families.  Raises `NotFinite`."""
    listed = monomials(variables, degree)
    rows = [row for f in families for row in _coordinates(f, listed)]
    return orthogonal_to(Block({(0,) * variables: Fraction(1)}, listed), rows).elements


def _coordinates(family: Family, listed: list[Polynomial]) -> Iterator[list[Fraction]]:
    """The coefficients of t^0, t^1, ... in the values of the monomials."""
    modulus = flint.fmpq_poly(family.polynomial)
    values = []
    for monomial in listed:
        (e,) = monomial
        value = flint.fmpq_poly([1])
        for x, k in zip(family.coordinates, e, strict=True):
            value = value * x**k % modulus
        values.append(value)
    for k in range(family.degree):
        yield [from_flint(flint.fmpq(value[k])) for value in values]


@final
@dataclass(frozen=True)
class _Located:
    """The equations for the literals f_j = 0 at the `places`."""

    found: RealEquations
    places: list[int]
    variables: list[int]

    def contradiction(self, branch: Branch, prove: Prove) -> Proof | None:
        closing = Combine((self._squares(branch, None), *self._free(branch)))
        return closing if accepted(branch, closing) else None

    def cut(self, branch: Branch, fresh: list[int], prove: Prove) -> Proof | None:
        """One cut for each equation: if q_k != 0 then q_k^2 > 0, and all else adds up to something that is not negative."""
        if not fresh:
            return prove(branch)
        q = self.found.equations[fresh[0]]
        made = zero_or_not(branch, q, self.variables)
        if made is None:
            return None
        formula, yes, no, square = made
        closing = Combine((square, self._squares(no, fresh[0]), *self._free(no)))
        if not accepted(no, closing):
            return None
        rest = Done() if yes.closed else self.cut(yes, fresh[1:], prove)
        return rest and Cut(formula, rest, closing)

    def _names(self, branch: Branch) -> list[Term]:
        return names_in(branch, self.variables)

    def _squares(self, branch: Branch, without: int | None) -> Summand:
        listed = [(Fraction(1), q) for k, q in enumerate(self.found.equations) if k != without]
        return Summand((), tuple((c, term_of(q, self._names(branch))) for c, q in [*listed, *self.found.squares]), False)

    def _free(self, branch: Branch) -> Iterator[Summand]:
        """The kernel takes an equation with its polynomial negated."""
        for place, h in zip(self.places, self.found.cofactors, strict=True):
            if h:
                minus: dict[Any, Fraction] = {e: -c for e, c in h.items()}
                yield Summand((place,), ((Fraction(1), term_of(minus, self._names(branch))),), True)
