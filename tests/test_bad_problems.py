"""Problems that do not fit their question: the verdict stays honest, with the reason."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from shell import ENVIRONMENT

from metaid_symbolic import MetaProblem, Theory, analysis, check, reals
from metaid_symbolic.pipeline import Report
from metaid_symbolic.reports.rocq.compiling import compiled
from metaid_symbolic.terms import less
from metaid_symbolic.verdicts import Verdict

SECONDS = 8.0
x, y, z = reals("x y z")
CIRCLE = MetaProblem((x, y), [(x**2 + y**2 - 1) ** 2], [1])
LINE = MetaProblem((x, y), [(x - y) ** 2], [1])
LARGE = MetaProblem((x, y, z), [x**30 + y**30 + z**30 + x * y * z - x], [1])
NOWHERE = MetaProblem(x, [x**2], [1], (less(x, 0), less(1, x)))
ONE = "exists a in Phi: grad F(a) = zero & (forall b in Phi: grad F(b) = zero => b = a)"
TWO = "exists a, b in Phi: forall c in Phi: grad F(c) = zero => c = a | c = b"
SOLVED = "exists x, y: x + y = 1 & 2*x + 2*y = {0} & (forall u, v: u + v = 1 & 2*u + 2*v = {0} => u = x & v = y)"


@dataclass(frozen=True)
class Row:
    """A question with its truth; `settled` where a verdict is asked for, for else silence will do."""

    source: str
    truth: bool
    problem: MetaProblem | None = None
    settled: bool = True


ROWS = {
    "one critical point claimed, on a circle": Row(ONE, False, CIRCLE),
    "one critical point claimed, on a line": Row(ONE, False, LINE),
    "two critical points claimed, on a line": Row(TWO, False, LINE, settled=False),
    "one minimiser claimed, on a line": Row("UNIQ", False, LINE, settled=False),
    "a singular linear system": Row(SOLVED.format(2), False, settled=False),
    "an inconsistent linear system": Row(SOLVED.format(3), False),
    "finitely many points of a curve": Row("exists a, b: forall x, y: x*y = 1 => x = a | x = b", False, settled=False),
    "29^3 critical points": Row("UNIQ", False, LARGE, settled=False),
    "too many terms": Row("forall x, y, z, w: (1 + x + y + z + w)^200*(x + y - z)^201 <= 1", False, settled=False),
    "a power with a million digits": Row("forall x: (x^2 + 10)^1000 > 10^999", True, settled=False),
    "false at 1/3 only": Row("forall x: (3*x - 1)^2 > 0", False),
    "false at 1/3 only, of degree 6": Row("forall x: (3*x - 1)^2*(x^4 + x + 1) > 0", False),
    "false at (1/3, -2/7) only": Row("forall x, y: (3*x - 1)^2 + (7*y + 2)^2 > 0", False),
    "false at 1/3 only, of a loss": Row("forall x in Phi: F(x) > 0", False, MetaProblem(x, [(3 * x - 1) ** 2 * (x**2 + 1)], [1])),
    "an unsatisfiable premise": Row("forall x: x^2 < 0 => x = 7", True),
    "nothing in an empty set": Row("exists x: x^2 < 0 & x = 7", False),
    "a definite matrix on an empty domain": Row("forall p: p^2 < 0 => (forall v: v != 0 => p*v^2 > 0)", True),
    "all points of an empty Phi": Row("forall x in Phi: F(x) < 0", True, NOWHERE, settled=False),
    "some point of an empty Phi": Row("exists x in Phi: F(x) < 1", False, NOWHERE, settled=False),
    "a minimiser in an empty Phi": Row("EXISTS", False, NOWHERE, settled=False),
}


def identifier(name: str) -> str:
    return f"row-{list(ROWS).index(name)}"


@pytest.fixture(scope="module")
def report() -> Iterator[Report]:
    theory = Theory("bad")
    analysis.cite(theory)
    for name, row in zip(map(identifier, ROWS), ROWS.values(), strict=True):
        if row.problem is None:
            theory.statement(name, row.source)
        else:
            theory.at(name, row.problem, row.source)
    yield check(theory, timeout=SECONDS, jobs=2)


@pytest.mark.parametrize("name", ROWS)
def test_the_verdict_is_honest(name: str, report: Report) -> None:
    row, result = ROWS[name], report[identifier(name)]
    assert result.verdict.truth in (row.truth, None)
    assert result.verdict.truth is row.truth or (not row.settled and result.verdict is Verdict.UNDECIDED and result.reason)


HANGING = "import os, time\nopen({note!r}, 'w').write(str(os.getpid()))\ntime.sleep(600)\n"


def test_a_solver_that_hangs_when_it_is_loaded_costs_its_time_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    note = tmp_path / "pid"
    (tmp_path / "numpy.py").write_text(HANGING.format(note=str(note)))
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{ENVIRONMENT['PYTHONPATH']}")
    theory = Theory("t")
    theory.statement("true", "forall x, y: x^4 + y^4 + x*y + 1 > 0", expected=True)
    start = time.monotonic()
    result = check(theory, timeout=4, jobs=1)["true"]
    assert time.monotonic() - start < 30
    assert result.verdict is Verdict.UNDECIDED and "time limit of 4 s" in result.reason
    assert not Path(f"/proc/{note.read_text()}").exists()


def test_a_proof_assistant_that_hangs_is_killed_with_what_it_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    note, program, source = tmp_path / "pid", tmp_path / "coqc", tmp_path / "A.v"
    program.write_text(f"#!/bin/sh\nsleep 600 &\necho $! > {note}\nwait\n")
    program.chmod(0o755)
    source.write_text("")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    (made,) = compiled([source], 1.0, 1)
    assert (made.status, made.reason) == ("time", "no answer within 1 s")
    state = Path(f"/proc/{note.read_text().strip()}/stat")
    assert not state.exists() or state.read_text().rpartition(")")[2].split()[0] == "Z"
