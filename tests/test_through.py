"""Derivations by way of formulas that the author gives."""

from __future__ import annotations

import pytest

from metaid_symbolic.conditions import Conditions
from metaid_symbolic.kernel import check
from metaid_symbolic.kernel.branch import Branch, sort_of
from metaid_symbolic.kernel.normal import Normaliser
from metaid_symbolic.kernel.polynomial import Ring
from metaid_symbolic.kernel.rules import formulas
from metaid_symbolic.kernel.tableau import combine
from metaid_symbolic.search import Settings, derivation, findings
from metaid_symbolic.search.branches.reductions import spanned
from metaid_symbolic.search.derivation import derive
from metaid_symbolic.terms import negation
from metaid_symbolic.theory import Claim, Theory, TheoryProblem

SQUARES = "forall th in families: (forall t in tasks, x in Rn: L(t, x) = norm2(x - th[t])/2) => "
SLOPE = ("forall t in tasks, x, u in Rn: dot(grad L(t, x), u) = dot(x - th[t], u)", "derivative", "whole space")


AT_REST = (("forall u in Rn: dot(grad F(a), u) = 0", "dot"),)
ORTHOGONAL = "forall u in Rn: dot(u, grad F(a)) = 0"


def claim(source: str, *through: tuple[str | int, ...]) -> Claim:
    return Theory("steps").claim("C", source, expected=True, through=through)


def test_the_variables_of_the_claim_may_be_mentioned() -> None:
    made = claim(f"whole => {SQUARES}forall t in tasks, x in Rn: norm2(x - grad L(t, x) - th[t]) = 0", SLOPE)
    found = next(iter(findings(made, Settings())))
    assert found.author
    assert made.assertion is not None
    assert check(made.assertion, found.certificate, {}).truth


@pytest.fixture
def little_effort(monkeypatch: pytest.MonkeyPatch) -> None:
    """Searches that fail soon, with enough steps for what is found in this file."""
    monkeypatch.setattr(derivation, "FOCUSED_EFFORT", 20)
    monkeypatch.setattr(derivation, "SUGGESTED_EFFORT", 20)


@pytest.mark.usefixtures("little_effort")
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


@pytest.mark.usefixtures("little_effort")
def test_a_step_rests_on_what_it_names_alone() -> None:
    made = claim("whole => forall a in Rn: grad F(a) = zero => forall x in Rn: dot(x, grad F(a)) = 0", *AT_REST, (ORTHOGONAL, 1))
    found = next(iter(findings(made, Settings())))
    assert made.assertion is not None
    assert check(made.assertion, found.certificate, {}, "flint").truth


@pytest.mark.usefixtures("little_effort")
def test_what_does_not_follow_from_the_formulas_named_is_not_proved() -> None:
    made = claim("whole => forall a in Rn: grad F(a) = zero => forall x in Rn: dot(x, grad F(a)) = 0", *AT_REST, (ORTHOGONAL, 0))
    assert not [f for f in findings(made, Settings(budget=200)) if f.method == "derivation"]


@pytest.mark.parametrize("number", [1, 2, -1])
def test_a_step_rests_on_earlier_formulas_only(number: int) -> None:
    with pytest.raises(TheoryProblem, match=f"no formula number {number} before .*only 0"):
        claim("UNIQ => EXISTS", ("EXISTS", number))


@pytest.mark.parametrize("relation, follows", [("<", True), ("<=", False)])
def test_a_contraction_has_a_factor_below_one(relation: str, follows: bool) -> None:
    step = "(forall x in Rn: norm2(x - alpha*grad F(x) - a) <= q*norm2(x - a))"
    made = claim(f"whole => forall a in Rn, q: 0 <= q & q {relation} 1 & {step} => forall x in Rn: gd(alpha, x, a)")
    assert made.assertion is not None
    facts = formulas(made.assertion)
    assert (derive(made.assertion.universe, facts, {}, ("contraction",), effort=30) is not None) is follows


CIRCLE = "forall x, y in Phi, t in tasks: F(x) = L(t, x) & F(y) = L(t, y) & F(x) = 2*F(y) => L(t, x) = 2*L(t, y)"


@pytest.mark.parametrize(("source", "closes"), [(CIRCLE, True), (CIRCLE.replace(" & F(x) = 2*F(y)", ""), False)])
def test_a_number_that_is_0_as_a_combination_of_equations_closes_a_branch(source: str, closes: bool) -> None:
    branch = Branch(Normaliser(Ring(), sort_of), frozenset())
    branch.add(negation(Conditions().parse(source)))
    found = list(spanned(branch))
    assert len(found) == closes
    for one in found:
        combine(branch, one.summands)
