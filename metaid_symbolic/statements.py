"""What is claimed, as it stands in `statements.json`: for each id the encoded claim, its hash, and words for the reader.

The reader below refuses an entry whose hash is not that of its claim, and takes no notice of the words, which `check`
compares.  Certificates are bound to claims by the hash alone.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from .claims import Claim, Theorem
from .encoding import Malformed, decode, encode, fields_of, loads, require
from .terms import record

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
    require(ID.match(claim_id), "{!r} is no id: letters, digits and _.!- between single slashes", claim_id)
    return claim_id.replace("/", "~") + ".json"


@record
class Statements:
    """The claims and cited theorems of a theory; `refused` says of an id why its entry is not believed."""

    claims: Mapping[str, Claim]
    theorems: Mapping[str, Theorem]
    refused: Mapping[str, str]


def read_statements(source: str | bytes) -> Statements:
    """The statements of a file.  Raises `Malformed` when the file as a whole makes no sense."""
    schema, _, theorems, claims = fields_of(loads(source), "schema", "theory", "theorems", "claims")
    require(schema == SCHEMA, "the schema is {}, not {}", schema, SCHEMA)
    require(type(theorems) is type(claims) is dict, "theorems and claims are not objects")
    refused: dict[str, str] = {}
    return Statements(_read(claims, Claim, refused), _read(theorems, Theorem, refused), refused)


def _read(entries: dict[str, Any], wanted: Any, refused: dict[str, str]) -> dict[str, Any]:
    made = {}
    for name, entry in entries.items():
        try:
            _, sha256, statement = fields_of(entry, "text", "sha256", "statement")
            value = decode(statement, wanted)
            require(sha256 == digest(value), "sha256 is {}, but the statement has {}", sha256, digest(value))
            require(
                value.name == name if wanted is Theorem else ID.match(name),
                "{!r} is no id, or not the name of the theorem that stands under it",
                name,
            )
            made[name] = value
        except Malformed as cause:
            refused[name] = str(cause)
    return made
