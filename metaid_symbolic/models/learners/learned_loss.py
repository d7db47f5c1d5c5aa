"""A learned inner loss."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from ...problems import MetaProblem
from ...symbols import symbol_names
from ...terms import Term, number, symbol, total
from ..objective import MetaObjective
from .adaptation import adapted, descend, read_losses, read_steps, with_constants

SOURCE = "Bechtle et al. 2021, Meta-learning via learned loss"


def learned_loss(
    tasks: MetaProblem | MetaObjective,
    *,
    inner: Iterable[Any],
    learned: Sequence[Any],
    rate: Any,
    steps: int = 1,
) -> MetaObjective:
    """F(phi, eta) = E_t L_t(theta_k), theta_(j+1) = theta_j - alpha grad_theta M_t(theta_j; eta).

    `inner` are the learned losses M_t, one for each task, in phi and the `learned` symbols eta; L_t are the losses of
    `tasks`.  The parameters are phi and then eta.  Raises `IllFormed` as `maml` does.  Source: Bechtle et al. 2021,
    section 3.
    """
    base, alpha = with_constants(MetaObjective.of(tasks), rate, "the rate")
    whole = replace(base, parameters=(*base.parameters, *symbol_names(learned)))
    losses = read_losses(whole, inner, "learned losses")
    descents = [descend(row, dict.fromkeys(base.parameters, alpha)) for row in read_steps(replace(whole, tasks=losses), steps)]
    return adapted(whole, base.tasks, descents, "learned-loss", SOURCE)


def scaled_and_penalised(base: MetaObjective) -> tuple[tuple[Term, ...], tuple[str, ...]]:
    """The family M_t = eta_0 L_t + 1/2 sum_i eta_i phi_i^2, as the losses M_t and the names eta."""
    names = tuple(f"eta_{i}" for i in range(base.dimension + 1))
    scale, *weights = map(symbol, names)
    penalty = total([w * symbol(x) ** 2 * number("1/2") for w, x in zip(weights, base.parameters, strict=True)])
    return tuple(scale * loss + penalty for loss in base.tasks), names
