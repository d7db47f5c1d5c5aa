"""The unique minimiser of a strictly convex loss on R^n, transcendental or not.

With a zero a of the gradient, boxed and named, strict convexity gives F(y) > F(a) + grad F(a).(y - a) = F(a) for y != a.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any, final

from ...certificates import Done, Instantiate, Lemma, Proof, Rewrite, Root, Summand
from ...claims import Theorem
from ...conditions import Conditions
from ...kernel import lemmas, objectives
from ...kernel.branch import Branch
from ...kernel.polynomial import Ring, product, to_term
from ...kernel.tableau import Checker
from ...kernel.unfold import Reading
from ...problems import MetaProblem
from ...terms import ONE, ZERO, Term, at_most, conjunction, equal, number, symbol
from ..branches.closing import close
from ..floating import np
from ..tableaux.scripts import Script, Unsolved, followed, proportion
from .zeros import System, numerators

CONVEX = "(forall x, y in Phi, r: 0 <= r & r <= 1 => r*x + (1 - r)*y in Phi)"
STRICT = (
    f"open(Phi) & C2(F) & {CONVEX} & (forall x in Phi: posdef(hess F(x)))"
    " => forall x, y in Phi: x != y => F(y) > F(x) + dot(grad F(x), y - x)"
)
RENAMED = (("f", "F"), ("U", "Phi"))
NARROW = Fraction(1, 1 << 20)
Point = tuple[Term, ...]


def theorem(cited: Sequence[Theorem], source: str) -> Lemma:
    """The step that takes the cited theorem which says this of F and Phi.  Raises `Unsolved` if none does."""
    wanted = Conditions().parse(source)
    for one in cited:
        step = Lemma(one.name, RENAMED, (), Done())
        if {*one.functions} == {"f", "U"} and "L" not in one.functions and lemmas.cited(one, step) == wanted:
            return step
    raise Unsolved(f"no cited theorem says {source}")


@final
@dataclass(frozen=True)
class Minimum:
    """A problem, the theorems that may be cited, and the formula, to be shown (`truth`) or refuted."""

    problem: MetaProblem
    cited: tuple[Theorem, ...]
    formula: Term
    truth: bool = True

    @property
    def objective(self) -> Term:
        return objectives.objective(self.problem, "F")

    @property
    def gradient(self) -> Point:
        return objectives.gradient(self.problem, self.objective)

    @property
    def slopes(self) -> System:
        """The gradient, in which Newton's method goes."""
        return System(self.gradient, self.problem.parameters)

    @property
    def system(self) -> System:
        """The gradient without its denominators, as a branch keeps it."""
        return System(numerators(self.gradient), self.problem.parameters)

    def at(self, point: Point) -> Term:
        return objectives.put(self.problem, self.objective, point)

    def script(self) -> Script:
        checker = Checker({t.name: t for t in self.cited}, Ring())
        checker.reading = Reading(self.problem)
        made = Script(checker, Branch(checker.normaliser, frozenset()))
        made.add(checker.reading.formula(self.formula, {}), not self.truth)
        return made

    def critical(self, script: Script, step: Root) -> Point:
        """Names a zero of the gradient."""
        here = tuple(map(symbol, script.take(step)))
        self.vanishing(script, here)
        return here

    def vanishing(self, script: Script, here: Point) -> list[int]:
        """The literals that say that the gradient vanishes at a point where some combinations of its entries do."""
        count = len(script.branch.literals)
        equations = [k for k in range(count) if script.branch.literals[k].signs == frozenset("0")]
        polynomials = [script.checker.normaliser.polynomial(self.put(f, here)) for f in self.system.functions]
        for f in self.system.functions:
            script.claim(equal(self.put(f, here), ZERO), lambda other, _: other.linear(equations))
        return [script.literal(p) for p in polynomials]

    def put(self, term: Term, point: Point) -> Term:
        return objectives.put(self.problem, term, point)

    def lowest(self, here: Point) -> Term:
        """F(here) <= F(y) for all y, and F(y) <= F(here) for y = here alone."""
        names = [f"y.{i + 1}" for i in range(len(here))]
        there = tuple(map(symbol, names))
        same = conjunction([equal(a, b) for a, b in zip(there, here, strict=True)])
        low = at_most(self.at(here), self.at(there))
        alone = Term("implies", (at_most(self.at(there), self.at(here)), same))
        return conjunction([every(names, low), every(names, alone)])


def every(names: Sequence[str], body: Term) -> Term:
    for name in reversed(names):
        body = Term("forall", (name, "real", body))
    return body


def convex(about: Minimum) -> Iterator[Proof]:
    """Proofs by strict convexity."""
    step = theorem(about.cited, STRICT)
    if about.problem.constraints:
        return
    x = about.slopes.newton(np.zeros(about.problem.dimension))
    if x is None:
        return
    for root in about.system.roots(x, None, unique=False):
        if root.box[0][1] - root.box[0][0] > NARROW:
            continue
        script = about.script()
        here = about.critical(script, root)
        script.take(step)
        yield script.either(script.last, partial(_given_convexity, about, here))
        return


