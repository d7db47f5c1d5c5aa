"""Derivations in LaTeX: numbered steps, each with its reason; relations stand in `align`, cases in the text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from ..claims import Theorem
from ..kernel.branch import Signed
from ..terms import Term, at_most, less, negation
from .derivation import Step, Telling
from .latex_lines import Row, relations
from .names import escape
from .notation import RELATION, latex

LONGEST = 3_000
"""A formula with more characters is left to the certificate; of those of 900 to 3,000 the lines still break where they should."""
BEGIN = r"\par\begingroup\raggedright\allowdisplaybreaks\abovedisplayskip=-6pt\belowdisplayskip=3pt"
"""A display after a paragraph begins with an empty line."""
OPENING = {
    "proof": "The assumptions and the negation of what is claimed, as the kernel reads them, contradict one another.",
    "refutation": "What is claimed, as the kernel reads it, contradicts itself.",
    "failure": "That the conclusion fails: read for this problem and point it contradicts itself.",
}
"""What the steps lead to, by what they show."""
ENDINGS = {
    "sight": "a contradiction",
    "one variable": "no real number satisfies all of",
    "combination": "products of these conditions, multiplied by squares, add up to 0 though one of them is positive:",
    "enclosure": "interval arithmetic, with the bounds that these give, shows that the first fails:",
}
CROSSED = {"eq": r"\neq", "meq": r"\neq"}
OPENS = {"case": "Case of {}:", "denied": "Suppose:"}


def facts(step: Step) -> list[str]:
    """The facts of a step, each in math mode without dollars; empty text stands for one that is too long."""
    return [_fit(" \\lor ".join(_signed(one, len(parts) > 1) for one in parts)) for parts in step.facts]


def _fit(written: str) -> str:
    return written if len(written) <= LONGEST else ""


def _turned(one: Signed) -> Signed:
    """A denied inequality as the opposite one."""
    formula, holds = one
    if not holds and formula.head in ("lt", "le"):
        return (at_most if formula.head == "lt" else less)(formula.args[1], formula.args[0]), True
    return one


def _signed(one: Signed, within: bool) -> str:
    formula, holds = _turned(one)
    written = latex(formula if holds else negation(formula))
    return f"({written})" if within and holds and formula.head in ("forall", "exists", "implies", "iff", "or") else written


def reason(step: Step, theorems: Mapping[str, Theorem], labels: Mapping[str, str] | None = None) -> str:
    """Why the step holds, in text mode; a theorem is referred to by its label, where it has one, else by its source."""
    return _why(step, theorems, labels or {}) + (f", by {numbered(step.using)}" if step.using else "")


def _why(step: Step, theorems: Mapping[str, Theorem], labels: Mapping[str, str]) -> str:
    put = ", ".join(f"${latex(t)}$" for t in step.inserted)
    numbers = " and ".join(f"({n})" if n else "the universe" for n in step.after)
    match step.kind:
        case "given":
            return "assumed"
        case "instance":
            return f"{numbers} at {put}"
        case "theorem":
            known = labels.get(step.name)
            source = rf"\cref{{{known}}}" if known else escape(theorems[step.name].reference)
            return f"{escape(step.name)} ({source}) for {put}"
        case "rule":
            return f"rule ``{escape(step.name)}''" + (f" at {put}" if put else "")
        case "replaced":
            return f"${latex(step.inserted[0])}$ is ${latex(step.inserted[1])}$ from here on"
        case "root":
            return f"a zero of {put}, by signs on the faces of a box"
        case "derivative":
            return f"{numbers} differentiated"
        case "case":
            return f"case of {numbers}" if numbers else "case"
        case "denied":
            return "supposed"
        case "shown":
            return f"since {numbers} is refuted"
    return _ending(step)


def _ending(step: Step) -> str:
    if step.name != "sight":
        return (f"by {numbered(step.after)}, " if step.after else "") + ENDINGS[step.name]
    *others, last = step.after or (0,)
    return f"({last}) contradicts {numbered(others)}" if others else ENDINGS["sight"]


def numbered(numbers: Sequence[int]) -> str:
    """`(1), (2) and (5)`."""
    named = [f"({n})" for n in numbers]
    return " and ".join(filter(None, (", ".join(named[:-1]), *named[-1:])))


def derivation(
    telling: Telling, theorems: Mapping[str, Theorem], label: str = "", labels: Mapping[str, str] | None = None
) -> str:
    """The steps, indented by cases; empty without steps.  Row number k of an `align` bears the label and `:k`."""
    if not telling.steps:
        return ""
    teller = _Words(theorems, labels or {}, label)
    listed = [line for _, group in groupby(telling.steps, _block) for line in teller.block(list(group))]
    return "\n".join([OPENING[telling.shows] + left_out(telling), BEGIN, *listed, r"\par\endgroup"])


def left_out(telling: Telling) -> str:
    """What is not told, and how much it is; empty where all is told."""
    said = []
    if telling.idle:
        said.append(f" Left out: {_steps(telling.idle)} of the certificate on which nothing rests.")
    if telling.left:
        said.append(
            f" This is an outline: cases, cited theorems and the ends of branches; {_steps(telling.left)}, among them those"
            " whose numbers are missing here, are in the certificate."
        )
    return "".join(said)


def _steps(count: int) -> str:
    return f"{count} step{'s' * (count != 1)}"


def _block(step: Step) -> tuple[str, int]:
    """Neighbouring steps of one kind of block, at one depth, are displayed together."""
    plain = all(len(parts) == 1 and parts[0][0].head in RELATION for parts in step.facts)
    if step.kind in ("instance", "rule", "derivative", "shown", "given", "theorem") and plain and step.facts:
        return "relations", step.depth
    return ("replaced", step.depth) if step.kind == "replaced" else (f"text {step.number} {id(step)}", step.depth)


class _Words:
    """The blocks of one derivation."""

    def __init__(self, theorems: Mapping[str, Theorem], labels: Mapping[str, str], label: str) -> None:
        self.theorems, self.labels, self.label = theorems, labels, label

    def block(self, steps: list[Step]) -> Iterator[str]:
        kind, depth = _block(steps[0])
        if kind == "relations" and (shown := relations([row for s in steps for row in self.rows(s)], self.label)) is not None:
            yield shown
        elif kind == "relations" and len(steps) > 1:
            for step in steps:
                yield from self.block([step])
        elif kind == "replaced":
            said = "; ".join(self.why(s) for s in steps)
            yield _paragraph(depth, rf"\emph{{{said}}}", [s.number for s in steps])
        else:
            yield from self.text(steps[0])

    def why(self, step: Step) -> str:
        return reason(step, self.theorems, self.labels)

    def rows(self, step: Step) -> Iterator[Row]:
        for place, ((one,), written) in enumerate(zip(step.facts, facts(step), strict=True)):
            formula, holds = _turned(one)
            left, right = (latex(side) for side in formula.args)
            sign = RELATION[formula.head] if holds else CROSSED[formula.head]
            if not written:
                sign, left, right = "", r"\text{a long formula}", ""
            yield Row(left, sign, right, "" if place else self.why(step), 0 if place else step.number)

    def text(self, step: Step) -> Iterator[str]:
        shown = "; ".join(f"${one}$" if one else "a long formula" for one in facts(step))
        why = self.why(step)
        if step.kind == "closed":
            yield _paragraph(step.depth, f"{why[0].upper()}{why[1:]}" + (f" {shown}." if shown else "."), [])
            if step.name == "combination":
                yield from self.identity(step)
        elif step.kind in OPENS:
            of = numbered(step.after)
            head = OPENS[step.kind].format(of) if of or step.kind == "denied" else "Case:"
            by = rf" \emph{{[by {numbered(step.using)}]}}" if step.using else ""
            yield _paragraph(step.depth, rf"\emph{{{head}}} {shown}{by}", [step.number])
        else:
            yield _paragraph(step.depth, f"{shown} \\emph{{[{why}]}}" if shown else f"\\emph{{{why}}}", [step.number])

    def identity(self, step: Step) -> Iterator[str]:
        """0 as the sum of the summands."""
        rows = [Row("" if k else "0", "" if k else "=", _summand(term, k)) for k, term in enumerate(step.inserted)]
        shown = relations(rows) if sum(len(row.right) for row in rows) <= LONGEST else None
        yield shown or _paragraph(step.depth, "The identity is in the certificate.", [])


def _summand(term: Term, place: int) -> str:
    written = latex(term)
    return written if not place else rf"\quad {written}" if written.startswith("-") else rf"\quad + {written}"


def _paragraph(depth: int, words: str, numbers: Sequence[int]) -> str:
    mark = rf"\hspace*{{\fill}}\mbox{{{', '.join(f'({n})' for n in numbers)}}}" if numbers else ""
    return rf"{{\leftskip={1.2 * min(depth, 8):.1f}em\noindent {words}{mark}\par}}"


__all__ = ["derivation", "facts", "left_out", "numbered", "reason"]
