"""Linear and ridge regression on finite data, or on data in task variables.

L_t(w) = 1/(2m) sum_i |W x_i + b - y_i|^2, for ridge regression + (penalty/2) |W|^2 (Hoerl, Kennard 1970); the intercept b is
not penalised.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ...model import Model
from ...problems import exact
from ...terms import ZERO, IllFormed, Term, less, number, symbol, total
from ..datasets import Dataset
from ..laws import Law
from ..objective import Constant, MetaObjective
from ..risks import squared, tasks_on


def linear_model(inputs: int, outputs: int = 1, bias: bool = False) -> Model:
    """x -> W x + b with parameters w_{j} for one output, else w_{i}_{j}, and b or b_{i}."""
    names = tuple(f"x_{j}" for j in range(inputs))
    rows = [[f"w_{j}" if outputs == 1 else f"w_{i}_{j}" for j in range(inputs)] for i in range(outputs)]
    intercepts = ["b" if outputs == 1 else f"b_{i}" for i in range(outputs)] if bias else []
    scores = [[symbol(w) * symbol(x) for w, x in zip(row, names, strict=True)] for row in rows]
    for score, name in zip(scores, intercepts, strict=False):
        score.append(symbol(name))
    return Model((*(w for row in rows for w in row), *intercepts), names, tuple(map(total, scores)))


def linear_regression(datasets: Sequence[Dataset], bias: bool = False, law: Law | None = None) -> MetaObjective:
    """The tasks of least squares; equally likely unless there is a `law`."""
    model = _fitting(datasets, bias)
    return replace(tasks_on(model, squared(len(model.outputs)), datasets, law), source="Gauss 1809, Theoria motus")


def ridge_regression(datasets: Sequence[Dataset], penalty: Any, bias: bool = False, law: Law | None = None) -> MetaObjective:
    """The tasks of ridge regression; `penalty` is a positive rational number or a `Constant`.

    Raises `IllFormed` for a penalty that is neither.
    """
    model = _fitting(datasets, bias)
    factor, constants = _penalty(penalty)
    plain = tasks_on(model, squared(len(model.outputs)), datasets, law)
    added = factor * total([symbol(w) ** 2 for w in model.parameters if w.startswith("w")]) / 2
    penalised = tuple(task + added for task in plain.tasks)
    return replace(plain, tasks=penalised, constants=constants, source="Hoerl, Kennard 1970, Ridge regression")


def _fitting(datasets: Sequence[Dataset], bias: bool) -> Model:
    """The linear model for the shape of the first data."""
    if not datasets:
        raise IllFormed("there are no data")
    return linear_model(len(datasets[0].inputs[0]), len(datasets[0].targets[0]), bias)


def _penalty(penalty: Any) -> tuple[Term, tuple[Constant, ...]]:
    if isinstance(penalty, Constant):
        return symbol(penalty.name), (penalty,)
    if type(penalty) is Term and penalty.head == "sym":
        return penalty, (Constant(penalty.args[0], (less(ZERO, penalty),)),)
    value = exact(penalty, "the penalty")
    if value <= 0:
        raise IllFormed(f"the penalty {value} is not positive")
    return number(value), ()
