"""Witnesses in plain text, and what is shown of a condition."""

from __future__ import annotations

from fractions import Fraction

import pytest

from metaid_symbolic.certificates import Derivation, Done, Instance, Instances, Pair, Refutation, Specialisation
from metaid_symbolic.claims import AtProblem, Determines, Universe
from metaid_symbolic.conditions import Conditions
from metaid_symbolic.language import parse_formula, parse_term
from metaid_symbolic.models.laws import finite_law
from metaid_symbolic.problems import MetaProblem
from metaid_symbolic.reports.counterexample import minimum_text, shown_text, witness_text
from metaid_symbolic.reports.evaluation import decided, evaluated, rational_point
from metaid_symbolic.theory import Theory

F = Fraction
PAIR = finite_law("x", [parse_term("x"), parse_term("-x")])
FISHER = Instance(PAIR, (F(0),), (), None, (Done(), Done(), Done()))


def test_the_fisher_criterion() -> None:
    claim = Theory("t").claim("fisher", "OPT & FPD => UNIQ")
    assert claim.assertion is not None
    assert witness_text(claim.assertion, FISHER).splitlines() == [
        "n = 1, Phi = R^1",
        "task 1, weight 1/2: L_1(x) = x",
        "task 2, weight 1/2: L_2(x) = -x",
        "objective: F(x) = 0",
        "point: phi = 0",
        "OPT holds: F(phi) = 0; argmin F = Phi: F is the constant 0",
        "FPD holds: fisher(phi) = [[1]]",
        "UNIQ fails: argmin F = Phi: F is the constant 0",
    ]


PLANE = finite_law(("x", "y"), [parse_term("(x - 1)^2 + y^2"), parse_term("2*(x + y)^2")])
WELLS = finite_law("x", [parse_term("(x^2 - 1)^2")])
HALF_LINE = MetaProblem("x", (parse_term("(x^2 - 1)^2"),), (1,), constraints=(parse_formula("0 < x"),))

SHOWN: dict[str, tuple[MetaProblem, tuple[Fraction, ...], bool, str]] = {
    "CRIT": (PLANE, (F(0), F(1)), False, "grad F(phi) = [1, 3]"),
    "HPD": (PLANE, (F(0), F(1)), True, "hess F(phi) = [[3, 2], [2, 3]]"),
    "GVAR": (PLANE, (F(0), F(1)), True, "grad L(1, phi) = [-2, 2]; grad L(2, phi) = [4, 4]"),
    "EXISTS": (PLANE, (F(0), F(1)), True, "argmin F = {(3/5, -2/5)}, where F = 1/5"),
    "UNIQ": (WELLS, (F(1),), False, "argmin F = {-1, 1}, where F = 0"),
    "ISO": (HALF_LINE, (F(1),), True, "F(phi) = 0; argmin F = {1}, where F = 0"),
    "INJ": (WELLS, (F(1),), False, "x = 1, y = -1"),
    "not INJ": (WELLS, (F(1),), True, "x = 1, y = -1"),
    "GINJ": (WELLS, (F(1),), False, "x = 1, y = 0"),
    "HPDCRIT": (WELLS, (F(1),), False, "x = 0"),
    "PROF": (PAIR, (F(0),), True, ""),
    "COUNT": (PAIR, (F(0),), True, ""),
}


@pytest.mark.parametrize("name", SHOWN)
def test_what_is_shown(name: str) -> None:
    problem, point, holds, words = SHOWN[name]
    found = evaluated(problem, rational_point(point), Conditions().parse(name), holds)
    parts = [shown_text(s) for s in found.values] + [minimum_text(m, problem) for m in found.minima]
    if found.witness is not None:
        parts.append(", ".join(f"{n} = {p[0]}" for n, p in found.witness.points))
    assert "; ".join(parts) == words


def test_no_minimisers_are_claimed_where_they_are_not_known() -> None:
    outside = MetaProblem("x", (parse_term("(x^2 - 1)^2"),), (1,), constraints=(parse_formula("1 < x"),))
    found = evaluated(outside, rational_point((F(2),)), Conditions().parse("UNIQ"), False)
    assert found.minima == ()


DECIDED = {
    "1/2 < 2/3": True, "x < 1": None, "1 = 2": False, "1 = 2 & x < 1": False, "1 = 1 | x < 1": True, "1 = 1 & x < 1": None,
    "not 1 = 2": True, "1 = 2 => x < 1": True, "1 = 1 <=> 2 < 1": False, "forall y: y = y": None, "exp(0) = 1": True,
    "exp(1) < 3": None,
}  # fmt: skip


@pytest.mark.parametrize("words", DECIDED)
def test_decided_by_rational_arithmetic_alone(words: str) -> None:
    assert decided(parse_formula(words)) is DECIDED[words]


def test_a_pair() -> None:
    rated = MetaProblem("x", (parse_term("x"), parse_term("-x")), ("1/2", "1/2"), rate="1/2")
    other = MetaProblem("x", (parse_term("x + x^2"), parse_term("-x")), ("1/2", "1/2"), rate="1/2")
    claim = Determines(Universe(), (parse_term("grad L(t, phi)"),), parse_term("grad F_MAML(phi)"))
    words = witness_text(claim, Pair(rated, (F(0),), other, (F(0),))).splitlines()
    assert words[-3:] == [
        "grad L(1, phi) agrees: [1] and [1]",
        "grad L(2, phi) agrees: [-1] and [-1]",
        "grad F_MAML(phi) differs: [0] and [-1/2]",
    ]


def test_a_specialisation() -> None:
    claim = Theory("t").statement("s", "f(w[1, 2]) = k", naturals={"k": 1}, functions=["f"], arrays={"w": (1, "k")})
    assert claim.assertion is not None
    values = Specialisation((2,), (("f", "z", parse_term("z^2")),), ((F(1), F(1, 2)),), Done())
    assert witness_text(claim.assertion, values).splitlines() == [
        "k = 2", "f(z) = z^2", "w = [[1, 1/2]]", "fails: (1/2)^2 = 2",
    ]  # fmt: skip


def test_combinations_name_their_truth_values() -> None:
    claim = Theory("t").combinations("c", "OPT", ["FPD", "UNIQ"])
    assert claim.assertion is not None
    words = witness_text(claim.assertion, Instances((FISHER,) * 4))
    heads = [line for line in words.splitlines() if line.endswith(":")]
    assert heads == ["FPD true, UNIQ true:", "FPD true, UNIQ false:", "FPD false, UNIQ true:", "FPD false, UNIQ false:"]
    assert "no meta-problem satisfies all of" in witness_text(claim.assertion, Refutation(Done(), 1))


def test_a_derivation_exhibits_nothing() -> None:
    assert witness_text(AtProblem(PAIR, parse_formula("F(phi) = 0")), Derivation(Done())) == ""
