"""Untrusted search: a claim goes in, candidate certificates come out, cheapest first.

Each method is one generator in `registry`; none knows what the claim is called.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..certificates import Certificate
    from ..theory import Claim


class NothingToSearch(ValueError):
    """The claim is true by definition, or nothing can be tried."""


@dataclass(frozen=True)
class Settings:
    """How far to search: counts, never seconds.  `blind` ignores what the author of a claim suggests; `library` gives,
    theory by theory, the claims whose proofs a derivation may repeat.

    Raises `NothingToSearch` for a budget or a range that leaves nothing to try.
    """

    blind: bool = False
    seed: int = 0
    budget: int = 20_000
    dimensions: tuple[int, int] = (1, 2)
    tasks: tuple[int, int] = (1, 3)
    library: Callable[[], Iterable[tuple[Claim, ...]]] = tuple

    def __post_init__(self) -> None:
        if self.budget < 1:
            raise NothingToSearch(f"a budget of {self.budget} candidates leaves nothing to try")
        for what, (low, high) in (("dimension", self.dimensions), ("number of tasks", self.tasks)):
            if not 1 <= low <= high:
                raise NothingToSearch(f"no meta-problem has a {what} >= 1 from {low} to {high}: the universe is empty")


@dataclass(frozen=True)
class Finding:
    """A candidate certificate, the method that made it, what is known of its minimality, and whether its author gave it."""

    certificate: Certificate
    method: str
    minimal: str = ""
    author: bool = False


def findings(claim: Claim, settings: Settings | None = None) -> Iterator[Finding]:
    """Candidate certificates for or against the claim, cheapest first."""
    from .registry import methods

    chosen = settings or Settings()
    for method in methods(claim):
        yield from method(claim, chosen)
