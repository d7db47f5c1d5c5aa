"""MyST Markdown read by markdown-it: https://mystmd.org, https://markdown-it-py.readthedocs.io."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import TYPE_CHECKING, final

from .page import Assertion, Page, Reference, Section

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

ENVIRONMENTS = (
    "theorem", "lemma", "proposition", "corollary", "definition", "conjecture", "assumption", "axiom", "criterion",
    "property", "observation", "remark", "example", "proof", "algorithm",
)  # fmt: skip
REFERENCES = ("ref", "numref", "eq", "math:numref", "prf:ref", "proof:ref")
STEP = re.compile(r"Step\s+(\d+)\s*[:.–—-]?\s*", re.IGNORECASE)
CITING = re.compile(r"(literature\s+)?references?|bibliography", re.IGNORECASE)
DIRECTIVE = re.compile(r"\{(?:(?:prf|proof):)?([A-Za-z:-]+)\}\s*(.*)")
OPTION = re.compile(r":(label|name|nonumber|class)(?::\s*(\S*))?\s*(.*)")
ENDINGS = (":", ".", "：", "。")
CLOSING = " " + "".join(ENDINGS)
TARGET = re.compile(r"(.*)<([^<>]+)>\s*", re.DOTALL)


class NoMystReader(LookupError):
    """The library that reads MyST Markdown is not installed."""


def reader() -> MarkdownIt:
    """markdown-it with the syntax of MyST that pages of mathematics use.  Raises `NoMystReader`."""
    try:
        from markdown_it import MarkdownIt
        from mdit_py_plugins.amsmath import amsmath_plugin
        from mdit_py_plugins.colon_fence import colon_fence_plugin
        from mdit_py_plugins.dollarmath import dollarmath_plugin
        from mdit_py_plugins.footnote import footnote_plugin
        from mdit_py_plugins.front_matter import front_matter_plugin
        from mdit_py_plugins.myst_blocks import myst_block_plugin
        from mdit_py_plugins.myst_role import myst_role_plugin
    except ImportError:
        raise NoMystReader("reading a page needs mdit-py-plugins: pip install 'metaid-symbolic[myst]'") from None
    made = MarkdownIt("commonmark").enable("table").disable("text_join")  # so that \$ is told from $
    # double_inline: $$ that follows a line of text without a blank line is a formula too
    made.use(front_matter_plugin).use(dollarmath_plugin, double_inline=True, allow_blank_lines=False).use(amsmath_plugin)
    made.use(footnote_plugin, inline=False)
    return made.use(myst_block_plugin).use(myst_role_plugin).use(colon_fence_plugin)


def read_page(source: str, name: str) -> Page:
    """The page with this text; `name` stands in messages.  Raises `NoMystReader`."""
    found = _Reading(reader())
    tokens = found.markdown.parse(source)
    if source.startswith("---\n") and not (tokens and tokens[0].type == "front_matter"):
        found.problems.append((1, "the front matter does not end: a line --- is missing"))
    found.blocks(tokens, 1)
    # a heading is a label for links alone
    headings = {slug(words) for s in found.sections for words in (s.title, f"step {s.step} {s.title}")}
    known = headings | set(found.labels)
    lost = [(r.line, f"a reference to {r.label!r}, and no such label") for r in found.references if r.label not in known]
    titles = [s.title for s in found.sections if s.level == 1]
    return Page(
        name, found.title or (titles[0] if titles else name), tuple(found.sections), tuple(found.assertions),
        tuple(sorted(found.formulas)), tuple(found.tables), found.labels, tuple(found.references), tuple(found.bibliography),
        tuple(f"{name}:{line}: {message}" for line, message in sorted([*found.problems, *lost])),
    )  # fmt: skip


def slug(words: str) -> str:
    """Lower-case letters, without accents, and digits of the words with single hyphens between; without formulas, if anything
    is left then."""
    for text in (re.sub(r"\$[^$]*\$|\\[a-zA-Z]+", " ", words), words):
        plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
        if made := re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-"):
            return made[:40].rstrip("-")
    return ""


@final
@dataclass
class _Reading:
    """A walk over the blocks of a page, of its directives and its list items."""

    markdown: MarkdownIt
    title: str = ""
    sections: list[Section] = field(default_factory=list)
    assertions: list[Assertion] = field(default_factory=list)
    formulas: list[tuple[int, str]] = field(default_factory=list)
    tables: list[int] = field(default_factory=list)
    labels: dict[str, int] = field(default_factory=dict)
    references: list[Reference] = field(default_factory=list)
    bibliography: list[str] = field(default_factory=list)
    problems: list[tuple[int, str]] = field(default_factory=list)
    current: Assertion | None = None
    block: int = 1
    over: str = ""

    def blocks(self, tokens: Sequence[Token], first: int, nested: bool = False) -> None:
        """`first` is the number of the first line; `nested` is the content of a directive."""
        lists, cells, row_line, header, begun = 0, [""], 0, False, False
        for token, following in zip_longest(tokens, tokens[1:]):
            line = first + token.map[0] if token.map else first
            if token.map and token.level == 0 and not nested:
                self.block = line
            match token.type:
                case "heading_open" if following is not None:
                    self.heading(following, int(token.tag[1]), line)
                case "bullet_list_open" | "ordered_list_open":
                    lists += 1
                    self.over = self.over if lists > 1 else self.lead()
                case "bullet_list_close" | "ordered_list_close":
                    lists -= 1
                    self.current = self.current if lists else None
                case "list_item_open":
                    begun = False
                case "paragraph_open" if following is not None:
                    self.paragraph(following, line, in_list=lists > 0, begun=begun)
                    begun = True
                case "table_close":
                    self.current = None
                case "table_open":
                    self.tables.append(line)
                    self.lead()
                case "thead_open" | "thead_close":
                    header = token.type == "thead_open"
                case "tr_open":
                    cells, row_line = [], line
                case "td_open" if following is not None:
                    cells.append(self.inline(following, row_line))
                case "tr_close" if not header:
                    self.add(cells[0].strip(" :.") or "Row", "; ".join(filter(None, cells)), row_line, "Row")
                case "footnote_block_open":
                    return  # what stands in footnotes is not asserted
                case _:
                    self.block_alone(token, line, nested)

    def block_alone(self, token: Token, line: int, nested: bool) -> None:
        """A block that is a single token."""
        match token.type:
            case "front_matter":
                self.front_matter(token.content)
            case "math_block" | "amsmath" | "math_block_label":
                self.displayed(token, line)
            case "myst_target":
                self.define(token.content, line)
            case "fence" | "colon_fence":
                self.directive(token, line, nested)

    def front_matter(self, content: str) -> None:
        for line in content.splitlines():
            key, colon, value = line.partition(":")
            if colon and key.strip() == "title":
                self.title = value.strip().strip("\"'")

    def heading(self, token: Token, level: int, line: int) -> None:
        words, self.current = self.inline(token, line), None
        if level == 1 and any(s.level == 1 for s in self.sections):
            level = 2
        step = STEP.match(words)
        self.sections.append(Section(words[step.end() :] if step else words, level, line, int(step[1]) if step else None))

    def paragraph(self, token: Token, line: int, in_list: bool, begun: bool) -> None:
        """A labelled paragraph or item begins an assertion; another paragraph goes on with the one before it, and so does
        another one of an item that is begun."""
        text = self.inline(token, line)
        label, rest = _labelled(token, text)
        under = self.over if in_list else ""
        where = self.sections[-1].title if self.sections else ""
        if CITING.fullmatch(label) or (in_list and CITING.fullmatch(under or where)):
            self.bibliography.append(rest or text)
        elif label:
            self.add(label, rest, line, under)
        elif in_list and not (begun and self.current):
            self.add("Item", text, line, under)
        elif self.current is None:
            self.add("Paragraph", text, line, "")
        else:
            self.go_on(text)

    def add(self, kind: str, text: str, line: int, under: str) -> None:
        section = self.sections[-1] if self.sections else Section("page", 1, 1)
        made = Assertion(section, kind, text, line, self.block, under)
        self.assertions.append(made)
        self.current = made

    def lead(self) -> str:
        """The label that a list or table stands under; alone it asserts nothing, unless it is a theorem or the like."""
        last = self.current
        if last is None or (last.kind == "Paragraph" and not last.text.endswith(":")):
            return ""
        if last.kind == "Paragraph" or (not last.text and last.kind.partition(" ")[0].lower() not in ENVIRONMENTS):
            self.assertions.pop()
            self.current = None
        return last.kind if last.kind != "Paragraph" else ""

    def go_on(self, text: str) -> None:
        """The text belongs to the assertion at hand."""
        place, last = next((k, a) for k, a in enumerate(self.assertions) if a is self.current)
        self.current = Assertion(last.section, last.kind, f"{last.text} {text}".strip(), last.line, last.block, last.under)
        self.assertions[place] = self.current

    def displayed(self, token: Token, line: int) -> None:
        latex = token.content.strip()
        self.formulas.append((line, latex))
        for label in [token.info] * bool(token.info) + re.findall(r"\\label\{([^}]*)\}", latex):
            self.define(label, line)
        self.shown(latex, line)

    def shown(self, latex: str, line: int) -> None:
        """A displayed formula belongs to the assertion before it; after none it is one."""
        if self.current is None:
            self.add("Formula", f"$${latex}$$", line, "")
        else:
            self.go_on(f"$${latex}$$")

    def define(self, label: str, line: int) -> None:
        if label in self.labels:
            self.problems.append((line, f"the label {label!r} is defined already, in line {self.labels[label]}"))
        else:
            self.labels[label] = line

    def directive(self, token: Token, line: int, nested: bool) -> None:
        """The content of a directive; what is no directive is code and says nothing.  After one that is `nested` the outer one
        goes on."""
        head = DIRECTIVE.fullmatch(token.info.strip())
        if head is None:
            return
        name, title = head[1].lower(), head[2].strip()
        if token.map and token.map[1] - token.map[0] < token.content.count("\n") + 2:
            self.problems.append((line, f"the directive {name!r} does not end"))
        lines, skipped = token.content.split("\n"), 0
        while skipped < len(lines) and (option := OPTION.fullmatch(lines[skipped].strip())):
            if option[1] in ("label", "name") and option[2]:
                self.define(option[2], line + 1 + skipped)
            skipped += 1
        content, start = "\n".join(lines[skipped:]), line + 1 + skipped
        if name == "math":
            self.formulas.append((start, content.strip()))
            self.shown(content.strip(), start)
        elif name in ENVIRONMENTS:
            kind, outer = f"{name.capitalize()} ({title})" if title else name.capitalize(), self.current if nested else None
            self.add(kind, "", line, "")
            self.blocks(self.markdown.parse(content), start, nested=True)
            self.current = outer
        elif name in ("note", "admonition", "important", "tip", "warning", "hint", "seealso", "dropdown"):
            self.blocks(self.markdown.parse(content), start, nested=True)

    def inline(self, token: Token, line: int) -> str:
        """The text with formulas as LaTeX; formulas, references and problems in it are noted."""
        parts = []
        for child in token.children or ():
            match child.type:
                case "math_inline":
                    parts.append(f"${child.content}$")
                case "math_inline_double":
                    self.formulas.append((line, child.content.strip()))
                    parts.append(f"$${child.content.strip()}$$")
                case "myst_role":
                    parts.append(self.role(child, line))
                case "link_open" if str(child.attrGet("href") or "").startswith("#"):
                    self.references.append(Reference(str(child.attrGet("href"))[1:], line))
                case "softbreak" | "hardbreak":
                    parts.append(" ")
                    line += 1
                case "text" if "$" in child.content:
                    self.problems.append((line, f"a $ without partner in {child.content.strip()[:60]!r}"))
                    parts.append(child.content)
                case _:
                    parts.append(child.content)
            line += child.content.count("\n")
        return "".join(parts).strip()

    def role(self, token: Token, line: int) -> str:
        name = str(token.meta.get("name", ""))
        if name in REFERENCES:
            inside = TARGET.fullmatch(token.content)
            self.references.append(Reference((inside[2] if inside else token.content).strip(), line))
            return (inside[1] if inside else token.content).strip()
        return f"${token.content}$" if name == "math" else token.content


def _labelled(token: Token, text: str) -> tuple[str, str]:
    """The label of a paragraph that begins in bold with a colon or full stop after it, and the rest; else "" and the text."""
    children = [c for c in token.children or () if (c.type != "text" or c.content) and c.type not in ("em_open", "em_close")]
    if not children or children[0].type != "strong_open":
        return "", text
    end = next(k for k, c in enumerate(children) if c.type == "strong_close")
    words = "".join(f"${c.content}$" if c.type == "math_inline" else c.content for c in children[1:end])
    rest = text[len(words) :].strip() if text.startswith(words) else text
    if not (words.rstrip().endswith(ENDINGS) or rest.startswith(ENDINGS)):
        return "", text
    return words.strip(CLOSING), rest.lstrip(CLOSING) if not words.rstrip().endswith(ENDINGS) else rest
