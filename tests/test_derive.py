"""Derivations against SymPy, on random polynomials and rational functions, and against published or hand-made values."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from metaid_symbolic.calculus.algebra import NotDifferentiable
from metaid_symbolic.calculus.derive import Derivation, derive
from metaid_symbolic.calculus.minimisers import Minimisers, minimisers
from metaid_symbolic.calculus.polynomials import collected, gradient, hessian, is_polynomial
from metaid_symbolic.calculus.tidying import tidied
from metaid_symbolic.kernel import objectives
from metaid_symbolic.kernel.unfold import Reading
from metaid_symbolic.language import parse_term
from metaid_symbolic.models import build
from metaid_symbolic.models.laws import finite_law
from metaid_symbolic.problems import MetaProblem, Noise
from metaid_symbolic.symbols import reals
from metaid_symbolic.sympy_bridge import from_sympy
from metaid_symbolic.terms import IllFormed, Term, as_term, number, symbol

X, Y, A = sp.symbols("x y alpha", real=True)
PARTS = ("objective", "gradient", "hessian", "fisher", "covariance", "profile", "jacobian")


def fractions() -> st.SearchStrategy[Fraction]:
    return st.fractions(min_value=-3, max_value=3, max_denominator=4)


def polynomials() -> st.SearchStrategy[Term]:
    monomials = st.tuples(fractions(), st.integers(0, 3), st.integers(0, 2)).map(
        lambda m: as_term(m[0]) * (symbol("x") ** m[1] if m[1] else number(1)) * (symbol("y") ** m[2] if m[2] else number(1))
    )
    return st.lists(monomials, min_size=1, max_size=4).map(lambda parts: sum(parts[1:], parts[0]))


def rational_functions() -> st.SearchStrategy[Term]:
    return st.tuples(polynomials(), polynomials()).map(lambda pair: pair[0] / (pair[1] ** 2 + 1))


def expected(losses: list[sp.Expr], weights: list[sp.Rational]) -> dict[str, sp.Matrix]:
    """The derived objects by SymPy alone, of plain losses."""
    x = sp.Matrix([X, Y])
    rows = [sp.Matrix([loss]).jacobian(x) for loss in losses]
    mean = sum((w * loss for w, loss in zip(weights, losses, strict=True)), sp.Integer(0))
    slope = sp.Matrix([mean]).jacobian(x).T
    fisher = sum((w * row.T * row for w, row in zip(weights, rows, strict=True)), sp.zeros(2, 2))
    return {
        "objective": sp.Matrix([mean]), "gradient": slope, "hessian": sp.hessian(mean, (X, Y)), "fisher": fisher,
        "covariance": fisher - slope * slope.T, "profile": sp.Matrix(losses), "jacobian": sp.Matrix.vstack(*rows),
    }  # fmt: skip


PLACES = [{X: sp.Rational(a, 3), Y: sp.Rational(b, 2), A: sp.Rational(1, 5)} for a, b in ((0, 1), (2, -3), (-4, 5), (7, 7))]


def agree(found: Derivation, wanted: dict[str, sp.Matrix]) -> None:
    """Equality at rational points: `cancel` of SymPy 1.14 leaves -1/4 + 1/4 as it is."""
    for part in PARTS:
        value = getattr(found, part).sympy
        value = value if isinstance(value, sp.MatrixBase) else sp.Matrix([value])
        assert value.shape == wanted[part].shape, part
        for place in PLACES:
            assert value.subs(place) == wanted[part].subs(place), part


@settings(max_examples=40, deadline=None)
@given(st.lists(polynomials(), min_size=1, max_size=3))
def test_plain_polynomials_agree_with_sympy(losses: list[Term]) -> None:
    problem = finite_law(("x", "y"), losses)
    weights = [sp.Rational(1, len(losses))] * len(losses)
    agree(derive(problem), expected([loss.sympy for loss in losses], weights))


@settings(max_examples=20, deadline=None)
@given(st.lists(rational_functions(), min_size=1, max_size=2))
def test_plain_rational_functions_agree_with_sympy(losses: list[Term]) -> None:
    problem = finite_law(("x", "y"), losses)
    weights = [sp.Rational(1, len(losses))] * len(losses)
    agree(derive(problem), expected([loss.sympy for loss in losses], weights))


@settings(max_examples=20, deadline=None)
@given(fractions(), fractions(), fractions(), st.integers(0, 2))
def test_adaptation_agrees_with_sympy(a: Fraction, b: Fraction, c: Fraction, steps: int) -> None:
    loss = as_term(a) * symbol("x") ** 3 + as_term(b) * symbol("x") * symbol("y") + (symbol("y") - as_term(c)) ** 2 / 2
    problem = finite_law(("x", "y"), [loss]).adapted("maml", rate=symbol("alpha"), steps=steps)
    here, slope = sp.Matrix([X, Y]), sp.Matrix([loss.sympy]).jacobian([X, Y]).T
    found = derive(problem).objective.sympy
    for place in PLACES:
        end = here.subs(place)
        for _ in range(steps):
            end = end - place[A] * slope.subs(dict(zip((X, Y), end, strict=True)), simultaneous=True)
        wanted = loss.sympy.subs(dict(zip((X, Y), end, strict=True)), simultaneous=True)
        assert found.subs(place) == wanted


@settings(max_examples=30, deadline=None)
@given(polynomials())
def test_the_fast_derivatives_agree_with_sympy(term: Term) -> None:
    slopes, rows = gradient(term, ("x", "y")), hessian(term, ("x", "y"))
    for i, u in enumerate((X, Y)):
        assert sp.expand(slopes[i].sympy - sp.diff(term.sympy, u)) == 0
        for j, v in enumerate((X, Y)):
            assert sp.expand(rows[i][j].sympy - sp.diff(term.sympy, u, v)) == 0


@settings(max_examples=40, deadline=None)
@given(rational_functions(), fractions(), fractions())
def test_collecting_keeps_the_value(term: Term, a: Fraction, b: Fraction) -> None:
    at = {X: sp.Rational(a), Y: sp.Rational(b)}
    assert collected(term, ("x", "y")).sympy.subs(at) == term.sympy.subs(at)


def test_the_kernel_builds_the_same_objects() -> None:
    """Two independent derivations: the kernel's pure Python one is what claims are decided with."""
    problem = build("maml", "quadratic", 2, 2, 2)
    found = derive(problem)
    assert objectives.tidy(found.objective.term - objectives.objective(problem, "F_MAML")) == as_term(0)
    plain = Reading(problem).matrix(Term("fisher", (symbol("phi"),)), {"phi": tuple(map(symbol, problem.parameters))})
    for i in range(2):
        for j in range(2):
            assert objectives.tidy(found.plain.fisher.terms[i][j] - plain[i][j]) == as_term(0)


