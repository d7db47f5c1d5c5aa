"""What is observed of a model: a map from its parameters to numbers, or to functions of its inputs.

Of a `Model` these are its outputs, of a meta-problem or meta-objective the losses of the tasks (after adaptation), of an update
field its components.  Two parameters cannot be told apart exactly if they give the same observations.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, final

from ..calculus.polynomials import is_polynomial
from ..model import Model
from ..models.implicit import ImplicitObjective
from ..models.objective import MetaObjective, UpdateField
from ..problems import MetaProblem
from ..programs.reading import survey
from ..terms import FUNCTIONS, IllFormed, Term, rebuild, symbol

MOST_COEFFICIENTS = 2_000
"""Outputs are expanded in the inputs only if the product of parameters and expected coefficients stays small."""
LARGEST = 1_000
"""Outputs with more subterms are not expanded in their inputs unless that is asked for."""


@final
@dataclass(frozen=True)
class Observed:
    """theta -> entries(theta, .), functions of the `inputs`; `constants` are symbols that stand for any value, and are known.

    `kind` says what the entries are: outputs, losses or updates.
    """

    parameters: tuple[str, ...]
    entries: tuple[Term, ...]
    inputs: tuple[str, ...] = ()
    constants: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    kind: str = "outputs"

    @cached_property
    def others(self) -> tuple[str, ...]:
        """What the entries depend on besides the parameters."""
        return (*self.inputs, *self.constants)

    @cached_property
    def functions(self) -> frozenset[str]:
        """The elementary functions, other than the field operations, in the entries."""
        return frozenset(t.head for t in survey(self.entries).order if t.head in FUNCTIONS)

    @cached_property
    def unused(self) -> tuple[str, ...]:
        """Parameters that no entry mentions."""
        named = survey(self.entries).symbols
        return tuple(p for p in self.parameters if p not in named)

    @cached_property
    def expanded(self) -> Observed:
        """The coefficients in the inputs, where the entries are polynomials in them and small; else this map itself.

        The coefficients determine the function on all inputs and are determined by it.
        """
        seen = survey(self.entries)
        if not self.inputs or self.functions or seen.size > LARGEST:
            return self
        try:
            made = Model(self.parameters, self.inputs, self.entries).coefficients() if not self.constants else None
        except IllFormed:
            return self
        if made is None or len(made.outputs) > MOST_COEFFICIENTS:
            return self
        return Observed(self.parameters, made.outputs, (), (), made.labels, self.kind)

    @cached_property
    def gated(self) -> Observed:
        """The entries with relu(u) written h u, for a new input h for each u that occurs.

        A derivative of the gated entries by the parameters is that of the entries in every region, with h = 1 where u > 0 and
        h = 0 where u < 0.  So an identity in all h holds wherever the entries are differentiable.
        """
        gates: dict[Term, Term] = {}

        def put(term: Term) -> Term:
            inside: Term = rebuild(term, put)
            if inside.head != "relu":
                return inside
            gate: Term = gates.setdefault(inside.args[0], symbol(f"gate_{len(gates)}"))
            argument: Term = inside.args[0]
            return gate * argument

        entries = tuple(map(put, self.entries))
        names = tuple(g.args[0] for g in gates.values())
        if {*names} & {*self.parameters, *self.others}:
            raise IllFormed(f"the names {', '.join(names)} are needed for the gates of relus")
        return Observed(self.parameters, entries, (*self.inputs, *names), self.constants, self.labels, self.kind)

    @property
    def is_polynomial(self) -> bool:
        return all(map(is_polynomial, self.entries))


def observed(model: Any) -> Observed:
    """What is observed of a model, meta-problem, meta-objective, update field or network.

    Raises `IllFormed` for anything else, and for a law that is no finite list of tasks.
    """
    made = getattr(model, "model", model)
    if isinstance(made, Model):
        labels = made.labels or tuple(f"output {i}" for i in range(1, len(made.outputs) + 1))
        return Observed(made.parameters, made.outputs, made.inputs, (), labels)
    if isinstance(made, MetaProblem | MetaObjective):
        return _losses(MetaObjective.of(made))
    if isinstance(made, UpdateField):
        entries = tuple(e for row in made.tasks for e in row)
        said = tuple(f"update of {p} in task {t}" for t in range(1, len(made.tasks) + 1) for p in made.parameters)
        return Observed(made.parameters, entries, made.law.variables, _names(made), said, "updates")
    if isinstance(made, ImplicitObjective):
        raise IllFormed(
            "the inner problems of this objective have no closed form, so there is no list of losses to identify from"
        )
    raise IllFormed(f"{model!r} is a {type(model).__name__}, not a model, meta-problem, meta-objective or update field")


def _losses(made: MetaObjective) -> Observed:
    """A task law with variables gives each loss as a function of these: a task for each value."""
    labels = tuple(f"loss of task {t}" for t in range(1, len(made.tasks) + 1))
    return Observed(made.parameters, made.tasks, tuple(made.law.variables), _names(made), labels, "losses")


def _names(made: MetaObjective | UpdateField) -> tuple[str, ...]:
    return tuple(c.name for c in made.constants)


def point_of(parameters: Sequence[str], values: Any) -> tuple[Any, ...]:
    """A rational point: a number for each parameter, in order or by name.  Raises `IllFormed` naming what disagrees."""
    from ..problems import exact

    if isinstance(values, dict):
        if set(values) != set(parameters):
            odd = sorted(set(values) ^ set(parameters))
            raise IllFormed(f"the point names {', '.join(sorted(values))}, the parameters are {', '.join(parameters)}: {odd[0]}")
        values = [values[p] for p in parameters]
    listed = tuple(exact(v, "a coordinate") for v in values)
    if len(listed) != len(parameters):
        raise IllFormed(f"a point of {len(listed)} coordinates disagrees with {len(parameters)} parameters")
    return listed
