"""Hypergradients: the implicit function theorem against differentiation of the closed form, exactly; PACOH and Baxter."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
import sympy as sp

from metaid_symbolic.language import parse_formula, parse_term
from metaid_symbolic.models.bases.regression import linear_model
from metaid_symbolic.models.composition import gradient
from metaid_symbolic.models.datasets import Dataset
from metaid_symbolic.models.expansion import vanishes
from metaid_symbolic.models.expectation import mean
from metaid_symbolic.models.implicit import ImplicitObjective, solvable
from metaid_symbolic.models.laws import FiniteLaw, finite_law, uniform_weights
from metaid_symbolic.models.learners import (
    Temperatures,
    baxter,
    free_energy,
    gibbs,
    hyper_posterior,
    implicit_maml,
    learned_regularisation,
    on_examples,
    pacoh_finite,
    pacoh_gaussian,
    proximal,
    relaxed,
)
from metaid_symbolic.models.learners.architecture import softmax
from metaid_symbolic.models.minibatches import split_tasks
from metaid_symbolic.models.objective import Constant, MetaObjective
from metaid_symbolic.models.risks import example_losses, squared
from metaid_symbolic.programs import compose, hessian
from metaid_symbolic.programs.numbers import Balls
from metaid_symbolic.programs.program import program
from metaid_symbolic.sympy_bridge import from_sympy
from metaid_symbolic.terms import Term, less, number, symbol

LAMBDA = Constant("lambda", (parse_formula("0 < lambda"),))


def at(term: Term, values: dict[str, Any]) -> Fraction:
    """The rational value of a term at a rational point, which may list more symbols than it has."""
    made = program(term)
    found: Fraction = made.evaluate({name: str(values[name]) for name in made.inputs})
    return found


class Ridge:
    """One task of ridge regression with a training and a validation set, by matrices: w = (X^T X/m + lambda I)^-1 X^T y/m."""

    x = sp.Matrix([[1, 2], [0, 1], [1, -1]])
    y = sp.Matrix([1, 2, -1])
    validation_x = sp.Matrix([[1, 1], [2, 0]])
    validation_y = sp.Matrix([3, 1])
    weights = sp.Matrix(sp.symbols("w_0 w_1", real=True))
    strength = sp.Symbol("lambda", positive=True)

    def __init__(self) -> None:
        self.training = ((self.x * self.weights - self.y).T * (self.x * self.weights - self.y))[0] / 6
        residual = self.validation_x * self.weights - self.validation_y
        self.validation = (residual.T * residual)[0] / 4
        self.gram = self.x.T * self.x / 3 + self.strength * sp.eye(2)
        self.solution = self.gram.inv() * self.x.T * self.y / 3
        self.tasks = finite_law(("w_0", "w_1"), [from_sympy(sp.expand(self.training))])
        self.query = [from_sympy(sp.expand(self.validation))]

    @property
    def outer(self) -> Any:
        """Q(w(lambda))."""
        return self.validation.subs(dict(zip(self.weights, self.solution, strict=True)), simultaneous=True)


STRENGTHS = [sp.Rational(1, 3), sp.Rational(1), sp.Rational(7, 2)]


def test_the_hypergradient_of_ridge_regression() -> None:
    """dF/dlambda = -w^T (A + lambda I)^-1 grad Q(w) (implicit function theorem), and the derivative of the closed form."""
    ridge = Ridge()
    found = learned_regularisation(ridge.tasks, query=ridge.query)
    assert isinstance(found, MetaObjective) and found.parameters == ("lambda",) and found.conditions == ()
    [slope] = gradient(found.tasks[0], ("lambda",))
    exact = sp.diff(ridge.outer, ridge.strength)
    end_slope = sp.Matrix([ridge.validation]).jacobian(ridge.weights).T
    for strength in STRENGTHS:
        w = ridge.solution.subs(ridge.strength, strength)
        inverse = ridge.gram.subs(ridge.strength, strength).inv()
        implicit = -(w.T * inverse * end_slope.subs(dict(zip(ridge.weights, w, strict=True)), simultaneous=True))[0]
        value = at(slope, {"lambda": strength})
        assert str(value) == str(implicit) == str(sp.nsimplify(exact.subs(ridge.strength, strength)))


def unsolved(ridge: Ridge) -> ImplicitObjective:
    """The same problem with its inner solution left as symbols u, v and the equations (A + lambda I) w = b."""
    names = dict(zip(("w_0", "w_1"), (symbol("u"), symbol("v")), strict=True))
    inner = compose(ridge.tasks.losses[0], names) + symbol("lambda") * (symbol("u") ** 2 + symbol("v") ** 2) / 2
    equations = gradient(inner, ("u", "v"))
    domain = (less(0, symbol("lambda")),)
    value = compose(ridge.query[0], names)
    return solvable(ImplicitObjective(("lambda",), (value,), (("u", "v"),), (equations,), uniform_weights(1), domain=domain))


@pytest.mark.parametrize("strength", STRENGTHS)
def test_the_implicit_function_theorem_gives_the_derivatives_of_the_closed_form(strength: sp.Rational) -> None:
    ridge = Ridge()
    closed, implicit = learned_regularisation(ridge.tasks, query=ridge.query), unsolved(ridge)
    assert isinstance(closed, MetaObjective)
    u, v = ridge.solution.subs(ridge.strength, strength)
    place = {"lambda": strength, "u": u, "v": v}
    [slope] = gradient(closed.tasks[0], ("lambda",))
    assert at(implicit.objective, place) == at(closed.tasks[0], place)
    assert at(implicit.gradient[0], place) == at(slope, place)
    assert at(implicit.hessian[0][0], place) == at(hessian(closed.tasks[0], ("lambda",))[0][0], place)
    assert at(implicit.fisher[0][0], place) == at(slope, place) ** 2


def test_the_optimal_weight_is_where_the_hypergradient_vanishes() -> None:
    """One datum x = 1, y = 2, validation target 1: w = 2/(1 + lambda), F = (w - 1)^2/2, minimal at lambda = 1."""
    found = learned_regularisation(finite_law("w", [parse_term("(w - 2)^2/2")]), query=[parse_term("(w - 1)^2/2")])
    assert isinstance(found, MetaObjective)
    [slope] = gradient(found.tasks[0], ("lambda",))
    assert at(slope, {"lambda": 1}) == 0 and at(slope, {"lambda": "1/2"}) < 0 < at(slope, {"lambda": 2})


def test_splits_of_a_dataset_are_tasks_with_validation_losses() -> None:
    data = Dataset([[1], [2], [3]], [2, 3, 5])
    base, query = split_tasks(("w_0",), [example_losses(linear_model(1), squared(), data)], (2, 1))
    found = learned_regularisation(base, query=query)
    assert isinstance(found, MetaObjective)
    wanted = Fraction(0)
    pairs = [(1, 2), (2, 3), (3, 5)]
    for i, (x, y) in enumerate(pairs):
        rest = [p for j, p in enumerate(pairs) if j != i]
        w = sum(Fraction(a * b, 2) for a, b in rest) / (sum(Fraction(a * a, 2) for a, _ in rest) + 1)
        wanted += (w * x - y) ** 2 / 2 / 3
    assert at(mean(found.law, found.tasks), {"lambda": 1}) == wanted


def test_the_derivatives_of_a_proximal_problem_without_closed_form() -> None:
    """L = theta^4/4: lambda (theta - x) + theta^3 = 0.  At lambda = 1 and x = 2, theta = 1: D theta = 1/(1 + 3) = 1/4."""
    tasks = finite_law("x", [parse_term("x^4/4")])
    found = proximal(tasks, strength=LAMBDA)
    assert isinstance(found, ImplicitObjective) and found.conditions == ()
    place = {"x": 2, "theta_1_x": 1, "lambda": 1}
    assert at(found.equations[0][0], place) == 0
    assert at(found.objective, place) == Fraction(3, 4)
    assert at(found.gradient[0], place) == 1  # lambda (x - theta)
    assert at(found.hessian[0][0], place) == Fraction(3, 4)  # lambda (1 - D theta)
    outer = implicit_maml(tasks, strength=LAMBDA, query=[parse_term("x^2/2")])
    assert isinstance(outer, ImplicitObjective)
    assert at(outer.gradient[0], place) == Fraction(1, 4)  # theta D theta
    # D^2 theta = -6 theta (D theta)^3/(1 ...): from (1 + 3 theta^2) theta' = 1 follows theta'' = -6 theta theta'^3
    assert at(outer.hessian[0][0], place) == Fraction(1, 16) + Fraction(-6, 64)


def test_an_implicit_objective_takes_values_for_its_constants() -> None:
    found = proximal(finite_law("x", [parse_term("x^4/4")]), strength=LAMBDA)
    assert isinstance(found, ImplicitObjective)
    assert at(found.at(**{"lambda": 1}).hessian[0][0], {"x": 2, "theta_1_x": 1}) == Fraction(3, 4)


# softmax mixtures


def test_softmax_weights_are_shift_invariant() -> None:
    """F(w, a + c 1) = F(w, a): with y_i = exp(a_i) the objective is a rational function of y of degree 0."""
    base = MetaObjective(("w", "p", "q"), (parse_term("(p*w + q*w^2 - 1)^2/2"),), uniform_weights(1))
    found = relaxed(base, mixing=("p", "q"), logits=("a", "b"))
    assert found.parameters == ("w", "a", "b") and found.conditions == ()
    y, z, s, w = sp.symbols("y z s w", positive=True)
    value = found.tasks[0].sympy.subs({sp.exp(n.sympy): v for n, v in ((symbol("a"), y), (symbol("b"), z))})
    value = value.subs({n: w for n in value.free_symbols if n.name == "w"})
    assert value.free_symbols == {y, z, w}
    assert sp.cancel(value.subs({y: s * y, z: s * z}, simultaneous=True) - value) == 0
    assert sp.cancel(value.subs(y, s * y) - value) != 0


def test_softmax_weights_have_sum_one() -> None:
    p = softmax(("a", "b", "c"))
    total_mass = program(p[0] + p[1] + p[2]).evaluate({"a": "1/3", "b": "-2", "c": "5"}, Balls())
    assert total_mass.contains(1) and total_mass.rad() < 1e-30


# PACOH


def test_the_gaussian_hyper_posterior() -> None:
    """Precision I/r + kappa sum beta A (I + beta s A)^-1, mean precision^-1 kappa sum beta (I + beta s A)^-1 A c with
    kappa = lambda/(n beta + lambda): Gaussian integrals of Rothfuss et al. 2021, proposition 1."""
    x = sp.Matrix(sp.symbols("x0 x1", real=True))
    curvatures = [sp.Matrix([[2, 1], [1, 3]]), sp.Matrix([[1, 0], [0, 4]])]
    optima = [sp.Matrix([1, -1]), sp.Matrix([0, 2])]
    s, r, beta, meta = sp.Rational(1, 2), sp.Rational(3), sp.Rational(2), sp.Rational(5)
    losses = [from_sympy(sp.expand(((x - c).T * a * (x - c))[0] / 2)) for a, c in zip(curvatures, optima, strict=True)]
    tasks = MetaObjective(("x0", "x1"), tuple(losses), uniform_weights(2))
    found = pacoh_gaussian(tasks, prior_variance="1/2", hyper_variance=3, temperatures=Temperatures(2, 5))
    posterior = hyper_posterior(found)
    kappa = meta / (2 * beta + meta)
    tempered = [kappa * beta * a * (sp.eye(2) + beta * s * a).inv() for a in curvatures]
    precision = sp.eye(2) / r + tempered[0] + tempered[1]
    centre = precision.inv() * (tempered[0] * optima[0] + tempered[1] * optima[1])
    assert [[str(e) for e in row] for row in posterior.precision] == [[str(e) for e in row] for row in precision.tolist()]
    assert [str(e) for e in posterior.mean] == [str(e) for e in centre]


def test_the_gaussian_mean_is_the_integral() -> None:
    """-log E exp(-beta a/2 (h - c)^2) = beta a (x - c)^2/(2 (1 + beta s a)) + const., h ~ N(x, s), by integration."""
    h, x = sp.symbols("h x", real=True)
    density = sp.exp(-((h - x) ** 2) / 2) / sp.sqrt(2 * sp.pi)
    integral = sp.integrate(density * sp.exp(-sp.Rational(3, 2) * (h - 1) ** 2), (h, -sp.oo, sp.oo))
    tasks = finite_law("x", [parse_term("3/2*(x - 1)^2")])
    found = pacoh_gaussian(tasks, hyper_variance=1)  # kappa = 1/2
    slope = gradient(found.tasks[0], ("x",))[0].sympy
    wanted = sp.diff(x**2 / 2 - sp.Rational(1, 2) * sp.log(integral), x)
    for value in (sp.Rational(0), sp.Rational(2), sp.Rational(-3, 2)):
        place = dict.fromkeys(slope.free_symbols, value)
        assert sp.nsimplify(sp.simplify(wanted.subs(x, value))) == slope.subs(place)


def test_finitely_many_hypotheses() -> None:
    """F(a) = |a|^2/2 - kappa sum_i log(p_1 exp(-L_i1) + p_2 exp(-L_i2)): equal losses make the data say nothing."""
    same = pacoh_finite([[1, 1], ["1/2", "1/2"]])
    slopes = [program(g, same.parameters).evaluate({"a_1": "1/3", "a_2": "-2"}, Balls()) for g in gradient(
        mean(same.law, same.tasks), same.parameters)]  # fmt: skip
    for slope, prior in zip(slopes, ("1/3", "-2"), strict=True):
        assert slope.overlaps(Balls().read(prior)) and slope.rad() < 1e-30
    better = pacoh_finite([[0, 1]])
    first, second = gradient(better.tasks[0], better.parameters)
    place = {"a_1": 0, "a_2": 0}
    assert (
        program(first, better.parameters).evaluate(place, Balls())
        < 0
        < program(second, better.parameters).evaluate(place, Balls())
    )


def test_the_gibbs_law_minimises_the_free_energy() -> None:
    """Donsker, Varadhan 1975: the gradient of -E_Q f + KL(Q|P)/c vanishes at Q = P exp(c f)/Z."""
    prior, scores, factor = ("1/2", "1/3", "1/6"), (Fraction(1), Fraction(-1, 2), Fraction(2)), Fraction(3, 4)
    energy = free_energy(prior, scores, factor)
    least = gibbs(prior, scores, factor)
    numbers = Balls(256)
    place = {name: program(q, ()).evaluate({}, numbers) for name, q in zip(energy.parameters, least[:2], strict=True)}
    for slope in gradient(energy.tasks[0], energy.parameters):
        value = program(slope, energy.parameters).evaluate(place, numbers)
        assert value.contains(0) and value.rad() < 1e-60
    uniform = dict.fromkeys(energy.parameters, "1/3")
    values = [program(g, energy.parameters).evaluate(uniform, numbers) for g in gradient(energy.tasks[0], energy.parameters)]
    assert any(not v.contains(0) for v in values)


def test_equal_scores_leave_the_prior() -> None:
    assert [str(q) for q in gibbs(("1/4", "3/4"), (0, 0), 2)] == ["1/4", "3/4"]


# Baxter


def test_the_averaged_empirical_loss() -> None:
    """Tasks with two and with one example: F = ((l_11 + l_12)/2 + l_21)/2."""
    loss = parse_term("(w*x - y)^2/2")
    examples = [on_examples(loss, ("x", "y"), [(1, 2), (2, 1)]), on_examples(loss, ("x", "y"), [("1/2", 3)])]
    found = baxter("w", examples)
    wanted = parse_term("((w - 2)^2/4 + (2*w - 1)^2/4 + (w/2 - 3)^2/2)/2")
    assert vanishes(mean(found.law, found.tasks) - wanted)
    assert found.law == FiniteLaw(("1/2", "1/2"))


def test_the_quadratic_average_has_its_minimum_at_the_mean() -> None:
    found = baxter(
        "x", [on_examples(parse_term("(x - z)^2/2"), "z", [[1], [3]]), on_examples(parse_term("(x - z)^2"), "z", [[5]])]
    )
    [slope] = gradient(mean(found.law, found.tasks), ("x",))
    assert at(slope, {"x": 4}) == 0 and at(slope, {"x": 0}) == -6 and number(0) != slope
