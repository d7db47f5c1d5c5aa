"""What an assumption buys: the implications that it makes true."""

from __future__ import annotations

from collections.abc import Iterator

from .lattice import Entry, Lattice


def changes(plain: Lattice, other: Lattice, hypotheses: int = 1) -> Iterator[tuple[Entry, Entry]]:
    """The entries that are implied in `other`, each after that of `plain` for the same implication, which is not known to be."""
    for entry in other.entries(hypotheses):
        before = plain.entry(entry.hypotheses, entry.conclusion)
        if entry.status == "implied" and before.status != "implied":
            yield before, entry
