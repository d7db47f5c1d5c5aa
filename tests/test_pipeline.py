"""The whole line from theory to verdicts with the real searches; what is stored and cached."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from metaid_symbolic import Theory, check, pipeline, pool, recheck, search
from metaid_symbolic.certificates import Derivation, Done
from metaid_symbolic.pipeline import Options, examine
from metaid_symbolic.pool import Limits
from metaid_symbolic.store.cache import NAME
from metaid_symbolic.store.loading import in_memory, load
from metaid_symbolic.theory import Claim, Hint
from metaid_symbolic.verdicts import Verdict

HEAD = 'from metaid_symbolic import Theory\ntheory = Theory("t", step="S1")\n'
TRUE = 'theory.statement("true", "1 < 2", expected=True)\n'
FALSE = 'theory.statement("false", "2 < 1", expected=False)\n'


def folder_with(path: Path, body: str) -> Path:
    (path / "step_01_x.py").write_text(HEAD + body)
    return path


def true_claim(expected: bool | None = None) -> Claim:
    return Theory("t").statement("true", "1 < 2", expected=expected)


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
    assert [(r.status, r.verdict) for r in recheck(str(folder), "both")] == [("accepted", "refuted"), ("accepted", "proved")]


def test_what_took_longest_starts_first(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, TRUE + FALSE)
    check(folder)
    with sqlite3.connect(folder / ".metaid" / NAME) as base:
        for name, seconds in (("true", 1), ("false", 20)):
            (row,) = base.execute("select row from verdicts where id = ?", (name,)).fetchone()
            base.execute("update verdicts set row = ? where id = ?", (json.dumps({**json.loads(row), "seconds": seconds}), name))
    order: list[str] = []
    examine(
        load(folder), ["true", "false"], Options(Limits(jobs=1), force=True), lambda result, done, total: order.append(result.id)
    )
    assert order == ["false", "true"]


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


def test_a_theory_made_in_python() -> None:
    theory = Theory("unsaved")
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


def test_a_worker_that_lies_about_its_certificate_is_not_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = pipeline.settle

    def lying(claim: Claim, answer: pool.Answer, ran: str) -> Any:
        made = honest(claim, answer, ran)
        return replace(made, verdict={Verdict.PROVED: Verdict.REFUTED, Verdict.REFUTED: Verdict.PROVED}[made.verdict])

    monkeypatch.setattr(pipeline, "settle", lying)
    report = check(folder_with(tmp_path, TRUE + FALSE))
    assert report.exit_code == 5 and {r.trouble for r in report} == {"disagreement"}
    assert all(r.verdict is Verdict.UNDECIDED and "the kernel established" in r.reason for r in report)


def test_a_cached_verdict_that_cannot_be_read_is_searched_again(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, TRUE)
    check(folder)
    [cache] = tmp_path.rglob(NAME)
    with sqlite3.connect(cache) as connection:
        [(table,)] = connection.execute("select name from sqlite_master where type='table' limit 1").fetchall()
        columns = [row[1] for row in connection.execute(f"pragma table_info({table})")]
        connection.execute(f"update {table} set {columns[-1]} = '{{}}'")
    again = check(folder)
    assert again["true"].verdict is Verdict.PROVED and again["true"].ran != "cached"
