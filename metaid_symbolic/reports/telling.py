"""A derivation gone through with the kernel's own checker, which takes each step, and every step written down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, final

from ..certificates import (
    Combine,
    Cut,
    Differentiate,
    Enclose,
    Instantiate,
    Lemma,
    OneVariable,
    Proof,
    Rewrite,
    Root,
    Split,
    Summand,
)
from ..kernel import tableau
from ..kernel.branch import Branch, Literal, Signed
from ..kernel.polynomial import Ring, generators_of, to_term
from ..kernel.rejection import Rejected
from ..kernel.tableau import Checker, disjunction_of
from ..terms import ONE, ZERO, Term, at_most, equal, less, negation, number, substitute, symbol, total
from .readable import readable
from .relevance import Sources, Step

PREMISES = ("whole", "open", "C1", "C2", "C3")
"""Predicates that an equation must be seen to satisfy before it is differentiated."""


@final
@dataclass
class Place:
    """A branch; the steps that added each fact and each line of its history; how many cases deep it is."""

    branch: Branch
    places: list[int]
    told: list[int]
    sources: Sources
    depth: int = 0

    def copy(self) -> Place:
        return Place(self.branch.copy(), list(self.places), list(self.told), self.sources.copy(), self.depth)

    def learn(self, step: int) -> tuple[tuple[Signed, ...], ...]:
        """What the branch has learnt since, all of it from this step."""
        new = self.branch.history[len(self.told) :]
        for parts in new:
            self.sources.learn(self.branch, parts, step)
        self.told += [step] * len(new)
        self.places += [step] * (len(self.branch.facts) - len(self.places))
        return tuple(new)


@final
@dataclass
class Teller:
    """The steps told so far."""

    checker: Checker
    steps: list[Step] = field(default_factory=list)
    count: int = 0

    def begin(self, known: Sequence[Term], facts: Sequence[Term], proof: Proof, names: frozenset[str]) -> None:
        """What is known of the universe is step 0 and not listed."""
        here = Place(Branch(self.checker.normaliser, names), [], [], Sources())
        for fact in known:
            here.branch.add(fact)
        here.learn(0)
        for fact in facts:
            self._assume(here, (fact, True), "given")
        self._close(here, proof)

    def _assume(self, here: Place, part: Signed, kind: str, after: tuple[int, ...] = (), using: Sequence[int] = ()) -> None:
        needed = here.sources.needed(here.branch, *part)
        here.branch.add(*part)
        self._tell(Step(kind, 0, here.depth, (), "", after), here, part, needed.union(using))

    def _tell(self, step: Step, here: Place, said: Signed | None, using: set[int]) -> None:
        """The step, with what the branch learns from it; where it contradicts the branch, with all that it says."""
        self.count += 1
        learnt = here.learn(self.count)
        if here.branch.closed:
            if learnt and len(learnt[-1]) == 1 and learnt[-1][0][0].head in ("eq", "lt", "le", "pred", "samerank"):
                using = using | here.sources.deciding(here.branch, learnt[-1][0][0])
            learnt = learnt or (((said,),) if said else ())
        facts = tuple(tuple((readable(f), holds) for f, holds in parts) for parts in learnt)
        inserted = tuple(map(readable, step.inserted))
        unsaid = tuple(sorted(using - {0, self.count, *step.after}))
        self.steps.append(Step(step.kind, self.count, step.depth, facts, step.name, step.after, inserted, unsaid))

    def _end(self, here: Place, name: str, facts: Sequence[Signed], used: set[int], terms: Sequence[Term] = ()) -> None:
        shown = tuple(((readable(f), holds),) for f, holds in facts)
        self.steps.append(Step("closed", 0, here.depth, shown, name, tuple(sorted(used - {0})), tuple(map(readable, terms))))

    def _close(self, here: Place, proof: Proof) -> None:
        while not here.branch.closed:
            match proof:
                case Cut(formula, yes, no) if _size(no) <= _size(yes):
                    denied = self._case(here.copy(), (formula, False), no, kind="denied")
                    self._assume(here, (formula, True), "shown", (denied,))
                    proof = yes
                case Cut(formula, yes, no):
                    other = here.copy()
                    self._case(here, (formula, True), yes)
                    self._case(other, (formula, False), no)
                    return
                case Split(fact, branches):
                    parts = disjunction_of(here.branch, fact)
                    gone = here.sources.needed(here.branch, *_denied(here.branch.facts[fact]))
                    for part, inner in zip(parts, branches, strict=True):
                        self._case(here.copy(), part, inner, (here.places[fact],), gone)
                    return
                case OneVariable() | Combine() | Enclose():
                    self._signs(here, proof)
                    return
                case Instantiate() | Rewrite() | Lemma() | Root() | Differentiate():
                    here, proof = self._extended(here, proof), proof.then
                case _:
                    raise Rejected("the derivation ends before its branch is closed")
        last = self.steps[-1]
        self._end(here, "sight", (), {last.number, *last.using})

    def _case(
        self,
        here: Place,
        part: Signed,
        proof: Proof,
        after: tuple[int, ...] = (),
        using: Sequence[int] | set[int] = (),
        kind: str = "case",
    ) -> int:
        """The number of the step that opens the case."""
        here.depth += 1
        self._assume(here, part, kind, after, tuple(using))
        opened = self.count
        self._close(here, proof)
        return opened

    def _extended(self, here: Place, step: Instantiate | Rewrite | Lemma | Root | Differentiate) -> Place:
        """The place after the step."""
        if isinstance(step, Rewrite):
            return self._rewritten(here, step)
        said = self._said(here.branch, step)
        using = here.sources.needed(here.branch, *said) if said else set()
        if isinstance(step, Differentiate):
            using = {n for key, steps in here.sources.by_key.items() if key[:1] and key[0] in PREMISES for n in steps}
        here.branch = self.checker.extend(here.branch, step)
        self._tell(self._described(here, step), here, said, using)
        return here

    def _said(self, branch: Branch, step: Instantiate | Lemma | Root | Differentiate) -> Signed | None:
        """The formula that the step assumes, where it is one of the facts or rules."""
        match step:
            case Instantiate(fact, terms):
                return tableau.instance(branch, fact, terms)
            case Lemma():
                return self.checker.lemma(step), True
        return None

    def _described(self, here: Place, step: Instantiate | Lemma | Root | Differentiate) -> Step:
        match step:
            case Instantiate(fact, terms):
                return Step("instance", 0, here.depth, after=(here.places[fact],), inserted=terms)
            case Lemma(name, functions, terms):
                kind = "theorem" if name in self.checker.theorems else "rule"
                named = tuple(symbol(meant) for _, meant in functions)
                return Step(kind, 0, here.depth, (), name, inserted=(*named, *terms))
            case Root(terms):
                return Step("root", 0, here.depth, inserted=terms)
            case Differentiate(fact):
                return Step("derivative", 0, here.depth, after=(here.places[fact],))

    def _rewritten(self, here: Place, step: Rewrite) -> Place:
        """Facts that only lose the variable stay those of their steps; those that lose more are from here."""
        name, value = step.name, step.value
        branch = self.checker.extend(here.branch, step)
        known = {_moved(parts, name, value): place for parts, place in zip(here.branch.history, here.told, strict=True)}
        after = tuple(sorted(here.sources.deciding(here.branch, equal(symbol(name), value)) - {0}))
        self.count += 1
        made = Place(branch, [], [], Sources(), here.depth)
        for parts in branch.history:
            place = known.pop(parts, self.count)
            made.told.append(place)
            made.sources.learn(branch, parts, place)
        added = dict(zip(branch.history, made.told, strict=True))
        made.places = [added.get(fact if type(fact[0]) is tuple else (fact,), self.count) for fact in branch.facts]
        using = tuple(sorted({*known.values()} - {0, *after})) if self.count in made.told else ()
        shown = (readable(symbol(name)), readable(value))
        self.steps.append(Step("replaced", self.count, here.depth, (), "", after, shown, using))
        return made

    def _signs(self, here: Place, proof: OneVariable | Combine | Enclose) -> None:
        """The sign conditions that contradict one another."""
        branch, sources = here.branch, here.sources
        ring, literals = branch.normaliser.ring, branch.literals
        terms: list[Term] = []
        match proof:
            case OneVariable(name):
                (generator,) = generators_of(ring.generator(symbol(name)))
                chosen = [one for one in literals if generators_of(one.polynomial) == {generator}]
                kind = "one variable"
            case Combine(summands):
                chosen = [literals[place] for place in dict.fromkeys(p for s in summands for p in s.literals)]
                kind, terms = "combination", [_summand(s, literals, ring) for s in summands]
            case Enclose(literal):
                inside = generators_of(literals[literal].polynomial)
                one_of = [i for i, one in enumerate(literals) if len(g := generators_of(one.polynomial)) == 1 and g <= inside]
                chosen = [literals[i] for i in dict.fromkeys([literal, *one_of])]
                kind = "enclosure"
        used = set().union(*(sources.of_polynomial(one.polynomial) for one in chosen))
        self._end(here, kind, [_condition(one, ring) for one in chosen], used, terms)


def _denied(fact: Any) -> Signed:
    """A disjunction of the branch as one formula."""
    return Term("or", tuple(f if holds else negation(f) for f, holds in fact)), True


def _moved(parts: tuple[Signed, ...], name: str, value: Term) -> tuple[Signed, ...]:
    return tuple((substitute(f, {name: value}), holds) for f, holds in parts)


def _size(proof: Proof) -> int:
    """The number of steps."""
    count, stack = 0, [proof]
    while stack:
        count += 1
        match stack.pop():
            case Instantiate(then=then) | Rewrite(then=then) | Lemma(then=then) | Root(then=then) | Differentiate(then=then):
                stack.append(then)
            case Split(_, branches):
                stack += branches
            case Cut(_, yes, no):
                stack += [yes, no]
    return count


def _condition(literal: Literal, ring: Ring) -> Signed:
    """The sign condition as a formula."""
    value = to_term(literal.polynomial, ring)
    match "".join(sorted(literal.signs)):
        case "0":
            return equal(value, ZERO), True
        case "+-":
            return equal(value, ZERO), False
        case "-":
            return less(value, ZERO), True
        case "-0":
            return at_most(value, ZERO), True
        case "+":
            return less(ZERO, value), True
    return at_most(ZERO, value), True


def _summand(summand: Summand, literals: Sequence[Literal], ring: Ring) -> Term:
    """The multiplier times each literal, turned so that it is not negative, or squared."""
    weighted = [_times([number(weight), root if summand.free or root == ONE else root**2]) for weight, root in summand.squares]
    return _times([total(weighted), *(_oriented(literals[place], ring) for place in summand.literals)])


def _times(factors: list[Term]) -> Term:
    kept = [f for f in factors if f != ONE] or [ONE]
    return kept[0] if len(kept) == 1 else Term("mul", tuple(kept))


def _oriented(literal: Literal, ring: Ring) -> Term:
    value = to_term(literal.polynomial, ring)
    if literal.signs == frozenset("-+"):
        return value**2
    return to_term(ring.constant(Fraction(-1)) * literal.polynomial, ring) if literal.signs <= frozenset("-0") else value
