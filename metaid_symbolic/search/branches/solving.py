"""Equations of a branch solved for a variable that occurs linearly in them, with a constant coefficient."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from ...kernel.branch import Branch, sort_of
from ...kernel.polynomial import to_term
from ...kernel.rejection import Rejected, require
from ...kernel.tableau import rewritten
from ...terms import Term, free_symbols, symbol


def vector_equations(branch: Branch) -> list[Term]:
    """The equations between vectors, in the order in which they were assumed."""
    known = [leaf[0][0] for leaf in branch.history if len(leaf) == 1 and leaf[0][1] and leaf[0][0].head == "eq"]
    return [f for f in known if any(map(branch.normaliser.is_vector, f.args))]


def eliminated(branch: Branch, place: int, name: str) -> tuple[Term, Branch]:
    """The value of the variable that an equation gives, and the branch without the variable.

    The equation is literal number `place`, or for a point the vector equation of that number.  Raises `Rejected` where it
    gives no value.
    """
    normaliser = branch.normaliser
    if sort_of(name) == "point":
        left, right = vector_equations(branch)[place].args
        root = _root(normaliser.polynomial(left - right, True), name, branch)
        value = to_term(root, normaliser.ring) if root.monomials() else Term("zero")
    else:
        literal = branch.literals[place]
        require(literal.signs == frozenset("0"), "literal {} is no equation", place)
        value = to_term(_root(literal.polynomial, name, branch), normaliser.ring)
    return value, rewritten(branch, name, value)


def _root(p: Any, name: str, branch: Branch) -> Any:
    """The polynomial that equals the variable where p = 0."""
    normaliser = branch.normaliser
    rest, slope = normaliser.nil, Fraction(0)
    for monomial, value in p.monomials():
        terms = [(normaliser.ring.term_of(g), e) for g, e in monomial]
        if terms == [(symbol(name), 1)]:
            slope = value
        elif any(name in free_symbols(t) for t, _ in terms):
            raise Rejected(f"{name} is not linear in the equation")
        else:
            rest = rest + normaliser.times(monomial, value)
    require(slope, "{} does not occur in the equation", name)
    return rest * normaliser.ring.constant(-1 / slope)
