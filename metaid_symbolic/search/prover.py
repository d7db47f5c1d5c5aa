"""Closing tableaux by search: try instances in order of promise, split, and close.

A universal fact is tried at candidate terms; a candidate is good when the branches it leads to close at once, and
worth following when all but one do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from itertools import islice, product
from typing import Any

from ..certificates import Cut, Instantiate, Lemma, Proof, Split
from ..kernel.normal import Normaliser
from ..kernel.polynomial import Ring, TooLarge
from ..kernel.rejection import Rejected
from ..kernel.tableau import Branch, disjunction_of, instance, sort_of
from ..terms import ZERO, IllFormed, Term, less, number, subterms, symbol
from .closing import close
from .descent import Rule
from .pinning import cases, pinned

Point = tuple[Fraction, ...]
MOST_FOLLOWED = 16
MOST_TUPLES = 60
FEW_LITERALS = 3
"""Up to so many literals sums of squares are looked for at once."""
FEW = 12
"""Instances of one fact that are tried where rules lead the way."""
MOST_GROUPS = 4
"""Universal facts with more leading quantifiers are instantiated only where a predicate in them matches."""


@dataclass
class Effort:
    """A budget of steps, shared by all branches of one proof."""

    left: int

    parent: Effort | None = None

    def share(self) -> Effort:
        """Half of what is left, so that the first choices do not use up everything."""
        return Effort(self.left // 2, self)

    def spend(self) -> bool:
        self.left -= 1
        if self.parent is not None:
            self.parent.spend()
        return self.left >= 0


@dataclass(frozen=True)
class Suggestions:
    """What to instantiate with: points of R^n (best first), numbers, whole terms; rules to assume first, and numbers with
    which a positive unknown is compared when rules are used; `lowest` points go into every universal fact that they fit."""

    points: tuple[Point, ...] = ()
    numbers: tuple[Fraction, ...] = (Fraction(1), Fraction(1, 2), Fraction(0), Fraction(2), Fraction(-1), Fraction(4))
    terms: tuple[Term, ...] = ()
    rules: tuple[Rule, ...] = ()
    thresholds: tuple[Fraction, ...] = ()
    lowest: tuple[Point, ...] = ()


@dataclass(frozen=True)
class Step:
    """An instance of fact `place`, the number of the disjunction that it adds, and the branches it leads to."""

    place: int
    terms: tuple[Term, ...]
    split: int | None
    leaves: list[tuple[Branch, Proof | None]]

    @property
    def open(self) -> list[int]:
        return [i for i, (_, proof) in enumerate(self.leaves) if proof is None]

    def proof(self, rest: dict[int, Proof]) -> Proof:
        """The proof, once those of the open branches are there."""
        inner = tuple(proof or rest[i] for i, (_, proof) in enumerate(self.leaves))
        return Instantiate(self.place, self.terms, inner[0] if self.split is None else Split(self.split, inner))


@dataclass
class Prover:
    """Looks for a proof that facts about real numbers cannot hold together."""

    suggestions: Suggestions = field(default_factory=Suggestions)
    depth: int = 3
    effort: int = 400

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

    def _deepen(self, branch: Branch) -> Proof | None:
        """Rules narrow the choice so much that depth comes first; without them short proofs are looked for first."""
        effort = Effort(self.effort)
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
        found = self._split_now(branch, depth, effort)
        if found is None and thorough:
            found = close(branch, thorough=True)
        if found is not None:
            return found
        for name, values in pinned(branch, self.values):
            return cases(branch, name, values, lambda other: self._close(other, depth, effort, thorough=True))
        return None if depth == 0 else self._instances(branch, depth, effort)

    @cached_property
    def values(self) -> tuple[Fraction, ...]:
        """The coordinates of the suggested points."""
        return tuple(dict.fromkeys(c for point in self.suggestions.points for c in point))

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
                other, terms = branch.copy(), tuple(map(number, point))
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
        for _, _, step in sorted(follow, key=lambda item: (-item[2].place * newest, *item[:2]))[:MOST_FOLLOWED]:
            found = self._follow(step, depth, effort.share() if newest else effort)
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
        unknown = next((v for v, label in branch.labels.items() if v in branch.variables and "." not in label and sort_of(v) == "real"), None)
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
            leaves.append((leaf, close(leaf, thorough=len(leaf.literals) <= FEW_LITERALS)))
        return Step(place, terms, fresh, leaves)

    def _follow(self, step: Step, depth: int, effort: Effort) -> Proof | None:
        closed: dict[int, Proof] = {}
        for i in step.open:
            found = self._close(step.leaves[i][0], depth - 1, effort, thorough=True)
            if found is None:
                return None
            closed[i] = found
        return step.proof(closed)

    # candidates

    def candidates(self, branch: Branch, fact: Any) -> Iterator[tuple[Term, ...]]:
        """Tuples of terms for the leading quantifiers of a universal fact."""
        groups = quantifier_groups(*fact)
        if not groups:
            return
        choices = [list(self._for_group(branch, group, alone=len(groups) == 1)) for group in groups]
        matched = list(matches(branch, fact[0], frozenset(n for g in groups for n in g)))
        for found in matched:
            fixed = [[tuple(found[n] for n in g)] if all(n in found for n in g) else c for g, c in zip(groups, choices, strict=True)]
            yield from combined(fixed, MOST_TUPLES)
        if not matched and len(groups) <= MOST_GROUPS:
            yield from combined(choices, MOST_TUPLES if len(groups) < 3 else 4 * MOST_TUPLES)

    def _for_group(self, branch: Branch, group: list[str], alone: bool) -> Iterator[tuple[Term, ...]]:
        size, dotted = len(group), "." in group[0]
        seen: set[tuple[Term, ...]] = set()
        for terms in (self._points(branch, size) if dotted else self._numbers(branch, alone)):
            if terms not in seen:
                seen.add(terms)
                yield terms

    def _points(self, branch: Branch, size: int) -> Iterator[tuple[Term, ...]]:
        for point in self.suggestions.points:
            if len(point) == size:
                yield tuple(map(number, point))
        named = eigen_points(branch, size)
        yield from named
        radii = [symbol(v) for v in branch.labels if v in branch.variables and "." not in branch.labels[v]]
        centres = [tuple(map(number, p)) for p in self.suggestions.points if len(p) == size][:2]
        for radius in radii:
            for centre in (*centres, *named[:2]):
                yield (centre[0] + radius / 2, *centre[1:])
                yield (centre[0] - radius / 2, *centre[1:])
        for shift in (1, -1):
            for centre in named:
                yield (centre[0] + shift, *centre[1:])
        for centre in named:
            yield (-centre[0], *centre[1:])
            yield (centre[0] ** 2 + 1, *centre[1:])
            yield (-(centre[0] ** 2) - 1, *centre[1:])
            yield (2 * centre[0], *centre[1:])

    def _numbers(self, branch: Branch, alone: bool) -> Iterator[tuple[Term, ...]]:
        yield from ((t,) for t in self.suggestions.terms)
        names = [symbol(v) for v in sorted(branch.variables) if sort_of(v) == "real"]
        if self.suggestions.rules and alone:
            yield from ((name / 2,) for name in names[:2])
        yield from ((number(q),) for q in self.suggestions.numbers)
        for name in names:
            yield (name,)
            yield (name / 2,)
            yield (2 * name,)
        for name in names:
            yield (-name,)
            yield (name + 1,)
            yield (name**2 + 1,)


def core(formula: Term) -> Term:
    """What a branch keeps of a formula whose premises are true at sight."""
    while formula.head == "implies" and formula.args[0].head == "true":
        formula = formula.args[1]
    return formula


def combined(choices: list[list[tuple[Term, ...]]], most: int) -> Iterator[tuple[Term, ...]]:
    """One tuple of terms from each list, joined; those with early members first."""
    if len(choices) == 1:
        yield from choices[0]
        return
    each = max(2, int((10 * most) ** (1 / len(choices))))
    listed = sorted(product(*(list(enumerate(c))[:each] for c in choices)), key=lambda combo: sum(i for i, _ in combo))
    for combo in listed[:most]:
        yield tuple(term for _, terms in combo for term in terms)


def matches(branch: Branch, formula: Term, names: frozenset[str]) -> Iterator[dict[str, Term]]:
    """Values of bound variables for which a predicate in the formula becomes one that the branch knows."""
    seen = set()
    for pattern in subterms(formula):
        if pattern.head != "pred" or len(pattern.args) < 3:
            continue
        for atom in branch.known_atoms():
            found = match(pattern.args, atom, names)
            if found and (key := tuple(sorted(found.items(), key=lambda item: item[0]))) not in seen:
                seen.add(key)
                yield found


def match(pattern: tuple[Any, ...], atom: tuple[Any, ...], names: frozenset[str]) -> dict[str, Term] | None:
    if len(pattern) != len(atom) or pattern[0] != atom[0]:
        return None
    found: dict[str, Term] = {}
    for wanted, value in zip(pattern[1:], atom[1:], strict=True):
        if wanted.head == "sym" and wanted.args[0] in names:
            if found.setdefault(wanted.args[0], value) != value:
                return None
    return found


def without(branch: Branch, place: int) -> Branch:
    """The branch with a disjunction marked as used, so that it is not split again."""
    branch.facts[place] = ((Term("true"), True), (Term("true"), True))
    return branch


def literal_state(branch: Branch) -> tuple[int, int]:
    return len(branch.literals), sum(len(literal.signs) for literal in branch.literals)


def state(branch: Branch) -> tuple[int, ...]:
    """What grows when something is learnt."""
    return len(branch.facts), *literal_state(branch), len(branch.known_atoms())


def quantifier_groups(formula: Term, holds: bool) -> list[list[str]]:
    """The leading universally read quantifiers, coordinates of one point together."""
    groups: list[list[str]] = []
    while True:
        while formula.head == "not":
            formula, holds = formula.args[0], not holds
        if formula.head != ("forall" if holds else "exists"):
            return groups
        name = formula.args[0]
        if groups and "." in name and groups[-1][0].split(".")[0] == name.split(".")[0] and name not in groups[-1]:
            groups[-1].append(name)
        else:
            groups.append([name])
        formula = formula.args[2]


def eigen_points(branch: Branch, size: int) -> list[tuple[Term, ...]]:
    """Variables that name the coordinates of one point, oldest first."""
    rows: list[tuple[Term, ...]] = []
    row: list[str] = []
    for name, label in branch.labels.items():
        if "." not in label or name not in branch.variables:
            continue
        if label.endswith(".1"):
            row = []
        row.append(name)
        if len(row) == size:
            rows.append(tuple(map(symbol, row)))
    return rows

