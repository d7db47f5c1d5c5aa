"""A theory with its verdicts as one LaTeX document: every claim with its status and what shows it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from ..claims import Theorem
from ..verdicts import Result, Verdict
from .contents import Contents, environment
from .evaluation import UNREADABLE
from .latex import Frame, label_of, latex_claim
from .latex_page import UNKNOWN, latex_text, plain, spelled_out
from .names import escape, spell
from .notation import latex

ENVIRONMENTS = {
    "proved": ("theorem", "Theorem"), "assumed": ("instance", "Instance of a cited theorem"),
    "refuted": ("refuted", "Refuted claim"),
    "supported": ("supported", "Supported claim"), "undecided": ("open", "Open claim"),
}  # fmt: skip
PREAMBLE = r"""\documentclass[a4paper,10pt]{article}
\usepackage[margin=22mm]{geometry}
\usepackage[T1]{fontenc}
\usepackage[utf8]{inputenc}
\usepackage{amsmath,amssymb,amsthm}
\usepackage{longtable}
\usepackage[hidelinks]{hyperref}
\usepackage{cleveref}
\theoremstyle{definition}
"""
LAYOUT = r"""\emergencystretch=6em
\binoppenalty=50 \relpenalty=20
\hfuzz=2pt
\makeatletter\def\@listI{\leftmargin\leftmargini\topsep 2pt\parsep 0pt\itemsep 1pt}\let\@listi\@listI\makeatother
\setcounter{tocdepth}{2}
\allowdisplaybreaks
"""
SECTIONS = {1: "section", 2: "section", 3: "subsection"}


def latex_document(contents: Contents) -> str:
    """The document's text; what cannot be printed is a gap, named at its place and in a list at the end."""
    body = [*_page(contents), *_theorems(contents), *_surroundings(contents)]
    title = next((b.text for b in contents.blocks if b.level == 1), contents.loaded.theory.name)
    head = [rf"\title{{{latex_text(title)}}}", r"\author{}", r"\date{}", r"\begin{document}", r"\maketitle", _summary(contents)]
    opening = [r"\tableofcontents", *_table(contents)]
    whole = spelled_out("\n".join([PREAMBLE + _environments() + LAYOUT, *head, *opening, *body]))
    if lost := whole.count(UNKNOWN):
        contents.gaps.append(("characters", f"{lost} have no command in LaTeX and are printed as a bold question mark"))
    return "\n".join([whole, *_gaps(contents), r"\end{document}", ""])


def _environments() -> str:
    """Theorem environments that share one counter, with their names for cleveref."""
    lines = [r"\newtheorem{theorem}{Theorem}[section]"]
    lines += [rf"\newtheorem{{{name}}}[theorem]{{{title}}}" for name, title in ENVIRONMENTS.values() if name != "theorem"]
    lines.append(r"\newtheorem{cited}[theorem]{Cited theorem}")
    for name, title in [*ENVIRONMENTS.values(), ("cited", "Cited theorem")]:
        lines.append(rf"\crefname{{{name}}}{{{title.lower()}}}{{{title.lower()}s}}")
    return "\n".join(lines) + "\n"


def labels(ids: Sequence[str]) -> dict[str, str]:
    """A label for each id; ids whose labels would be equal get a number more."""
    taken: Counter[str] = Counter()
    made = {}
    for claim_id in ids:
        label = label_of(claim_id)
        taken[label] += 1
        made[claim_id] = label if taken[label] == 1 else f"{label}-again{taken[label]}"
    return made


def _summary(contents: Contents) -> str:
    counts = Counter(r.verdict.value for r in contents.report)
    parts = ", ".join(f"{counts[v.value]} {v.value}" for v in Verdict if counts[v.value])
    against = [r.id for r in contents.report if r.contradicted]
    more = f" Against their authors' expectation: {escape(', '.join(against))}." if against else ""
    name = escape(contents.loaded.theory.name)
    return f"\\noindent The theory \\texttt{{{name}}} has {len(contents.report)} entries: {parts}.{more}\n"


def _table(contents: Contents) -> Iterator[str]:
    """Every id links to its claim, which its derivation or counterexample follows."""
    known = labels(list(contents.results))
    named = Counter(label_of(i) for i in known)
    contents.gaps += [
        (i, "its label is also that of another id; one of them has a number more") for i in known if named[label_of(i)] > 1
    ]
    yield "\\section*{Verdicts}\n\\addcontentsline{toc}{section}{Verdicts}\n\\begin{longtable}{@{}llllr@{}}"
    yield "Claim & Verdict & Grade & Origin & Page\\\\\\hline\\endhead"
    for r in contents.report:
        cells = [rf"\hyperref[{known[r.id]}]{{\texttt{{{escape(r.id)}}}}}", escape(r.shown), r.grade, escape(_short(r.origin))]
        yield " & ".join([*cells, rf"\pageref{{{known[r.id]}}}"]) + r"\\"
    yield r"\end{longtable}"


