"""Pages in MyST Markdown: what is recognised in them, and the theory that `metaid new --from` makes of one."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from shell import Shell

from metaid_symbolic.pages.page import Page
from metaid_symbolic.pages.reading import NoMystReader, read_page, slug
from metaid_symbolic.pages.scaffold import identifiers, scaffold
from metaid_symbolic.store.loading import load

PAGE = r"""---
title: "THM-Descent: gradient descent"
---

# Gradient descent

## Summary

A convex loss of one variable costs \$5 to minimise.

**See also:** {prf:ref}`thm-nowhere`, {ref}`the picture <fig-descent>` and [the last step](#step-2-rates).

## Words

| Here | There |
|------|-------|
| Step size | $\eta$ |
| Loss | $f$, with $f' = 0$ |

### Step 1: Descent

**Claim:** A step goes down.

**Formula:**
$$f(x - \eta f'(x)) \leq f(x)$$

**Lemma (Small Steps).**
If $\eta < 2/L$ then
$$f(x_{k+1}) < f(x_k)$$

unless $f'(x_k) = 0$.

**Conditions:**
1. **Smooth:** $f''$ is bounded
2. **Convex:** $f'' \geq 0$
3. no label here

**Reference:** Nesterov (2018).

$$
a = b
$$ (eq-ab)

### Step 2: Rates

**Claim:** The rate is linear.

```{prf:theorem} Linear rate
:label: thm-rate

If $f'' \geq \mu > 0$, then
$$|x_k - x^*| \leq q^k |x_0 - x^*|.$$

See {eq}`eq-ab` and {prf:ref}`thm-rate`.
```

:::{proof:definition} Rate
The $q$ of {prf:ref}`thm-rate`.
:::

```{math}
:label: eq-q
q = \frac{L - \mu}{L + \mu}
```

```python
price = "$"
```

Some formulas:

1. **Cases:**
   $$q = \begin{cases}
   0 & L = \mu \\
   1 & \text{else}
   \end{cases}$$

2. **Aligned:**
   \begin{align}
   a &= b
   \end{align}

## References

- Nesterov, Y. (2018). Lectures.
"""


@pytest.fixture(scope="module")
def page() -> Page:
    return read_page(PAGE, "page.md")


def test_the_page_is_counted(page: Page) -> None:
    assert page.title == "THM-Descent: gradient descent"
    assert [(s.step, s.title) for s in page.sections if s.step is not None] == [(1, "Descent"), (2, "Rates")]
    assert len(page.tables) == 1 and page.bibliography == ("Nesterov (2018).", "Nesterov, Y. (2018). Lectures.")
    assert page.labels.keys() == {"eq-ab", "thm-rate", "eq-q"}


def test_formulas_right_after_a_line_of_text_are_displayed_formulas(page: Page) -> None:
    lines = PAGE.splitlines()
    assert len(page.formulas) == 7
    for line, latex in page.formulas:
        first = latex.splitlines()[0]
        assert any(first in lines[k] for k in (line - 1, line)), (line, latex)


def test_each_assertion_has_its_line_and_an_id(page: Page) -> None:
    found = {name: a.line for name, a in identifiers(page.assertions).items()}
    lines = PAGE.splitlines()
    assert list(found) == [
        "summary/paragraph", "summary/see-also", "words/step-size", "words/loss", "S1/claim", "S1/formula",
        "S1/lemma-small-steps", "S1/smooth", "S1/convex", "S1/conditions", "S1/formula-2", "S2/claim",
        "S2/theorem-linear-rate", "S2/definition-rate", "S2/formula", "S2/cases", "S2/aligned",
    ]  # fmt: skip
    for name, beginning in {"S1/claim": "**Claim:**", "S1/convex": "2. **Convex", "words/loss": "| Loss"}.items():
        assert lines[found[name] - 1].startswith(beginning)


def test_an_assertion_keeps_what_follows_its_formula(page: Page) -> None:
    texts = {name: a.text for name, a in identifiers(page.assertions).items()}
    assert texts["S1/lemma-small-steps"] == r"If $\eta < 2/L$ then $$f(x_{k+1}) < f(x_k)$$ unless $f'(x_k) = 0$."


def test_references_to_nothing_are_reported_with_their_line(page: Page) -> None:
    line = PAGE.splitlines().index(next(s for s in PAGE.splitlines() if "thm-nowhere" in s)) + 1
    assert page.problems == (
        f"page.md:{line}: a reference to 'fig-descent', and no such label",
        f"page.md:{line}: a reference to 'thm-nowhere', and no such label",
    )


PROBLEMS = {
    "a dollar alone": ("**Claim:** costs $x.\n", "page.md:1: a $ without partner in 'costs $x.'"),
    "a dollar alone in line 3": ("**Claim:** a\nb\nc $ d\n", "page.md:3: a $ without partner in 'c $ d'"),
    "a display without end": ("**Claim:** so\n\n$$a = b\n", "page.md:3: a $ without partner in '$$a = b'"),
    "two equal labels": (
        "(here)=\n**Claim:** a\n\n(here)=\n**Claim:** b\n",
        "page.md:4: the label 'here' is defined already, in line 1",
    ),
    "a label of a theorem twice": (
        "```{prf:theorem}\n:label: here\na\n```\n\n```{prf:lemma}\n:label: here\nb\n```\n",
        "page.md:7: the label 'here' is defined already, in line 2",
    ),
    "front matter without end": (
        "---\ntitle: a\n\n**Claim:** b\n",
        "page.md:1: the front matter does not end: a line --- is missing",
    ),
    "a directive without end": (":::{prf:theorem}\na\n", "page.md:1: the directive 'theorem' does not end"),
    "a link to no heading": ("See [this](#nothing).\n", "page.md:1: a reference to 'nothing', and no such label"),
}


@pytest.mark.parametrize("name", PROBLEMS)
def test_what_is_wrong_with_a_page_is_said_and_the_rest_is_read(name: str) -> None:
    source, message = PROBLEMS[name]
    found = read_page(source, "page.md")
    assert found.problems == (message,) and found.assertions


def test_ids_do_not_change_when_the_page_grows_elsewhere(page: Page) -> None:
    grown = read_page(PAGE.replace("### Step 2", "**Remark:** More.\n\n### Step 2"), "page.md")
    assert set(identifiers(grown.assertions)) == {*identifiers(page.assertions), "S1/remark"}


def test_every_block_of_the_written_page_has_its_labels_before_it(page: Page) -> None:
    written = scaffold(page, PAGE, "descent")["theorem.md"]
    assert re.sub(r"(?m)^\(.*/.*\)=\n", "", written).replace("\n\n", "\n") == PAGE.replace("\n\n", "\n")
    again = read_page(written, "theorem.md")
    assert set(identifiers(again.assertions)) == set(identifiers(page.assertions)) <= set(again.labels)


def test_the_scaffold_is_a_theory_that_loads_and_is_open(metaid: Shell) -> None:
    Path("page.md").write_text(PAGE)
    code, out, err = metaid("new", "descent", "--from", "page.md")
    assert code == 0 and "2 steps, 1 tables, 7 displayed formulas, 17 assertions" in out
    assert err.count("no such label") == 2
    loaded = load(Path("descent"))
    assert not loaded.problems and len(loaded.theory) == 17
    code, verdicts, _ = metaid.claims("descent")
    assert code == 3 and verdicts["S2/definition-rate"] == "definition"
    assert {v for k, v in verdicts.items() if k != "S2/definition-rate"} == {"undecided"}
    assert metaid("check", "descent", "--ratchet")[0] == 0
    code, out, _ = metaid("show", "descent", "S1/claim")
    assert "not stated formally yet" in out


def test_a_claim_of_the_scaffold_can_be_stated(metaid: Shell) -> None:
    Path("page.md").write_text("### Step 1: One\n\n**Claim:** A unique minimiser is a minimiser.\n")
    metaid("new", "small", "--from", "page.md")
    [step] = Path("small").glob("step_01_*.py")
    entry = re.compile(r"theory\.unformalised\(\n    \"S1/claim\",\n    reason=UNSTATED,")
    stated = entry.sub('theory.claim(\n    "S1/claim",\n    "UNIQ => EXISTS",\n    expected=True,', step.read_text())
    assert stated != step.read_text()
    step.write_text(stated)
    assert metaid.claims("small")[:2] == (0, {"S1/claim": "proved"})


ASSERTED = {
    "an item of two paragraphs": ("- a\n\n  b\n- c\n", [("Item", "a b"), ("Item", "c")]),
    "a footnote": ("**Claim:** a[^1]\n\n[^1]: **Claim:** b\n", [("Claim", "a")]),
    "a theorem that goes on after its proof": (
        "::::{prf:theorem}\na\n\n:::{prf:proof}\nb\n:::\n\nc\n::::\n", [("Theorem", "a c"), ("Proof", "b")]),
    "bold and slanted": ("***Claim:*** a\n", [("Claim", "a")]),
    "another script": ("**命题：** 中文。\n", [("命题", "中文。")]),
    "a quotation": ("> **Claim:** a\n", [("Claim", "a")]),
    "code": ("```python\n# **Claim:** a\n```\n\n    **Claim:** b\n\nc\n", [("Paragraph", "c")]),
    "front matter with mappings": ("---\nkernelspec: {name: python3}\n---\n\n**Claim:** a\n", [("Claim", "a")]),
}  # fmt: skip


@pytest.mark.parametrize("name", ASSERTED)
def test_what_a_page_asserts(name: str) -> None:
    source, assertions = ASSERTED[name]
    found = read_page(source, "page.md")
    assert ([(a.kind, a.text) for a in found.assertions], found.problems) == (assertions, ())


def test_a_page_of_windows_and_of_other_scripts(metaid: Shell) -> None:
    """A byte order mark, CRLF and separators of lines inside of a line; what a reader of the source cannot see is escaped."""
    Path("page.md").write_bytes("\ufeff# Théorie\r\n\r\nthe\u2028words\r\n\r\n**Claim:** a\u202eb\r\n".encode())
    assert metaid("new", "theory", "--from", "page.md")[0] == 0
    written = Path("theory/step_00_00_theorie.py").read_text(encoding="utf-8")
    assert '"theorie/claim"' in written and '"a\\u202eb"' in written
    assert Path("theory/theorem.md").read_text(encoding="utf-8").split("\n")[5:] == [
        "(theorie/claim)=",
        "**Claim:** a\u202eb",
        "",
    ]
    assert metaid("check", "theory")[0] == 3


REFUSED = {
    "no such page": (None, "page.md"),
    "an empty page": ("", "page.md asserts nothing"),
    "headings alone": ("# A\n\n## B\n", "page.md asserts nothing"),
    "no text": (b"\xff\xfe", "page.md is not text in UTF-8"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_page_that_cannot_be_used_leaves_no_folder(name: str, metaid: Shell) -> None:
    content, message = REFUSED[name]
    if content is not None:
        Path("page.md").write_bytes(content if isinstance(content, bytes) else content.encode())
    code, out, err = metaid("new", "theory", "--from", "page.md")
    assert code == 2 and message in err and not out and not Path("theory").exists()


def test_without_the_library_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mdit_py_plugins.dollarmath", None)
    with pytest.raises(NoMystReader, match=r"metaid-symbolic\[myst\]"):
        read_page(PAGE, "page.md")


def test_words_of_formulas_make_a_slug_only_if_nothing_else_does() -> None:
    assert slug("Fisher $I(\\phi)$ (full)") == "fisher-full" and slug("$x$") == "x" and slug("Über") == "uber"
