"""Proofs written step by step: a branch, the steps that led to it, and what is left of the proof.

The branch is extended by the kernel's own rules, so that a script knows what its steps add.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import permutations
from typing import Any, final

import flint

from ...certificates import Combine, Cut, Done, Instantiate, Lemma, OneVariable, Proof, Rewrite, Root, Split, Summand
from ...kernel.branch import Branch
from ...kernel.polynomial import to_term
from ...kernel.rejection import Rejected
from ...kernel.tableau import Checker, combine, disjunction_of, one_variable
from ...terms import ONE, Term, at_most, number, symbol
from ..branches.closing import close
from .candidates import eigen_points, quantifier_groups

DEPTH, MOST_POINTS = 30, 3
EQUATION = frozenset("0")


class Unsolved(Exception):
    """The script does not lead to a proof; nothing is concluded from it."""


@final
class Script:
    """A branch and the steps that led to it.  Where the branch is closed, further steps are left out."""

    def __init__(self, checker: Checker, branch: Branch, made: Sequence[Callable[[Proof], Proof]] = ()) -> None:
        self.checker, self.branch, self.made = checker, branch, list(made)

    def ended(self, proof: Proof) -> Proof:
        """The whole proof from its last step."""
        proof = Done() if self.branch.closed else proof
        for wrap in reversed(self.made):
            proof = wrap(proof)
        return proof

    def take(self, step: Instantiate | Lemma | Root | Rewrite) -> tuple[str, ...]:
        """Takes the step; the variables that are new, in the order in which they were named.  Raises `Rejected`."""
        if self.branch.closed:
            return ()
        before = set(self.branch.variables)
        self.branch = self.checker.extend(self.branch, step)
        self.made.append(lambda rest: replace(step, then=rest))
        return named(self.branch.variables - before)

    def add(self, f: Term, holds: bool) -> tuple[str, ...]:
        """Assumes the formula, as a case does; the new variables."""
        before = set(self.branch.variables)
        self.branch.add(f, holds)
        return named(self.branch.variables - before)

    def case(self) -> Script:
        """A copy of the branch, with the steps from here on."""
        return Script(self.checker, self.branch.copy())

    def claim(self, formula: Term, proof: Callable[[Script, tuple[str, ...]], Proof]) -> None:
        """Assumes the formula; the proof refutes its negation, given the new variables of that."""
        if self.branch.closed:
            return
        other = self.case()
        fresh = other.add(formula, False)
        denied = Done() if other.branch.closed else proof(other, fresh)
        self.branch.add(formula)
        self.made.append(lambda rest: Cut(formula, rest, denied))

    def either(self, fact: int, proof: Callable[[Script, tuple[str, ...]], Proof]) -> Proof:
        """A proof for each member of a disjunction that the branch does not exclude, with the new variables of each; the proof
        itself where there is no fact of that number, or it is no disjunction."""
        if self.branch.closed:
            return self.ended(Done())
        if fact >= len(self.branch.facts) or type(self.branch.facts[fact][0]) is Term:
            return proof(self, ())
        inner: list[Proof] = []
        for part in disjunction_of(self.branch, fact):
            other = self.case()
            fresh = other.add(*part)
            inner.append(Done() if other.branch.closed else proof(other, fresh))
        return self.ended(Split(fact, tuple(inner)))

    @property
    def last(self) -> int:
        return len(self.branch.facts) - 1

    def between(self, x: str, low: Fraction, high: Fraction) -> None:
        """Assumes low <= x <= high, which the literals about x alone show."""
        for formula in (at_most(number(low), symbol(x)), at_most(symbol(x), number(high))):
            self.claim(formula, lambda other, _: other.alone(x))

    def alone(self, x: str) -> Proof:
        one_variable(self.branch, x)
        return self.ended(OneVariable(x))

    def combined(self, *summands: Summand) -> Proof:
        combine(self.branch, summands)
        return self.ended(Combine(summands))

    def literal(self, p: Any) -> int:
        """The number of the literal about the polynomial, up to a factor.  Raises `Unsolved` if there is none."""
        for place, one in enumerate(self.branch.literals):
            if proportion(one.polynomial, p) is not None:
                return place
        raise Unsolved(f"no literal is about {to_term(p, self.branch.normaliser.ring)}")

    def linear(self, sources: Sequence[int]) -> Proof:
        """The newest literal, p != 0, where p is a linear combination of equations."""
        literals = self.branch.literals
        goal = literals[-1].polynomial
        weights = solved([literals[k].polynomial for k in sources], goal)
        root = to_term(goal, self.branch.normaliser.ring)
        parts = [Summand((k,), ((Fraction(1), number(c) * root),), True) for k, c in zip(sources, weights, strict=True) if c]
        return self.combined(Summand((len(literals) - 1,), ((Fraction(1), ONE),), False), *parts)


def named(fresh: set[str]) -> tuple[str, ...]:
    return tuple(sorted(fresh, key=lambda name: (len(name), name)))


def proportion(p: Any, q: Any) -> Fraction | None:
    """The number q / p, if it is one."""
    left, right = dict(p.monomials()), dict(q.monomials())
    if left.keys() != right.keys() or not left:
        return None
    ratios = {right[m] / c for m, c in left.items()}
    return ratios.pop() if len(ratios) == 1 else None


def solved(columns: Sequence[Any], goal: Any) -> list[Fraction]:
    """Numbers c_j with sum_j c_j p_j = goal.  Raises `Unsolved` if there are none."""
    listed = [dict(p.monomials()) for p in (*columns, goal)]
    rows = sorted({m for p in listed for m in p})
    entries = [flint.fmpq(c.numerator, c.denominator) for m in rows for p in listed for c in (p.get(m, Fraction(0)),)]
    reduced, rank = flint.fmpq_mat(len(rows), len(listed), entries).rref()
    found, last = [Fraction(0)] * len(columns), len(columns)
    for i in range(rank):
        lead = next(j for j in range(last + 1) if reduced[i, j] != 0)
        if lead == last:
            raise Unsolved("an equation does not follow linearly")
        value = reduced[i, last]
        found[lead] = Fraction(int(value.p), int(value.q))
    return found


def weigh(weight: Fraction | int, *literals: int) -> Summand:
    """weight times the product of the literals."""
    return Summand(literals, ((Fraction(weight), ONE),), False)


def attempt(proof: Callable[[], Proof]) -> Proof | None:
    """The proof, or None where a step is rejected or the script gives up."""
    try:
        return proof()
    except (Rejected, Unsolved, StopIteration, ArithmeticError, RecursionError, ValueError):
        return None


def followed(
    script: Script, points: Sequence[Sequence[Term]], seen: frozenset[Any] = frozenset(), gone: Sequence[Term] = ()
) -> Proof:
    """The rest of a proof from what is known of the named points and of those that the claim names; `gone` was eliminated."""
    others = [p for p in eigen_points(script.branch, len(points[0])) if p not in points and p != gone]
    return saturated(script, (*points, *others), seen)


def saturated(script: Script, points: Sequence[Sequence[Term]], seen: frozenset[Any] = frozenset(), depth: int = DEPTH) -> Proof:
    """The rest of a proof in which universal facts are put to use at the named points, and at those that this names; the facts
    `seen` are left aside."""
    if script.branch.closed:
        return script.ended(Done())
    found = close(script.branch, thorough=False, boxes=True)
    if found is not None:
        return script.ended(found)
    if depth == 0:
        raise Unsolved("what is known of the named points does not suffice")
    size = len(points[0])

    def rest(other: Script, fresh: tuple[str, ...]) -> Proof:
        new = [tuple(map(symbol, fresh[k : k + size])) for k in range(0, len(fresh) - size + 1, size)]
        return saturated(other, (*points, *new), done, depth - 1)

    choices = sorted((_possible(script.branch, place), place) for place in choices_of(script.branch) if place not in seen)
    if choices and choices[0][0] < 2:
        done = seen | {choices[0][1]}
        return script.either(choices[0][1], rest)
    for place, chosen in _untried(script.branch, points, seen):
        done, before = seen | {(place, chosen)}, len(script.branch.facts)
        fresh = script.take(Instantiate(place, chosen, Done()))
        if len(script.branch.facts) == before + 1 and type(script.branch.facts[before][0]) is tuple:
            done |= {before}
            return script.either(before, rest)
        return rest(script, fresh)
    if choices:
        done = seen | {choices[0][1]}
        return script.either(choices[0][1], rest)
    found = close(script.branch, thorough=True, boxes=True)
    if found is None:
        raise Unsolved("what is known of the named points does not suffice")
    return script.ended(found)


def choices_of(branch: Branch) -> list[int]:
    """The disjunctions among the facts."""
    return [place for place, fact in enumerate(branch.facts) if type(fact[0]) is tuple]


def _possible(branch: Branch, place: int) -> int:
    """How many members of a disjunction the branch does not exclude."""
    return sum(branch.truth(*part) is not False for part in branch.facts[place])


def _untried(branch: Branch, points: Sequence[Sequence[Term]], seen: frozenset[Any]) -> Iterator[tuple[int, tuple[Term, ...]]]:
    """Universal facts and points that fit them: the oldest points first, for each the newest fact first."""
    for known in range(1, len(points) + 1):
        for place, fact in reversed(list(enumerate(branch.facts))):
            for chosen in _fitting(fact, points[:known]):
                if not {place, (place, chosen)} & seen:
                    yield place, chosen


def _fitting(fact: Any, points: Sequence[Sequence[Term]]) -> Iterator[tuple[Term, ...]]:
    """The points, or pairs and triples of different ones, that fit the leading quantifiers of a universal fact."""
    names = [] if type(fact[0]) is not Term else [n for group in quantifier_groups(*fact) for n in group]
    count, over = divmod(len(names), len(points[0]))
    if not over and 0 < count <= MOST_POINTS:
        yield from (tuple(c for p in chosen for c in p) for chosen in permutations(points, count))
