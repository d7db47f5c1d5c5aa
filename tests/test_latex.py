"""The printer of terms and formulas, and whole snippets through pdflatex where it is installed."""

from __future__ import annotations

import shutil
import subprocess
from fractions import Fraction
from pathlib import Path

import pytest

from metaid_symbolic.calculus.derive import derive
from metaid_symbolic.calculus.expression import Expression
from metaid_symbolic.certificates import Done, Instance, Instances, MatrixCounterexample, Pair, Specialisation
from metaid_symbolic.claims import AtProblem, Determines, MatrixIdentities, Universe
from metaid_symbolic.conditions import TABLE, Conditions
from metaid_symbolic.encoding import encode
from metaid_symbolic.language import parse_formula, parse_term
from metaid_symbolic.models import build
from metaid_symbolic.problems import MetaProblem
from metaid_symbolic.reports.latex import document, label_of, latex, latex_claim
from metaid_symbolic.reports.names import escape, spell
from metaid_symbolic.statements import canonical
from metaid_symbolic.symbols import reals
from metaid_symbolic.terms import IllFormed, Term
from metaid_symbolic.theory import Claim, Theory
from metaid_symbolic.verdicts import Result, Verdict

VALUES = {
    "phi^2/2 - phi": r"\frac{\varphi^{2}}{2} - \varphi",
    "-(a + b)*2": r"-(a + b) \cdot 2",
    "1/(1 + x)^2*3/4": r"\frac{3}{4 (1 + x)^{2}}",
    "x/(2*y)": r"\frac{x}{2 y}",
    "x*y^(-2)*y": r"\frac{x y}{y^{2}}",
    "-3/4*x": r"-\tfrac{3}{4} x",
    "(x^2)^3": "(x^{2})^{3}",
    "(1/2)^2": r"\left(\frac{1}{2}\right)^{2}",
    "(-2)^3": "(-2)^{3}",
    "(x - y)^(-1)": r"\frac{1}{x - y}",
    "x - (y - z)": "x - (y - z)",
    "x + (y - z)": "x + y - z",
    "x*(-3)*y": r"-x \cdot 3 y",
    "2*3": r"2 \cdot 3",
    "exp(-x^2/2)": r"\exp\left(-\frac{x^{2}}{2}\right)",
    "log(x)*tanh(y)^2": r"\log(x) \tanh(y)^{2}",
    "sqrt(1/2)": r"\sqrt{\frac{1}{2}}",
    "relu(x)*logistic(y)": r"\operatorname{ReLU}(x) \operatorname{logistic}(y)",
    "3*sum(i, k, w[i, i]^2)": r"3 \left(\sum_{i=1}^{k} w_{i,i}^{2}\right)",
    "E(t, L(t, phi))^2": r"\mathbf{E}_{t}\left[L_{t}(\varphi)\right]^{2}",
    "E(t, grad L(t, phi))": r"\mathbf{E}_{t}\left[\nabla L_{t}(\varphi)\right]",
    "norm2(x - y)^2": r"(\lVert x - y \rVert^{2})^{2}",
    "dot(grad F(x), v)": r"\langle \nabla F(x), v \rangle",
    "D2L(t, phi, u, v)": r"D^{2} L_{t}(\varphi)[u, v]",
    "F_MAML(phi, 1/100)": r"F_{\mathrm{MAML}}\left(\varphi, \frac{1}{100}\right)",
    "coord(x + y, 2)": "(x + y)_{2}",
    "th[t]": r"\theta_{t}",
    "[x, 1]": "(x, 1)",
    "zero": "0",
    "x_1 + z_": "x_{1} + z'",
}

ALIKE = {
    "x1 + x_1": r"\mathtt{x1} + \mathtt{x\_1}",
    "w[1] + w_1": r"w_{1} + \mathtt{w\_1}",
    "eps + epsilon": r"\mathtt{eps} + \mathtt{epsilon}",
    "coord(x, 1) + x1": r"x_{1} + \mathtt{x1}",
}

