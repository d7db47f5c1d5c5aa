"""Two other ways to look for counterexamples to a conjecture: Z3 on a family of problems, and Hypothesis.

Z3 gets all problems of one dimension with so many tasks of some degree at once: coefficients and point are unknown numbers, and
the question is one formula of the real closed field.  Hypothesis draws 10,000 small problems with a point; a cheap numerical look
says which may be counterexamples, and these are proved by our prover.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import z3
from hypothesis import HealthCheck, Phase, find, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

from metaid_symbolic.claims import ForAllProblems
from metaid_symbolic.kernel.rejection import Rejected
from metaid_symbolic.kernel.rules import formulas
from metaid_symbolic.kernel.unfold import Reading
from metaid_symbolic.problems import MetaProblem
from metaid_symbolic.search import refutation
from metaid_symbolic.search.problems.enumeration import build, domains, measure
from metaid_symbolic.search.problems.landmarks import inside
from metaid_symbolic.search.problems.sampling import Look
from metaid_symbolic.terms import Term, symbol, total
from metaid_symbolic.theory import Theory

MILLISECONDS, DEGREES, TASKS = 10_000, (2, 4), (1, 2)
EXAMPLES, SECONDS = 10_000, 120.0


@dataclass(frozen=True)
class Outcome:
    """Whether a counterexample was found, after how much processor time; `size` and `note` say more."""

    found: bool
    seconds: float
    size: str = ""
    note: str = ""


def assertion_of(source: str) -> ForAllProblems:
    made = Theory("asked").claim("asked", source).assertion
    assert isinstance(made, ForAllProblems)
    return made


def by_z3(source: str) -> Outcome:
    """A counterexample among the polynomials of the families, smallest first."""
    started, wanted, last = time.process_time(), formulas(assertion_of(source)), ""
    for degree in DEGREES:
        for tasks in TASKS:
            try:
                solver = z3.Solver()
                solver.set("timeout", MILLISECONDS // (len(DEGREES) * len(TASKS)))
                solver.add(*(translated(f, {}) for f in family(wanted, tasks, degree)))
                last = str(solver.check())
            except (Rejected, Untranslated) as cause:
                return Outcome(False, time.process_time() - started, note=f"not such a formula: {cause}")
            if last == "sat":
                return Outcome(True, time.process_time() - started, f"n = 1, {tasks} tasks, degree {degree}")
    return Outcome(False, time.process_time() - started, note=last)


def family(wanted: list[Term], tasks: int, degree: int) -> list[Term]:
    """The formulas for R, tasks with unknown coefficients a(t, k) of equal weight, and an unknown point p."""
    x = symbol("x")
    losses = tuple(total([symbol(f"a{t}{k}") * x**k if k else symbol(f"a{t}0") for k in range(degree + 1)]) for t in range(tasks))
    problem = MetaProblem(("x",), tuple(x**k for k in range(1, tasks + 1)), (Fraction(1, tasks),) * tasks)
    object.__setattr__(problem, "losses", losses)  # coefficients that are no numbers, which problems of their own do not have
    return [Reading(problem).formula(f, {"phi": (symbol("p"),)}) for f in wanted]


class Untranslated(Exception):
    """Z3 has no such formula."""


def translated(formula: Term, known: dict[str, Any]) -> Any:
    """A closed formula, or a term, over real numbers for Z3."""
    head, args = formula.head, formula.args
    if head in ("forall", "exists") and args[1] == "real":
        made = z3.FreshReal(args[0])
        body = translated(args[2], {**known, args[0]: made})
        return z3.ForAll([made], body) if head == "forall" else z3.Exists([made], body)
    if head == "sym":
        return known.get(args[0], z3.Real(args[0]))
    if head == "num":
        return z3.RealVal(str(args[0]))
    if head == "pow" and args[1] >= 0:
        return z3.Product([translated(args[0], known)] * args[1]) if args[1] else z3.RealVal(1)
    if head not in CONNECTIVES or not all(type(a) is Term for a in args):
        raise Untranslated(head)
    return CONNECTIVES[head](*(translated(a, known) for a in args))


CONNECTIVES: dict[str, Any] = {
    "true": lambda: z3.BoolVal(True), "false": lambda: z3.BoolVal(False), "not": z3.Not, "and": z3.And, "or": z3.Or,
    "implies": z3.Implies, "iff": lambda a, b: a == b, "eq": lambda a, b: a == b, "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b, "add": lambda *parts: z3.Sum(parts), "mul": lambda *parts: z3.Product(parts),
}  # fmt: skip

Drawn = tuple[MetaProblem, tuple[Fraction, ...]]


@st.composite
def problems(draw: st.DrawFn) -> Drawn:
    """One or two dimensions, one or two tasks, losses of degree at most 4 or 2 with small integer coefficients; a small point."""
    dimension = draw(st.integers(1, 2))
    monomials = [(k,) for k in range(5)] if dimension == 1 else [(1, 0), (0, 1), (2, 0), (1, 1), (0, 2)]
    losses = []
    for _ in range(draw(st.integers(1, 2))):
        coefficients = draw(st.lists(st.integers(-3, 3), min_size=len(monomials), max_size=len(monomials)))
        losses.append({m: Fraction(c) for m, c in zip(monomials, coefficients, strict=True) if c})
    region = draw(st.sampled_from(list(domains("open", dimension))))
    problem = build(dimension, tuple(losses), (Fraction(1, len(losses)),) * len(losses), region, None)
    point = tuple(Fraction(draw(st.integers(-4, 4)), 2) for _ in range(dimension))
    return problem, point


def by_hypothesis(source: str) -> Outcome:
    """What `find` finds in 10,000 examples, shrunk; less if the time is over."""
    started, tried, assertion = time.process_time(), [0], assertion_of(source)
    wanted = formulas(assertion)

    def is_counterexample(drawn: Drawn) -> bool:
        problem, point = drawn
        tried[0] += 1
        if time.process_time() - started > SECONDS or not inside(problem, point):
            return False
        look = Look(problem)
        if not all(look.possible(f, True, point) for f in wanted):
            return False
        return refutation.certify(assertion.universe, problem, point, wanted, refutation.EFFORTS[0]) is not None

    every = settings(
        max_examples=EXAMPLES, database=None, derandomize=True, deadline=None, phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    try:
        problem, _ = find(problems(), is_counterexample, settings=every)
    except NoSuchExample:
        spent = time.process_time() - started
        return Outcome(False, spent, note="" if spent < SECONDS else "time is over")
    size = measure(problem)
    return Outcome(True, time.process_time() - started, f"n = {size[1]}, {size[2]} tasks, degree {size[3]}")
