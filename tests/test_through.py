"""Derivations by way of formulas that the author gives."""

from __future__ import annotations

from metaid_symbolic.kernel import check
from metaid_symbolic.search import Settings, findings
from metaid_symbolic.theory import Claim, Theory

SQUARES = "forall th in families: (forall t in tasks, x in Rn: L(t, x) = norm2(x - th[t])/2) => "
SLOPE = ("forall t in tasks, x, u in Rn: dot(grad L(t, x), u) = dot(x - th[t], u)", "derivative", "whole space")


def claim(source: str, *through: tuple[str, ...]) -> Claim:
    return Theory("steps").claim("C", source, expected=True, through=through)


def test_the_variables_of_the_claim_may_be_mentioned() -> None:
    made = claim(f"whole => {SQUARES}forall t in tasks, x in Rn: norm2(x - grad L(t, x) - th[t]) = 0", SLOPE)
    found = next(iter(findings(made, Settings())))
    assert found.author
    assert made.assertion is not None
    assert check(made.assertion, found.certificate, {}).truth


def test_a_false_formula_on_the_way_proves_nothing() -> None:
    wrong = ("forall t in tasks, x, u in Rn: dot(grad L(t, x), u) = dot(th[t] - x, u)", "derivative", "whole space")
    made = claim(f"whole => {SQUARES}forall t in tasks, x in Rn: norm2(x + grad L(t, x) - th[t]) = 0", wrong)
    assert not [f for f in findings(made, Settings(budget=200)) if f.method == "derivation"]


def test_the_mean_of_what_is_nonnegative_is_nonnegative() -> None:
    made = Theory("means").claim("C", "psd(fisher(phi))", expected=True, by=("mean",))
    found = next(iter(findings(made, Settings())))
    assert made.assertion is not None
    assert found.method == "derivation"
    assert check(made.assertion, found.certificate, {}, "flint").truth
