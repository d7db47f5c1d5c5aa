"""Rates of gradient methods on a fixed list of problems.

`pytest` asserts that each true one is proved, in both arithmetics, and none of the false ones; it asserts no time.
`python tests/benchmarks/test_rates.py` prints for each problem our seconds and constant, and where PEPit is installed in the
Python given by `--pepit PYTHON` (or in this one) its seconds and its numerical worst case.
"""

from __future__ import annotations

import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import pytest
from rate_problems import FALSE, TIGHT, Rate

from metaid_symbolic.certificates import Derivation
from metaid_symbolic.claims import ForAllProblems
from metaid_symbolic.kernel import check
from metaid_symbolic.kernel.rules import formulas
from metaid_symbolic.search.gradient_methods.rates import rate
from metaid_symbolic.store.loading import load
from metaid_symbolic.theory import Theory

THEOREMS = load(Path(__file__).parents[2] / "proofs" / "meta_identifiability").theory.theorems


def proved(problem: Rate) -> Derivation | None:
    assertion = claim_of(problem)
    found = rate(assertion.universe, formulas(assertion), THEOREMS)
    return None if found is None else Derivation(found)


def claim_of(problem: Rate) -> ForAllProblems:
    assertion = Theory("benchmark").claim("p", problem.claim).assertion
    assert isinstance(assertion, ForAllProblems)
    return assertion


@pytest.mark.parametrize("name", TIGHT)
def test_a_tight_rate_is_proved(name: str) -> None:
    found = proved(TIGHT[name])
    assert found is not None
    for arithmetic in ("python", "flint"):
        assert check(claim_of(TIGHT[name]), found, THEOREMS, arithmetic).truth


@pytest.mark.parametrize("name", FALSE)
def test_a_better_rate_stays_unproved(name: str) -> None:
    assert proved(FALSE[name]) is None


PEPIT = """
import sys, time
sys.path.insert(0, {folder!r})
from rate_problems import FALSE, TIGHT
from PEPit import PEP
from PEPit.functions import ConvexFunction, SmoothConvexFunction, SmoothFunction
from PEPit.functions import SmoothStronglyConvexFunction, StronglyConvexFunction
from PEPit.primitive_steps import proximal_step

def function(pep, p):
    mu, ell = (None if b is None else float(b) for b in (p.mu, p.ell))
    if ell is None:
        return pep.declare_function(StronglyConvexFunction, mu=mu) if mu else pep.declare_function(ConvexFunction)
    if mu is None:
        return pep.declare_function(SmoothFunction, L=ell)
    if mu:
        return pep.declare_function(SmoothStronglyConvexFunction, mu=mu, L=ell)
    return pep.declare_function(SmoothConvexFunction, L=ell)

def moved(p, f, x):
    for step in map(float, p.steps):
        x = proximal_step(x, f, step)[0] if p.proximal else x - step * f.gradient(x)
    return x

def worst(p):
    pep = PEP()
    f = function(pep, p)
    x = pep.set_initial_point()
    if p.initial == "pair":
        y = pep.set_initial_point()
        pep.set_initial_condition((x - y) ** 2 <= 1)
        pep.set_performance_metric((moved(p, f, x) - moved(p, f, y)) ** 2)
        return pep.solve(verbose=0)
    a = f.stationary_point()
    measure = dict(distance=lambda z: (z - a) ** 2, value=lambda z: f(z) - f(a), gradient=lambda z: f.gradient(z) ** 2)
    pep.set_initial_condition(measure[p.initial](x) <= 1)
    pep.set_performance_metric(measure[p.final](moved(p, f, x)))
    return pep.solve(verbose=0)

for name, p in TIGHT.items():
    start = time.perf_counter()
    try:
        value = worst(p)
        print(f"{{name}}|{{time.perf_counter() - start:.2f}}|{{value:.8f}}", flush=True)
    except Exception as cause:
        print(f"{{name}}|{{time.perf_counter() - start:.2f}}|{{type(cause).__name__}}", flush=True)
"""


def pepit(python: str) -> dict[str, tuple[str, str]]:
    """Its seconds and worst case for each tight problem."""
    source = PEPIT.format(folder=str(Path(__file__).parent))
    done = subprocess.run([python, "-W", "ignore", "-c", source], capture_output=True, text=True, check=False)
    lines = [line.split("|") for line in done.stdout.splitlines() if line.count("|") == 2]
    return {name: (seconds, value) for name, seconds, value in lines}


def main(arguments: list[str]) -> None:
    python = arguments[1] if arguments[:1] == ["--pepit"] else sys.executable if find_spec("PEPit") else ""
    theirs = pepit(python) if python else {}
    print(f"{'':40} {'seconds':>8} {'constant':>10} {'proved':>7}   {'PEPit: seconds':>14} {'worst case':>12}")
    for truth, problems in ((True, TIGHT), (False, FALSE)):
        for name, problem in problems.items():
            start = time.perf_counter()
            found = proved(problem) is not None
            seconds, value = theirs.get(name, ("", "")) if truth else ("", "")
            taken = time.perf_counter() - start
            print(f"{name:40} {taken:8.2f} {problem.constant!s:>10} {'yes' if found else 'no':>7}   {seconds:>14} {value:>12}")


if __name__ == "__main__":
    main(sys.argv[1:])
