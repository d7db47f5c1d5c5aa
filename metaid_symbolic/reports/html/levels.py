"""Level lines of a function on a grid, by marching squares with linear interpolation (Lorensen and Cline 1987, in the plane)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .plane import Place

Edge = tuple[int, int, int]
"""The side of the grid from the node (i, j) to (i, j + 1) for direction 0, to (i + 1, j) for direction 1."""


def level_lines(xs: Any, ys: Any, values: Any, level: float) -> list[list[Place]]:
    """Where the interpolated function is `level`, as polygonal lines; `values[i, j]` is that at (xs[j], ys[i])."""
    spots: dict[Edge, Place] = {}
    links: dict[Edge, list[Edge]] = {}
    for a, b in _segments(values, level):
        for edge in (a, b):
            spots.setdefault(edge, _crossing(xs, ys, values, level, edge))
        links.setdefault(a, []).append(b)
        links.setdefault(b, []).append(a)
    return [[spots[edge] for edge in line] for line in _joined(links)]


def _segments(values: Any, level: float) -> Iterator[tuple[Edge, Edge]]:
    """The pairs of sides that a line of the level joins inside of a cell; at a saddle the cell's mean decides."""
    import numpy as np

    above = values > level
    corners = np.stack([above[:-1, :-1], above[:-1, 1:], above[1:, 1:], above[1:, :-1]])
    known = np.isfinite(values)
    whole = known[:-1, :-1] & known[:-1, 1:] & known[1:, 1:] & known[1:, :-1]
    for i, j in np.argwhere(whole & (corners.any(axis=0) != corners.all(axis=0))).tolist():
        sides: list[Edge] = [(i, j, 0), (i, j + 1, 1), (i + 1, j, 0), (i, j, 1)]
        here = corners[:, i, j]
        crossed = [k for k in range(4) if here[k] != here[(k + 1) % 4]]
        if len(crossed) == 4 and bool(here[0]) == bool(values[i : i + 2, j : j + 2].mean() > level):
            crossed = [0, 1, 2, 3]
        elif len(crossed) == 4:
            crossed = [3, 0, 1, 2]
        for k in range(0, len(crossed), 2):
            yield sides[crossed[k]], sides[crossed[k + 1]]


def _crossing(xs: Any, ys: Any, values: Any, level: float, edge: Edge) -> Place:
    i, j, down = edge
    u, v = (i + 1, j) if down else (i, j + 1)
    share = (level - values[i, j]) / (values[u, v] - values[i, j])
    return float(xs[j] + share * (xs[v] - xs[j])), float(ys[i] + share * (ys[u] - ys[i]))


def _joined(links: dict[Edge, list[Edge]]) -> Iterator[list[Edge]]:
    """The segments put together: open lines from their ends, then closed ones."""
    left = {edge: list(others) for edge, others in links.items()}
    for start in sorted(left, key=lambda edge: len(left[edge])):
        while left[start]:
            line = [start]
            while left[line[-1]]:
                other = left[line[-1]].pop()
                left[other].remove(line[-1])
                line.append(other)
            yield line
