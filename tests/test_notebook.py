"""The notebook runs from top to bottom, and its results have representations for a notebook."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from metaid_symbolic import MetaProblem, Model, Theory, reals
from metaid_symbolic.certificates import Instance
from metaid_symbolic.language import parse_term
from metaid_symbolic.notebook import load_ipython_extension
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


def test_meta_problems_and_counterexamples_are_lists_once_the_extension_is_loaded() -> None:
    """As IPython does it: a function for each type, in the formatter of Markdown."""
    forms: dict[type, Callable[[Any], str]] = {}
    formatter = SimpleNamespace(for_type=lambda kind, form: forms.update({kind: form}))
    load_ipython_extension(SimpleNamespace(display_formatter=SimpleNamespace(formatters={"text/markdown": formatter})))
    problem = MetaProblem(reals("phi"), [parse_term("phi^2/2"), parse_term("-phi")], ["1/3", "2/3"]).adapted("maml", rate="1/2")
    rows = [
        r"- domain $\Phi = \mathbf{R}$", r"- task loss $L_{1}(\varphi) = \frac{\varphi^{2}}{2}$ with weight $\frac{1}{3}$",
        r"- task loss $L_{2}(\varphi) = -\varphi$ with weight $\frac{2}{3}$", r"- learning rate $\alpha = \frac{1}{2}$",
    ]  # fmt: skip
    assert forms[MetaProblem](problem).splitlines() == rows
    made = Instance(problem, (Fraction(-1, 2),), (), None, ())
    assert forms[Instance](made).splitlines() == [*rows, r"- point $\varphi = -\frac{1}{2}$"]
