"""Polynomial equations that a branch implies, used to take its variables apart.

Where sum_i c_i q_i^2 <= 0 with c_i > 0, every q_i is 0.  Consequences of equations are read off a Groebner basis: one
that is linear in a variable eliminates it, one that factors or has one variable makes cases.  Each step is a `Cut` whose
negative branch a `Combine` closes; `prove` closes what remains.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache, partial
from itertools import product
from math import prod
from typing import Any

import flint

from ..certificates import Combine, Cut, Done, Proof, Rewrite, Summand
from ..kernel.polynomial import generators_of
from ..kernel.rejection import Rejected
from ..kernel.tableau import Branch, combine, rewritten
from ..terms import ONE, ZERO, Term, equal, number, total
from . import sums_of_squares
from .elimination import Chain, eliminant
from .ideal_membership import as_dict, cofactors, groebner_basis
from .polynomials import Exponents, Polynomial, Squares, combination, degree_of, one, primitive, times
from .quotient_ring import leading

Prove = Callable[[Branch], Proof | None]
Step = Callable[[Prove], Proof | None]
EQUATION = frozenset("0")
MOST_VARIABLES, MOST_DEGREE, MOST_EQUATIONS, EXTRA_DEGREE, MOST_TERMS = 6, 12, 12, 8, 60
RELATIONS = {frozenset("-"): "lt-", frozenset("-0"): "le-", frozenset("+"): "lt+", frozenset("0+"): "le+"}
STEPS = "steps with vanishing squares"
MOST_STEPS = 14
FEW_ZEROS = 12


def vanish(branch: Branch, prove: Prove) -> tuple[bool, Proof | None]:
    """Whether there is a consequence of this kind, and a proof that begins with it, if the rest is closed.

    Consequences lose nothing, so the first one is taken and no other is tried.
    """
    used = branch.labels.get(STEPS, "")
    if len(used) < MOST_STEPS:
        branch = branch.copy()
        branch.labels[STEPS] = used + "."
        for step in (_eliminated, _reduced, _squares, _consequence):
            found = step(branch)
            if found is not None:
                return True, found(prove)
    return False, None


def has_system(branch: Branch) -> bool:
    """Whether two equations or more have degree 2 or more: then cases come after consequences."""
    curved = [one for one in branch.literals if one.signs == EQUATION and _curved(one.polynomial)]
    return len(curved) > 1


def _curved(p: Any) -> bool:
    return any(sum(e for _, e in monomial) > 1 for monomial, _ in p.monomials())


def _eliminated(branch: Branch) -> Step | None:
    """An equation that gives a variable is used at once: before other steps only one that gives a number."""
    for place, name in _linear(branch):
        if branch.labels[STEPS] == "." and len(generators_of(branch.literals[place].polynomial)) > 1:
            continue
        try:
            other = rewritten(branch, place, name)
        except Rejected:
            continue
        return partial(_rewrite, place, name, other)
    return None


def _rewrite(place: int, name: str, other: Branch, prove: Prove) -> Proof | None:
    found = Done() if other.closed else prove(other)
    return found and Rewrite(place, name, found)


def _reduced(branch: Branch) -> Step | None:
    """An inequality divided by an equation in one of its variables: its remainder obeys the inequality."""
    for place, literal in enumerate(branch.literals):
        relation = RELATIONS.get(literal.signs)
        variables = sorted(generators_of(literal.polynomial))
        if relation is None or len(variables) < 2 or not _in_reach(branch, [literal.polynomial], variables):
            continue
        for other, equation in enumerate(branch.literals):
            about = generators_of(equation.polynomial)
            if equation.signs == EQUATION and len(about) == 1 and about <= set(variables):
                p, f = polynomial_in(literal.polynomial, variables), polynomial_in(equation.polynomial, variables)
                cofactor, rest = divided(p, f)
                if cofactor and rest:
                    found = _remainder(branch, (place, other), relation, cofactor, rest, variables)
                    if found is not None:
                        return found
    return None


def _remainder(
    branch: Branch, places: tuple[int, int], relation: str, cofactor: Polynomial, rest: Polynomial, variables: list[int]
) -> Step | None:
    """p = cofactor f + rest, f = 0, and p has the relation to 0."""
    names = [branch.normaliser.ring.term_of(v) for v in variables]
    term = term_of(rest, names)
    formula = Term(relation[:2], (ZERO, term) if relation.endswith("+") else (term, ZERO))
    if branch.truth(formula, True) is not None:
        return None
    yes, no = branch.copy(), branch.copy()
    yes.add(formula)
    no.add(formula, False)
    where = place_of(no, rest, variables)
    if no.closed or where is None:
        return None
    sign = -1 if relation.endswith("+") else 1
    scale = abs(_ratio(no, where, rest, variables))
    free = Summand((places[1],), ((Fraction(1), number(-sign) * term_of(cofactor, names)),), True)
    closing = Combine((Summand((places[0],), ((Fraction(1), ONE),), False), Summand((where,), ((scale, ONE),), False), free))
    return partial(_cut, formula, yes, closing) if accepted(no, closing) else None


def divided(p: Polynomial, f: Polynomial) -> tuple[Polynomial, Polynomial]:
    """Quotient and remainder by f, which has one variable."""
    top = max(f)
    i = next(i for i, k in enumerate(top) if k)
    quotient: Polynomial = {}
    rest = dict(p)
    while (large := next((e for e in rest if e[i] >= top[i]), None)) is not None:
        factor = {(*large[:i], large[i] - top[i], *large[i + 1 :]): rest[large] / f[top]}
        quotient = combination([(Fraction(1), quotient), (Fraction(1), factor)])
        rest = combination([(Fraction(1), rest), (Fraction(-1), times(factor, f))])
    return quotient, rest


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
        if literal.signs == frozenset("-+") or not _in_reach(branch, [literal.polynomial], variables):
            continue
        p = polynomial_in(literal.polynomial, variables)
        if degree_of(p) % 2 or not 0 < degree_of(p) <= MOST_DEGREE:
            continue
        for side in (1, -1) if literal.signs == EQUATION else (1,) if literal.signs <= frozenset("-0") else (-1,):
            found = squares_of(tuple(sorted((e, side * c) for e, c in p.items())))
            if found is None:
                continue
            bound = _Bound(place, side, found[0], found[1], variables)
            if "0" not in literal.signs:
                return partial(bound.contradiction, branch)
            fresh = [k for k, (_, q) in enumerate(found[1]) if not _vanishes(branch, q, variables)]
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
        formula = equal(term_of(q, [branch.normaliser.ring.term_of(v) for v in self.variables]), ZERO)
        yes, no = branch.copy(), branch.copy()
        yes.add(formula)
        no.add(formula, False)
        where = place_of(no, q, self.variables)
        if no.closed or where is None:
            return None
        scale = weight * _ratio(no, where, q, self.variables) ** 2
        square = Summand((where,), ((scale, ONE),), False)
        closing = Combine((self._upper(no), square, self._sum(no, fresh[0])))
        if not accepted(no, closing):
            return None
        rest = Done() if yes.closed else self.cut(yes, fresh[1:], prove)
        return rest and Cut(formula, rest, closing)

    def _upper(self, branch: Branch) -> Summand:
        """-side p (1 + |x|^2)^power >= 0; the kernel takes an equation with its polynomial negated."""
        names = [branch.normaliser.ring.term_of(v) for v in self.variables]
        growth = [(Fraction(1), ONE), *((Fraction(1), x) for x in names)] if self.power else [(Fraction(1), ONE)]
        if branch.literals[self.place].signs == EQUATION:
            factor = total([c * x**2 for c, x in growth])
            return Summand((self.place,), ((Fraction(1), number(self.side) * factor),), True)
        return Summand((self.place,), tuple(growth), False)

    def _sum(self, branch: Branch, without: int | None) -> Summand:
        names = [branch.normaliser.ring.term_of(v) for v in self.variables]
        return Summand((), tuple((c, term_of(q, names)) for k, (c, q) in enumerate(self.squares) if k != without), False)


def _consequence(branch: Branch) -> Step | None:
    """A member of a Groebner basis of the equations that is linear in a variable, factors, or has one variable."""
    places = [i for i, one in enumerate(branch.literals) if one.signs == EQUATION]
    variables = sorted({g for i in places for g in generators_of(branch.literals[i].polynomial)})
    equations = [branch.literals[i].polynomial for i in places]
    if not 1 <= len(places) <= MOST_EQUATIONS or not _in_reach(branch, equations, variables):
        return None
    system = [polynomial_in(p, variables) for p in equations]
    for place, p in zip(places, system, strict=True):
        parts = factors(p)
        split = len(parts) > 1 or (parts and parts[0][1] > 1)
        if split and not any(_vanishes(branch, factor, variables) for factor, _ in parts):
            return partial(_cases, branch, place, p, parts, variables)
    for goal in _useful(system) if len(system) > 1 else ():  # one polynomial is a basis already
        if not _vanishes(branch, goal, variables):
            found = _derived(branch, goal, system, places, variables)
            if found is not None:
                return found
    if len(system) < len(variables) or any(len(generators_of(p)) == 1 for p in equations):
        return None
    return eliminant(Chain(branch.copy(), [branch.normaliser.ring.term_of(v) for v in variables], term_of), system, places)


def _useful(system: list[Polynomial]) -> Iterator[Polynomial]:
    """Members of two Groebner bases, the simplest first."""
    found: dict[Any, Polynomial] = {}
    basis = groebner_basis(system)
    for order in (flint.Ordering.degrevlex, flint.Ordering.lex) if small_quotient(basis) else (flint.Ordering.degrevlex,):
        for p in groebner_basis(system, order) or ():
            found[tuple(sorted(p.items()))] = p
    listed = sorted(found.values(), key=lambda p: (degree_of(p), len(p)))
    for p in listed:
        used = [i for i in range(len(next(iter(p)))) if any(e[i] for e in p)]
        if len(used) <= 1 or len(factors(p)) > 1 or any(_gives(p, i) for i in used):
            yield p


def small_quotient(basis: list[Polynomial] | None) -> bool:
    """Whether a lexicographic basis is quick to find: infinitely many zeros, or few."""
    leads = [leading(p) for p in basis or ()]
    if not leads:
        return False
    sides = [min((e[i] for e in leads if sum(e) == e[i]), default=1) for i in range(len(leads[0]))]
    return prod(sides) <= FEW_ZEROS


def _gives(p: Polynomial, i: int) -> bool:
    """Whether p is linear in variable i, with a constant coefficient."""
    return [sum(e) for e in p if e[i]] == [1]


def _derived(
    branch: Branch, goal: Polynomial, system: list[Polynomial], places: list[int], variables: list[int]
) -> Step | None:
    """A cut for a member of the ideal of the equations."""
    names = [branch.normaliser.ring.term_of(v) for v in variables]
    square = times(goal, goal)
    first = max(degree_of(goal), *map(degree_of, system))
    weights = next((w for d in range(first, first + EXTRA_DEGREE + 1) if (w := cofactors(goal, system, d)) is not None), None)
    if weights is None or not square:
        return None
    formula = equal(term_of(goal, names), ZERO)
    yes, no = branch.copy(), branch.copy()
    yes.add(formula)
    no.add(formula, False)
    where = place_of(no, goal, variables)
    if no.closed or where is None:
        return None
    parts = [Summand((where,), ((_ratio(no, where, goal, variables) ** 2, ONE),), False)]
    for place, h in zip(places, weights, strict=True):
        if h:
            parts.append(Summand((place,), ((Fraction(1), term_of(times(h, goal), names)),), True))
    closing = Combine(tuple(parts))
    if not accepted(no, closing):
        return None
    return partial(_cut, formula, yes, closing)


def _cut(formula: Term, yes: Branch, closing: Proof, prove: Prove) -> Proof | None:
    rest = Done() if yes.closed else prove(yes)
    return rest and Cut(formula, rest, closing)


def _cases(
    branch: Branch, place: int, p: Polynomial, parts: Sequence[tuple[Polynomial, int]], variables: list[int], prove: Prove
) -> Proof | None:
    """One case for each factor of the equation p = 0; a last one in which none of them is 0."""
    names = [branch.normaliser.ring.term_of(v) for v in variables]
    cuts: list[tuple[Term, Proof]] = []
    here = branch.copy()
    for factor, _ in parts:
        formula = equal(term_of(factor, names), ZERO)
        yes = here.copy()
        yes.add(formula)
        here.add(formula, False)
        found = Done() if yes.closed else prove(yes)
        if found is None:
            return None
        cuts.append((formula, found))
        if here.closed:
            break
    proof: Proof | None = Done() if here.closed else _none_vanishes(here, place, p, parts, variables)
    for formula, found in reversed(cuts):
        proof = proof and Cut(formula, found, proof)
    return proof


def _none_vanishes(
    branch: Branch, place: int, p: Polynomial, parts: Sequence[tuple[Polynomial, int]], variables: list[int]
) -> Proof | None:
    """p^2 is a multiple of the product of the squared factors, so it is not 0."""
    names = [branch.normaliser.ring.term_of(v) for v in variables]
    whole = one(p)
    literals: list[int] = []
    for factor, multiplicity in parts:
        where = place_of(branch, factor, variables)
        if where is None:
            return None
        literals += [where] * multiplicity
        known = polynomial_in(branch.literals[where].polynomial, variables)
        for _ in range(multiplicity):
            whole = times(whole, times(known, known))
    square = times(p, p)
    lead = max(square)
    scale = square[lead] / whole[lead]
    closing = Combine(
        (Summand(tuple(literals), ((scale, ONE),), False), Summand((place,), ((Fraction(1), term_of(p, names)),), True))
    )
    return closing if accepted(branch, closing) else None


def factors(p: Polynomial) -> list[tuple[Polynomial, int]]:
    """The irreducible factors over Q that are not constant, with multiplicity."""
    variables = len(next(iter(p)))
    ring = flint.fmpz_mpoly_ctx.get([f"x{i}" for i in range(variables)], flint.Ordering.lex)
    _, found = ring.from_dict({e: int(c) for e, c in primitive(p).items()}).factor()
    return [(as_dict(f), int(k)) for f, k in found if f.total_degree() > 0]


def polynomial_in(p: Any, variables: list[int]) -> Polynomial:
    """A polynomial of the branch with exponents for the listed generators."""
    return {tuple(dict(m).get(v, 0) for v in variables): c for m, c in p.monomials()}


def term_of(p: Polynomial, names: Sequence[Term]) -> Term:
    pieces = []
    for exponents, c in sorted(p.items()):
        powers = [n if e == 1 else n**e for n, e in zip(names, exponents, strict=True) if e]
        pieces.append(Term("mul", (number(c), *powers)) if powers else number(c))
    return pieces[0] if len(pieces) == 1 else Term("add", tuple(pieces)) if pieces else ZERO


def place_of(branch: Branch, p: Polynomial, variables: list[int]) -> int | None:
    """The literal about p, up to a factor."""
    wanted = primitive_up_to_sign(p)
    for place in reversed(range(len(branch.literals))):
        known = branch.literals[place].polynomial
        if generators_of(known) <= set(variables) and primitive_up_to_sign(polynomial_in(known, variables)) == wanted:
            return place
    return None


def primitive_up_to_sign(p: Polynomial) -> Polynomial:
    made = primitive(p)
    return made if made[max(made)] > 0 else {e: -c for e, c in made.items()}


def _ratio(branch: Branch, place: int, p: Polynomial, variables: list[int]) -> Fraction:
    """p / (the polynomial of the literal), a number."""
    lead = max(p)
    return p[lead] / polynomial_in(branch.literals[place].polynomial, variables)[lead]


def _vanishes(branch: Branch, p: Polynomial, variables: list[int]) -> bool:
    """Whether the branch says p = 0, or p is 0."""
    if len(combination([(Fraction(1), p)])) == 0:
        return True
    where = place_of(branch, p, variables)
    return where is not None and branch.literals[where].signs == EQUATION


def _in_reach(branch: Branch, polynomials: Sequence[Any], variables: list[int]) -> bool:
    terms = [branch.normaliser.ring.term_of(v) for v in variables]
    curved = [p for p in polynomials if len(generators_of(p)) > 1]
    small = all(sum(e for _, e in m) <= MOST_DEGREE for p in curved for m, _ in p.monomials())
    return 0 < len(variables) <= MOST_VARIABLES and small and all(t.head == "sym" for t in terms)


def accepted(branch: Branch, closing: Combine) -> bool:
    try:
        combine(branch, closing.summands)
    except Rejected:
        return False
    return True
