"""Small rational matrices that satisfy the properties and hypotheses of a matrix formula, drawn at random.

Matrices are drawn in the shapes that hypotheses ask for: symmetric, semidefinite, skew, idempotent, nilpotent, diagonal, with
orthonormal columns.  What a hypothesis defines (X = ..., X Y = I) is computed from the rest.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import final

from ..certificates import MatrixCounterexample
from ..claims import MatrixIdentities
from ..kernel.matrix import ID, Algebra, Letters, Value, columns_of, gap, parts
from ..kernel.rejection import Rejected
from ..terms import Term, equal, free_symbols, number, substitute, symbol

Matrix = tuple[tuple[Fraction, ...], ...]


@final
@dataclass(frozen=True, slots=True)
class Definition:
    """The letter `name` is the value of `term`, or with `inverted` its inverse."""

    name: str
    term: Term
    inverted: bool


@final
@dataclass(frozen=True, slots=True)
class Candidate:
    """Sizes and exponents, and the values of the letters that are not defined by others."""

    sizes: dict[str, int]
    matrices: dict[str, Matrix]


class Drawing:
    """What may stand for the letters of a claim, at given sizes and exponents, so that one of its formulas may fail."""

    def __init__(self, claim: MatrixIdentities, formula: Term, sizes: dict[str, int]) -> None:
        self.claim, self.sizes = claim, {**sizes, "1": 1, "?": 1}
        self.algebra = Algebra(claim)
        self.exponents = {k: number(v) for k, v in sizes.items() if k not in self.algebra.shapes}
        *hypotheses, self.conclusions = parts(formula)
        self.hypotheses = [h for given in hypotheses for h in given]
        self.shapes = {name: (rows, columns) for name, rows, columns in claim.shapes}
        self.symmetric = {a for a in self.shapes if self.grants(equal(symbol(a), Term("tr", (symbol(a),))))}
        self.orthogonal = {a for a in self.shapes if self.grants(equal(symbol(a) * Term("tr", (symbol(a),)), ID))}
        self.involutions = {a for a in self.shapes if self.grants(equal(symbol(a) * symbol(a), ID))}
        self.nonzero = {a for a in self.shapes if self.grants(equal(symbol(a) * symbol(a) ** -1, 1))}
        self.definitions = list(definitions(claim, self.hypotheses))
        self.defined = {d.name for d in self.definitions}
        self._normal: dict[Term, Value] = {}

    def grants(self, equation: Term) -> bool:
        return equation in self.hypotheses

    def value(self, term: Term, letters: Letters) -> list[list[Fraction]]:
        """The columns of the matrix."""
        if term not in self._normal:
            self._normal[term] = self.algebra.normal(substitute(term, self.exponents))
        return columns_of(self._normal[term], self.sizes, letters)

    def letters(self, candidate: Candidate) -> Letters | None:
        """The values of all letters."""
        made: Letters = {}
        for name, a in candidate.matrices.items():
            if not self._put(made, name, a):
                return None
        for d in self.definitions:
            columns = self.value(d.term, made)
            shape = self.algebra.shapes[d.name]
            given: Matrix = tuple(zip(*self._spread(columns, shape), strict=True))
            value = inverse(given) if d.inverted else given
            if value is None:
                return None
            if not self._put(made, d.name, value):
                return None
        return made

    def _put(self, letters: Letters, name: str, a: Matrix) -> bool:
        """Puts down the matrix, and the inverse of a number; False for 0 if it should not be."""
        letters[name, False] = list(a)
        letters[name, True] = list(zip(*a, strict=True))
        if len(a) == len(a[0]) == 1 and a[0][0]:
            letters[f"1/{name}", False] = [(1 / a[0][0],)]
        return name not in self.nonzero or bool(a[0][0])

    def _spread(self, columns: list[list[Fraction]], shape: tuple[str, str]) -> list[list[Fraction]]:
        """A multiple of I, or the number 0, in its shape."""
        m, n = (self.sizes[s] for s in shape)
        if len(columns) == n and len(columns[0]) == m:
            return columns
        return [[columns[0][0] * (i == j) for i in range(m)] for j in range(n)]

    def certificate(self, candidate: Candidate) -> MatrixCounterexample | None:
        letters = self.letters(candidate)
        if letters is None:
            return None
        sizes = tuple((name, self.sizes[name]) for name in sorted(self.sizes) if name not in ("1", "?"))
        entries = tuple(tuple(x for row in letters[name, False] for x in row) for name in self.shapes)
        return MatrixCounterexample(sizes, entries)

    def refutes(self, candidate: Candidate) -> bool:
        """Whether all hypotheses hold and a conclusion fails."""
        try:
            letters = self.letters(candidate)
            given = letters is not None and all(self.holds(h, letters) for h in self.hypotheses)
            return letters is not None and given and not all(self.holds(c, letters) for c in self.conclusions)
        except Rejected:  # a division by 0
            return False

    def holds(self, formula: Term, letters: Letters) -> bool:
        if formula.head in ("and", "implies"):
            values = [self.holds(f, letters) for f in formula.args]
            return all(values) if formula.head == "and" else values[1] or not values[0]
        columns = self.value(gap(formula), letters)
        return not any(map(any, columns)) if formula.head == "eq" else semidefinite(columns, strict=formula.head == "lt")

    def drawn(self, height: int, draw: random.Random) -> Candidate:
        free = [name for name in self.shapes if name not in self.defined]
        matrices = {name: self._matrix(name, height, draw) for name in free}
        return Candidate({k: v for k, v in self.sizes.items() if k not in ("1", "?")}, matrices)

    def _matrix(self, name: str, height: int, draw: random.Random) -> Matrix:
        m, n = (self.sizes[side] for side in self.shapes[name])
        symmetric, involution = name in self.symmetric, name in self.involutions
        if self.shapes[name] == ("1", "1"):
            return ((Fraction(draw.choice([k for k in range(-height, height + 2) if k or name not in self.nonzero])),),)
        if name in self.orthogonal or (involution and symmetric):
            return orthogonal(n, symmetric or involution, draw)
        if involution:
            return conjugate([Fraction(draw.choice((-1, 1))) for _ in range(n)], draw)
        a = draw.choice(STYLES if m == n else RECTANGLES)(m, n, height, draw)
        return mirrored(a) if symmetric else a


def definitions(claim: MatrixIdentities, hypotheses: list[Term]) -> Iterator[Definition]:
    """Letters given by others, in an order in which they can be computed."""
    names = {name for name, _, _ in claim.shapes}
    ways = [d for h in hypotheses if h.head == "eq" for d in defining(h, names)]
    free, known = names - {d.name for d in ways}, set[str]()
    while ways:
        ready = [d for d in ways if free_symbols(d.term) & names <= free | known]
        chosen = ready[0] if ready else None
        if chosen is None:
            name = ways[-1].name  # nothing is left but a circle: this one is drawn
            free = free | {name}
            ways = [d for d in ways if d.name != name]
            continue
        yield chosen
        known.add(chosen.name)
        ways = [d for d in ways if d.name != chosen.name]


def defining(equation: Term, names: set[str]) -> Iterator[Definition]:
    for left, right in (equation.args, equation.args[::-1]):
        if left.head == "sym" and left.args[0] in names - free_symbols(right):
            yield Definition(left.args[0], right, False)
        if left.head == "mul" and len(left.args) == 2 and right in (ID, number(1)):
            for one, other in (left.args, left.args[::-1]):
                if one.head == "sym" and one.args[0] in names - free_symbols(other):
                    yield Definition(one.args[0], other, True)


def semidefinite(rows: list[list[Fraction]], *, strict: bool) -> bool:
    """Whether a matrix is symmetric and positive (semi)definite, by elimination."""
    if [list(c) for c in zip(*rows, strict=True)] != rows:
        return False
    while rows:
        (pivot, *row), *rest = rows
        if pivot < 0 or (not pivot and (strict or any(row))):
            return False
        rows = [[x - y * r[0] / (pivot or 1) for x, y in zip(r[1:], row, strict=True)] for r in rest]
    return True


# matrices of several kinds


def small(m: int, n: int, height: int, draw: random.Random) -> Matrix:
    return tuple(tuple(Fraction(draw.randint(-height, height)) for _ in range(n)) for _ in range(m))


def zero_or_identity(m: int, n: int, height: int, draw: random.Random) -> Matrix:
    x = draw.choice((0, 1, 1, -1, 2))
    return tuple(tuple(Fraction(x * (i == j)) for j in range(n)) for i in range(m))


def diagonal(m: int, n: int, height: int, draw: random.Random) -> Matrix:
    return tuple(tuple(Fraction(draw.randint(-height, height) if i == j else 0) for j in range(n)) for i in range(m))


def gram(m: int, n: int, height: int, draw: random.Random) -> Matrix:
    return multiplied(a := small(m, n, height, draw), tuple(zip(*a, strict=True)))


def skew(m: int, n: int, height: int, draw: random.Random) -> Matrix:
    a = small(m, n, height, draw)
    return tuple(tuple(a[i][j] - a[j][i] for j in range(n)) for i in range(n))


def idempotent(m: int, n: int, height: int, draw: random.Random) -> Matrix:
    return conjugate([Fraction(draw.randint(0, 1)) for _ in range(n)], draw)


def nilpotent(m: int, n: int, height: int, draw: random.Random) -> Matrix:
    return tuple(tuple(Fraction(draw.randint(-height, height) if j > i else 0) for j in range(n)) for i in range(n))


STYLES: list[Callable[[int, int, int, random.Random], Matrix]]
STYLES = [small, small, small, zero_or_identity, diagonal, gram, skew, idempotent, nilpotent]
RECTANGLES: list[Callable[[int, int, int, random.Random], Matrix]] = [small, small, zero_or_identity]


def orthogonal(n: int, symmetric: bool, draw: random.Random) -> Matrix:
    """A signed permutation, or one with a block of entries 3/5, 4/5; of square I if `symmetric`."""
    order = list(range(n))
    if symmetric:
        for i in range(0, n - 1, 2):
            if draw.random() < 0.5:
                order[i], order[i + 1] = order[i + 1], order[i]
    else:
        draw.shuffle(order)
    signs = [draw.choice((-1, 1)) for _ in range(n)]
    if symmetric:
        signs = [signs[min(i, order[i])] for i in range(n)]
    rows = [[Fraction(signs[i] * (order[i] == j)) for j in range(n)] for i in range(n)]
    if n >= 2 and draw.random() < 0.5:
        c, s = Fraction(3, 5), Fraction(4, 5)
        block = ((c, s), (s, -c)) if symmetric else ((c, -s), (s, c))
        rows = [[*block[i], *rows[i][2:]] if i < 2 else [Fraction(0)] * 2 + rows[i][2:] for i in range(n)]
        rows = [[Fraction(i == j) if i >= 2 or j >= 2 else x for j, x in enumerate(row)] for i, row in enumerate(rows)]
    return tuple(map(tuple, rows))


def conjugate(eigenvalues: list[Fraction], draw: random.Random) -> Matrix:
    """P D inverse(P) with these numbers on the diagonal of D."""
    n = len(eigenvalues)
    while True:
        p = small(n, n, 1, draw)
        turned = inverse(p)
        if turned is not None:
            return multiplied(tuple(tuple(x * e for x, e in zip(row, eigenvalues, strict=True)) for row in p), turned)


def multiplied(a: Matrix, b: Matrix) -> Matrix:
    columns = list(zip(*b, strict=True))
    return tuple(tuple(sum((x * y for x, y in zip(row, c, strict=True)), Fraction(0)) for c in columns) for row in a)


def mirrored(a: Matrix) -> Matrix:
    return tuple(tuple(a[max(i, j)][min(i, j)] for j in range(len(a))) for i in range(len(a)))


def identity(n: int) -> Matrix:
    return tuple(tuple(Fraction(i == j) for j in range(n)) for i in range(n))


def inverse(a: Matrix) -> Matrix | None:
    """Gauss-Jordan elimination over Q; None for a singular matrix."""
    n = len(a)
    rows = [[*row, *unit] for row, unit in zip(a, identity(n), strict=True)]
    for k in range(n):
        pivot = next((i for i in range(k, n) if rows[i][k]), None)
        if pivot is None:
            return None
        rows[k], rows[pivot] = rows[pivot], rows[k]
        rows[k] = [x / rows[k][k] for x in rows[k]]
        for i in range(n):
            if i != k and rows[i][k]:
                rows[i] = [x - rows[i][k] * y for x, y in zip(rows[i], rows[k], strict=True)]
    return tuple(tuple(row[n:]) for row in rows)
