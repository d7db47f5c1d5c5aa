"""What pictures draw from doubles: values of terms at many places, levels, flow lines of vector fields in the plane."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ..search.problems.numeric import numeric
from ..terms import Term

Place = tuple[float, float]
STEPS, REACH = 400, 0.01
"""A line is followed for so many steps each way, each of so much of the picture's size."""


def values(term: Term, parameters: Sequence[str], places: Sequence[Any]) -> Any:
    """The values of a term at many places at once, coordinate by coordinate; NaN where there is none."""
    import numpy as np

    with np.errstate(all="ignore"):
        found = np.broadcast_to(numeric(term, tuple(parameters))(list(places)), places[0].shape).astype(float)
    return np.where(np.isfinite(found), found, np.nan)


def levels(heights: Any, count: int) -> list[float]:
    """Up to `count` levels, increasing, between which lie equally many of the heights; none of a constant."""
    import numpy as np

    known = heights[np.isfinite(heights)]
    if not len(known) or known.max() == known.min():
        return []
    return [float(level) for level in np.unique(np.quantile(known, np.linspace(0.02, 0.95, count)))]


def flow(parameters: Sequence[str], components: Sequence[Term], start: Place, size: Place) -> list[Place]:
    """The curve through `start` along the field, by the classical Runge-Kutta method with steps of equal length in a picture of
    this size; as far as two sizes away."""
    import numpy as np

    slopes = [numeric(component, tuple(parameters)) for component in components]
    scale = np.array(size)

    def slope(place: Any) -> Any:
        found = np.array([float(s(list(place))) for s in slopes])
        length = float(np.hypot(*(found / scale)))
        return found * 0 if length == 0 else found * (REACH / length)

    def way(sign: int) -> Iterator[Place]:
        place = np.array(start, dtype=float)
        for _ in range(STEPS):
            a = sign * slope(place)
            b = sign * slope(place + a / 2)
            c = sign * slope(place + b / 2)
            place = place + (a + 2 * b + 2 * c + sign * slope(place + c)) / 6
            if not np.all(np.abs(place - start) <= 2 * scale):
                return
            yield float(place[0]), float(place[1])

    return [*reversed([*way(-1)]), start, *way(1)]
