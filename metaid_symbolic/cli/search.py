"""`metaid search`."""

from __future__ import annotations

import json

import click

from ..api import Answer, NoSuchClaim, search
from ..sentences import sentence
from ..store.loading import load, module_values
from ..store.locating import locate, nearest
from ..theory import Claim
from ..verdicts import Verdict
from .show import witness_lines
from .words import interval


@click.command()
@click.argument("claim", metavar="CLAIM")
@click.option("--dim", default="1..2", show_default=True, help="Dimensions of the meta-problems tried: 2, or 1..3.")
@click.option("--tasks", default="1..3", show_default=True, help="Numbers of tasks tried.")
@click.option("--budget", type=click.IntRange(1), default=None, help="Candidates tried at most.")
@click.option("--seed", type=int, default=0, show_default=True)
@click.option("-j", "--jobs", type=click.IntRange(1), default=None, help="Search processes; default: one a core.")
@click.option("--timeout", type=click.FloatRange(0.01), default=60.0, show_default=True, help="Seconds.")
@click.option("--repairs/--no-repairs", default=True, show_default=True, help="Look for conditions that repair it.")
@click.option("--json", "as_json", is_flag=True)
@click.pass_context
def command(
    ctx: click.Context, claim: str, dim: str, tasks: str, budget: int | None, seed: int, jobs: int | None, timeout: float,
    repairs: bool, as_json: bool,
) -> None:  # fmt: skip
    """CLAIM is an implication such as "FPD & EXISTS => UNIQ", or FILE.py:NAME for a claim of a file of yours."""
    more = {"timeout": timeout, "jobs": jobs or 0, "seed": seed, **({"budget": budget} if budget else {})}
    answer = search(_claim(claim), dim=interval(dim), tasks=interval(tasks), **more)
    _print(answer, repairs, as_json)
    codes = {"rejected": 1, "disagreement": 5, "fault": 101, "broken": 2}
    open_code = 0 if answer.result.verdict.truth is not None else 3
    ctx.exit(1 if answer.result.contradicted else codes.get(answer.result.trouble, open_code))


def _claim(source: str) -> Claim | str:
    """The claim of this id or Python name in a file; any other text is an implication."""
    file, _, name = source.rpartition(":")
    if not file.endswith(".py"):
        return source
    path = locate(file)
    loaded = load(path)
    for problem in loaded.problems:
        click.echo(f"metaid: {problem}", err=True)
    claims = loaded.theory.claims
    if name in claims:
        return loaded.theory[name]
    found = module_values(path)[0].get(name)
    if isinstance(found, Claim):
        return loaded.theory[found.id]
    raise NoSuchClaim(f"no claim {name!r} in {file}{nearest(name, claims)}")


def _print(answer: Answer, repairs: bool, as_json: bool) -> None:
    result = answer.result
    if repairs and result.verdict is Verdict.REFUTED:
        click.echo("looking for conditions that repair it ...", err=True)
    found = [r.condition for r in answer.repairs] if repairs else []
    if as_json:
        click.echo(json.dumps({**result.to_json(), "repairs": found}, indent=1))
        return
    lines = sentence(result.claim.assertion) if result.claim.assertion else []
    extra = ", ".join(filter(None, (result.minimal, result.origin, result.vacuity, f"{result.seconds:.1f} s")))
    lines += [f"{result.shown} ({extra})", *witness_lines(result)]
    lines += [f"reason: {result.reason}"] if result.reason else []
    lines += [f"true when one adds: {', '.join(found)}"] if found else []
    click.echo("\n".join(lines))
