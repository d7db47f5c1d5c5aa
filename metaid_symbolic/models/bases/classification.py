"""Logistic and softmax regression on finite data, or on data in task variables.

L_t(w) = 1/m sum_i l(W x_i + b, y_i) with l the negative log-likelihood of the class (Cox 1958; McCullagh, Nelder 1989).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from ...printing import text
from ...terms import IllFormed
from ..datasets import Dataset
from ..laws import Law
from ..objective import MetaObjective
from ..risks import logistic, softmax, tasks_on
from .regression import linear_model


def logistic_regression(datasets: Sequence[Dataset], bias: bool = False, law: Law | None = None) -> MetaObjective:
    """The tasks of logistic regression, with one target an example, 0 or 1.  Raises `IllFormed` for another number."""
    _check_any(datasets)
    for data in datasets:
        for (y,) in data.targets if len(data.targets[0]) == 1 else ():
            if y.head == "num" and y.args[0] not in (0, 1):
                raise IllFormed(f"the target {text(y)} of logistic regression is neither 0 nor 1")
    model = linear_model(len(datasets[0].inputs[0]), 1, bias)
    source = "Cox 1958, The regression analysis of binary sequences"
    return replace(tasks_on(model, logistic(), datasets, law), source=source)


def softmax_regression(datasets: Sequence[Dataset], bias: bool = False, law: Law | None = None) -> MetaObjective:
    """The tasks of softmax regression; the targets of an example are the probabilities of the k classes.

    Adding one vector to all rows of W, or one number to all entries of b, changes no loss.  Raises `IllFormed` for
    numbers that are no probabilities.
    """
    _check_any(datasets)
    for data in datasets:
        for row in data.targets:
            listed = [y.args[0] for y in row if y.head == "num"]
            if any(y < 0 for y in listed) or (len(listed) == len(row) and sum(listed, Fraction(0)) != 1):
                raise IllFormed(f"the targets {[text(y) for y in row]} are no probabilities with sum 1")
    classes = len(datasets[0].targets[0])
    if classes < 2:
        raise IllFormed(f"softmax regression takes two classes or more, not {classes}")
    model = linear_model(len(datasets[0].inputs[0]), classes, bias)
    source = "McCullagh, Nelder 1989, Generalized linear models, chapter 5"
    return replace(tasks_on(model, softmax(classes), datasets, law), source=source)


def _check_any(datasets: Sequence[Dataset]) -> None:
    if not datasets:
        raise IllFormed("there are no data")
