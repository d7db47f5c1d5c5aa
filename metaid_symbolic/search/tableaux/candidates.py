"""With what universal facts are instantiated: suggested points and numbers, unknowns of the branch, and terms near them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

from ...kernel.branch import Branch, sort_of
from ...terms import ZERO, Term, as_term, number, subterms, symbol
from .descent import Rule

Point = tuple[Fraction, ...]
MOST_TUPLES = 60
MOST_GROUPS = 4
"""Universal facts with more leading quantifiers are instantiated only where a predicate in them matches."""


@dataclass(frozen=True)
class Suggestions:
    """What to instantiate with: points of R^n (best first), numbers, whole terms; rules to assume first, and numbers with
    which a positive unknown is compared when rules are used; `lowest` points go into every universal fact that they fit;
    with `opposites` the negatives of unknowns come before numbers."""

    points: tuple[Point, ...] = ()
    numbers: tuple[Fraction, ...] = (Fraction(1), Fraction(1, 2), Fraction(0), Fraction(2), Fraction(-1), Fraction(4))
    terms: tuple[Term, ...] = ()
    rules: tuple[Rule, ...] = ()
    thresholds: tuple[Fraction, ...] = ()
    lowest: tuple[Point, ...] = ()
    opposites: bool = False


def candidates(branch: Branch, fact: Any, about: Suggestions) -> Iterator[tuple[Term, ...]]:
    """Tuples of terms for the leading quantifiers of a universal fact."""
    groups = quantifier_groups(*fact)
    if not groups:
        return
    choices = [list(_for_group(branch, group, about, alone=len(groups) == 1)) for group in groups]
    matched = list(matches(branch, fact[0], frozenset(n for g in groups for n in g)))
    for found in matched:
        fixed = [[tuple(found[n] for n in g)] if all(n in found for n in g) else c for g, c in zip(groups, choices, strict=True)]
        yield from combined(fixed, MOST_TUPLES)
    if not matched and len(groups) <= MOST_GROUPS:
        yield from combined(choices, MOST_TUPLES if len(groups) < 3 else 4 * MOST_TUPLES)


def _for_group(branch: Branch, group: list[str], about: Suggestions, alone: bool) -> Iterator[tuple[Term, ...]]:
    size, dotted = len(group), is_coordinate(group[0])
    seen: set[tuple[Term, ...]] = set()
    for terms in _points(branch, size, about) if dotted else _numbers(branch, about, alone):
        if terms not in seen:
            seen.add(terms)
            yield terms


def _points(branch: Branch, size: int, about: Suggestions) -> Iterator[tuple[Term, ...]]:
    for point in about.points:
        if len(point) == size:
            yield tuple(map(as_term, point))
    named = eigen_points(branch, size)
    yield from named
    radii = [symbol(v) for v in branch.labels if v in branch.variables and not is_coordinate(branch.labels[v])]
    centres = [tuple(map(as_term, p)) for p in about.points if len(p) == size][:2]
    for radius in radii:
        for centre in (*centres, *named[:2]):
            yield (centre[0] + radius / 2, *centre[1:])
            yield (centre[0] - radius / 2, *centre[1:])
    for shift in (1, -1):
        for centre in named:
            yield (centre[0] + shift, *centre[1:])
    for centre in named:
        yield (-centre[0], *centre[1:])
        yield (centre[0] ** 2 + 1, *centre[1:])
        yield (-(centre[0] ** 2) - 1, *centre[1:])
        yield (2 * centre[0], *centre[1:])
        yield (centre[0] / 2, *centre[1:])
    for radius in radii:
        zeros = (ZERO,) * (size - 1)
        yield (1 + 1 / radius, *zeros)
        yield (radius / (2 * radius + 2), *zeros)


def _numbers(branch: Branch, about: Suggestions, alone: bool) -> Iterator[tuple[Term, ...]]:
    yield from ((t,) for t in about.terms)
    names = [symbol(v) for v in sorted(branch.variables) if sort_of(v) == "real"]
    if about.opposites:
        yield from ((-name,) for name in names)
    if about.rules and alone:
        yield from ((name / 2,) for name in names[:2])
    yield from ((number(q),) for q in about.numbers)
    for name in names:
        yield (name,)
        yield (name / 2,)
        yield (2 * name,)
    for name in names:
        yield (-name,)
        yield (name + 1,)
        yield (name**2 + 1,)


def combined(choices: list[list[tuple[Term, ...]]], most: int) -> Iterator[tuple[Term, ...]]:
    """One tuple of terms from each list, joined; those with early members first."""
    if len(choices) == 1:
        yield from choices[0]
        return
    each = max(2, int((10 * most) ** (1 / len(choices))))
    listed = sorted(product(*(list(enumerate(c))[:each] for c in choices)), key=lambda combo: sum(i for i, _ in combo))
    for combo in listed[:most]:
        yield tuple(term for _, terms in combo for term in terms)


def matches(branch: Branch, formula: Term, names: frozenset[str]) -> Iterator[dict[str, Term]]:
    """Values of bound variables for which a predicate in the formula becomes one that the branch knows."""
    seen = set()
    for pattern in subterms(formula):
        if pattern.head != "pred" or len(pattern.args) < 3:
            continue
        for atom in branch.opaque:
            found = match(pattern.args, atom, names)
            if found and (key := tuple(sorted(found.items(), key=lambda item: item[0]))) not in seen:
                seen.add(key)
                yield found


def match(pattern: tuple[Any, ...], atom: tuple[Any, ...], names: frozenset[str]) -> dict[str, Term] | None:
    if len(pattern) != len(atom) or pattern[0] != atom[0]:
        return None
    found: dict[str, Term] = {}
    for wanted, value in zip(pattern[1:], atom[1:], strict=True):
        if wanted.head == "sym" and wanted.args[0] in names and found.setdefault(wanted.args[0], value) != value:
            return None
    return found


def is_coordinate(name: str) -> bool:
    """Whether a bound name stands for a coordinate x.1, x.2, ... of a point; `y.` stands for a number y."""
    return name.rpartition(".")[2].isdigit() and "." in name


def quantifier_groups(formula: Term, holds: bool) -> list[list[str]]:
    """The leading universally read quantifiers, coordinates of one point together."""
    groups: list[list[str]] = []
    while True:
        while formula.head == "not":
            formula, holds = formula.args[0], not holds
        if formula.head != ("forall" if holds else "exists"):
            return groups
        name = formula.args[0]
        if groups and is_coordinate(name) and groups[-1][0].split(".")[0] == name.split(".")[0] and name not in groups[-1]:
            groups[-1].append(name)
        else:
            groups.append([name])
        formula = formula.args[2]


def eigen_points(branch: Branch, size: int) -> list[tuple[Term, ...]]:
    """Variables that name the coordinates of one point, oldest first."""
    rows: list[tuple[Term, ...]] = []
    row: list[str] = []
    for name, label in branch.labels.items():
        if not is_coordinate(label) or name not in branch.variables:
            continue
        if label.endswith(".1"):
            row = []
        row.append(name)
        if len(row) == size:
            rows.append(tuple(map(symbol, row)))
    return rows


def literal_state(branch: Branch) -> tuple[int, int]:
    return len(branch.literals), sum(len(literal.signs) for literal in branch.literals)
