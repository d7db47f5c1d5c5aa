"""The theories `lattice` and `atlas` where they stand beside the one reported on: a table of statuses each, and a picture.

Each is read by a process of its own, while the report is made: loading the atlas takes as long as the rest.  Verdicts are the
cached ones, else what the kernel makes of the stored certificates; nothing is searched.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import tostring

from ...examples.collection import collection
from ...lattice.lattice import EXAMPLE, Inconsistent, Lattice, lattice
from ...pipeline import recalled
from ...store.files import Files
from ...store.loading import load
from ...store.locating import is_theory
from ...verdicts import NOT_CHECKED, Result
from ..contents import Contents
from .drawing import SIGNS
from .standalone import lattice_picture

NAMES = ("lattice", "atlas")
SECONDS = 300.0
STATUS = {"implied": "proved", "not implied": "refuted", "open": "undecided"}
RUNGS = ("rank", "local", "weak", "strong", "global")
UNKNOWN = "not checked"

Survey = dict[str, Any]
Running = list[tuple[str, "subprocess.Popen[str]"]]


def begun(contents: Contents) -> Running:
    """The processes that read the theories beside a whole theory; none for a part of one."""
    folder = contents.loaded.folder
    if folder is None or len(contents.results) < len(contents.loaded.theory.claims):
        return []
    beside = [folder.resolve().parent / name for name in NAMES if name != folder.resolve().name]
    command = [sys.executable, "-m", __name__]
    return [
        (path.name, subprocess.Popen([*command, str(path)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True))
        for path in beside
        if is_theory(path)
    ]


def finished(running: Running, gaps: list[tuple[str, str]]) -> list[Survey]:
    """What they found; one that failed, or a theory that is not checked, is a gap."""
    made = []
    for name, process in running:
        try:
            found = json.loads(process.communicate(timeout=SECONDS)[0])
        except (subprocess.TimeoutExpired, ValueError):
            process.kill()
            gaps.append((name, "the theory beside this one could not be read"))
            continue
        if found["unknown"]:
            gaps.append((name, f"{found['unknown']} claims have no verdict yet: metaid check @{name}"))
        made += [found] if found["rows"] else []
    return made


def survey(path: Path) -> Survey:
    """What the report shows of the theory `lattice` or `atlas` at a path."""
    loaded = load(path)
    allowed = Files(path).allowed_open()
    known = [r for r in recalled(loaded, list(loaded.theory.claims)) if r.reason != NOT_CHECKED or r.id in allowed]
    shown = (
        lattice_survey(lattice(known, collection()))
        if path.name == "lattice"
        else _atlas(list(loaded.theory.claims), {r.id: r for r in known})
    )
    return {"name": path.name, "picture": "", "here": False, **shown, "unknown": len(loaded.theory.claims) - len(known)}


def lattice_survey(made: Lattice, here: bool = False) -> Survey:
    """The lattice as a picture and a table; `here` says that its claims are in the same report, to which signs then lead."""
    codes = [code for code in made.codes if code not in made.given]
    rows = [(code, [_entry(made, code, other) for other in codes]) for code in codes] if made.examples else []
    counts = Counter(words.partition(":")[0] for _, cells in rows for _, words, kind, _ in cells if kind)
    return {
        "name": "lattice", "here": here,
        "title": "Lattice of conditions" + (f", given {', '.join(made.given)}" if made.given else ""),
        "words": "A row implies a column (✓), does not, as an example shows (✗), or that is open (?).",
        "counts": ", ".join(f"{counts[status]} {status}" for status in STATUS),
        "columns": codes, "rows": rows, "picture": tostring(lattice_picture(made, mark="arrow-lattice"), encoding="unicode"),
    }  # fmt: skip


def _entry(made: Lattice, code: str, other: str) -> tuple[str, str, str, str]:
    """Sign, words and class of a cell, and the claim to look at: the last implication, or the table of the example."""
    if code == other:
        return "", "", "", ""
    entry = made.entry([code], other)
    kind, by = STATUS[entry.status], entry.by[-1] if entry.by else ""
    words = f"{entry.status}: {code} => {other}" + (f" by {', '.join(entry.by)}" if entry.by else "")
    return SIGNS[kind], words, kind, EXAMPLE + by if entry.status == "not implied" else by


def _atlas(ids: Sequence[str], results: dict[str, Result]) -> Survey:
    cells = list(dict.fromkeys(i.rpartition("/")[0] for i in ids))
    rows = [(cell, [_rung(f"{cell}/{rung}", ids, results) for rung in RUNGS]) for cell in cells]
    counts = Counter(kind for _, found in rows for _, _, kind, _ in found if kind)
    return {
        "title": "Atlas of models",
        "words": "Base models under learners: whether the rank is as computed, and which rungs of identifiability they reach.",
        "counts": ", ".join(f"{count} {kind}" for kind, count in counts.items()) or UNKNOWN,
        "columns": RUNGS, "rows": rows if results else [],
    }  # fmt: skip


def _rung(claim_id: str, ids: Sequence[str], results: dict[str, Result]) -> tuple[str, str, str, str]:
    if claim_id not in results:
        return ("·", f"{claim_id}: {UNKNOWN}", "", "") if claim_id in ids else ("", "no claim", "", "")
    verdict = results[claim_id].verdict.value
    return f"{SIGNS[verdict]} {verdict}", f"{claim_id}: {results[claim_id].shown}", verdict, ""


if __name__ == "__main__":
    try:
        print(json.dumps(survey(Path(sys.argv[1]))))
    except (Inconsistent, OSError) as cause:
        sys.exit(str(cause))
