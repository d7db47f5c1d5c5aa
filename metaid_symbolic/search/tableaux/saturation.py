"""The prover for facts about all problems: unit instances first, then splits, then instances that branch.

Equations between points eliminate variables at once.  An instance is a unit if the branch contradicts all of its
members but one, so that it adds facts without a split.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

from ...certificates import Instantiate, Lemma, Proof, Rewrite, Split
from ...kernel.branch import Branch, Signed
from ...kernel.tableau import disjunction_of
from ...terms import Term
from ..branches.closing import close
from ..branches.instances import instance
from ..branches.linear import linear_contradiction, vanishing_contradiction
from ..branches.monomials import by_monomials
from ..branches.reductions import reduced_contradiction
from .effort import Effort
from .matching import candidates, disjunctions, occurring, universal_facts, witnesses
from .moves import (
    UNSUITABLE,
    USED,
    Leaf,
    Move,
    Tool,
    Wrap,
    arguments,
    eliminate,
    key_of_instance,
    mark,
    names_something,
    stripped,
    tool_of_zero,
    weight,
    with_rest,
)
from .sight import Sight

MOST_PASSES = 6
MOST_UNITS = 60
MOST_FOLLOWED = 8
MOST_FORCED = 12
MOST_WEIGHED = 40
MOST_PROMISING = 2.5
MOST_PLAIN, PLAIN = 12, 2
"""Instances that add a fact without a split, and what is added to their weight: at matching terms these are added before."""


@dataclass
class Saturator:
    """Closes branches with some tools, within a number of steps."""

    tools: tuple[Tool, ...]
    steps: int
    effort: Effort = field(default_factory=lambda: Effort(0))
    sight: Sight = field(default_factory=Sight)
    hidden: frozenset[str] = frozenset()
    directed: bool = False
    """Whether the facts are few and chosen for what is to be shown: then formulas are matched whole, and an instance that
    adds a fact without a split may be a choice."""

    def deepen(self, branch: Branch, most: int) -> Proof | None:
        """A closed tableau with as few nested choices as can be found."""
        self.effort = Effort(self.steps)
        leaf = self.opened(branch)
        for depth in range(most + 1):
            found = leaf.proof or self.prove(leaf, depth)
            if found is not None or self.effort.left < 0:
                return found
        return None

    def opened(self, branch: Branch) -> Leaf:
        """The branch, which is used up, with all unit instances."""
        self.effort.spend()
        leaf = self._saturated(Leaf(branch, []))
        found = close(leaf.branch, thorough=False) or vanishing_contradiction(leaf.branch)
        found = found or linear_contradiction(leaf.branch) or by_monomials(leaf.branch) or reduced_contradiction(leaf.branch)
        leaf.proof = leaf.wrapped(found)
        return leaf

    def prove(self, leaf: Leaf, depth: int, forced: int = 0) -> Proof | None:
        if leaf.proof is not None or self.effort.left < 0:
            return leaf.proof
        found = self._choices(leaf.branch, depth, forced)
        if found is None and depth == 0:
            found = close(leaf.branch, thorough=True) or linear_contradiction(leaf.branch, products=True)
        return leaf.wrapped(found)

    # unit instances

    def _saturated(self, leaf: Leaf) -> Leaf:
        for _ in range(MOST_PASSES):
            while not leaf.branch.closed and not self.hidden and (eliminated := eliminate(leaf.branch)) is not None:
                name, value, leaf.branch = eliminated
                leaf.wraps.append(partial(Rewrite, name, value))
            count = len(leaf.wraps)
            self._at_tasks(leaf)
            self._pass(leaf)
            if len(leaf.wraps) == count:
                break
        return leaf

    def _pass(self, leaf: Leaf) -> None:
        """Each unit instance that adds no variable, once."""
        branch, ground = leaf.branch, occurring(leaf.branch)
        for place, formula, holds in universal_facts(branch):
            for terms in candidates(branch, formula, holds, ground, self.hidden, strict=True, alike=self.directed):
                if branch.closed or len(leaf.wraps) > MOST_UNITS:
                    return
                parts = self.open_members(branch, place, terms, 1)
                if parts is None or len(parts) > 1 or (parts and names_something(*parts[0])):
                    continue
                mark(branch, place, terms)
                branch.add(*instance(branch, place, terms))
                leaf.wraps.append(lambda p, place=place, terms=terms: Instantiate(place, terms, p))  # type: ignore[misc]

    def open_members(self, branch: Branch, place: int, terms: tuple[Term, ...], most: int) -> list[Signed] | None:
        """The members of an instance that the branch does not decide at sight; None if it adds nothing, or if more than `most`
        of them are not denied by a universal fact either."""
        if key_of_instance(branch, place, terms) in branch.labels:
            return None
        left, unknown = [], 0
        for part in self.sight.members(branch, place, terms):
            known = self.sight.known(branch, *part)
            truth = True if known else self.sight.truth(branch, *part)
            if truth:
                return None
            if truth is None:
                left.append(part)
                unknown += known is None
                if unknown > most:
                    return None
        return left

    # choices

    def _choices(self, branch: Branch, depth: int, forced: int = 0) -> Proof | None:
        """Steps that leave one branch open are taken as they come; else the best choices, one after the other."""
        moves = []
        for move, promising in self._all(branch):
            if move.open == 0 or (promising and move.open == 1 and forced < MOST_FORCED):
                return self._follow(move, depth, forced + 1)
            if self.effort.left < 0:
                return None
            moves.append(move)
        if depth == 0:
            return None
        for move in sorted(moves, key=lambda m: m.open)[:MOST_FOLLOWED]:
            found = self._follow(move, depth - 1, forced)
            if found is not None or self.effort.left < 0:
                return found
        return None

    def _all(self, branch: Branch) -> Iterator[tuple[Move, bool]]:
        """All moves, and whether they promise much."""
        yield from ((m, True) for m in self._splits(branch))
        weighed = sorted(self._weighed(branch), key=lambda item: item[0])
        yield from ((m, True) for m in self._instances(branch, [w for w in weighed if w[0] <= MOST_PROMISING]))
        yield from ((m, True) for m in self._lemmas(branch))
        yield from ((m, False) for m in self._instances(branch, [w for w in weighed if w[0] > MOST_PROMISING]))

    def _follow(self, move: Move, depth: int, forced: int) -> Proof | None:
        proofs: list[Proof] = []
        for leaf in move.leaves:
            found = self.prove(leaf, depth, forced)
            if found is None:
                return None
            proofs.append(found)
        return move.wrap(tuple(proofs))

    def _split(self, branch: Branch, place: int) -> Move:
        """One leaf for each member."""
        leaves = []
        for part in disjunction_of(branch, place):
            other = branch.copy()
            other.facts[place] = (USED, USED)
            clashes, places = self.sight.known(other, *part) is False, witnesses(other, *part)
            other.add(*part)
            leaves.append(((clashes or places) and self._clash(branch, other, part, places)) or self.opened(other))
        return Move(lambda inner: Split(place, inner), leaves)

    def _clash(self, before: Branch, branch: Branch, part: Signed, places: list[int]) -> Leaf | None:
        """The leaf closed by the universal fact that its formula denies, at the variables that the denial names; or by the
        facts with these places, which give what it says there is not."""
        masked = branch.copy()
        pattern = self.sight.pattern(stripped(part[0]))
        kept = {*places} or {place for place, formula, _ in universal_facts(before) if self.sight.pattern(formula) == pattern}
        for place in {*range(len(before.facts))} - kept:
            masked.facts[place] = (USED, USED)
        hidden = frozenset() if places else frozenset(before.variables)
        found = Saturator((), 40, Effort(40), self.sight, hidden).deepen(masked, 0)
        return None if found is None else Leaf(branch, [], found)

    def _splits(self, branch: Branch) -> Iterator[Move]:
        for place, parts in list(disjunctions(branch)):
            if not any(branch.truth(*m) for m in parts):
                yield self._split(branch, place)

    def _instances(self, branch: Branch, weighed: list[tuple[float, int, tuple[Term, ...]]]) -> Iterator[Move]:
        for _, place, terms in weighed:
            if self.effort.left < 0:
                return
            other, fresh = branch.copy(), len(branch.facts)
            mark(other, place, terms)
            other.add(*instance(other, place, terms))
            yield self._after(other, fresh, lambda p, place=place, terms=terms: Instantiate(place, terms, p))  # type: ignore[misc]

    def _weighed(self, branch: Branch) -> Iterator[tuple[float, int, tuple[Term, ...]]]:
        """Instances with their weights, the latest facts first."""
        ground, counts = occurring(branch), [0, 0]
        for place, formula, holds in reversed(list(universal_facts(branch))):
            for terms in candidates(branch, formula, holds, ground, self.hidden, alike=self.directed):
                parts = self.open_members(branch, place, terms, 3)
                plain = parts is not None and len(parts) == 1 and not names_something(*parts[0])
                if parts is not None and counts[plain] < (MOST_PLAIN * self.directed if plain else MOST_WEIGHED):
                    counts[plain] += 1
                    likely = [p for p in parts if self.sight.known(branch, *p) is None and not witnesses(branch, *p)]
                    yield weight(branch, place, likely) + (Term("zero") in terms) + PLAIN * plain, place, terms

    def _after(self, branch: Branch, fresh: int, wrap: Wrap) -> Move:
        """What an instance leads to, the disjunction that it adds (number `fresh`) split at once."""
        if branch.closed or len(branch.facts) != fresh + 1 or fresh not in dict(disjunctions(branch)):
            return Move(lambda inner: wrap(inner[0]), [self.opened(branch)])
        move = self._split(branch, fresh)
        return Move(lambda inner: wrap(move.wrap(inner)), move.leaves)

    def _lemmas(self, branch: Branch) -> Iterator[Move]:
        """Rules at terms that stand in the branch."""
        for tool in self.tools:
            for term in arguments(branch, tool.sort):
                other = branch.copy()
                if tool.sort != "task" and self._use(tool, term, other):
                    yield from self._parts(branch, other, tool.step((term,)))

    def _parts(self, before: Branch, branch: Branch, step: Lemma) -> Iterator[Move]:
        """What a rule adds without a split; or one of the disjunctions that it adds split at once, the others left aside."""
        added = {place: parts for place, parts in disjunctions(branch) if place >= len(before.facts)}
        places = list(added)
        if len(branch.history) > len(before.history) + len(places):
            other = branch.copy()
            for k in places:
                other.facts[k] = (USED, USED)
            yield Move(lambda inner: with_rest(step, inner[0]), [self.opened(other)])
            return
        if tool_of_zero(step):
            places.sort(key=lambda k: not any(f.head == "eq" and holds for f, holds in added[k]))
        for place in places[:1] if tool_of_zero(step) else places:
            other = branch.copy()
            for k in places:
                if k != place:
                    other.facts[k] = (USED, USED)
            move = self._split(other, place)
            yield Move(lambda inner, m=move: with_rest(step, m.wrap(inner)), move.leaves)  # type: ignore[misc]

    def _use(self, tool: Tool, term: Term, branch: Branch) -> bool:
        """Adds the rule to the branch; whether that is new."""
        key = f"{tool.name} {tool.functions} {term}"
        if key in branch.labels:
            return False
        branch.labels[key] = "used"
        try:
            branch.add(tool.formula((term,)))
        except UNSUITABLE:
            return False
        return True

    def _at_tasks(self, leaf: Leaf) -> None:
        """Theorems about task losses for every task that the branch names."""
        for tool in self.tools:
            for term in arguments(leaf.branch, tool.sort) if tool.sort == "task" else ():
                if not leaf.branch.closed and self._use(tool, term, leaf.branch):
                    leaf.wraps.append(lambda p, s=tool.step((term,)): with_rest(s, p))  # type: ignore[misc]