def _short(words: str) -> str:
    return words if len(words) <= 34 else words[:31] + "..."


def _page(contents: Contents) -> Iterator[str]:
    """The page in its order, each repair after what it repairs."""
    known = labels(list(contents.results))
    words = {b.id: b.text for b in contents.blocks if b.id}
    done: set[str] = set()
    for block in contents.blocks:
        if block.level > 1:
            yield rf"\{SECTIONS.get(block.level, 'subsubsection')}{{{latex_text(block.text)}}}"
        elif block.id in contents.results:
            for claim_id in (block.id, *contents.repairs[block.id]):
                if claim_id not in done:
                    done.add(claim_id)
                    yield _claim(contents, contents.results[claim_id], words.get(claim_id, ""), known)
        elif block.level == 0:
            yield latex_text(block.text) + "\n"


def _claim(contents: Contents, result: Result, words: str, known: dict[str, str]) -> str:
    claim = result.claim
    about = [rf"It repairs \cref{{{known[claim.repairs]}}}."] if claim.repairs in known else []
    if contents.repairs[result.id]:
        about.append(rf"It is repaired by \cref{{{','.join(known[i] for i in contents.repairs[result.id])}}}.")
    if claim.assertion is not None and not result.source:
        about.append(
            "There is no certificate." + (f" It is open: {plain(contents.open[claim.id])}." if claim.id in contents.open else "")
        )
    name = ENVIRONMENTS.get(result.verdict.value, ("theorem", ""))[0]
    before = f"{latex_text(words)}\\par " if words else ""
    cited = {name: cited_label(name) for name in result.assumptions}
    frame = Frame(known[result.id], name, before, r"\noindent " + " ".join(about) if about else "", cited)
    instead = f"\\paragraph{{{escape(result.id)}, {escape(result.shown)}.}}\\label{{{frame.label}}} {before}"
    instead += "\\emph{It could not be printed.}\n"
    return contents.attempt(result.id, lambda: latex_claim(claim, result, frame=frame), instead, *UNREADABLE)


def _theorems(contents: Contents) -> Iterator[str]:
    """The theorems that verdicts rest on, and the works they are from."""
    used = [t for t in contents.theorems.values() if contents.used_by[t.name]]
    if not used:
        return
    known = labels(list(contents.results))
    works = dict.fromkeys(_work(t)[0] for t in sorted(used, key=lambda t: _work(t)[0]))
    keys = {work: f"work{i + 1}" for i, work in enumerate(works)}
    yield "\\section{Cited theorems}\nThese are assumed, for the functions that a verdict names."
    for t in used:
        yield _theorem(contents, t, keys[_work(t)[0]])
        users = ", ".join(rf"\hyperref[{known[i]}]{{\texttt{{{escape(i)}}}}}" for i in contents.used_by[t.name])
        yield f"\\noindent Used by {users}.\n"
    items = [rf"\bibitem{{{key}}} {plain(work)}." for work, key in keys.items()]
    yield "\n".join([r"\begin{thebibliography}{99}", *items, r"\end{thebibliography}"])


def _theorem(contents: Contents, theorem: Theorem, key: str) -> str:
    number = _work(theorem)[1]
    place = f"[{plain(number)}]" if number else ""
    shown = contents.attempt(theorem.name, lambda: f"${latex(theorem.formula)}$", r"\emph{It could not be printed.}", *UNREADABLE)
    about = ", ".join(f"${spell(f)}$" for f in theorem.functions)
    head = f"\\begin{{cited}}[{escape(theorem.name)}, {{\\cite{place}{{{key}}}}}]\\label{{{cited_label(theorem.name)}}}"
    return f"{head}\nFor all {about}: {shown}.\n\\end{{cited}}"


def cited_label(name: str) -> str:
    return "cited:" + label_of(name).partition(":")[2]


def _work(theorem: Theorem) -> tuple[str, str]:
    """Author and year, and the number: `Rudin, 1976, Theorem 9.24`."""
    found = re.match(r"(.*?, [0-9]{4})(?:, |\s*)(.*)", theorem.reference, re.DOTALL)
    return (found[1], found[2]) if found else (theorem.reference, "")


def _surroundings(contents: Contents) -> Iterator[str]:
    yield "\\section{Environment}\n\\begin{longtable}{@{}ll@{}}"
    yield from (rf"{plain(name)} & \texttt{{{plain(value)}}}\\" for name, value in environment())
    yield r"\end{longtable}"


def _gaps(contents: Contents) -> Iterator[str]:
    yield r"\section{Gaps}"
    if not contents.gaps:
        yield "Nothing is missing from this report."
        return
    yield "\\begin{itemize}"
    yield from (rf"\item \texttt{{{plain(where)}}}: {plain(what)}" for where, what in contents.gaps)
    yield "\\end{itemize}"
