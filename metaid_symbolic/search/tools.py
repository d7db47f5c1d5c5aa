"""What the names that an author writes beside a step mean: rules, theorems, and either of them or a formula at terms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from ..certificates import Differentiate, Done, Instantiate, Lemma
from ..claims import Theorem
from ..kernel import lemmas
from ..kernel.branch import Branch
from ..kernel.derivative import differentiated
from ..kernel.rejection import require
from ..kernel.tableau import instance
from ..language import parse_term
from ..terms import Term, free_symbols, substitute, subterms, symbol
from .tableaux.candidates import quantifier_groups
from .tableaux.moves import UNSUITABLE, Tool

MOST_QUANTIFIERS = 4
AT = " at "
"""Between a rule and the terms for which an author wants it."""


def with_tools(
    branch: Branch, facts: Sequence[Term], tools: Sequence[str], theorems: Mapping[str, Theorem]
) -> tuple[list[Lemma | Differentiate | Instantiate], list[Tool]]:
    """The steps that add to the branch what the rules and theorems say at once, and the tools that want terms."""
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
    return wrap, local


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
