"""How the words of a command line name a theory and claims."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from ..store.locating import NoSuchTheory as NoSuchTheory
from ..store.locating import locate, looks_like_path, nearest


def theory_and_ids(words: Sequence[str]) -> tuple[Path, list[str]]:
    """The theory of the first word if that looks like a path, else the one at hand; the other words are ids."""
    if words and looks_like_path(words[0]):
        return locate(words[0]), list(words[1:])
    try:
        return locate(), list(words)
    except NoSuchTheory as cause:
        if not words:
            raise
        near = nearest(words[0], [str(p) for p in Path().iterdir()])
        raise NoSuchTheory(f"{words[0]!r} is no path{near}; and {cause}") from None


def named_object(word: str, kinds: tuple[type, ...]) -> object:
    """The object `NAME` of `FILE.py:NAME`.  Raises `click.UsageError` naming what is there instead."""
    from ..store.loading import module_values

    file, _, name = word.rpartition(":") if ":" in word else (word, "", "")
    path = Path(file)
    if not path.is_file():
        raise click.UsageError(f"no file {file}{nearest(file, [str(p) for p in (path.parent or Path()).glob('*.py')])}")
    values, problems = module_values(path)
    fitting = {key: value for key, value in values.items() if isinstance(value, kinds)}
    if name not in fitting:
        raise click.UsageError("; ".join([_unfit(file, name, values, fitting, kinds), *problems]))
    for problem in problems:
        click.echo(f"metaid: {problem}", err=True)
    return fitting[name]


def _unfit(file: str, name: str, values: Mapping[str, object], fitting: Mapping[str, object], kinds: tuple[type, ...]) -> str:
    """Why the file has no object of these kinds under the name, and what it has."""
    wanted = " or ".join(kind.__name__ for kind in kinds)
    if not name:
        return f"which object of {file}?  " + (", ".join(f"{file}:{key}" for key in fitting) or f"it has no {wanted}")
    if name in values:
        return f"{name!r} of {file} has the type {type(values[name]).__name__}, not {wanted}"
    return f"{file} has no {wanted} {name!r}{nearest(name, fitting)}"


def interval(source: str) -> tuple[int, int]:
    """`2` or `1..3`."""
    low, _, high = source.partition("..")
    if not low.isdecimal() or not (high or low).isdecimal() or int(low) < 1 or int(high or low) < int(low):
        raise click.UsageError(f"{source!r} is no number >= 1 and no range such as 1..3")
    return int(low), int(high or low)
