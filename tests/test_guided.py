"""Statements for all sizes by way of an author's formulas, and the searches they need: what is found, and what is not."""

from __future__ import annotations

from typing import Any

import pytest

from metaid_symbolic.claims import Statement
from metaid_symbolic.conditions import Conditions
from metaid_symbolic.kernel import check
from metaid_symbolic.search import Settings, findings
from metaid_symbolic.search.guided import derive_through
from metaid_symbolic.search.tableaux.prover import Prover
from metaid_symbolic.terms import negation
from metaid_symbolic.theory import Claim, Theory

ARRAYS = {"w": ("d",), "p": ("d",), "y": ("d",), "z": ("d",)}
LENGTH = "sqrt(sum(i, d, w[i]^2))"


def claim(source: str, *through: tuple[str, ...], by: tuple[str, ...] = ()) -> Claim:
    more: dict[str, Any] = {"through": through, "by": by, "expected": True}
    return Theory("steps").statement("C", source, naturals={"d": 1}, arrays=ARRAYS, **more)


POSITIVE = ("0 < sum(i, d, w[i]^2)", "sum(i, d, w[i]^2)")
ROOT = (f"0 < {LENGTH} & {LENGTH}^2 = sum(i, d, w[i]^2)", LENGTH)
TRUE = {
    "a rule at a term": claim(f"(exists i in 1..d: w[i] != 0) => {LENGTH} > 0", POSITIVE, ROOT),
    "an instance that the author names": claim(
        "(exists i in 1..d: w[i] != 0) => exists c > 0: c^2*sum(i, d, w[i]^2) = 1", POSITIVE, ROOT, by=(f"at: 1/{LENGTH}",)
    ),
    "a rule about a variable of the formula": claim(
        "forall c: forall i in 1..d: w[i] + c <= exp(w[i])*exp(c)",
        ("forall i in 1..d: 1 + w[i] + c <= exp(w[i] + c)", "exp(w[i] + c)"),
    ),
    "an identity of tanh, unit by unit": claim(
        "(forall i in 1..d: y[i] = tanh(w[i]) & z[i] = tanh(-w[i])) => sum(i, d, p[i]*y[i]) = -sum(i, d, p[i]*z[i])",
        ("forall i in 1..d: z[i]*(exp(2*w[i]) + 1) = 1 - exp(2*w[i])",),
        ("forall i in 1..d: z[i] = -y[i]",),
        by=("sum(i, d, p[i]*y[i] + p[i]*z[i])",),
    ),
    "a sum that vanishes": claim(
        "sum(i, d, w[i]^2) = 0 => sum(i, d, p[i]*w[i]^2) = 0",
        ("forall i in 1..d: w[i]^2 = 0", "sum(i, d, w[i]^2)"),
        by=("sum(i, d, p[i]*w[i]^2)",),
    ),
}  # fmt: skip
FALSE = {
    "a root of what may be 0": claim(f"{LENGTH} > 0", ROOT),
    "a false formula on the way": claim("0 < sum(i, d, w[i]^2)", POSITIVE),
    "a formula that does not suffice": claim(
        "forall i in 1..d: w[i] <= exp(p[i])", ("forall i in 1..d: 1 + w[i] <= exp(w[i])", "exp(w[i])")
    ),
    "tanh is not even": claim(
        "(forall i in 1..d: y[i] = tanh(w[i]) & z[i] = tanh(-w[i])) => sum(i, d, p[i]*y[i]) = sum(i, d, p[i]*z[i])",
        ("forall i in 1..d: z[i]*(exp(2*w[i]) + 1) = 1 - exp(2*w[i])",),
        by=("sum(i, d, p[i]*y[i] - p[i]*z[i])",),
    ),
    "a rule that there is not": claim(f"(exists i in 1..d: w[i] != 0) => {LENGTH} > 0", ("0 < sum(i, d, w[i]^2)", "tanh(w[1])")),
}  # fmt: skip


@pytest.mark.parametrize("made", TRUE.values(), ids=TRUE)
def test_finds_a_derivation(made: Claim) -> None:
    found = next(iter(findings(made, Settings())))
    assert found.author
    assert made.assertion is not None
    for arithmetic in ("python", "flint"):
        assert check(made.assertion, found.certificate, {}, arithmetic).truth


@pytest.mark.parametrize("made", FALSE.values(), ids=FALSE)
def test_finds_none(made: Claim) -> None:
    assert isinstance(made.assertion, Statement)
    assert derive_through(made.assertion, made.by, made.through) is None


def test_without_the_author_the_formulas_are_not_used() -> None:
    made = TRUE["an instance that the author names"]
    assert not [f for f in findings(made, Settings(blind=True)) if f.author]


EVERYWHERE = {
    "two coefficients": "forall a, b: (forall u: a*u^2 + b*u = 0) => a = 0 & b = 0",
    "a constant": "forall a, b: (forall u: a*u^2 + b*u + 1 = 0) => false",
    "numbers alone": "(forall u, v: u^2*v - v/2 = u - v^3) => false",
    "rotations": "forall a, b, c, d: (forall u, v: (a*u + b*v)^2 + (c*u + d*v)^2 = u^2 + v^2) => a*b + c*d = 0 & a^2 + c^2 = 1",
    "no rotation preserves u v but by signs": "forall a, b: (forall u, v: (a*u - b*v)*(b*u + a*v) = u*v) => a*b = 0",
}  # fmt: skip
NOT_EVERYWHERE = {
    "an equation for some numbers": "forall a, b: (forall u > 0: a*u^2 + b*u >= 0) => a = 0",
    "a coefficient that is not forced": "forall a, b: (forall u, v: a*u*v = b*u*v) => a = 0",
    "an exponential": "forall a, b: (forall u: a*exp(u) = b*exp(u)) => a = 0",
    "rotations commute with more": "forall a, b: (forall u, v: (a*u - b*v)^2 + (b*u + a*v)^2 = u^2 + v^2) => a = 1",
}  # fmt: skip


def refuted(source: str) -> bool:
    return Prover(effort=100, depth=1).refute([negation(Conditions().parse(source))]) is not None


@pytest.mark.parametrize("source", EVERYWHERE.values(), ids=EVERYWHERE)
def test_coefficients_of_what_vanishes_everywhere(source: str) -> None:
    assert refuted(source)


@pytest.mark.parametrize("source", NOT_EVERYWHERE.values(), ids=NOT_EVERYWHERE)
def test_nothing_else_follows(source: str) -> None:
    assert not refuted(source)


LOWEST = "(forall u: ({0}^2 - 1)^2 + lam*{0}^2 <= (u^2 - 1)^2 + lam*u^2)"
TWO_WELLS = f"forall lam > 0: lam < 1 => exists a: {LOWEST.format('a')} & (forall c: ({{0}}) => c = a)"


def test_the_mirror_image_of_a_minimiser_is_found() -> None:
    mirrored = TWO_WELLS.format(LOWEST.format("c"))
    made = Theory("mirror").statement("C", mirrored, expected=False)
    found = next(iter(findings(made, Settings())))
    assert made.assertion is not None
    assert not check(made.assertion, found.certificate, {}).truth


def test_no_mirror_image_is_taken_for_a_minimiser() -> None:
    tilted = TWO_WELLS.format(f"c > 0 & {LOWEST.format('c')}")
    made = Theory("mirror").statement("C", tilted.replace("exists a:", "exists a: a > 0 &"), expected=False)
    assert not list(findings(made, Settings()))
