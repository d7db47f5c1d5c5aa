"""What the methods refuse, each with its message; in Python `IllFormed`, on the command line exit code 2."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from metaid_symbolic.language import parse_formula, parse_term
from metaid_symbolic.models import build
from metaid_symbolic.models.implicit import ImplicitObjective, solvable
from metaid_symbolic.models.laws import FiniteLaw, GaussianLaw, finite_law, uniform_weights
from metaid_symbolic.models.learners import (
    LinearOptimizer,
    Temperatures,
    anil,
    baxter,
    darts,
    fomaml,
    free_energy,
    gibbs,
    hyper_posterior,
    implicit_maml,
    learned_loss,
    learned_optimizer,
    learned_regularisation,
    linear_optimizer,
    maml,
    meta_sgd,
    on_examples,
    pacoh_finite,
    pacoh_gaussian,
    proximal,
    relaxed,
    reptile,
)
from metaid_symbolic.models.objective import Constant, MetaObjective, UpdateField
from metaid_symbolic.problems import MetaProblem
from metaid_symbolic.terms import IllFormed, number, symbol

P = parse_term
HALVES = FiniteLaw(("1/2", "1/2"))
TASKS = MetaObjective("x", (P("x^2/2"), P("(x - 1)^2")), HALVES)
PLANE = finite_law(("x", "y"), [P("x^2 + y^2")])
QUARTIC = finite_law("x", [P("x^4")])
POSITIVE = MetaProblem("x", (P("x^2/2"),), (1,), (parse_formula("0 < x"),))
ALPHA = Constant("alpha", (parse_formula("0 < alpha"),))
GAUSSIAN = GaussianLaw(("c",), (Fraction(0),), ((Fraction(1),),))

REFUSED: dict[str, tuple[Callable[[], Any], str]] = {
    # the data
    "a negative weight": (lambda: FiniteLaw(("3/2", "-1/2")), "the weights .* not all positive"),
    "a weight of 0": (lambda: FiniteLaw((1, 0)), "not all positive"),
    "a float for a weight": (lambda: FiniteLaw((0.5, 0.5)), r"a weight is 0.5 \(float\), not an exact"),
    "weights that miss 1": (lambda: FiniteLaw(("1/2", "1/3")), "the sum 5/6, not 1"),
    "more losses than weights": (lambda: MetaObjective("x", (P("x"),) * 3, HALVES), "3 losses disagree with 2 weights"),
    "two losses under a Gaussian law": (lambda: MetaObjective("x", (P("x"),) * 2, GAUSSIAN), "task variables .*'c'.* not 2"),
    "a variable that is nothing": (
        lambda: MetaObjective("x", (P("x*z"), P("x")), HALVES), r"the loss x\*z mentions z, which is no"),
    "a function without a name": (lambda: MetaObjective("x", (P("f(x)"), P("x")), HALVES), "app in the loss .* no elementary"),
    "a name used twice": (lambda: MetaObjective("x", (P("x"),), FiniteLaw((1,)), (Constant("x"),)), "x names two of"),
    "no parameter": (lambda: MetaObjective((), (P("1"),), FiniteLaw((1,))), "there is no parameter"),
    "a domain in other symbols": (
        lambda: MetaObjective("x", (P("x"),), FiniteLaw((1,)), domain=(parse_formula("0 < z"),)), "the domain has 0 < z, .* z"),
    "a domain that is no inequality": (
        lambda: MetaObjective("x", (P("x"),), FiniteLaw((1,)), domain=(parse_formula("x = 0"),)), "none of g < h"),
    "a field of the wrong size": (
        lambda: UpdateField(("x", "y"), ((P("x"),),), FiniteLaw((1,))), "1 components disagrees with 2 parameters"),
    "a value outside the domain": (lambda: maml(TASKS, rate=ALPHA).at(alpha=-1), "alpha = -1 disagrees with 0 < alpha"),
    "a value of what is no constant": (lambda: maml(TASKS, rate=ALPHA).at(beta=1), "beta is none of the constants"),
    "a float for a value": (lambda: maml(TASKS, rate=ALPHA).at(alpha=0.1), r"0.1 \(float\)"),
    "a problem with a symbol left": (lambda: maml(TASKS, rate=ALPHA).problem, "alpha has no value yet"),
    "a problem of a field": (lambda: reptile(TASKS, rate="1/2").problem, "no task losses"),
    "no tasks": (lambda: maml(3, rate="1/2"), "3 is a int, not a meta-problem"),  # type: ignore[arg-type]
    # rates and steps
    "a float for a rate": (lambda: maml(TASKS, rate=0.1), r"the rate is 0.1 \(float\), not an exact rational number"),
    "no rate": (lambda: reptile(TASKS), r"the rate is None"),
    "a rate that depends on the parameter": (lambda: maml(TASKS, rate=P("1 + x^2")), "the rate .* depends on x"),
    "a rate that depends on the task": (
        lambda: maml(MetaObjective("x", (P("x*c"),), GAUSSIAN), rate=symbol("c")), "depends on c"),
    "a negative number of steps": (lambda: maml(TASKS, rate="1/2", steps=-1), "-1 is no number of inner steps"),
    "half a step": (lambda: reptile(TASKS, rate="1/2", steps=0.5), "0.5 is no number of inner steps"),  # type: ignore[arg-type]
    "true for a step": (lambda: fomaml(TASKS, rate="1/2", steps=True), "True is no number of inner steps"),
    "inner losses for one task of two": (
        lambda: maml(TASKS, rate="1/2", steps=[[P("x")]]), "inner losses for 1 tasks disagree with 2 tasks"),
    "an inner loss with a strange symbol": (
        lambda: maml(TASKS, rate="1/2", steps=[[P("x*z")], [P("x")]]), "mentions z"),
    "one query loss for two tasks": (
        lambda: maml(TASKS, rate="1/2", query=[P("x")]), "1 query losses disagree with 2 tasks"),
    "a query loss with a strange symbol": (lambda: maml(TASKS, rate="1/2", query=[P("x"), P("z")]), "the loss z mentions z"),
    "a loss with a kink": (lambda: maml(finite_law("x", [P("relu(x)")]), rate="1/2"), "kink where x = 0"),
    # domains
    "a step out of the domain": (
        lambda: maml(POSITIVE, rate=2), "from x = 1 in the domain an adapted point leaves it: 0 < x is false there"),
    "a step onto the boundary": (lambda: maml(POSITIVE, rate=1), "an adapted point leaves the domain: 0 < x becomes 0 < 0"),
    "an objective that is nowhere defined": (
        lambda: maml(finite_law("x", [P("log(x^2/2)")]), rate="1/2", query=[P("log(0*x - 1)")]), r"0 < \(-1\) is false"),
    "a division by 0": (lambda: maml(finite_law("x", [P("1/(x - x)")]), rate="1/2"), "division by 0"),
    # other methods
    "rates for one coordinate of two": (lambda: meta_sgd(PLANE, rates=("r",)), "1 rates disagree with 2 parameters"),
    "a rate with the name of a parameter": (lambda: meta_sgd(PLANE, rates=("r", "x")), "x names two of"),
    "a head that is no parameter": (lambda: anil(PLANE, head=("z",), rate="1/2"), "the head names z, which is none of"),
    "a strength of 0": (lambda: proximal(TASKS, strength=0), "the strength 0 is not positive"),
    "a negative strength": (lambda: implicit_maml(TASKS, strength=-1), "the strength -1 is not positive"),
    "a singular inner problem": (
        lambda: proximal(finite_law("x", [P("-x^2/2")]), strength=1), "singular or not convex: a leading minor .* is 0"),
    "an inner problem without a minimum": (
        lambda: implicit_maml(finite_law("x", [P("-x^2")]), strength=1), "singular or not convex: a leading minor .* is -1"),
    "a flat task solved exactly": (
        lambda: reptile(finite_law(("x", "y"), [P("(x + y)^2")]), steps=None), "a leading minor .* is 0"),
    "a quartic task solved exactly": (lambda: reptile(QUARTIC, steps=None), "is not quadratic"),
    "a singular implicit problem": (
        lambda: solvable(
            ImplicitObjective("x", (P("u"),), (("u", "v"),), ((P("u + v - x"), P("u + v + x")),), uniform_weights(1))),
        "is singular: the determinant of its Hessian is 0"),
    "an implicit problem on a domain": (
        lambda: proximal(MetaProblem("x", (P("x^4"),), (1,), (parse_formula("0 < x"),)), strength=1),
        "may leave the domain 0 < x"),
    "an implicit problem under a Gaussian law": (
        lambda: proximal(MetaObjective("x", (P("x^4 + c*x"),), GAUSSIAN), strength=1), "takes a finite law, not GaussianLaw"),
    "equations without unknowns": (
        lambda: ImplicitObjective("x", (P("u"),), (("u",),), ((P("u"), P("x")),), uniform_weights(1)),
        r"2 equations disagree with the 1 unknowns"),
    "an equation in another task's unknown": (
        lambda: ImplicitObjective("x", (P("u"), P("v")), (("u",), ("v",)), ((P("v - x"),), (P("v + x"),)), HALVES), "mentions v"),
    "learned losses for one task": (
        lambda: learned_loss(TASKS, inner=[P("x*e")], learned="e", rate="1/2"), "1 learned losses disagree with 2 tasks"),
    "an optimiser of the wrong size": (
        lambda: learned_optimizer(TASKS, optimizer=linear_optimizer(1, 2)), "2 coordinates disagrees with 1 parameters"),
    "an optimiser of shapes that do not fit": (
        lambda: LinearOptimizer(((number(1),),), ((number(1),),), ((number(1), number(1)),)),
        r"C has rows of \[2\] entries; 1 states"),
    "an optimiser without a state": (lambda: linear_optimizer(0, 1), "0 states"),
    "an optimiser that depends on the parameter": (
        lambda: learned_optimizer(TASKS, optimizer=LinearOptimizer(((number(0),),), ((number(1),),), ((symbol("x"),),))),
        "depends on x"),
    "mixing weights that are no parameters": (lambda: relaxed(PLANE, mixing=("p",)), "name p, which is none of the parameters"),
    "two logits for one weight": (lambda: relaxed(PLANE, mixing="x", logits=("a", "b")), "2 logits disagree with 1"),
    "a float for the rate of DARTS": (lambda: darts(PLANE, mixing="x", rate=0.01), r"0.01 \(float\)"),
    "a weight with the name of a parameter": (lambda: learned_regularisation(TASKS, weight="x"), "x names two of"),
    "a task without examples": (lambda: baxter("x", [[P("x")], []]), "task 2 of 2 has no example"),
    "an example of the wrong size": (
        lambda: on_examples(P("x*z"), "z", [(1, 2)]), "an example of 2 values disagrees with the data"),
    "data that the loss does not mention": (lambda: on_examples(P("x"), "z", [(1,)]), "does not mention the data z"),
    "a float among the data": (lambda: on_examples(P("x*z"), "z", [(0.5,)]), r"0.5 \(float\)"),
    "tasks of unequal weights in PACOH": (
        lambda: pacoh_gaussian(MetaObjective("x", (P("x^2"), P("x^2 + x")), FiniteLaw(("1/3", "2/3")))), "equally weighted"),
    "a quartic loss in PACOH": (lambda: pacoh_gaussian(QUARTIC), "not quadratic"),
    "a negative variance": (lambda: pacoh_gaussian(TASKS, prior_variance=-1), "the prior variance is -1, which is not positive"),
    "a temperature of 0": (lambda: pacoh_gaussian(TASKS, temperatures=Temperatures(0)), "the base learner is 0, .* not positive"),
    "an infinite Gaussian mean": (lambda: pacoh_gaussian(finite_law("x", [P("-x^2")])), "a leading minor of .* is -1"),
    "different numbers of hypotheses": (lambda: pacoh_finite([[1, 2], [1]]), r"\[2, 1\] hypotheses"),
    "a posterior that is not Gaussian": (lambda: hyper_posterior(MetaObjective.of(QUARTIC)), "not quadratic"),
    "a flat posterior": (lambda: hyper_posterior(MetaObjective.of(finite_law("x", [P("x")]))), "a leading minor"),
    "a prior with two scores": (lambda: gibbs((1,), (1, 2), 1), "2 scores disagree with 1 priors"),
    "a negative factor": (lambda: free_energy(("1/2", "1/2"), (0, 1), -1), "the factor is -1, which is not positive"),
    # by name
    "an unknown method": (lambda: build("mmal"), "no method 'mmal'; did you mean 'maml'"),
    "an unknown base": (lambda: build("maml", "quadratics"), "no base 'quadratics'; did you mean 'quadratic'"),
    "no dimension": (lambda: build("maml", dim=0), "both must be at least 1"),
    "a negative number of steps by name": (lambda: build("maml", steps=-1), "-1 is no number of inner steps"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_refuses(name: str) -> None:
    make, reason = REFUSED[name]
    with pytest.raises(IllFormed, match=reason):
        make()


def test_a_point_that_stays_in_the_domain_needs_no_condition() -> None:
    assert maml(POSITIVE, rate="1/2").conditions == ()


def test_a_point_that_may_leave_the_domain_is_a_condition() -> None:
    found = maml(POSITIVE, rate=ALPHA)
    assert [str(formula) for formula in found.conditions] == ["0 < x + (-1)*x*alpha"]
    cubic = maml(MetaProblem("x", (P("x^4"),), (1,), (parse_formula("0 < x"),)), rate="1/8")
    assert [str(formula) for formula in cubic.conditions] == ["0 < x + (-1/2)*x^3"]
    assert cubic.problem.constraints == (parse_formula("0 < x"), cubic.conditions[0])


def test_what_holds_with_values_is_no_condition() -> None:
    found = maml(POSITIVE, rate=ALPHA)
    assert [str(formula) for formula in found.at(alpha="1/2").conditions] == ["0 < (1/2)*x"]


def test_a_quotient_needs_a_denominator() -> None:
    found = maml(finite_law("x", [P("1/x + x^2")]), rate="1/2")
    assert "not x = 0" in [str(formula) for formula in found.conditions]
    assert "0 < (x + (-1)*0)^2" in [str(formula) for formula in found.problem.constraints]


def conditions(made: Any) -> list[str]:
    return [str(formula) for formula in made.conditions]


def test_every_inner_loss_is_defined_where_its_gradient_is_taken() -> None:
    """The gradient 1 - 1/x of x - log(x) exists for x < 0, the loss does not; the same at the points in between."""
    tasks = finite_law("x", [P("x - log(x)")])
    moved = "x + (1/4)*x^(-1) + (-1/4)"
    assert conditions(maml(tasks, rate="1/4", steps=2, query=[P("x^2")])) == ["0 < x", f"0 < {moved}"]
    assert conditions(fomaml(tasks, rate="1/4", query=[P("log(x)")])) == ["0 < x", f"0 < {moved}"]
    assert conditions(reptile(tasks, rate="1/4")) == ["0 < x"]
    learned = conditions(learned_optimizer(tasks, optimizer=linear_optimizer(1, 1)))
    assert learned[0] == "0 < x" and learned[1].startswith("0 < x + ") and len(learned) == 2
