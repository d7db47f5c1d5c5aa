"""From a worker's replies to a verdict; exit codes; the ratchet."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest

from metaid_symbolic import Theory
from metaid_symbolic.certificates import Derivation, Done, Specialisation
from metaid_symbolic.encoding import encode
from metaid_symbolic.pipeline import Report
from metaid_symbolic.pool import Answer
from metaid_symbolic.ratchet import ratchet
from metaid_symbolic.settling import settle
from metaid_symbolic.theory import Claim
from metaid_symbolic.verdicts import Result, Verdict


def true_claim(expected: bool | None = None) -> Claim:
    return Theory("t").statement("true", "1 < 2", expected=expected)


# from replies to verdicts

PROOF, DISPROOF = encode(Derivation(Done())), encode(Specialisation((), (), (), Done()))


def accepted(reply: str = "found", truth: bool = True, **more: Any) -> dict[str, Any]:
    made = {"reply": reply, "certificate": PROOF, "truth": truth, "grade": "exact", "theorems": [], "instantiation": False}
    return {**made, "method": "m", "minimal": "", "author": False, **more}


REJECTED = {"reply": "rejected", "of": "found", "reason": "2 is not 3"}
ROWS = {
    "found, true": ([accepted()], Verdict.PROVED, "", "search:m"),
    "found, false": ([accepted(truth=False)], Verdict.REFUTED, "", "search:m"),
    "by its author": ([accepted(author=True)], Verdict.PROVED, "", "author:test_verdicts.py"),
    "an instance of a theorem": ([accepted(theorems=["t"], instantiation=True)], Verdict.ASSUMED, "", "search:m"),
    "more than an instance": ([accepted(theorems=["t"])], Verdict.PROVED, "", "search:m"),
    "instantiation of nothing cited": ([accepted(instantiation=True)], Verdict.PROVED, "", "search:m"),
    "refuted by a theorem": ([accepted(truth=False, theorems=["t"], instantiation=True)], Verdict.REFUTED, "", "search:m"),
    "stored alone": ([accepted("stored")], Verdict.PROVED, "", "stored"),
    "stored, then found": ([accepted("stored"), accepted()], Verdict.PROVED, "", "search:m"),
    "stored and found differ": ([accepted("stored"), accepted(truth=False)], Verdict.UNDECIDED, "disagreement", ""),
    "the arithmetics differ": ([{"reply": "disagreement", "reason": "r"}], Verdict.UNDECIDED, "disagreement", ""),
    "the kernel failed": ([{"reply": "fault", "reason": "r"}], Verdict.UNDECIDED, "fault", ""),
    "a fault after a success": ([accepted(), {"reply": "fault", "reason": "r"}], Verdict.UNDECIDED, "fault", ""),
    "rejected": ([REJECTED], Verdict.UNDECIDED, "", ""),
    "rejected, then found": ([REJECTED, accepted()], Verdict.PROVED, "", "search:m"),
    "stored one rejected": ([{**REJECTED, "of": "stored"}], Verdict.UNDECIDED, "rejected", ""),
    "stored one rejected, another found": ([{**REJECTED, "of": "stored"}, accepted()], Verdict.PROVED, "rejected", "search:m"),
    "evidence": ([{"reply": "evidence", "reason": "50 digits", "method": "m"}], Verdict.SUPPORTED, "", "search:m"),
    "nothing": ([], Verdict.UNDECIDED, "", ""),
}


@pytest.mark.parametrize("name", ROWS)
def test_replies_make_verdicts(name: str) -> None:
    replies, verdict, trouble, origin = ROWS[name]
    made = settle(true_claim(), Answer("true", tuple(replies)), "")
    assert (made.verdict, made.trouble, made.origin) == (verdict, trouble, origin)
    assert bool(made.source) == (verdict.truth is not None)
    assert made.reason or verdict.truth is not None


def test_what_was_established_before_the_time_ran_out_stays() -> None:
    made = settle(true_claim(), Answer("true", (accepted(),), "time limit of 1 s"), "")
    assert made.verdict is Verdict.PROVED
    assert settle(true_claim(), Answer("true", (), "time limit of 1 s"), "").reason == "time limit of 1 s"


def test_vacuity() -> None:
    claim = Theory("t").claim("c", "FPD & EXISTS => UNIQ")
    for replies, expected in (
        ([accepted()], "vacuous?"),
        ([accepted(), {"reply": "vacuity", "vacuity": "vacuous"}], "vacuous"),
        ([accepted(truth=False)], "nonvacuous"),
    ):
        assert settle(claim, Answer("c", tuple(replies)), "").vacuity == expected


def test_expectation() -> None:
    assert settle(true_claim(expected=False), Answer("true", (accepted(),)), "").contradicted
    assert not settle(true_claim(expected=True), Answer("true", (accepted(),)), "").contradicted
    assert not settle(true_claim(expected=True), Answer("true", ()), "").contradicted


# exit codes and the ratchet


def report_of(*results: Result, **more: Any) -> Report:
    return Report("t", results, **more)


def result(verdict: Verdict, expected: bool | None = None, trouble: str = "") -> Result:
    return Result(true_claim(expected), verdict, trouble=trouble)


CODES = {
    "decided as expected": (report_of(result(Verdict.PROVED, True)), 0),
    "assumed as expected": (report_of(result(Verdict.ASSUMED, True)), 0),
    "a label": (report_of(result(Verdict.PROSE)), 0),
    "contradicted": (report_of(result(Verdict.REFUTED, True)), 1),
    "assumed against expectation": (report_of(result(Verdict.ASSUMED, False)), 1),
    "rejected": (report_of(result(Verdict.PROVED, trouble="rejected")), 1),
    "statements differ": (report_of(result(Verdict.PROVED), differences=("x",)), 1),
    "a module raised": (report_of(result(Verdict.PROVED), problems=("x",)), 2),
    "a broken claim": (report_of(result(Verdict.UNDECIDED, trouble="broken")), 2),
    "open": (report_of(result(Verdict.UNDECIDED)), 3),
    "supported": (report_of(result(Verdict.SUPPORTED)), 3),
    "nothing": (report_of(), 4),
    "disagreement before contradiction": (
        report_of(result(Verdict.REFUTED, True), result(Verdict.UNDECIDED, trouble="disagreement")),
        5,
    ),
    "a fault before all": (report_of(result(Verdict.UNDECIDED, trouble="fault"), problems=("x",)), 101),
    "interrupted": (report_of(result(Verdict.UNDECIDED), interrupted=True), 130),
}


@pytest.mark.parametrize("name", CODES)
def test_exit_codes(name: str) -> None:
    report, code = CODES[name]
    assert report.exit_code == code


RATCHET = {
    "assumed and not listed": (Verdict.ASSUMED, {}, 0),
    "assumed and listed": (Verdict.ASSUMED, {"true": "why"}, 1),
    "open and listed": (Verdict.UNDECIDED, {"true": "hard"}, 0),
    "open and not listed": (Verdict.UNDECIDED, {}, 3),
    "decided and listed": (Verdict.PROVED, {"true": "hard"}, 1),
    "decided and not listed": (Verdict.PROVED, {}, 0),
    "a listed claim that is none": (Verdict.PROVED, {"gone": "hard"}, 1),
    "a label and not listed": (Verdict.PROSE, {}, 0),
}


@pytest.mark.parametrize("name", RATCHET)
def test_ratchet(name: str) -> None:
    verdict, allowed, code = RATCHET[name]
    found, messages = ratchet(report_of(result(verdict)), allowed, {"true": None})
    assert found == code and bool(messages) == bool(code)


def test_the_ratchet_forgives_nothing_else() -> None:
    assert ratchet(report_of(result(Verdict.REFUTED, True)), {}, {"true": None})[0] == 1
    assert ratchet(report_of(result(Verdict.UNDECIDED, trouble="disagreement")), {"true": ""}, {"true": None})[0] == 5


def test_json_has_the_documented_keys() -> None:
    found = report_of(result(Verdict.PROVED, True)).to_json()
    assert {"schema", "theory", "claims", "summary"} <= set(found)
    documented = "id step kind verdict expected universe grade assumptions origin vacuity minimal seconds certificate"
    assert set(documented.split()) <= set(found["claims"][0])
    assert sys.getsizeof(json.dumps(found))
