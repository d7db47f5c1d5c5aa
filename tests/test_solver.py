"""What an SMT solver proposes becomes an exact certificate, or nothing."""

from __future__ import annotations

import importlib
import sys
from typing import Any

import pytest

from metaid_symbolic import Theory
from metaid_symbolic.encoding import loads
from metaid_symbolic.recheck import establish
from metaid_symbolic.search import Finding, Settings
from metaid_symbolic.search.solver import model, solver
from metaid_symbolic.statements import canonical

pytest.importorskip("z3")
SETTLED = {
    "a rational point": ("forall x, y: (x - 17/3)^2 + (y + 31/7)^2 > 0", False),
    "many points": ("forall x, y: x^4 + y^4 + 1 >= 3*x*y", False),
    "an irrational point": ("forall x: x^2 != 2", False),
    "a point of the sphere": ("forall x, y, z: x^2 + y^2 + z^2 = 1 => x*y*z <= 1/6", False),
    "a quantifier inside": ("forall x: exists y: y^2 = x", False),
    "it is there": ("exists x, y: 17*x = 5 & y = x^2", True),
    "it is there, and irrational": ("exists x: x^2 = 2 & x > 0", True),
}
LEFT = {
    "true": "forall a, b, c: a^2 + b^2 + c^2 >= a*b + b*c + c*a",
    "a function": "forall x: exp(x) > 1",
    "no variable": "1 < 2",
}


def found(source: str, **more: Any) -> list[Finding]:
    return list(solver(Theory("t").statement("s", source, **more), Settings()))


@pytest.mark.parametrize("name", SETTLED)
def test_a_model_is_evaluated_exactly(name: str) -> None:
    source, truth = SETTLED[name]
    (one,) = found(source)
    data = loads(canonical(one.certificate))
    assert establish(Theory("t").statement("s", source).assertion, data, {}, ("python", "flint")).truth is truth
    assert not found(source, expected=not truth)


@pytest.mark.parametrize("name", LEFT)
def test_nothing_is_said_otherwise(name: str) -> None:
    assert not found(LEFT[name])


def test_a_solver_that_lies_decides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    z3: Any = pytest.importorskip("z3")
    module = importlib.import_module("metaid_symbolic.search.solver")
    monkeypatch.setattr(module, "model", lambda formula, seed: [z3.RealVal("1/3")])
    assert not found("forall x: x^2 >= 0", expected=False) and not found("exists x: x^2 < 0", expected=True)


def test_without_a_solver_nothing_is_proposed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "z3", None)
    assert not found(SETTLED["a rational point"][0]) and not model(
        Theory("t").statement("s", "exists x: x = 1").assertion.formula, 0
    )
