"""Model-agnostic meta-learning."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ...problems import MetaProblem
from ..objective import MetaObjective
from .adaptation import Steps, adapted, descend, read_losses, read_steps, with_constants

SOURCE = "Finn, Abbeel, Levine 2017, Model-agnostic meta-learning for fast adaptation of deep networks"


def maml(tasks: MetaProblem | MetaObjective, *, rate: Any, steps: Steps = 1, query: Iterable[Any] | None = None) -> MetaObjective:
    """F(phi) = E_t Q_t(theta_k), theta_0 = phi, theta_(j+1) = theta_j - alpha grad S_t(theta_j).

    S_t are the losses of `tasks` (on the support data), Q_t those of `query` (on the query data; by default the same), k
    is `steps` and alpha the `rate`: rational, a term in symbols, or a `Constant` with its domain.  `steps` may also list for
    each task the losses of its steps one after another.  Raises `IllFormed` for a rate or number of steps that is none, a
    loss that is not differentiable, and a point that leaves the domain.

    Source: Finn, Abbeel, Levine 2017, section 2.2.
    """
    base, alpha = with_constants(MetaObjective.of(tasks), rate, "the rate")
    outer = read_losses(base, query, "query losses")
    rates = dict.fromkeys(base.parameters, alpha)
    descents = [descend(losses, rates) for losses in read_steps(base, steps)]
    return adapted(base, outer, descents, "maml", SOURCE)
