"""What a formula about real numbers requires: equations and inequalities between unknowns, and how they are met.

Equations that are linear in some unknowns are solved exactly; numbers that meet everything roughly are found by the method of
Levenberg and Marquardt (Marquardt 1963).  What is found is a proposal and proves nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

from ...terms import Term, free_symbols, negation, number, substitute
from ..floating import np
from .enumeration import exponents_of
from .numeric import numeric

Values = Mapping[str, Fraction]
MARGIN = 0.02
"""How far an inequality is to hold, at least."""
SAMPLE = (0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -2.0, 4.0, -4.0)
MOST_SAMPLES = 40
STEPS = 25


@dataclass(frozen=True)
class Requirement:
    """`difference` = 0, or >= 0, for all values of the `universal` names."""

    difference: Term
    equation: bool
    universal: tuple[str, ...] = ()


def requirements(f: Term, random: Random, universal: tuple[str, ...] = ()) -> Iterator[Requirement]:
    """Requirements that are enough for the formula, roughly: of several possibilities one is drawn, what exists is unknown, and
    what depends on a universal name is left out."""
    match f.head, f.args:
        case "and", parts:
            for part in parts:
                yield from requirements(part, random, universal)
        case "or", parts:
            yield from requirements(random.choice(parts), random, universal)
        case "implies", (given, then):
            pins = {n: t for n, t in _pinned(given).items() if n in universal}
            left = tuple(n for n in universal if n not in pins)
            yield from requirements(substitute(then, pins), random, left)
        case "forall", (name, "real", body):
            yield from requirements(body, random, (*universal, name))
        case "exists", (name, "real", body) if not universal:
            yield from requirements(body, random)
        case "not", (inner,):
            if inner.head in DUAL:
                yield from requirements(_denied(inner), random, universal)
        case "eq", (left_side, right_side):
            yield Requirement(left_side - right_side, True, universal)
        case (("lt" | "le"), (low, high)):
            yield Requirement(high - low, False, universal)


DUAL = {"and": "or", "or": "and", "forall": "exists", "exists": "forall", "implies": "and", "not": "", "lt": "le", "le": "lt"}


def _denied(f: Term) -> Term:
    """The negation, moved inwards."""
    match f.head, f.args:
        case (("and" | "or"), parts):
            return Term(DUAL[f.head], tuple(map(negation, parts)))
        case (("forall" | "exists"), (name, sort, body)):
            return Term(DUAL[f.head], (name, sort, negation(body)))
        case "implies", (given, then):
            return Term("and", (given, negation(then)))
        case "not", (inner,):
            return Term("and", (inner,))
    return Term(DUAL[f.head], f.args[::-1])


def _pinned(given: Term) -> dict[str, Term]:
    """The names that a condition equates with numbers."""
    parts = given.args if given.head == "and" else (given,)
    return {p.args[0].args[0]: p.args[1] for p in parts if p.head == "eq" and p.args[0].head == "sym" and p.args[1].head == "num"}


def unknowns(listed: Iterable[Requirement]) -> list[str]:
    return sorted({name for r in listed for name in free_symbols(r.difference) - {*r.universal}})


def solved(listed: Iterable[Requirement], linear: Sequence[str], values: Values) -> dict[str, Fraction] | None:
    """Values of the `linear` unknowns that solve all equations which are linear in them, near to those given; None if these
    contradict one another.  The other unknowns have the values given."""
    rows = [row for r in listed if r.equation for row in _rows(r, linear, values)]
    reduced = _echelon(rows)
    if any(not any(row[:-1]) for row in reduced):
        return None
    found = {name: values.get(name, Fraction(0)) for name in linear}
    for row in reversed(reduced):
        pivot = next(k for k, c in enumerate(row) if c)
        rest = sum((c * found[linear[k]] for k, c in enumerate(row[:-1]) if k != pivot), Fraction(0))
        found[linear[pivot]] = -(row[-1] + rest) / row[pivot]
    return found


def _rows(r: Requirement, linear: Sequence[str], values: Values) -> list[list[Fraction]]:
    """The equations, one for each monomial in the universal names, as coefficients and constant; none if they are not linear."""
    known = {name: number(v) for name, v in values.items() if name not in (*linear, *r.universal)}
    try:
        p = exponents_of(substitute(r.difference, known), (*linear, *r.universal))
    except ValueError:
        return []
    rows: dict[tuple[int, ...], list[Fraction]] = {}
    for exponents, c in p.items():
        own, others = exponents[: len(linear)], exponents[len(linear) :]
        if sum(own) > 1:
            return []
        row = rows.setdefault(others, [Fraction(0)] * (len(linear) + 1))
        row[own.index(1) if sum(own) else -1] += c
    return list(rows.values())


def _echelon(rows: Iterable[Sequence[Fraction]]) -> list[list[Fraction]]:
    """Rows with different first places, none 0, that span the same; later unknowns are solved for where there is a choice."""
    kept: dict[int, list[Fraction]] = {}
    for given in rows:
        row = list(given)
        while (first := next((k for k, c in enumerate(row) if c), None)) in kept and first is not None:
            other = kept[first]
            row = [a - row[first] / other[first] * b for a, b in zip(row, other, strict=True)]
        if first is not None:
            kept[first] = row
    return [kept[k] for k in sorted(kept)]


def roughly(listed: Sequence[Requirement], start: Mapping[str, float]) -> tuple[dict[str, float], float]:
    """Numbers near to which the requirements are met, at samples of universal names, and the greatest violation that is left."""
    names = sorted(start)
    parts = [_violation(r, names) for r in listed]
    x = np.array([start[name] for name in names], dtype=float)

    def residual(at: Any) -> Any:
        with np.errstate(all="ignore"):
            return np.nan_to_num(np.concatenate([part(at) for part in parts]), nan=1e6, posinf=1e6, neginf=-1e6)

    damping, value = 1e-2, residual(x)
    for _ in range(STEPS):
        slopes = np.stack([(residual(x + 1e-6 * e) - value) / 1e-6 for e in np.eye(len(names))], axis=1)
        step = np.linalg.lstsq(slopes.T @ slopes + damping * np.eye(len(names)), -slopes.T @ value)[0]
        after = residual(x + step)
        if float(after @ after) < float(value @ value):
            x, value, damping = x + step, after, damping / 3
        else:
            damping *= 4
        if np.max(np.abs(value)) < 1e-10 or damping > 1e8:
            break
    return dict(zip(names, map(float, x), strict=True)), float(np.max(np.abs(value)))


def _violation(r: Requirement, names: Sequence[str]) -> Any:
    """How far the requirement is missed, at each sample of its universal names."""
    function = numeric(r.difference, (*names, *r.universal))
    chosen = list(product(SAMPLE, repeat=len(r.universal)))
    samples = np.array(chosen[:: len(chosen) // MOST_SAMPLES + 1], dtype=float).T

    def at(x: Any) -> Any:
        value = np.broadcast_to(function([*x, *samples]), samples.shape[1:])
        return value if r.equation else np.minimum(value - MARGIN, 0.0)

    return at


def rounded(value: float, denominator: int) -> Fraction:
    """The nearest fraction with at most this denominator (by continued fractions)."""
    return Fraction(value).limit_denominator(denominator)
