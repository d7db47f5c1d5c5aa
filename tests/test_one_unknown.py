"""Formulas in one real unknown, and formulas about one problem by way of others."""

import sys

import pytest

from metaid_symbolic import MetaProblem, Theory, reals
from metaid_symbolic.certificates import Derivation
from metaid_symbolic.kernel import check
from metaid_symbolic.search import Settings
from metaid_symbolic.search.guided import at_problem
from metaid_symbolic.search.one_unknown import one_unknown

x = reals("x")


@pytest.fixture(autouse=True)
def no_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "z3", None)


@pytest.mark.parametrize(
    ("source", "truth"),
    [
        ("exists x: x^3 = 2", True),
        ("exists x: 1 < x & x < 3/2 & x^4 - 3*x + 1 = 0", True),
        ("exists x: x^2 > 2 & x^2 < 9/4 & x < 0", True),
        ("exists x: x^4 = 4 & (x < 0 => x^2 = 3) & x^3 != 1", True),
        ("forall x: x^5 != 3", False),
        ("forall x: x^3 <= 5 | x^2 > 3", False),
        ("not (forall x: x^3 != 2)", True),
    ],
)
def test_numbers_that_a_formula_says_to_exist(source: str, truth: bool):
    claim = Theory("t").statement("s", source)
    (found,) = one_unknown(claim, Settings())
    for arithmetic in ("python", "flint"):
        assert check(claim.assertion, found.certificate, {}, arithmetic).truth == truth


@pytest.mark.parametrize(
    "source",
    [
        "exists x: x^2 = 2 & x^4 = 5",  # false
        "forall x: x^2 + 1 > 0",  # true, but not by a number
        "exists x, y: x*y = 1",  # two unknowns
        "exists x: forall y: x <= y^2",  # a quantifier inside
        "exists x: exp(x) = 2",  # no polynomial
    ],
)
def test_where_no_number_settles_a_formula_nothing_is_found(source: str):
    assert list(one_unknown(Theory("t").statement("s", source), Settings())) == []


def test_a_point_of_a_problem_at_a_root():
    claim = Theory("t").at("p", MetaProblem((x,), [x**4 - 4 * x], [1]), "exists a in Rn: F(a) = -2 & coord(a, 1) > 1")
    (found,) = one_unknown(claim, Settings())
    assert check(claim.assertion, found.certificate, {}).truth


QUARTIC = MetaProblem((x,), [(x**2 - 2) ** 2], [1])
LEAST = "(forall y in Rn: F(x) <= F(y))"
STEPS = [
    f"forall x in Rn: {LEAST} <=> coord(x, 1)^2 = 2",
    *(f"exists x in Rn: {low} < coord(x, 1) & coord(x, 1) < {low + 1} & coord(x, 1)^2 = 2" for low in (-2, 1)),
]


def test_a_formula_about_a_problem_by_way_of_others():
    claim = Theory("t").at("one", QUARTIC, f"exists a in Rn: forall x in Rn: {LEAST} <=> x = a", through=STEPS, expected=False)
    (found,) = at_problem(claim, Settings())
    assert found.author and not isinstance(found.certificate, Derivation)
    for arithmetic in ("python", "flint"):
        assert check(claim.assertion, found.certificate, {}, arithmetic).truth is False
    assert list(at_problem(claim, Settings(blind=True))) == []


@pytest.mark.parametrize("wrong", [f"forall x in Rn: {LEAST} <=> coord(x, 1)^2 = 3", "exists x in Rn: coord(x, 1)^2 = -1"])
def test_a_false_formula_on_the_way_leads_nowhere(wrong: str):
    claim = Theory("t").at("one", QUARTIC, f"exists a in Rn: forall x in Rn: {LEAST} <=> x = a", through=[wrong], expected=False)
    assert list(at_problem(claim, Settings())) == []
