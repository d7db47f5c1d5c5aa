"""The table of an example: which conditions hold at its point and which fail, as far as the search proves it.

To add an example to the collection, write its problem and point and append the result to `examples/collection.json`:

    found = tabulated(Example("name", "In words.", problem, point))
    PLACE.write_text(written([*collection(), found]))

`proofs/lattice` then states the table as a claim, and only the certificate of that counts.
"""

from __future__ import annotations

import gc
import signal
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from types import FrameType

from ..certificates import Defined, Refutation
from ..examples.collection import Example
from ..printing import text
from ..search import Settings, concrete
from ..theory import Claim, Theory
from .lattice import CODES

SECONDS = 4.0
"""Processor time for one condition."""

AGAIN = 0.01
"""Seconds of processor time after which an exception that got lost is raised again."""


def tabulated(example: Example, codes: Iterable[str] = CODES, seconds: float = SECONDS) -> Example:
    """The example with its table extended by those of the conditions that are decided, each within this processor time.

    Uses the process's virtual timer, so it runs in the main thread of a process on Unix.
    """
    holds, fails = {*example.holds}, {*example.fails}
    for code in codes:
        if code not in holds | fails and (found := decided(example, code, seconds)) is not None:
            (holds if found else fails).add(code)
    return replace(example, holds=frozenset(holds), fails=frozenset(fails))


def decided(example: Example, code: str, seconds: float = SECONDS) -> bool | None:
    """Whether the search finds a proof of the condition at the example's point or of its denial; None if of neither."""
    try:
        with _processor_time(seconds):
            return _truth(Theory("table").at("table", example.problem, text(example.literal(code))))
    except _Spent:
        return None


def _truth(claim: Claim) -> bool | None:
    for method in (concrete.one_problem, concrete.by_enclosures):
        for found in method(claim, Settings()):
            made = found.certificate
            return not isinstance(made.then if isinstance(made, Defined) else made, Refutation)
    return None


class _Spent(BaseException):
    """The processor time is over; no search takes it for a failure of its own."""


@contextmanager
def _processor_time(seconds: float) -> Iterator[None]:
    """Raises _Spent after the processor time, and again every AGAIN seconds: Python drops what a finaliser raises."""
    running = True

    def stop(number: int, frame: FrameType | None) -> None:
        if running and not _collecting(frame):
            raise _Spent

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds, AGAIN)
    try:
        yield
    finally:
        running = False
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _collecting(frame: FrameType | None) -> bool:
    """Whether the frame is a callback of the garbage collector, which prints and drops exceptions."""
    return frame is not None and any(frame.f_code is getattr(callback, "__code__", None) for callback in gc.callbacks)
