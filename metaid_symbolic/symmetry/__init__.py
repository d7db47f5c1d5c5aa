"""Which parameters are the same model: symmetries found by exact linear algebra and proved by the kernel."""

from __future__ import annotations

from typing import Any

from .analysis import Symmetries, analyse, analyse_as_needed
from .discrete import DiscreteGroup, ParameterMap
from .fields import VectorField
from .subjects import model_of

__all__ = ["DiscreteGroup", "ParameterMap", "Symmetries", "VectorField", "analyse", "symmetries"]


def symmetries(subject: Any, *, degree: int | None = None) -> Symmetries:
    """The symmetries of a model, a network, or the task losses of a meta-problem or meta-objective.

    Without a `degree`, affine fields are looked for, and quadratic ones where the affine ones do not explain all directions
    along which the model is constant.  Raises `IllFormed` for anything else.
    """
    model = model_of(subject)
    return analyse_as_needed(model) if degree is None else analyse(model, degree=degree)
