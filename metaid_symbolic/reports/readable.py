"""The kernel's own names of variables as a reader writes them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..terms import BINDERS, TRUE, Term, conjunction, kind_of, rebuild, subterms

NAMED = ("sym", "at", *BINDERS)
BOUND = {"task.": "tsr", "index.": "ijkl"}
"""The letters for variables that the normal form binds."""


def readable(term: Term) -> Term:
    """The names `_1`, `_p2` that the kernel gives are written `c_1`, `p_2`, the coordinates `_.1` of a box `z_1`, and the bound
    `task.0` and `index.0` by letters that the term does not have; idle `true` is left out."""
    term = _without_true(term)
    names = {p.args[0] for p in subterms(term) if p.head in NAMED}
    written: dict[str, str] = {}
    for name in sorted(names):
        made = _numbered(name[1:]) if name[:1] == "_" else _letter(name, names.union(written.values())) or _coordinate(name)
        if made:
            written[name] = made + "_" * (made in names)
    return _renamed(term, written) if written else term


def _without_true(term: Term) -> Term:
    """`true & f` and `true => f` as f."""
    if kind_of(term) != "f":
        return term
    made = rebuild(term, _without_true)
    if made.head == "implies" and made.args[0] == TRUE:
        return conjunction([made.args[1]])
    return conjunction([f for f in made.args if f != TRUE]) if made.head == "and" else made


def _numbered(rest: str) -> str:
    return "c_" + rest if rest.isdigit() else f"{rest[0].replace('.', 'z')}_{rest[1:]}"


def _coordinate(name: str) -> str:
    """`x_.1`, a coordinate of x', as x'_1."""
    found = re.fullmatch(r"([A-Za-z]+)(_+)[.]([0-9]+)", name)
    return f"{found[1]}_{found[3]}{found[2]}" if found else ""


def _letter(name: str, taken: set[str]) -> str:
    letters = next((letters for prefix, letters in BOUND.items() if name.startswith(prefix)), "")
    return next((letter for letter in letters if letter not in taken), "")


def _renamed(term: Term, names: Mapping[str, str]) -> Term:
    """Variables, free and bound, renamed to names that the term does not have."""
    inside = rebuild(term, lambda part: _renamed(part, names))
    if inside.head in NAMED:
        return Term(inside.head, (names.get(inside.args[0], inside.args[0]), *inside.args[1:]))
    return inside
