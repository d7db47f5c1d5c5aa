"""Conservation laws of gradient flow, and which symmetries adaptation leaves."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest
from shell import Shell

from metaid_symbolic import MetaProblem, Model, reals
from metaid_symbolic.calculus.claims import check
from metaid_symbolic.language import parse_term
from metaid_symbolic.models import build
from metaid_symbolic.models.bases.networks import Network
from metaid_symbolic.symmetry.adaptation import adaptation
from metaid_symbolic.symmetry.assertions import annihilates
from metaid_symbolic.symmetry.conservation import conservation_laws, drift
from metaid_symbolic.terms import IllFormed, symbol

HALF = Fraction(1, 2)

# widths, unit: how many independent laws.  Marcotte, Gribonval, Peyre 2023, Abide by the law and follow the flow, section 4
# (linear networks: r (r + 1) / 2 a hidden layer of width r, if the layers beside it are as wide; ReLU: one a hidden unit).
PUBLISHED = {
    "linear 1-1-1": ((1, 1, 1), "linear", 1),
    "linear 2-1-2": ((2, 1, 2), "linear", 1),
    "linear 1-2-1": ((1, 2, 1), "linear", 3),
    "linear 2-2-2": ((2, 2, 2), "linear", 3),
    "linear 3-2-3": ((3, 2, 3), "linear", 3),
    "linear 2-3-2": ((2, 3, 2), "linear", 6),
    "linear 2-2-2-2": ((2, 2, 2, 2), "linear", 6),
    "relu 2-2-1": ((2, 2, 1), "relu", 2),
    "relu 2-3-1": ((2, 3, 1), "relu", 3),
}


@pytest.mark.parametrize(("widths", "unit", "count"), PUBLISHED.values(), ids=PUBLISHED)
def test_published_numbers_of_conservation_laws(widths: tuple[int, ...], unit: str, count: int) -> None:
    found = conservation_laws(Network(widths, unit).model)
    assert found.independent == count and found.proved and found.complete


def test_the_laws_of_a_factorisation_are_the_balance_of_its_factors() -> None:
    a, b = reals("a b")
    (law,) = conservation_laws(Model((a, b), (), [a * b])).laws
    assert {e: abs(v) for e, v in law.polynomial} == {(0, 0): 1, (1, 1): 1} and law.proved


def test_no_law_where_the_flow_goes_everywhere() -> None:
    a, b = reals("a b")
    found = conservation_laws(Model((a, b), (), [a, b]), degree=3)
    assert found.laws == () and found.bound == 0 and found.lie_rank == 2 and found.complete


def test_brackets_count_what_gradients_alone_do_not() -> None:
    found = conservation_laws(Network((2, 2, 2)).model)
    assert found.lie_rank == 5  # the four gradients have rank 4 at a point; a symmetry group of dimension 4 has 3 laws


def test_one_gradient_step_drifts_by_the_square_of_the_rate() -> None:
    a, b = reals("a b")
    (law,) = conservation_laws(Model((a, b), (), [a * b])).laws
    term, identity = drift(law, parse_term("(a*b - 1)^2/2"), Fraction(1, 10))
    assert identity.proved and str(term).startswith("(1/100)*")
    assert not drift(law, parse_term("a^2/2"), Fraction(1, 10))[1].proved  # a loss that is no function of a b


def test_false_laws_are_not_proved() -> None:
    model = Network((1, 1, 1)).model
    for v, w in (("2*w1_0_0", "2*w2_0_0"), ("2*w1_0_0", "-w2_0_0"), ("1", "-1")):
        assert not check(annihilates(model, (parse_term(v), parse_term(w))), refuting=False).truth


def test_bad_laws() -> None:
    model = Network((1, 1, 1)).model
    with pytest.raises(IllFormed, match="0 is no degree of a conservation law"):
        conservation_laws(model, 0)
    a, b = reals("a b")
    quartic = next(law for law in conservation_laws(Model((a, b), (), [a * b]), 4).laws if law.degree == 4)
    with pytest.raises(IllFormed, match="has degree 4, not 2"):
        drift(quartic, a * b, 1)


def test_a_degree_beyond_memory_keeps_the_lower_laws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("metaid_symbolic.symmetry.conservation.LARGEST_SYSTEM", 100)
    a, b = reals("a b")
    found = conservation_laws(Model((a, b), (), [a * b]), 9)
    assert found.degree == 2 and len(found.laws) == 1
    assert found.notes == ("laws of degree 9 in 2 parameters need a linear system with 54 unknowns; 100 entries are the limit",)


def test_laws_are_printed_as_polynomials() -> None:
    a, b = reals("a b")
    (law,) = conservation_laws(Model((a, b), (), [a * b])).laws
    assert str(law) in ("a^2 - b^2", "-a^2 + b^2") and "a^{2}" in conservation_laws(Model((a, b), (), [a * b])).latex()


def test_maml_breaks_scalings_and_keeps_permutations_and_signs() -> None:
    found = adaptation(build("plain", "scalar-factorisation", 2), build("maml", "scalar-factorisation", 2))
    assert len(found.base.vector_fields) == 1 and found.kept.fields == () and found.kept.proved
    assert found.base.discrete.order == found.kept.discrete.order == 4 and found.new_elements == 0


def test_rotations_survive_a_gradient_step() -> None:
    x, y = reals("x y")
    tasks = MetaProblem((x, y), [(x**2 + y**2 - 1) ** 2, x**2 + y**2], [HALF, HALF])
    found = adaptation(tasks, tasks.adapted("maml", rate=symbol("alpha")))
    assert len(found.kept.fields) == len(found.base.vector_fields) == 1 and found.new == ()


def test_learned_rates_take_part_in_the_scaling() -> None:
    found = adaptation(build("plain", "scalar-factorisation", 2), build("meta-sgd", "scalar-factorisation", 2))
    assert [v.weights for v in found.new] == [(1, -1, 2, -2)] and found.kept.fields == ()


def test_the_mixture_of_darts_has_a_shift() -> None:
    found = adaptation(build("plain", "scalar-factorisation", 2), build("darts", "scalar-factorisation", 2))
    assert [v.name for v in found.new] == ["affine d a_p_1 = 1, d a_p_2 = 1"]


def test_adaptation_of_another_base_is_refused() -> None:
    with pytest.raises(IllFormed, match="do not begin with those of the base"):
        adaptation(build("plain", "quadratic", 2), build("maml", "scalar-factorisation", 2))


def test_the_command_prints_laws_and_what_adaptation_keeps(metaid: Shell) -> None:
    code, out, _ = metaid("symmetry", "scalar-factorisation", "--laws", "2")
    assert code == 0 and "1 polynomial conservation laws up to degree 2, 1 independent" in out
    data = json.loads(metaid("symmetry", "maml", "--base", "scalar-factorisation", "--json", "--laws", "2")[1])
    assert data["adaptation"]["kept"] == {"fields": [], "order": 4, "proved": True}
    assert data["conservation"]["laws"] == [] and data["conservation"]["complete"] is True
