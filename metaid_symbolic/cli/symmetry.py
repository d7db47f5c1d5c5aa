"""`metaid symmetry`."""

from __future__ import annotations

import json

import click

from .words import named_object


@click.command()
@click.argument("model", metavar="MODEL")
@click.option("--base", default="quadratic", show_default=True, help="Task losses of a built-in method.")
@click.option("--dim", default=2, show_default=True, help="Size of a built-in model.")
@click.option("--tasks", default=2, show_default=True, help="Number of tasks of a built-in model.")
@click.option("--steps", default=1, show_default=True, help="Inner gradient steps of a built-in method.")
@click.option(
    "--degree", type=click.IntRange(0), default=None, help="Degree of the vector fields; by default 1, and 2 where needed."
)
@click.option("--latex", "as_latex", is_flag=True, help="LaTeX that needs amsmath alone.")
@click.option("--json", "as_json", is_flag=True)
@click.pass_context
def command(
    ctx: click.Context, model: str, base: str, dim: int, tasks: int, steps: int, degree: int | None, as_latex: bool, as_json: bool
) -> None:
    """Which parameters are the same model.  MODEL is a base learner or method (`metaid derive --list` names them), or
    FILE.py:NAME, a Model, Network, MetaProblem or MetaObjective of yours."""
    from ..symmetry import symmetries
    from ..symmetry.subjects import named
    from ..terms import IllFormed

    try:
        subject = named_object(model, _kinds()) if ":" in model else named(model, base, dim, tasks, steps)
        found = symmetries(subject, degree=degree)
    except IllFormed as cause:
        raise click.UsageError(str(cause)) from None
    click.echo(json.dumps(found.to_json(), indent=1) if as_json else found.latex() if as_latex else str(found))
    ctx.exit(0 if found.proved else 3)


def _kinds() -> tuple[type, ...]:
    from ..model import Model
    from ..models.bases.networks import Network
    from ..models.objective import MetaObjective
    from ..problems import MetaProblem

    return (Model, Network, MetaProblem, MetaObjective)
