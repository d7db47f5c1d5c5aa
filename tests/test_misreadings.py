"""Texts that look as if they said one thing and could be read as another: read as meant, or refused."""

from __future__ import annotations

import pytest

from metaid_symbolic.conditions import Conditions, condition
from metaid_symbolic.language import SyntaxProblem, parse_formula
from metaid_symbolic.terms import free_symbols, subterms

NESTED = ("forall z in argmin F: z = phi", "forall z_ in argmin F: z_ = phi", "exists z__ in argmin F: true", "z_ in argmin F")


@pytest.mark.parametrize("text", NESTED)
def test_the_values_below_a_minimiser_are_those_at_other_points(text: str) -> None:
    compared = [part for part in subterms(parse_formula(text)) if part.head == "le"]
    assert compared and all(len(free_symbols(part)) == 2 for part in compared)


REFUSED = {
    "forall x, y > x: x = y": "x stands in the bound of x, y",
    "exists mu > mu: mu = 1": "mu stands in the bound of mu",
    "forall x: x^2^3 = x^6": "needs parentheses",
    "forall x: x^(-1)^2 = 1": "needs parentheses",
}


@pytest.mark.parametrize("text", REFUSED)
def test_is_refused(text: str) -> None:
    with pytest.raises(SyntaxProblem, match=REFUSED[text]):
        parse_formula(text)


@pytest.mark.parametrize("text", ["forall x, y > 0: x*y > 0", "forall x, y in reals, z > x + y: z > y + x", "(2^3)^2 = 64"])
def test_is_read(text: str) -> None:
    assert not free_symbols(parse_formula(text))


@pytest.mark.parametrize("name", ["whole", "Phi", "true", "not", "posdef", "A B", ""])
def test_a_condition_cannot_have_a_name_that_formulas_have_a_meaning_for(name: str) -> None:
    with pytest.raises(ValueError, match="cannot be the name of a condition"):
        condition(name, "exists a in argmin F: true")


def test_a_condition_binds_its_variables() -> None:
    with pytest.raises(ValueError, match="BIG mentions x, which nothing in it binds"):
        condition("BIG", "x > 1")
    flat = condition("FLAT", "grad F(phi) = zero & alpha <= n")
    assert Conditions((flat,)).parse("FLAT(phi) => CRIT").head == "implies"
