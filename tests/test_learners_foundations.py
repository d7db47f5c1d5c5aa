"""What the methods rest on: half-spaces, linear systems over polynomials, smoothness, potentials."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from metaid_symbolic.language import parse_formula, parse_term
from metaid_symbolic.models.composition import gradient
from metaid_symbolic.models.expansion import quadratic_form, solve, vanishes
from metaid_symbolic.models.halfspaces import Halfspace, point_in
from metaid_symbolic.models.integrability import (
    Asymmetry,
    Conservative,
    Potential,
    Undecided,
    certainly,
    integrability,
    mean_field,
)
from metaid_symbolic.models.laws import FiniteLaw, GaussianLaw, finite_law, uniform_weights
from metaid_symbolic.models.learners import fomaml, reptile
from metaid_symbolic.models.objective import Constant, MetaObjective, UpdateField
from metaid_symbolic.models.smoothness import smooth_where
from metaid_symbolic.programs.program import program
from metaid_symbolic.symbols import exp, logistic, reals, tanh
from metaid_symbolic.terms import IllFormed, Term

F = Fraction


def rationals(bound: int = 4) -> st.SearchStrategy[Fraction]:
    return st.fractions(min_value=-bound, max_value=bound, max_denominator=3)


# half-spaces


def inside(point: tuple[Fraction, ...], h: Halfspace) -> bool:
    value = sum((a * x for a, x in zip(h.normal, point, strict=True)), F(0))
    return value < h.bound or (value == h.bound and not h.strict)


def halfspaces(n: int) -> st.SearchStrategy[Halfspace]:
    return st.builds(Halfspace, st.tuples(*[rationals()] * n), rationals(), st.booleans())


@settings(max_examples=150, deadline=None)
@given(st.lists(halfspaces(3), max_size=7))
def test_a_point_lies_in_all_halfspaces(found: list[Halfspace]) -> None:
    point = point_in(found, 3)
    assert point is None or all(inside(point, h) for h in found)


@settings(max_examples=150, deadline=None)
@given(st.lists(halfspaces(3), max_size=7), st.tuples(*[rationals()] * 3))
def test_halfspaces_around_a_point_have_one(found: list[Halfspace], point: tuple[Fraction, ...]) -> None:
    kept = [h if inside(point, h) else h.complement for h in found]
    assert all(inside(point, h) for h in kept)
    assert point_in(kept, 3) is not None


@settings(max_examples=100, deadline=None)
@given(st.lists(halfspaces(2), min_size=2, max_size=4), st.lists(st.integers(1, 3), min_size=4, max_size=4))
def test_halfspaces_that_add_up_to_a_contradiction_have_none(found: list[Halfspace], scales: list[int]) -> None:
    """A positive combination of the normals and its opposite with a bound just too small: Farkas 1902."""
    pairs = list(zip(scales, found, strict=False))
    normal = tuple(-sum((s * h.normal[i] for s, h in pairs), F(0)) for i in range(2))
    bound = -sum((s * h.bound for s, h in pairs), F(0))
    assert point_in([*found, Halfspace(normal, bound - 1, False)], 2) is None


# linear systems


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 3), st.lists(st.integers(-2, 2), min_size=16, max_size=16), st.lists(rationals(), min_size=4, max_size=4))
def test_systems_are_solved(size: int, entries: list[int], right: list[Fraction]) -> None:
    n = size + 1
    matrix = [[sp.Integer(entries[4 * min(i, j) + max(i, j)]) for j in range(n)] for i in range(n)]
    rows = tuple(tuple(parse_term(str(e)) for e in row) for row in matrix)
    found = solve(rows, [parse_term(f"({value})") for value in right[:n]])
    exact = sp.Matrix(matrix)
    assert found.singular == (exact.det() == 0)
    if not found.singular:
        wanted = exact.inv() * sp.Matrix([sp.Rational(v.numerator, v.denominator) for v in right[:n]])
        assert [str(value.args[0]) for value in found.values] == [str(w) for w in wanted]


def test_a_system_with_symbols() -> None:
    rows = ((parse_term("a"), parse_term("b")), (parse_term("b"), parse_term("c")))
    found = solve(rows, [parse_term("u"), parse_term("v")])
    point = {"a": "2", "b": "1/2", "c": "-3", "u": "5", "v": "1/3"}
    x, y = (program(value, sorted(point)).evaluate(point) for value in found.values)
    assert (2 * x + y / 2, x / 2 - 3 * y) == (5, F(1, 3))
    assert [str(minor) for minor in found.minors] == ["a", "(-1)*b^2 + a*c"] or len(found.minors) == 2


QUADRATIC = {"a/2*(x - c)^2 + b*x*y + y/b": True, "(x + 1)^3 - x^3": True, "x^3 + y": False, "exp(x)": False, "exp(a)*x": True,
             "1/x": False, "3": True, "x*y*a - x^2*y^2/(2*a)": False}  # fmt: skip


@pytest.mark.parametrize("words", QUADRATIC)
def test_quadratic_forms_are_told_and_read_back(words: str) -> None:
    term = parse_term(words)
    form = quadratic_form(term, ("x", "y"))
    assert (form is not None) is QUADRATIC[words]
    if form is not None:
        point = {"x": "3", "y": "-1/2", "a": "2/3", "b": "5", "c": "1"}
        values = []
        for t in (term, form.at(("x", "y"))):
            made = program(t - parse_term("exp(a)*x") if words == "exp(a)*x" else t)
            values.append(made.evaluate({n: point[n] for n in made.inputs}) if "exp" not in words else None)
        assert values[0] == values[1]


def test_functions_of_terms_and_constants_as_symbols() -> None:
    x, a, b = reals("x a b")
    assert logistic(x) + exp(-a) == parse_term("logistic(x) + exp(-a)") and tanh.__name__ == "tanh"
    made = MetaObjective(x, [a * x**2 + b], FiniteLaw([1]), constants=[a, Constant("b", (parse_formula("0 < b"),))])
    assert made.constants == (Constant("a"), Constant("b", (parse_formula("0 < b"),)))
    with pytest.raises(IllFormed, match="a names two"):
        MetaObjective(x, [a * x**2], FiniteLaw([1]), constants=[a, a])


# where terms are smooth

SMOOTH = {
    "log(1 + exp(x))": [], "log(x)": ["0 < x"], "log(a*x^2 + b)": [], "sqrt(x - y)": ["0 < x + (-1)*y"], "1/x": ["not x = 0"],
    "1/(1 + x^2)": [], "1/(a + b)^3": [], "relu(x)^2": ["not x = 0"], "relu(-3)": [], "tanh(x) + logistic(x)": [],
    "1/(x^2 + y^2)": ["not x^2 + y^2 = 0"], "log(exp(x)*a)": [], "1/(-a - x^2)": [], "log(x*y)": ["0 < x*y"], "1/exp(x)": [],
    "1/(2*sqrt(a))": [],
}  # fmt: skip


@pytest.mark.parametrize("words", SMOOTH)
def test_where_a_term_is_smooth(words: str) -> None:
    given_formulas = (parse_formula("0 < a"), parse_formula("1 < b"))
    assert [str(f) for f in smooth_where([parse_term(words)], given_formulas)] == SMOOTH[words]


@pytest.mark.parametrize("words", ["log(-1 - exp(0))", "sqrt(-2)", "log(0)"])
def test_a_term_that_is_nowhere_defined(words: str) -> None:
    with pytest.raises(ValueError, match="is false, and the objective is defined only where it holds"):
        smooth_where([parse_term(words)], ())


@pytest.mark.parametrize(("words", "truth"), [("x < y", True), ("y < x", False), ("exp(x) < 3", True), ("log(x - 9) < 3", False),
                                              ("x <= 1", True), ("exp(1) <= exp(x)", False)])  # fmt: skip
def test_what_certainly_holds(words: str, truth: bool) -> None:
    """exp(1) <= exp(1) is true, but no ball shows it: the answer is one-sided."""
    assert certainly(parse_formula(words), (("x", F(1)), ("y", F(3, 2)))) is truth


# potentials


def one(names: tuple[str, ...], *components: str, constants: tuple[Constant, ...] = ()) -> UpdateField:
    return UpdateField(names, (tuple(map(parse_term, components)),), uniform_weights(1), constants)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.tuples(st.integers(0, 3), st.integers(0, 3)), rationals(), min_size=1, max_size=5))
def test_a_gradient_has_its_potential(monomials: dict[tuple[int, int], Fraction]) -> None:
    words = " + ".join(f"({c})*(x + 0)^{a + 1}*y^{b + 1}" for (a, b), c in monomials.items())
    wanted = parse_term(words)
    field = UpdateField(("x", "y"), (tuple(-g for g in gradient(wanted, ("x", "y"))),), uniform_weights(1))
    found = integrability(field)
    assert isinstance(found, Potential) and vanishes(found.term - wanted)


def test_a_rotation_has_none() -> None:
    found = integrability(one(("x", "y"), "-y", "x"))
    assert isinstance(found, Asymmetry) and found.jacobian == ((0, -1), (1, 0)) and found.place == (1, 2)


def test_the_witness_is_a_point_of_the_domain() -> None:
    base = UpdateField(("x", "y"), ((parse_term("x*y"), parse_term("x")),), uniform_weights(1), (), (parse_formula("x < -1/4"),))
    found = integrability(base)
    assert isinstance(found, Asymmetry) and dict(found.point)["x"] < F(-1, 4)


def test_a_field_that_differs_where_no_point_was_tried() -> None:
    """x^2 ... vanishes at the points tried, but not everywhere: nothing is concluded."""
    zeros = "*".join(f"(x - ({v}))" for v in ("1", "1/2", "2", "1/3", "-1", "3", "1/4", "-1/2"))
    assert isinstance(integrability(one(("x", "y"), f"y*{zeros}", "0*x")), Undecided)


def test_fields_that_are_no_polynomials() -> None:
    assert isinstance(integrability(one(("x", "y"), "exp(x)*y", "exp(x) + tanh(y)")), Conservative)
    found = integrability(one(("x", "y"), "exp(x)*y", "exp(2*x)"))
    assert isinstance(found, Asymmetry) and found.place == (1, 2)
    assert isinstance(integrability(one(("x",), "exp(x)")), Conservative)
    assert isinstance(integrability(one(("x", "y"), "relu(x)", "y")), Undecided)


def test_constants_stay_in_the_potential() -> None:
    found = integrability(one(("x", "y"), "-a*x - y", "-x", constants=(Constant("a"),)))
    assert isinstance(found, Potential) and vanishes(found.term - parse_term("a*x^2/2 + x*y"))


def test_reptile_is_no_gradient_from_the_second_step_on() -> None:
    """The Jacobian of two steps is (I - alpha H(theta_1))(I - alpha H(theta_0)) - I, a product of symmetric matrices."""
    tasks = finite_law(("x", "y"), [parse_term("x^3/3 + x*y")])
    assert isinstance(integrability(reptile(tasks, rate="1/4")), Potential)
    found = integrability(reptile(tasks, rate="1/4", steps=2))
    assert isinstance(found, Asymmetry)
    (i, j), at = found.place, dict(found.point)
    assert found.jacobian[i - 1][j - 1] != found.jacobian[j - 1][i - 1]
    here, product, alpha = sp.Matrix([sp.Rational(str(at[n])) for n in ("x", "y")]), sp.eye(2), sp.Rational(1, 4)
    for _ in range(2):
        x, y = here
        product = (sp.eye(2) - alpha * sp.Matrix([[2 * x, 1], [1, 0]])) * product
        here = here - alpha * sp.Matrix([x**2 + y, x])
    assert [[str(e) for e in row] for row in found.jacobian] == [[str(e) for e in row] for row in (product - sp.eye(2)).tolist()]


def test_first_order_maml_is_no_gradient_in_general() -> None:
    found = integrability(fomaml(finite_law(("x", "y"), [parse_term("x^3/3 + x*y")]), rate="1/4"))
    assert isinstance(found, Asymmetry)


def test_the_mean_field_under_a_gaussian_law() -> None:
    law = GaussianLaw(("c",), (F(2),), ((F(1),),))
    field = fomaml(MetaObjective("x", (parse_term("(x - c)^2/2"),), law), rate="1/2")
    component: Term = mean_field(field)[0]
    assert vanishes(component - parse_term("(2 - x)/2"))
