"""What a report on a theory shows, whatever its format: page, claims with their results, theorems, graph, gaps."""

from __future__ import annotations

import importlib.metadata
import platform
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar, final

from ..claims import Theorem
from ..dependencies import graph
from ..pipeline import Report
from ..store.cache import TRUSTED, sources_digest
from ..store.files import Files
from ..store.loading import Loaded
from ..verdicts import Result
from .page import Block, blocks, page_of

Made = TypeVar("Made")
PACKAGES = ("sympy", "python-flint", "mpmath", "numpy", "networkx", "matplotlib", "jinja2", "markdown-it-py")
FAILURES = (ValueError, TypeError, LookupError, ArithmeticError, AttributeError, RecursionError)
"""What a printer may raise about a formula that it does not know; the report says so at its place and goes on."""


@final
@dataclass
class Contents:
    """A loaded theory and the report on some of its claims.  `gaps` says (where, what is missing), as it is found out."""

    loaded: Loaded
    report: Report
    gaps: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.gaps += [("theory", problem) for problem in (*self.report.problems, *self.report.differences)]
        for result in self.report:
            if result.trouble or (not result.verdict.label and not result.source and result.claim.assertion is not None):
                self.gaps.append(
                    (result.id, f"no certificate: {self.open.get(result.id) or result.reason or result.verdict.value}")
                )

    @cached_property
    def results(self) -> Mapping[str, Result]:
        return {r.id: r for r in self.report}

    @cached_property
    def open(self) -> Mapping[str, str]:
        """Why a claim may be open, as the theory says."""
        return Files(self.loaded.folder).allowed_open()

    @property
    def theorems(self) -> Mapping[str, Theorem]:
        return self.loaded.theory.theorems

    @cached_property
    def used_by(self) -> Mapping[str, list[str]]:
        """The claims whose verdict rests on each cited theorem."""
        return {name: [r.id for r in self.report if name in r.assumptions] for name in self.theorems}

    @cached_property
    def graph(self) -> Any:
        """The claims reported on and the theorems used, with an edge from each to what it depends on."""
        whole = graph(self.loaded.theory.claims, {r.id: r.assumptions for r in self.report})
        used = {name for name, users in self.used_by.items() if users}
        return whole.subgraph([node for node in whole if node in self.results or node in used])

    @cached_property
    def repairs(self) -> Mapping[str, list[str]]:
        """For each claim the claims that repair it."""
        return {i: [r.id for r in self.report if r.claim.repairs == i] for i in self.results}

    @cached_property
    def blocks(self) -> list[Block]:
        """The page, with the claims that it does not mention under a heading for each of their steps."""
        page = page_of(self.loaded.folder)
        source = page.read_text(encoding="utf-8", errors="replace") if page else ""
        listed = list(blocks(source))
        twice = {b.id for i, b in enumerate(listed) if b.id and any(b.id == other.id for other in listed[:i])}
        self.gaps += [(name, "two paragraphs of the page bear this label") for name in sorted(twice)]
        if page is None:
            self.gaps.append(("page", "the theory has no page beside it; its claims are listed by step"))
        unknown = [b for b in listed if b.id and b.id not in self.loaded.theory.claims]
        self.gaps += [(b.id, f"the page labels it in line {b.line}, and there is no such claim") for b in unknown]
        named = {b.id for b in listed}
        whole = len(self.results) == len(self.loaded.theory.claims)
        return (listed if whole else [b for b in listed if b.id in self.results]) + list(self._unnamed(named))

    def _unnamed(self, named: set[str]) -> Iterable[Block]:
        step = None
        for result in self.report:
            if result.id not in named:
                if result.claim.step != step:
                    step = result.claim.step
                    title = self.loaded.theory.titles.get(step, "")
                    yield Block(": ".join(filter(None, (step, title))) or "Claims", 0, 2)
                source = f"`{result.claim.source}`" if result.claim.source else ""
                yield Block(result.claim.words or source, 0, id=result.id)

    def attempt(self, where: str, make: Callable[[], Made], instead: Made, *also: type[Exception]) -> Made:
        """What `make` gives; where it fails that is a gap, and `instead` is shown."""
        expected: tuple[type[Exception], ...] = (*FAILURES, *also)
        try:
            return make()
        except expected as cause:
            self.gaps.append((where, f"not printed: {cause}"))
            return instead


def environment() -> list[tuple[str, str]]:
    """What the report was made with."""
    from .. import __version__

    rows = [
        ("metaid-symbolic", __version__),
        ("Python", platform.python_version()),
        ("kernel sources (SHA-256)", sources_digest(TRUSTED)),
    ]
    for name in PACKAGES:
        try:
            rows.append((name, importlib.metadata.version(name)))
        except importlib.metadata.PackageNotFoundError:
            rows.append((name, "not installed"))
    return rows
