"""The cache of verdicts: SQLite, one row a claim, believed only under the digest of all that it depends on.

Nothing is lost with it: what a row says follows from the theory, its certificates and the sources.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, final

from .locating import PACKAGE

NAME = "verdicts-1.sqlite"
"""The number goes up with the columns."""
COLUMNS = ("claim", "certificate", "kernel", "search")
TRUSTED = (
    "terms", "problems", "claims", "certificates", "encoding", "statements", "recheck", "kernel",
    "flint_arithmetic",
)  # fmt: skip
UNTRUSTED = (
    "language", "conditions", "analysis", "examples", "programs", "calculus", "symmetry", "models", "search", "sympy_bridge",
    "worker",
)  # fmt: skip
CREATE = (
    "create table if not exists verdicts (id text, blind text, claim text, certificate text, kernel text, search text,"
    " limits real, row text, primary key (id, blind))"
)
SELECT = f"select {', '.join(COLUMNS)}, limits, row from verdicts where id = ? and blind = ?"


def sources_digest(names: tuple[str, ...]) -> str:
    """The sha256 of these modules and packages of ours, with the data in them."""
    made = hashlib.sha256()
    for name in names:
        for path in sorted(
            [PACKAGE / f"{name}.py", *(p for kind in ("py", "json") for p in (PACKAGE / name).rglob(f"*.{kind}"))]
        ):
            if path.is_file():
                made.update(f"{path.relative_to(PACKAGE)}\0".encode() + path.read_bytes() + b"\0")
    return made.hexdigest()


@final
@dataclass(frozen=True, slots=True)
class Key:
    """What a verdict depends on, each as a digest; an open verdict also on the time `limit` in seconds."""

    id: str
    blind: bool
    claim: str
    certificate: str
    kernel: str
    search: str
    limit: float


@final
@dataclass
class Cache:
    """Rows by claim id.  `notes` are the messages about a cache that could not be used."""

    path: Path | None
    notes: list[str] = field(default_factory=list)

    _base: Any = None

    def __post_init__(self) -> None:
        try:
            self._open()
        except (sqlite3.OperationalError, OSError) as cause:
            self._without(cause)
        except sqlite3.DatabaseError as cause:
            self._rebuild(cause)

    def _open(self) -> None:
        if self.path:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        self._base = sqlite3.connect(self.path or ":memory:", timeout=10)
        self._base.execute(CREATE)
        self._base.execute(SELECT, ("", "")).fetchone()
        self._base.commit()

    def _without(self, cause: Exception) -> None:
        self.notes.append(f"{self.path}: the cache cannot be used ({cause}); going on without it")
        self.path = None
        self.close()
        self._open()

    def _rebuild(self, cause: Exception) -> None:
        self.notes.append(f"{self.path}: the cache is corrupt ({cause}); it is built anew")
        try:
            self.close()
            if self.path:
                self.path.unlink(missing_ok=True)
            self._open()
        except (OSError, sqlite3.Error) as failure:
            self._without(failure)

    def get(self, key: Key) -> tuple[dict[str, Any] | None, str]:
        """The row under this key, or None and why it does not apply."""
        try:
            found = self._base.execute(SELECT, (key.id, str(key.blind))).fetchone()
        except sqlite3.OperationalError as cause:
            return None, f"the cache cannot be read ({cause})"
        except sqlite3.DatabaseError as cause:
            self._rebuild(cause)
            return None, "the cache was corrupt"
        if found is None:
            return None, "no cached verdict"
        changed = [name for name, old in zip(COLUMNS, found[:4], strict=True) if old != getattr(key, name)]
        if changed:
            return None, f"changed: {', '.join(changed)}"
        return _row(found[5], found[4], key.limit)

    def seconds(self, claim_id: str) -> float:
        """How long the claim took last time, whatever has changed since; 0 if that is not known."""
        try:
            rows = self._base.execute("select row from verdicts where id = ?", (claim_id,)).fetchall()
            return max((float(json.loads(row)["seconds"]) for (row,) in rows), default=0.0)
        except (sqlite3.Error, ValueError, TypeError, KeyError):
            return 0.0

    def put(self, key: Key, row: dict[str, Any]) -> None:
        values = (key.id, str(key.blind), key.claim, key.certificate, key.kernel, key.search, key.limit, json.dumps(row))
        try:
            self._base.execute("insert or replace into verdicts values (?, ?, ?, ?, ?, ?, ?, ?)", values)
            self._base.commit()
        except sqlite3.OperationalError as cause:
            self.notes.append(f"{self.path}: a verdict could not be cached ({cause})")
        except sqlite3.DatabaseError as cause:
            self._rebuild(cause)

    def close(self) -> None:
        if self._base is not None:
            self._base.close()
            self._base = None


def _row(source: Any, limit: float, now: float) -> tuple[dict[str, Any] | None, str]:
    try:
        row = json.loads(source)
    except (ValueError, TypeError):
        return None, "the cached verdict is unreadable"
    if type(row) is not dict or type(row.get("verdict")) is not str:
        return None, "the cached verdict is unreadable"
    if row["verdict"] in ("undecided", "supported") and now > limit:
        return None, f"open, and the time limit rose from {limit:g} to {now:g} s"
    return row, ""


def cache_path(folder: Path | None, writable: bool) -> Path | None:
    """`.metaid/` beside the theory; a folder of the user's for a theory that is read-only; None without files."""
    if folder is None:
        return None
    if writable:
        return folder / ".metaid" / NAME
    root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return root / "metaid" / f"{hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]}.sqlite"
