"""Concrete meta-problems: plain data with exact entries."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from .terms import FUNCTIONS, NAME, NUMBER, Term, as_term, free_symbols, record, require, subterms

ELEMENTARY = ("num", "sym", "add", "mul", "pow", *FUNCTIONS)
"""The heads of terms that losses and models are made of."""


def exact(value: Any, what: str) -> Fraction:
    """A rational number from an integer, a fraction or a text like "1/2".  Raises `IllFormed` for anything else."""
    if type(value) is str and len(value) <= 1000 and NUMBER.match(value):
        return Fraction(value)
    found = value.args[0] if type(value) is Term and value.head == "num" else value
    require(type(found) in (int, Fraction), "{} is {!r} ({}), not an exact rational number", what, found, type(found).__name__)
    return Fraction(found)


@record
class Noise:
    """A real random variable `name` ~ N(mean, variance), independent of the others."""

    name: str
    mean: Fraction
    variance: Fraction

    def __post_init__(self) -> None:
        require(self.variance >= 0, "the variance of {} is {}, which is negative", self.name, self.variance)


@record
class Uniform:
    """A real random variable `name`, uniform on the interval between `low` and `high`, independent of the others."""

    name: str
    low: Fraction
    high: Fraction


@record
class MetaProblem:
    r"""A law of task losses on a domain of R^n.

    `parameters`: the n coordinates of phi, names without dots.  `losses`: one C^2 term for each task.  `weights`: rational,
    positive, of sum 1.  `constraints`: formulas `g < h` or `g <= h` whose conjunction is the domain Phi; none for
    R^n.  The losses may mention the random variables listed in `noise`: a task is one of the losses with values of these.
    `learner` is `plain` or `maml` with `steps` inner gradient steps at the learning rate `rate`.

    Raises `IllFormed` naming what disagrees.
    """

    parameters: tuple[str, ...]
    losses: tuple[Term, ...]
    weights: tuple[Fraction, ...]
    constraints: tuple[Term, ...] = ()
    noise: tuple[Noise | Uniform, ...] = ()
    learner: str = "plain"
    rate: Term | None = None
    steps: int = 1

    def __post_init__(self) -> None:
        put = object.__setattr__
        if type(self.parameters) is not tuple or any(type(name) is not str for name in self.parameters):
            from .symbols import symbol_names

            put(self, "parameters", symbol_names(self.parameters))
        put(self, "losses", tuple(as_term(loss) for loss in self.losses))
        put(self, "weights", tuple(exact(w, "a weight") for w in self.weights))
        if self.rate is not None:
            put(self, "rate", as_term(exact(self.rate, "the rate") if isinstance(self.rate, str) else self.rate))
        names = [*self.parameters, *(v.name for v in self.noise)]
        require(self.parameters and len({*names}) == len(names), "no parameters, or a name twice: {}", names)
        require(not (odd := [n for n in names if not NAME.match(n) or "." in n]), "{} are no names without dots", odd)
        require(
            0 < len(self.losses) == len(self.weights), "{} losses disagree with {} weights", len(self.losses), len(self.weights)
        )
        require(
            min(self.weights) > 0 and sum(self.weights) == 1,
            "the weights {} are not all positive with sum 1",
            list(map(str, self.weights)),
        )
        require(self.learner in ("plain", "maml"), "the learner {!r} is neither plain nor maml", self.learner)
        require(type(self.steps) is int and self.steps >= 0, "{!r} is no number of inner steps", self.steps)
        for constraint in self.constraints:
            require(constraint.head in ("lt", "le"), "the constraint {} is not g < h or g <= h", constraint)
        for term, allowed in [
            *((loss, names) for loss in self.losses),
            *((side, self.parameters) for constraint in self.constraints for side in constraint.args),
        ]:
            strange = ", ".join(sorted(free_symbols(term) - {*allowed}))
            require(not strange, "{} mentions {}, which is neither parameter nor task variable of a loss", term, strange)
            for part in subterms(term):
                require(part.head in ELEMENTARY, "{} in {} is no elementary function", part.head, term)

    @property
    def dimension(self) -> int:
        return len(self.parameters)

    @property
    def law(self) -> str:
        """`finite`, `gaussian` (one loss, and the task is a Gaussian vector) or `mixed`."""
        gaussian = len(self.losses) == 1 and all(isinstance(v, Noise) for v in self.noise)
        return "finite" if not self.noise else "gaussian" if gaussian else "mixed"

    def adapted(self, learner: str, *, rate: Any, steps: int = 1) -> MetaProblem:
        """The same tasks seen after adaptation: `maml` takes `steps` gradient steps of size `rate` on each task."""
        return replace(self, learner=learner, rate=rate, steps=steps)
