"""Models whose symmetries are known, for ours and for other tools."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from metaid_symbolic.models import build
from metaid_symbolic.models.bases.networks import Network
from metaid_symbolic.symmetry.subjects import model_of


class Known(NamedTuple):
    """A model, its affine fields, the dimension of its generic fibres, and the order of its group of permutations and signs."""

    model: Callable[[], Any]
    fields: int
    fibre: int
    order: int


def network(*widths: int, unit: str = "linear") -> Callable[[], Any]:
    return lambda: Network(widths, unit).model


PROBLEMS = {
    "linear 2-2-2": Known(network(2, 2, 2), 4, 4, 8),
    "linear 3-2-3": Known(network(3, 2, 3), 4, 4, 8),
    "linear 2-2-2-2": Known(network(2, 2, 2, 2), 8, 8, 64),
    "linear 3-3-3": Known(network(3, 3, 3), 9, 9, 48),
    "linear 4-4-4": Known(network(4, 4, 4), 16, 16, 384),
    "linear 3-5-3, 30 parameters": Known(network(3, 5, 3), 25, 21, 3840),
    "square 2-2-1": Known(network(2, 2, 1, unit="square"), 2, 3, 8),
    "square 2-3-1": Known(network(2, 3, 1, unit="square"), 3, 6, 48),
    "square 3-3-1": Known(network(3, 3, 1, unit="square"), 3, 6, 48),
    "tanh 2-2-1": Known(network(2, 2, 1, unit="tanh"), 0, 0, 8),
    "relu 1-1-1": Known(network(1, 1, 1, unit="relu"), 1, 1, 1),
    "relu 2-2-1": Known(network(2, 2, 1, unit="relu"), 2, 2, 2),
    "maml on a quadratic": Known(lambda: model_of(build("maml", "quadratic", 2)), 0, 0, 1),
    "meta-sgd on a factorisation": Known(lambda: model_of(build("meta-sgd", "scalar-factorisation", 2)), 1, 2, 4),
}
