"""Enclosures on boxes, zeros of functions, smoothness of concrete losses: what the kernel accepts, and what it refuses."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from enclosure_tables import ACCEPTED, REFUSED, THEOREMS
from test_certificate_mutation import mutants, mutated

import metaid_symbolic
from metaid_symbolic.certificates import Certificate
from metaid_symbolic.claims import Claim
from metaid_symbolic.encoding import Malformed, decode, encode
from metaid_symbolic.kernel import Rejected, check

ARITHMETICS = pytest.mark.parametrize("arithmetic", ["python", "flint"])


@ARITHMETICS
@pytest.mark.parametrize("name", ACCEPTED)
def test_the_kernel_accepts(name: str, arithmetic: str) -> None:
    claim, certificate = ACCEPTED[name]
    read = decode(encode(claim), Claim), decode(encode(certificate), Certificate)
    assert read == (claim, certificate)
    assert check(*read, THEOREMS, arithmetic).truth


@ARITHMETICS
@pytest.mark.parametrize("name", REFUSED)
def test_the_kernel_rejects(name: str, arithmetic: str) -> None:
    with pytest.raises(Rejected):
        check(*REFUSED[name], THEOREMS, arithmetic)


def test_no_refusal_rests_on_an_assertion() -> None:
    place = {**os.environ, "PYTHONPATH": str(Path(metaid_symbolic.__file__).parent.parent)}
    command = [sys.executable, "-O", str(Path(__file__).parent / "enclosure_tables.py"), "python", "flint"]
    found = subprocess.run(command, capture_output=True, text=True, check=False, env=place)
    assert found.returncode == 0, found.stdout + found.stderr
    assert "debug False" in found.stdout


def test_values_of_transcendental_functions_make_a_verdict_enclosed() -> None:
    grades = {name: check(*ACCEPTED[name], THEOREMS).grade for name in ("root of an exponential", "root by its own square")}
    assert grades == {"root of an exponential": "enclosed", "root by its own square": "exact"}


@pytest.mark.parametrize("name", ACCEPTED)
def test_certificates_with_one_thing_changed(name: str) -> None:
    """They are refused, or establish what is true all the same."""
    claim, certificate = ACCEPTED[name]
    data = encode(certificate)
    for kind, place, new in mutants(data):
        try:
            found = check(claim, decode(mutated(data, place, new), Certificate), THEOREMS)
        except (Malformed, Rejected):
            continue
        assert found.truth, (kind, place)
