"""Task diversity: how many tasks of a family reach a rung, with an example law; which task identifies a direction.

A family is a model theta -> L(theta, c) whose inputs c are what distinguishes tasks; a task is a rational value of c.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, product
from typing import Any, final

from ..model import Model
from ..pipeline import Options, examine
from ..pool import Limits
from ..problems import MetaProblem, exact
from ..store.loading import in_memory
from ..terms import IllFormed, Term, number, substitute, symbol
from .claims import cited
from .jacobians import PRIME, Specialisation, modular
from .null_vectors import NullVector
from .observing import Observed
from .ranks import generic_rank
from .result import field_words
from .rungs import CODES

Task = tuple[Fraction, ...]
MOST_LAWS = 60
"""Laws that are put to the kernel for one question."""
SHOWN = 6
"""Tasks are listed in words."""


@final
@dataclass(frozen=True)
class Diversity:
    """`law` are equally likely tasks that reach the rung, None if none was found.

    `minimal`: `fewest of all` when no law of fewer tasks of the family reaches it, `fewest of the candidates` when none of
    theirs does, empty when that is open; `reason` says what it rests on, `grade` who decided.
    """

    rung: str
    law: tuple[Task, ...] | None
    minimal: str
    reason: str
    grade: str

    @property
    def tasks(self) -> int | None:
        return None if self.law is None else len(self.law)

    def __str__(self) -> str:
        said = f": {self.reason}" if self.reason else ""
        if self.law is None:
            return f"{CODES[self.rung]}: {self.reason}"
        listed = ", ".join(f"({', '.join(map(str, task))})" for task in self.law)
        minimal = f", the {self.minimal}" if self.minimal else ""
        count = f"{len(self.law)} task{'s' if len(self.law) > 1 else ''}"
        return f"{CODES[self.rung]}: {count}{minimal}{said}; for example, equally likely, {listed} ({self.grade})"

    def to_json(self) -> dict[str, Any]:
        law = None if self.law is None else [list(map(str, task)) for task in self.law]
        return {
            "schema": 1, "rung": self.rung, "code": CODES[self.rung], "tasks": self.tasks, "law": law, "minimal": self.minimal,
            "reason": self.reason, "grade": self.grade,
        }  # fmt: skip


def diversity(family: Model, rung: str, candidates: Iterable[Sequence[Any]], seconds: float = 10.0) -> Diversity:
    """The fewest of the candidate tasks that reach the rung, local, weak, strong or global.

    Raises `IllFormed` for another rung, a family without inputs, no candidates, or a task of another length.
    """
    if rung not in CODES:
        raise IllFormed(f"there is no rung {rung!r}; there are {', '.join(CODES)}")
    listed = _tasks(family, candidates)
    return _local(family, listed) if rung == "local" else _by_kernel(family, rung, listed, seconds)


def _tasks(family: Model, values: Iterable[Sequence[Any]]) -> tuple[Task, ...]:
    """The tasks as rational numbers.  Raises `IllFormed` where they do not fit the family, and where there are none."""
    if not family.inputs:
        raise IllFormed("the family has no inputs that tell its tasks apart")
    listed = tuple(tuple(exact(v, "a task") for v in task) for task in values)
    if not listed:
        raise IllFormed("there are no tasks")
    for task in listed:
        if len(task) != len(family.inputs):
            raise IllFormed(f"a task of {len(task)} values disagrees with {len(family.inputs)} inputs")
    return listed


def small_tasks(family: Model, most: int = 24) -> tuple[Task, ...]:
    """Candidates where none are given: tasks with small whole inputs, those nearest to 0 first."""
    values = [Fraction(v) for v in (1, 2, -1, 3, -2, 0)]
    listed = sorted(product(values, repeat=len(family.inputs)), key=lambda task: sum(map(abs, task))) if family.inputs else []
    return tuple(listed[:most])


@final
@dataclass(frozen=True)
class OpenDirection:
    """A direction in which no loss of a law changes, and those of the candidate tasks whose loss does."""

    parameters: tuple[str, ...]
    vector: NullVector
    tasks: tuple[Task, ...]
    candidates: int

    def __str__(self) -> str:
        listed = ", ".join(f"({', '.join(map(str, task))})" for task in self.tasks[:SHOWN])
        count = f"{len(self.tasks) or 'none'} of {self.candidates} candidates"
        more = " ..." if len(self.tasks) > SHOWN else ""
        words = self.vector.words or field_words(self.vector, self.parameters)
        return f"{words}\n  identified by {count}{': ' if listed else ''}{listed}{more}"

    def to_json(self) -> dict[str, Any]:
        field = {name: str(c) for name, c in zip(self.parameters, self.vector.components, strict=True)}
        tasks = [list(map(str, task)) for task in self.tasks]
        return {"direction": self.vector.words or field, "tasks": tasks, "candidates": self.candidates}


def open_directions(
    family: Model, law: Iterable[Sequence[Any]], candidates: Iterable[Sequence[Any]]
) -> tuple[OpenDirection, ...]:
    """The directions that a law leaves open, each with the candidates that identify it.  Raises `IllFormed` for tasks that do
    not fit the family."""
    listed = _tasks(family, candidates)
    _, null = generic_rank(_profile(family, _tasks(family, law)))
    return tuple(OpenDirection(family.parameters, v, identifying_tasks(family, v, listed), len(listed)) for v in null)


def losses(family: Model, task: Task) -> tuple[Term, ...]:
    """The losses of one task."""
    put = dict(zip(family.inputs, map(number, task), strict=True))
    return tuple(substitute(output, put) for output in family.outputs)


def _local(family: Model, candidates: Sequence[Task]) -> Diversity:
    """By certified generic ranks: greedily, a task that raises the rank at a time."""
    n, chosen, rank = len(family.parameters), list[Task](), 0
    for task in candidates:
        made = _profile(family, [*chosen, task])
        found, _ = generic_rank(made, -1)
        if found.lower > rank:
            chosen, rank = [*chosen, task], found.lower
        if rank == n:
            return _fewest(family, tuple(chosen))
    whole, _ = generic_rank(Observed(family.parameters, family.outputs, family.inputs))
    if whole.upper < n:
        reason = f"no law of this family reaches it: the rank is at most {whole.upper} for all tasks together"
    else:
        reason = f"no law found: these candidates reach the rank {rank} of {n}"
    return Diversity("local", None, "", reason, "identify")


def _profile(family: Model, tasks: Sequence[Task]) -> Observed:
    return Observed(family.parameters, tuple(loss for task in tasks for loss in losses(family, task)))


def _fewest(family: Model, law: tuple[Task, ...]) -> Diversity:
    """Whether one task fewer is too few, whatever the tasks: their values become constants."""
    n, fewer = len(family.parameters), len(law) - 1
    if fewer * len(family.outputs) < n:
        reason = f"{fewer} tasks have a Jacobian of rank at most {fewer * len(family.outputs)} < {n}"
        return Diversity("local", law, "fewest of all", reason, "identify")
    names = [[f"{name}_of_{k}" for name in family.inputs] for k in range(1, fewer + 1)]
    entries = [substitute(o, dict(zip(family.inputs, map(symbol, row), strict=True))) for row in names for o in family.outputs]
    general, _ = generic_rank(Observed(family.parameters, tuple(entries), (), tuple(x for row in names for x in row)))
    if general.upper < n:
        return Diversity("local", law, "fewest of all", f"any {fewer} tasks have rank at most {general.upper} < {n}", "identify")
    return Diversity("local", law, "", f"whether {fewer} tasks suffice is open", "identify")


def _by_kernel(family: Model, rung: str, candidates: Sequence[Task], seconds: float) -> Diversity:
    """The laws of one task, of two, ..., each put to the kernel, until one is proved."""
    tried, still_open = 0, 0
    for count in range(1, len(candidates) + 1):
        theory, laws = cited("diversity"), dict[str, tuple[Task, ...]]()
        for law in combinations(candidates, count):
            entries = tuple(loss for task in law for loss in losses(family, task))
            problem = MetaProblem(family.parameters, entries, (Fraction(1, len(entries)),) * len(entries))
            name = f"law-{len(laws) + 1}"
            theory.at(name, problem, CODES[rung])
            laws[name] = law
        tried += len(laws)
        if tried > MOST_LAWS:
            break
        report = examine(in_memory(theory), list(laws), Options(Limits(seconds)))
        proved = [r.id for r in report if r.verdict.truth is True]
        if proved:
            minimal = "" if still_open else "fewest of the candidates"
            reason = f"{CODES[rung]} is refuted for every smaller law" if minimal else f"{still_open} smaller laws are open"
            return Diversity(
                rung, laws[proved[0]], minimal if count > 1 else "fewest of all", reason if count > 1 else "", "kernel"
            )
        still_open += sum(r.verdict.truth is None for r in report)
    reason = f"no law found: none of {tried} laws is proved to reach {CODES[rung]}; {still_open} are open"
    return Diversity(rung, None, "", reason, "kernel")


def identifying_tasks(family: Model, direction: NullVector, candidates: Iterable[Sequence[Any]]) -> tuple[Task, ...]:
    """The candidates whose loss changes along the direction: a value of its derivative that is not 0 modulo a prime shows it.

    Raises `IllFormed` for a direction of another length.
    """
    if len(direction.components) != len(family.parameters):
        raise IllFormed(
            f"a direction of {len(direction.components)} components disagrees with {len(family.parameters)} parameters"
        )
    return tuple(task for task in _tasks(family, candidates) if _changes(_profile(family, [task]), direction))


def _changes(seen: Observed, direction: NullVector) -> bool:
    from ..programs import program
    from ..programs.numbers import Modulo

    chosen = Specialisation("", 3, 1, 1 << 29)
    point = {k: v % PRIME for k, v in chosen.point(seen.parameters).items()}
    vector = program(direction.components, seen.parameters).evaluate(point, Modulo(PRIME))
    return any(int((row * vector % PRIME).sum()) % PRIME for row in modular(seen, chosen))
