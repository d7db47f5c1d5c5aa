"""Instances of universal facts as the kernel makes them, by one walk through the formula instead of one for each variable."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from ...kernel import tableau
from ...kernel.branch import Branch, Signed, sort_of
from ...terms import BINDERS, Term


def instance(branch: Branch, place: int, terms: tuple[Term, ...]) -> Signed:
    """What the kernel's `instance` gives; raises `Rejected` as it does."""
    fact = branch.facts[place]
    if not terms or type(fact[0]) is not Term:
        return tableau.instance(branch, place, terms)
    formula, holds = fact
    values: dict[str, Term] = {}
    for term in terms:
        while formula.head == "not":
            formula, holds = formula.args[0], not holds
        if formula.head != ("forall" if holds else "exists") or type(formula.args[1]) is Term or formula.args[0] in values:
            return tableau.instance(branch, place, terms)
        name, sort, formula = formula.args
        if _sort(branch, term) != sort or not free(term) <= branch.variables:
            return tableau.instance(branch, place, terms)
        values[name] = term
    if bound(formula) & frozenset().union(values, *map(free, terms)):
        return tableau.instance(branch, place, terms)
    return put(formula, values), holds


def _sort(branch: Branch, term: Term) -> str:
    if term.head == "sym" and sort_of(term.args[0]) in ("task", "family"):
        return sort_of(term.args[0])
    return "point" if branch.normaliser.is_vector(term) else "real"


@lru_cache(maxsize=100_000)
def free(term: Term) -> frozenset[str]:
    """The names that stand free in the term, indexed ones included."""
    if term.head == "sym":
        return frozenset(term.args)
    names = frozenset().union(*(free(a) for a in term.args[:-1] if type(a) is Term))
    if term.args and type(term.args[-1]) is Term:
        names |= free(term.args[-1]) - ({term.args[0]} if term.head in BINDERS else frozenset())
    return names | {term.args[0]} if term.head == "at" else names


@lru_cache(maxsize=100_000)
def bound(term: Term) -> frozenset[str]:
    """The names that binders in the term bind, and those of indexed symbols."""
    names = frozenset().union(*(bound(a) for a in term.args if type(a) is Term))
    return names | {term.args[0]} if term.head in BINDERS or term.head == "at" else names


def put(term: Term, values: Mapping[str, Term]) -> Term:
    """The term with its free symbols replaced, where no binder of it binds one of them or one of their values."""
    if term.head == "sym":
        return values.get(term.args[0], term)
    if free(term).isdisjoint(values):
        return term
    return Term(term.head, tuple(put(a, values) if type(a) is Term else a for a in term.args))
