"""Sums of products of literals that contradict one another: the summands are >= 0, one of them > 0, and they add up to 0."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations_with_replacement
from math import prod
from typing import Any

from ...certificates import Combine, Summand
from ...kernel.branch import Branch, Literal
from ...kernel.polynomial import generators_of, to_term
from ...terms import ONE, Term
from .branch_polynomials import EQUATION
from .residues import PRIME, Residues
from .squares import MOST_VARIABLES, divide, squares_of

MOST_MULTIPLIED = 40
"""Of so many literals each three, also equal ones, are multiplied and compared with the others modulo a prime."""
SCALES = tuple(Fraction(1, 2**k) for k in (0, 1, 2, 4, 8))
COORDINATES = (0.0, 1.0, -1.0, 0.5, -2.0, 3.0, -0.7)


def combinations(branch: Branch) -> Iterator[Combine]:
    """One literal against a sum of squares, a strict literal beside it, an equation that a literal divides."""
    for place, literal in enumerate(branch.literals):
        yield from _alone(branch, place, literal)
        yield from _factored(branch, place, literal)
    samples = [_samples(literal.polynomial) for literal in branch.literals]
    for place, literal in enumerate(branch.literals):
        for other, strict in enumerate(branch.literals):
            if other != place and "0" not in strict.signs and _may_add_up(literal, samples[place], strict, samples[other]):
                yield from _with_strict(branch, place, literal, other, strict)


def products(branch: Branch, residues: Residues) -> Iterator[Combine]:
    """A literal that is the negative of a product of two or three others, one of the literals being strict."""
    signed = [place for place, one in enumerate(branch.literals) if one.signs not in (frozenset("0"), frozenset("-+"))]
    opposite = {-residues.literals[place] % PRIME: place for place in signed}
    for count in (2, 3) if len(signed) <= MOST_MULTIPLIED else ():
        for factors in combinations_with_replacement(signed, count):
            place = opposite.get(prod(residues.literals[k] for k in factors) % PRIME)
            if place is not None and place not in factors:
                yield Combine(tuple(Summand(used, ((Fraction(1), ONE),), False) for used in ((place,), factors)))


def _samples(p: Any) -> list[float]:
    """Values at a few points, the same for all polynomials of a branch."""
    monomials = [(m, float(c)) for m, c in p.monomials()]
    return [sum(c * prod(COORDINATES[(g * 5 + k * 3 + g * k) % 7] ** e for g, e in m) for m, c in monomials) for k in range(12)]


def _may_add_up(literal: Literal, p: list[float], strict: Literal, q: list[float]) -> bool:
    """Whether -p - s q, oriented, is nonnegative at the sampled points for some of the scales s."""
    if literal.signs == frozenset("0"):
        return True
    if literal.signs == frozenset("-+"):
        return False
    p = p if literal.signs <= frozenset("0+") else [-v for v in p]
    q = [v * v for v in q] if strict.signs == frozenset("-+") else q if strict.signs <= frozenset("0+") else [-v for v in q]
    return any(all(-a - s * b >= -1e-9 * (1 + abs(a) + abs(b)) for a, b in zip(p, q, strict=True)) for s in SCALES)


def oriented(branch: Branch, literal: Literal) -> Any:
    """The literal's polynomial with the sign that makes it >= 0; None if it has both signs."""
    if literal.signs <= frozenset("0+"):
        return literal.polynomial
    if literal.signs <= frozenset("-0"):
        return branch.normaliser.nil - literal.polynomial
    return None


def _alone(branch: Branch, place: int, literal: Literal) -> Iterator[Combine]:
    """p > 0 where -p is a sum of squares, or p >= 0 where -p is positive."""
    p = oriented(branch, literal)
    if p is None or ("0" in literal.signs and literal.signs != frozenset("0")):
        if p is not None:
            yield from _positive_negation(branch, place, p)
        return
    if literal.signs == frozenset("0"):
        yield from _positive_negation(branch, place, p)
        yield from _positive_negation(branch, place, branch.normaliser.nil - p, flip=True)
        return
    squares = squares_of(branch, branch.normaliser.nil - p)
    if squares is not None:
        yield Combine((Summand((place,), ((Fraction(1), ONE),), False), Summand((), squares, False)))


