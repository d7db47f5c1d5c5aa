"""Claims with their verdicts for a paper: an amsthm theorem with a label for cleveref, and the witness in exact numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, final

from ..theory import Claim
from ..verdicts import NOT_CHECKED
from .derivation import told
from .latex_claims import statement
from .latex_derivation import derivation
from .latex_witness import witness
from .names import escape
from .notation import latex

if TYPE_CHECKING:
    from ..verdicts import Result

OPENING = {
    "proved": "", "assumed": "", "refuted": r"The following is false. ", "supported": r"The following is supported, not proved. ",
    "undecided": r"The following is undecided. ",
}  # fmt: skip
LONGEST = 1_500
"""A statement with more characters of LaTeX is set small and ragged."""
PREAMBLE = r"""\documentclass[a4paper,11pt]{article}
\usepackage[margin=25mm]{geometry}
\usepackage{amsmath,amsthm}
\usepackage{cleveref}
\newtheorem{theorem}{Theorem}
\emergencystretch=3em
\begin{document}
"""


@final
@dataclass(frozen=True, slots=True)
class Frame:
    """How a claim stands in a document: its label, its amsthm environment, text before its formal statement and after it,
    and the labels of cited theorems."""

    label: str = ""
    environment: str = "theorem"
    before: str = ""
    after: str = ""
    cited: Mapping[str, str] = field(default_factory=dict)


def latex_claim(claim: Claim, result: Result | None = None, label: str = "", frame: Frame | None = None) -> str:
    """The claim as a theorem that is true: refuted or open claims open with words that say so.

    Needs amsmath, amsthm with `\\newtheorem{theorem}{Theorem}`, and cleveref to refer to the label, by default
    `thm:` and the id.  With a result, the verdict and any witness or derivation follow.
    """
    placed = frame or Frame(label)
    name = placed.label or label_of(claim.id)
    verdict = result.verdict.value if result is not None else claim.label
    title = escape(claim.id) + (f", {escape(result.shown)}" if result is not None else "")
    body = statement(claim.assertion) if claim.assertion is not None else escape(claim.words or claim.reason)
    if len(body) > LONGEST:
        body = f"{{\\footnotesize\\raggedright {body}\\par}}"
    if claim.assertion is None:
        shown = " ".join(filter(None, (placed.before, body)))
        return f"\\paragraph{{{escape(claim.id)} ({escape(claim.label)}).}}\\label{{{name}}} {shown}\n"
    lines = [f"\\begin{{{placed.environment}}}[{{{title}}}]\\label{{{name}}}", f"{placed.before}{OPENING.get(verdict, '')}{body}"]
    lines += [f"\\end{{{placed.environment}}}", *([placed.after] if placed.after else [])]
    return "\n".join([*lines, *(_remarks(claim, result, name, placed.cited) if result is not None else [])]) + "\n"


def latex_answer(result: Result, repairs: Sequence[str] = (), roles: Mapping[str, str] | None = None, label: str = "") -> str:
    """The answer to a search: the claim, conditions of which each makes a refuted one true, and the roles of its hypotheses."""
    lines = [rf"\noindent It is true when one adds {' or '.join(map(escape, repairs))}."] if repairs else []
    lines += [rf"\noindent The hypothesis {escape(name)} is {role}." for name, role in (roles or {}).items()]
    return result.latex(label) + "".join(line + "\n\n" for line in lines)


def label_of(claim_id: str) -> str:
    """`thm:` and the id, with `-` for what a label had better not contain."""
    return "thm:" + re.sub(r"[^A-Za-z0-9./]", "-", claim_id)


def _remarks(claim: Claim, result: Result, label: str, labels: Mapping[str, str]) -> list[str]:
    """The witness as a proof; for other verdicts one sentence."""
    lines: list[str] = []
    if result.assumptions:
        named = [rf"{escape(n)} (\cref{{{labels[n]}}})" if n in labels else escape(n) for n in result.assumptions]
        lines.append(rf"\noindent It rests on {', '.join(named)}.")
    if result.reason and not result.reason.startswith(NOT_CHECKED):
        lines.append(rf"\noindent {escape(result.reason[:1].upper() + result.reason[1:].rstrip('.'))}.")
    certificate = result.certificate
    if certificate is None or claim.assertion is None:
        return lines
    shown = witness(claim.assertion, certificate)
    size = f" ({escape(result.minimal)})" if result.minimal else ""
    if shown:
        title = "Counterexample" if result.verdict.value == "refuted" else "Witness"
        lines += _proof(title + size, shown)
    theorems = {theorem.name: theorem for theorem in claim.cited}
    if steps := derivation(told(claim.assertion, certificate, theorems), theorems, label, labels):
        lines += _proof("Derivation" + (size if not shown else ""), steps)
    return lines


def _proof(title: str, body: str) -> list[str]:
    return [f"\\begin{{proof}}[{{{title}}}]", body, r"\end{proof}"]


def document(snippets: Iterable[str]) -> str:
    """A complete LaTeX document of the snippets."""
    return PREAMBLE + "\n".join(snippets) + "\\end{document}\n"


__all__ = ["Frame", "document", "label_of", "latex", "latex_answer", "latex_claim"]
