"""One search in parts.  The answer is that of the first part, in the order of the strategies, that decides the claim: the same
on one process, on many, and after an interruption."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, final

from ..pool import Answer, Executor, Limits, Task, ask_all
from ..search import Unit
from ..store.cache import TRUSTED, UNTRUSTED, sources_digest
from ..store.locating import locate
from ..wire import pack, unpack
from ..worker import settings_of
from .journal import Journal

DECIDING = ("found", "stored", "fault", "disagreement")


@final
@dataclass(frozen=True, slots=True)
class Part:
    """What became of a part of a search; `remembered` if that was known from an earlier run."""

    place: int
    unit: Unit
    answer: Answer
    remembered: bool = False

    @property
    def candidates(self) -> int:
        return sum(r["candidates"] for r in self.answer.replies if r["reply"] == "tried")

    @property
    def decides(self) -> bool:
        return any(r["reply"] in DECIDING for r in self.answer.replies)


@final
@dataclass(frozen=True)
class Divided:
    """An executor that cuts each task into parts and has another executor do these; `heard` is told what became of each."""

    executor: Executor = ask_all
    journal: Journal | None = None
    heard: Callable[[Part], None] = lambda part: None

    def __call__(self, tasks: Sequence[Task], limits: Limits) -> Iterator[Answer]:
        for name, task in tasks:
            yield self._whole(name, task, replace(limits, total=min(limits.seconds, limits.total)))

    def _whole(self, name: str, task: dict[str, Any], limits: Limits) -> Answer:
        """The answers of the parts as one, those after the first that decides left out."""
        start = time.monotonic()
        parts = divided(task)
        done: dict[int, Part] = {}
        for part in self._parts(parts, limits):
            done[part.place] = part
            self.heard(part)
            if _first_to_decide(done) is not None:
                break
        last = _first_to_decide(done)
        kept = [done[k] for k in sorted(done) if last is None or k <= last]
        replies = tuple(r for part in kept for r in part.answer.replies)
        ended = "" if last is not None else next((p.answer.ended for p in kept if p.answer.ended), "")
        return Answer(name, replies, ended, time.monotonic() - start)

    def _parts(self, parts: Sequence[tuple[str, Unit, dict[str, Any]]], limits: Limits) -> Iterator[Part]:
        """What earlier runs remember, then what is done now, each remembered before it is handed on."""
        listed = {key: (place, unit) for place, (key, unit, _) in enumerate(parts)}
        known = {key: answer for key in listed if self.journal is not None and (answer := self.journal.get(key)) is not None}
        yield from (Part(*listed[key], answer, remembered=True) for key, answer in known.items())
        for answer in self.executor([(key, made) for key, _, made in parts if key not in known], limits):
            if self.journal is not None and not answer.ended:
                self.journal.put(answer)
            yield Part(*listed[answer.name], answer)


def _first_to_decide(done: dict[int, Part]) -> int | None:
    """The first part that decides, if all before it are done."""
    for place in range(len(done)):
        if place not in done:
            return None
        if done[place].decides:
            return place
    return None


def _modules_digest(place: str) -> str:
    """The sha256 of the modules of a theory, whose implications a search may use."""
    path, made = locate(place), hashlib.sha256()
    for module in sorted(path.glob("*.py")) if path.is_dir() else [path]:
        made.update(module.read_bytes())
    return made.hexdigest()


def divided(task: dict[str, Any]) -> list[tuple[str, Unit, dict[str, Any]]]:
    """The parts of a search, each with the digest of all that its outcome depends on, and as a task of its own."""
    from ..search.registry import units

    settings = settings_of(task)
    listed = (settings.unit,) if settings.unit is not None else tuple(units(unpack(task["claim"]), settings))
    theories = unpack(task["settings"].get("theories", pack(())))
    sources = sources_digest(TRUSTED) + sources_digest(UNTRUSTED) + "".join(map(_modules_digest, theories))
    claim = dict(task["claim"]["fields"])
    bare = {name: value for name, value in claim.items() if name not in ("place", "words")}
    made = []
    for place, unit in enumerate(listed):
        chosen = {**task["settings"], "unit": pack(unit)}
        chosen.pop("strategies", None)
        part = {**task, "settings": chosen, "stored": None if place else task["stored"]}
        kept = {name: value for name, value in chosen.items() if not (unit.stop and name == "budget")}
        about = {**part, "claim": bare, "settings": kept, "sources": sources}
        made.append((hashlib.sha256(json.dumps(about, sort_keys=True).encode()).hexdigest(), unit, part))
    return made
