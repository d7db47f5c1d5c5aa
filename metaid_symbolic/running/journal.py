"""What a search has done so far, on disk.  Nothing in it is believed: certificates go to the kernel again."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, final

from ..pool import Answer
from ..store.files import write_atomically

FOLDER = Path(".metaid") / "searches"


@final
@dataclass
class Journal:
    """The finished parts of a search by digest, in the file `path`; `notes` say what went wrong with it."""

    path: Path
    notes: list[str] = field(default_factory=list)
    _done: dict[str, Any] | None = None

    def get(self, key: str) -> Answer | None:
        entry = self._entries().get(key)
        try:
            return (
                None if entry is None else Answer(key, tuple(dict(r) for r in entry["replies"]), seconds=float(entry["seconds"]))
            )
        except (TypeError, ValueError, KeyError):
            return None

    def put(self, answer: Answer) -> None:
        """The file has the part, or is as before."""
        entries = self._entries()
        entries[answer.name] = {"replies": list(answer.replies), "seconds": round(answer.seconds, 3)}
        try:
            write_atomically(self.path, json.dumps(entries, separators=(",", ":")) + "\n")
        except OSError as cause:
            self._note(f"{self.path}: cannot be written ({cause}); an interrupted search will start anew")

    def forget(self) -> None:
        self._done = {}
        self.path.unlink(missing_ok=True)

    def _entries(self) -> dict[str, Any]:
        if self._done is None:
            self._done = self._read()
        return self._done

    def _read(self) -> dict[str, Any]:
        try:
            found = json.loads(self.path.read_text(encoding="ascii"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as cause:
            self._note(f"{self.path}: unreadable ({cause}); the search starts anew")
            return {}
        return found if type(found) is dict else {}

    def _note(self, words: str) -> None:
        if words not in self.notes:
            self.notes.append(words)
