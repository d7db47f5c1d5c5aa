"""Claims about learners that `models` build: the kernel's learner is the model's, and a wrong model is refuted."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from metaid_symbolic.claims import AtProblem
from metaid_symbolic.kernel import check
from metaid_symbolic.models.formulas import field_text, objective_text, vector_text
from metaid_symbolic.models.laws import finite_law, gaussian_law
from metaid_symbolic.models.learners import fomaml, maml, meta_sgd, reptile
from metaid_symbolic.models.objective import MetaObjective
from metaid_symbolic.search import Settings, findings
from metaid_symbolic.store.loading import load
from metaid_symbolic.symbols import reals
from metaid_symbolic.terms import IllFormed
from metaid_symbolic.theory import Theory

THEORY = Path(__file__).parent.parent / "proofs" / "meta_identifiability"
x, y = reals("x y")
QUARTER, THIRD = Fraction(1, 4), Fraction(1, 3)
TASKS = finite_law((x, y), [x**2 * y, (x - y) ** 2], rate=QUARTER)
STEP = "x - 1/4*grad L(t, x)"


def decided(formula: str, steps: int = 1) -> bool:
    """The truth of a formula about the tasks, as the kernel finds it."""
    claim = Theory("models").at("C", TASKS.adapted("maml", rate=QUARTER, steps=steps), formula)
    assert isinstance(claim.assertion, AtProblem)
    found = next(iter(findings(claim, Settings())))
    return check(claim.assertion, found.certificate, {}).truth


LEARNERS: dict[str, tuple[str, Callable[[Fraction], str], int]] = {
    "MAML": ("F_MAML(x) = {}", lambda rate: objective_text(maml(TASKS, rate=rate), "x"), 1),
    "first-order MAML": (f"-E(t, grad L(t, {STEP})) = {{}}", lambda rate: field_text(fomaml(TASKS, rate=rate), "x"), 1),
    "Reptile": ("reptile(x) = {}", lambda rate: field_text(reptile(TASKS, rate=rate), "x"), 1),
    "Reptile, two steps": ("reptile(x) = {}", lambda rate: field_text(reptile(TASKS, rate=rate, steps=2), "x"), 2),
}


@pytest.mark.parametrize("name", LEARNERS)
def test_the_model_builds_what_the_kernel_builds(name: str) -> None:
    said, text_at, steps = LEARNERS[name]
    assert decided(f"forall x in Rn: {said.format(text_at(QUARTER))}", steps)


@pytest.mark.parametrize("name", LEARNERS)
def test_a_model_with_another_rate_is_refuted(name: str) -> None:
    said, text_at, steps = LEARNERS[name]
    assert not decided(f"forall x in Rn: {said.format(text_at(THIRD))}", steps)


def test_rates_stay_symbols_beside_a_point() -> None:
    joint = objective_text(meta_sgd(TASKS, rates=["r", "s"]), "z", ["x", "y"])
    assert "coord(z, 1)" in joint
    assert "coord(z, 2)" in joint
    assert not {"x", "y"} & set(joint.replace("coord", " ").replace("(", " ").replace(")", " ").split())
    assert decided(f"forall z in Rn, r, s: F_MAML(z, [r, s]) = {joint}")
    assert not decided(f"forall z in Rn, r, s: F_MAML(z, [s, r]) = {joint}")


def test_entries_are_written_in_their_order() -> None:
    assert vector_text([x, y], ["x", "y"], "p") == "[coord(p, 1), coord(p, 2)]"
    assert vector_text([x, y], ["y", "x"], "p") != "[coord(p, 1), coord(p, 2)]"


def test_a_law_with_variables_is_not_written_out() -> None:
    with pytest.raises(IllFormed, match="GaussianLaw is not written out"):
        objective_text(MetaObjective(("x",), ((x - y) ** 2,), gaussian_law(["y"], [0], [1])))


def test_each_claim_about_a_model_belongs_to_one_about_all() -> None:
    theory = load(THEORY).theory
    listed = [claim for name, claim in theory.claims.items() if name.endswith("!model") and claim.specialises]
    assert len(listed) > 12
    for claim in listed:
        assert claim.specialises == claim.id.removesuffix("!model")
        assert theory.claims[claim.specialises].label == ""
        assert claim.assertion != theory.claims[claim.specialises].assertion