FORMULAS = {
    "forall x, y in Phi: F(x) = F(y) => x = y": r"\forall x, y \in \Phi:\ F(x) = F(y) \Rightarrow x = y",
    "UNIQ": r"\exists a \in \arg\min_{\Phi} F\ \forall b \in \arg\min_{\Phi} F:\ b = a",
    "UNIQ[F_MAML]": r"\exists a \in \arg\min_{\Phi} F_{\mathrm{MAML}}\ \forall b \in \arg\min_{\Phi} F_{\mathrm{MAML}}:\ b = a",
    "EXISTS": r"\exists a \in \arg\min_{\Phi} F",
    "phi in argmin F": r"\varphi \in \arg\min_{\Phi} F",
    "not phi in argmin F": r"\varphi \notin \arg\min_{\Phi} F",
    "FPD": r"I(\varphi) \succ 0",
    "psd(hess F(x) - eta*fisher(x))": r"\nabla^{2} F(x) - \eta I(x) \succeq 0",
    "HNS": r"\det(\nabla^{2} F(\varphi)) \neq 0",
    "not nonsingular(fisher(phi))": r"\det(I(\varphi)) = 0",
    "samerank(fisher(x), eye)": r"\operatorname{rank}(I(x)) = \operatorname{rank}(I_{n})",
    "COUNT": r"\lvert \operatorname{supp} p \rvert \ge n",
    "whole": r"\Phi = \mathbf{R}^{n}",
    "x != y": r"x \neq y",
    "not (x < y)": r"\neg (x < y)",
    "(a = b <=> b = c) & c = a | a < b": r"(a = b \Leftrightarrow b = c) \land c = a \lor a < b",
    "a = b => (b = c => c = a)": r"a = b \Rightarrow (b = c \Rightarrow c = a)",
    "(a = b => b = c) => c = a": r"(a = b \Rightarrow b = c) \Rightarrow c = a",
    "exists mu > 0: forall x in Phi: mu <= F(x)": r"\exists \mu > 0\ \forall x \in \Phi:\ \mu \le F(x)",
    "forall i in 1..k: w[i] > 0": r"\forall i \in \{1, \dots, k\}:\ 0 < w_{i}",
    "forall v in Rn, t in tasks: 1 = 0": r"\forall v \in \mathbf{R}^{n}\ \forall t \in \mathcal{T}:\ 1 = 0",
    "forall x: x > x => x = 1": r"\forall x \in \mathbf{R}:\ x < x \Rightarrow x = 1",
    "forall x, y: x > y => y > 0": r"\forall x, y \in \mathbf{R}:\ y < x \Rightarrow 0 < y",
    "not (forall x in Phi: F(x) = 0)": r"\neg (\forall x \in \Phi:\ F(x) = 0)",
}


@pytest.mark.parametrize("words", VALUES)
def test_values(words: str) -> None:
    assert latex(parse_term(words)) == VALUES[words]


@pytest.mark.parametrize("words", ALIKE)
def test_names_that_would_look_alike_are_set_verbatim(words: str) -> None:
    assert latex(parse_term(words)) == ALIKE[words]


@pytest.mark.parametrize("words", FORMULAS)
def test_formulas(words: str) -> None:
    assert latex(Conditions().parse(words)) == FORMULAS[words]


def test_a_bound_may_mention_earlier_names_only() -> None:
    assert latex(parse_formula("exists r: r > r + 1")) == r"\exists r \in \mathbf{R}:\ r + 1 < r"


@pytest.mark.parametrize("name", ["x_1_2", "w_0_1", "alpha_t", "lambda", "Phi", "th", "F_MAML", "_1", "x.1", "abc", "a1b2"])
def test_spelling_gives_balanced_braces(name: str) -> None:
    assert spell(name).count("{") == spell(name).count("}")


def test_escape() -> None:
    assert escape(r"50% of a_b & {c} #1 ~ ^ \x") == (
        r"50\% of a\_b \& \{c\} \#1 \textasciitilde{} \textasciicircum{} \textbackslash{}x"
    )


def test_every_condition_prints_with_balanced_braces() -> None:
    table = Conditions()
    for name in TABLE:
        shown = latex(table.parse(name))
        assert shown.count("{") == shown.count("}"), name


