"""Open polyhedral cones over Q: a point, or a proof that there is none."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

Row = Sequence[Fraction]


def point_in_cone(rows: Sequence[Row], dimension: int) -> tuple[Fraction, ...] | None:
    """x with a x > 0 for all rows a; None if there is none.

    There is none exactly where y >= 0 with sum_j y_j a_j = 0 and sum_j y_j = 1 exists (Gordan 1873).  The simplex method with
    Bland's rule minimises the sum of the artificial variables of these equations; where it is not 0, the dual variables are x.
    """
    if not rows:
        return (Fraction(0),) * dimension
    count, height = len(rows), dimension + 1
    table = [[*(row[i] for row in rows), *_unit(height, i), Fraction(0)] for i in range(dimension)]
    table.append([*(Fraction(1) for _ in rows), *_unit(height, dimension), Fraction(1)])
    cost = [-sum((line[j] for line in table), Fraction(0)) for j in range(count + height + 1)]
    for i in range(height):
        cost[count + i] = Fraction(0)
    basis = [count + i for i in range(height)]
    while (enters := next((j for j in range(count + height) if cost[j] < 0), None)) is not None:
        ratios = [(line[-1] / line[enters], basis[i], i) for i, line in enumerate(table) if line[enters] > 0]
        leaves = min(ratios)[2]  # bounded below by 0, so some entry is positive
        _pivot(table, cost, leaves, enters)
        basis[leaves] = enters
    if not cost[-1]:
        return None
    return tuple(cost[count + i] - 1 for i in range(dimension))


def _unit(size: int, place: int) -> list[Fraction]:
    return [Fraction(int(i == place)) for i in range(size)]


def _pivot(table: list[list[Fraction]], cost: list[Fraction], row: int, column: int) -> None:
    pivot = table[row][column]
    table[row] = [x / pivot if x else x for x in table[row]]
    chosen = [(j, x) for j, x in enumerate(table[row]) if x]
    for line in (*(line for i, line in enumerate(table) if i != row), cost):
        if factor := line[column]:
            for j, x in chosen:
                line[j] -= factor * x
