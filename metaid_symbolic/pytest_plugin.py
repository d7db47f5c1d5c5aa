"""pytest items from claims: `pytest --metaid proofs/my_theory` has a test for each claim of the theories it meets.

A claim decided as its author expects passes; a contradicted one, one whose certificate is rejected, and one that differs from
`statements.json` fail at their line; an open one is skipped, or fails with `--metaid-strict`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .pipeline import Report
    from .store.loading import Loaded
    from .theory import Claim

REPORTS = pytest.StashKey[dict[Path, "Report"]]()


class Contradicted(Exception):
    """What is known of a claim is not what its author expects."""


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("metaid", "theorems with certificates")
    group.addoption("--metaid", action="store_true", help="Collect each claim of the theories met as a test.")
    group.addoption("--metaid-strict", action="store_true", help="Open claims fail.")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """The step files of theories; other files with `--metaid` are as without it."""
    wanted = parent.config.getoption("--metaid") and file_path.match("step_*.py")
    return StepFile.from_parent(parent, path=file_path) if wanted else None


class StepFile(pytest.File):
    """A step of a theory: an item for each of its claims, and one for what is wrong with the theory."""

    def collect(self) -> Iterator[pytest.Item]:
        from .api import selected
        from .store.loading import load

        loaded = load(self.path)
        for name in selected(loaded):
            claim = loaded.theory.claims[name]
            if not claim.label:
                yield ClaimItem.from_parent(self, name=name, loaded=loaded, claim=claim)
        yield TheoryItem.from_parent(self, name="theory", loaded=loaded)

    def report(self, loaded: Loaded) -> Report:
        """The results of all claims of this step, searched once."""
        from .api import selected
        from .pipeline import Options, examine

        reports = self.config.stash.setdefault(REPORTS, {})
        if self.path not in reports:
            reports[self.path] = examine(loaded, selected(loaded), Options())
        return reports[self.path]


class TheoryItem(pytest.Item):
    """Passes if the theory can be read and its theorems and statements are those of `statements.json`."""

    def __init__(self, *, loaded: Loaded, **more: Any) -> None:
        super().__init__(**more)
        self.loaded = loaded

    def runtest(self) -> None:
        assert isinstance(self.parent, StepFile)
        report = self.parent.report(self.loaded)
        if problems := (*report.problems, *report.differences):
            raise Contradicted("\n".join(problems))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        return str(excinfo.value) if isinstance(excinfo.value, Contradicted) else super().repr_failure(excinfo, style)


class ClaimItem(pytest.Item):
    """Passes if the claim is decided as expected."""

    def __init__(self, *, loaded: Loaded, claim: Claim, **more: Any) -> None:
        super().__init__(**more)
        self.loaded, self.claim = loaded, claim

    def runtest(self) -> None:
        assert isinstance(self.parent, StepFile)
        result = self.parent.report(self.loaded)[self.claim.id]
        if result.trouble in ("rejected", "fault", "disagreement", "broken", "differs"):
            raise Contradicted(f"{result.trouble}: {result.reason}")
        if result.contradicted:
            raise Contradicted(f"{result.shown}, but its author expects {self.claim.expected}")
        if result.verdict.truth is None:
            if self.config.getoption("--metaid-strict"):
                raise Contradicted(f"{result.shown}: {result.reason}")
            pytest.skip(f"{result.shown}: {result.reason}")

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if not isinstance(excinfo.value, Contradicted):
            return super().repr_failure(excinfo, style)
        stated = self.claim.source or self.claim.words
        from .reports.continuous import evidence

        assert isinstance(self.parent, StepFile)
        witness = evidence(self.parent.report(self.loaded)[self.claim.id]).replace("\n", "\n    ")
        return f"{self.path.name}:{self.line + 1}: {self.claim.id} is {excinfo.value}\n    {stated}{witness}"

    @property
    def line(self) -> int:
        """The line of the claim in its file, counted from 0."""
        return max(int(self.claim.place.rpartition(":")[2] or 1) - 1, 0)

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, self.line, f"{self.claim.id}: {self.claim.source or self.claim.words}"
