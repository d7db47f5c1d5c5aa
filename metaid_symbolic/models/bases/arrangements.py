"""The cells of an arrangement of rational hyperplanes in Q^n, each with a rational point inside."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import ceil

Point = tuple[Fraction, ...]
Hyperplane = tuple[Point, Fraction]
"""(a, c) is {x : a x = c}; with a = 0 it is empty or everything."""
Cell = tuple[tuple[int, ...], Point]
"""The signs of a x - c, one a hyperplane, on an open cell, and a point of it; 0 only where a x - c is 0 everywhere."""


def cells(hyperplanes: Sequence[Hyperplane], dimension: int) -> list[Cell]:
    """All cells, once each.

    A new hyperplane H cuts in two exactly those cells that meet it, and these are the cells of the arrangement on H; so the
    list is complete by induction on the dimension (Zaslavsky 1975, deletion and restriction).
    """
    found: list[Cell] = [((), (Fraction(0),) * dimension)]
    for place, plane in enumerate(hyperplanes):
        found = _with(found, hyperplanes[:place], plane)
    return found


def _with(found: list[Cell], before: Sequence[Hyperplane], plane: Hyperplane) -> list[Cell]:
    """The cells after one more hyperplane."""
    normal, offset = plane
    if not any(normal):
        return [((*signs, _sign(-offset)), point) for signs, point in found]
    meeting = dict(_cells_on(plane, before))
    after: list[Cell] = []
    for signs, point in found:
        if signs in meeting:
            on = meeting[signs]
            step = _step(on, normal, before)
            after += [((*signs, side), tuple(x + side * step * a for x, a in zip(on, normal, strict=True))) for side in (1, -1)]
        else:
            after.append(((*signs, _sign(_value(plane, point))), point))
    return after


def _cells_on(plane: Hyperplane, before: Sequence[Hyperplane]) -> list[Cell]:
    """The cells of the arrangement that the others cut on the hyperplane."""
    normal, offset = plane
    pivot = next(k for k, a in enumerate(normal) if a)
    restricted = []
    for other, constant in before:
        ratio = other[pivot] / normal[pivot]
        reduced = tuple(b - ratio * a for k, (a, b) in enumerate(zip(normal, other, strict=True)) if k != pivot)
        restricted.append((reduced, constant - ratio * offset))
    made = []
    for signs, point in cells(restricted, len(normal) - 1):
        rest = sum((a * x for a, x in zip(normal[:pivot] + normal[pivot + 1 :], point, strict=True)), Fraction(0))
        made.append((signs, (*point[:pivot], (offset - rest) / normal[pivot], *point[pivot:])))
    return made


def _step(point: Point, direction: Point, planes: Sequence[Hyperplane]) -> Fraction:
    """A step along +-direction from the point that crosses none of the planes it is not on: 1 or a unit fraction."""
    furthest = Fraction(0)
    for plane in planes:
        slope, value = abs(_dot(plane[0], direction)), abs(_value(plane, point))
        if slope:
            furthest = max(furthest, 2 * slope / value)
    return Fraction(1, max(1, ceil(furthest)))


def _dot(left: Point, right: Point) -> Fraction:
    return sum((a * b for a, b in zip(left, right, strict=True)), Fraction(0))


def _value(plane: Hyperplane, point: Point) -> Fraction:
    return _dot(plane[0], point) - plane[1]


def _sign(value: Fraction) -> int:
    return (value > 0) - (value < 0)
