"""Theories from folders and files.

A theory is a folder of `cited.py` and `step_*.py`, or one Python file.  The modules are somebody's code: whatever they
raise becomes one message with file and line, and every claim made before or after it is kept.
"""

from __future__ import annotations
import __future__

import ast
import re
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from types import ModuleType
from typing import final

from ..claims import Theorem
from ..encoding import Malformed
from ..statements import canonical, file_name
from ..theory import Claim, Theory, TheoryProblem
from .locating import folder_of, nearest

BESIDES = ("derivative", "E", "at")
"""Names that a derivation may go by besides rules and theorems: differentiation, means, numbers to insert."""
NUMBERED = re.compile(r"\d+ at ")


@final
@dataclass(frozen=True, slots=True)
class Loaded:
    """A theory as far as it could be read.  `problems` are the messages; `broken` says of an id why it is not searched."""

    theory: Theory
    folder: Path | None
    problems: tuple[str, ...] = ()
    broken: Mapping[str, str] | None = None
    module: str = ""

    def reason(self, claim_id: str) -> str:
        """Why the claim cannot be searched; empty if it can."""
        return (self.broken or {}).get(claim_id, "")


def load(path: Path) -> Loaded:
    """The theory at `path`: a folder, a step of one (then `module` names the step's file), or a single file."""
    if path.is_file() and not path.name.startswith("step_"):
        return _assembled(path.stem, [path], folder_of(path), path.name)
    folder, module = (path.parent, path.name) if path.is_file() else (path, "")
    files = [folder / "cited.py", *sorted(folder.glob("step_*.py"))]
    return _assembled(folder.resolve().name, [f for f in files if f.is_file()], folder, module)


def in_memory(theory: Theory) -> Loaded:
    """A theory made in Python, without files."""
    whole, problems, broken = merge(theory.name, [theory])
    return Loaded(whole, None, tuple(problems), broken)


def module_values(path: Path) -> tuple[dict[str, object], list[str]]:
    """The names that a user's file defines, and what went wrong in it."""
    with _importing(path.parent):
        return _executed(path)


def _assembled(name: str, files: list[Path], folder: Path, module: str) -> Loaded:
    parts: dict[int, Theory] = {}
    problems: list[str] = []
    with _importing(files[0].parent if files else folder):
        for path in files:
            names, trouble = _executed(path)
            problems += trouble
            parts |= {id(value): value for value in names.values() if isinstance(value, Theory)}
    whole, more, broken = merge(name, list(parts.values()))
    return Loaded(whole, folder, (*problems, *more), broken, module)


@contextmanager
def _importing(folder: Path) -> Iterator[None]:
    """Modules of `folder` may import one another; afterwards none of them stays behind."""
    place = str(folder.resolve())
    sys.path.insert(0, place)
    before = dict(sys.modules)
    try:
        yield
    finally:
        sys.path.remove(place)
        for name, module in list(sys.modules.items()):
            if module is not before.get(name) and str(getattr(module, "__file__", None) or "").startswith(place):
                del sys.modules[name]
                sys.modules |= {name: before[name]} if name in before else {}


