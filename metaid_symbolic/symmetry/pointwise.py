"""What is known of one point of the parameter space: orbit, stabiliser, representative, irreducibility, invariants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, final

from ..terms import IllFormed
from .analysis import Symmetries
from .classical import hidden_layer, reducible
from .orbits import Stabiliser, canonical, invariants, stabiliser
from .points import Point, check_defined, evaluated, rational_point


@final
@dataclass(frozen=True)
class AtPoint:
    """The `representative` is None where there is none, for the `reason`.

    `fails`: the conditions of irreducibility of Sussmann's theorem that fail here; None for a model that is no network with one
    hidden layer of tanh.  `invariants`: identifiable combinations with their values, None where these are not rational; None
    for outputs that are no polynomials in the inputs.
    """

    point: Point
    stabiliser: Stabiliser
    representative: Point | None
    reason: str
    fails: tuple[str, ...] | None
    invariants: tuple[tuple[str, Fraction | None], ...] | None

    def to_json(self) -> dict[str, Any]:
        return {
            "point": list(map(str, self.point)),
            "orbit_dimension": self.stabiliser.orbit_dimension,
            "stabiliser": {
                "dimension": self.stabiliser.dimension,
                "finite": [g.name for g in self.stabiliser.finite],
            },
            "canonical": None if self.representative is None else list(map(str, self.representative)),
            "reason": self.reason,
            "reducible": None if self.fails is None else list(self.fails),
            "invariants": None if self.invariants is None else {n: None if v is None else str(v) for n, v in self.invariants},
        }

    def latex(self) -> str:
        """A paragraph."""
        from ..reports.latex_models import sentence

        return "\n".join(map(sentence, str(self).splitlines()))

    def __str__(self) -> str:
        here, fixing = self.stabiliser, [g.name for g in self.stabiliser.finite if g.substitution]
        lines = [f"at {_shown(self.point)}: orbit of dimension {here.orbit_dimension}, stabiliser of dimension {here.dimension}"]
        if fixing:
            lines.append(f"finite symmetries that fix it: {'; '.join(fixing)}")
        lines.append(self.reason if self.representative is None else f"canonical representative: {_shown(self.representative)}")
        if self.fails is not None:
            lines.append(f"irreducible (Sussmann 1992): {'no, ' + '; '.join(self.fails) if self.fails else 'yes'}")
        if self.invariants is not None:
            lines += [f"{name}: {'no rational number' if value is None else value}" for name, value in self.invariants]
        return "\n".join(lines)


def _shown(point: Point) -> str:
    return f"({', '.join(map(str, point))})"


def at_point(found: Symmetries, point: Sequence[Any]) -> AtPoint:
    """Raises `IllFormed` for a point of another length, on a kink or where the model is not defined, and for a group that is too
    large."""
    at = rational_point(found, point)
    check_defined(found.model, at)
    fixing = stabiliser(found, at)
    representative, reason = None, ""
    try:
        representative = canonical(found, at)
    except IllFormed as cause:
        reason = str(cause)
    layer = hidden_layer(found.model)
    fails = reducible(found.model, at) if layer is not None and layer.unit == "tanh" else None
    values = None
    try:
        listed = invariants(found)
        values = tuple((label, evaluated(found.model, term, at)) for label, term in listed)
    except IllFormed:
        pass
    return AtPoint(at, fixing, representative, reason, fails, values)
