"""Adaptation of some parameters only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ...problems import MetaProblem
from ...symbols import symbol_names
from ...terms import IllFormed
from ..objective import MetaObjective
from .adaptation import Steps, adapted, descend, read_losses, read_steps, with_constants

SOURCE = "Raghu, Raghu, Bengio, Vinyals 2020, Rapid learning or feature reuse? Towards understanding the effectiveness of MAML"


def anil(
    tasks: MetaProblem | MetaObjective,
    *,
    head: Sequence[Any],
    rate: Any,
    steps: Steps = 1,
    query: Iterable[Any] | None = None,
) -> MetaObjective:
    """F(phi) = E_t Q_t(theta_k), where the inner steps move the coordinates in `head` alone.

    With an empty head nothing adapts, with all parameters this is `maml`.  Raises `IllFormed` as `maml` does, and when the
    head names what is no parameter.  Source: Raghu et al. 2020.
    """
    base, alpha = with_constants(MetaObjective.of(tasks), rate, "the rate")
    outer = read_losses(base, query, "query losses")
    names = symbol_names(head)
    if strange := [name for name in names if name not in base.parameters]:
        raise IllFormed(f"the head names {strange[0]}, which is none of the parameters {list(base.parameters)}")
    descents = [descend(losses, dict.fromkeys(names, alpha)) for losses in read_steps(base, steps)]
    return adapted(base, outer, descents, "anil", SOURCE)
