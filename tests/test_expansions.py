"""Expansions, fixed points, the sandwich, laws and claims of derivations: against SymPy and against the kernel."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy as sp
from flint import arb, ctx, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from metaid_symbolic.calculus.assertions import assertion, taylor
from metaid_symbolic.calculus.derive import derive
from metaid_symbolic.calculus.fields import NoObjective
from metaid_symbolic.language import parse_formula as formula
from metaid_symbolic.language import parse_term as term
from metaid_symbolic.models import build
from metaid_symbolic.models.laws import FiniteLaw, GaussianLaw, Law, MixtureLaw, ProductLaw, UniformLaw, finite_law, gaussian_law
from metaid_symbolic.models.learners import maml
from metaid_symbolic.models.objective import Constant, MetaObjective, UpdateField
from metaid_symbolic.problems import MetaProblem
from metaid_symbolic.programs import NotDifferentiable, within
from metaid_symbolic.programs.numbers import Balls, Digits, Floats, Modulo, Rationals
from metaid_symbolic.terms import IllFormed, Term, symbol
from metaid_symbolic.verdicts import Verdict

HALF, ONE = Fraction(1, 2), Fraction(1)
SURE = FiniteLaw((ONE,))
PARTS = ("objective", "gradient", "hessian", "third", "fisher", "covariance", "profile", "jacobian")
ALPHA = Constant("alpha", (formula("0 < alpha"),))

LOSSES = {
    "polynomials": ["w^3/3 - w", "(w - 2)^2/2"],
    "exponentials": ["exp(w/2)", "tanh(w)^2"],
    "rational functions": ["1/(1 + w^2)", "w^2/2"],
    "logistic losses": ["log(1 + exp(w))", "log(1 + exp(-w)) + w^2/8"],
}


# expansions in the learning rate


@pytest.mark.parametrize("part", ["objective", "gradient"])
@pytest.mark.parametrize("kind", LOSSES)
def test_the_coefficients_are_those_of_sympy(kind: str, part: str) -> None:
    w, alpha = sp.symbols("w alpha", real=True)
    problem = finite_law("w", [term(words) for words in LOSSES[kind]]).adapted("maml", rate=symbol("alpha"), steps=1)
    losses = [term(words).sympy for words in LOSSES[kind]]
    whole = sum(loss.subs(w, w - alpha * sp.diff(loss, w)) for loss in losses) / 2
    whole = sp.diff(whole, w) if part == "gradient" else whole
    found = derive(problem).expansion("alpha", order=3, of=part)
    for k in range(4):
        wanted = sp.diff(whole, alpha, k).subs(alpha, 0) / sp.factorial(k)
        value = sp.Matrix([found[k].sympy])[0]
        for place in (sp.Rational(1, 3), sp.Rational(-5, 4)):
            assert abs(sp.N(value.subs(w, place), 30) - sp.N(wanted.subs(w, place), 30)) < sp.Float("1e-20")


def test_an_expansion_of_full_order_is_the_whole() -> None:
    found = derive(build("maml", "quadratic", 2, 2, 1))
    difference = found.expansion("alpha", order=2).polynomial.term - found.objective.term
    assert sp.expand(difference.sympy) == 0
    assert str(found.expansion("alpha", order=5)[4].term) == "0"


@pytest.mark.parametrize("losses", [LOSSES["polynomials"], ["exp(w/2)", "exp(w) + w^2"]])
def test_the_kernel_proves_the_coefficients_and_refutes_wrong_ones(losses: list[str]) -> None:
    problem = finite_law("w", [term(words) for words in losses]).adapted("maml", rate=symbol("alpha"), steps=1)
    found = derive(problem)
    expanded = found.expansion("alpha", order=2)
    assert expanded.verdict is Verdict.PROVED
    right = [part.term for part in expanded.coefficients]
    wrong = taylor(found, "alpha", [right[0], right[1], right[2] + term("w")])
    assert wrong.checked.verdict is Verdict.REFUTED


NO_EXPANSION: dict[str, tuple[Callable[[], Any], str]] = {
    "no constant": (lambda: derive(build("plain")).expansion("alpha"), "none of the constants"),
    "a parameter": (lambda: derive(build("maml")).expansion("phi"), "none of the constants"),
    "no order": (lambda: derive(build("maml")).expansion("alpha", order=-1), "no order"),
    "no part": (lambda: derive(build("maml")).expansion("alpha", of="sandwich"), "none of objective"),
    "a pole at 0": (lambda: derive(objective("w^2/alpha", ALPHA)).expansion("alpha").verdict, "no Taylor series"),
    "log at 0": (lambda: derive(objective("w^2*log(alpha)", ALPHA)).expansion("alpha").verdict, "no Taylor series|division"),
}  # fmt: skip


def objective(words: str, *constants: Constant, parameters: str = "w", law: Law = SURE) -> MetaObjective:
    return MetaObjective(tuple(parameters.split()), (term(words),), law, constants)


@pytest.mark.parametrize("name", NO_EXPANSION)
def test_there_is_no_expansion(name: str) -> None:
    work, reason = NO_EXPANSION[name]
    with pytest.raises(IllFormed, match=reason):
        work()


# claims


KERNEL: dict[str, MetaProblem | MetaObjective] = {
    "maml, rational rate, two steps": build("maml", "quadratic", 2, 2, 2).adapted("maml", rate="1/10", steps=2),  # type: ignore[union-attr]
    "maml, symbolic rate": finite_law("w", [term("w^3"), term("w^2 - w")]).adapted("maml", rate=symbol("alpha"), steps=1),
    "two variables": finite_law(("x", "y"), [term("x^2*y - y"), term("(x - y)^3")]),
    "exponentials": finite_law(("w", "b"), [term("exp(w*b) + b^2"), term("tanh(b)*logistic(w)")]),
    "a Gaussian law": MetaObjective(("x",), (term("(x - a)^2/2 + a*x^3"),), gaussian_law("a", [1], [2])),
    "reciprocals of constants": objective("x^2/(1 + lambda) + y*x*log(lambda)", Constant("lambda"), parameters="x y"),
    "a uniform law": MetaObjective(("w",), (term("(w*a - b)^2/2 + a^3*w"),), UniformLaw(("a", "b"), ((0, 1), ("-1/2", 2)))),
    "a uniform and a Gaussian variable": MetaObjective(
        ("w",), (term("(w*a - b)^4"),), ProductLaw((UniformLaw(("a",), ((0, 1),)), gaussian_law("b", [1], [2])))
    ),
    "a mixture of laws": MetaObjective(
        ("w",), (term("(w - a)^2"),), MixtureLaw(("1/3", "2/3"), (UniformLaw(("a",), ((0, 1),)), gaussian_law("a", [1], [2])))
    ),
    "softmax regression": build("plain", "softmax-regression", 1, 2),  # type: ignore[dict-item]
    "logistic regression": build("plain", "logistic-regression", 1, 2),  # type: ignore[dict-item]
    "a learned weight decay": build("learned-regularisation", "quadratic", 1, 2),  # type: ignore[dict-item]
    "a logarithm of a sum of squares": finite_law("w", [term("log(1 + w^2)"), term("(2 + w^2)^(-2)*w")]),
    "a pole": finite_law("w", [term("1/w"), term("log(w - 1)")]),
    "a pole outside the domain": MetaProblem("w", (term("1/(1 + w)"),), (1,), constraints=(formula("0 < w"),)),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("name", KERNEL)
def test_the_kernel_proves_every_part(name: str, part: str) -> None:
    if (name, part) != ("exponentials", "third"):  # it takes the kernel several seconds
        checked = getattr(derive(KERNEL[name]), part).checked
        assert checked.verdict is Verdict.PROVED, checked.reason


@pytest.mark.parametrize("part", [part for part in PARTS if part != "third"])
@pytest.mark.parametrize("name", KERNEL)
def test_wrong_entries_are_never_proved(name: str, part: str) -> None:
    """Each entry in turn is changed a little; what is an equivalent claim is refuted, with a point."""
    found = derive(KERNEL[name])
    rows = getattr(found, part).rows
    extra = symbol(found.problem.parameters[0]) / 7
    for i, j in {(0, 0), (len(rows) - 1, len(rows[0]) - 1)}:
        wrong = tuple(tuple(e + extra if (k, m) == (i, j) else e for m, e in enumerate(row)) for k, row in enumerate(rows))
        made = assertion(found, part, wrong)
        assert made.checked.verdict is (Verdict.REFUTED if made.equivalent else Verdict.UNDECIDED)


def test_what_is_no_claim_says_why() -> None:
    found = derive(build("plain", "quadratic", 1, 2))
    with pytest.raises(IllFormed, match="no claim is made of the sandwich"):
        found.sandwich.verdict  # noqa: B018
    with pytest.raises(IllFormed, match="asserted by 2 claims"):
        found.profile.claim  # noqa: B018
    assert str(found.hessian.claim.formula).startswith("forall x in Rn: D2F(x, [1], [1]) = ")


# laws

AB = ("a", "b")
LAWS: dict[str, Law] = {
    "correlated Gaussian": GaussianLaw(AB, (ONE, ONE * 2), ((ONE * 2, ONE), (ONE, ONE * 3))),
    "uniform": UniformLaw(AB, ((Fraction(0), ONE), (-ONE, ONE * 2))),
    "product": ProductLaw((gaussian_law("a", [1], [2]), UniformLaw(("b",), ((-ONE, ONE),)))),
    "mixture": MixtureLaw((HALF, HALF), (gaussian_law(AB, [0, 1], [1, 1]), gaussian_law(AB, [2, 0], [1, 3]))),
}
INTEGRANDS = ("(x - a)^2*(1 + b^2) + a*b*x^3", "exp(x)*a^2*b - (x*a - b)^2", "logistic(x + y)*(a - y)^2 + b")


@pytest.mark.parametrize("words", INTEGRANDS)
@pytest.mark.parametrize("kind", LAWS)
def test_expectations_over_laws_agree_with_sympy(kind: str, words: str) -> None:
    check_mean(LAWS[kind], words)


def check_mean(law: Law, words: str) -> None:
    """F and the meta-Fisher matrix against SymPy's expansion in a and b and the law's moments."""
    found = derive(MetaObjective(("x", "y"), (term(words),), law))
    a, b, x, y = sp.symbols("a b x y", real=True)
    loss = term(words).sympy
    slope = [sp.diff(loss, v) for v in (x, y)]
    wanted = [loss, slope[0] ** 2, slope[0] * slope[1]]
    made = [found.objective.sympy, found.fisher.sympy[0, 0], found.fisher.sympy[0, 1]]
    for left, integrand in zip(made, wanted, strict=True):
        mean = sum(
            c * sp.Rational(law.moment({n: e for n, e in zip(("a", "b"), powers, strict=True) if e}))
            for powers, c in sp.Poly(sp.expand(integrand), a, b).terms()
        )
        for place in ({x: sp.Rational(1, 2), y: sp.Rational(-1, 3)}, {x: sp.Integer(-1), y: sp.Integer(2)}):
            assert abs(sp.N(left.subs(place), 30) - sp.N(mean.subs(place), 30)) < sp.Float("1e-20")


NO_MEAN = {
    "no polynomial": ("exp(x*a)", gaussian_law("a", [0], [1]), "polynomials"),
    "an infinite mean": ("x^2/a^2", UniformLaw(("a",), ((-ONE, ONE),)), "infinite"),
    "an irrational mean": ("x^2/a", UniformLaw(("a",), ((ONE, ONE * 2),)), "not rational"),
    "a Gaussian reciprocal": ("x^2/a", gaussian_law("a", [1], [1]), "infinite or unknown"),
}


@pytest.mark.parametrize("name", NO_MEAN)
def test_there_is_no_mean(name: str) -> None:
    words, law, reason = NO_MEAN[name]
    with pytest.raises(IllFormed, match=reason):
        derive(MetaObjective(("x",), (term(words),), law)).objective.term  # noqa: B018


def test_adaptation_that_leaves_the_domain_is_refused() -> None:
    tasks = MetaProblem("x", (term("x"),), (1,), constraints=(formula("0 < x"),))
    with pytest.raises(IllFormed, match="leaves"):
        maml(tasks, rate="1/2", steps=1)
    assert "0 < x + (-1/2)" in {str(c) for c in derive(tasks.adapted("maml", rate="1/2", steps=1)).defined_where}


# fields


def field(*words: str, constants: tuple[Constant, ...] = (), domain: tuple[Term, ...] = ()) -> UpdateField:
    names = ("x", "y", "z")[: len(words)]
    return UpdateField(names, (tuple(map(term, words)),), SURE, constants, domain)


@pytest.mark.parametrize("method", ["fomaml", "reptile", "reptile-solved"])
@pytest.mark.parametrize("dimension", [1, 2])
def test_fixed_points_are_proved_for_all_rates(method: str, dimension: int) -> None:
    found = derive(build(method, "quadratic", dimension, 2, 1))
    assert found.fixed_points.verdict is Verdict.PROVED
    assert found.field.verdict is found.jacobian.verdict is found.fisher.verdict is Verdict.PROVED
    put = dict(zip(map(sp.Symbol, found.problem.parameters), found.fixed_points.sympy, strict=True))
    real = {sp.Symbol(n.name, real=True): value for n, value in put.items()}
    assert all(sp.simplify(v.subs(real)) == 0 for v in found.field.sympy)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.fractions(-3, 3, max_denominator=3), min_size=6, max_size=6))
def test_fixed_points_of_affine_fields(c: list[Fraction]) -> None:
    made = derive(field(f"({c[0]})*x + ({c[1]})*y + ({c[2]})", f"({c[3]})*x + ({c[4]})*y + ({c[5]})"))
    if c[0] * c[4] == c[1] * c[3]:
        with pytest.raises(IllFormed, match="singular everywhere"):
            made.fixed_points  # noqa: B018
        return
    point = [entry.args[0] for entry in made.fixed_points.terms]
    assert all(row[0] * point[0] + row[1] * point[1] + row[2] == 0 for row in (c[:3], c[3:]))
    assert list(made.fixed_points.program.evaluate([])) == point


NO_FIXED_POINT = {
    "singular": (field("x + y", "2*x + 2*y - 1"), "singular everywhere.*no fixed point, or there are infinitely many"),
    "constant": (field("x", "1"), "its row for y is 0"),
    "singular for all constants": (field("a*x + y", "a^2*x + a*y", constants=(Constant("a"),)), "identically 0"),
    "not affine": (field("x^2"), "not affine"),
    "outside the domain": (field("x + 1", domain=(formula("0 < x"),)), "x = -1 alone, where 0 < x is false"),
}


@pytest.mark.parametrize("name", NO_FIXED_POINT)
def test_there_is_no_fixed_point(name: str) -> None:
    problem, reason = NO_FIXED_POINT[name]
    with pytest.raises(IllFormed, match=reason):
        derive(problem).fixed_points  # noqa: B018


def test_a_field_says_why_it_has_no_objective() -> None:
    with pytest.raises(NoObjective, match="Jacobian"):
        derive(field("-y", "x")).objective  # noqa: B018
    assert str(derive(field("-x", "-2*y")).objective.term) == "(1/2)*x^2 + y^2"


# the sandwich


@pytest.mark.parametrize("losses", [["x^2 + y^2 + x*y", "(x - 1)^2 + 3*y^2"], ["exp(x) + y^2", "exp(-x) + (y - 1)^2"]])
def test_the_sandwich_agrees_with_sympy(losses: list[str]) -> None:
    found = derive(finite_law(("x", "y"), [term(words) for words in losses]))
    inverse = found.hessian.sympy.inv()
    wanted = inverse * found.covariance.sympy * inverse
    at = dict(zip(sp.symbols("x y", real=True), (sp.Rational(1, 3), sp.Rational(2, 5)), strict=True))
    values = found.sandwich.program.evaluate({"x": "1/3", "y": "2/5"}, Digits(40))
    for i in range(2):
        for j in range(2):
            exact = sp.N(wanted[i, j].subs(at), 30)
            assert abs(exact - sp.N(found.sandwich.sympy[i, j].subs(at), 30)) < sp.Float("1e-20")
            assert abs(exact - sp.Float(str(values[i, j]), 35)) < sp.Float("1e-20")


SINGULAR = {
    "a direction without curvature": ["(x - y)^2", "(x - y)^4"],
    "an unused parameter": ["x^2", "x^4 + y"],
    "exponentials": ["exp(x - y)", "(x - y)^2"],
    "not seen to be regular": ["logistic(x - y)", "exp(y - x)"],
}


@pytest.mark.parametrize("name", SINGULAR)
def test_there_is_no_sandwich_where_the_hessian_is_singular(name: str) -> None:
    problem = finite_law(("x", "y"), [term(words) for words in SINGULAR[name]])
    with pytest.raises(IllFormed, match=r"singular everywhere|not seen to be regular"):
        derive(problem).sandwich  # noqa: B018


# programs of derivations


@pytest.mark.parametrize("part", [*PARTS, "sandwich"])
@pytest.mark.parametrize("kind", LOSSES)
def test_the_program_is_what_is_written(kind: str, part: str) -> None:
    problem = finite_law("w", [term(words) for words in LOSSES[kind]]).adapted("maml", rate=symbol("alpha"), steps=1)
    if part == "sandwich" and kind != "polynomials":
        pytest.skip("SymPy takes long to evaluate it")
    expression = getattr(derive(problem), part)
    made = np.ravel(expression.program.evaluate({"w": "1/3", "alpha": "1/5"}, Digits(40)))
    at = {sp.Symbol("w", real=True): sp.Rational(1, 3), sp.Symbol("alpha", real=True): sp.Rational(1, 5)}
    written = [entry.sympy.subs(at) for row in expression.rows for entry in row]
    assert expression.program.full_shape == expression.shape
    for left, right in zip(made, written, strict=True):
        assert abs(sp.Float(str(left), 35) - sp.N(right, 35)) < sp.Float("1e-25")


def test_polynomial_programs_agree_in_all_numbers() -> None:
    made = derive(build("maml", "quadratic", 2, 2, 2)).hessian.program
    point = {"phi_1": "1/2", "phi_2": -3, "alpha": "2/7"}
    exact = made.evaluate(point, Rationals()).ravel()
    with ctx.workprec(1000):
        for ball, q in zip(made.evaluate(point, Balls()).flat, exact, strict=True):
            assert ball.overlaps(arb(fmpq(q.numerator, q.denominator)))
    assert np.allclose(made.evaluate(point, Floats()).ravel(), exact.astype(float), rtol=1e-12)
    for residue, q in zip(made.evaluate(point, Modulo(10007)).flat, exact, strict=True):
        assert residue == q.numerator * pow(q.denominator, -1, 10007) % 10007


def test_a_network_is_derived_inside_a_region_of_its_units() -> None:
    loss = term("(v*relu(w - 1) + relu(-w) - 1)^2/2")
    with pytest.raises(NotDifferentiable, match="kink"):
        derive(finite_law(("v", "w"), [loss]))
    inside = within(loss, {term("w - 1"): True, term("-w"): False})
    found = derive(finite_law(("v", "w"), [inside]))
    assert sp.expand(found.objective.sympy - term("(v*(w - 1) - 1)^2/2").sympy) == 0
    assert found.hessian.verdict is Verdict.PROVED


def test_large_objectives_are_evaluated_and_not_written() -> None:
    problem = finite_law(("x", "y"), [term("(x*y - 1)^2 + tanh(x + y)^2")]).adapted("maml", rate="1/10", steps=6)
    found = derive(problem)
    assert found.gradient.program.evaluate({"x": "1/2", "y": 1}, Digits(30)).shape == (2,)
    with pytest.raises(IllFormed, match="not expanded"):
        found.gradient.rows  # noqa: B018
