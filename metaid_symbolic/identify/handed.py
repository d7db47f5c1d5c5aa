"""Certificates that are known beforehand: of squared distances, and of points that move along a symmetry.

With F = sum_t w_t r_t^2 every point with r = 0 is a minimiser, all minimisers have r = 0, and so equal losses; two of them
refute UNIQ.  Points c^w . p of a scaling come as near to p as one likes, which refutes LPROF there.  The proofs are written down
by following the kernel's branch; it checks them like any others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any, TypeVar, final

from ..certificates import Combine, Cut, Derivation, Done, Instantiate, OneVariable, Proof, Refutation, Rewrite, Split, Summand
from ..claims import AtProblem
from ..conditions import Conditions
from ..kernel.branch import Branch, sort_of
from ..kernel.normal import Normaliser
from ..kernel.polynomial import Ring, key_of
from ..kernel.rejection import Rejected
from ..kernel.tableau import disjunction_of, instance, rewritten
from ..kernel.unfold import Reading
from ..problems import MetaProblem
from ..terms import ONE, IllFormed, Term, less, negation, number, substitute, symbol, total

Point = tuple[Fraction, ...]
Step = Callable[[Branch], Proof]
Made = TypeVar("Made")


class NotHanded(Exception):
    """The branch is not as expected; then the search is left to find a proof."""


@final
@dataclass(frozen=True)
class SumOfSquares:
    """The problem with losses r_t^2 and weights w_t; `roots` are the r_t."""

    problem: MetaProblem
    roots: tuple[Term, ...]

    def at(self, names: Sequence[str]) -> list[Term]:
        """The roots in other variables."""
        put = dict(zip(self.problem.parameters, map(symbol, names), strict=True))
        return [substitute(r, put) for r in self.roots]

    def squares(self, names: Sequence[str]) -> list[tuple[Fraction, Term]]:
        return list(zip(self.problem.weights, self.at(names), strict=True))

    def value(self, names: Sequence[str]) -> Term:
        return total([number(w) * r**2 for w, r in self.squares(names)])


def not_injective(problem: MetaProblem, first: Point, second: Point) -> Refutation | None:
    """Against PROF: two points with equal losses, which the kernel sees when it puts them in."""
    branch = _read(problem, "PROF", True)
    return _attempt(lambda: Refutation(_instance(branch, 0, (*first, *second), _closed), 0))


def _closed(branch: Branch) -> Proof:
    if not branch.closed:
        raise NotHanded
    return Done()


def not_unique(made: SumOfSquares, first: Point, second: Point) -> Refutation | None:
    """Against UNIQ: two points with r = 0."""
    branch = _read(made.problem, "UNIQ", True)

    def again(there: Branch) -> Proof:
        for i, x in enumerate(first, start=1):
            there = rewritten(there, f"_{i}", number(x))
        proof = _instance(there, _implication(there), second, lambda b: _negative(b, made))
        for i, x in reversed(list(enumerate(first, start=1))):
            proof = Rewrite(f"_{i}", number(x), proof)
        return proof

    def cases(there: Branch) -> Proof:
        return _split(there, [lambda b: _negative(b, made), again])

    return _attempt(lambda: Refutation(_instance(branch, _implication(branch), first, cases), 0))


def weakly_identified(made: SumOfSquares, point: Point) -> Derivation | None:
    """For WEAK: the point has r = 0, so there is a minimiser, and r = 0 at each."""
    branch = _read(made.problem, "WEAK", False)
    n = made.problem.dimension

    def none(there: Branch) -> Proof:
        return _instance(there, len(there.facts) - 1, point, lambda b: _negative(b, made))

    def two(there: Branch) -> Proof:
        facts = [k for k, f in enumerate(there.facts) if type(f[0]) is Term][-2:]
        return _instance(there, facts[0], point, lambda b: _instance(b, facts[1], point, tasks))

    def tasks(there: Branch) -> Proof:
        count = len(made.roots)
        places = [k for k, f in enumerate(there.facts) if type(f[0]) is tuple]
        if count == 1 or not places:
            return _one_task(there, made, 0, n)
        return _split_at(there, places[-1], [partial(_one_task, made=made, t=t, n=n) for t in range(count)])

    return _attempt(lambda: Derivation(_split(branch, [none, two])))


SMALL = symbol("_1") ** 2
"""e^2, where e is the radius that LPROF claims."""


def scaled(problem: MetaProblem, point: Point, weights: dict[str, int]) -> tuple[list[Term], list[Term]]:
    """The point, and (1 + s)^w . p with s = e^2/(k (1 + e^2))."""
    bound = number(4 * (2 + sum(abs(x * weights.get(p, 0)) for p, x in zip(problem.parameters, point, strict=True))))
    factor = (bound + (bound + 1) * SMALL) * (bound * (ONE + SMALL)) ** -1
    moved = [
        number(x) if not (w := weights.get(p, 0)) else number(x) * factor**w
        for p, x in zip(problem.parameters, point, strict=True)
    ]
    return list(map(number, point)), moved


def shifted(point: Point, first: Point, second: Point) -> tuple[list[Term], list[Term]]:
    """p + s a and p + s b for two directions, with s = e^2/(k (1 + e^2))."""
    bound = number(4 * (2 + sum(abs(x) for x in (*first, *second))))
    step = SMALL * (bound * (ONE + SMALL)) ** -1
    ends = [[number(x) + number(d) * step for x, d in zip(point, ds, strict=True)] for ds in (first, second)]
    return ends[0], ends[1]


def not_locally_identified(problem: MetaProblem, point: Point, pair: tuple[list[Term], list[Term]]) -> Refutation | None:
    """Against LPROF at the point: two different points with the same losses within any e of it, as rational functions of e^2."""
    branch = _read(problem, f"LPROF([{', '.join(map(str, point))}])", True)

    def cases(there: Branch) -> Proof:
        if there.closed:
            return Done()
        if type(there.facts[-1][0]) is not tuple:
            return OneVariable("_1")
        count = len(disjunction_of(there, len(there.facts) - 1))
        return _split(there, [lambda b: OneVariable("_1")] * count)

    return _attempt(lambda: Refutation(_instance(branch, len(branch.facts) - 1, (*pair[0], *pair[1]), cases), 0))


def _attempt(build: Callable[[], Made]) -> Made | None:
    try:
        return build()
    except (NotHanded, Rejected, IllFormed, IndexError):
        return None


def _read(problem: MetaProblem, source: str, holds: bool) -> Branch:
    formula = Reading(problem).formula(AtProblem(problem, Conditions().parse(source)).formula, {})
    branch = Branch(Normaliser(Ring(), sort_of), frozenset())
    branch.add(formula if holds else negation(formula))
    return branch


def _implication(branch: Branch) -> int:
    """The universal fact that an implication stands in: of a condition on all minimisers."""
    for place, fact in enumerate(branch.facts):
        body = fact[0]
        while type(body) is Term and body.head == "forall":
            body = body.args[2]
        if type(body) is Term and body.head == "implies" and body.args[0].head != "true":
            return place
    raise NotHanded


def _instance(branch: Branch, place: int, terms: Sequence[Any], then: Step) -> Proof:
    listed = tuple(t if type(t) is Term else number(t) for t in terms)
    branch = branch.copy()
    branch.add(*instance(branch, place, listed))
    return Instantiate(place, listed, then(branch))


def _split(branch: Branch, steps: Sequence[Step]) -> Proof:
    return _split_at(branch, len(branch.facts) - 1, steps)


def _split_at(branch: Branch, place: int, steps: Sequence[Step]) -> Proof:
    parts = disjunction_of(branch, place)
    if len(parts) != len(steps):
        raise NotHanded
    proofs = []
    for part, step in zip(parts, steps, strict=True):
        other = branch.copy()
        other.add(*part)
        proofs.append(step(other))
    return Split(place, tuple(proofs))


def _negative(branch: Branch, made: SumOfSquares) -> Proof:
    """F(z) < 0 for the names z that the branch introduced last."""
    count = branch._count
    names = [f"_{k}" for k in range(count - made.problem.dimension + 1, count + 1)]
    return Combine((_multiple(branch, made.value(names), -1), Summand((), tuple(made.squares(names)), False)))


def _one_task(branch: Branch, made: SumOfSquares, t: int, n: int) -> Proof:
    """Minimisers a and b with different losses of task t: one of the losses is greater, and it is 0."""
    a, b = [f"_{i}" for i in range(1, n + 1)], [f"_{i}" for i in range(n + 1, 2 * n + 1)]
    first, second = made.at(a)[t] ** 2, made.at(b)[t] ** 2
    formula = less(first, second)
    proofs = []
    for holds, low, high, names in ((True, first, second, b), (False, second, first, a)):
        other = branch.copy()
        other.add(formula, holds)
        weight = made.problem.weights[t]
        rest = [(w / weight, r) for s, (w, r) in enumerate(made.squares(names)) if s != t]
        root = made.at(a if holds else b)[t]
        value = total([number(w / weight) * r**2 for w, r in made.squares(names)])
        parts = (_multiple(other, low - high, -1), _multiple(other, value, -1), Summand((), ((Fraction(1), root), *rest), False))
        proofs.append(Combine(parts))
    return Cut(formula, proofs[0], proofs[1])


def _multiple(branch: Branch, term: Term, side: int) -> Summand:
    """The summand side * term >= 0 of the literal about this polynomial, in the branch's scale."""
    p = branch.normaliser.polynomial(term)
    for place, literal in enumerate(branch.literals):
        if key_of(literal.polynomial)[0] == key_of(p)[0]:
            mine, theirs = dict(p.monomials()), dict(literal.polynomial.monomials())
            monomial = next(iter(mine))
            scale = mine[monomial] / theirs[monomial] * side
            if literal.signs <= frozenset("-0"):
                scale = -scale
            if scale > 0:
                return Summand((place,), ((scale, ONE),), False)
    raise NotHanded
