"""`metaid derive` on methods, bases and files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from shell import Shell

from metaid_symbolic.language import parse_term
from metaid_symbolic.models.bases import BASES
from metaid_symbolic.models.methods import METHODS
from metaid_symbolic.printing import signed

FIELDS = ("fomaml", "reptile", "reptile-solved")


@pytest.mark.parametrize("method", METHODS)
def test_every_method_by_name(metaid: Shell, method: str) -> None:
    code, out, err = metaid("derive", method, "--base", "quadratic", "--dim", "1", "--tasks", "2", "--steps", "1", "--latex")
    assert code == 0, err
    wanted = ("field", "jacobian", "fisher", "objective") if method in FIELDS else ("objective", "gradient", "hessian", "fisher")
    assert all(rf"\begin{{equation}}\label{{eq:{part}}}" in out for part in wanted)
    assert out.count("{") == out.count("}") and out.count(r"\left") == out.count(r"\right")
    assert out.count(r"\begin{") == out.count(r"\end{")


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("method", ["plain", "baxter", "reptile"])
def test_every_base_by_name(metaid: Shell, base: str, method: str) -> None:
    code, out, err = metaid("derive", method, "--base", base, "--dim", "2", "--tasks", "1", "--part", "objective")
    if base == "network-relu":
        assert code == 2 and "has a kink where" in err
    else:
        assert code == 0 and out.startswith("objective: "), err


def test_the_example_of_the_table(metaid: Shell) -> None:
    words = ("derive", "maml", "--base", "quadratic", "--dim", "2", "--tasks", "2", "--steps", "1", "--latex")
    code, out, _ = metaid(*words)
    assert code == 0 and r"\nabla F_{\mathrm{MAML}}(\varphi_{1}, \varphi_{2})" in out
    assert r"\tfrac{9}{2} \alpha^{2} - 5 \alpha + \tfrac{3}{2}" in out


def test_the_list(metaid: Shell) -> None:
    code, out, _ = metaid("derive", "--list")
    assert code == 0 and all(f"  {name} " in out for name in METHODS) and all(name in out for name in BASES)
    assert all(f"{kind}:" in out for kind in ("initialisation", "learning rate", "architecture", "loss function", "optimiser"))


FILE = """\
from fractions import Fraction
from metaid_symbolic.language import parse_formula, parse_term
from metaid_symbolic.models.laws import FiniteLaw
from metaid_symbolic.models.learners import fomaml, maml, proximal, reptile
from metaid_symbolic.models.objective import Constant, MetaObjective

