"""Derivations told step by step, the LaTeX document of a theory, and its PDF where TeX is installed."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from shell import FALSE, TRUE, Shell, contents_of, step

from metaid_symbolic.certificates import Derivation, Done
from metaid_symbolic.kernel import Rejected
from metaid_symbolic.reports import derivation
from metaid_symbolic.reports.contents import Contents
from metaid_symbolic.reports.derivation import LAST, narrated
from metaid_symbolic.reports.latex_derivation import derivation as told
from metaid_symbolic.reports.latex_document import labels, latex_document
from metaid_symbolic.reports.latex_page import latex_text
from metaid_symbolic.reports.pdf import NotCompiled, compiler, pdf
from metaid_symbolic.theory import Theory

needs_tex = pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no pdflatex on the path")
UNIQUE = r"""
(1) $\forall x, y \in \Phi:\ F(x) = F(y) \Rightarrow x = y$ [assumed]
(2) $p_{1} \in \Phi$; $\forall z \in \Phi:\ F(p_{1}) \le F(z)$ [assumed]
(3) $\neg (\exists a \in \arg\min_{\Phi} F\ \forall b \in \arg\min_{\Phi} F:\ b = a)$ [assumed]
(4) $F(p_{1}) \le F(\varphi)$ [(2) at $\varphi$]
(5) $\neg (\forall z \in \Phi:\ F(p_{1}) \le F(z)) \lor \neg (\forall b \in \arg\min_{\Phi} F:\ b = p_{1})$ [(3) at $p_{1}$]
  (6) $p_{2} \in \Phi$; $F(p_{2}) < F(p_{1})$ [case of (5)]
  (7) (2) at $p_{2}$
  A contradiction.
  (8) $p_{2} \in \Phi$; $\forall z \in \Phi:\ F(p_{2}) \le F(z)$; $p_{2} \neq p_{1}$ [case of (5)]
  (9) $F(p_{2}) \neq F(p_{1})$ [(1) at $p_{2}$, $p_{1}$]
  (10) $F(p_{1}) \le F(p_{2})$ [(2) at $p_{2}$]
  (11) (8) at $p_{1}$
  A contradiction.