COLLECTED = {
    "(1 - alpha)^2*phi^2/2": "(1/2)*(alpha + (-1))^2*phi^2",
    "(phi + 1)^2 - phi^2": "2*phi + 1",
    "exp(phi + phi)*exp(2*phi)": "exp(2*phi)^2",
    "1/(2*phi + 4)": "(2*phi + 4)^(-1)",
    "x*phi/(3*x)": "(1/3)*x*x^(-1)*phi",
    "sqrt(4/9) + tanh(0) + log(1) + exp(0)": "5/3",
    "relu(-3) + relu(2)": "2",
    "logistic(0)": "1/2",
    "(phi + x + y + z)^900": "(phi + x + y + z)^900",
    "0*phi^(-1)": "0",
}


@pytest.mark.parametrize("words", COLLECTED)
def test_collected_form(words: str) -> None:
    assert str(collected(parse_term(words), ("phi",))) == COLLECTED[words]


TIDIED = {
    "x + 2*x - 1 + 1": "3*x",
    "x*(x*2)*x^(-1)": "2*x^2*x^(-1)",
    "(x^2)^3 + (x^(-1))^(-1)": "x^6 + (x^(-1))^(-1)",
    "(x + y)*0 + exp(0)": "1",
    "(x + y)^2*(x + y)": "(x + y)^3",
    "(x + y)/2 + x": "(3/2)*x + (1/2)*y",
    "exp(x - x + 1)": "exp(1)",
}


@pytest.mark.parametrize("words", TIDIED)
def test_tidied_form(words: str) -> None:
    assert tidied(parse_term(words)) == tidied(tidied(parse_term(words)))
    assert str(tidied(parse_term(words))) == TIDIED[words]


@settings(max_examples=40, deadline=None)
@given(rational_functions(), fractions(), fractions())
def test_tidying_keeps_the_value(term: Term, a: Fraction, b: Fraction) -> None:
    at = {X: sp.Rational(a), Y: sp.Rational(b)}
    assert tidied(term).sympy.subs(at) == term.sympy.subs(at)


@pytest.mark.parametrize("words", ["1/0", "1/(x - x)", "(2 - 2)^(-3)", "log(1)^(-1)", "1/(exp(0) - 1)"])
def test_a_division_by_zero_is_not_collected(words: str) -> None:
    with pytest.raises(IllFormed, match="divi"):
        collected(parse_term(words))
    with pytest.raises(IllFormed, match="divi"):
        tidied(parse_term(words))


