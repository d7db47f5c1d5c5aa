"""Farkas certificates: literals, and products of two, that add up to a contradiction; found by an exact simplex method."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations_with_replacement
from math import prod
from typing import Any

from ...certificates import Combine, Summand
from ...kernel.branch import Branch
from ...kernel.polynomial import to_term
from ...kernel.rejection import Rejected
from ...kernel.tableau import combine
from ...terms import ONE, number

MOST_COLUMNS = 160
MOST_PIVOTS = 400
MOST_MULTIPLIED = 8
"""Columns, the constant with them, of which each three are multiplied: 120 products and columns in all."""
EQUATION = frozenset("0")
Row = dict[int, Fraction]


@dataclass(frozen=True)
class Column:
    """`polynomial` >= 0, or = 0 if `free`, or > 0 if `strict`; it stands for the product of the literals and `factor`."""

    literals: tuple[int, ...]
    polynomial: Any
    strict: bool
    free: bool
    factor: Any = None


def linear_contradiction(branch: Branch, *, products: bool = False) -> Combine | None:
    """A positive combination of what the literals say that is identically 0; None if there is none.

    Products of literals are used if their monomials occur in literals, with `products` always.
    """
    columns = _columns(branch)
    seen = {m for c in columns for m, _ in c.polynomial.monomials()}
    columns += [c for c in _products(branch, columns) if products or all(m in seen for m, _ in c.polynomial.monomials())]
    return _contradiction(branch, _cancelling(columns))


def _contradiction(branch: Branch, columns: list[Column]) -> Combine | None:
    if (not any(c.strict for c in columns) and not any(_constant(c) for c in columns)) or len(columns) > MOST_COLUMNS:
        return None
    weights = _weights(columns)
    if weights is None:
        return None
    found = Combine(tuple(_summand(branch, c, w) for c, w in zip(columns, weights, strict=True) if w))
    try:
        combine(branch, found.summands)
    except Rejected:
        return None
    return found


def contradiction_of_products(branch: Branch) -> Combine | None:
    """The same with products of up to three inequalities (Handelman); for a few literals of degree 2 at most.

    Of g, h > 0, 0 <= r <= 1 and S = r g + (1 - r) h <= 0 it finds g h - g S - h S + r g^2 + (1 - r) h^2 = 0.
    """
    columns = [c for c in _columns(branch) if not c.free]
    degrees = [max((sum(e for _, e in m) for m, _ in c.polynomial.monomials()), default=0) for c in columns]
    if len(columns) > MOST_MULTIPLIED or max(degrees) != 2:
        return None
    single = columns[1:]
    for count in (2, 3):
        columns += [_product(chosen) for chosen in combinations_with_replacement(single, count)]
    return _contradiction(branch, _cancelling(columns))


def _product(chosen: Sequence[Column]) -> Column:
    literals = tuple(place for c in chosen for place in c.literals)
    return Column(
        literals, prod((c.polynomial for c in chosen[1:]), start=chosen[0].polynomial), all(c.strict for c in chosen), False
    )


def vanishing_contradiction(branch: Branch) -> Combine | None:
    """A literal other than 0 all of whose terms contain a generator that an equation says is 0."""
    ring, nil = branch.normaliser.ring, branch.normaliser.nil
    zeros = {}
    for place, literal in enumerate(branch.literals):
        terms = literal.polynomial.monomials()
        if literal.signs == EQUATION and len(terms) == 1 and len(terms[0][0]) == 1 and terms[0][0][0][1] == 1:
            zeros[terms[0][0][0][0]] = place, terms[0][1]
    for place, literal in enumerate(branch.literals if zeros else []):
        if "0" in literal.signs:
            continue
        square = literal.polynomial * literal.polynomial
        rest: dict[int, Any] = {}
        for monomial, value in square.monomials():
            g = next((g for g, _ in monomial if g in zeros), None)
            if g is None:
                break
            piece = ring.constant(value)
            for h, e in monomial:
                for _ in range(e - (h == g)):
                    piece = piece * ring.generator(ring.term_of(h))
            rest[g] = rest.get(g, nil) + piece
        else:
            twice = (place,) if literal.signs == frozenset("-+") else (place, place)
            parts = [Summand(twice, ((Fraction(1), ONE),), False)]
            for g, q in rest.items():
                parts.append(Summand((zeros[g][0],), ((Fraction(1), to_term(q * ring.constant(1 / zeros[g][1]), ring)),), True))
            found = Combine(tuple(parts))
            try:
                combine(branch, found.summands)
            except Rejected:
                continue
            return found
    return None


def _columns(branch: Branch) -> list[Column]:
    nil = branch.normaliser.nil
    columns = [Column((), branch.normaliser.one, True, False)]
    for place, literal in enumerate(branch.literals):
        strict, free = "0" not in literal.signs, literal.signs == EQUATION
        if literal.signs <= frozenset("0+"):
            columns.append(Column((place,), literal.polynomial, strict, free))
        elif literal.signs <= frozenset("-0"):
            columns.append(Column((place,), nil - literal.polynomial, strict, free))
    return columns


def _products(branch: Branch, columns: Sequence[Column]) -> list[Column]:
    """Products of two inequalities, and of an equation with a generator that occurs beside one of its own."""
    made = []
    small = [c for c in columns if c.literals and len(c.polynomial.monomials()) <= 12]
    for i, a in enumerate(small):
        for b in small[i:]:
            if not a.free and not b.free:
                made.append(Column((*a.literals, *b.literals), a.polynomial * b.polynomial, a.strict and b.strict, False))
    ring = branch.normaliser.ring
    generators = {g for c in columns for m, _ in c.polynomial.monomials() for g, _ in m}
    for a in small:
        for g in sorted(generators):
            if a.free and len(made) < 4 * MOST_COLUMNS:
                factor = ring.generator(ring.term_of(g))
                made.append(Column(a.literals, a.polynomial * factor, False, True, factor))
    return made


def _cancelling(columns: list[Column]) -> list[Column]:
    """The columns each of whose monomials some other column can cancel."""
    while True:
        signs: dict[Any, set[tuple[int, bool]]] = {}
        for place, c in enumerate(columns):
            for monomial, value in c.polynomial.monomials():
                either = {(place, True), (place, False)} if c.free else {(place, value > 0)}
                signs.setdefault(monomial, set()).update(either)

        def needed(place: int, c: Column, signs: dict[Any, set[tuple[int, bool]]] = signs) -> bool:
            return all(
                any(p != place and (c.free or s != (value > 0)) for p, s in signs[monomial])
                for monomial, value in c.polynomial.monomials()
            )

        kept = [c for place, c in enumerate(columns) if needed(place, c)]
        if len(kept) == len(columns):
            return kept
        columns = kept


def _constant(column: Column) -> bool:
    return any(not monomial for monomial, _ in column.polynomial.monomials())


def _weights(columns: Sequence[Column]) -> list[Fraction] | None:
    """Weights, >= 0 but for free columns, with which the columns add up to 0 and the strict ones weigh 1 in all."""
    numbers: dict[Any, int] = {}
    rows: list[Row] = []
    signed = [(i, s) for i, c in enumerate(columns) for s in ((1, -1) if c.free else (1,))]
    for j, (i, s) in enumerate(signed):
        for monomial, value in columns[i].polynomial.monomials():
            if monomial not in numbers:
                numbers[monomial] = len(rows)
                rows.append({})
            rows[numbers[monomial]][j] = s * value
    last = {j: Fraction(1) for j, (i, _) in enumerate(signed) if columns[i].strict}
    solution = solve([*rows, last], [Fraction(0)] * len(rows) + [Fraction(1)], len(signed))
    if solution is None:
        return None
    weights = [Fraction(0)] * len(columns)
    for (i, s), value in zip(signed, solution, strict=True):
        weights[i] += s * value
    return weights


def solve(rows: list[Row], right: list[Fraction], count: int) -> list[Fraction] | None:
    """Some x >= 0 with `rows` x = `right` (all >= 0), by the first phase of the simplex method with Bland's rule."""
    rows, right = [dict(r) for r in rows], list(right)
    basis = [count + i for i in range(len(rows))]
    for _ in range(MOST_PIVOTS):
        gain: Row = {}
        for row, b in zip(rows, basis, strict=True):
            if b >= count:
                for j, v in row.items():
                    gain[j] = gain.get(j, Fraction(0)) + v
        entering = min((j for j, v in gain.items() if v > 0 and j < count), default=None)
        if entering is None:
            break
        ratios = [(right[i] / row[entering], basis[i], i) for i, row in enumerate(rows) if row.get(entering, 0) > 0]
        if not ratios:
            return None
        _pivot(rows, right, min(ratios)[2], entering)
        basis[min(ratios)[2]] = entering
    if any(b >= count and value for b, value in zip(basis, right, strict=True)):
        return None
    solution = [Fraction(0)] * count
    for b, value in zip(basis, right, strict=True):
        if b < count:
            solution[b] = value
    return solution


def _pivot(rows: list[Row], right: list[Fraction], place: int, entering: int) -> None:
    scale = rows[place][entering]
    chosen = rows[place] = {j: v / scale for j, v in rows[place].items()}
    right[place] /= scale
    for i, row in enumerate(rows):
        factor = row.get(entering)
        if i == place or not factor:
            continue
        for j, v in chosen.items():
            value = row.get(j, Fraction(0)) - factor * v
            if value:
                row[j] = value
            else:
                row.pop(j, None)
        right[i] -= factor * right[place]


def _summand(branch: Branch, column: Column, weight: Fraction) -> Summand:
    """The kernel takes an equation with its polynomial negated."""
    if not column.free:
        return Summand(column.literals, ((weight, ONE),), False)
    literal = branch.literals[column.literals[0]]
    direction = 1 if literal.polynomial.monomials() == _base(branch, column).monomials() else -1
    factor = number(-weight * direction)
    if column.factor is not None:
        factor = factor * to_term(column.factor, branch.normaliser.ring)
    return Summand(column.literals, ((Fraction(1), factor),), True)


def _base(branch: Branch, column: Column) -> Any:
    return branch.literals[column.literals[0]].polynomial
