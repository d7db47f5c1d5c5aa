"""Audits: which hypotheses a proved implication needs, and single conditions that repair a refuted one."""

from __future__ import annotations

from collections import Counter

import pytest
from click.testing import CliRunner

from metaid_symbolic import Theory
from metaid_symbolic.claims import ForAllProblems
from metaid_symbolic.cli import main, run
from metaid_symbolic.conjectures import audit, search
from metaid_symbolic.hypotheses import ROLES, stored_audit, strengthened, weakened
from metaid_symbolic.printing import text
from metaid_symbolic.search import NothingToSearch
from metaid_symbolic.store.loading import load
from metaid_symbolic.store.locating import locate


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


def test_a_hypothesis_that_follows_from_the_others_is_redundant() -> None:
    theory = Theory("t")
    steps = [("0 < b", 0), ("forall x in Phi: F(x) < F(x) + a*b", 1)]
    claim = theory.claim("c", "forall a > 0, b: a*b = 1 => forall x in Phi: F(x) < F(x) + a*b", through=steps, by=("1 at a",))
    without = next(one for one in weakened(claim) if one.label == "a*b = 1")
    made = without.regained
    assert made.through[0].formula == without.part and made.by == ("2 at a",)
    assert [one.after for one in made.through] == [(), (1,), (1, 2)]
    given = "forall a > 0, b: a*b = 1 & b > 0 => forall x in Phi: F(x) < F(x) + b"
    found = {h.label: h.role for h in audit(theory.claim("d", given, through=[("0 < b",)]), timeout=120.0).hypotheses}
    assert found == {"0 < a": "redundant", "a*b = 1": "redundant", "0 < b": "redundant"}


def test_extreme_values_of_rates_and_bounds_are_found_together() -> None:
    text = "whole => forall mu > 0, eta > 0: (forall x in Rn: psd(hess F(x) - mu*eye) & psd(eye - hess F(x))) & eta < 2"
    claim = Theory("t").claim("c", f"{text} => forall x in Rn, a in argmin F: gd(eta, x, a)")
    without = {one.label: one.claim for one in weakened(claim)}
    found = search(without["eta < 2"], timeout=120.0)
    assert found.verdict.truth is False and found.counterexample is not None


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
    listed = [(one.label, one.claim.assertion) for one in weakened(theory.claim(f"c/{len(theory)}", source))]
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


def test_what_is_no_implication_has_no_hypotheses(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(NothingToSearch, match="is no implication"):
        audit("EXISTS")
    assert run(["search", "--audit", "EXISTS"]) == 2
    assert capsys.readouterr().err == "metaid: search is no implication, so it has no hypotheses to audit\n"


AUDITED = {
    "S4.repair/expconcave": (3, 0, 0),
    "S10.repair/strong": (3, 0, 0),
    "S10.repair/rate": (4, 2, 2),
    "S10.repair/pacoh": (3, 0, 1),
    "CON/repair": (6, 0, 1),
}
"""Hypotheses that are needed, redundant, open."""


@pytest.mark.parametrize("claim_id", AUDITED)
def test_stored_audits_are_taken_over_by_show_and_search(claim_id: str) -> None:
    loaded = load(locate("@meta_identifiability"))
    stored = stored_audit(loaded.folder, claim_id)
    count = Counter(ROLES[one.verdict.truth] for one in stored)
    assert tuple(count[role] for role in ("needed", "redundant", "open")) == AUDITED[claim_id]
    assert [one.claim.assertion for one in stored] == [one.claim.assertion for one in weakened(loaded.theory[claim_id])]
    assert all(one.certificate is not None and not one.contradicted for one in stored if one.verdict.truth is not None)
    shown = CliRunner().invoke(main, ["show", "@meta_identifiability", claim_id]).output
    assert all(f"hypothesis {one.claim.words}: {ROLES[one.verdict.truth]} (audits: {one.id})" in shown for one in stored)


def test_a_claim_that_is_not_audited_has_no_stored_audit() -> None:
    assert stored_audit(load(locate("@meta_identifiability")).folder, "SC2/inj") == () == stored_audit(None, "SC2/inj")
