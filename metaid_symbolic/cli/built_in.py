"""The built-in methods and base learners, by the words of a command line."""

from __future__ import annotations

import click

from .words import named_object


def subject(model: str | None, kinds: tuple[type, ...], base: str, dim: int, tasks: int, steps: int) -> object:
    """The built-in method of this name on its base, or the object of `FILE.py:NAME`.  Raises `click.UsageError`."""
    from ..models import build
    from ..terms import IllFormed

    if model is None:
        raise click.UsageError("which model?  `--list` lists the built-in ones; or FILE.py:NAME")
    if ":" in model:
        return named_object(model, kinds)
    try:
        return build(model, base, dim, tasks, steps)
    except IllFormed as cause:
        raise click.UsageError(str(cause)) from None


def listed() -> str:
    """The methods by what they learn, and the bases."""
    from ..models.bases import BASES
    from ..models.methods import METHODS

    width, lines = max(map(len, METHODS)), []
    for kind in dict.fromkeys(method.learned for method in METHODS.values()):
        lines.append(f"{kind}:")
        lines += [f"  {name:{width}}  {method.words}" for name, method in METHODS.items() if method.learned == kind]
    return "\n".join([*lines, f"bases: {', '.join(BASES)}"])
