"""Searches on a Dask cluster: the same answers as here, also when a worker is killed on the way."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from metaid_symbolic.conjectures import search
from metaid_symbolic.pool import Answer, Limits
from metaid_symbolic.running import scheduler
from metaid_symbolic.running.scheduler import NoScheduler, Scheduler, connected
from metaid_symbolic.running.session import Session

distributed: Any = pytest.importorskip("distributed")
pytestmark = pytest.mark.filterwarnings("ignore")
"""What Dask warns of is its own affair."""
TRUE, FALSE = "UNIQ => WEAK", "FPD & EXISTS => UNIQ"


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
    ) as made:
        yield made


@pytest.mark.parametrize("text", [TRUE, FALSE])
def test_the_answer_is_that_of_processes_here(cluster: Any, text: str) -> None:
    here = search(text, jobs=1, timeout=120.0)
    there = search(text, timeout=120.0, session=Session(cluster.scheduler_address))
    assert there.result.verdict.truth is not None
    assert (there.result.verdict, there.result.source) == (here.result.verdict, here.result.source)
    assert there.replay == here.replay


def test_a_killed_worker_changes_nothing(cluster: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = search(FALSE, jobs=1, timeout=120.0, strategies=("enumeration",))
    killed: list[int] = []

    def kill() -> None:
        with distributed.Client(cluster.scheduler_address, set_as_default=False) as client:
            while not killed:
                busy = [address for address, tasks in client.processing().items() if tasks]
                if busy:
                    pid = client.run(os.getpid, workers=busy[:1])[busy[0]]
                    os.kill(pid, signal.SIGKILL)
                    killed.append(pid)
                time.sleep(0.05)

    thread = threading.Thread(target=kill)
    thread.start()
    found = search(FALSE, timeout=120.0, strategies=("enumeration",), session=Session(cluster.scheduler_address))
    thread.join()
    assert killed and found.result.source == whole.result.source and found.result.verdict is whole.result.verdict


def test_what_a_worker_says_is_not_believed(cluster: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    lie = {"reply": "found", "certificate": {"kind": "Derivation", "proof": {"kind": "Done"}}, "truth": True, "grade": "exact",
           "theorems": [], "instantiation": False, "method": "m", "minimal": "", "author": False}  # fmt: skip
    monkeypatch.setattr(scheduler, "_answer", lambda name, future: Answer(name, (lie,)))
    answer = search(FALSE, session=Session(cluster.scheduler_address))
    assert answer.result.verdict.truth is None and answer.result.trouble == "disagreement"


def test_a_task_that_takes_too_long_is_ended(cluster: Any) -> None:
    (answer,) = Scheduler(cluster.scheduler_address)([("never", {})], Limits(seconds=0.01))
    assert answer.ended == "time limit of 0.01 s" and not answer.replies


UNREACHABLE = {
    "no address": ("elsewhere", "is no address of a scheduler such as tcp://"),
    "no port": ("tcp://127.0.0.1", "is no address of a scheduler such as tcp://"),
    "nobody there": ("tcp://127.0.0.1:1", "cannot be reached"),
}


@pytest.mark.parametrize("name", UNREACHABLE)
def test_a_scheduler_that_cannot_be_reached(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    address, reason = UNREACHABLE[name]
    monkeypatch.setattr(scheduler, "CONNECTING", 0.5)
    with pytest.raises(NoScheduler, match=reason):
        connected(address)


def test_a_scheduler_without_workers() -> None:
    with (
        distributed.LocalCluster(n_workers=0, processes=False, dashboard_address=None, protocol="tcp://") as empty,
        pytest.raises(NoScheduler, match="has no workers"),
    ):
        connected(empty.scheduler_address)
