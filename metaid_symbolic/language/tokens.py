"""Text cut into tokens, and the place where a reader stands in it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from ..terms import Term

TOKEN = re.compile(r"\s*(?:(\d+)|([A-Za-z_][A-Za-z0-9_]*)|(<=>|=>|<=|>=|!=|\.\.|[-+*/^()\[\],:=<>|&]))", re.ASCII)


OURS = {
    "==>": "=>", "->": "=>", "implies": "=>", "iff": "<=>", "and": "&", "&&": "&", "or": "|", "||": "|", "==": "=", "**": "^",
    "~": "not", "\u00ac": "not", "\u2227": "&", "\u2228": "|", "\u21d2": "=>", "\u2192": "=>", "\u21d4": "<=>", "\u2264": "<=",
    "\u2265": ">=", "\u2260": "!=", "\u2200": "forall", "\u2203": "exists", "\u2208": "in",
}  # fmt: skip
"""How others write what is written otherwise here."""
THEIRS = re.compile("|".join(rf"{re.escape(word)}\b" if word.isalpha() and word.isascii() else re.escape(word) for word in OURS))


class SyntaxProblem(ValueError):
    """The text is no formula; the message quotes the place."""


@dataclass
class Tokens:
    """The tokens of a text with their places.  Raises `SyntaxProblem` where no token begins."""

    source: str
    tokens: list[tuple[str, int]] = field(default_factory=list)
    place: int = 0

    def __post_init__(self) -> None:
        at = 0
        while self.source[at:].strip():
            match = TOKEN.match(self.source, at)
            if match is None:
                at = len(self.source) - len(self.source[at:].lstrip())
                found = f"unexpected {self.source[at]!r} in {self.source!r} at column {at + 1}"
                raise SyntaxProblem(found + self.hint(at))
            self.tokens.append((match.group().strip(), match.end() - len(match.group().strip())))
            at = match.end()

    def peek(self, ahead: int = 0) -> str:
        return self.tokens[self.place + ahead][0] if self.place + ahead < len(self.tokens) else ""

    def fail(self, wanted: str) -> SyntaxProblem:
        column = self.tokens[self.place][1] + 1 if self.place < len(self.tokens) else len(self.source) + 1
        found = f"found {self.peek() or 'the end'!r} at column {column} of {self.source!r}"
        return SyntaxProblem(f"expected {wanted}, {found}{self.hint(column - 1)}")

    def hint(self, at: int) -> str:
        """How the sign that stands there, or ends there, is written here; empty where it is none."""
        if self.source.startswith(".", at):
            return "; numbers are whole, or quotients such as 1/2"
        signs = [sign for start in (at, at - 1) if start >= 0 and (sign := THEIRS.match(self.source, start))]
        return f"; write {OURS[signs[0].group()]!r} for {signs[0].group()!r}" if signs else ""

    def take(self, *wanted: str) -> str:
        token = self.peek()
        if wanted and token not in wanted:
            raise self.fail(" or ".join(map(repr, wanted)))
        self.place += 1
        return token

    def name(self) -> str:
        if not re.match(r"[A-Za-z_]", self.peek()) or self.peek() in ("forall", "exists", "in", "not"):
            raise self.fail("a name")
        return self.take()

    def whole(self, part: Callable[[], Term]) -> Term:
        term = part()
        if self.place < len(self.tokens):
            raise self.fail("the end")
        return term
