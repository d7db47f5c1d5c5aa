"""Certificates that identify writes down: the kernel accepts the right ones; of wrong ones none is made, or none accepted."""

from __future__ import annotations

from fractions import Fraction
from itertools import islice
from typing import Any

import pytest

from metaid_symbolic import MetaProblem, Model, reals
from metaid_symbolic.claims import AtProblem
from metaid_symbolic.conditions import Conditions
from metaid_symbolic.identify.claims import cited, profile_problem
from metaid_symbolic.identify.completeness import orbit_claim
from metaid_symbolic.identify.derivatives import Derivative
from metaid_symbolic.identify.fibres import fibre
from metaid_symbolic.identify.immersions import immersed
from metaid_symbolic.identify.mean_squares import mean_squares, squares_of
from metaid_symbolic.identify.minimisers import same_losses, two_minimisers
from metaid_symbolic.identify.observing import observed
from metaid_symbolic.identify.points import ordinary_point
from metaid_symbolic.identify.profiles import another_solution, not_told_apart, not_told_apart_nearby
from metaid_symbolic.identify.ranks import generic_rank
from metaid_symbolic.identify.real_points import Place, places
from metaid_symbolic.identify.strata import strata
from metaid_symbolic.identify.symmetric import finite_group
from metaid_symbolic.kernel import Rejected, check
from metaid_symbolic.terms import Term

x, y, z = reals("x y z")
HALF, THEOREMS = ["1/2", "1/2"], cited("tests").theorems


def problem(*losses: Any, names: tuple[Any, ...] = (x, y)) -> MetaProblem:
    return MetaProblem(names, losses, [f"1/{len(losses)}"] * len(losses))


def established(made: MetaProblem, source: str, certificate: Any) -> bool:
    return check(AtProblem(made, Conditions().parse(source)), certificate, THEOREMS).truth


MEANS: dict[str, tuple[MetaProblem, Any]] = {
    # (xy - 1)^2 and (xy - 2)^2: all minimisers have xy = 3/2, on a curve
    "product": (problem((x * y - 1) ** 2, (x * y - 2) ** 2), (Fraction(1, 4), 1)),
    # two points, neither rational
    "irrational": (problem((x**2 - 2) ** 2, (y - x) ** 2), (Fraction(0), 2)),
    "interpolation": (problem((x * y - 1) ** 2, (x - y) ** 2), (Fraction(0), 2)),
}


@pytest.mark.parametrize("name", MEANS)
def test_minimisers_of_mean_squares(name: str) -> None:
    made, (least, roots) = MEANS[name]
    found = mean_squares(made)
    assert found is not None
    assert (found.least, len(found.roots)) == (least, roots)
    first, second = islice(places(found.roots, made.parameters), 2)
    weak, two = same_losses(found, first), two_minimisers(found, first, second)
    assert established(made, "WEAK", weak) is True
    assert established(made, "UNIQ", two) is False
    assert two_minimisers(found, first, first) is None


def test_squares_without_a_common_real_zero_prove_nothing() -> None:
    """x^2 + 1 is never 0: the least value of the quadratic form in x^2 is not the minimum."""
    found = mean_squares(problem((x**2 + 1) ** 2, (y - 1) ** 2))
    assert found is not None
    assert found.least == 0
    assert list(places(found.roots, ("x", "y"))) == []


def test_a_point_that_is_no_zero_gives_no_certificate() -> None:
    made = problem((x * y - 1) ** 2, (x * y - 2) ** 2)
    found = mean_squares(made)
    assert found is not None
    wrong = Place((Fraction(1), Fraction(1)))
    certificate = same_losses(found, wrong)
    if certificate is not None:
        with pytest.raises(Rejected):
            established(made, "WEAK", certificate)


NO_SQUARES = {"tilted": (x**2 - 1) ** 2 - x, "negative": x**2 + Fraction(-1) * y**2, "product": x**2 * y, "odd": x**3}


