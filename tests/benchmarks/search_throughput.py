"""Candidates a second that searches look at, with one process, two, and on a local Dask cluster of two workers.

`python tests/benchmarks/search_throughput.py [budget]` enumerates meta-problems for conjectures that none of them refutes, so
that every candidate is looked at.  Starting the processes counts.
"""

from __future__ import annotations

import os
import sys
import time

from metaid_symbolic.conjectures import search
from metaid_symbolic.running.session import Session

CONJECTURES = ("CRIT & HPDCRIT => HPD", "SCONV & EXISTS => UNIQ", "FPD => SPAN")


def throughput(budget: int, jobs: int, scheduler: str = "") -> tuple[int, float]:
    """How many candidates were looked at, and in how many seconds."""
    start, count = time.perf_counter(), 0
    for text in CONJECTURES:
        answer = search(
            text, budget=budget, timeout=600.0, jobs=jobs, strategies=("small", "enumeration"), session=Session(scheduler)
        )
        assert answer.result.verdict.truth is None
        count += sum(part.candidates for part in answer.parts)
    return count, time.perf_counter() - start


def shown(name: str, count: int, seconds: float) -> str:
    return f"{name:<24} {count:6} candidates in {seconds:6.1f} s: {count / seconds:6.0f} a second"


def main() -> None:
    budget = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    for jobs in (1, 2):
        print(shown(f"{jobs} processes", *throughput(budget, jobs)), flush=True)
    try:
        from distributed import LocalCluster
    except ImportError:
        print("Dask is not installed")
        return
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50) as cluster:
        print(shown("2 Dask workers", *throughput(budget, 0, cluster.scheduler_address)))


if __name__ == "__main__":
    main()
