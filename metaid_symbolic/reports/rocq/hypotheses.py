"""What the kernel assumes in a branch, as hypotheses of a Rocq script that have names.

`facts`, `literals` and `history` of a branch have one hypothesis each.  A literal's hypothesis says `p = 0`, `p <> 0`,
`p < 0`, `p <= 0`, `0 <= p` or `0 < p` of the branch's polynomial p.  The goal is always False.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, final

from ...terms import Term, substitute, symbol
from . import apart
from . import kernel_view as kernel
from .apart import Leaf
from .atoms import Atoms
from .descending import Rules
from .kernel_view import Branch, Signed
from .printing import identifier
from .script import Script


@final
@dataclass
class Hypotheses:
    """One branch of the kernel with the names of its hypotheses in the script."""

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

    def copy(self) -> Hypotheses:
        lists = list(self.facts), list(self.history), list(self.literals)
        return Hypotheses(self.script, self.branch.copy(), *lists, dict(self.opaque), self.rules, self.names)

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
            self.close(f)

    def close(self, f: Term) -> None:
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
            self.close(parts[0][0] if parts else Term("false"))
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
