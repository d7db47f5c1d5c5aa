"""The HTML report: in a real browser where there is one, and in bad surroundings."""

from __future__ import annotations

import base64
import gzip
import json
import re
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from browser import chromium, visited
from shell import FALSE, TRUE, Shell, contents_of, step

from metaid_symbolic.recheck import read_certificate
from metaid_symbolic.reports.contents import Contents
from metaid_symbolic.reports.html import drawing, plane, plots, surveys
from metaid_symbolic.reports.html.drawing import anchor
from metaid_symbolic.reports.html.layout import HEIGHT, laid_out
from metaid_symbolic.reports.html.report import MISSING_DOT, html_report

IMPLICATION = 'theory.claim("a/uniq", "COUNT & EXISTS => UNIQ", expected=False)\n'
needs_chromium = pytest.mark.skipif(chromium() is None, reason="no chromium on the path: apt-get install chromium")
LOOK = """
  document.querySelectorAll("details").forEach((d) => { d.open = true; });
  const box = (e) => e.getBoundingClientRect();
  const formulas = [...document.querySelectorAll("math")];
  const nodes = [...document.querySelectorAll("#graph-svg .node")];
  const flat = formulas.filter((m) => box(m).width < 1 || box(m).height < 1).map((m) => m.outerHTML.slice(0, 200));
  document.querySelectorAll("details").forEach((d) => { d.open = false; });
  const deaf = [], wrong = [];
  for (const node of nodes) {
    node.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
    const r = box(node.querySelector("path")), x = r.x + r.width / 2, y = r.y + r.height / 2;
    const hit = document.elementFromPoint(x, y);
    if (!hit || hit.closest(".node") !== node) { deaf.push(node.dataset.id); continue; }
    hit.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, view: window }));
    const link = document.getElementById("focus-link").getAttribute("href");
    if (document.getElementById("focus").hidden || link !== node.getAttribute("href")) wrong.push(node.dataset.id);
    if (!document.getElementById(decodeURIComponent(link.slice(1)))) wrong.push(link);
  }
  document.querySelectorAll("details").forEach((d) => { d.open = true; });
  const wide = document.documentElement.scrollWidth - window.innerWidth;
  dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }));
  const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
  return {
    formulas: formulas.length,
    flat,
    raw: formulas.filter((m) => /[\\\\$]/.test(m.textContent)).map((m) => m.textContent.slice(0, 200)),
    unknown: formulas.flatMap((m) => [...m.querySelectorAll("*")]).filter((e) => e.namespaceURI !== m_ns).length,
    nodes: nodes.length, deaf, wrong, released: document.getElementById("focus").hidden,
    wide, narrow: document.documentElement.scrollWidth - window.innerWidth, width: window.innerWidth,
    dangling: [...document.querySelectorAll('a[href^="#"]')].map((a) => decodeURIComponent(a.getAttribute("href").slice(1)))
      .filter((id) => !document.getElementById(id)),
    twice: ids.filter((id, i) => ids.indexOf(id) !== i),
    requests: performance.getEntriesByType("resource").map((e) => e.name),
    ground: getComputedStyle(document.body).backgroundColor,
  };
""".replace("m_ns", '"http://www.w3.org/1998/Math/MathML"')


@pytest.fixture(scope="module")
def whole() -> tuple[Contents, str]:
    """Without the atlas beside the theory, whose certificates take long to replay."""
    made = contents_of("@meta_identifiability")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(surveys, "NAMES", ("lattice",))
        return made, html_report(made)


@needs_chromium
@pytest.mark.parametrize(("width", "dark"), [(1280, False), (400, True)])
def test_in_a_browser(whole: tuple[Contents, str], tmp_path: Path, width: int, dark: bool) -> None:
    visit = visited(whole[1], LOOK, tmp_path, width, dark)
    found = visit.found
    assert found["failures"] == found["errors"] == visit.console == []
    assert found["nodes"] == len(whole[0].graph) > 150 and found["deaf"] == found["wrong"] == [] and found["released"]
    assert found["formulas"] > 5_000 and found["flat"] == found["raw"] == [] and found["unknown"] == 0
    assert found["requests"] == found["dangling"] == found["twice"] == []
    assert found["wide"] <= 0
    assert (found["ground"] == "rgb(255, 255, 255)") is not dark


