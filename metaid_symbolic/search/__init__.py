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
class Unit:
    """A part of a search that is done by itself, anywhere and as often as one likes, always with the same outcome: one
    strategy, and of an enumeration the candidates number `start` + 1 to `stop`."""

    strategy: str
    start: int = 0
    stop: int = 0

    def __str__(self) -> str:
        return self.strategy + (f", candidates {self.start + 1} to {self.stop}" if self.stop else "")


@dataclass(frozen=True)
class Settings:
    """How far to search: counts, never seconds.  `blind` ignores what the author of a claim suggests; `strategies` are the
    only ones tried, if any are named; `unit` is the only part done, if one is given; `library` gives, theory by theory, the
    claims whose proofs a derivation may repeat.

    Raises `NothingToSearch` for a budget or a range that leaves nothing to try.
    """

    blind: bool = False
    seed: int = 0
    budget: int = 5_000
    dimensions: tuple[int, int] = (1, 2)
    tasks: tuple[int, int] = (1, 3)
    strategies: tuple[str, ...] = ()
    unit: Unit | None = None
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


@dataclass(frozen=True)
class Tried:
    """How many more candidates a strategy has looked at."""

    candidates: int


def outcomes(claim: Claim, settings: Settings | None = None) -> Iterator[Finding | Tried]:
    """Candidate certificates for or against the claim, cheapest first, and how many candidates were tried for them."""
    from .registry import chosen_methods

    chosen = settings or Settings()
    for method in chosen_methods(claim, chosen):
        yield from method(claim, chosen)


def findings(claim: Claim, settings: Settings | None = None) -> Iterator[Finding]:
    """Candidate certificates for or against the claim, cheapest first."""
    return (made for made in outcomes(claim, settings) if isinstance(made, Finding))
