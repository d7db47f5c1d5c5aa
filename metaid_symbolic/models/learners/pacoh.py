"""PAC-Bayesian meta-learning: the hyper-posterior over priors, and its mode."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, final

from ...problems import MetaProblem, exact
from ...symbols import symbol_names
from ...terms import ONE, ZERO, IllFormed, Term, as_term, less, number, symbol, total
from ..composition import compose_all
from ..expansion import QuadraticForm, Rows, quadratic_form, shifted, solve
from ..laws import FiniteLaw, uniform_weights
from ..objective import MetaObjective, shown
from ..smoothness import positive_minors
from .adaptation import finished, with_constants
from .architecture import softmax

SOURCE = "Rothfuss, Fortuin, Josifoski, Krause 2021, PACOH: Bayes-optimal meta-learning with PAC-guarantees"


@final
@dataclass(frozen=True)
class Temperatures:
    """beta > 0 of the base learner (sqrt(m) for m examples in the paper's main case) and lambda > 0 of the meta-learner;
    each a rational number, a term, or a `Constant`.
    """

    base: Any = 1
    meta: Any = 1


def pacoh_gaussian(
    tasks: MetaProblem | MetaObjective,
    *,
    prior_variance: Any = 1,
    hyper_variance: Any = 1,
    temperatures: Temperatures | None = None,
) -> MetaObjective:
    """F(phi) = |phi|^2/(2 r) - kappa sum_i log E_h exp(-beta L_i(h)), h ~ N(phi, s I), up to a constant: minus the logarithm
    of the hyper-posterior density of PACOH for the hyper-prior N(0, r I).

    `tasks` are n equally weighted quadratic empirical losses L_i; kappa = lambda/(n beta + lambda).  For
    L_i = 1/2 h^T A h - b^T h and M = I + beta s A, -log E_h exp(-beta L_i(h)) is 1/2 beta phi^T M^-1 A phi - beta b^T M^-1 phi
    plus a constant.  Raises `IllFormed` for a loss that is not quadratic, and where M is not positive definite (the mean is
    infinite).  Source: Rothfuss et al. 2021, proposition 1.
    """
    base, beta, kappa = _tempered(tasks, temperatures or Temperatures())
    base, s = with_constants(base, prior_variance, "the prior variance")
    base, r = with_constants(base, hyper_variance, "the hyper-prior variance")
    _check_positive({"the prior variance": s, "the hyper-prior variance": r})
    given = (*base.domain, *(formula for constant in base.constants for formula in constant.domain))
    rows, conditions, n = [], list[Term](), len(base.tasks)
    prior = total([symbol(name) ** 2 for name in base.parameters]) / (2 * r)
    for loss in base.tasks:
        form = quadratic_form(loss, base.parameters)
        if form is None:
            raise IllFormed(f"the loss {shown(loss)} is not quadratic, so its Gaussian mean has no closed form here")
        matrix = shifted(form.matrix, ONE, beta * s)
        found = solve(matrix, form.linear)
        conditions += positive_minors(found.minors, given, f"I + beta s D^2 of {shown(loss)}")
        rows.append(prior + n * kappa * beta * _softened(form, matrix, found.values).at(base.parameters))
    whole = replace(base, conditions=tuple(dict.fromkeys((*base.conditions, *conditions))))
    return finished(whole, compose_all(rows, {}), [], "pacoh", SOURCE)


def _softened(form: QuadraticForm, matrix: Rows, resolved: Sequence[Term]) -> QuadraticForm:
    """1/2 phi^T M^-1 A phi - (M^-1 b)^T phi for the loss 1/2 h^T A h - b^T h + c and M = I + beta s A."""
    rows = tuple(solve(matrix, column).values for column in form.matrix)  # A is symmetric
    return QuadraticForm(rows, tuple(resolved), ZERO)


def pacoh_finite(
    losses: Iterable[Iterable[Any]],
    *,
    logits: Any = None,
    hyper_variance: Any = 1,
    temperatures: Temperatures | None = None,
) -> MetaObjective:
    """F(a) = |a|^2/(2 r) - kappa sum_i log sum_h p_h exp(-beta L_ih) with p = softmax(a), up to a constant.

    `losses[i][h]`: the rational empirical loss of hypothesis h on task i; the hyper-prior on the logits a is N(0, r I).
    Raises `IllFormed` when tasks have different numbers of hypotheses.  Source: Rothfuss et al. 2021, proposition 1.
    """
    table = [[number(exact(value, "a loss")) for value in row] for row in losses]
    if len({len(row) for row in table}) != 1 or not table[0]:
        raise IllFormed(f"tasks with {[len(row) for row in table]} hypotheses: the hypotheses are the same for all tasks")
    names = symbol_names(logits) if logits is not None else tuple(f"a_{h}" for h in range(1, len(table[0]) + 1))
    if len(names) != len(table[0]):
        raise IllFormed(f"{len(names)} logits disagree with {len(table[0])} hypotheses")
    start = MetaObjective(names, tuple(symbol(names[0]) for _ in table), uniform_weights(len(table)))
    base, beta, kappa = _tempered(start, temperatures or Temperatures())
    base, r = with_constants(base, hyper_variance, "the hyper-prior variance")
    _check_positive({"the hyper-prior variance": r})
    prior = total([symbol(name) ** 2 for name in names]) / (2 * r)
    rows = []
    for row in table:
        mean = total([p * Term("exp", (-beta * loss,)) for p, loss in zip(softmax(names), row, strict=True)])
        rows.append(prior - len(table) * kappa * Term("log", (mean,)))
    return finished(base, compose_all(rows, {}), [], "pacoh", SOURCE)


def _tempered(tasks: MetaProblem | MetaObjective, temperatures: Temperatures) -> tuple[MetaObjective, Term, Term]:
    """The tasks with the constants in the temperatures, beta, and kappa = lambda/(n beta + lambda)."""
    base = MetaObjective.of(tasks)
    if not isinstance(base.law, FiniteLaw) or len(set(base.law.weights)) != 1:
        raise IllFormed("PACOH takes a sample of equally weighted tasks, which disagrees with the law of these")
    base, beta = with_constants(base, temperatures.base, "the temperature of the base learner")
    base, meta = with_constants(base, temperatures.meta, "the temperature of the meta-learner")
    _check_positive({"the temperature of the base learner": beta, "the temperature of the meta-learner": meta})
    return base, beta, compose_all([meta / (len(base.tasks) * beta + meta)], {})[0]


def _check_positive(values: dict[str, Term]) -> None:
    for what, value in values.items():
        if value.head == "num" and value.args[0] <= 0:
            raise IllFormed(f"{what} is {shown(value)}, which is not positive")


@final
@dataclass(frozen=True)
class Gaussian:
    """N(mean, precision^-1)."""

    mean: tuple[Term, ...]
    precision: Rows


def hyper_posterior(objective: MetaObjective) -> Gaussian:
    """The law with density proportional to exp(-F), for a quadratic F under a finite law.

    Raises `IllFormed` when F is not quadratic, or its Hessian is singular or not positive definite.
    """
    if not isinstance(objective.law, FiniteLaw):
        raise IllFormed(f"the mean over a {type(objective.law).__name__} has no closed form here")
    weighted = [number(w) * task for w, task in zip(objective.law.weights, objective.tasks, strict=True)]
    form = quadratic_form(total(weighted), objective.parameters)
    if form is None:
        raise IllFormed(f"the objective of {objective.learner} is not quadratic, so its hyper-posterior is not Gaussian")
    found = solve(form.matrix, form.linear)
    positive_minors(found.minors, (*objective.domain, *objective.conditions), f"the objective of {objective.learner}")
    return Gaussian(found.values, form.matrix)


def gibbs(prior: Sequence[Any], scores: Sequence[Any], factor: Any) -> tuple[Term, ...]:
    """P_j exp(c f_j)/sum_k P_k exp(c f_k): the hyper-posterior on finitely many priors, f_j the score of the j-th."""
    weights = _check_prior(prior, scores)
    scale = as_term(exact(factor, "the factor"))
    terms = [number(w) * Term("exp", (scale * as_term(f),)) for w, f in zip(weights, scores, strict=True)]
    return compose_all([term * Term("pow", (total(terms), -1)) for term in terms], {})


def free_energy(prior: Sequence[Any], scores: Sequence[Any], factor: Any, names: Any = None) -> MetaObjective:
    """-E_Q f + KL(Q|P)/c over the laws Q = (q_1, ..., q_(k-1), 1 - sum) on k priors, c > 0: PACOH's bound, whose minimiser is
    `gibbs(prior, scores, c)` (Donsker, Varadhan 1975)."""
    weights = _check_prior(prior, scores)
    scale = exact(factor, "the factor")
    if scale <= 0:
        raise IllFormed(f"the factor is {scale}, which is not positive")
    free = symbol_names(names) if names is not None else tuple(f"q_{j}" for j in range(1, len(weights)))
    masses = [*map(symbol, free), ONE - total([symbol(name) for name in free])]
    parts = [
        q * (Term("log", (q,)) - Term("log", (number(p),))) / scale - q * as_term(f)
        for q, p, f in zip(masses, weights, scores, strict=True)
    ]
    domain = tuple(less(0, q) for q in masses)
    return MetaObjective(free, compose_all([total(parts)], {}), uniform_weights(1), (), domain, (), "pacoh", SOURCE)


def _check_prior(prior: Sequence[Any], scores: Sequence[Any]) -> tuple[Fraction, ...]:
    weights = FiniteLaw(tuple(prior)).weights
    if len(scores) != len(weights):
        raise IllFormed(f"{len(scores)} scores disagree with {len(weights)} priors")
    return weights
