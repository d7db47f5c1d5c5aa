"""Certificates about the minimisers of a mean loss that is a sum of squares with common zeros.

Let F = m + sum_j d_j r_j^2 and r(p) = 0.  F(a) <= F(p) gives r(a) = 0 for every minimiser a, so that all have the losses of p:
WEAK.  Two different common zeros refute UNIQ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import final

from ..certificates import Combine, Cut, Derivation, Proof, Refutation, Summand
from ..kernel.branch import Branch
from ..search.branches.branch_polynomials import cases_of
from ..terms import ZERO, Term, equal, less, symbol
from .handed import (
    Step,
    apart,
    attempt,
    established,
    implication,
    instantiated,
    multiple,
    newest,
    read,
    split,
    split_at,
    square_of,
    vanishing,
)
from .mean_squares import MeanSquares
from .real_points import Place

Point = Sequence[Term]


def same_losses(made: MeanSquares, place: Place) -> Derivation | None:
    """For WEAK: there is a minimiser, and all have the same losses."""

    def begin(branch: Branch, p: Point) -> Proof:
        return _zero(branch, made, p, _Weak(made, p).proof)

    return attempt(lambda: Derivation(place.named(read(made.problem, "WEAK", False), begin)))


def two_minimisers(made: MeanSquares, first: Place, second: Place) -> Refutation | None:
    """Against UNIQ."""
    coordinate = first.apart(second)
    if coordinate is None:
        return None
    ends = first.bounds(coordinate), second.bounds(coordinate)

    def begin(branch: Branch, p: Point) -> Proof:
        return _zero(branch, made, p, lambda there: second.named(there, lambda b, q: _zero(b, made, q, lambda c: both(c, p, q))))

    def both(branch: Branch, p: Point, q: Point) -> Proof:
        def differ(there: Branch) -> Proof:
            return apart(there, symbol(f"_{coordinate + 1}"), (p[coordinate], q[coordinate]), ends)

        return _minimiser(branch, made, p, lambda there: _minimiser(there, made, q, differ))

    return attempt(lambda: Refutation(first.named(read(made.problem, "UNIQ", True), begin), 0))


@final
@dataclass(frozen=True)
class _Weak:
    """The proof of WEAK from a common zero p of the squares, by way of r(a) = r(b) = 0 for minimisers a and b."""

    made: MeanSquares
    p: Point

    def proof(self, branch: Branch) -> Proof:
        place = next(k for k, f in enumerate(branch.facts) if type(f[0]) is tuple)
        return split_at(branch, place, [self._none, self._two])

    def _none(self, branch: Branch) -> Proof:
        return instantiated(branch, len(branch.facts) - 1, self.p, lambda b: _lower(b, self.made, self.p))

    def _two(self, branch: Branch) -> Proof:
        n, last = self.made.problem.dimension, branch._count
        a, b = ([symbol(f"_{last - s + i}") for i in range(1, n + 1)] for s in (2 * n, n))
        facts = [k for k, f in enumerate(branch.facts) if type(f[0]) is Term][-2:]

        def zeros(there: Branch) -> Proof:
            return self._zeros(there, a, self.made.roots_at(a), lambda c: self._zeros(c, b, self.made.roots_at(b), tasks))

        def tasks(there: Branch) -> Proof:
            return self._tasks(there, a, b)

        return instantiated(branch, facts[0], self.p, lambda c: instantiated(c, facts[1], self.p, zeros))

    def _zeros(self, branch: Branch, a: Point, left: Sequence[Term], then: Step) -> Proof:
        """r_j(a) = 0 for those that are left: the square of one that is not 0 would raise F(a) above F(p)."""
        if not left:
            return then(branch)
        formula, made = equal(left[0], ZERO), self.made
        yes, no = cases_of(branch, formula)
        rest = self._zeros(yes, a, left[1:], then)
        known = multiple(no, made.objective_at(a) - made.objective_at(self.p), -1)
        squares = [(d, r) for d, r in zip(made.weights, made.roots_at(a), strict=True) if r != left[0]]
        weight = made.weights[made.roots_at(a).index(left[0])]
        strict = square_of(no, left[0], weight)
        return Cut(formula, rest, Combine((strict, known, Summand((), tuple(squares), False), *_at_zero(no, made, self.p))))

    def _tasks(self, branch: Branch, a: Point, b: Point) -> Proof:
        listed = range(len(self.made.losses))
        if len(listed) == 1:
            return self._task(branch, t=0, a=a, b=b)
        places = [k for k, f in enumerate(branch.facts) if type(f[0]) is tuple and len(f) == len(listed)]
        return split_at(branch, places[-1], [partial(self._task, t=t, a=a, b=b) for t in listed])

    def _task(self, branch: Branch, *, t: int, a: Point, b: Point) -> Proof:
        """L_t(a) - L_t(b) is the sum of c (b(a) + b(b)) s_j (r_j(a) - r_j(b)) over the squares c b^2 and over j."""
        made, proofs = self.made, list[Proof]()
        loss = made.problem.losses[t]
        first, second = made.at(loss, a), made.at(loss, b)
        for holds, side in ((True, -1), (False, 1)):
            there = branch.copy()
            there.add(less(first, second), holds)
            parts = [multiple(there, first - second, side)]
            for j in range(len(made.roots)):
                pairs = [(-side * c * s[j], made.at(v, x)) for c, v in made.losses[t] if (s := made.slopes[v])[j] for x in (a, b)]
                for x, sign in ((a, 1), (b, -1)):
                    if pairs:
                        parts.append(vanishing(there, made.at(made.roots[j], x), [(sign * c, q) for c, q in pairs]))
            proofs.append(Combine(tuple(parts)))
        return Cut(less(first, second), proofs[0], proofs[1])


def _zero(branch: Branch, made: MeanSquares, p: Point, then: Step) -> Proof:
    """r(p) = 0."""
    return established(branch, made.roots_at(p), then)


def _minimiser(branch: Branch, made: MeanSquares, x: Point, then: Step) -> Proof:
    """All minimisers are the point x, a zero of the squares."""

    def cases(there: Branch) -> Proof:
        return split(there, [lambda b: _lower(b, made, x), then])

    return instantiated(branch, implication(branch), x, cases)


def _lower(branch: Branch, made: MeanSquares, p: Point) -> Proof:
    """F(z) < F(p) for the point z that the branch named last."""
    z = newest(branch, made.problem.dimension)
    known = multiple(branch, made.objective_at(z) - made.objective_at(p), -1)
    squares = tuple(zip(made.weights, made.roots_at(z), strict=True))
    return Combine((known, Summand((), squares, False), *_at_zero(branch, made, p)))


def _at_zero(branch: Branch, made: MeanSquares, p: Point) -> list[Summand]:
    """-sum_j d_j r_j(p)^2, as multiples of the equations r_j(p) = 0."""
    found = zip(made.weights, made.roots_at(p), strict=True)
    return [vanishing(branch, r, [(-d, r)]) for d, r in found if branch.normaliser.polynomial(r).monomials()]
