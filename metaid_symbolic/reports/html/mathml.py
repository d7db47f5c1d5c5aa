"""Formulas in LaTeX as MathML (MathML Core, which browsers draw by themselves).

What is read is what the printers of this package write, and what pages commonly use.  Browsers break no lines inside of a
formula, so a long one becomes several elements, cut before relations and signs and after commas.
"""

from __future__ import annotations

from functools import lru_cache
from xml.etree.ElementTree import Element, tostring

from .mathematics import Reader, Unprintable

ROWS = ("math", "mrow", "msqrt", "mtd")
BOTH = "+−±∓|‖!∣*-"
"""Signs with entries for several forms; where the form is not given, the place in the row decides."""
STRETCHING = "()[]{}⟨⟩|‖∣⇒⇔→←↦‾^~′/⌊⌋⌈⌉"
"""Signs that stretch if nothing is said."""
SPACED = "=<>≤≥≠∈∉⊂⊆→←↦⇒⇔∝∼≈≡≻⪰≺⪯≪≫⟂∧∨"
"""Signs with the room of a relation or a binary sign around them by themselves."""
TIGHT = "∇∀∃¬"
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
        written.append(_written(made))
    return "<wbr>".join(written)


def displayed(latex: str) -> str:
    """The formula as a display of its own."""
    made = Element("math", {"display": "block"})
    made.extend(Reader(latex).whole())
    return _written(made)


def _written(made: Element) -> str:
    """The element without the attributes that an operator has by itself (MathML Core's operator dictionary); about a third of a
    report would be these."""
    for row in made.iter():
        for place, sign in enumerate(row):
            if sign.tag == "mo":
                sign.attrib = _own(sign, inner=row.tag in ROWS and 0 < place < len(row) - 1)
    return tostring(made, encoding="unicode", short_empty_elements=True).replace(" />", "/>")


def _own(sign: Element, inner: bool) -> dict[str, str]:
    """The attributes of an operator that its dictionary entry does not have; `inner`: between others in a row."""
    text, given = sign.text or "", dict(sign.attrib)
    form = given.get("form", "")
    if text in BOTH and form == "infix" and inner:
        del given["form"]
    elif text not in BOTH:
        given.pop("form", None)
    if text not in STRETCHING and given.get("stretchy") == "false":
        del given["stretchy"]
    if text in SPACED and form == "infix":
        given = {k: v for k, v in given.items() if k not in ("lspace", "rspace")}
    if text == "," and given.get("lspace") == "0":
        del given["lspace"]
    if text in TIGHT and (given.get("lspace"), given.get("rspace")) == ("0", "0"):
        del given["lspace"], given["rspace"]
    return given


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
