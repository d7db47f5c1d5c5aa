"""Learning coefficients against published values, and task diversity."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import pytest

from metaid_symbolic import Model, reals
from metaid_symbolic.identify.diversity import diversity, identifying_tasks
from metaid_symbolic.identify.learning_coefficients import learning_coefficient, normal_crossing, reduced_rank_regression
from metaid_symbolic.identify.null_vectors import NullVector
from metaid_symbolic.identify.observing import observed
from metaid_symbolic.identify.ranks import generic_rank
from metaid_symbolic.models.bases.networks import Network
from metaid_symbolic.terms import ONE, ZERO, IllFormed, Term

a, b, c, d, p, q, t = reals("a b c d p q t")

KNOWN: dict[str, tuple[tuple[Any, ...], list[Term], tuple[int, ...], tuple[str, int]]] = {
    # K = f^2 (or a sum of squares), lambda and m
    "regular": ((a, b), [a, b], (0, 0), ("1", 1)),
    "a hyperplane": ((a, b), [a], (0, 0), ("1/2", 1)),
    "ab: Watanabe 2009, example 1.5": ((a, b), [a * b], (0, 0), ("1/2", 2)),
    "ab away from 0": ((a, b), [a * b], (1, 0), ("1/2", 1)),
    "normal crossing": ((a, b), [a**2 * b**3], (0, 0), ("1/6", 1)),
    "three factors": ((a, b, c), [a * b * c], (0, 0, 0), ("1/2", 3)),
    "cusp: lct 5/6, Kollar 1997": ((a, b), [a**2 - b**3], (0, 0), ("5/12", 1)),
    "node": ((a, b), [a * b - a**3 - b**3], (0, 0), ("1/2", 2)),
    "E8: lct 1/3 + 1/5": ((a, b), [a**3 + b**5], (0, 0), ("4/15", 1)),
    "a square": ((a, b), [(a - b) ** 2], (0, 0), ("1/4", 1)),
    "squares": ((a, b), [a**2, b**2], (0, 0), ("1/2", 1)),
    "a circle": ((a, b), [a**2 + b**2], (1, 0), ("1/2", 1)),
    "one tanh unit, jets": ((a, b), [a * b, a * b**3], (0, 0), ("1/2", 2)),
    "separate variables": ((a, b, c, d), [a * b, c**2 * d], (0, 0, 0, 0), ("3/4", 2)),
}


@pytest.mark.parametrize("name", KNOWN)
def test_published_coefficients(name: str) -> None:
    parameters, outputs, point, (value, multiplicity) = KNOWN[name]
    found = learning_coefficient(Model(parameters, (), outputs), point)
    assert found.exact
    assert (found.lower, found.multiplicity) == (Fraction(value), multiplicity)


REDUCED = [(m, h, n, r) for m, h, n in product((1, 2, 3), repeat=3) for r in range(min(m, h, n) + 1) if m * h + h * n <= 9]


@pytest.mark.parametrize("shape", REDUCED, ids=str)
def test_reduced_rank_regression_agrees_with_the_polyhedron(shape: tuple[int, int, int, int]) -> None:
    """The formula of Aoyagi and Watanabe is the least over the true parameters, so at most the value at one; where the point is
    the most singular one and the value is exact they are equal."""
    inputs, hidden, outputs, rank = shape
    formula = reduced_rank_regression(*shape)
    first = [int(i == j < rank) for i in range(hidden) for j in range(inputs)]
    second = [int(i == j < rank) for i in range(outputs) for j in range(hidden)]
    found = learning_coefficient(Network((inputs, hidden, outputs)), [*first, *second])
    assert found.lower <= formula.lower <= found.upper
    if found.exact:
        assert (found.lower, found.multiplicity) == (formula.lower, formula.multiplicity)


TABLE = {
    # inputs, hidden, outputs, rank: lambda, m; computed by hand from the four cases of Aoyagi, Watanabe 2005
    (1, 1, 1, 0): ("1/2", 2),
    (2, 2, 2, 0): ("3/2", 1),
    (2, 2, 2, 1): ("2", 2),
    (3, 2, 2, 0): ("2", 2),
    (5, 1, 1, 0): ("1/2", 1),
    (1, 5, 1, 0): ("1/2", 1),
    (2, 1, 7, 1): ("4", 1),
}


@pytest.mark.parametrize("shape", TABLE, ids=str)
def test_reduced_rank_regression(shape: tuple[int, int, int, int]) -> None:
    value, multiplicity = TABLE[shape]
    found = reduced_rank_regression(*shape)
    assert (found.lower, found.upper, found.multiplicity) == (Fraction(value), Fraction(value), multiplicity)


def test_bounds_where_nothing_is_exact() -> None:
    """Two tanh units, none needed: lambda = 2/3 (Aoyagi, Nagata 2012); the polyhedron is degenerate, and says so."""
    found = learning_coefficient(Model((a, b, c, d), (), [a * b + c * d, a * b**3 + c * d**3]), (0, 0, 0, 0))
    assert not found.exact
    assert found.lower < Fraction(2, 3) < found.upper
    assert "not shown" in found.reason


def test_the_prior_counts() -> None:
    assert normal_crossing([1, 2]).lower == Fraction(1, 4)
    assert normal_crossing([1, 2], [0, 3]).lower == Fraction(1, 2)
    assert normal_crossing([1, 1], [1, 1]).multiplicity == 2


WRONG: dict[str, Any] = {
    "rank of a product": lambda: reduced_rank_regression(2, 1, 2, 2),
    "no crossing": lambda: normal_crossing([0, 0]),
    "another prior": lambda: normal_crossing([1], [0, 0]),
    "tanh": lambda: learning_coefficient(Network((1, 1, 1), "tanh"), (0, 0)),
    "short point": lambda: learning_coefficient(Network((1, 1, 1)), (0,)),
    "no rung": lambda: diversity(PARABOLAS, "LPROF", [(0,)]),
    "no inputs": lambda: diversity(Model((p,), (), [p]), "local", [(0,)]),
    "no candidates": lambda: diversity(PARABOLAS, "local", []),
    "long task": lambda: diversity(PARABOLAS, "local", [(0, 1)]),
}


@pytest.mark.parametrize("name", WRONG)
def test_refused(name: str) -> None:
    with pytest.raises(IllFormed):
        WRONG[name]()


PARABOLAS = Model((p,), (t,), [(p - t) ** 2 / 2])
LINES = Model((p, q), (t,), [(p + t * q) ** 2])


def test_one_task_per_parameter_is_least() -> None:
    found = diversity(LINES, "local", [(0,), (0,), (1,), (2,)])
    assert found.law == ((0,), (1,))
    assert found.minimal == "fewest of all"


def test_strong_needs_two_tasks() -> None:
    found = diversity(LINES, "strong", [(0,), (1,)], 20)
    assert (found.tasks, found.minimal, found.grade) == (2, "fewest of the candidates", "kernel")


def test_some_families_never_reach_a_rung() -> None:
    found = diversity(Model((p, q), (t,), [(p * q - t) ** 2]), "local", [(0,), (1,), (2,)])
    assert found.law is None
    assert "no law of this family" in found.reason


def test_losses_that_are_always_dependent() -> None:
    """p t + q t^2 + t^3: two tasks give rank 2, though each may have a loss of both parameters."""
    found = diversity(Model((p, q), (t,), [p * t + q * t**2]), "local", [(1,), (2,)])
    assert found.tasks == 2


def test_which_task_identifies_a_direction() -> None:
    _, null = generic_rank(observed(Model((p, q), (), [p**2])))
    assert identifying_tasks(LINES, null[0], [(0,), (1,), (2,)]) == ((1,), (2,))
    assert identifying_tasks(LINES, NullVector((ONE, ZERO), "linear"), [(0,)]) == ((0,),)
