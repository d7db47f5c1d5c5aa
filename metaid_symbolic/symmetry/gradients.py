"""The gradients of the coefficients of a model, as polynomial vector fields."""

from __future__ import annotations

from ..models.series import expand
from ..programs.reading import survey
from .derivations import Field, Polynomial, partial
from .differentials import Differentials


def gradient(polynomial: Polynomial, size: int) -> Field:
    made = {place: partial(polynomial, place) for place in range(size)}
    return {place: slope for place, slope in made.items() if slope}


def gradient_fields(differentials: Differentials) -> list[Field] | None:
    """The gradients of the coefficients of the outputs in inputs and gates; None where these are no polynomials."""
    model = differentials.model
    everything = (*model.parameters, *model.inputs, *differentials.gates)
    if not survey(list(differentials.outputs)).polynomial:
        return None
    size, coefficients = len(model.parameters), dict[tuple[int, tuple[int, ...]], Polynomial]()
    for place, series in enumerate(expand(differentials.outputs, everything)):
        for exponents, value in series.items():
            inner = tuple(i for i, e in enumerate(exponents[:size]) for _ in range(e))
            coefficients.setdefault((place, exponents[size:]), {})[inner] = value.args[0]
    return [gradient(p, size) for p in coefficients.values()]