@pytest.mark.parametrize("label", ["eq:maml-gradient", "thm:S4.claim/sufficient"])
def test_labels(label: str) -> None:
    assert f"\\label{{{label}}}" in Expression("F", (), ((parse_term("x"),),)).latex(label=label)


@pytest.mark.parametrize("label", ["", "a b", "a}b", "a\\b", "a%b", "a#b", "\N{GREEK SMALL LETTER PHI}"])
def test_bad_labels_are_refused(label: str) -> None:
    with pytest.raises(IllFormed, match="no label"):
        Expression("F", (), ((parse_term("x"),),)).latex(label=label)


def test_the_notebook_shows_terms() -> None:
    assert (reals("phi") / 2)._repr_latex_() == r"$\frac{\varphi}{2}$"


# snippets

PAIR = MetaProblem("x", (parse_term("x"), parse_term("-x")), ("1/2", "1/2"))
FISHER = Instance(PAIR, (Fraction(0),), (), None, (Done(), Done(), Done()))


def refuted(claim: Claim, certificate: object, **more: object) -> Result:
    source = f'{{"certificate": {canonical(certificate)}}}'
    assert encode(certificate) is not None
    return Result(claim, Verdict.REFUTED, source=source, **more)  # type: ignore[arg-type]


GOLDEN = r"""\begin{theorem}[{S4.claim/sufficient, refuted}]\label{thm:S4.claim/sufficient}
The following is false. For every $n \ge 1$, every non-empty open connected $\Phi \subseteq \mathbf{R}^{n}$, every finite rational task law with $C^{2}$ losses on $\Phi$ and every $\varphi \in \Phi$: if
\begin{itemize}
  \item \textup{OPT}: $\varphi \in \arg\min_{\Phi} F$
  \item \textup{FPD}: $I(\varphi) \succ 0$
\end{itemize}
then
\begin{itemize}
  \item \textup{UNIQ}: $\exists a \in \arg\min_{\Phi} F\ \forall b \in \arg\min_{\Phi} F:\ b = a$
\end{itemize}
\end{theorem}
\begin{proof}[{Counterexample (minimal)}]
Consider $n = 1$,
\begin{itemize}
  \item domain $\Phi = \mathbf{R}$
  \item task loss $L_{1}(x) = x$ with weight $\frac{1}{2}$
  \item task loss $L_{2}(x) = -x$ with weight $\frac{1}{2}$
\end{itemize}
At $\varphi = 0$:
\begin{itemize}
  \item OPT holds: $F(\varphi) = 0$, $\arg\min_{\Phi} F = \Phi$, as $F$ is constant.
  \item FPD holds: $I(\varphi) = 1$.
  \item UNIQ fails: $\arg\min_{\Phi} F = \Phi$, as $F$ is constant.
\end{itemize}
\end{proof}
"""  # noqa: E501


def test_the_snippet_of_a_refuted_implication() -> None:
    claim = Theory("t").claim("S4.claim/sufficient", "OPT & FPD => UNIQ")
    assert latex_claim(claim, refuted(claim, FISHER, minimal="minimal")) == GOLDEN


def test_only_a_true_sentence_stands_bare_in_a_theorem() -> None:
    claim = Theory("t").claim("a", "UNIQ => EXISTS")
    assert "false" not in latex_claim(claim, Result(claim, Verdict.PROVED))
    assert "The following is undecided." in latex_claim(claim, Result(claim, Verdict.UNDECIDED, reason="no method"))
    assert "supported, not proved" in latex_claim(claim, Result(claim, Verdict.SUPPORTED))


def test_what_is_wide_is_written_so_that_lines_may_end_in_it() -> None:
    """A long mean within brackets that do not grow, a wide quotient with a stroke; short ones as before."""
    parts = " + ".join(f"exp(x{k})*y" for k in range(30))
    wide = latex(parse_term(f"({parts})/(3*z)"))
    assert wide.endswith("y) / (3 z)") and r"\frac" not in wide and wide.startswith("(")
    assert latex(parse_term(f"({parts})/7")).endswith(" / 7")
    assert latex(parse_term("(x + y)/7")) == r"\frac{x + y}{7}"
    mean = latex(parse_term(f"E(t, ({parts})*L(t, phi))"))
    assert mean.startswith(r"\mathbf{E}_{t}\bigl[") and mean.endswith(r"\bigr]")


