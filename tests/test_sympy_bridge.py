"""The bridge to SymPy: what it takes, what it refuses, and that values survive the way there and back."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from metaid_symbolic.language import parse_formula, parse_term
from metaid_symbolic.printing import text
from metaid_symbolic.problems import MetaProblem
from metaid_symbolic.symbols import reals
from metaid_symbolic.sympy_bridge import from_sympy, rows_from_sympy, to_sympy
from metaid_symbolic.terms import IllFormed, Term, as_term

x, y = sp.symbols("x y")
r = sp.Symbol("r", real=True)

ACCEPTED = {
    "a rational": (sp.Rational(-3, 4), "-3/4"),
    "a sum and a product": (2 * x + r, "r + 2*x"),
    "a quotient": (x / y, "x*y^(-1)"),
    "a negative power": (x**-3, "x^(-3)"),
    "a square root": (sp.sqrt(x), "sqrt(x)"),
    "the root of a number": (sp.sqrt(8), "2*sqrt(2)"),
    "one over a root": (1 / sp.sqrt(x), "sqrt(x)^(-1)"),
    "an odd power of a root": (x ** sp.Rational(5, 2), "sqrt(x)^5"),
    "exp, log, tanh": (sp.exp(sp.log(x) * sp.tanh(y)), "exp(log(x)*tanh(y))"),
    "Euler's number": (sp.E, "exp(1)"),
    "E to an unevaluated power": (sp.Pow(sp.E, x, evaluate=False), "exp(x)"),
    "relu": (sp.Max(0, x - 1), "relu(-1 + x)"),
    "an unevaluated sum": (sp.Add(1, 1, evaluate=False), "1 + 1"),
    "a column": (sp.Matrix([x, 1]), "[x, 1]"),
    "one symbol twice": (x + x**2 + sp.Symbol("x"), "x^2 + 2*x"),
}

REFUSED = {
    "a float": (sp.Float("0.5"), "float"),
    "a float inside": (x + 0.5, "float"),
    "zoo": (sp.zoo, "no real number"),
    "nan": (sp.nan, "no real number"),
    "infinity": (-sp.oo, "no real number"),
    "infinity inside": (sp.Mul(0, sp.oo, evaluate=False), "no real number"),
    "true": (sp.true, "truth value"),
    "an inequality": (x < y, "truth value"),
    "the imaginary unit": (sp.I * x, "ImaginaryUnit"),
    "pi": (sp.pi, "Pi"),
    "a positive symbol": (sp.Symbol("p", positive=True), "positive"),
    "an integer symbol": (sp.Symbol("k", integer=True) + x, "integer"),
    "a symbol that may be infinite": (sp.Symbol("e", extended_real=True), "assumed"),
    "a symbol that does not commute": (sp.Symbol("c", commutative=False), "not commutative"),
    "one name, two symbols": (x + sp.Symbol("x", real=True), "two different symbols"),
    "one name, two symbols, in a matrix": (sp.Matrix([x, sp.Symbol("x", real=True)]), "two different symbols"),
    "a dummy": (sp.Dummy("x"), "Dummy"),
    "a name that is not ASCII": (sp.Symbol("\N{GREEK SMALL LETTER PHI}"), "does not take"),
    "a power with a symbolic exponent": (x**y, "exponent"),
    "a cube root": (sp.cbrt(x), "exponent"),
    "an absolute value": (sp.Abs(x), "Abs"),
    "another maximum": (sp.Max(1, x), "Max(0, u)"),
    "a maximum of three": (sp.Max(0, x, y), "Max(0, u)"),
    "a division by zero": (sp.Pow(0, -1, evaluate=False), "divides by 0"),
    "an integral": (sp.Integral(x, x), "Integral"),
    "a derivative": (sp.Derivative(sp.Function("f")(x), x), "Derivative"),
    "a case distinction": (sp.Piecewise((x, x > 0), (0, True)), "Piecewise"),
    "a sine": (sp.sin(x), "sin"),
    "a matrix": (sp.eye(2), "rows_from_sympy"),
    "a symbolic matrix": (sp.MatrixSymbol("A", 2, 2), "MatrixSymbol"),
    "a set": (sp.FiniteSet(1), "FiniteSet"),
    "an unevaluated expression": (sp.UnevaluatedExpr(x), "UnevaluatedExpr"),
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_takes(name: str) -> None:
    expression, words = ACCEPTED[name]
    assert from_sympy(expression) == parse_term(words) or text(from_sympy(expression)) == words


@pytest.mark.parametrize("name", REFUSED)
def test_refuses(name: str) -> None:
    expression, reason = REFUSED[name]
    with pytest.raises(IllFormed, match=reason.replace("(", r"\(").replace(")", r"\)")):
        from_sympy(expression)


@pytest.mark.parametrize("value", [0.5, True, "x", None, [x]])
def test_what_is_not_sympy_is_refused(value: object) -> None:
    with pytest.raises(IllFormed):
        from_sympy(value)


def test_matrices_become_rows() -> None:
    assert rows_from_sympy(sp.Matrix([[x, 1], [0, y]])) == ((parse_term("x"), as_term(1)), (as_term(0), parse_term("y")))
    with pytest.raises(IllFormed, match="float"):
        rows_from_sympy(sp.Matrix([[0.5]]))


def test_grids_and_sympy_arrays_of_symbols_name_alike() -> None:
    grid = reals("w", (2, 2))
    symbols = sp.Matrix(2, 2, sp.symbols("w_0:2_0:2", real=True))
    assert to_sympy(grid) == symbols
    assert tuple(entry for row in rows_from_sympy(symbols) for entry in row) == tuple(grid)


def test_a_problem_takes_sympy() -> None:
    problem = MetaProblem(sp.Matrix([x, y]), losses=[x**2 / 2, (y - 1) ** 2], weights=["1/3", "2/3"])
    assert problem.parameters == ("x", "y")
    assert problem.weights == (Fraction(1, 3), Fraction(2, 3))


WRITTEN = {
    "x^2/2 - 3": r**0 * sp.Symbol("x", real=True) ** 2 / 2 - 3,
    "logistic(r)": 1 / (1 + sp.exp(-r)),
    "relu(r)": sp.Max(0, r),
    "sqrt(r)^(-1)": 1 / sp.sqrt(r),
    "sum(i, k, i^2)": sp.Sum(sp.Symbol("i", real=True) ** 2, (sp.Symbol("i", real=True), 1, sp.Symbol("k", real=True))),
    "dot([r, 1], [r, 2])": r**2 + 2,
    "[r, 1]": sp.ImmutableMatrix([r, 1]),
}

NOT_WRITTEN = ("0^(-1)", "(x - x)^(-1)", "log(0)", "log(-2)", "sqrt(-1)", "sqrt(-x^2)", "E(t, t)", "grad F(x)", "dot(x, y)")


@pytest.mark.parametrize("words", WRITTEN)
def test_writes(words: str) -> None:
    assert to_sympy(parse_term(words)) == WRITTEN[words]


@pytest.mark.parametrize("words", NOT_WRITTEN)
def test_refuses_to_write(words: str) -> None:
    with pytest.raises(IllFormed):
        to_sympy(parse_term(words))


@pytest.mark.parametrize("words", ["x = 1", "forall t in tasks: t = t", "posdef(eye)"])
def test_refuses_to_write_formulas(words: str) -> None:
    with pytest.raises(IllFormed, match="no counterpart"):
        to_sympy(parse_formula(words))


def terms() -> st.SearchStrategy[Term]:
    leaves = st.one_of(
        st.fractions(min_value=-3, max_value=3, max_denominator=4).map(as_term),
        st.sampled_from(["x", "y"]).map(lambda n: Term("sym", (n,))),
    )
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.tuples(inner, inner).map(lambda p: p[0] + p[1]),
            st.tuples(inner, inner).map(lambda p: p[0] * p[1]),
            st.tuples(inner, st.integers(1, 3)).map(lambda p: p[0] ** p[1]),
            inner.map(lambda t: 1 / (t**2 + 1)),
        ),
        max_leaves=8,
    )


def value(term: Term, at: dict[str, Fraction]) -> Fraction:
    match term.head:
        case "num":
            return Fraction(term.args[0])
        case "sym":
            return at[term.args[0]]
        case "add":
            return sum((value(a, at) for a in term.args), Fraction(0))
        case "mul":
            result = Fraction(1)
            for a in term.args:
                result *= value(a, at)
            return result
    return value(term.args[0], at) ** term.args[1]


@given(
    terms(),
    st.fractions(max_denominator=5, min_value=-4, max_value=4),
    st.fractions(max_denominator=5, min_value=-4, max_value=4),
)
def test_there_and_back_keeps_the_value(term: Term, a: Fraction, b: Fraction) -> None:
    at = {"x": a, "y": b}
    assert value(from_sympy(to_sympy(term)), at) == value(term, at)
