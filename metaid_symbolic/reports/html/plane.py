"""A coordinate plane drawn by matplotlib: curves, level lines, regions, marks and their legend, as an SVG element.

Colours and dashes are classes of the report's style, so that the picture follows its theme: what matplotlib writes is given
the class of what it shows, and loses its own style.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from math import hypot
from typing import Any, final
from xml.etree import ElementTree as Tree

Place = tuple[float, float]
Span = tuple[float, float]
WIDTH, HEIGHT = 300.0, 176.0
"""Points, the 72nd part of an inch."""
LETTER, KEY, ROW = 4.7, 30.0, 13.0
"""The width of a letter, what an entry of the legend takes besides its words, and the height of a row of it."""
SMALL = 6.0
SETTINGS: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "metaid",
    "font.size": 8.5,
    "path.simplify": True,
    "path.simplify_threshold": 0.2,
    "axes.linewidth": 0.7,
}
LEGEND: dict[str, Any] = {
    "frameon": False, "borderpad": 0, "borderaxespad": 0, "handlelength": 2, "handletextpad": 0.5, "columnspacing": 1,
}  # fmt: skip
SYMBOLS = {"star": ("*", 11), "ring": ("o", 10), "cross": ("x", 8), "square": ("s", 7), "diamond": ("D", 6.5)}
SVG, LINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}href"
AXIS, NUMBER = "axis", re.compile(r"-?\d+\.\d+")


def available() -> bool:
    """Whether matplotlib is installed."""
    import importlib.util

    return importlib.util.find_spec("matplotlib") is not None


@final
@dataclass
class Plane:
    """The rectangle `across` times `up` of a plane, with what was drawn on it."""

    across: Span
    up: Span
    names: tuple[str, str]
    kinds: dict[str, str] = field(default_factory=dict)
    legend: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        from matplotlib import rc_context
        from matplotlib.figure import Figure

        with rc_context(SETTINGS):
            self.figure = Figure(figsize=(WIDTH / 72, HEIGHT / 72), dpi=72)
            self.axes = self.figure.add_axes(_frame(HEIGHT), xlim=self.across, ylim=self.up, autoscale_on=False)
        self.axes.set_xlabel(self.names[0], labelpad=1, gid=self._kind("name"))
        self.axes.set_ylabel(self.names[1], labelpad=2, rotation=0, gid=self._kind("name"))
        self.axes.tick_params(length=3, width=0.7, pad=2)
        self.axes.locator_params(nbins=5)
        self.figure.patch.set_visible(False)
        self.axes.patch.set_visible(False)

    def _kind(self, kind: str) -> str:
        """A name for an artist, by which its class is found in what matplotlib writes."""
        name = f"kind-{len(self.kinds)}"
        self.kinds[name] = kind
        return name

    def curve(self, places: Iterable[Place], kind: str, label: str = "") -> None:
        """A line through the points, interrupted where one has no finite coordinates."""
        from matplotlib.lines import Line2D

        x, y = zip(*places, strict=True)
        self.axes.add_line(Line2D(x, y, gid=self._kind(kind)))
        self._named(label, lambda gid: Line2D([], [], gid=gid), kind)

    def level(self, x: Any, y: Any, values: Any, level: float, kind: str, label: str = "") -> None:
        """The line on which a function is `level`; `values[i, j]` is that at (x[j], y[i])."""
        import numpy as np
        from contourpy import contour_generator

        lines: Any = contour_generator(x, y, np.ma.masked_invalid(values)).lines(level)
        broken = [place for line in lines for place in (*map(tuple, line.tolist()), (np.nan, np.nan))]
        if broken:
            self.curve(broken, kind, label)

    def region(self, boxes: Iterable[tuple[Span, Span]], kind: str, label: str = "") -> None:
        """A union of boxes."""
        from matplotlib.patches import Patch, PathPatch
        from matplotlib.path import Path

        drawn = [Path([(a, c), (b, c), (b, d), (a, d), (a, c)], closed=True) for (a, b), (c, d) in boxes]
        if drawn:
            self.axes.add_patch(PathPatch(Path.make_compound_path(*drawn), gid=self._kind(kind)))
            self._named(label, lambda gid: Patch(gid=gid), kind)

    def box(self, across: Span, up: Span, kind: str, label: str) -> None:
        """A box, or a mark in its place where it is too small to be seen."""
        (x, y), (u, v) = self.axes.transData.transform([(across[0], up[0]), (across[1], up[1])]).tolist()
        if max(u - x, v - y) < SMALL:
            self.mark(((across[0] + across[1]) / 2, (up[0] + up[1]) / 2), "square", kind, label)
        else:
            self.region([(across, up)], kind, label)

    def arrow(self, place: Place, along: Place, kind: str, label: str = "", length: float = 34.0) -> None:
        """A line both ways from the point in a direction of the plane, as long as `length` on the picture."""
        (x, y), (u, v) = self.axes.transData.transform([place, (place[0] + along[0], place[1] + along[1])]).tolist()
        scale = length / (hypot(u - x, v - y) or 1.0)
        ends = [(x + sign * scale * (u - x), y + sign * scale * (v - y)) for sign in (-1, 1)]
        self.curve(map(tuple, self.axes.transData.inverted().transform(ends).tolist()), kind, label)

    def mark(self, place: Place, symbol: str, kind: str, label: str = "", words: str = "", below: bool = False) -> None:
        """A symbol at the point, with `words` above or `below` it, where there is room."""
        from matplotlib.lines import Line2D

        marker, size = SYMBOLS[symbol]

        def drawn(x: Sequence[float], y: Sequence[float], gid: str) -> Line2D:
            return Line2D(x, y, linestyle="none", marker=marker, markersize=size, gid=gid, zorder=5)

        self.axes.add_line(drawn([place[0]], [place[1]], self._kind(kind)))
        self._named(label, lambda gid: drawn([], [], gid), kind)
        if words:
            x, y = self.axes.transAxes.inverted().transform(self.axes.transData.transform(place)).tolist()
            across, up = -8 if x > 0.6 else 8, -13 if (below and y > 0.12) or y > 0.88 else 7
            side = "right" if x > 0.6 else "left"
            self.axes.annotate(words, place, (across, up), textcoords="offset points", ha=side, gid=self._kind("at"), zorder=6)

    def _named(self, label: str, sample: Any, kind: str) -> None:
        if label and label not in self.legend:
            self.legend[label] = sample(self._kind(kind))

    def svg(self, title: str) -> str:
        """The element, with its title for those who do not see it."""
        from matplotlib import rc_context

        stream = io.StringIO()
        with rc_context(SETTINGS):
            self._add_legend()
            self.figure.savefig(stream, format="svg", metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")))
        return _element(stream.getvalue(), self.kinds, title)

    def _add_legend(self) -> None:
        """Below the axes, in rows as wide as the picture, which grows by them."""
        rows, used = list[list[str]](), WIDTH
        for label in self.legend:
            width = KEY + LETTER * len(label)
            if used + width > WIDTH:
                rows, used = [*rows, []], 0.0
            rows[-1].append(label)
            used += width
        height = HEIGHT + ROW * len(rows)
        self.figure.set_size_inches(WIDTH / 72, height / 72)
        self.axes.set_position(_frame(height))
        for k, row in enumerate(rows):
            samples, top = [self.legend[label] for label in row], ROW * (len(rows) - k) / height
            legend = self.figure.legend(samples, row, loc="upper left", bbox_to_anchor=(0.01, top), ncols=len(row), **LEGEND)
            handles: Sequence[Any] = legend.legend_handles
            for entry, label in zip(handles, row, strict=True):
                entry.set_gid(self.legend[label].get_gid())
            for words in legend.get_texts():
                words.set_gid(self._kind("key"))


def _frame(height: float) -> tuple[float, float, float, float]:
    """The part inside of the axes of a picture of this height: left, bottom, width and height, as shares of it."""
    return 34 / WIDTH, (height - HEIGHT + 30) / height, (WIDTH - 42) / WIDTH, (HEIGHT - 36) / height


def _element(written: str, kinds: dict[str, str], title: str) -> str:
    """What matplotlib wrote, with classes for styles, few digits, and no ids: what was clipped lies in an element of its own."""
    root = Tree.fromstring(written)
    shapes = {str(one.get("id")): one for one in root.iter() if one.get("id")}
    drawn = [pair for one in root if one.tag == SVG + "g" for pair in _drawn(one, AXIS, False, kinds, shapes)]
    clip = next((one[0] for one in shapes.values() if one.tag == SVG + "clipPath"), None)
    heading = Tree.Element("title")
    heading.text = title
    head = (
        f'<svg class="plot" role="img" viewBox="{_short(str(root.get("viewBox")))}">{Tree.tostring(heading, encoding="unicode")}'
    )
    if clip is not None:
        x, y, width, height = (_short(str(clip.get(name))) for name in ("x", "y", "width", "height"))
        head += f'<svg x="{x}" y="{y}" width="{width}" height="{height}" viewBox="{x} {y} {width} {height}">'
        head += "".join(shown for inside, shown in drawn if inside) + "</svg>"
    return head + "".join(shown for inside, shown in drawn if not inside) + "</svg>"


def _drawn(
    one: Tree.Element, kind: str, clipped: bool, kinds: dict[str, str], shapes: dict[str, Tree.Element]
) -> Iterator[tuple[bool, str]]:
    """The shapes and words inside of an element, and whether they are clipped; what stands in a named group has its class."""
    kind, clipped = kinds.get(str(one.get("id")), kind), clipped or one.get("clip-path") is not None
    if one.tag == SVG + "g":
        for part in one:
            yield from _drawn(part, kind, clipped, kinds, shapes)
        return
    shown = Tree.Element(one.tag.removeprefix(SVG), {"class": kind} if kind and (one.tag, kind) != (SVG + "text", AXIS) else {})
    if one.tag == SVG + "use":
        shape = shapes[str(one.get(LINK)).removeprefix("#")]
        shown.tag = "path"
        shown.set("transform", _short(f"translate({one.get('x', '0')} {one.get('y', '0')})"))
        shown.set("d", _short(str(shape.get("d"))))
    elif one.tag == SVG + "text":
        anchor = re.search(r"text-anchor: (\w+)", one.get("style", ""))
        shown.set("style", f"text-anchor: {anchor[1] if anchor else 'start'}")
        shown.text = one.text
    elif one.tag != SVG + "path":
        return
    for name in ("x", "y", "d", "transform"):
        value = None if one.tag == SVG + "use" else one.get(name)
        if value is not None and not value.startswith("rotate(-0 "):
            shown.set(name, _short(value))
    yield clipped, Tree.tostring(shown, encoding="unicode")


def _short(numbers: str) -> str:
    """The numbers with one digit after the point."""
    return NUMBER.sub(lambda found: f"{float(found[0]):.1f}".removesuffix(".0"), " ".join(numbers.split()))
