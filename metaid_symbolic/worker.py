"""The process that searches: reads claims from its input, a line each, and answers in lines of JSON.

It may use up its memory, crash or hang: the parent sees to that.  The kernel gets what it judges as decoded JSON.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import sys
import threading
import traceback
from collections.abc import Iterator
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import Any

from .claims import Claim as Assertion
from .claims import ForAllProblems, SomeProblem
from .encoding import Malformed, decode, encode, loads
from .kernel import Rejected
from .recheck import Disagreement, establish
from .settling import as_reply
from .statements import canonical
from .store.loading import load
from .store.locating import locate
from .theory import Claim
from .wire import unpack

BOTH = ("python", "flint")
VACUITY_SHARE = 8
"""A problem that satisfies all hypotheses is found early or not at all: that search has this part of the budget."""
Reply = dict[str, Any]


def answer(task: dict[str, Any]) -> Iterator[Reply]:
    """The replies to one task: `stored` and `found` for what the kernel establishes, `rejected`, `fault`, `vacuity`, `end`."""
    claim: Claim = unpack(task["claim"])
    settings = settings_of(task)
    if task["stored"] is not None:
        yield from _judged(claim, task["stored"], "stored", {"method": ""})
    truth = None
    for reply in _searched(claim, settings):
        yield reply
        truth = reply.get("truth", truth)
    if truth is True and isinstance(claim.assertion, ForAllProblems) and claim.assertion.hypotheses:
        yield {"reply": "vacuity", "vacuity": _vacuity(claim, claim.assertion, settings)}
    yield {"reply": "end"}


def settings_of(task: dict[str, Any]) -> Any:
    """The settings that a task names.  Raises `NothingToSearch` where they leave nothing to try."""
    from .search import Settings

    given = {name: unpack(value) for name, value in task["settings"].items()}
    return Settings(library=partial(stated, given.pop("theories", ())), **given)


def stated(theories: tuple[str, ...]) -> Iterator[tuple[Claim, ...]]:
    """The claims of theories, each named by a path or `@name`, theory by theory."""
    return map(_claims_of, theories)


@cache
def _claims_of(place: str) -> tuple[Claim, ...]:
    return tuple(load(locate(place)).theory.claims.values())


def _searched(claim: Claim, settings: Any) -> Iterator[Reply]:
    """The first finding that the kernel accepts, after those that it rejects; evidence short of proof last."""
    from .search import Tried, outcomes

    for finding in outcomes(claim, settings):
        if isinstance(finding, Tried):
            yield {"reply": "tried", "candidates": finding.candidates}
            continue
        about = {"method": finding.method, "minimal": finding.minimal, "author": finding.author}
        if finding.certificate is None:
            yield {"reply": "evidence", "reason": getattr(finding, "evidence", "") or finding.method, **about}
            continue
        replies = list(_judged(claim, _as_json(finding.certificate), "found", about))
        yield from replies
        if any(r["reply"] != "rejected" for r in replies):
            return


def _as_json(certificate: Any) -> Any:
    return loads(json.dumps(encode(certificate)))


def _judged(claim: Claim, data: Any, kind: str, about: Reply) -> Iterator[Reply]:
    """What the kernel, reading JSON, makes of a certificate."""
    assertion = decode(loads(canonical(claim.assertion)), Assertion)
    try:
        made = establish(assertion, data, {t.name: t for t in claim.cited}, BOTH)
    except (Rejected, Malformed) as cause:
        yield {"reply": "rejected", "of": kind, "reason": str(cause), **about}
    except Disagreement as cause:
        yield {"reply": "disagreement", "reason": str(cause), **about}
    except MemoryError:
        raise
    except Exception as cause:
        yield {"reply": "fault", "reason": f"the kernel failed: {_last_line(cause)}", **about}
    else:
        yield as_reply(kind, data, made, about)


def _vacuity(claim: Claim, implication: ForAllProblems, settings: Any) -> str:
    """Whether some meta-problem satisfies all hypotheses: established, refuted, or unknown."""
    possible = SomeProblem(implication.universe, implication.hypotheses)
    brief = replace(settings, budget=max(1, settings.budget // VACUITY_SHARE), strategies=(), unit=None)
    found = _searched(replace(claim, assertion=possible, expected=True, hint=None, by=(), through=()), brief)
    truth = next((r["truth"] for r in found if "truth" in r), None)
    return {True: "nonvacuous", False: "vacuous", None: "vacuous?"}[truth]


def _last_line(cause: BaseException) -> str:
    frame = traceback.extract_tb(cause.__traceback__)[-1]
    return f"{type(cause).__name__}: {cause} ({Path(frame.filename).name}:{frame.lineno})"


def _guarded(task: dict[str, Any]) -> Iterator[Reply]:
    """The replies; a search that raises ends them with the reason."""
    try:
        yield from answer(task)
    except MemoryError:
        yield {"reply": "end", "reason": "out of memory"}
    except Exception as cause:
        yield {"reply": "end", "reason": f"the search failed: {_last_line(cause)}"}


def _limit_memory(size: int) -> None:
    try:
        import resource
    except ImportError:  # not on Windows
        return
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (size if hard == resource.RLIM_INFINITY else min(size, hard), hard))


def _lines(source: Any, into: queue.SimpleQueue[str]) -> None:
    """Passes lines on; ends this process when the parent is gone."""
    for line in source:
        into.put(line)
    os._exit(0)


def main(memory: int) -> None:
    """Answers tasks until the input ends.  What searches print goes to stderr; Ctrl-C is for the parent to handle."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _limit_memory(memory)
    out = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)
    tasks: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_lines, args=(sys.stdin, tasks), daemon=True).start()
    while True:
        for reply in _guarded(json.loads(tasks.get())):
            out.write(json.dumps(reply) + "\n")
            out.flush()
