"""Quantifier prefixes as papers write them: `forall x, y in Phi`, `exists a in argmin F`, `exists mu > 0`."""

from __future__ import annotations

from ..terms import TRUE, Term, free_symbols, symbol

Where = str | Term | tuple[object, ...]
"""A sort, an upper bound, ("in", D), ("argmin", F, D) or ("above", bound, strict)."""


def is_argmin(formula: Term) -> tuple[Term, str, str] | None:
    """(x, F, D) if the formula is `x in D and F(x) <= F(z) for all z in D`."""
    match formula:
        case Term("and", (Term("pred", (str(domain), point)), Term("forall", (str(z), "point", inside)))):
            variable = symbol(z)
            match inside:
                case Term("implies", (Term("pred", (same, x)), Term("le", (Term("app", (str(f), a)), Term("app", (g, b)))))):
                    fits = same == domain and f == g and x == b == variable and a == point
                    return (point, f, domain) if fits and z not in free_symbols(point) else None
    return None


def members(formula: Term) -> list[Term]:
    """The conjuncts, `x in argmin F` as one."""
    if formula.head != "and" or is_argmin(formula) is not None:
        return [formula]
    return [m for part in formula.args for m in members(part)]


def guarded(term: Term) -> tuple[list[tuple[list[str], Where]], list[Term], Term]:
    """A prefix of like quantifiers: the names in groups of one range each, the guards left over, and the body.

    For `forall` the formula is "leftover guards imply body", for `exists` "leftover guards and body".
    """
    prefix: list[tuple[str, Where]] = []
    body = term
    while body.head == term.head and body.args[0] not in [n for n, _ in prefix]:
        prefix.append((body.args[0], body.args[1]))
        body = body.args[2]
    guards, body = _guards(term.head, body)
    ranges: dict[str, Where] = {}
    rest = []
    for guard in guards:
        found = _range_of(guard, prefix, ranges)
        if found is None:
            rest.append(guard)
        else:
            ranges[found[0]] = found[1]
    groups: list[tuple[list[str], Where]] = []
    for name, sort in prefix:
        where = ranges.get(name, sort)
        if groups and groups[-1][1] == where and type(where) is type(groups[-1][1]):
            groups[-1][0].append(name)
        else:
            groups.append(([name], where))
    return groups, rest, body


def _guards(head: str, body: Term) -> tuple[list[Term], Term]:
    if head == "forall" and body.head == "implies":
        return members(body.args[0]), body.args[1]
    if head == "exists":
        return members(body), TRUE
    return [], body


def _range_of(guard: Term, prefix: list[tuple[str, Where]], taken: dict[str, Where]) -> tuple[str, Where] | None:
    """The name of the prefix that the guard confines, and to what; bounds may mention earlier names only."""
    order = [n for n, _ in prefix]
    sorts = dict(prefix)
    where: Where
    if (minimiser := is_argmin(guard)) is not None:
        point, objective, domain = minimiser
        name, where, kind = _name(point), ("argmin", objective, domain), "point"
    elif guard.head == "pred" and len(guard.args) == 2:
        name, where, kind = _name(guard.args[1]), ("in", guard.args[0]), "point"
    elif guard.head in ("lt", "le"):
        name, where, kind = _name(guard.args[1]), ("above", guard.args[0], guard.head == "lt"), "real"
        if name in order and free_symbols(guard.args[0]) & set(order[order.index(name) :]):
            return None
    else:
        return None
    return (name, where) if name in sorts and name not in taken and sorts[name] == kind else None


def _name(term: Term) -> str:
    return str(term.args[0]) if term.head == "sym" else ""
