"""Bad input gets one clear message and the documented exit code, and no other claim's result is lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from shell import ENVIRONMENT, FALSE, TRUE, Shell, step

from metaid_symbolic import Theory, pool
from metaid_symbolic.theory import TheoryProblem


def test_an_unknown_id_names_the_nearest(metaid: Shell) -> None:
    step(TRUE)
    for command in ("check", "show"):
        code, out, err = metaid(command, "a/treu")
        assert (code, out) == (2, "") and "did you mean a/true" in err
    metaid("check")
    code, _, err = metaid("recheck", "a/treu")
    assert code == 2 and "did you mean a/true" in err
    assert "did you mean a/true" in metaid("graph", "--focus", "a/treu")[2]


def test_an_unknown_path_names_the_nearest(metaid: Shell) -> None:
    Path("lattice").mkdir()
    step(TRUE, "lattice/step_01_x.py")
    code, _, err = metaid("check", "./lattise")
    assert code == 2 and "did you mean" in err and "lattice" in err
    assert metaid("check", "lattise")[0] == 2
    assert metaid("check", "@nothing_like_it")[0] == 2
    assert metaid("search", "latice.py:NAME")[0] == 2


def test_an_unknown_command_or_option(metaid: Shell) -> None:
    assert "did you mean check" in metaid("chek")[2]
    assert metaid("chek")[0] == metaid("check", "--nothing")[0] == metaid("search", "UNIQ", "--dim", "2..1")[0] == 2


def test_an_empty_selection(metaid: Shell) -> None:
    step('theory.cite("t", "forall x in Phi: F(x) = F(x)", functions=("F",), reference="nobody")\n')
    code, _, err = metaid("check")
    assert code == 4 and "nothing is selected" in err
    code, _, err = metaid("recheck")
    assert code == 4 and "nothing to replay" in err
    step(TRUE)
    code, _, err = metaid("check", "--step", "S7")
    assert code == 2 and "no step 'S7'" in err


THEIR_SIGNS = {
    "FPD -> UNIQ": "write '=>' for '->'", "UNIQ and EXISTS": "write '&' for 'and'", "1 < 2 && 2 < 3": "write '&' for '&&'",
    "x == 2": "write '=' for '=='", "x**2 = 1": "write '^' for '**'", "x \u2264 2": "write '<=' for '\u2264'",
    "x < 0.5": "quotients such as 1/2", "ornate = 1 or x = 1": "write '|' for 'or'",
}  # fmt: skip


@pytest.mark.parametrize("formula", THEIR_SIGNS)
def test_how_others_write_is_told(metaid: Shell, formula: str) -> None:
    code, out, err = metaid("search", formula)
    assert (code, out) == (2, "") and THEIR_SIGNS[formula] in err and len(err.splitlines()) == 1


BROKEN = {
    "a cycle": (
        'theory.statement("p", "1 < 2", uses=("q",))\ntheory.statement("q", "1 < 2", uses=("p",))\n',
        "in a circle: p -> q -> p",
        {"p": "undecided", "q": "undecided"},
    ),
    "two claims with one id": ('theory.statement("a/true", "2 < 3")\n', "step_01_x.py:4: the id 'a/true' is taken", {}),
    "a missing claim": (
        'theory.statement("p", "1 < 2", uses=("zz",))\n',
        "step_01_x.py:4: p refers to 'zz', and there is no such claim",
        {"p": "undecided"},
    ),
    "a float in a claim": ('theory.statement("p", "x < 0.5", arrays={"x": ()})\n', "step_01_x.py:4: unexpected '.'", {}),
    "a float in a term": ('from metaid_symbolic import reals; reals("x") * 0.5\n', "step_01_x.py:4: IllFormed: 0.5", {}),
    "an unsupported function": ('theory.claim("p", "sin(F(phi)) < 2")\n', "step_01_x.py:4: the function sin", {}),
    "a module that raises": ("1 / 0\n", "step_01_x.py:4: ZeroDivisionError", {}),
    "a module that does not import": ("import nothing_of_this_name\n", "step_01_x.py:4: ModuleNotFoundError", {}),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_theory(metaid: Shell, name: str) -> None:
    body, message, extra = BROKEN[name]
    step(TRUE + body + FALSE)
    code, verdicts, err = metaid.claims()
    assert code == 2 and verdicts == {"a/true": "proved", "a/false": "refuted", **extra}
    assert err.count(message) == 1, err


def test_a_module_with_a_syntax_error(metaid: Shell) -> None:
    step(TRUE)
    Path("step_02_y.py").write_text("x = )\n")
    code, verdicts, err = metaid.claims()
    assert code == 2 and verdicts == {"a/true": "proved"} and "step_02_y.py:1: SyntaxError" in err


TAMPERED = {
    "no JSON": lambda text: text[:-3],
    "a duplicate key": lambda text: '{"claim": "", ' + text[1:],
    "a bare number": lambda text: text.replace('"Done"', "1"),
    "another hash": lambda text: text.replace('"claim":"', '"claim":"0'),
    "another kind": lambda text: text.replace("Derivation", "Refutation"),
    "another proof": lambda text: text.replace('{"kind":"Done"}', '{"kind":"OneVariable","name":"x"}'),
    "empty": lambda text: "",
}


@pytest.mark.parametrize("name", TAMPERED)
def test_a_tampered_certificate(metaid: Shell, name: str) -> None:
    step(TRUE + FALSE)
    metaid("check")
    path = Path("certificates/a~true.json")
    path.write_text(TAMPERED[name](path.read_text()))
    code, out, err = metaid("recheck", "--json")
    states = {c["id"]: c["status"] for c in json.loads(out)["certificates"]}
    assert code == 1 and states == {"a/true": "rejected", "a/false": "accepted"} and "a~true.json: " in err
    if name != "empty":
        code, verdicts, err = metaid.claims()
        assert code == 1 and verdicts == {"a/true": "proved", "a/false": "refuted"} and "rejected" in err
    assert metaid("check")[0] == 0 and metaid("recheck", "--backend", "both")[0] == 0


def test_a_certificate_for_no_claim(metaid: Shell) -> None:
    step(TRUE)
    metaid("check")
    Path("certificates/gone.json").write_text("{}")
    code, _, err = metaid("recheck")
    assert code == 1 and "statements.json has no claim 'gone'" in err


def test_changed_statements(metaid: Shell) -> None:
    step(TRUE + FALSE)
    metaid("check")
    path = Path("statements.json")
    good = path.read_text()
    path.write_text(good.replace('["num","2"],["num","1"]', '["num","1"],["num","2"]'))
    code, verdicts, err = metaid.claims()
    assert code == 1 and verdicts == {"a/true": "proved", "a/false": "undecided"} and "statements.json" in err
    code, out, err = metaid("recheck")
    assert code == 1 and "a/true" in out and "statements.json" in err
    assert metaid("check", "--accept")[0] == 0 and path.read_text() == good


def test_malformed_statements(metaid: Shell) -> None:
    step(TRUE)
    metaid("check")
    Path("statements.json").write_text("{")
    code, verdicts, err = metaid.claims()
    assert code == 2 and verdicts == {"a/true": "proved"} and "statements.json: " in err
    code, _, err = metaid("recheck")
    assert code == 2 and "statements.json: " in err


def test_recheck_without_statements(metaid: Shell) -> None:
    step(TRUE)
    code, _, err = metaid("recheck")
    assert code == 2 and "statements.json" in err


def test_a_corrupt_cache(metaid: Shell) -> None:
    step(TRUE)
    metaid("check")
    next(Path(".metaid").iterdir()).write_bytes(b"garbage " * 1000)
    code, verdicts, err = metaid.claims()
    assert code == 0 and verdicts == {"a/true": "proved"} and "the cache is corrupt" in err


def test_a_crashing_search(metaid: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    step(TRUE)
    monkeypatch.setattr(pool, "START", "import sys; sys.exit(7)")
    code, out, _ = metaid("check", "--json")
    assert code == 3 and "ended with code 7" in json.loads(out)["claims"][0]["reason"]


def test_an_internal_error(metaid: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    step(TRUE)
    monkeypatch.setattr("metaid_symbolic.cli.check.examine", lambda *args: 1 / 0)
    code, _, err = metaid("check")
    assert code == 101 and "internal error" in err


WORKER = """
import json, sys, time
for line in sys.stdin:
    if '"id": "a/false"' in line:
        time.sleep(100)
    proof = {"kind": "Derivation", "proof": {"kind": "Done"}}
    found = {"reply": "found", "certificate": proof, "truth": True, "grade": "exact", "theorems": [], "instantiation": False}
    for reply in ({**found, "method": "", "minimal": "", "author": False}, {"reply": "end"}):
        print(json.dumps(reply), flush=True)
