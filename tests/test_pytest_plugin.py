"""`pytest --metaid`: each claim of a theory is a test item of a user's own test run."""

from __future__ import annotations

import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from shell import ENVIRONMENT, FALSE, HEAD, TRUE, step

OPEN = 'theory.unformalised("a/open", reason="not stated yet")\n'
REMARK = 'theory.remark("a/word", "prose", reason="says nothing")\n'


@pytest.fixture
def outcomes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """Runs pytest in a fresh process on a theory of one step; name -> outcome and its message."""
    monkeypatch.chdir(tmp_path)

    def run(body: str, *words: str) -> tuple[int, dict[str, tuple[str, str]]]:
        step(body)
        # the plugin of this checkout, and not once more as the entry point of what is installed
        plugins = [word for name in ("no:metaid", "metaid_symbolic.pytest_plugin", "no:cacheprovider") for word in ("-p", name)]
        command = [sys.executable, "-m", "pytest", *plugins, "-q"]
        made = subprocess.run([*command, "--junitxml=out.xml", *words, "."], capture_output=True, text=True, env=ENVIRONMENT)
        found = {}
        for case in ElementTree.parse("out.xml").iter("testcase"):
            inside = [(child.tag, child.get("message") or "") for child in case]
            found[str(case.get("name"))] = inside[0] if inside else ("passed", "")
        return made.returncode, found

    return run


def test_decided_claims_pass_open_ones_are_skipped_and_remarks_are_no_items(outcomes) -> None:  # type: ignore[no-untyped-def]
    code, found = outcomes(TRUE + FALSE + OPEN + REMARK, "--metaid")
    assert code == 0 and {name: outcome for name, (outcome, _) in found.items()} == {
        "a/true": "passed", "a/false": "passed", "a/open": "skipped", "theory": "passed",
    }  # fmt: skip
    assert "not stated yet" in found["a/open"][1]


def test_open_claims_fail_where_that_is_asked_for(outcomes) -> None:  # type: ignore[no-untyped-def]
    code, found = outcomes(TRUE + OPEN, "--metaid", "--metaid-strict")
    assert code == 1 and found["a/open"][0] == "failure" and found["a/true"][0] == "passed"


def test_a_contradicted_claim_fails_at_its_line(outcomes) -> None:  # type: ignore[no-untyped-def]
    code, found = outcomes(TRUE.replace("expected=True", "expected=False"), "--metaid")
    line = HEAD.count("\n") + 1
    assert code == 1 and found["a/true"][0] == "failure"
    assert f"step_01_x.py:{line}: a/true is proved, but its author expects False" in found["a/true"][1]


def test_a_refuted_claim_fails_with_its_counterexample(outcomes) -> None:  # type: ignore[no-untyped-def]
    outcomes('theory.claim("a/wrong", "EXISTS => UNIQ", expected=True)\n', "--metaid")
    told = next(ElementTree.parse("out.xml").iter("failure")).text or ""
    assert "refuted, but its author expects True\n    EXISTS => UNIQ\n    n = 1, Phi = R^1\n" in told and "UNIQ fails" in told


def test_a_rejected_certificate_and_a_changed_statement_fail(outcomes) -> None:  # type: ignore[no-untyped-def]
    outcomes(TRUE, "--metaid")
    certificate = next(Path("certificates").glob("*.json"))
    certificate.write_text(certificate.read_text().replace("1", "2", 1))
    assert outcomes(TRUE, "--metaid")[1]["a/true"][0] == "failure"
    certificate.unlink()
    code, found = outcomes(TRUE.replace("1 < 2", "1 < 3"), "--metaid")
    assert code == 1 and "differs" in found["a/true"][1] and "differs" in found["theory"][1]


def test_a_module_that_raises_fails_and_what_it_claimed_before_counts(outcomes) -> None:  # type: ignore[no-untyped-def]
    code, found = outcomes(TRUE + 'raise RuntimeError("oh")\n', "--metaid")
    assert code == 1 and found["a/true"][0] == "passed" and "RuntimeError: oh" in found["theory"][1]


def test_without_the_option_nothing_is_collected(outcomes) -> None:  # type: ignore[no-untyped-def]
    code, found = outcomes(TRUE)
    assert code == 5 and not found
