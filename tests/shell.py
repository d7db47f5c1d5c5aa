"""The command line in a temporary folder, for tests."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

import pytest

import metaid_symbolic
from metaid_symbolic.cli import run
from metaid_symbolic.pipeline import recalled
from metaid_symbolic.reports.contents import Contents
from metaid_symbolic.store.loading import load
from metaid_symbolic.store.locating import locate

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(metaid_symbolic.__file__).parent.parent)}
HEAD = 'from metaid_symbolic import Theory\ntheory = Theory("t", step="S1", title="One")\n'
TRUE = 'theory.statement("a/true", "1 < 2", expected=True)\n'
FALSE = 'theory.statement("a/false", "2 < 1", expected=False)\n'
MAIN = 'if __name__ == "__main__":\n    theory.main()\n'


@dataclass
class Shell:
    """The command line in a folder."""

    capture: pytest.CaptureFixture[str]

    def __call__(self, *words: str) -> tuple[int, str, str]:
        code = run(words)
        out, err = self.capture.readouterr()
        return code, out, err

    def claims(self, *words: str) -> tuple[int, dict[str, str], str]:
        """Exit code, verdict by id, and stderr of `check --json`."""
        code, out, err = self("check", "--json", *words)
        return code, {c["id"]: c["verdict"] for c in json.loads(out)["claims"]}, err


def step(body: str, name: str = "step_01_x.py") -> Path:
    path = Path(name)
    path.write_text(HEAD + body)
    return path


def contents_of(path: Path | str, *ids: str) -> Contents:
    """What a report shows of these claims of the theory at a path, or of all."""
    loaded = load(locate(str(path)))
    return Contents(loaded, recalled(loaded, ids or tuple(loaded.theory.claims)))
