"""Base learners, one family a file, and by name a small instance of each with exact data.

`BASES[name](size, tasks)`: `size` is the number of coordinates (quadratic), of inputs (regression, classification,
networks), of factors (scalar factorisation), or the side of the matrices; tasks are t = 1, ..., T and equally likely.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import partial

from ...problems import MetaProblem
from ...terms import symbol
from ..datasets import Dataset
from ..objective import MetaObjective
from ..risks import squared, tasks_on
from .classification import logistic_regression, softmax_regression
from .factorisation import matrix_factorisation, scalar_factorisation
from .networks import UNITS, Network
from .quadratic import quadratic
from .regions import Region, rational_inputs, tasks_in
from .regression import linear_regression, ridge_regression

Builder = Callable[[int, int], MetaProblem | MetaObjective]

CLASSES, HIDDEN = 3, 2
"""The classes of softmax regression and the hidden units of a network, in the instances given by name."""


def _basis(size: int) -> list[list[int]]:
    """e_1, ..., e_n and their sum."""
    return [[int(i == j) for j in range(size)] for i in range(size)] + [[1] * size]


def _regression_data(size: int, t: int) -> Dataset:
    """Targets (t - 1) i at e_i and 1 at their sum: no two tasks with the same optimum."""
    return Dataset.of(_basis(size), [*((t - 1) * i for i in range(1, size + 1)), 1])


def _binary_data(size: int, t: int) -> Dataset:
    """e_i once with either target, and t e_i with the target 1: no hyperplane separates the classes."""
    units = _basis(size)[:size]
    return Dataset.of([*units, *units, *([t * c for c in row] for row in units)], [1] * size + [0] * size + [1] * size)


def _class_data(size: int, t: int) -> Dataset:
    """At e_i class i + t has probability 1/2, the others share the rest: no class is certain."""
    rest = Fraction(1, 2 * (CLASSES - 1))
    rows = [[Fraction(1, 2) if (i + t) % CLASSES == k else rest for k in range(CLASSES)] for i in range(size)]
    return Dataset.of(_basis(size)[:size], rows)


def _linear(size: int, tasks: int) -> MetaObjective:
    return linear_regression([_regression_data(size, t) for t in range(1, tasks + 1)])


def _ridge(size: int, tasks: int) -> MetaObjective:
    return ridge_regression([_regression_data(size, t) for t in range(1, tasks + 1)], symbol("rho"))


def _logistic(size: int, tasks: int) -> MetaObjective:
    return logistic_regression([_binary_data(size, t) for t in range(1, tasks + 1)])


def _softmax(size: int, tasks: int) -> MetaObjective:
    return softmax_regression([_class_data(size, t) for t in range(1, tasks + 1)])


def _scalar(size: int, tasks: int) -> MetaObjective:
    return scalar_factorisation(range(1, tasks + 1), size)


def _matrix(size: int, tasks: int) -> MetaObjective:
    """Diagonal matrices t, t + 1, ..., to be approximated with rank 1."""
    sides = range(size)
    return matrix_factorisation([[[t + i if i == j else 0 for j in sides] for i in sides] for t in range(1, tasks + 1)], 1)


def _network(size: int, tasks: int, units: str) -> MetaObjective:
    model = Network((size, HIDDEN, 1), units).model
    return tasks_on(model, squared(), [_regression_data(size, t) for t in range(1, tasks + 1)])


def _relu_region(size: int, tasks: int) -> MetaObjective:
    """The ReLU network on the region where every unit is on the side that it has at the weights 1, 2, 3, ..."""
    network = Network((size, HIDDEN, 1), "relu")
    data = [_regression_data(size, t) for t in range(1, tasks + 1)]
    start = tuple(Fraction(k) for k in range(1, len(network.parameters) + 1))
    return tasks_in(Region(network, rational_inputs(data), start), squared(), data)


BASES: dict[str, Builder] = {
    "quadratic": quadratic,
    "linear-regression": _linear,
    "ridge": _ridge,
    "logistic-regression": _logistic,
    "softmax-regression": _softmax,
    "scalar-factorisation": _scalar,
    "matrix-factorisation": _matrix,
    **{"deep-linear" if unit == "linear" else f"network-{unit}": partial(_network, units=unit) for unit in UNITS},
    "network-relu-region": _relu_region,
}
