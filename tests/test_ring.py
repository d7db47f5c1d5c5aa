"""FLINT polynomials of terms: reading, and derivatives that need no more memory than their terms."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metaid_symbolic.calculus.algebra import Graphs, Polynomials, Terms, algebra_of
from metaid_symbolic.calculus.derive import derive
from metaid_symbolic.calculus.polynomials import Ring, evaluated, hessian
from metaid_symbolic.kernel.polynomial import TooLarge
from metaid_symbolic.language import parse_term
from metaid_symbolic.models.laws import finite_law
from metaid_symbolic.programs.reading import different_subterms, survey
from metaid_symbolic.terms import IllFormed, Term, number, symbol

NAMES = ("x", "y", "z")
WORDS = st.lists(
    st.tuples(st.integers(-3, 3), *(st.integers(0, 3) for _ in NAMES)).map(
        lambda m: f"({m[0]})*(x + 1)^{m[1] + 1}*(y - z)^{m[2] + 1}*z^{m[3] + 1}"
    ),
    min_size=1,
    max_size=3,
)


def ring() -> Ring:
    return Ring([symbol(n) for n in NAMES])


@given(WORDS)
def test_second_derivatives_are_derivatives_of_derivatives(words: list[str]) -> None:
    r = ring()
    p = r.read(parse_term(" + ".join(words)))
    rows = r.second_derivatives(r.gradient(p, NAMES), NAMES)
    for i in range(3):
        assert r.gradient(p, NAMES)[i] == p.derivative(i)
        assert [rows[i][j] for j in range(3)] == [p.derivative(i).derivative(j) for j in range(3)]
        assert all(rows[i][j] is rows[j][i] for j in range(3))


def test_a_name_that_does_not_occur_has_the_derivative_0() -> None:
    r = ring()
    p = r.read(parse_term("x^2*y"))
    rows = r.second_derivatives(r.gradient(p, ("x", "t")), ("x", "t"))
    assert [[str(e) for e in row] for row in rows] == [["2*v1", "0"], ["0", "0"]]


@pytest.mark.parametrize(
    ("words", "value"),
    [("2^3*1/4", "2"), ("(1 + 2)*x*0", "0"), ("1/2 + x - 1/2", "x"), ("(x + y)^2 - x^2", "2*x*y + y^2"), ("3", "3")],
)
def test_numbers_among_polynomials(words: str, value: str) -> None:
    r, term = ring(), parse_term(words)
    assert r.element(evaluated(r, different_subterms([term]))[id(term)]) == r.read(term) == r.read(parse_term(value))


def test_a_loss_that_is_a_number_has_derivatives_0() -> None:
    made = derive(finite_law(["x", "y"], [number(Fraction(1, 3))]))
    assert made.objective.polynomials is not None and str(made.objective.term) == "1/3"
    assert [[str(e) for e in row] for row in made.hessian.polynomials or ()] == [["0", "0"], ["0", "0"]]


@pytest.mark.parametrize("words", ["exp(x)", "1/x", "x*relu(y)"])
def test_what_is_no_polynomial_is_not_read(words: str) -> None:
    with pytest.raises(IllFormed):
        evaluated(ring(), different_subterms([parse_term(words)]))
    with pytest.raises(IllFormed):
        hessian(parse_term(words), NAMES)


@pytest.mark.parametrize("words", ["(1 + x + y + z)^200", "(1 + x + y)^300*(1 + y + z)^300"])
def test_what_is_too_large_is_not_multiplied_out(words: str) -> None:
    with pytest.raises(TooLarge):
        evaluated(ring(), different_subterms([parse_term(words)]))
    assert type(algebra_of(NAMES, [parse_term(words)])) is Terms


def test_a_power_of_many_terms_and_few_monomials_is_multiplied_out() -> None:
    term = parse_term("(1 + x + x^2 + x^3 + x^4 + x^5 + x^6 + x^7)^60")
    assert type(algebra_of(["x"], [term])) is Polynomials


def repeated(times: int) -> Term:
    term = parse_term("x + 1/(1 + y^2)")
    for _ in range(times):
        term = term * term
    return term


def test_what_shared_subterms_hide_is_counted_as_written_out() -> None:
    assert survey([repeated(3)]).size == 8 * survey([repeated(0)]).size + 7
    assert survey([repeated(3)]).symbols == {"x", "y"} and not survey([repeated(3)]).polynomial
    assert type(algebra_of(["x", "y"], [repeated(40)])) is Graphs
