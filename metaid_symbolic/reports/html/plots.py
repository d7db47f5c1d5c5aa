"""Pictures of meta-problems in one and two dimensions as SVG elements, from doubles; the exact numbers stand in the caption."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import groupby
from typing import Any

from ...certificates import Root
from ...search.problems.numeric import numeric
from ...terms import Term
from ..curves import flow, levels
from ..curves import values as everywhere
from . import plane as planes
from .plane import Place, Plane, Span
from .scenes import Objective, Point, Scene

CURVE, GRID, EDGE, LEVELS, TASKS = 241, 49, 121, 10, 5
MISSING = "matplotlib is not installed; it is in the extra `report`"


class Unplotted(ValueError):
    """There is no picture, and the message says why."""


def pictures(scene: Scene) -> list[str]:
    """An SVG element for each objective of the scene.  Raises `Unplotted` where it has no finite values, or without
    matplotlib."""
    if not planes.available():
        raise Unplotted(MISSING)
    draw = curves if len(scene.parameters) == 1 else landscape
    return [draw(scene, objective) for objective in scene.objectives]


def values(scene: Scene, term: Term, places: Sequence[Any]) -> Any:
    """The values of a term at many places at once; NaN where there is none, and outside of Phi."""
    import numpy as np

    return np.where(_inside(scene, places), everywhere(term, scene.parameters, places), np.nan)


def _inside(scene: Scene, places: Sequence[Any]) -> Any:
    import numpy as np

    inside = np.ones(places[0].shape, dtype=bool)
    for constraint in scene.constraints:
        low, high = (numeric(side, scene.parameters)(places) for side in constraint.args)
        inside &= low <= high
    return inside


def _value(scene: Scene, objective: Objective, place: Sequence[float]) -> float:
    import numpy as np

    return float(values(scene, objective.term, [np.asarray([x]) for x in place])[0])


def _spans(scene: Scene) -> list[Span]:
    """The part of each axis that has what is marked, with room around it, and some of the outside of Phi."""
    marked = [tuple(map(float, p)) for _, p in _marked(scene)]
    for one in scene.objectives:
        marked += [tuple(map(float, p)) for p in (one.found.points if one.found else ())]
        marked += [(float(end),) for pair in one.isolated for end in pair]
    marked += [corner for root in scene.boxes for corner in zip(*(map(float, side) for side in root.box), strict=True)]
    spans = []
    for coordinates in zip(*marked or [(0.0,) * len(scene.parameters)], strict=True):
        low, high = min(coordinates), max(coordinates)
        room = 0.6 * (high - low) if high - low > 0.3 else 1.5
        spans.append((low - room, high + room))
    return spans


def _marked(scene: Scene) -> list[tuple[str, Point]]:
    return [*([("φ", scene.point)] if scene.point is not None else []), *scene.failures, *scene.images]


def curves(scene: Scene, objective: Objective) -> str:
    """The graph of an objective of one parameter, with the losses and the other objectives."""
    import numpy as np

    (span,) = _spans(scene)
    x = np.linspace(*span, CURVE)
    main = values(scene, objective.term, [x])
    losses = [values(scene, loss, [x]) for loss in scene.losses[:TASKS]]
    others = [values(scene, o.term, [x]) for o in scene.objectives if o is not objective]
    plane = Plane(span, _heights(main, [*losses, *others]), (scene.parameters[0], ""))
    if scene.constraints:
        plane.region([(run, plane.up) for run in _runs(x, _inside(scene, [x]))], "domain", "Φ")
    for t, loss in enumerate(losses, start=1):
        plane.curve(zip(x.tolist(), loss.tolist(), strict=True), f"task task{t}", f"L{_below(t)}")
    for other, line in zip((o for o in scene.objectives if o is not objective), others, strict=True):
        plane.curve(zip(x.tolist(), line.tolist(), strict=True), "other", other.name)
    plane.curve(zip(x.tolist(), main.tolist(), strict=True), "main", objective.name)
    _boxes_on_curve(plane, scene)
    base = objective is scene.objectives[0]
    if scene.point is not None and base:
        at = (float(scene.point[0]), _value(scene, objective, [float(scene.point[0])]))
        for name, _ in scene.kernels:
            plane.arrow(at, (1.0, 0.0), _kernel_kind(name), f"{name} = 0", 34 if "F" in name else 22)
    _marks(plane, scene, objective, lambda p: (float(p[0]), _value(scene, objective, [float(p[0])])))
    for low, high in objective.isolated:
        middle = float(low + high) / 2
        plane.mark((middle, _value(scene, objective, [middle])), "star", "least hollow", "irrational minimiser")
    return plane.svg(_title(scene, objective))


def _heights(main: Any, others: Sequence[Any]) -> Span:
    """The span of most values of the objective, not far beyond those between what is marked, which is the middle of the picture;
    of all curves where the objective is constant."""
    import numpy as np

    seen = main[np.isfinite(main)]
    if not len(seen):
        raise Unplotted("the objective has no finite values near the point")
    if seen.max() - seen.min() < 1e-9:
        seen = np.concatenate([seen, *(o[np.isfinite(o)] for o in others)])
    middle = seen[len(seen) // 4 : len(seen) - len(seen) // 4]
    deepest, highest = float(middle.min()), float(middle.max())
    reach = 2 * (highest - deepest) if highest - deepest > 1e-9 else np.inf
    low = min(deepest, max(float(np.quantile(seen, 0.04)), deepest - reach))
    high = max(highest, min(float(np.quantile(seen, 0.9)), highest + reach))
    room = 0.2 * (high - low) if high - low > 1e-9 else 1.0
    return low - room, high + room


def _runs(x: Any, inside: Any) -> Iterator[Span]:
    """The intervals of consecutive places inside of Phi."""
    for here, group in groupby(zip(x.tolist(), inside.tolist(), strict=True), key=lambda pair: pair[1]):
        run = [place for place, _ in group]
        if here and len(run) > 1:
            yield run[0], run[-1]


def _below(number: int) -> str:
    return "".join(chr(0x2080 + int(digit)) for digit in str(number))


def landscape(scene: Scene, objective: Objective) -> str:
    """Level lines of an objective of two coordinates."""
    import numpy as np

    spans = _spans(scene)
    x, y = (np.linspace(*span, GRID) for span in spans)
    mesh = np.meshgrid(x, y)
    heights = values(scene, objective.term, mesh)
    if not np.isfinite(heights).any():
        raise Unplotted("the objective has no finite values near the point")
    plane = Plane(spans[0], spans[1], (scene.parameters[0], scene.parameters[1]))
    if scene.constraints:
        fine = [np.linspace(*span, EDGE) for span in spans]
        side = (spans[1][1] - spans[1][0]) / (EDGE - 1) / 2
        rows = zip(fine[1].tolist(), _inside(scene, np.meshgrid(*fine)), strict=True)
        plane.region([(run, (v - side, v + side)) for v, line in rows for run in _runs(fine[0], line)], "domain", "Φ")
    for k, level in enumerate(levels(heights, LEVELS)):
        label = f"levels of {objective.name} (lower is bolder)" if k == 0 else ""
        plane.level(x, y, heights, level, f"level level{k}", label)
    orbits(plane, scene)
    _flats(plane, objective)
    if objective is scene.objectives[0] and scene.point is not None:
        for name, basis in scene.kernels:
            for way in basis:
                label = f"kernel of {name}"
                plane.arrow(_place(scene.point), _place(way), _kernel_kind(name), label, 34 if "F" in name else 22)
    for root in scene.boxes:
        plane.box(*_box(root), "box", "certified box")
    _marks(plane, scene, objective, _place)
    return plane.svg(_title(scene, objective))


def _flats(plane: Plane, objective: Objective) -> None:
    """Minimisers that fill a line or the plane."""
    found = objective.found
    if found is None or not found.points:
        return
    reach = 10 * max(plane.across[1] - plane.across[0], plane.up[1] - plane.up[0])
    if len(found.directions) == 1:
        (x, y), (u, v) = _place(found.points[0]), _place(found.directions[0])
        size = reach / max(abs(u), abs(v))
        plane.curve([(x - size * u, y - size * v), (x + size * u, y + size * v)], "least line", "minimisers")


def orbits(plane: Plane, scene: Scene) -> None:
    """The orbit of the point under each vector field, as far as it stays in the picture."""
    if scene.point is not None:
        for v in scene.fields:
            size = plane.across[1] - plane.across[0], plane.up[1] - plane.up[0]
            plane.curve(flow(v.parameters, v.components, _place(scene.point), size), "orbit", "orbit of φ")


def _marks(plane: Plane, scene: Scene, objective: Objective, at: Any) -> None:
    """Minimisers, images of the point, points of failure, and the point itself."""
    found = objective.found
    several = found.points if found is not None and not found.directions else ()
    for p in several:
        words = "" if p == scene.point or len(several) > 3 else written(p)
        plane.mark(at(p), "star", "least", "minimisers", words, below=True)
    for _, p in scene.images:
        plane.mark(at(p), "diamond", "image", "images of φ")
    for name, p in scene.failures:
        if p != scene.point:
            plane.mark(at(p), "cross", "failure", "the conclusion fails", f"{name} = {written(p)}", below=True)
    if scene.point is not None:
        plane.mark(at(scene.point), "ring", "point", "", f"φ = {written(_whole(scene).point or ())}")


def _whole(scene: Scene) -> Scene:
    return scene.whole or scene


def _boxes_on_curve(plane: Plane, scene: Scene) -> None:
    for root in scene.boxes:
        ((low, high),) = root.box
        room = (plane.across[1] - plane.across[0]) / CURVE
        plane.region([((float(low) - room, float(high) + room), plane.up)], "box", "certified box")


def _box(root: Root) -> tuple[Span, Span]:
    (a, b), (c, d) = root.box
    return (float(a), float(b)), (float(c), float(d))


def _kernel_kind(name: str) -> str:
    return "null hessian" if "F" in name else "null fisher"


def _place(point: Point) -> Place:
    return float(point[0]), float(point[1])


def written(point: Point) -> str:
    """The exact coordinates in plain characters."""
    shown = [_fraction(x) for x in point]
    return shown[0] if len(shown) == 1 else f"({', '.join(shown)})"


def _fraction(value: Fraction) -> str:
    return str(value).replace("-", "−")


def _title(scene: Scene, objective: Objective) -> str:
    where = f" around φ = {written(_whole(scene).point or ())}" if scene.point is not None else ""
    return f"{'Graph' if len(scene.parameters) == 1 else 'Level lines'} of {objective.name}{where}; the caption has the numbers"
