"""The built-in methods and base learners, by the words of a command line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from .words import named_object

Command = TypeVar("Command", bound=Callable[..., Any])


def sized(dim: int) -> Callable[[Command], Command]:
    """The options that choose a built-in model, of the size `dim` by default, and `--list`."""
    options = (
        click.option("--base", default="quadratic", show_default=True, help="Task losses of a built-in method."),
        click.option("--dim", default=dim, show_default=True, help="Size of a built-in model."),
        click.option("--tasks", default=2, show_default=True, help="Number of tasks of a built-in model."),
        click.option("--steps", default=1, show_default=True, help="Inner gradient steps of a built-in method."),
        click.option("--list", is_flag=True, is_eager=True, expose_value=False, callback=_list, help="The built-in models."),
    )

    def with_options(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return with_options


def _list(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        click.echo(_listed())
        ctx.exit()


def subject(model: str | None, kinds: tuple[type, ...], base: str, dim: int, tasks: int, steps: int) -> object:
    """The base learner of this name, or the method on its base; or the object of `FILE.py:NAME`.  Raises `click.UsageError`."""
    from ..symmetry.subjects import named
    from ..terms import IllFormed

    if model is None:
        raise click.UsageError("which model?  `--list` lists the built-in ones; or FILE.py:NAME")
    if ":" in model or model.endswith(".py"):
        return named_object(model, kinds)
    try:
        found: object = named(model, base, dim, tasks, steps)
    except IllFormed as cause:
        raise click.UsageError(str(cause)) from None
    if not isinstance(found, kinds):
        raise click.UsageError(f"{model!r} is a model without tasks; `plain --base {model}` is its losses on tasks")
    return found


def _listed() -> str:
    """The methods by what they learn, and the base learners."""
    from ..models.bases import BASES
    from ..models.methods import METHODS

    width, lines = max(map(len, METHODS)), []
    for kind in dict.fromkeys(method.learned for method in METHODS.values()):
        lines.append(f"{kind}:")
        lines += [f"  {name:{width}}  {method.words}" for name, method in METHODS.items() if method.learned == kind]
    return "\n".join([*lines, f"base learners: {', '.join(BASES)}"])