@pytest.mark.parametrize("name", NO_SQUARES)
def test_what_is_no_sum_of_squares(name: str) -> None:
    assert squares_of(NO_SQUARES[name]) is None
    assert mean_squares(problem(NO_SQUARES[name])) is None


def test_fewer_tasks_than_parameters() -> None:
    """Whatever the losses are; the theorems say nothing of as many tasks as parameters."""
    few = MetaProblem((x, y, z), [Term("exp", (x,)) + y**3 * z, x * z + Term("tanh", (y,))], HALF)
    point = (Fraction(1), Fraction(0), Fraction(2))
    assert established(few, "PROF", not_told_apart(few)) is False
    assert established(few, "LPROF([1, 0, 2])", not_told_apart_nearby(few, point)) is False
    enough = problem(x, y)
    assert not_told_apart(enough) is None
    assert not_told_apart_nearby(enough, (Fraction(0),) * 2) is None


def test_the_theorem_on_fewer_tasks_is_not_accepted_for_others() -> None:
    """The certificate of three unknowns and two tasks, for a problem with three tasks that are told apart."""
    few, enough = problem(x, y, names=(x, y, z)), problem(x, y, z, names=(x, y, z))
    with pytest.raises(Rejected):
        established(enough, "PROF", not_told_apart(few))
    with pytest.raises(Rejected):
        established(enough, "LPROF([0, 0, 0])", not_told_apart_nearby(few, (Fraction(0),) * 3))


def test_immersions() -> None:
    logistic = problem(Term("log", (1 + Term("exp", (x,)),)) - Fraction(2, 3) * x, names=(x,))
    assert established(logistic, "LPROF([0])", immersed(logistic, (Fraction(0),))) is True
    cube = problem(x**3, names=(x,))
    assert immersed(cube, (Fraction(0),)) is None
    assert established(cube, "LPROF([1])", immersed(cube, (Fraction(1),))) is True
    with pytest.raises(Rejected):
        established(cube, "LPROF([0])", immersed(cube, (Fraction(1),)))


def test_another_solution_that_is_not_rational() -> None:
    """x^3 - 4x and its value at 1: the other zeros of (x - 1)(x^2 + x - 3) are not rational."""
    made = problem(x**3 - 4 * x, names=(x,))
    point = (Fraction(1),)
    found = [p for p in places([made.losses[0] + 3], ("x",)) if Place(point).apart(p) is not None]
    assert len(found) == 2
    assert established(made, "PROF", another_solution(made, point, found[0])) is False
    assert another_solution(made, point, Place(point)) is None


ORBITS: dict[str, tuple[Model, str | None]] = {
    "sums": (Model((x, y), (), [x + y, x * y]), "y = [coord(x, 2), coord(x, 1)]"),
    "signs": (Model((x, y), (), [x**2, x * y]), "coord(x, 1) != 0"),
    "scaling": (Model((x, y), (), [x * y]), "exists c1: c1 != 0"),
    # two real points with y held, and the scaling leads from one to the other only if it changes the sign of x
    "weights 2": (Model((x, y), (), [x**2 * y**2]), None),
    # three real points in the fibre of 1, and no symmetry
    "cubic": (Model((x,), (), [x**3 - x]), None),
}


@pytest.mark.parametrize("name", ORBITS)
def test_claims_that_a_fibre_is_an_orbit(name: str) -> None:
    model, part = ORBITS[name]
    seen = observed(model)
    rank, null = generic_rank(seen)
    derivative = Derivative(seen.expanded)
    found = fibre(seen, rank, ordinary_point(seen, rank), derivative)
    claim = orbit_claim(rank, null, finite_group(seen), found, strata(seen, rank, derivative))
    assert (claim is None) == (part is None)
    if claim is not None and part is not None:
        assert part in claim.source
        theory = cited("orbit")
        theory.at("orbit", profile_problem(seen), claim.source)
