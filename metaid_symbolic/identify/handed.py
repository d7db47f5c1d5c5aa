"""Proofs that are written down by following the kernel's branch; it checks them like any others.

Points c^w . p of a scaling come as near to p as one likes, which refutes LPROF there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, TypeVar

from ..certificates import Combine, Cut, Done, Instantiate, OneVariable, Proof, Refutation, Split, Summand
from ..claims import AtProblem
from ..conditions import Conditions
from ..kernel.branch import Branch, sort_of
from ..kernel.normal import Normaliser
from ..kernel.polynomial import Ring, key_of
from ..kernel.rejection import Rejected
from ..kernel.tableau import disjunction_of, instance
from ..kernel.unfold import Reading
from ..problems import MetaProblem
from ..search.algebra.ideal_membership import solve
from ..search.branches.branch_polynomials import cases_of
from ..terms import ONE, ZERO, IllFormed, Term, equal, negation, number, symbol

Point = tuple[Fraction, ...]
Step = Callable[[Branch], Proof]
Made = TypeVar("Made")


class NotHanded(Exception):
    """The branch is not as expected; then the search is left to find a proof."""


def not_injective(problem: MetaProblem, first: Point, second: Point) -> Refutation | None:
    """Against PROF: two points with equal losses, which the kernel sees when it puts them in."""
    branch = read(problem, "PROF", True)
    return attempt(lambda: Refutation(instantiated(branch, 0, (*first, *second), _closed), 0))


def _closed(branch: Branch) -> Proof:
    if not branch.closed:
        raise NotHanded
    return Done()


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
    branch = read(problem, f"LPROF([{', '.join(map(str, point))}])", True)

    def cases(there: Branch) -> Proof:
        if there.closed:
            return Done()
        if type(there.facts[-1][0]) is not tuple:
            return OneVariable("_1")
        count = len(disjunction_of(there, len(there.facts) - 1))
        return split(there, [lambda b: OneVariable("_1")] * count)

    return attempt(lambda: Refutation(instantiated(branch, len(branch.facts) - 1, (*pair[0], *pair[1]), cases), 0))


def attempt(build: Callable[[], Made]) -> Made | None:
    try:
        return build()
    except (NotHanded, Rejected, IllFormed, IndexError):
        return None


def read(problem: MetaProblem, source: str, holds: bool) -> Branch:
    formula = Reading(problem).formula(AtProblem(problem, Conditions().parse(source)).formula, {})
    branch = Branch(Normaliser(Ring(), sort_of), frozenset())
    branch.add(formula if holds else negation(formula))
    return branch


def implication(branch: Branch) -> int:
    """The universal fact that an implication stands in: of a condition on all minimisers."""
    for place, fact in enumerate(branch.facts):
        body = fact[0]
        while type(body) is Term and body.head == "forall":
            body = body.args[2]
        if type(body) is Term and body.head == "implies" and body.args[0].head != "true":
            return place
    raise NotHanded


def instantiated(branch: Branch, place: int, terms: Sequence[Any], then: Step) -> Proof:
    listed = tuple(t if type(t) is Term else number(t) for t in terms)
    branch = branch.copy()
    branch.add(*instance(branch, place, listed))
    return Instantiate(place, listed, then(branch))


def split(branch: Branch, steps: Sequence[Step]) -> Proof:
    return split_at(branch, len(branch.facts) - 1, steps)


def split_at(branch: Branch, place: int, steps: Sequence[Step]) -> Proof:
    parts = disjunction_of(branch, place)
    if len(parts) != len(steps):
        raise NotHanded
    proofs = []
    for part, step in zip(parts, steps, strict=True):
        other = branch.copy()
        other.add(*part)
        proofs.append(step(other))
    return Split(place, tuple(proofs))


def literal_of(branch: Branch, term: Term) -> tuple[int, Fraction]:
    """The literal about this polynomial, and c with term = c literal."""
    p = branch.normaliser.polynomial(term)
    for place, literal in enumerate(branch.literals):
        if key_of(literal.polynomial)[0] == key_of(p)[0]:
            mine, theirs = dict(p.monomials()), dict(literal.polynomial.monomials())
            monomial = next(iter(mine))
            return place, mine[monomial] / theirs[monomial]
    raise NotHanded


def multiple(branch: Branch, term: Term, side: int) -> Summand:
    """The summand side * term >= 0 of the literal about this polynomial, in the branch's scale."""
    place, ratio = literal_of(branch, term)
    scale = ratio * side * (-1 if branch.literals[place].signs <= frozenset("-0") else 1)
    if scale <= 0:
        raise NotHanded
    return Summand((place,), ((scale, ONE),), False)


def vanishing(branch: Branch, term: Term, factors: Sequence[tuple[Fraction, Term]]) -> Summand:
    """The summand (sum c q) term of the literal term = 0, which the kernel reads as -p >= 0."""
    place, ratio = literal_of(branch, term)
    return Summand((place,), tuple((-ratio * c, q) for c, q in factors), True)


def square_of(branch: Branch, term: Term, weight: Fraction) -> Summand:
    """weight term^2 > 0, for a term that is not 0."""
    place, ratio = literal_of(branch, term)
    return Summand((place,), ((weight * ratio**2, ONE),), False)


def apart(branch: Branch, a: Term, points: tuple[Term, Term], ends: tuple[tuple[Fraction, Fraction], ...]) -> Proof:
    """a = x and a = y, where x <= h and l <= y are known with h <= l, one of the three without equality."""
    (x, y), ((_, high), (low, _)) = points, ends
    if ends[1] < ends[0]:
        return apart(branch, a, (y, x), ends[::-1])
    parts = [vanishing(branch, a - x, [(Fraction(-1), ONE)]), vanishing(branch, a - y, [(Fraction(1), ONE)])]
    parts += [multiple(branch, number(high) - x, 1)] if x.head != "num" else []
    parts += [multiple(branch, y - number(low), 1)] if y.head != "num" else []
    return Combine((*parts, Summand((), ((low - high, ONE),), False)))


def outside(branch: Branch, x: Term, value: Fraction, bounds: tuple[Fraction, Fraction]) -> Proof:
    """x = value, and low < x < high are known with the value not between them."""
    low, high = bounds
    end, side = (low, 1) if value <= low else (high, -1)
    known = multiple(branch, x - number(end), side)
    rest = Summand((), ((side * (end - value), ONE),), False)
    return Combine((known, rest, vanishing(branch, x - number(value), [(Fraction(-side), ONE)])))


def established(branch: Branch, terms: Sequence[Term], then: Step) -> Proof:
    """The terms are 0, each as a combination of equations that the branch knows."""
    left = [t for t in terms if not branch.truth(equal(t, ZERO), True)]
    if not left:
        return then(branch)
    first = left[0]
    yes, no = cases_of(branch, equal(first, ZERO))
    known = [k for k, one in enumerate(branch.literals) if one.signs == frozenset("0")]
    columns = [dict(branch.literals[k].polynomial.monomials()) for k in known]
    weights = solve(columns, dict(branch.normaliser.polynomial(first).monomials()))
    if weights is None:
        raise NotHanded
    used = [Summand((k,), ((w, first),), True) for k, w in zip(known, weights, strict=True) if w]
    return Cut(equal(first, ZERO), established(yes, left[1:], then), Combine((square_of(no, first, Fraction(1)), *used)))


def newest(branch: Branch, count: int) -> list[Term]:
    """The names that the branch introduced last."""
    last = branch._count
    return [symbol(f"_{k}") for k in range(last - count + 1, last + 1)]
