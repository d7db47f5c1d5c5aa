"""A sample of the mutants of the kernel: the tables notice nearly every one; `python tests/kernel_mutation.py` tries them all."""

from __future__ import annotations

import os
import random
from collections import Counter

import pytest
from kernel_mutants import everything
from kernel_mutation import fates, reasons, report, rows

SAMPLE, SEED = 24, 2
MOST = 0.25
"""Of a small sample this part may survive; the whole run says how many of all do, and `kernel_mutants.txt` which."""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="mutants live in forked processes")
def test_the_tables_notice_mutants_of_the_kernel(counts: dict[str, Counter[str]]) -> None:
    chosen = random.Random(SEED).sample(everything(), SAMPLE)
    listed = {name: row for name, row in rows(False).items() if len(repr(row[1])) < 3000}
    found = fates(chosen, listed)
    strange = report(found, reasons())
    counts["mutants of the kernel, a sample"].update(what.split(":")[0] for what in found.values())
    assert len(found) == SAMPLE and len(strange) <= MOST * SAMPLE, strange


def test_every_mutant_has_its_own_name() -> None:
    names = [m.key for m in everything()]
    assert len(set(names)) == len(names) > 1500


def test_every_mutant_that_is_listed_exists() -> None:
    """A change of the kernel makes the reasons of the mutants of its statements void."""
    assert len(reasons()) > 50 and reasons().keys() <= {m.key for m in everything()}
