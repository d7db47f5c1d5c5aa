"""Rules that hold in every meta-problem, as formulas that a proof may instantiate.  Each proof stands beside its rule.

`gd(eta, x, a)` says that gradient descent x <- x - eta grad F(x) on R^n converges to a from x.
"""

from __future__ import annotations

from collections.abc import Callable

from ..terms import (
    ZERO,
    Term,
    at_most,
    conjunction,
    disjunction,
    equal,
    less,
    negation,
    number,
    symbol,
)
from .rejection import Rejected


def app(name: str, *args: Term) -> Term:
    return Term("app", (name, *args))


def grad(x: Term) -> Term:
    return Term("grad", ("F", x))


def implies(left: Term, right: Term) -> Term:
    return Term("implies", (left, right))


def every(sorts: str, body: Callable[..., Term]) -> Term:
    """forall over fresh variables of the sorts (r real, p point, t task), applied to `body`."""
    names = [f"v{i + 1}" for i in range(len(sorts))]
    made = body(*map(symbol, names))
    for name, sort in reversed(list(zip(names, sorts, strict=True))):
        made = Term("forall", (name, {"r": "real", "p": "point", "t": "task"}[sort], made))
    return made


def distance2(x: Term, y: Term) -> Term:
    return Term("dot", (x - y, x - y))


def descent(eta: Term, start: Term, end: Term) -> Term:
    return Term("pred", ("gd", eta, start, end))


def _limit_is_critical() -> Term:
    """The update map is continuous, so a limit of its iterates is a fixed point; eta > 0."""
    return every(
        "rpp", lambda eta, x, a: implies(conjunction([less(ZERO, eta), descent(eta, x, a)]), equal(grad(a), Term("zero")))
    )


def _starts_at_rest() -> Term:
    """From a critical point nothing moves, and limits are unique."""
    return every("rpp", lambda eta, x, a: implies(conjunction([equal(grad(x), Term("zero")), descent(eta, x, a)]), equal(a, x)))


def _limits_are_unique() -> Term:
    return every("rppp", lambda eta, x, a, b: implies(conjunction([descent(eta, x, a), descent(eta, x, b)]), equal(a, b)))


def _two_cycle() -> Term:
    """If x -> y -> x with y != x, the iterates alternate for ever."""

    def body(eta: Term, x: Term, y: Term, a: Term) -> Term:
        moves = [equal(y, x - eta * grad(x)), equal(x, y - eta * grad(y)), negation(equal(x, y)), descent(eta, x, a)]
        return negation(conjunction(moves))

    return every("rppp", body)


def _basin() -> Term:
    """One dimension: if F'(p) = 0 and 0 < m <= F'' <= M on |x - p| <= r, then for 0 < eta < 2/M the update
    contracts distances to p on that interval (mean value theorem: the factor is |1 - eta F''| <= q < 1)."""

    def body(p: Term, r: Term, low: Term, high: Term, eta: Term, start: Term) -> Term:
        x, one = symbol("x"), Term("vec", (number(1),))
        bend = app("D2F", x, one, one)
        near = implies(at_most(distance2(x, p), r**2), conjunction([at_most(low, bend), at_most(bend, high)]))
        curvature = Term("forall", ("x", "point", near))
        here = [equal(symbol("n"), number(1)), less(ZERO, r), less(ZERO, low), equal(grad(p), Term("zero")), curvature]
        step = [less(ZERO, eta), less(eta * high, number(2)), at_most(distance2(start, p), r**2)]
        return implies(conjunction(here + step), descent(eta, start, p))

    return every("prrrrp", body)


def _equal_losses_equal_law() -> Term:
    same = Term("forall", ("t", "task", equal(app("L", symbol("t"), symbol("v1")), app("L", symbol("t"), symbol("v2")))))
    return every("pp", lambda x, y: implies(same, Term("pred", ("samelaw", x, y))))


def _equal_law_equal_mean() -> Term:
    return every("pp", lambda x, y: implies(Term("pred", ("samelaw", x, y)), equal(app("F", x), app("F", y))))


def _whole_space() -> Term:
    return implies(Term("pred", ("whole",)), every("p", lambda x: Term("pred", ("Phi", x))))


def _dot() -> Term:
    return every("ppp", lambda x, y, u: implies(equal(x, y), equal(Term("dot", (x, u)), Term("dot", (y, u)))))


def _difference() -> Term:
    """0 - 0 = 0."""
    zero = Term("zero")
    return every("pp", lambda x, y: implies(conjunction([equal(x, zero), equal(y, zero)]), equal(x - y, zero)))


def _norm() -> Term:
    """A vector other than 0 has a positive square, and 0 <= |x|^2."""
    nonzero = every("p", lambda x: implies(negation(equal(x, Term("zero"))), less(ZERO, Term("dot", (x, x)))))
    return conjunction([nonzero, every("p", lambda x: at_most(ZERO, Term("dot", (x, x))))])


def _orthogonal_to_all() -> Term:
    """A vector that is orthogonal to every vector is 0."""
    flat = Term("forall", ("u", "point", equal(Term("dot", (symbol("v1"), symbol("u"))), ZERO)))
    return every("p", lambda x: implies(flat, equal(x, Term("zero"))))


