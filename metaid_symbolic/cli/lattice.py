"""`metaid lattice`."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click

from ..api import selected
from ..conditions import TABLE
from ..examples.collection import collection
from ..lattice.adaptation import MAML
from ..lattice.comparison import changes
from ..lattice.drawing import as_dot
from ..lattice.inheritance import Inheritance, inheritance
from ..lattice.lattice import Entry, Lattice, lattice
from ..pipeline import Options, Report, examine
from ..store.loading import load
from ..store.locating import locate, nearest
from .progress import progress

LISTED = 2000
"""More entries than these are listed only if they are open."""


@click.command()
@click.argument("path", default="@lattice")
@click.option(
    "--given",
    default="",
    metavar="CODE,...",
    help="Assume these of all problems: conditions such as TCONV or LIK, and MAML, that they are others after one step of it.",
)
@click.option("--compare", is_flag=True, help="List the implications that --given makes true.")
@click.option("--kept", is_flag=True, help="List which conditions a problem keeps when one step of MAML is taken on its tasks.")
@click.option("--hypotheses", type=click.IntRange(1, 2), default=1, show_default=True, help="How many on the left side.")
@click.option("--open", "only_open", is_flag=True, help="List the implications that are open.")
@click.option("--format", "form", type=click.Choice(["table", "dot", "svg", "json"]), default="table", show_default=True)
@click.option("--output", type=click.Path(dir_okay=False, writable=True, path_type=Path), help="Write to this file.")
@click.pass_context
def command(
    ctx: click.Context,
    path: str,
    given: str,
    compare: bool,
    kept: bool,
    hypotheses: int,
    only_open: bool,
    form: str,
    output: Path | None,
) -> None:
    """Which conditions imply which: proved implications, and for each that fails the smallest example of the collection."""
    assumed = tuple(filter(None, given.split(",")))
    _require_sense(assumed, compare, kept, form)
    report = _checked(path)
    plain = lattice(report.results, collection())
    made = lattice(report.results, collection(), assumed) if assumed else plain
    if not made.examples:
        raise click.UsageError(f"no example with a proved table has {', '.join(assumed) or 'anything'}")
    if kept:
        passed = inheritance(report.results, plain, assumed)
        entries = [passed.kept(code) for code in made.codes]
        shown = "\n".join(_inherited(passed, entries, only_open))
    elif compare:
        entries = list(made.entries(hypotheses))
        shown = _compared(plain, made, hypotheses)
    else:
        entries = list(made.entries(hypotheses))
        shown = _shown(made, entries, form, only_open)
    if output is None:
        click.echo(shown)
    else:
        output.write_text(shown + "\n", encoding="utf-8")
    ctx.exit(report.exit_code if report.exit_code not in (0, 3) else 3 if any(e.status == "open" for e in entries) else 0)


def _require_sense(assumed: tuple[str, ...], compare: bool, kept: bool, form: str) -> None:
    """Raises `UsageError` for an unknown condition and for options that disagree."""
    if strange := [code for code in assumed if code not in (*TABLE, MAML)]:
        raise click.UsageError(f"there is no condition {strange[0]}{nearest(strange[0], [*TABLE, MAML])}")
    if compare and (not assumed or form != "table"):
        raise click.UsageError(
            f"--compare lists what --given changes, {'not with --format ' + form if assumed else 'and there is none'}"
        )
    if kept and (compare or form != "table" or MAML in assumed):
        other = "--compare" if compare else f"--format {form}" if form != "table" else f"--given {MAML}"
        raise click.UsageError(f"--kept is a table of conditions before and after a step, not with {other}")


def _checked(path: str) -> Report:
    loaded = load(locate(path))
    ids = selected(loaded)
    with progress(len(ids), False) as notify:
        report = examine(loaded, ids, Options(), notify)
    for message in (*report.problems, *report.differences):
        click.echo(f"metaid: {message}", err=True)
    return report


def _shown(made: Lattice, entries: list[Entry], form: str, only_open: bool) -> str:
    if form == "dot":
        return as_dot(made)
    if form == "svg":
        from ..reports.html.standalone import lattice_svg

        return lattice_svg(made)
    return json.dumps(_document(made, entries), indent=1) if form == "json" else _table(made, entries, only_open)


def _document(made: Lattice, entries: list[Entry]) -> object:
    return {
        "schema": 1,
        "given": list(made.given),
        "classes": [list(c) for c in made.classes()],
        "arrows": [[list(a), list(b)] for a, b in made.reduction()],
        "entries": [
            {
                "hypotheses": list(e.hypotheses), "conclusion": e.conclusion, "status": e.status, "by": list(e.by),
                "vacuous": e.vacuous,
            }
            for e in entries
        ],
    }  # fmt: skip


def _table(made: Lattice, entries: list[Entry], only_open: bool) -> str:
    listed = [e for e in entries if e.status == "open"] if only_open else entries if len(entries) < LISTED else []
    counts, vacuous = Counter(e.status for e in entries), sum(e.vacuous for e in entries)
    said = [f"{counts['implied']} implied" + (f" ({vacuous} by contradictory hypotheses)" if vacuous else "")]
    said += [f"{counts[status]} {status}" for status in ("not implied", "open")]
    last = f"{len(entries)} implications: {', '.join(said)}; {len(made.proved)} proofs, {len(made.examples)} examples"
    return "\n".join([*map(_line, listed), last])


def _line(entry: Entry) -> str:
    implication = f"{' & '.join(entry.hypotheses):<14} => {entry.conclusion:<8}"
    if entry.status == "open":
        return implication.rstrip()
    vacuous = " (the hypotheses contradict one another)" if entry.vacuous else ""
    return f"{implication} {entry.status}{vacuous}" + (f"  by {', '.join(entry.by)}" if entry.by else "")


KEPT = {"implied": "kept", "not implied": "lost", "open": "open"}


def _inherited(passed: Inheritance, entries: list[Entry], only_open: bool) -> Iterator[str]:
    """For each condition whether a step keeps it, and whether a problem may have it after the step alone."""
    gained = {e.conclusion: passed.gained(e.conclusion) for e in entries}
    for entry in entries:
        by = f"  {', '.join(entry.by)}" if entry.by else ""
        new = f"; gained, {gained[entry.conclusion]}" if gained[entry.conclusion] else ""
        if entry.status == "open" or not only_open:
            yield f"{entry.conclusion:<8} {KEPT[entry.status]}{by}{new}"
    counts = Counter(e.status for e in entries)
    said = ", ".join(f"{counts[status]} {word}" for status, word in KEPT.items())
    yield f"{len(entries)} conditions after one step of MAML: {said}; {sum(map(bool, gained.values()))} are gained by examples"


def _compared(plain: Lattice, made: Lattice, hypotheses: int) -> str:
    """What is implied under the assumption and not without it."""
    lines, counts = [], Counter[str]()
    for before, entry in changes(plain, made, hypotheses):
        counts[before.status] += 1
        general = f"in general not, {before.by[0]}" if before.by else "open in general"
        lines.append(f"{_line(entry)}; {general}")
    assumed = " & ".join(made.given)
    always = sorted(code for code, by in made.closure(()).items() if by)
    if always:
        lines.insert(0, f"{assumed} alone implies {', '.join(always)}")
    known = f"{counts['not implied']} false in general, {counts['open']} open in general"
    return "\n".join([*lines, f"under {assumed} {counts.total()} more implications hold: {known}"])


__all__ = ["command"]
