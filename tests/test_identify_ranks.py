"""Generic ranks against published dimensions, and what must not be concluded."""

from __future__ import annotations

from typing import Any

import pytest

from metaid_symbolic.identify.derivatives import Derivative
from metaid_symbolic.identify.null_vectors import null_vectors
from metaid_symbolic.identify.observing import Observed, observed
from metaid_symbolic.identify.ranks import generic_rank, nonzero_minor
from metaid_symbolic.identify.scalings import scaling_weights
from metaid_symbolic.identify.sparse_kernels import rational_kernel
from metaid_symbolic.model import Model
from metaid_symbolic.models.bases.networks import Network
from metaid_symbolic.programs import compose
from metaid_symbolic.symbols import reals
from metaid_symbolic.terms import Term, number, symbol

x, y, z, a, b = reals("x y z a b")

POLYNOMIAL_NETWORKS = {
    # widths, unit: dimension of the function space (Kileel, Trager, Bruna 2019, Table 1 and Alexander-Hirschowitz)
    ((2, 2, 1), "square"): 3,
    ((3, 2, 1), "square"): 5,
    ((3, 3, 1), "cubic"): 9,
    ((3, 4, 1), "power-4"): 12,
}
LINEAR_NETWORKS = ((2, 2, 2), (3, 2, 3), (2, 2, 2, 2), (3, 3, 3), (4, 4, 4), (2, 3, 2), (1, 1, 1))
"""The functions of a deep linear network are the matrices of rank at most k: dimension k (d0 + dL - k)."""
OTHERS = {
    # tanh: only finitely many equivalent weights (Sussmann 1992); relu: one scaling a hidden unit (Phuong, Lampert 2020)
    ((2, 2, 1), "tanh"): 6,
    ((1, 1, 1), "relu"): 1,
    ((2, 2, 1), "relu"): 4,
}


@pytest.mark.parametrize(("shape", "dimension"), {**POLYNOMIAL_NETWORKS, **OTHERS}.items(), ids=str)
def test_published_dimensions(shape: tuple[tuple[int, ...], str], dimension: int) -> None:
    rank, null = generic_rank(observed(Network(*shape)))
    assert rank.certain
    assert rank.lower == dimension
    assert len(null) == rank.parameters - dimension


@pytest.mark.parametrize("widths", LINEAR_NETWORKS, ids=str)
def test_linear_networks(widths: tuple[int, ...]) -> None:
    rank, _ = generic_rank(observed(Network(widths)))
    k = min(widths)
    assert rank.certain
    assert rank.lower == k * (widths[0] + widths[-1] - k)


def test_a_gap_is_reported_as_a_gap() -> None:
    """The exceptional case of Alexander and Hirschowitz: 35 coefficients, dimension 34; nothing here proves the upper bound."""
    rank, _ = generic_rank(observed(Network((5, 7, 1), "cubic")))
    assert rank.lower == 34
    assert not rank.certain
    assert rank.upper == 35
    assert str(rank) == "34 to 35"


MODELS = {
    "square": Network((2, 2, 1), "square").model,
    "linear": Network((2, 2, 2)).model,
    "product of sums": Model((x, y, z), (), [(x + y) * z, (x + y) ** 2 * z]),
    "meta": Model((x, y), (a,), [(x - y * (x - a)) ** 2]),
}


@pytest.mark.parametrize("name", MODELS)
def test_null_vectors_annihilate_the_model(name: str) -> None:
    """The derivative along each field is 0 at rational points, by a route that does not use the ring."""
    model = MODELS[name]
    rank, null = generic_rank(observed(model))
    assert len(null) == rank.parameters - rank.lower
    from metaid_symbolic.programs import jacobian, program

    rows = jacobian(model.outputs, model.parameters)
    for vector in null:
        for row in rows:
            along: Term = number(0)
            for entry, component in zip(row, vector.components, strict=True):
                along = along + entry * component
            names = (*model.parameters, *model.inputs)
            for shift in range(3):
                assert program(along, names).evaluate([3 * k + shift + 1 for k in range(len(names))]) == 0


def test_scalings_are_symmetries() -> None:
    model = Network((2, 2, 1), "cubic").model
    found = scaling_weights(observed(model))
    assert len(found) == 2
    for weights in found:
        put = {p: number(2) ** w * symbol(p) if w else symbol(p) for p, w in weights.items()}
        from metaid_symbolic.calculus.polynomials import collected

        assert collected(compose(model.outputs[0], put)) == collected(model.outputs[0])


def test_a_null_vector_may_not_depend_on_the_inputs() -> None:
    """x + a y has the null vector (a, -1) at each input a alone; both parameters are identified."""
    rank, null = generic_rank(observed(Model((x, y), (a,), [x + a * y])))
    assert (rank.lower, rank.upper, null) == (2, 2, ())
    seen = Observed(("x", "y"), (x + a * y,), ("a",))
    assert null_vectors(seen, 1) == ()


def test_functions_of_parameters_are_no_variables_of_their_own() -> None:
    """tanh(x)^2 and tanh(x)^4 depend on one another; Cramer's rule in their values would be no proof."""
    tanh = Term("tanh", (x,))
    derivative = Derivative(Observed(("x", "y"), (tanh**2 + y, tanh**4)))
    assert not derivative.plain


def test_relu_regions_and_gates() -> None:
    """The scaling of a relu unit is found for all regions at once; nothing is read off gates that are free."""
    seen = observed(Model((x, y), (a,), [y * Term("relu", (x * a,))]))
    rank, null = generic_rank(seen)
    assert rank.certain
    assert (rank.lower, [v.kind for v in null]) == (1, ["scaling"])


def test_an_unused_parameter_is_named() -> None:
    rank, null = generic_rank(observed(Model((x, y), (a,), [x * a])))
    assert rank.lower == 1
    assert "trivially unidentified" in null[0].words


def test_a_minor_of_a_transcendental_map_is_enclosed() -> None:
    minor = nonzero_minor(observed(Model((x, y), (), [Term("exp", (x,)) + y, Term("tanh", (x * y,))])))
    assert minor.size == 2
    assert minor.at.field.startswith("balls")


def test_kernels_come_block_by_block() -> None:
    import flint

    one = flint.fmpq(1)
    cells: list[tuple[int, int, Any]] = [(0, 0, one), (0, 1, one), (1, 2, one)]
    assert [dict(v) for v in rational_kernel(cells, 4)] == [{3: one}, {1: one, 0: -one}]


def test_a_thousand_parameters() -> None:
    """A cubic network of one scaling a unit; the measured time is in the benchmark."""
    rank, _ = generic_rank(observed(Network((19, 50, 1), "cubic")))
    assert rank.certain
    assert (rank.parameters, rank.lower) == (1000, 950)
