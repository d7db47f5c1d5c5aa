"""Graphs and straight-line programs: derivatives against independent methods, and one value in all number systems."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy as sp
from flint import arb, ctx, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

import metaid_symbolic
from metaid_symbolic.language import parse_formula, parse_term
from metaid_symbolic.programs import (
    NotDifferentiable,
    Program,
    compose,
    directional,
    gradient,
    gradient_program,
    hessian,
    program,
    tidy,
    within,
)
from metaid_symbolic.programs.numbers import Balls, Digits, Floats, Modulo, Numbers, Rationals, Undefined
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


def same(left: sp.Expr, right: sp.Expr) -> bool:
    """Equality at some points to 20 digits; each side is evaluated by itself, as SymPy takes long to evaluate a zero."""
    values = [(sp.N(left.subs(place), 30), sp.N(right.subs(place), 30)) for place in PLACES]
    return all(abs(a - b) <= (1 + abs(a)) * sp.Float("1e-20") for a, b in values)


@settings(max_examples=25, deadline=None)
@given(terms())
def test_derivatives_agree_with_sympy(term: Term) -> None:
    slopes, rows = gradient(term, ("x", "y")), hessian(term, ("x", "y"))
    for i, u in enumerate((X, Y)):
        assert same(slopes[i].sympy, sp.diff(term.sympy, u))
        for j, v in enumerate((X, Y)):
            assert same(rows[i][j].sympy, sp.diff(term.sympy, u, v))


@settings(max_examples=25, deadline=None)
@given(terms())
def test_tidying_keeps_the_value(term: Term) -> None:
    assert same(tidy(term).sympy, term.sympy)


@settings(max_examples=15, deadline=None)
@given(terms(), terms())
def test_composition_is_simultaneous(outer: Term, inner: Term) -> None:
    made = compose(outer, {"x": inner, "y": parse_term("x")})
    assert same(made.sympy, outer.sympy.subs({X: inner.sympy, Y: X}, simultaneous=True))


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


# one program, five number systems


PRIMES = (2, 3, 1_000_003, 2**31 - 1)


def rational_terms() -> st.SearchStrategy[Term]:
    """Terms with divisions, which may fail, and without functions."""
    atoms = st.sampled_from(["x", "y", "2", "-1/3", "5/7", "1"]).map(parse_term)

    def larger(inner: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
        pairs = st.tuples(inner, inner)
        powers = st.tuples(inner, st.sampled_from([-3, -2, -1, 2, 5])).map(lambda p: Term("pow", p))
        return st.one_of(pairs.map(lambda p: p[0] + p[1]), pairs.map(lambda p: p[0] * p[1]), powers)

    return st.recursive(atoms, larger, max_leaves=10)


def fractions() -> st.SearchStrategy[Fraction]:
    return st.fractions(min_value=-20, max_value=20, max_denominator=12)


def value_in(made: Program, point: dict[str, Fraction], numbers: Numbers) -> Any:
    try:
        return made.evaluate(point, numbers)
    except Undefined:
        return None


def naive(term: Term, point: dict[str, Fraction]) -> Fraction | None:
    """The value of a rational term by its definition; None where a denominator is 0."""
    args = [naive(a, point) if isinstance(a, Term) else a for a in term.args]
    if None in args:
        return None
    match term.head:
        case "num":
            return Fraction(args[0])
        case "sym":
            return point[args[0]]
        case "add":
            return sum(args, Fraction(0))
        case "mul":
            return prod(args, start=Fraction(1))
    return None if args[0] == 0 and args[1] < 0 else args[0] ** args[1]


@settings(max_examples=200, deadline=None)
@given(rational_terms(), fractions(), fractions())
def test_all_number_systems_agree(term: Term, a: Fraction, b: Fraction) -> None:
    """Also where a denominator is 0 although it cancels: no number system then gives a value."""
    point = {"x": a, "y": b}
    try:
        made = program(term, ("x", "y"))
    except IllFormed:
        assert naive(term, point) is None
        return
    exact = value_in(made, point, Rationals())
    assert exact == naive(term, point)
    for prime in PRIMES:
        residue = value_in(made, point, Modulo(prime))
        if residue is not None:
            assert exact is not None and exact.denominator % prime
            assert residue == exact.numerator * pow(exact.denominator, -1, prime) % prime
    ball = value_in(made, point, Balls(200))
    digits = value_in(made, point, Digits(60))
    assert (digits is None) == (exact is None)
    if exact is not None:
        with ctx.workprec(1000):
            assert ball is None or ball.overlaps(arb(fmpq(exact.numerator, exact.denominator)))
        real = digits.context.mpf
        assert abs(digits - real(exact.numerator) / exact.denominator) <= (1 + abs(digits)) * real(10) ** -40
    else:
        assert ball is None


@settings(max_examples=60, deadline=None)
@given(terms(), fractions(), fractions())
def test_functions_agree_in_balls_digits_and_doubles(term: Term, a: Fraction, b: Fraction) -> None:
    point = {"x": a / 10, "y": b / 10}
    made = program(term, ("x", "y"))
    for one in (made, made.derivative()):
        balls, digits, doubles = (np.ravel(one.evaluate(point, n)) for n in (Balls(300), Digits(40), Floats()))
        for ball, digit, double in zip(balls, digits, doubles, strict=True):
            middle = digit.context.mpf(str(ball.mid().str(45, radius=False)))
            assert abs(middle - digit) <= (1 + abs(digit)) * digit.context.mpf(10) ** -30
            assert abs(digit - double) <= 1e-8 * (1 + abs(digit))


@settings(max_examples=60, deadline=None)
@given(rational_terms(), fractions(), fractions())
def test_tangents_agree_with_the_backward_pass_and_with_sympy(term: Term, a: Fraction, b: Fraction) -> None:
    point = {"x": a, "y": b}
    try:
        forward, backward = program(term, ("x", "y")).derivative(), gradient_program(term, ("x", "y"))
        found = forward.evaluate(point)
    except (IllFormed, ZeroDivisionError):
        return
    assert list(found) == list(backward.evaluate(point))
    here = {X: sp.Rational(a), Y: sp.Rational(b)}
    rows = backward.derivative().evaluate(point)
    for i, u in enumerate((X, Y)):
        assert sp.diff(term.sympy, u).subs(here) == found[i]
        for j, v in enumerate((X, Y)):
            assert sp.diff(term.sympy, u, v).subs(here) == rows[i, j]


@settings(max_examples=40, deadline=None)
@given(rational_terms(), st.lists(st.integers(-(10**12), 10**12), min_size=1, max_size=5))
def test_many_points_modulo_a_prime_at_once(term: Term, values: list[int]) -> None:
    field = Modulo(2**31 - 1)
    try:
        made = program(term, ("x", "y")).derivative()
        one_by_one = [made.evaluate({"x": v, "y": 3}, field) for v in values]
        together = made.evaluate({"x": np.array(values), "y": 3}, field)
    except IllFormed:
        return
    assert (np.broadcast_to(together.T, (len(values), 2)) == np.array(one_by_one)).all()


def test_the_largest_residues_do_not_overflow() -> None:
    prime = 2**31 - 1
    made = program(parse_term("(x*x + x*x + x*x)^7*x - 2147483646*x*x + x^(-5)"), ("x",)).derivative()
    for numbers in (prime - 1, np.full(3, prime - 1), np.full(3, prime - 1, dtype="uint32"), np.full(3, -1)):
        exact = made.evaluate({"x": prime - 1})[0]
        wanted = exact.numerator * pow(exact.denominator, -1, prime) % prime
        assert (made.evaluate({"x": numbers}, Modulo(prime)) == wanted).all()


NO_VALUE: dict[str, tuple[str, dict[str, Any], Numbers, str]] = {
    "a denominator modulo p": ("1/(x - 7)", {"x": 10}, Modulo(3), "denominator is 0 modulo 3"),
    "one that cancels": ("(x - 10)/(x - 10)", {"x": 10}, Rationals(), "denominator is 0"),
    "one that is subtracted": ("1/x - 1/x + 1", {"x": 0}, Modulo(5), "denominator is 0"),
    "one that is multiplied by 0": ("0/x", {"x": 0}, Rationals(), "denominator is 0"),
    "one among many points": ("1/x", {"x": np.array([1, 2, 5, 3])}, Modulo(5), "denominator is 0"),
    "a coefficient modulo p": ("x/6", {"x": 1}, Modulo(3), "denominator of 1/6 is 0"),
    "a coordinate modulo p": ("x", {"x": Fraction(1, 3)}, Modulo(3), "denominator of 1/3 is 0"),
    "exp modulo p": ("exp(x)", {"x": 0}, Modulo(3), "no value modulo"),
    "exp over Q": ("exp(x)", {"x": 1}, Rationals(), "exp\\(1\\) is no rational"),
    "sqrt over Q": ("sqrt(x)", {"x": 2}, Rationals(), "no rational"),
    "log of a negative number, balls": ("log(x)", {"x": -1}, Balls(), "not seen to be positive"),
    "log of a negative number, digits": ("log(x)", {"x": -1}, Digits(), "no real number"),
    "log of a negative number, doubles": ("log(x)", {"x": -1}, Floats(), "no finite double"),
    "log of 0, doubles": ("log(x)", {"x": 0}, Floats(), "no finite double"),
    "log that cancels": ("log(x) - log(x)", {"x": -1}, Floats(), "no finite double"),
    "log times 0": ("0*log(x)", {"x": -1}, Balls(), "not seen to be positive"),
    "sqrt of a negative number, digits": ("sqrt(x)", {"x": -1}, Digits(), "no real number"),
    "a quotient by an uncertain 0": ("1/(exp(x) - exp(x + 0*y))", {"x": 1, "y": 1}, Balls(), "division by 0"),
    "a quotient by a ball around 0": ("1/(exp(x)*exp(-x) - 1)", {"x": 1}, Balls(), "not seen to differ from 0"),
    "overflow": ("exp(exp(x))", {"x": 10}, Floats(), "no finite double"),
    "a huge rational coordinate": ("x", {"x": 10**400}, Floats(), "no finite double"),
    "not a number": ("x", {"x": float("nan")}, Floats(), "not finite"),
    "a power tower": ("((x^1000)^1000)^1000", {"x": 3}, Rationals(), "bits"),
}  # fmt: skip


@pytest.mark.parametrize("name", NO_VALUE)
def test_what_has_no_value_raises(name: str) -> None:
    words, point, numbers, reason = NO_VALUE[name]
    with pytest.raises(IllFormed, match=reason):
        program(parse_term(words), tuple(point)).evaluate(point, numbers)


UNCERTAIN = program(parse_term("relu(exp(x)*exp(-x) - 1)"))
REFUSED_INPUT: dict[str, tuple[Callable[[], Any], str]] = {
    "a float where exact": (lambda: program(parse_term("x")).evaluate({"x": 0.5}), "not an exact"),
    "a boolean": (lambda: program(parse_term("x")).evaluate({"x": True}), "not an exact"),
    "floats modulo p": (lambda: program(parse_term("x")).evaluate({"x": np.array([0.5])}, Modulo(7)), "no residues"),
    "too few coordinates": (lambda: program(parse_term("x + y")).evaluate([1]), "disagrees with the inputs"),
    "another name": (lambda: program(parse_term("x")).evaluate({"y": 1}), "disagrees with the inputs"),
    "no prime": (lambda: Modulo(2**31 - 3), "no prime"),
    "a large prime": (lambda: Modulo(2**61 - 1), "no prime below"),
    "no input": (lambda: program(parse_term("x + y"), ["x"]), "y is no input"),
    "twice differentiated": (lambda: program(parse_term("x")).derivative().derivative(), "derivative already"),
    "a kink": (lambda: program(parse_term("relu(x)")).derivative().evaluate([0]), "kink"),
    "an uncertain kink": (lambda: UNCERTAIN.derivative().evaluate([1], Balls()), "kink"),
    "arrays that do not fit": (lambda: program(parse_term("x + y")).evaluate([np.ones(2), np.ones(3)], Floats()), "fit together"),
    "a formula": (lambda: program(parse_formula("x = y")), "no elementary function"),
    "a direction that moves": (lambda: directional(parse_term("x*y"), {"x": parse_term("x")}), "depends on x"),
}


@pytest.mark.parametrize("name", REFUSED_INPUT)
def test_refuses(name: str) -> None:
    work, reason = REFUSED_INPUT[name]
    with pytest.raises(IllFormed, match=reason):
        work()


def test_relu_by_its_sign() -> None:
    made = program(parse_term("y*relu(x)^2"), ("x", "y")).derivative()
    assert list(made.evaluate([-1, 5])) == [0, 0] and list(made.evaluate([2, 5])) == [20, 4]
    assert list(made.evaluate([2.0, 5.0], Floats())) == [20, 4] and list(made.evaluate([-2.0, 5.0], Floats())) == [0, 0]
    ball = program(parse_term("relu(x)")).evaluate([arb(0, 1)], Balls())
    assert ball.contains(0) and ball.contains(1) and not ball.contains(2)


@pytest.mark.parametrize("order", [0, 1, 2, 3, 4])
def test_directional_derivatives(order: int) -> None:
    s = sp.Symbol("s", real=True)
    term = parse_term("x^3*exp(y) + x*y^2/(1 + x^2)")
    found = directional(term, {"x": number(2), "y": parse_term("z")}, order).sympy
    z = sp.Symbol("z", real=True)
    wanted = sp.diff(term.sympy.subs({X: X + 2 * s, Y: Y + z * s}, simultaneous=True), s, order).subs(s, 0)
    assert same(found.subs(z, 3), wanted.subs(z, 3))


def test_importing_programs_loads_no_engine() -> None:
    code = "import sys, metaid_symbolic.programs; print([m for m in ('sympy', 'flint', 'numpy', 'mpmath') if m in sys.modules])"
    place = {**os.environ, "PYTHONPATH": str(Path(metaid_symbolic.__file__).parent.parent)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=place)
    assert done.stdout.strip() == "[]"
