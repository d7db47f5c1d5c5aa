"""Irrational and transcendental minima and critical points: decided as they are, and nothing false decided."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from minima_problems import ALGEBRAIC, CONVEX, COUNTED, QUESTIONS, SIGNS, TIED, Question
from shell import Shell

from metaid_symbolic import analysis
from metaid_symbolic.certificates import Certificate
from metaid_symbolic.claims import AtProblem
from metaid_symbolic.conditions import Conditions
from metaid_symbolic.encoding import decode, encode
from metaid_symbolic.kernel import check
from metaid_symbolic.search import Settings, findings
from metaid_symbolic.search.enclosures.enclosing import location, proofs
from metaid_symbolic.theory import Claim, Theory

TRUE = [name for name, q in QUESTIONS.items() if q.truth]
FALSE = [name for name, q in QUESTIONS.items() if not q.truth]
SECONDS = 60.0
THEORY = """from metaid_symbolic import MetaProblem, Theory, analysis, reals
from metaid_symbolic.terms import Term

x, y = reals("x y")
theory = Theory("minima", step="S1", title="Minima")
analysis.cite(theory)


def exp(z):
    return Term("exp", (z,))


def log(z):
    return Term("log", (z,))


softmax = MetaProblem((x, y), [log(1 + exp(x) + exp(y)) - x / 2 - y / 4], [1])
theory.at("softmax", softmax, "UNIQ", expected=True)
theory.at("cube-root", MetaProblem(x, [x**4 - x], [1]), "exists a in argmin F: 4*coord(a, 1)^3 = 1", expected=True)
theory.at("elsewhere", MetaProblem(x, [x**4 - x], [1]), "exists a in argmin F: coord(a, 1) < 1/2", expected=False)
"""


def asked(question: Question, name: str = "C") -> Claim:
    theory = Theory("minima")
    analysis.cite(theory)
    theory.at(name, question.problem, question.formula, expected=question.truth)
    return theory[name]


@pytest.mark.parametrize("name", TRUE)
def test_what_is_true_is_proved(name: str) -> None:
    claim, start = asked(QUESTIONS[name]), time.monotonic()
    found = next(f for f in findings(claim, Settings()))
    assert time.monotonic() - start < SECONDS
    assert decode(encode(found.certificate), Certificate) == found.certificate
    theorems = {t.name: t for t in claim.cited}
    assert claim.assertion is not None
    verdicts = [check(claim.assertion, found.certificate, theorems, arithmetic) for arithmetic in ("python", "flint")]
    assert verdicts[0] == verdicts[1]
    assert verdicts[0].truth


@pytest.mark.parametrize("name", FALSE)
def test_what_is_false_is_not_proved(name: str) -> None:
    claim = asked(QUESTIONS[name])
    assert not any(truth for truth, _ in proofs(claim, claim.assertion))  # type: ignore[arg-type]


def test_every_kind_has_two_false_questions() -> None:
    assert all(sum(not q.truth for q in kind.values()) == 2 for kind in (CONVEX, ALGEBRAIC, TIED, COUNTED, SIGNS))
    assert len(TRUE) >= 12


def test_false_questions_have_the_truth_value_that_is_stated() -> None:
    """What is decided against its statement would show here: the negations of true questions are not proved either."""
    for name in ("softplus", "cube root", "one critical point of a tanh loss"):
        question = QUESTIONS[name]
        denied = Question(question.losses, f"not ({Conditions().parse(question.formula)})", False, question.names, question.box)
        claim = asked(denied)
        assert True not in [truth for truth, _ in proofs(claim, claim.assertion)]  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["cube root", "tilted wells", "quartic in the plane", "strictly convex quartic", "three wells"])
def test_the_exact_set_of_minimisers_is_checked(name: str) -> None:
    three = Question(("x^6 - 3*x^2 - x/8",), "EXISTS", True)
    problem = {**QUESTIONS, "three wells": three}[name].problem
    formula = location(problem)
    assert formula is not None
    theory = Theory("set")
    analysis.cite(theory)
    theory.claims["C"] = Claim("C", "S", AtProblem(problem, formula), expected=True)
    found = next(f for f in findings(theory["C"], Settings()))
    verdict = check(AtProblem(problem, formula), found.certificate, theory.theorems, "flint")
    assert verdict.truth
    assert verdict.theorems in (("Fermat", "Weierstrass"), ("strict convexity from the Hessian",))


def test_minima_of_a_theory_of_ones_own(metaid: Shell) -> None:
    Path("minima").mkdir()
    Path("minima/step_01_minima.py").write_text(THEORY)
    code, verdicts, _ = metaid.claims("minima")
    assert (code, verdicts) == (0, {"softmax": "proved", "cube-root": "proved", "elsewhere": "refuted"})
    code, out, _ = metaid("search", "minima/step_01_minima.py:softmax")
    assert code == 0
    assert "proved +1" in out
    assert metaid("recheck", "minima", "--backend", "both")[0] == 0
