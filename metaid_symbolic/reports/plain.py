"""What the re-checker found, as text and JSON; imports nothing that could prove or search."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..recheck import Replayed


def replayed_json(found: Replayed) -> dict[str, Any]:
    return {
        "id": found.id, "status": found.status, "verdict": found.verdict, "grade": found.grade,
        "assumptions": list(found.theorems), "reason": found.reason,
    }  # fmt: skip


def plain_table(rows: Sequence[Sequence[str]], header: Sequence[str]) -> str:
    """Aligned columns."""
    widths = [max(len(r[i]) for r in (header, *rows)) for i in range(len(header))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(r, widths, strict=True)).rstrip() for r in (header, *rows)]
    return "\n".join([lines[0], "-" * min(len(lines[0]), 150), *lines[1:]])


def replayed_table(replayed: Sequence[Replayed]) -> str:
    """A line a certificate."""
    remarks = [", ".join(r.theorems) or r.reason for r in replayed]
    rows = [(r.id, r.status, r.verdict, r.grade, remark) for r, remark in zip(replayed, remarks, strict=True)]
    return plain_table(rows, ("id", "certificate", "verdict", "grade", "cited theorems, or why not"))
