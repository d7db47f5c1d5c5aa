"""What to instantiate a universal fact with: terms that stand in the branch where the bound variables stand in the fact."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from itertools import product
from typing import Any

from ...kernel.branch import Branch, Signed, sort_of
from ...terms import BINDERS, Term, free_symbols, number, subterms, symbol
from ..branches.solving import vector_equations
from .candidates import quantifier_groups

Place = tuple[str, int]
MOST_EACH = 8
MOST_COMBINED = 60
MOST_SIZE = 12
LOSSES = ("F", "L")


def candidates(
    branch: Branch,
    formula: Term,
    holds: bool,
    ground: Counter[tuple[Place, Term]],
    hidden: frozenset[str] = frozenset(),
    *,
    strict: bool = False,
    alike: bool = False,
) -> list[tuple[Term, ...]]:
    """Tuples of terms for the leading quantifiers, those that match best first; with `strict` only matching ones; with `alike`
    first those that turn a formula inside into one that the branch has seen."""
    names, sorts, body = leading(formula, holds)
    if hidden and any(type(s) is not str for s in sorts):
        return []
    if hidden:
        own = [sorted((symbol(v) for v in branch.variables - hidden if sort_of(v) == s), key=age) for s in sorts]
        return [t for t in product(*own) if len(set(t)) == len(t)][:MOST_EACH]
    wanted = dict(occurrences(body, frozenset(names)))
    found: dict[tuple[Term, ...], None] = {}
    seen = sorted(matched_formulas(branch, body, frozenset(names)), key=len, reverse=True) if alike else []
    for fixed in [*seen, *(matched_equations(branch, body, names) if has_patterns(body, names) else [{}])]:
        choices = [
            [fixed[n]]
            if n in fixed
            else indices(branch, s)
            if type(s) is Term
            else ranked(branch, wanted.get(n, ()), s, ground, strict)
            for n, s in zip(names, sorts, strict=True)
        ]
        if not all(choices):
            continue
        listed = product(*(list(enumerate(c[:MOST_EACH])) for c in choices))
        best = sorted(listed, key=lambda combo: sum(i for i, _ in combo))[:MOST_COMBINED]
        found.update(dict.fromkeys(tuple(t for _, t in combo) for combo in best))
    return list(found)


def indices(branch: Branch, upper: Term) -> list[Term]:
    """The indices that run from 1 to this end."""
    return [symbol(name) for name, known in branch.ranges.items() if known == branch.normaliser.canonical(upper)]


def in_sight(branch: Branch) -> list[tuple[Signed, ...]]:
    """What the branch was told, but for what is left aside."""
    return [leaf for place, leaf in enumerate(branch.history) if f"aside {place}" not in branch.labels]


def universal_facts(branch: Branch) -> Iterator[tuple[int, Term, bool]]:
    """The facts that are no disjunctions, with their numbers, those added meanwhile included."""
    for place, fact in enumerate(branch.facts):
        signed: Any = fact
        if type(signed[0]) is Term:
            yield place, signed[0], signed[1]


def disjunctions(branch: Branch) -> Iterator[tuple[int, tuple[Signed, ...]]]:
    for place, fact in enumerate(branch.facts):
        members: Any = fact
        if type(members[0]) is not Term:
            yield place, members


def leading(formula: Term, holds: bool) -> tuple[list[str], list[Any], Term]:
    """Names and sorts of the leading quantifiers that read as universal, and what they bind."""
    count = sum(map(len, quantifier_groups(formula, holds)))
    names: list[str] = []
    sorts: list[Any] = []
    while len(names) < count:
        while formula.head == "not":
            formula = formula.args[0]
        names.append(formula.args[0])
        sorts.append(formula.args[1])
        formula = formula.args[2]
    return names, sorts, formula


def places(term: Term) -> Iterator[tuple[Place, Term]]:
    """The arguments of a term, each with the place where it stands; points of all losses stand in one place."""
    args = [a for a in term.args if type(a) is Term]
    match term.head:
        case "app" | "grad" | "hess":
            name = str(term.args[0])
            base = name[2:] if name[:2] in ("D2", "D3") else name
            for i, a in enumerate(args):
                if base == "L" and i == 0:
                    yield ("task", 0), a
                elif base in LOSSES and i == (base == "L"):
                    yield ("point", 0), a
                elif base in LOSSES:
                    yield ("direction", 0), a
                else:
                    yield (name, i), a
        case "pred":
            yield from (((str(term.args[0]), i), a) for i, a in enumerate(args))
        case "dot":
            yield from ((("dot", 0), a) for a in args)


@lru_cache(maxsize=20_000)
def standing(formula: Term) -> tuple[tuple[Place, Term], ...]:
    """The terms in a formula that none of its binders binds, with their places."""
    found: list[tuple[Place, Term]] = []

    def walk(term: Term, bound: frozenset[str]) -> None:
        if term.head in BINDERS:
            bound = bound | {term.args[0]}
        for place, a in places(term):
            if not free_symbols(a) & bound:
                found.append((place, a))
        for a in term.args:
            if type(a) is Term:
                walk(a, bound)

    walk(formula, frozenset())
    return tuple(found)


def occurring(branch: Branch) -> Counter[tuple[Place, Term]]:
    found: Counter[tuple[Place, Term]] = Counter()
    for leaf in in_sight(branch):
        for formula, _ in leaf:
            found.update(set(standing(formula)))
    return found


@lru_cache(maxsize=20_000)
def occurrences(body: Term, names: frozenset[str]) -> tuple[tuple[str, tuple[Place, ...]], ...]:
    """The places where each bound variable stands by itself."""
    found: dict[str, dict[Place, None]] = {}

    def walk(term: Term) -> None:
        for place, a in places(term):
            if a.head == "sym" and a.args[0] in names:
                found.setdefault(a.args[0], {})[place] = None
        for a in term.args:
            if type(a) is Term:
                walk(a)

    walk(body)
    direction, dot = ("direction", 0), ("dot", 0)
    return tuple((name, tuple(w for w in where if w != dot or direction not in where)) for name, where in found.items())


def ranked(branch: Branch, wanted: tuple[Place, ...], sort: str, ground: Counter[tuple[Place, Term]], strict: bool) -> list[Term]:
    scores: dict[Term, int] = {}
    for name in branch.variables:
        if sort_of(name) == sort and "." not in name:
            scores[symbol(name)] = 1 if sort != "real" else 0
    if sort == "point":
        scores[Term("zero")] = 0
        for place, term in ground:
            if place in wanted and size(term) <= MOST_SIZE and branch.normaliser.is_vector(term):
                scores[term] = scores.get(term, 0) + 2
        if strict and wanted:
            scores = {t: score for t, score in scores.items() if score > 1}
    if sort == "real":
        for name in [n for n in branch.variables if sort_of(n) == "real" and n.startswith("_")]:
            scores[symbol(name)] = 3
            scores[symbol(name) / 2] = 0
        scores |= {number(1): 2, number(0): 1, number("1/2"): 1, number(-1): 0}
        for place, term in ground:
            if place in wanted and size(term) <= MOST_SIZE and sort_at(place) == "real":
                scores[term] = scores.get(term, 0) + 4
    return sorted(scores, key=lambda t: (-scores[t], t.head != "sym", -age(t), repr(t)))


def sort_at(place: Place) -> str:
    """Rates stand first in predicates about iterations; of other places nothing is said."""
    return "real" if place in (("gd", 0), ("sgd_variance_tends", 0), ("sgd_variance_tends", 1)) else ""


@lru_cache(maxsize=20_000)
def size(term: Term) -> int:
    return sum(1 for _ in subterms(term))


def age(term: Term) -> int:
    """The number of a variable: the later it was named the larger."""
    digits = "".join(c for c in term.args[0] if c.isdigit()) if term.head == "sym" else ""
    return int(digits or 0)


def matched_formulas(branch: Branch, body: Term, names: frozenset[str]) -> list[dict[str, Term]]:
    """Values that turn a universal formula or a comparison inside the body, or two universal ones, into what the branch has
    seen."""
    known = [formula for leaf in in_sight(branch) for formula, _ in leaf]
    found: dict[bool, list[dict[str, Term]]] = {True: [], False: []}
    for pattern in quantified(body, names):
        for formula in known:
            values = unified(pattern, formula, names, {})
            if values and values not in found[pattern.head == "forall"]:
                found[pattern.head == "forall"].append(values)
    whole = found[True][:MOST_EACH]
    both = [one | other for one in whole for other in whole if not one.keys() & other.keys()]
    return both + found[True] + [values for values in found[False] if values not in found[True]]


def witnesses(branch: Branch, formula: Term, holds: bool) -> list[int]:
    """If the formula denies that something satisfies a universal condition: the facts that say this of some value."""
    while formula.head == "not":
        formula, holds = formula.args[0], not holds
    names: set[str] = set()
    while formula.head == "exists" and not holds:
        names.add(formula.args[0])
        formula = formula.args[2]
    wanted = [p for p in quantified(formula, frozenset(names)) if p.head == "forall"] if names else []
    known = [(place, f) for place, f, truth in universal_facts(branch) if wanted and truth and f.head == "forall"]
    return [place for place, f in known if any(unified(p, f, frozenset(names), {}) is not None for p in wanted)]


@lru_cache(maxsize=20_000)
def quantified(body: Term, names: frozenset[str]) -> tuple[Term, ...]:
    """The formulas inside the body that begin with a quantifier, or compare numbers, and mention one of the names."""
    if body.head in ("forall", "exists", "le", "lt"):
        return (body,) if free_symbols(body) & names else ()
    if body.head not in ("and", "or", "not", "implies", "iff"):
        return ()
    return tuple(inner for part in body.args for inner in quantified(part, names))


def unified(pattern: Any, term: Any, names: frozenset[str], bound: dict[str, str]) -> dict[str, Term] | None:
    """Values of the names that make the pattern the term; bound variables may have other names.

    Only what stands at one place is compared: sums and products with their parts in the same order.
    """
    if type(pattern) is not Term or type(term) is not Term:
        return {} if pattern == term else None
    if pattern.head == "sym" and pattern.args[0] in names:
        return None if free_symbols(term) & frozenset(bound.values()) else {pattern.args[0]: term}
    if pattern.head == "sym" and term.head == "sym":
        return {} if bound.get(pattern.args[0], pattern.args[0]) == term.args[0] else None
    parts, others = flat(pattern), flat(term)
    if pattern.head != term.head or len(parts) != len(others):
        return None
    pairs = list(zip(parts, others, strict=True))
    if pattern.head in BINDERS:
        bound, pairs = {**bound, pattern.args[0]: term.args[0]}, pairs[1:]
    values: dict[str, Term] = {}
    for one, other in pairs:
        found = unified(one, other, names, bound)
        if found is None or any(values.setdefault(name, value) != value for name, value in found.items()):
            return None
    return values


def flat(term: Term) -> tuple[Any, ...]:
    """The arguments, those of a sum in a sum or a product in a product in its place."""
    if term.head not in ("add", "mul"):
        return term.args
    return tuple(inner for a in term.args for inner in (flat(a) if a.head == term.head else (a,)))


def matched_equations(branch: Branch, body: Term, names: list[str]) -> Iterator[dict[str, Term]]:
    """Values that turn (negated) equations between bound points, or a bound point and 0, into ones that hold."""
    patterns = _patterns(body, names)[:2]
    known = [(f, True) for f in vector_equations(branch)] + [
        leaf[0] for leaf in branch.history if len(leaf) == 1 and not leaf[0][1] and leaf[0][0].head == "eq"
        and branch.normaliser.is_vector(leaf[0][0].args[0] - leaf[0][0].args[1])]  # fmt: skip
    plain = [item for item in known if all(a.head != "add" for a in item[0].args)]
    listed = [(known if pattern.args[1].head == "zero" and not sign else plain, sign) for pattern, sign in patterns]
    for fixed in product(*([e for e, holds in items if holds == sign][:MOST_EACH] for items, sign in listed)):
        made: dict[str, Term] = {}
        for (pattern, _), equation in zip(patterns, fixed, strict=True):
            left, right = pattern.args
            a, b = equation.args
            if right.head == "zero":
                made.setdefault(left.args[0], a if b.head == "zero" else a - b)
            else:
                made.setdefault(left.args[0], a)
                made.setdefault(right.args[0], b)
        yield made


def has_patterns(body: Term, names: list[str]) -> bool:
    return body.head == "implies" and bool(_patterns(body, names))


def _patterns(body: Term, names: list[str]) -> list[tuple[Term, bool]]:
    bound = [(p, s) for p, s in _equations(body) if p.args[0].head == "sym" and p.args[0].args[0] in names]
    return [(p, s) for p, s in bound if p.args[1].head == "zero" or (p.args[1].head == "sym" and p.args[1].args[0] in names)]


@lru_cache(maxsize=20_000)
def _equations(body: Term) -> tuple[tuple[Term, bool], ...]:
    """The equations among the conditions of an implication, and whether they are to hold."""
    if body.head == "implies":
        then = body.args[1]
        goal = ((then, False),) if then.head == "eq" and then.args[1].head == "zero" else ()
        return (*_equations(body.args[0]), *goal)
    if body.head == "and":
        return tuple(e for part in body.args for e in _equations(part))
    if body.head == "not" and body.args[0].head == "eq":
        return ((body.args[0], False),)
    return ((body, True),) if body.head == "eq" else ()
