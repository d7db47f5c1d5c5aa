"""Certificates that establish nothing: wrong steps, wrong problems, partial terms, captured names, and long numbers."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from kernel_tables import ACCEPTED, REFUSED, THEOREMS

import metaid_symbolic
from metaid_symbolic.kernel import Rejected, check

HERE = Path(__file__).parent


@pytest.mark.parametrize("arithmetic", ["python", "flint"])
@pytest.mark.parametrize("name", REFUSED)
def test_the_kernel_rejects(name: str, arithmetic: str) -> None:
    with pytest.raises(Rejected):
        check(*REFUSED[name], THEOREMS, arithmetic)


def test_as_many_rows_are_refused_as_accepted() -> None:
    assert len(REFUSED) >= len(ACCEPTED)


def test_no_refusal_rests_on_an_assertion() -> None:
    place = {**os.environ, "PYTHONPATH": str(Path(metaid_symbolic.__file__).parent.parent)}
    command = [sys.executable, "-O", str(HERE / "kernel_tables.py"), "python", "flint"]
    found = subprocess.run(command, capture_output=True, text=True, check=False, env=place)
    assert found.returncode == 0, found.stdout + found.stderr
    assert "debug False" in found.stdout


def test_an_unknown_arithmetic_is_refused() -> None:
    claim, certificate, _ = ACCEPTED["done"]
    with pytest.raises(Rejected, match="no arithmetic"):
        check(claim, certificate, THEOREMS, "floats")
