"""Which meta-problems a search is about: what its user asks for, and what its strategies look at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from ...problems import MetaProblem
from ...terms import Term, subterms
from .enumeration import exponents_of

Range = tuple[int, int]
LOSSES = ("any", "polynomial", "exp-log")
ELEMENTARY = frozenset({"num", "sym", "add", "mul", "pow", "exp", "log"})
"""What `exp-log` losses are made of."""
EVERY = (1, 1 << 62)


@dataclass(frozen=True)
class Restriction:
    """Meta-problems with a dimension and a number of tasks in these ranges; with polynomial losses of at most this `degree` in
    the parameters, if one is given; with coefficients a/b such that |a| and b are at most `height`; and with `losses` that are
    `polynomial`, or rational expressions of exponentials and logarithms (`exp-log`), or `any`.

    The coefficients of a loss that is no polynomial are the numbers that it is written with.
    """

    dimensions: Range = EVERY
    tasks: Range = EVERY
    degree: int | None = None
    height: int | None = None
    losses: str = "any"

    @property
    def polynomial(self) -> bool:
        """Whether losses that are no polynomials are left out."""
        return self.degree is not None or self.losses == "polynomial"

    def admits(self, problem: MetaProblem) -> bool:
        ranges = (problem.dimension, self.dimensions), (len(problem.losses), self.tasks)
        return all(low <= size <= high for size, (low, high) in ranges) and all(
            self._admits(loss, problem) for loss in problem.losses
        )

    def _admits(self, loss: Term, problem: MetaProblem) -> bool:
        if self.losses == "exp-log" and not all(part.head in ELEMENTARY for part in subterms(loss)):
            return False
        if not self.polynomial and self.height is None:
            return True
        try:
            p = exponents_of(loss, (*problem.parameters, *(v.name for v in problem.noise)))
        except ValueError:
            return not self.polynomial and self.low(part.args[0] for part in subterms(loss) if part.head == "num")
        degree = max((sum(e[: problem.dimension]) for e in p), default=0)
        return (self.degree is None or degree <= self.degree) and self.low(p.values())

    def low(self, numbers: Iterable[Fraction]) -> bool:
        """Whether no number is higher than a coefficient may be."""
        return self.height is None or all(height(q) <= self.height for q in numbers)


def height(q: Fraction) -> int:
    """The greater of |a| and b for q = a/b in lowest terms; 0 for 0."""
    return max(abs(q.numerator), q.denominator) if q else 0
