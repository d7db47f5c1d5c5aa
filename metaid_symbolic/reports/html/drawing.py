"""The dependency graph as inline SVG: a shape, a sign and a colour for each verdict, so that none is needed alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from ...verdicts import Result
from ..contents import Contents
from .layout import HEIGHT, Layout, Spot, laid_out

SIGNS = {
    "proved": "✓", "refuted": "✗", "assumed": "≡", "supported": "≈", "undecided": "?", "definition": "≔", "ill-posed": "!",
    "prose": "¶", "theorem": "§",
}  # fmt: skip
LETTER, PADDING, CUT = 7.3, 38.0, 8.0
ACROSS = 1180.0
MARKER = "M0,0 L7,3 L0,6 z"


def anchor(kind: str, name: str) -> str:
    """The `id` of the element about a claim or theorem: letters, digits and `-._~/!` of the name, `_` for a blank."""
    return f"{kind}-{name.replace(' ', '_')}"


def drawing(contents: Contents, dot: str | None = None) -> str:
    """The graph of the claims and the theorems they cite."""
    graph = contents.graph
    widths = {node: LETTER * len(node) + PADDING for node in graph}
    layout = laid_out(graph, widths, ACROSS, dot)
    size = {"viewBox": f"0 0 {layout.width:.0f} {layout.height:.0f}", "width": f"{layout.width:.0f}"}
    svg = Element(
        "svg", {**size, "height": f"{layout.height:.0f}", "role": "group", "aria-label": "Dependency graph", "id": "graph-svg"}
    )
    marker = SubElement(SubElement(svg, "defs"), "marker", {
        "id": "arrow", "markerWidth": "7", "markerHeight": "6", "refX": "7", "refY": "3", "orient": "auto",
    })  # fmt: skip
    SubElement(marker, "path", {"d": MARKER})
    for a, b, kind in graph.edges(data="kind"):
        _edge(svg, layout, a, b, kind)
    for node in graph:
        _node(svg, node, layout.spots[node], widths[node], contents.results.get(node))
    return tostring(svg, encoding="unicode")


def _edge(svg: Element, layout: Layout, a: str, b: str, kind: str) -> None:
    first, *rest = layout.curves[a, b]
    bends = " ".join(f"C{' '.join(map(_pair, rest[i : i + 3]))}" for i in range(0, len(rest), 3))
    path = SubElement(svg, "path", {"class": f"edge {kind}", "d": f"M{_pair(first)} {bends}", "marker-end": "url(#arrow)"})
    path.set("data-from", a)
    path.set("data-to", b)
    SubElement(path, "title").text = f"{a} {kind} {b}"


def _pair(spot: Spot) -> str:
    return f"{spot[0]:.1f},{spot[1]:.1f}"


def _node(svg: Element, node: str, spot: Spot, width: float, result: Result | None) -> None:
    kind = result.verdict.value if result is not None else "theorem"
    words = f"{node}: {result.shown}" if result is not None else f"cited theorem: {node}"
    link = SubElement(
        svg, "a", {"href": "#" + anchor("claim" if result is not None else "theorem", node), "class": f"node {kind}"}
    )
    link.set("id", anchor("node", node))
    link.set("data-id", node)
    link.set("aria-label", words)
    SubElement(link, "title").text = words
    SubElement(link, "path", {"d": outline(kind, spot, width)})
    x, y = f"{spot[0]:.1f}", f"{spot[1] + 4.2:.1f}"
    SubElement(link, "text", {"x": x, "y": y, "text-anchor": "middle"}).text = f"{SIGNS[kind]} {node}"


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
