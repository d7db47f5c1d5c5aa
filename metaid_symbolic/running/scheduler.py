"""Searches on the workers of a Dask scheduler, which have this package installed.

A task that loses its worker is done by another one, as often as Dask allows; what comes back is JSON, judged like any answer.
Whoever can talk to the scheduler can run code on its workers: that is Dask's own rule, so use one that you trust.
"""

from __future__ import annotations

import importlib
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, final
from urllib.parse import urlsplit

from ..pool import Answer, Limits, Task, ask_all

CONNECTING = 5.0
MARGIN = 30.0
"""Seconds: to connect, and for what Dask needs beside the tasks before it is given up."""
SCHEMES = ("tcp", "tls", "ws", "wss", "ucx", "inproc")


class NoScheduler(OSError):
    """Nothing can be run there; the message says why."""


def serve(name: str, task: str, seconds: float, memory: int) -> bytes:
    """Does one task in a process under limits, on the machine of the worker; the answer as JSON."""
    answer = next(ask_all([(name, json.loads(task))], Limits(seconds, memory, jobs=1)))
    return json.dumps({"replies": answer.replies, "ended": answer.ended, "seconds": answer.seconds}).encode("ascii")


@final
@dataclass(frozen=True)
class Scheduler:
    """An executor that hands tasks to a Dask scheduler.  Raises `NoScheduler` if that cannot be reached."""

    address: str

    def __call__(self, tasks: Sequence[Task], limits: Limits) -> Iterator[Answer]:
        client = connected(self.address)
        distributed: Any = importlib.import_module("distributed")
        start = time.monotonic()
        futures: dict[str, Any] = {}
        try:
            for place, (name, task) in enumerate(tasks):
                seconds = min(limits.seconds, limits.total)
                given = (name, json.dumps(task), seconds, limits.memory)
                futures[name] = client.submit(serve, *given, key=f"metaid-{name}", priority=-place, pure=False)
            names = {future.key: name for name, future in futures.items()}
            waiting = distributed.as_completed(futures.values(), timeout=_patience(len(tasks), limits))
            while names:
                try:
                    future = next(waiting)
                except TimeoutError:
                    break
                yield _answer(names.pop(future.key), future)
            yield from (Answer(name, (), limits.reached, time.monotonic() - start) for name in names.values())
        finally:
            client.cancel(list(futures.values()), force=True)
            client.close(timeout=CONNECTING)


def _patience(count: int, limits: Limits) -> float:
    return min(limits.total, count * limits.seconds) + MARGIN


def _answer(name: str, future: Any) -> Answer:
    """The answer of a task that has ended; one that failed, for example by losing worker after worker, decides nothing."""
    if future.status != "finished":
        return Answer(
            name, (), f"the scheduler's workers failed: {type(future.exception()).__name__}: {future.exception()}", lost=True
        )
    try:
        data = json.loads(future.result())
        return Answer(name, tuple(data["replies"]), str(data["ended"]), float(data["seconds"]))
    except (TypeError, ValueError, KeyError) as cause:
        return Answer(name, (), f"a worker of the scheduler answered nonsense ({cause})")


def connected(address: str) -> Any:
    """A client of the scheduler, which has workers.  Raises `NoScheduler`."""
    try:
        parts = urlsplit(address)
        sound = parts.scheme in SCHEMES and (parts.port is not None or parts.scheme == "inproc")
    except ValueError:
        sound = False
    if not sound:
        raise NoScheduler(f"{address!r} is no address of a scheduler such as tcp://127.0.0.1:8786")
    try:
        distributed: Any = importlib.import_module("distributed")
    except ImportError:
        raise NoScheduler("a scheduler needs the package `distributed`: pip install 'metaid-symbolic[cluster]'") from None
    try:
        client: Any = distributed.Client(address, timeout=CONNECTING, set_as_default=False)
    except (OSError, ValueError) as cause:
        raise NoScheduler(f"the scheduler {address} cannot be reached: {_first_line(cause)}") from None
    if not client.scheduler_info(n_workers=-1)["workers"]:
        client.close()
        raise NoScheduler(f"the scheduler {address} has no workers")
    return client


def _first_line(cause: Exception) -> str:
    return str(cause).partition("\n")[0] or type(cause).__name__
