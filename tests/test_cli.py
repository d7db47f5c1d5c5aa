"""The command line: what each command prints."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from shell import ENVIRONMENT, FALSE, HEAD, MAIN, TRUE, Shell, step

from metaid_symbolic.cli import COMMANDS


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
