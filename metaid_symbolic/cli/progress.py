"""Progress on stderr: a bar on a terminal, a line a claim otherwise."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from ..pipeline import Notify
from ..verdicts import Result


@contextmanager
def progress(total: int, explain: bool = False) -> Iterator[Notify]:
    """What `examine` is to call for each result."""
    if sys.stderr.isatty() and not explain and total > 1:
        with _bar(total) as notify:
            yield notify
    else:
        yield lambda result, done, of: print(_line(result, done, of, explain), file=sys.stderr, flush=True)


def _line(result: Result, done: int, total: int, explain: bool) -> str:
    why = f"  ({result.ran})" if explain and result.ran else ""
    return f"[{done}/{total}] {result.id}  {result.shown}  {result.seconds:.1f} s{why}"


@contextmanager
def _bar(total: int) -> Iterator[Notify]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=total)
        yield lambda result, done, of: bar.update(task, completed=done, description=f"{result.id} {result.shown}")
