"""`metaid check`."""

from __future__ import annotations

import json
import sys

import click

from ..api import selected
from ..pipeline import Options, Report, examine
from ..pool import Limits
from ..ratchet import ratchet
from ..reports.continuous import github, junit
from ..reports.table import print_results
from ..store.files import Files
from ..store.loading import Loaded, load
from .progress import progress
from .show import witness_lines
from .words import theory_and_ids


@click.command()
@click.argument("words", nargs=-1, metavar="[PATH] [ID...]")
@click.option("--step", default="", help="Only the claims of this step, for example S4.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout; the same as --format json.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "junit", "github"]),
    default="table",
    help="junit: XML; github: annotations with file and line.",
)
@click.option("-j", "--jobs", type=click.IntRange(1), default=None, help="Search processes; default: one a core.")
@click.option("--timeout", type=click.FloatRange(0.01), default=Limits().seconds, show_default=True, help="Seconds a claim.")
@click.option("--memory", type=click.IntRange(200), default=Limits().memory >> 20, show_default=True, help="MB a process.")
@click.option("--force", is_flag=True, help="Search again, whatever is cached.")
@click.option("--blind", is_flag=True, help="Without author hints and stored certificates.")
@click.option("--accept", is_flag=True, help="Write changed statements to statements.json.")
@click.option("--ratchet", "ratcheted", is_flag=True, help="Open claims must be exactly those of open.txt.")
@click.option("--explain", is_flag=True, help="Say of each claim why it ran.")
@click.pass_context
def command(
    ctx: click.Context, words: tuple[str, ...], step: str, as_json: bool, form: str, jobs: int | None, timeout: float,
    memory: int, force: bool, blind: bool, accept: bool, ratcheted: bool, explain: bool,
) -> None:  # fmt: skip
    """Search, certify and report.  PATH: a folder, a file, or @NAME for a theory that comes with the package."""
    path, ids = theory_and_ids(words)
    loaded = load(path)
    chosen = selected(loaded, ids, step)
    options = Options(Limits(timeout, memory << 20, jobs or 0), blind, force, accept)
    with progress(len(chosen), explain) as notify:
        report = examine(loaded, chosen, options, notify)
    _print(report, loaded, "json" if as_json else form, bool(ids))
    code, messages = _judged(report, loaded, ratcheted)
    for message in messages:
        click.echo(f"metaid: {message}", err=True)
    ctx.exit(code)


def _print(report: Report, loaded: Loaded, form: str, witnesses: bool) -> None:
    """The document or the table, with the counterexamples of claims that are asked for by id or against expectation."""
    if form == "junit":
        sys.stdout.write(junit(report, loaded))
    elif form == "github":
        sys.stdout.writelines(line + "\n" for line in github(report, loaded))
    elif form == "json":
        json.dump(report.to_json(), sys.stdout, indent=1)
        sys.stdout.write("\n")
    elif report.results:
        print_results(report.results)
        for result in report.results:
            if result.counterexample is not None and (witnesses or result.contradicted):
                click.echo("\n".join([f"\n{result.id}", *witness_lines(result)]))
    sys.stdout.flush()


def _judged(report: Report, loaded: Loaded, ratcheted: bool) -> tuple[int, list[str]]:
    """The exit code, and what is to be said on stderr."""
    troubled = [f"{r.id}: {r.trouble}: {r.reason}" for r in report.results if r.trouble in ("rejected", "fault", "disagreement")]
    against = [f"{r.id} is {r.shown}, but its author expects {r.claim.expected}" for r in report.results if r.contradicted]
    unwritten = [r.reason for r in report.results if r.trouble == "unwritten"]
    troubled += [f"{unwritten[0]} ({len(unwritten)} claims; the verdicts stand, and are searched again)"] if unwritten else []
    messages = [*report.notes, *report.problems, *report.differences, *troubled, *against]
    if not report.results and not report.problems:
        words = "has no such claims" if loaded.theory.claims else "has no claims: none of its names is a Theory with some"
        messages.append(f"nothing is selected: {loaded.theory.name} {words}")
    if not ratcheted:
        return report.exit_code, messages
    code, more = ratchet(report, Files(loaded.folder).allowed_open(), loaded.theory.claims)
    return code, messages + more