"""


def test_ctrl_c_keeps_what_was_established(metaid: Shell) -> None:
    """The first claim is decided at once, the second search hangs; then Ctrl-C."""
    step(TRUE + FALSE)
    script = (
        "import sys\nfrom metaid_symbolic import pool\nfrom metaid_symbolic.cli import run\n"
        f"pool.START = {WORKER!r}\nsys.exit(run(['check', '-j', '1', '--json']))\n"
    )
    code, out = interrupted_after(script, "[1/2]")
    assert code == 130
    assert {c["id"]: c["reason"] for c in json.loads(out)["claims"]} == {"a/true": "", "a/false": "interrupted"}
    assert Path("certificates/a~true.json").is_file()


def interrupted_after(script: str, words: str) -> tuple[int, str]:
    """Exit code and stdout of the script, interrupted when its stderr says `words`."""
    process = subprocess.Popen(
        [sys.executable, "-c", script],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a job in the background would ignore it
        env=ENVIRONMENT,
    )
    assert process.stderr is not None
    with process:
        for line in process.stderr:
            if words in line:
                break
        time.sleep(0.2)
        os.killpg(process.pid, signal.SIGINT)
        out, _ = process.communicate(timeout=60)
    return process.returncode, out


def test_the_mean_over_an_index_set_that_may_be_empty_is_refused() -> None:
    source = "sum(i, m, x[i])/m = sum(i, m, x[i])*(1/m)"
    with pytest.raises(TheoryProblem, match=r"divides by m, and m >= 0 may be 0"):
        Theory("t").statement("mean", source, naturals={"m": 0}, arrays={"x": ("m",)})
    assert Theory("t").statement("mean", source, naturals={"m": 1}, arrays={"x": ("m",)}).assertion is not None


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('theory.claim("a/x", "UNIQ => EXISTS", expected="yes")', "expected='yes', and a truth value is True, False or None"),
        ('theory.claim("a/x", "UNIQ => EXISTS", expectd=True)', "a claim has no 'expectd'; did you mean 'expected'?"),
        ('theory.claim("a/x", "UNIQ => EXISTS", by=("derivatives",))', "no such rule or theorem; did you mean derivative?"),
    ],
)
def test_keywords_of_a_claim(metaid: Shell, line: str, said: str) -> None:
    code, _, err = metaid("check", str(step(TRUE + line + "\n")))
    assert code == 2 and said in err and "step_01_x.py:4" in err
