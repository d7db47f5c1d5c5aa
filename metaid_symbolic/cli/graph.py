"""`metaid graph`."""

from __future__ import annotations

from typing import Any

import click

from ..api import selected
from ..dependencies import around, as_dot, as_json, as_mermaid, graph
from ..pipeline import cached
from ..store.loading import Loaded, load
from .stored import cited_by
from .words import theory_and_ids

WRITERS = {"dot": as_dot, "json": as_json, "mermaid": as_mermaid}
"""`svg` is written apart, since it shows verdicts."""


@click.command()
@click.argument("words", nargs=-1, metavar="[PATH]")
@click.option("--focus", default="", metavar="ID", help="Only what is around this claim.")
@click.option("--dir", "directions", default="up,down", show_default=True, help="From the focus: up, down, or both.")
@click.option("--depth", type=click.IntRange(0), default=None, help="At most so many steps from the focus.")
@click.option("--format", "form", type=click.Choice([*WRITERS, "svg"]), default="dot", show_default=True)
def command(words: tuple[str, ...], focus: str, directions: str, depth: int | None, form: str) -> None:
    """The claims, what each depends on, and the cited theorems that stored proofs use.

    svg: a picture with the verdicts of the last check; Graphviz lays it out where it is installed.
    """
    path, extra = theory_and_ids(words)
    if extra:
        raise click.UsageError(f"graph takes one PATH, not also {' '.join(extra)}")
    ways = directions.split(",")
    if strange := [way for way in ways if way not in ("up", "down")]:
        raise click.UsageError(f"--dir is up, down or up,down, not {strange[0]!r}")
    loaded = load(path)
    for problem in loaded.problems:
        click.echo(f"metaid: {problem}", err=True)
    part = graph(loaded.theory.claims, cited_by(loaded))
    if focus:
        part = around(part, selected(loaded, [focus])[0], ways, depth)
    click.echo(_svg(loaded, part) if form == "svg" else WRITERS[form](part))


def _svg(loaded: Loaded, part: Any) -> str:
    """The picture, with the verdicts that are in the cache."""
    from ..reports.html.standalone import graph_svg

    claims = loaded.theory.claims
    results = cached(loaded, [name for name in part if name in claims])
    if unknown := sum(name in claims and name not in results for name in part):
        click.echo(f"metaid: {unknown} claims are drawn without a verdict: none is cached; metaid check finds them", err=True)
    return graph_svg(part, claims, results)