half = FiniteLaw(("1/2", "1/2"))
tasks = MetaObjective(("x", "y"), (parse_term("x*y + x^2"), parse_term("x^2*y + y^2")), half)
alpha = Constant("alpha", (parse_formula("0 < alpha"),))
adapted = maml(tasks, rate=alpha, steps=2)
approximate = fomaml(tasks, rate=alpha)
resting = reptile(MetaObjective("x", (parse_term("x^2/2"), parse_term("(x - 1)^2")), half), rate="1/4", steps=2)
envelope = proximal(tasks, strength=1)
seven = 7
"""


@pytest.fixture
def model(metaid: Shell) -> Path:
    path = Path("model.py")
    path.write_text(FILE)
    return path


def test_a_meta_objective_of_a_file(metaid: Shell, model: Path) -> None:
    code, out, _ = metaid("derive", "model.py:adapted")
    assert code == 0 and out.startswith("objective: ") and "where: 0 < alpha" in out
    assert metaid("derive", "model.py:adapted", "--part", "third")[1].startswith("third: ")


def test_a_derivation_as_json(metaid: Shell, model: Path) -> None:
    """The texts are those of the terms; what an update field has not, and what is too long, says why."""
    code, out, _ = metaid("derive", "model.py:adapted", "--json")
    data = json.loads(out)
    assert code == 0 and data["parameters"] == ["x", "y"] and data["where"] == ["0 < alpha"]
    objective = signed(parse_term(data["objective"]["terms"]))
    assert metaid("derive", "model.py:adapted", "--part", "objective")[1] == f"objective: {objective}\n"
    assert len(data["gradient"]["terms"]) == len(data["hessian"]["terms"][0]) == 2
    assert "has no objective" in json.loads(metaid("derive", "model.py:approximate", "--json")[1])["objective"]["missing"]
    wide = json.loads(metaid("derive", "maml", "--base", "network-tanh", "--dim", "2", "--json")[1])
    assert "--part hessian prints it" in wide["hessian"]["missing"]


def test_an_update_field_of_a_file(metaid: Shell, model: Path) -> None:
    code, out, _ = metaid("derive", "model.py:resting")
    assert code == 0 and "field: " in out and "fixed_points: [12/19]" in out
    code, out, _ = metaid("derive", "model.py:approximate")
    assert code == 0 and "objective: none; the update field of fomaml has no objective: at x = 1, y = 1/2, alpha = 1/4" in out
    assert "% objective: none" in metaid("derive", "model.py:approximate", "--latex")[1]


def test_an_implicit_objective_of_a_file(metaid: Shell, model: Path) -> None:
    code, out, _ = metaid("derive", "model.py:envelope")
    assert code == 0 and out.startswith("equations: ") and "theta_1_x" in out and "where: not " in out


REFUSED = {
    "a method that there is not": (("derive", "mmal"), "no model 'mmal'; did you mean 'maml'"),
    "a base that there is not": (("derive", "maml", "--base", "qadratic"), "no base 'qadratic'; did you mean 'quadratic'"),
    "a model without tasks": (("derive", "network-tanh"), "`plain --base network-tanh` is its losses on tasks"),
    "no dimension": (("derive", "maml", "--dim", "0"), "dimension 0"),
    "no tasks": (("derive", "maml", "--tasks", "0"), "0 tasks"),
    "a negative number of steps": (("derive", "fomaml", "--steps", "-1"), "-1 is no number of inner steps"),
    "half a step": (("derive", "fomaml", "--steps", "0.5"), "not a valid integer"),
    "no model": (("derive",), "which model?"),
    "a part that it has not": (("derive", "reptile", "--part", "gradient"), "there is no gradient of reptile"),
    "a part that there is not": (("derive", "maml", "--part", "hesian"), "'hesian' is not one of"),
    "a base that the method does not take": (
        ("derive", "reptile-solved", "--base", "scalar-factorisation", "--dim", "2"), "is not quadratic"),
    "a kink": (("derive", "maml", "--base", "network-relu"), "has a kink where"),
    "a file that there is not": (("derive", "modle.py:x"), "no file modle.py"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_refuses(metaid: Shell, name: str) -> None:
    words, reason = REFUSED[name]
    code, out, err = metaid(*words)
    assert (code, out) == (2, "") and reason in " ".join(err.split())


BAD_FILES = {
    "a negative weight": ("FiniteLaw(('3/2', '-1/2'))", "not all positive"),
    "a float weight": ("FiniteLaw((0.5, 0.5))", "0.5 (float)"),
    "a weight too many": ("MetaObjective('x', (parse_term('x'),), half)", "1 losses disagree with 2 weights"),
    "a float for a rate": ("maml(tasks, rate=0.1)", "0.1 (float), not an exact rational number"),
    "a negative number of steps": ("maml(tasks, rate=alpha, steps=-2)", "-2 is no number of inner steps"),
    "a variable that is nothing": ("MetaObjective('x', (parse_term('x*z'),) * 2, half)", "mentions z"),
    "a singular inner problem": (
        "proximal(MetaObjective('x', (parse_term('-x^2'),) * 2, half), strength=2)", "is singular or not convex"),
    "a step out of the domain": (
        "maml(MetaObjective('x', (parse_term('x^2'),) * 2, half, domain=(parse_formula('0 < x'),)), rate=1)", "leaves it"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_file_with_bad_input(metaid: Shell, model: Path, name: str) -> None:
    line, reason = BAD_FILES[name]
    model.write_text(FILE + f"broken = {line}\n")
    code, out, err = metaid("derive", "model.py:broken")
    assert (code, out) == (2, "") and reason in " ".join(err.split()), err


def test_an_object_that_is_no_model(metaid: Shell, model: Path) -> None:
    code, _, err = metaid("derive", "model.py:seven")
    assert code == 2 and "'seven' of model.py has the type int, not MetaProblem or MetaObjective or Upd" in " ".join(err.split())


def test_a_file_without_a_name(metaid: Shell, model: Path) -> None:
    code, out, err = metaid("derive", "model.py")
    assert (code, out) == (2, "") and "which object of model.py?" in err and "model.py:adapted" in err


def test_a_file_that_raises_says_where(metaid: Shell, model: Path) -> None:
    model.write_text(FILE + "broken = MetaObjective('x', (), half)\n")
    _, _, err = metaid("derive", "model.py:broken")
    assert f"model.py:{len(FILE.splitlines()) + 1}: IllFormed" in err and err.count("metaid") == 2, err
    assert metaid("derive", "model.py:adapted")[0] == 0


def test_what_is_long_is_printed_only_when_it_is_asked_for(metaid: Shell) -> None:
    words = ("derive", "maml", "--base", "network-tanh", "--dim", "2")
    code, out, _ = metaid(*words)
    assert code == 0 and len(out) < 20_000 and out.startswith("objective: ")
    assert "hessian: " in out and "a program of" in out and "--part hessian prints it" in out
    assert "% hessian: " in metaid(*words, "--latex")[1]


def test_long_conditions_are_counted(metaid: Shell) -> None:
    code, out, _ = metaid("derive", "proximal", "--base", "network-tanh", "--dim", "2")
    assert code == 0 and "where: 0 < lambda, 2 more conditions, which are long" in out
