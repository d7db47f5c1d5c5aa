"""What README.md shows runs as it stands."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from shell import Shell
from test_architecture import IMPORTED, PACKAGE, in_fresh_process

from metaid_symbolic import hypotheses
from metaid_symbolic.cli import COMMANDS
from metaid_symbolic.store.loading import load
from metaid_symbolic.verdicts import Verdict

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
SNIPPETS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def snippet(words: str) -> str:
    """The one snippet with these words in it."""
    [found] = [source for source in SNIPPETS if words in source]
    return found


def executed(source: str) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(compile(source, "README.md", "exec"), names)
    return names


def test_the_conjecture_is_refuted_and_repaired(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hypotheses, "MOST_REPAIR_SECONDS", 15.0)
    answer = executed(snippet("lr-transfer"))["answer"]
    assert answer.verdict is Verdict.REFUTED and answer.contradicted
    problem = answer.counterexample.problem
    assert problem.dimension == 1 and problem.weights == (Fraction(1, 2), Fraction(1, 2))


def test_the_derivation_is_latex_with_its_label() -> None:
    names = executed(snippet("eq:maml-gradient"))
    made = names["derive"](names["maml"]).gradient.latex(label="eq:maml-gradient")
    assert r"\label{eq:maml-gradient}" in made and r"\alpha" in made


def test_the_cube_root_is_located() -> None:
    names = executed(snippet('Theory("quartic")'))
    answer = names["search"](names["quartic"]["where"])
    assert answer.verdict is Verdict.PROVED and answer.result.assumptions == ("Fermat", "Weierstrass")


def test_the_meta_sgd_problem_is_derived_and_its_hessian_proved() -> None:
    names = executed(snippet("meta_sgd("))
    assert names["made"].hessian.verdict is Verdict.PROVED
    assert names["made"].gradient.terms[0] is not None and len(names["made"].fisher.program.outputs) == 4


def test_the_square_network_has_three_directions_that_its_function_does_not_see() -> None:
    found = executed(snippet("symmetries(Network"))["found"]
    assert found.rank == 3 and found.orbit_dimension == 3 and found.discrete.order == 8
    made = executed(snippet("made = identify(net)"))["made"]
    assert len(made.null) == 3 and made["UNIQ"].verdict == "refuted" and made.repairs


def test_the_conjecture_of_the_tutorial_is_refuted(metaid: Shell) -> None:
    assert metaid("new", "first")[0] == 0
    step = Path("first/step_01_first.py")
    step.write_text(step.read_text().replace("\nif __name__", f"{snippet('S1/mine')}\nif __name__"))
    code, out, _ = metaid("check", "first", "S1/mine")
    assert code == 1 and "AGAINST EXPECTATION" in out and "MIN fails" in out


def test_every_command_is_in_the_table() -> None:
    assert all(f"`metaid {name}" in README for name in COMMANDS)


def test_the_two_commands_stand_on_lines_of_their_own() -> None:
    lines = re.findall(r"^python3 -m venv .*$", README, re.MULTILINE)
    assert [line.rpartition("&& ")[2] for line in lines] == [".venv/bin/metaid check", ".venv/bin/python -m pytest"]
    assert README.count("-m pytest") == 1


def section(title: str) -> str:
    return README.partition(f"## {title}\n")[2].partition("\n## ")[0]


def test_the_trusted_base_is_listed_file_by_file() -> None:
    listed = set(re.findall(r"^\| `([a-z_/]+\.py)` \|", section("Soundness"), re.MULTILINE))
    found = {str(Path(name).relative_to(PACKAGE)) for name in in_fresh_process(IMPORTED)["ours"]}
    assert listed == found, (found - listed, listed - found)


def test_the_cited_theorems_are_listed_with_their_sources() -> None:
    theorems = load(PACKAGE.parent / "proofs" / "meta_identifiability").theory.theorems
    listed = re.findall(r"^- (.+?): (.+)$", section("Soundness"), re.MULTILINE)
    assert [item for item in listed if not item[0].startswith("`")] == [(n, t.reference) for n, t in theorems.items()]
