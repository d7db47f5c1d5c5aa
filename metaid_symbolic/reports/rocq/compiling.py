"""Rocq files checked by `coqc`, in processes under a time limit, with what each rests on."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import final

AXIOMS = frozenset(
    {
        "ClassicalDedekindReals.sig_forall_dec",
        "ClassicalDedekindReals.sig_not_dec",
        "FunctionalExtensionality.functional_extensionality_dep",
        "classic",
        "Classical_Prop.classic",
    }
)
"""What the standard library's real numbers and their analysis rest on: excluded middle, and extensionality of functions."""
ASSUMED = re.compile(r"^([A-Za-z_][A-Za-z0-9_.']*)\s*(?::|$)", re.MULTILINE)


@final
@dataclass(frozen=True, slots=True)
class Compiled:
    """What `coqc` makes of one file: `status` is accepted, rejected, or time (the limit was reached)."""

    path: Path
    status: str
    reason: str = ""
    axioms: tuple[str, ...] = ()
    seconds: float = 0.0


def coqc() -> str | None:
    """The compiler, if it is on the path."""
    return shutil.which("coqc")


def compiled(paths: Sequence[Path], seconds: float, jobs: int) -> Iterator[Compiled]:
    """The files in their order; each in a process of its own, `jobs` at a time.  Raises `FileNotFoundError` without `coqc`."""
    program = coqc()
    if program is None:
        raise FileNotFoundError("coqc is not on the path")
    with ThreadPoolExecutor(max_workers=jobs or os.cpu_count() or 1) as workers:
        yield from workers.map(lambda path: _compile(program, path, seconds), paths)


def _compile(program: str, path: Path, seconds: float) -> Compiled:
    """Compile a copy, so that nothing is left beside the file."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(path, folder)
        command = [program, "-q", "-w", "none", "-noglob", path.name]
        process = subprocess.Popen(
            command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
        )
        try:
            out, err = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            return Compiled(path, "time", f"no answer within {seconds:g} s", (), seconds)
    return _judged(path, process.returncode, out, err, time.monotonic() - started)


def _judged(path: Path, code: int, out: str, err: str, seconds: float) -> Compiled:
    if code:
        return Compiled(path, "rejected", first_error(err or out), (), seconds)
    listed = assumptions(out)
    if listed is None:
        return Compiled(path, "rejected", "the file prints no assumptions", (), seconds)
    if strange := [name for name in listed if name not in AXIOMS]:
        return Compiled(path, "rejected", f"it assumes {', '.join(strange)}", listed, seconds)
    return Compiled(path, "accepted", "", listed, seconds)


def assumptions(out: str) -> tuple[str, ...] | None:
    """The names that `Print Assumptions` lists; None if it did not speak."""
    if "Closed under the global context" in out:
        return ()
    _, found, listed = out.rpartition("Axioms:\n")
    return tuple(ASSUMED.findall(listed)) if found else None


def first_error(output: str) -> str:
    """The place and first line of the first error."""
    place = re.search(r"line (\d+)", output)
    _, _, message = output.partition("Error:")
    words = " ".join(message.split())[:160] or " ".join(output.split())[:160]
    return f"line {place.group(1)}: {words}" if place else words
