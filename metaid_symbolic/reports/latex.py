"""Claims with their verdicts for a paper: an amsthm theorem with a label for cleveref, and the witness in exact numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from ..theory import Claim
from .latex_claims import statement
from .latex_witness import witness
from .names import escape
from .notation import latex

if TYPE_CHECKING:
    from ..verdicts import Result

OPENING = {
    "proved": "", "assumed": "", "refuted": r"The following is false. ", "supported": r"The following is supported, not proved. ",
    "undecided": r"The following is undecided. ",
}  # fmt: skip
PREAMBLE = r"""\documentclass[a4paper,11pt]{article}
\usepackage[margin=25mm]{geometry}
\usepackage{amsmath,amssymb,amsthm}
\usepackage{cleveref}
\newtheorem{theorem}{Theorem}
\emergencystretch=3em
\begin{document}
"""


def latex_claim(claim: Claim, result: Result | None = None, label: str = "") -> str:
    """The claim as a theorem that is true: refuted or open claims open with words that say so.

    Needs amsmath, amssymb, amsthm with `\\newtheorem{theorem}{Theorem}`, and cleveref to refer to the label, by default
    `thm:` and the id.  With a result, the verdict and any witness follow.
    """
    verdict = result.verdict.value if result is not None else claim.label
    title = escape(claim.id) + (f", {escape(result.shown)}" if result is not None else "")
    body = statement(claim.assertion) if claim.assertion is not None else escape(claim.words or claim.reason)
    if claim.assertion is None:
        return f"\\paragraph{{{escape(claim.id)} ({escape(claim.label)}).}}\\label{{{label or label_of(claim.id)}}} {body}\n"
    lines = [f"\\begin{{theorem}}[{{{title}}}]\\label{{{label or label_of(claim.id)}}}", f"{OPENING.get(verdict, '')}{body}"]
    lines.append(r"\end{theorem}")
    return "\n".join([*lines, *(_remarks(claim, result) if result is not None else [])]) + "\n"


def label_of(claim_id: str) -> str:
    """`thm:` and the id, with `-` for what a label had better not contain."""
    return "thm:" + re.sub(r"[^A-Za-z0-9./]", "-", claim_id)


def _remarks(claim: Claim, result: Result) -> list[str]:
    """The witness as a proof; for other verdicts one sentence."""
    lines: list[str] = []
    if result.assumptions:
        lines.append(rf"\noindent It rests on {escape(', '.join(result.assumptions))}.")
    if result.reason:
        lines.append(rf"\noindent {escape(result.reason[:1].upper() + result.reason[1:].rstrip('.'))}.")
    certificate = result.certificate
    shown = witness(claim.assertion, certificate) if certificate is not None and claim.assertion is not None else ""
    if shown:
        title = "Counterexample" if result.verdict.value == "refuted" else "Witness"
        size = f" ({escape(result.minimal)})" if result.minimal else ""
        lines += [f"\\begin{{proof}}[{{{title}{size}}}]", shown, r"\end{proof}"]
    return lines


def document(snippets: Iterable[str]) -> str:
    """A complete LaTeX document of the snippets."""
    return PREAMBLE + "\n".join(snippets) + "\\end{document}\n"


__all__ = ["document", "label_of", "latex", "latex_claim"]
