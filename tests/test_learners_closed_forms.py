"""Closed forms of the methods on quadratic tasks, each with its source, against independent exact computations."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest
import sympy as sp

from metaid_symbolic.language import parse_formula, parse_term
from metaid_symbolic.models.composition import gradient
from metaid_symbolic.models.expansion import solve, vanishes
from metaid_symbolic.models.expectation import mean
from metaid_symbolic.models.integrability import Potential, integrability, mean_field
from metaid_symbolic.models.laws import FiniteLaw, GaussianLaw, finite_law
from metaid_symbolic.models.learners import (
    LinearOptimizer,
    anil,
    fomaml,
    implicit_maml,
    learned_loss,
    learned_optimizer,
    linear_optimizer,
    maml,
    meta_sgd,
    proximal,
    reptile,
)
from metaid_symbolic.models.objective import Constant, MetaObjective, UpdateField
from metaid_symbolic.programs import compose, jacobian
from metaid_symbolic.programs.program import program
from metaid_symbolic.sympy_bridge import from_sympy
from metaid_symbolic.terms import Term, number, symbol

ALPHA = Constant("alpha", (parse_formula("0 < alpha"),))
LAMBDA = Constant("lambda", (parse_formula("0 < lambda"),))


class Quadratics:
    """Random tasks 1/2 (x - c)^T A (x - c) with symmetric positive definite A, rational weights; as SymPy and as terms."""

    def __init__(self, n: int, tasks: int, seed: int) -> None:
        pick = random.Random(seed)
        self.names = tuple(f"x{i}" for i in range(n))
        self.x = sp.Matrix([sp.Symbol(name, real=True) for name in self.names])
        self.curvatures, self.optima = [], []
        for _ in range(tasks):
            factor = sp.Matrix(n, n, lambda i, j: sp.Rational(pick.randint(-3, 3), 2))
            self.curvatures.append(factor * factor.T + sp.eye(n))
            self.optima.append(sp.Matrix([sp.Rational(pick.randint(-4, 4), 3) for _ in range(n)]))
        raw = [pick.randint(1, 4) for _ in range(tasks)]
        self.weights = [sp.Rational(w, sum(raw)) for w in raw]
        pairs = zip(self.curvatures, self.optima, strict=True)
        losses = tuple(from_sympy(sp.expand(((self.x - c).T * a * (self.x - c))[0] / 2)) for a, c in pairs)
        self.base = MetaObjective(self.names, losses, FiniteLaw(tuple(Fraction(int(w.p), int(w.q)) for w in self.weights)))

    def mean(self, values: list[Any]) -> Any:
        """E over the tasks, of SymPy expressions or matrices."""
        parts = [w * value for w, value in zip(self.weights, values, strict=True)]
        return sum(parts[1:], parts[0])


def differs(term: Term, wanted: Any) -> bool:
    return not vanishes(term - from_sympy(sp.expand(wanted)))


def at(terms: Any, **values: Any) -> Any:
    """The rational values of terms at a rational point."""
    return program(terms, list(values)).evaluate(values)


SIZES = [(1, 2), (2, 3), (3, 2)]


@pytest.mark.parametrize("steps", [0, 1, 2, 3])
@pytest.mark.parametrize(("n", "tasks"), SIZES)
def test_steps_of_maml_contract_quadratics(n: int, tasks: int, steps: int) -> None:
    """F = E 1/2 (x - c)^T A (I - alpha A)^(2k) (x - c): theta_k - c = (I - alpha A)^k (x - c)."""
    found, q, alpha = maml((made := Quadratics(n, tasks, n + steps)).base, rate=ALPHA, steps=steps), made, sp.Symbol("alpha")
    pairs = zip(q.curvatures, q.optima, strict=True)
    wanted = [
        ((q.x - c).T * a * ((sp.eye(n) - alpha * a) ** (2 * steps)).applyfunc(sp.expand) * (q.x - c))[0] / 2 for a, c in pairs
    ]
    assert not differs(mean(found.law, found.tasks), q.mean(wanted))


@pytest.mark.parametrize("steps", [1, 2, 3, 5])
@pytest.mark.parametrize(("n", "tasks"), SIZES)
def test_reptile_rests_at_the_weighted_mean_of_the_optima(n: int, tasks: int, steps: int) -> None:
    """(E B)^-1 E[B_t theta_t*] with B_t = I - (I - alpha A_t)^k: the field is E B_t (theta_t* - x), which determines it."""
    q, alpha = Quadratics(n, tasks, 10 * n + steps), sp.Rational(1, 7)
    field = reptile(q.base, rate=Fraction(1, 7), steps=steps)
    b = [sp.eye(n) - (sp.eye(n) - alpha * a) ** steps for a in q.curvatures]
    fixed = q.mean(b).inv() * q.mean([m * c for m, c in zip(b, q.optima, strict=True)])
    wanted = q.mean([m * (c - q.x) for m, c in zip(b, q.optima, strict=True)])
    for component, expected in zip(mean_field(field), wanted, strict=True):
        assert not differs(component, expected)
        assert at(component, **{name: str(value) for name, value in zip(q.names, fixed, strict=True)}) == 0


@pytest.mark.parametrize(("n", "tasks"), SIZES)
def test_solved_reptile_rests_at_the_mean_of_the_optima(n: int, tasks: int) -> None:
    q = Quadratics(n, tasks, 3)
    for component, expected in zip(mean_field(reptile(q.base, steps=None)), q.mean(q.optima) - q.x, strict=True):
        assert not differs(component, expected)


@pytest.mark.parametrize("steps", [1, 2])
def test_the_maml_gradient_has_the_jacobian_of_the_steps_and_fomaml_has_not(steps: int) -> None:
    """Finn, Abbeel, Levine 2017: grad F = E J_t^T g_t(theta_k), J_t = prod (I - alpha H_t(theta_j)); FOMAML has J = I."""
    x, y, alpha = sp.symbols("x y alpha", real=True)
    losses = [x**3 / 3 + x * y**2 - y, (x - y) ** 2 + y**3]
    tasks = finite_law(("x", "y"), [from_sympy(loss) for loss in losses])
    wanted, first_order = sp.zeros(2, 1), sp.zeros(2, 1)
    for loss in losses:
        slope = sp.Matrix([loss]).jacobian([x, y]).T
        here, product = sp.Matrix([x, y]), sp.eye(2)
        for _ in range(steps):
            put = dict(zip((x, y), here, strict=True))
            product = (sp.eye(2) - alpha * slope.jacobian([x, y]).subs(put, simultaneous=True)) * product
            here = here - alpha * slope.subs(put, simultaneous=True)
        end = slope.subs(dict(zip((x, y), here, strict=True)), simultaneous=True)
        wanted, first_order = wanted + product.T * end / 2, first_order + end / 2
    adapted = maml(tasks, rate=ALPHA, steps=steps)
    point = {"x": "2/3", "y": "-1/2", "alpha": "1/5"}
    put = {x: sp.Rational(2, 3), y: sp.Rational(-1, 2), alpha: sp.Rational(1, 5)}
    found = gradient(mean(adapted.law, adapted.tasks), ("x", "y"))
    for g, v, g0, v0 in zip(found, mean_field(fomaml(tasks, rate=ALPHA, steps=steps)), wanted, first_order, strict=True):
        assert str(at(g, **point)) == str(g0.subs(put))
        assert str(at(v, **point)) == str(-v0.subs(put))
    assert wanted.subs(put) != first_order.subs(put)


def test_support_and_query_losses_differ() -> None:
    """F = E Q_t(x - alpha S_t'(x)) with S = a/2 (x - c)^2 and Q = b/2 (x - d)^2."""
    support = finite_law("x", [parse_term("(x - 1)^2/2"), parse_term("x^2")])
    query = [parse_term("(x - 2)^2"), parse_term("3/2*(x + 1)^2")]
    found = maml(support, rate=ALPHA, query=query)
    wanted = parse_term("((x - alpha*(x - 1) - 2)^2 + 3/2*(x - 2*alpha*x + 1)^2)/2")
    assert vanishes(mean(found.law, found.tasks) - wanted)


def test_adaptation_commutes_with_a_gaussian_law_of_tasks() -> None:
    """L = (x - c)^2/2 with c ~ N(m, v): F_MAML = (1 - alpha)^2 ((x - m)^2 + v)/2."""
    law = GaussianLaw(("c",), (Fraction(2),), ((Fraction(3),),))
    found = maml(MetaObjective("x", (parse_term("(x - c)^2/2"),), law), rate=ALPHA)
    assert vanishes(mean(law, found.tasks) - parse_term("(1 - alpha)^2*((x - 2)^2 + 3)/2"))


RESTING = {
    "plain": Fraction(2, 3), "maml": Fraction(8, 17), "fomaml": Fraction(4, 7), "reptile, 1 step": Fraction(2, 3),
    "reptile, 2 steps": Fraction(12, 19), "reptile, solved": Fraction(1, 2),
}  # fmt: skip
"""Curvatures (1, 2), optima (0, 1), weights 1/2, alpha = 1/4.  All are E w c/E w, with the weights w = a (plain),
a (1 - a/4)^2 (MAML), a (1 - a/4) (first-order MAML), 1 - (1 - a/4)^k (Reptile), 1 (solved)."""


def resting_point(made: MetaObjective | UpdateField) -> Fraction:
    """The zero of an affine field, or of the gradient of a quadratic objective, by solving the linear equation."""
    if isinstance(made, UpdateField):
        field = mean_field(made)
    else:
        field = tuple(-g for g in gradient(mean(made.law, made.tasks), made.parameters))
    rows, zero = jacobian(field, made.parameters), {name: number(0) for name in made.parameters}
    solution = solve(tuple(tuple(-entry for entry in row) for row in rows), [compose(v, zero) for v in field])
    return Fraction(solution.values[0].args[0])


def test_the_resting_points_of_the_methods() -> None:
    tasks = MetaObjective("x", (parse_term("x^2/2"), parse_term("(x - 1)^2")), FiniteLaw(("1/2", "1/2")))
    found = {
        "plain": resting_point(tasks), "maml": resting_point(maml(tasks, rate="1/4")),
        "fomaml": resting_point(fomaml(tasks, rate="1/4")), "reptile, 1 step": resting_point(reptile(tasks, rate="1/4")),
        "reptile, 2 steps": resting_point(reptile(tasks, rate="1/4", steps=2)),
        "reptile, solved": resting_point(reptile(tasks, steps=None)),
    }  # fmt: skip
    assert found == RESTING
    assert len(set(found.values())) == 5  # one Reptile step is a step on F; all others differ


# learned rates, partial adaptation


@pytest.mark.parametrize("steps", [0, 1, 2])
def test_meta_sgd_with_equal_rates_is_maml(steps: int) -> None:
    tasks = finite_law(("x", "y"), [parse_term("x^4 + x*y + y^2"), parse_term("(x - 2*y)^2 + x")])
    learned = meta_sgd(tasks, steps=steps)
    assert learned.parameters == ("x", "y", "alpha_x", "alpha_y")
    equal = {"alpha_x": symbol("alpha"), "alpha_y": symbol("alpha")}
    for task, wanted in zip(learned.tasks, maml(tasks, rate=ALPHA, steps=steps).tasks, strict=True):
        assert vanishes(compose(task, equal) - wanted)


def test_meta_sgd_rates_act_each_on_its_coordinate() -> None:
    learned = meta_sgd(finite_law(("x", "y"), [parse_term("x^2/2 + y^2")]), rates=("r", "s"))
    assert vanishes(learned.tasks[0] - parse_term("(1 - r)^2*x^2/2 + (1 - 2*s)^2*y^2"))


def test_anil_between_plain_and_maml() -> None:
    tasks = finite_law(("x", "y"), [parse_term("x^2*y + y^2"), parse_term("(x - y)^2 + x^3")])
    assert anil(tasks, head=(), rate=ALPHA, steps=3).tasks == MetaObjective.of(tasks).tasks
    whole = zip(anil(tasks, head=("x", "y"), rate=ALPHA).tasks, maml(tasks, rate=ALPHA).tasks, strict=True)
    assert all(vanishes(left - right) for left, right in whole)
    head = anil(tasks, head="y", rate=ALPHA).tasks[0]
    assert vanishes(head - parse_term("x^2*(y - alpha*(x^2 + 2*y)) + (y - alpha*(x^2 + 2*y))^2"))


# proximal adaptation


@pytest.mark.parametrize(("n", "tasks"), SIZES)
def test_the_gradient_of_the_moreau_envelope(n: int, tasks: int) -> None:
    """grad F = lambda E (x - theta_t), theta_t = (A + lambda I)^-1 (A c + lambda x): Moreau 1965."""
    q, strength = Quadratics(n, tasks, 5), sp.Rational(2, 3)
    found = proximal(q.base, strength="2/3")
    assert isinstance(found, MetaObjective)
    pairs = zip(q.curvatures, q.optima, strict=True)
    ends = [(a + strength * sp.eye(n)).inv() * (a * c + strength * q.x) for a, c in pairs]
    wanted = strength * (q.x - q.mean(ends))
    slope = gradient(mean(found.law, found.tasks), q.names)
    assert not any(differs(g, w) for g, w in zip(slope, wanted, strict=True))


def test_the_envelope_of_one_parabola_with_symbols() -> None:
    """min_theta a/2 (theta - c)^2 + lambda/2 (theta - x)^2 = a lambda/(2 (a + lambda)) (x - c)^2."""
    positive = Constant("a", (parse_formula("0 < a"),))
    base = MetaObjective("x", (parse_term("a/2*(x - c)^2"),), FiniteLaw((1,)), (positive, Constant("c")))
    found = proximal(base, strength=LAMBDA)
    assert isinstance(found, MetaObjective) and found.conditions == ()
    point = {"x": "3", "a": "2/7", "c": "-1/2", "lambda": "5/3"}
    assert at(found.tasks[0], **point) == at(parse_term("a*lambda/(2*(a + lambda))*(x - c)^2"), **point)


def test_the_implicit_gradient_of_rajeswaran() -> None:
    """grad F = E (I + A/lambda)^-1 grad Q(theta): lemma 1 of Rajeswaran et al. 2019."""
    q, strength = Quadratics(2, 2, 8), sp.Rational(3, 2)
    query = Quadratics(2, 2, 9)
    found = implicit_maml(q.base, strength="3/2", query=query.base.tasks)
    assert isinstance(found, MetaObjective)
    wanted = []
    for a, c, b, d in zip(q.curvatures, q.optima, query.curvatures, query.optima, strict=True):
        end = (a + strength * sp.eye(2)).inv() * (a * c + strength * q.x)
        wanted.append((sp.eye(2) + a / strength).inv() * b * (end - d))
    slope = gradient(mean(found.law, found.tasks), q.names)
    assert not any(differs(g, w) for g, w in zip(slope, q.mean(wanted), strict=True))


# learned losses and optimisers


def test_a_learned_loss_that_is_the_loss_gives_maml() -> None:
    tasks = finite_law("x", [parse_term("x^3 - x"), parse_term("(x - 1)^2")])
    inner = [parse_term("eta*(x^3 - x) + mu*x^2/2"), parse_term("eta*(x - 1)^2 + mu*x^2/2")]
    found = learned_loss(tasks, inner=inner, learned=("eta", "mu"), rate=ALPHA, steps=2)
    assert found.parameters == ("x", "eta", "mu")
    put = {"eta": number(1), "mu": number(0)}
    pairs = zip(found.tasks, maml(tasks, rate=ALPHA, steps=2).tasks, strict=True)
    assert all(vanishes(compose(task, put) - wanted) for task, wanted in pairs)
    decay = compose(found.tasks[1], {"eta": number(0), "mu": number(1)})  # x (1 - alpha)^2 after two steps
    assert vanishes(decay - parse_term("((1 - alpha)^2*x - 1)^2"))


def test_optimisers_that_are_known() -> None:
    """A = 0, B = I, C = -alpha I is gradient descent; A = beta I is heavy ball (Polyak 1964)."""
    tasks = finite_law(("x", "y"), [parse_term("x^2/2 + x*y + y^2")])
    zero, one, alpha, beta = number(0), number(1), symbol("alpha"), symbol("beta")
    identity, constants = ((one, zero), (zero, one)), (ALPHA, Constant("beta"))
    step = ((-alpha, zero), (zero, -alpha))
    descent = LinearOptimizer(((zero, zero), (zero, zero)), identity, step)
    found = learned_optimizer(tasks, optimizer=descent, constants=(ALPHA,), steps=3)
    assert found.parameters == ("x", "y")
    assert vanishes(found.tasks[0] - maml(tasks, rate=ALPHA, steps=3).tasks[0])
    heavy = LinearOptimizer(((beta, zero), (zero, beta)), identity, step)
    moved = learned_optimizer(tasks, optimizer=heavy, constants=constants, steps=2).tasks[0]
    x, y, a, b = sp.symbols("x y alpha beta")
    point, momentum = sp.Matrix([x, y]), sp.zeros(2, 1)
    for _ in range(2):
        momentum = b * momentum + sp.Matrix([point[0] + point[1], point[0] + 2 * point[1]])
        point = point - a * momentum
    assert not differs(moved, point[0] ** 2 / 2 + point[0] * point[1] + point[1] ** 2)


@pytest.mark.parametrize("states", [1, 2, 3])
def test_a_change_of_state_is_the_same_optimiser(states: int) -> None:
    """(S A S^-1, S B, C S^-1) gives the same objective, for every invertible S."""
    pick = random.Random(states)

    def entries(height: int, width: int) -> Any:
        return sp.Matrix(height, width, lambda i, j: sp.Rational(pick.randint(-3, 3), 2))

    tasks = finite_law(("x", "y"), [parse_term("x^3/3 + x*y"), parse_term("(x - y)^2 + y")])
    found = learned_optimizer(tasks, optimizer=linear_optimizer(states, 2), steps=3)
    a, b, c = entries(states, states), entries(states, 2), entries(2, states)
    change = entries(states, states)
    while change.det() == 0:
        change = entries(states, states)
    values = []
    for triple in ((a, b, c), (change * a * change.inv(), change * b, c * change.inv())):
        point = {"x": "1/2", "y": "-1"}
        for name, matrix in zip("ABC", triple, strict=True):
            rows, columns = matrix.shape
            point.update({f"{name}_{i + 1}_{j + 1}": str(matrix[i, j]) for i in range(rows) for j in range(columns)})
        values.append([at(task, **point) for task in found.tasks])
    assert values[0] == values[1]
    assert change != sp.eye(states)


# fields and their potentials


def test_the_fields_of_quadratics_are_gradients() -> None:
    """Reptile: -grad of E 1/2 (x - c)^T B (x - c), since B_t is a polynomial in A_t, hence symmetric."""
    q, alpha = Quadratics(2, 2, 4), sp.Symbol("alpha")
    found = integrability(reptile(q.base, rate=ALPHA, steps=2))
    assert isinstance(found, Potential)
    b = [sp.eye(2) - (sp.eye(2) - alpha * a) ** 2 for a in q.curvatures]
    wanted = q.mean([((q.x - c).T * m * (q.x - c))[0] / 2 for m, c in zip(b, q.optima, strict=True)])
    constant = wanted.subs(dict.fromkeys(q.x, 0))
    assert not differs(found.term, wanted - constant)
