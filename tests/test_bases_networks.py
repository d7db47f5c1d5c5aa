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

from metaid_symbolic import MetaProblem, Model, reals
from metaid_symbolic.language import parse_term
from metaid_symbolic.models.bases.networks import UNITS, Network, deep_linear
from metaid_symbolic.models.datasets import Dataset
from metaid_symbolic.models.laws import gaussian_law, uniform_weights
from metaid_symbolic.models.objective import Constant, MetaObjective
from metaid_symbolic.models.profile import profile
from metaid_symbolic.models.risks import example_losses, risk, squared, tasks_on
from metaid_symbolic.models.series import expand
from metaid_symbolic.problems import finite_law
from metaid_symbolic.terms import IllFormed, Term, symbol

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


JETS = {
    "tanh": ("v*tanh(w*x + b)", "v*(1 - tanh(b)^2)*w"),
    "logistic": ("v*logistic(w*x + b)", "v*logistic(b)*(1 - logistic(b))*w"),
    "softplus": ("log(1 + exp(w*x + b))", "w*logistic(b)"),
    "quotient": ("v/(1 + exp(w*x))", "0 - v*w/4"),
    "square root": ("sqrt(1 + w*x)", "w/2"),
    "logarithm": ("v*log(2 + w*x)", "v*w/2"),
}


@pytest.mark.parametrize("name", JETS)
def test_first_jets(name: str) -> None:
    output, slope = map(parse_term, JETS[name])
    names = ("w", "v", "b")
    made = Model(names, ("x",), (output,)).jets(1)
    place = {n: Fraction(k, 3) for n, k in zip(names, (1, -2, 5), strict=True)}
    with mpmath.workdps(40):
        found = dict(zip(made.labels, made.outputs, strict=True))["coefficient of x in f"]
        assert abs(real(value_of(found, place)) - real(value_of(slope, place))) < 1e-30


@pytest.mark.parametrize("name", JETS)
def test_jets_are_taylor_coefficients(name: str) -> None:
    """Against numerical differentiation with 80 digits."""
    output = parse_term(JETS[name][0])
    place = {"w": Fraction(2, 3), "v": Fraction(-3, 2), "b": Fraction(1, 5)}
    series = expand([output], ["x"], order=6)[0]
    with mpmath.workdps(80):
        real_place = {n: real(v) for n, v in place.items()}
        wanted = mpmath.taylor(lambda x: value_of(output, {**real_place, "x": x}), 0, 6)
        for k, value in enumerate(wanted):
            found = real(value_of(series[(k,)], place)) if (k,) in series else 0
            assert abs(found - value) < 1e-15, k


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


def test_labels_say_what_a_component_is() -> None:
    w, v, x = reals("w", (2, 2)), reals("v", 2), reals("x", 2)
    net = Model(parameters=(w, v), inputs=x, outputs=[sum(v[i] * (w[i, 0] * x[0] + w[i, 1] * x[1]) ** 2 for i in range(2))])
    assert net.coefficients().labels == tuple(f"coefficient of {m} in f" for m in ("x_1^2", "x_0*x_1", "x_0^2"))
    assert net.at([(1, 2), ("1/2", 0)]).labels == ("f(1, 2)", "f(1/2, 0)")
    assert modular_rank(net.coefficients().outputs, net.parameters) == 3


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
    start = time.perf_counter()
    model = Network(widths, units, biases).model
    data = Dataset.of([list(range(widths[0]))], [[1] * widths[-1]])
    tasks = tasks_on(model, squared(widths[-1]), [data, data])
    assert time.perf_counter() - start < 10  # measured 0.1 to 0.7 s on an idle core
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


def test_profiles() -> None:
    phi = symbol("phi")
    made = profile(finite_law("phi", [phi**2, phi - 1]))
    assert made == Model(("phi",), (), (phi**2, phi - 1), ("task 1", "task 2"))
    gaussian = MetaObjective(("phi",), ((phi - symbol("y")) ** 2,), gaussian_law("y", [0], [1]))
    assert profile(gaussian).inputs == ("y",) and len(profile(gaussian).coefficients().outputs) == 3
    adapted = profile(MetaProblem("phi", [phi**2], ["1"]).adapted("maml", rate="1/4"))
    assert value_of(adapted.outputs[0], {"phi": Fraction(3)}) == Fraction(9, 4)


def tanh_model() -> Model:
    return Network((1, 1, 1), "tanh").model


def relu_model() -> Model:
    return Network((1, 1, 1), "relu").model


W, X = symbol("w"), symbol("x")
RATED = MetaObjective(("w",), (W * symbol("a"),), uniform_weights(1), (Constant("a"),))
REFUSED: dict[str, tuple[Callable[[], object], str]] = {
    "an unknown unit": (lambda: Network((1, 1, 1), "gelu"), "there is no unit 'gelu'; there are linear, square"),
    "a power 1": (lambda: Network((1, 1, 1), "power-1"), "there is no unit 'power-1'"),
    "a huge power": (lambda: Network((1, 1, 1), "power-9999"), "there is no unit 'power-9999'"),
    "units for another depth": (lambda: Network((1, 1, 1), ("tanh", "tanh")), "2 kinds of units disagree with 1 hidden layers"),
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
    "coefficients of tanh": (lambda: tanh_model().coefficients(), r"tanh\(.*\) is no polynomial in x_0"),
    "jets of relu": (lambda: relu_model().jets(2), "has a kink where its argument is 0"),
    "jets of a pole": (lambda: Model(("w",), ("x",), (W / X,)).jets(1), r"x\^\(-1\) has no Taylor series where x = 0"),
    "jets of log at 0": (lambda: Model(("w",), ("x",), (W * Term("log", (X,)),)).jets(1), "no Taylor series where x = 0"),
    "jets of order -1": (lambda: tanh_model().jets(-1), "-1 is no order"),
    "coefficients of nothing": (lambda: Model(("w",), ("x",), (W - W,)).coefficients(), "0 for all parameters and inputs"),
    "a product too large": (
        lambda: expand([parse_term("(1+x+y+z)^90")], ["x", "y", "z"]),
        "pairs are not formed",
    ),
    "a float for an input": (lambda: tanh_model().at([[0.5]]), r"an input is 0\.5 \(float\)"),
    "an input of another dimension": (lambda: tanh_model().at([[1, 2]]), "2 coordinates disagrees with 1 inputs"),
    "a division by 0": (lambda: Model(("w",), ("x",), (W / X,)).at([[0]]), "division by 0"),
    "an output with another symbol": (
        lambda: Model(("w",), ("x",), (W * symbol("z"),)),
        "the output 0 mentions z, which is neither",
    ),
    "an output that is no function": (
        lambda: Model(("w",), (), (Term("app", ("f", W)),)),
        "app in the output 0 is no elementary",
    ),
    "no parameter": (lambda: Model((), ("x",), (X,)), "needs a parameter"),
    "one name twice": (lambda: Model(("w",), ("w",), (W,)), "two symbols of the model have one name"),
    "a name with a blank": (lambda: Model(("w w",), (), (W,)), "'w w' is no name"),
    "labels of another number": (lambda: Model(("w",), (), (W,), ("a", "b")), "2 labels disagree with 1 outputs"),
    "a profile with a constant": (lambda: profile(RATED), "a has no value yet"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    made, message = REFUSED[name]
    with pytest.raises(IllFormed, match=message):
        made()


def test_every_unit_is_tested() -> None:
    assert set(PLAIN) == {*UNITS, "power-4"}
