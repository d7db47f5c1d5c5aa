"""What a certified generic rank costs, by the number of parameters: `python tests/benchmarks/rank_cost.py [FILE.png|FILE.svg]`.

Cubic networks of one output: the rank is the number of parameters less one for each hidden unit, proved from below by a minor
modulo a prime, from above by the scalings.  Prints a table, and plots it to the file if one is named (this needs matplotlib).
Seconds of processor time, one run each.
"""

from __future__ import annotations

import sys
import time

from metaid_symbolic.identify.observing import observed
from metaid_symbolic.identify.ranks import GenericRank, generic_rank
from metaid_symbolic.models.bases.networks import Network

SHAPES = ((9, 10), (19, 10), (19, 25), (19, 50), (39, 50), (39, 100))
"""Inputs and hidden units: (inputs + 1) hidden parameters."""


def measured(inputs: int, hidden: int) -> tuple[GenericRank, float]:
    """The rank, and the seconds from the terms of the model to it."""
    model = Network((inputs, hidden, 1), "cubic").model
    start = time.process_time()
    rank, _ = generic_rank(observed(model))
    return rank, time.process_time() - start


def plot(file: str, table: list[tuple[int, float]]) -> None:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(6, 4))
    axes.loglog([n for n, _ in table], [s for _, s in table], "o-")
    axes.set_xlabel("parameters")
    axes.set_ylabel("seconds of processor time")
    axes.set_title("certified generic rank of cubic networks")
    axes.grid(True, which="both", alpha=0.3)
    figure.savefig(file, bbox_inches="tight")


def main() -> None:
    measured(*SHAPES[0])  # imports, and compiles what is compiled at first use
    table = []
    print(f"{'parameters':>10} {'rank':>6} {'certain':>8} {'seconds':>8}")
    for inputs, hidden in SHAPES:
        rank, seconds = measured(inputs, hidden)
        table.append((rank.parameters, seconds))
        print(f"{rank.parameters:>10} {rank!s:>6} {rank.certain!s:>8} {seconds:>8.2f}")
    if len(sys.argv) > 1:
        plot(sys.argv[1], table)


if __name__ == "__main__":
    main()
