"""Certificates that establish their claim: for each rule and each step of a proof a row, in both arithmetics."""

from __future__ import annotations

import pytest
from kernel_tables import ACCEPTED, THEOREMS

from metaid_symbolic.certificates import Certificate
from metaid_symbolic.claims import Claim
from metaid_symbolic.encoding import decode, encode
from metaid_symbolic.kernel import check

ENCLOSED = {name for name in ACCEPTED if name.startswith("enclose")}


@pytest.mark.parametrize("arithmetic", ["python", "flint"])
@pytest.mark.parametrize("name", ACCEPTED)
def test_the_kernel_accepts(name: str, arithmetic: str) -> None:
    claim, certificate, truth = ACCEPTED[name]
    read = decode(encode(claim), Claim), decode(encode(certificate), Certificate)
    assert read == (claim, certificate)
    found = check(*read, THEOREMS, arithmetic)
    assert (found.truth, found.grade) == (truth, "enclosed" if name in ENCLOSED else "exact")
    assert found.theorems == (("Cauchy and Schwarz",) if name == "cited theorem" else ())
