"""Proofs that losses are defined where they are said to be."""

from __future__ import annotations

from fractions import Fraction

import pytest

from metaid_symbolic.calculus.derive import derive
from metaid_symbolic.calculus.domains import domain_of, proof_defined
from metaid_symbolic.certificates import Defined, Derivation, Done, Instance
from metaid_symbolic.claims import AtProblem, Labelled, SomeProblem, Universe
from metaid_symbolic.kernel import check
from metaid_symbolic.kernel.instances import needed
from metaid_symbolic.kernel.rejection import Rejected
from metaid_symbolic.language import parse_formula, parse_term
from metaid_symbolic.models import build
from metaid_symbolic.problems import MetaProblem
from metaid_symbolic.terms import TRUE
from metaid_symbolic.verdicts import Verdict

EVERYWHERE = (
    "log(1 + exp(w))", "log(exp(w) + exp(b) + exp(w - b))", "1/(exp(w) + exp(b))", "1/(-exp(w) - 2)", "1/exp(w)", "1/(-2*exp(w))",
    "log(3*exp(w + 2*b))", "1/(exp(w)*exp(b^2)^2)", "log(1 + w^2*exp(b))", "(b^2 + 2)^(-3)", "log(exp(w)/(1 + exp(w)))",
    "sqrt(1/2 + w^4)", "1/(1 + 1/(1 + exp(w)))", "log(w^2 + b^2 - w + 1)",
)  # fmt: skip
SOMEWHERE = {
    "1/w": "0 < w^2", "log(w)": "0 < w", "log(exp(w) - 1)": "0 < exp(w) - 1", "1/(w + b)": "0 < (w + b)^2",
    "sqrt(w - b)": "0 < w - b",
}  # fmt: skip
NOWHERE = ("1/(w - w)", "log(-1 - w^2)", "1/(1 + 1/(b - b))")


def problem(loss: str, *constraints: str) -> MetaProblem:
    return MetaProblem(("w", "b"), (parse_term(loss),), (1,), tuple(map(parse_formula, constraints)))  # type: ignore[arg-type]


def accepted(found: MetaProblem, *proofs: object) -> bool:
    try:
        return all(check(AtProblem(found, TRUE), Defined(proofs, Derivation(Done())), {}, a).truth for a in ("python", "flint"))  # type: ignore[arg-type]
    except Rejected:
        return False


@pytest.mark.parametrize("loss", EVERYWHERE)
def test_losses_defined_everywhere(loss: str) -> None:
    found = domain_of(problem(loss))
    assert found.proofs is not None and not found.assumed
    assert accepted(found.problem, *found.proofs)


@pytest.mark.parametrize("loss", EVERYWHERE)
def test_an_instance_has_proofs_of_all_that_is_needed(loss: str) -> None:
    made = problem(loss)
    proofs = tuple(proof for need in needed(made) if (proof := proof_defined(made, need)) is not None)
    instance = Instance(made, (Fraction(0), Fraction(0)), proofs, None, (Done(),))
    for arithmetic in ("python", "flint"):
        assert check(SomeProblem(Universe(), (Labelled("true", TRUE),)), instance, {}, arithmetic).truth


@pytest.mark.parametrize("loss", SOMEWHERE)
def test_what_is_not_seen_is_assumed(loss: str) -> None:
    found = domain_of(problem(loss))
    assert found.problem.constraints == (parse_formula(SOMEWHERE[loss]),) and len(found.assumed) == 1
    assert found.proofs and accepted(found.problem, *found.proofs)
    assert not accepted(problem(loss), *found.proofs)


@pytest.mark.parametrize("loss", NOWHERE)
def test_what_is_defined_nowhere_is_not_defined_on_the_whole_space(loss: str) -> None:
    found = domain_of(problem(loss))
    assert found.problem.constraints or found.proofs is None


def test_the_domain_of_the_problem_is_used() -> None:
    found = domain_of(problem("log(w + 1)", "0 < w"))
    assert found.proofs and not found.assumed and accepted(found.problem, *found.proofs)


def test_an_adapted_problem_with_logarithms_is_proved() -> None:
    assert derive(build("maml", "softmax-regression", 1, 2, 1)).objective.verdict is Verdict.PROVED


def test_a_softmax_mixture_is_proved() -> None:
    found = derive(build("darts", "quadratic", 1, 2, 1))
    assert [part.verdict for part in (found.objective, found.gradient, found.fisher)] == [Verdict.PROVED] * 3
