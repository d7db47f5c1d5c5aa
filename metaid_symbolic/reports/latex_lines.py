"""Relations in `align`, one a line: chains of equations, long sides broken before + and -, each line with its reason."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

from ..calculus.expression import width_of

ROOM = 82
"""A line of a4 paper at 10 or 11 points holds about so many printed characters of a formula with its reason and number."""
TOKEN = re.compile(r"\\[A-Za-z]+|\\.|.", re.DOTALL)
OPENING, CLOSING = ("{", "(", "[", r"\langle", r"\begin"), ("}", ")", "]", r"\rangle", r"\end")
BREAKS = re.compile(r" (?=[+-] )")


@final
@dataclass(frozen=True, slots=True)
class Row:
    """`left relation right` with a reason, as text, and the number of the step; no number where the step goes on."""

    left: str
    relation: str
    right: str
    reason: str = ""
    number: int = 0


def relations(rows: Sequence[Row], label: str = "") -> str | None:
    """The rows in an `align`; None where a line would be too wide.  With a label, row number k bears the label and `:k`."""
    chained = _chained(rows)
    sides = max(width_of(row.left) for row in chained)
    if sides > ROOM * 0.6:
        return None
    reasons = max(map(_reason_width, chained))
    beside = sides + max(width_of(row.right) for row in chained) + reasons + 8 <= ROOM
    kind = "align" if any(row.number for row in rows) else "align*"
    silent = r" \notag" if kind == "align" else ""
    made = [_row(row, (ROOM - sides - 8, beside, label, silent)) for row in chained]
    if any(one is None for one in made):
        return None
    return "\n".join([f"\\begin{{{kind}}}", " \\\\\n".join(f"  {one}" for one in made), f"\\end{{{kind}}}\\par"])


def _chained(rows: Sequence[Row]) -> list[Row]:
    """a = b, a = c, a < d are written a = b = c < d: the left side once, for as long as the relations before are equations."""
    made: list[Row] = []
    running = ""
    for row in rows:
        again = row.left == running and made[-1].relation == "="
        made.append(Row("" if again else row.left, row.relation, row.right, row.reason, row.number))
        running = row.left
    return made


def _reason_width(row: Row) -> int:
    return width_of(re.sub(r"\\(emph|cref)|[${}]", "", row.reason))


def _row(row: Row, style: tuple[int, bool, str, str]) -> str | None:
    """The lines of a row; its reason beside the first, or on a line of its own."""
    room, beside, label, silent = style
    pieces = split_sum(row.right, room)
    if max(map(width_of, pieces)) > room or (not beside and _reason_width(row) > room):
        return None
    first, *more = pieces
    mark = rf" \tag{{{row.number}}}" + (rf"\label{{{label}:{row.number}}}" if label else "") if row.number else silent
    lines = [f"{row.left} &{row.relation} {first}", *(rf"&\quad {piece}" for piece in more)]
    if row.reason and beside:
        lines[0] += rf" && \text{{{row.reason}}}"
    elif row.reason:
        lines.append(rf"&\quad \text{{{row.reason}}}")
    return " \\\\\n  ".join([lines[0] + mark, *(line + silent for line in lines[1:])])


def split_sum(written: str, room: int) -> list[str]:
    """A sum in lines of at most `room` characters where its summands allow, broken before the signs outside of all brackets."""
    if width_of(written) <= room:
        return [written]
    depth, begun = 0, 0
    parts: list[str] = []
    for token in TOKEN.finditer(written):
        depth += (token[0] in OPENING) - (token[0] in CLOSING)
        if not depth and BREAKS.match(written, token.start()):
            parts.append(written[begun : token.start()])
            begun = token.start() + 1
    lines: list[str] = []
    for part in [*parts, written[begun:]]:
        if lines and width_of(lines[-1] + part) < room:
            lines[-1] += " " + part
        else:
            lines.append(part)
    return lines
