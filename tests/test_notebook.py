"""The notebook runs from top to bottom, and its results have representations for a notebook."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest

from metaid_symbolic import Model, Theory, reals
from metaid_symbolic.verdicts import Verdict

PLACE = Path(__file__).parent.parent / "proofs" / "notebooks" / "tour.ipynb"
WHOLE = json.loads(PLACE.read_text(encoding="utf-8"))["cells"]
CELLS = ["".join(cell["source"]) for cell in WHOLE if cell["cell_type"] == "code"]


def executed(source: str, names: dict[str, Any]) -> Any:
    """The value of the last expression of a cell, as a notebook shows it; None if there is none."""
    tree = ast.parse(source)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, str(PLACE), "exec"), names)
    return eval(compile(ast.Expression(last.value), str(PLACE), "eval"), names) if isinstance(last, ast.Expr) else None


@pytest.fixture(scope="module")
def shown() -> list[Any]:
    names: dict[str, Any] = {}
    return [executed(source, names) for source in CELLS]


def test_the_conjecture_is_refuted_and_the_claims_are_decided(shown: list[Any]) -> None:
    answer, report = shown[0], shown[2]
    assert answer.verdict is Verdict.REFUTED
    assert {r.verdict for r in report} == {Verdict.PROVED, Verdict.REFUTED}


def test_the_derivation_is_proved(shown: list[Any]) -> None:
    verdict, latex = shown[4]
    assert verdict is Verdict.PROVED and r"\label{eq:maml-gradient}" in latex


def test_every_result_has_a_representation(shown: list[Any]) -> None:
    for value in shown:
        if isinstance(value, tuple):
            continue
        made = [getattr(value, name)() for name in ("_repr_html_", "_repr_latex_") if hasattr(value, name)]
        assert made and all(type(text) is str and len(text) > 20 for text in made), value


def test_the_notebook_is_stored_without_outputs() -> None:
    assert all(not cell.get("outputs") for cell in WHOLE) and len({cell["id"] for cell in WHOLE}) == len(WHOLE)


def test_what_an_author_makes_has_a_representation() -> None:
    w, x = reals("w x")
    theory = Theory("t")
    claim = theory.claim("a<b", "UNIQ => EXISTS", expected=True)
    assert repr(theory) == "Theory('t', 1 claims)" and "<td>a&lt;b</td><td>UNIQ =&gt; EXISTS</td>" in theory._repr_html_()
    assert r"\label{thm:a-b}" in claim._repr_latex_() and r"\textup{UNIQ}" in claim._repr_latex_()
    model = Model(parameters=w, inputs=x, outputs=[w**2 * x])
    assert model._repr_latex_() == r"$\displaystyle (w, x) \mapsto \left(w^{2} x\right)$"
