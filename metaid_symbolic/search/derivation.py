"""Derivations: claims about all problems proved from definitions, rules of the kernel and cited theorems.

The rules and theorems are tried in small sets, none first, so that what is not needed is not used.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations, product
from typing import Any

from ..certificates import Cut, Differentiate, Done, Instantiate, Lemma, Proof
from ..claims import Theorem, Universe
from ..kernel import lemmas
from ..kernel.branch import Branch, sort_of
from ..kernel.derivative import differentiated
from ..kernel.normal import Normaliser
from ..kernel.polynomial import Ring, TooLarge
from ..kernel.rejection import Rejected, require
from ..kernel.rules import setting
from ..kernel.tableau import instance
from ..language import parse_term
from ..terms import IllFormed, Term, free_symbols, negation, substitute, subterms, symbol
from ..theory import Intermediate
from .branches.closing import close
from .branches.reductions import reduced_contradiction
from .tableaux.candidates import quantifier_groups
from .tableaux.matching import unified
from .tableaux.moves import UNSUITABLE, Tool, leave_aside
from .tableaux.saturation import Saturator

CONSTANTS = frozenset({"phi", "alpha", "n", "steps"})
MOST_TOGETHER = 2
MOST_QUANTIFIERS = 4
MOST_THEOREMS = 8
"""Of the cited theorems, those that share most words with a claim are tried; an author can name others."""
AT = " at "
"""Between a rule and the terms for which an author wants it."""
BLIND_EFFORT = 12
ALONE_EFFORT = 60
SUGGESTED_EFFORT = 1500
FOCUSED_EFFORT = 150
RESTATED_EFFORT = 20
SUGGESTED_DEPTH = 6


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
    everything = [*setting(universe), *facts]
    if by:
        return refutation(everything, tuple(by), theorems, effort, SUGGESTED_DEPTH)
    for tools in _tool_sets(everything, theorems):
        proof = refutation(everything, tools, theorems, BLIND_EFFORT if tools else ALONE_EFFORT, 2)
        if proof is not None:
            return proof
    return None


def derive_through(
    universe: Universe, facts: Sequence[Term], theorems: Mapping[str, Theorem], by: Sequence[str], through: Sequence[Intermediate]
) -> Proof | None:
    """A derivation by way of intermediate formulas, each proved from the facts and the formulas before it.

    They may mention the variables of the claim that are fixed when it is denied, and what earlier formulas say there is.
    """
    known, proofs = [*setting(universe), *facts], []
    start = len(known)
    for one in through:
        formula = substitute(one.formula, _fixed(known))
        asides: Sequence[Sequence[int]] = (range(start - 1, start), range(start), range(0))
        if one.after:
            kept = {start + number - 1 for number in one.after if number}
            asides = [[place for place in range(len(known)) if place not in kept]]
        denied = None if one.by or one.after else _restated(known, formula)
        denied = denied or _focused([*known, negation(formula)], numbered(one.by, start), theorems, asides)
        if denied is None:
            return None
        known.append(formula)
        proofs.append((formula, denied))
    last = [place for place in range(len(known) - 1) if place != start - 1]
    found = refutation(known, (), {}, RESTATED_EFFORT, 0, range(len(known) - 1), negation(known[-1]))
    found = found or _focused(known, numbered(by, start), theorems, (last, range(start - 1), range(0)))
    for formula, denied in reversed(proofs):
        found = found and Cut(formula, found, denied)
    return found


def numbered(by: Sequence[str], start: int) -> tuple[str, ...]:
    """Of `3 at x` the number of formula 3 among the facts, where formula 1 is number `start`; 0 is the denial of the claim, and
    the number of a formula to be proved is its denial."""
    parts = [name.partition(AT) for name in by]
    return tuple(f"{start + int(head) - 1}{mid}{terms}" if head.isdigit() else head + mid + terms for head, mid, terms in parts)


def _restated(known: Sequence[Term], formula: Term) -> Proof | None:
    """A closed tableau for the facts and the denial of a formula that is one of them but for the names of bound variables."""
    return refutation([*known, negation(formula)], (), {}, RESTATED_EFFORT, 0, range(len(known)), formula)


def _focused(
    facts: Sequence[Term], by: Sequence[str], theorems: Mapping[str, Theorem], asides: Sequence[Sequence[int]]
) -> Proof | None:
    """A closed tableau; of the facts some are left aside at first, the denied claim or the hypotheses."""
    for effort in FOCUSED_EFFORT, SUGGESTED_EFFORT:
        for aside in asides:
            found = refutation(facts, by, theorems, effort, SUGGESTED_DEPTH, aside)
            if found is not None:
                return found
    return None


def _fixed(facts: Sequence[Term]) -> dict[str, Term]:
    """The variables that the facts name, by the bound names in whose place they stand; the first of a name."""
    branch = Branch(Normaliser(Ring(), sort_of), CONSTANTS)
    for fact in facts:
        branch.add(fact)
    return {label: symbol(name) for name, label in reversed(branch.labels.items())}


def refutation(
    facts: Sequence[Term],
    tools: Sequence[str],
    theorems: Mapping[str, Theorem],
    effort: int,
    most: int,
    aside: Sequence[int] | None = None,
    like: Term | None = None,
) -> Proof | None:
    """A closed tableau for the facts that uses these rules and theorems alone, and of the facts `aside` (None where nobody has
    chosen) only what is plain, or is the formula `like` in other names."""
    branch = Branch(Normaliser(Ring(), sort_of), CONSTANTS)
    try:
        for place, fact in enumerate(facts):
            count, told = len(branch.facts), len(branch.history)
            branch.add(fact)
            if place in (aside or ()):
                leave_aside(branch, count, told, lambda fact: like is not None and _is_like(fact, like))
        wrap: list[Lemma | Differentiate | Instantiate] = []
        local: list[Tool] = []
        for name in tools:
            named = {label: symbol(name) for name, label in branch.labels.items() if name in branch.variables}
            if (at_term := rule_at(name, named)) is not None and not branch.closed:
                branch.add(lemmas.lemma(at_term.name, at_term.terms))
                wrap.append(at_term)
            if is_instance(name, theorems) and not branch.closed:
                wrap += instance_at(branch, name, named, facts, theorems)
                continue
            if name == "derivative":
                wrap += derivatives(branch)
            for tool in tools_named(name, theorems):
                if tool.sort:
                    local.append(tool)
                elif not branch.closed:
                    branch.add(tool.formula(()))
                    wrap.append(tool.step(()))
        found = close(branch, thorough=False) or reduced_contradiction(branch) if wrap else None
        found = found or Saturator(tuple(local), effort, directed=aside is not None).deepen(branch, most)
    except (Rejected, TooLarge, IllFormed):
        return None
    for step in reversed(wrap):
        found = found and replace(step, then=found)
    return found


def is_instance(source: str, theorems: Mapping[str, Theorem]) -> bool:
    """Whether this is a rule, a theorem or a number with terms; some rules have names with `at` in them."""
    head, middle, _ = source.rpartition(AT)
    known = head.isdigit() or head in lemmas.GENERAL or head.partition("(")[0] in theorems
    return bool(middle) and source not in lemmas.GENERAL and known


def instance_at(
    branch: Branch, source: str, named: Mapping[str, Term], facts: Sequence[Term], theorems: Mapping[str, Theorem]
) -> list[Lemma | Instantiate]:
    """Adds a rule, a theorem, or the fact of that number, at the terms that an author names: `dot at x, y, u`, `7 at x`.

    `7 at x; y` means besides the universal fact that the first instance adds at y.
    """
    name, _, listed = source.rpartition(AT)
    steps: list[Lemma | Instantiate] = []
    place = place_of(branch, facts[int(name)]) if name.isdigit() else len(branch.facts)
    for tool in () if name.isdigit() else tools_named(name, theorems):
        branch.add(tool.formula(()))
        steps.append(tool.step(()))
    for terms in listed.split(";"):
        values = tuple(substitute(term, named) for term in parse_term(f"[{terms}]").args)
        branch.add(*instance(branch, place, values))
        steps.append(Instantiate(place, values, Done()))
        place = len(branch.facts) - 1
    return steps


def place_of(branch: Branch, formula: Term) -> int:
    """The place of a universal fact.  Raises `Rejected` where the branch does not have it."""
    fact = (formula.args[0], False) if formula.head == "not" else (formula, True)
    require(fact in branch.facts, "{} is no universal fact there", formula)
    return branch.facts.index(fact)


def rule_at(source: str, named: Mapping[str, Term]) -> Lemma | None:
    """A rule at the term that an author names, such as `exp(c - d)`, `sum(i, n, f[i])` or `E(t, L(t, x))`."""
    if not source.startswith((*(f"{name}(" for name in lemmas.AT_A_TERM), "E(")):
        return None
    term = substitute(parse_term(source), named)
    match term.head:
        case "mean":
            return Lemma("mean", (), (substitute(term.args[1], {term.args[0]: symbol("t")}),), Done())
        case "sum":
            return Lemma("sum", (), (term,), Done())
    return Lemma(term.head, (), (term.args[0],), Done())


def _is_like(fact: Any, formula: Term) -> bool:
    negated = formula.head == "not"
    wanted = formula.args[0] if negated else formula
    return type(fact[0]) is Term and fact[1] is not negated and unified(fact[0], wanted, frozenset(), {}) is not None


def derivatives(branch: Branch) -> list[Differentiate]:
    """Adds the derivatives of the universal equations of the branch, of each by each variable once.

    A derivative is linear in its direction, so it is not differentiated by that.
    """
    made = []
    for place, fact in list(enumerate(branch.facts)):
        for quantifier in range(MOST_QUANTIFIERS):
            key = f"derivative {place} {quantifier}"
            if key in branch.labels:
                continue
            branch.labels[key] = "used"
            try:
                formula = differentiated(branch.copy(), fact, quantifier)  # an attempt that fails names variables, too
            except UNSUITABLE:
                continue
            branch.labels[f"derivative {len(branch.facts)} {len(quantifier_groups(formula, True)) - 1}"] = "direction"
            branch.add(differentiated(branch, fact, quantifier))
            made.append(Differentiate(place, quantifier, Done()))
    return made


def tools_named(name: str, theorems: Mapping[str, Theorem]) -> Iterator[Tool]:
    """A rule, or a theorem for each reading of its functions; `name(F)`, `name(L)` for one; `sort` says what else it takes."""
    name, _, wanted = name.rstrip(")").partition("(")
    if name in lemmas.GENERAL:
        yield Tool(name, (), "", lambda terms: lemmas.lemma(name, terms))
    elif name in lemmas.AT_A_TERM:
        yield Tool(name, (), "mean" if name == "mean" else "real", lambda terms: lemmas.lemma(name, terms))
    elif name in theorems:
        for functions in instances_of(theorems[name]):
            if not wanted or wanted in dict(functions).values():
                yield theorem_tool(theorems[name], functions)


def theorem_tool(theorem: Theorem, functions: tuple[tuple[str, str], ...]) -> Tool:
    task = "task" if "L" in dict(functions).values() and "m" not in free_symbols(theorem.formula) else ""
    return Tool(theorem.name, functions, task, lambda terms: lemmas.cited(theorem, Lemma(theorem.name, functions, terms, Done())))


def instances_of(theorem: Theorem) -> Iterator[tuple[tuple[str, str], ...]]:
    """The ways to read a theorem's functions and sets: F or a task loss, the map Q, and Phi; a family is that of the losses."""
    sets = {t.args[0] for t in subterms(theorem.formula) if t.head == "pred" and t.args[0] in theorem.functions}
    sets |= {t.args[1].args[0] for t in subterms(theorem.formula) if t.head == "pred" and t.args[0] in ("open", "connected")
             and t.args[1].head == "sym"}  # fmt: skip
    known = {**dict.fromkeys(sets, "Phi"), "q": "Q"}
    functions = [f for f in theorem.functions if f not in known]
    losses = ("L",) if "m" in free_symbols(theorem.formula) else ("F", "L")
    for names in product(losses, repeat=len(functions)):
        given = {**known, **dict(zip(functions, names, strict=True))}
        yield tuple((f, given[f]) for f in theorem.functions)


def _tool_sets(facts: Sequence[Term], theorems: Mapping[str, Theorem]) -> Iterator[tuple[str, ...]]:
    """Sets of tools that speak of what the facts speak of, small ones first."""
    about = _vocabulary(facts)
    useful = [n for n in lemmas.GENERAL if n not in lemmas.DESCENT and _vocabulary([lemmas.GENERAL[n]]) & about]
    near = sorted(theorems, key=lambda n: len(_vocabulary([theorems[n].formula]) & about), reverse=True)[:MOST_THEOREMS]
    useful = ["mean", *useful, *near]
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
