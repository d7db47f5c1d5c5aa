"""The verdict table: rich on a terminal, aligned text elsewhere, HTML in a notebook."""

from __future__ import annotations

import html
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import IO

from ..verdicts import Result, Verdict
from .plain import plain_table

HEADER = ("id", "verdict", "as expected", "grade", "origin", "remarks", "seconds")
COLOUR = {
    Verdict.PROVED: "green", Verdict.REFUTED: "cyan", Verdict.ASSUMED: "blue", Verdict.SUPPORTED: "yellow",
    Verdict.UNDECIDED: "magenta",
}  # fmt: skip


def row(result: Result) -> tuple[str, ...]:
    """The cells of a result, under `HEADER`."""
    agreed = "" if result.verdict.truth is None or result.claim.expected is None else "NO" if result.contradicted else "yes"
    remarks = "; ".join(filter(None, (result.minimal, result.vacuity, result.reason)))
    return (result.id, result.shown, agreed, result.grade, result.origin, remarks, f"{result.seconds:.1f}")


def summary(results: Iterable[Result]) -> str:
    """One line: how many of each verdict, and how many against expectation."""
    listed = list(results)
    counts = Counter(r.verdict.value for r in listed)
    parts = [f"{counts[v.value]} {v.value}" for v in Verdict if counts[v.value]]
    against = sum(r.contradicted for r in listed)
    return f"{len(listed)} entries: {', '.join(parts) or 'none'}" + (f"; {against} AGAINST EXPECTATION" if against else "")


def print_results(results: Sequence[Result], stream: IO[str] | None = None) -> None:
    """The table and its summary on stdout."""
    out = stream or sys.stdout
    short = [(*cells[:5], _cut(cells[5], 90), cells[6]) for cells in map(row, results)]
    if out.isatty():
        _rich_table(results, short, out)
    else:
        out.write(plain_table(short, HEADER) + "\n")
    out.write(summary(results) + "\n")


def _cut(words: str, width: int) -> str:
    line = " ".join(words.split())
    return line if len(line) <= width else line[: width - 3] + "..."


def _rich_table(results: Sequence[Result], rows: Sequence[Sequence[str]], out: IO[str]) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=None, header_style="bold")
    for name in HEADER:
        table.add_column(name, overflow="fold", no_wrap=name == "id")
    for result, cells in zip(results, rows, strict=True):
        colour = "red" if result.contradicted else COLOUR.get(result.verdict, "dim")
        escaped = [escape(c) for c in cells]
        table.add_row(escaped[0], f"[{colour}]{escaped[1]}[/]", *escaped[2:])
    Console(file=out).print(table)


def html_table(results: Iterable[Result]) -> str:
    """For notebooks."""

    def line(cells: Iterable[str], tag: str) -> str:
        return "<tr>" + "".join(f"<{tag}>{html.escape(c)}</{tag}>" for c in cells) + "</tr>"

    return "<table>" + line(HEADER, "th") + "".join(line(row(r), "td") for r in results) + "</table>"