@pytest.mark.parametrize(("words", "is_one"), [("x^2/2 + y", True), ("3", True), ("1/x", False), ("exp(x)", False)])
def test_polynomials_are_told(words: str, is_one: bool) -> None:
    assert is_polynomial(parse_term(words)) is is_one


def maml() -> MetaProblem:
    phi, alpha = reals("phi alpha")
    problem = MetaProblem(phi, losses=[phi**2 / 2, (phi - 1) ** 2], weights=["1/2", "1/2"])
    return problem.adapted("maml", rate=alpha, steps=1)


def test_the_first_example_of_the_readme() -> None:
    assert derive(maml()).gradient.latex(label="eq:maml-gradient") == "\n".join(
        [
            r"\begin{equation}\label{eq:maml-gradient}",
            r"  \nabla F_{\mathrm{MAML}}(\varphi) = \left(\tfrac{9}{2} \alpha^{2} - 5 \alpha + \tfrac{3}{2}\right) \varphi"
            r" - (2 \alpha - 1)^{2}",
            r"\end{equation}",
        ]
    )


def test_sympy_losses_give_the_same() -> None:
    phi, alpha = sp.symbols("phi alpha")
    problem = MetaProblem(phi, losses=[phi**2 / 2, (phi - 1) ** 2], weights=["1/2", "1/2"])
    assert derive(problem.adapted("maml", rate=alpha, steps=1)).gradient == derive(maml()).gradient


def test_the_maml_gradient_is_the_published_one() -> None:
    """E (I - alpha H_t)(phi) g_t(phi - alpha g_t(phi)): Finn, Abbeel, Levine 2017, section 2.2."""
    phi, alpha = sp.symbols("phi alpha", real=True)
    losses = [phi**4 + phi, phi**3 / 3 - 2 * phi**2]
    wanted = 0
    for loss in losses:
        slope = sp.diff(loss, phi)
        wanted += (1 - alpha * sp.diff(slope, phi)) * slope.subs(phi, phi - alpha * slope) / 2
    problem = finite_law("phi", [from_sympy(loss) for loss in losses]).adapted("maml", rate=symbol("alpha"), steps=1)
    assert sp.expand(derive(problem).gradient.sympy[0] - wanted) == 0


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_steps_on_a_quadratic_contract_by_a_power(steps: int) -> None:
    """F_MAML = E a_t/2 (1 - alpha a_t)^(2k) (phi - c_t)^2 for L_t = a_t/2 (phi - c_t)^2."""
    phi, alpha = sp.symbols("phi alpha", real=True)
    found = derive(build("maml", "quadratic", 1, 2, steps)).objective.sympy
    wanted = sum(sp.Rational(a, 4) * (1 - alpha * a) ** (2 * steps) * (phi - c) ** 2 for a, c in ((1, 0), (2, 1)))
    assert sp.expand(found - wanted) == 0


def test_no_steps_is_no_adaptation() -> None:
    problem = build("maml", "quadratic", 2, 2, 1)
    assert derive(problem.adapted("maml", rate="1/2", steps=0)).objective.terms == derive(problem).plain.objective.terms


def test_gaussian_moments() -> None:
    """L = (x - a)^2/2 with a ~ N(1, 2): F = x^2/2 - x + 3/2 and I = (x - 1)^2 + 2."""
    problem = MetaProblem("x", (parse_term("(x - a)^2/2"),), (1,), noise=(Noise("a", Fraction(1), Fraction(2)),))
    found = derive(problem)
    assert str(found.objective.term) == "(1/2)*x^2 + (-1)*x + 3/2" or str(found.objective.term) == "(1/2)*x^2 + (-1)*x + (3/2)"
    assert sp.expand(found.fisher.sympy[0] - ((X - 1) ** 2 + 2)) == 0
    assert sp.expand(found.covariance.sympy[0] - 2) == 0


def test_transcendental_losses() -> None:
    w = sp.Symbol("w", real=True)
    losses = [parse_term("log(1 + exp(w))"), parse_term("tanh(w)^2/(1 + w^2)")]
    found = derive(finite_law("w", losses))
    mean = (losses[0].sympy + losses[1].sympy) / 2
    for value in (sp.Rational(1, 3), sp.Rational(-2)):
        difference = (found.hessian.sympy[0] - sp.diff(mean, w, 2)).subs(w, value)
        assert abs(difference.evalf(50)) < sp.Float("1e-40")
    assert [str(c) for c in found.defined_where] == ["0 < exp(w) + 1", "not w^2 + 1 = 0"]


