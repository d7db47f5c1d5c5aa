"""How long the commands take: `python tests/benchmarks/commands.py [THEORY]`.  Prints seconds; asserts nothing."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

THEORY = Path(__file__).parents[2] / "proofs" / "meta_identifiability"


def seconds(*arguments: str, runs: int = 1) -> list[float]:
    """Wall-clock seconds of `metaid` with these arguments, each run a new process."""
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-m", "metaid_symbolic", *arguments], capture_output=True, check=False)
        taken.append(time.perf_counter() - start)
    return sorted(taken)


def main(theory: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / theory.name
        shutil.copytree(theory, copy, ignore=shutil.ignore_patterns(".metaid", "certificates", "__pycache__"))
        rows = {
            "check, no certificates and no cache": seconds("check", str(copy)),
            "check again, unchanged": seconds("check", str(copy), runs=3),
            "recheck, python": seconds("recheck", str(copy), runs=3),
            "recheck, both arithmetics": seconds("recheck", str(copy), "--backend", "both", runs=3),
            "metaid --help": seconds("--help", runs=5),
        }
    for name, taken in rows.items():
        print(f"{name:38} median {taken[len(taken) // 2]:7.2f} s   (min {taken[0]:.2f}, max {taken[-1]:.2f}, {len(taken)} runs)")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else THEORY)
