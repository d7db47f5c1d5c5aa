"""Group elements that carry one point to another, and the answer whether two points are the same model."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, final

from .assertions import Identity
from .discrete import ParameterMap
from .maps import AffineMap


@final
@dataclass(frozen=True)
class Element:
    """`finite` first, and then `map`; `identities` say that each of the two is a symmetry, and that together they take the one
    point to the other.  `map` is None for a scaling whose factor at a coordinate that is 0 is a root."""

    finite: ParameterMap
    map: AffineMap | None
    identities: tuple[Identity, ...]

    @property
    def proved(self) -> bool:
        return all(identity.proved for identity in self.identities)

    @property
    def whole(self) -> AffineMap | None:
        """Both in one."""
        return None if self.map is None else self.map.after(AffineMap.of(self.finite))

    def __str__(self) -> str:
        if self.map is None:
            return f"{self.finite.name}, then a scaling with a root as factor where both coordinates are 0"
        if not self.map.polynomials:
            return self.finite.name
        factors = self.map.factors
        then = f"coordinates times {', '.join(map(str, factors))}" if factors else self.map.name
        return f"{self.finite.name}, then {then}" if self.finite.substitution else then

    def to_json(self) -> dict[str, Any]:
        whole, factors = self.whole, self.map.factors if self.map else None
        images = {n: str(t) for n, t in whole.substitution.items()} if whole else None
        return {
            "finite": self.finite.name,
            "factors": list(map(str, factors)) if factors else None,
            "images": images,
            "claims": [i.name for i in self.identities],
            "proved": self.proved,
        }


@final
@dataclass(frozen=True)
class Comparison:
    """`same` is None where it is not decided.

    Same points: an `element` that carries the first to the second, if one is found.  Different points: the invariant `separator`
    has the two `values`; `witness` is the claim that the kernel proved of them, if they are rational.
    """

    same: bool | None
    element: Element | None = None
    separator: str = ""
    values: tuple[Fraction, ...] = ()
    reason: str = ""
    witness: Identity | None = None

    @property
    def proved(self) -> bool:
        """Whether the kernel proved what is said."""
        return (self.element is not None and self.element.proved) or (self.witness is not None and self.witness.proved)

    def __str__(self) -> str:
        if self.same is None:
            return f"not decided: {self.reason}"
        if not self.same:
            shown = self.reason or f"it is {' and '.join(map(str, self.values))}"
            known = "; the kernel proved that the outputs differ" if self.proved else ""
            return f"different models: {self.separator} tells them apart, {shown}{known}"
        if self.element is None:
            known = "; the kernel proved that the outputs agree" if self.proved else ""
            return f"the same model: {self.reason}{known}"
        known = "; the kernel proved that this is a symmetry and takes one to the other" if self.proved else ""
        return f"the same model: {self.element}{known}"

    def latex(self) -> str:
        """A sentence, and the element in an `align*`, which needs amsmath."""
        from ..reports.latex_models import comparison

        return comparison(self)

    def to_json(self) -> dict[str, Any]:
        element = self.element.to_json() if self.element else None
        separator = {"invariant": self.separator, "values": list(map(str, self.values))} if self.separator else None
        shown = {"same": self.same, "proved": self.proved, "element": element, "separator": separator}
        return {**shown, "reason": self.reason}
