"""`check --format junit` and `github`."""

from __future__ import annotations

from pathlib import Path
from xml.etree.ElementTree import fromstring

from shell import FALSE, TRUE, Shell, step

AGAINST = 'theory.statement("a/against", "1 < 0", expected=True)\n'
NOT_A_CLAIM = 'theory.remark("a/def", "definition", "50%: one, two \\x01")\n'
OPEN = 'theory.unformalised("a/open", reason="wants, say: more", needs="sums", label="")\n'


def test_junit(metaid: Shell) -> None:
    step(TRUE + FALSE + AGAINST + NOT_A_CLAIM + OPEN)
    code, out, _ = metaid("check", "--accept", "--format", "junit")
    suite = fromstring(out)[0]
    cases = {c.get("name"): c for c in suite}
    assert code == 1 and suite.get("tests") == "5" and suite.get("failures") == "1" and suite.get("skipped") == "2"
    assert {name: [part.tag for part in c] for name, c in cases.items()} == {
        "a/true": ["system-out"], "a/false": ["system-out"], "a/against": ["failure"], "a/def": ["skipped"],
        "a/open": ["skipped"],
    }  # fmt: skip
    assert (cases["a/against"].get("file"), cases["a/against"].get("line")) == ("step_01_x.py", "5")
    failure = cases["a/against"][0]
    assert failure.get("message") == "refuted, but its author expects True"
    assert failure.text == "step_01_x.py:5: a/against: refuted, but its author expects True\nfails: 1 < 0"


def test_github(metaid: Shell) -> None:
    step(TRUE + AGAINST + NOT_A_CLAIM + OPEN)
    code, out, _ = metaid("check", "--accept", "--format", "github")
    lines = out.splitlines()
    against = "::error file=step_01_x.py,line=4,title=a/against::refuted, but its author expects True%0Afails: 1 < 0"
    assert code == 1 and lines[0] == against
    assert lines[1].startswith("::warning file=step_01_x.py,line=6,title=a/open::undecided: wants, say: more")
    assert lines[2] == f"::notice title={Path.cwd().name}::1 proved, 1 refuted, 1 undecided, 1 definition"
    assert len(lines) == 3


def test_the_counterexample_is_told(metaid: Shell) -> None:
    """In the table, in JUnit's failure and in GitHub's annotation, once each; for claims as expected in none."""
    step('theory.claim("a/wrong", "EXISTS => UNIQ", expected=True)\ntheory.claim("a/right", "EXISTS => UNIQ", expected=False)\n')
    for form in ("table", "junit", "github"):
        code, out, _ = metaid("check", "--format", form)
        assert code == 1 and out.count("n = 1, Phi = R^1") == out.count("UNIQ fails: ") == 1, out


def test_what_is_escaped(metaid: Shell) -> None:
    """An id may not contain what a property of a workflow command ends with, a message may contain anything."""
    step(TRUE + 'theory.statement("a/true", "0 < 1")\nraise ValueError("50%:\\n, two")\n')
    code, out, _ = metaid("check", "--accept", "--format", "github")
    problems = [line for line in out.splitlines() if line.startswith("::error")]
    assert code == 2 and len(problems) == 2 and "step_01_x.py,line=4" in problems[0]
    assert "step_01_x.py,line=5" in problems[1] and problems[1].endswith("50%25:%0A, two")


def test_a_single_file_is_named_where_it_lies(metaid: Shell) -> None:
    Path("sub").mkdir()
    step(TRUE + AGAINST).rename("sub/mine.py")
    out = metaid("check", "sub/mine.py", "--accept", "--format", "github")[1]
    assert out.startswith("::error file=sub/mine.py,line=4,")
    assert 'file="sub/mine.py" line="4"' in metaid("check", "sub/mine.py", "--format", "junit")[1]
