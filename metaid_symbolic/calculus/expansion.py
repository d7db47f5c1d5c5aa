"""Taylor expansions in a constant, such as the learning rate, with exact coefficients."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, final

from ..models.series import expand
from ..terms import IllFormed, Term, symbol, total
from .algebra import Algebra, Polynomials
from .claims import Assertion
from .expression import Expression, Rows
from .tidying import readable


@final
@dataclass(frozen=True)
class Expansion:
    """sum_k coefficients[k] constant^k, k = 0, ..., order; the rest is O(constant^(order + 1)) as the constant tends to 0."""

    constant: str
    order: int
    coefficients: tuple[Expression, ...]
    asserted: Callable[[tuple[Expression, ...]], Assertion]

    @cached_property
    def assertion(self) -> Assertion:
        """That these are the coefficients, for the kernel to check.  Raises `IllFormed` where it has no word for it."""
        return self.asserted(self.coefficients)

    @property
    def verdict(self) -> Any:
        return self.assertion.checked.verdict

    def __getitem__(self, power: int) -> Expression:
        return self.coefficients[power]

    @property
    def polynomial(self) -> Expression:
        """The sum, without the rest."""
        first = self.coefficients[0]
        powers = [Term("pow", (symbol(self.constant), k)) if k > 1 else symbol(self.constant) for k in range(self.order + 1)]

        def entry(i: int, j: int) -> Term:
            parts = [c.rows[i][j] if not k else c.rows[i][j] * powers[k] for k, c in enumerate(self.coefficients)]
            return readable(total(parts), (self.constant,))

        rows = tuple(tuple(entry(i, j) for j in range(len(row))) for i, row in enumerate(first.rows))
        return Expression(first.name.partition("]")[2].strip(), first.shape, rows)

    def latex(self, label: str | None = None) -> str:
        """The coefficients, one equation each; the first bears the label."""
        return "\n".join(c.latex(label if not k else None) for k, c in enumerate(self.coefficients))

    def __str__(self) -> str:
        return "\n".join(f"{self.constant}^{k}: {c}" for k, c in enumerate(self.coefficients))

    def _repr_latex_(self) -> str:
        return "\n\n".join(c._repr_latex_() for c in self.coefficients)


def coefficients(whole: Expression, algebra: Algebra, rows: list[list[Any]], constant: str, order: int) -> tuple[Expression, ...]:
    """Those of the part with these values of the algebra.  Raises `IllFormed` where there is no expansion at 0."""
    from ..reports.notation import latex

    if type(order) is not int or order < 0:
        raise IllFormed(f"{order!r} is no order of an expansion")
    if isinstance(algebra, Polynomials):
        found = [_coefficients(algebra, rows, constant, k) for k in range(order + 1)]
    else:
        found = _series(whole.rows, constant, order, algebra.names)
    name = latex(symbol(constant))
    named = [rf"[{name}^{{{k}}}] {whole.name}" for k in range(order + 1)]
    return tuple(Expression(n, whole.shape, r) for n, r in zip(named, found, strict=True))


def _coefficients(algebra: Polynomials, rows: list[list[Any]], constant: str, power: int) -> Rows:
    """The coefficients of constant^power."""
    place = algebra.ring.names.get(constant)

    def part(p: Any) -> Any:
        if place is None:
            return p if not power else algebra.ring.constant(Fraction(0))
        kept = {e: c for e, c in p.to_dict().items() if e[place] == power}
        return algebra.ring.context.from_dict({(*e[:place], 0, *e[place + 1 :]): c for e, c in kept.items()})

    return tuple(tuple(algebra.write(part(p)) for p in row) for row in rows)


def _series(rows: Rows, constant: str, order: int, names: tuple[str, ...]) -> list[Rows]:
    flat = [entry for row in rows for entry in row]
    series = expand(flat, (constant,), order)
    width = len(rows[0])
    found = []
    for k in range(order + 1):
        column = [readable(s[(k,)], names) if (k,) in s else total(()) for s in series]
        found.append(tuple(tuple(column[i : i + width]) for i in range(0, len(column), width)))
    return found