def _given_convexity(about: Minimum, here: Point, script: Script, _: tuple[str, ...]) -> Proof:
    fact = script.branch.facts[-1]
    if type(fact[0]) is Term and fact[0].head == "forall" and fact[1]:
        return _from_convexity(about, script, here)
    found = close(script.branch, thorough=True)
    if found is None:
        raise Unsolved("the Hessian matrix is not seen to be positive definite everywhere")
    return script.ended(found)


def _from_convexity(about: Minimum, script: Script, here: Point) -> Proof:
    fact = script.last

    def denied(other: Script, there: tuple[str, ...]) -> Proof:
        before = len(other.branch.facts)
        other.take(Instantiate(fact, (*here, *map(symbol, there)), Done()))
        return other.either(before, lambda s, _: _same_or_above(about, s, here, there))

    script.claim(about.lowest(here), lambda other, _: other.either(other.last, denied))
    return followed(script, (here,), frozenset(range(len(about.script().branch.facts), fact + 1)))


def _same_or_above(about: Minimum, script: Script, here: Point, there: tuple[str, ...]) -> Proof:
    same = [equal(a, symbol(y)) for a, y in zip(here, there, strict=True)]
    if all(script.branch.truth(f, True) for f in same):
        identified(script, here, there)
        return script.ended(Done())
    return _above_tangent(about, script, here, there)


def identified(script: Script, here: Point, there: tuple[str, ...]) -> None:
    """Puts the coordinates of `here` for the variables that the branch knows to equal them."""
    for a, y in zip(here, there, strict=True):
        if not script.branch.closed:
            script.take(Rewrite(y, a, Done()))


def _above_tangent(about: Minimum, script: Script, here: Point, there: tuple[str, ...]) -> Proof:
    """F(y) <= F(a), F(y) > F(a) + grad F(a).(y - a) and grad F(a) = 0 exclude one another, after multiplication by what
    they were divided by: sums of products of exponentials."""
    normaliser, y = script.checker.normaliser, tuple(map(symbol, there))
    pairs = list(zip(y, here, strict=True))
    slopes = [about.put(g, here) for g in about.gradient]
    low = normaliser.scalar(about.at(y) - about.at(here))
    tangent = sum((g * (b - a) for g, (b, a) in zip(slopes, pairs, strict=True)), start=ZERO)
    high = normaliser.scalar(about.at(y) - (about.at(here) + tangent))
    d_low, d_high = (product(q.factors, normaliser.one) for q in (low, high))
    for atom in exponentials(normaliser, d_low, d_high):
        script.take(Lemma("exp", (), atom.args, Done()))
    parts = [*_times(script, d_low, high.numerator), *_times(script, d_high, low.numerator)]
    for f, g, (b, a) in zip(about.system.functions, slopes, pairs, strict=True):
        rest = [*high.factors]
        for factor in normaliser.scalar(g).factors:
            rest.remove(next(r for r in rest if r.monomials() == factor.monomials()))
        equation = normaliser.polynomial(about.put(f, here))
        place = script.literal(equation)
        weight = product(rest, normaliser.one) * d_low * normaliser.polynomial(b - a)
        ratio = proportion(script.branch.literals[place].polynomial, equation)
        free = number(-(ratio or Fraction(1))) * to_term(weight, normaliser.ring)
        parts.append(Summand((place,), ((Fraction(1), free),), True))
    return script.combined(*parts)


def exponentials(normaliser: Any, *polynomials: Any) -> list[Term]:
    """The exponentials in the polynomials.  Raises `Unsolved` if there is another generator with an odd exponent."""
    found: dict[Term, None] = {}
    for g, e in ((g, e) for p in polynomials for m, _ in p.monomials() for g, e in m):
        atom = normaliser.ring.term_of(g)
        if atom.head == "exp":
            found[atom] = None
        elif e % 2:
            raise Unsolved(f"the sign of {atom} is not known")
    return list(found)


def _times(script: Script, factor: Any, p: Any) -> list[Summand]:
    """The literal about p, oriented and scaled as p is, times a polynomial with positive coefficients in exponentials and
    squares."""
    ring, place = script.checker.normaliser.ring, script.literal(p)
    scale = abs(proportion(script.branch.literals[place].polynomial, p) or 1)
    made = []
    for monomial, c in factor.monomials():
        if c < 0:
            raise Unsolved("a divisor is not positive at sight")
        atoms = [(ring.term_of(g), e) for g, e in monomial]
        odd = [script.literal(ring.generator(atom)) for atom, e in atoms if e % 2]
        halves = [atom ** (e // 2) for atom, e in atoms if e > 1]
        made.append(Summand((place, *odd), ((c * scale, Term("mul", (ONE, *halves))),), False))
    return made
