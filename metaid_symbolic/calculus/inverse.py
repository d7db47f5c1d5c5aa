"""Adjugates and inverses of matrices over an algebra, without division: H^-1 = adj(H)/det(H)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from random import Random
from typing import Any

from ..programs.numbers import Balls, Undefined
from ..programs.program import compiled
from ..programs.reading import write, written_size
from ..terms import ONE, ZERO, IllFormed, Term, equal, negation
from .algebra import SMALL, Algebra, Graphs, Polynomials
from .polynomials import collected
from .tidying import tidied

Array = list[list[Any]]
POINTS, HEIGHT = 8, 9
"""A determinant that is no polynomial is tried at so many points with coordinates k/7, |k| at most this."""


def adjugate(algebra: Algebra, rows: Array) -> tuple[Array, Any]:
    """adj(A) and det(A), by Faddeev and LeVerrier: M_1 = I, c_k = -tr(A M_k)/k, M_(k+1) = A M_k + c_k I."""
    size = range(len(rows))
    one, nothing = algebra.read(ONE), algebra.read(ZERO)
    here = [[one if i == j else nothing for j in size] for i in size]
    for k in range(1, len(rows) + 1):
        moved = times(algebra, rows, here)
        trace = algebra.combination([(Fraction(-1, k), moved[i][i]) for i in size])
        if k == len(rows):
            sign = Fraction((-1) ** (k - 1))
            return [[algebra.combination([(sign, e)]) for e in row] for row in here], algebra.combination([(-sign, trace)])
        here = [
            [algebra.combination([(Fraction(1), e), (Fraction(i == j), trace)]) for j, e in enumerate(row)]
            for i, row in enumerate(moved)
        ]
    return here, one


def times(algebra: Algebra, left: Array, right: Array) -> Array:
    """The product of two matrices."""
    columns = list(zip(*right, strict=True))
    return [[_inner(algebra, row, column) for column in columns] for row in left]


def _inner(algebra: Algebra, row: Sequence[Any], column: Sequence[Any]) -> Any:
    return algebra.combination([(Fraction(1), algebra.times(a, b)) for a, b in zip(row, column, strict=True)])


def sandwich(algebra: Algebra, hessian: Array, covariance: Array) -> tuple[Array, Any]:
    """adj(H) C adj(H) and det(H)^2.  Raises `IllFormed` if H is singular everywhere, or not seen to be regular anywhere."""
    inverse, determinant = adjugate(algebra, hessian)
    require_regular(algebra, hessian, determinant, "the Hessian")
    return times(algebra, inverse, times(algebra, covariance, inverse)), algebra.times(determinant, determinant)


def require_regular(algebra: Algebra, rows: Array, determinant: Any, what: str) -> None:
    """Raises `IllFormed` unless the determinant is seen to differ from 0 somewhere."""
    for name, row in zip(algebra.names, rows, strict=True):
        if all(_vanishes(algebra, entry) for entry in row):
            raise IllFormed(f"{what} is singular everywhere, so it has no inverse: its row for {name} is 0")
    if _vanishes(algebra, determinant):
        raise IllFormed(f"{what} is singular everywhere, so it has no inverse: its determinant is identically 0")
    if isinstance(algebra, Polynomials):
        return
    graphs = algebra if isinstance(algebra, Graphs) else Graphs(algebra.names)
    node = determinant if isinstance(algebra, Graphs) else graphs.read(algebra.write(determinant))
    if not _somewhere_nonzero(graphs, node):
        raise IllFormed(f"{what} is not seen to be regular at any of {POINTS} points, so its inverse is not formed")


def _vanishes(algebra: Algebra, value: Any) -> bool:
    """Whether the value is seen to be identically 0; decided for polynomials."""
    if isinstance(algebra, Polynomials):
        return bool(value == 0)
    if isinstance(algebra, Graphs):
        written = write(algebra.graph, [value])[0]
        return written == ZERO or (written_size([written]) <= SMALL and collected(written, algebra.names) == ZERO)
    term = algebra.write(value)
    return ZERO in (term, collected(term, algebra.names))


def reduced_rows(algebra: Algebra, numerators: Array, denominator: Any) -> tuple[tuple[Term, ...], ...]:
    """The entries numerator/denominator; of polynomials, in lowest terms with the denominator in factors."""
    return tuple(tuple(quotient(algebra, entry, denominator) for entry in row) for row in numerators)


def quotient(algebra: Algebra, over: Any, under: Any) -> Term:
    """over/under as a term, defined where `under` is not 0."""
    if isinstance(algebra, Graphs):
        return algebra.write(algebra.times(over, algebra.graph.power(under, -1)))
    if not isinstance(algebra, Polynomials):
        return tidied(algebra.write(over) / algebra.write(under))
    common = over.gcd(under)
    constant, factors = (under // common).factor()
    listed = sorted(((algebra.write(f), int(e)) for f, e in factors), key=lambda pair: repr(pair[0]))
    top = algebra.write(over // common * (1 / constant))
    bottom = [Term("pow", (factor, -e)) for factor, e in listed]
    if not bottom or top == ZERO:
        return top
    return Term("mul", (*([] if top == ONE else [top]), *bottom)) if len(bottom) > 1 or top != ONE else bottom[0]


def nonzero(algebra: Algebra, value: Any) -> tuple[Term, ...]:
    """Formulas that say that the value is not 0: of a polynomial, that none of its factors is."""
    if not isinstance(algebra, Polynomials):
        written = algebra.write(value)
        return () if written.head == "num" else (negation(equal(written, ZERO)),)
    return tuple(negation(equal(algebra.write(factor), ZERO)) for factor, _ in value.factor()[1])


def _somewhere_nonzero(graphs: Graphs, node: int) -> bool:
    """Whether the value at some rational point is enclosed by a ball without 0."""
    names = sorted({graphs.graph.data[n][0] for n in graphs.graph.reachable([node]) if graphs.graph.heads[n] == "sym"})
    program, chance = compiled(graphs.graph, [node], names), Random(0)
    for _ in range(POINTS):
        point = {name: Fraction(chance.randint(-HEIGHT, HEIGHT), 7) for name in names}
        try:
            if not program.evaluate(point, Balls(256)).contains(0):
                return True
        except Undefined:
            continue
    return False
