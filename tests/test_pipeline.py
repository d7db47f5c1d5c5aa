"""From a worker's answer to a verdict; limits, crashes, disagreement, interruption; what is stored and cached."""

from __future__ import annotations

import json
import sys
import time
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from metaid_symbolic import MetaProblem, Theory, check, pipeline, pool, reals, recheck, search
from metaid_symbolic.certificates import Derivation, Done, Specialisation
from metaid_symbolic.encoding import Malformed, encode
from metaid_symbolic.pipeline import Options, Report, examine
from metaid_symbolic.pool import Answer, Limits, ask_all
from metaid_symbolic.ratchet import ratchet
from metaid_symbolic.settling import settle
from metaid_symbolic.store.loading import in_memory, load
from metaid_symbolic.theory import Claim, Hint
from metaid_symbolic.verdicts import Result, Verdict
from metaid_symbolic.wire import pack, unpack

HEAD = 'from metaid_symbolic import Theory\ntheory = Theory("t", step="S1")\n'
TRUE = 'theory.statement("true", "1 < 2", expected=True)\n'
FALSE = 'theory.statement("false", "2 < 1", expected=False)\n'


def folder_with(path: Path, body: str) -> Path:
    (path / "step_01_x.py").write_text(HEAD + body)
    return path


def true_claim(expected: bool | None = None) -> Claim:
    return Theory("t").statement("true", "1 < 2", expected=expected)


# the wire between the pipeline and its workers

x, y = reals("x y")
SENT = {
    "nothing": None,
    "a text": "a",
    "a truth value": True,
    "an integer": 3,
    "a fraction": Fraction(-1, 3),
    "a term": x**2 / 3 + y,
    "a tuple": (1, ("a", None)),
    "a meta-problem": MetaProblem(x, losses=[x**2, x], weights=["1/3", "2/3"]),
    "a claim": Theory("w").claim("c", "FPD & EXISTS => UNIQ", expected=False, hint=Hint(point=(1, Fraction(1, 2)), terms=(x,))),
    "a certificate": Derivation(Done()),
}


@pytest.mark.parametrize("name", SENT)
def test_what_is_sent_arrives(name: str) -> None:
    assert unpack(json.loads(json.dumps(pack(SENT[name])))) == SENT[name]


@pytest.mark.parametrize("value", [{}, {"a": 1}, object(), print, Limits, 1j, Path(), {1}], ids=repr)
def test_what_is_not_sent(value: object) -> None:
    with pytest.raises(Malformed):
        pack(value)


@pytest.mark.parametrize("module", ["os", "metaid_symbolicx.terms", "sys.metaid_symbolic."])
def test_nothing_outside_the_package_is_made(module: str) -> None:
    with pytest.raises(Malformed):
        unpack({"class": [module, "system"], "fields": {}})


# from replies to verdicts

PROOF, DISPROOF = encode(Derivation(Done())), encode(Specialisation((), (), (), Done()))


def accepted(reply: str = "found", truth: bool = True, **more: Any) -> dict[str, Any]:
    made = {"reply": reply, "certificate": PROOF, "truth": truth, "grade": "exact", "theorems": [], "instantiation": False}
    return {**made, "method": "m", "minimal": "", "author": False, **more}


