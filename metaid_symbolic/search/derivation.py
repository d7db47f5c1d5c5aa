"""Derivations: claims about all problems proved from definitions, rules of the kernel and cited theorems.

The rules and theorems are tried in small sets, none first, so that what is not needed is not used.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, product
from typing import Any

from ..certificates import Done, Instantiate, Lemma, Proof
from ..claims import Theorem, Universe
from ..kernel import lemmas
from ..kernel.normal import Normaliser
from ..kernel.polynomial import Ring, TooLarge, generators_of
from ..kernel.rejection import Rejected
from ..kernel.rules import cited, setting
from ..kernel.tableau import Branch, instance, sort_of
from ..terms import IllFormed, Term, free_symbols, number, substitute, subterms, symbol
from .prover import Effort, Prover, quantifier_groups, literal_state

CONSTANTS = frozenset({"phi", "alpha", "n"})
MOST_TOGETHER = 3
MOST_UNITS = 24
MOST_TRIED = 12


@dataclass
class Deriver(Prover):
    """The prover for facts about all problems: candidates are the points, tasks and numbers that a branch names."""

    tools: tuple[str, ...] = ()
    theorems: Mapping[str, Theorem] = field(default_factory=dict)

    def derive(self, facts: list[Term]) -> Proof | None:
        branch = Branch(Normaliser(Ring(), sort_of), CONSTANTS)
        try:
            for fact in facts:
                branch.add(fact)
            wrap: list[Lemma] = []
            for name in self.tools:
                for step in self._at_root(name):
                    if not branch.closed:
                        branch.add(self.formula(step))
                        wrap.append(step)
            found = self._deepen(branch)
        except (Rejected, TooLarge, IllFormed):
            return None
        for step in reversed(wrap):
            found = found and Lemma(step.name, step.functions, step.terms, found)
        return found

    def formula(self, step: Lemma) -> Term:
        return cited(self.theorems[step.name], step) if step.name in self.theorems else lemmas.lemma(step.name, step.terms)

    def _at_root(self, name: str) -> Iterator[Lemma]:
        if name in lemmas.GENERAL:
            yield Lemma(name, (), (), Done())
        if name in self.theorems:
            for functions in instances_of(self.theorems[name]):
                if "L" not in dict(functions).values():
                    yield Lemma(name, functions, (), Done())

    def _close(self, branch: Branch, depth: int, effort: Effort, thorough: bool = False) -> Proof | None:
        """As for concrete facts, after all instances that add literals alone."""
        branch, steps = self._saturated(branch, effort)
        found = super()._close(branch, depth, effort, thorough)
        for place, terms in reversed(steps):
            found = found and Instantiate(place, terms, found)
        return found

    def _saturated(self, branch: Branch, effort: Effort) -> tuple[Branch, list[tuple[int, tuple[Term, ...]]]]:
        steps: list[tuple[int, tuple[Term, ...]]] = []
        progress = True
        while progress and not branch.closed and len(steps) < MOST_UNITS:
            progress = False
            for place, fact in enumerate(branch.facts):
                if type(fact[0]) is not Term:
                    continue
                for terms in list(self.candidates(branch, fact))[:MOST_TRIED]:
                    other = branch.copy()
                    try:
                        other.add(*instance(other, place, terms))
                    except (Rejected, IllFormed):
                        continue
                    alone = len(other.facts) == len(branch.facts) and len(other.labels) == len(branch.labels)
                    if other.closed or (alone and measure(other) != measure(branch)):
                        branch, progress = other, True
                        steps.append((place, terms))
                        if branch.closed or len(steps) >= MOST_UNITS:
                            return branch, steps
        return branch, steps

    def _instances(self, branch: Branch, depth: int, effort: Effort) -> Proof | None:
        found = self._lemma_moves(branch, depth, effort)
        return found if found is not None else super()._instances(branch, depth, effort)

    def _lemma_moves(self, branch: Branch, depth: int, effort: Effort) -> Proof | None:
        """Theorems for the loss of a task that the branch names, and the rule about a mean that occurs in it."""
        for step in self._moves(branch):
            if not effort.spend():
                return None
            other = branch.copy()
            key = f"{step.name} {step.terms} {step.functions}"
            if other.labels.get(key):
                continue
            other.labels[key] = "used"
            try:
                other.add(self.formula(step))
            except (Rejected, IllFormed):
                continue
            found = self._close(other, depth - 1, effort, thorough=True)
            if found is not None:
                return Lemma(step.name, step.functions, step.terms, found)
        return None

    def _moves(self, branch: Branch) -> Iterator[Lemma]:
        for name in self.tools:
            if name == "mean":
                for body in mean_bodies(branch):
                    yield Lemma("mean", (), (body,), Done())
            elif name in self.theorems:
                for functions in instances_of(self.theorems[name]):
                    if "L" in dict(functions).values():
                        for task in sorted(v for v in branch.variables if sort_of(v) == "task"):
                            yield Lemma(name, functions, (symbol(task),), Done())

    def candidates(self, branch: Branch, fact: Any) -> Iterator[tuple[Term, ...]]:
        sorts = leading_sorts(*fact)
        choices = [list(enumerate(self._of_sort(branch, sort))) for sort in sorts]
        if not choices or not all(choices):
            return
        listed = sorted(product(*choices), key=lambda combo: sum(i for i, _ in combo))
        for combo in listed[:80]:
            yield tuple(term for _, term in combo)

    def _of_sort(self, branch: Branch, sort: str) -> Iterator[Term]:
        names = sorted((v for v in branch.variables if sort_of(v) == sort and "." not in v), key=lambda v: (v == "phi", -_age(v)))
        yield from map(symbol, names)
        if sort == "point":
            yield Term("zero")
            for name in names[:3]:
                yield Term("grad", ("F", symbol(name)))
        if sort == "real":
            yield from (number(1), number(0))
            yield from (symbol(name) / 2 for name in names if name.startswith("_"))


def measure(branch: Branch) -> tuple[int, ...]:
    return (*literal_state(branch), len(branch.equations), len(branch.known_atoms()))


def _age(name: str) -> int:
    digits = "".join(c for c in name if c.isdigit())
    return int(digits) if digits else 0


def leading_sorts(formula: Term, holds: bool) -> list[str]:
    count = sum(map(len, quantifier_groups(formula, holds)))
    sorts: list[str] = []
    while len(sorts) < count:
        while formula.head == "not":
            formula, holds = formula.args[0], not holds
        sorts.append(formula.args[1])
        formula = formula.args[2]
    return sorts


def instances_of(theorem: Theorem) -> Iterator[tuple[tuple[str, str], ...]]:
    """The ways to read a theorem's functions and sets: F or a task loss, and Phi."""
    sets = {t.args[0] for t in subterms(theorem.formula) if t.head == "pred" and t.args[0] in theorem.functions}
    sets |= {t.args[1].args[0] for t in subterms(theorem.formula) if t.head == "pred" and t.args[0] in ("open", "connected")
             and t.args[1].head == "sym"}  # fmt: skip
    functions = [f for f in theorem.functions if f not in sets]
    for names in product(("F", "L"), repeat=len(functions)):
        given = dict(zip(functions, names, strict=True))
        yield tuple((f, "Phi" if f in sets else given[f]) for f in theorem.functions)


