"""Regression, classification and factorisation: against plain evaluation, closed forms and invariances, and refusals."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import mpmath
import pytest
import sympy
from evaluation import real, value_of
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from metaid_symbolic.models.bases import BASES
from metaid_symbolic.models.bases.classification import logistic_regression, softmax_regression
from metaid_symbolic.models.bases.factorisation import matrix_factorisation, matrix_model, scalar_factorisation, scalar_model
from metaid_symbolic.models.bases.regression import linear_model, linear_regression, ridge_regression
from metaid_symbolic.models.datasets import Dataset
from metaid_symbolic.models.expectation import mean
from metaid_symbolic.models.laws import FiniteLaw, GaussianLaw, UniformLaw, uniform_weights
from metaid_symbolic.models.objective import Constant, MetaObjective
from metaid_symbolic.programs import NotDifferentiable, gradient
from metaid_symbolic.symbols import reals
from metaid_symbolic.terms import ZERO, IllFormed, Term, less, number, symbol

HALF = Fraction(1, 2)


def small() -> st.SearchStrategy[Fraction]:
    return st.fractions(min_value=-3, max_value=3, max_denominator=3)


def rows(count: int, length: int) -> st.SearchStrategy[list[list[Fraction]]]:
    return st.lists(st.lists(small(), min_size=length, max_size=length), min_size=count, max_size=count)


def slopes(made: MetaObjective, place: dict[str, Any], task: int = 0) -> list[Any]:
    return [value_of(g, place) for g in gradient(made.tasks[task], made.parameters)]


@settings(max_examples=40, deadline=None)
@given(rows(3, 2), rows(3, 2), rows(2, 2), st.lists(small(), min_size=2, max_size=2))
def test_linear_regression_is_what_it_says(x: Any, y: Any, w: Any, b: Any) -> None:
    made = linear_regression([Dataset.of(x, y)], bias=True)
    place = {"w_0_0": w[0][0], "w_0_1": w[0][1], "w_1_0": w[1][0], "w_1_1": w[1][1], "b_0": b[0], "b_1": b[1]}
    assert made.parameters == tuple(place)
    loss = Fraction(0)
    for xi, yi in zip(x, y, strict=True):
        for row, bias, target in zip(w, b, yi, strict=True):
            loss += (row[0] * xi[0] + row[1] * xi[1] + bias - target) ** 2 / 6
    assert value_of(made.tasks[0], place) == loss


@settings(max_examples=40, deadline=None)
@given(rows(3, 1), rows(3, 1), st.fractions(min_value=Fraction(1, 4), max_value=3, max_denominator=4))
def test_ridge_regression_is_critical_at_its_closed_form(x: Any, y: Any, penalty: Fraction) -> None:
    """w = sum x y / (sum x^2 + m penalty), Hoerl, Kennard 1970; for a symbolic penalty too."""
    data = [Dataset.of(x, y)]
    w = sum(a[0] * b[0] for a, b in zip(x, y, strict=True)) / (sum(a[0] ** 2 for a in x) + 3 * penalty)
    assert slopes(ridge_regression(data, penalty), {"w_0": w}) == [0]
    symbolic = ridge_regression(data, symbol("rho"))
    assert symbolic.constants == (Constant("rho", (less(ZERO, symbol("rho")),)),)
    assert slopes(symbolic, {"w_0": w, "rho": penalty}) == [0]


def test_the_intercept_is_not_penalised() -> None:
    made = ridge_regression([Dataset.of([1, -1], [3, 3])], 5, bias=True)
    assert slopes(made, {"w_0": Fraction(0), "b": Fraction(3)}) == [0, 0]


@settings(max_examples=40, deadline=None)
@given(rows(2, 2), st.lists(small(), min_size=2, max_size=2))
def test_least_squares_solves_the_normal_equations(x: Any, y: Any) -> None:
    (a, b), (c, d) = x
    determinant = a * d - b * c
    assume(determinant)
    w = ((d * y[0] - b * y[1]) / determinant, (a * y[1] - c * y[0]) / determinant)
    assert slopes(linear_regression([Dataset.of(x, y)]), {"w_0": w[0], "w_1": w[1]}) == [0, 0]


def test_data_in_task_variables() -> None:
    """y ~ N(m, C) at x = 1 and 2: E L(w) = ((w - m_0)^2 + C_00 + (2w - m_1)^2 + C_11)/4; and x uniform on [0, 1]."""
    law = GaussianLaw(("y", "z"), (Fraction(1), Fraction(-1)), ((Fraction(2), Fraction(1)), (Fraction(1), Fraction(3))))
    made = linear_regression([Dataset.of([1, 2], [symbol("y"), symbol("z")])], law=law)
    w = Fraction(2, 3)
    assert value_of(mean(law, made.tasks), {"w_0": w}) == ((w - 1) ** 2 + 2 + (2 * w + 1) ** 2 + 3) / 4
    box = UniformLaw(("x",), ((Fraction(0), Fraction(1)),))
    moved = linear_regression([Dataset.of([symbol("x")], [1])], law=box)
    assert value_of(mean(box, moved.tasks), {"w_0": w}) == (w**2 / 3 - w + 1) / 2


@settings(max_examples=25, deadline=None)
@given(rows(3, 2), st.lists(st.sampled_from([0, 1]), min_size=3, max_size=3), st.lists(small(), min_size=3, max_size=3))
def test_logistic_regression_is_a_likelihood(x: Any, y: list[int], w: list[Fraction]) -> None:
    made = logistic_regression([Dataset.of(x, y)], bias=True)
    with mpmath.workdps(40):
        wanted = mpmath.mpf(0)
        for xi, yi in zip(x, y, strict=True):
            chance = 1 / (1 + mpmath.exp(-real(xi[0] * w[0] + xi[1] * w[1] + w[2])))
            wanted -= mpmath.log(chance if yi else 1 - chance) / 3
        place = dict(zip(("w_0", "w_1", "b"), w, strict=True))
        assert abs(value_of(made.tasks[0], place) - wanted) < 1e-30


@settings(max_examples=25, deadline=None)
@given(rows(2, 2), st.lists(small(), min_size=4, max_size=4), small())
def test_softmax_of_two_classes_is_logistic(x: Any, w: list[Fraction], shift: Fraction) -> None:
    """With w = w_1 - w_0; and a common shift of the rows changes nothing."""
    soft = softmax_regression([Dataset.of(x, [[1, 0], [0, 1]])])
    single = logistic_regression([Dataset.of(x, [0, 1])])
    names = ("w_0_0", "w_0_1", "w_1_0", "w_1_1")
    with mpmath.workdps(40):
        value = value_of(soft.tasks[0], dict(zip(names, w, strict=True)))
        moved = value_of(soft.tasks[0], dict(zip(names, (v + shift for v in w), strict=True)))
        one = value_of(single.tasks[0], {"w_0": w[2] - w[0], "w_1": w[3] - w[1]})
        assert max(abs(value - one), abs(value - moved)) < 1e-30


def test_uniform_classes_at_weight_0() -> None:
    """At W = 0 every class has probability 1/k: the loss is log k."""
    soft = softmax_regression([Dataset.of([1, 2], [[1, 0, 0], ["1/2", "1/4", "1/4"]])])
    with mpmath.workdps(40):
        assert abs(value_of(soft.tasks[0], dict.fromkeys(soft.parameters, Fraction(0))) - mpmath.log(3)) < 1e-30


def test_scalar_factorisation() -> None:
    made = scalar_factorisation([6, "1/2"], 3, FiniteLaw((Fraction(1, 4), Fraction(3, 4))))
    place = {"w_0": Fraction(1), "w_1": Fraction(2), "w_2": Fraction(3)}
    assert [value_of(t, place) for t in made.tasks] == [0, Fraction(121, 8)]
    scaled = {"w_0": Fraction(5), "w_1": Fraction(2, 5), "w_2": Fraction(3)}
    assert value_of(made.tasks[1], scaled) == Fraction(121, 8)
    variable = scalar_factorisation([symbol("y")], 2, GaussianLaw(("y",), (Fraction(0),), ((Fraction(1),),)))
    assert value_of(mean(variable.law, variable.tasks), {"w_0": HALF, "w_1": HALF}) == (Fraction(1, 16) + 1) / 2


@settings(max_examples=40, deadline=None)
@given(rows(2, 2), rows(3, 2), rows(2, 2), rows(2, 3))
def test_matrix_factorisation_is_invariant_under_the_linear_group(u: Any, v: Any, a: Any, m: Any) -> None:
    """(U, V) -> (U A, V A^-T); and |U V^T - M|^2/2 by its entries, the unobserved one left out."""
    determinant = a[0][0] * a[1][1] - a[0][1] * a[1][0]
    assume(determinant)
    inverse_transposed = [[a[1][1], -a[1][0]], [-a[0][1], a[0][0]]]
    moved_u = [[sum(row[k] * a[k][j] for k in range(2)) for j in range(2)] for row in u]
    moved_v = [[sum(row[k] * inverse_transposed[k][j] for k in range(2)) / determinant for j in range(2)] for row in v]
    observed = [[m[0][0], None, m[0][2]], m[1]]
    made = matrix_factorisation([observed], 2)
    places = [(i, j) for i in range(2) for j in range(3) if (i, j) != (0, 1)]
    wanted = sum((sum(p * q for p, q in zip(u[i], v[j], strict=True)) - m[i][j]) ** 2 / 2 for i, j in places)
    for left, right in ((u, v), (moved_u, moved_v)):
        place = dict(zip(made.parameters, [x for row in (*left, *right) for x in row], strict=True))
        assert value_of(made.tasks[0], place) == wanted


@pytest.mark.parametrize("name", BASES)
def test_bases_by_name(name: str) -> None:
    made = MetaObjective.of(BASES[name](2, 3))
    assert len(made.tasks) == 3 and made.law == uniform_weights(3) and len(set(made.tasks)) == 3
    if name == "network-relu":
        with pytest.raises(NotDifferentiable, match="kink"):
            gradient(made.tasks[0], made.parameters)
    else:
        assert len(gradient(made.tasks[0], made.parameters)) == made.dimension


def test_a_model_is_the_same_for_one_output_and_for_more() -> None:
    assert linear_model(2).parameters == ("w_0", "w_1")
    assert linear_model(1, 2, True).parameters == ("w_0_0", "w_1_0", "b_0", "b_1")
    assert scalar_model(2).inputs == () and len(matrix_model(2, 3, 1).outputs) == 6


ONE = Dataset.of([1], [1])
REFUSED: dict[str, tuple[Callable[[], object], str]] = {
    "no data": (lambda: linear_regression([]), "there are no data"),
    "no data to classify": (lambda: logistic_regression([]), "there are no data"),
    "tasks of other shapes": (lambda: linear_regression([ONE, Dataset.of([[1, 2]], [1])]), "2 inputs .* a model of 1 inputs"),
    "tasks of other targets": (lambda: linear_regression([ONE, Dataset.of([1], [[1, 2]])]), "1 targets disagrees .* 2 targets"),
    "weights of another number": (lambda: linear_regression([ONE], law=uniform_weights(2)), "1 losses disagree with 2 weights"),
    "a penalty 0": (lambda: ridge_regression([ONE], 0), "the penalty 0 is not positive"),
    "a negative penalty": (lambda: ridge_regression([ONE], "-1/2"), "the penalty -1/2 is not positive"),
    "a float penalty": (lambda: ridge_regression([ONE], 0.1), r"the penalty is 0\.1 \(float\)"),
    "a penalty with the name of a weight": (lambda: ridge_regression([ONE], symbol("w_0")), "w_0 names two of the parameters"),
    "a class 2": (lambda: logistic_regression([Dataset.of([1], [2])]), "the target 2 .* is neither 0 nor 1"),
    "two targets": (lambda: logistic_regression([Dataset.of([1], [[0, 1]])]), "2 targets"),
    "no probabilities": (
        lambda: softmax_regression([Dataset.of([1], [["1/2", "1/4"]])]),
        "are no probabilities",
    ),
    "a negative probability": (lambda: softmax_regression([Dataset.of([1], [[2, -1]])]), "are no probabilities"),
    "one class": (lambda: softmax_regression([ONE]), "two classes or more, not 1"),
    "one factor": (lambda: scalar_factorisation([1], 1), "a product of 1 factors"),
    "no targets": (lambda: scalar_factorisation([]), "there are no targets"),
    "a float target": (lambda: scalar_factorisation([0.25]), r"a target is 0\.25 \(float\)"),
    "rank 0": (lambda: matrix_factorisation([[[1]]], 0), "rank 0 and shape 1 x 1"),
    "an empty matrix": (lambda: matrix_factorisation([[[]]], 1), "or an empty one"),
    "ragged matrices": (
        lambda: matrix_factorisation([[[1, 2], [3]]], 1),
        r"rows of \[2, 1\] entries disagrees",
    ),
    "matrices of two shapes": (lambda: matrix_factorisation([[[1]], [[1], [2]]], 1), "disagrees with the shape 1 x 1"),
    "a float entry": (lambda: matrix_factorisation([[[1.0]]], 1), r"an entry is 1\.0 \(float\)"),
    "an entry that is no variable": (lambda: matrix_factorisation([[[symbol("q")]]], 1), "mentions q, which is no parameter"),
    "size 0": (lambda: BASES["linear-regression"](0, 1), "needs a parameter"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    made, message = REFUSED[name]
    with pytest.raises(IllFormed, match=message):
        made()


def test_terms_and_numbers_are_data() -> None:
    data = Dataset.of([number(2), "1/3"], [Term("exp", (symbol("a"),)), 0])
    half = Dataset.of([sympy.Rational(1, 2)], [reals("y", 2)])
    assert half.inputs == ((number(HALF),),) and half.targets == ((symbol("y_0"), symbol("y_1")),)
    assert data.inputs == ((number(2),), (number(Fraction(1, 3)),)) and len(data) == 2
