"""Literals about inner products as quadratic forms: weights and a semidefinite matrix that contradict a strict one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import combinations_with_replacement, product
from math import ceil, log2, prod
from typing import Any, final

from ...kernel.branch import Branch, sort_of
from ...terms import Term, free_symbols, number, subterms, total
from ..algebra.polynomials import Point, Polynomial, Squares, value_at
from ..positivity.gram import Block, orthogonal_to, represented

MOST_FREE = 5
"""Points that are set to 0 and 1 in all ways."""
Weighed = tuple[list[Fraction], tuple[Squares, ...]]


def basis(branch: Branch) -> list[Term]:
    """The vectors in the literals: points, and gradients of F and of task losses."""
    ring = branch.normaliser.ring
    terms = [ring.term_of(g) for one in branch.literals for m, _ in one.polynomial.monomials() for g, _ in m]
    found: dict[Term, None] = {}
    for part in (part for term in terms for part in subterms(term)):
        if part.head == "sym" and part.args[0] in branch.variables and sort_of(part.args[0]) == "point":
            found[part] = None
        if part.head == "grad" and part.args[0] == "L" and free_symbols(part.args[-1]) <= branch.variables:
            known = part.args[1].args[0] in branch.variables
            found[part if known else Term("grad", ("F", part.args[-1]))] = None
    return list(found)


@final
class Forms:
    """Literals as polynomials: the inner product of vectors i and j of the basis is z_i z_j, another generator is linear."""

    def __init__(self, branch: Branch) -> None:
        self.branch = branch
        self.basis = basis(branch)
        self.pairs: dict[Any, tuple[int, int]] = {}
        for i, j in combinations_with_replacement(range(len(self.basis)), 2):
            ((key, _),) = branch.normaliser.polynomial(Term("dot", (self.basis[i], self.basis[j]))).monomials()
            self.pairs[key] = i, j
        seen = {m for one in branch.literals for m, _ in one.polynomial.monomials() if len(m) == 1 and m[0][1] == 1}
        self.others = {m: len(self.basis) + k for k, m in enumerate(sorted(seen - self.pairs.keys()))}
        self.size = len(self.basis) + len(self.others)
        self.polynomials = [self.polynomial(one.polynomial) for one in branch.literals]

    def polynomial(self, p: Any) -> Polynomial | None:
        """None where a monomial is a product."""
        made: Polynomial = {}
        for monomial, value in p.monomials():
            if monomial and monomial not in self.pairs and monomial not in self.others:
                return None
            places = self.pairs.get(monomial) or ((self.others[monomial],) if monomial else ())
            made[tuple(places.count(k) for k in range(self.size))] = value
        return made

    def columns(self, *, free: bool) -> list[tuple[int, Polynomial]]:
        """Equations as they stand, or inequalities as what is >= 0."""
        made = []
        for place, (one, p) in enumerate(zip(self.branch.literals, self.polynomials, strict=True)):
            if p is not None and free == (one.signs == frozenset("0")) and one.signs != frozenset("-+"):
                made.append((place, p if "-" not in one.signs else {e: -c for e, c in p.items()}))
        return made

    def values(self, points: Mapping[str, Fraction], c: Fraction) -> list[Fraction] | None:
        """What vectors and other generators are for n = 1 and F(x) = L(t, x) = c x^2/2."""
        ring = self.branch.normaliser.ring
        terms = [*self.basis, *(ring.term_of(m[0][0]) for m in self.others)]
        found = [x for term in terms if (x := _value(term, points, c)) is not None]
        return found if len(found) == len(terms) else None

    def vector(self, form: Polynomial) -> Term:
        return total([number(c) * self.basis[e.index(1)] for e, c in form.items()])


def weighed(forms: Forms, goal: int, curvatures: Iterable[Fraction]) -> Weighed | None:
    """The multipliers of the equations, the weights of the inequalities (as squares of 1), and the squares of vectors."""
    inequalities = forms.columns(free=False)
    wanted = next((p for place, p in inequalities if place == goal), None)
    if wanted is None:
        return None
    unit = {(0,) * forms.size: Fraction(1)}
    equations = [p for _, p in forms.columns(free=True)]
    zero = [e for p in equations if len(p) == 1 for e in p]
    units = [tuple(int(k == i) for k in range(forms.size)) for i in range(len(forms.basis))]
    vectors: list[Polynomial] = [{e: Fraction(1)} for e in units if tuple(2 * k for k in e) not in zero]
    zeros = extremal(forms, wanted, curvatures)
    squares = orthogonal_to(Block(unit, vectors), [[value_at(v, z) for v in vectors] for z in zeros])
    blocks = [Block(unit, [_of_size_one(v) for v in squares.elements])]
    blocks += [Block(p, [] if any(value_at(p, z) for z in zeros) else [unit]) for place, p in inequalities if place != goal]
    return represented({e: -c for e, c in wanted.items()}, blocks, equations, [])


def _of_size_one(p: Polynomial) -> Polynomial:
    """Over a power of 2, so that the coefficients are at most 1."""
    size = Fraction(2) ** ceil(log2(max(map(abs, p.values()))))
    return {e: c / size for e, c in p.items()}


def extremal(forms: Forms, wanted: Polynomial, curvatures: Iterable[Fraction]) -> list[Point]:
    """Values of vectors and functions for n = 1 and F(x) = L(t, x) = c x^2/2 where the denied inequality holds with equality.

    There every square is 0, and every weight of an inequality that is strict.  Points are 0 or 1;
    with c = 0 and all of them 1 this is that nothing changes where everything is shifted.
    """
    names = [str(b.args[0]) for b in forms.basis if b.head == "sym"]
    found: list[Point] = []
    if len(names) > MOST_FREE:
        return found
    for c in curvatures:
        for values in product((Fraction(0), Fraction(1)), repeat=len(names)):
            point = forms.values(dict(zip(names, values, strict=True)), c)
            if point is None or not any(values) or value_at(wanted, point):
                continue
            kept = all(value_at(p, point) >= 0 for _, p in forms.columns(free=False))
            if kept and not any(value_at(p, point) for _, p in forms.columns(free=True)):
                found.append(point)
    return found


def _value(term: Term, points: Mapping[str, Fraction], c: Fraction) -> Fraction | None:
    """Of a number or vector, for n = 1 and F(x) = L(t, x) = c x^2/2; other variables are 1."""
    match term.head:
        case "num":
            return Fraction(term.args[0])
        case "zero":
            return Fraction(0)
        case "sym":
            return points.get(term.args[0], Fraction(1))
        case "mean":
            return _value(term.args[1], points, c)
        case "grad" | "app" if term.args[0] in ("F", "L"):
            at = _value(term.args[-1], points, c)
            return None if at is None else c * at if term.head == "grad" else c * at * at / 2
        case "add" | "mul":
            parts = [x for part in term.args if (x := _value(part, points, c)) is not None]
            if len(parts) < len(term.args):
                return None
            return sum(parts, Fraction(0)) if term.head == "add" else prod(parts, start=Fraction(1))
    return None
