"""One search in parts: the same answer however it is run, resumed or replayed; and what the command line says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from shell import Shell

from metaid_symbolic import Theory, pool
from metaid_symbolic.claims import ForAllProblems, Theorem
from metaid_symbolic.conjectures import Answer, about_numbers, replay, search
from metaid_symbolic.language import parse_formula
from metaid_symbolic.pool import Limits, Task, ask_all
from metaid_symbolic.running import session as session_module
from metaid_symbolic.running.journal import Journal
from metaid_symbolic.running.replay import NoReplay, read
from metaid_symbolic.running.session import Session
from metaid_symbolic.search import NothingToSearch, Settings, Unit
from metaid_symbolic.search.registry import methods, name, strategies, units
from metaid_symbolic.statements import canonical
from metaid_symbolic.theory import Claim

TRUE, FALSE = "UNIQ => WEAK", "FPD & EXISTS => UNIQ"
QUICK = {"timeout": 120.0, "jobs": 1}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of all tasks that are done here."""
    names: list[str] = []

    def spying(tasks: Sequence[Task], limits: Limits) -> Iterator[pool.Answer]:
        for answer in ask_all(tasks, limits):
            names.append(answer.name)
            yield answer

    monkeypatch.setattr(session_module, "ask_all", spying)
    return names


# parts


@pytest.mark.parametrize("budget", [1, 499, 500, 501, 2_000, 2_001, 5_000])
def test_the_parts_of_an_enumeration_are_all_of_it_once(budget: int) -> None:
    listed = list(units(Theory("t").claim("c", FALSE), Settings(budget=budget)))
    numbers = [n for u in listed if u.strategy == "enumeration" for n in range(u.start, u.stop)]
    assert numbers == list(range(min(500, budget), budget))
    assert [u.strategy for u in listed].count("small") == 1


def test_every_strategy_has_a_name_of_its_own() -> None:
    claims = (Theory("t").claim("c", FALSE, expected=e) for e in (None, True, False))
    used = {name(m) for claim in claims for m in methods(claim)}
    assert used <= set(strategies()) and "" not in used


def test_one_process_and_two_give_the_same_answer() -> None:
    one, two = (search(FALSE, timeout=120.0, jobs=jobs, strategies=("small", "enumeration")) for jobs in (1, 2))
    assert one.result.verdict.truth is False
    assert (one.result.source, one.replay) == (two.result.source, two.replay)


def test_a_strategy_by_name_is_the_only_one_tried(asked: list[str]) -> None:
    answer = search(FALSE, **QUICK, strategies=("definitions",))
    assert answer.result.verdict.truth is None and [p.unit for p in answer.parts] == [Unit("definitions")] and len(asked) == 1


def test_a_worker_that_others_kill_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mark = str(tmp_path / "was here")
    code = (
        "import os, pathlib, sys\n"
        f"p = pathlib.Path({mark!r})\n"
        "sys.stdin.readline()\n"
        "if not p.exists(): p.touch(); os.kill(os.getpid(), 9)\n"
        'print(\'{"reply": "end"}\', flush=True)'
    )
    monkeypatch.setattr(pool, "START", code)
    (answer,) = ask_all([("a", {})], Limits(jobs=1))
    assert not answer.ended and not answer.lost


def test_a_task_that_kills_every_worker_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "START", "import os, sys; sys.stdin.readline(); os.kill(os.getpid(), 9)")
    (answer,) = ask_all([("a", {})], Limits(jobs=1))
    assert answer.lost and "signal 9" in answer.ended


def test_all_parts_together_keep_the_time_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "START", "import time; time.sleep(60)")
    answers = list(ask_all([(str(k), {}) for k in range(20)], Limits(seconds=0.3, jobs=1, total=0.5)))
    assert len(answers) == 20 and {a.ended for a in answers} == {"time limit of 0.3 s"}


# resumption


def test_an_interrupted_search_goes_on_where_it_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: list[str]) -> None:
    spying = session_module.ask_all

    def interrupted(tasks: Sequence[Task], limits: Limits) -> Iterator[pool.Answer]:
        answers = spying(tasks, limits)
        yield next(answers)
        raise KeyboardInterrupt

    session, some = Session(state=tmp_path), {"strategies": ("definitions", "small"), **QUICK}
    monkeypatch.setattr(session_module, "ask_all", interrupted)
    with pytest.raises(KeyboardInterrupt):
        search(TRUE, session=session, **some)
    monkeypatch.setattr(session_module, "ask_all", spying)
    answer = search(TRUE, session=session, **some)
    assert answer.result.verdict.truth is True
    assert [p.remembered for p in answer.parts] == [True, False] and len(asked) == len(set(asked)) == 2
    again = search(TRUE, session=session, **some)
    assert again.result.source == answer.result.source and len(asked) == 2
    search(TRUE, session=replace(session, fresh=True), **some)
    assert len(asked) == 4


