"""The collection of examples: its tables are claims like any other."""

import time
from dataclasses import replace

import pytest

from metaid_symbolic import MetaProblem, Theory, check, reals
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
