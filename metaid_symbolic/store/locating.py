"""Which theory is meant: a path, `@name` for one that comes with the package, or the one at hand."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path

DEFAULT = "meta_identifiability"
PACKAGE = Path(__file__).resolve().parent.parent


class NoSuchTheory(LookupError):
    """There is no theory at this place; the message names the nearest."""


def packaged() -> dict[str, Path]:
    """The theories that come with the package: in the wheel, or beside it in a source checkout."""
    found: dict[str, Path] = {}
    for root in (PACKAGE.parent / "proofs", PACKAGE / "theories"):
        found |= {p.name: p for p in sorted(root.glob("*")) if is_theory(p)}
    return found


def is_theory(path: Path) -> bool:
    """A folder with steps, or with the statements of a theory."""
    return path.is_dir() and (any(path.glob("step_*.py")) or (path / "statements.json").is_file())


def nearest(word: str, words: Iterable[str]) -> str:
    """`; did you mean ...?`, or nothing."""
    close = difflib.get_close_matches(word, list(words), 1, 0.5)
    return f"; did you mean {close[0]}?" if close else ""


def looks_like_path(word: str) -> bool:
    return word.startswith(("@", ".", "/", "~")) or word.endswith(".py") or Path(word).exists()


def locate(word: str = "") -> Path:
    """The folder or file of the theory; without a word the current folder, else proofs/meta_identifiability.

    Raises `NoSuchTheory`.
    """
    if not word:
        return _default()
    if word.startswith("@"):
        known = packaged()
        if word[1:] not in known:
            raise NoSuchTheory(f"no theory {word} comes with the package{nearest(word, ['@' + k for k in known])}")
        return known[word[1:]]
    path = Path(word).expanduser()
    if path.is_file() or is_theory(path):
        return path
    if path.is_dir():
        raise NoSuchTheory(f"{path} is no theory: it has neither step_*.py nor statements.json")
    beside = path.parent if path.parent.is_dir() else Path()
    raise NoSuchTheory(f"no file or folder {word}{nearest(word, [str(p) for p in beside.iterdir()] + list(_theories_here()))}")


def _theories_here() -> list[str]:
    return [str(p) for p in (*Path().glob("*"), *Path("proofs").glob("*")) if is_theory(p)]


def _default() -> Path:
    for path in (Path(), Path("proofs") / DEFAULT):
        if any(path.glob("step_*.py")):
            return path
    choices = ", ".join("@" + name for name in packaged())
    raise NoSuchTheory(f"there is no theory here; name a folder, or one that comes with the package: {choices or 'none does'}")


def folder_of(path: Path) -> Path:
    """Where the statements and certificates of the theory at `path` are."""
    if not path.is_file():
        return path
    return path.parent if path.name.startswith("step_") else path.with_suffix(".metaid")
