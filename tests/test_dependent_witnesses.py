"""Values that depend on an unknown: denials of conditions that begin `exists mu > 0`, which no fixed values show."""

from __future__ import annotations

from fractions import Fraction

import pytest

from metaid_symbolic.claims import Universe
from metaid_symbolic.conditions import Conditions
from metaid_symbolic.kernel.instances import check_instance
from metaid_symbolic.kernel.polynomial import Ring
from metaid_symbolic.kernel.tableau import Checker
from metaid_symbolic.language import parse_formula
from metaid_symbolic.problems import MetaProblem
from metaid_symbolic.search.refutation import EFFORTS, certify
from metaid_symbolic.search.tableaux.dependent import Unknown, failing
from metaid_symbolic.terms import Term, symbol

x, y, u = map(symbol, "xyu")
ORIGIN = ((Fraction(0),),)
DENIED = {
    "a quartic": (x**4, "STRONG"),
    "a quartic elsewhere": ((x - 1) ** 4 + x, "STRONG"),
    "a large quartic": (100 * x**4, "STRONG"),
    "a quartic in one direction": (x**4 + y**2, "STRONG"),
    "a quartic has no Lipschitz gradient": (x**4, "LIPSCHITZ"),
    "even functions tell no points apart near 0": (x**2, "LPROF"),
}
HOLDING = {
    "a parabola": (x**2, "STRONG"),
    "with a parabola": (x**4 + x**2 / 50, "STRONG"),
    "a parabola's gradient is Lipschitz": (x**2, "LIPSCHITZ"),
    "an odd function": (x**3, "LPROF"),
}


def instance(loss: Term, code: str) -> bool:
    """Whether the denial of the condition at 0 is found and the kernel accepts it."""
    names = ("x", "y") if y in _parts(loss) else ("x",)
    problem, denied = MetaProblem(names, (loss,), (Fraction(1),)), Conditions().parse(f"not {code}")
    made = certify(Universe(domain="whole"), problem, (Fraction(0),) * len(names), [denied], EFFORTS[0])
    if made is not None:
        check_instance(Universe(domain="whole"), [denied], made, Checker({}, Ring()))
    return made is not None


def _parts(term: Term) -> set[Term]:
    return {term}.union(*(_parts(a) for a in term.args if type(a) is Term))


@pytest.mark.parametrize("name", DENIED)
def test_is_shown_not_to_hold(name: str) -> None:
    assert instance(*DENIED[name])


@pytest.mark.parametrize("name", HOLDING)
def test_nothing_is_shown_of_what_holds(name: str) -> None:
    assert not instance(*HOLDING[name])


FORMULAS = {
    "forall a, b: a^4 + b^4 >= u*(a - b)^2": True,
    "forall a: 1 = 1 => (forall r: 0 < r & r < 1 => r*a^4 >= u*r*a^2)": True,
    "forall a: a^2 < u^2 => a = 0": True,
    "forall a: a <= u": True,
    "forall a: a^4 + a^2*u >= 0": False,
    "forall a: a^2 < u^2 & a > u => a = 0": False,
    "forall a: whole => a < u": False,
}


@pytest.mark.parametrize("text", FORMULAS)
def test_values_are_proposed_where_a_fact_fails_for_every_positive_number(text: str) -> None:
    assert bool(failing(parse_formula(text), True, Unknown(u, True), ORIGIN)) is FORMULAS[text]
