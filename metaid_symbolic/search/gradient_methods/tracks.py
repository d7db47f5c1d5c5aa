"""A branch together with the steps that led to it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from ...certificates import Instantiate, Lemma, Proof, Split
from ...kernel import lemmas
from ...kernel.branch import Branch
from ...kernel.tableau import disjunction_of
from ...terms import Term
from ..branches.instances import instance
from ..tableaux.moves import Wrap


@dataclass
class Track:
    """A branch and its steps; nothing is added to a closed branch."""

    branch: Branch
    wraps: list[Wrap] = field(default_factory=list)

    def copy(self) -> Track:
        """The branch without the steps."""
        return Track(self.branch.copy())

    def lemma(self, step: Lemma, formula: Term | None = None) -> int | None:
        """Adds a rule, or the formula of a cited theorem; the place of the last fact that it adds, if there is one."""
        if self.branch.closed:
            return None
        count = len(self.branch.facts)
        self.branch.add(formula if formula is not None else lemmas.lemma(step.name, step.terms))
        self.wraps.append(lambda p: replace(step, then=p))
        return len(self.branch.facts) - 1 if len(self.branch.facts) > count else None

    def instantiate(self, place: int, terms: tuple[Term, ...]) -> int | None:
        """Adds an instance, and instances of what that adds while terms are left; the place of the last fact added."""
        while terms and not self.branch.closed:
            fact, leading = self.branch.facts[place], 0
            if type(fact[0]) is tuple:
                return None
            formula, holds = fact
            while formula.head in ("not", "forall" if holds else "exists"):
                if formula.head == "not":
                    formula, holds = formula.args[0], not holds
                else:
                    formula, leading = formula.args[2], leading + 1
            now, terms = terms[:leading], terms[leading:]
            count = len(self.branch.facts)
            self.branch.add(*instance(self.branch, place, now))
            self.wraps.append(lambda p, place=place, now=now: Instantiate(place, now, p))  # type: ignore[misc]
            if len(self.branch.facts) == count:
                return None
            place = count
        return place

    def split(self, place: int, closed: list[Proof]) -> int | None:
        """Goes on in the last member of a disjunction, the others being closed by the proofs; the place of the fact added."""
        parts, count = disjunction_of(self.branch, place), len(self.branch.facts)
        self.branch.add(*parts[-1])
        self.wraps.append(lambda p: Split(place, (*closed, p)))
        return len(self.branch.facts) - 1 if len(self.branch.facts) > count else None

    def wrapped(self, proof: Proof) -> Proof:
        for wrap in reversed(self.wraps):
            proof = wrap(proof)
        return proof
