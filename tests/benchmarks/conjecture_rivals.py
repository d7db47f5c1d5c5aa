"""Two other ways to look for counterexamples to a conjecture: Z3 on families of problems, and Hypothesis.

Z3 gets all problems of one dimension with so many tasks of some degree at once: coefficients and point are unknown numbers, and
the question is one formula of the real closed field.  Hypothesis draws 10,000 small problems with a point, the same for all
conjectures; a cheap numerical look says which may be counterexamples, and these are proved by our prover.
"""

from __future__ import annotations

import multiprocessing
import resource
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from multiprocessing.connection import Connection
from random import Random
from typing import Any

import z3
from hypothesis import HealthCheck, Phase, find, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

from metaid_symbolic.certificates import Instance
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

FAMILIES = ((2, 1), (2, 2), (4, 1), (4, 2))
"""Degree and number of tasks."""
Z3_SECONDS, HYPOTHESIS_SECONDS, EXAMPLES = 3, 10.0, 10_000
"""Processor time for one family; for one conjecture, beside what it takes to draw the examples."""
Size = tuple[int, ...]


@dataclass(frozen=True)
class Outcome:
    """Whether a counterexample was found, after how much processor time; its dimension, tasks and degree; a `note` says more."""

    found: bool
    seconds: float
    size: Size = ()
    note: str = ""


def assertion_of(source: str) -> ForAllProblems:
    made = Theory("asked").claim("asked", source).assertion
    assert isinstance(made, ForAllProblems)
    return made


def by_z3(source: str) -> Outcome:
    """A counterexample among the polynomials of the families, smallest first."""
    wanted, spent, note = formulas(assertion_of(source)), 0.0, ""
    for degree, tasks in FAMILIES:
        verdict, seconds = _limited(lambda d=degree, t=tasks: asked_z3(wanted, t, d))  # type: ignore[misc]
        spent, note = spent + seconds, f"{verdict} for {tasks} of degree {degree}"
        if verdict == "sat":
            return Outcome(True, spent, (1, tasks, degree))
        if verdict not in ("unsat", "unknown", LIMIT):
            return Outcome(False, spent, note=verdict)
    return Outcome(False, spent, note=note)


LIMIT = "no answer in time"


def asked_z3(wanted: list[Term], tasks: int, degree: int) -> str:
    try:
        solver = z3.Solver()
        solver.add(*(translated(f, {}) for f in family(wanted, tasks, degree)))
        return str(solver.check())
    except (Rejected, Untranslated) as cause:
        return f"not a formula about numbers: {cause}"


def _limited(ask: Callable[[], str]) -> tuple[str, float]:
    """The answer of a process that gets `Z3_SECONDS` of processor time, and what it took."""
    here, there = multiprocessing.Pipe(duplex=False)
    child = multiprocessing.get_context("fork").Process(target=_answered, args=(ask, there))
    child.start()
    there.close()
    try:
        return here.recv()  # type: ignore[no-any-return]
    except EOFError:
        return LIMIT, float(Z3_SECONDS)
    finally:
        child.join()


def _answered(ask: Callable[[], str], to: Connection) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (Z3_SECONDS, Z3_SECONDS))
    began = time.process_time()
    to.send((ask(), time.process_time() - began))


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
WEIGHTS = {1: ((1,),), 2: ((1, 1), (1, 2)), 3: ((1, 1, 1),)}


@st.composite
def problems(draw: st.DrawFn) -> Drawn:
    """One or two dimensions, one to three tasks, degree at most 4 or 2, small integer coefficients; a small point."""
    dimension = draw(st.integers(1, 2))
    monomials = [(k,) for k in range(5)] if dimension == 1 else [(1, 0), (0, 1), (2, 0), (1, 1), (0, 2)]
    losses = []
    for _ in range(draw(st.integers(1, 3))):
        coefficients = draw(st.lists(st.integers(-3, 3), min_size=len(monomials), max_size=len(monomials)))
        losses.append({m: Fraction(c) for m, c in zip(monomials, coefficients, strict=True) if c})
    shares = draw(st.sampled_from(WEIGHTS[len(losses)]))
    region = draw(st.sampled_from(list(domains("open", dimension))))
    problem = build(dimension, tuple(losses), tuple(Fraction(s, sum(shares)) for s in shares), region, None)
    return problem, tuple(Fraction(draw(st.integers(-4, 4)), 2) for _ in range(dimension))


@dataclass
class Asked:
    """A conjecture, the processor time spent on it, and the first counterexample with what was spent until then."""

    source: str
    spent: float = 0.0
    first: Outcome | None = None
    assertion: ForAllProblems = field(init=False)

    def __post_init__(self) -> None:
        self.assertion = assertion_of(self.source)

    def refuted_by(self, problem: MetaProblem, point: tuple[Fraction, ...], look: Look) -> Instance | None:
        wanted = formulas(self.assertion)
        if not all(look.possible(f, True, point) for f in wanted):
            return None
        return refutation.certify(self.assertion.universe, problem, point, wanted, refutation.EFFORTS[0])


def by_hypothesis(sources: Iterable[str]) -> dict[str, Outcome]:
    """What 10,000 examples refute; a counterexample is then looked for by `find`, which makes it small."""
    listed = [Asked(source) for source in sources]
    drawing, count = _drawn(listed)
    found = {a.source: a.first or Outcome(False, a.spent + drawing, note=_note(a, count)) for a in listed}
    return {s: _shrunk(s, outcome) if outcome.found else outcome for s, outcome in found.items()}


def _note(asked: Asked, count: int) -> str:
    return f"{count} examples" if asked.spent < HYPOTHESIS_SECONDS else "time is over"


def _drawn(listed: list[Asked]) -> tuple[float, int]:
    """Puts each example to all conjectures not refuted yet; the time it took to draw them all, and their number."""
    began, counted = time.process_time(), [0]

    def spent_drawing() -> float:
        return time.process_time() - began - sum(a.spent for a in listed)

    @seed(0)
    @_settings(Phase.generate)
    @given(problems())
    def every(drawn: Drawn) -> None:
        counted[0] += 1
        if not inside(*drawn):
            return
        look = Look(drawn[0])
        for asked in listed:
            if asked.first is None and asked.spent < HYPOTHESIS_SECONDS:
                start = time.process_time()
                made = asked.refuted_by(*drawn, look)
                asked.spent += time.process_time() - start
                if made is not None:
                    asked.first = Outcome(True, asked.spent + spent_drawing(), measure(drawn[0])[1:4], "not shrunk")

    every()
    return spent_drawing(), counted[0]


def _shrunk(source: str, first: Outcome) -> Outcome:
    """What `find` makes of it in the same number of examples; the first one if that finds none."""
    began, asked = time.process_time(), Asked(source)

    def is_counterexample(drawn: Drawn) -> bool:
        over = time.process_time() - began > HYPOTHESIS_SECONDS
        return not over and inside(*drawn) and asked.refuted_by(*drawn, Look(drawn[0])) is not None

    try:
        problem, _ = find(problems(), is_counterexample, settings=_settings(Phase.generate, Phase.shrink), random=Random(0))
    except NoSuchExample:
        return first
    return replace(first, seconds=time.process_time() - began, size=measure(problem)[1:4], note="")


def _settings(*phases: Phase) -> settings:
    return settings(
        max_examples=EXAMPLES, database=None, deadline=None, phases=phases, suppress_health_check=list(HealthCheck)
    )  # fmt: skip
