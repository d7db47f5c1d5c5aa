"""Derivations told step by step, the LaTeX document of a theory, and its PDF where TeX is installed."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from shell import FALSE, TRUE, Shell, contents_of, step

from metaid_symbolic.certificates import Derivation, Done
from metaid_symbolic.kernel import Rejected
from metaid_symbolic.kernel.branch import sort_of
from metaid_symbolic.kernel.normal import Normaliser
from metaid_symbolic.kernel.polynomial import Ring
from metaid_symbolic.reports import derivation
from metaid_symbolic.reports.contents import Contents
from metaid_symbolic.reports.derivation import LAST, Telling, narrated
from metaid_symbolic.reports.latex_derivation import derivation as written
from metaid_symbolic.reports.latex_document import labels, latex_document
from metaid_symbolic.reports.latex_page import latex_text
from metaid_symbolic.reports.pdf import NotCompiled, compiler, pdf
from metaid_symbolic.terms import Term
from metaid_symbolic.theory import Theory
from metaid_symbolic.verdicts import Verdict

needs_tex = pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no pdflatex on the path")
UNIQUE = r"""
(1) $\forall x, y \in \Phi:\ F(x) = F(y) \Rightarrow x = y$ [assumed]
(2) $p_{1} \in \Phi$; $\forall z \in \Phi:\ F(p_{1}) \le F(z)$ [assumed]
(3) $\neg (\exists a \in \arg\min_{\Phi} F\ \forall b \in \arg\min_{\Phi} F:\ b = a)$ [assumed]
(4) $\neg (\forall z \in \Phi:\ F(p_{1}) \le F(z)) \lor \neg (\forall b \in \arg\min_{\Phi} F:\ b = p_{1})$ [(3) at $p_{1}$, by (2)]
  (5) Case of (4): $p_{2} \in \Phi$; $F(p_{2}) < F(p_{1})$
  (6) $p_{2} \in \Phi \Rightarrow F(p_{1}) \le F(p_{2})$ [(2) at $p_{2}$, by (5)]
  (6) contradicts (5).
  (7) Case of (4): $p_{2} \in \Phi$; $\forall z \in \Phi:\ F(p_{2}) \le F(z)$; $p_{2} \neq p_{1}$
F(p_{2}) &\neq F(p_{1}) && \text{(1) at $p_{2}$, $p_{1}$, by (2) and (7)} \tag{8}\label{thm:u:8} \\
F(p_{1}) &\le F(p_{2}) && \text{(2) at $p_{2}$, by (7)} \tag{9}\label{thm:u:9}
  (10) $p_{1} \in \Phi \Rightarrow F(p_{2}) \le F(p_{1})$ [(7) at $p_{1}$, by (2), (8) and (9)]
  (10) contradicts (2), (8) and (9).
