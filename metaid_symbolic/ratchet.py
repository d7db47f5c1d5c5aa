"""open.txt: the claims that may be open.  It must list exactly those that are."""

from __future__ import annotations

from collections.abc import Mapping

from .pipeline import Report


def ratchet(report: Report, allowed: Mapping[str, str], known: Mapping[str, object]) -> tuple[int, list[str]]:
    """The exit code under the ratchet, and what disagrees with the list `allowed` of a theory with the claims `known`.

    1 for a listed claim that is decided or does not exist, 3 for an open one that is not listed; worse codes stay.
    """
    open_ids = {r.id for r in report.results if r.verdict.truth is None and not r.verdict.label}
    seen = {r.id for r in report.results}
    unlisted = [f"{i} is open, and open.txt does not list it" for i in sorted(open_ids - allowed.keys())]
    closed = [f"open.txt lists {i}, which is decided" for i in sorted((allowed.keys() & seen) - open_ids)]
    closed += [f"open.txt lists {i}, and there is no such claim" for i in sorted(allowed.keys() - known.keys())]
    code = report.exit_code
    if code in (0, 3):
        code = 1 if closed else 3 if unlisted else 0
    return code, unlisted + closed
