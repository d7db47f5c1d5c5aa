"""What a derivation yields: exact scalars, vectors and matrices that print themselves."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, final

from ..printing import signed
from ..programs import Program
from ..terms import IllFormed, Term
from .claims import Assertion, Checked

LABEL = re.compile(r"[A-Za-z0-9.:/+_-]+\Z", re.ASCII)
WIDEST = 66
"""A line of a4 paper at 11 points holds about so many printed characters."""

Rows = tuple[tuple[Term, ...], ...]


@final
@dataclass(frozen=True)
class Origin:
    """How the entries of an expression are found when they are asked for: written out, compiled, as FLINT polynomials (None
    if they are none), and what the kernel is to check."""

    rows: Callable[[], Rows]
    program: Callable[[], Program]
    polynomials: Callable[[], list[list[Any]] | None]
    assertion: Callable[[Rows], Assertion]


@final
@dataclass(frozen=True, eq=False, repr=False)
class Expression:
    """A scalar (one row of one entry, `shape` ()), vector (`shape` (n,)), matrix, or array of order 3 (its matrices one below
    the other) of terms; `name` is its LaTeX, given or found when it is asked for.

    Given by its rows, or by an `origin` that finds them; equal when name, shape and rows are.
    """

    called: str | Callable[[], str]
    shape: tuple[int, ...]
    given: Rows | None = None
    origin: Origin | None = None

    @cached_property
    def name(self) -> str:
        return self.called if isinstance(self.called, str) else self.called()

    @cached_property
    def rows(self) -> Rows:
        if self.given is not None:
            return self.given
        return self._origin.rows()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Expression):
            return NotImplemented
        return (self.name, self.shape) == (other.name, other.shape) and self.rows == other.rows

    def __hash__(self) -> int:
        return hash((self.name, self.shape))

    @property
    def _origin(self) -> Origin:
        if self.origin is None:
            raise IllFormed(f"{self.name} was not derived, so nothing but its entries is known")
        return self.origin

    @cached_property
    def program(self) -> Program:
        """The straight-line program of the entries; nothing is written out for it."""
        return self._origin.program()

    @property
    def polynomials(self) -> list[list[Any]] | None:
        """The entries as FLINT polynomials; None if they are none."""
        return self._origin.polynomials()

    @cached_property
    def assertion(self) -> Assertion:
        """That the entries are what they are said to be, for the kernel to check."""
        return self._origin.assertion(self.rows)

    @property
    def claim(self) -> Any:
        """The claim that the kernel checks.  Raises `IllFormed` when there are several (`assertion.claims`), or none."""
        claims = self.assertion.claims
        if len(claims) != 1:
            raise IllFormed(f"{self.name} is asserted by {len(claims)} claims, not by one; `assertion.claims` lists them")
        return claims[0]

    @cached_property
    def checked(self) -> Checked:
        return self.assertion.checked

    @property
    def verdict(self) -> Any:
        """What the kernel says of the claim in both its arithmetics: proved, refuted or undecided."""
        return self.checked.verdict

    @property
    def term(self) -> Term:
        """The term of a scalar.  Raises `IllFormed` for a vector or matrix."""
        if self.shape:
            raise IllFormed(f"an array of shape {self.shape} is no single term; `terms` gives its entries")
        return self.rows[0][0]

    @property
    def terms(self) -> Any:
        """A term, a tuple of terms, a tuple of rows, or a tuple of these, after the shape."""
        if len(self.shape) == 3:
            size = self.shape[1]
            return tuple(self.rows[i * size : (i + 1) * size] for i in range(self.shape[0]))
        if len(self.shape) == 2:
            return self.rows
        return tuple(row[0] for row in self.rows) if self.shape else self.rows[0][0]

    @property
    def sympy(self) -> Any:
        """A SymPy expression, or an immutable matrix (a vector is a column), or a tuple of these."""
        from ..sympy_bridge import to_sympy

        if len(self.shape) == 3:
            return tuple(map(to_sympy, self.terms))
        return to_sympy(self.rows) if self.shape else to_sympy(self.term)

    def latex(self, label: str | None = None) -> str:
        """The equation `name = value` as a LaTeX environment; it needs amsmath.  With a label, for cleveref's `\\cref`."""
        if label is not None and not LABEL.match(label):
            raise IllFormed(f"{label!r} is no label: letters, digits and . : / + - _ only")
        kind = "equation" if label is not None else "equation*"
        head = f"\\begin{{{kind}}}" + (f"\\label{{{label}}}" if label is not None else "")
        return f"{head}\n{self._equation()}\n\\end{{{kind}}}"

    def _equation(self) -> str:
        """The value in one line if it fits, else in lines; of a matrix that is too wide, its entries one after another, of a
        symmetric one those that differ."""
        entries = [entry for row in self.rows for entry in row]
        if len(self.shape) < 3 and all(sum(map(_width, row)) + width_of(self.name) <= WIDEST for row in self.rows):
            return f"  {self.name} = {_latex(entries[0]) if len(entries) == 1 else _matrix(self.rows)}"
        symmetric = len(self.shape) == 2 and self.rows == tuple(zip(*self.rows, strict=True))
        places = [(i, j) for i, row in enumerate(self.rows) for j in range(i if symmetric else 0, len(row))]
        names = [self._entry(i, j) for i, j in places] if len(entries) > 1 else [self.name]
        lines = [
            f"  {name} &= {broken(self.rows[i][j], WIDEST - width_of(name))}" for name, (i, j) in zip(names, places, strict=True)
        ]
        if symmetric and len(entries) > 1:
            lines.append(rf"  \left({self.name}\right)_{{j,i}} &= \left({self.name}\right)_{{i,j}}")
        return "  \\begin{aligned}\n" + " \\\\\n".join(lines) + "\n  \\end{aligned}"

    def _entry(self, i: int, j: int) -> str:
        place = f"{i + 1}" if len(self.shape) == 1 else f"{i + 1},{j + 1}"
        if len(self.shape) == 3:
            place = f"{i // self.shape[1] + 1},{i % self.shape[1] + 1},{j + 1}"
        return rf"\left({self.name}\right)_{{{place}}}"

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self._equation().strip()}$"

    def __str__(self) -> str:
        return _nested(self.terms)

    def __repr__(self) -> str:
        return f"Expression({self.name}, shape {self.shape})"


