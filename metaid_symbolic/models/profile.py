"""Meta-problems as models: what their parameters determine is the loss of every task."""

from __future__ import annotations

from ..model import Model
from ..problems import MetaProblem
from ..terms import IllFormed
from .objective import MetaObjective


def profile(tasks: MetaProblem | MetaObjective) -> Model:
    """phi -> (G_t(phi))_t, all tasks of a finite law; of a law in task variables the one loss, with these as inputs.

    Raises `IllFormed` for a constant without value.
    """
    made = MetaObjective.of(tasks)
    if made.constants:
        raise IllFormed(f"{', '.join(c.name for c in made.constants)} has no value yet; `at` gives it one")
    labels = tuple(f"task {t}" for t in range(1, len(made.tasks) + 1))
    return Model(made.parameters, made.law.variables, made.tasks, labels)
