"""Moments of task laws, means of terms over them, minibatches and splits: published values, enumeration, and refusals."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import combinations, product

import pytest
import sympy as sp
from evaluation import value_of
from hypothesis import given, settings
from hypothesis import strategies as st

from metaid_symbolic.calculus.derive import derive
from metaid_symbolic.language import parse_term
from metaid_symbolic.models.expectation import mean
from metaid_symbolic.models.laws import (
    FiniteLaw,
    GaussianLaw,
    MixtureLaw,
    ProductLaw,
    UniformLaw,
    discrete_law,
    gaussian_law,
    point_law,
    uniform_weights,
)
from metaid_symbolic.models.minibatches import Minibatches, Splits
from metaid_symbolic.models.semidefinite import elimination, negative_direction, quadratic_form
from metaid_symbolic.problems import MetaProblem, Noise
from metaid_symbolic.symbols import reals
from metaid_symbolic.terms import IllFormed, Term, number, symbol

HALF = Fraction(1, 2)
NAMES = ("x", "y", "z")


def small() -> st.SearchStrategy[Fraction]:
    return st.fractions(min_value=-3, max_value=3, max_denominator=4)


def matrices(rows: int, columns: int) -> st.SearchStrategy[list[list[Fraction]]]:
    return st.lists(st.lists(small(), min_size=columns, max_size=columns), min_size=rows, max_size=rows)


def gram(factor: list[list[Fraction]]) -> tuple[tuple[Fraction, ...], ...]:
    """A A^T, of rank at most the number of columns."""
    return tuple(tuple(sum((a * b for a, b in zip(r, s, strict=True)), Fraction(0)) for s in factor) for r in factor)


def pairings(places: list[int]) -> Iterator[list[tuple[int, int]]]:
    if not places:
        yield []
    for k in range(1, len(places)):
        for rest in pairings(places[1:k] + places[k + 1 :]):
            yield [(places[0], places[k]), *rest]


def by_pairings(covariance: tuple[tuple[Fraction, ...], ...], places: list[int]) -> Fraction:
    """Isserlis 1918: the sum over all pairings of the products of covariances."""
    result = Fraction(0)
    for pairing in pairings(places) if len(places) % 2 == 0 else ():
        term = Fraction(1)
        for i, j in pairing:
            term *= covariance[i][j]
        result += term
    return result


@settings(max_examples=60, deadline=None)
@given(matrices(3, 2), st.lists(st.integers(0, 2), max_size=6))
def test_centred_gaussian_moments_are_sums_over_pairings(factor: list[list[Fraction]], places: list[int]) -> None:
    law = GaussianLaw(NAMES, (0, 0, 0), gram(factor))
    exponents = {name: places.count(i) for i, name in enumerate(NAMES)}
    assert law.moment(exponents) == by_pairings(gram(factor), places)


@settings(max_examples=40, deadline=None)
@given(matrices(2, 2), st.lists(small(), min_size=2, max_size=2), st.tuples(st.integers(0, 3), st.integers(0, 3)))
def test_gaussian_moments_about_another_mean(
    factor: list[list[Fraction]], centre: list[Fraction], power: tuple[int, int]
) -> None:
    """E (m + u)^a (n + v)^b by the binomial theorem from the centred moments."""
    covariance, (a, b) = gram(factor), power
    law = GaussianLaw(("x", "y"), tuple(centre), covariance)
    wanted = Fraction(0)
    for i, j in product(range(a + 1), range(b + 1)):
        known = sp.binomial(a, i) * sp.binomial(b, j)
        wanted += int(known) * centre[0] ** (a - i) * centre[1] ** (b - j) * by_pairings(covariance, [0] * i + [1] * j)
    assert law.moment({"x": a, "y": b}) == wanted


CORRELATED = GaussianLaw(NAMES, ("0", "0", "0"), (("2", "1", "1/2"), ("1", "3", "-1"), ("1/2", "-1", "1")))
PUBLISHED = {
    "E x^4 = 3 s^4": ({"x": 4}, 3 * 2**2),
    "E x^6 = 15 s^6": ({"x": 6}, 15 * 2**3),
    "E x^2 y^2 = s11 s22 + 2 s12^2": ({"x": 2, "y": 2}, 2 * 3 + 2 * 1),
    "E x^3 y = 3 s11 s12": ({"x": 3, "y": 1}, 3 * 2 * 1),
    "E x^2 y z = s11 s23 + 2 s12 s13": ({"x": 2, "y": 1, "z": 1}, 2 * -1 + 2 * 1 * HALF),
    "E x^4 y^2 = 3 s11^2 s22 + 12 s11 s12^2": ({"x": 4, "y": 2}, 3 * 4 * 3 + 12 * 2),
    "E x^2 y^2 z^2 = s11 s22 s33 + 2 s11 s23^2 + 2 s22 s13^2 + 2 s33 s12^2 + 8 s12 s13 s23": (
        {"x": 2, "y": 2, "z": 2},
        6 + 2 * 2 * 1 + 2 * 3 * HALF**2 + 2 * 1 + 8 * HALF * -1,
    ),
    "odd": ({"x": 2, "y": 3}, 0),
    "none": ({}, 1),
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_gaussian_moments(name: str) -> None:
    exponents, wanted = PUBLISHED[name]
    assert CORRELATED.moment(exponents) == wanted


@settings(max_examples=60, deadline=None)
@given(matrices(4, 4))
def test_negative_directions(entries: list[list[Fraction]]) -> None:
    matrix = tuple(tuple(entries[min(i, j)][max(i, j)] for j in range(4)) for i in range(4))
    direction = negative_direction(matrix)
    leading = [sp.Matrix([[matrix[i][j] for j in p] for i in p]).det() for k in range(1, 5) for p in combinations(range(4), k)]
    assert (direction is None) == all(minor >= 0 for minor in leading)
    assert direction is None or quadratic_form(matrix, direction) < 0


def test_a_long_elimination_stays_iterative() -> None:
    side = range(300)
    matrix = tuple(tuple(Fraction(1 if i == j and i < 299 else -1 if i == j else 0) for j in side) for i in side)
    direction = negative_direction(matrix)
    assert direction is not None and quadratic_form(matrix, direction) == -1


UNIFORM = {
    "E x^k on [0, 1] = 1/(k + 1)": ((0, 1), 7, Fraction(1, 8)),
    "odd on [-1, 1]": ((-1, 1), 5, 0),
    "E x^2 on [-a, a] = a^2/3": ((-3, 3), 2, 3),
    "E 1/x^2 on [a, b] = 1/(a b)": ((1, 3), -2, Fraction(1, 3)),
    "E 1/x^3 on [-2, -1]": ((-2, -1), -3, Fraction(-3, 8)),
}


@pytest.mark.parametrize("name", UNIFORM)
def test_uniform_moments(name: str) -> None:
    side, power, wanted = UNIFORM[name]
    assert UniformLaw(("x",), (side,)).moment({"x": power}) == wanted


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(small(), st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=4))
def test_means_over_a_box_are_integrals(monomials: list[tuple[Fraction, int, int]]) -> None:
    x, y = sp.symbols("x y")
    law = UniformLaw(("x", "y"), ((Fraction(-1), Fraction(2)), (HALF, Fraction(1))))
    term = parse_term(" + ".join(f"({c})*(1 + x)^{a + 1}*(y - 2)^{b + 1}*phi" for c, a, b in monomials))
    integrand = sum(sp.Rational(c.numerator, c.denominator) * (1 + x) ** (a + 1) * (y - 2) ** (b + 1) for c, a, b in monomials)
    wanted = sp.integrate(sp.expand(integrand), (x, -1, 2), (y, sp.Rational(1, 2), 1)) / (3 * sp.Rational(1, 2))
    assert value_of(mean(law, [term]), {"phi": Fraction(1)}) == Fraction(int(wanted.p), int(wanted.q))


def test_mixture_moments() -> None:
    """The mean and variance of a mixture (law of total variance), and its fourth moment."""
    parts = (gaussian_law("x", [1], [4]), gaussian_law("x", [-2], [9]))
    law = MixtureLaw((Fraction(1, 4), Fraction(3, 4)), parts)
    m = Fraction(1, 4) - Fraction(3, 2)
    assert law.moment({"x": 1}) == m
    assert law.moment({"x": 2}) - m**2 == 4 * Fraction(1, 4) + 9 * Fraction(3, 4) + Fraction(3, 16) * 3**2
    fourth = [centre**4 + 6 * centre**2 * s + 3 * s**2 for centre, s in ((1, 4), (-2, 9))]
    assert law.moment({"x": 4}) == Fraction(1, 4) * fourth[0] + Fraction(3, 4) * fourth[1]


def test_a_mixture_of_a_box_and_a_point() -> None:
    law = MixtureLaw((HALF, HALF), (UniformLaw(("x", "y"), ((0, 1), (0, 2))), point_law(("y", "x"), (5, 7))))
    assert law.moment({"x": 1, "y": 1}) == HALF * (HALF * 1) + HALF * 35
    assert law.variables == ("x", "y")


def test_products_are_independent() -> None:
    law = ProductLaw((CORRELATED, UniformLaw(("u",), ((0, 1),)), discrete_law("v", [[1], [3]], ["1/3", "2/3"])))
    assert law.variables == ("x", "y", "z", "u", "v")
    assert law.moment({"x": 2, "y": 2, "u": 3, "v": 2}) == 8 * Fraction(1, 4) * (Fraction(1, 3) + 6)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(small(), small()), min_size=1, max_size=4), st.integers(0, 3), st.integers(0, 3))
def test_a_discrete_law_sums_over_its_points(points: list[tuple[Fraction, Fraction]], a: int, b: int) -> None:
    share = Fraction(1, len(points))
    law = discrete_law(("x", "y"), points, [share] * len(points))
    assert law.moment({"x": a, "y": b}) == sum(share * x**a * y**b for x, y in points)
    term = parse_term(f"(x + phi*y)^{a + 1}")
    assert value_of(mean(law, [term]), {"phi": HALF}) == sum(share * (x + HALF * y) ** (a + 1) for x, y in points)


@settings(max_examples=40, deadline=None)
@given(matrices(3, 2))
def test_elimination_gives_the_covariance_back(factor: list[list[Fraction]]) -> None:
    matrix = gram(factor)
    lower, diagonal = elimination(matrix)
    assert all(lower[i][i] == 1 and not any(lower[i][i + 1 :]) and diagonal[i] >= 0 for i in range(3))
    assert matrix == tuple(
        tuple(sum((lower[i][k] * diagonal[k] * lower[j][k] for k in range(3)), Fraction(0)) for j in range(3)) for i in range(3)
    )


def test_finite_means() -> None:
    tasks = [symbol("phi") ** 2, symbol("phi") - 1]
    assert value_of(mean(FiniteLaw(("1/3", "2/3")), tasks), {"phi": Fraction(3)}) == 3 + Fraction(4, 3)
    assert uniform_weights(3).weights == (Fraction(1, 3),) * 3


def test_means_agree_with_the_derivation_of_independent_noise() -> None:
    loss = parse_term("(phi*a - b)^4 + a^3*b*exp(phi)")
    noise = (Noise("a", HALF, Fraction(2)), Noise("b", Fraction(-1), Fraction(3)))
    problem = MetaProblem(("phi",), (parse_term("(phi*a - b)^4 + a^3*b*phi"),), (Fraction(1),), noise=noise)
    law = gaussian_law(("a", "b"), [HALF, -1], [2, 3])
    for at in (Fraction(0), Fraction(2), Fraction(-3, 7)):
        assert value_of(mean(law, problem.losses), {"phi": at}) == value_of(derive(problem).objective.term, {"phi": at})
    assert "exp(phi)" in repr(mean(law, [loss]))


def one(name: str, *args: object) -> Callable[[], object]:
    kinds = {c.__name__: c for c in (FiniteLaw, GaussianLaw, UniformLaw, MixtureLaw, ProductLaw, Minibatches, Splits)}
    return lambda: kinds[name](*args)


UNIT = UniformLaw(("x",), ((0, 1),))
NORMAL = gaussian_law("x", [0], [1])
X = symbol("x")
REFUSED: dict[str, tuple[Callable[[], object], str]] = {
    "a negative weight": (one("FiniteLaw", ("3/2", "-1/2")), "not all positive"),
    "a weight 0": (one("FiniteLaw", (0, 1)), "not all positive"),
    "no weights": (one("FiniteLaw", ()), "are none"),
    "a float for a weight": (one("FiniteLaw", (0.5, 0.5)), r"0\.5 \(float\), not an exact rational"),
    "an irrational weight": (one("FiniteLaw", (Term("sqrt", (number(2),)), 1)), "a weight is .*not an exact rational"),
    "weights of sum 3/4": (one("FiniteLaw", ("1/2", "1/4")), "sum 3/4, not 1"),
    "a finite law has no variables": (lambda: uniform_weights(2).moment({"x": 1}), "x is none of the task variables"),
    "no tasks": (lambda: uniform_weights(0), "at least 1"),
    "a covariance that is not symmetric": (
        one("GaussianLaw", ("x", "y"), (0, 0), ((1, "1/2"), (0, 1))),
        "not symmetric: 0 for y, x and 1/2 the other way",
    ),
    "a covariance that is not semidefinite": (
        one("GaussianLaw", ("x", "y"), (0, 0), ((1, 2), (2, 1))),
        "not positive semidefinite: .* would have the variance -3",
    ),
    "a variance 0 with a covariance": (one("GaussianLaw", ("x", "y"), (0, 0), ((0, 1), (1, 5))), "would have the variance -1"),
    "a negative variance": (lambda: gaussian_law("x", [0], [-1]), "variance -1"),
    "a covariance of another shape": (
        one("GaussianLaw", ("x", "y"), (0, 0), ((1,), (1,))),
        r"2 variables disagree with .* \[1, 1\]",
    ),
    "a mean of another length": (one("GaussianLaw", ("x", "y"), (0,), ((1, 0), (0, 1))), "a mean of 1 entries"),
    "a float in a covariance": (one("GaussianLaw", ("x",), (0,), ((0.1,),)), r"a covariance is 0\.1 \(float\)"),
    "a name twice": (one("GaussianLaw", ("x", "x"), (0, 0), ((1, 0), (0, 1))), "repeat a name"),
    "a name with a blank": (one("UniformLaw", ("x y",), ((0, 1),)), "'x y' is no name"),
    "an empty box": (one("UniformLaw", ("x", "y"), ((0, 1), (2, 1))), "empty or flat: y between 2 and 1"),
    "a flat box": (one("UniformLaw", ("x",), ((1, 1),)), "empty or flat: x between 1 and 1"),
    "a box of another dimension": (one("UniformLaw", ("x", "y"), ((0, 1),)), "2 variables disagree with a box of 1 sides"),
    "a number for the weights": (one("FiniteLaw", 1), "weights is 1, no list"),
    "a text for the weights": (one("FiniteLaw", "1"), "weights is '1', no list"),
    "a number for the mean": (one("GaussianLaw", ("x",), 0, ((1,),)), "the mean is 0, no list"),
    "a number for the covariance": (one("GaussianLaw", ("x",), (0,), 1), "the covariance is 1, no list"),
    "a number for the box": (one("UniformLaw", ("x",), 1), "the box is 1, no list"),
    "a law for the laws": (one("ProductLaw", NORMAL), "the factors is .*, no list"),
    "a box of numbers": (one("UniformLaw", ("x",), (0, 1)), "a side of the box is 0, no list"),
    "a side of three numbers": (one("UniformLaw", ("x",), ((0, 1, 2),)), "each a lower and an upper bound"),
    "a covariance in one row": (one("GaussianLaw", ("x", "y"), (0, 0), (1, 1)), "a row of the covariance is 1, no list"),
    "an infinite moment": (lambda: UNIT.moment({"x": -2}), r"the mean of x\^\(-2\) is infinite: 0 lies between 0 and 1"),
    "an irrational moment": (lambda: UniformLaw(("x",), ((1, 2),)).moment({"x": -1}), r"log\(2\)/1, not rational"),
    "an infinite Gaussian moment": (lambda: NORMAL.moment({"x": -1}), "infinite or unknown"),
    "a moment of another variable": (lambda: NORMAL.moment({"y": 1}), "y is none of the task variables"),
    "a moment of half an order": (lambda: NORMAL.moment({"x": HALF}), "an integer"),
    "a moment of a huge order": (lambda: NORMAL.moment({"x": 10**6}), "at most"),
    "a moment of many variables": (
        lambda: gaussian_law(reals("x", 20), [0] * 20, [1] * 20).moment({f"x_{i}": 2 for i in range(20)}),
        "needs more than",
    ),
    "a mixture of other variables": (
        one("MixtureLaw", ("1/2", "1/2"), (NORMAL, gaussian_law("y", [0], [1]))),
        r"\['x'\] and of \['y'\]",
    ),
    "a mixture with a law missing": (one("MixtureLaw", ("1/2", "1/2"), (NORMAL,)), "2 weights disagree with 1 laws"),
    "a mixture of lists": (one("MixtureLaw", (1,), (uniform_weights(2),)), "lists tasks and has no variables"),
    "a mixture of numbers": (one("MixtureLaw", (1,), (3,)), "int, no law"),
    "a product of nothing": (one("ProductLaw", ()), "no laws"),
    "a product that shares a variable": (one("ProductLaw", (NORMAL, UNIT)), "repeat a name"),
    "an integrand that is no polynomial": (lambda: mean(NORMAL, [Term("exp", (X,))]), r"polynomials .* only: exp\(x\)"),
    "a quotient": (lambda: mean(NORMAL, [1 / (X + 1)]), "for polynomials"),
    "the mean of 1/x": (lambda: mean(NORMAL, [1 / X]), "infinite or unknown"),
    "one task of two": (lambda: mean(uniform_weights(2), [X]), "1 tasks disagree with a law of 2"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    made, message = REFUSED[name]
    with pytest.raises(IllFormed, match=message):
        made()
