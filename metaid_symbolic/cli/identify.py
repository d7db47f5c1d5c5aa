"""`metaid identify`."""

from __future__ import annotations

import json

import click

from .built_in import listed, subject


@click.command()
@click.argument("model", metavar="MODEL", required=False)
@click.option("--base", default="quadratic", show_default=True, help="Task losses of a built-in model.")
@click.option("--dim", default=1, show_default=True, help="Size of a built-in model.")
@click.option("--tasks", default=2, show_default=True, help="Number of tasks of a built-in model.")
@click.option("--steps", default=1, show_default=True, help="Inner gradient steps of a built-in model.")
@click.option("--at", "point", default=None, metavar="1,1/2,...", help="A verdict at this point too.")
@click.option("--degree", default=2, show_default=True, help="Of the polynomial vector fields that are looked for.")
@click.option("--timeout", default=10.0, show_default=True, help="Seconds for a claim.")
@click.option("--check/--no-check", default=True, show_default=True, help="Put claims to the kernel.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.option("--latex", "as_latex", is_flag=True, help="LaTeX that needs amsmath alone.")
@click.option("--list", "listing", is_flag=True, help="The built-in models and bases.")
def command(
    model: str | None, base: str, dim: int, tasks: int, steps: int, point: str | None, degree: int, timeout: float, check: bool,
    as_json: bool, as_latex: bool, listing: bool,
) -> None:  # fmt: skip
    """Which parameters of MODEL can be told apart, locally and globally, and what would repair it.

    MODEL is a built-in method (see --list), or FILE.py:NAME, a Model, MetaProblem, MetaObjective or UpdateField of yours.
    """
    if listing:
        click.echo(listed())
        return
    from ..api import identify

    asked = subject(model, _kinds(), base, dim, tasks, steps)
    here = None if point is None else [part.strip() for part in point.split(",")]
    made = identify(asked, at=here, check=check, timeout=timeout, degree=degree)
    click.echo(json.dumps(made.to_json(), indent=1) if as_json else made.latex() if as_latex else repr(made).strip("\n"))


def _kinds() -> tuple[type, ...]:
    from ..model import Model
    from ..models.bases.networks import Network
    from ..models.objective import MetaObjective, UpdateField
    from ..problems import MetaProblem

    return (Model, MetaProblem, MetaObjective, UpdateField, Network)
