"""Networks and models: against plain evaluation, published dimensions of function spaces, Taylor series, and refusals."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import mpmath
import pytest
from evaluation import in_order, modular_rank, real, value_of
from hypothesis import given, settings
from hypothesis import strategies as st

from metaid_symbolic.models.bases.networks import UNITS, Network, deep_linear
from metaid_symbolic.models.datasets import Dataset
from metaid_symbolic.models.risks import example_losses, risk, squared, tasks_on
from metaid_symbolic.models.series import expand
from metaid_symbolic.terms import IllFormed, symbol

PLAIN: dict[str, Callable[[Any], Any]] = {
    "linear": lambda u: u,
    "square": lambda u: u * u,
    "cubic": lambda u: u * u * u,
    "power-4": lambda u: u * u * u * u,
    "relu": lambda u: u if u > 0 else 0 * u,
    "tanh": lambda u: mpmath.tanh(real(u)),
    "logistic": lambda u: mpmath.exp(real(u)) / (mpmath.exp(real(u)) + 1),
    "softplus": lambda u: mpmath.log1p(mpmath.exp(real(u))),
}


def small() -> st.SearchStrategy[Fraction]:
    return st.fractions(min_value=-2, max_value=2, max_denominator=3)


def straightforward(network: Network, theta: Sequence[Any], x: Sequence[Any]) -> list[Any]:
    """Layer by layer, the parameters taken off the list as they come: W_1, b_1, W_2, ..."""
    rest, here = list(theta), list(x)
    for layer in range(1, len(network.widths)):
        rows = [[rest.pop(0) for _ in here] for _ in range(network.widths[layer])]
        here = [sum((w * h for w, h in zip(row, here, strict=True)), 0 * w_0) for row in rows for w_0 in row[:1]]
        if network.biases:
            here = [u + rest.pop(0) for u in here]
        if layer < len(network.widths) - 1:
            here = [PLAIN[network.units[layer - 1]](u) for u in here]
    assert not rest
    return here


@st.composite
def networks(draw: st.DrawFn, units: Sequence[str]) -> tuple[Network, list[Fraction], list[Fraction]]:
    """A network of at most 3 layers with a point and an input."""
    widths = draw(st.lists(st.integers(1, 3), min_size=2, max_size=4))
    kinds = draw(st.lists(st.sampled_from(units), min_size=len(widths) - 2, max_size=len(widths) - 2))
    network = Network(tuple(widths), tuple(kinds), draw(st.booleans()))
    count = len(network.parameters)
    theta = draw(st.lists(small(), min_size=count, max_size=count))
    return network, theta, draw(st.lists(small(), min_size=widths[0], max_size=widths[0]))


@settings(max_examples=60, deadline=None)
@given(networks(("linear", "square", "cubic", "relu", "power-4")))
def test_rational_networks_are_what_they_say(made: tuple[Network, list[Fraction], list[Fraction]]) -> None:
    network, theta, x = made
    place = dict(zip(network.parameters, theta, strict=True))
    wanted = straightforward(network, theta, x)
    on_all = [value_of(f, {**place, **dict(zip(network.model.inputs, x, strict=True))}) for f in network.model.outputs]
    at_one = [value_of(f, place) for f in network.model.at([x]).outputs]
    assert on_all == at_one == wanted


@settings(max_examples=30, deadline=None)
@given(networks(("tanh", "logistic", "softplus", "linear")))
def test_analytic_networks_are_what_they_say(made: tuple[Network, list[Fraction], list[Fraction]]) -> None:
    network, theta, x = made
    with mpmath.workdps(40):
        place = dict(zip(network.parameters, map(real, theta), strict=True))
        wanted = straightforward(network, [real(v) for v in theta], [real(v) for v in x])
        found = [value_of(f, place) for f in network.model.at([x]).outputs]
        assert all(abs(real(f) - g) < 1e-30 for f, g in zip(found, wanted, strict=True))


@settings(max_examples=40, deadline=None)
@given(networks(("linear", "square")))
def test_coefficients_make_the_function(made: tuple[Network, list[Fraction], list[Fraction]]) -> None:
    """sum_e c_e(theta) x^e is f_theta(x)."""
    network, theta, x = made
    place = dict(zip(network.parameters, theta, strict=True))
    names = network.model.inputs
    for f, series in zip(network.model.outputs, expand(network.model.outputs, names), strict=True):
        value = Fraction(0)
        for exponents, coefficient in series.items():
            term = value_of(coefficient, place)
            for v, e in zip(x, exponents, strict=True):
                term *= v**e
            value += term
        assert value == value_of(f, {**place, **dict(zip(names, x, strict=True))})


@settings(max_examples=25, deadline=None)
@given(networks(("tanh", "logistic", "softplus")))
def test_jets_of_networks_are_taylor_polynomials(made: tuple[Network, list[Fraction], list[Fraction]]) -> None:
    """At a small input the Taylor polynomial of order 4 is near the network."""
    network, theta, x = made
    place = {n: v / 4 for n, v in zip(network.parameters, theta, strict=True)}
    tiny = [v / 10**6 for v in x]
    with mpmath.workdps(50):
        numbers = {n: real(v) for n, v in place.items()}
        for f, series in zip(network.model.outputs, expand(network.model.outputs, network.model.inputs, order=4), strict=True):
            value = mpmath.mpf(0)
            for exponents, coefficient in series.items():
                term = real(value_of(coefficient, numbers))
                for v, e in zip(tiny, exponents, strict=True):
                    term *= real(v) ** e
                value += term
            at = {**numbers, **dict(zip(network.model.inputs, map(real, tiny), strict=True))}
            assert abs(value - value_of(f, at)) < mpmath.mpf(10) ** -24


POLYNOMIAL = {
    "2-2-1 squares": ((2, 2, 1), "square", 3),
    "3-2-1 squares": ((3, 2, 1), "square", 5),
    "3-3-1 cubes": ((3, 3, 1), "cubic", 9),
    "3-4-1 fourth powers": ((3, 4, 1), "power-4", 12),
    "3-5-1 fourth powers, defective": ((3, 5, 1), "power-4", 14),
    "5-7-1 cubes, defective": ((5, 7, 1), "cubic", 34),
}
"""Kileel, Trager, Bruna 2019, with one hidden layer by Alexander, Hirschowitz 1995: min(h d, number of monomials) less 1 in
the defective cases."""


@pytest.mark.parametrize("name", POLYNOMIAL)
def test_published_dimensions_of_polynomial_networks(name: str) -> None:
    widths, units, dimension = POLYNOMIAL[name]
    made = Network(widths, units).model.coefficients()
    assert modular_rank(made.outputs, made.parameters) == dimension


@pytest.mark.parametrize("widths", [(2, 2, 2), (3, 2, 3), (2, 1, 3), (2, 3, 2), (4, 3, 2, 4), (3, 1, 1, 3), (2, 3, 4, 3, 5)])
def test_dimension_of_linear_networks(widths: tuple[int, ...]) -> None:
    """Matrices of rank at most k, the least width: k (d_0 + d_L - k)."""
    made = deep_linear(*widths).model.coefficients()
    k = min(widths)
    assert modular_rank(made.outputs, made.parameters) == k * (widths[0] + widths[-1] - k)
    assert len(made.outputs) == widths[0] * widths[-1]


@pytest.mark.parametrize("widths", [(3, 2, 3), (2, 3, 2)])
def test_stated_inputs_that_span_determine_a_linear_network(widths: tuple[int, ...]) -> None:
    model, size = deep_linear(*widths).model, widths[0]
    basis = [[int(i == j) for j in range(size)] for i in range(size)]
    k = min(widths)
    assert modular_rank(model.at(basis).outputs, model.parameters) == k * (widths[0] + widths[-1] - k)
    assert modular_rank(model.at(basis[:1]).outputs, model.parameters) == widths[-1]


@pytest.mark.parametrize(("widths", "order"), [((2, 2, 1), 5), ((2, 3, 1), 7), ((3, 2, 2), 5), ((1, 2, 1), 7)])
def test_tanh_networks_have_no_continuous_symmetry(widths: tuple[int, ...], order: int) -> None:
    """A network with one layer of tanh determines its parameters up to signs and order (Sussmann 1992): full generic rank.

    Without biases the jets at 0 are polynomials in the parameters.
    """
    made = Network(widths, "tanh").model.jets(order)
    assert modular_rank(made.outputs, made.parameters) == len(made.parameters)


LARGE = {
    "1,100 parameters, 10 layers of tanh": ((10,) * 11, "tanh", True),
    "2,200 parameters, 20 layers of relu": ((10,) * 21, "relu", True),
    "1,860 parameters, 2 layers of squares": ((30, 30, 30), "square", True),
    "2,400 parameters, 80 layers of softplus": ((5,) * 81, "softplus", True),
    "5,000 parameters, 50 linear layers": ((10,) * 51, "linear", False),
}


@pytest.mark.parametrize("name", LARGE)
def test_large_networks_share_their_units(name: str) -> None:
    """As many different subterms as a few for each parameter; written out there would be up to 5^80."""
    widths, units, biases = LARGE[name]
    start = time.process_time()
    model = Network(widths, units, biases).model
    data = Dataset.of([list(range(widths[0]))], [[1] * widths[-1]])
    tasks = tasks_on(model, squared(widths[-1]), [data, data])
    assert time.process_time() - start < 10  # measured 0.2 to 0.9 s
    size = len(model.parameters)
    assert len(in_order(model.outputs)) < 5 * size
    assert len(in_order(tasks.tasks[:1])) < 5 * size


def test_risks_are_means_of_losses() -> None:
    network = Network((2, 2, 1), "square", True)
    data = Dataset.of([[1, 2], ["1/2", 0], [-1, 1]], [1, "2/3", 0])
    place = {n: Fraction(k - 4, 3) for k, n in enumerate(network.parameters)}
    losses = []
    for x, y in (((1, 2), 1), ((Fraction(1, 2), 0), Fraction(2, 3)), ((-1, 1), 0)):
        (f,) = straightforward(network, list(place.values()), [Fraction(v) for v in x])
        losses.append((f - y) ** 2 / 2)
    assert [value_of(t, place) for t in example_losses(network.model, squared(), data)] == losses
    assert value_of(risk(network.model, squared(), data), place) == sum(losses) / 3


X = symbol("x")
REFUSED: dict[str, tuple[Callable[[], object], str]] = {
    "an unknown unit": (lambda: Network((1, 1, 1), "gelu"), "there is no unit 'gelu'; there are linear, square"),
    "a power 1": (lambda: Network((1, 1, 1), "power-1"), "there is no unit 'power-1'"),
    "a huge power": (lambda: Network((1, 1, 1), "power-9999"), "there is no unit 'power-9999'"),
    "units for another depth": (lambda: Network((1, 1, 1), ("tanh", "tanh")), "2 kinds of units disagree with 1 hidden layers"),
    "a number for the widths": (lambda: Network(3), "the widths 3 are no list"),
    "one width": (lambda: Network((1,), "tanh"), r"the widths \[1\]"),
    "a width 0": (lambda: Network((1, 0, 1), "tanh"), r"the widths \[1, 0, 1\]"),
    "a fractional width": (lambda: Network((1, Fraction(3, 2), 1), "tanh"), "are not two or more positive numbers"),
    "inputs of another number": (lambda: Network((2, 1)).outputs([X]), "1 inputs disagree with the width 2"),
    "data that do not fit the widths": (
        lambda: risk(Network((2, 1)).model, squared(), Dataset.of([1], [1])),
        "data with 1 inputs an example disagree with a model of 2 inputs",
    ),
    "targets that do not fit the widths": (
        lambda: risk(Network((1, 2)).model, squared(2), Dataset.of([1], [1])),
        "2 predictions and 2 targets disagrees with 2 outputs and 1 targets",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    made, message = REFUSED[name]
    with pytest.raises(IllFormed, match=message):
        made()


def test_every_unit_is_tested() -> None:
    assert set(PLAIN) == {*UNITS, "power-4"}
