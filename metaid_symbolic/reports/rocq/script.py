"""A tactic script under construction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import final

MOST_LINES = 20_000


class TooLong(Exception):
    """The script would have more lines than anyone wants to compile."""


@final
@dataclass
class Script:
    """Lines of tactics, and a supply of names for hypotheses."""

    lines: list[str] = field(default_factory=list)
    depth: int = 1
    _count: int = 0

    def say(self, tactic: str) -> None:
        if len(self.lines) > MOST_LINES:
            raise TooLong(f"the script is longer than {MOST_LINES} lines")
        self.lines.append("  " * self.depth + tactic + ".")

    def name(self) -> str:
        self._count += 1
        return f"h{self._count}"

    def given(self, statement: str, proof: str) -> str:
        """The name of the statement, proved on the spot."""
        made = self.name()
        self.say(f"assert ({made} : {statement}) by ({proof})")
        return made

    @contextmanager
    def block(self) -> Iterator[None]:
        self.lines.append("  " * self.depth + "{")
        self.depth += 1
        yield
        self.depth -= 1
        self.lines.append("  " * self.depth + "}")
