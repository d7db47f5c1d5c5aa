"""A cited theorem, for the functions and sets of a meta-problem."""

from __future__ import annotations

from collections.abc import Mapping

from ..certificates import Lemma
from ..claims import Theorem
from ..terms import BINDERS, Term, free_symbols, rebuild, subterms, symbol
from .branch import sort_of
from .rejection import require


def cited(theorem: Theorem, step: Lemma) -> Term:
    """The theorem for the functions and sets named; `L` takes the first term as its task."""
    loose = ", ".join(sorted(free_symbols(theorem.formula) - {*theorem.functions, "n"}))
    require(not loose, "{} is bound by no quantifier in {}", loose, theorem.name)
    given = dict(step.functions)
    require(set(given) == set(theorem.functions), "{} is about {}, not {}", theorem.name, theorem.functions, list(given))
    for name in given.values():
        require(name in ("F", "L", "F_MAML", "Phi"), "{} is no function or set of a meta-problem", name)
    captured = {t.args[0] for t in subterms(theorem.formula) if t.head in BINDERS} & set(given)
    require(not captured, "{} is bound in {}, and a function of it", ", ".join(sorted(captured)), theorem.name)
    tasks = [t.args[0] for t in step.terms if t.head == "sym" and sort_of(t.args[0]) == "task"]
    wanted = 1 if "L" in given.values() else 0
    require(len(tasks) == len(step.terms) == wanted, "a theorem about a task loss takes its task, and no other term")
    return _renamed(theorem.formula, given, step.terms)


def _renamed(term: Term, names: Mapping[str, str], task: tuple[Term, ...]) -> Term:
    if term.head == "sym":
        return symbol(names.get(term.args[0], term.args[0]))
    inside = rebuild(term, lambda part: _renamed(part, names, task))
    if inside.head not in ("app", "grad", "hess", "pred"):
        return inside
    name, *args = inside.args
    prefix, base = (name[:2], name[2:]) if name[:2] in ("D2", "D3") else ("", name)
    if base not in names:
        return inside
    first = task if names[base] == "L" and inside.head != "pred" else ()
    return Term(inside.head, (prefix + names[base], *first, *args))
