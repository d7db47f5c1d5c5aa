"""Statements for all sizes: what the kernel takes at sight, and what it must not take when a range may be empty."""

from __future__ import annotations

import pytest

from metaid_symbolic.certificates import Derivation, Done
from metaid_symbolic.claims import Array, Natural, Statement
from metaid_symbolic.kernel import Rejected, check
from metaid_symbolic.language import parse_formula, parse_term


def statement(source: str, least: int = 1, array: str = "w") -> Statement:
    return Statement((Natural("h", least),), (), (Array(array, (parse_term("h"),)),), parse_formula(source))


TRUE = {
    "a sum of ones": statement("sum(i, h, 1) = h", 0),
    "sums are linear": statement("forall c: sum(i, h, c*w[i] + 2) = c*sum(j, h, w[j]) + 2*h", 0),
    "sums commute": statement("sum(i, h, sum(j, h, w[i]*w[j])) = sum(i, h, w[i])^2", 0),
}
NOT_SHOWN = {
    "an index of an empty range": statement("exists i in 1..h: i = i", 0),
    "no index is wrong": statement("not (forall i in 1..h: i != i)", 0),
    "a sum up to a negative number": statement("sum(i, h - 1, 1) = h - 1", 0),
    "a sum up to an unknown real": statement("forall m: sum(i, m, 1) = m"),
    "a wrong factor": statement("sum(i, h, 2*w[i]) = sum(i, h, w[i])"),
    "a strict square": statement("forall i in 1..h: 0 < w[i]^2"),
    "a product of sums is no sum of products": statement("sum(i, h, w[i]*w[i]) = sum(i, h, w[i])^2"),
    "a divisor inside": statement("sum(i, h, w[i]/w[i]) = h"),
    "a random array outside an expectation": statement("sum(i, h, normal[i] - normal[i]) = 0", array="normal"),
    "a quantifier over points": statement("forall x in Rn: x = x"),
}


@pytest.mark.parametrize("arithmetic", ["python", "flint"])
@pytest.mark.parametrize("claim", TRUE.values(), ids=TRUE)
def test_accepted(claim: Statement, arithmetic: str) -> None:
    assert check(claim, Derivation(Done()), {}, arithmetic).truth


@pytest.mark.parametrize("arithmetic", ["python", "flint"])
@pytest.mark.parametrize("claim", NOT_SHOWN.values(), ids=NOT_SHOWN)
def test_rejected(claim: Statement, arithmetic: str) -> None:
    with pytest.raises(Rejected):
        check(claim, Derivation(Done()), {}, arithmetic)
