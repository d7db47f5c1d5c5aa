"""Formulas in LaTeX as MathML (MathML Core, which browsers draw by themselves).

What is read is what the printers of this package write, and what pages commonly use.  Browsers break no lines inside of a
formula, so a long one becomes several elements, cut before relations and signs and after commas.
"""

from __future__ import annotations

from functools import lru_cache
from xml.etree.ElementTree import Element, tostring

from .mathematics import Reader, Unprintable

NARROW = 14
"""A piece of a long formula has at least so many characters."""


@lru_cache(maxsize=20_000)
def formula(latex: str) -> str:
    """The `math` elements of a formula, with places for line breaks between them.  Raises `Unprintable`."""
    pieces = _pieces(Reader(latex).whole())
    written = []
    for piece in pieces:
        made = Element("math")
        made.extend(piece)
        written.append(tostring(made, encoding="unicode"))
    return "<wbr>".join(written)


def displayed(latex: str) -> str:
    """The formula as a display of its own."""
    made = Element("math", {"display": "block"})
    made.extend(Reader(latex).whole())
    return tostring(made, encoding="unicode")


def _pieces(row: list[Element]) -> list[list[Element]]:
    pieces: list[list[Element]] = [[]]
    for element in row:
        length = sum(len("".join(e.itertext())) for e in pieces[-1])
        before = element.get("form") == "infix" and element.text not in (",", ":")
        last = pieces[-1][-1] if pieces[-1] else None
        after = last is not None and (last.text in (",", ":") or last.tag == "mspace")
        if length >= NARROW and (before or after) and element.tag != "mspace":
            pieces.append([])
        pieces[-1].append(element)
    return pieces


__all__ = ["Unprintable", "displayed", "formula"]