def _executed(path: Path) -> tuple[dict[str, object], list[str]]:
    """The file's names after running it statement by statement, past those that raise.

    A NameError about what a failed statement should have bound is a consequence and not reported.
    """
    module = ModuleType(path.stem)
    module.__file__ = str(path.resolve())
    try:
        tree = ast.parse(path.read_bytes(), str(path))
    except (SyntaxError, ValueError, OSError) as cause:
        line = f":{cause.lineno}" if isinstance(cause, SyntaxError) else ""
        return {}, [f"{path}{line}: {type(cause).__name__}: {getattr(cause, 'msg', None) or cause}"]
    sys.modules[path.stem] = module
    problems: list[str] = []
    missing: set[str] = set()
    for statement in tree.body:
        try:
            _run(statement, module, path)
        except (Exception, SystemExit) as cause:
            if not (isinstance(cause, NameError) and cause.name in missing):
                problems.append(_message(cause, path))
            missing |= {n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
            missing |= {a.asname or a.name for n in ast.walk(statement) if isinstance(n, ast.alias) for a in [n]}
            missing |= {statement.name} if isinstance(statement, ast.FunctionDef | ast.ClassDef) else set()
    return vars(module), problems


def _run(statement: ast.stmt, module: ModuleType, path: Path) -> None:
    flags = __future__.annotations.compiler_flag
    code = compile(ast.Module([statement], []), str(path), "exec", flags=flags, dont_inherit=True)
    exec(code, vars(module))


def _message(cause: BaseException, path: Path) -> str:
    """file:line of the innermost frame in the theory's folder, and what was raised."""
    if isinstance(cause, TheoryProblem):
        return str(cause) if str(cause).startswith(path.name) else f"{path}: {cause}"
    files = [f for f in traceback.extract_tb(cause.__traceback__) if not f.filename.startswith("<")]
    frames = [f for f in files if Path(f.filename).parent == path.parent]
    place = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else str(path)
    return f"{place}: {type(cause).__name__}: {cause}"


def merge(name: str, parts: list[Theory]) -> tuple[Theory, list[str], dict[str, str]]:
    """All claims of the parts; what is wrong with them; and why an id cannot be searched."""
    whole, problems = Theory(name), []
    for part in parts:
        for claim_id, made in part.claims.items():
            if claim_id in whole.claims:
                problems.append(
                    f"{made.place}: the id {claim_id!r} is taken, at {whole.claims[claim_id].place}; this one is ignored"
                )
            else:
                whole.claims[claim_id] = made
        for title, theorem in part.theorems.items():
            if whole.theorems.setdefault(title, theorem) != theorem:
                problems.append(f"two different theorems are cited as {title!r}; the second is ignored")
        whole.titles.update(part.titles)
    unnamed = _unnamed(whole.claims, whole.theorems)
    broken = {**_unwritable(whole.claims), **_missing(whole.claims), **_circles(whole.claims), **unnamed}
    return whole, problems + list(dict.fromkeys(broken.values())), broken


def _missing(claims: Mapping[str, Claim]) -> dict[str, str]:
    found = {}
    for made in claims.values():
        for other in (*made.uses, *filter(None, (made.repairs, made.specialises)), *made.readings):
            if other not in claims:
                found[made.id] = f"{made.place}: {made.id} refers to {other!r}, and there is no such claim"
    return found


def _unnamed(claims: Mapping[str, Claim], theorems: Mapping[str, Theorem]) -> dict[str, str]:
    """The claims whose derivation goes by a name that is neither a rule nor a theorem."""
    from ..kernel.lemmas import AT_A_TERM, GENERAL

    known = (*GENERAL, *AT_A_TERM, *theorems, *BESIDES)
    found = {}
    for made in claims.values():
        for name in (*made.by, *(name for one in made.through for name in one.by)):
            head = name.partition(" at ")[0] if name.partition(" at ")[0] in known else name.partition("(")[0].partition(":")[0]
            if head not in known and not NUMBERED.match(name):
                found[made.id] = (
                    f"{made.place}: {made.id} goes by {name!r}, and there is no such rule or theorem{nearest(head, known)}"
                )
    return found


def _circles(claims: Mapping[str, Claim]) -> dict[str, str]:
    found: dict[str, str] = {}
    left = dict(claims)
    while circle := _cycle(left):
        words = f"{claims[circle[0]].place}: these claims use one another in a circle: " + " -> ".join(circle)
        found |= dict.fromkeys(circle, words)
        left = {name: made for name, made in left.items() if name not in circle}
    return found


def _cycle(claims: Mapping[str, Claim]) -> list[str]:
    """A circle of claims that use one another, first one repeated at the end; empty if there is none."""
    try:
        TopologicalSorter({name: [used for used in made.uses if used in claims] for name, made in claims.items()}).prepare()
    except CycleError as cause:
        return list(reversed(cause.args[1]))
    return []


def _unwritable(claims: Mapping[str, Claim]) -> dict[str, str]:
    """The claims whose id or assertion has no place in statements.json."""
    found = {}
    for made in claims.values():
        try:
            file_name(made.id)
            canonical(made.assertion)
        except Malformed as cause:
            found[made.id] = f"{made.place}: {cause}"
    return found
