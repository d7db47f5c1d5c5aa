"""Rates of gradient methods: what the search must find, and what it must refuse; the cited inequality on known functions."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metaid_symbolic.certificates import Derivation
from metaid_symbolic.claims import ForAllProblems
from metaid_symbolic.kernel import check
from metaid_symbolic.kernel.rules import formulas
from metaid_symbolic.search import findings
from metaid_symbolic.search.gradient_methods.rates import rate
from metaid_symbolic.store.loading import load
from metaid_symbolic.theory import Theory

THEOREMS = load(Path(__file__).parents[1] / "proofs" / "meta_identifiability").theory.theorems
CONVEX = "(forall x, y in Rn: F(y) >= F(x) + dot(grad F(x), y - x))"
STRONG = "(forall x, y in Phi: 2*F(x) + 2*dot(grad F(x), y - x) + norm2(x - y) <= 2*F(y))"
SMOOTH = "(forall x, y in Rn: norm2(grad F(x) - grad F(y)) <= 16*norm2(x - y))"
STILL = "forall a, x in Rn: grad F(a) = zero =>"
STEP = f"{STILL} norm2(x - 1/4*grad F(x) - a) <= 9/16*norm2(x - a)"
PROVED = {
    "hypotheses on Phi, multiplied": f"whole & {STRONG} & {SMOOTH} => {STEP}",
    "the stronger of two hypotheses": f"whole & {CONVEX} & {STRONG} & {SMOOTH} => {STEP}",
    "a minimiser instead of a critical point": f"whole & {CONVEX} & {SMOOTH} => forall a in argmin F: forall x in Rn:"
    " F(x - 1/4*grad F(x)) - F(a) <= 2/3*norm2(x - a)",
    "a conjunction": f"whole & {STRONG} & {SMOOTH} => {STILL} norm2(x - a) <= 2*(F(x) - F(a)) & F(x) - F(a) <= 2*norm2(x - a)",
    "three members of a conjunction": f"whole & {STRONG} & {SMOOTH} => {STILL} norm2(x - a) <= 2*(F(x) - F(a))"
    " & F(x) - F(a) <= 2*norm2(x - a) & norm2(grad F(x)) <= 8*(F(x) - F(a))",
    "a hypothesis with three cases": f"whole & {STRONG} & {SMOOTH} & (F(phi) < 0 | F(phi) = 1 | 3 < F(phi)) => {STEP}",
    "smooth alone": f"whole & {SMOOTH} => forall x in Rn: F(x - 1/4*grad F(x)) <= F(x) - 1/8*norm2(grad F(x))",
    "equal points": f"whole & {CONVEX} & {SMOOTH} => forall x, y in Rn: x = y => F(x - 1/4*grad F(y)) <= F(y)",
}
REFUSED = {
    "not on all of R^n": f"{STRONG} & {SMOOTH} => {STEP}",
    "not smooth": f"whole & {STRONG} => {STEP}",
    "not strongly convex": f"whole & {CONVEX} & {SMOOTH} => {STEP}",
    "no critical point": f"whole & {STRONG} & {SMOOTH} => forall a, x in Rn: norm2(x - 1/4*grad F(x) - a) <= 9/16*norm2(x - a)",
    "2/ell is no strict step": f"whole & {CONVEX} & {SMOOTH} => {STILL} F(x - 1/2*grad F(x)) <= F(x) - 1/100*norm2(grad F(x))",
    "a product of unknown reals": f"whole & {CONVEX} & {SMOOTH} => forall r: {STILL} norm2(x - r*grad F(x) - a) <= norm2(x - a)",
    "one member of a conjunction is false": f"whole & {STRONG} & {SMOOTH} => {STILL} norm2(x - a) <= 2*(F(x) - F(a))"
    " & F(x) - F(a) <= norm2(x - a)",
    "convex where x is short": f"whole & (forall x, y in Rn: norm2(x) <= 1 => F(y) >= F(x) + dot(grad F(x), y - x)) & {SMOOTH}"
    f" => {STILL} norm2(x - 1/4*grad F(x) - a) <= norm2(x - a)",
}


def assertion_of(source: str) -> ForAllProblems:
    made = Theory("rates").claim("p", source).assertion
    assert isinstance(made, ForAllProblems)
    return made


@pytest.mark.parametrize("name", PROVED)
def test_finds(name: str) -> None:
    claim = assertion_of(PROVED[name])
    found = rate(claim.universe, formulas(claim), THEOREMS)
    assert found is not None
    assert all(check(claim, Derivation(found), THEOREMS, arithmetic).truth for arithmetic in ("python", "flint"))


@pytest.mark.parametrize("name", REFUSED)
def test_refuses(name: str) -> None:
    claim = assertion_of(REFUSED[name])
    assert rate(claim.universe, formulas(claim), THEOREMS) is None


def test_nothing_is_found_without_the_cited_theorem() -> None:
    claim = assertion_of(f"whole & {STRONG} & {SMOOTH} => {STEP}")
    assert rate(claim.universe, formulas(claim), {}) is None


def test_the_registry_finds_it_first() -> None:
    theory = Theory("rates")
    theory.theorems.update(THEOREMS)
    theory.claim("step", f"whole & {STRONG} & {SMOOTH} => {STEP}", expected=True)
    assert next(iter(findings(theory["step"]))).method == "rates"


NUMBERS = st.fractions(min_value=-4, max_value=4, max_denominator=8)


def quadratic(mu: Fraction, ell: Fraction, share: Fraction, t: Fraction) -> tuple[Fraction, Fraction]:
    """The value and the derivative of a parabola with a curvature from mu to ell."""
    curvature = mu + share * (ell - mu)
    return curvature * t * t / 2, curvature * t


def huber(mu: Fraction, ell: Fraction, share: Fraction, t: Fraction) -> tuple[Fraction, Fraction]:
    """mu t^2/2 and (ell - mu) times the Huber function of width `share`."""
    inside = abs(t) <= share
    value = t * t / 2 if inside else share * abs(t) - share * share / 2
    return mu * t * t / 2 + (ell - mu) * value, mu * t + (ell - mu) * max(-share, min(share, t))


def slack(f: Callable[[Fraction], tuple[Fraction, Fraction]], mu: Fraction, ell: Fraction, x: Fraction, y: Fraction) -> Fraction:
    """Right side minus left side of the cited inequality for n = 1."""
    (fx, gx), (fy, gy) = f(x), f(y)
    left = (gx - gy) ** 2 + mu * ell * (x - y) ** 2 - 2 * mu * (gy - gx) * (y - x)
    return 2 * (ell - mu) * (fy - fx - gx * (y - x)) - left


@given(
    st.sampled_from((quadratic, huber)),
    st.fractions(0, 3, max_denominator=4),
    st.fractions(0, 1, max_denominator=6),
    NUMBERS,
    NUMBERS,
)
def test_the_cited_inequality_holds_for_parabolas_and_huber_functions(
    shape: Callable[..., tuple[Fraction, Fraction]], mu: Fraction, share: Fraction, x: Fraction, y: Fraction
) -> None:
    ell = mu + 2
    assert slack(lambda t: shape(mu, ell, share, t), mu, ell, x, y) >= 0


def test_the_cited_inequality_is_tight_and_its_constants_cannot_shrink() -> None:
    mu, ell, x, y = Fraction(1), Fraction(3), Fraction(2), Fraction(-1)
    steep = [slack(lambda t: quadratic(mu, ell, Fraction(1), t), mu, claimed, x, y) for claimed in (ell, ell - Fraction(1, 10))]
    assert steep[0] == 0 > steep[1]
    flat = [slack(lambda t: quadratic(mu, ell, Fraction(0), t), claimed, ell, x, y) for claimed in (mu, mu + Fraction(1, 10))]
    assert flat[0] == 0 > flat[1]
