"""A contradiction in which every monomial of one literal has a sign that is known.

From p <= 0 (or < 0) with p = sum_j c_j m_j, c_j > 0, each m_j the product of squares and of generators known to be
nonnegative: the m_j are >= 0, and if one of them is > 0 (or p < 0) then p > 0, a contradiction.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from ...certificates import Combine, Summand
from ...kernel.branch import Branch, Literal
from ...kernel.polynomial import power, product, to_term
from ...terms import ONE, number
from .residues import Residues


def by_monomials(branch: Branch) -> Combine | None:
    """The contradiction, if some literal has such a form; with g >= b >= 0 known, g is read as (g - b) + b."""
    bounds = _bounds(branch)
    for place, literal in enumerate(branch.literals):
        for p, against in _nonpositive(branch, place, literal):
            summands = _summands(branch, p, bounds)
            if summands is None:
                continue
            found = Combine((against, *summands))
            if Residues(branch).accepted(found):
                return found
    return None


def _nonpositive(branch: Branch, place: int, literal: Literal) -> list[tuple[Any, Summand]]:
    """The literal as p <= 0 or p < 0, with -p as a summand; an equation in both directions."""
    p, minus, unit = literal.polynomial, branch.normaliser.nil - literal.polynomial, Fraction(1)
    if literal.signs == frozenset("0"):
        # as a factor the kernel reads an equation h as -h
        return [(q, Summand((place,), ((unit, number(sign)),), True)) for q, sign in ((p, 1), (minus, -1))]
    made = Summand((place,), ((unit, ONE),), False)
    if literal.signs <= frozenset("-0"):
        return [(p, made)]
    return [(minus, made)] if literal.signs <= frozenset("0+") else []


def _bounds(branch: Branch) -> dict[int, tuple[int, Fraction]]:
    """Generators g with a literal a g - b >= 0 (or > 0), a > 0, b >= 0: the place of the literal, and b/a."""
    found: dict[int, tuple[int, Fraction]] = {}
    for place, literal in enumerate(branch.literals):
        if literal.signs == frozenset("0") or not (known_sign := _nonpositive(branch, place, literal)):
            continue
        parts = dict(known_sign[0][0].monomials())
        constant = parts.pop((), Fraction(0))
        ((monomial, slope), *others) = list(parts.items()) or [((), Fraction(0))]
        if others or len(monomial) != 1 or monomial[0][1] != 1 or slope >= 0 or constant < 0:
            continue
        generator, low = monomial[0][0], constant / -slope
        strict = "0" not in literal.signs
        known = found.get(generator)
        if known is None or (low, strict) > (known[1], "0" not in branch.literals[known[0]].signs):
            found[generator] = (place, low)
    return found


def _summands(branch: Branch, p: Any, bounds: dict[int, tuple[int, Fraction]]) -> list[Summand] | None:
    """Nonnegative summands that add up to p; g = (g - b) + b where b is its bound."""
    ring, made = branch.normaliser.ring, []
    for monomial, value in p.monomials():
        odd = [g for g, e in monomial if e % 2 and g in bounds]
        if value <= 0 or any(e % 2 and g not in bounds for g, e in monomial):
            return None
        root = product((power(ring.generator(ring.term_of(g)), e // 2, branch.normaliser.one) for g, e in monomial if e > 1),
                       branch.normaliser.one)  # fmt: skip
        written = to_term(root, ring)
        for chosen, weight in _expanded([bounds[g] for g in odd]):
            scale = product((_slope(branch, place) for place in chosen), branch.normaliser.one)
            ((_, inverse),) = scale.monomials()
            made.append(Summand(chosen, ((value * weight / inverse, written),), False))
    return made


def _expanded(factors: list[tuple[int, Fraction]]) -> list[tuple[tuple[int, ...], Fraction]]:
    """prod (l_i + b_i) multiplied out: the chosen l_i, and the product of the other b_i where it is not 0."""
    terms: list[tuple[tuple[int, ...], Fraction]] = [((), Fraction(1))]
    for place, low in factors:
        kept = [(chosen, weight * low) for chosen, weight in terms if low]
        terms = [*(((*chosen, place), weight) for chosen, weight in terms), *kept]
    return terms


def _slope(branch: Branch, place: int) -> Any:
    """The literal is slope * (g - b), oriented: its slope as a constant polynomial."""
    values = [abs(c) for m, c in branch.literals[place].polynomial.monomials() if m]
    return branch.normaliser.ring.constant(values[0])
