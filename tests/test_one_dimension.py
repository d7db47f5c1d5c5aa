"""What the kernel accepted of polynomials on the line, against an evaluation of its own."""

from __future__ import annotations

import random
from fractions import Fraction

import mpmath
import pytest
from one_dimension import INFINITE, TRUTH, Line, trimmed, truth

from metaid_symbolic.certificates import Instance
from metaid_symbolic.claims import ForAllProblems
from metaid_symbolic.conjectures import search
from metaid_symbolic.examples.collection import collection
from metaid_symbolic.lattice.lattice import NOT
from metaid_symbolic.store.loading import load
from metaid_symbolic.store.locating import locate

PROBLEMS, SEED = 400, 7


def drawn(source: random.Random) -> Line:
    """Up to three polynomials of degree at most 4 with a point, on the line or a part of it."""
    made = []
    for _ in range(source.choice((1, 1, 2, 2, 3))):
        degree = source.choice((0, 1, 2, 2, 3, 4, 4))
        made.append(trimmed([Fraction(source.choice((-2, -1, 0, 0, 1, 2)), source.choice((1, 1, 2))) for _ in range(degree + 1)]))
    if source.random() < 0.2:
        made = [made[0]] * len(made)
    point = Fraction(source.choice((-1, 0, 0, 0, 1, 1, 2)), source.choice((1, 1, 2)))
    ends = source.choice(
        ((-INFINITE, INFINITE), (-INFINITE, INFINITE), (mpmath.mpf(-2), mpmath.mpf(3)), (mpmath.mpf(-2), INFINITE))
    )
    return Line(tuple(made), (Fraction(1, len(made)),) * len(made), point, *ends)


LINES = [drawn(random.Random(SEED + k)) for k in range(PROBLEMS)]


def on_the_line() -> list[tuple[str, Line]]:
    made = []
    for example in collection():
        try:
            made.append((example.name, Line.of(example.problem, example.point[0])))
        except ValueError:
            continue
    return made


@pytest.mark.parametrize("name", [name for name, _ in on_the_line()])
def test_the_table_of_an_example(name: str) -> None:
    line = dict(on_the_line())[name]
    example = next(e for e in collection() if e.name == name)
    wrong = [code for code in TRUTH if truth(line, code) is not None and example.truth(code) is (not truth(line, code))]
    assert wrong == []


def implications() -> dict[str, tuple[tuple[str, ...], str]]:
    """Those of the lattice's theory, for each of which the kernel has a proof."""
    made = {}
    for name, claim in load(locate("@lattice")).theory.claims.items():
        if isinstance(assertion := claim.assertion, ForAllProblems):
            made[name] = tuple(h.label for h in assertion.hypotheses), assertion.conclusion.label
    return made


def holds(line: Line, label: str) -> bool | None:
    """Whether a condition, or `not` one, holds; None where that is not known."""
    found = truth(line, label.removeprefix(NOT)) if label.removeprefix(NOT) in TRUTH else None
    return found if found is None or not label.startswith(NOT) else not found


def test_no_problem_on_the_line_contradicts_an_implication() -> None:
    met = 0
    for hypotheses, conclusion in implications().values():
        for line in LINES:
            if all(holds(line, h) for h in hypotheses):
                assert holds(line, conclusion) is not False, (hypotheses, conclusion, line)
                met += holds(line, conclusion) is True
    assert met > 1000


@pytest.mark.parametrize("seed", range(3))
def test_a_search_agrees(seed: int) -> None:
    """A random implication between conditions: no problem contradicts a proof, and a counterexample is one."""
    *hypotheses, conclusion = random.Random(seed).sample(sorted(TRUTH), 3)
    answer = search(f"{' & '.join(hypotheses)} => {conclusion}", dim=1, strategies=("small", "at-once"), timeout=20, jobs=1)
    against = [line for line in LINES if all(holds(line, h) for h in hypotheses) and holds(line, conclusion) is False]
    assert not (answer.verdict.truth and against)
    if isinstance(found := answer.certificate, Instance):
        line = Line.of(found.problem, found.point[0])
        assert holds(line, conclusion) is not True and all(holds(line, h) is not False for h in hypotheses)
