"""Rates of gradient methods in every dimension (Drori, Teboulle 2014; Taylor, Hendrickx, Glineur 2017).

The denied claim is a strict inequality between inner products and values of smooth (strongly) convex functions at finitely
many points.  Interpolation inequalities between all pairs of these points are instances of cited theorems; with weights
w_k >= 0 they and the denied claim add up to minus a Gram form of the vectors, whose LDL^T gives squares |v|^2 >= 0:

    denied + sum_k w_k (inequality k) + sum_j d_j |v_j|^2 = 0,    which is a contradiction in R^n for every n.

`gram` finds the weights and the semidefinite matrix, exactly.  Nothing found means nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations, combinations_with_replacement, permutations
from typing import Any

from ..certificates import Combine, Cut, Done, Lemma, Proof, Rewrite, Split, Summand
from ..claims import Theorem, Universe
from ..kernel.branch import Branch, sort_of
from ..kernel.lemmas import ORIGIN
from ..kernel.normal import Normaliser
from ..kernel.polynomial import Ring, TooLarge, key_of
from ..kernel.rejection import Rejected
from ..kernel.rules import setting
from ..kernel.tableau import combine, disjunction_of
from ..terms import ONE, IllFormed, Term, equal, free_symbols, negation, number, subterms, symbol, total
from . import derivation
from .convexity import Convex, at, convex_functions, interpolated
from .gram import Block, represented
from .moves import UNSUITABLE, eliminate
from .polynomials import Polynomial, Squares
from .solving import vector_equations
from .tracks import Track

CONSTANTS = frozenset({"phi", "alpha", "n", "steps"})
MOST_POINTS = 6
"""Points at which a function is compared with itself; there are 30 ordered pairs of six."""
FERMAT, FERMAT_EFFORT = "Fermat(F)", 60
MOST_CASES = 4
"""Members of a disjunction that is taken apart."""
Weighed = tuple[list[Fraction], tuple[Squares, ...]]


def rate(universe: Universe, facts: Sequence[Term], theorems: Mapping[str, Theorem]) -> Proof | None:
    """A closed tableau for the facts, from interpolation inequalities and one positive semidefinite matrix."""
    everything = [*setting(universe), *facts]
    try:
        branch = _opened(everything)
        if branch.opaque.get(("whole",)) is not True or not convex_functions(branch):
            return None
        still = [equal(Term("grad", ("F", a)), ORIGIN) for a in _minimisers(branch)]
        denied = [derivation.refutation([*everything, negation(f)], (FERMAT,), theorems, FERMAT_EFFORT, 2) for f in still]
        cuts = [(f, no) for f, no in zip(still, denied, strict=True) if no is not None]
        found = _by_cases(Track(_opened([*everything, *(f for f, _ in cuts)])), theorems)
    except (Rejected, TooLarge, IllFormed):
        return None
    for formula, no in reversed(cuts):
        found = found and Cut(formula, found, no)
    return found


def _opened(facts: Sequence[Term]) -> Branch:
    branch = Branch(Normaliser(Ring(), sort_of), CONSTANTS)
    for fact in facts:
        branch.add(fact)
    return branch


def _minimisers(branch: Branch) -> list[Term]:
    """The points a with F(a) <= F(z) for all z, by a fact."""
    found = []
    for formula, holds in branch.facts:
        if holds is True and formula.head == "forall" and formula.args[1] == "point":
            name, _, body = formula.args
            body = body.args[1] if body.head == "implies" else body
            values = [side for side in body.args if type(side) is Term and side.head == "app"] if body.head == "le" else []
            if len(values) == 2 and values[1] == Term("app", ("F", symbol(name))) and values[0].args[0] == "F":
                found += [values[0].args[1]] if name not in free_symbols(values[0]) else []
    return found


def _by_cases(track: Track, theorems: Mapping[str, Theorem]) -> Proof | None:
    """The disjunctions, such as a denied conjunction, are taken apart first."""
    choices = [k for k, fact in enumerate(track.branch.facts) if type(fact[0]) is tuple]
    place = next((k for k in choices if _is_open(track.branch, k)), None)
    if track.branch.closed or place is None:
        return _closed(track, theorems)
    parts, proofs = disjunction_of(track.branch, place), []
    for part in parts if len(parts) <= MOST_CASES else ():
        case = track.copy()
        case.branch.add(*part)
        found = _by_cases(case, theorems)
        if found is None:
            return None
        proofs.append(found)
    return Split(place, tuple(proofs)) if proofs else None


def _is_open(branch: Branch, place: int) -> bool:
    return not any(branch.truth(*part) for part in branch.facts[place])


def _closed(track: Track, theorems: Mapping[str, Theorem]) -> Proof | None:
    while not track.branch.closed and (made := eliminate(track.branch)) is not None:
        name, value, track.branch = made
        track.wraps.append(lambda p, name=name, value=value: Rewrite(name, value, p))  # type: ignore[misc]
    whole = track.lemma(Lemma("whole space", (), (), Done()))
    if whole is None or not list(_goals(track.branch)):
        return track.wrapped(Done()) if track.branch.closed else None
    for convex in convex_functions(track.branch):
        points = points_of(track.branch, convex.function)[:MOST_POINTS]
        patterns = interpolated(track, convex, theorems, whole)
        for point in points:
            track.instantiate(whole, (point,))
        for pattern in patterns:
            for pair in permutations(points, 2):
                track.instantiate(*at(pattern, convex, *pair))
        if convex.quadratic:
            _quadratic(track, convex, points)
    _critical_points(track)
    return _contradiction(track)


def _quadratic(track: Track, convex: Convex, points: Sequence[Term]) -> None:
    """Where mu = ell, |v|^2 <= 0 for v = g(x) - g(y) - mu (x - y), so v = 0."""
    track.lemma(Lemma("norm", (), (), Done()))
    nonzero = len(track.branch.facts) - 2
    for x, y in combinations(points, 2):
        slopes = [Term("grad", (*convex.function, z)) for z in (x, y)]
        track.instantiate(nonzero, (slopes[0] - slopes[1] - number(convex.mu) * (x - y),))


def points_of(branch: Branch, function: tuple[Term | str, ...]) -> list[Term]:
    """The points at which literals or equations between vectors mention the function or its gradient, shortest first."""
    ring = branch.normaliser.ring
    terms = [ring.term_of(g) for one in branch.literals for m, _ in one.polynomial.monomials() for g, _ in m]
    terms += [branch.normaliser.canonical(side) for equation in vector_equations(branch) for side in equation.args]
    found: dict[Term, None] = {}
    for part in (part for term in terms for part in subterms(term)):
        if part.head in ("app", "grad") and part.args[0] == "L" and free_symbols(part.args[-1]) <= branch.variables:
            task = part.args[1]
            if (task == function[1]) if len(function) > 1 else task.args[0] not in branch.variables:
                found[part.args[-1]] = None
    return sorted(found, key=lambda point: len(str(point)))


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


def _critical_points(track: Track) -> None:
    """Equations between vectors, multiplied by every vector."""
    equations = vector_equations(track.branch)
    place = track.lemma(Lemma("dot", (), (), Done())) if equations else None
    if place is None:
        return
    for equation in equations:
        for vector in basis(track.branch):
            track.instantiate(place, (*equation.args, vector))


def _goals(branch: Branch) -> Iterator[int]:
    """The strict literals about inner products or values, the last one first."""
    for place, literal in reversed(list(enumerate(branch.literals))):
        heads = {branch.normaliser.ring.term_of(g).head for m, _ in literal.polynomial.monomials() for g, _ in m}
        if len(literal.signs) == 1 and "0" not in literal.signs and heads & {"dot", "mean", "app"}:
            yield place


def _contradiction(track: Track) -> Proof | None:
    if track.branch.closed:
        return track.wrapped(Done())
    forms = Forms(track.branch)
    for goal in _goals(track.branch):
        found = _weighed(track.branch, forms, goal)
        if found is not None and (proof := _written(track, forms, goal, found)) is not None:
            return proof
    return None


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

    def vector(self, form: Polynomial) -> Term:
        return total([number(c) * self.basis[e.index(1)] for e, c in form.items()])


def _weighed(branch: Branch, forms: Forms, goal: int) -> Weighed | None:
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
    blocks = [Block(unit, vectors), *(Block(p, [unit]) for place, p in inequalities if place != goal)]
    return represented({e: -c for e, c in wanted.items()}, blocks, equations, [])


def _written(track: Track, forms: Forms, goal: int, found: Weighed) -> Proof | None:
    """The squares as instances of 0 <= |x|^2, and everything added up."""
    multipliers, (vectors, *weights) = found
    kept = [place for place, _ in forms.columns(free=False) if place != goal]
    summands = [Summand((goal,), ((Fraction(1), ONE),), False)]
    summands += [Summand((k,), ((w[0][0] * _square(w[0][1]), ONE),), False) for k, w in zip(kept, weights, strict=True) if w]
    equations = zip((k for k, _ in forms.columns(free=True)), multipliers, strict=True)
    summands += [Summand((k,), ((Fraction(1), number(-m)),), True) for k, m in equations if m]
    track.lemma(Lemma("norm", (), (), Done()))
    norm = len(track.branch.facts) - 1
    for weight, form in vectors:
        vector = forms.vector(form)
        square = track.branch.normaliser.polynomial(Term("dot", (vector, vector)))
        track.instantiate(norm, (vector,))
        key, _ = key_of(square)
        place = next((k for k, one in enumerate(track.branch.literals) if key_of(one.polynomial)[0] == key), None)
        if place is None or track.branch.closed:
            return track.wrapped(Done()) if track.branch.closed else None
        known = track.branch.literals[place].polynomial
        scale = weight * square.monomials()[0][1] / known.monomials()[0][1]
        equation = track.branch.literals[place].signs == frozenset("0")
        summands.append(Summand((place,), ((-scale, ONE) if equation else (abs(scale), ONE),), equation))
    try:
        combine(track.branch, tuple(summands))
    except UNSUITABLE:
        return None
    return track.wrapped(Combine(tuple(summands)))


def _square(p: Polynomial) -> Fraction:
    """Of a constant polynomial."""
    (value,) = p.values()
    return value * value