def _nested(terms: Any) -> str:
    """A term, or in brackets the terms of a vector or the rows of a matrix."""
    return signed(terms) if isinstance(terms, Term) else f"[{', '.join(map(_nested, terms))}]"


def _latex(term: Term) -> str:
    from ..reports.notation import latex

    return latex(term)


def _matrix(rows: tuple[tuple[Term, ...], ...]) -> str:
    inside = " \\\\ ".join(" & ".join(map(_latex, row)) for row in rows)
    return f"\\begin{{pmatrix}} {inside} \\end{{pmatrix}}"


def _width(term: Term) -> int:
    return width_of(_latex(term))


def width_of(written: str) -> int:
    """The number of printed characters, about: a command counts as one."""
    return len(re.sub(r"[{}_^\s]|\\(left|right|t?frac|mathrm|quad)(?![a-z])", "", re.sub(r"\\[a-z]+", _one, written)))


def _one(command: re.Match[str]) -> str:
    return command.group() if command.group() in ("\\left", "\\right", "\\frac", "\\tfrac", "\\mathrm", "\\quad") else "x"


def broken(term: Term, room: int) -> str:
    """A sum in lines of at most `room` characters where its factors allow, broken before a sign or between factors."""
    lines = [""]
    for part in term.args if term.head == "add" else (term,):
        first, *more = _chunks(part, room)
        if lines != [""]:
            first = f" - {first[1:]}" if first.startswith("-") else f" + {first}"
        if lines != [""] and width_of(lines[-1]) + width_of(first) > room:
            lines.append("")
        lines[-1] += first
        lines += [rf" \times {chunk}" for chunk in more]
    return " \\\\\n  &\\quad".join(lines)


def _chunks(term: Term, room: int) -> list[str]:
    """A product in pieces of at most `room` characters, if its factors are no wider."""
    whole = _latex(term)
    if term.head != "mul" or width_of(whole) <= room:
        return [whole]
    pieces: list[tuple[Term, ...]] = [()]
    for factor in term.args:
        if any(f.head != "num" for f in pieces[-1]) and _width(Term("mul", (*pieces[-1], factor))) > room:
            pieces.append(())
        pieces[-1] = (*pieces[-1], factor)
    return [_latex(Term("mul", piece)) for piece in pieces]