def mean_bodies(branch: Branch) -> list[Term]:
    """The bodies, in the task `t`, of the means that occur in the literals of a branch."""
    found: dict[Term, None] = {}
    for literal in branch.literals:
        for g in generators_of(literal.polynomial):
            term = branch.normaliser.ring.term_of(g)
            if term.head == "mean":
                found[substitute(term.args[1], {term.args[0]: symbol("t")})] = None
    return [body for body in found if "task" not in "".join(free_symbols(body))]


def derive(universe: Universe, facts: Sequence[Term], theorems: Mapping[str, Theorem], by: Sequence[str] = (), effort: int = 300) -> Proof | None:
    """A closed tableau for the facts in every problem of the universe; None if none is found.

    `by` names the rules and theorems an author suggests; otherwise small sets of them are tried.
    """
    everything = [*setting(universe), *facts]
    for tools in [tuple(by)] if by else _tool_sets(everything, theorems):
        proof = Deriver(effort=effort if not by else 6000, depth=3 if not by else 6, tools=tools, theorems=theorems).derive(everything)
        if proof is not None:
            return proof
    return None


def _tool_sets(facts: Sequence[Term], theorems: Mapping[str, Theorem]) -> Iterator[tuple[str, ...]]:
    """Sets of tools that speak of what the facts speak of, small ones first."""
    about = _vocabulary(facts)
    useful = [n for n in lemmas.GENERAL if n not in lemmas.DESCENT and _vocabulary([lemmas.GENERAL[n]()]) & about]
    useful = ["mean", *useful, *(n for n, t in theorems.items() if _vocabulary([t.formula]) & about)]
    for size in range(MOST_TOGETHER):
        yield from combinations(useful, size)


def _vocabulary(formulas: Sequence[Term]) -> set[str]:
    words: set[str] = set()
    for formula in formulas:
        for t in subterms(formula):
            if t.head in ("posdef", "psd", "nonsingular", "hess", "grad", "fisher"):
                words.add(t.head)
            if t.head == "pred" and t.args[0] not in ("Phi", "U", "open", "C1", "C2"):
                words.add(t.args[0])
    return words

