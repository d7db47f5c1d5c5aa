"""What has symmetries: models, networks, and the losses of meta-problems and meta-objectives as maps of their parameters."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

from ..model import Model
from ..models.bases import HIDDEN
from ..models.bases.factorisation import matrix_model, scalar_model
from ..models.bases.networks import UNITS, Network
from ..models.implicit import ImplicitObjective
from ..models.objective import MetaObjective, UpdateField
from ..problems import MetaProblem
from ..terms import IllFormed


def model_of(subject: Any) -> Model:
    """A model as it is; of a network its model; of a meta-problem or meta-objective the map from the parameters to the losses
    of all tasks, in which rates and task variables are inputs.

    Raises `IllFormed` for anything else.
    """
    if isinstance(subject, Model):
        return subject
    if isinstance(subject, Network):
        return subject.model
    if isinstance(subject, MetaProblem | MetaObjective):
        objective = MetaObjective.of(subject)
        others = (*(c.name for c in objective.constants), *objective.law.variables)
        return Model(objective.parameters, others, objective.tasks)
    if isinstance(subject, UpdateField):
        raise IllFormed(f"{subject.learner} is an UpdateField, without losses: `equivariance` finds what commutes with it")
    if isinstance(subject, ImplicitObjective):
        raise IllFormed(f"{subject.learner} has no outer loss in closed form: its inner problem is solved by equations alone")
    raise IllFormed(f"{subject!r} is a {type(subject).__name__}, not a model, network, meta-problem or meta-objective")


def named(name: str, base: str, dim: int, tasks: int, steps: int) -> Any:
    """The model of a base learner by its name, on all inputs where it is a network or factorisation; else the method of this
    name on the tasks of `base`.  Raises `IllFormed` for an unknown name."""
    from ..models import build
    from ..models.bases import BASES
    from ..models.methods import METHODS

    if name in METHODS:
        return build(name, base, dim, tasks, steps)
    if name not in BASES:
        near = get_close_matches(name, [*BASES, *METHODS], 1)
        hint = f"; did you mean {near[0]!r}?" if near else f"; there are {', '.join([*BASES, *METHODS])}"
        raise IllFormed(f"there is no model {name!r}{hint}")
    if dim < 1 or tasks < 1:
        raise IllFormed(f"dimension {dim} and {tasks} tasks: both must be at least 1")
    units = "linear" if name == "deep-linear" else name.removeprefix("network-")
    if units in UNITS:
        return Network((dim, HIDDEN, 1), units)
    match name:
        case "scalar-factorisation":
            return scalar_model(dim)
        case "matrix-factorisation":
            return matrix_model(dim, dim, 1)
    return BASES[name](dim, tasks)