def _factored(branch: Branch, place: int, literal: Literal) -> Iterator[Combine]:
    """p >= 0 where p = -d e^2 q: d is a product of positive literals, e != 0, and q - s e^2 a sum of squares for some s > 0."""
    p = oriented(branch, literal)
    if p is None or "0" not in literal.signs or literal.signs == EQUATION or not 2 <= len(generators_of(p)) <= MOST_VARIABLES:
        return
    q = branch.normaliser.nil - p
    positive: list[int] = []
    for k, one in enumerate(branch.literals):
        side = oriented(branch, one)
        if side is not None and "0" not in one.signs and (quotient := divide(branch, q, side)) is not None:
            q, positive = quotient, [*positive, k]
    for k, one in enumerate(branch.literals) if positive else ():
        square = one.polynomial * one.polynomial
        if one.signs != frozenset("-+") or (quotient := divide(branch, q, square)) is None:
            continue
        for scale in SCALES[1:]:
            squares = squares_of(branch, quotient - square * branch.normaliser.ring.constant(scale))
            if squares is not None:
                used = Summand((place,), ((Fraction(1), ONE),), False)
                rest = Summand((*positive, k), squares, False)
                yield Combine((used, rest, Summand((*positive, k, k), ((scale, ONE),), False)))
                return


def _positive_negation(branch: Branch, place: int, p: Any, flip: bool = False) -> Iterator[Combine]:
    """p >= 0 where -p - c is a sum of squares for some c > 0."""
    negated = branch.normaliser.nil - p
    for power in (0, 2, 6):
        gap = Fraction(1, 2**power)
        squares = squares_of(branch, negated - branch.normaliser.ring.constant(gap))
        if squares is not None:
            literal = branch.literals[place]
            sign = Fraction(-1) if flip else Fraction(1)
            if literal.signs == frozenset("0"):
                used = Summand((place,), ((Fraction(1), Term("num", (-sign if _flipped(branch, place) else sign,))),), True)
            else:
                used = Summand((place,), ((Fraction(1), ONE),), False)
            yield Combine((used, Summand((), ((gap, ONE), *squares), False)))
            return


def _flipped(branch: Branch, place: int) -> bool:
    """The kernel takes an equation with the sign of `-0`, so with its polynomial negated."""
    return branch.literals[place].signs <= frozenset("-0")


def _with_strict(branch: Branch, place: int, literal: Literal, other: int, strict: Literal) -> Iterator[Combine]:
    if literal.signs == frozenset("0"):
        yield from _divided(branch, place, literal, other, strict)
        return
    p, q = oriented(branch, literal), oriented(branch, strict)
    if p is None:
        return
    factor = q if q is not None else strict.polynomial * strict.polynomial
    for scale in SCALES:
        squares = squares_of(branch, branch.normaliser.nil - p - factor * branch.normaliser.ring.constant(scale))
        if squares is not None:
            parts = (Summand((place,), ((Fraction(1), ONE),), False), Summand((other,), ((scale, ONE),), False))
            yield Combine((*parts, Summand((), squares, False)))
            return


def _divided(branch: Branch, place: int, literal: Literal, other: int, strict: Literal) -> Iterator[Combine]:
    """h = d q = 0 with d != 0, where q or -q is a sum of squares plus something positive."""
    quotient = divide(branch, literal.polynomial, strict.polynomial)
    if quotient is None:
        return
    ring = branch.normaliser.ring
    square = strict.polynomial * strict.polynomial
    for sign in (1, -1):
        q = quotient * ring.constant(Fraction(sign))
        for power in (0, 2, 6):
            scale = Fraction(1, 2**power)
            for positive, root in ((branch.normaliser.one, ONE), (square, to_term(strict.polynomial, ring))):
                squares = squares_of(branch, q - positive * ring.constant(scale))
                if squares is None:
                    continue
                flip = Fraction(sign if _flipped(branch, place) else -sign)
                free = to_term(strict.polynomial * ring.constant(flip), ring)
                double = (other,) if strict.signs == frozenset("-+") else (other, other)
                used = Summand((place,), ((Fraction(1), free),), True)
                yield Combine((used, Summand(double, ((scale, root), *squares), False)))
                return
