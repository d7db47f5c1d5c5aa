"""An orbit on the loss surface: level sets over two parameters, the points that cannot be told from a given one, minimisers.

The others hold their values, and the symmetries drawn are those of the model so restricted.  Matplotlib draws from doubles: a
picture illustrates, what is exact stands in the answer of `identify`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Any, final

from ..identify.mean_squares import mean_squares
from ..identify.observing import Observed, point_of
from ..identify.points import ordinary_point
from ..identify.ranks import generic_rank
from ..identify.real_points import places
from ..identify.result import Identification
from ..identify.symmetric import finite_group
from ..problems import MetaProblem
from ..terms import IllFormed, Term, number, substitute, total
from .curves import flow, levels, values

GRID, LEVELS, MOST_IMAGES = 121, 16, 64
INPUTS = (-2, -1, 1, 2)
BLUE, ORANGE, GOLD = "#0072B2", "#D55E00", "#E69F00"
Pair = tuple[float, float]


@final
@dataclass(frozen=True)
class Slice:
    """Two parameters with the loss, at a point; `seen` are the observations with the other parameters at their values."""

    seen: Observed
    loss: Term
    at: tuple[Any, ...]
    title: str


def drawn(found: Identification, plane: Sequence[str], at: Any, file: Path | None) -> Any:
    """A matplotlib figure, written to the file if there is one.

    Raises `IllFormed` where matplotlib is missing, for a plane of other than two parameters, and for a point that does not fit.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise IllFormed("a picture takes matplotlib, which is not installed: pip install 'metaid-symbolic[report]'") from None
    if file is not None:
        picture_file(file)
    cut = _slice(found, tuple(plane), at)
    figure = Figure(figsize=(5.4, 4.4))
    axes = figure.add_subplot()
    _draw(axes, cut, found.seen.kind == "losses")
    figure.tight_layout()
    if file is not None:
        figure.savefig(file)
    return figure


def picture_file(file: Path) -> Path:
    """The file, whose ending must be that of a picture.  Raises `IllFormed`."""
    if file.suffix not in (".svg", ".png", ".pdf"):
        raise IllFormed(f"{file} has the ending {file.suffix or 'of no format'}, and pictures are .svg, .png or .pdf")
    return file


def _slice(found: Identification, plane: tuple[str, ...], at: Any) -> Slice:
    seen = found.seen.expanded
    names = seen.parameters
    chosen = plane or (names if len(names) == 2 else ())
    odd = [p for p in chosen if p not in names]
    if len(set(chosen)) != 2 or odd:
        wanted = f"{odd[0]} is no parameter" if odd else f"{len(chosen) or len(names)} parameters"
        raise IllFormed(f"a picture shows two parameters, and {wanted}: choose two of {', '.join(names)} as the plane")
    point = point_of(names, at) if at is not None else ordinary_point(seen, found.rank)
    values = dict(zip(names, point, strict=True))
    fixed = {n: number(v) for n, v in values.items() if n not in chosen} | {c: number(1) for c in seen.constants}
    entries = tuple(substitute(e, fixed) for e in seen.entries)
    held = ", ".join(f"{n} = {v}" for n, v in values.items() if n not in chosen)
    here = tuple(values[n] for n in chosen)
    restricted = Observed(chosen, entries, seen.inputs, (), (), seen.kind)
    return Slice(restricted, _loss(restricted, here), here, f"with {held}" if held else "")


def _loss(seen: Observed, at: Sequence[Any]) -> Term:
    """The mean of the losses; of outputs the squared distance to those of the point, over some inputs."""
    samples = [{n: number(v * (1 + k)) for k, n in enumerate(seen.inputs)} for v in (INPUTS if seen.inputs else (1,))]
    entries = [substitute(e, put) for put in samples for e in seen.entries]
    if seen.kind == "losses":
        return total([number(Fraction(1, len(entries))) * e for e in entries])
    here = {n: number(v) for n, v in zip(seen.parameters, at, strict=True)}
    return total([(e - substitute(e, here)) ** 2 for e in entries])


def _draw(axes: Any, cut: Slice, own: bool) -> None:
    import numpy as np

    here = float(cut.at[0]), float(cut.at[1])
    images, best = _images(cut), _minimisers(cut) if own else []
    near = [p for p in (*images, *best) if max(abs(p[0]), abs(p[1])) < 20]
    spans = [_span([here[i], *(p[i] for p in near)]) for i in (0, 1)]
    x, y = np.meshgrid(*(np.linspace(*span, GRID) for span in spans))
    z = values(cut.loss, cut.seen.parameters, [x, y])
    if not np.isfinite(z).any():
        raise IllFormed("the loss has no finite values near the point")
    if heights := levels(z, LEVELS):
        axes.contour(x, y, np.ma.masked_invalid(z), levels=heights, cmap="cividis", linewidths=0.9)
    for colour, label, starts in ((ORANGE, "orbit", (here, *images)), (GOLD, None, best)):
        for k, line in enumerate(_curves(cut, starts, spans)):
            axes.plot(line[:, 0], line[:, 1], color=colour, linewidth=1.8, label=None if k else label)
    if images:
        axes.plot(*zip(*images, strict=True), "s", color=BLUE, linestyle="", label="images of the point")
    if best:
        axes.plot(*zip(*best, strict=True), "*", color=GOLD, markersize=11, linestyle="", label="minimisers")
    axes.plot(*here, "o", color="black", markersize=8, fillstyle="none", label="the point")
    axes.set(xlim=spans[0], ylim=spans[1], xlabel=cut.seen.parameters[0], ylabel=cut.seen.parameters[1], title=cut.title)
    axes.legend(loc="best", fontsize=8)


def _span(values: Sequence[float]) -> Pair:
    low, high = min(values), max(values)
    room = max(1.5, 0.4 * (high - low))
    return low - room, high + room


def _images(cut: Slice) -> list[Pair]:
    """The other points of the orbit under the finite group."""
    group = finite_group(cut.seen)
    if group is None or not group.generators or group.order > MOST_IMAGES:
        return []
    found = {tuple(map(float, g.apply(cut.at))) for g in group.elements(MOST_IMAGES)} - {tuple(map(float, cut.at))}
    return [(p[0], p[1]) for p in sorted(found)]


def _minimisers(cut: Slice) -> list[Pair]:
    """Some, where the loss is a sum of squares that vanish together."""
    made = mean_squares(MetaProblem(cut.seen.parameters, (cut.loss,), (Fraction(1),)))
    found = [] if made is None else islice(places(made.roots, cut.seen.parameters), 8)
    middles = [[float(sum(place.bounds(i))) / 2 for i in (0, 1)] for place in found]
    return [(x, y) for x, y in middles]


def _curves(cut: Slice, starts: Sequence[Pair], spans: Sequence[Pair]) -> list[Any]:
    """The flow lines of the null directions through the points; a point where a field vanishes has none."""
    import numpy as np

    _, null = generic_rank(cut.seen)
    size = spans[0][1] - spans[0][0], spans[1][1] - spans[1][0]
    lines = [np.array(flow(cut.seen.parameters, v.components, start, size)) for v in null for start in starts]
    return [line for line in lines if np.ptp(line, axis=0).any()]
