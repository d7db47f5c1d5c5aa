"""Where the nodes of a dependency graph stand: by Graphviz where it is installed, else in layers of our own.

Each connected component is laid out alone, from left to right, and the components are put side by side on shelves.
"""

from __future__ import annotations

import shlex
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, final

HEIGHT, GAP, MARGIN = 26.0, 14.0, 12.0
ACROSS = 70.0
"""Between layers."""
SWEEPS = 6
SECONDS = 20.0

Spot = tuple[float, float]


@final
@dataclass(frozen=True, slots=True)
class Layout:
    """Centres of nodes, curves of edges as points (one, then three for each cubic piece), and the size of the picture."""

    spots: Mapping[str, Spot]
    curves: Mapping[tuple[str, str], tuple[Spot, ...]]
    width: float
    height: float

    def moved(self, x: float, y: float) -> Layout:
        spots = {n: (a + x, b + y) for n, (a, b) in self.spots.items()}
        curves = {e: tuple((a + x, b + y) for a, b in c) for e, c in self.curves.items()}
        return Layout(spots, curves, self.width, self.height)


def laid_out(graph: Any, widths: Mapping[str, float], across: float, dot: str | None = None) -> Layout:
    """The whole graph in a picture about `across` wide.

    `dot` is Graphviz's program; None looks for it, empty text does without.
    """
    import networkx

    program = shutil.which("dot") or "" if dot is None else dot
    order = {node: i for i, node in enumerate(graph)}
    parts = [sorted(p, key=order.__getitem__) for p in networkx.weakly_connected_components(graph)]
    parts.sort(key=lambda p: (-len(p), order[p[0]]))
    made = [_component(graph.subgraph(p), p, widths, program) for p in parts]
    return _shelved(made, across)


def _component(part: Any, nodes: Sequence[str], widths: Mapping[str, float], program: str) -> Layout:
    if len(nodes) == 1:
        return Layout({nodes[0]: (widths[nodes[0]] / 2, HEIGHT / 2)}, {}, widths[nodes[0]], HEIGHT)
    dot = program and len(nodes) > 2
    return (_by_dot(part, nodes, widths, program) if dot else None) or _layered(part, nodes, widths)


def _shelved(parts: Sequence[Layout], across: float) -> Layout:
    """Components from left to right, a new shelf where the width is used up."""
    spots: dict[str, Spot] = {}
    curves: dict[tuple[str, str], tuple[Spot, ...]] = {}
    x = y = MARGIN
    tallest = widest = 0.0
    for part in parts:
        if x > MARGIN and x + part.width > across:
            x, y, tallest = MARGIN, y + tallest + GAP, 0.0
        placed = part.moved(x, y)
        spots |= placed.spots
        curves |= placed.curves
        x, tallest = x + part.width + GAP, max(tallest, part.height)
        widest = max(widest, x)
    return Layout(spots, curves, widest, y + tallest + MARGIN)


def _by_dot(part: Any, nodes: Sequence[str], widths: Mapping[str, float], program: str) -> Layout | None:
    """Graphviz's layout; None if it fails."""
    names = {node: f"n{i}" for i, node in enumerate(nodes)}
    back = {name: node for node, name in names.items()}
    lines = [f"{names[n]} [width={widths[n] / 72:.3f},height={HEIGHT / 72:.3f}];" for n in nodes]
    lines += [f"{names[a]} -> {names[b]};" for a, b in sorted(part.edges, key=lambda e: (names[e[0]], names[e[1]]))]
    head = f"rankdir=LR; ranksep={ACROSS / 72:.2f}; nodesep={GAP / 72:.2f}; node [shape=box,fixedsize=true]; edge [dir=none];"
    source = "\n".join(["digraph {", head, *lines, "}"])
    try:
        done = subprocess.run([program, "-Tplain"], input=source, capture_output=True, text=True, check=True, timeout=SECONDS)
    except (OSError, subprocess.SubprocessError):
        return None
    spots: dict[str, Spot] = {}
    curves: dict[tuple[str, str], tuple[Spot, ...]] = {}
    width = height = 0.0
    for words in map(shlex.split, done.stdout.splitlines()):
        match words:
            case ["graph", _, w, h]:
                width, height = float(w) * 72, float(h) * 72
            case ["node", name, x, y, *_]:
                spots[back[name]] = (float(x) * 72, height - float(y) * 72)
            case ["edge", a, b, count, *rest]:
                ends = [float(v) * 72 for v in rest[: 2 * int(count)]]
                curves[back[a], back[b]] = tuple((x, height - y) for x, y in zip(ends[::2], ends[1::2], strict=True))
    return Layout(spots, curves, width, height)


def _layered(part: Any, nodes: Sequence[str], widths: Mapping[str, float]) -> Layout:
    """Layers by the longest way from a node that nothing points to; in a layer by the mean height of the neighbours."""
    layers = _layers(part, nodes)
    rows = {node: float(i) for layer in layers for i, node in enumerate(layer)}
    for sweep in range(SWEEPS):
        for layer in layers if sweep % 2 == 0 else layers[::-1]:
            layer.sort(key=lambda n: (_mean([rows[m] for m in (*part.predecessors(n), *part.successors(n))], rows[n]), n))
            rows |= {node: float(i) for i, node in enumerate(layer)}
    tallest = max(map(len, layers))
    spots: dict[str, Spot] = {}
    x = 0.0
    for layer in layers:
        wide = max(widths[n] for n in layer)
        top = (tallest - len(layer)) / 2
        spots |= {n: (x + wide / 2, (top + i) * (HEIGHT + GAP) + HEIGHT / 2) for i, n in enumerate(layer)}
        x += wide + ACROSS
    curves = {(a, b): _curve(spots[a], spots[b], widths[a], widths[b]) for a, b in part.edges}
    return Layout(spots, curves, x - ACROSS, tallest * (HEIGHT + GAP) - GAP)


def _layers(part: Any, nodes: Sequence[str]) -> list[list[str]]:
    """Every edge that closes no circle points to a later layer."""
    depth: dict[str, int] = {}
    left = list(nodes)
    while left:
        free = [n for n in left if all(p in depth for p in part.predecessors(n))] or left[:1]
        for n in free:
            depth[n] = max((depth[p] + 1 for p in part.predecessors(n) if p in depth), default=0)
        left = [n for n in left if n not in depth]
    return [[n for n in nodes if depth[n] == level] for level in range(max(depth.values()) + 1)]


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _curve(start: Spot, end: Spot, wide: float, wide_end: float) -> tuple[Spot, ...]:
    a, b = (start[0] + wide / 2, start[1]), (end[0] - wide_end / 2, end[1])
    reach = max(abs(b[0] - a[0]) / 2, 24.0)
    return (a, (a[0] + reach, a[1]), (b[0] - reach, b[1]), b)
