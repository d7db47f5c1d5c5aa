"""Untrusted search: a claim goes in, candidate certificates come out, cheapest first.

Each method is one generator in `registry`; none knows what the claim is called.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..certificates import Instance, Instances
from .problems.restriction import EVERY, LOSSES, Range, Restriction

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
    claims whose proofs a derivation may repeat.  `dimensions`, `tasks`, `degree`, `height` and `losses` are those of a
    `Restriction`.

    Raises `NothingToSearch` for a budget or a universe that leaves nothing to try.
    """

    blind: bool = False
    seed: int = 0
    budget: int = 5_000
    dimensions: Range | None = None
    tasks: Range | None = None
    degree: int | None = None
    height: int | None = None
    losses: str = "any"
    strategies: tuple[str, ...] = ()
    unit: Unit | None = None
    library: Callable[[], Iterable[tuple[Claim, ...]]] = tuple

    def __post_init__(self) -> None:
        if self.budget < 1:
            raise NothingToSearch(f"a budget of {self.budget} candidates leaves nothing to try")
        for what, (low, high) in (("dimension", self.within.dimensions), ("number of tasks", self.within.tasks)):
            if not 1 <= low <= high:
                raise NothingToSearch(f"no meta-problem has a {what} >= 1 from {low} to {high}: the universe is empty")
        for what, least, given in (("degree", 0, self.degree), ("height", 1, self.height)):
            if given is not None and given < least:
                raise NothingToSearch(f"no coefficients have a {what} of at most {given}: the universe is empty")
        if self.losses not in LOSSES:
            raise NothingToSearch(f"losses are {', '.join(LOSSES)}, and not {self.losses!r}")
        if self.degree is not None and self.losses == "exp-log":
            raise NothingToSearch("a degree is that of polynomials, and losses with exp and log have none: the universe is empty")

    @property
    def restricted(self) -> bool:
        """Whether losses of some degree, height or kind alone are asked for."""
        return self.degree is not None or self.height is not None or self.losses != "any"

    @property
    def within(self) -> Restriction:
        """The meta-problems that strategies look at."""
        return Restriction(self.dimensions or (1, 2), self.tasks or (1, 3), self.degree, self.height, self.losses)

    def admits(self, certificate: Certificate | None) -> bool:
        """Whether the meta-problems of the certificate, if it has any, are in the universe that was asked for."""
        asked = Restriction(self.dimensions or EVERY, self.tasks or EVERY, self.degree, self.height, self.losses)
        shown = certificate.instances if isinstance(certificate, Instances) else (certificate,)
        return all(asked.admits(one.problem) for one in shown if isinstance(one, Instance))


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
    """Candidate certificates for or against the claim, cheapest first, and how many candidates were tried for them; no
    meta-problem outside the universe that the settings ask for."""
    from .registry import chosen_methods

    chosen = settings or Settings()
    for method in chosen_methods(claim, chosen):
        yield from (made for made in method(claim, chosen) if isinstance(made, Tried) or chosen.admits(made.certificate))


def findings(claim: Claim, settings: Settings | None = None) -> Iterator[Finding]:
    """Candidate certificates for or against the claim, cheapest first."""
    return (made for made in outcomes(claim, settings) if isinstance(made, Finding))
