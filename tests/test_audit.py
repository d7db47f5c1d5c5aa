"""Audits: which hypotheses a proved implication needs, and single conditions that repair a refuted one."""

from __future__ import annotations

import pytest

from metaid_symbolic import Theory
from metaid_symbolic.claims import ForAllProblems
from metaid_symbolic.conjectures import audit, search
from metaid_symbolic.hypotheses import strengthened, weakened
from metaid_symbolic.printing import text


def test_what_is_needed_is_shown_by_a_counterexample_and_what_is_redundant_by_a_proof() -> None:
    found = audit("EXISTS & SAME => INTERP", timeout=90.0)
    assert [(h.label, h.role) for h in found.hypotheses] == [("EXISTS", "needed"), ("SAME", "needed")]
    found = audit("HPD & FPD => HNS", timeout=90.0)
    assert [(h.label, h.role) for h in found.hypotheses] == [("HPD", "needed"), ("FPD", "redundant")]
    assert all(h.without.verdict.truth is {"needed": False, "redundant": True}[h.role] for h in found.hypotheses)


def test_a_decided_result_is_not_searched_again() -> None:
    known = search("HPD => HNS").result
    heard: list[str] = []
    found = audit(known.claim, known=known, notify=lambda result, done, total: heard.append(result.id))
    assert found.answer.result is known and heard == ["search/without-1"]


def test_hypotheses_inside_a_conclusion_count_but_not_those_of_a_condition() -> None:
    theory = Theory("t")
    inner = "CONV => forall mu > 0, x in Phi: grad F(x) = zero & mu <= 1 => mu*F(phi) <= F(x)"
    listed = _weakened(theory, inner)
    assert [label for label, _ in listed] == ["CONV", "0 < mu", "grad F(x) = zero", "mu <= 1"]
    assert "mu <= 1" not in text(listed[-1][1].conclusion.formula) and "grad F(x) = zero" in text(
        listed[-1][1].conclusion.formula
    )
    assert [label for label, _ in _weakened(theory, "EXISTS & GINJ => INJ")] == ["EXISTS", "GINJ"]


def _weakened(theory: Theory, source: str) -> list[tuple[str, ForAllProblems]]:
    claim = theory.claim(f"c/{len(theory)}", source)
    assert isinstance(claim.assertion, ForAllProblems)
    listed = [(label, made.assertion) for label, made in weakened(claim, claim.assertion)]
    return [(label, made) for label, made in listed if isinstance(made, ForAllProblems)]


def test_conditions_that_hold_at_a_counterexample_or_that_an_example_has_are_no_repairs() -> None:
    refuted = search("MIN => SLM").result
    names = {name for name, _ in strengthened(refuted.claim, refuted.certificate)}
    assert {"HPD", "FOC"} <= names and not names & {"CONV", "WHOLE", "TCONV", "INTERP", "SLM", "MIN"}


def test_repairs_are_proved_and_not_vacuous() -> None:
    refuted = search("MIN => SLM")
    kept = {"HNS", "ISO", "CONV"}
    found = {r.condition: r.result for r in refuted.repairs if r.condition in kept}
    assert "ISO" in found and "CONV" not in found
    assert all(r.verdict.truth and r.vacuity == "nonvacuous" for r in found.values())


def test_what_is_no_implication_has_no_hypotheses() -> None:
    with pytest.raises(TypeError, match="is no implication"):
        audit("EXISTS")
