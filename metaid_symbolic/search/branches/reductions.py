"""A polynomial that is not 0, reduced to 0 by equations in which some generator is linear."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from ...certificates import Combine, Summand
from ...kernel.branch import Branch
from ...kernel.polynomial import constant_of, generators_of, power, to_term
from ...kernel.polynomial import product as product_of
from ...terms import ONE
from .residues import Residues
from .squares import divide

Weights = dict[int, Fraction]
"""Weights of equations by their places."""


def reduced_contradiction(branch: Branch) -> Combine | None:
    return Residues(branch).first((*spanned(branch), *reductions(branch)))


def spanned(branch: Branch) -> Iterator[Combine]:
    """d != 0 where d is a rational combination of equations."""
    ring, rows = branch.normaliser.ring, list[tuple[Any, Any, Weights]]()
    for place, literal in enumerate(branch.literals):
        rest, weights = _reduced(branch, literal.polynomial, rows)
        if literal.signs == frozenset("0") and rest.monomials():
            pivot, value = rest.monomials()[0]
            scaled = {i: -w / value for i, w in weights.items()} | {place: 1 / value}
            rows.append((pivot, rest * ring.constant(1 / value), scaled))
    for place, literal in enumerate(branch.literals if rows else []):
        if literal.signs == frozenset("-+"):
            rest, weights = _reduced(branch, literal.polynomial, rows)
            if not rest.monomials():
                yield _vanishing(branch, place, [(i, ring.constant(w)) for i, w in weights.items()])


def _reduced(branch: Branch, p: Any, rows: list[tuple[Any, Any, Weights]]) -> tuple[Any, Weights]:
    """p less a combination of equations, without their pivots, and the weights of these; a row is a pivot, what it leads, and
    that as a combination of equations."""
    weights: Weights = {}
    for pivot, row, made in rows:
        value = dict(p.monomials()).get(pivot)
        if value:
            p = p - row * branch.normaliser.ring.constant(value)
            for i, w in made.items():
                weights[i] = weights.get(i, Fraction(0)) + value * w
    return p, weights


def _vanishing(branch: Branch, place: int, used: list[tuple[int, Any]]) -> Combine:
    """The literal d != 0 against d = sum of c h over the equations h = 0 `used` with their cofactors c.

    The kernel reads an equation h as -h, so d^2 + (d c) (-h) = 0.
    """
    d, ring = branch.literals[place].polynomial, branch.normaliser.ring
    free = [Summand((i,), ((Fraction(1), to_term(d * c, ring)),), True) for i, c in used]
    return Combine((Summand((place,), ((Fraction(1), ONE),), False), *free))


def reductions(branch: Branch) -> Iterator[Combine]:
    """d != 0 where d is a combination of equations, each solved for a generator in which it is linear."""
    ring = branch.normaliser.ring
    equations = [
        (i, g) for i, one in enumerate(branch.literals) if one.signs == frozenset("0") for g in _solvable(branch, one.polynomial)
    ]
    for place, literal in enumerate(branch.literals):
        if literal.signs != frozenset("-+"):
            continue
        rest, used = literal.polynomial, []
        for i, g in equations:
            cofactor = _coefficient(branch, rest, g)
            if cofactor is None:
                continue
            slope = constant_of(_coefficient(branch, branch.literals[i].polynomial, g))
            cofactor = cofactor * ring.constant(1 / Fraction(slope or 1))
            rest = rest - cofactor * branch.literals[i].polynomial
            used.append((i, cofactor))
        if rest.monomials() and (last := _multiple(branch, rest)) is not None:
            used.append(last)
            rest = branch.normaliser.nil
        if used and not rest.monomials():
            yield _vanishing(branch, place, used)


def _multiple(branch: Branch, p: Any) -> tuple[int, Any] | None:
    """An equation that divides p, and the quotient."""
    about = generators_of(p)
    for place, literal in enumerate(branch.literals):
        if literal.signs == frozenset("0") and generators_of(literal.polynomial) <= about:
            quotient = divide(branch, p, literal.polynomial)
            if quotient is not None:
                return place, quotient
    return None


def _solvable(branch: Branch, p: Any) -> list[int]:
    """Generators in which p is linear with a constant coefficient: values of functions first."""
    found = [m[0][0] for m, _ in p.monomials() if len(m) == 1 and m[0][1] == 1]
    found = [g for g in found if sum(g in dict(m) for m, _ in p.monomials()) == 1]
    return sorted(found, key=lambda g: branch.normaliser.ring.term_of(g).head == "sym")[:1]


def _coefficient(branch: Branch, p: Any, g: int) -> Any:
    """The coefficient of a generator in which p is linear; None if it does not occur or not linearly."""
    ring, result, found = branch.normaliser.ring, branch.normaliser.nil, False
    for monomial, value in p.monomials():
        powers = dict(monomial)
        if powers.get(g, 0) > 1:
            return None
        if powers.pop(g, 0):
            found = True
            rest = product_of(
                (power(ring.generator(ring.term_of(h)), e, branch.normaliser.one) for h, e in powers.items()),
                ring.constant(value),
            )
            result = result + rest
    return result if found else None
