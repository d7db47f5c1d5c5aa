"""Laws in standard form: finite, or of independent Gaussian variables."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest
from evaluation import value_of

from metaid_symbolic.calculus.derive import derive
from metaid_symbolic.language import parse_term
from metaid_symbolic.models.expectation import mean
from metaid_symbolic.models.laws import (
    GaussianLaw,
    MixtureLaw,
    ProductLaw,
    UniformLaw,
    discrete_law,
    gaussian_law,
    point_law,
    uniform_weights,
)
from metaid_symbolic.models.objective import MetaObjective
from metaid_symbolic.models.standard_laws import standardised
from metaid_symbolic.terms import IllFormed, less, symbol

HALF = Fraction(1, 2)
POINTS = discrete_law(("x", "y"), [[1, 2], ["1/2", 0], [1, -1]], ["1/2", "1/4", "1/4"])
SINGULAR = GaussianLaw(("x", "y"), (1, 2), ((1, 2), (2, 4)))
STANDARD = {
    "correlated": GaussianLaw(("x", "y"), (1, "1/2"), ((2, 1), (1, 3))),
    "singular": SINGULAR,
    "independent": gaussian_law(("x", "y"), [1, 2], [3, 0]),
    "a product of Gaussian laws": ProductLaw((gaussian_law("x", [1], [2]), gaussian_law("y", [0], [1]))),
    "points": POINTS,
    "a product of points": ProductLaw((discrete_law("x", [[1], [2]], ["1/3", "2/3"]), point_law("y", [5]))),
    "a mixture of points and a point": MixtureLaw((HALF, HALF), (POINTS, point_law(("y", "x"), (7, 8)))),
}


@pytest.mark.parametrize("name", STANDARD)
def test_standard_laws_have_the_same_moments_of_the_task(name: str) -> None:
    """E G, E G^2 and E (dG/dphi)^2 agree, and the kernel can speak of the problem."""
    law = STANDARD[name]
    made = MetaObjective(("phi",), (parse_term("(phi*x - y)^2 + x*y*phi"),), law)
    plain = standardised(made)
    problem = plain.problem
    for square in (False, True):
        tasks, others = ([t * t if square else t for t in m.tasks] for m in (made, plain))
        for at in (Fraction(0), Fraction(2), Fraction(-1, 3)):
            assert value_of(mean(law, tasks), {"phi": at}) == value_of(mean(plain.law, others), {"phi": at})
    here = Fraction(3, 5)
    assert value_of(derive(made).fisher.terms[0][0], {"phi": here}) == value_of(derive(problem).fisher.terms[0][0], {"phi": here})


def test_conditions_are_standardised_too() -> None:
    made = MetaObjective(("phi",), (parse_term("phi*x"),), POINTS, conditions=(less(symbol("y"), symbol("phi")),))
    assert [repr(c) for c in standardised(made).conditions] == ["2 < phi", "0 < phi", "(-1) < phi"]


def test_a_finite_law_is_standard() -> None:
    made = MetaObjective(("phi",), (symbol("phi"),), uniform_weights(1))
    assert standardised(made) is made


X = symbol("x")
UNIT = UniformLaw(("x",), ((0, 1),))
NORMAL = gaussian_law("x", [0], [1])
REFUSED: dict[str, tuple[Callable[[], object], str]] = {
    "a standard form of a box": (lambda: standardised(MetaObjective(("w",), (X,), UNIT)), "UniformLaw is neither"),
    "a standard form of two bells": (
        lambda: standardised(MetaObjective(("w",), (X,), MixtureLaw((HALF, HALF), (NORMAL, point_law("x", [1]))))),
        "MixtureLaw is neither",
    ),
    "a standard form of a bell and a box": (
        lambda: standardised(MetaObjective(("w",), (X,), ProductLaw((NORMAL, UniformLaw(("u",), ((0, 1),)))))),
        "ProductLaw is neither",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    made, message = REFUSED[name]
    with pytest.raises(IllFormed, match=message):
        made()
