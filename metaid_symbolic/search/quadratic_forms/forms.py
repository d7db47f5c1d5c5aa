"""Statements about quadratic forms: forall p: A(p) => forall v: v != 0 => 0 < v^T M(p) v, or 0 <= v^T M(p) v."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, final

from ...calculus.polynomials import Ring, determinant, is_polynomial
from ...terms import Term, substitute, subterms, symbol

Premises = tuple[tuple[int, Term], ...]


@final
@dataclass(frozen=True)
class Universal:
    """forall names: premises => body, where each premise stands behind the number of names that it comes with."""

    names: tuple[str, ...]
    premises: Premises
    body: Term

    @cached_property
    def ring(self) -> Ring:
        """Q[_1, ..., _n], by the names that the kernel gives the variables when the statement is denied."""
        return Ring([symbol(f"_{i + 1}") for i in range(len(self.names))])

    def named(self, term: Term) -> Term:
        return substitute(term, dict(zip(self.names, self.ring.atoms, strict=True)))

    def read(self, term: Term) -> Any:
        return self.ring.read(self.named(term))

    @cached_property
    def polynomials(self) -> tuple[Any, ...]:
        """The differences of the sides of all comparisons, in as far as they are polynomials."""
        parts = [t for f in (*(f for _, f in self.premises), self.body) for t in subterms(f) if t.head in ("eq", "lt", "le")]
        return tuple(self.read(t.args[1] - t.args[0]) for t in parts if all(map(is_polynomial, t.args)))


def universal(formula: Term) -> Universal | None:
    """The statement read so; None if a quantifier is left in it, or a name is bound twice."""
    names, premises = list[str](), list[tuple[int, Term]]()
    while formula.head == "implies" or (formula.head == "forall" and formula.args[1] == "real"):
        if formula.head == "implies":
            premises.append((len(names), formula.args[0]))
            formula = formula.args[1]
        else:
            names.append(formula.args[0])
            formula = formula.args[2]
    inner = [formula, *(f for _, f in premises)]
    if len({*names}) < len(names) or any(t.head in ("forall", "exists") for f in inner for t in subterms(f)):
        return None
    return Universal(tuple(names), tuple(premises), formula)


@final
@dataclass(frozen=True)
class Form:
    """v^T M v with the last variables of the statement as v; `matrix` has polynomials in the others as entries."""

    about: Universal
    size: int
    matrix: tuple[tuple[Any, ...], ...]
    strict: bool

    @property
    def parameters(self) -> int:
        return len(self.about.names) - self.size

    @property
    def domain(self) -> tuple[Term, ...]:
        """The premises about the parameters alone."""
        return tuple(f for behind, f in self.about.premises if behind <= self.parameters)

    @cached_property
    def leading_minors(self) -> tuple[Any, ...]:
        """D_0 = 1, D_1, ..., D_n."""
        side = range(self.size)
        return tuple(self.minor(side[:k], side[:k]) for k in range(self.size + 1))

    def minor(self, rows: Any, columns: Any) -> Any:
        return determinant([[self.matrix[i][j] for j in columns] for i in rows], self.about.ring.context.constant(0))


def form_of(about: Universal) -> Form | None:
    """The quadratic form that is said to be positive or nonnegative; None for other statements.

    Its variables are as many of the last ones as it can have: they come after the premises about the others.
    """
    if about.body.head not in ("lt", "le") or not all(map(is_polynomial, about.body.args)):
        return None
    q = about.read(about.body.args[1] - about.body.args[0])
    count, exponents = len(about.names), [tuple(map(int, e)) for e in q.to_dict()]
    first = max([0, *(behind for behind, _ in about.premises if behind < count)])
    start = next((k for k in range(first, count) if all(sum(e[k:]) == 2 for e in exponents)), count)
    if start == count or not exponents:
        return None
    return Form(about, count - start, _matrix(about.ring, q, start), about.body.head == "lt")


def _matrix(ring: Ring, q: Any, start: int) -> tuple[tuple[Any, ...], ...]:
    size = len(ring.atoms) - start
    zero = ring.context.constant(0)
    rows = [[zero] * size for _ in range(size)]
    for exponents, c in q.to_dict().items():
        e = tuple(map(int, exponents))
        i, j = [k for k in range(size) for _ in range(e[start + k])]
        part = ring.context.from_dict({(*e[:start], *([0] * size)): c if i == j else c / 2})
        rows[i][j] = rows[i][j] + part
        if i != j:
            rows[j][i] = rows[j][i] + part
    return tuple(map(tuple, rows))
