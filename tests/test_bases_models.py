"""Models: coefficients, Taylor series, values at inputs, profiles of meta-problems, and refusals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import mpmath
import pytest
import sympy as sp
from evaluation import modular_rank, real, value_of
from hypothesis import given, settings
from hypothesis import strategies as st

from metaid_symbolic import MetaProblem, Model, reals
from metaid_symbolic.language import parse_term
from metaid_symbolic.models.bases.networks import Network
from metaid_symbolic.models.laws import finite_law, gaussian_law, uniform_weights
from metaid_symbolic.models.objective import Constant, MetaObjective
from metaid_symbolic.models.profile import profile
from metaid_symbolic.models.series import expand
from metaid_symbolic.programs import compose
from metaid_symbolic.terms import IllFormed, Term, symbol

LEAVES = [
    symbol("x"),
    symbol("y"),
    symbol("a"),
    parse_term("exp(a)"),
    parse_term("1/(1 + a^2)"),
    parse_term("-2/3"),
    parse_term("0"),
]


def terms() -> st.SearchStrategy[Term]:
    """Polynomials in x and y whose coefficients are functions of a, multiplied out nowhere."""
    return st.recursive(
        st.sampled_from(LEAVES),
        lambda inner: st.one_of(
            st.tuples(inner, inner).map(lambda p: p[0] + p[1]),
            st.tuples(inner, inner).map(lambda p: p[0] - p[1]),
            st.tuples(inner, inner).map(lambda p: p[0] * p[1]),
            st.tuples(inner, st.integers(1, 3)).map(lambda p: p[0] ** p[1]),
        ),
        max_leaves=8,
    )


def summed(series: dict[tuple[int, ...], Term], place: dict[str, Any], point: Sequence[Any]) -> Any:
    """sum_e c_e x^e."""
    value = mpmath.mpf(0)
    for exponents, coefficient in series.items():
        term = real(value_of(coefficient, place))
        for v, e in zip(point, exponents, strict=True):
            term *= real(v) ** e
        value += term
    return value


@settings(max_examples=80, deadline=None)
@given(terms())
def test_coefficients_are_free_of_the_inputs_and_make_the_term(term: Term) -> None:
    [series] = expand([term], ["x", "y"])
    place = {"x": Fraction(2, 3), "y": Fraction(-5, 4), "a": Fraction(1, 2)}
    with mpmath.workdps(40):
        inexact = {n: real(v) for n, v in place.items()}
        assert abs(summed(series, {"a": inexact["a"]}, [place["x"], place["y"]]) - real(value_of(term, inexact))) < 1e-20


@settings(max_examples=60, deadline=None)
@given(terms(), st.sampled_from(["exp(q)", "tanh(q)", "logistic(q)", "log(1 + exp(q))", "sqrt(1 + q^2)", "1/(3 + q^2)"]))
def test_series_of_compositions(inner: Term, outer: str) -> None:
    """Near 0 the Taylor polynomial of order 3 is off by the fourth power of the distance."""
    composed = compose(parse_term(outer), {"q": inner * parse_term("1/1000")})
    [series] = expand([composed], ["x", "y"], order=3)
    place = {"x": Fraction(2, 10**9), "y": Fraction(-1, 10**9), "a": Fraction(1, 3)}
    with mpmath.workdps(60):
        inexact = {n: real(v) for n, v in place.items()}
        assert abs(summed(series, {"a": inexact["a"]}, [place["x"], place["y"]]) - real(value_of(composed, inexact))) < 1e-30


@settings(max_examples=40, deadline=None)
@given(terms())
def test_jets_of_a_polynomial_are_its_low_coefficients(term: Term) -> None:
    [series], [low] = expand([term], ["x", "y"]), expand([term], ["x", "y"], order=2)
    place = {"a": Fraction(2, 5)}
    with mpmath.workdps(40):
        for exponents in {e for e in (*series, *low) if sum(e) <= 2}:
            found, wanted = (real(value_of(s[exponents], place)) if exponents in s else 0 for s in (low, series))
            assert abs(found - wanted) < 1e-20


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


def test_labels_say_what_a_component_is() -> None:
    w, v, x = reals("w", (2, 2)), reals("v", 2), reals("x", 2)
    net = Model(parameters=(w, v), inputs=x, outputs=[sum(v[i] * (w[i, 0] * x[0] + w[i, 1] * x[1]) ** 2 for i in range(2))])
    assert net.coefficients().labels == tuple(f"coefficient of {m} in f" for m in ("x_1^2", "x_0*x_1", "x_0^2"))
    assert net.at([(1, 2), ("1/2", 0)]).labels == ("f(1, 2)", "f(1/2, 0)")
    assert modular_rank(net.coefficients().outputs, net.parameters) == 3


def test_outputs_from_sympy() -> None:
    v, t = sp.symbols("v t", real=True)
    listed = Model([v], [t], [v * t, v])
    assert Model([v], [t], sp.Matrix([v * t, v])) == listed == Model(("v",), ("t",), Term("vec", listed.outputs))
    assert Model([v], [], v) == Model(("v",), (), (symbol("v"),))


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
    "a text for the outputs": (lambda: Model(("w",), (), "w"), "the outputs 'w' are no terms"),
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