"""  # noqa: E501


@pytest.fixture(scope="module")
def whole() -> Contents:
    return contents_of("@meta_identifiability")


def plain(latex: str) -> str:
    """The steps, a line each, with two blanks for each case."""
    lines = []
    for line in latex.splitlines():
        if found := re.match(r"\{\\leftskip=([0-9.]+)em\\noindent (.*?)(?:\\hspace\*\{\\fill\}\\mbox\{(.*)\})?\\par\}$", line):
            words = re.sub(r"\\emph\{((?:[^{}]|\{[^{}]*\})*)\}", r"\1", found[2])
            lines.append("  " * round(float(found[1]) / 1.2) + (f"{found[3]} " if found[3] else "") + words)
        elif line.startswith("  "):
            lines.append(line.strip())
    return "\n".join(lines)


def telling_of(claim_id: str, made: Contents) -> Telling:
    result = made.results[claim_id]
    assert result.certificate is not None and result.claim.assertion is not None
    return derivation.told(result.claim.assertion, result.certificate, made.theorems)


def test_a_derivation_is_told_step_by_step() -> None:
    made = contents_of("@meta_identifiability", "ID2/unique")
    assert plain(written(telling_of("ID2/unique", made), made.theorems, "thm:u")) == UNIQUE.strip("\n")


def test_every_derivation_of_the_theory_is_told(whole: Contents) -> None:
    """Numbers count up, a step refers to earlier ones only, and every branch ends in a contradiction."""
    count, endings = 0, set()
    for result in whole.report:
        if result.certificate is None or result.claim.assertion is None:
            continue
        telling = derivation.told(result.claim.assertion, result.certificate, whole.theorems)
        steps = telling.steps
        count += bool(steps)
        numbers = [s.number for s in steps if s.number]
        assert numbers == sorted(set(numbers)) and all(a < s.number for s in steps if s.number for a in (*s.after, *s.using))
        assert telling.left or numbers == list(range(1, len(numbers) + 1))
        assert not steps or telling.left or steps[-1].kind == "closed"
        endings |= {s.name for s in steps if s.kind == "closed"}
        assert {s.name for s in steps if s.kind == "theorem"} <= set(result.assumptions)
        assert len(written(telling, whole.theorems)) < 60_000
    assert count > 50 and endings == {"sight", "one variable", "combination", "enclosure"}


def test_what_nothing_rests_on_is_left_out_and_counted(whole: Contents) -> None:
    """Every step that is told is used by a later one, but for cases and ends; all theorems of the verdict are told."""
    for claim_id in ("SC2/uniq", "S3.theorem/convex", "M4/affine", "S4.repair/expconcave"):
        telling = telling_of(claim_id, whole)
        used = {n for s in telling.steps for n in (*s.after, *s.using)}
        assert telling.idle > 5 and not telling.left
        assert {
            s.number for s in telling.steps if s.kind in ("given", "instance", "theorem", "rule", "derivative", "shown")
        } <= used
        assert {s.name for s in telling.steps if s.kind == "theorem"} == set(whole.results[claim_id].assumptions)
        assert f"Left out: {telling.idle} steps" in written(telling, whole.theorems)


def sort(name: str) -> str:
    """The sort of a variable as a report writes it."""
    return sort_of("_" + name.replace("_", "")) if re.match(r"[pft]_[0-9]+$", name) else sort_of(name)


def test_a_combination_is_an_identity_of_polynomials(whole: Contents) -> None:
    """What is printed as adding up to 0 does so, and the conditions are of the steps named."""
    seen = 0
    for result in whole.report:
        if isinstance(result.certificate, Derivation) and result.claim.assertion is not None:
            for step in derivation.told(result.claim.assertion, result.certificate, whole.theorems).steps:
                if step.name == "combination" and step.inserted:
                    seen += 1
                    normaliser = Normaliser(Ring(), sort)
                    normaliser.naturals |= frozenset(n.name for n in getattr(result.claim.assertion, "naturals", ()))
                    assert not normaliser.polynomial(Term("add", step.inserted)).monomials(), (result.id, step.inserted)
    assert seen > 40


def test_a_derivation_that_does_not_close_is_not_told() -> None:
    theory = Theory("t")
    claim = theory.claim("a", "INJ => UNIQ")
    assert claim.assertion is not None
    with pytest.raises(Rejected, match="before its branch is closed"):
        narrated(claim.assertion, Derivation(Done()), {})


def test_a_long_derivation_is_an_outline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cases and ends stay, the numbers too; what is not there is counted."""
    made = contents_of("@meta_identifiability", "ID2/unique")
    assert LAST >= 100
    monkeypatch.setattr(derivation, "LAST", 8)
    telling = telling_of("ID2/unique", made)
    assert [(s.kind, s.number) for s in telling.steps] == [
        ("given", 1), ("given", 2), ("given", 3), ("case", 5), ("closed", 0), ("case", 7), ("closed", 0),
    ]  # fmt: skip
    assert telling.left == 5 and "5 steps, among them those whose numbers are missing here" in written(telling, {})


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
    assert source.count(r"\begin{theorem}") > 40 and source.count(r"\begin{refuted}") > 60
    assert 0 < source.count(r"\begin{open}") <= sum(r.verdict is Verdict.UNDECIDED for r in whole.report)


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
