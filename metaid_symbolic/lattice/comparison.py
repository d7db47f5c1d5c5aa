"""What an assumption buys: the implications that it makes true."""

from __future__ import annotations

from collections.abc import Iterator

from .lattice import Entry, Lattice


def changes(plain: Lattice, other: Lattice, hypotheses: int = 1) -> Iterator[tuple[Entry, Entry]]:
    """The entries that are implied in `other`, each after that of `plain` for the same implication, which is not known to be.
    Those whose conclusion holds of all problems of `other` are left out."""
    always = other.closure(())
    for entry in other.entries(hypotheses):
        if entry.conclusion in always:
            continue
        before = plain.entry(entry.hypotheses, entry.conclusion)
        if entry.status == "implied" and before.status != "implied":
            yield before, entry
