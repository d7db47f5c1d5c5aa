"""The scaffold of a theory that checks a page: an entry for each assertion, under an id that stays when the page grows."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping

from .page import Assertion, Page, Section
from .reading import slug

PAGE = "theorem.md"
INVISIBLE = re.compile("[\x7f-\xa0\xad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
"""Characters that a reader of the source would not see, or that would change its order."""
UNSTATED = "not stated formally yet"

HEAD = '''\
"""{title}.

Replace each `theory.unformalised(...)` by `theory.claim(id, "A & B => C", expected=...)`, `theory.exists`, `theory.at` or
`theory.statement`, or by `theory.remark` where nothing is claimed.
"""

from metaid_symbolic import Theory

theory = Theory("{name}", step="{step}", title={heading})
UNSTATED = "{unstated}"
'''
TAIL = """
if __name__ == "__main__":
    theory.main()
"""


def scaffold(page: Page, source: str, name: str) -> dict[str, str]:
    """The files of the theory by name: the page with the ids as labels, a file a section, and the list of what is open."""
    names = identifiers(page.assertions)
    listed = [f"{i} {UNSTATED}\n" for i, a in names.items() if not _remark(a)]
    files = {PAGE: labelled(source, names), "open.txt": "# id, then why it may be open\n" + "".join(listed)}
    for order, (section, entries) in enumerate(_by_section(names)):
        place = f"{section.step:02}" if section.step else f"00 {order:02}"
        stem = re.sub(r"\W+", "_", f"{place} {slug(section.title)}".strip())
        title = section.title.replace('"', "'").replace("\\", "")
        head = HEAD.format(title=title, name=name, step=code(section), heading=_quoted(section.title), unstated=UNSTATED)
        files[f"step_{stem}.py"] = head + "".join(map(_entry, *zip(*entries, strict=True))) + TAIL
    return files


def identifiers(assertions: Iterable[Assertion]) -> dict[str, Assertion]:
    """Each assertion under its section's code and its own label; the second of a name in a section ends in -2."""
    made: dict[str, Assertion] = {}
    for one in assertions:
        words = one.kind if one.under in ("", "Row") or one.kind != "Item" else one.under
        stem = base = f"{code(one.section)}/{slug(words) or 'assertion'}"
        count = 1
        while stem in made:
            count += 1
            stem = f"{base}-{count}"
        made[stem] = one
    return made


def code(section: Section) -> str:
    """`S3` for step 3; else the heading's words."""
    return f"S{section.step}" if section.step is not None else slug(section.title) or "page"


def labelled(source: str, names: Mapping[str, Assertion]) -> str:
    """The page with a MyST label before the block of each assertion."""
    lines = source.removesuffix("\n").split("\n")
    for block in sorted({a.block for a in names.values()}, reverse=True):
        here = [f"({name})=" for name, a in names.items() if a.block == block]
        lines[block - 1 : block - 1] = [*([""] if block > 1 and lines[block - 2].strip() else []), *here]
    return "\n".join(lines) + "\n"


def _by_section(names: Mapping[str, Assertion]) -> Iterator[tuple[Section, list[tuple[str, Assertion]]]]:
    sections = dict.fromkeys(a.section for a in names.values())
    for section in sections:
        yield section, [(name, a) for name, a in names.items() if a.section == section]


def _remark(one: Assertion) -> str:
    """The label of an assertion that claims nothing, or nothing."""
    first = re.match(r"[A-Za-z]*", one.kind)
    return {"definition": "definition", "proof": "prose"}.get(first[0].lower() if first else "", "")


def _entry(name: str, one: Assertion) -> str:
    label = _remark(one)
    call = f'theory.remark(\n    "{name}",\n    "{label}",\n    reason="see the page",\n' if label else (
        f'theory.unformalised(\n    "{name}",\n    reason=UNSTATED,\n'
    )  # fmt: skip
    return f"\n# {PAGE}, {one.kind.lower()} of line {one.line} of the original\n{call}    words={_quoted(one.text)},\n)\n"


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found.group()):04x}"


def _quoted(words: str) -> str:
    """The words as a Python literal, over several lines if they are long."""
    pieces = [
        INVISIBLE.sub(_escaped, json.dumps(p, ensure_ascii=False))
        for p in textwrap.wrap(words, 100, break_long_words=False, drop_whitespace=False)
    ]
    if len(pieces) < 2:
        return pieces[0] if pieces else '""'
    return "(\n" + "".join(f"        {piece}\n" for piece in pieces) + "    )"
