"""What is said of problems smaller than a counterexample: nothing that an enumeration by hand contradicts."""

from __future__ import annotations

from fractions import Fraction

import pytest

from metaid_symbolic import MetaProblem, Theory, reals
from metaid_symbolic.certificates import Instance
from metaid_symbolic.claims import ForAllProblems
from metaid_symbolic.kernel.rules import formulas
from metaid_symbolic.search.minimality import minimality, size
from metaid_symbolic.search.problems.restriction import Restriction
from metaid_symbolic.terms import less, number, symbol

x, y = reals("x y")
HALF = ("1/2", "1/2")


def label(source: str, problem: MetaProblem, point: int = 0) -> str:
    claim = Theory("t").claim("c", source).assertion
    assert isinstance(claim, ForAllProblems)
    at = (Fraction(point),) * problem.dimension
    return minimality(claim.universe, formulas(claim), Instance(problem, at, (), None, ()), Restriction((1, 2), (1, 3)))


def test_sizes_are_compared_in_the_order_that_is_documented() -> None:
    inside = (less(number(0), symbol("x")),)
    listed = [
        MetaProblem(x, [number(0)], [1]),
        MetaProblem(x, [number(1)], [1]),
        MetaProblem(x, [x], [1]),
        MetaProblem(x, [2 * x], [1]),
        MetaProblem(x, [x + 1], [1]),
        MetaProblem(x, [x**2], [1]),
        MetaProblem(x, [x, -x], HALF),
        MetaProblem((x, y), [x], [1]),
        MetaProblem(x, [number(0)], [1], inside),
    ]
    sizes = [size(problem, ()) for problem in listed]
    assert sizes == sorted(sizes) and len({*sizes}) == len(sizes)


def test_the_smallest_class_of_all_is_minimal() -> None:
    assert label("EXISTS => UNIQ", MetaProblem(x, [number(0)], [1])) == "minimal"


@pytest.mark.parametrize(
    ("source", "problem", "point"),
    [
        ("FPD & EXISTS => UNIQ", MetaProblem(x, [2 * x, -2 * x], HALF), 0),
        ("EXISTS => UNIQ", MetaProblem(x, [number(3)], [1]), 0),
        ("CRIT => MIN", MetaProblem(x, [x**3], [1]), 0),
        ("CRIT => UNIQ", MetaProblem(x, [number(0)], [1]), 1),
        ("EXISTS => UNIQ", MetaProblem((x, y), [x**2], [1]), 0),
        ("EXISTS => UNIQ", MetaProblem(x, [number(0)], [1], (less(number(0), symbol("x")),)), 1),
    ],
)
def test_nothing_is_said_of_one_with_a_smaller_beside_it(source: str, problem: MetaProblem, point: int) -> None:
    """Beside each there is a smaller counterexample; or, on a part of R^n, smaller domains that are not listed."""
    assert label(source, problem, point) == "smallest found"


def test_smaller_ones_are_excluded_by_proofs_and_counted() -> None:
    """Smaller than -x^2 with numbers of height 1 are 0, 1, -1, x, -x, each of one task."""
    assert label("CRIT => MIN", MetaProblem(x, [-(x**2)], [1])) == "minimal up to height 1, degree 2 (5 smaller excluded)"
