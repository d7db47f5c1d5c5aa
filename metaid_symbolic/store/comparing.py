"""Statements in Python against statements.json: new ones are added, changed ones are an error until they are accepted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, final

from ..claims import Claim
from ..encoding import Malformed
from ..sentences import misworded, statements_text
from ..statements import Statements, digest, read_statements
from .files import Files, write_atomically
from .loading import Loaded

NOTHING = Statements({}, {}, {})


@final
@dataclass(frozen=True, slots=True)
class Comparison:
    """`changed`: ids whose statement differs, and how.  `differences`: every difference.  `problems`: an unreadable file."""

    changed: Mapping[str, str]
    differences: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def compare(loaded: Loaded, files: Files, accept: bool, write: bool = True) -> Comparison:
    """The comparison; with `write` new statements, and with `accept` changed ones, are written if the folder allows it."""
    now = {name: c.assertion for name, c in loaded.theory.claims.items() if c.assertion is not None and not loaded.reason(name)}
    path = files.statements
    text = statements_text(loaded.theory.name, now, loaded.theory.theorems)
    if path and path.is_file() and path.read_bytes() == text.encode():
        return Comparison({})
    try:
        known = _read(path) if path and path.is_file() else NOTHING
    except (Malformed, OSError) as cause:
        if not accept:
            return Comparison({}, problems=(f"{path}: {cause}",))
        known = NOTHING
    changed = {name: f"{path}: {words}" for name, words in _changed(now, known).items()}
    differences = [*changed.values(), *_other_differences(loaded, known, f"{path}: ")]
    if accept or (write and not differences and _incomplete(loaded, known, now)):
        return _written(loaded, files, known, now)
    return Comparison(changed, tuple(differences))


def _read(path: Path) -> Statements:
    """The statements of the file; an entry with other words than its statement's is refused."""
    source = path.read_bytes()
    known = read_statements(source)
    refused = dict(known.refused) | dict.fromkeys(misworded(source, known), "the text is not that of the statement")
    return Statements({k: v for k, v in known.claims.items() if k not in refused}, known.theorems, refused)


def _changed(now: Mapping[str, Claim], known: Statements) -> dict[str, str]:
    found = {}
    for name, claim in now.items():
        if name in known.refused:
            found[name] = f"the entry {name}: {known.refused[name]}"
        elif name in known.claims and digest(known.claims[name]) != digest(claim):
            found[name] = f"the statement of {name} differs from the one in Python (`check --accept` writes the new one)"
    return found


def _other_differences(loaded: Loaded, known: Statements, place: str) -> list[str]:
    """Theorems that differ, and statements without a claim; the latter mean nothing when modules could not be read."""
    theorems = loaded.theory.theorems
    found = [f"the theorem {n} differs" for n, t in known.theorems.items() if n in theorems and digest(t) != digest(theorems[n])]
    found += [f"the theorem {name}: {why}" for name, why in known.refused.items() if name in theorems]
    if not loaded.problems:
        found += [f"the theory has no claim {name}" for name in known.claims if name not in loaded.theory.claims]
        found += [f"the theory has no theorem {name}" for name in known.theorems if name not in theorems]
    return [place + words for words in found]


def _incomplete(loaded: Loaded, known: Statements, now: Mapping[str, Claim]) -> bool:
    return bool(now.keys() - known.claims.keys()) or bool(loaded.theory.theorems.keys() - known.theorems.keys())


def _written(loaded: Loaded, files: Files, known: Statements, now: Mapping[str, Any]) -> Comparison:
    """What Python says, with what it said before of claims in modules that cannot be read now."""
    kept = known if loaded.problems else NOTHING
    content = statements_text(loaded.theory.name, {**kept.claims, **now}, {**kept.theorems, **loaded.theory.theorems})
    new = len(now.keys() - known.claims.keys())
    if not files.statements or not files.writable:
        return Comparison({})
    write_atomically(files.statements, content)
    return Comparison({}, notes=(f"{files.statements}: written, with {new} new statements",))
