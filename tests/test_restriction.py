"""A search that is told which meta-problems to look at shows no other one, whatever strategy finds it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

import pytest
from shell import Shell

from metaid_symbolic import MetaProblem, Theory, reals
from metaid_symbolic.certificates import Instance
from metaid_symbolic.conjectures import search
from metaid_symbolic.examples.collection import collection
from metaid_symbolic.language import parse_term
from metaid_symbolic.problems import Noise
from metaid_symbolic.running.replay import read, written
from metaid_symbolic.search import Finding, NothingToSearch, Settings, Unit, findings, registry
from metaid_symbolic.search.examples import fitting
from metaid_symbolic.search.problems.candidates import candidates
from metaid_symbolic.search.problems.gluing import glued
from metaid_symbolic.search.problems.needs import Needs
from metaid_symbolic.search.problems.restriction import Restriction
from metaid_symbolic.theory import Claim, Hint

x, y = reals("x y")
HALF = ("1/2", "1/2")
QUICK: dict[str, Any] = {"timeout": 120.0, "jobs": 1}


def single(loss: Any) -> MetaProblem:
    return MetaProblem(x, [loss], [1])


LOG, RELU = single(parse_term("exp(x) + 1/3")), single(parse_term("relu(x)"))
ADMITTED = {
    "everything": (Restriction(), RELU, True),
    "too many dimensions": (Restriction(dimensions=(1, 1)), MetaProblem((x, y), [x], [1]), False),
    "too few tasks": (Restriction(tasks=(2, 3)), single(x), False),
    "the degree is reached": (Restriction(degree=2), single(x**2), True),
    "the degree is exceeded": (Restriction(degree=2), single(x**3), False),
    "the degree is exceeded by one task": (Restriction(degree=1), MetaProblem(x, [x, x**2], HALF), False),
    "powers that cancel have no degree": (Restriction(degree=1), single(x**2 + x - x**2), True),
    "the degree is that in the parameters": (
        Restriction(degree=2),
        MetaProblem(x, [parse_term("(t - x)^2*t")], [1], noise=(Noise("t", 0, 1),)),  # type: ignore[arg-type]
        True,
    ),
    "a numerator": (Restriction(height=2), single(3 * x), False),
    "a denominator": (Restriction(height=2), single(x / 3), False),
    "coefficients that are multiplied out": (Restriction(height=2), single((x - 2) ** 2), False),
    "weights have no height": (Restriction(height=1), MetaProblem(x, [x, -x], ("1/3", "2/3")), True),
    "no polynomial, and a degree": (Restriction(degree=9), LOG, False),
    "no polynomial": (Restriction(losses="polynomial"), LOG, False),
    "an exponential": (Restriction(losses="exp-log"), LOG, True),
    "a polynomial is one without": (Restriction(losses="exp-log"), single(x), True),
    "a relu is no exponential": (Restriction(losses="exp-log"), RELU, False),
    "the numbers beside an exponential": (Restriction(losses="exp-log", height=2), LOG, False),
    "low numbers beside an exponential": (Restriction(losses="exp-log", height=3), LOG, True),
}


@pytest.mark.parametrize("name", ADMITTED)
def test_which_problems_are_admitted(name: str) -> None:
    restriction, problem, admitted = ADMITTED[name]
    assert restriction.admits(problem) is admitted


NARROW = (
    Restriction((1, 1), (1, 1)),
    Restriction((2, 2), (1, 3), degree=2),
    Restriction((1, 1), (1, 3), degree=1),
    Restriction((1, 2), (2, 2), degree=3, height=1),
    Restriction((3, 3), (1, 2)),
    Restriction((1, 1), (4, 4)),
    Restriction((1, 1), (1, 1), degree=6),
)
PLAIN = Needs(rate=False, point=False, descent=False, steps=False, tasks=True)


@pytest.mark.parametrize("within", NARROW, ids=str)
def test_no_strategy_looks_at_another_problem(within: Restriction) -> None:
    listed = [c.problem for c in islice(candidates("open", PLAIN, within), 1_000)]
    assert listed and all(map(within.admits, listed))
    assert all(map(within.admits, glued([e.problem for e in collection()], PLAIN, within)))
    universe = Theory("t").claim("c", "EXISTS => UNIQ").assertion.universe
    assert all(within.admits(e.problem) for e in fitting(universe, [], within))


def test_a_higher_degree_is_enumerated_if_it_is_asked_for() -> None:
    listed = [c.problem for c in candidates("whole", PLAIN, Restriction((1, 1), (1, 1), degree=6))]
    assert single(x**6) in listed and not Restriction(degree=5).admits(single(x**6))


def test_the_rate_and_steps_of_a_hypothesis_are_the_ones_tried() -> None:
    given = [Theory("t").claim("c", f"{f} => CRIT").assertion.hypotheses[0].formula for f in ("alpha = 3/7", "steps = 3")]
    needs = Needs.of(given)
    assert needs.rates == (parse_term("3/7").args[0],) and needs.counts == (3,)


def lying(claim: Claim, settings: Settings) -> Iterator[Finding]:
    """A strategy that ignores what it is asked for."""
    yield Finding(Instance(single(x**4), (parse_term("0").args[0],), (), None, ()), "lies", "minimal")


def test_a_strategy_that_ignores_the_universe_is_not_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "chosen_methods", lambda claim, settings: [lying])
    claim = Theory("t").claim("c", "EXISTS => UNIQ")
    assert len(list(findings(claim, Settings(degree=4)))) == 1
    for narrow in (Settings(degree=3), Settings(dimensions=(2, 2)), Settings(tasks=(2, 2))):
        assert not list(findings(claim, narrow))


def test_what_an_author_suggests_is_in_the_universe_that_is_asked_for() -> None:
    claim = replace(Theory("t").claim("c", "EXISTS => UNIQ", expected=False), hint=Hint(MetaProblem((x, y), [0 * x], [1])))
    assert [f.author for f in findings(claim, Settings(strategies=("author",)))] == [True]
    assert not list(findings(claim, Settings(strategies=("author",), dimensions=(1, 1))))


def test_the_counterexample_is_in_the_universe() -> None:
    alone: dict[str, Any] = {"strategies": ("small",), **QUICK}
    assert search("CRIT => MIN", degree=2, **alone).result.verdict.truth is False
    assert search("CRIT => MIN", degree=1, **alone).result.verdict.truth is None
    wide = search("EXISTS => UNIQ", dim=3, **alone)
    assert wide.counterexample is not None and wide.counterexample.problem.dimension == 3


EMPTY: dict[str, tuple[dict[str, Any], str]] = {
    "no dimension": ({"dim": (2, 1)}, "dimension >= 1 from 2 to 1: the universe is empty"),
    "no task": ({"tasks": 0}, "number of tasks >= 1 from 0 to 0: the universe is empty"),
    "no degree": ({"degree": -1}, "degree of at most -1: the universe is empty"),
    "no coefficient": ({"height": 0}, "height of at most 0: the universe is empty"),
    "no such losses": ({"losses": "exp"}, "losses are any, polynomial, exp-log, and not 'exp'"),
    "a degree of exponentials": ({"losses": "exp-log", "degree": 2}, "have none: the universe is empty"),
    "another dimension": ({"dim": (1, 2), "given": ("n = 3",)}, "no n from 1 to 2 has the hypotheses about n"),
}


@pytest.mark.parametrize("name", EMPTY)
def test_an_empty_universe(name: str) -> None:
    asked, message = EMPTY[name]
    with pytest.raises(NothingToSearch, match=message):
        search("CRIT => MIN", **asked)


def test_numbers_have_no_degree() -> None:
    with pytest.raises(NothingToSearch, match="no meta-problems that could be restricted"):
        search("forall x: x^2 >= 0", degree=2)


def test_a_replay_keeps_the_universe() -> None:
    text = written(Theory("t").claim("c", "CRIT => MIN"), {"seed": 0, "degree": 2, "losses": "polynomial"}, Unit("small", 0, 500))
    assert read(text).settings["degree"] == 2 and read(text).settings["losses"] == "polynomial"


def test_the_command_line_restricts(metaid: Shell) -> None:
    words = ("CRIT => MIN", "--strategy", "small", "--no-repairs", "--degree", "2", "--height", "1", "--losses", "polynomial")
    code, out, _ = metaid("search", *words)
    assert code == 0 and "L_1(x) = (-1)*x^2" in out
    code, _, err = metaid("search", "CRIT => MIN", "--losses", "exp-log", "--degree", "2")
    assert code == 2 and "the universe is empty" in err and err.count("metaid:") <= 1
