"""Searches that hang, die, lie or fill the disk cost neither a verdict that was established nor the honesty of the next one."""

from __future__ import annotations

import errno
import importlib
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from kernel_tables import ACCEPTED, done, instance, quad, unknown
from shell import ENVIRONMENT, FALSE, HEAD, TRUE, Shell, step
from test_workers import accepted

from metaid_symbolic import Theory, check, pool, recheck, search
from metaid_symbolic import pipeline as pipeline_module
from metaid_symbolic.certificates import Certificate, Derivation, OneVariable, Refutation, Root
from metaid_symbolic.pipeline import Options, examine
from metaid_symbolic.pool import Limits, ask_all
from metaid_symbolic.search import Finding
from metaid_symbolic.store import files
from metaid_symbolic.store.loading import in_memory
from metaid_symbolic.theory import Claim
from metaid_symbolic.verdicts import Verdict
from metaid_symbolic.wire import pack
from metaid_symbolic.worker import answer

SEARCH = importlib.import_module("metaid_symbolic.search")
LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits of other processes are Linux's")


def folder_with(path: Path, body: str) -> Path:
    (path / "step_01_x.py").write_text(HEAD + body)
    return path


def leftovers(folder: Path) -> list[str]:
    return [p.name for p in folder.rglob(".*") if p.is_file()]


# limits

LIMITS = (
    "import sys, json, resource, os\nfor line in sys.stdin:\n"
    " print(json.dumps({'reply': 'limits', 'memory': resource.getrlimit(resource.RLIMIT_AS)[0],"
    " 'processor': resource.getrlimit(resource.RLIMIT_CPU)[0], 'parent': os.getppid()}), flush=True)\n"
    ' print(\'{"reply": "end"}\', flush=True)\n'
)


@LINUX
def test_the_parent_sets_the_limits_of_every_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker's program here sets none itself."""
    monkeypatch.setattr(pool, "START", LIMITS)
    tasks: list[tuple[str, dict[str, Any]]] = [(name, {}) for name in "abc"]
    for found in ask_all(tasks, Limits(seconds=5, memory=1 << 30, jobs=1)):
        (told, _) = found.replies
        assert told["parent"] == os.getpid() and told["memory"] == 1 << 30
        assert 5 <= told["processor"] <= 5 * pool.CORES + 3


@LINUX
def test_a_worker_that_uses_more_processor_time_than_wall_clock_time_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "START", "while True: pass")
    monkeypatch.setattr(pool, "CORES", 0)
    (found,) = ask_all([("a", {})], Limits(seconds=60, jobs=1))
    assert "processor time" in found.ended


