"""The words of an author under which the parts of a formula are reported."""

from __future__ import annotations

from ..claims import Labelled
from ..terms import TRUE, Term


def labelled_parts(formula: Term, source: str) -> tuple[tuple[Labelled, ...], Labelled]:
    """Hypotheses and conclusion of an implication; labels are the words of the source where they can be told apart."""
    if formula.head != "implies":
        return (), Labelled(source, formula)
    left, right = _split_implication(source)
    return labelled_conjuncts(formula.args[0], left.strip()), Labelled(right.strip(), formula.args[1])


def labelled_conjuncts(formula: Term, source: str) -> tuple[Labelled, ...]:
    """The members of a conjunction, each under its own words."""
    words = _split_top(source)
    parts = [formula]
    while len(parts) < len(words):
        if parts[0].head != "and":
            break
        parts = [*parts[0].args, *parts[1:]]
    if len(parts) != len(words):
        parts = list(formula.args) if formula.head == "and" and len(words) == len(formula.args) else [formula]
        words = words if len(words) == len(parts) else [source]
    return tuple(Labelled(w, p) for w, p in zip(words, parts, strict=True) if p != TRUE)


def _split_implication(source: str) -> tuple[str, str]:
    """`source` on both sides of its first `=>` outside all brackets."""
    depth = 0
    for i, letter in enumerate(source):
        depth += (letter in "([") - (letter in ")]")
        if depth == 0 and source[i : i + 2] == "=>" and source[i - 1 : i] != "<":
            return source[:i], source[i + 2 :]
    return source, source


def _split_top(source: str) -> list[str]:
    """`source` split at the `&` outside all brackets."""
    depth, start, pieces = 0, 0, []
    for i, letter in enumerate(source):
        depth += (letter in "([") - (letter in ")]")
        if letter == "&" and depth == 0:
            pieces.append(source[start:i].strip())
            start = i + 1
    return [*pieces, source[start:].strip()]