def test_labels_of_ids() -> None:
    assert label_of("S8.tasks/gaussian!value") == "thm:S8.tasks/gaussian-value"


def snippets() -> list[str]:
    """One of every kind."""
    theory, half = Theory("t"), Fraction(1, 2)
    made = [latex_claim(theory.claim(f"condition_{n}", f"EXISTS & {n} => UNIQ[F_MAML]")) for n in TABLE]
    implication = theory.claim("S4.claim/sufficient", "OPT & FPD => UNIQ")
    made.append(latex_claim(implication, refuted(implication, FISHER)))
    combined = theory.combinations("all!value", "OPT", ["FPD", "UNIQ"])
    made.append(latex_claim(combined, refuted(combined, Instances((FISHER,) * 4))))
    sizes = theory.statement(
        "sizes", "forall i in 1..k: f(w[i, i]) = k", naturals={"k": 1}, functions=["f"], arrays={"w": ("k", "k")}
    )
    values = Specialisation((2,), (("f", "z", parse_term("z^2")),), ((half,) * 4,), Done())
    made.append(latex_claim(sizes, refuted(sizes, values)))
    determines = Determines(Universe(), (parse_term("grad L(t, phi)"), parse_term("F(phi)")), parse_term("grad F_MAML(phi)"))
    rated = MetaProblem("x", (parse_term("x"), parse_term("-x")), ("1/2", "1/2"), rate="1/2")
    other = MetaProblem("x", (parse_term("x + x^2"), parse_term("-x")), ("1/2", "1/2"), rate="1/2")
    function = Claim("function", "S", determines)
    made.append(latex_claim(function, refuted(function, Pair(rated, (Fraction(0),), other, (Fraction(0),)))))
    gauge = MatrixIdentities(
        (("A", "m", "n"), ("c", "1", "1")), (parse_formula("0 <= c => tr(A)*A <= c*trace(tr(A)*A)*power(2*Id, k + 1)"),)
    )
    matrices = Claim("matrices", "S", gauge)
    wrong = MatrixCounterexample((("k", 1), ("m", 1), ("n", 2)), ((half, half), (Fraction(0),)))
    made.append(latex_claim(matrices, refuted(matrices, wrong)))
    at = Claim("one", "S", AtProblem(PAIR, parse_formula("F(phi) = 0")))
    made.append(latex_claim(at, Result(at, Verdict.PROVED, assumptions=("weyl_1912",), reason="50% of it & more")))
    made.append(latex_claim(Claim("words", "S", None, label="ill-posed", reason="O(d/eps^2) has no constant_")))
    for base in (build("maml", "quadratic", 2, 2, 1), build("plain", "quadratic", 1, 3), build("maml", "quadratic", 1, 2, 3)):
        found = derive(base)
        made += [getattr(found, part).latex() for part in ("objective", "gradient", "hessian", "fisher", "covariance", "profile")]
    return [*made, derive(build("maml")).jacobian.latex(label="eq:jacobian"), r"\Cref{eq:jacobian,thm:one}." + "\n"]


def test_all_snippets_compile(tmp_path: Path) -> None:
    if shutil.which("pdflatex") is None:
        pytest.skip("pdflatex is not installed")
    (tmp_path / "all.tex").write_text(document(snippets()), encoding="ascii")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "all.tex"]
    for _ in range(2):
        run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, errors="replace")
        if "cleveref.sty' not found" in run.stdout:
            pytest.skip("the LaTeX package cleveref is not installed")
        assert run.returncode == 0, run.stdout[-3000:]
    assert "undefined references" not in run.stdout
    assert "Overfull" not in run.stdout, [line for line in run.stdout.splitlines() if "Overfull" in line]


def test_a_document_is_complete() -> None:
    words = document([latex_claim(Theory("t").claim("a", "UNIQ => EXISTS"))])
    assert words.startswith(r"\documentclass") and words.endswith("\\end{document}\n")
    assert words.count(r"\begin{") == words.count(r"\end{")


@pytest.mark.parametrize("head", ["true", "false", "eye"])
def test_constants_print(head: str) -> None:
    assert latex(Term(head))
