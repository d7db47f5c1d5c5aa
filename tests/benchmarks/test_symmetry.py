"""Symmetries of a fixed list of models.

`pytest` asserts the known answers, that every generator is proved, and a generous bound for the processor time.
`python tests/benchmarks/test_symmetry.py` prints for each model our seconds of processor time, from the model to the proved
generators, and where symident is installed in the Python given by `--symident PYTHON` (or in this one) its processor time for
the continuous symmetries of the coefficients of the same model, with how many directions it finds exactly.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from importlib.util import find_spec

import pytest
from symmetry_problems import PROBLEMS

from metaid_symbolic import Model, symmetries
from metaid_symbolic.symmetry import Symmetries, analyse
from metaid_symbolic.symmetry.differentials import Differentials
from metaid_symbolic.terms import IllFormed

SECONDS = 8.0
"""Each takes less than 1 second of processor time; a machine that runs other things takes more."""
PEER_SECONDS = 60


def measured(name: str) -> tuple[Symmetries, float]:
    model = PROBLEMS[name].model()
    start = time.process_time()
    found = symmetries(model)
    _ = found.discrete.structure
    return found, time.process_time() - start


@pytest.mark.parametrize("name", PROBLEMS)
def test_symmetries_of_known_models(name: str) -> None:
    known = PROBLEMS[name]
    found, seconds = measured(name)
    affine = [v for v in found.vector_fields if v.degree <= 1]
    assert found.proved and found.discrete.order == known.order and len(affine) == known.fields
    assert len(found.model.parameters) - found.rank == known.fibre and seconds < SECONDS


def test_thirty_parameters() -> None:
    model = PROBLEMS["linear 3-5-3, 30 parameters"].model()
    start = time.process_time()
    found = analyse(model)
    assert len(found.vector_fields) == 25 and found.proved and time.process_time() - start < SECONDS


PEER = """
import json, sys, time
import symident
observables = json.load(sys.stdin)
start = time.process_time()
found = symident.detect(symident.Model({}, observables), reconstruct=True)
exact = sum(s["level"] == "exact" for s in found.symmetries)
print(json.dumps([time.process_time() - start, len(found.symmetries), exact]))
"""


def observables(model: Model) -> dict[str, str]:
    """The coefficients of the outputs in the inputs, gates included; of other functions those up to degree 5 at 0."""
    gated, _ = Differentials.of(model).algebraic
    try:
        listed = gated.coefficients() if gated.inputs else gated
    except IllFormed:
        listed = gated.jets(5)
    return {f"y{i}": str(term).replace("(-1)*", "-") for i, term in enumerate(listed.outputs)}


def peer(python: str, name: str) -> str:
    """Seconds and directions of symident; what went wrong otherwise."""
    given = json.dumps(observables(PROBLEMS[name].model()))
    try:
        done = subprocess.run(
            [python, "-c", PEER], input=given, capture_output=True, text=True, timeout=PEER_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return f"unfinished after {PEER_SECONDS} s"
    if done.returncode:
        return (done.stderr.strip().splitlines() or ["failed"])[-1][:60]
    seconds, directions, exact = json.loads(done.stdout.splitlines()[-1])
    return f"{seconds:8.2f} s, {directions} directions, {exact} exact"


def main() -> None:
    python = sys.argv[sys.argv.index("--symident") + 1] if "--symident" in sys.argv else ""
    python = python or (sys.executable if find_spec("symident") else "")
    symmetries(PROBLEMS["relu 1-1-1"].model())  # imports
    for name in PROBLEMS:
        found, seconds = measured(name)
        words = f"orbits {found.orbit_dimension} of {len(found.model.parameters) - found.rank}, {found.discrete.structure}"
        print(f"{name:30} {seconds:6.2f} s  {words:36} symident: {peer(python, name) if python else 'not installed'}", flush=True)


if __name__ == "__main__":
    main()
