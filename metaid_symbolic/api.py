"""What a user calls: check, recheck, search, derive."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, final

from .claims import ForAllProblems, Labelled
from .conditions import TABLE, Conditions
from .pipeline import Options, Report, examine
from .pool import Limits
from .problems import MetaProblem
from .recheck import Replayed, replay
from .search import Settings
from .store.loading import Loaded, in_memory, load
from .store.locating import folder_of, locate, nearest
from .theory import Claim, Theory
from .verdicts import Result, Verdict

if TYPE_CHECKING:
    from .models.implicit import ImplicitObjective
    from .models.objective import MetaObjective, UpdateField

REPAIR_SECONDS = 5.0


class NoSuchClaim(LookupError):
    """There is no claim or step of this name; the message gives the nearest."""


def opened(theory: str | Path | Theory) -> Loaded:
    """The theory at a path (see `locate`), or a `Theory` made in Python."""
    return in_memory(theory) if isinstance(theory, Theory) else load(locate(str(theory)))


def selected(loaded: Loaded, ids: Iterable[str] = (), step: str = "") -> list[str]:
    """The ids meant: each given one, or all that begin with `given/`; of one step if it is named; in the theory's order.

    Raises `NoSuchClaim`.
    """
    claims = loaded.theory.claims
    steps = {c.step for c in claims.values()}
    if step and step not in steps:
        raise NoSuchClaim(f"no step {step!r} in {loaded.theory.name}{nearest(step, steps)}")
    wanted = set()
    for name in ids:
        found = {i for i in claims if i == name or i.startswith(name.rstrip("/") + "/")}
        if not found:
            raise NoSuchClaim(f"no claim {name!r} in {loaded.theory.name}{nearest(name, claims)}")
        wanted |= found
    of_file = {i for i, c in claims.items() if not loaded.module or c.place.partition(":")[0] == loaded.module}
    return [i for i in claims if (i in wanted if wanted else i in of_file) and step in ("", claims[i].step)]


def check(
    theory: str | Path | Theory = "",
    ids: Iterable[str] = (),
    *,
    step: str = "",
    timeout: float = Limits().seconds,
    jobs: int = 0,
    force: bool = False,
    blind: bool = False,
) -> Report:
    """Searches, certifies and reports the claims of a theory, given by its path or as a `Theory`."""
    loaded = opened(theory)
    options = Options(Limits(timeout, jobs=jobs), blind=blind, force=force)
    return examine(loaded, selected(loaded, ids, step), options)


def recheck(theory: str | Path = "", backend: str = "python") -> tuple[Replayed, ...]:
    """Replays the stored certificates of the theory at a path with the kernel alone."""
    return tuple(replay(folder_of(locate(str(theory))), backend))


def derive(problem: MetaProblem | MetaObjective | UpdateField | ImplicitObjective) -> Any:
    """The objective of a meta-problem or meta-objective with its gradient, Hessian and Fisher matrix; the field of an update
    field with its Jacobian, fixed points, and objective if it has one."""
    from .calculus.derive import derive as derived

    return derived(problem)


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
    searches such as `budget` and `seed`; raises `TypeError` for what is none.
    """
    limits = Limits(more.pop("timeout", 60.0), jobs=more.pop("jobs", 0))
    settings = {"dimensions": _interval(dim), "tasks": _interval(tasks), **more}
    Settings(**settings)
    options = Options(limits, search=settings)
    asked = Theory("search").claim("search", claim) if isinstance(claim, str) else claim
    return Answer(examine(in_memory(_alone(asked)), [asked.id], options)[asked.id], options)


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


def identify(model: Any, *, at: Any = None, check: bool = True, timeout: float = 10.0, degree: int = 2, jobs: int = 0) -> Any:
    """What can be identified of a model, meta-problem or meta-objective, how strongly, and by what certificate.

    `at`: a rational point, for a verdict there; `check`: whether claims are put to the kernel, with `timeout` seconds for each;
    `degree`: of the polynomial vector fields that are looked for.  Raises `IllFormed` for input that does not fit.
    """
    from .identify.identifying import Wanted, identification

    return identification(model, at, Wanted(check, timeout, degree, jobs))
