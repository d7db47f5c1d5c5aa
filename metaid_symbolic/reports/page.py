"""The page that a theory formalises: Markdown in which a line `(ID)=` labels the paragraph after it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import final

from ..statements import ID

LABEL = re.compile(r"\((?P<id>[^()\s]+)\)=\s*\Z")
HEADING = re.compile(r"(?P<marks>#{1,6})\s+(?P<words>.+?)\s*#*\s*\Z")


@final
@dataclass(frozen=True, slots=True)
class Block:
    """A heading (`level` 1 to 6), a paragraph of prose (level 0), or an assertion with its `id`; `line` counts from 1."""

    text: str
    line: int
    level: int = 0
    id: str = ""


def page_of(folder: Path | None) -> Path | None:
    """`theorem.md`, else the only Markdown file of the folder; None if there is neither."""
    if folder is None or not folder.is_dir():
        return None
    found = sorted(p for p in folder.glob("*.md") if p.name.lower() not in ("readme.md", "changelog.md"))
    named = [p for p in found if p.name == "theorem.md"]
    return (named or found)[0] if named or len(found) == 1 else None


def blocks(source: str) -> Iterator[Block]:
    """The blocks of the page, without its front matter."""
    lines = source.splitlines()
    start = _after_front_matter(lines)
    label, kept, first = "", list[str](), 0
    for number, line in enumerate([*lines[start:], ""], start=start + 1):
        found, heading = LABEL.match(line), HEADING.match(line)
        ends = not line.strip() or found or heading
        if ends and kept:
            yield Block("\n".join(kept), first, id=label)
            label, kept = "", []
        if found and ID.match(found["id"]):
            label = found["id"]
        elif heading:
            yield Block(heading["words"], number, len(heading["marks"]), label)
            label = ""
        elif line.strip():
            first = first if kept else number
            kept.append(line)


def _after_front_matter(lines: list[str]) -> int:
    """The number of the lines of a YAML header between `---` and `---`."""
    if lines and lines[0].strip() == "---":
        end = next((i for i, line in enumerate(lines[1:], start=1) if line.strip() == "---"), 0)
        return end + 1 if end else 0
    return 0
