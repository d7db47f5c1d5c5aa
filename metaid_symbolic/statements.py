"""What is claimed, as it stands in `statements.json`: for each id the encoded claim, its hash, and words for the reader.

The reader below refuses an entry whose hash is not that of its claim, and takes no notice of the words, which `check`
compares.  Certificates are bound to claims by the hash alone.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, final

from .claims import Claim, Theorem
from .encoding import Malformed, decode, encode, loads

ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.!-]*(/[A-Za-z0-9][A-Za-z0-9_.!-]*)*\Z", re.ASCII)
SCHEMA = "1"


def canonical(value: Any) -> str:
    """The one JSON text of a claim, theorem or certificate."""
    return json.dumps(encode(value), separators=(",", ":"), sort_keys=True)


def digest(value: Any) -> str:
    """The sha256 of the canonical text."""
    return hashlib.sha256(canonical(value).encode("ascii")).hexdigest()


def file_name(claim_id: str) -> str:
    """The certificate's file: `/` becomes `~`, which no id contains.  Raises `Malformed` for what is no id."""
    if not ID.match(claim_id):
        raise Malformed(f"{claim_id!r} is no id: letters, digits and _.!- between single slashes")
    return claim_id.replace("/", "~") + ".json"


@final
@dataclass(frozen=True, slots=True)
class Statements:
    """The claims and cited theorems of a theory; `refused` says of an id why its entry is not believed."""

    claims: Mapping[str, Claim]
    theorems: Mapping[str, Theorem]
    refused: Mapping[str, str]


def read_statements(source: str | bytes) -> Statements:
    """The statements of a file.  Raises `Malformed` when the file as a whole makes no sense."""
    data = loads(source)
    if type(data) is not dict or set(data) != {"schema", "theory", "theorems", "claims"} or data["schema"] != SCHEMA:
        raise Malformed(f"the file is no object with schema {SCHEMA!r}, theory, theorems and claims")
    if type(data["theorems"]) is not dict or type(data["claims"]) is not dict:
        raise Malformed("theorems and claims are not objects")
    refused: dict[str, str] = {}
    theorems = _read(data["theorems"], Theorem, refused)
    return Statements(_read(data["claims"], Claim, refused), theorems, refused)


def _read(entries: dict[str, Any], wanted: Any, refused: dict[str, str]) -> dict[str, Any]:
    made = {}
    for name, entry in entries.items():
        try:
            made[name] = _value(name, entry, wanted)
        except Malformed as cause:
            refused[name] = str(cause)
    return made


def _value(name: str, entry: Any, wanted: Any) -> Any:
    if wanted is not Theorem and not ID.match(name):
        raise Malformed(f"{name[:60]!r} is no id")
    if type(entry) is not dict or set(entry) != {"text", "sha256", "statement"}:
        raise Malformed("the entry is no object with text, sha256 and statement")
    value = decode(entry["statement"], wanted)
    if entry["sha256"] != digest(value):
        raise Malformed(f"sha256 is {str(entry['sha256'])[:64]}, but the statement has {digest(value)}")
    if wanted is Theorem and value.name != name:
        raise Malformed(f"the theorem {value.name!r} stands under another name")
    return value
