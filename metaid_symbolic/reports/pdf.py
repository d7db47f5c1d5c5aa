"""A LaTeX document as PDF, by latexmk or pdflatex."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

RUNS = 3
"""Of pdflatex: labels, the table that breaks over pages, and once more because it moved."""
QUIET = ("-interaction=nonstopmode", "-halt-on-error", "-file-line-error")


class NoTeX(LookupError):
    """Neither latexmk nor pdflatex is installed."""


class NotCompiled(ValueError):
    """TeX did not make a PDF; the message is TeX's first error."""


def compiler() -> list[list[str]]:
    """The commands that make a PDF of a file named last.  Raises `NoTeX`."""
    if shutil.which("pdflatex") is None:
        raise NoTeX("--format pdf needs TeX: neither latexmk nor pdflatex is on the path; --format latex needs none")
    if shutil.which("latexmk"):
        return [["latexmk", "-pdf", "-norc", *QUIET]]
    return [["pdflatex", *QUIET]] * RUNS


def pdf(source: str, commands: Sequence[Sequence[str]], seconds: float) -> bytes:
    """The PDF of a document.  Raises `NotCompiled`."""
    end = time.monotonic() + seconds
    with tempfile.TemporaryDirectory(prefix="metaid-") as folder:
        place = Path(folder) / "report.tex"
        place.write_text(source, encoding="utf-8")
        for command in commands:
            try:
                done = subprocess.run(
                    [*command, place.name],
                    cwd=folder,
                    capture_output=True,
                    stdin=subprocess.DEVNULL,
                    timeout=end - time.monotonic(),
                )
            except subprocess.TimeoutExpired:
                raise NotCompiled(f"{command[0]} took longer than {seconds:g} seconds; --seconds gives it more") from None
            if done.returncode:
                raise NotCompiled(f"{command[0]}: {first_error(done.stdout.decode('utf-8', 'replace'))}")
        return place.with_suffix(".pdf").read_bytes()


def first_error(log: str) -> str:
    """TeX's first complaint with the line after it."""
    lines = log.splitlines()
    found = next((i for i, line in enumerate(lines) if line.startswith("!") or re.match(r"\S+\.tex:\d+:", line)), None)
    return " ".join(lines[found : found + 2]) if found is not None else "it failed without a message"
