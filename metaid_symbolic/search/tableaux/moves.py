"""Parts of the prover for facts about all problems: tools, leaves, moves, and what to use them at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from ...certificates import Done, Lemma, Proof
from ...kernel.branch import Branch, Signed, sort_of
from ...kernel.normal import Opaque
from ...kernel.polynomial import TooLarge, generators_of
from ...kernel.rejection import Rejected
from ...terms import IllFormed, Term, free_symbols, substitute, symbol
from ..branches.solving import eliminated, vector_equations

UNSUITABLE = (Rejected, IllFormed, TooLarge, Opaque)
USED: Signed = (Term("true"), True)

Wrap = Callable[[Proof], Proof]


@dataclass(frozen=True)
class Tool:
    """A rule or theorem with its functions chosen; it takes a term of the sort (`mean`: a term in the task `t`), or none."""

    name: str
    functions: tuple[tuple[str, str], ...]
    sort: str
    formula: Callable[[tuple[Term, ...]], Term]

    def step(self, terms: tuple[Term, ...]) -> Lemma:
        return Lemma(self.name, self.functions, terms, Done())


@dataclass
class Leaf:
    """A branch, the steps that led to it from where it was opened, and what closes it, if that was easy."""

    branch: Branch
    wraps: list[Wrap]
    proof: Proof | None = None

    def wrapped(self, proof: Proof | None) -> Proof | None:
        for wrap in reversed(self.wraps):
            proof = proof and wrap(proof)
        return proof


@dataclass
class Move:
    """The leaves that a step leads to."""

    wrap: Callable[[tuple[Proof, ...]], Proof]
    leaves: list[Leaf]

    @property
    def open(self) -> int:
        return sum(leaf.proof is None for leaf in self.leaves)


def tool_of_zero(step: Lemma) -> bool:
    """Whether the rule is about the mean of a difference, of which it matters only whether it is 0."""
    return step.name == "mean" and step.terms[0].head == "add"


def with_rest(step: Lemma, rest: Proof) -> Lemma:
    return Lemma(step.name, step.functions, step.terms, rest)


def leave_aside(branch: Branch, facts: int, told: int, kept: Callable[[Any], bool] = lambda _: False) -> None:
    """Puts out of sight the universal facts and disjunctions from these numbers on, in the facts and in what was told."""
    for place in range(facts, len(branch.facts)):
        if not kept(branch.facts[place]):
            branch.facts[place] = (USED, USED)
    for place in range(told, len(branch.history)):
        leaf = branch.history[place]
        if len(leaf) > 1 or (leaf[0][0].head in ("forall", "exists") and not kept(leaf[0])):
            branch.labels[f"aside {place}"] = "used"


def eliminate(branch: Branch) -> tuple[str, Term, Branch] | None:
    """An equation between points solved for a variable: its name and value, and what is left."""
    for place, equation in enumerate(vector_equations(branch)):
        for name in sorted(free_symbols(equation), key=lambda n: (n == "phi", n)):
            if sort_of(name) == "point" and name in branch.variables:
                try:
                    value, made = eliminated(branch, place, name)
                except UNSUITABLE:
                    continue
                _still_aside(branch, made, name, value)
                return name, value, made
    return None


def _still_aside(branch: Branch, made: Branch, name: str, value: Term) -> None:
    """What was left aside is left aside in the branch without the variable."""
    places = [place for place in range(len(branch.history)) if made.labels.pop(f"aside {place}", "")]
    leaves = {tuple((substitute(f, {name: value}), holds) for f, holds in branch.history[place]) for place in places}
    made.facts = [(USED, USED) if (fact if type(fact[0]) is tuple else (fact,)) in leaves else fact for fact in made.facts]
    made.labels |= {f"aside {place}": "used" for place, leaf in enumerate(made.history) if leaf in leaves}


def names_something(f: Term, holds: bool) -> bool:
    """Whether the formula adds an existential variable."""
    while f.head == "not":
        f, holds = f.args[0], not holds
    if f.head in ("forall", "exists"):
        return (f.head == "exists") == holds
    if f.head in ("posdef", "psd", "nonsingular", "meq"):
        return not holds
    if (f.head, holds) in (("and", True), ("or", False)):
        return any(names_something(a, holds) for a in f.args)
    if (f.head, holds) == ("implies", False):
        return names_something(f.args[0], True) or names_something(f.args[1], False)
    return False


def weight(branch: Branch, place: int, parts: list[Signed]) -> float:
    """How many leaves; an instance that adds variables is worth less each time that its fact is used so."""
    if not any(names_something(*p) for p in parts):
        return len(parts)
    uses = sum(k.startswith(f"{hash(branch.facts[place])} ") for k in branch.labels)
    return 1.5 + uses if len(parts) == 1 else len(parts) + 0.1 * uses


def stripped(f: Term) -> Term:
    return stripped(f.args[0]) if f.head == "not" else f


def mark(branch: Branch, place: int, terms: tuple[Term, ...]) -> None:
    branch.labels[key_of_instance(branch, place, terms)] = "used"


def key_of_instance(branch: Branch, place: int, terms: tuple[Term, ...]) -> str:
    return f"{hash(branch.facts[place])} {' '.join(map(str, map(hash, terms)))}"


def arguments(branch: Branch, sort: str) -> Iterator[Term]:
    """Terms to use a tool at: tasks, arguments of functions, or bodies of means, or differences of these."""
    if sort == "task":
        yield from map(symbol, sorted(v for v in branch.variables if sort_of(v) == "task"))
    if sort == "mean":
        yield from mean_bodies(branch)


def mean_bodies(branch: Branch) -> Iterator[Term]:
    """The bodies, in the task `t`, of the means in the literals: less their values at one task, differences, and themselves."""
    ring = branch.normaliser.ring
    means = [t for one in branch.literals for g in sorted(generators_of(one.polynomial)) if (t := ring.term_of(g)).head == "mean"]
    bodies = list(dict.fromkeys(substitute(m.args[1], {m.args[0]: symbol("t")}) for m in means))
    bodies = [b for b in bodies if not any(s.startswith("task.") for s in free_symbols(b))]
    tasks = sorted(v for v in branch.variables if sort_of(v) == "task")
    for body in bodies:
        yield from (body - substitute(body, {"t": symbol(task)}) for task in tasks)
    for i, body in enumerate(bodies):
        yield from (body - other for other in bodies[:i])
    yield from bodies
    yield from bodies
