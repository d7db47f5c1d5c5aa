"""A coordinate plane as an SVG element: curves, level lines, regions, marks and their legend.

Coordinates are doubles; curves are thinned to what can be seen.  Colours and dashes are classes of the report's style, so that
the picture follows its theme.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from math import floor, hypot, isfinite, log10
from typing import final

Place = tuple[float, float]
Span = tuple[float, float]
WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 300.0, 176.0, 34.0, 6.0, 8.0, 30.0
LETTER, ROW = 4.7, 13.0
"""The width of a letter, and the height of a row of the legend."""
SEEN = 0.2
"""What is nearer to a line than this is drawn as if it were on it."""
TICKS, SMALL = 5, 6.0
SYMBOLS = {
    "star": "M0,-5 1.5,-1.6 5,-1.5 2.2,.8 3.1,4.3 0,2.2 -3.1,4.3 -2.2,.8 -5,-1.5 -1.5,-1.6z",
    "ring": "M-5,0a5,5 0 1 0 10,0a5,5 0 1 0 -10,0z",
    "cross": "M-4,-4 4,4M-4,4 4,-4",
    "square": "M-3.5,-3.5H3.5V3.5H-3.5z",
    "diamond": "M0,-4.5 4.5,0 0,4.5 -4.5,0z",
}


@final
@dataclass
class Plane:
    """The rectangle `across` times `up` of a plane, with what was drawn on it."""

    across: Span
    up: Span
    names: tuple[str, str]
    drawn: list[str] = field(default_factory=list)
    above: list[str] = field(default_factory=list)
    legend: dict[str, str] = field(default_factory=dict)

    def at(self, place: Place) -> Place:
        """Where a point of the plane is drawn."""
        inner = (WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM)
        x = (place[0] - self.across[0]) / (self.across[1] - self.across[0]) * inner[0]
        y = (self.up[1] - place[1]) / (self.up[1] - self.up[0]) * inner[1]
        return x, min(max(y, -2 * HEIGHT), 2 * HEIGHT)

    def curve(self, places: Iterable[Place], kind: str, label: str = "") -> None:
        """A line through the points, interrupted where one has no finite coordinates."""
        written = "".join(_path(thinned(piece)) for piece in _pieces(map(self.at, places)))
        self._path(written, kind, label)

    def curves(self, listed: Iterable[Sequence[Place]], kind: str, label: str = "") -> None:
        self._path("".join(_path(thinned([*map(self.at, places)])) for places in listed), kind, label)

    def region(self, boxes: Iterable[tuple[Span, Span]], kind: str, label: str = "") -> None:
        """A union of boxes."""
        written = ""
        for (left, right), (low, high) in boxes:
            (x, y), (u, v) = self.at((left, high)), self.at((right, low))
            written += f"M{_round(x)},{_round(y)}H{_round(u)}V{_round(v)}H{_round(x)}z"
        self._path(written, kind, label, "M0,-4H18V4H0z")

    def box(self, across: Span, up: Span, kind: str, label: str) -> None:
        """A box, or a mark in its place where it is too small to be seen."""
        (x, y), (u, v) = self.at((across[0], up[1])), self.at((across[1], up[0]))
        if max(u - x, v - y) < SMALL:
            self.mark(((across[0] + across[1]) / 2, (up[0] + up[1]) / 2), "square", kind, label)
        else:
            self.region([(across, up)], kind, label)

    def arrow(self, place: Place, along: Place, kind: str, label: str = "", length: float = 34.0) -> None:
        """A line both ways from the point in a direction of the plane, as long as `length` on the picture."""
        (x, y), (u, v) = self.at(place), self.at((place[0] + along[0], place[1] + along[1]))
        scale = length / (hypot(u - x, v - y) or 1.0)
        ends = [(x + sign * scale * (u - x), y + sign * scale * (v - y)) for sign in (-1, 1)]
        self._path(_path(ends), kind, label)

    def mark(self, place: Place, symbol: str, kind: str, label: str = "", words: str = "", below: bool = False) -> None:
        """A symbol at the point, with `words` above or `below` it, where there is room."""
        x, y = self.at(place)
        self._named(label, f'<path class="{kind}" transform="translate(9 0)" d="{SYMBOLS[symbol]}"/>')
        self.above.append(f'<path class="{kind}" transform="translate({_round(x)} {_round(y)})" d="{SYMBOLS[symbol]}"/>')
        if words:
            inner = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
            anchor, shift = ("end", -8) if x > 0.6 * inner[0] else ("start", 8)
            lower = (below and y < inner[1] - 16) or y < 16
            spot = f'x="{_round(x + shift)}" y="{_round(y + (14 if lower else -8))}" text-anchor="{anchor}"'
            self.above.append(f'<text class="at" {spot}>{escape(words)}</text>')

    def _path(self, written: str, kind: str, label: str, sample: str = "M0,0H18") -> None:
        if written:
            self._named(label, f'<path class="{kind}" d="{sample}"/>')
            self.drawn.append(f'<path class="{kind}" d="{written}"/>')

    def _named(self, label: str, sample: str) -> None:
        if label:
            self.legend.setdefault(label, sample)

    def svg(self, title: str) -> str:
        """The element, with its title for those who do not see it."""
        inner = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
        legend, rows = self._legend()
        size = f'width="{inner[0]:g}" height="{inner[1]:g}"'
        return (
            f'<svg class="plot" role="img" viewBox="0 0 {WIDTH:g} {HEIGHT + rows * ROW:g}"><title>{escape(title)}</title>'
            f'{self._axes()}<svg x="{LEFT:g}" y="{TOP:g}" {size}>{"".join(self.drawn)}</svg>'
            f'<g transform="translate({LEFT:g} {TOP:g})">{"".join(self.above)}</g>{legend}</svg>'
        )

    def _axes(self) -> str:
        inner = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
        written = f'<rect class="axis" x="{LEFT:g}" y="{TOP:g}" width="{inner[0]:g}" height="{inner[1]:g}"/>'
        for value, shown in ticks(self.across):
            x, y = LEFT + self.at((value, self.up[0]))[0], TOP + inner[1]
            written += f'<path class="axis" d="M{_round(x)},{y:g}v3"/><text x="{_round(x)}" y="{y + 12:g}">{shown}</text>'
        for value, shown in ticks(self.up):
            y = TOP + self.at((self.across[0], value))[1]
            written += f'<path class="axis" d="M{LEFT:g},{_round(y)}h-3"/>'
            written += f'<text class="left" x="{LEFT - 5:g}" y="{_round(y + 3)}">{shown}</text>'
        written += f'<text class="name" x="{LEFT + inner[0] / 2:g}" y="{HEIGHT - 8:g}">{escape(self.names[0])}</text>'
        return written + f'<text class="name" x="{8:g}" y="{TOP + inner[1] / 2:g}">{escape(self.names[1])}</text>'

    def _legend(self) -> tuple[str, int]:
        """The entries in rows, and how many rows there are."""
        written, x, row = "", 4.0, 0
        for label, sample in self.legend.items():
            width = 28 + LETTER * len(label)
            if x > 4.0 and x + width > WIDTH:
                x, row = 4.0, row + 1
            y = HEIGHT + row * ROW + 4
            written += f'<g transform="translate({x:g} {y:g})">{sample}<text class="key" x="22" y="3">{escape(label)}</text></g>'
            x += width
        return written, row + 1 if self.legend else 0


def ticks(span: Span) -> list[tuple[float, str]]:
    """Round numbers inside of the span, with their exact decimals."""
    width = span[1] - span[0]
    unit = 10.0 ** floor(log10(width / TICKS))
    step = next(unit * k for k in (1, 2, 5, 10) if width / (unit * k) <= TICKS)
    places = max(0, -floor(log10(step) + 1e-9))
    first = -floor(-span[0] / step + 1e-9)
    values = [k * step for k in range(first, floor(span[1] / step + 1e-9) + 1)]
    return [(v, _decimal(v, places)) for v in values]


def _decimal(value: float, places: int) -> str:
    written = f"{value:.{places}f}" if abs(value) < 1e5 else f"{value:.0e}".replace("e+0", "e").replace("e+", "e")
    return ("0" if float(written) == 0 else written).replace("-", "−")


def thinned(places: Sequence[Place]) -> list[Place]:
    """The points without those that are seen to lie on the line between others (Douglas and Peucker 1973)."""
    if len(places) < 3:
        return list(places)
    (x, y), (u, v) = places[0], places[-1]
    length = hypot(u - x, v - y)

    def away(p: Place) -> float:
        return hypot(p[0] - x, p[1] - y) if not length else abs((u - x) * (p[1] - y) - (v - y) * (p[0] - x)) / length

    far, most = max(enumerate(map(away, places)), key=lambda pair: pair[1])
    if most <= SEEN:
        return [places[0], places[-1]]
    return thinned(places[: far + 1])[:-1] + thinned(places[far:])


def _pieces(places: Iterable[Place]) -> list[list[Place]]:
    """The parts of a sequence of points between those that are not finite."""
    pieces: list[list[Place]] = [[]]
    for place in places:
        if isfinite(place[0]) and isfinite(place[1]):
            pieces[-1].append(place)
        elif pieces[-1]:
            pieces.append([])
    return [piece for piece in pieces if len(piece) > 1]


def _path(places: Sequence[Place]) -> str:
    return "M" + " ".join(f"{_round(x)},{_round(y)}" for x, y in places) if places else ""


def _round(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
