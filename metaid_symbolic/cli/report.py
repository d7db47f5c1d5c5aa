"""`metaid report`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from ..api import selected
from ..pipeline import recalled
from ..reports.contents import Contents
from ..store.loading import load
from ..store.locating import folder_of
from .words import theory_and_ids

ENDING = {"html": ".html", "latex": ".tex", "pdf": ".pdf"}


@click.command()
@click.argument("words", nargs=-1, metavar="[PATH] [ID...]")
@click.option("--format", "kind", type=click.Choice([*ENDING, "rocq"]), required=True, help="What to write.")
@click.option(
    "--output", type=click.Path(path_type=Path), help="The file to write, for rocq the folder; by default THEORY.html etc."
)
@click.option("--compile", "check", is_flag=True, help="rocq: have coqc check every file.")
@click.option("--seconds", default=120.0, show_default=True, help="Time limit for one file of coqc, or for the PDF.")
@click.option("-j", "--jobs", default=0, help="rocq: files at a time; 0 for one a processor.")
@click.pass_context
def command(
    ctx: click.Context, words: tuple[str, ...], kind: str, output: Path | None, check: bool, seconds: float, jobs: int
) -> None:
    """The whole theory for readers, from the stored certificates: nothing is searched.

    html: one file with page, verdicts, graph, counterexamples and certificates.  latex, pdf: a document with derivations.
    rocq: the facts that verdicts rest on, for the proof assistant Rocq (Coq), one file a claim.
    """
    path, ids = theory_and_ids(words)
    if kind == "rocq":
        from .report_rocq import exported

        if output is None or output.is_file():
            raise click.UsageError("--format rocq wants --output FOLDER")
        ctx.exit(exported(folder_of(path), ids, output, (seconds, jobs) if check else None))
    if check:
        raise click.UsageError(f"--compile is for --format rocq, not {kind}")
    loaded = load(path)
    contents = Contents(loaded, recalled(loaded, selected(loaded, ids)))
    if not contents.results:
        click.echo(f"metaid: nothing to report: {loaded.theory.name} has no claims", err=True)
        ctx.exit(4)
    place = output or Path(loaded.theory.name + ENDING[kind])
    if place.is_dir() or not place.parent.is_dir():
        raise click.UsageError(f"{place} is {'a folder' if place.is_dir() else 'in no folder that exists'}, not a file to write")
    place.write_bytes(_writer(kind, seconds)(contents))
    _said(contents, place)


def _writer(kind: str, seconds: float) -> Callable[[Contents], bytes]:
    """Contents to the bytes of the file."""
    if kind == "html":
        from ..reports.html.report import html_report

        return lambda contents: html_report(contents).encode()
    from ..reports.latex_document import latex_document

    if kind == "latex":
        return lambda contents: latex_document(contents).encode()
    from ..reports.pdf import compiler, pdf

    program = compiler()
    return lambda contents: pdf(latex_document(contents), program, seconds)


def _said(contents: Contents, place: Path) -> None:
    """What was written on stdout, what is missing in it on stderr."""
    click.echo(f"{place}: {len(contents.results)} entries, {place.stat().st_size / 1e6:.1f} MB")
    opened = [where for where, what in contents.gaps if what.startswith("no certificate")]
    for where, what in contents.gaps:
        if where not in opened:
            click.echo(f"metaid: {where}: {what}", err=True)
    if opened:
        click.echo(f"metaid: {len(opened)} claims have no certificate; the report says so at each", err=True)
