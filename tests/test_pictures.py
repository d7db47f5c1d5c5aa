"""Pictures as SVG files: of the dependency graph and of the lattice of conditions, with Graphviz and without."""

from __future__ import annotations

from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import pytest
from shell import FALSE, TRUE, Shell, step

from metaid_symbolic.examples.collection import collection
from metaid_symbolic.lattice.lattice import CODES, Lattice
from metaid_symbolic.reports.html.standalone import NO_VERDICT, lattice_svg

SVG = "{http://www.w3.org/2000/svg}"
MORE = 'theory.statement("a/more", "1 < 3", uses=["a/true"])\n'


def nodes(picture: Element) -> dict[str, Element]:
    return {n.attrib["data-id"]: n for n in picture.iter(SVG + "g") if "data-id" in n.attrib}


def edges(picture: Element) -> set[tuple[str, str]]:
    return {(p.attrib["data-from"], p.attrib["data-to"]) for p in picture.iter(SVG + "path") if "data-from" in p.attrib}


@pytest.fixture
def theory(metaid: Shell) -> Shell:
    step(TRUE + FALSE)
    assert metaid("check", "--accept")[0] == 0
    step(TRUE + FALSE + MORE)
    return metaid


@pytest.mark.parametrize("path", ["", None])
def test_the_graph_shows_the_verdicts_that_are_known(theory: Shell, monkeypatch: pytest.MonkeyPatch, path: str | None) -> None:
    """With an empty path Graphviz is not found."""
    if path is not None:
        monkeypatch.setenv("PATH", path)
    code, out, err = theory("graph", ".", "--format", "svg")
    picture = fromstring(out)
    kinds = {name: node.attrib["class"] for name, node in nodes(picture).items()}
    assert code == 0 and kinds == {"a/true": "node proved", "a/false": "node refuted", "a/more": f"node {NO_VERDICT}"}
    assert edges(picture) == {("a/more", "a/true")} and "1 claims are drawn without a verdict" in err
    assert [node.find(SVG + "text").text for node in nodes(picture).values()] == ["✓ a/true", "✗ a/false", "a/more"]  # type: ignore[union-attr]


def test_the_focus_of_the_graph(theory: Shell) -> None:
    _, out, err = theory("graph", ".", "--focus", "a/true", "--dir", "down", "--format", "svg")
    assert set(nodes(fromstring(out))) == {"a/true"} and err == ""


def test_a_file_stands_alone(theory: Shell) -> None:
    """No variable, script or address in it, and a colour for each class that occurs."""
    out = theory("graph", ".", "--format", "svg")[1]
    assert "var(" not in out and "$" not in out and "<script" not in out and out.count("http") == out.count("http://www.w3.org")
    style = fromstring(out).find(SVG + "style")
    assert style is not None and style.text is not None and ".node.proved path { stroke: #" in style.text


EXAMPLE = """
from metaid_symbolic import Theory
from metaid_symbolic.printing import text
from metaid_symbolic.examples.collection import collection
theory = Theory("t", step="S1", title="One")
line = next(e for e in collection() if e.name == "line")
theory.at("example/line", line.problem, text(line.table()), expected=True)
"""
IMPLICATIONS = {
    (frozenset({"STRONG"}), "SCONV"): "a", (frozenset({"SCONV"}), "CONV"): "b", (frozenset({"STRONG"}), "CONV"): "c",
    (frozenset({"FOC"}), "CRIT"): "d", (frozenset({"CRIT"}), "FOC"): "e", (frozenset({"CONV", "FOC"}), "MIN"): "f",
}  # fmt: skip

EXAMPLES = tuple(e for e in collection() if not any(e.shows(some, [one]) for some, one in IMPLICATIONS))


@pytest.mark.parametrize("dot", ["", None])
def test_the_lattice(dot: str | None) -> None:
    """What follows from other arrows has none, equivalent conditions share a node, and a node says where it fails."""
    codes = ("STRONG", "SCONV", "CONV", "FOC", "CRIT", "MIN")
    made = Lattice(EXAMPLES, IMPLICATIONS, codes)
    picture = fromstring(lattice_svg(made, dot))
    assert edges(picture) == {("STRONG", "SCONV"), ("SCONV", "CONV")}
    assert set(nodes(picture)) == {"STRONG", "SCONV", "CONV", "FOC", "MIN"}
    texts = {name: [t.text or "" for t in node] for name, node in nodes(picture).items()}
    assert texts["FOC"][2] == "FOC = CRIT"
    lacking = next(e.name for e in EXAMPLES if "CONV" in e.fails)
    assert texts["MIN"][0].startswith("MIN; ") and f"CONV ({lacking})" in "".join(t[0] for t in texts.values())


def test_the_lattice_under_a_condition() -> None:
    """With convexity given the conjunction is an arrow from one condition."""
    codes = ("CONV", "FOC", "CRIT", "MIN")
    picture = fromstring(lattice_svg(Lattice(EXAMPLES, IMPLICATIONS, codes, ("CONV",))))
    assert edges(picture) == {("FOC", "MIN")} and "CONV" not in nodes(picture)
    assert picture.attrib["aria-label"].endswith("of CONV")


def test_the_command_of_the_lattice(metaid: Shell, tmp_path: Path) -> None:
    """Of a theory with the table of one example and no implication."""
    (tmp_path / "step_01_examples.py").write_text(EXAMPLE)
    code, out, _ = metaid("lattice", str(tmp_path), "--format", "svg")
    picture = fromstring(out)
    assert code == 3 and set(nodes(picture)) == set(CODES) and edges(picture) == set()
    assert "CONV; does not imply: " in out and "WEAK (line)" in out and "WEAK; open: INJ" in out
