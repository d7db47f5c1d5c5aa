"""Text cut into tokens, and the place where a reader stands in it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from ..terms import Term

TOKEN = re.compile(r"\s*(?:(\d+)|([A-Za-z_][A-Za-z0-9_]*)|(<=>|=>|<=|>=|!=|\.\.|[-+*/^()\[\],:=<>|&]))", re.ASCII)


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
                raise SyntaxProblem(f"unexpected {self.source[at:].lstrip()[:1]!r} in {self.source!r} at column {at + 1}")
            self.tokens.append((match.group().strip(), match.end() - len(match.group().strip())))
            at = match.end()

    def peek(self, ahead: int = 0) -> str:
        return self.tokens[self.place + ahead][0] if self.place + ahead < len(self.tokens) else ""

    def fail(self, wanted: str) -> SyntaxProblem:
        column = self.tokens[self.place][1] + 1 if self.place < len(self.tokens) else len(self.source) + 1
        return SyntaxProblem(f"expected {wanted}, found {self.peek() or 'the end'!r} at column {column} of {self.source!r}")

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
