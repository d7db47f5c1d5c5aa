"""`metaid show ID --latex` pasted into a document that loads amsmath, amsthm and cleveref, and nothing else."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from shell import contents_of

from metaid_symbolic.reports.contents import Contents
from metaid_symbolic.reports.latex_lines import Row, relations, split_sum, typeset

IDS = {
    "SC2/uniq": "derivation", "S3.theorem/convex": "derivation with theorems", "CON/repair": "outline", "SC1/uniq": "instance",
    "M1/init": "pair of problems", "S5.gl": "matrices", "S1.maml/quadratic": "matrices by induction",
    "S10.certificate/independent": "combinations", "T5/sufficient": "specialisation", "M2/point": "refutation",
    "CON/step": "counterexample with a derivation", "S5.scale/tanh!value": "enclosures", "S9.unique/small": "open",
}  # fmt: skip
MINIMAL = r"""\documentclass{article}
\usepackage{amsmath,amsthm,cleveref}
\newtheorem{theorem}{Theorem}
\begin{document}
"""


@pytest.fixture(scope="module")
def asked() -> Contents:
    return contents_of("@meta_identifiability", *IDS)


def test_snippets_compile_in_a_minimal_document(asked: Contents, tmp_path: Path) -> None:
    """Every label that they bear can be referred to, one snippet beside the others."""
    if shutil.which("pdflatex") is None:
        pytest.skip("pdflatex is not installed")
    shown = [asked.results[claim_id].latex() for claim_id in IDS]
    labels = re.findall(r"\\label\{([^}]*)\}", "\n".join(shown))
    assert len(labels) == len(set(labels)) and len(labels) > len(IDS)
    cited = "\n".join(rf"\Cref{{{label}}}." for label in labels)
    (tmp_path / "a.tex").write_text(MINIMAL + "\n".join(shown) + cited + "\n\\end{document}\n", encoding="ascii")
    for _ in range(2):
        command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "a.tex"]
        run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, errors="replace")
        if "cleveref.sty' not found" in run.stdout:
            pytest.skip("the LaTeX package cleveref is not installed")
        assert run.returncode == 0, run.stdout[-3000:]
    assert "undefined references" not in run.stdout and "multiply defined" not in run.stdout


def test_every_kind_says_why(asked: Contents) -> None:
    shown = {claim_id: asked.results[claim_id].latex() for claim_id in IDS}
    assert r"\begin{align}" in shown["SC2/uniq"] and r"\label{thm:SC2/uniq:" in shown["SC2/uniq"]
    assert "This is an outline" in shown["CON/repair"] and shown["CON/repair"].count("for $F$") == 3
    assert "by induction on $k$" in shown["S1.maml/quadratic"] and "E_{" in shown["S5.gl"]
    assert "interval arithmetic" in shown["S5.scale/tanh!value"] and "undecided" in shown["S9.unique/small"]
    assert "That the conclusion fails" in shown["CON/step"] and "two cycle" in shown["CON/step"]
    for claim_id in ("SC1/uniq", "M1/init", "T5/sufficient"):
        assert r"\begin{proof}[{Counterexample" in shown[claim_id]


# lines


def test_a_chain_of_equations_has_its_left_side_once() -> None:
    """a = b, a = c, a < d, but not after an inequality."""
    rows = [
        Row("a", "=", "b", "first", 1),
        Row("a", "=", "c", "second", 2),
        Row("a", "<", "d", "third", 3),
        Row("a", "=", "e", "", 4),
    ]
    assert relations(rows, "eq:x") == "\n".join(
        [
            r"\begin{align}",
            r"  a &= b && \text{first} \tag{1}\label{eq:x:1} \\",
            r"   &= c && \text{second} \tag{2}\label{eq:x:2} \\",
            r"   &< d && \text{third} \tag{3}\label{eq:x:3} \\",
            r"  a &= e \tag{4}\label{eq:x:4}",
            r"\end{align}\par",
        ]
    )


def test_a_long_side_is_broken_at_signs_outside_of_brackets() -> None:
    inside = r"(p + q) \langle u - v, w \rangle"
    written = " + ".join(rf"{k} {inside}" for k in range(9)) + rf" - \frac{{1}}{{2}} {inside}"
    lines = split_sum(written, 40)
    assert " ".join(lines) == written and len(lines) > 3 and all(typeset(line) <= 40 for line in lines)
    assert all(line.count("(") == line.count(")") and line[0] in "+-0" for line in lines)
    shown = relations([Row("x", "=", written, "it is long", 1)])
    assert shown is not None and shown.count(r"\notag") == shown.count("\\\\\n") >= 3


def test_what_has_no_room_is_left_to_the_text() -> None:
    assert relations([Row("x", "=", "(" + " + ".join(f"x_{{{k}}}" for k in range(80)) + ")")]) is None
    assert relations([Row("x" * 80, "=", "1")]) is None
