"""Certificates that close a branch: signs in one variable, sums of squares, products of literals, enclosures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...certificates import Done, Enclose, OneVariable, Proof, Rewrite
from ...kernel.branch import Branch
from ...kernel.polynomial import generators_of
from ...kernel.rejection import Rejected
from ...kernel.tableau import bounds, enclose, one_variable
from ...terms import free_symbols
from .branch_polynomials import EQUATION
from .combinations import combinations, products
from .residues import Residues
from .rough import conditions_on, plainly_satisfiable
from .solving import eliminated
from .squares import MOST_VARIABLES

MOST_ENCLOSED = 40


def close(branch: Branch, thorough: bool, boxes: bool = False) -> Proof | None:
    """A step that closes the branch as it stands; None if none is found.  With `boxes` literals are enclosed on boxes too."""
    if branch.closed:
        return Done()
    for found in _one_variable(branch):
        return found
    for found in _enclosures(branch, boxes):
        return found
    if thorough:
        residues = Residues(branch)
        return residues.first(products(branch, residues)) or residues.first(combinations(branch)) or _rewritten(branch)
    return None


def _rewritten(branch: Branch) -> Proof | None:
    """A variable that an equation gives as a polynomial in the others is eliminated, and the rest closes."""
    for place, literal in enumerate(branch.literals):
        if literal.signs != EQUATION or len(generators_of(literal.polynomial)) > MOST_VARIABLES:
            continue
        for name in linear_in(branch, literal.polynomial):
            try:
                value, other = eliminated(branch, place, name)
            except Rejected:
                continue
            found = close(other, thorough=True)
            return None if found is None else Rewrite(name, value, found)
    return None


def linear_in(branch: Branch, p: Any) -> list[str]:
    """The variables that occur in p as a monomial of their own, and in no other."""
    alone, others = [], set()
    for monomial, _ in p.monomials():
        if len(monomial) == 1 and monomial[0][1] == 1:
            alone.append(monomial[0][0])
        else:
            others |= {g for g, _ in monomial}
    terms = [branch.normaliser.ring.term_of(g) for g in alone if g not in others]
    names = [str(t.args[0]) for t in terms if t.head == "sym" and t.args[0] in branch.variables]
    return sorted(names, key=lambda n: (len(n), n), reverse=True)


def _one_variable(branch: Branch) -> Iterator[Proof]:
    names: dict[int, int] = {}
    for literal in branch.literals:
        about = generators_of(literal.polynomial)
        if len(about) == 1:
            (generator,) = about
            names[generator] = names.get(generator, 0) + 1
    for generator in names:
        term = branch.normaliser.ring.term_of(generator)
        if term.head == "sym" and term.args[0] in branch.variables and not plainly_satisfiable(conditions_on(branch, generator)):
            try:
                one_variable(branch, term.args[0])
            except Rejected:
                continue
            yield OneVariable(term.args[0])


def _enclosures(branch: Branch, boxes: bool) -> Iterator[Proof]:
    """Literals without variables, and on boxes those with two or more generators whose variables the branch bounds."""
    known: Mapping[str, Any] | None = None
    for place, literal in enumerate(branch.literals):
        generators = generators_of(literal.polynomial)
        names = {n for g in generators for n in free_symbols(branch.normaliser.ring.term_of(g))}
        if names and (not boxes or len(generators) < 2 or len(literal.polynomial.monomials()) > MOST_ENCLOSED):
            continue
        if names and known is None:
            known = bounds(branch)
        if names and not names <= (known or {}).keys():
            continue
        for bits in (48,) if names else (32, 128):
            try:
                enclose(branch, place, bits)
            except Rejected:
                continue
            yield Enclose(place, bits)
