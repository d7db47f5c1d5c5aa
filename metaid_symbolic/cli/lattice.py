"""`metaid lattice`."""

from __future__ import annotations

import json

import click

from ..api import selected
from ..conditions import TABLE
from ..examples.collection import collection
from ..lattice.drawing import as_dot
from ..lattice.lattice import Entry, Lattice, lattice
from ..pipeline import Options, examine
from ..store.loading import load
from ..store.locating import locate, nearest
from .progress import progress


@click.command()
@click.argument("path", default="@lattice")
@click.option("--given", default="", metavar="CODE,...", help="Assume these conditions of all problems, for example TCONV.")
@click.option("--hypotheses", type=click.IntRange(1, 2), default=1, show_default=True, help="How many on the left side.")
@click.option("--open", "only_open", is_flag=True, help="List the implications that are open.")
@click.option("--format", "form", type=click.Choice(["table", "dot", "svg", "json"]), default="table", show_default=True)
@click.pass_context
def command(ctx: click.Context, path: str, given: str, hypotheses: int, only_open: bool, form: str) -> None:
    """Which conditions imply which: proved implications, and for each that fails the smallest example of the collection."""
    assumed = tuple(filter(None, given.split(",")))
    if strange := [code for code in assumed if code not in TABLE]:
        raise click.UsageError(f"there is no condition {strange[0]}{nearest(strange[0], TABLE)}")
    loaded = load(locate(path))
    ids = selected(loaded)
    with progress(len(ids), False) as notify:
        report = examine(loaded, ids, Options(), notify)
    for message in (*report.problems, *report.differences):
        click.echo(f"metaid: {message}", err=True)
    made = lattice(report.results, collection(), assumed)
    if not made.examples:
        raise click.UsageError(f"no example with a proved table has {', '.join(assumed) or 'anything'}")
    entries = list(made.entries(hypotheses))
    if form == "dot":
        click.echo(as_dot(made))
    elif form == "svg":
        from ..reports.html.standalone import lattice_svg

        click.echo(lattice_svg(made))
    elif form == "json":
        click.echo(json.dumps(_document(made, entries), indent=1))
    else:
        _print(made, entries, only_open)
    ctx.exit(report.exit_code if report.exit_code not in (0, 3) else 3 if any(e.status == "open" for e in entries) else 0)


def _document(made: Lattice, entries: list[Entry]) -> object:
    return {
        "schema": 1,
        "given": list(made.given),
        "classes": [list(c) for c in made.classes()],
        "arrows": [[list(a), list(b)] for a, b in made.reduction()],
        "entries": [
            {"hypotheses": list(e.hypotheses), "conclusion": e.conclusion, "status": e.status, "by": list(e.by)} for e in entries
        ],
    }


def _print(made: Lattice, entries: list[Entry], only_open: bool) -> None:
    if not only_open:
        for one in entries if len(entries) < 2000 else ():
            why = f"  by {', '.join(one.by)}" if one.by else ""
            click.echo(f"{' & '.join(one.hypotheses):<14} => {one.conclusion:<8} {one.status}{why}")
    else:
        for one in entries:
            if one.status == "open":
                click.echo(f"{' & '.join(one.hypotheses):<14} => {one.conclusion}")
    counts = {status: sum(e.status == status for e in entries) for status in ("implied", "not implied", "open")}
    listed = ", ".join(f"{count} {status}" for status, count in counts.items())
    click.echo(f"{len(entries)} implications: {listed}; {len(made.proved)} proofs, {len(made.examples)} examples")
