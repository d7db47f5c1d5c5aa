"""Graphs as SVG files of their own: the claims of a theory, the lattice of conditions, and the plot of an example."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, fromstring, tostring

from ...lattice.drawing import about
from ...lattice.lattice import Lattice
from ...theory import Claim
from ...verdicts import Result
from .drawing import Node, picture

STYLE = """
.node path { fill: $ground; stroke: $faint; stroke-width: 1.6 }
.node text { fill: $ink; font: 12px "DejaVu Sans Mono", monospace }
.node.undecided path { stroke-dasharray: 5 3 } .node.theorem path { stroke: $theorem; stroke-width: 2.6 }
.node.proved path { stroke: $proved } .node.refuted path { stroke: $refuted } .node.assumed path { stroke: $assumed }
.node.supported path { stroke: $supported } .node.undecided path { stroke: $undecided }
.edge { fill: none; stroke: $faint; stroke-width: 1.3 }
.edge.repairs { stroke: $assumed; stroke-width: 1.8; stroke-dasharray: 7 4 }
.edge.specialises { stroke-dasharray: 2 3 } .edge.reads { stroke-dasharray: 9 3 2 3 } .edge.cites { stroke: $theorem }
.tip path { fill: $faint }
"""
"""With the names of the report's colours, put in as numbers, since few programs that show SVG know variables."""
NO_VERDICT = "unknown"
"""The kind of a claim whose verdict is not known: a rectangle without a sign."""


def graph_svg(part: Any, claims: Mapping[str, Claim], results: Mapping[str, Result], dot: str | None = None) -> str:
    """A file with a dependency graph; claims without a result are drawn without a verdict, other names are cited theorems.
    `dot`: see `laid_out`."""
    return _file(picture(part, {name: _claim(name, claims, results) for name in part}, dot), "Dependency graph")


def _claim(name: str, claims: Mapping[str, Claim], results: Mapping[str, Result]) -> Node:
    if name not in claims:
        return Node(name, "theorem", f"cited theorem: {name}")
    if name not in results:
        return Node(name, NO_VERDICT, f"{name}: no verdict is known")
    return Node(name, results[name].verdict.value, f"{name}: {results[name].shown}")


def lattice_picture(made: Lattice, dot: str | None = None, mark: str = "arrow") -> Element:
    """Each class of equivalent conditions as a node, with arrows to what it implies, and in its tooltip an example for each class
    that it does not imply; see `picture`."""
    import networkx

    shown = networkx.DiGraph()
    nodes = {}
    for one in made.classes():
        nodes[one[0]] = Node(" = ".join(one), "condition", about(made, one))
        shown.add_node(one[0])
    shown.add_edges_from(((a[0], b[0]) for a, b in made.reduction()), kind="implies")
    return picture(shown, nodes, dot, mark)


def lattice_svg(made: Lattice, dot: str | None = None) -> str:
    """A file with the lattice of conditions, stronger ones to the left of what they imply."""
    return _file(lattice_picture(made, dot), "Implications between conditions, of " + (" & ".join(made.given) or "all problems"))


def plot_svg(plot: str, title: str) -> str:
    """A file with a plot of the report: the same element with the same rules, in the report's light colours."""
    rules = "\n".join(line for line in _sheet().splitlines() if line.startswith(".plot "))
    return _file(fromstring(plot), title, re.sub(r"var\(--([a-z]+)\)", r"$\1", rules))


def _file(svg: Element, title: str, rules: str = STYLE) -> str:
    svg.attrib |= {"xmlns": "http://www.w3.org/2000/svg", "aria-label": title}
    ground = Element("rect", {"width": "100%", "height": "100%", "fill": _colours()["ground"]})
    style, named = Element("style"), Element("title")
    style.text, named.text = re.sub(r"\$([a-z]+)", lambda found: _colours()[found[1]], rules), title
    svg[:0] = [named, style, ground]
    return tostring(svg, encoding="unicode")


@cache
def _colours() -> Mapping[str, str]:
    """The light colours of the report."""
    return dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6});", _sheet()[: _sheet().index("}")]))


@cache
def _sheet() -> str:
    return Path(__file__).with_name("report.css").read_text(encoding="utf-8")


__all__ = ["NO_VERDICT", "graph_svg", "lattice_picture", "lattice_svg", "plot_svg"]
