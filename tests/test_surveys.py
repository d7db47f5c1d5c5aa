"""The lattice and the atlas in the report of the theory that they stand beside."""

from __future__ import annotations

from pathlib import Path

import pytest
from shell import FALSE, TRUE, Shell, contents_of, step
from test_pictures import EXAMPLE

from metaid_symbolic.examples.collection import collection
from metaid_symbolic.lattice.lattice import CODES, lattice
from metaid_symbolic.reports.html import surveys
from metaid_symbolic.reports.html.report import html_report
from metaid_symbolic.reports.html.surveys import RUNGS, begun, finished, lattice_survey, survey

CELLS = """
from metaid_symbolic import Theory
theory = Theory("atlas", step="atlas", title="Cells")
theory.statement("one/maml/rank", "1 < 2", expected=True)
theory.statement("one/maml/local", "2 < 1", expected=False)
theory.remark("two/maml/cell", "prose", "no losses in closed form")
"""


@pytest.fixture
def beside(metaid: Shell, tmp_path: Path) -> Shell:
    """A theory with a lattice and an atlas beside it, all of them checked."""
    for name, source in (("main", ""), ("lattice", EXAMPLE), ("atlas", CELLS)):
        (tmp_path / name).mkdir()
        place = tmp_path / name / "step_01_x.py"
        if source:
            place.write_text(source)
        else:
            step(TRUE + FALSE, str(place))
        assert metaid("check", "--accept", str(tmp_path / name))[0] in (0, 3)
    return metaid


def test_the_table_of_the_lattice(beside: Shell, tmp_path: Path) -> None:
    found = survey(tmp_path / "lattice")
    rows = {head: dict(zip(found["columns"], cells, strict=True)) for head, cells in found["rows"]}
    assert set(rows) == set(CODES) and found["unknown"] == 0 and found["picture"].startswith("<svg")
    assert rows["CONV"]["WEAK"] == ("✗", "not implied: CONV => WEAK by line", "refuted", "example/line")
    assert rows["WEAK"]["CONV"] == ("?", "open: WEAK => CONV", "undecided", "") and rows["WEAK"]["WEAK"] == ("", "", "", "")
    kinds = [kind for row in rows.values() for _, _, kind, _ in row.values()]
    assert found["counts"] == f"0 implied, {kinds.count('refuted')} not implied, {kinds.count('undecided')} open"


def test_a_survey_of_the_same_report_leads_to_its_claims(beside: Shell, tmp_path: Path) -> None:
    contents = contents_of(tmp_path / "lattice")
    page = html_report(contents, first=[lattice_survey(lattice(contents.report, collection()), here=True)])
    assert '<a href="#claim-example/line">✗</a>' in page and 'id="claim-example/line"' in page
    assert page.index('<section id="lattice"') < page.index('<section id="page"') and "beside this one" not in page


def test_the_table_of_the_atlas(beside: Shell, tmp_path: Path) -> None:
    found = survey(tmp_path / "atlas")
    rows = {head: dict(zip(RUNGS, cells, strict=True)) for head, cells in found["rows"]}
    assert list(rows) == ["one/maml", "two/maml"] and found["counts"] == "1 proved, 1 refuted"
    assert rows["one/maml"]["rank"] == ("✓ proved", "one/maml/rank: proved", "proved", "")
    assert rows["one/maml"]["local"][2] == "refuted" and rows["two/maml"]["rank"] == ("", "no claim", "", "")


def test_the_report_has_both(beside: Shell, tmp_path: Path) -> None:
    """Not the report of a part; and what has no verdict is a gap."""
    page = html_report(contents_of(tmp_path / "main"))
    assert '<section id="lattice"' in page and '<section id="atlas"' in page and "not implied: CONV =&gt; WEAK by line" in page
    assert page.count('id="arrow"') == page.count('id="arrow-lattice"') == 1
    assert '<section id="atlas"' not in html_report(contents_of(tmp_path / "main", "a/true"))
    more = tmp_path / "atlas" / "step_02_y.py"
    more.write_text('from step_01_x import theory\ntheory.statement("three/maml/rank", "1 < 3")\n')
    contents = contents_of(tmp_path / "main")
    assert "three/maml" in html_report(contents)
    assert ("atlas", "1 claims have no verdict yet: metaid check @atlas") in contents.gaps


def test_one_that_cannot_be_read_is_a_gap(beside: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(surveys, "__name__", "metaid_symbolic.no_such_module")
    gaps: list[tuple[str, str]] = []
    assert finished(begun(contents_of(tmp_path / "main")), gaps) == [] and [name for name, _ in gaps] == ["lattice", "atlas"]
