"""A graph as SVG: a shape, a sign and a colour for each verdict, so that none is needed alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, final
from xml.etree.ElementTree import Element, SubElement, tostring

from ...verdicts import Result
from ..contents import Contents
from .layout import HEIGHT, Spot, laid_out

SIGNS = {
    "proved": "✓", "refuted": "✗", "assumed": "≡", "supported": "≈", "undecided": "?", "definition": "≔", "ill-posed": "!",
    "prose": "¶", "theorem": "§",
}  # fmt: skip
LETTER, PADDING, CUT = 7.3, 38.0, 8.0
ACROSS = 1180.0
MARKER = "M0,0 L7,3 L0,6 z"


@final
@dataclass(frozen=True, slots=True)
class Node:
    """What a picture shows of a node: `kind` is a verdict, `theorem`, or another word that has no sign; `words` are its tooltip;
    `link` is where it leads, empty where that is nowhere."""

    label: str
    kind: str
    words: str
    link: str = ""

    @property
    def shown(self) -> str:
        return f"{SIGNS[self.kind]} {self.label}" if self.kind in SIGNS else self.label


def anchor(kind: str, name: str) -> str:
    """The `id` of the element about a claim or theorem: letters, digits and `-._~/!` of the name, `_` for a blank."""
    return f"{kind}-{name.replace(' ', '_')}"


def drawing(contents: Contents, dot: str | None = None) -> str:
    """The graph of the claims and the theorems they cite."""
    nodes = {name: _of_result(name, contents.results.get(name)) for name in contents.graph}
    svg = picture(contents.graph, nodes, dot)
    svg.attrib |= {"aria-label": "Dependency graph", "id": "graph-svg"}
    return tostring(svg, encoding="unicode")


def _of_result(name: str, result: Result | None) -> Node:
    if result is None:
        return Node(name, "theorem", f"cited theorem: {name}", "#" + anchor("theorem", name))
    return Node(name, result.verdict.value, f"{name}: {result.shown}", "#" + anchor("claim", name))


def picture(graph: Any, nodes: Mapping[str, Node], dot: str | None = None, mark: str = "arrow") -> Element:
    """The graph, its edges with their `kind`, as an `svg` element; `mark` is the id of the tip of its arrows."""
    widths = {name: LETTER * len(nodes[name].label) + PADDING for name in graph}
    layout = laid_out(graph, widths, ACROSS, dot)
    size = {"viewBox": f"0 0 {layout.width:.0f} {layout.height:.0f}", "width": f"{layout.width:.0f}"}
    svg = Element("svg", {**size, "height": f"{layout.height:.0f}", "role": "group"})
    marker = SubElement(SubElement(svg, "defs"), "marker", {
        "id": mark, "class": "tip", "markerWidth": "7", "markerHeight": "6", "refX": "7", "refY": "3", "orient": "auto",
    })  # fmt: skip
    SubElement(marker, "path", {"d": MARKER})
    for a, b, kind in graph.edges(data="kind"):
        _edge(svg, layout.curves[a, b], (a, kind, b), mark)
    for name in graph:
        _node(svg, name, nodes[name], layout.spots[name], widths[name])
    return svg


def _edge(svg: Element, curve: Sequence[Spot], said: tuple[str, str, str], mark: str) -> None:
    first, *rest = curve
    bends = " ".join(f"C{' '.join(map(_pair, rest[i : i + 3]))}" for i in range(0, len(rest), 3))
    path = SubElement(svg, "path", {"class": f"edge {said[1]}", "d": f"M{_pair(first)} {bends}", "marker-end": f"url(#{mark})"})
    path.set("data-from", said[0])
    path.set("data-to", said[2])
    SubElement(path, "title").text = " ".join(said)


def _pair(spot: Spot) -> str:
    return f"{spot[0]:.1f},{spot[1]:.1f}"


def _node(svg: Element, name: str, node: Node, spot: Spot, width: float) -> None:
    linked = {"href": node.link, "id": anchor("node", name)} if node.link else {}
    drawn = SubElement(svg, "a" if node.link else "g", {"class": f"node {node.kind}", **linked})
    drawn.set("data-id", name)
    drawn.set("aria-label", node.words)
    SubElement(drawn, "title").text = node.words
    SubElement(drawn, "path", {"d": outline(node.kind, spot, width)})
    x, y = f"{spot[0]:.1f}", f"{spot[1] + 4.2:.1f}"
    SubElement(drawn, "text", {"x": x, "y": y, "text-anchor": "middle"}).text = node.shown


def outline(kind: str, spot: Spot, width: float) -> str:
    """The outline of a node: round for proved, an octagon for refuted, slanted for theorems, a hexagon for assumed and
    supported, a rectangle for the rest."""
    (x, y), w, h = spot, width / 2, HEIGHT / 2
    if kind == "proved":
        turn, side = f"a{h:.1f},{h:.1f} 0 0 1 0,", 2 * (w - h)
        return f"M{x - w + h:.1f},{y - h:.1f} h{side:.1f} {turn}{2 * h:.1f} h{-side:.1f} {turn}{-2 * h:.1f} z"
    corners: Sequence[Any] = [(-w, -h), (w, -h), (w, h), (-w, h)]
    if kind == "refuted":
        corners = [
            (-w, CUT - h),
            (CUT - w, -h),
            (w - CUT, -h),
            (w, CUT - h),
            (w, h - CUT),
            (w - CUT, h),
            (CUT - w, h),
            (-w, h - CUT),
        ]
    elif kind == "theorem":
        corners = [(CUT - w, -h), (w, -h), (w - CUT, h), (-w, h)]
    elif kind in ("assumed", "supported"):
        corners = [(-w, 0), (CUT - w, -h), (w - CUT, -h), (w, 0), (w - CUT, h), (CUT - w, h)]
    return "M" + " L".join(f"{x + a:.1f},{y + b:.1f}" for a, b in corners) + " z"
