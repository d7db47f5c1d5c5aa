"""LaTeX of our printers as MathML and HTML: golden pieces, and what is refused."""

from __future__ import annotations

import re
from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metaid_symbolic.language import parse_formula, parse_term
from metaid_symbolic.reports.html.mathml import Unprintable, displayed, formula
from metaid_symbolic.reports.html.text import html_of, markdown
from metaid_symbolic.reports.notation import latex
from metaid_symbolic.terms import Term

SHAPES = {
    "x^{2}": "math(msup(mi:x mn:2))",
    r"\frac{1}{2} x": "math(mfrac(mn:1 mn:2) mi:x)",
    r"\sqrt{x}": "math(msqrt(mi:x))",
    r"F_{\mathrm{MAML}}(\varphi)": "math(msub(mi:F mi:MAML) mo:( mi:φ mo:))",
    "z'": "math(msup(mi:z mo:′))",
    r"w_{0,1}^{2}": "math(msubsup(mi:w mrow(mn:0 mo:, mn:1) mn:2))",
    r"\sum_{i=1}^{n} a_{i}": "math(munderover(mo:∑ mrow(mi:i mo:= mn:1) mi:n) msub(mi:a mi:i))",
    r"\mathbb R^n": "math(msup(mi:ℝ mi:n))",
    r"\left(\frac{1}{2}\right)^{2}": "math(msup(mrow(mo:( mfrac(mn:1 mn:2) mo:)) mn:2))",
    r"\begin{pmatrix} 1 & 0 \\ 0 & 2 \end{pmatrix}":
        "math(mrow(mo:( mtable(mtr(mtd(mn:1) mtd(mn:0)) mtr(mtd(mn:0) mtd(mn:2))) mo:)))",
    r"\mathtt{x\_1}": "math(mi:𝚡_𝟷)",
    r"\lVert x \rVert^{2}": "math(mo:‖ mi:x msup(mo:‖ mn:2))",
    r"L \overset{d}{=} M": "math(mi:L mover(mo:= mi:d) mi:M)",
    r"\neg x \in \emptyset": "math(mo:¬ mi:x mo:∈ mi:∅)",
    "a' ^ 2": "math(msup(mi:a mrow(mo:′ mn:2)))",
}  # fmt: skip
REFUSED = {
    "a command that is not known": (r"\foo x", r"\foo"),
    "a brace that is not closed": ("x^{2", "missing"),
    "a brace that closes nothing": ("x}", "closes nothing"),
    "nothing above": ("x^", "missing at the end"),
    "two subscripts": ("x_1_2", "two subscripts"),
    "an environment that is not known": (r"\begin{foo} x \end{foo}", "foo"),
    "a matrix that does not end": (r"\begin{pmatrix} 1", "missing"),
    "another end": (r"\begin{pmatrix} 1 \end{cases}", "pmatrix"),
    "a left without a right": (r"\left( x", "missing"),
    "no delimiter": (r"\left x y \right)", "no delimiter"),
    "half a fraction": (r"\frac{1}", "missing at the end"),
}


def shape(element: object) -> str:
    tag, children = element.tag, list(element)  # type: ignore[attr-defined]
    return f"{tag}({' '.join(map(shape, children))})" if children else f"{tag}:{element.text or ''}"  # type: ignore[attr-defined]


@pytest.mark.parametrize("source", SHAPES)
def test_shape(source: str) -> None:
    assert shape(fromstring(formula(source))) == SHAPES[source]


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused(name: str) -> None:
    source, words = REFUSED[name]
    with pytest.raises(Unprintable, match=re.escape(words)):
        formula(source)


def test_a_minus_is_binary_after_an_operand_alone() -> None:
    forms = [m.get("form") for m in fromstring(formula("-x - (-y)")).iter("mo") if m.text == "−"]
    assert forms == ["prefix", None, "prefix"]  # between others a sign is infix by itself


def test_a_long_formula_may_be_broken_before_its_relations() -> None:
    source = latex(parse_formula("forall x, y in Rn: F(x) - F(y) + F(x + y) = F(y) & F(x) < F(y)"))
    pieces = formula(source).split("<wbr>")
    assert len(pieces) >= 3 and all(p.startswith("<math") for p in pieces)
    assert "".join("".join(fromstring(p).itertext()) for p in pieces) == "".join(fromstring(displayed(source)).itertext())


@st.composite
def terms(draw: st.DrawFn, depth: int = 3) -> Term:
    if depth == 0 or draw(st.booleans()):
        return parse_term(draw(st.sampled_from(["x", "phi", "w_0_1", "z_", "3", "-1/2", "F_MAML(x, 1/3)"])))
    a, b = draw(terms(depth - 1)), draw(terms(depth - 1))
    return draw(st.sampled_from([a + b, a - b, a * b, a**2, a ** (-1), Term("exp", (a,)), Term("sqrt", (b,))]))


@given(terms())
def test_every_term_is_drawn(term: Term) -> None:
    for piece in formula(latex(term)).split("<wbr>"):
        assert "\\" not in "".join(fromstring(piece).itertext())


def test_lists_and_words() -> None:
    source = "If\n\\begin{itemize}\n  \\item \\textup{A\\_B}: $x$\n  \\item 50\\% \\textless{} ``c''\n\\end{itemize}\nthen"
    made = re.sub(r"\s*(</?(?:ul|li)>)\s*", r"\1", html_of(source))
    assert made == "If<ul><li><span>A_B</span>: <math><mi>x</mi></math></li><li>50% &lt; “c”</li></ul>then"


@pytest.mark.parametrize("source", [r"\section{x}", r"\textup{x", "x}", r"\item x", r"\begin{itemize} \item x", r"\textfoo{}"])
def test_text_that_is_refused(source: str) -> None:
    with pytest.raises(Unprintable):
        html_of(source)


def test_a_page_cannot_smuggle_html_in() -> None:
    made = markdown().render("<script>alert(1)</script> *a* `$b$` $c < d$", {"formula": lambda s, display: f"[{s}]"})
    assert "<script" not in made and "<em>a</em>" in made and "<code>$b$</code>" in made and "[c < d]" in made