def _sgd_variance() -> Term:
    """If every task gradient has the slope a (n = 1) then x' = (1 - eta a) x + noise, and the variances obey
    v' = (1 - eta a)^2 v + eta^2 C with C = I - (F')^2 the variance of the gradients; with |1 - eta a| < 1 they tend to the
    fixed point of this recursion, and limits are unique."""

    def body(eta: Term, slope: Term, x: Term, v: Term) -> Term:
        one = Term("vec", (number(1),))
        flat = Term("forall", ("t", "task", Term("forall", ("y", "point", equal(
            app("D2L", symbol("t"), symbol("y"), one, one), slope)))))  # fmt: skip
        second = Term("mean", ("t", Term("dot", (Term("grad", ("L", symbol("t"), x)),) * 2)))
        spread = second - Term("dot", (grad(x), grad(x)))
        given = [equal(symbol("n"), number(1)), flat, less((number(1) - eta * slope) ** 2, number(1))]
        tends = Term("pred", ("sgd_variance_tends", eta, v))
        fixed = equal(v, (number(1) - eta * slope) ** 2 * v + eta**2 * spread)
        return implies(conjunction(given), Term("iff", (tends, fixed)))

    return every("rrpr", body)


def _adapted_objective(x: Term, rate: Term, value: Term) -> Term:
    """The definition of F_MAML for one inner step: E L_t(x - r grad L_t(x)) where x and these points lie in Phi."""
    t = symbol("t")
    end = x - rate * Term("grad", ("L", t, x))
    stays = Term("forall", ("t", "task", Term("pred", ("Phi", end))))
    given = conjunction([Term("pred", ("Phi", x)), stays])
    return implies(given, equal(value, Term("mean", ("t", app("L", t, end)))))


def _adapted_at_alpha() -> Term:
    one_step = equal(symbol("steps"), number(1))
    return implies(one_step, every("p", lambda x: _adapted_objective(x, symbol("alpha"), app("F_MAML", x))))


def _adapted_at_a_rate() -> Term:
    return every("pr", lambda x, r: _adapted_objective(x, r, app("F_MAML", x, r)))


def _relu(z: Term) -> Term:
    value = Term("relu", (z,))
    return disjunction([conjunction([at_most(ZERO, z), equal(value, z)]), conjunction([less(z, ZERO), equal(value, ZERO)])])


def _sqrt(z: Term) -> Term:
    value = Term("sqrt", (z,))
    return implies(at_most(ZERO, z), conjunction([at_most(ZERO, value), equal(value**2, z)]))


def _log(z: Term) -> Term:
    return implies(less(ZERO, z), equal(Term("exp", (Term("log", (z,)),)), z))


def _exp(z: Term) -> Term:
    """exp is positive, lies above its tangent at 0, and is strictly above it elsewhere."""
    value = Term("exp", (z,))
    return conjunction(
        [less(ZERO, value), at_most(number(1) + z, value), implies(negation(equal(z, ZERO)), less(number(1) + z, value))]
    )


def _mean(body: Term) -> Term:
    """The mean over t of a function e(t) (given with the task variable `t`), all weights being positive; see `_positive`."""
    return _positive(body, Term("mean", ("t", body)), lambda f: Term("forall", ("t", "task", f)))


def _sum(term: Term) -> Term:
    """A sum over i = 1, ..., k of e(i); it may be empty."""
    if term.head != "sum":
        raise Rejected(f"{term} is no sum")
    return _positive(term.args[2], term, lambda f: Term("forall", (term.args[0], term.args[1], f)), strict=False)


def _positive(body: Term, value: Term, every_place: Callable[[Term], Term], strict: bool = True) -> Term:
    """For a mean or sum with positive weights: if e >= 0 then it is >= 0, and 0 only if e = 0 everywhere; if e = 0 then it is
    0; and if e > 0 then it is > 0 unless there may be nothing to add."""
    nonnegative = conjunction([at_most(ZERO, value), implies(equal(value, ZERO), every_place(equal(body, ZERO)))])
    rules = [implies(every_place(at_most(ZERO, body)), nonnegative), implies(every_place(equal(body, ZERO)), equal(value, ZERO))]
    return conjunction([*rules, implies(every_place(less(ZERO, body)), less(ZERO, value))] if strict else rules)


GENERAL: dict[str, Callable[[], Term]] = {
    "limit is critical": _limit_is_critical,
    "starts at rest": _starts_at_rest,
    "limits are unique": _limits_are_unique,
    "two cycle": _two_cycle,
    "basin": _basin,
    "equal losses, equal law": _equal_losses_equal_law,
    "equal law, equal mean": _equal_law_equal_mean,
    "whole space": _whole_space,
    "dot": _dot,
    "difference": _difference,
    "norm": _norm,
    "orthogonal to all": _orthogonal_to_all,
    "sgd variance": _sgd_variance,
    "adapted objective": _adapted_at_alpha,
    "adapted objective at a rate": _adapted_at_a_rate,
}
AT_A_TERM: dict[str, Callable[[Term], Term]] = {
    "relu": _relu,
    "sqrt": _sqrt,
    "log": _log,
    "exp": _exp,
    "mean": _mean,
    "sum": _sum,
}
DESCENT = ("limit is critical", "starts at rest", "limits are unique", "two cycle", "basin", "sgd variance")
"""Rules about iterations, which live on R^n."""


def lemma(name: str, terms: tuple[Term, ...]) -> Term:
    """The rule of that name (at the one term given, for rules about a function's value)."""
    if name in GENERAL and not terms:
        formula = GENERAL[name]()
        return implies(Term("pred", ("whole",)), formula) if name in DESCENT else formula
    if name in AT_A_TERM and len(terms) == 1:
        return AT_A_TERM[name](terms[0])
    raise Rejected(f"there is no rule {name!r} for {len(terms)} terms")
