"""What the stored certificates of a theory say of its claims, without any search."""

from __future__ import annotations

from ..dependencies import theorems_in
from ..encoding import Malformed
from ..recheck import read_certificate
from ..store.files import Files
from ..store.loading import Loaded


def cited_by(loaded: Loaded) -> dict[str, list[str]]:
    """The cited theorems in the stored certificate of each claim; none where there is no readable certificate."""
    files, found = Files(loaded.folder), {}
    for claim in loaded.theory.claims.values():
        if claim.assertion is None or loaded.reason(claim.id):
            continue
        try:
            source = files.stored(claim.id)
            found[claim.id] = theorems_in(read_certificate(source, claim.assertion), loaded.theory.theorems) if source else []
        except (Malformed, OSError):
            found[claim.id] = []
    return found
