"""What the analysis of an atlas found, as a data file: a theory is then made in seconds, without looking again.

For each cell the file holds the digest of its meta-problems and its claims as formulas.  The meta-problems are made by Python
each time; a cell whose digest differs from the file's is analysed anew, so that the file cannot disagree with the models.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ..claims import AtProblem
from ..problems import MetaProblem
from ..statements import digest
from ..terms import TRUE
from ..theory import Theory

FILE, SCHEMA = "found.json", 1
MEAN = ("weak", "strong")
"""The rungs whose claims are about the mean loss; all others are about the losses, each a task."""

Record = Mapping[str, Any]


def identity(problems: Iterable[MetaProblem]) -> str:
    """The digest of what the claims are about."""
    return digest(tuple(AtProblem(p, TRUE) for p in problems))


def read(path: Path) -> dict[str, Record]:
    """The records by cell; none where there is no such file, or one of another schema."""
    try:
        data = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    return dict(data["cells"]) if data.get("schema") == SCHEMA else {}


def written(cells: Mapping[str, Record]) -> str:
    """The text of the file."""
    return json.dumps({"schema": SCHEMA, "cells": cells}, indent=1, sort_keys=True) + "\n"


def record(theory: Theory, prefix: str, made: str) -> Record:
    """The claims of a cell."""
    listed = []
    for name, claim in theory.claims.items():
        if name.startswith(prefix):
            one = {"id": name.removeprefix(prefix), "source": claim.source, "expected": claim.expected, "words": claim.words}
            listed.append({k: v for k, v in one.items() if v not in (None, "")})
    return {"problems": made, "claims": listed}


def add(theory: Theory, prefix: str, found: Record, losses: MetaProblem, mean: MetaProblem) -> None:
    """The recorded claims about the losses, and about the mean loss."""
    for one in found["claims"]:
        problem = mean if one["id"] in MEAN else losses
        theory.at(prefix + one["id"], problem, one["source"], expected=one.get("expected"), words=one.get("words", ""))
