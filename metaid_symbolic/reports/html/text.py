"""Running text as HTML: what our LaTeX printers write in text mode, and the Markdown of a theory's page.

Reports for the screen and for paper are made from the same LaTeX, so they say the same.
"""

from __future__ import annotations

import re
from html import escape
from typing import Any

from .mathml import Unprintable, displayed, formula

TOKEN = re.compile(
    r"\$\$(?P<display>.+?)\$\$|\$(?P<math>[^$]+)\$|\\(?P<open>textup|emph|textbf|texttt)\{|\\(?P<word>text[a-z]+)\{\}"
    r"|\\(?:begin|end)\{(?P<environment>itemize|enumerate)\}|\\(?P<item>item)\b\s*|\\(?P<skip>noindent|par|ldots)\b\s*"
    r"|\\(?P<sign>[#$%&_{}])|(?P<close>\})|(?P<quote>``|'')|(?P<plain>[^\\$}`']+|`|')|(?P<other>.)",
    re.DOTALL,
)
TAGS = {"textup": "span", "emph": "em", "textbf": "b", "texttt": "code", "itemize": "ul", "enumerate": "ol"}
WORDS = {"textbackslash": "\\", "textasciitilde": "~", "textasciicircum": "^", "textless": "&lt;", "textgreater": "&gt;",
         "textbar": "|"}  # fmt: skip


def html_of(latex: str) -> str:
    """Text-mode LaTeX of this package's printers as HTML.  Raises `Unprintable` for what they do not write."""
    written: list[str] = []
    stack: list[str] = []
    for found in TOKEN.finditer(latex):
        kind, value = str(found.lastgroup), found.group()
        match kind:
            case "math" | "display":
                written.append((displayed if kind == "display" else formula)(found[kind]))
            case "open":
                stack.append(TAGS[found[kind]])
                written.append(f"<{stack[-1]}>")
            case "close":
                if not stack or stack[-1] in ("ul", "ol", "li"):
                    raise Unprintable(f"}} closes nothing in {latex[:80]!r}")
                written.append(f"</{stack.pop()}>")
            case "environment" | "item":
                written.append(_listed(stack, kind, found, value))
            case "word":
                written.append(WORDS[found[kind]] if found[kind] in WORDS else _refused(value, latex))
            case "quote":
                written.append("“" if value == "``" else "”")
            case "skip":
                written.append("<br>" if found[kind] == "par" else "")
            case "sign" | "plain":
                written.append(escape(found[kind], quote=False))
            case _:
                _refused(value, latex)
    if stack:
        raise Unprintable(f"{stack[-1]} is not closed in {latex[:80]!r}")
    return "".join(written)


def _refused(value: str, latex: str) -> str:
    raise Unprintable(f"{value} is not known in text, in {latex[:80]!r}")


def _listed(stack: list[str], kind: str, found: re.Match[str], value: str) -> str:
    """The tags at the beginning and end of a list and of its items."""
    if kind == "environment" and value.startswith(r"\begin"):
        stack.append(TAGS[found[kind]])
        return f"<{stack[-1]}>"
    closed = ""
    if stack and stack[-1] == "li":
        stack.pop()
        closed = "</li>"
    if not stack or stack[-1] not in ("ul", "ol"):
        raise Unprintable(f"{value.strip()} stands outside of a list")
    if kind == "item":
        stack.append("li")
        return closed + "<li>"
    return closed + f"</{stack.pop()}>"


def markdown() -> Any:
    """A Markdown reader in which `$...$` and `$$...$$` are formulas; HTML in the page is shown as text."""
    from markdown_it import MarkdownIt

    reader = MarkdownIt("commonmark", {"html": False})
    reader.enable("table")
    reader.inline.ruler.before("escape", "formula", _formula_rule)
    reader.add_render_rule("formula", lambda self, tokens, place, options, env: tokens[place].meta["html"])
    return reader


def _formula_rule(state: Any, silent: bool) -> bool:
    found = re.compile(r"\$\$(.+?)\$\$|\$([^$]+)\$", re.DOTALL).match(state.src, state.pos)
    if found is None:
        return False
    if not silent:
        token = state.push("formula", "math", 0)
        token.meta["html"] = state.env["formula"](found[1] or found[2], bool(found[1]))
    state.pos = found.end()
    return True
