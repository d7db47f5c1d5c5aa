"""A closed tableau as a Rocq script: each step of the kernel's checker, done again with hypotheses that have names.

`facts`, `literals` and `history` of a branch have one hypothesis each.  A literal's hypothesis says `p = 0`, `p <> 0`,
`p < 0`, `p <= 0`, `0 <= p` or `0 < p` of the branch's polynomial p.  The goal is always False.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from typing import final

from ...certificates import Combine, Cut, Enclose, Instantiate, Lemma, OneVariable, Proof, Rewrite, Root, Split
from ...terms import Term, equal, less, number, substitute, symbol
from . import kernel_view as kernel
from .atoms import Atoms, NotReplayed
from .closing import combine, enclose, one_variable
from .kernel_view import Branch, Signed
from .printing import identifier, rocq
from .script import Script

Leaf = Callable[[str], None]
"""What to do with a member of a disjunction, given the hypothesis that says it."""
IFF = ("iff_left", "iff_right")
RULES = {"relu": "relu_cases", "sqrt": "sqrt_rule", "log": "log_rule", "exp": "exp_rule"}


@final
@dataclass
class Replay:
    """One branch and its hypotheses."""

    script: Script
    branch: Branch
    facts: list[str] = field(default_factory=list)
    history: list[str] = field(default_factory=list)
    literals: list[str] = field(default_factory=list)

    @property
    def atoms(self) -> Atoms:
        return Atoms(self.script, self.branch, self.literals)

    def copy(self) -> Replay:
        return Replay(self.script, self.branch.copy(), list(self.facts), list(self.history), list(self.literals))

    # adding facts

    def add(self, f: Term, holds: bool, h: str) -> None:
        """Assume what h says: the formula or its negation."""
        if self.branch.closed:
            return
        say = self.script.say
        match f.head, holds:
            case "not", _:
                if not holds:
                    say(f"apply NNPP in {h}")
                self.add(f.args[0], not holds, h)
            case ("or" | "implies", True) | ("and" | "iff", False):
                self.add_disjunction(kernel.members(f, holds), lambda leaves: self.cases(f, holds, h, iter(leaves)))
            case ("and" | "or", _):
                for part, name in zip(f.args, self._parts(h, len(f.args), holds), strict=True):
                    self.add(part, holds, name)
            case "implies", _:
                one, two = self.script.name(), self.script.name()
                say(f"apply imply_to_and in {h}; destruct {h} as [{one} {two}]")
                self.add(f.args[0], True, one)
                self.add(f.args[1], False, two)
            case "iff", _:
                for part, rule in zip(kernel.members(f, False), IFF, strict=True):
                    made = self.script.name()
                    say(f"pose proof ({rule} _ _ {h}) as {made}")
                    self.add(part[0], False, made)
            case ("forall", True) | ("exists", False):
                self._universal(f, holds, h)
            case ("forall", False) | ("exists", True):
                name = self.branch.fresh(f.args[1], f.args[0])
                say(
                    (f"apply not_all_ex_not in {h}; " if not holds else "")
                    + f"destruct {h} as [{identifier(name)} {h}]; cbv beta in {h}"
                )
                self.add(substitute(f.args[2], {f.args[0]: symbol(name)}), holds, h)
            case _:
                self._atom(f, holds, h)

    def _parts(self, h: str, count: int, holds: bool) -> list[str]:
        """The hypotheses of a conjunction, or of a negated disjunction."""
        if count == 1:
            return [h]
        names = [self.script.name() for _ in range(count)]
        if holds:
            pattern = names[-1]
            for name in reversed(names[:-1]):
                pattern = f"[{name} {pattern}]"
            self.script.say(f"destruct {h} as {pattern}")
            return names
        rest = h
        for name, following in zip(names[:-1], [*(self.script.name() for _ in names[2:]), names[-1]], strict=True):
            self.script.say(f"apply not_or_and in {rest}; destruct {rest} as [{name} {following}]")
            rest = following
        return names

    def _universal(self, f: Term, holds: bool, h: str) -> None:
        truth = self.branch.truth(f, holds)
        if truth is None:
            self.branch.facts.append((f, holds))
            self.branch.history.append(((f, holds),))
            self.facts.append(h)
            self.history.append(h)
        elif not truth:
            self.contradict(f, holds, h)
            self._closed(f)

    def _closed(self, f: Term) -> None:
        self.branch.closed = f"{f} cannot hold or fail as assumed"

    def add_disjunction(self, parts: list[Signed], split: Callable[[list[Leaf]], None]) -> None:
        """Assume one of the parts; `split` takes the cases apart and hands each its hypothesis."""
        if self.branch.closed:
            return
        truths = [self.branch.truth(*part) for part in parts]
        if True in truths:
            return
        kept = [part for part, truth in zip(parts, truths, strict=True) if truth is None]
        if not kept:
            split([self._contradiction(part) for part in parts])
            self._closed(parts[0][0] if parts else Term("false"))
            return
        made = self.script.name()
        shape = r" \/ ".join("_" for _ in kept) if len(kept) > 1 else "(_ : Prop)"
        self.script.say(f"eassert ({made} : {shape})")
        with self.script.block():
            places = iter(range(len(kept)))
            split(
                [
                    self._contradiction(p) if t is False else self._choose(next(places), len(kept))
                    for p, t in zip(parts, truths, strict=True)
                ]
            )
        if len(kept) == 1:
            self.add(*kept[0], made)
            return
        self.branch.facts.append(tuple(kept))
        self.branch.history.append(tuple(kept))
        self.facts.append(made)
        self.history.append(made)

    def _choose(self, place: int, count: int) -> Leaf:
        sides = ["right"] * place + (["left"] if place < count - 1 else [])
        return lambda h: self.script.say("; ".join([*sides, f"exact {h}"]))

    def _contradiction(self, part: Signed) -> Leaf:
        def leaf(h: str) -> None:
            self.script.say("exfalso")
            self.contradict(*part, h)

        return leaf

    # taking formulas apart

    def cases(self, f: Term, holds: bool, h: str, leaves: Iterator[Leaf]) -> None:
        """One goal for each member of a disjunction, in the order of `members`."""
        match f.head, holds:
            case "not", _:
                if not holds:
                    self.script.say(f"apply NNPP in {h}")
                self.cases(f.args[0], not holds, h, leaves)
            case ("or", True) | ("and", False):
                self._each(list(f.args), holds, h, leaves)
            case "implies", True:
                with self._two(f"apply imply_to_or in {h}; ", h) as (one, two):
                    with self.script.block():
                        self.cases(f.args[0], False, one, leaves)
                    with self.script.block():
                        self.cases(f.args[1], True, two, leaves)
            case "iff", False:
                with self._two(f"apply iff_cases in {h}; ", h) as both:
                    for name in both:
                        with self.script.block():
                            next(leaves)(name)
            case _:
                next(leaves)(h)

    @contextmanager
    def _two(self, before: str, h: str) -> Iterator[tuple[str, str]]:
        one, two = self.script.name(), self.script.name()
        self.script.say(f"{before}destruct {h} as [{one} | {two}]")
        yield one, two

    def _each(self, parts: list[Term], holds: bool, h: str, leaves: Iterator[Leaf]) -> None:
        if len(parts) == 1:
            self.cases(parts[0], holds, h, leaves)
            return
        with self._two("" if holds else f"apply not_and_or in {h}; ", h) as (one, two):
            with self.script.block():
                self.cases(parts[0], holds, one, leaves)
            with self.script.block():
                self._each(parts[1:], holds, two, leaves)

    # contradictions at sight

    def contradict(self, f: Term, holds: bool, h: str) -> None:
        """Close the goal: the branch sees that what h says is false."""
        branch, say = self.branch, self.script.say
        match f.head, holds:
            case "not", _:
                if not holds:
                    say(f"apply NNPP in {h}")
                self.contradict(f.args[0], not holds, h)
            case ("or" | "implies", True) | ("and" | "iff", False):
                self.cases(f, holds, h, iter([self._contradiction(part) for part in kernel.members(f, holds)]))
            case ("and" | "or", _):
                names = self._parts(h, len(f.args), holds)
                wrong = next(i for i, part in enumerate(f.args) if branch.truth(part, holds) is False)
                self.contradict(f.args[wrong], holds, names[wrong])
            case "implies", _:
                one, two = self.script.name(), self.script.name()
                say(f"apply imply_to_and in {h}; destruct {h} as [{one} {two}]")
                left = branch.truth(f.args[0], True) is False
                self.contradict(f.args[0 if left else 1], left, one if left else two)
            case "iff", _:
                parts = [part for part, _ in kernel.members(f, False)]
                wrong = next(i for i, part in enumerate(parts) if branch.truth(part, True))
                made = self.script.name()
                say(f"pose proof ({IFF[wrong]} _ _ {h}) as {made}")
                self.contradict(parts[wrong], False, made)
            case (("forall" | "exists"), _):
                self._contradict_quantified(f, holds, h)
            case _:
                self.atoms.contradict(f, holds, h)

    def _contradict_quantified(self, f: Term, holds: bool, h: str) -> None:
        """The body is seen to fail for every value of the bound variable."""
        made, value = self.script.name(), symbol(f"u.{self.script.name()}")
        name = identifier(value.args[0])
        if (f.head == "exists") == holds:
            self.script.say(("" if holds else f"apply not_all_ex_not in {h}; ") + f"destruct {h} as [{name} {made}]")
        else:
            universal = h if holds else f"(not_ex_all_not _ _ {h})"
            self.script.say(f"destruct (ex_intro (fun u : R => u = u) 0 eq_refl) as [{name} _]")
            self.script.say(f"pose proof ({universal} {name}) as {made}")
        self.script.say(f"cbv beta in {made}")
        self.contradict(substitute(f.args[2], {f.args[0]: value}), holds, made)

    def _atom(self, f: Term, holds: bool, h: str) -> None:
        before = len(self.branch.history)
        self.atoms.assume(f, holds, h)
        self.history += [h] * (len(self.branch.history) - before)

    # the steps of a proof

    def refute(self, proof: Proof) -> None:
        """Close the goal as the proof says."""
        while not self.branch.closed:
            match proof:
                case Instantiate() | Lemma() | Root() | Rewrite():
                    self._extend(proof)
                    proof = proof.then
                case Cut(formula, yes, no):
                    self._cut(formula, yes, no)
                    return
                case Split(fact, branches):
                    self._split(fact, branches)
                    return
                case OneVariable(name):
                    one_variable(self.atoms, name)
                    return
                case Combine(summands):
                    combine(self.atoms, summands)
                    return
                case Enclose(literal, _):
                    enclose(self.atoms, literal)
                    return
                case _:
                    raise NotReplayed("the certificate ends before its branch is closed")

    def _extend(self, step: Instantiate | Lemma | Root | Rewrite) -> None:
        match step:
            case Instantiate(fact, terms):
                self._instantiate(fact, terms)
            case Lemma(name, _, terms):
                formula, made = kernel.rule(step), self.script.name()
                if formula is None:
                    raise NotReplayed(f"the rule {name!r}")
                self.script.say(f"pose proof ({RULES[name]} {rocq(terms[0], 10)}) as {made}")
                self.add(formula, True, made)
            case Root(polynomial, low, high):
                self._root(polynomial, low, high)
            case Rewrite(literal, name):
                self._rewrite(literal, name)

    def _instantiate(self, fact: int, terms: tuple[Term, ...]) -> None:
        (formula, holds), h = self.branch.facts[fact], self.facts[fact]
        for term in terms:
            while formula.head == "not":
                if not holds:
                    self.script.say(f"apply NNPP in {h}")
                formula, holds = formula.args[0], not holds
            universal = h if holds else f"(not_ex_all_not _ _ {h})"
            h = self.script.name()
            self.script.say(f"pose proof ({universal} {rocq(term, 10)}) as {h}; cbv beta in {h}")
            formula = substitute(formula.args[2], {formula.args[0]: term})
        self.add(formula, holds, h)

    def _cut(self, formula: Term, yes: Proof, no: Proof) -> None:
        one, two = self.script.name(), self.script.name()
        self.script.say(f"destruct (classic ({rocq(formula)})) as [{one} | {two}]")
        for name, holds, proof in ((one, True, yes), (two, False, no)):
            other = self.copy()
            with self.script.block():
                other.add(formula, holds, name)
                other.refute(proof)

    def _split(self, fact: int, branches: tuple[Proof, ...]) -> None:
        parts = list(self.branch.facts[fact])
        open_parts, proofs = kernel.disjunction_of(self.branch, fact), iter(branches)

        def leaf(part: Signed) -> Leaf:
            def inner(h: str) -> None:
                if part not in open_parts:
                    self.contradict(*part, h)
                    return
                other = self.copy()
                other.add(*part, h)
                other.refute(next(proofs))

            return inner

        self.flat(self.facts[fact], [leaf(part) for part in parts])

    def flat(self, h: str, leaves: list[Leaf]) -> None:
        """The cases of a hypothesis `A1 \\/ ... \\/ Ak`."""
        if len(leaves) == 1:
            leaves[0](h)
            return
        with self._two("", f"({h})") as (one, two):
            with self.script.block():
                leaves[0](one)
            with self.script.block():
                self.flat(two, leaves[1:])

    def _root(self, polynomial: Term, low: Fraction, high: Fraction) -> None:
        name = self.branch.fresh("real", "_")
        root, unknown = symbol(name), symbol("_0")
        ends = f"{rocq(number(low), 10)} {rocq(number(high), 10)}"
        function = f"(fun {identifier('_0')} : R => {rocq(substitute(polynomial, {'_': unknown}))})"
        names = [self.script.name() for _ in range(3)]
        proof = f"root_between {function} {ends} ltac:(reg) ltac:(lra) ltac:(lra)"
        self.script.say(
            f"destruct ({proof}) as [{identifier(name)} [{names[0]} [{names[1]} {names[2]}]]]; cbv beta in {names[0]}"
        )
        self.add(equal(substitute(polynomial, {"_": root}), number(0)), True, names[0])
        self.add(less(number(low), root), True, names[1])
        self.add(less(root, number(high)), True, names[2])

    def _rewrite(self, literal: int, name: str) -> None:
        value, old = kernel.solved(self.branch, self.branch.literals[literal].polynomial, name), list(self.history)
        self.script.given(f"{identifier(name)} = {rocq(value)}", f"clear - {self.literals[literal]}; lra")
        self.script.say(f"subst {identifier(name)}")
        leaves = list(self.branch.history)
        self.branch = kernel.without(self.branch, name)
        self.facts, self.history, self.literals = [], [], []
        for leaf, h in zip(leaves, old, strict=True):
            parts = [(substitute(f, {name: value}), holds) for f, holds in leaf]
            self._again(parts, h)

    def _again(self, parts: list[Signed], h: str) -> None:
        """What was assumed before a rewrite, assumed after it."""
        if len(parts) > 1:
            self.add_disjunction(parts, lambda leaves: self.flat(h, leaves))
        elif not self.branch.closed and (truth := self.branch.truth(*parts[0])) is not True:
            if truth is None:
                self.add(*parts[0], h)
            else:
                self.contradict(*parts[0], h)
                self._closed(parts[0][0])


def replayed(assumed: list[tuple[Term, str]], proof: Proof, constants: frozenset[str], script: Script) -> None:
    """The script that closes the goal False from the formulas, which the hypotheses named say."""
    made = Replay(script, kernel.new_branch(constants))
    for f, h in assumed:
        made.add(f, True, h)
    made.refute(proof)
