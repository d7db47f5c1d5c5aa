"""Derivations: claims about all problems proved from definitions, rules of the kernel and cited theorems.

The rules and theorems are tried in small sets, none first, so that what is not needed is not used.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, islice
from typing import Any

from ..certificates import Cut, Proof
from ..claims import Theorem, Universe
from ..kernel import lemmas
from ..kernel.branch import Branch, sort_of
from ..kernel.normal import Normaliser
from ..kernel.polynomial import Ring, TooLarge
from ..kernel.rejection import Rejected
from ..kernel.rules import setting
from ..terms import IllFormed, Term, negation, substitute, subterms, symbol
from ..theory import Intermediate
from .branches.closing import close
from .branches.reductions import reduced_contradiction
from .tableaux.matching import unified
from .tableaux.moves import leave_aside
from .tableaux.saturation import Saturator
from .tools import AT, with_tools

CONSTANTS = frozenset({"phi", "alpha", "n", "steps"})
MOST_TOGETHER = 2
MOST_THEOREMS = 8
"""Of the cited theorems, those that share most words with a claim are tried; an author can name others."""
BLIND_EFFORT = 12
ALONE_EFFORT = 60
SUGGESTED_EFFORT = 1500
FOCUSED_EFFORT = 150
RESTATED_EFFORT = 20
SUGGESTED_DEPTH = 6


@dataclass(frozen=True)
class Steps:
    """What an author names for a proof: rules and theorems, and formulas on the way."""

    by: tuple[str, ...] = ()
    through: tuple[Intermediate, ...] = ()


def derive(
    universe: Universe,
    facts: Sequence[Term],
    theorems: Mapping[str, Theorem],
    by: Sequence[str] = (),
    effort: int = SUGGESTED_EFFORT,
) -> Proof | None:
    """A closed tableau for the facts in every problem of the universe; None if none is found.

    `by` names the rules and theorems an author suggests, to be tried with that effort; otherwise small sets of them are tried.
    """
    return _derived([*setting(universe), *facts], theorems, by, frozenset(), effort)


def derive_at_once(universe: Universe, facts: Sequence[Term]) -> Proof | None:
    """A short closed tableau without rules or theorems."""
    return refutation([*setting(universe), *facts], (), {}, BLIND_EFFORT, 2)


def _derived(
    facts: Sequence[Term], theorems: Mapping[str, Theorem], by: Sequence[str], hidden: frozenset[int], effort: int
) -> Proof | None:
    aside = sorted(hidden) if hidden else None
    if by:
        return refutation(facts, tuple(by), theorems, effort, SUGGESTED_DEPTH, aside, directed=False)
    for tools in _tool_sets([fact for place, fact in enumerate(facts) if place not in hidden], theorems):
        proof = refutation(facts, tools, theorems, BLIND_EFFORT if tools else ALONE_EFFORT, 2, aside, directed=False)
        if proof is not None:
            return proof
    return None


def derive_through(
    universe: Universe, facts: Sequence[Term], theorems: Mapping[str, Theorem], by: Sequence[str], through: Sequence[Intermediate]
) -> Proof | None:
    """A derivation by way of intermediate formulas, each proved from the facts and the formulas before it.

    They may mention the variables of the claim that are fixed when it is denied, and what earlier formulas say there is.
    """
    known = [*setting(universe), *facts]
    return _through(known, theorems, by, through, len(known) - 1, frozenset())


def derive_by_way(
    universe: Universe,
    facts: Sequence[Term],
    theorems: Mapping[str, Theorem],
    lemmas: Sequence[tuple[Sequence[Term], Term, Steps]],
) -> Proof | None:
    """A derivation by way of implications, each given by its hypotheses, which stand before it, its conclusion, and the steps of
    its proof, which is repeated here.  The last conclusion contradicts the facts, the claim's denial or a hypothesis."""
    known, proofs = [*setting(universe), *facts], list[tuple[Term, Proof]]()
    start, denial = len(known) - len(facts), len(known) - 1
    for hypotheses, conclusion, steps in lemmas:
        last = negation(conclusion) == known[denial]
        denied = known if last else [*known, negation(conclusion)]
        place = denial if last else len(known)
        hidden = frozenset(k for k in range(start, len(denied)) if k != place and known[k] not in hypotheses)
        if steps.through:
            proof = _through(denied, theorems, steps.by, steps.through, place, hidden)
        else:
            proof = _derived(denied, theorems, steps.by, hidden, SUGGESTED_EFFORT)
        if proof is None or last:
            return _cut(proofs, proof)
        known.append(conclusion)
        proofs.append((conclusion, proof))
    opposite = [k for k, fact in enumerate(known) if negation(fact) == known[-1] or fact == negation(known[-1])]
    aside = [k for k in range(len(known) - 1) if k not in opposite]
    return _cut(proofs, refutation(known, (), {}, RESTATED_EFFORT, 0, aside) if opposite else None)


