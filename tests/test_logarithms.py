"""Formulas with logarithms: what is found of likelihoods is what the kernel accepts, and nothing false is."""

from __future__ import annotations

import pytest

from metaid_symbolic import MetaProblem
from metaid_symbolic.kernel import check
from metaid_symbolic.kernel.unfold import Reading
from metaid_symbolic.language import parse_formula, parse_term
from metaid_symbolic.search import Settings
from metaid_symbolic.search.concrete import conjunction, one_problem
from metaid_symbolic.search.tableaux.prover import Prover
from metaid_symbolic.terms import negation
from metaid_symbolic.theory import Theory


def coin(first: str, second: str, weights: tuple[str, str], *domain: str) -> MetaProblem:
    """Two losses in one parameter."""
    return MetaProblem(("x",), (parse_term(first), parse_term(second)), weights, tuple(map(parse_formula, domain)))


FAIR = coin("-log(1 + x)", "-log(1 - x)", ("1/2", "1/2"), "-1 < x", "x < 1")
UNEVEN = coin("-log(1 + x)", "-log(2 - x)", ("1/3", "2/3"), "-1 < x", "x < 2")
CUBE = coin("-log(1 + x^3)", "-log(1 - x^3)", ("1/2", "1/2"), "-1 < x", "x < 1")
WRONG = coin("-log(1 + x)", "-log(1 - x)", ("1/3", "2/3"), "-1 < x", "x < 1")
LIKELIHOOD = "exists s: s = -1 & (forall x in Phi: E(t, exp(L(t, [0]) + s*L(t, x))) = 1)"
PROFILE = "forall x, y in Phi: (forall t in tasks: L(t, x) = L(t, y)) => x = y"
TRUE = {
    "a fair coin": (FAIR, LIKELIHOOD),
    "an uneven coin": (UNEVEN, LIKELIHOOD),
    "a cube": (CUBE, LIKELIHOOD),
    "Gibbs": (FAIR, "forall x in Phi: F([0]) <= F(x)"),
    "strictly": (FAIR, "forall x in Phi: x != [0] => F([0]) < F(x)"),
    "equal losses": (CUBE, PROFILE),
    "equal laws": (UNEVEN, "forall x, y in Phi: samelaw(x, y) => x = y"),
}
FALSE = {
    "wrong weights": (WRONG, LIKELIHOOD),
    "another minimum": (FAIR, "forall x in Phi: F([1/2]) <= F(x)"),
    "a fair coin has equal laws": (FAIR, "forall x, y in Phi: samelaw(x, y) => x = y"),
}


@pytest.mark.parametrize(("problem", "formula"), TRUE.values(), ids=TRUE)
def test_what_is_true_is_found(problem: MetaProblem, formula: str) -> None:
    claim = Theory("t").at("t", problem, formula, expected=True)
    found = next(one_problem(claim, Settings()))
    for arithmetic in ("python", "flint"):
        assert check(claim.assertion, found.certificate, {}, arithmetic).truth


@pytest.mark.parametrize(("problem", "formula"), FALSE.values(), ids=FALSE)
def test_what_is_false_is_not_proved(problem: MetaProblem, formula: str) -> None:
    read = Reading(problem).formula(parse_formula(formula), {})
    assert Prover(effort=20, depth=1).refute([negation(read)]) is None


def test_a_table_of_which_one_member_is_left_to_prove() -> None:
    """Members that are true at sight leave nothing to split."""
    claim = Theory("t").at("t", FAIR, " & ".join([*["0 < 1"] * 6, PROFILE]), expected=True)
    assert not list(conjunction(claim, Settings())) and next(one_problem(claim, Settings()))
