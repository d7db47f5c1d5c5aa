"""LaTeX of what is found about models and of answers to searches: complete, and through pdflatex where it is installed."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from shell import Shell

from metaid_symbolic import reals
from metaid_symbolic.api import identify
from metaid_symbolic.conjectures import Answer, Audit, Hypothesis
from metaid_symbolic.language import parse_term
from metaid_symbolic.model import Model
from metaid_symbolic.models import build
from metaid_symbolic.pipeline import Options
from metaid_symbolic.reports.latex import document, latex_answer
from metaid_symbolic.reports.latex_models import aligned, joined, sentence
from metaid_symbolic.symmetry import symmetries
from metaid_symbolic.symmetry.conservation import conservation_laws
from metaid_symbolic.symmetry.subjects import model_of, named
from metaid_symbolic.theory import Theory
from metaid_symbolic.verdicts import Result, Verdict

PRODUCT = build("plain", "scalar-factorisation", 2, 2)
NETWORK = named("network-relu", "quadratic", 2, 2, 1)
IMPLICATION = "FPD & EXISTS => UNIQ"


def compiled(folder: Path, snippets: list[str]) -> str:
    """pdflatex's log of the second run; the snippets may use amsmath, amsthm and cleveref alone."""
    if shutil.which("pdflatex") is None:
        pytest.skip("pdflatex is not installed")
    source = document(snippets)
    assert set(re.findall(r"\\usepackage(?:\[[^]]*\])?\{([^}]*)\}", source)) == {"geometry", "amsmath,amsthm", "cleveref"}
    (folder / "all.tex").write_text(source, encoding="ascii")
    for _ in range(2):
        command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "all.tex"]
        run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, errors="replace")
        if "cleveref.sty' not found" in run.stdout:
            pytest.skip("the LaTeX package cleveref is not installed")
        assert run.returncode == 0, run.stdout[-3000:]
    return run.stdout


def test_names_powers_points_and_groups_in_words_are_formulas() -> None:
    a, b, x = reals("a b_1 x")
    found = identify(Model((a, b), (x,), [a * b * x, (a * b) ** 2 + x]), check=False).latex()
    assert r"N_{1} &= -a \partial_{a} + b_{1} \partial_{b_{1}}" in found
    assert r"\item finite group: $\mathbf{Z}/2" in found and r"$a$ by $c^{-1}$" in found and r"\_" not in found
    assert r"($a$" not in found and "$a$ minor" not in found


def test_models_in_latex_compile(tmp_path: Path) -> None:
    """Also with labels that `\\cref` finds, and no line is too wide."""
    made = []
    for k, subject in enumerate((PRODUCT, NETWORK, build("maml", "quadratic", 2, 2))):
        made += [symmetries(subject).latex(), symmetries(subject).latex(f"eq:s{k}")]
        made += [conservation_laws(model_of(subject), 2).latex(f"eq:c{k}")]
    for k, subject in enumerate((PRODUCT, build("maml", "quadratic", 1, 2), build("anil", "scalar-factorisation", 2, 2))):
        found = identify(subject, check=False)
        made += [found.latex(), found.latex(f"eq:i{k}")]
    made.append(r"\Cref{eq:s0,eq:c1,eq:i2}.")
    log = compiled(tmp_path, [m + "\n\n" for m in made])
    assert "undefined references" not in log
    assert "Overfull" not in log, [line for line in log.splitlines() if "Overfull" in line]


def test_identification_says_all(tmp_path: Path) -> None:
    """Rungs with reasons, the rank, each null vector and combination, and every other line of the answer as words."""
    found = identify(Model(("a", "b"), ("x",), (parse_term("a*b*x"),)), check=False)
    shown = found.latex()
    assert all(rf"\textsf{{{r.code}}} & {r.verdict} & " in shown for r in found.rungs)
    assert r"\operatorname{rank} D f &= 1" in shown and "h_{1} &= a b" in shown
    assert re.search(r"N_\{1\} &= .*a.* \\partial_\{a\} \+ .*b.* \\partial_\{b\}", shown)
    for kind in ("counterexample", "repair"):
        assert shown.count(rf"\item {kind}") == sum(line[0] == kind for line in found.lines)
    assert shown.count(r"\item counterexample") == 1


def test_search_in_latex(metaid: Shell, tmp_path: Path) -> None:
    """The counterexample as a proof; which conditions repair the claim only where they were looked for."""
    code, out, _ = metaid("search", IMPLICATION, "--latex", "--no-repairs", "-j", "1")
    assert code == 0 and r"\begin{theorem}[{search, refuted" in out and r"\begin{proof}[{Counterexample" in out
    assert "true when" not in out
    repaired = latex_answer(Result(Theory("t").claim("a", IMPLICATION), Verdict.REFUTED), ["SCONV", "STRONG"])
    assert repaired.endswith("\\noindent It is true when one adds SCONV or STRONG.\n\n")
    assert "Overfull" not in compiled(tmp_path, [out, repaired])


def test_an_audit_in_latex(tmp_path: Path) -> None:
    result = Result(Theory("t").claim("a", "UNIQ & CONV => WEAK"), Verdict.PROVED)
    roles = tuple(Hypothesis(name, role, result) for name, role in (("UNIQ", "needed"), ("CONV", "redundant")))
    shown = Audit(Answer(result, Options()), roles).latex("thm:audit")
    assert r"\label{thm:audit}" in shown and r"The hypothesis CONV is redundant." in shown and "proved" in shown
    compiled(tmp_path, [shown])


@pytest.mark.parametrize("words", [[IMPLICATION], ["--has", "CONV"]])
def test_latex_excludes_json(metaid: Shell, words: list[str]) -> None:
    code, _, err = metaid("search", "--latex", "--json", *words)
    assert code == 2 and "--latex and --json exclude one another" in err


def test_the_command_symmetry_prints_every_part(metaid: Shell, tmp_path: Path) -> None:
    words = ("--laws", "2", "--points", "1,2", "2,1")
    code, out, _ = metaid("symmetry", "scalar-factorisation", "--latex", *words)
    assert code in (0, 3) and "v_{1} &=" in out and "C_{1} &=" in out and "same model" in out
    adapted = metaid("symmetry", "maml", "--dim", "1", "--latex")[1]
    assert "Of the symmetries of the task losses" in adapted
    compiled(tmp_path, [out, adapted])


def test_long_sums_are_broken() -> None:
    """A line is no longer than the room; with a label only the first line has a number."""
    text = joined([f"a_{{{k}}}" for k in range(40)], " + ", 12)
    assert text.count("a_{") == 40 and text.count("\\\\\n") == 12
    labelled = aligned([f"x &= {text}", "y &= 1"], "eq:x")
    assert labelled.count(r"\label{eq:x}") == 1 and labelled.count(r"\nonumber") == 13
    assert aligned(["x &= 1"]) == "\\begin{align*}\n  x &= 1\n\\end{align*}"
    assert sentence("50% of a_b.") == r"\noindent 50\% of a\_b.\par"
