"""The Markdown of a theory's page in LaTeX: emphasis, code and formulas; what else there is stays as it is written."""

from __future__ import annotations

import re

from .html.characters import IDENTIFIERS, OPERATORS
from .names import escape

TOKEN = re.compile(
    r"\$\$(?P<display>.+?)\$\$|\$(?P<math>[^$]+)\$|`(?P<code>[^`]+)`|\*\*(?P<strong>[^*]+)\*\*|\*(?P<em>[^*]+)\*", re.DOTALL
)
SIGNS = {sign: command for command, sign in {**OPERATORS, **IDENTIFIERS}.items() if ord(sign) > 127 and command.startswith("\\")}
PLAIN = {
    "“": "``", "”": "''", "’": "'", "–": "--", "—": "---", "…": r"\ldots{}", "\u00a0": "~", "√": r"\ensuremath{\surd}",
    "−": r"\ensuremath{-}",
}  # fmt: skip
UNKNOWN = r"\textbf{?}"


def latex_text(markdown: str) -> str:
    """A paragraph of the page."""
    written, place = [], 0
    for found in TOKEN.finditer(markdown):
        written += [plain(markdown[place : found.start()]), _marked(found)]
        place = found.end()
    return "".join([*written, plain(markdown[place:])])


def _marked(found: re.Match[str]) -> str:
    kind = str(found.lastgroup)
    inside = found[kind]
    match kind:
        case "display":
            return f"\\[{inside.strip()}\\]"
        case "math":
            return f"${inside}$"
        case "code":
            return rf"\texttt{{{plain(inside)}}}"
    return rf"\{'textbf' if kind == 'strong' else 'emph'}{{{latex_text(inside)}}}"


def plain(words: str) -> str:
    """Text for text mode; signs beyond Latin letters as commands, so that every TeX has them."""
    return spelled_out(escape(words))


def spelled_out(source: str) -> str:
    """LaTeX in which signs beyond Latin letters are commands, in text and in formulas; `UNKNOWN` where there is none."""
    return "".join(_letter(c) for c in source)


def _letter(sign: str) -> str:
    if ord(sign) < 128 or sign in PLAIN:
        return PLAIN.get(sign, sign)
    if sign in SIGNS:
        return rf"\ensuremath{{{SIGNS[sign]}}}"
    return sign if sign.isalpha() and ord(sign) < 0x180 else UNKNOWN
