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
from itertools import combinations, permutations

from ...certificates import Combine, Cut, Done, Lemma, Proof, Rewrite, Split, Summand
from ...claims import Theorem, Universe
from ...kernel.branch import Branch, sort_of
from ...kernel.lemmas import ORIGIN
from ...kernel.normal import Normaliser
from ...kernel.polynomial import Ring, TooLarge, key_of
from ...kernel.rejection import Rejected
from ...kernel.rules import setting
from ...kernel.tableau import combine, disjunction_of
from ...terms import ONE, IllFormed, Term, equal, free_symbols, negation, number, subterms, symbol
from .. import derivation
from ..algebra.polynomials import Polynomial
from ..branches.solving import vector_equations
from ..tableaux.moves import UNSUITABLE, eliminate
from .convex_functions import Convex, at, convex_functions, interpolated
from .forms import Forms, Weighed, basis, weighed
from .tracks import Track

CONSTANTS = frozenset({"phi", "alpha", "n", "steps"})
MOST_POINTS = 10
"""Points at which a function is compared with itself; there are 90 ordered pairs of ten."""
FERMAT, FERMAT_EFFORT = "Fermat(F)", 60
"""The theorem that makes a minimiser a critical point, and the steps for a proof of that."""
MOST_CASES = 4
"""Members of a disjunction that is taken apart."""


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
    for fact in branch.facts:
        if fact[1] is True and fact[0].head == "forall" and fact[0].args[1] == "point":
            name, _, body = fact[0].args
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
    bounds = {b for f in convex_functions(track.branch) for b in (Fraction(0), f.mu, f.ell, *(() if f.tangent else (-f.ell,)))}
    for goal in _goals(track.branch):
        found = weighed(forms, goal, sorted(bounds))
        if found is not None and (proof := _written(track, forms, goal, found)) is not None:
            return proof
    return None


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
