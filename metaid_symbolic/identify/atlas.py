"""The atlas: base models by meta-learners, each cell a meta-problem with the claims of all rungs.

A base is two tasks with exact data; a learner adapts to them with the rate 1/4 where it has one.  The losses after adaptation
are those of a plain meta-problem, which the kernel reads like any other.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, final

from .. import analysis
from ..models.bases import BASES
from ..models.bases.networks import Network
from ..models.datasets import Dataset
from ..models.laws import finite_law
from ..models.methods import METHODS
from ..models.objective import MetaObjective
from ..models.risks import squared, tasks_on
from ..pipeline import Options, Report, examine
from ..pool import Limits
from ..problems import MetaProblem
from ..programs.reading import written_size
from ..store.loading import in_memory
from ..terms import IllFormed, symbol
from ..theory import Theory
from . import recorded
from .claims import SHORT, Facts, claimed, profile_problem
from .derivatives import Derivative
from .fibres import fibre
from .identifying import without_constants
from .observing import Observed, observed
from .points import companions, ordinary_point
from .ranks import generic_rank
from .symmetric import finite_group, generators, moved

LEARNERS = ("plain", "maml", "anil", "meta-sgd", "learned-loss", "learned-optimizer")
THOROUGH = 80
"""Null vectors beyond scalings and fibres are looked for in losses with at most so many subterms: a cell then takes 0.2 s."""
PATIENCE, SEARCH = 600.0, 20.0
"""Seconds for a claim whose certificate is known (the longest takes 15 s of processor time), and for the search of another."""
TASKS = ([[1], [2]], [0, 1]), ([[1], [2]], [1, -1])
"""Inputs and targets of the two tasks of a network with one input."""


def _network(unit: str, *widths: int) -> MetaObjective:
    return tasks_on(Network(widths, unit).model, squared(), [Dataset.of(x, y) for x, y in TASKS])


def _wells() -> MetaProblem:
    """(x^2 - 1)^2 - x and (x^2 - 1)^2 + x: two wells, tilted either way."""
    x = symbol("x")
    return finite_law(["x"], [(x**2 - 1) ** 2 - x, (x**2 - 1) ** 2 + x])


ATLAS: dict[str, Callable[[], Any]] = {
    "quadratic-1": lambda: BASES["quadratic"](1, 2),
    "quadratic-2": lambda: BASES["quadratic"](2, 2),
    "linear-regression-1": lambda: BASES["linear-regression"](1, 2),
    "linear-regression-2": lambda: BASES["linear-regression"](2, 2),
    "ridge-1": lambda: without_constants(MetaObjective.of(BASES["ridge"](1, 2)))[0],
    "product-2": lambda: BASES["scalar-factorisation"](2, 2),
    "wells-1": _wells,
    "linear-1-1-1": lambda: _network("linear", 1, 1, 1),
    "square-1-1-1": lambda: _network("square", 1, 1, 1),
    "cubic-1-1-1": lambda: _network("cubic", 1, 1, 1),
    "logistic-1": lambda: BASES["logistic-regression"](1, 2),
}
"""The base models, each two equally likely tasks."""


@final
@dataclass(frozen=True)
class Cell:
    """One base model with one learner, and the constants that were put in."""

    base: str
    learner: str
    objective: MetaObjective
    said: str

    @cached_property
    def seen(self) -> Observed:
        return observed(self.objective)

    @cached_property
    def losses(self) -> MetaProblem:
        """The losses after adaptation, a task each."""
        return profile_problem(self.seen)

    @property
    def identity(self) -> str:
        return recorded.identity([self.losses, self.objective.problem])


def cell(base: str, learner: str) -> Cell:
    """Raises `IllFormed` for a learner that does not take the base."""
    objective = METHODS[learner].build(ATLAS[base](), 1)
    if not isinstance(objective, MetaProblem | MetaObjective):
        raise IllFormed(f"{learner} has no losses in closed form on {base}")
    made, said = without_constants(MetaObjective.of(objective))
    return Cell(base, learner, made, said)


def add_atlas(theory: Theory, folder: Path) -> None:
    """All cells, from the file of `recorded` in the folder where it is true of the models, analysed otherwise."""
    found = recorded.read(folder / recorded.FILE)
    for base in ATLAS:
        for learner in LEARNERS:
            add_cell(theory, base, learner, found.get(f"{base}/{learner}"))


def add_cell(theory: Theory, base: str, learner: str, known: recorded.Record | None = None) -> None:
    """The claims `base/learner/rung`; a remark where the learner does not take the base or no claims can be made."""
    prefix = f"{base}/{learner}/"
    try:
        made = cell(base, learner)
        if known is not None and known["problems"] == made.identity:
            recorded.add(theory, prefix, known, made.losses, made.objective.problem)
            return
        claimed(theory, prefix, made.seen, _facts(made.seen), made.objective.problem)
    except IllFormed as cause:
        theory.remark(f"{prefix}cell", "prose", str(cause))


def analysed(folder: Path) -> Report:
    """Analyses all cells, writes the file of `recorded`, the statements and the certificates, and returns the verdicts."""
    theory, cells = Theory("atlas", step="atlas", title="Base models by meta-learners"), dict[str, recorded.Record]()
    analysis.cite(theory, analysis.IDENTIFIABILITY)
    for base in ATLAS:
        for learner in LEARNERS:
            add_cell(theory, base, learner)
            cells[f"{base}/{learner}"] = recorded.record(theory, f"{base}/{learner}/", cell(base, learner).identity)
    (folder / recorded.FILE).write_text(recorded.written(cells), "utf-8")
    loaded = replace(in_memory(theory), folder=folder)
    known = [name for name, claim in theory.claims.items() if claim.hint is not None]
    examine(loaded, known, Options(Limits(PATIENCE), force=True, accept=True))
    return examine(loaded, list(theory.claims), Options(Limits(SEARCH), accept=True))


def _facts(seen: Observed) -> Facts:
    small = written_size(seen.entries) <= THOROUGH
    rank, null = generic_rank(seen, 2 if small else -1)
    point = ordinary_point(seen, rank)
    solutions = fibre(seen, rank, point, Derivative(seen)) if small and not seen.functions else None
    pair = next(companions(seen, point, null, () if solutions is None else solutions.others), None)
    group = finite_group(seen) if written_size(seen.entries) <= SHORT else None
    other = pair[0] if pair else (moved(group, point) or (None,))[0]
    return Facts(rank, null, point, None if other is None else (point, other), generators(group))


if __name__ == "__main__":
    print(analysed(Path(sys.argv[1])))
