"""The search for proofs of all sizes: what it finds, and that it finds nothing for false statements."""

from __future__ import annotations

import pytest

from metaid_symbolic.claims import Statement
from metaid_symbolic.kernel import check
from metaid_symbolic.search.symbolic import proof
from metaid_symbolic.theory import Theory


def statement(source: str) -> Statement:
    arrays = {"x": ("n",), "u": ("n",), "g": ("n",)}
    claim = Theory("sums").statement("C", source, naturals={"n": 1}, arrays=arrays, expected=True)
    assert isinstance(claim.assertion, Statement)
    return claim.assertion


FOUND = {
    "every monomial is nonnegative": "forall c: (exists i in 1..n: u[i] != 0)"
    " => 0 < sum(i, n, (c + u[i])^2) + (c - sum(i, n, u[i]))^2",
    "a sum of positive entries against an entry": "(forall k in 1..n: 0 < x[k]) => (forall i in 1..n: -sum(k, n, x[k]) < x[i])",
    "an equation between nonnegative monomials": "(forall k in 1..n: 0 < x[k]) => (forall i in 1..n: x[i] != -sum(k, n, x[k]))",
    "a conjunction, each member for itself": "((exists i in 1..n: u[i] != 0) => 0 < sum(i, n, u[i]^2) + sum(i, n, u[i])^2)"
    " & ((forall k in 1..n: 0 < x[k]) => (forall i in 1..n: -sum(k, n, x[k]) < x[i]))",
}
FALSE = {
    "an odd monomial": "forall c: (exists i in 1..n: u[i] != 0) => 0 < sum(i, n, (c + u[i])^2)",
    "entries without a sign": "forall i in 1..n: -sum(k, n, x[k]) < x[i]",
    "a difference": "(forall k in 1..n: 0 < x[k]) => (forall i in 1..n: sum(k, n, x[k]) != x[i])",
    "only one member holds": "((exists i in 1..n: u[i] != 0) => 0 < sum(i, n, u[i]^2)) & (exists i in 1..n: u[i] != 0)",
}


@pytest.mark.parametrize("source", FOUND.values(), ids=FOUND)
def test_finds_a_proof(source: str) -> None:
    claim = statement(source)
    found = proof(claim)
    assert found is not None
    assert check(claim, found, {}).truth
    assert check(claim, found, {}, "flint").truth


@pytest.mark.parametrize("source", FALSE.values(), ids=FALSE)
def test_finds_nothing(source: str) -> None:
    assert proof(statement(source)) is None
