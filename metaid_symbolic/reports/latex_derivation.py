"""Derivations in LaTeX: numbered steps, each with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..claims import Theorem
from ..kernel.branch import Signed
from ..terms import at_most, less, negation
from .derivation import Step
from .names import escape
from .notation import latex

LONGEST = 900
"""A longer formula is left to the certificate."""
OPENING = "To be refuted, as the kernel reads them: the assumptions, and the negation of what is claimed."
ENDINGS = {
    "sight": "a contradiction",
    "one variable": "no real number satisfies all of",
    "combination": "products of these, multiplied by squares, add up to 0 with one of them positive:",
    "enclosure": "interval arithmetic shows that this fails:",
    "cut": "further steps are in the certificate",
}


def facts(step: Step) -> list[str]:
    """The facts of a step, each in math mode without dollars; empty text stands for one that is too long."""
    return [_fit(" \\lor ".join(_signed(one, len(parts) > 1) for one in parts)) for parts in step.facts]


def _fit(written: str) -> str:
    return written if len(written) <= LONGEST else ""


def _signed(one: Signed, within: bool) -> str:
    formula, holds = one
    if not holds and formula.head in ("lt", "le"):
        formula = (at_most if formula.head == "lt" else less)(formula.args[1], formula.args[0])
    elif not holds:
        formula = negation(formula)
    written = latex(formula)
    return f"({written})" if within and formula.head in ("forall", "exists", "implies", "iff", "or") else written


def reason(step: Step, theorems: Mapping[str, Theorem]) -> str:
    """Why the step holds, in text mode."""
    put = ", ".join(f"${latex(t)}$" for t in step.inserted)
    numbers = " and ".join(f"({n})" if n else "the universe" for n in step.after)
    match step.kind:
        case "given":
            return "assumed"
        case "instance":
            return f"{numbers} at {put}"
        case "theorem":
            return f"{escape(step.name)} ({escape(theorems[step.name].reference)}) for {put}"
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
    return ENDINGS[step.name]


def derivation(steps: Iterable[Step], theorems: Mapping[str, Theorem]) -> str:
    """The steps as paragraphs, indented by cases; empty without steps."""
    listed = [_paragraph(step, theorems) for step in steps]
    return "\n".join([OPENING, r"\par\begingroup\raggedright", *listed, r"\par\endgroup"]) if listed else ""


def _paragraph(step: Step, theorems: Mapping[str, Theorem]) -> str:
    indent = f"\\par\\noindent\\hspace*{{{1.2 * min(step.depth, 8):.1f}em}}"
    shown = "; ".join(f"${one}$" if one else "a long formula" for one in facts(step))
    why = reason(step, theorems)
    if step.kind == "closed":
        return f"{indent}{why[0].upper()}{why[1:]}" + (f" {shown}." if shown else ".")
    return f"{indent}({step.number}) " + (f"{shown} \\emph{{[{why}]}}" if shown else f"\\emph{{{why}}}")
