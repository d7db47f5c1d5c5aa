"""Graphs and straight-line programs: derivatives against independent methods, and one value in all number systems."""

from __future__ import annotations

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from metaid_symbolic.language import parse_term
from metaid_symbolic.programs import NotDifferentiable, compose, gradient, hessian, tidy, within
from metaid_symbolic.terms import IllFormed, Term, number

X, Y = sp.symbols("x y", real=True)
PLACES = [{X: sp.Rational(1, 3), Y: sp.Rational(5, 7)}, {X: sp.Rational(2), Y: sp.Rational(1, 5)}]


def terms() -> st.SearchStrategy[Term]:
    """Small terms that are smooth for positive x and y."""
    atoms = st.sampled_from(["x", "y", "2", "-1/3", "1"]).map(parse_term)

    def larger(inner: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
        pairs = st.tuples(inner, inner)
        positive = inner.map(lambda t: t**2 + 1)
        return st.one_of(
            pairs.map(lambda p: p[0] + p[1]), pairs.map(lambda p: p[0] * p[1]), inner.map(lambda t: t**3),
            st.tuples(inner, positive).map(lambda p: p[0] / p[1]), inner.map(lambda t: Term("tanh", (t,))),
            inner.map(lambda t: Term("logistic", (t,))), positive.map(lambda t: Term("log", (t,))),
            positive.map(lambda t: Term("sqrt", (t,))), inner.map(lambda t: Term("exp", (Term("tanh", (t,)),))),
        )  # fmt: skip

    return st.recursive(atoms, larger, max_leaves=6)


def vanishes(expression: sp.Expr) -> bool:
    return all(abs(sp.N(expression.subs(place), 30)) < sp.Float("1e-20") for place in PLACES)


@settings(max_examples=25, deadline=None)
@given(terms())
def test_derivatives_agree_with_sympy(term: Term) -> None:
    slopes, rows = gradient(term, ("x", "y")), hessian(term, ("x", "y"))
    for i, u in enumerate((X, Y)):
        assert vanishes(slopes[i].sympy - sp.diff(term.sympy, u))
        for j, v in enumerate((X, Y)):
            assert vanishes(rows[i][j].sympy - sp.diff(term.sympy, u, v))


@settings(max_examples=25, deadline=None)
@given(terms())
def test_tidying_keeps_the_value(term: Term) -> None:
    assert vanishes(tidy(term).sympy - term.sympy)


@settings(max_examples=15, deadline=None)
@given(terms(), terms())
def test_composition_is_simultaneous(outer: Term, inner: Term) -> None:
    made = compose(outer, {"x": inner, "y": parse_term("x")})
    assert vanishes(made.sympy - outer.sympy.subs({X: inner.sympy, Y: X}, simultaneous=True))


def test_shared_terms_are_visited_once() -> None:
    x = parse_term("x")
    for _ in range(300):
        x = x * x + x
    assert len(gradient(x, ("x",))) == 1


def test_long_sums_and_products_do_not_nest() -> None:
    added = multiplied = number(1)
    for i in range(5000):
        added, multiplied = added + parse_term(f"x_{i}"), multiplied * parse_term(f"x_{i % 7}")
    assert gradient(added, ("x_4999",)) == (number(1),)
    assert str(tidy(multiplied)).startswith("x_0^715*")


@pytest.mark.parametrize("words", ["1/(2 - 2)", "1/(x - x)", "(2 - 2)^(-3)", "1/(exp(0) - 1)"])
def test_a_division_by_zero_is_refused(words: str) -> None:
    with pytest.raises(IllFormed, match="division by 0"):
        tidy(parse_term(words))


def test_a_kink_is_refused_outside_a_region() -> None:
    with pytest.raises(NotDifferentiable, match="kink where 2\\*x = 0"):
        gradient(parse_term("y*relu(2*x)"), ("x",))
    assert gradient(parse_term("y*relu(2*x)"), ("y",)) == (parse_term("relu(2*x)"),)
    inside = within(parse_term("y*relu(2*x)"), {parse_term("2*x"): True})
    assert str(gradient(inside, ("x",))[0]) == "2*y"
    with pytest.raises(IllFormed, match="no sign is given for y"):
        within(parse_term("relu(y)"), {parse_term("x"): False})
