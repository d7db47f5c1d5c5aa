"""A closed tableau as a Rocq script: each step of the kernel's checker, done again with hypotheses that have names.

`facts`, `literals` and `history` of a branch have one hypothesis each.  A literal's hypothesis says `p = 0`, `p <> 0`,
`p < 0`, `p <= 0`, `0 <= p` or `0 < p` of the branch's polynomial p.  The goal is always False.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, final

from ...certificates import Combine, Cut, Enclose, Instantiate, Lemma, OneVariable, Proof, Rewrite, Root, Split
from ...terms import Term, equal, less, number, substitute, symbol
from . import apart
from . import kernel_view as kernel
from .apart import Leaf
from .atoms import Atoms, NotReplayed
from .closing import combine, enclose, one_variable
from .descending import Rules
from .kernel_view import Branch, Signed
from .printing import identifier, rocq
from .script import Script

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
    opaque: dict[Any, str] = field(default_factory=dict)
    rules: Rules = field(default_factory=dict)
    names: tuple[str, ...] = ()

    @property
    def atoms(self) -> Atoms:
        return Atoms(self.script, self.branch, self.literals, self.opaque)

    def copy(self) -> Replay:
        lists = list(self.facts), list(self.history), list(self.literals)
        return Replay(self.script, self.branch.copy(), *lists, dict(self.opaque), self.rules, self.names)

    # adding facts

    def add(self, f: Term, holds: bool, h: str) -> None:
        """Assume what h says: the formula or its negation."""
        if self.branch.closed:
            return
        match f.head, holds:
            case "not", _:
                apart.positive(self.script, holds, h)
                self.add(f.args[0], not holds, h)
            case ("or" | "implies", True) | ("and" | "iff", False):
                members = kernel.members(f, holds)
                self.add_disjunction(members, lambda leaves: apart.cases(self.script, f, holds, h, iter(leaves)))
            case "and" | "or" | "implies" | "iff", _:
                for part, name in apart.conjuncts(self.script, f, holds, h):
                    self.add(*part, name)
            case ("forall", True) | ("exists", False):
                self._universal(f, holds, h)
            case "forall" | "exists", _:
                name = self.branch.fresh(f.args[1], f.args[0])
                apart.witness(self.script, holds, h, identifier(name), h)
                self.add(substitute(f.args[2], {f.args[0]: symbol(name)}), holds, h)
            case _:
                before = len(self.branch.history)
                self.atoms.assume(f, holds, h)
                self.history += [h] * (len(self.branch.history) - before)

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
                    self._contradiction(p) if t is False else apart.choose(self.script, next(places), len(kept))
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

    def _contradiction(self, part: Signed) -> Leaf:
        def leaf(h: str) -> None:
            self.script.say("exfalso")
            self.contradict(*part, h)

        return leaf

    # contradictions at sight

    def contradict(self, f: Term, holds: bool, h: str) -> None:
        """Close the goal: the branch sees that what h says is false."""
        match f.head, holds:
            case "not", _:
                apart.positive(self.script, holds, h)
                self.contradict(f.args[0], not holds, h)
            case ("or" | "implies", True) | ("and" | "iff", False):
                leaves = [self._contradiction(part) for part in kernel.members(f, holds)]
                apart.cases(self.script, f, holds, h, iter(leaves))
            case "and" | "or" | "implies" | "iff", _:
                found = apart.conjuncts(self.script, f, holds, h)
                part, name = next(one for one in found if self.branch.truth(*one[0]) is False)
                self.contradict(*part, name)
            case "forall" | "exists", _:
                self._contradict_quantified(f, holds, h)
            case _:
                self.atoms.contradict(f, holds, h)

    def _contradict_quantified(self, f: Term, holds: bool, h: str) -> None:
        """The body is seen to fail for every value of the bound variable."""
        value = symbol(f"u.{self.script.name()}")
        name = identifier(value.args[0])
        if (f.head == "exists") == holds:
            made = self.script.name()
            apart.witness(self.script, holds, h, name, made)
        else:
            self.script.say(f"destruct (ex_intro (fun u : R => u = u) 0 eq_refl) as [{name} _]")
            made = apart.applied(self.script, holds, h, name)
        self.contradict(substitute(f.args[2], {f.args[0]: value}), holds, made)

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
            case Lemma():
                self._rule(step)
            case Root((term,), ((low, high),), _, False) if kernel.is_polynomial(term):
                self._root(term, low, high)
            case Root():
                raise NotReplayed("zeros of functions that are no polynomials in one variable, or the only ones in a box")
            case Rewrite(name, value):
                self._rewrite(name, value)

    def _rule(self, step: Lemma) -> None:
        formula, made = kernel.rule(step), self.script.name()
        if formula is not None:
            self.script.say(f"pose proof ({RULES[step.name]} {rocq(step.terms[0], 10)}) as {made}")
            self.add(formula, True, made)
            return
        if step.name not in self.rules:
            raise NotReplayed(f"the rule {step.name!r}")
        formula, theorem = self.rules[step.name]
        if theorem:
            self.script.say(f"pose proof {theorem} as {made}; cbv beta delta [{' '.join(self.names)}] in {made}")
            self.add(formula, True, made)
            return
        self.branch.add(formula)  # of no use, unless it is instantiated
        self.facts += [""] * (len(self.branch.facts) - len(self.facts))
        self.history += [""] * (len(self.branch.history) - len(self.history))

    def _instantiate(self, fact: int, terms: tuple[Term, ...]) -> None:
        (formula, holds), h = self.branch.facts[fact], self.facts[fact]
        if not h:
            raise NotReplayed("a rule on iterations that has no counterpart")
        for term in terms:
            while formula.head == "not":
                apart.positive(self.script, holds, h)
                formula, holds = formula.args[0], not holds
            h = apart.applied(self.script, holds, h, rocq(term, 10))
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

        apart.flat(self.script, self.facts[fact], [leaf(part) for part in parts])

    def _root(self, polynomial: Term, low: Fraction, high: Fraction) -> None:
        name = self.branch.fresh("real", "_")
        root, unknown = symbol(name), symbol("_0")
        ends = f"{rocq(number(low), 10)} {rocq(number(high), 10)}"
        function = f"(fun {identifier('_0')} : R => {rocq(substitute(polynomial, {'_.1': unknown}))})"
        names = [self.script.name() for _ in range(3)]
        proof = f"root_between {function} {ends} ltac:(reg) ltac:(lra) ltac:(lra)"
        self.script.say(
            f"destruct ({proof}) as [{identifier(name)} [{names[0]} [{names[1]} {names[2]}]]]; cbv beta in {names[0]}"
        )
        self.add(equal(substitute(polynomial, {"_.1": root}), number(0)), True, names[0])
        self.add(less(number(low), root), True, names[1])
        self.add(less(root, number(high)), True, names[2])

    def _rewrite(self, name: str, value: Term) -> None:
        old = list(self.history)
        read = kernel.comparison(self.branch, equal(symbol(name), value), True)
        literal = None if read is None or read[2] else kernel.place_of(self.branch, read[0])
        if literal is None:
            raise NotReplayed("a rewrite by a quotient")
        self.script.given(f"{identifier(name)} = {rocq(value)}", f"clear - {self.literals[literal]}; lra")
        self.script.say(f"subst {identifier(name)}")
        leaves = list(self.branch.history)
        self.branch = kernel.without(self.branch, name)
        self.facts, self.history, self.literals, self.opaque = [], [], [], {}
        for leaf, h in zip(leaves, old, strict=True):
            parts = [(substitute(f, {name: value}), holds) for f, holds in leaf]
            self._again(parts, h)

    def _again(self, parts: list[Signed], h: str) -> None:
        """What was assumed before a rewrite, assumed after it."""
        if len(parts) > 1:
            self.add_disjunction(parts, lambda leaves: apart.flat(self.script, h, leaves))
        elif not self.branch.closed and (truth := self.branch.truth(*parts[0])) is not True:
            if truth is None:
                self.add(*parts[0], h)
            else:
                self.contradict(*parts[0], h)
                self._closed(parts[0][0])


def replayed(assumed: list[tuple[Term, str]], proof: Proof, start: Replay) -> None:
    """The script that closes the goal False from the formulas, which the hypotheses named say."""
    for f, h in assumed:
        start.add(f, True, h)
    start.refute(proof)


def beginning(script: Script, constants: frozenset[str], rules: Rules, names: list[str]) -> Replay:
    """An empty branch.  `names` are the definitions that hypotheses have unfolded."""
    return Replay(script, kernel.new_branch(constants), rules=rules, names=tuple(names))
