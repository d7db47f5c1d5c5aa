"""Ask whether a claim is true, which hypotheses it needs, and what would repair it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, final

from . import analysis
from .claims import EveryCombination, ForAllProblems, Labelled, SomeProblem, Statement, Universe
from .conditions import Conditions
from .hypotheses import Repair, alone, quiet, repairs, shared, weakened
from .kernel.rules import formulas
from .pipeline import Notify, Options, examine
from .pool import Limits
from .running.division import Part
from .running.replay import read
from .running.session import Session, replay_text, require_known
from .search import NothingToSearch, Settings
from .store.loading import in_memory, load
from .store.locating import locate
from .terms import FUNCTIONS, Term, free_symbols, negation, subterms
from .theory import Claim, Theory
from .verdicts import Result, Verdict

THEORIES = ("@lattice", "@meta_identifiability")
"""Those whose proved implications a proof may repeat."""


NUMERIC = frozenset({
    "forall", "exists", "not", "and", "or", "implies", "iff", "eq", "lt", "le", "true", "false", "num", "sym", "add", "mul",
    "pow", *FUNCTIONS,
})  # fmt: skip
"""What formulas about real numbers are made of."""


@final
@dataclass(frozen=True)
class Answer:
    """What `search` found: a result, and how to repair a refuted implication."""

    result: Result
    options: Options
    parts: tuple[Part, ...] = ()
    notes: tuple[str, ...] = ()
    notify: Notify = field(default=quiet, compare=False, repr=False)

    @property
    def replay(self) -> str:
        """A text from which `replay`, anywhere, has the same answer without the rest of the search; empty if none has."""
        refuted = self.result.verdict is Verdict.REFUTED
        return replay_text(self.result.claim, self.options.search, self.parts, refuted)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.result, name)

    def __repr__(self) -> str:
        return f"{self.result.id}: {self.result.shown}" + (f" ({self.result.reason})" if self.result.reason else "")

    @cached_property
    def repairs(self) -> tuple[Repair, ...]:
        """The conditions of the table, one at a time, whose addition to the hypotheses makes the implication a proved one."""
        return repairs(self.result, self.options, self.notify)


def search(
    claim: Claim | str, *, dim: int | tuple[int, int] | None = None, tasks: int | tuple[int, int] | None = None, **more: Any
) -> Answer:
    """A proof or a smallest counterexample, for a claim of a theory or an implication between conditions.

    `dim` and `tasks`: a number, or the least and the greatest; 1 to 2 and 1 to 3 are looked at where nothing is asked for.
    A counterexample is of this universe; so it is if the losses are to be polynomials of at most a `degree`, with coefficients
    of at most a `height`, or `losses="polynomial"`, or "exp-log" for rational expressions of exponentials and logarithms.

    `more`: `timeout` in seconds, `jobs`, and settings of the searches such as `budget`, `seed` and `strategies`; raises
    `TypeError` for what is none, and `NothingToSearch` for an implication that is true by definition or a universe that is empty.
    `session` says where the search runs and what it remembers.  A conjecture given as text speaks of open connected domains,
    unless `domain` is whole, interval or any; what is `given`, such as `("TCONV", "alpha = 1/2")`, are further hypotheses.

    A proof may use the theorems of `analysis` (a claim's own theory says which it may use) and repeat the proofs of
    implications in `theories`, by default those of the package; `cite=False` allows no theorem, and `theories=(PATH,)` those
    that this theory cites, and its implications.  The result names the theorems that it rests on.
    """
    return _answered(*_asked(claim, dim, tasks, more))


def _asked(
    claim: Claim | str, dim: int | tuple[int, int] | None, tasks: int | tuple[int, int] | None, more: dict[str, Any]
) -> tuple[Claim, Options, Session]:
    """The claim that is meant, and how it is searched for."""
    limits = Limits(more.pop("timeout", 60.0), jobs=more.pop("jobs", 0))
    theories, cite = tuple(more.pop("theories", ())), more.pop("cite", True)
    session, domain, given = more.pop("session", Session()), more.pop("domain", ""), tuple(more.pop("given", ()))
    ranges = {name: _interval(value) for name, value in (("dimensions", dim), ("tasks", tasks)) if value is not None}
    settings = {**ranges, **more}
    require_known(Settings(**settings).strategies)
    options = Options(limits, search={**settings, "theories": theories or THEORIES}, executor=session.executor)
    if isinstance(claim, str):
        theory = _citing(theories)
        _require_content(_stated(theory, claim, domain, given))
        claim = theory["search"]
    elif domain or given:
        raise NothingToSearch(f"{claim.id} has a universe of its own; only a conjecture given as text can be restricted")
    _require_problems(claim, Settings(**settings))
    return claim if cite else replace(claim, cited=()), options, session


def replay(text: str, *, timeout: float = 60.0, session: Session | None = None) -> Answer:
    """The answer of the one part of a search that a text names.  Raises `NoReplay` for a text that is none."""
    told, where = read(text), session or Session()
    return _answered(told.claim, Options(Limits(timeout), search=told.settings, executor=where.executor), where)


def _answered(claim: Claim, options: Options, session: Session) -> Answer:
    running = session.begin(claim)
    report = examine(in_memory(alone(claim)), [claim.id], replace(options, executor=running.executor))
    if report.interrupted:
        raise KeyboardInterrupt
    return Answer(report[claim.id], options, tuple(running.parts), running.notes)


def _stated(theory: Theory, source: str, domain: str, given: tuple[str, ...]) -> Claim:
    """The text as a claim: about real numbers alone if it names nothing else, otherwise about all meta-problems, on domains of
    this kind and with what is `given` as further hypotheses."""
    if not about_numbers(Conditions().parse(source)):
        made = theory.claim("search", source, universe=Universe(domain=domain or "open"))
        more = tuple(Labelled(text, Conditions().parse(text)) for text in given)
        if more and isinstance(made.assertion, ForAllProblems):
            made = replace(made, assertion=replace(made.assertion, hypotheses=(*more, *made.assertion.hypotheses)))
            theory.claims["search"] = made
        return made
    if domain or given:
        raise NothingToSearch("a formula about real numbers alone speaks of no meta-problems that could be restricted")
    return theory.statement("search", source)


def about_numbers(formula: Term) -> bool:
    """Whether a closed formula speaks of real numbers and nothing else."""
    parts = list(subterms(formula))
    real = all(p.args[1] == "real" for p in parts if p.head in ("forall", "exists"))
    return real and not free_symbols(formula) and all(p.head in NUMERIC for p in parts)


def _citing(theories: tuple[str, ...]) -> Theory:
    """An empty theory with the theorems that those theories cite, or with all of `analysis`."""
    made = Theory("search")
    if not theories:
        analysis.cite(made)
    for place in theories:
        made.theorems.update(load(locate(place)).theory.theorems)
    return made


def _require_content(claim: Claim) -> None:
    """Raises `NothingToSearch` where the formulas alone show that the conclusion is assumed, or that hypotheses contradict."""
    made = claim.assertion
    if not isinstance(made, ForAllProblems):
        return
    conclusion = made.conclusion
    for one in made.hypotheses:
        if one.formula == conclusion.formula:
            raise NothingToSearch(f"true by definition: {one.label} is a hypothesis and {conclusion.label} the conclusion")
        for other in made.hypotheses:
            if other.formula == negation(one.formula):
                raise NothingToSearch(f"vacuous: the hypotheses {one.label} and {other.label} contradict one another")


def _require_problems(claim: Claim, settings: Settings) -> None:
    """Raises `NothingToSearch` where no meta-problem that the settings ask for can have the hypotheses."""
    from .search.problems.needs import possible_dimensions

    made, asked = claim.assertion, settings.dimensions
    if isinstance(made, ForAllProblems) and asked is not None and possible_dimensions(formulas(made), asked) == (1, 0):
        low, high = asked
        raise NothingToSearch(f"no n from {low} to {high} has the hypotheses about n: the universe is empty")
    if not isinstance(made, ForAllProblems | SomeProblem | EveryCombination) and settings.restricted:
        raise NothingToSearch(f"{claim.source or claim.id} speaks of no meta-problems that could be restricted")


@final
@dataclass(frozen=True)
class Hypothesis:
    """A hypothesis of an implication: `needed` (a counterexample without it), `redundant` (a proof without it) or `open`."""

    label: str
    role: str
    without: Result

    def __repr__(self) -> str:
        return f"{self.label} is {self.role}"


@final
@dataclass(frozen=True)
class Audit:
    """The verdict on an implication; of a proved one the role of each hypothesis, of a refuted one what would repair it."""

    answer: Answer
    hypotheses: tuple[Hypothesis, ...] = ()

    @property
    def repairs(self) -> tuple[Repair, ...]:
        return self.answer.repairs

    def latex(self, label: str = "") -> str:
        """The claim with its verdict and the role of each hypothesis, for a paper."""
        from .reports.latex import latex_answer

        return latex_answer(self.answer.result, (), {h.label: h.role for h in self.hypotheses}, label)

    def __repr__(self) -> str:
        lines = [repr(self.answer), *map(repr, self.hypotheses), *map(repr, self.repairs)]
        return "\n".join(lines)


def audit(
    claim: Claim | str,
    *,
    known: Result | None = None,
    notify: Notify = quiet,
    dim: int | tuple[int, int] | None = None,
    tasks: int | tuple[int, int] | None = None,
    **more: Any,
) -> Audit:
    """Searches the claim, unless a decided result is `known`, and if it is proved searches it again without each of its
    hypotheses, those inside the conclusion included, all in the time for one search; keywords as in `search`.  `notify` is
    called after each search.

    Raises `TypeError` for a claim that is no implication.
    """
    asked, options, session = _asked(claim, dim, tasks, more)
    listed = weakened(asked, asked.assertion) if isinstance(asked.assertion, ForAllProblems | Statement) else []
    if not listed:
        raise TypeError(f"{asked.id} is no implication, so it has no hypotheses to audit")
    decided = known is not None and known.verdict.truth is not None
    answer = Answer(known, options) if known is not None and decided else _answered(asked, options, session)
    answer = replace(answer, notify=notify)
    if answer.result.verdict not in (Verdict.PROVED, Verdict.ASSUMED):
        return Audit(answer)
    theory = alone(*(replace(made, id=f"{asked.id}/without-{k}") for k, (_, made) in enumerate(listed, 1)))
    within = shared(options, len(listed), options.limits.seconds)
    results = examine(in_memory(theory), list(theory.claims), within, notify)
    roles = {True: "redundant", False: "needed", None: "open"}
    found = zip(listed, results, strict=True)
    return Audit(answer, tuple(Hypothesis(label, roles[r.verdict.truth], r) for (label, _), r in found))


def _interval(value: int | tuple[int, int]) -> tuple[int, int]:
    return (value, value) if isinstance(value, int) else value
