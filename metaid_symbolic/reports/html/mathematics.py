"""LaTeX's mathematics read by recursive descent, into elements of MathML.

A command outside of the tables is refused, so that nothing is drawn half.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import final
from xml.etree.ElementTree import Element

from .characters import ACCENTS, DELIMITERS, FUNCTIONS, IDENTIFIERS, OPEN, OPERATORS, PREFIXES, RELATIONS, SPACES, alphabet

TOKEN = re.compile(r"\\[A-Za-z]+\*?|\\.|[0-9]+(?:\.[0-9]+)?|\s+|.", re.DOTALL)
MATRICES = {
    "pmatrix": ("(", ")"), "bmatrix": ("[", "]"), "vmatrix": ("|", "|"), "matrix": (" ", " "),
    "cases": ("{", " "), "aligned": (" ", " "),
}  # fmt: skip


class Unprintable(ValueError):
    """The formula cannot be drawn; the message says why."""


@final
@dataclass
class Reader:
    """Recursive descent over the tokens of one formula."""

    source: str

    def __post_init__(self) -> None:
        self.tokens: list[str] = TOKEN.findall(self.source)
        self.place = 0
        self.operand = False
        """Whether an operand has just been read, so that a sign is binary."""

    def whole(self) -> list[Element]:
        row = self.row(())
        if self.place < len(self.tokens):
            raise Unprintable(f"{self.tokens[self.place]!r} closes nothing in {self.source!r}")
        return row

    def row(self, until: tuple[str, ...]) -> list[Element]:
        """The elements up to one of the closing tokens, which is read as well."""
        made: list[Element] = []
        while self.place < len(self.tokens):
            token = self.tokens[self.place]
            if token in until or (not until and token in ("}", "\\right")):
                break
            self.place += 1
            if token in ("_", "^", "'"):
                if not made:
                    made.append(Element("mrow"))
                made.append(self._scripts(made.pop(), token))
            elif not token.isspace():
                made.append(self._atom(token))
        if until:
            self._expect(until)
        return made

    def _expect(self, wanted: tuple[str, ...]) -> None:
        if self.place >= len(self.tokens) or self.tokens[self.place] not in wanted:
            raise Unprintable(f"{' or '.join(wanted)} is missing in {self.source!r}")
        self.place += 1

    def _next(self) -> str:
        while self.place < len(self.tokens) and self.tokens[self.place].isspace():
            self.place += 1
        if self.place >= len(self.tokens):
            raise Unprintable(f"something is missing at the end of {self.source!r}")
        self.place += 1
        return self.tokens[self.place - 1]

    def _peek(self) -> str:
        rest = self.tokens[self.place :]
        return next((t for t in rest if not t.isspace()), "")

    def _scripts(self, base: Element, token: str) -> Element:
        """The base with what stands below and above it, in any order."""
        below: Element | None = None
        above: list[Element] = []
        while True:
            if token == "'":
                above.append(_leaf("mo", "′"))
            elif token == "^":
                above.append(self._argument())
            elif below is not None:
                raise Unprintable(f"two subscripts of one thing in {self.source!r}")
            else:
                below = self._argument()
            if self._peek() not in ("_", "^", "'"):
                break
            token = self._next()
        self.operand = base.tag != "mo" or base.get("form") == "postfix"
        return _scripted(base, below, above)

    def _argument(self) -> Element:
        token = self._next()
        kept, self.operand = self.operand, False
        made = self._atom(token)
        self.operand = kept
        return made

    def _text_argument(self) -> str:
        """The characters between braces, as they are."""
        self._expect_open()
        depth, inside = 1, ""
        while True:
            if self.place >= len(self.tokens):
                raise Unprintable(f"}} is missing in {self.source!r}")
            token = self.tokens[self.place]
            self.place += 1
            depth += (token == "{") - (token == "}")
            if not depth:
                return inside
            inside += token[1:] if token in (r"\_", r"\{", r"\}", r"\ ", r"\%", r"\#", r"\&") else token

    def _expect_open(self) -> None:
        if self._next() != "{":
            raise Unprintable(f"a brace is missing in {self.source!r}")

    def _atom(self, token: str) -> Element:
        if token[0].isdigit() or token.isalpha():
            self.operand = True
            return _leaf("mn" if token[0].isdigit() else "mi", token)
        if token == "{":
            return _grouped(self.row(("}",)))
        if token in SPACES:
            return Element("mspace", {"width": SPACES[token]})
        if token in IDENTIFIERS:
            self.operand = True
            upright = {"mathvariant": "normal"} if IDENTIFIERS[token].isupper() else {}
            return _leaf("mi", IDENTIFIERS[token], **upright)
        if token in FUNCTIONS:
            return self._function(FUNCTIONS[token])
        if token in OPERATORS:
            return self._operator(OPERATORS[token], token)
        if token in COMMANDS:
            return COMMANDS[token](self)
        raise Unprintable(f"{token} is not known, in {self.source!r}")

    def _function(self, name: str) -> Element:
        self.operand = False
        gap = "0" if self._peek() in ("(", "\\left", "\\bigl", "^", "_") else "0.17em"
        return _leaf("mo", name, form="prefix", lspace="0.1em", rspace=gap)

    def _operator(self, sign: str, token: str) -> Element:
        """With the form that its place gives it, so that its spaces are right also where a piece begins."""
        if sign in OPEN or token in PREFIXES:
            self.operand = False
            return _leaf("mo", sign, form="prefix", stretchy="false", **({"lspace": "0", "rspace": "0"} if sign in "|‖∇" else {}))
        if sign in ")]}⟩!" or token in (r"\rVert", r"\rvert"):
            self.operand = True
            return _leaf("mo", sign, form="postfix", stretchy="false", **({"lspace": "0", "rspace": "0"} if sign in "|‖" else {}))
        if sign == "|" and token != r"\mid":
            return _leaf("mo", sign, stretchy="false", lspace="0.06em", rspace="0.06em")
        if sign == "/":
            self.operand = False
            return _leaf("mo", sign, form="infix", stretchy="false", lspace="0", rspace="0")
        if sign in ",;:.…":
            self.operand = False
            return _leaf("mo", sign, form="infix", lspace="0.2em" if token in (r"\colon", ":") else "0", rspace="0.25em")
        prefix = sign in "+−±∓" and not self.operand
        self.operand = False
        made = _leaf("mo", sign, form="prefix" if prefix else "infix", stretchy="false")
        if sign in RELATIONS and not prefix:
            made.set("lspace", "0.28em")
            made.set("rspace", "0.28em")
        return made

    # commands with arguments

    def _fraction(self) -> Element:
        made = Element("mfrac")
        made.extend([self._argument(), self._argument()])
        self.operand = True
        return made

    def _root(self) -> Element:
        made = Element("msqrt")
        made.append(self._argument())
        self.operand = True
        return made

    def _over(self) -> Element:
        above, base = self._argument(), self._argument()
        made = Element("mover")
        made.extend([base, above])
        self.operand = False
        return made

    def _accent(self) -> Element:
        sign = ACCENTS[self.tokens[self.place - 1]]
        made = Element("mover", {"accent": "true"})
        made.extend([self._argument(), _leaf("mo", sign, stretchy="false")])
        self.operand = True
        return made

    def _word(self) -> Element:
        font = self.tokens[self.place - 1]
        word = self._text_argument() if self._peek() == "{" else self._next()
        self.operand = True
        if font in (r"\text", r"\textup", r"\mbox"):
            return _leaf("mtext", word.replace(" ", "\u00a0"))
        if font == r"\operatorname":
            self.operand = False
            return _leaf("mo", word, form="prefix", lspace="0.1em", rspace="0" if self._peek() in ("(", "\\left") else "0.17em")
        spelled = alphabet(font, word)
        return _leaf("mi", spelled, **({"mathvariant": "normal"} if font == r"\mathrm" and len(word) == 1 else {}))

    def _fenced(self) -> Element:
        left = self._delimiter()
        self.operand = False
        inside = self.row(("\\right",))
        right = self._delimiter()
        self.operand = True
        made = Element("mrow")
        ends = [(left, "prefix"), (right, "postfix")]
        first, last = (_leaf("mo", sign, form=form, stretchy="true") for sign, form in ends)
        made.extend([*([first] if left else []), *inside, *([last] if right else [])])
        return made

    def _sized(self) -> Element:
        opening = self.tokens[self.place - 1].endswith(("l", "bigg", "big"))
        sign = self._delimiter()
        self.operand = not opening
        return _leaf("mo", sign, form="prefix" if opening else "postfix", stretchy="true", minsize="1.2em", maxsize="1.2em")

    def _delimiter(self) -> str:
        token = self._next()
        if token == ".":
            return ""
        sign = DELIMITERS.get(token, token)
        if sign not in "()[]{}|‖⟨⟩/":
            raise Unprintable(f"{token} is no delimiter, in {self.source!r}")
        return sign

    def _environment(self) -> Element:
        name = self._text_argument()
        if name not in MATRICES:
            raise Unprintable(f"the environment {name} is not known, in {self.source!r}")
        table = Element("mtable", {"class": name})
        row, cell = Element("mtr"), Element("mtd")
        closed = False
        while not closed:
            self.operand = False
            cell.extend(self.row(("&", r"\\", r"\end")))
            token = self.tokens[self.place - 1]
            row.append(cell)
            cell = Element("mtd")
            if token != "&":
                table.append(row)
                row = Element("mtr")
            closed = token == r"\end"
        if self._text_argument() != name:
            raise Unprintable(f"\\end{{{name}}} is missing in {self.source!r}")
        self.operand = True
        left, right = MATRICES[name]
        ends = [
            [_leaf("mo", sign, form=form, stretchy="true")] if sign != " " else []
            for sign, form in ((left, "prefix"), (right, "postfix"))
        ]
        return _grouped([*ends[0], table, *ends[1]])


WORDS = (r"\mathrm", r"\mathbb", r"\mathcal", r"\mathtt", r"\mathbf", r"\operatorname", r"\text", r"\textup", r"\mbox")
COMMANDS: dict[str, Callable[[Reader], Element]] = {
    r"\frac": Reader._fraction, r"\tfrac": Reader._fraction, r"\dfrac": Reader._fraction, r"\sqrt": Reader._root,
    r"\overset": Reader._over, r"\left": Reader._fenced, r"\begin": Reader._environment,
    **dict.fromkeys((r"\bigl", r"\bigr", r"\Bigl", r"\Bigr", r"\biggl", r"\biggr"), Reader._sized),
    **dict.fromkeys(WORDS, Reader._word), **dict.fromkeys(ACCENTS, Reader._accent),
}  # fmt: skip


def _leaf(tag: str, words: str, **attributes: str) -> Element:
    made = Element(tag, attributes)
    made.text = words
    return made


def _grouped(row: list[Element]) -> Element:
    if len(row) == 1:
        return row[0]
    made = Element("mrow")
    made.extend(row)
    return made


def _scripted(base: Element, below: Element | None, above: list[Element]) -> Element:
    limits = base.text in ("∑", "∏")
    names = {(True, False): "munder", (False, True): "mover", (True, True): "munderover"} if limits else {
        (True, False): "msub", (False, True): "msup", (True, True): "msubsup",
    }  # fmt: skip
    made = Element(names[below is not None, bool(above)])
    made.extend([base, *([below] if below is not None else []), *([_grouped(above)] if above else [])])
    return made
