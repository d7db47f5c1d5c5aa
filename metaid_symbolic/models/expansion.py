"""Terms multiplied out: coefficients of polynomials, quadratic forms, and linear systems over a polynomial ring.

The coefficients are polynomials in the other symbols, so hyperparameters may stay symbolic.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import final

from ..kernel.polynomial import Monomial, Ring, Sparse, TooLarge
from ..terms import ONE, ZERO, Term, number, symbol, total
from .objective import symbols_of

Rows = tuple[tuple[Term, ...], ...]


class NotPolynomial(Exception):
    """The term is no polynomial in the symbols asked about, or too large to multiply out."""


@final
class Expansions:
    """Polynomials over Q; what does not mention the `names` (1/alpha, exp(alpha), ...) may be a generator."""

    def __init__(self, names: Sequence[str]) -> None:
        self.ring, self.names = Ring(), frozenset(names)
        self._known: dict[int, tuple[Term, Sparse]] = {}

    def read(self, term: Term) -> Sparse:
        """The polynomial, a shared subterm read once.  Raises `NotPolynomial`."""
        if id(term) not in self._known:
            try:
                self._known[id(term)] = term, self._read(term)
            except TooLarge as cause:
                raise NotPolynomial(str(cause)) from None
        return self._known[id(term)][1]

    def _read(self, term: Term) -> Sparse:
        match term.head:
            case "num":
                return Sparse({(): term.args[0]} if term.args[0] else {})
            case "sym":
                return self._generator(term)
            case "add":
                return sum(map(self.read, term.args), Sparse({}))
            case "mul":
                made = Sparse({(): Fraction(1)})
                for factor in term.args:
                    made = made * self.read(factor)
                return made
            case "pow" if term.args[1] > 0:
                return power(self.read(term.args[0]), term.args[1])
        if symbols_of(term) & self.names:
            raise NotPolynomial(f"{term.head} of {', '.join(sorted(symbols_of(term) & self.names))}")
        return self._generator(term)

    def _generator(self, term: Term) -> Sparse:
        made: Sparse = self.ring.generator(term)
        return made

    def write(self, p: Sparse) -> Term:
        """The sum of the monomials, highest degree first."""
        ordered = sorted(p.terms.items(), key=lambda item: (-sum(e for _, e in item[0]), item[0]))
        return total([self._monomial(m, c) for m, c in ordered])

    def _monomial(self, monomial: Monomial, coefficient: Fraction) -> Term:
        powers = [(self.ring.term_of(g), e) for g, e in monomial]
        factors = [base if e == 1 else base**e for base, e in powers]
        if coefficient != 1 or not factors:
            factors = [number(coefficient), *factors]
        return factors[0] if len(factors) == 1 else Term("mul", tuple(factors))

    def by_names(self, p: Sparse) -> dict[Monomial, Sparse]:
        """The coefficients of the monomials in the names, as polynomials in the other generators."""
        found: dict[Monomial, dict[Monomial, Fraction]] = {}
        for monomial, value in p.terms.items():
            outer = tuple((g, e) for g, e in monomial if self._named(g))
            inner = tuple((g, e) for g, e in monomial if not self._named(g))
            found.setdefault(outer, {})[inner] = value
        return {m: Sparse(c) for m, c in found.items()}

    def _named(self, generator: int) -> bool:
        term = self.ring.term_of(generator)
        return term.head == "sym" and term.args[0] in self.names

    def place(self, name: str) -> int:
        """The number of the generator `name`."""
        [(((generator, _),), _)] = self._generator(symbol(name)).terms.items()
        return generator


def power(p: Sparse, exponent: int) -> Sparse:
    made, base = Sparse({(): Fraction(1)}), p
    while exponent:
        made, exponent = (made * base if exponent % 2 else made), exponent // 2
        base = base * base if exponent else base
    return made


def expanded(term: Term) -> Term:
    """The term multiplied out; as it is when it is no polynomial."""
    reading = Expansions(sorted(symbols_of(term)))
    try:
        return reading.write(reading.read(term))
    except NotPolynomial:
        return term


def vanishes(term: Term) -> bool:
    """Whether the polynomial `term` is 0.  Raises `NotPolynomial`."""
    return not Expansions(sorted(symbols_of(term))).read(term).terms


@final
@dataclass(frozen=True)
class QuadraticForm:
    """1/2 x^T A x - b^T x + c: `matrix` A (symmetric), `linear` b, `constant` c; entries do not mention x."""

    matrix: Rows
    linear: tuple[Term, ...]
    constant: Term

    def at(self, names: Sequence[str]) -> Term:
        """The form at the point with these coordinates."""
        x = [symbol(name) for name in names]
        parts = [a * u * v / 2 for row, u in zip(self.matrix, x, strict=True) for a, v in zip(row, x, strict=True)]
        return total([*parts, *(-b * u for b, u in zip(self.linear, x, strict=True)), self.constant])


def quadratic_form(term: Term, names: Sequence[str]) -> QuadraticForm | None:
    """The term as a quadratic form in the names; None if it is none."""
    reading = Expansions(names)
    try:
        parts = reading.by_names(reading.read(term))
    except NotPolynomial:
        return None
    if any(sum(e for _, e in monomial) > 2 for monomial in parts):
        return None
    places, empty = [reading.place(name) for name in names], Sparse({})

    def entry(i: int, j: int) -> Term:
        a, b = sorted((places[i], places[j]))
        found = parts.get(((a, 1), (b, 1)) if a != b else ((a, 2),), empty)
        return reading.write(found if i != j else found + found)

    side = range(len(names))
    linear = tuple(reading.write(empty - parts.get(((places[i], 1),), empty)) for i in side)
    return QuadraticForm(tuple(tuple(entry(i, j) for j in side) for i in side), linear, reading.write(parts.get((), empty)))


def shifted(matrix: Rows, shift: Term, scale: Term = ONE) -> Rows:
    """scale * A + shift * I."""
    return tuple(tuple(scale * a + shift if i == j else scale * a for j, a in enumerate(row)) for i, row in enumerate(matrix))


@final
@dataclass(frozen=True)
class Solution:
    """x = M^-1 b entry by entry, and the leading principal minors of the diagonal blocks of M."""

    values: tuple[Term, ...]
    minors: tuple[Term, ...]

    @property
    def singular(self) -> bool:
        return not self.values


def solve(matrix: Rows, vector: Sequence[Term]) -> Solution:
    """M x = b over a polynomial ring, block by block, each by its adjugate and determinant; no values if M is singular.

    Blocks are the connected components of the graph of nonzero entries, so that a diagonal system is solved entry by entry.
    """
    reading = Expansions(())
    rows, right = [list(map(reading.read, row)) for row in matrix], list(map(reading.read, vector))
    values, minors = dict[int, Term](), list[Term]()
    singular = False
    for block in _blocks(rows):
        inside = [[rows[i][j] for j in block] for i in block]
        minors += [reading.write(_adjugate([row[:k] for row in inside[:k]])[1]) for k in range(1, len(block) + 1)]
        adjugate, determinant = _adjugate(inside)
        singular = singular or not determinant.terms
        for place, row in zip(block, adjugate, strict=True):
            moved = sum((a * right[j] for a, j in zip(row, block, strict=True)), Sparse({}))
            values[place] = quotient(reading.write(moved), reading.write(determinant)) if determinant.terms else ZERO
    return Solution(() if singular else tuple(values[i] for i in range(len(rows))), tuple(minors))


def quotient(over: Term, under: Term) -> Term:
    """over/under for an `under` that is not the number 0."""
    if over.head == under.head == "num":
        return number(over.args[0] / under.args[0])
    scale = number(1 / under.args[0]) if under.head == "num" else Term("pow", (under, -1))
    return over if scale == ONE else ZERO if over == ZERO else scale * over


def _blocks(rows: list[list[Sparse]]) -> list[list[int]]:
    """The connected components of the indices, where i and j are joined by a nonzero entry."""
    left, found = set(range(len(rows))), list[list[int]]()
    while left:
        block, stack = set[int](), [min(left)]
        while stack:
            i = stack.pop()
            if i not in block:
                block.add(i)
                stack += [j for j in left - block if rows[i][j].terms or rows[j][i].terms]
        found.append(sorted(block))
        left -= block
    return found


def _adjugate(rows: list[list[Sparse]]) -> tuple[list[list[Sparse]], Sparse]:
    n = len(rows)
    here = [[Sparse({(): Fraction(1)} if i == j else {}) for j in range(n)] for i in range(n)]
    for k in range(1, n + 1):
        moved = [[sum((a * line[j] for a, line in zip(row, here, strict=True)), Sparse({})) for j in range(n)] for row in rows]
        trace = sum((moved[i][i] for i in range(n)), Sparse({}))
        shift = trace * Sparse({(): Fraction(-1, k)})
        if k == n:
            sign = Sparse({(): Fraction((-1) ** (n - 1))})
            return [[sign * entry for entry in row] for row in here], Sparse({(): Fraction((-1) ** n)}) * shift
        here = [[entry + shift if i == j else entry for j, entry in enumerate(row)] for i, row in enumerate(moved)]
    return here, Sparse({(): Fraction(1)})
