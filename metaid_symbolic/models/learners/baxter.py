"""The averaged empirical loss."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ...problems import exact
from ...symbols import symbol_names
from ...terms import IllFormed, Term, as_term, number, total
from ..composition import compose_all
from ..laws import uniform_weights
from ..objective import MetaObjective, symbols_of
from .adaptation import finished

SOURCE = "Baxter 2000, A model of inductive bias learning"


def baxter(parameters: Any, examples: Iterable[Iterable[Any]]) -> MetaObjective:
    """F(phi) = 1/n sum_i 1/m_i sum_j l(phi; z_ij): `examples[i]` are the losses l(., z_ij) of the m_i examples of task i.

    `parameters`: their symbols, or a `MetaObjective` whose parameters, constants and domain they share.  Raises `IllFormed`
    when there is no task or a task has no example.  Source: Baxter 2000.
    """
    rows = [[as_term(loss) for loss in row] for row in examples]
    if empty := [i for i, row in enumerate(rows, start=1) if not row]:
        raise IllFormed(f"task {empty[0]} of {len(rows)} has no example")
    tasks = compose_all([total(row) * number(f"1/{len(row)}") for row in rows], {})
    law = uniform_weights(len(rows))
    if isinstance(parameters, MetaObjective):
        return finished(replace(parameters, tasks=tasks, law=law), tasks, [], "baxter", SOURCE)
    base = MetaObjective(symbol_names(parameters), tasks, law)
    return finished(base, tasks, [], "baxter", SOURCE)


def on_examples(loss: Any, data: Any, values: Iterable[Sequence[Any]]) -> tuple[Term, ...]:
    """The loss on each of the examples z: rational values for the `data` symbols in it.

    Raises `IllFormed` for a value that is not rational, and when an example has more or fewer values than there are symbols.
    """
    term, names = as_term(loss), symbol_names(data)
    if absent := sorted(set(names) - symbols_of(term)):
        raise IllFormed(f"the loss does not mention the data {', '.join(absent)}")
    made = []
    for example in values:
        if len(example) != len(names):
            raise IllFormed(f"an example of {len(example)} values disagrees with the data {list(names)}")
        put: Mapping[str, Term] = {name: number(exact(v, f"the value of {name}")) for name, v in zip(names, example, strict=True)}
        made.append(compose_all([term], put)[0])
    return tuple(made)