@LINUX
def test_what_a_worker_started_dies_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An external program that ignores its own limit, as solvers do."""
    solver = "import subprocess, sys; p = subprocess.Popen(['sleep', '300']); open(sys.argv[3], 'w').write(str(p.pid)); p.wait()"
    note = tmp_path / "pid"
    monkeypatch.setattr(pool, "START", f"import sys; sys.argv.append({str(note)!r}); {solver}")
    (found,) = ask_all([("a", {})], Limits(seconds=3, jobs=1))
    assert "time limit" in found.ended
    deadline = time.monotonic() + 10
    while alive(int(note.read_text())) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not alive(int(note.read_text()))


def alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_every_search_runs_in_a_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """With searches that would end this process the verdicts are the same: none runs here."""

    def never(*about: Any) -> Any:
        raise SystemExit("a search ran in the parent")

    monkeypatch.setattr(SEARCH, "outcomes", never)
    theory = Theory("t")
    theory.statement("one", "1 < 2", expected=True)
    assert check(theory)["one"].verdict is Verdict.PROVED
    assert search(Theory("t").statement("two", "2 < 1")).verdict is Verdict.REFUTED


# killed at any time

KILLED = (
    "import sys, json, os, signal\nline = sys.stdin.readline()\n"
    f"print(json.dumps({accepted()!r}), flush=True)\nos.kill(os.getpid(), signal.SIGKILL)"
)


def test_a_worker_that_is_killed_after_it_found_something_has_found_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = folder_with(tmp_path, TRUE)
    monkeypatch.setattr(pool, "START", KILLED)
    assert check(folder)["a/true"].verdict is Verdict.PROVED
    assert [(r.status, r.verdict) for r in recheck(str(folder))] == [("accepted", "proved")]


def test_a_run_that_is_killed_keeps_what_was_established(tmp_path: Path) -> None:
    """SIGKILL to the whole program at several moments; then the rest is searched, and nothing is half written."""
    folder = folder_with(tmp_path, TRUE + FALSE)
    for seconds in (0.3, 0.9, 1.6, 2.4):
        run = subprocess.Popen(command("check", str(folder), "-j", "1"), env=ENVIRONMENT, stdout=-3, stderr=-3)
        time.sleep(seconds)
        run.kill()
        run.wait()
        assert all(r.status == "accepted" for r in recheck(str(folder))) if (folder / "statements.json").exists() else True
    assert check(folder).exit_code == 0
    assert [r.verdict for r in recheck(str(folder), "both")] == ["refuted", "proved"]


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "metaid_symbolic", *words]


def test_two_runs_in_one_folder(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, TRUE + FALSE)
    runs = [
        subprocess.Popen(command("check", "--json", str(folder), "--force"), env=ENVIRONMENT, stdout=-1, stderr=-1, text=True)
        for _ in range(3)
    ]
    for run in runs:
        out, err = run.communicate(timeout=120)
        assert run.returncode == 0, err
        assert {c["id"]: c["verdict"] for c in json.loads(out)["claims"]} == {"a/true": "proved", "a/false": "refuted"}
    assert all(r.status == "accepted" for r in recheck(str(folder), "both")) and not leftovers(folder)


# disks


def full(path: Path, content: str) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))


def test_a_full_disk_loses_no_certificate_and_says_so_once(metaid: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    step(TRUE + FALSE)
    assert metaid("check")[0] == 0
    kept = {p: p.read_bytes() for p in Path("certificates").iterdir()}
    Path("certificates/a~true.json").write_text("{}")
    with monkeypatch.context() as changed:
        changed.setattr(files, "write_atomically", full)
        code, _, err = metaid("check", "--force")
    assert code == 2 and err.count("No space left on device") == 1, err
    assert Path("certificates/a~false.json").read_bytes() == kept[Path("certificates/a~false.json")]
    assert metaid("check")[0] == 1 and metaid("check")[0] == 0
    assert {p: p.read_bytes() for p in Path("certificates").iterdir()} == kept


def test_a_file_that_cannot_grow(tmp_path: Path) -> None:
    """The system itself refuses to write: the old statements stay, and the exit code is that for input and output."""
    folder = folder_with(tmp_path, TRUE)
    assert check(folder).exit_code == 0
    before = (folder / "statements.json").read_bytes()
    folder_with(tmp_path, TRUE + FALSE)
    done = subprocess.run(
        command("check", str(folder)), env=ENVIRONMENT, capture_output=True, text=True, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (200, 200)),
    )  # fmt: skip
    assert done.returncode == 2 and done.stderr.count("File too large") == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert (folder / "statements.json").read_bytes() == before and not leftovers(folder)


def test_a_folder_that_is_read_only(metaid: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    step(TRUE)
    assert metaid("check")[0] == 0
    before = sorted(p.name for p in Path().rglob("*"))
    step(TRUE + FALSE, "step_01_x.py")
    monkeypatch.setattr(files.os, "access", lambda path, mode: False)
    code, out, err = metaid("check")
    assert code == 0 and "refuted" in out
    assert err.count("cannot be written to: 1 certificates are not kept") == 1, err
    assert sorted(p.name for p in Path().rglob("*") if "cache" not in p.parts and p.suffix != ".sqlite") == [
        n for n in before if not n.endswith(".sqlite")
    ]


def test_a_file_is_old_or_new_but_never_a_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.json"
    files.write_atomically(path, "old")

    def failing(descriptor: int) -> None:
        raise OSError(errno.EIO, "the disk fails")

    monkeypatch.setattr(files.os, "fsync", failing)
    with pytest.raises(OSError, match="the disk fails"):
        files.write_atomically(path, "new")
    assert path.read_text() == "old" and [p.name for p in tmp_path.iterdir()] == ["a.json"]


# searches and solvers that lie

TRUE_CLAIM = ACCEPTED["one variable"][0]
WRONG: dict[str, list[Certificate | None]] = {
    "a wrong proof": [Derivation(done)],
    "a wrong point": [instance(quad, done, point=(7,))],
    "unsat, without a proof": [None],
    "a proof of something else": [Derivation(Root((unknown**2 - 2,), ((1, 2),), 64, False, done))],  # type: ignore[arg-type]
    "a refutation of another kind of claim": [Refutation(done, 0)],
    "many wrong ones": [Derivation(done), None, Derivation(OneVariable("_9"))],
}


def told(claim: Any, findings: Any, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The replies of a worker to a search that finds these certificates."""
    made = [Finding(c, "solver", "", False) for c in findings]

    def solver(claim: Claim, settings: Any) -> Iterator[Finding]:
        yield from made

    monkeypatch.setattr(SEARCH, "outcomes", solver)
    return list(answer({"claim": pack(claim), "settings": {}, "stored": None}))


@pytest.mark.parametrize("name", WRONG)
def test_a_solver_that_lies_decides_nothing(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for source in ("forall x: x^4 + 1 > x", "exists x: x^2 = 3"):
        claim = Theory("t").statement("a", source)
        replies = told(claim, WRONG[name], monkeypatch)
        assert not [r for r in replies if "truth" in r] and replies[-1]["reply"] == "end"
        assert {r["reply"] for r in replies} <= {"rejected", "evidence", "end"}


def test_a_solver_that_is_missing_or_raises_ends_in_a_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package that hangs when it is imported, one that is not there, a program that answers nonsense: the same verdicts."""
    for name in ("z3", "clarabel"):
        (tmp_path / f"{name}.py").write_text("raise ImportError('not today')\n")
    for name in ("msolve", "z3", "cvc5"):
        (tmp_path / name).write_text("#!/bin/sh\necho unsat\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{ENVIRONMENT['PYTHONPATH']}")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    theory = Theory("t")
    theory.statement("true", "forall x, y: x^2 + y^2 >= 2*x*y", expected=True)
    theory.statement("false", "forall x, y: x^2 + y^2 > 2*x*y", expected=False)
    report = examine(in_memory(theory), ["true", "false"], Options(Limits(seconds=60)))
    assert [r.verdict for r in report] == [Verdict.PROVED, Verdict.REFUTED]


def test_a_worker_that_says_true_and_false_is_a_disagreement(monkeypatch: pytest.MonkeyPatch) -> None:
    replies = [accepted("stored", True), accepted("found", False), {"reply": "end"}]
    code = "import sys, json\nfor line in sys.stdin:\n" + "".join(f" print(json.dumps({r!r}), flush=True)\n" for r in replies)
    monkeypatch.setattr(pool, "START", code)
    theory = Theory("t")
    theory.statement("one", "1 < 2")
    report = check(theory)
    assert report["one"].verdict is Verdict.UNDECIDED and report["one"].trouble == "disagreement"


def test_the_pipeline_searches_through_the_pool_alone() -> None:
    source = Path(pipeline_module.__file__).read_text()
    assert "ask_all(" in source and "import findings" not in source
