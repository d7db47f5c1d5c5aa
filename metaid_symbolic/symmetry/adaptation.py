"""Which symmetries of the task losses remain when the tasks are adapted to, and which appear.

A symmetry of every L_t is one of the objective after a gradient step if it commutes with the step, as rotations and
permutations do; scalings do not.  The parameters of the method (learned rates, say) stay where they are.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, final

from ..model import Model
from ..terms import IllFormed
from .analysis import Symmetries, analyse
from .breaking import Surviving, penalised
from .discrete import DiscreteGroup, ParameterMap
from .fields import VectorField
from .modules import new_fields
from .subjects import model_of


@final
@dataclass(frozen=True)
class Adaptation:
    """`base`: the symmetries of the task losses; `kept`: what of them remains; `adapted`: all affine fields, permutations and
    signs of the losses after adaptation; `new`: the fields among these that are no combinations of those kept."""

    base: Symmetries
    kept: Surviving
    adapted: Symmetries
    new: tuple[VectorField, ...]

    @property
    def new_elements(self) -> int:
        """How many elements of the finite group are new."""
        return self.adapted.discrete.order - self.kept.discrete.order

    def to_json(self) -> dict[str, Any]:
        kept = {"fields": [v.name for v in self.kept.fields], "order": self.kept.discrete.order, "proved": self.kept.proved}
        base = {"fields": [v.name for v in self.base.vector_fields], "order": self.base.discrete.order}
        return {"base": base, "kept": kept, "new": [v.name for v in self.new], "new_elements": self.new_elements}

    def __str__(self) -> str:
        fresh = "; ".join(v.name for v in self.new) or "none"
        return f"{self.kept}\nnew fields: {fresh}; new elements of the finite group: {self.new_elements}"


def adaptation(base: Any, adapted: Any, degree: int = 1) -> Adaptation:
    """The symmetries of the losses of `base` against those of `adapted`, a meta-problem or meta-objective made from it.

    Raises `IllFormed` for other things, and when the parameters of the base are not the first ones of the adapted objective.
    """
    before, after = model_of(base), model_of(adapted)
    size = len(before.parameters)
    if after.parameters[:size] != before.parameters:
        raise IllFormed(f"the parameters {list(after.parameters)} do not begin with those of the base, {list(before.parameters)}")
    first, last = analyse(before, degree=degree), analyse(after, degree=degree)
    kept = penalised(extended(first, after), after.outputs)
    new = new_fields(kept.fields, last.vector_fields)
    return Adaptation(first, kept, last, new)


def extended(found: Symmetries, model: Model) -> Symmetries:
    """The symmetries on the parameters of another model, which begin with theirs; further parameters stay where they are."""
    fields = tuple(VectorField(model.parameters, v.coefficients) for v in found.vector_fields)
    return replace(found, model=model, vector_fields=fields, discrete=_extended(found.discrete, model.parameters))


def _extended(group: DiscreteGroup, parameters: tuple[str, ...]) -> DiscreteGroup:
    """The group on more parameters, which it leaves where they are."""
    size, more = len(group.parameters), range(len(group.parameters), len(parameters))
    made = tuple(
        ParameterMap(parameters, (*g.places, *more), g.signs + (1,) * (len(parameters) - size)) for g in group.generators
    )
    return DiscreteGroup(parameters, made, group.identities, group.exhausted)
