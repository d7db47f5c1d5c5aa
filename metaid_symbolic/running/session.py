"""One run of one search: who works, what is remembered, and what each part brought."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, final

from ..pool import Executor, ask_all
from ..search import NothingToSearch
from ..store.locating import nearest
from ..theory import Claim
from ..wire import pack
from .division import Divided, Part
from .journal import Journal
from .replay import written
from .scheduler import Scheduler, connected


@final
@dataclass(frozen=True)
class Session:
    """Where a search runs: on processes here, or on the workers of the scheduler at an address; and the folder in which its
    state is kept, none if `None`.  `fresh` forgets what is there; `heard` is told of each part as it comes."""

    scheduler: str = ""
    state: Path | None = None
    fresh: bool = False
    heard: Callable[[Part], None] = lambda part: None

    def __post_init__(self) -> None:
        if self.scheduler:
            connected(self.scheduler).close()

    @property
    def executor(self) -> Executor:
        return Scheduler(self.scheduler) if self.scheduler else ask_all

    def begin(self, claim: Claim) -> Running:
        journal = Journal(self.state / f"{_mark(claim)}.json") if self.state is not None else None
        if journal is not None and self.fresh:
            journal.forget()
        return Running(self, journal)


@final
@dataclass
class Running:
    """A search under way.  `executor` does it in parts, which are kept in `parts`."""

    session: Session
    journal: Journal | None
    parts: list[Part] = field(default_factory=list)

    @property
    def executor(self) -> Executor:
        return Divided(self.session.executor, self.journal, self._heard)

    @property
    def notes(self) -> tuple[str, ...]:
        return () if self.journal is None else tuple(self.journal.notes)

    def _heard(self, part: Part) -> None:
        self.parts.append(part)
        self.session.heard(part)


def deciding(parts: Sequence[Part]) -> Part | None:
    """The part that decided the claim, if one did."""
    return min((p for p in parts if p.decides), key=lambda p: p.place, default=None)


def replay_text(claim: Claim, settings: Mapping[str, Any], parts: Sequence[Part], refuted: bool) -> str:
    """What `--replay` needs to have the same answer; empty where nothing was decided, or by what an author or a file says."""
    part = deciding(parts)
    local = [name for name in settings.get("theories", ()) if not name.startswith("@")]
    if part is None or local or part.unit.strategy == "author" or claim.by or claim.through:
        return ""
    return written(replace(claim, cited=()) if refuted else claim, settings, part.unit)


def require_known(named: Sequence[str]) -> None:
    """Raises `NothingToSearch` for a strategy that does not exist."""
    if not named:
        return
    from ..search.registry import strategies

    known = strategies()
    for one in named:
        if one not in known:
            raise NothingToSearch(f"there is no strategy {one!r}{nearest(one, known) or '; there are ' + ', '.join(known)}")


def _mark(claim: Claim) -> str:
    """The same for the same claim, wherever it stands."""
    bare = replace(claim, id="search", step="", place="", words="", source="")
    return hashlib.sha256(json.dumps(pack(bare), sort_keys=True).encode()).hexdigest()[:16]
