"""What a model builds, in the words of the formal language: objectives and update fields at a point or in symbols.

A claim that puts these texts beside `F_MAML`, `reptile`, `grad L`, ... says that the model's learner is the kernel's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..printing import text
from ..problems import MetaProblem
from ..terms import IllFormed, Term, number, substitute, symbol, total
from .composition import compose_all
from .laws import FiniteLaw
from .objective import MetaObjective, UpdateField


def objective_text(tasks: MetaProblem | MetaObjective, point: str = "", coordinates: Sequence[str] | None = None) -> str:
    """F = E G_t in the names of the parameters; with a `point` these, or those that are its `coordinates`, are written
    coord(point, 1), ...  Raises `IllFormed` for a law with variables."""
    made = MetaObjective.of(tasks)
    names = made.parameters if coordinates is None else coordinates
    return _written(_mean(made, list(made.tasks)), point, names)


def field_text(made: UpdateField, point: str = "") -> str:
    """V = E V_t as a vector "[V_1, ..., V_n]", in the names of the parameters or the coordinates of `point`."""
    entries = [_mean(made, list(column)) for column in zip(*made.tasks, strict=True)]
    return vector_text(entries, made.parameters, point)


def vector_text(entries: Iterable[Term], parameters: Sequence[str], point: str = "") -> str:
    """ "[e_1, ..., e_n]" for terms in the parameters."""
    return f"[{', '.join(_written(entry, point, parameters) for entry in entries)}]"


def _mean(made: MetaObjective | UpdateField, values: list[Term]) -> Term:
    if not isinstance(made.law, FiniteLaw):
        raise IllFormed(f"the mean over a {type(made.law).__name__} is not written out")
    weighted = total([number(w) * value for w, value in zip(made.law.weights, values, strict=True)])
    return compose_all([weighted], {})[0]


def _written(term: Term, point: str, names: Sequence[str]) -> str:
    listed = enumerate(names if point else (), start=1)
    return text(substitute(term, {name: Term("coord", (symbol(point), number(i))) for i, name in listed}))
