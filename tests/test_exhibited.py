"""The numbers that a refuted formula fails at, and those of which a proved one says that they exist, are shown."""

import sys

import pytest

from metaid_symbolic import Theory, search
from metaid_symbolic.certificates import Cut, Done, Instantiate
from metaid_symbolic.language import parse_formula
from metaid_symbolic.reports.counterexample import witness_text
from metaid_symbolic.reports.exhibited import exhibited
from metaid_symbolic.terms import number


@pytest.fixture(autouse=True)
def no_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "z3", None)


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("forall x: x^2 > x", ["x = 0"]),
        ("forall x: x^5 != 3", ["x = r", "r^5 - 3 = 0", "1.245730 < r < 1.245731"]),
        ("exists x: x^3 = 2 & x > 1", ["x = r", "r^3 - 2 = 0", "1.259921 < r < 1.259922"]),
        ("forall r: r^2 != 2", ["r = root", "root^2 - 2 = 0"]),
    ],
)
def test_numbers_are_shown(source: str, shown: list[str]):
    claim = Theory("t").statement("s", source)
    result = search(claim)
    assert result.verdict.truth is source.startswith("exists")
    words = witness_text(claim.assertion, result.certificate)
    assert all(line in words for line in shown), words


@pytest.mark.parametrize("source", ["forall x: x^2 + 1 > 0", "exists x: forall y: x <= y^2"])
def test_a_proof_that_exhibits_no_number_shows_none(source: str):
    claim = Theory("t").statement("s", source)
    result = search(claim)
    assert result.verdict.truth and "r" not in witness_text(claim.assertion, result.certificate)


def at(value: int, then=Done()):
    return Instantiate(0, (number(value),), then)


def test_two_values_for_one_variable_say_nothing():
    one, two = parse_formula("forall x: x < 1"), parse_formula("forall x, y: x < y")
    cut = parse_formula("0 < 1")
    assert exhibited(one, True, at(2)).values == (("x", number(2)),)
    assert exhibited(one, True, at(2, at(3))) is None
    assert exhibited(two, True, Cut(cut, at(2), at(3))) is None
    assert exhibited(one, True, Cut(cut, at(2), Done())).values == (("x", number(2)),)
    assert exhibited(one, True, Done()) is None
    assert exhibited(parse_formula("1 < 0"), True, Done()) is None
