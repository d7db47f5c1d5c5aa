"""`metaid derive`."""

from __future__ import annotations

import click

from ..problems import LEARNERS, MetaProblem
from .words import named_object

PARTS = ("objective", "gradient", "hessian", "fisher")


@click.command()
@click.argument("model", metavar="MODEL")
@click.option("--base", default="quadratic", show_default=True, help="Task losses of a built-in model.")
@click.option("--dim", default=1, show_default=True, help="Dimension of a built-in model.")
@click.option("--tasks", default=2, show_default=True, help="Number of tasks of a built-in model.")
@click.option("--steps", default=1, show_default=True, help="Inner gradient steps of a built-in model.")
@click.option("--latex", "as_latex", is_flag=True, help="LaTeX that needs amsmath alone.")
@click.option("--part", type=click.Choice(PARTS), default=None, help="Only this one.")
def command(model: str, base: str, dim: int, tasks: int, steps: int, as_latex: bool, part: str | None) -> None:
    """MODEL is a built-in learner (plain, maml), or FILE.py:NAME, a meta-problem in a file of yours."""
    from ..calculus.derive import derive

    made = derive(_problem(model, base, dim, tasks, steps))
    for name in PARTS if part is None else (part,):
        expression = getattr(made, name)
        click.echo(expression.latex(label=f"eq:{name}") if as_latex else f"{name}: {expression}")


def _problem(model: str, base: str, dim: int, tasks: int, steps: int) -> MetaProblem:
    if ":" in model:
        problem = named_object(model, (MetaProblem,))
        assert isinstance(problem, MetaProblem)
        return problem
    from ..models import build
    from ..terms import IllFormed

    if model not in LEARNERS:
        raise click.UsageError(f"{model!r} is no built-in model ({', '.join(LEARNERS)}) and not FILE.py:NAME")
    try:
        return build(model, base, dim, tasks, steps)
    except IllFormed as cause:
        raise click.UsageError(str(cause)) from None
