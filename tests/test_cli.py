"""The command line: what each command prints, and what bad input gets: one clear message, the documented exit code, and
no other claim's result lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

import metaid_symbolic
from metaid_symbolic import pool
from metaid_symbolic.cli import COMMANDS, run

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(metaid_symbolic.__file__).parent.parent)}
HEAD = 'from metaid_symbolic import Theory\ntheory = Theory("t", step="S1", title="One")\n'
TRUE = 'theory.statement("a/true", "1 < 2", expected=True)\n'
FALSE = 'theory.statement("a/false", "2 < 1", expected=False)\n'
MAIN = 'if __name__ == "__main__":\n    theory.main()\n'


@dataclass
class Shell:
    """The command line in a folder."""

    capture: pytest.CaptureFixture[str]

    def __call__(self, *words: str) -> tuple[int, str, str]:
        code = run(words)
        out, err = self.capture.readouterr()
        return code, out, err

    def claims(self, *words: str) -> tuple[int, dict[str, str], str]:
        """Exit code, verdict by id, and stderr of `check --json`."""
        code, out, err = self("check", "--json", *words)
        return code, {c["id"]: c["verdict"] for c in json.loads(out)["claims"]}, err


@pytest.fixture
def metaid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return Shell(capsys)


def step(body: str, name: str = "step_01_x.py") -> Path:
    path = Path(name)
    path.write_text(HEAD + body)
    return path


def test_help_lists_every_command(metaid: Shell) -> None:
    code, out, _ = metaid("--help")
    assert code == 0 and all(name in out for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(metaid: Shell, name: str) -> None:
    assert metaid(name, "--help")[0] == 0


def test_version(metaid: Shell) -> None:
    pytest.importorskip("metaid_symbolic")
    assert metaid("doctor")[0] == 0


# check


def test_check_prints_table_and_json(metaid: Shell) -> None:
    step(TRUE + FALSE + 'theory.remark("b", "ill-posed", "no constant is named")\n')
    code, out, err = metaid("check")
    assert code == 0 and "a/true" in out and "proved" in out and "no constant is named" in out
    assert "[3/3]" in err
    code, out, _ = metaid("check", "--json")
    data = json.loads(out)
    assert data["schema"] == 1 and data["summary"] == {"proved": 1, "refuted": 1, "ill-posed": 1}
    assert json.loads(metaid("check", "--format", "json")[1]) == data


def test_check_selects(metaid: Shell) -> None:
    step(TRUE + FALSE)
    Path("step_02_y.py").write_text(HEAD.replace("S1", "S2") + 'theory.statement("c", "1 < 2")\n')
    assert set(metaid.claims("a/true")[1]) == {"a/true"}
    assert set(metaid.claims("a")[1]) == {"a/true", "a/false"}
    assert set(metaid.claims("--step", "S2")[1]) == {"c"}
    assert set(metaid.claims("step_02_y.py")[1]) == {"c"}
    assert set(metaid.claims(".", "c", "a/true")[1]) == {"c", "a/true"}
    assert "counterexample:" in metaid("check", "a/false")[1] and "counterexample:" not in metaid("check")[1]


def test_explain_says_why_a_claim_ran(metaid: Shell) -> None:
    step(TRUE)
    assert "(no cached verdict)" in metaid("check", "--explain")[2]
    assert "(cached)" in metaid("check", "--explain")[2]
    assert "(forced)" in metaid("check", "--explain", "--force")[2]


def test_a_single_file_is_a_theory(metaid: Shell) -> None:
    step(TRUE, "transfer.py")
    assert metaid.claims("transfer.py")[:2] == (0, {"a/true": "proved"})
    assert Path("transfer.metaid/statements.json").is_file()
    assert metaid("recheck", "transfer.py")[0] == 0


def test_a_step_runs_as_a_script(metaid: Shell) -> None:
    path = step(TRUE + MAIN)
    done = subprocess.run([sys.executable, str(path)], capture_output=True, text=True, env=ENVIRONMENT)
    assert done.returncode == 0 and "a/true" in done.stdout, done.stderr


def test_the_module_is_a_command() -> None:
    done = subprocess.run([sys.executable, "-m", "metaid_symbolic", "nothing"], capture_output=True, text=True, env=ENVIRONMENT)
    assert done.returncode == 2 and "no command 'nothing'" in done.stderr


def test_ratchet(metaid: Shell) -> None:
    step(TRUE)
    assert metaid("check", "--ratchet")[0] == 0
    Path("open.txt").write_text("a/true  it is hard\n")
    code, _, err = metaid("check", "--ratchet")
    assert code == 1 and "open.txt lists a/true, which is decided" in err


# bad input


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


# show, graph, new, derive


def test_show(metaid: Shell) -> None:
    step(TRUE + FALSE + 'theory.statement("c", "1 < 2", uses=("a/true",))\n')
    assert "not checked yet" in metaid("show", "a/true")[1]
    assert not Path("statements.json").exists()
    metaid("check")
    code, out, _ = metaid("show", "a/true")
    assert code == 0 and "verdict: proved" in out and "1 < 2" in out and "hash " in out
    assert "counterexample:" in metaid("show", "a/false")[1]
    assert "c uses a/true" in metaid("show", "c", "--why")[1]
    assert "c uses a/true" in metaid("show", "a/true", "--impact")[1]
    assert "cited theorems: none" in metaid("show", "a/true", "--assumptions")[1]
    assert "1 < 2" in metaid("show", "a/true", "--latex")[1].replace(r"\lt", "<")


def test_graph(metaid: Shell) -> None:
    step(TRUE + FALSE + 'theory.statement("c", "1 < 2", uses=("a/true",))\n')
    assert '"c" -> "a/true"' in metaid("graph")[1]
    assert "n2 -->|uses| n0" in metaid("graph", "--format", "mermaid")[1]
    data = json.loads(metaid("graph", "--format", "json", "--focus", "c", "--dir", "down", "--depth", "1")[1])
    assert set(data["nodes"]) == {"c", "a/true"} and data["edges"] == [{"from": "c", "to": "a/true", "kind": "uses"}]
    assert metaid("graph", "--dir", "sideways")[0] == 2


def test_a_new_theory_runs_at_once(metaid: Shell) -> None:
    assert metaid("new", "demo")[0] == 0
    code, verdicts, _ = metaid.claims("demo")
    assert code == 0 and set(verdicts.values()) >= {"proved", "refuted"} and len(verdicts) == 3
    assert metaid("recheck", "demo", "--backend", "both")[0] == 0
    assert metaid("new", "demo")[0] == metaid("new", "7!")[0] == 2


MAML = """\
from metaid_symbolic import MetaProblem, reals
phi, alpha = reals("phi alpha")
maml = MetaProblem(phi, losses=[phi**2/2, (phi - 1)**2], weights=["1/2", "1/2"]).adapted("maml", rate=alpha, steps=1)
"""


def test_derive(metaid: Shell) -> None:
    Path("model.py").write_text(MAML)
    code, out, _ = metaid("derive", "model.py:maml")
    assert code == 0 and "gradient" in out and "alpha" in out
    assert "\\label{eq:gradient}" in metaid("derive", "model.py:maml", "--latex", "--part", "gradient")[1]
    code, _, err = metaid("derive", "model.py:mamm")
    assert code == 2 and "did you mean maml" in err


# search


def test_search_refutes_a_conjecture_and_repairs_it(metaid: Shell) -> None:
    code, out, _ = metaid("search", "FPD & EXISTS => UNIQ", "--dim", "1", "--no-repairs")
    assert code == 0 and "refuted" in out and "counterexample:" in out and "n = 1" in out


def test_search_takes_a_claim_of_a_file(metaid: Shell) -> None:
    step('theory.claim("transfer", "EXISTS & FPD => UNIQ", expected=True)\n', "transfer.py")
    code, out, _ = metaid("search", "transfer.py:transfer", "--no-repairs", "--json")
    assert code == 1 and json.loads(out)["verdict"] == "refuted"
    code, _, err = metaid("search", "transfer.py:transfre")
    assert code == 2 and "did you mean" in err


def test_search_refuses_what_is_no_formula(metaid: Shell) -> None:
    code, _, err = metaid("search", "FPD & => UNIQ")
    assert code == 2 and "expected" in err
