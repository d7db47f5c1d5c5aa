"""The kernel's own names of variables as a reader writes them."""

from __future__ import annotations

from collections.abc import Mapping

from ..terms import BINDERS, Term, rebuild, subterms

NAMED = ("sym", "at", *BINDERS)
BOUND = {"task.": "tsr", "index.": "ijkl"}
"""The letters for variables that the normal form binds."""


def readable(term: Term) -> Term:
    """The names `_1`, `_p2` that the kernel gives are written `c_1`, `p_2`, the coordinates `_.1` of a box `z_1`, and the bound
    `task.0` and `index.0` by letters that the term does not have."""
    names = {p.args[0] for p in subterms(term) if p.head in NAMED}
    written: dict[str, str] = {}
    for name in sorted(names):
        made = _letter(name, names.union(written.values())) if name[:1] != "_" else _numbered(name[1:])
        if made:
            written[name] = made + "_" * (made in names)
    return _renamed(term, written) if written else term


def _numbered(rest: str) -> str:
    return "c_" + rest if rest.isdigit() else f"{rest[0].replace('.', 'z')}_{rest[1:]}"


def _letter(name: str, taken: set[str]) -> str:
    letters = next((letters for prefix, letters in BOUND.items() if name.startswith(prefix)), "")
    return next((letter for letter in letters if letter not in taken), "")


def _renamed(term: Term, names: Mapping[str, str]) -> Term:
    """Variables, free and bound, renamed to names that the term does not have."""
    inside = rebuild(term, lambda part: _renamed(part, names))
    if inside.head in NAMED:
        return Term(inside.head, (names.get(inside.args[0], inside.args[0]), *inside.args[1:]))
    return inside
