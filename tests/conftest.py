"""Fixtures that several test modules share."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest
from shell import Shell


@pytest.fixture
def metaid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return Shell(capsys)


COUNTS: dict[str, Counter[str]] = defaultdict(Counter)


@pytest.fixture
def counts() -> dict[str, Counter[str]]:
    """What a run of random or changed input met, by the name of the run; printed when the tests have run."""
    return COUNTS


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker process of a parallel run hands its counts to the one that prints them."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["counts"] = {name: dict(found) for name, found in COUNTS.items()}


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    for name, found in getattr(node, "workeroutput", {}).get("counts", {}).items():
        COUNTS[name].update(found)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    for name, found in COUNTS.items():
        listed = ", ".join(f"{count} {what}" for what, count in sorted(found.items()))
        terminalreporter.write_line(f"{name}: {sum(found.values())} in all; {listed}")
