"""`metaid recheck`: imports the standard library, click and the trusted modules, no engine."""

from __future__ import annotations

import json
from collections.abc import Sequence

import click

from ..recheck import BACKENDS, Replayed, replay
from ..reports.plain import replayed_json, replayed_table
from ..store.locating import folder_of, nearest
from .words import theory_and_ids


@click.command()
@click.argument("words", nargs=-1, metavar="[PATH] [ID...]")
@click.option("--backend", type=click.Choice(list(BACKENDS)), default="python", show_default=True, help="Arithmetic.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@click.pass_context
def command(ctx: click.Context, words: tuple[str, ...], backend: str, as_json: bool) -> None:
    """The kernel alone: statements from statements.json, certificates from certificates/, nothing from Python or a cache."""
    path, ids = theory_and_ids(words)
    results = list(replay(folder_of(path), backend))
    known = {r.id for r in results}
    for name in ids:
        if name not in known:
            raise click.UsageError(f"no certificate for {name!r}{nearest(name, known)}")
    chosen = [r for r in results if not ids or r.id in ids]
    if as_json:
        click.echo(json.dumps({"schema": 1, "backend": backend, "certificates": [replayed_json(r) for r in chosen]}, indent=1))
    elif chosen:
        click.echo(replayed_table(chosen))
        click.echo(f"{sum(r.status == 'accepted' for r in chosen)} of {len(chosen)} certificates accepted ({backend})")
    for r in chosen:
        if r.status != "accepted":
            click.echo(f"metaid: {r.id}: {r.status}: {r.reason}", err=True)
    if not chosen:
        click.echo(f"metaid: nothing to replay: {folder_of(path) / 'certificates'} has no certificates", err=True)
    ctx.exit(exit_code(chosen))


def exit_code(results: Sequence[Replayed]) -> int:
    """0 all accepted, 1 one rejected, 4 nothing to replay, 5 the arithmetics disagree, 101 the kernel failed."""
    states = {r.status for r in results}
    for state, code in (("fault", 101), ("disagreement", 5), ("rejected", 1)):
        if state in states:
            return code
    return 0 if results else 4
