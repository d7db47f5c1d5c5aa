"""Coefficients are fitted to what a claim requires: exactly where that is linear, and otherwise roughly, and rounded."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest

from metaid_symbolic import Theory
from metaid_symbolic.certificates import Instance
from metaid_symbolic.encoding import loads
from metaid_symbolic.kernel.rules import formulas
from metaid_symbolic.kernel.unfold import Reading, rational_point
from metaid_symbolic.language import parse_formula
from metaid_symbolic.recheck import establish
from metaid_symbolic.search import Finding, Settings
from metaid_symbolic.search.fitted import linear, numeric
from metaid_symbolic.search.problems.families import Family, coefficients
from metaid_symbolic.search.problems.requirements import Requirement, requirements, roughly, rounded, solved
from metaid_symbolic.search.registry import Method, enumeration, gluing, small, tabulated
from metaid_symbolic.search.statements import truth
from metaid_symbolic.statements import canonical
from metaid_symbolic.terms import number, substitute

ONE = Fraction(1)
PARABOLA = Family.of(1, [[(2,), (1,), (0,)]], (ONE,))


def required(source: str) -> list[Requirement]:
    return list(requirements(parse_formula(source), Random(0)))


# families


@pytest.mark.parametrize("values", [("3", "-6", "1/2"), ("3", "-1", "1/2"), ("-1", "2", "0")])
def test_a_family_is_read_as_its_members_are(values: tuple[str, ...]) -> None:
    given = dict(zip(coefficients(PARABOLA.losses[0]), map(Fraction, values), strict=True))
    member = PARABOLA.member(given)
    for f in formulas(Theory("t").claim("c", "CRIT & HPD & F(phi) > 0 => INJ").assertion)[:-1]:
        inserted = substitute(PARABOLA.read(f, (ONE,)), {name: number(v) for name, v in given.items()})
        assert truth(inserted) is truth(Reading(member).formula(f, {"phi": rational_point((ONE,))}))


# exact solutions

SOLVED = {
    "one equation": ("2*a - 3 = 0", {"a": Fraction(3, 2)}),
    "two": ("a + b = 3 & a - b = 1", {"a": Fraction(2), "b": Fraction(1)}),
    "the same twice": ("a = 1 & 2*a = 2", {"a": ONE}),
    "an identity in x": ("forall x: a*x^2 + b*x = 3*x^2 - x", {"a": Fraction(3), "b": -ONE}),
    "with a value that is pinned": ("forall x: x = 2 => a*x = 1", {"a": Fraction(1, 2)}),
    "a known value enters": ("exists x: a*x^2 = 8", {"a": Fraction(2)}),
    "nonlinear ones are left": ("a^2 = 5 & b = 1", {"a": ONE, "b": ONE}),
    "inequalities are left": ("a > 5", {"a": ONE}),
}


@pytest.mark.parametrize("name", SOLVED)
def test_linear_equations_are_solved_exactly(name: str) -> None:
    source, wanted = SOLVED[name]
    assert solved(required(source), sorted(wanted), {"a": ONE, "b": ONE, "x": Fraction(2)}) == wanted


@pytest.mark.parametrize("source", ["a = 1 & a = 2", "forall x: a*x = 1", "a + b = 0 & a + b = 1"])
def test_equations_that_contradict_one_another(source: str) -> None:
    assert solved(required(source), ["a", "b"], {}) is None


# rough solutions


@pytest.mark.parametrize("source", ["a^2 = 2 & a > 0", "a*b = 6 & a + b = 5", "forall x: (x - a)^2 + b > 3", "not (a <= 4)"])
def test_rough_solutions_miss_little(source: str) -> None:
    near, missed = roughly(required(source), {"a": 0.5, "b": 1.0})
    assert missed < 1e-6 and set(near) == {"a", "b"}


def test_a_rough_solution_that_is_none_says_so() -> None:
    assert roughly(required("a^2 = -1"), {"a": 1.0})[1] > 0.5


def test_fractions_are_found_by_continued_fractions() -> None:
    assert rounded(0.714285714285, 60) == Fraction(5, 7) and rounded(0.49, 2) == Fraction(1, 2)


# strategies

VALUES = "n = 1 & F([0]) = 5 & F([1]) = 3 & F([2]) = 17 & F([3]) = 7 => CONV"
STEEP = "n = 1 & F([1]) > 10 & F([2]) < -20 & CRIT => CONV"
CHEAPER: dict[str, tuple[Method, ...]] = {
    VALUES: (small, tabulated, gluing, enumeration),
    STEEP: (small, tabulated, gluing, enumeration, linear),
}


@pytest.mark.parametrize(("text", "method"), [(VALUES, linear), (STEEP, numeric)])
def test_it_refutes_what_cheaper_strategies_do_not(text: str, method: Method) -> None:
    claim = Theory("t").claim("c", text)
    (found,) = (made for made in method(claim, Settings()) if isinstance(made, Finding))
    assert isinstance(found.certificate, Instance)
    assert establish(claim.assertion, loads(canonical(found.certificate)), {}, ("python", "flint")).truth is False
    for cheaper in CHEAPER[text]:
        assert not [made for made in cheaper(claim, Settings(budget=2_000)) if isinstance(made, Finding)]


def test_it_is_the_same_with_the_same_seed() -> None:
    claim = Theory("t").claim("c", VALUES)
    first, again, other = (list(linear(claim, Settings(seed=seed))) for seed in (7, 7, 8))
    assert first == again != other


@pytest.mark.parametrize("method", [linear, numeric])
@pytest.mark.parametrize("text", ["SCONV => CONV", "UNIQ => WEAK"])
def test_nothing_is_said_against_true_claims(method: Method, text: str) -> None:
    found = list(method(Theory("t").claim("c", text), Settings(budget=400)))
    assert found and not [made for made in found if isinstance(made, Finding)]


def test_what_is_fitted_is_in_the_universe() -> None:
    (only,) = linear(Theory("t").claim("c", VALUES), Settings(degree=2))
    assert not isinstance(only, Finding)