@needs_chromium
def test_the_browser_test_sees_what_is_wrong(whole: tuple[Contents, str], tmp_path: Path) -> None:
    """A formula without extent, a broken link, a node under a cover, an error, a request."""
    wrong = '<math></math><a href="#nowhere">x</a><img src="http://example.org/x.png"><script>console.error("bad")</script>'
    cover = '<div style="position:fixed;inset:0;z-index:9"></div>'
    small = html_report(contents_of("@meta_identifiability", "S3.theorem/min", "SC1/uniq"))
    found = visited(small.replace("</main>", f"{wrong}{cover}</main>"), LOOK, tmp_path).found
    assert found["flat"] and found["dangling"] == ["nowhere"] and len(found["deaf"]) == found["nodes"] > 1
    assert any("bad" in e for e in found["errors"]) and any("refused" in e for e in found["errors"])


class Links(HTMLParser):
    """What a page links to, and the claims it has entries for."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[dict[str, str]] = []
        self.entries: list[str] = []
        self.outside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {k: v or "" for k, v in attrs}
        if tag == "a":
            self.links.append(given)
        if tag == "article" and "claim" in given.get("class", ""):
            self.entries.append(given["id"])
        self.outside += [v for k, v in given.items() if k in ("src", "href") and not v.startswith(("#", "data:"))]


def test_the_whole_theory(whole: tuple[Contents, str]) -> None:
    """Every claim has an entry, every certificate its own bytes, nothing points outside, and the file is small."""
    contents, page = whole
    links = Links()
    links.feed(page)
    assert sorted(links.entries) == sorted(anchor("claim", i) for i in contents.results) and links.outside == []
    stored = {
        a["download"]: gzip.decompress(base64.b64decode(a["href"].partition(",")[2])) for a in links.links if "download" in a
    }
    assert len(stored) == sum(bool(r.source) for r in contents.report) > 100
    for result in contents.report:
        if result.source:
            data = stored[result.id.replace("/", "~") + ".json.gz"]
            assert data.decode() == result.source and read_certificate(data, result.claim.assertion)
    assert len(page.encode()) < 5_500_000 and page.count('class="plot"') > 50
    unknown = ("no certificate", *(f"{count} claims have no verdict yet" for count in range(1000)))  # of theories beside this one
    assert not [what for _, what in contents.gaps if not what.startswith(unknown) and what != MISSING_DOT]


def test_the_graph_is_laid_out_without_graphviz(whole: tuple[Contents, str]) -> None:
    """No two nodes overlap, and every edge leads from its one node to the other; also with Graphviz if it is there."""
    graph = whole[0].graph
    widths = {node: 8.0 * len(node) for node in graph}
    for dot in ("", None):
        made = laid_out(graph, widths, 1200, dot)
        spots = sorted(made.spots.items(), key=lambda item: item[1])
        assert set(made.spots) == set(graph) and set(made.curves) == set(graph.edges)
        for i, (a, (x, y)) in enumerate(spots):
            assert widths[a] / 2 <= x <= made.width and HEIGHT / 2 <= y <= made.height
            for b, (u, v) in spots[i + 1 :]:
                assert abs(x - u) >= (widths[a] + widths[b]) / 2 - 1 or abs(y - v) >= HEIGHT - 1, (a, b)
        for (a, b), curve in made.curves.items():
            for node, (x, y) in ((a, curve[0]), (b, curve[-1])):
                assert abs(x - made.spots[node][0]) <= widths[node] / 2 + 3 and abs(y - made.spots[node][1]) <= HEIGHT / 2 + 3
            assert len(curve) % 3 == 1


def test_a_program_called_dot_that_fails_is_done_without(whole: tuple[Contents, str]) -> None:
    assert "<svg" in drawing.drawing(whole[0], "false") and "<svg" in drawing.drawing(whole[0], "/no/such/dot")


# bad surroundings


@pytest.fixture
def theory(metaid: Shell) -> Shell:
    step(TRUE + FALSE + IMPLICATION)
    assert metaid("check", "--accept")[0] == 0
    return metaid


def page_text(theory: Shell, *words: str) -> tuple[int, str, str]:
    code, _, err = theory("report", ".", *words, "--format", "html", "--output", "r.html")
    return code, Path("r.html").read_text() if Path("r.html").exists() else "", err


def test_the_command(theory: Shell) -> None:
    code, page, err = page_text(theory)
    assert code == 0 and page.startswith("<!DOCTYPE html>") and "Counterexample" in page and "no page beside it" in err
    code, page, _ = page_text(theory, "a/true")
    assert code == 0 and "a/true" in page and 'id="claim-a/false"' not in page


def test_a_problem_that_cannot_be_drawn(theory: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    assert 'class="plot"' in page_text(theory)[1]

    def failing(scene: object) -> list[str]:
        raise plots.Unplotted("the objective has no finite values near the point")

    monkeypatch.setattr(plots, "pictures", failing)
    code, page, err = page_text(theory)
    assert code == 0 and 'class="plot"' not in page and "Counterexample" in page
    assert "a/uniq: no plot: the objective has no finite values" in err and "no plot: the objective" in page


def test_without_graphviz(theory: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    code, page, err = page_text(theory)
    assert code == 0 and MISSING_DOT in page and MISSING_DOT in err and 'class="node refuted"' in page


def test_without_matplotlib(theory: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    assert 'class="plot"' in page_text(theory)[1]
    monkeypatch.setattr(plane, "available", lambda: False)
    code, page, err = page_text(theory)
    assert code == 0 and 'class="plot"' not in page and plots.MISSING in err and "matplotlib is not installed" in page


def test_without_jinja2(theory: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jinja2", None)
    code, page, err = page_text(theory)
    assert code == 2 and not page and "jinja2" in err and "metaid-symbolic[report]" in err


@pytest.mark.parametrize(("output", "words"), [(".", "is a folder"), ("no/such/r.html", "in no folder that exists")])
def test_no_writable_output(theory: Shell, output: str, words: str) -> None:
    code, _, err = theory("report", ".", "--format", "html", "--output", output)
    assert code == 2 and words in err


def test_a_file_that_refuses_to_be_written(theory: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, data: bytes) -> int:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "write_bytes", refuse)
    code, _, err = theory("report", ".", "--format", "html", "--output", "r.html")
    assert code == 2 and "Permission denied" in err and "r.html" in err and "Traceback" not in err


def test_a_claim_without_certificate(theory: Shell) -> None:
    step(TRUE + FALSE + IMPLICATION + 'theory.statement("a/more", "1 < 3")\n')
    code, page, err = page_text(theory)
    assert code == 0 and "There is no certificate." in page and "1 claims have no certificate" in err
    assert re.search(r'<li><a href="#claim-a/more">a/more</a>: no certificate', page)


def test_labels_of_the_page(theory: Shell) -> None:
    """Two equal labels, a label without a claim, a formula that cannot be drawn: named, and the rest is there."""
    Path("theorem.md").write_text(
        "# T\n\n(a/true)=\nOne $x$.\n\n(a/true)=\nTwo.\n\n(a/gone)=\nGone $\\foo{x}$.\n\n(a/false)=\n$x^{$\n"
    )
    code, page, err = page_text(theory)
    assert code == 0
    for words in (
        "two paragraphs of the page bear this label",
        "labels it in line 10, and there is no such claim",
        r"\foo is not known",
    ):
        assert words in err and words.replace("'", "&#39;") in page
    assert "missing" in err and r'<code class="gap">\foo{x}</code>' in page and "1 &lt; 2" in page


def test_a_claim_that_cannot_be_printed(theory: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    from metaid_symbolic.reports.html import report

    kept: Callable[[Any], str] = report.statement

    def failing(claim: Any) -> str:
        if "2 < 1" in str(claim):
            raise TypeError("no statement is known for Oddity")
        return kept(claim)

    monkeypatch.setattr(report, "statement", failing)
    code, page, err = page_text(theory)
    assert code == 0 and "a/false: not printed: no statement is known for Oddity" in err and "2 &lt; 1" in page
    assert page.count("could not be printed") == 1


def test_nothing_to_report(metaid: Shell) -> None:
    step("")
    assert metaid("report", ".", "--format", "html")[0] == 4
    code, _, err = metaid("report", ".", "--format", "html", "--compile")
    assert code == 2 and "--compile" in err


def test_what_a_theory_writes_is_text(theory: Shell) -> None:
    step(TRUE + 'theory.remark("a/odd", "prose", "<script>alert(1)</script> & \\"x\\"")\n')
    page = page_text(theory)[1]
    assert "<script>alert" not in page and "&lt;script&gt;alert" in page
    assert json.dumps(page)


FILTER = """
  document.querySelector("[data-only=proved]").dispatchEvent(new MouseEvent("click", { bubbles: true }));
  const proved = [...document.querySelectorAll("article.claim:not([hidden])")].map((e) => e.dataset.verdict);
  document.querySelector("#filter [name=words]").value = "no such words";
  document.querySelector("#filter").dispatchEvent(new Event("input", { bubbles: true }));
  return { proved, none: !document.getElementById("none").hidden };
"""


@needs_chromium
def test_filter_in_a_browser(theory: Shell, tmp_path: Path) -> None:
    visit = visited(page_text(theory)[1], FILTER, tmp_path)
    assert visit.found["failures"] == visit.found["errors"] == visit.console == []
    assert visit.found["proved"] == ["proved"] and visit.found["none"]
