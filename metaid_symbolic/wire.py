"""What the pipeline and its workers tell each other: frozen data of this package as JSON, and back.  Nothing is pickled."""

from __future__ import annotations

import importlib
from dataclasses import fields, is_dataclass
from fractions import Fraction
from typing import Any

from .encoding import Malformed, decode, encode
from .terms import Term

PACKAGE = __name__.partition(".")[0]


def pack(value: Any) -> Any:
    """JSON data for terms, numbers, texts, tuples, and frozen dataclasses of this package made of these.

    Raises `Malformed` for anything else.
    """
    if value is None or type(value) in (str, bool, float):
        return value
    if type(value) is Term:
        return {"term": encode(value)}
    if type(value) in (int, Fraction):
        return {"number": encode(value), "integer": type(value) is int}
    if type(value) in (tuple, list):
        return [pack(v) for v in value]
    if is_dataclass(value) and type(value).__module__.startswith(PACKAGE + "."):
        listed = {f.name: pack(getattr(value, f.name)) for f in fields(value) if f.init}
        return {"class": [type(value).__module__, type(value).__name__], "fields": listed}
    raise Malformed(f"{value!r} ({type(value).__name__}) cannot be sent to a worker")


def unpack(data: Any) -> Any:
    """The value that `pack` was given; lists come back as tuples."""
    if type(data) is list:
        return tuple(map(unpack, data))
    if type(data) is not dict:
        return data
    if "term" in data:
        return decode(data["term"], Term)
    if "number" in data:
        return decode(data["number"], int if data["integer"] else Fraction)
    module, name = data["class"]
    if not module.startswith(PACKAGE + "."):
        raise Malformed(f"{module} is no module of {PACKAGE}")
    made = getattr(importlib.import_module(module), name)
    if not (isinstance(made, type) and is_dataclass(made)):
        raise Malformed(f"{module}.{name} is no data")
    return made(**{key: unpack(part) for key, part in data["fields"].items()})
