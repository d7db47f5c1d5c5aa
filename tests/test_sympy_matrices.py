"""SymPy's matrix expressions as claims of all sizes: what is read, what is proved of it, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
import sympy
from sympy import Eq, Identity, Inverse, MatrixSymbol, Q, Symbol, Trace, Transpose, ZeroMatrix

from metaid_symbolic.kernel import check
from metaid_symbolic.language import parse_formula
from metaid_symbolic.search.matrices import matrix_certificates
from metaid_symbolic.sympy_matrices import matrix_claim, matrix_to_sympy
from metaid_symbolic.terms import IllFormed
from metaid_symbolic.theory import Theory, TheoryProblem

n, m = sympy.symbols("n m", integer=True, positive=True)
k = Symbol("k", integer=True, nonnegative=True)
a, c = sympy.symbols("a c", real=True)
A, B, S = (MatrixSymbol(name, n, n) for name in "ABS")
X, x, y = MatrixSymbol("X", n, m), MatrixSymbol("x", n, 1), MatrixSymbol("y", n, 1)

SETTLED: dict[str, tuple[Any, list[Any], list[Any], bool]] = {
    "transpose": ((Transpose(A * X), Transpose(X) * Transpose(A)), [], [], True),
    "transpose, not reversed": (Eq(Transpose(A * B), A.T * B.T), [], [], False),
    "square": (Eq((A + B) ** 2, A**2 + 2 * A * B + B**2), [], [], False),
    "square of commuting matrices": (Eq((A + B) ** 2, A**2 + 2 * A * B + B**2), [], [Eq(A * B, B * A)], True),
    "inverse": ((sympy.MatMul(Inverse(S), S, A), A), [Q.invertible(S)], [], True),
    "orthogonal": ((sympy.MatMul(Inverse(S), S), Identity(n)), [Q.orthogonal(S)], [], True),
    "symmetric": (Eq(Transpose(A * B * A), A * B * A), [Q.symmetric(A), Q.symmetric(B)], [], True),
    "powers": (Eq(A**k * B, B * A**k), [], [Eq(A * B, B * A)], True),
    "one power more": ((A ** (k + 1), sympy.MatMul(A**k, A)), [], [], True),
    "trace": (Eq(Trace(A * X * X.T), Trace(X.T * A * X)), [], [], True),
    "scalar": ((a / c * A * B, A * (a * B) / c), [Q.nonzero(c)], [], True),
    "zero": ((A - A, ZeroMatrix(n, n)), [], [], True),
    "projection": (Eq((Identity(n) - A) ** 2, Identity(n) - A), [], [Eq(A * A, A)], True),
}


@pytest.mark.parametrize("name", SETTLED)
def test_equations_are_read_and_settled(name: str) -> None:
    equation, assumptions, given, truth = SETTLED[name]
    claim = matrix_claim([equation], assumptions, given)
    (found,) = matrix_certificates(claim)
    assert check(claim, found).truth is truth


REFUSED: dict[str, tuple[Any, list[Any], str, str]] = {
    "sides of two shapes": ((A * X, A), [], "n x m", "n x n"),
    "no equation": (A * B, [], "A*B", "no equation"),
    "inverse without its condition": (Eq(Inverse(S) * A, A), [], "S**(-1)", "Q.invertible(S)"),
    "inverse of a sum": (Eq(Inverse(A + B), A), [Q.invertible(A)], "(A + B)**(-1)", "no symbol"),
    "a divisor that may be 0": (Eq(A / c, A), [], "c", "Q.nonzero(c)"),
    "an exponent that may be negative": (Eq(A ** Symbol("j", integer=True), A), [], "j", "nonnegative integers"),
    "an exponent less one": (Eq(A ** (k - 1), A), [], "k - 1", "natural number"),
    "half an exponent": (Eq(A ** sympy.Rational(1, 2), A), [], "1/2", "nonnegative integers"),
    "a property of a rectangle": (Eq(X, X + X), [Q.symmetric(X)], "Q.symmetric(X)", "n x m"),
    "a property that is not known": (Eq(A, B), [Q.diagonal(A)], "Q.diagonal(A)", "Q.symmetric"),
    "a size that is a sum": (Eq(MatrixSymbol("M", n + 1, n), 2 * MatrixSymbol("M", n + 1, n)), [], "n + 1", "M"),
    "one name for two shapes": (Eq(A * B, A * MatrixSymbol("B", n, n) + MatrixSymbol("a", n, n) * a), [], "two different", "a"),
    "another product": (Eq(sympy.HadamardProduct(A, B), A), [], "HadamardProduct", "matrix term"),
    "a float": (Eq(A * 0.5, B), [], "0.5", "Float"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_has_no_counterpart_is_refused(name: str) -> None:
    equation, assumptions, *words = REFUSED[name]
    with pytest.raises(IllFormed) as caught:
        matrix_claim([equation], assumptions)
    assert all(word in str(caught.value) for word in words), caught.value


@pytest.mark.parametrize("source", ["tr(A*X) = tr(X)*tr(A)", "trace(A*B)*A = A^2", "power(A, k + 1) = A", "(A + Id)*X = X"])
def test_terms_go_to_sympy_and_come_back(source: str) -> None:
    claim = Theory("t").matrix("c", shapes={"A": ("n", "n"), "B": ("n", "n"), "X": ("n", "m")}, equations=[source]).assertion
    left, right = (matrix_to_sympy(claim, side) for side in parse_formula(source).args)  # type: ignore[arg-type]
    again = matrix_claim([(left, right)])
    assert [len(list(matrix_certificates(one))) for one in (claim, again)] == [1, 1]  # type: ignore[arg-type]
    assert matrix_to_sympy(again, again.formulas[0].args[0]) == left


SQUARE = {"A": ("n", "n")}
MISTAKES: dict[str, tuple[dict[str, Any], str, str]] = {
    "shapes that do not fit": ({"shapes": {**SQUARE, "W": ("n", "m")}, "equations": ["A*W = W*A"]}, "n x m", "n x n"),
    "a transpose of a scalar product": (
        {"shapes": {"x": ("n", "1"), "y": ("n", "1")}, "equations": ["x*tr(y) = tr(x)*y"]}, "n x n", "1 x 1"
    ),
    "an inverse without a condition": ({"shapes": SQUARE, "equations": ["A^(-1)*A = Id"]}, "A^(-1)", "nonzero"),
    "a scalar that may be 0": ({"shapes": SQUARE, "scalars": ["c"], "equations": ["A/c = A"]}, "c^(-1)", "nonzero"),
    "an exponent that may be negative": ({"shapes": SQUARE, "equations": ["power(A, k - 1) = A"]}, "power(A, k", "negative"),
    "a scalar as exponent": ({"shapes": SQUARE, "scalars": ["c"], "equations": ["power(A, c) = A"]}, "power(A, c)", "exponent"),
    "a trace of a rectangle": ({"shapes": {"W": ("n", "m")}, "equations": ["trace(W) = 0"]}, "('n', 'm')", "trace(W)"),
    "a trace of I": ({"shapes": SQUARE, "equations": ["trace(Id)*A = A"]}, "of I", "trace(Id)"),
    "an order of rectangles": ({"shapes": {"W": ("n", "m")}, "equations": ["0 <= W"]}, "n x m", "not square"),
    "a size that may be 0": ({"shapes": {"A": ("0", "n")}, "equations": ["A = A"]}, "'0'", "names"),
    "a number beside a matrix": ({"shapes": SQUARE, "equations": ["A + 1 = A"]}, "n x n", "1 x 1"),
    "a symmetric rectangle": ({"shapes": {"W": ("n", "m")}, "symmetric": ["W"], "equations": ["W = W"]}, "n x m", "m x n"),
    "inverses of different sizes": (
        {"shapes": {**SQUARE, "B": ("m", "m")}, "inverses": [("A", "B")], "equations": ["A = A"]}, "n x n", "m x m"
    ),
    "a denial": ({"shapes": SQUARE, "equations": ["A != A"]}, "not A = A", "equations and inequalities"),
    "a name without a shape": ({"shapes": SQUARE, "equations": ["A*B = A"]}, "B", "declared"),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_mistakes_are_refused_where_they_are_written(name: str) -> None:
    given, *words = MISTAKES[name]
    with pytest.raises(TheoryProblem) as caught:
        Theory("t").matrix("c", **given)
    assert all(word in str(caught.value) for word in words), caught.value
