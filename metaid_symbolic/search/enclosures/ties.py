"""Critical points with one critical value, compared exactly, and the proof that each of them is a minimiser.

In the quotient ring of the gradient ideal F is a matrix; where the ideal is radical, the squarefree part chi of its
characteristic polynomial gives chi(F) = sum_i h_i dF/dx_i.  So chi vanishes at the values F(a), F(b) of critical points, and
these are equal when both lie in an interval in which chi has one root.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, final

from ...certificates import Done, Instantiate, Proof, Root, Summand
from ...terms import ONE, Term, at_most, equal, number, symbol
from ..algebra.ideal_membership import cofactors
from ..algebra.polynomials import Polynomial, combination, degree_of, one, times
from ..algebra.quotient_ring import characteristic, quotient_ring, squarefree
from ..branches.branch_polynomials import term_of
from ..floating import np
from ..minimising import in_terms
from ..problems.enumeration import exponents_of
from ..tableaux.scripts import Script, Unsolved, proportion
from .bisection import excluded
from .convexity import Minimum, Point, every, identified
from .zeros import System

LARGEST, EXTRA_DEGREE = 25, 4


@final
@dataclass(frozen=True)
class Value:
    """A polynomial in the values of F that vanishes at critical points: chi(F) = sum_i h_i dF/dx_i; and the box of one root."""

    coefficients: tuple[Fraction, ...]
    composed: Polynomial
    weights: tuple[Polynomial, ...]
    root: Root

    @property
    def ends(self) -> tuple[Fraction, Fraction]:
        return self.root.box[0]


def lowest_value(about: Minimum, near: float) -> Value:
    """The polynomial of all critical values, and a box about the one near a number.  Raises `Unsolved`, `NotFinite`."""
    names = about.problem.parameters
    objective = exponents_of(about.objective, names)
    slopes = [exponents_of(f, names) for f in about.system.functions]
    ring = quotient_ring(slopes, LARGEST)
    coefficients = [Fraction(int(c)) for c in squarefree(characteristic(ring.matrix_of_polynomial(objective))).coeffs()]
    composed: Polynomial = {}
    for c in reversed(coefficients):
        composed = combination([(Fraction(1), times(composed, objective)), (c, one(objective))])
    weights = cofactors(composed, slopes, degree_of(composed) + EXTRA_DEGREE)
    if weights is None:
        raise Unsolved("the polynomial of the critical values is not seen in the ideal of the gradient")
    box = next(System((in_terms(coefficients, symbol("x")),), ("x",)).roots(np.array([near]), None), None)
    if box is None:
        raise Unsolved("the least critical value is not isolated")
    return Value(tuple(coefficients), composed, tuple(weights), box)


def tied(about: Minimum, script: Script, points: Sequence[Point], value: Value) -> Term:
    """Assumes F(a) = s for each of the named critical points, s being the named root, which is returned."""
    root = symbol(script.take(value.root)[0])
    unique = script.last
    for here in points:
        height = about.at(here)
        vanishing = equal(in_terms(value.coefficients, height), number(0))
        script.claim(vanishing, lambda other, _, here=here: _vanishing(about, other, here, value))  # type: ignore[misc]
        for formula in (at_most(number(value.ends[0]), height), at_most(height, number(value.ends[1]))):
            script.claim(formula, lambda other, _, here=here: _enclosed(other, here))  # type: ignore[misc]
        script.take(Instantiate(unique, (height,), Done()))
    return root


def _vanishing(about: Minimum, script: Script, here: Point, value: Value) -> Proof:
    """chi(F(a)) != 0 contradicts grad F(a) = 0."""
    polynomial, parts = script.checker.normaliser.polynomial, list[Summand]()
    for f, weight in zip(about.system.functions, value.weights, strict=True):
        place, ratio = _placed(script, polynomial(about.put(f, here)))
        if weight:
            parts.append(_multiple(place, term_of(times(weight, value.composed), here) * number(-ratio)))
    last, scale = _placed(script, polynomial(term_of(value.composed, here)))
    return script.combined(Summand((last,), ((scale**2, ONE),), False), *parts)


def _multiple(place: int, factor: Term) -> Summand:
    """The factor times the polynomial of an equation; the kernel takes the polynomial with the other sign."""
    return Summand((place,), ((Fraction(-1), factor),), True)


def _enclosed(script: Script, here: Point) -> Proof:
    found = excluded(script, {str(x.args[0]): (Fraction(0), Fraction(0)) for x in here})
    if found is None:
        raise Unsolved("a critical value is not enclosed in the box of its root")
    return script.ended(found)


def all_lowest(about: Minimum, script: Script, fresh: tuple[str, ...], points: Sequence[Point], k: int, root: Term) -> None:
    """Assumes that each point is a minimiser.  The last universal fact says it of the fresh point, which is number k of them."""
    there, fact = tuple(symbol(f"z.{i + 1}") for i in range(len(fresh))), last_universal(script)
    for here in points:
        low = every([f"z.{i + 1}" for i in range(len(fresh))], at_most(about.at(here), about.at(there)))

        def denied(other: Script, beyond: tuple[str, ...], here: Point = here) -> Proof:
            z = tuple(map(symbol, beyond))
            other.take(Instantiate(fact, z, Done()))
            identified(other, points[k], fresh)
            return other.ended(Done()) if other.branch.closed else _ordered(about, other, z, (here, points[k]), root)

        script.claim(low, denied)


def _ordered(about: Minimum, script: Script, z: Point, points: tuple[Point, Point], root: Term) -> Proof:
    """F(b) <= F(z) < F(a) contradicts F(a) = s = F(b)."""
    polynomial, (high, low) = script.checker.normaliser.polynomial, (about.at(p) for p in points)
    parts = [_weighed(script, polynomial(height - about.at(z))) for height in (low, high)]
    for height, sign in ((low, 1), (high, -1)):
        place, ratio = _placed(script, polynomial(height - root))
        parts.append(_multiple(place, number(sign * ratio)))
    return script.combined(*parts)


def _placed(script: Script, p: Any) -> tuple[int, Fraction]:
    """The literal about the polynomial, and by what it is to be multiplied."""
    place = script.literal(p)
    return place, proportion(script.branch.literals[place].polynomial, p) or Fraction(1)


def _weighed(script: Script, p: Any) -> Summand:
    place, ratio = _placed(script, p)
    return Summand((place,), ((abs(ratio), ONE),), False)


def last_universal(script: Script) -> int:
    return max(k for k, fact in enumerate(script.branch.facts) if type(fact[0]) is Term)
