"""Worker processes under limits that their parent enforces: wall-clock time by killing, memory and processor time by the
system's limits where it has them (Linux).  A worker is killed with every process that it has started."""

from __future__ import annotations

import contextlib
import json
import math
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, final

START = "import sys; sys.path.append(sys.argv[1]); from metaid_symbolic.worker import main; main(int(sys.argv[2]))"
CORES = 2
"""Processor time of a claim, as a multiple of its wall-clock time: a library may run a thread beside the search."""
KILLED = (-9, -15)
ATTEMPTS = 2
"""How often a task is given to a worker if others kill the worker."""
HOME = str(Path(__file__).resolve().parent.parent)


@final
@dataclass(frozen=True, slots=True)
class Limits:
    """`seconds` for a task and for all of them together, `memory` in bytes for a worker, and how many workers."""

    seconds: float = 20.0
    memory: int = 4 << 30
    jobs: int = 0
    total: float = math.inf

    @property
    def workers(self) -> int:
        return self.jobs or os.cpu_count() or 1

    @property
    def reached(self) -> str:
        return f"time limit of {min(self.seconds, self.total):g} s"


@final
@dataclass(frozen=True, slots=True)
class Answer:
    """The replies of a worker to one task, in order, and why they end early (empty if they do not); `lost` if the worker was
    killed by somebody else."""

    name: str
    replies: tuple[dict[str, Any], ...]
    ended: str = ""
    seconds: float = 0.0
    lost: bool = False


Task = tuple[str, dict[str, Any]]
"""A name, and what a worker is told."""
Executor = Callable[[Sequence[Task], Limits], Iterator[Answer]]
"""Has workers do tasks, begun in their order, and gives the answers as they come; leaving the iterator ends the work."""


@final
@dataclass
class _Slot:
    """One place for a worker, refilled when it is killed or dies."""

    limits: Limits
    process: subprocess.Popen[str] | None = None
    errors: Any = None
    closed: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self) -> subprocess.Popen[str]:
        with self.lock:
            if self.process is None or self.process.poll() is not None:
                self.end()
                self.errors = tempfile.TemporaryFile()  # noqa: SIM115
                self.process = subprocess.Popen(
                    [sys.executable, "-P", "-c", START, HOME, str(self.limits.memory)],
                    stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors, text=True, encoding="ascii",
                    start_new_session=True, env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
                )  # fmt: skip
                _limit(self.process.pid, "RLIMIT_AS", self.limits.memory)
            if self.closed:
                end_group(self.process)
            return self.process

    def close(self) -> None:
        with self.lock:
            self.closed = True
            if self.process is not None:
                end_group(self.process)

    def end(self) -> None:
        """Nothing of the old worker stays open."""
        if self.process is not None:
            end_group(self.process)
            self.process.wait()
            for stream in filter(None, (self.process.stdin, self.process.stdout, self.errors)):
                with contextlib.suppress(OSError):  # what the worker did not read is lost with it
                    stream.close()
            self.process = None

    def ask(self, name: str, task: dict[str, Any], left: float) -> Answer:
        """What the worker replies within the time limit, of which so many seconds are left."""
        process = self.start()
        _limit(process.pid, "RLIMIT_CPU", math.ceil(_used(process.pid) + CORES * self.limits.seconds + 1))
        late = threading.Event()
        timer = threading.Timer(left, _kill, (process, late))
        timer.daemon = True
        timer.start()
        replies: list[dict[str, Any]] = []
        try:
            assert process.stdin is not None and process.stdout is not None
            process.stdin.write(json.dumps(task) + "\n")
            process.stdin.flush()
            for line in process.stdout:
                replies.append(json.loads(line))
                if replies[-1]["reply"] == "end":
                    return Answer(name, tuple(replies), replies[-1].get("reason", ""))
        except (OSError, ValueError):
            pass  # the process is gone; its end is reported below
        finally:
            timer.cancel()
        reason = self._reason(process, late.is_set())
        return Answer(name, tuple(replies), reason, lost=not late.is_set() and process.returncode in KILLED)

    def _reason(self, process: subprocess.Popen[str], late: bool) -> str:
        end_group(process)
        code = process.wait()
        if late:
            return self.limits.reached
        if code == -getattr(signal, "SIGXCPU", 0):
            return f"time limit of {CORES * self.limits.seconds:g} s of processor time"
        self.errors.seek(max(0, self.errors.seek(0, 2) - 2000))
        last = self.errors.read().decode(errors="replace").strip().rpartition("\n")[2]
        return f"the search process ended with {f'signal {-code}' if code < 0 else f'code {code}'}" + (
            f": {last}" if last else ""
        )


def _kill(process: subprocess.Popen[str], late: threading.Event) -> None:
    late.set()
    end_group(process)


def end_group(process: subprocess.Popen[str]) -> None:
    """Kills the worker, unless it has been waited for, and whatever it has started."""
    if process.returncode is None and hasattr(os, "killpg"):
        with contextlib.suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()


def _limit(process: int, kind: str, amount: int) -> None:
    """The soft limit of another process, where the system can set it."""
    with contextlib.suppress(ImportError, AttributeError, OSError, ValueError):
        import resource

        which = getattr(resource, kind)
        hard = resource.prlimit(process, which)[1]
        resource.prlimit(process, which, (amount if hard == resource.RLIM_INFINITY else min(amount, hard), hard))


def _used(process: int) -> float:
    """The seconds of processor time that a process has used; 0 if the system does not say."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):
        return 0.0


def ask_all(tasks: Sequence[Task], limits: Limits) -> Iterator[Answer]:
    """The answers as they come.  Leaving the iterator kills every worker."""
    waiting: queue.SimpleQueue[tuple[str, dict[str, Any]]] = queue.SimpleQueue()
    answers: queue.SimpleQueue[Answer | BaseException] = queue.SimpleQueue()
    for task in tasks:
        waiting.put(task)
    slots = [_Slot(limits) for _ in range(min(limits.workers, len(tasks)))]
    until = time.monotonic() + limits.total
    threads = [threading.Thread(target=_serve, args=(slot, waiting, answers, until), daemon=True) for slot in slots]
    for thread in threads:
        thread.start()
    try:
        for _ in tasks:
            answer = answers.get()
            if isinstance(answer, BaseException):
                raise answer
            yield answer
    finally:
        with contextlib.suppress(queue.Empty):
            while True:
                waiting.get_nowait()
        for slot in slots:
            slot.close()
        for slot, thread in zip(slots, threads, strict=True):
            thread.join()
            slot.end()


def _serve(slot: _Slot, waiting: queue.SimpleQueue[Any], answers: queue.SimpleQueue[Any], until: float) -> None:
    try:
        while not slot.closed:
            name, task = waiting.get_nowait()
            start, answer = time.monotonic(), Answer(name, (), slot.limits.reached)
            for _ in range(ATTEMPTS):
                left = min(slot.limits.seconds, until - time.monotonic())
                if left <= 0 or slot.closed:
                    break
                answer = slot.ask(name, task, left)
                if not answer.lost:
                    break
            answers.put(replace(answer, seconds=time.monotonic() - start))
    except queue.Empty:
        pass
    except BaseException as cause:  # raised again where the answers are read
        answers.put(cause)
