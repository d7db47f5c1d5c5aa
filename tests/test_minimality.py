"""What is said of problems smaller than a counterexample: nothing that an enumeration by hand contradicts."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations, product

import pytest

from metaid_symbolic import MetaProblem, Theory, reals
from metaid_symbolic.certificates import Instance
from metaid_symbolic.claims import ForAllProblems
from metaid_symbolic.conditions import Conditions
from metaid_symbolic.kernel.rules import formulas
from metaid_symbolic.search.exclusion import class_excluded, pointwise
from metaid_symbolic.search.minimality import minimality, size
from metaid_symbolic.search.problems.needs import Needs
from metaid_symbolic.search.problems.restriction import Restriction
from metaid_symbolic.search.refutation import certify
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
        ("COERC => CONV", MetaProblem(x, [2 * x**4 - x**2], [1]), 0),
        ("EXISTS => UNIQ", MetaProblem(x, [number(0)], [1], (less(number(0), symbol("x")),)), 1),
    ],
)
def test_nothing_is_said_of_one_with_a_smaller_beside_it(source: str, problem: MetaProblem, point: int) -> None:
    """Beside each there is a smaller counterexample; or, on a part of R^n, smaller domains that are not listed."""
    assert label(source, problem, point) == "smallest found"


MINIMAL = {
    "EXISTS => UNIQ": (0 * x, 0),
    "CRIT => MIN": (-(x**2), 0),
    "SLM => HPD": (x**4, 0),
    "GINJ => EXISTS": (-(x**2), 0),
    "CONV => EXISTS": (x, 0),
    "HNS => GINJ": (x**3, 1),
    "CRIT & HPD => OPT": (x**2 - x**3, 0),
}


@pytest.mark.parametrize("source", MINIMAL)
def test_classes_of_polynomials_are_excluded_with_all_their_coefficients(source: str) -> None:
    loss, point = MINIMAL[source]
    assert label(source, MetaProblem(x, [loss], [1]), point) == "minimal"


def listed() -> Iterator[tuple[MetaProblem, int]]:
    """Polynomials of degree at most 4 with up to two terms and small coefficients, each at 0 and 1."""
    values = [Fraction(v) for v in (1, -1, 2)]
    for count in (0, 1, 2):
        for powers, coefficients in product(combinations(range(5), count), product(values, repeat=count)):
            loss = sum((c * (x**k if k else number(1)) for k, c in zip(powers, coefficients, strict=True)), 0 * x)
            yield from ((MetaProblem(x, [loss], [1]), point) for point in (0, 1))


@pytest.mark.parametrize("source", MINIMAL)
def test_nothing_is_minimal_beside_a_smaller_counterexample(source: str) -> None:
    """Of all the problems listed that are larger than one for which the kernel's rules prove everything."""
    claim = Theory("t").claim("c", source).assertion
    assert isinstance(claim, ForAllProblems)
    loss, at = MINIMAL[source]
    least = MetaProblem(x, [loss], [1])
    assert certify(claim.universe, least, (Fraction(at),), formulas(claim), 400) is not None
    counts = Needs.of(formulas(claim)).point
    bound = size(least, (Fraction(at),) if counts else ())
    larger = [(p, v) for p, v in listed() if size(p, (Fraction(v),) if counts else ()) > bound]
    assert len(larger) > 50
    assert not [(p, v) for p, v in larger[::29] if label(source, p, v) == "minimal"]


def test_fewer_tasks_are_excluded_for_all_losses_where_one_point_counts() -> None:
    """x and -x have a positive definite Fisher matrix at a critical point, as no single task has."""
    said = label("FPD & CRIT => HPD", MetaProblem(x, [x, -x], HALF))
    assert said == "minimal up to height 2, degree 1 (34 smaller excluded, and all with fewer tasks)"
    assert "fewer tasks" not in label("FPD & EXISTS => UNIQ", MetaProblem(x, [x, -x], HALF))


def test_a_restricted_universe_is_named() -> None:
    claim = Theory("t").claim("c", "EXISTS => UNIQ").assertion
    assert isinstance(claim, ForAllProblems)
    flat = Instance(MetaProblem((x, y), [0 * x], [1]), (Fraction(0),) * 2, (), None, ())
    asked = Restriction((2, 2), (1, 1), degree=3)
    assert minimality(claim.universe, formulas(claim), flat, asked) == "minimal, n >= 2, degree <= 3"
    assert minimality(claim.universe, formulas(claim), flat, Restriction((1, 2), (1, 1), degree=3)) == "smallest found"


POINTWISE = {
    "CRIT & HPD": True, "FPD & SPAN": True, "TPSD": True, "GVAR": True, "F(phi) > 0": True, "MIN": False, "FPDALL": False,
    "EXISTS": False, "COUNT": False, "F([1]) > 0": False, "D3F(phi, phi, phi, phi) = 0": False, "CRIT[F_MAML]": False,
}  # fmt: skip


@pytest.mark.parametrize("source", POINTWISE)
def test_which_formulas_speak_of_one_point(source: str) -> None:
    assert pointwise([Conditions().parse(source)]) is POINTWISE[source]


@pytest.mark.parametrize("source", ["COUNT", "steps = 2", "alpha = 1", "conservative(F)"])
def test_a_class_is_not_excluded_by_what_its_members_do_not_share(source: str) -> None:
    """Each formula fails, or has no reading, for the family, and may hold for a problem like its members."""
    assert not class_excluded(1, [(1,)], [Conditions().parse(source)])
