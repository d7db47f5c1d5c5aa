"""What derivatives cost against the number of parameters: `python tests/benchmarks/calculus_cost.py [FILE.png|FILE.svg]`.

Prints a table, and plots it to the file if one is named (this needs matplotlib).  Seconds of processor time, one run each.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

from metaid_symbolic.calculus.derive import derive
from metaid_symbolic.models.laws import finite_law
from metaid_symbolic.problems import MetaProblem
from metaid_symbolic.programs import gradient_program
from metaid_symbolic.programs.numbers import Floats, Modulo
from metaid_symbolic.terms import Term, number, symbol, total

SIZES = (10, 20, 50, 100, 200, 500, 1000, 2000)
EXPANDED = 100
"""The largest number of parameters for which the polynomials are multiplied out: the Hessian then has 10^6 terms."""
PRIME = 2**31 - 1
COLUMNS = ("read", "gradient program", "gradient mod p", "Hessian mod p", "Hessian in doubles", "Hessian multiplied out")


def network(hidden: int, inputs: int, points: int = 1) -> tuple[Term, tuple[str, ...]]:
    """The squared loss of sum_i v_i (sum_j w_ij x_j)^2 at so many data points, and its hidden (inputs + 1) parameters."""
    w = [[symbol(f"w_{i}_{j}") for j in range(inputs)] for i in range(hidden)]
    v = [symbol(f"v_{i}") for i in range(hidden)]
    losses = []
    for k in range(points):
        x = [number((3 * k + 7 * j * j + k * j + 1) % 11 - 5) for j in range(inputs)]
        sums = (total([w[i][j] * x[j] for j in range(inputs)]) for i in range(hidden))
        losses.append((total([v[i] * s**2 for i, s in enumerate(sums)]) - number(k % 3 + 1)) ** 2 / 2)
    return total(losses), tuple(s.args[0] for s in (*v, *(entry for row in w for entry in row)))


def problem(parameters: int, points: int = 1) -> MetaProblem:
    """One task: the network with 4 inputs (1 for fewer than 20 parameters)."""
    inputs = 4 if parameters >= 20 else 1
    loss, names = network(parameters // (inputs + 1), inputs, points)
    return finite_law(names, [loss])


def seconds(work: Callable[[], Any]) -> tuple[Any, float]:
    """The result, and the seconds of this process's own time (other processes do not count)."""
    start = time.process_time()
    made = work()
    return made, time.process_time() - start


def row(parameters: int) -> list[float | None]:
    """The seconds in `COLUMNS`."""
    loss, names = problem(parameters).losses[0], problem(parameters).parameters
    point = [(7919 * i * i + 13) % 1_000_003 for i in range(parameters)]
    near = [float(x) / 1e6 for x in point]
    _, reading = seconds(lambda: problem(parameters))
    slope, made = seconds(lambda: gradient_program(loss, names))
    _, modular = seconds(lambda: slope.evaluate(point, Modulo(PRIME)))
    _, hessian = seconds(lambda: slope.derivative(names).evaluate(point, Modulo(PRIME)))
    _, doubles = seconds(lambda: slope.derivative(names).evaluate(near, Floats()))
    expanded = None
    if parameters <= EXPANDED:
        _, expanded = seconds(lambda: derive(problem(parameters)).hessian.polynomials)
    return [reading, made, modular, hessian, doubles, expanded]


def table() -> dict[int, list[float | None]]:
    row(SIZES[0])  # so that no row counts what is imported when it is first used
    print("parameters" + "".join(f"{name:>24}" for name in COLUMNS))
    rows = {}
    for parameters in SIZES:
        rows[parameters] = row(parameters)
        shown = (f"{s:22.4f} s" if s is not None else f"{'':24}" for s in rows[parameters])
        print(f"{parameters:10d}" + "".join(shown), flush=True)
    return rows


def plot(rows: dict[int, list[float | None]], path: str) -> None:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 5))
    for i, name in enumerate(COLUMNS):
        drawn = [(n, r[i]) for n, r in rows.items() if r[i] is not None]
        axes.loglog(*zip(*drawn, strict=True), marker="o", label=name)
    axes.set_xlabel("parameters")
    axes.set_ylabel("seconds")
    axes.grid(True, which="both", alpha=0.3)
    axes.legend()
    figure.savefig(path, dpi=150, bbox_inches="tight")


if __name__ == "__main__":
    measured = table()
    if len(sys.argv) > 1:
        plot(measured, sys.argv[1])
