"""Claims about matrices of all sizes, with the properties of their letters written out as hypotheses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import final

from .claims import MatrixIdentities
from .kernel.matrix import ID, Algebra, gap, parts
from .terms import IllFormed, Term, conjunction, equal, free_symbols, subterms, symbol


@final
@dataclass(frozen=True)
class Properties:
    """`inverses` are pairs A, B with AB = BA = I; `orthogonal` matrices have Q tr(Q) = tr(Q) Q = I, `symmetric` ones
    S = tr(S); the scalars listed in `nonzero` are not 0."""

    inverses: tuple[tuple[str, str], ...] = ()
    symmetric: tuple[str, ...] = ()
    orthogonal: tuple[str, ...] = ()
    nonzero: tuple[str, ...] = ()

    def hypotheses(self) -> list[Term]:
        turned = {a: (symbol(a), Term("tr", (symbol(a),))) for a in (*self.orthogonal, *self.symmetric)}
        pairs = [*((symbol(a), symbol(b)) for a, b in self.inverses), *(turned[q] for q in self.orthogonal)]
        units = [equal(x * y, ID) for a, b in pairs for x, y in ((a, b), (b, a))]
        symmetric = [equal(*turned[s]) for s in self.symmetric]
        return [*dict.fromkeys(units), *symmetric, *(equal(symbol(c) * symbol(c) ** -1, 1) for c in self.nonzero)]


def matrix_identities(
    shapes: Mapping[str, tuple[str, str]], formulas: Iterable[Term], scalars: Iterable[str], properties: Properties
) -> MatrixIdentities:
    """The claim that the formulas hold for all matrices of these shapes and scalars with the properties.

    Raises `IllFormed` for a name without a shape, an inverse that no property grants, and what the kernel gives no meaning
    (`Rejected`): shapes that disagree, exponents that may be negative.
    """
    listed, numbers = tuple(formulas), tuple(scalars)
    declared = [*((a, rows, columns) for a, (rows, columns) in shapes.items()), *((c, "1", "1") for c in numbers)]
    known = {name for name, _, _ in declared} | {"Id"}
    for loose in sorted({s for f in listed for s in free_symbols(f)} - known - _exponents(listed)):
        raise IllFormed(f"{loose} is neither declared as a matrix nor as a scalar")
    for part in (p for f in listed for p in subterms(f)):
        if part.head == "pow" and part.args[1] < 0 and part.args[0] not in map(symbol, properties.nonzero):
            raise IllFormed(f"{part} is the inverse of {part.args[0]}, which is not listed as a nonzero scalar")
    for c in (c for c in properties.nonzero if c not in numbers):
        raise IllFormed(f"{c} is listed as nonzero, and the scalars are {', '.join(numbers) or 'none'}")
    given = properties.hypotheses()
    claim = MatrixIdentities(tuple(declared), tuple(_under(given, f) for f in listed))
    check_shapes(claim)
    return claim


def _exponents(formulas: Iterable[Term]) -> set[str]:
    """The names that occur in exponents."""
    powers = [p for f in formulas for p in subterms(f) if p.head == "app" and p.args[0] == "power" and len(p.args) == 3]
    return {k for p in powers for k in free_symbols(p.args[2])}


def _under(given: list[Term], formula: Term) -> Term:
    """The formula under more hypotheses."""
    *hypotheses, _ = parts(formula)
    whole = [*given, *(h for some in hypotheses for h in some)]
    conclusion = formula.args[1] if formula.head == "implies" else formula
    return Term("implies", (conjunction(whole), conclusion)) if whole else conclusion


def check_shapes(claim: MatrixIdentities) -> None:
    """Raises `Rejected`, or `IllFormed`, naming what disagrees in a formula that does not speak of matrices of these shapes."""
    for part in (part for formula in claim.formulas for side in parts(formula) for part in side):
        rows, columns = Algebra(claim).normal(gap(part))[0]
        if part.head != "eq" and rows != columns:
            raise IllFormed(f"{part} compares matrices of shape {rows} x {columns}, which are not square")
