"""Terms, claims and certificates as JSON, and back through a strict decoder.

Numbers are strings `-?digits(/digits)?`; a term is a list `[head, arguments...]`; any other object is
`{"kind": its class, its fields...}`.  The decoder is driven by the field types, so nothing but what these
classes allow can come out of it; it runs no code from the file.
"""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from . import certificates, claims, problems
from .terms import NUMBER, SIGNATURES, Term, kinds_of

LONGEST = 64 << 20


class Malformed(ValueError):
    """The text is not what it should be; the message says where."""


def require(holds: object, message: str, *parts: object) -> None:
    """Raises `Malformed` with the (shortened) parts set into the message, unless the condition holds."""
    if not holds:
        raise Malformed(message.format(*(repr(part)[:60] if type(part) in (list, dict) else str(part)[:60] for part in parts)))


def encode(value: Any) -> Any:
    """JSON data for a term, number, name or frozen dataclass of this package."""
    if type(value) is Term:
        return [value.head, *map(encode, value.args)]
    if type(value) in (Fraction, int):
        top, bottom = Decimal(value.numerator), Decimal(value.denominator)  # which prints any number of digits
        return str(top) if bottom == 1 else f"{top}/{bottom}"
    if value is None or type(value) is str or type(value) is bool:
        return value
    if type(value) is tuple:
        return [encode(v) for v in value]
    if is_dataclass(value) and type(value).__name__ in CLASSES:
        return {"kind": type(value).__name__, **{f.name: encode(getattr(value, f.name)) for f in fields(value)}}
    raise Malformed(f"{value!r} ({type(value).__name__}) has no encoding")


def read_number(data: Any) -> Fraction:
    require(type(data) is str and NUMBER.match(data), "{!r} is not a number -?digits(/digits)?", data)
    top, _, bottom = data.partition("/")
    return Fraction(int(Decimal(top)), int(Decimal(bottom or "1")))  # `int` reads no more than 4,300 digits


def loads(source: str | bytes) -> Any:
    """JSON without duplicate keys, NaN or excess; strings, lists, objects, booleans and null only."""
    require(len(source) <= LONGEST, "{} bytes are more than {}", len(source), LONGEST)

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(items)
        require(len(made) == len(items), "a key occurs twice among {}", [k for k, _ in items])
        return made

    def refuse(piece: str) -> Any:
        raise Malformed(f"the bare number {piece[:60]} should be a string")

    try:
        return json.loads(source, object_pairs_hook=pairs, parse_constant=refuse, parse_float=refuse, parse_int=refuse)
    except (ValueError, RecursionError) as cause:
        raise Malformed(str(cause)) from None


def decode(data: Any, wanted: Any) -> Any:
    """The value of the type `wanted` (a class of this package, a union of them, `Term`, ...) that `data` encodes.

    Raises `Malformed`.
    """
    try:
        return _decode(data, wanted)
    except (ValueError, RecursionError) as cause:
        raise Malformed(str(cause)) from None


def _decode(data: Any, wanted: Any) -> Any:
    if isinstance(wanted, UnionType):
        plain = {NoneType: NoneType, list: Term}.get(type(data))
        if plain in get_args(wanted):
            return _decode(data, plain)
    if wanted is Term:
        return _decode_term(data)
    if wanted in (Fraction, int):
        value = read_number(data)
        require(wanted is Fraction or value.denominator == 1, "{} is no integer", data)
        return wanted(value)
    if wanted in (str, bool, NoneType):
        require(type(data) is wanted, "{} is no {}", data, wanted.__name__)
        return data
    if get_origin(wanted) is tuple:
        return _decode_tuple(data, get_args(wanted))
    return _decode_object(data, wanted)


def _decode_term(data: Any) -> Term:
    require(type(data) is list and data and type(data[0]) is str and data[0] in SIGNATURES, "{} is no term", data)
    types_of = {"q": Fraction, "i": int, "s": str}
    args = (
        _decode(arg, str if kind == "d" and type(arg) is str else types_of.get(kind, Term))
        for kind, arg in zip(kinds_of(data[0], len(data) - 1), data[1:], strict=True)
    )
    return Term(data[0], tuple(args))


def _decode_tuple(data: Any, wanted: tuple[Any, ...]) -> tuple[Any, ...]:
    require(type(data) is list, "{} is no list", data)
    if wanted[1:] == (Ellipsis,):
        wanted = wanted[:1] * len(data)
    require(len(data) == len(wanted), "a list of {} stands where {} entries belong", len(data), len(wanted))
    return tuple(map(_decode, data, wanted))


def _decode_object(data: Any, wanted: Any) -> Any:
    require(type(data) is dict and type(data.get("kind")) is str, "{} is no object with a kind", data)
    made = CLASSES.get(data["kind"], object)
    require(made in (get_args(wanted) or (wanted,)), "kind {!r} does not belong here", data["kind"])
    hints = _hints(made)
    _, *values = fields_of(data, "kind", *hints)
    return made(*map(_decode, values, hints.values()))


def fields_of(data: Any, *names: str) -> list[Any]:
    """The values in an object with exactly these keys.  Raises `Malformed` for anything else."""
    require(type(data) is dict, "{} is no object", data)
    require(set(data) == set(names), "an object has the fields {}, not {}", sorted(data), sorted(names))
    return [data[name] for name in names]


CLASSES: dict[str, Any] = {
    name: thing
    for module in (problems, claims, certificates)
    for name, thing in vars(module).items()
    if is_dataclass(thing) and isinstance(thing, type) and thing.__module__ == module.__name__
}
_hints = cache(get_type_hints)
