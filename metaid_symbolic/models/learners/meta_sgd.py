"""Learned learning rates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from ...problems import MetaProblem
from ...symbols import symbol_names
from ...terms import IllFormed, symbol
from ..objective import MetaObjective
from .adaptation import Steps, adapted, descend, read_losses, read_steps

SOURCE = "Li, Zhou, Chen, Li 2017, Meta-SGD: learning to learn quickly for few-shot learning"


def meta_sgd(
    tasks: MetaProblem | MetaObjective,
    *,
    steps: Steps = 1,
    rates: Sequence[Any] | None = None,
    query: Iterable[Any] | None = None,
) -> MetaObjective:
    """F(phi, alpha) = E_t Q_t(theta_k), theta_(j+1) = theta_j - alpha * grad S_t(theta_j) coordinate by coordinate.

    The parameters are phi and then one rate for each coordinate (`rates`: their symbols; by default alpha_NAME), any real
    numbers.  Raises `IllFormed` as `maml` does.  Source: Li et al. 2017.
    """
    base = MetaObjective.of(tasks)
    outer = read_losses(base, query, "query losses")
    names = symbol_names(rates) if rates is not None else tuple(f"alpha_{name}" for name in base.parameters)
    if len(names) != base.dimension:
        raise IllFormed(f"{len(names)} rates disagree with {base.dimension} parameters")
    moving = {name: symbol(rate) for name, rate in zip(base.parameters, names, strict=True)}
    descents = [descend(losses, moving) for losses in read_steps(base, steps)]
    return adapted(replace(base, parameters=(*base.parameters, *names)), outer, descents, "meta-sgd", SOURCE)
