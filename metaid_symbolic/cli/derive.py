"""`metaid derive`."""

from __future__ import annotations

import click

from ..problems import MetaProblem
from .words import named_object

PARTS = ("objective", "gradient", "hessian", "fisher")


@click.command()
@click.argument("model", metavar="MODEL")
@click.option("--latex", "as_latex", is_flag=True, help="LaTeX that needs amsmath alone.")
@click.option("--part", type=click.Choice(PARTS), default=None, help="Only this one.")
def command(model: str, as_latex: bool, part: str | None) -> None:
    """MODEL is FILE.py:NAME, a meta-problem in a file of yours."""
    from ..calculus.derive import derive

    if ":" not in model:
        raise click.UsageError(f"{model!r} is not FILE.py:NAME, the name of a meta-problem in a file")
    problem = named_object(model, (MetaProblem,))
    assert isinstance(problem, MetaProblem)
    made = derive(problem)
    for name in PARTS if part is None else (part,):
        expression = getattr(made, name)
        click.echo(expression.latex(label=f"eq:{name}") if as_latex else f"{name}: {expression}")