def test_a_larger_budget_goes_on_from_a_smaller_one(tmp_path: Path, asked: list[str]) -> None:
    for budget in (500, 2_000):
        search(TRUE, session=Session(state=tmp_path), budget=budget, strategies=("enumeration", "small"), **QUICK)
    assert len(asked) == len(set(asked)) == 2


def test_a_state_that_is_unreadable_is_not_used(tmp_path: Path) -> None:
    session = Session(state=tmp_path)
    search(FALSE, session=session, **QUICK)
    (path,) = tmp_path.glob("*.json")
    path.write_text("{")
    answer = search(FALSE, session=session, **QUICK)
    assert answer.result.verdict.truth is False and "unreadable" in answer.notes[0]
    assert json.loads(path.read_text())


def test_a_state_that_lies_is_not_believed(tmp_path: Path) -> None:
    session = Session(state=tmp_path)
    search(FALSE, session=session, **QUICK)
    (path,) = tmp_path.glob("*.json")
    path.write_text(path.read_text().replace('"truth":false', '"truth":true'))
    assert search(FALSE, session=session, **QUICK).result.trouble == "disagreement"


def test_a_state_that_cannot_be_written_is_a_note(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    answer = search(FALSE, session=Session(state=tmp_path / "file"), **QUICK)
    assert answer.result.verdict.truth is False and answer.notes


def test_the_journal_keeps_what_it_is_given(tmp_path: Path) -> None:
    Journal(tmp_path / "a").put(pool.Answer("k", ({"reply": "end"},), seconds=0.5))
    assert Journal(tmp_path / "a").get("k") == pool.Answer("k", ({"reply": "end"},), seconds=0.5)
    assert Journal(tmp_path / "a").get("other") is None


# replay


@pytest.mark.parametrize("text", [FALSE, TRUE, "forall x, y: x^2 + y^2 >= 3*x*y"])
def test_a_replay_has_the_same_answer(text: str, asked: list[str]) -> None:
    answer = search(text, **QUICK)
    asked.clear()
    again = replay(answer.replay)
    assert (again.result.verdict, again.result.source) == (answer.result.verdict, answer.result.source)
    assert again.replay == answer.replay and len(asked) == 1 and len(answer.replay) < 2_000


def test_what_an_author_suggests_has_no_replay() -> None:
    claim = Theory("t").claim("c", TRUE, expected=True, by=("convexity",))
    assert Answer(search(claim, **QUICK).result, search(TRUE, **QUICK).options).replay == ""


def text_of_false() -> str:
    from metaid_symbolic.running.replay import written

    return written(Theory("t").claim("c", FALSE), {"seed": 0}, Unit("small", 0, 500))


def changed(**more: object) -> str:
    import base64
    import zlib

    data = json.loads(zlib.decompress(base64.urlsafe_b64decode(text_of_false().partition(".")[2] + "===")))
    return "metaid1." + base64.urlsafe_b64encode(zlib.compress(json.dumps({**data, **more}).encode())).decode().rstrip("=")


DAMAGED = {
    "empty": (lambda: "", "begins with"),
    "another": (lambda: "hello", "begins with 'metaid1.'"),
    "cut off": (lambda: text_of_false()[:-20], "damaged"),
    "no base64": (lambda: "metaid1.*", "damaged"),
    "no JSON": (lambda: changed(claim='{"kind": "Nothing"}'), "damaged"),
    "a strategy that is none": (lambda: changed(unit=["guess", 0, 0]), "strategy 'guess'"),
    "a negative number": (lambda: changed(unit=["enumeration", -1, 5]), "damaged"),
    "a truth value that is none": (lambda: changed(expected=1.5), "damaged"),
    "a setting that is none": (lambda: changed(settings={"colour": 1}), "damaged"),
    "a theory on disk": (lambda: changed(settings={"theories": ["elsewhere/x"]}), "no theories but those"),
    "another theorem by a known name": (
        lambda: changed(theorems=[[canonical(Theorem("Fermat", (), parse_formula("false"), "nobody"))]]),
        "a theorem of its own by the name of 'Fermat'",
    ),
    "a theorem that is none": (lambda: changed(theorems=["Fermat's last"]), 'theorem "Fermat\'s last"'),
}


@pytest.mark.parametrize("case", DAMAGED)
def test_damaged_replays(case: str) -> None:
    make, reason = DAMAGED[case]
    with pytest.raises(NoReplay, match=re.escape(reason)):
        read(make())


def test_the_undamaged_text_is_read() -> None:
    assert read(text_of_false()).unit == read(changed()).unit == Unit("small", 0, 500)


# formulas about numbers

ABOUT_NUMBERS = {
    "forall x, y: x^2 + y^2 >= 2*x*y": True,
    "exists x: exp(x) = 2 & x > 0": True,
    "forall x: x + a > 0": False,
    "forall x in Phi: F(x) > 0": False,
    "forall t in tasks: 1 < 2": False,
    "forall x: f(x) > 0": False,
    "n = 1": False,
}


@pytest.mark.parametrize("source", ABOUT_NUMBERS)
def test_which_formulas_are_about_numbers(source: str) -> None:
    assert about_numbers(parse_formula(source)) is ABOUT_NUMBERS[source]


# a restricted universe


def test_a_conjecture_in_a_restricted_universe_is_another_claim() -> None:
    answer = search("EXISTS => UNIQ", domain="whole", given=("TCONV", "alpha = 1/2"), **QUICK)
    made = answer.result.claim.assertion
    assert isinstance(made, ForAllProblems) and made.universe.domain == "whole"
    assert [h.label for h in made.hypotheses] == ["TCONV", "alpha = 1/2", "EXISTS"] and answer.result.verdict.truth is False


@pytest.mark.parametrize("asked", ["forall x: x > 0", Theory("t").claim("c", TRUE)], ids=["numbers", "a claim"])
def test_what_has_no_universe_to_restrict(asked: str | Claim) -> None:
    with pytest.raises(NothingToSearch, match="restricted"):
        search(asked, given=("TCONV",))


# the command line


def test_what_the_command_says(metaid: Shell, tmp_path: Path) -> None:
    code, out, err = metaid("search", FALSE, "--no-repairs", "--explain", "-j", "1")
    assert code == 0 and "seed 0, " in out and "replay: metaid search --replay metaid1." in out
    assert re.search(r"strategies:\n  contradictory: nothing, .*\n  small, candidates 1 to 500: decides it, \d+ tried", out)
    assert "decides it" in err
    text = out.split("--replay ")[1].split()[0]
    again = metaid("search", FALSE, "--no-repairs", "--json")
    assert "goes on where an earlier run ended" in again[2] and json.loads(again[1])["replay"] == text
    code, replayed, _ = metaid("search", "--replay", text, "--no-repairs")
    assert code == 0 and "task 1, weight 1/2: L_1(x) = x" in replayed
    assert list((Path() / ".metaid" / "searches").glob("*.json"))


BAD = {
    "an unknown condition": (["FPDX => UNIQ"], 2, "there is no condition FPDX; did you mean FPD?"),
    "an unknown strategy": (["CRIT => MIN", "--strategy", "smal"], 2, "there is no strategy 'smal'; did you mean small?"),
    "a budget of zero": (["CRIT => MIN", "--budget", "0"], 2, "0 is not in the range x>=1"),
    "an empty universe": (["CRIT => MIN", "--dim", "3..2"], 2, "'3..2' is no number >= 1 and no range"),
    "true by definition": (["CRIT & HPD => HPD"], 2, "true by definition: HPD is a hypothesis and HPD the conclusion"),
    "a scheduler that is none": (["CRIT => MIN", "--scheduler", "here"], 2, "'here' is no address of a scheduler"),
    "a scheduler that is away": (["CRIT => MIN", "--scheduler", "tcp://127.0.0.1:1"], 2, "cannot be reached"),
    "a replay that is none": (["--replay", "abc"], 2, "a text for --replay begins with 'metaid1.'"),
    "two questions": (["CRIT => MIN", "--replay", "abc"], 2, "CLAIM and --replay exclude one another"),
    "no question": ([], 2, "name a CLAIM"),
    "a rate that is none": (["CRIT => MIN", "--rate", "x"], 2, "'x' is no rate"),
    "numbers, restricted": (["forall x: x > 0", "--convex"], 2, "no meta-problems that could be restricted"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_questions(case: str, metaid: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    words, code, message = BAD[case]
    monkeypatch.setattr("metaid_symbolic.running.scheduler.CONNECTING", 0.5)
    if "--scheduler" in words:
        pytest.importorskip("distributed")
    found = metaid("search", *words)
    assert found[0] == code and message in found[2] and found[2].count("metaid:") <= 1, found
