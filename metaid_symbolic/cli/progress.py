"""Progress on stderr: a bar on a terminal, a line a claim otherwise."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from ..pipeline import Notify
from ..running.division import Part
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


@dataclass
class Listener:
    """Says on stderr what the parts of one search do: once that some were done before, then a line each."""

    remembered: int = 0

    def heard(self, part: Part) -> None:
        if part.remembered:
            if self.remembered == 0:
                print("goes on where an earlier run ended; --fresh starts anew", file=sys.stderr, flush=True)
            self.remembered += 1
        else:
            print(_of_part(part), file=sys.stderr, flush=True)


def _of_part(part: Part) -> str:
    count = f", {part.candidates} tried" if part.candidates else ""
    end = "decides it" if part.decides else part.answer.ended or "nothing"
    return f"{part.unit}: {end}{count}, {part.answer.seconds:.1f} s" + (", by an earlier run" if part.remembered else "")


def explained(parts: Sequence[Part]) -> list[str]:
    """What each part of a search tried and brought, in the order of the strategies."""
    return ["strategies:", *(f"  {_of_part(part)}" for part in sorted(parts, key=lambda p: p.place))]