"""


@pytest.fixture(scope="module")
def whole() -> Contents:
    return contents_of("@meta_identifiability")


def plain(latex: str) -> str:
    """The steps, a line each, with two blanks for each case."""
    lines = []
    for line in latex.splitlines():
        if found := re.match(r"\\par\\noindent\\hspace\*\{([0-9.]+)em\}(.*)", line):
            lines.append("  " * round(float(found[1]) / 1.2) + re.sub(r"\\emph\{(.*)\}$", r"\1", found[2]))
    return "\n".join(lines)


def test_a_derivation_is_told_step_by_step() -> None:
    made = contents_of("@meta_identifiability", "ID2/unique")
    result = made.results["ID2/unique"]
    assert result.certificate is not None and result.claim.assertion is not None
    steps = narrated(result.claim.assertion, result.certificate, made.theorems)
    assert plain(told(steps, made.theorems)) == UNIQUE.strip("\n")


def test_every_derivation_of_the_theory_is_told(whole: Contents) -> None:
    """Numbers count up, a step refers to earlier ones only, and every branch ends in a contradiction."""
    count, endings = 0, set()
    for result in whole.report:
        if result.certificate is None or result.claim.assertion is None:
            continue
        steps = narrated(result.claim.assertion, result.certificate, whole.theorems)
        count += bool(steps)
        numbered = [s.number for s in steps if s.number]
        assert numbered == list(range(1, len(numbered) + 1)) and all(a < s.number for s in steps for a in s.after)
        assert not steps or steps[-1].kind == "closed"
        endings |= {s.name for s in steps if s.kind == "closed"}
        assert {s.name for s in steps if s.kind == "theorem"} <= set(result.assumptions)
    assert count > 50 and endings == {"sight", "one variable", "combination", "enclosure", "cut"}


def test_a_derivation_that_does_not_close_is_not_told() -> None:
    theory = Theory("t")
    claim = theory.claim("a", "INJ => UNIQ")
    assert claim.assertion is not None
    with pytest.raises(Rejected, match="before its branch is closed"):
        narrated(claim.assertion, Derivation(Done()), {})


def test_a_long_derivation_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    made = contents_of("@meta_identifiability", "ID2/unique")
    result = made.results["ID2/unique"]
    assert result.certificate is not None and result.claim.assertion is not None and LAST >= 100
    monkeypatch.setattr(derivation, "LAST", 4)
    steps = narrated(result.claim.assertion, result.certificate, {})
    assert [s.number for s in steps] == [1, 2, 3, 4, 0] and steps[-1].name == "cut"
    assert "in the certificate" in told(steps, {})


# the document


def test_every_id_of_the_table_leads_to_its_claim(whole: Contents) -> None:
    source = latex_document(whole)
    defined = re.findall(r"\\label\{([^}]*)\}", source)
    assert len(defined) == len(set(defined))
    table = source[source.index(r"\begin{longtable}") : source.index(r"\end{longtable}")]
    rows = re.findall(r"\\hyperref\[([^]]*)\]\{\\texttt\{([^}]*)\}\}", table)
    assert len(rows) == len(whole.results) and {label for label, _ in rows} <= set(defined)
    references = re.findall(r"\\(?:cref|pageref)\{([^}]*)\}|\\hyperref\[([^]]*)\]", source)
    assert {part for pair in references for name in pair for part in name.split(",") if part} <= set(defined)
    assert set(re.findall(r"\\cite(?:\[[^]]*\])?\{([^}]*)\}", source)) == set(re.findall(r"\\bibitem\{([^}]*)\}", source))


def test_a_repair_stands_beside_what_it_repairs(whole: Contents) -> None:
    source = latex_document(whole)
    first, second = (source.index(rf"\label{{thm:{i}}}") for i in ("CON/step", "CON/repair"))
    assert first < second and source[first:second].count(r"\label{thm:") == 1
    assert r"It is repaired by \cref{thm:CON/repair}." in source[first:second]
    assert r"It repairs \cref{thm:CON/step}." in source[second:]
    assert source.count(r"\begin{theorem}") > 40 and source.count(r"\begin{refuted}") > 60 and source.count(r"\begin{open}") > 5


@needs_tex
def test_the_pdf_of_the_whole_theory(whole: Contents) -> None:
    made = pdf(latex_document(whole), compiler(), 240)
    assert made.startswith(b"%PDF-") and len(made) < 10_000_000


def test_labels_are_different() -> None:
    assert labels(["a!b", "a-b", "c"]) == {"a!b": "thm:a-b", "a-b": "thm:a-b-again2", "c": "thm:c"}


def test_text_of_a_page() -> None:
    assert latex_text("*a* `b_c` $x_1$ 50% **d** ≤ “e”") == (
        r"\emph{a} \texttt{b\_c} $x_1$ 50\% \textbf{d} \ensuremath{\leq} ``e''"
    )


# bad surroundings


@pytest.fixture
def theory(metaid: Shell) -> Shell:
    step(TRUE + FALSE + 'theory.remark("a!b", "prose", "one")\ntheory.remark("a-b", "prose", "two ☃")\n')
    assert metaid("check", "--accept")[0] == 0
    return metaid


def test_two_equal_labels(theory: Shell) -> None:
    code, out, err = theory("report", ".", "--format", "latex", "--output", "r.tex")
    source = Path("r.tex").read_text()
    assert code == 0 and out.startswith("r.tex: 4 entries") and err.count("its label is also that of another id") == 2
    assert source.count(r"\label{thm:a-b}") == source.count(r"\label{thm:a-b-again2}") == 1
    assert "its label is also that of another id" in source[source.index(r"\section{Gaps}") :]


@needs_tex
def test_a_small_pdf(theory: Shell) -> None:
    code, _, err = theory("report", ".", "--format", "pdf", "--output", "r.pdf")
    assert code == 0 and "characters: 1 have no command in LaTeX" in err
    assert Path("r.pdf").read_bytes().startswith(b"%PDF-")


@needs_tex
def test_latexmk_and_pdflatex_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    source = "\\documentclass{article}\\begin{document}x\\end{document}"
    assert pdf(source, compiler(), 60).startswith(b"%PDF-")
    found = shutil.which
    monkeypatch.setattr(shutil, "which", lambda name: None if name == "latexmk" else found(name))
    assert [c[0] for c in compiler()] == ["pdflatex"] * 3 and pdf(source, compiler(), 60).startswith(b"%PDF-")
    with pytest.raises(NotCompiled, match="Undefined control sequence"):
        pdf(source.replace("x", r"\nosuchcommand"), compiler(), 60)


def test_without_tex(theory: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    code, _, err = theory("report", ".", "--format", "pdf", "--output", "r.pdf")
    assert code == 2 and "neither latexmk nor pdflatex is on the path" in err and not Path("r.pdf").exists()
    assert theory("report", ".", "--format", "latex", "--output", "r.tex")[0] == 0
    assert "pdflatex is not on the path: without it no report --format pdf" in theory("doctor")[1]


def test_a_claim_without_certificate(theory: Shell) -> None:
    for path in Path("certificates").glob("*true*"):
        path.unlink()
    shutil.rmtree(".metaid")
    code, _, err = theory("report", ".", "--format", "latex", "--output", "r.tex")
    assert code == 0 and "1 claims have no certificate" in err and "There is no certificate." in Path("r.tex").read_text()
