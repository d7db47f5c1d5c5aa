"""Closing tableaux by search: try instances in order of promise, split, and close.

A universal fact is tried at candidate terms; a candidate is good when the branches it leads to close at once, and
worth following when all but one do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property, partial
from itertools import islice
from typing import Any

from ...certificates import Cut, Instantiate, Lemma, Proof, Split
from ...kernel.branch import Branch, sort_of
from ...kernel.normal import Normaliser
from ...kernel.polynomial import Ring, TooLarge
from ...kernel.rejection import Rejected
from ...kernel.tableau import disjunction_of
from ...terms import ZERO, IllFormed, Term, as_term, less, number, symbol
from ..branches.closing import close
from ..branches.instances import instance
from ..branches.linear import contradiction_of_products, linear_contradiction
from .candidates import Suggestions, candidates, is_coordinate, literal_state, matches, quantifier_groups
from .coefficients import coefficients_vanish
from .dependent import witnesses
from .descent import Rule, core
from .effort import Effort
from .logarithms import without_logarithms
from .pinning import cases, pinned
from .steps import Step, mirrored, state, without
from .vanishing_squares import vanish

MOST_FOLLOWED = 16
FEW_LITERALS = 3
"""Up to so many literals sums of squares are looked for at once."""
FEW = 12
"""Instances of one fact that are tried where rules lead the way."""


@dataclass
class Prover:
    """Looks for a proof that facts about real numbers cannot hold together; what it spends is spent of `within` too.

    With `systems` it looks for consequences of the equations and inequalities together, which takes long where there are none.
    """

    suggestions: Suggestions = field(default_factory=Suggestions)
    depth: int = 3
    effort: int = 400
    within: Effort | None = None
    systems: bool = True

    def refute(self, facts: Iterable[Term], constants: frozenset[str] = frozenset()) -> Proof | None:
        """A closed tableau for the facts; None if none is found within the effort."""
        normaliser = Normaliser(Ring(), sort_of)
        branch = Branch(normaliser, constants)
        try:
            for fact in facts:
                branch.add(fact)
            wrap: list[Lemma] = []
            for rule in self.suggestions.rules:
                if not branch.closed:
                    branch.add(rule.formula)
                    wrap.append(rule.step)
            found = self._deepen(branch)
        except (Rejected, TooLarge, IllFormed):
            return None
        for step in reversed(wrap):
            found = found and Lemma(step.name, step.functions, step.terms, found)
        return found

    def closed(self, branch: Branch) -> Proof | None:
        """A closed tableau from this branch on, within the effort."""
        return self._deepen(branch)

    def _deepen(self, branch: Branch) -> Proof | None:
        """Rules narrow the choice so much that depth comes first; without them short proofs are looked for first."""
        effort = Effort(self.effort, self.within)
        for depth in range(self.depth if self.suggestions.rules else 0, self.depth + 1):
            found = self._close(branch, depth, effort, thorough=True)
            if found is not None or effort.left < 0:
                return found
        return None

    def _close(self, branch: Branch, depth: int, effort: Effort, thorough: bool = False) -> Proof | None:
        found = close(branch, thorough=False)
        if found is not None or not effort.spend():
            return found
        if self.suggestions.lowest and not self.suggestions.rules:
            step = self._compared(branch)
            if step is not None:
                place, terms, other = step
                found = self._close(other, depth, effort, thorough)
                return found and Instantiate(place, terms, found)
        prove = partial(self._close, depth=depth, effort=effort, thorough=True)
        if thorough and self.systems and (cuts := coefficients_vanish(branch)) and (found := cuts(prove)):
            return found
        if thorough and (cut := without_logarithms(branch)) and (found := cut(prove)):
            return found
        settled, found = vanish(branch, prove, early=True) if thorough and self.systems else (False, None)
        if settled:
            return found
        found = self._split_now(branch, depth, effort)
        if found is None and thorough:
            found = close(branch, thorough=True)
        if found is None and thorough and self.systems and not any(type(fact[0]) is Term for fact in branch.facts):
            found = contradiction_of_products(branch) or linear_contradiction(branch, products=True)
        if found is not None:
            return found
        for name, values in pinned(branch, self.values):
            return cases(branch, name, values, prove)
        settled, found = vanish(branch, prove, early=False) if thorough and self.systems else (False, None)
        if settled:
            return found
        if depth == 0:
            return None
        return self._dependent(branch, effort) or self._instances(branch, depth, effort)

    def _dependent(self, branch: Branch, effort: Effort, first: int = 0) -> Proof | None:
        """An instance of a fact, from number `first` on, at values that depend on an unknown, if it closes the branch; where it
        adds universal facts an instance of one of these may close the rest."""
        for place, terms in witnesses(branch, self.suggestions, first):
            if not effort.spend():
                return None
            step = self._step(branch, place, terms, effort)
            found = None if step is None else step.closed_by(lambda leaf: self._dependent(leaf, effort, len(branch.facts)))
            if found is not None:
                return found
        return None

    @cached_property
    def values(self) -> tuple[Fraction, ...]:
        """The coordinates of the suggested points."""
        return tuple(dict.fromkeys(c for point in self.suggestions.points for c in point if type(c) is Fraction))

    def _compared(self, branch: Branch) -> tuple[int, tuple[Term, ...], Branch] | None:
        """A universal fact at a lowest point, if that tells something about the unknowns without cases."""
        for place, fact in enumerate(branch.facts):
            if type(fact[0]) is not Term:
                continue
            for point in self.suggestions.lowest:
                mark = f"lowest {place}: {point}"
                if mark in branch.labels:
                    continue
                branch.labels[mark] = "used"
                other, terms = branch.copy(), tuple(map(as_term, point))
                try:
                    other.add(*instance(other, place, terms))
                except (Rejected, IllFormed):
                    continue
                if other.closed or (len(other.facts) == len(branch.facts) and literal_state(other) != literal_state(branch)):
                    return place, terms, other
        return None

    def _split_now(self, branch: Branch, depth: int, effort: Effort) -> Proof | None:
        """Split the disjunction with the fewest members, all branches of which close with what depth is left."""
        places = []
        for place, fact in enumerate(branch.facts):
            if type(fact[0]) is tuple and not any(branch.truth(*m) for m in fact):
                places.append((len(disjunction_of(branch, place)), place))
        for count, place in sorted(places)[:2]:
            if count > 6:
                continue
            found = self._split(branch, place, depth, effort)
            if found is not None:
                return found
        return None

    def _split(self, branch: Branch, place: int, depth: int, effort: Effort) -> Proof | None:
        inner: list[Proof] = []
        for part in disjunction_of(branch, place):
            other = branch.copy()
            other.add(*part)
            found = self._close(without(other, place), depth, effort, thorough=True)
            if found is None:
                return None
            inner.append(found)
        return Split(place, tuple(inner))

    def _instances(self, branch: Branch, depth: int, effort: Effort) -> Proof | None:
        """Instances that close the branch first; then those that leave one branch open, then those that leave more."""
        if self.suggestions.rules:
            found = self._by_rules(branch, depth, effort) or self._by_threshold(branch, depth, effort)
            if found is not None:
                return found
        follow: list[tuple[int, int, Step]] = []
        for place, fact in self._universal(branch):
            for order, terms in enumerate(islice(self.candidates(branch, fact), FEW if self.suggestions.rules else None)):
                if not effort.spend():
                    return None
                step = self._step(branch, place, terms, effort)
                if step is None:
                    continue
                if not step.open:
                    return step.proof({})
                follow.append((min(len(step.open), 2), order, step))
        newest = bool(self.suggestions.rules)
        follow.sort(key=lambda item: (-item[2].place * newest, not item[2].halved, *item[:2]))
        for _, _, step in follow[:MOST_FOLLOWED]:
            found = self._follow(step, depth, effort.share() if newest or self.suggestions.opposites else effort)
            if found is not None or effort.left < 0:
                return found
        return None

    def _universal(self, branch: Branch) -> list[tuple[int, Any]]:
        """The universal facts, the newest first; beside rules only the two newest."""
        assumed = self.assumed
        places = [(p, f) for p, f in enumerate(branch.facts) if type(f[0]) is Term and f[0] not in assumed]
        return places[::-1][:2] if assumed else places[::-1]

    @property
    def assumed(self) -> dict[Term, Rule]:
        """The rules by the formula that a branch keeps of them."""
        return {core(rule.formula): rule for rule in self.suggestions.rules}

    def _by_rules(self, branch: Branch, depth: int, effort: Effort) -> Proof | None:
        """Rules where a statement that the branch knows fits; what they add costs no depth but the last."""
        assumed = self.assumed
        for place, fact in enumerate(branch.facts):
            rule = assumed.get(fact[0]) if type(fact[0]) is Term else None
            if rule is None:
                continue
            names = [n for group in quantifier_groups(*fact) for n in group]
            for known in matches(branch, fact[0], frozenset(names)):
                for full in rule.complete(known):
                    if not effort.spend() or any(n not in full for n in names):
                        continue
                    step = self._step(branch, place, tuple(full[n] for n in names), effort)
                    found = None if step is None or len(step.open) > 1 else self._follow(step, depth, effort)
                    if found is not None:
                        return found
        return None

    def _by_threshold(self, branch: Branch, depth: int, effort: Effort) -> Proof | None:
        """The first positive unknown is below a threshold, or not."""
        unknown = next(
            (
                v
                for v, label in branch.labels.items()
                if v in branch.variables and not is_coordinate(label) and sort_of(v) == "real"
            ),
            None,
        )
        if unknown is None or branch.truth(less(ZERO, symbol(unknown)), True) is not True:
            return None
        for threshold in self.suggestions.thresholds:
            formula = less(symbol(unknown), number(threshold))
            if branch.truth(formula, True) is not None:
                return None
            proofs = []
            for holds in (True, False):
                other = branch.copy()
                other.add(formula, holds)
                found = self._instances(other, depth, effort) if not other.closed else close(other, thorough=False)
                if found is None:
                    break
                proofs.append(found)
            else:
                return Cut(formula, proofs[0], proofs[1])
        return None

    def _step(self, branch: Branch, place: int, terms: tuple[Term, ...], effort: Effort) -> Step | None:
        """An instance, the disjunction it gives split at once; None if it adds nothing or cannot be taken."""
        other, before = branch.copy(), state(branch)
        if self.suggestions.rules:
            mark = f"{place}: {terms}"
            if mark in branch.labels:
                return None
            other.labels[mark] = "used"
        try:
            other.add(*instance(other, place, terms))
        except (Rejected, IllFormed):
            return None
        fresh = len(branch.facts)
        if len(other.facts) != fresh + 1 or type(other.facts[fresh][0]) is Term:
            if state(other) == before and not other.closed:
                return None
            return Step(place, terms, None, [(other, close(other, thorough=False))])
        leaves: list[tuple[Branch, Proof | None]] = []
        for part in disjunction_of(other, fresh):
            effort.spend()
            leaf = without(other.copy(), fresh)
            leaf.add(*part)
            proof = close(leaf, thorough=len(leaf.literals) <= FEW_LITERALS)
            if proof is None and self.suggestions.opposites:
                proof = mirrored(leaf, leaf.variables - branch.variables)
            leaves.append((leaf, proof))
        return Step(place, terms, fresh, leaves)

    def _follow(self, step: Step, depth: int, effort: Effort) -> Proof | None:
        return step.closed_by(lambda leaf: self._close(leaf, depth - 1, effort, thorough=True))

    def candidates(self, branch: Branch, fact: Any) -> Iterator[tuple[Term, ...]]:
        """Tuples of terms for the leading quantifiers of a universal fact."""
        return candidates(branch, fact, self.suggestions)
