"""The collection of examples: its tables are claims like any other."""

import gc
import time
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from metaid_symbolic import MetaProblem, Theory, check, reals
from metaid_symbolic.cli import main
from metaid_symbolic.conditions import TABLE
from metaid_symbolic.examples.collection import Example, collection, read, written
from metaid_symbolic.lattice.tabulate import decided, tabulated
from metaid_symbolic.printing import text

x = reals("x")
LINE = Example("line", "One linear task.", MetaProblem((x,), [x], [1]), (0,), frozenset(["INJ", "FPD"]), frozenset(["CRIT"]))


def test_the_collection_is_what_it_writes():
    assert read(written(collection())) == collection()


def test_names_are_unique_and_tables_name_conditions():
    names = [e.name for e in collection()]
    assert len(set(names)) == len(names)
    for one in collection():
        assert not one.holds & one.fails and TABLE.keys() >= one.holds | one.fails
        assert len(one.point) == one.problem.dimension


def verdict(table: Example) -> str:
    theory = Theory("tables")
    theory.at("example/line", table.problem, text(table.table()))
    return check(theory)["example/line"].verdict.value


def test_a_right_table_is_proved():
    assert verdict(LINE) == "proved"


@pytest.mark.parametrize("code", ["INJ", "FPD", "CRIT"])
def test_a_table_with_one_wrong_literal_is_not_proved(code: str):
    wrong = replace(LINE, holds=LINE.holds ^ {code}, fails=LINE.fails ^ {code})
    assert verdict(wrong) != "proved"


def test_tabulating_finds_what_holds_and_what_fails():
    bare = replace(LINE, holds=frozenset(), fails=frozenset())
    found = tabulated(bare, ("INJ", "FPD", "CRIT", "EXISTS"))
    assert (found.holds, found.fails) == ({"INJ", "FPD"}, {"CRIT", "EXISTS"})


def test_the_processor_time_is_kept():
    hard = next(e for e in collection() if e.name == "one-flat-bend")
    before = time.process_time()
    assert decided(hard, "GINJ", 0.05) is None
    assert time.process_time() - before < 2


def test_the_processor_time_is_kept_though_a_callback_of_the_collector_swallows_exceptions():
    def slow(phase: str, info: dict[str, int]) -> None:
        end = time.process_time() + 0.2
        while time.process_time() < end:
            pass

    hard = next(e for e in collection() if e.name == "one-flat-bend")
    gc.callbacks.append(slow)
    try:
        before = time.process_time()
        assert decided(hard, "GINJ", 0.05) is None
        assert time.process_time() - before < 5
    finally:
        gc.callbacks.remove(slow)


def test_an_example_as_latex():
    done = CliRunner().invoke(main, ["search", "--has", "INJ,CRIT", "--latex"])
    assert done.exit_code == 0 and r"\begin{example}[cube]\label{ex:cube}" in done.output
    assert r"task loss $L_{1}(x) = x^{3}$" in done.output and r"At $\varphi = (0)$ it has COUNT, CRIT, FOC" in done.output


@pytest.mark.parametrize(("has", "drawn"), [("SCONV,INTERP", "Graph of"), ("FRANK,COUNT,GVAR", "")])
def test_an_example_as_a_picture(has: str, drawn: str, tmp_path: Path):
    done = CliRunner().invoke(main, ["search", "--has", has, "--plot", str(tmp_path / "x.svg")])
    assert done.exit_code == 0, done.output
    source = (tmp_path / "x.svg").read_text(encoding="utf-8")
    assert source.startswith("<svg ") and drawn in source
    assert ' xmlns="' in source and "stroke: #" in source and "var(" not in source


def test_what_has_no_picture(tmp_path: Path):
    words = ["search", "--has", "INJ,EXISTS", "--plot", str(tmp_path / "x.svg")]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 2 and "nothing to draw: there is no example" in done.output
