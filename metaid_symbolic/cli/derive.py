"""`metaid derive`."""

from __future__ import annotations

from typing import Any

import click

from .words import named_object

PARTS = {
    "objective": ("objective", "gradient", "hessian", "fisher"),
    "field": ("field", "jacobian", "fisher", "objective", "fixed_points"),
    "implicit": ("equations", "objective", "gradient", "hessian", "fisher"),
}
"""What is printed of a meta-objective, of an update field, and of an objective through inner problems without closed form."""
MORE = ("third", "covariance", "profile", "sandwich")
ALL = tuple(dict.fromkeys((*PARTS["objective"], *PARTS["field"], *PARTS["implicit"], *MORE)))


@click.command()
@click.argument("model", metavar="MODEL", required=False)
@click.option("--base", default="quadratic", show_default=True, help="Task losses of a built-in model.")
@click.option("--dim", default=1, show_default=True, help="Size of a built-in model.")
@click.option("--tasks", default=2, show_default=True, help="Number of tasks of a built-in model.")
@click.option("--steps", default=1, show_default=True, help="Inner gradient steps of a built-in model.")
@click.option("--latex", "as_latex", is_flag=True, help="LaTeX that needs amsmath alone.")
@click.option("--part", type=click.Choice(ALL), default=None, help="Only this one.")
@click.option("--list", "listing", is_flag=True, help="The built-in models and bases.")
def command(
    model: str | None, base: str, dim: int, tasks: int, steps: int, as_latex: bool, part: str | None, listing: bool
) -> None:
    """MODEL is a built-in method (see --list), or FILE.py:NAME, a MetaProblem, MetaObjective or UpdateField of yours."""
    if listing:
        _list()
        return
    if model is None:
        raise click.UsageError("which model?  `--list` lists the built-in ones; or FILE.py:NAME")
    from ..calculus.derive import derive

    problem = named_object(model, _kinds()) if ":" in model else _built(model, base, dim, tasks, steps)
    made: Any = derive(problem)  # type: ignore[arg-type]
    for name in _parts(made) if part is None else (part,):
        click.echo(_shown(made, name, as_latex))
    if part is None and (conditions := made.defined_where):
        click.echo(_where(conditions, as_latex))


def _kinds() -> tuple[type, ...]:
    from ..models.implicit import ImplicitObjective
    from ..models.objective import MetaObjective, UpdateField
    from ..problems import MetaProblem

    return (MetaProblem, MetaObjective, UpdateField, ImplicitObjective)


def _built(model: str, base: str, dim: int, tasks: int, steps: int) -> object:
    from ..models import build
    from ..terms import IllFormed

    try:
        return build(model, base, dim, tasks, steps)
    except IllFormed as cause:
        raise click.UsageError(str(cause)) from None


def _parts(made: Any) -> tuple[str, ...]:
    return PARTS["field" if hasattr(made, "field") else "implicit" if hasattr(made, "equations") else "objective"]


def _shown(made: Any, name: str, as_latex: bool) -> str:
    """The part; why there is none, where a field has no objective or no single fixed point.

    Raises `click.UsageError` for a part that this kind of derivation does not have.
    """
    from ..terms import IllFormed

    if not hasattr(type(made), name):
        raise click.UsageError(f"there is no {name} of {made.problem.learner}; there are {', '.join(_parts(made))}")
    try:
        expression = getattr(made, name)
        return expression.latex(label=f"eq:{name}") if as_latex else f"{name}: {expression}"
    except IllFormed as cause:
        if not hasattr(made, "field"):
            raise
        return f"{'% ' if as_latex else ''}{name}: none; {cause}"


def _where(conditions: tuple[Any, ...], as_latex: bool) -> str:
    if not as_latex:
        return "where: " + ", ".join(map(str, conditions))
    from ..reports.notation import latex

    lines = " \\\\\n".join(f"  & {latex(formula)}" for formula in conditions)
    return f"\\begin{{align*}}\n  \\text{{where }}\n{lines}\n\\end{{align*}}"


def _list() -> None:
    from ..models.bases import BASES
    from ..models.methods import METHODS

    width = max(map(len, METHODS))
    for kind in dict.fromkeys(method.learned for method in METHODS.values()):
        click.echo(f"{kind}:")
        for name, method in METHODS.items():
            if method.learned == kind:
                click.echo(f"  {name:{width}}  {method.words}")
    click.echo(f"bases: {', '.join(BASES)}")
