"""Rules that hold in every meta-problem, and cited theorems, as formulas that a proof may instantiate.

The proof of a rule stands beside it where there is something to prove.

`gd(eta, x, a)` says that gradient descent x <- x - eta grad F(x) on R^n converges to a from x.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ..certificates import Lemma
from ..claims import Theorem
from ..terms import (
    BINDERS,
    ZERO,
    Term,
    at_most,
    conjunction,
    disjunction,
    equal,
    free_symbols,
    less,
    negation,
    number,
    quantified,
    rebuild,
    substitute,
    subterms,
    symbol,
)
from .branch import members, sort_of
from .rejection import require

ORIGIN = Term("zero")


def app(name: str, *args: Term) -> Term:
    return Term("app", (name, *args))


def grad(x: Term) -> Term:
    return Term("grad", ("F", x))


def implies(left: Term, right: Term) -> Term:
    return Term("implies", (left, right))


def every(sorts: str, body: Callable[..., Term]) -> Term:
    """forall over fresh variables of the sorts (r real, p point, t task), applied to `body`."""
    variables = [(f"v{i}", {"r": "real", "p": "point", "t": "task"}[sort]) for i, sort in enumerate(sorts, 1)]
    return quantified("forall", variables, body(*(symbol(name) for name, _ in variables)))


def predicate(name: str, *args: Term) -> Term:
    return Term("pred", (name, *args))


def every_task(body: Callable[[Term], Term]) -> Term:
    return Term("forall", ("t", "task", body(symbol("t"))))


def _basin(p: Term, r: Term, low: Term, high: Term, eta: Term, start: Term) -> Term:
    """One dimension: if F'(p) = 0 and 0 < m <= F'' <= M on |x - p| <= r, then for 0 < eta < 2/M the update
    contracts distances to p on that interval (mean value theorem: the factor is |1 - eta F''| <= q < 1)."""
    x, one = symbol("x"), Term("vec", (number(1),))
    bend = app("D2F", x, one, one)
    near = implies(at_most(Term("dot", (x - p, x - p)), r**2), conjunction([at_most(low, bend), at_most(bend, high)]))
    curvature = Term("forall", ("x", "point", near))
    here = [equal(symbol("n"), number(1)), less(ZERO, r), less(ZERO, low), equal(grad(p), ORIGIN), curvature]
    step = [less(ZERO, eta), less(eta * high, number(2)), at_most(Term("dot", (start - p, start - p)), r**2)]
    return implies(conjunction(here + step), predicate("gd", eta, start, p))


def _contraction(eta: Term, a: Term, q: Term, start: Term) -> Term:
    """If |x - eta grad F(x) - a|^2 <= q |x - a|^2 for every x, with 0 <= q < 1, then k steps leave q^k |x - a|^2 at most."""
    x = symbol("x")
    left, right = x - eta * grad(x) - a, x - a
    nearer = Term("forall", ("x", "point", at_most(Term("dot", (left, left)), q * Term("dot", (right, right)))))
    return implies(conjunction([at_most(ZERO, q), less(q, number(1)), nearer]), predicate("gd", eta, start, a))


def _sgd_variance(eta: Term, slope: Term, x: Term, v: Term) -> Term:
    """If every task gradient has the slope a (n = 1) then x' = (1 - eta a) x + noise, and the variances obey
    v' = (1 - eta a)^2 v + eta^2 C with C = I - (F')^2 the variance of the gradients; with |1 - eta a| < 1 they tend to the
    fixed point of this recursion, and limits are unique."""
    one = Term("vec", (number(1),))
    flat = every_task(lambda t: Term("forall", ("y", "point", equal(app("D2L", t, symbol("y"), one, one), slope))))
    second = Term("mean", ("t", Term("dot", (Term("grad", ("L", symbol("t"), x)), one)) ** 2))
    spread = second - Term("dot", (grad(x), one)) ** 2
    given = [equal(symbol("n"), number(1)), flat, less((number(1) - eta * slope) ** 2, number(1))]
    tends = predicate("sgd_variance_tends", eta, v)
    fixed = equal(v, (number(1) - eta * slope) ** 2 * v + eta**2 * spread)
    return implies(conjunction(given), Term("iff", (tends, fixed)))


def _adapted_objective(x: Term, rate: Term, value: Term) -> Term:
    """The definition of F_MAML for one inner step: E L_t(x - r grad L_t(x)) where x and these points lie in Phi."""
    end = x - rate * Term("grad", ("L", symbol("t"), x))
    given = conjunction([predicate("Phi", x), every_task(lambda t: predicate("Phi", end))])
    return implies(given, equal(value, Term("mean", ("t", app("L", symbol("t"), end)))))


def _few_tasks(x: Term, least: Term, *given: Term) -> Term:
    """A homogeneous linear system with fewer equations than unknowns has a nonzero solution; tasks with equal losses on an
    open set give one equation, and if grad F(x) = E grad L_t(x) = 0 then one equation follows from the others."""
    flat = every_task(lambda t: equal(Term("dot", (Term("grad", ("L", t, x)), symbol("v"))), ZERO))
    solution = Term("exists", ("v", "point", conjunction([negation(equal(symbol("v"), ORIGIN)), flat])))
    few = [predicate("open", symbol("Phi")), predicate("Phi", x), negation(predicate("count", least)), *given]
    return implies(conjunction(few), solution)


def _positive(name: str, given: Term) -> Term:
    """For the mean over t of e(t), all weights being positive (given is e(t), with the task variable `t`), or for the sum over
    i = 1, ..., k of e(i) (it is given itself): if e >= 0 everywhere then it is >= 0, and 0 only if e = 0 everywhere; if e = 0
    everywhere then it is 0; and if e > 0 everywhere then a mean is > 0, but a sum may have nothing to add."""
    value = Term("mean", ("t", given)) if name == "mean" else given
    require(value.head == name, "{} is no {}", value, name)
    variable, *upper, e = value.args
    signs = (at_most(ZERO, e), equal(e, ZERO), less(ZERO, e))
    nonnegative, zero, positive = (Term("forall", (variable, *(upper or ["task"]), sign)) for sign in signs)
    rules = [
        implies(nonnegative, conjunction([at_most(ZERO, value), implies(equal(value, ZERO), zero)])),
        implies(zero, equal(value, ZERO)),
    ]
    return conjunction([*rules, implies(positive, less(ZERO, value))] if name == "mean" else rules)


GENERAL: dict[str, Term] = {
    # the update map is continuous, so a limit of its iterates is a fixed point
    "limit is critical": every(
        "rpp", lambda eta, x, a: implies(conjunction([less(ZERO, eta), predicate("gd", eta, x, a)]), equal(grad(a), ORIGIN))
    ),
    # from a critical point nothing moves, and limits are unique
    "starts at rest": every(
        "rpp", lambda eta, x, a: implies(conjunction([equal(grad(x), ORIGIN), predicate("gd", eta, x, a)]), equal(a, x))
    ),
    "limits are unique": every(
        "rppp", lambda eta, x, a, b: implies(conjunction([predicate("gd", eta, x, a), predicate("gd", eta, x, b)]), equal(a, b))
    ),
    # if x -> y -> x with y != x, the iterates alternate for ever
    "two cycle": every(
        "rppp",
        lambda eta, x, y, a: negation(
            conjunction(
                [equal(y, x - eta * grad(x)), equal(x, y - eta * grad(y)), negation(equal(x, y)), predicate("gd", eta, x, a)]
            )
        ),
    ),
    "basin": every("prrrrp", _basin),
    "contraction": every("rprp", _contraction),
    "equal losses, equal law": every(
        "pp", lambda x, y: implies(every_task(lambda t: equal(app("L", t, x), app("L", t, y))), predicate("samelaw", x, y))
    ),
    "equal law, equal mean": every("pp", lambda x, y: implies(predicate("samelaw", x, y), equal(app("F", x), app("F", y)))),
    "whole space": implies(predicate("whole"), every("p", lambda x: predicate("Phi", x))),
    "dot": every("ppp", lambda x, y, u: implies(equal(x, y), equal(Term("dot", (x, u)), Term("dot", (y, u))))),
    "difference": every("pp", lambda x, y: implies(conjunction([equal(x, ORIGIN), equal(y, ORIGIN)]), equal(x - y, ORIGIN))),
    # a vector other than 0 has a positive square, and 0 <= |x|^2
    "norm": conjunction(
        [
            every("p", lambda x: implies(negation(equal(x, ORIGIN)), less(ZERO, Term("dot", (x, x))))),
            every("p", lambda x: at_most(ZERO, Term("dot", (x, x)))),
        ]
    ),
    # a vector that is orthogonal to every vector is 0
    "orthogonal to all": every(
        "p", lambda x: implies(Term("forall", ("u", "point", equal(Term("dot", (x, symbol("u"))), ZERO))), equal(x, ORIGIN))
    ),
    "sgd variance": every("rrpr", _sgd_variance),
    # a nonsingular matrix is one of rank n
    "equal rank": every(
        "pp",
        lambda x, y: implies(
            Term("samerank", (Term("fisher", (x,)), Term("fisher", (y,)))),
            Term("iff", tuple(Term("nonsingular", (Term("fisher", (z,)),)) for z in (x, y))),
        ),
    ),
    "few tasks": every("p", lambda x: _few_tasks(x, symbol("n"))),
    "few balanced tasks": every("p", lambda x: _few_tasks(x, symbol("n") + 1, equal(grad(x), ORIGIN))),
    "adapted objective": every("p", lambda x: _adapted_objective(x, symbol("alpha"), app("F_MAML", x))),
    "adapted objective at a rate": every("pr", lambda x, r: _adapted_objective(x, r, app("F_MAML", x, r))),
}
VALUES: dict[str, Callable[[Term, Term], Term]] = {
    "relu": lambda z, value: disjunction(
        [conjunction([at_most(ZERO, z), equal(value, z)]), conjunction([less(z, ZERO), equal(value, ZERO)])]
    ),
    "sqrt": lambda z, value: implies(at_most(ZERO, z), conjunction([at_most(ZERO, value), equal(value**2, z)])),
    "log": lambda z, value: implies(less(ZERO, z), equal(Term("exp", (value,)), z)),
    # exp is positive, lies above its tangent at 0, and is strictly above it elsewhere
    "exp": lambda z, value: conjunction(
        [less(ZERO, value), at_most(number(1) + z, value), implies(negation(equal(z, ZERO)), less(number(1) + z, value))]
    ),
}
"""What holds of a number and the value of a function there."""
AT_A_TERM = (*VALUES, "mean", "sum")
DESCENT = ("limit is critical", "starts at rest", "limits are unique", "two cycle", "basin", "contraction", "sgd variance")
"""Rules about iterations, which live on R^n."""
SMOOTH = frozenset({*DESCENT, "few tasks", "few balanced tasks"})
"""Rules about C^2 losses."""
ONE_STEP = frozenset({"adapted objective"})
"""Rules for one inner step, which is meant where a claim does not mention `steps`."""
MEMBERS = symbol("m.")
"""The number of members of the family that a cited theorem is about."""


def lemma(name: str, terms: tuple[Term, ...]) -> Term:
    """The rule of that name (at the one term given, for rules about a function's value)."""
    if name in GENERAL and not terms:
        return implies(predicate("whole"), GENERAL[name]) if name in DESCENT else GENERAL[name]
    require(name in AT_A_TERM and len(terms) == 1, "there is no rule {!r} for {} terms", name, len(terms))
    return VALUES[name](terms[0], Term(name, terms)) if name in VALUES else _positive(name, terms[0])


def check_bound(formula: Term, known: frozenset[str]) -> None:
    """Names with a dot or a leading underscore belong to the kernel, and but for known ones every name is bound."""
    loose = ", ".join(sorted(free_symbols(formula) - known))
    require(not loose, "{} is bound by no quantifier in {}", loose, formula)
    for part in subterms(formula):
        name = part.args[0] if part.head in ("sym", "at", *BINDERS) else ""
        require("." not in name and not name.startswith("_"), "the name {} is reserved", name)


def cited(theorem: Theorem, step: Lemma) -> Term:
    """The theorem for the functions and sets named; `L` takes the first term as its task.

    A theorem with a free `m` is about the members f(i, .), i = 1, ..., m of a family, and i stands in such places only.  Its
    family may be that of the different losses: `i in 1..m` runs through the tasks, and `m < k` says that there are not k losses.
    A function `q` maps R^n to R^n, as `Q` does, and no other function does.  For the loss of one task, predicates on `f` must be
    what is assumed first of all, as `C2(L)` says of all losses what is then more than enough.
    """
    check_bound(theorem.formula, frozenset({*theorem.functions, "n", "m"}))
    given = dict(step.functions)
    require(set(given) == set(theorem.functions), "{} is about {}, not {}", theorem.name, theorem.functions, list(given))
    require(
        all(meant in (("Q",) if name == "q" else ("F", "L", "F_MAML", "Phi")) for name, meant in given.items()),
        "{} are no functions and sets like {}",
        list(given.values()),
        list(given),
    )
    tasks = {t.args[0] for t in step.terms if t.head == "sym" and sort_of(t.args[0]) == "task"}
    wanted = 1 if "L" in given.values() and "m" not in free_symbols(theorem.formula) else 0
    require(len(tasks) == len(step.terms) == wanted, "a theorem about a task loss takes its task, and no other term")
    said = [part for part, holds in members(theorem.formula, True) if holds or part.head != "pred"]  # not what it assumes
    require(
        not wanted or "L" not in map(given.get, free_symbols(conjunction(said))),
        "{} says of all losses what holds of one",
        theorem.name,
    )
    meant_by = {**{name: symbol(meant) for name, meant in given.items()}, "m": MEMBERS}
    made = _renamed(substitute(theorem.formula, meant_by), given, step.terms)
    require(
        free_symbols(made) <= {"n", *given.values(), *tasks},
        "{} says more of m than how far an index runs, or of an index than which member it means",
        theorem.name,
    )
    return made


def _renamed(term: Term, names: Mapping[str, str], task: tuple[Term, ...]) -> Term:
    """The functions in the term renamed; a task loss takes the task first.  The index i of a member is renamed to `i.`, in its
    quantifier and before the other arguments, so that it is loose elsewhere."""
    inside, family = rebuild(term, lambda part: _renamed(part, names, task)), "L" in names.values() and not task
    if family and inside.head in ("forall", "exists") and inside.args[1] == MEMBERS:
        return Term(inside.head, (f"{inside.args[0]}.", "task", inside.args[2]))
    if family and inside.head == "lt" and inside.args[0] == MEMBERS:
        return negation(predicate("count", inside.args[1]))
    if inside.head not in ("app", "grad", "hess", "pred"):
        return inside
    name, *args = inside.args
    prefix, base = (name[:2], name[2:]) if name[:2] in ("D2", "D3") else ("", name)
    if base not in names:
        require(inside.head == "pred", "a theorem says something of {}, which is none of its functions", name)
        return inside
    if names[base] == "L" and inside.head != "pred":
        require(task or (args and args[0].head == "sym"), "no index says which member of {} is meant in {}", base, inside)
        args = [*task, *args] if task else [symbol(f"{args[0].args[0]}."), *args[1:]]
    return Term(inside.head, (prefix + names[base], *args))
