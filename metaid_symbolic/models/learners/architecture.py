"""A learned architecture: candidate operations mixed with softmax weights."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from ...problems import MetaProblem
from ...symbols import symbol_names
from ...terms import IllFormed, Term, symbol, total
from ..composition import compose_all, compose_formula
from ..objective import MetaObjective
from .adaptation import adapted, descend, read_losses, read_steps, with_constants

SOURCE = "Liu, Simonyan, Yang 2019, DARTS: differentiable architecture search"


def softmax(logits: Sequence[str]) -> tuple[Term, ...]:
    """exp(a_i)/sum_j exp(a_j)."""
    powers = [Term("exp", (symbol(name),)) for name in logits]
    return tuple(power * Term("pow", (total(powers), -1)) for power in powers)


def relaxed(tasks: MetaProblem | MetaObjective, *, mixing: Sequence[Any], logits: Sequence[Any] | None = None) -> MetaObjective:
    """The tasks with softmax(a) in the place of the mixing weights p, which are among their parameters.

    The parameters are the others, w, and then the logits a (by default a_NAME).  Nothing changes under a -> a + c 1.
    """
    base = MetaObjective.of(tasks)
    weights = symbol_names(mixing)
    names = symbol_names(logits) if logits is not None else tuple(f"a_{name}" for name in weights)
    if strange := [name for name in weights if name not in base.parameters]:
        raise IllFormed(f"the mixing weights name {strange[0]}, which is none of the parameters {list(base.parameters)}")
    if len(names) != len(weights) or not weights:
        raise IllFormed(f"{len(names)} logits disagree with {len(weights)} mixing weights")
    put = dict(zip(weights, softmax(names), strict=True))
    return replace(
        base,
        parameters=(*(name for name in base.parameters if name not in put), *names),
        tasks=compose_all(base.tasks, put),
        domain=tuple(compose_formula(formula, put) for formula in base.domain),
        conditions=tuple(compose_formula(formula, put) for formula in base.conditions),
    )


def darts(
    tasks: MetaProblem | MetaObjective,
    *,
    mixing: Sequence[Any],
    rate: Any = 0,
    steps: int = 1,
    query: Iterable[Any] | None = None,
) -> MetaObjective:
    """F(w, a) = E_t Q_t(w_k, softmax(a)), w_(j+1) = w_j - xi grad_w S_t(w_j, softmax(a)) with xi = `rate`.

    S_t (training) and Q_t (validation, `query`) are functions of the weights w and the `mixing` weights, all of them
    parameters of `tasks`; rate 0 is the first-order method.  Raises `IllFormed` as `maml` does.  Source: Liu et al. 2019,
    equations 2, 5 and 6.
    """
    plain = MetaObjective.of(tasks)
    outer = relaxed(replace(plain, tasks=read_losses(plain, query, "query losses")), mixing=mixing).tasks
    base, step = with_constants(relaxed(plain, mixing=mixing), rate, "the rate")
    inner = [name for name in base.parameters if name in plain.parameters]
    descents = [descend(row, dict.fromkeys(inner, step)) for row in read_steps(base, steps)]
    return adapted(base, outer, descents, "darts", SOURCE)