def _through(
    facts: Sequence[Term],
    theorems: Mapping[str, Theorem],
    by: Sequence[str],
    through: Sequence[Intermediate],
    denial: int,
    hidden: frozenset[int],
) -> Proof | None:
    """A closed tableau by way of formulas for facts, number `denial` of which denies the claim; the `hidden` ones are left
    aside."""
    known, proofs = [*facts], list[tuple[Term, Proof]]()
    start = len(known)
    for one in through:
        formula = substitute(one.formula, _fixed(known, hidden))
        asides: Sequence[Sequence[int]] = ((denial,), range(start), range(0))
        if one.after:
            kept = {start + number - 1 for number in one.after if number}
            asides = [[place for place in range(len(known)) if place not in kept]]
        denied = None if one.by or one.after else _restated(known, formula)
        denied = denied or _focused([*known, negation(formula)], numbered(one.by, start, denial), theorems, asides, hidden)
        if denied is None:
            return None
        known.append(formula)
        proofs.append((formula, denied))
    last, given = ([place for place in range(end) if place != denial] for end in (len(known) - 1, start))
    found = refutation(known, (), {}, RESTATED_EFFORT, 0, range(len(known) - 1), negation(known[-1]))
    found = found or _focused(known, numbered(by, start, denial), theorems, (last, given, range(0)), hidden)
    return _cut(proofs, found)


def _cut(proofs: Sequence[tuple[Term, Proof]], found: Proof | None) -> Proof | None:
    """The proof, in which the formulas are used, after the proofs of these."""
    for formula, denied in reversed(proofs):
        found = found and Cut(formula, found, denied)
    return found


def numbered(by: Sequence[str], start: int, denial: int) -> tuple[str, ...]:
    """Of `3 at x` the number of formula 3 among the facts, where formula 1 is number `start`; 0 is the denial of the claim, and
    the number of a formula to be proved is its denial."""
    parts = [name.partition(AT) for name in by]
    places = {head: start + int(head) - 1 if int(head) else denial for head, _, _ in parts if head.isdigit()}
    return tuple(f"{places.get(head, head)}{mid}{terms}" for head, mid, terms in parts)


def _restated(known: Sequence[Term], formula: Term) -> Proof | None:
    """A closed tableau for the facts and the denial of a formula that is one of them but for the names of bound variables."""
    return refutation([*known, negation(formula)], (), {}, RESTATED_EFFORT, 0, range(len(known)), formula)


def _focused(
    facts: Sequence[Term],
    by: Sequence[str],
    theorems: Mapping[str, Theorem],
    asides: Sequence[Sequence[int]],
    hidden: frozenset[int],
) -> Proof | None:
    """A closed tableau; of the facts some are left aside at first, the denied claim or the hypotheses, and some always."""
    for effort in FOCUSED_EFFORT, SUGGESTED_EFFORT:
        for aside in asides:
            found = refutation(facts, by, theorems, effort, SUGGESTED_DEPTH, sorted({*aside, *hidden}))
            if found is not None:
                return found
    return None


def _fixed(facts: Sequence[Term], hidden: frozenset[int]) -> dict[str, Term]:
    """The variables that facts which are not hidden name, by the bound names in whose place they stand; the first of a name."""
    branch, named = Branch(Normaliser(Ring(), sort_of), CONSTANTS), dict[str, Term]()
    for place, fact in enumerate(facts):
        before = len(branch.labels)
        branch.add(fact)
        for name, label in islice(branch.labels.items(), before, None) if place not in hidden else ():
            named.setdefault(label, symbol(name))
    return named


def refutation(
    facts: Sequence[Term],
    tools: Sequence[str],
    theorems: Mapping[str, Theorem],
    effort: int,
    most: int,
    aside: Sequence[int] | None = None,
    like: Term | None = None,
    directed: bool | None = None,
) -> Proof | None:
    """A closed tableau for the facts that uses these rules and theorems alone, and of the facts `aside` (None where nobody has
    chosen) only what is plain, or is the formula `like` in other names.

    `directed` says whether the other facts are few and chosen for this; by default where some are left aside."""
    branch, chosen = Branch(Normaliser(Ring(), sort_of), CONSTANTS), aside is not None if directed is None else directed
    try:
        for place, fact in enumerate(facts):
            count, told = len(branch.facts), len(branch.history)
            branch.add(fact)
            if place in (aside or ()):
                leave_aside(branch, count, told, lambda fact: like is not None and _is_like(fact, like))
        wrap, local = with_tools(branch, facts, tools, theorems)
        found = close(branch, thorough=False) or reduced_contradiction(branch) if wrap else None
        found = found or Saturator(tuple(local), effort, directed=chosen).deepen(branch, most)
    except (Rejected, TooLarge, IllFormed):
        return None
    for step in reversed(wrap):
        found = found and replace(step, then=found)
    return found


def _is_like(fact: Any, formula: Term) -> bool:
    negated = formula.head == "not"
    wanted = formula.args[0] if negated else formula
    return type(fact[0]) is Term and fact[1] is not negated and unified(fact[0], wanted, frozenset(), {}) is not None


def _tool_sets(facts: Sequence[Term], theorems: Mapping[str, Theorem]) -> Iterator[tuple[str, ...]]:
    """Sets of tools that speak of what the facts speak of, small ones first."""
    about = _vocabulary(facts)
    useful = [n for n in lemmas.GENERAL if n not in lemmas.DESCENT and _vocabulary([lemmas.GENERAL[n]]) & about]
    near = sorted(theorems, key=lambda n: len(_vocabulary([theorems[n].formula]) & about), reverse=True)[:MOST_THEOREMS]
    useful = ["mean", *(["difference"] if "grad" in about else []), *useful, *near]
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