REJECTED = {"reply": "rejected", "of": "found", "reason": "2 is not 3"}
ROWS = {
    "found, true": ([accepted()], Verdict.PROVED, "", "search:m"),
    "found, false": ([accepted(truth=False)], Verdict.REFUTED, "", "search:m"),
    "by its author": ([accepted(author=True)], Verdict.PROVED, "", "author:test_pipeline.py"),
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


# workers

SAYS = "import sys, json; line = sys.stdin.readline(); print(json.dumps({}), flush=True); "
DYING = {
    "it ends": ("import sys; sys.exit(3)", "ended with code 3"),
    "it is killed": ("import os; os.kill(os.getpid(), 11)", "ended with signal 11"),
    "it raises": ("raise ValueError('why')", "ValueError: why"),
    "it babbles": ("input(); print('no json', flush=True); import time; time.sleep(60)", "ended with signal 9"),
    "it hangs": ("import time; time.sleep(60)", "time limit of 0.3 s"),
    "it runs out of memory": (
        "import sys; sys.path.append(sys.argv[1]); from metaid_symbolic.worker import _limit_memory;"
        " _limit_memory(400 << 20); x = bytearray(1 << 30)",
        "MemoryError",
    ),
}


@pytest.mark.parametrize("name", DYING)
def test_a_worker_that_dies_says_why(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    code, reason = DYING[name]
    monkeypatch.setattr(pool, "START", code)
    seconds = 0.3 if name == "it hangs" else 20.0
    answers = list(ask_all([("a", {}), ("b", {})], Limits(seconds=seconds, jobs=1)))
    assert [a.name for a in answers] == ["a", "b"]
    assert all(reason in a.ended for a in answers), answers


def test_the_search_failing_for_one_claim_costs_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    code = (
        "import sys, json\nfor line in sys.stdin:\n if 'die' in line: sys.exit(1)\n"
        f' print(json.dumps({accepted()!r}), flush=True); print(\'{{"reply": "end"}}\', flush=True)'
    )
    monkeypatch.setattr(pool, "START", code)
    answers = {a.name: a for a in ask_all([("a", {}), ("die", {"x": "die"}), ("b", {})], Limits(jobs=1))}
    assert answers["die"].ended and not answers["a"].ended and not answers["b"].ended


def test_leaving_early_kills_the_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "START", "import time; time.sleep(60)")
    start = time.monotonic()
    answers = ask_all([("a", {}), ("b", {})], Limits(seconds=0.2, jobs=2))
    next(answers)
    answers.close()  # type: ignore[attr-defined]
    assert time.monotonic() - start < 20


# the whole line, with the real searches


def test_check_certifies_stores_and_caches(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, TRUE + FALSE + 'theory.remark("words", "prose", "no claim")\n')
    first = check(folder)
    assert [(r.id, r.verdict.value, r.path) for r in first] == [
        ("true", "proved", "certificates/true.json"),
        ("false", "refuted", "certificates/false.json"),
        ("words", "prose", ""),
    ]
    assert first.exit_code == 0 and all(r.origin.startswith("search:") for r in first if r.source)
    again = check(folder)
    assert [r.ran for r in again] == ["cached", "cached", ""]
    assert [r.to_json() for r in again] == [r.to_json() for r in first]
    assert [(r.status, r.truth) for r in recheck(str(folder), "both")] == [("accepted", False), ("accepted", True)]


def test_a_changed_certificate_is_searched_again_and_reported(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, TRUE)
    check(folder)
    path = folder / "certificates" / "true.json"
    good = path.read_text()
    for bad in (
        "{",
        good.replace("Done", "Gone"),
        good.replace('"claim":"', '"claim":"0'),
        good.replace("Derivation", "Refutation"),
    ):
        path.write_text(bad)
        report = check(folder)
        assert report.exit_code == 1 and report["true"].verdict is Verdict.PROVED, bad
        assert report["true"].trouble == "rejected" and path.read_text() == good
        assert check(folder).exit_code == 0


def test_a_changed_statement_is_not_checked_until_it_is_accepted(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, TRUE + FALSE)
    check(folder)
    folder_with(tmp_path, TRUE.replace("1 < 2", "1 < 3") + FALSE)
    report = check(folder)
    assert report.exit_code == 1 and report["true"].trouble == "differs" and report["false"].verdict is Verdict.REFUTED
    accepted_report = examine(load(folder), ["true", "false"], Options(accept=True))
    assert accepted_report.exit_code == 0 and check(folder).exit_code == 0


def test_a_corrupt_cache_loses_nothing(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, TRUE)
    check(folder)
    cache = next((folder / ".metaid").iterdir())
    cache.write_bytes(b"garbage " * 1000)
    report = check(folder)
    assert report.exit_code == 0 and "corrupt" in report.notes[0]
    assert check(folder)["true"].ran == "cached"


def test_without_time_nothing_is_decided(tmp_path: Path) -> None:
    report = check(folder_with(tmp_path, TRUE), timeout=0.001)
    assert report["true"].verdict is Verdict.UNDECIDED and "time limit" in report["true"].reason
    assert report.exit_code == 3
    assert check(tmp_path)["true"].verdict is Verdict.PROVED


def test_a_contradicted_expectation(tmp_path: Path) -> None:
    report = check(folder_with(tmp_path, TRUE.replace("expected=True", "expected=False")))
    assert report.exit_code == 1 and report["true"].contradicted and report["true"].verdict is Verdict.PROVED


def test_blind_replaces_no_stored_certificate(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, TRUE)
    check(folder)
    path = folder / "certificates" / "true.json"
    before = path.stat().st_mtime_ns
    assert check(folder, blind=True)["true"].origin.startswith("search:")
    assert path.stat().st_mtime_ns == before
    path.unlink()
    check(folder, blind=True)
    assert path.is_file()


def test_a_theory_made_in_a_session() -> None:
    theory = Theory("session")
    theory.statement("one", "1 < 2", expected=True)
    report = check(theory)
    assert report["one"].shown == "proved" and report["one"].certificate == Derivation(Done())
    assert len(report) == 1 and "proved" in report._repr_html_() and "one" in report["one"]._repr_html_()


def test_search_takes_a_claim(tmp_path: Path) -> None:
    answer = search(Theory("t").statement("one", "2 < 1"))
    assert answer.verdict is Verdict.REFUTED and answer.counterexample is not None
    assert answer.repairs == ()


def test_ctrl_c_keeps_what_was_established(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = folder_with(tmp_path, TRUE + FALSE)

    def interrupted(tasks: Any, limits: Any) -> Any:
        yield next(pool.ask_all(tasks, limits))
        raise KeyboardInterrupt

    monkeypatch.setattr(pipeline, "ask_all", interrupted)
    report = examine(load(folder), ["true", "false"], Options(Limits(jobs=1)))
    assert report.interrupted and report.exit_code == 130
    assert [(r.id, r.reason) for r in report] == [("true", ""), ("false", "interrupted")]
    monkeypatch.undo()
    assert [r.ran for r in check(folder)] == ["cached", "no cached verdict"]


def test_a_hint_that_cannot_be_sent() -> None:
    theory = Theory("t")
    theory.statement("one", "1 < 2", hint=Hint(certificate=print))
    theory.statement("two", "1 < 2")
    report = examine(in_memory(theory), ["one", "two"], Options())
    assert report["one"].trouble == "broken" and "cannot be sent" in report["one"].reason
    assert report["two"].verdict is Verdict.PROVED


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
    "open and listed": (Verdict.UNDECIDED, {"true": "hard"}, 0),
    "open and not listed": (Verdict.UNDECIDED, {}, 3),
    "assumed and not listed": (Verdict.ASSUMED, {}, 3),
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
