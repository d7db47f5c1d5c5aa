"""Reading theories, and what is kept of them."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from metaid_symbolic.encoding import Malformed
from metaid_symbolic.sentences import statements_text
from metaid_symbolic.statements import digest, file_name, read_statements
from metaid_symbolic.store.cache import Cache, Key
from metaid_symbolic.store.comparing import compare
from metaid_symbolic.store.files import Files, write_atomically
from metaid_symbolic.store.loading import Loaded, in_memory, load
from metaid_symbolic.store.locating import NoSuchTheory, locate
from metaid_symbolic.theory import Theory

HEAD = 'from metaid_symbolic import Theory\ntheory = Theory("t", step="S1")\n'


def theory_of(folder: Path, *bodies: str) -> Loaded:
    """A folder with one step for each body."""
    folder.mkdir(exist_ok=True)
    for number, body in enumerate(bodies, start=1):
        head = HEAD.replace("S1", f"S{number}")
        (folder / f"step_{number:02}_x.py").write_text(head + body)
    return load(folder)


def test_a_theory_is_read_from_a_folder(tmp_path: Path) -> None:
    loaded = theory_of(tmp_path, 'theory.statement("a/one", "1 < 2")', 'theory.statement("b/two", "2 < 3", uses=("a/one",))')
    assert list(loaded.theory.claims) == ["a/one", "b/two"]
    assert loaded.problems == ()
    assert loaded.theory.claims["b/two"].step == "S2"
    assert loaded.theory.claims["a/one"].place == "step_01_x.py:3"


def test_steps_import_one_another_and_leave_nothing_behind(tmp_path: Path) -> None:
    import sys

    (tmp_path / "cited.py").write_text("one = '1 < 2'\n")
    loaded = theory_of(tmp_path, 'from cited import one\ntheory.statement("a", one)')
    assert loaded.problems == () and "a" in loaded.theory.claims
    assert "cited" not in sys.modules and "step_01_x" not in sys.modules


def test_a_theory_may_load_another_with_modules_of_the_same_names(tmp_path: Path) -> None:
    import sys

    for name in ("inner", "outer"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "cited.py").write_text(f"whose = {name!r}\n")
    (tmp_path / "inner" / "step_01_x.py").write_text("from cited import whose\n")
    nested = (
        f"from metaid_symbolic.store.loading import load\nfrom pathlib import Path\nload(Path({str(tmp_path / 'inner')!r}))\n"
    )
    (tmp_path / "outer" / "step_01_x.py").write_text(nested + "import cited\nassert cited.whose == 'outer', cited.whose\n")
    assert load(tmp_path / "outer").problems == ()
    assert "cited" not in sys.modules and "step_01_x" not in sys.modules


RAISING = {
    "an exception": ("1 / 0", "step_01_x.py:4: ZeroDivisionError"),
    "a syntax problem in a claim": ('theory.statement("bad", "1 <")', "step_01_x.py:4: expected"),
    "a float in a claim": ('theory.statement("bad", "x < 0.5", arrays={"x": ()})', "step_01_x.py:4: "),
    "a float in a term": ('from metaid_symbolic import reals; reals("x") * 0.5', "step_01_x.py:4: IllFormed: 0.5"),
    "an unsupported function": ('theory.statement("bad", "sin(x) < 2", arrays={"x": ()})', "step_01_x.py:4: "),
    "one id twice": ('theory.statement("first", "1 < 2")', "step_01_x.py:4: the id 'first' is taken, at step_01_x.py:3"),
    "a module that exits": ("import sys; sys.exit(3)", "step_01_x.py:4: SystemExit"),
}


@pytest.mark.parametrize("name", RAISING)
def test_a_statement_that_raises_gives_one_message_and_loses_no_other_claim(tmp_path: Path, name: str) -> None:
    bad, message = RAISING[name]
    body = f'theory.statement("first", "1 < 2")\n{bad}\ntheory.statement("last", "2 < 3")\n'
    loaded = theory_of(tmp_path, body, 'theory.statement("other", "3 < 4")')
    assert len(loaded.problems) == 1 and message in loaded.problems[0], loaded.problems
    assert list(loaded.theory.claims) == ["first", "last", "other"]


def test_consequences_of_a_failure_are_not_reported(tmp_path: Path) -> None:
    loaded = theory_of(tmp_path, 'made = 1 / 0\nother = made + 1\ntheory.statement("a", "1 < 2")')
    assert len(loaded.problems) == 1 and "ZeroDivisionError" in loaded.problems[0]
    assert list(loaded.theory.claims) == ["a"]


def test_a_file_that_does_not_parse(tmp_path: Path) -> None:
    (tmp_path / "step_02_y.py").write_text("x = (\n")
    loaded = theory_of(tmp_path, 'theory.statement("a", "1 < 2")')
    assert "step_02_y.py:1: SyntaxError" in loaded.problems[0] and list(loaded.theory.claims) == ["a"]


def test_the_same_id_in_two_steps(tmp_path: Path) -> None:
    loaded = theory_of(tmp_path, 'theory.statement("a", "1 < 2")', 'theory.statement("a", "2 < 3")')
    assert "step_02_x.py:3: the id 'a' is taken, at step_01_x.py:3" in loaded.problems[0]


def test_a_cycle_is_printed_and_its_claims_alone_are_broken(tmp_path: Path) -> None:
    body = "\n".join(f'theory.statement("{a}", "1 < 2", uses=("{b}",))' for a, b in (("a", "b"), ("b", "a"), ("c", "a")))
    loaded = theory_of(tmp_path, body)
    assert len(loaded.problems) == 1 and "in a circle: a -> b -> a" in loaded.problems[0]
    assert set(loaded.broken or {}) == {"a", "b"}


def test_a_missing_claim(tmp_path: Path) -> None:
    loaded = theory_of(tmp_path, 'theory.statement("a", "1 < 2", uses=("zz",))\ntheory.statement("b", "1 < 2")')
    assert loaded.problems == ("step_01_x.py:3: a refers to 'zz', and there is no such claim",)
    assert set(loaded.broken or {}) == {"a"}


@pytest.mark.parametrize("bad", ["a~b", "../a", "/a", "a//b", "", "a b", "ä", "a/"])
def test_what_is_no_id(bad: str) -> None:
    with pytest.raises(Malformed):
        file_name(bad)


def test_ids_and_files_correspond() -> None:
    assert file_name("S4.claim/sufficient!value") == "S4.claim~sufficient!value.json"


def test_a_theory_that_is_not_there_names_the_nearest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    theory_of(tmp_path / "lattice", "")
    with pytest.raises(NoSuchTheory, match="did you mean lattice"):
        locate("lattise")
    with pytest.raises(NoSuchTheory, match="there is no theory here"):
        locate()
    (tmp_path / "empty").mkdir()
    with pytest.raises(NoSuchTheory, match="neither step_"):
        locate("empty")


# statements.json


def small_theory() -> Theory:
    theory = Theory("small")
    theory.claim("one", "UNIQ => WEAK")
    theory.statement("two", "1 < 2")
    theory.cite("extreme", "forall x in Phi: F(x) = F(x)", functions=("F",), reference="nobody")
    return theory


def written(theory: Theory) -> str:
    claims = {c.id: c.assertion for c in theory.claims.values() if c.assertion is not None}
    return statements_text(theory.name, claims, theory.theorems)


def test_statements_round_trip() -> None:
    theory = small_theory()
    known = read_statements(written(theory))
    assert known.refused == {}
    assert known.claims == {name: c.assertion for name, c in theory.claims.items()}
    assert known.theorems == theory.theorems


def mutated(path: list[str], value: object) -> str:
    data = json.loads(written(small_theory()))
    here = data
    for key in path[:-1]:
        here = here[key]
    here[path[-1]] = value
    return json.dumps(data)


ENTRY_MUTANTS = {
    "the hash": (["claims", "two", "sha256"], "0" * 64),
    "the statement": (["claims", "two", "statement", "formula"], ["lt", ["num", "2"], ["num", "1"]]),
    "a number without quotes": (["claims", "two", "statement", "formula"], ["lt", ["num", "1"], ["num", "01/0"]]),
    "no object": (["claims", "two"], []),
    "a kind that is no claim": (["claims", "two", "statement"], {"kind": "Done"}),
}


@pytest.mark.parametrize("name", ENTRY_MUTANTS)
def test_a_changed_entry_is_refused_and_no_other(name: str) -> None:
    known = read_statements(mutated(*ENTRY_MUTANTS[name]))
    assert set(known.refused) == {"two"} and set(known.claims) == {"one"}


@pytest.mark.parametrize("text", ["", "[]", "{}", "{", '{"schema": "2", "theory": "", "theorems": {}, "claims": {}}', '{"a": 1}'])
def test_a_file_that_is_no_statements(text: str) -> None:
    with pytest.raises(Malformed):
        read_statements(text)


def test_check_notices_other_words_for_the_same_statement(tmp_path: Path) -> None:
    loaded = theory_of(tmp_path, 'theory.statement("a", "1 < 2")\ntheory.statement("b", "1 < 2")')
    compare(loaded, Files(tmp_path), accept=False)
    path = tmp_path / "statements.json"
    path.write_text(path.read_text().replace("1 < 2", "2 < 1", 1))
    assert set(compare(loaded, Files(tmp_path), accept=False).changed) == {"a"}


def test_new_statements_are_written_and_changed_ones_reported(tmp_path: Path) -> None:
    loaded = theory_of(tmp_path, 'theory.statement("a", "1 < 2")')
    assert compare(loaded, Files(tmp_path), accept=False).differences == ()
    first = (tmp_path / "statements.json").read_text()
    changed = theory_of(tmp_path, 'theory.statement("a", "1 < 3")')
    found = compare(changed, Files(tmp_path), accept=False)
    assert set(found.changed) == {"a"} and len(found.differences) == 1
    assert (tmp_path / "statements.json").read_text() == first
    assert compare(changed, Files(tmp_path), accept=True).differences == ()
    assert read_statements((tmp_path / "statements.json").read_text()).claims["a"] == changed.theory.claims["a"].assertion


def test_a_claim_that_is_gone_is_a_difference_unless_its_module_is_broken(tmp_path: Path) -> None:
    theory_of(tmp_path, 'theory.statement("a", "1 < 2")')
    compare(load(tmp_path), Files(tmp_path), accept=False)
    gone = compare(theory_of(tmp_path, ""), Files(tmp_path), accept=False)
    assert "the theory has no claim a" in gone.differences[0]
    broken = theory_of(tmp_path, "1 / 0")
    assert compare(broken, Files(tmp_path), accept=False).differences == ()
    compare(broken, Files(tmp_path), accept=True)
    assert "a" in read_statements((tmp_path / "statements.json").read_text()).claims


def test_a_malformed_file_is_a_problem_and_is_kept(tmp_path: Path) -> None:
    loaded = theory_of(tmp_path, 'theory.statement("a", "1 < 2")')
    (tmp_path / "statements.json").write_text("{")
    assert "statements.json: " in compare(loaded, Files(tmp_path), accept=False).problems[0]
    assert (tmp_path / "statements.json").read_text() == "{"


def test_nothing_is_written_for_a_theory_in_memory() -> None:
    loaded = in_memory(small_theory())
    files = Files(loaded.folder)
    assert not files.writable and compare(loaded, files, accept=False).differences == ()
    assert files.stored("one") == b"" and files.allowed_open() == {}


def test_open_txt(tmp_path: Path) -> None:
    (tmp_path / "open.txt").write_text("# comment\n\na/b  not yet known\nc\n")
    assert Files(tmp_path).allowed_open() == {"a/b": "not yet known", "c": ""}


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "x.json"
    target.write_text("old")
    with pytest.raises(UnicodeEncodeError):
        write_atomically(target, "new \ud800")
    assert target.read_text() == "old" and [p.name for p in tmp_path.iterdir()] == ["x.json"]


# the cache

ROW = {"verdict": "proved"}
KEY = Key("a", False, "claim", "certificate", "kernel", "search", 30.0)


def test_a_row_is_found_under_its_key_alone(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "c.sqlite")
    assert cache.get(KEY) == (None, "no cached verdict")
    cache.put(KEY, ROW)
    assert cache.get(KEY) == (ROW, "")
    for name in ("claim", "certificate", "kernel", "search"):
        values = {f: getattr(KEY, f) for f in KEY.__dataclass_fields__} | {name: "other"}
        assert cache.get(Key(**values)) == (None, f"changed: {name}")
    cache.close()


def test_an_open_verdict_is_tried_again_with_more_time(tmp_path: Path) -> None:
    cache = Cache(None)
    cache.put(KEY, {"verdict": "undecided"})
    assert cache.get(KEY)[0] == {"verdict": "undecided"}
    more = Key("a", False, "claim", "certificate", "kernel", "search", 60.0)
    assert cache.get(more)[0] is None
    cache.close()


@pytest.mark.parametrize("content", [b"", b"garbage that is long enough to be no header of a database" * 30])
def test_a_corrupt_cache_is_built_anew(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "c.sqlite"
    path.write_bytes(content)
    cache = Cache(path)
    assert bool(cache.notes) == bool(content)
    cache.put(KEY, ROW)
    assert cache.get(KEY)[0] == ROW
    cache.close()


def test_a_row_that_is_no_json_is_a_miss(tmp_path: Path) -> None:
    path = tmp_path / "c.sqlite"
    cache = Cache(path)
    cache.put(KEY, ROW)
    cache.close()
    base = sqlite3.connect(path)
    base.execute("update verdicts set row = '{'")
    base.commit()
    base.close()
    again = Cache(path)
    assert again.get(KEY) == (None, "the cached verdict is unreadable")
    again.close()


def test_a_cache_that_cannot_be_opened_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    cache = Cache(tmp_path / "file" / "c.sqlite")
    assert "going on without it" in cache.notes[0]
    cache.put(KEY, ROW)
    cache.close()


def test_the_hash_is_of_the_whole_claim() -> None:
    theory = Theory("h")
    one, two = theory.statement("one", "1 < 2"), theory.statement("two", "1 < 3")
    assert digest(one.assertion) != digest(two.assertion)
