"""Smooth (strongly) convex functions among the facts of a branch, and their interpolation inequalities."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt
from typing import Any, final

from ...certificates import Done, Lemma, Proof
from ...claims import Theorem
from ...kernel import lemmas
from ...kernel.branch import Branch, sort_of
from ...kernel.rejection import Rejected
from ...kernel.tableau import disjunction_of
from ...terms import Term, number, substitute, symbol
from ..tableaux.moves import UNSUITABLE
from .tracks import Track

VALUES, SLOPES, DESCENT = "interpolation with values", "interpolation", "descent lemma"
"""Cited theorems for mu < ell, for mu = ell > 0 (where the tangents give the values), and without convexity."""
Pattern = tuple[int, tuple[Term, ...]]
"""A fact and the meaning of its quantifiers: X and Y, and TASK."""
X, Y, TASK = symbol("_p999991"), symbol("_p999992"), symbol("_t999993")


@final
@dataclass(frozen=True, slots=True)
class Hypothesis:
    """Fact `place` for x, y (and the task) in the order of its quantifiers says: |g(x) - g(y)|^2 <= c |x - y|^2, or
    f(y) >= f(x) + <g(x), y - x> + c |y - x|^2 (`tangent`)."""

    place: int
    order: tuple[Term, ...]
    function: str
    tangent: bool
    constant: Fraction


@final
@dataclass(frozen=True, slots=True)
class Convex:
    """A function (`("F",)`, or `("L", task)`) that is mu-strongly convex (mu >= 0), if `tangent`, and has an ell-Lipschitz
    gradient, if `lipschitz`."""

    function: tuple[Any, ...]
    tangent: Hypothesis | None
    lipschitz: Hypothesis | None

    @property
    def mu(self) -> Fraction:
        return 2 * self.tangent.constant if self.tangent else Fraction(0)

    @property
    def ell(self) -> Fraction:
        return (_root(self.lipschitz.constant) if self.lipschitz else None) or Fraction(0)

    @property
    def quadratic(self) -> bool:
        """Whether mu = ell: the gradient is mu x + a constant."""
        return self.tangent is not None and self.lipschitz is not None and self.mu == self.ell


def convex_functions(branch: Branch) -> list[Convex]:
    """F, and the losses of the tasks that the branch names, where facts say with rational constants that they are smooth or
    convex."""
    known = [h for place, fact in enumerate(branch.facts) if fact[1] is True for h in _hypotheses(branch, place, fact[0])]
    tasks = sorted(v for v in branch.variables if sort_of(v) == "task")
    functions: list[tuple[Any, ...]] = [("F",), *(("L", symbol(t)) for t in tasks)]
    found = []
    for function in functions:
        here = [h for h in known if h.function == function[0]]
        tangents = [h for h in here if h.tangent and h.constant >= 0]
        slopes = [h for h in here if not h.tangent and _root(h.constant)]
        tangent, slope = max(tangents, key=_size, default=None), min(slopes, key=_size, default=None)
        if tangent or slope:
            found.append(Convex(function, tangent, slope))
    return found


def _size(hypothesis: Hypothesis) -> Fraction:
    return hypothesis.constant


def _root(square: Fraction) -> Fraction | None:
    if square < 0:
        return None
    root = Fraction(isqrt(square.numerator), isqrt(square.denominator))
    return root if root * root == square else None


def _hypotheses(branch: Branch, place: int, formula: Term) -> Iterator[Hypothesis]:
    order: list[Term] = []
    points = [Y, X]
    while formula.head in ("forall", "implies"):
        if formula.head == "implies":
            formula = formula.args[1]
            continue
        name, sort, formula = formula.args
        if sort not in ("point", "task") or (sort == "point" and not points) or (sort == "task" and TASK in order):
            return
        order.append(points.pop() if sort == "point" else TASK)
        formula = substitute(formula, {name: order[-1]})
    if formula.head != "le" or points:
        return
    function = ("L", TASK) if TASK in order else ("F",)
    try:
        yield from _read(branch, place, tuple(order), function, formula)
    except UNSUITABLE:
        return


def _read(branch: Branch, place: int, order: tuple[Term, ...], function: tuple[Any, ...], formula: Term) -> Iterator[Hypothesis]:
    read = branch.normaliser.polynomial
    p = read(formula.args[1] - formula.args[0])
    swapped = tuple({X: Y, Y: X}.get(term, term) for term in order)
    for x, y, names in ((X, Y, order), (Y, X, swapped)):
        value, slope = ([Term(head, (*function, z)) for z in (x, y)] for head in ("app", "grad"))
        gap = read(value[1] - value[0] - Term("dot", (slope[0], y - x)))
        spread = read(Term("dot", (slope[0] - slope[1], slope[0] - slope[1])))
        distance = read(Term("dot", (y - x, y - x)))
        for tangent, main in ((True, gap), (False, branch.normaliser.nil - spread)):
            monomial, unit = main.monomials()[0] if not tangent else read(value[1]).monomials()[0]
            scale = dict(p.monomials()).get(monomial, Fraction(0)) / unit
            rest = p - branch.normaliser.ring.constant(scale) * main
            constant = _ratio(rest, distance)
            if scale > 0 and constant is not None:
                yield Hypothesis(place, names, function[0], tangent, (-constant if tangent else constant) / scale)


def _ratio(p: Any, q: Any) -> Fraction | None:
    """c with p = c q."""
    monomial, unit = q.monomials()[0]
    c = dict(p.monomials()).get(monomial, Fraction(0)) / unit
    left = dict(p.monomials())
    return c if left == {m: c * v for m, v in q.monomials() if c} else None


def interpolated(track: Track, convex: Convex, theorems: Mapping[str, Theorem], whole: int) -> list[Pattern]:
    """What holds of the function at all x and y; `whole` is the place of: every point lies in Phi."""
    found, raw = [], [h for h in (convex.tangent, convex.lipschitz) if h is not None]
    name, constants = VALUES, [number(convex.mu), number(convex.ell)]
    if convex.lipschitz is None:
        name, constants = "", []
    elif convex.tangent is None:
        name, constants = DESCENT, constants[1:]
    elif convex.quadratic:
        name = SLOPES
    if name in theorems and (place := _theorem(track, theorems[name], convex, constants, whole)) is not None:
        found.append((place, (X, Y)))
        raw = [] if name == VALUES else raw
    return found + [(h.place, h.order) for h in raw]


def at(pattern: Pattern, convex: Convex, x: Term, y: Term) -> tuple[int, tuple[Term, ...]]:
    """The fact, and what to put for its quantifiers."""
    values = {X: x, Y: y, **dict.fromkeys([TASK], *convex.function[1:])}
    return pattern[0], tuple(values[name] for name in pattern[1])


def _theorem(track: Track, theorem: Theorem, convex: Convex, constants: list[Term], whole: int) -> int | None:
    """The place of the conclusion of a cited theorem."""
    functions = tuple((f, convex.function[0] if f == "f" else "Phi") for f in theorem.functions)
    step = Lemma(theorem.name, functions, convex.function[1:], Done())
    place = _settled(track, track.lemma(step, lemmas.cited(theorem, step)), convex, whole)
    place = None if place is None else track.instantiate(place, tuple(constants))
    return _settled(track, place, convex, whole)


def _settled(track: Track, place: int | None, convex: Convex, whole: int) -> int | None:
    """Goes on with the last member of a disjunction whose others say that a hypothesis fails."""
    if place is None or type(track.branch.facts[place][0]) is not tuple:
        return place
    closed = []
    for part in disjunction_of(track.branch, place)[:-1]:
        proof = _denied(track, part, convex, whole)
        if proof is None:
            return None
        closed.append(proof)
    return track.split(place, closed)


def _denied(track: Track, part: tuple[Term, bool], convex: Convex, whole: int) -> Proof | None:
    """A closed tableau for the branch with the denial of a hypothesis."""
    for attempt in (None, convex.tangent, convex.lipschitz):
        other = track.copy()
        other.branch.add(*part)
        made = sorted(other.branch.variables - track.branch.variables, key=lambda v: (len(v), v))
        points = [symbol(v) for v in made if sort_of(v) == "point"]
        try:
            if attempt is not None and len(points) == 2:
                other.instantiate(*at((attempt.place, attempt.order), convex, *points))
            for point in points if attempt is None else ():
                other.instantiate(whole, (point,))
        except Rejected:
            continue
        if other.branch.closed:
            return other.wrapped(Done())
    return None