REFUSED = {
    "a kink": (finite_law("w", [parse_term("relu(w)*w")]), NotDifferentiable, "kink where w = 0"),
    "a kink in one task": (finite_law("w", [parse_term("w"), parse_term("relu(2*w - 1)^2")]), NotDifferentiable, "kink"),
    "maml without a rate": (MetaProblem("w", (symbol("w"),), (1,), learner="maml"), IllFormed, "no rate"),
    "a rate that depends on the parameter": (
        MetaProblem("w", (symbol("w"),), (1,), learner="maml", rate=parse_term("1 + w^2")), IllFormed, "depends on w"),
    "a mean that is not known": (
        MetaProblem("w", (parse_term("exp(w*a)"),), (1,), noise=(Noise("a", Fraction(0), Fraction(1)),)),
        IllFormed, "polynomials"),
    "an objective too large to write": (
        finite_law(("x", "y", "z"), [parse_term("(x + y + z + 1)^9")]).adapted("maml", rate=symbol("alpha"), steps=3),
        IllFormed, "not expanded"),
    "a division by zero": (finite_law("w", [parse_term("1/(w - w)")]), IllFormed, "division by 0"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_refuses(name: str) -> None:
    problem, kind, reason = REFUSED[name]
    with pytest.raises(kind, match=reason):
        derive(problem).objective.term  # noqa: B018


def test_a_relu_of_a_constant_is_smooth() -> None:
    assert str(derive(finite_law("w", [parse_term("relu(3)*w^2")])).gradient.terms[0]) == "6*w"


def test_what_is_too_large_to_multiply_out_stays_as_it_is() -> None:
    found = derive(finite_law(("x", "y"), [parse_term("(x + y + x*y + 1)^900")]))
    assert str(found.gradient.terms[0]) == "900*(1 + y)*(x + y + x*y + 1)^899"


def test_an_array_is_no_term() -> None:
    with pytest.raises(IllFormed, match="no single term"):
        derive(maml()).gradient.term  # noqa: B018


MODELS = {
    "maml, 2 by 2": ("maml", "quadratic", 2, 2),
    "plain": ("plain", "quadratic", 1, 1),
    "three": ("maml", "quadratic", 3, 2),
}
NO_MODELS = {"learner": ("anli", "quadratic", 2, 2), "base": ("maml", "cubic", 2, 2), "size": ("maml", "quadratic", 0, 2)}


@pytest.mark.parametrize("name", MODELS)
def test_models(name: str) -> None:
    learner, base, dim, tasks = MODELS[name]
    problem = build(learner, base, dim, tasks)
    assert (problem.dimension, len(problem.losses), problem.learner) == (dim, tasks, learner)
    assert derive(problem).hessian.shape == (dim, dim)


@pytest.mark.parametrize("name", NO_MODELS)
def test_no_models(name: str) -> None:
    with pytest.raises(IllFormed):
        build(*NO_MODELS[name])


F = Fraction
LEAST: dict[str, tuple[tuple[str, ...], Minimisers | None]] = {
    "(x^2 - 1)^2": (("x",), Minimisers(F(0), points=((F(-1),), (F(1),)))),
    "(x^2 - 2)^2 + 1/2": (("x",), Minimisers(F(1, 2), zeros_of=(parse_term("x^2 - 2"),))),
    "x^6 + x^2": (("x",), Minimisers(F(0), points=((F(0),),))),
    "(x^2 + 1)^2 - 5": (("x",), Minimisers(F(-4), points=((F(0),),))),
    "x - x": (("x",), Minimisers(F(0), everything=True)),
    "(x - y)^2": (("x", "y"), Minimisers(F(0), points=((F(0), F(0)),), directions=((F(1), F(1)),))),
    "(x - 1)^2 + y^2": (("x", "y"), Minimisers(F(0), points=((F(1), F(0)),))),
    "x^3": (("x",), Minimisers(None)),
    "-x^4": (("x",), Minimisers(None)),
    "x*y": (("x", "y"), Minimisers(None)),
    "(x - y)^2 + x": (("x", "y"), Minimisers(None)),
    "x^4 - x": (("x",), None),
    "exp(x)": (("x",), None),
    "x^2*y^2": (("x", "y"), None),
    "alpha*x^2": (("x",), None),
}


@pytest.mark.parametrize("words", LEAST)
def test_minimisers(words: str) -> None:
    names, wanted = LEAST[words]
    found = minimisers(parse_term(words), names)
    assert found == wanted or (found is not None and wanted is not None and found.least == wanted.least and found.zeros_of)
