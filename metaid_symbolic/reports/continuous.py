"""Verdicts for continuous integration: JUnit's XML, and GitHub's annotations with file and line of the claim."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from ..pipeline import Report
from ..store.loading import Loaded
from ..verdicts import Result
from .counterexample import witness_text

CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What XML 1.0 cannot carry."""
PLACE = re.compile(r"(?P<file>[^:\n]+\.py):(?P<line>[0-9]+):? ?(?P<words>.*)", re.DOTALL)


def place_of(loaded: Loaded, result: Result) -> tuple[str, str]:
    """File and line of the claim; the file relative to the current folder where it lies in it."""
    name, _, line = result.claim.place.partition(":")
    if loaded.folder is None:
        return name, line or "1"
    folder = loaded.folder.parent if loaded.folder.suffix == ".metaid" else loaded.folder
    path = (folder / name).resolve()
    here = Path.cwd().resolve()
    return (path.relative_to(here) if path.is_relative_to(here) else path).as_posix(), line or "1"


def failure(result: Result) -> str:
    """Why the claim fails the check; empty for one that is as expected, or open."""
    if result.trouble:
        return f"{result.trouble}: {result.reason}"
    return f"{result.shown}, but its author expects {result.claim.expected}" if result.contradicted else ""


def evidence(result: Result) -> str:
    """The exact counterexample to a claim that fails the check, as lines below a message; empty where there is none."""
    if result.counterexample is None or result.claim.assertion is None or not failure(result):
        return ""
    return "\n" + witness_text(result.claim.assertion, result.counterexample)


def left_open(result: Result) -> str:
    """Why a claim is open, or no claim; empty for a decided one."""
    if result.verdict.truth is not None:
        return ""
    why = result.claim.reason or result.reason
    return f"{result.verdict.value}: {why}" if why else result.verdict.value


def junit(report: Report, loaded: Loaded) -> str:
    """A test suite with a test case for each entry: it fails, is skipped when it is open or no claim, or passes."""
    suite = Element("testsuite", {"name": report.theory, "tests": str(len(report)), "errors": str(len(report.problems))})
    for result in report:
        file, line = place_of(loaded, result)
        name = {"classname": f"{report.theory}.{result.claim.step or 'claims'}", "name": result.id}
        case = SubElement(suite, "testcase", {**name, "time": f"{result.seconds:.3f}", "file": file, "line": line})
        if words := failure(result):
            SubElement(case, "failure", {"message": _clean(words)}).text = _clean(
                f"{file}:{line}: {result.id}: {words}{evidence(result)}"
            )
        elif words := left_open(result):
            SubElement(case, "skipped", {"message": _clean(words)})
        else:
            SubElement(case, "system-out").text = _clean(f"{result.shown}, {result.grade}, {result.origin}")
    if report.problems or report.differences:
        SubElement(suite, "system-err").text = _clean("\n".join((*report.problems, *report.differences)))
    suite.set("failures", str(sum(bool(failure(r)) for r in report)))
    suite.set("skipped", str(sum(bool(left_open(r)) and not failure(r) for r in report)))
    suite.set("time", f"{sum(r.seconds for r in report):.3f}")
    whole = Element("testsuites")
    whole.append(suite)
    indent(whole)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(whole, encoding="unicode") + "\n"


def github(report: Report, loaded: Loaded) -> Iterator[str]:
    """Workflow commands: an error for what fails, a warning for what is open, a notice with the counts."""
    for problem in (*report.problems, *report.differences):
        found = PLACE.match(problem)
        where = {"file": found["file"], "line": found["line"]} if found else {}
        yield _command("error", {**where, "title": report.theory}, found["words"] if found else problem)
    for result in report:
        file, line = place_of(loaded, result)
        where = {"file": file, "line": line, "title": result.id}
        if words := failure(result):
            yield _command("error", where, words + evidence(result))
        elif not result.verdict.label and (words := left_open(result)):
            yield _command("warning", where, words)
    yield _command(
        "notice", {"title": report.theory}, ", ".join(f"{n} {name}" for name, n in report.summary.items()) or "no claims"
    )


def _command(kind: str, properties: dict[str, str], words: str) -> str:
    """`%`, ends of lines, and in properties `:` and `,` are escaped, as GitHub's runner undoes it."""
    listed = ",".join(f"{k}={_escaped(v).replace(':', '%3A').replace(',', '%2C')}" for k, v in properties.items())
    return f"::{kind} {listed}::{_escaped(words)}"


def _escaped(words: str) -> str:
    return words.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _clean(words: str) -> str:
    return CONTROL.sub("?", words)
