"""Ask whether a claim is true, which hypotheses it needs, and what would repair it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, final

from . import analysis
from .claims import ForAllProblems, Labelled
from .conditions import TABLE, Conditions
from .pipeline import Options, examine
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

REPAIR_SECONDS = 5.0
THEORIES = ("@lattice", "@meta_identifiability")
"""Those whose proved implications a proof may repeat."""


NUMERIC = frozenset({
    "forall", "exists", "not", "and", "or", "implies", "iff", "eq", "lt", "le", "true", "false", "num", "sym", "add", "mul",
    "pow", *FUNCTIONS,
})  # fmt: skip
"""What formulas about real numbers are made of."""


@final
@dataclass(frozen=True)
class Repair:
    """Adding `condition` to the hypotheses makes the implication true, by `result`."""

    condition: str
    result: Result

    def __repr__(self) -> str:
        return f"add {self.condition}"


@final
@dataclass(frozen=True)
class Answer:
    """What `search` found: a result, and how to repair a refuted implication."""

    result: Result
    options: Options
    parts: tuple[Part, ...] = ()
    notes: tuple[str, ...] = ()

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
        """The conditions of the table, one at a time, whose addition to the hypotheses makes the implication a proved one.

        Only what is proved within the time limit for each is listed, and only if some meta-problem satisfies all hypotheses.
        """
        claim = self.result.claim
        if self.result.verdict is not Verdict.REFUTED or not isinstance(claim.assertion, ForAllProblems):
            return ()
        candidates = {f"{claim.id}/{name}": (name, made) for name, made in _strengthened(claim, claim.assertion)}
        theory = _alone(*(replace(made, id=key) for key, (_, made) in candidates.items()))
        small = replace(self.options, limits=replace(self.options.limits, seconds=REPAIR_SECONDS))
        report = examine(in_memory(theory), list(candidates), small)
        proved = [r for r in report if r.verdict in (Verdict.PROVED, Verdict.ASSUMED) and r.vacuity == "nonvacuous"]
        return tuple(Repair(candidates[r.id][0], r) for r in proved)


def search(
    claim: Claim | str, *, dim: int | tuple[int, int] = (1, 2), tasks: int | tuple[int, int] = (1, 3), **more: Any
) -> Answer:
    """A proof or a smallest counterexample, for a claim of a theory or an implication between conditions.

    `dim` and `tasks`: a number, or the least and the greatest.  `more`: `timeout` in seconds, `jobs`, and settings of the
    searches such as `budget`, `seed` and `strategies`; raises `TypeError` for what is none, and `NothingToSearch` for an
    implication that is true by definition or a universe that is empty.  `session` says where the search runs and what it
    remembers.

    A proof may use the theorems of `analysis` (a claim's own theory says which it may use) and repeat the proofs of
    implications in `theories`, by default those of the package; `cite=False` allows no theorem, and `theories=(PATH,)` those
    that this theory cites, and its implications.  The result names the theorems that it rests on.
    """
    limits = Limits(more.pop("timeout", 60.0), jobs=more.pop("jobs", 0))
    theories, cite = tuple(more.pop("theories", ())), more.pop("cite", True)
    session = more.pop("session", Session())
    settings = {"dimensions": _interval(dim), "tasks": _interval(tasks), **more}
    require_known(Settings(**settings).strategies)
    options = Options(limits, search={**settings, "theories": theories or THEORIES}, executor=session.executor)
    if isinstance(claim, str):
        theory = _citing(theories)
        _require_content(_stated(theory, claim))
        claim = theory["search"]
    return _answered(claim if cite else replace(claim, cited=()), options, session)


def replay(text: str, *, timeout: float = 60.0, session: Session | None = None) -> Answer:
    """The answer of the one part of a search that a text names.  Raises `NoReplay` for a text that is none."""
    told, where = read(text), session or Session()
    return _answered(told.claim, Options(Limits(timeout), search=told.settings, executor=where.executor), where)


def _answered(claim: Claim, options: Options, session: Session) -> Answer:
    running = session.begin(claim)
    report = examine(in_memory(_alone(claim)), [claim.id], replace(options, executor=running.executor))
    if report.interrupted:
        raise KeyboardInterrupt
    return Answer(report[claim.id], options, tuple(running.parts), running.notes)


def _stated(theory: Theory, source: str) -> Claim:
    """The text as a claim: about real numbers alone if it names nothing else, otherwise about all meta-problems."""
    formula = Conditions().parse(source)
    return theory.statement("search", source) if about_numbers(formula) else theory.claim("search", source)


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


def audit(claim: Claim | str, **more: Any) -> Audit:
    """Searches the claim, and if it is proved searches it again without each of its hypotheses; keywords as in `search`.

    Raises `TypeError` for a claim that is no implication about all meta-problems.
    """
    answer = search(claim, **more)
    asked = answer.result.claim
    if not isinstance(asked.assertion, ForAllProblems):
        raise TypeError(f"{asked.id} is no implication about all meta-problems, so it has no hypotheses to audit")
    if answer.result.verdict not in (Verdict.PROVED, Verdict.ASSUMED):
        return Audit(answer)
    weaker = {f"{asked.id}/without-{k}": made for k, made in enumerate(_weakened(asked, asked.assertion), 1)}
    theory = _alone(*(replace(made, id=key) for key, made in weaker.items()))
    results = examine(in_memory(theory), list(weaker), answer.options)
    roles = {True: "redundant", False: "needed", None: "open"}
    found = zip(asked.assertion.hypotheses, results, strict=True)
    return Audit(answer, tuple(Hypothesis(h.label, roles[r.verdict.truth], r) for h, r in found))


def _weakened(claim: Claim, implication: ForAllProblems) -> list[Claim]:
    """The claim without each of its hypotheses; the author's steps, which may use all of them, are not followed."""
    rest = [tuple(h for h in implication.hypotheses if h is not one) for one in implication.hypotheses]
    bare = replace(claim, expected=None, hint=None, through=())
    return [replace(bare, assertion=replace(implication, hypotheses=kept)) for kept in rest]


def _interval(value: int | tuple[int, int]) -> tuple[int, int]:
    return (value, value) if isinstance(value, int) else value


def _alone(*claims: Claim) -> Theory:
    """A theory of these claims and the theorems that they may cite, with no ties to others."""
    theory = Theory("search")
    for claim in claims:
        theory.claims[claim.id] = replace(claim, uses=(), repairs="", specialises="", readings=(), label="")
        theory.theorems.update({t.name: t for t in claim.cited})
    return theory


def _strengthened(claim: Claim, implication: ForAllProblems) -> list[tuple[str, Claim]]:
    """The claim with one more hypothesis, for each condition that is neither assumed nor the conclusion itself."""
    table = Conditions()
    taken = {h.formula for h in (*implication.hypotheses, implication.conclusion)}
    formulas = {name: table.parse(name) for name in TABLE}
    more = {name: replace(implication, hypotheses=(*implication.hypotheses, Labelled(name, f))) for name, f in formulas.items()}
    return [
        (n, replace(claim, assertion=a, expected=True, hint=None, by=())) for n, a in more.items() if formulas[n] not in taken
    ]
