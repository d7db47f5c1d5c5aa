"""Losses of predictions, and what a model loses on a task's data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import final

from ..model import Model
from ..problems import ELEMENTARY
from ..programs.graph import Graph
from ..programs.reading import different_subterms, read, symbols_of, write
from ..symbols import symbol_names
from ..terms import ONE, IllFormed, Term, symbol, total
from .datasets import Dataset
from .laws import Law, uniform_weights
from .objective import MetaObjective, shown


@final
@dataclass(frozen=True, slots=True)
class Loss:
    """l(f, y): a term in the symbols `predictions`, which stand for f in R^k, and `targets`, which stand for y in R^k."""

    predictions: tuple[str, ...]
    targets: tuple[str, ...]
    term: Term

    def __post_init__(self) -> None:
        for name in ("predictions", "targets"):
            object.__setattr__(self, name, symbol_names(getattr(self, name)))
        known = {*self.predictions, *self.targets}
        if len(known) != len(self.predictions) + len(self.targets):
            raise IllFormed(f"the predictions {list(self.predictions)} and targets {list(self.targets)} repeat a name")
        for part in different_subterms([self.term]):
            if part.head not in ELEMENTARY:
                raise IllFormed(f"{part.head} in the loss {shown(self.term)} is no elementary function")
            if part.head == "sym" and part.args[0] not in known:
                raise IllFormed(f"the loss {shown(self.term)} mentions {part.args[0]}, which is neither prediction nor target")


def _names(size: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return tuple(f"f_{i}" for i in range(size)), tuple(f"y_{i}" for i in range(size))


def squared(size: int = 1) -> Loss:
    """|f - y|^2 / 2 in R^size."""
    predictions, targets = _names(size)
    pairs = zip(map(symbol, predictions), map(symbol, targets), strict=True)
    return Loss(predictions, targets, total([(f - y) ** 2 / 2 for f, y in pairs]))


def logistic() -> Loss:
    """log(1 + exp(f)) - y f: the negative log-likelihood of y in {0, 1} with P(y = 1) = logistic(f)."""
    f, y = symbol("f_0"), symbol("y_0")
    return Loss(("f_0",), ("y_0",), Term("log", (ONE + Term("exp", (f,)),)) - y * f)


def softmax(classes: int) -> Loss:
    """log(sum_j exp(f_j)) - sum_j y_j f_j: the cross-entropy of the probabilities y and softmax(f)."""
    predictions, targets = _names(classes)
    scores = tuple(map(symbol, predictions))
    partition = Term("log", (total([Term("exp", (f,)) for f in scores]),))
    return Loss(predictions, targets, partition - total([symbol(y) * f for y, f in zip(targets, scores, strict=True)]))


def example_losses(model: Model, loss: Loss, data: Dataset) -> tuple[Term, ...]:
    """l(f_theta(x_i), y_i) for each example.  Raises `IllFormed` where model, loss and data disagree in shape."""
    if len(data.inputs[0]) != len(model.inputs):
        raise IllFormed(f"data with {len(data.inputs[0])} inputs an example disagree with a model of {len(model.inputs)} inputs")
    entries = (entry for example in data.examples for row in example for entry in row)
    if shared := sorted(symbols_of(*entries) & set(model.parameters)):
        raise IllFormed(f"the data mention {', '.join(shared)}, a parameter of the model")
    graph = Graph()
    rows = [read(graph, model.outputs, dict(zip(model.inputs, read(graph, x), strict=True))) for x in data.inputs]
    return tuple(write(graph, _loss_nodes(graph, loss, rows, data.targets)))


def losses_of(loss: Loss, outputs: Sequence[Sequence[Term]], targets: Sequence[Sequence[Term]]) -> tuple[Term, ...]:
    """l(f_i, y_i) for each row of outputs and targets.  Raises `IllFormed` where they disagree in shape."""
    graph = Graph()
    return tuple(write(graph, _loss_nodes(graph, loss, [read(graph, row) for row in outputs], targets)))


def _loss_nodes(graph: Graph, loss: Loss, outputs: Sequence[Sequence[int]], targets: Sequence[Sequence[Term]]) -> list[int]:
    nodes = []
    for f, y in zip(outputs, targets, strict=True):
        if len(f) != len(loss.predictions) or len(y) != len(loss.targets):
            raise IllFormed(
                f"a loss of {len(loss.predictions)} predictions and {len(loss.targets)} targets disagrees with"
                f" {len(f)} outputs and {len(y)} targets"
            )
        values = dict(zip((*loss.predictions, *loss.targets), (*f, *read(graph, y)), strict=True))
        nodes += read(graph, [loss.term], values)
    return nodes


def risk(model: Model, loss: Loss, data: Dataset) -> Term:
    """The mean of the losses on the examples."""
    return mean_of(example_losses(model, loss, data))


def mean_of(terms: Sequence[Term]) -> Term:
    """The arithmetic mean of the terms, sharing kept."""
    graph = Graph()
    share = Fraction(1, len(terms))
    return write(graph, [graph.combination([(share, node) for node in read(graph, terms)])])[0]


def tasks_on(model: Model, loss: Loss, datasets: Sequence[Dataset], law: Law | None = None) -> MetaObjective:
    """The tasks whose losses are the risks on their data; equally likely unless there is a `law`.

    A law in task variables takes one dataset with entries in these.  Raises `IllFormed` for data with a symbol that is no
    task variable.
    """
    weights = uniform_weights(len(datasets)) if law is None else law
    return MetaObjective(model.parameters, tuple(risk(model, loss, data) for data in datasets), weights)
