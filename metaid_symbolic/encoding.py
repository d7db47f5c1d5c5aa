"""Terms, claims and certificates as JSON, and back through a strict decoder.

Numbers are strings `-?digits(/digits)?`; a term is a list `[head, arguments...]`; any other object is
`{"kind": its class, its fields...}`.  The decoder is driven by the field types, so nothing but what these
classes allow can come out of it; it runs no code from the file.
"""

from __future__ import annotations

import json
import re
import types
from dataclasses import fields, is_dataclass
from fractions import Fraction
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from . import certificates, claims, problems
from .terms import SIGNATURES, IllFormed, Term

NUMBER = re.compile(r"-?[0-9]+(/[1-9][0-9]*)?\Z", re.ASCII)
DEEPEST, LONGEST = 400, 64 << 20
CHUNK = 4000
"""Python converts at most 4,300 digits at a time."""


class Malformed(ValueError):
    """The text is not what it should be; the message says where."""


def encode(value: Any) -> Any:
    """JSON data for a term, number, name or frozen dataclass of this package."""
    if type(value) is Term:
        return [value.head, *map(encode, value.args)]
    if type(value) is Fraction or type(value) is int:
        return _digits(value)
    if value is None or type(value) is str or type(value) is bool:
        return value
    if type(value) is tuple:
        return [encode(v) for v in value]
    if is_dataclass(value) and type(value).__name__ in CLASSES:
        return {"kind": type(value).__name__, **{f.name: encode(getattr(value, f.name)) for f in fields(value)}}
    raise Malformed(f"{value!r} ({type(value).__name__}) has no encoding")


def _digits(value: int | Fraction) -> str:
    def decimal(n: int) -> str:
        if n < 0:
            return "-" + decimal(-n)
        if n < 10**CHUNK:
            return str(n)
        high, low = divmod(n, 10**CHUNK)
        return decimal(high) + str(low).zfill(CHUNK)

    top, bottom = value.numerator, value.denominator
    return decimal(top) if bottom == 1 else f"{decimal(top)}/{decimal(bottom)}"


def _integer(digits: str) -> int:
    sign, digits = (-1, digits[1:]) if digits.startswith("-") else (1, digits)
    value = 0
    for start in range(0, len(digits), CHUNK):
        piece = digits[start : start + CHUNK]
        value = value * 10 ** len(piece) + int(piece)
    return sign * value


def read_number(data: Any) -> Fraction:
    if type(data) is not str or not NUMBER.match(data):
        raise Malformed(f"{str(data)[:60]!r} is not a number -?digits(/digits)?")
    top, _, bottom = data.partition("/")
    return Fraction(_integer(top), _integer(bottom or "1"))


def loads(source: str | bytes) -> Any:
    """JSON without duplicate keys, NaN or excess; strings, lists, objects, booleans and null only."""
    if len(source) > LONGEST:
        raise Malformed(f"{len(source)} bytes are more than {LONGEST}")

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(items)
        if len(made) != len(items):
            raise Malformed(f"a key occurs twice among {[k for k, _ in items]}")
        return made

    def refuse(piece: str) -> Any:
        raise Malformed(f"the bare number {piece[:60]} should be a string")

    try:
        return json.loads(source, object_pairs_hook=pairs, parse_constant=refuse, parse_float=refuse, parse_int=refuse)
    except RecursionError:
        raise Malformed("nested too deeply") from None
    except (json.JSONDecodeError, UnicodeDecodeError) as cause:
        raise Malformed(str(cause)) from None


def decode(data: Any, wanted: Any) -> Any:
    """The value of the type `wanted` (a class of this package, a union of them, `Term`, ...) that `data` encodes.

    Raises `Malformed`.
    """
    try:
        return _decode(data, wanted, 0)
    except IllFormed as cause:
        raise Malformed(str(cause)) from None
    except RecursionError:
        raise Malformed("nested too deeply") from None


def _decode(data: Any, wanted: Any, depth: int) -> Any:
    if depth > DEEPEST:
        raise Malformed("nested too deeply")
    if wanted is Term:
        return _decode_term(data, depth)
    if wanted is Fraction:
        return read_number(data)
    if wanted is int:
        value = read_number(data)
        if value.denominator != 1:
            raise Malformed(f"{data!r} is no integer")
        return int(value)
    if wanted in (str, bool, type(None)):
        if type(data) is not wanted:
            raise Malformed(f"{str(data)[:60]!r} is no {wanted.__name__}")
        return data
    if get_origin(wanted) is tuple:
        return _decode_tuple(data, get_args(wanted), depth)
    return _decode_object(data, wanted, depth)


def _decode_term(data: Any, depth: int) -> Term:
    if type(data) is not list or not data or type(data[0]) is not str or data[0] not in SIGNATURES:
        raise Malformed(f"{str(data)[:60]!r} is no term")
    kinds = SIGNATURES[data[0]][1]
    if kinds.endswith("*"):
        kinds = kinds[:-2] + kinds[-2] * (len(data) - len(kinds) + 1)
    if len(kinds) != len(data) - 1:
        raise Malformed(f"{data[0]} takes {len(kinds)} arguments, not {len(data) - 1}")
    types_of = {"q": Fraction, "i": int, "s": str}
    args = (
        _decode(arg, str if kind == "d" and type(arg) is str else types_of.get(kind, Term), depth + 1)
        for kind, arg in zip(kinds, data[1:], strict=True)
    )
    return Term(data[0], tuple(args))


def _decode_tuple(data: Any, wanted: tuple[Any, ...], depth: int) -> tuple[Any, ...]:
    if type(data) is not list:
        raise Malformed(f"{str(data)[:60]!r} is no list")
    if len(wanted) == 2 and wanted[1] is Ellipsis:
        return tuple(_decode(d, wanted[0], depth + 1) for d in data)
    if len(data) != len(wanted):
        raise Malformed(f"a list of {len(data)} stands where {len(wanted)} entries belong")
    return tuple(_decode(d, w, depth + 1) for d, w in zip(data, wanted, strict=True))


def _decode_object(data: Any, wanted: Any, depth: int) -> Any:
    union = get_origin(wanted) in (Union, types.UnionType)
    options = get_args(wanted) if union else (wanted,)
    if data is None and type(None) in options:
        return None
    if type(data) is list and Term in options:
        return _decode_term(data, depth)
    if type(data) is not dict or type(data.get("kind")) is not str:
        raise Malformed(f"{str(data)[:60]!r} is no object with a kind")
    made = CLASSES.get(data["kind"])
    if made is None or made not in options:
        raise Malformed(f"kind {data['kind']!r} does not belong here")
    hints = _hints(made)
    if set(data) != {"kind", *hints}:
        raise Malformed(f"{data['kind']} has the fields {sorted(hints)}, not {sorted(set(data) - {'kind'})}")
    return made(**{name: _decode(data[name], hint, depth + 1) for name, hint in hints.items()})


CLASSES: dict[str, Any] = {
    name: thing
    for module in (problems, claims, certificates)
    for name, thing in vars(module).items()
    if is_dataclass(thing) and isinstance(thing, type) and thing.__module__ == module.__name__
}


@cache
def _hints(made: Any) -> dict[str, Any]:
    hints = get_type_hints(made)
    return {f.name: hints[f.name] for f in fields(made)}
