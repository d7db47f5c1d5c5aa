"""Concrete meta-problems: plain data with exact entries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, final

from .terms import FUNCTIONS, NAME, IllFormed, Term, as_term, free_symbols, subterms, text

LEARNERS = ("plain", "maml")
ELEMENTARY = ("num", "sym", "add", "mul", "pow", *FUNCTIONS)
"""The heads of terms that losses and models are made of."""


def exact(value: Any, what: str) -> Fraction:
    """A rational number from an integer, a fraction or a text like "1/2".  Raises `IllFormed` for anything else."""
    if type(value) is int or type(value) is Fraction:
        return Fraction(value)
    if type(value) is Term and value.head == "num":
        return Fraction(value.args[0])
    if type(value) is str and len(value) <= 1000:
        try:
            if not set(value) & set(".eE"):
                return Fraction(value)
        except (ValueError, ZeroDivisionError):
            pass
    raise IllFormed(f"{what} is {value!r} ({type(value).__name__}), not an exact rational number")


def symbol_names(symbols: Any) -> tuple[str, ...]:
    """The names in a symbol, a `Grid`, or a sequence of these, in order."""
    if type(symbols) is str:
        return (symbols,)
    if type(symbols) is Term:
        if symbols.head == "vec":
            return tuple(name for s in symbols.args for name in symbol_names(s))
        if symbols.head != "sym":
            raise IllFormed(f"{text(symbols)} is no symbol")
        return (str(symbols.args[0]),)
    if isinstance(symbols, Iterable):
        return tuple(name for s in symbols for name in symbol_names(s))
    return symbol_names(as_term(symbols))


def check_elementary(term: Term) -> None:
    """Raises `IllFormed` unless the term is made of numbers, symbols, +, *, powers and elementary functions."""
    for part in subterms(term):
        if part.head not in ELEMENTARY:
            raise IllFormed(f"{part.head} in {text(term)} is no elementary function")


@final
@dataclass(frozen=True, slots=True)
class Noise:
    """A real random variable `name` ~ N(mean, variance), independent of the others."""

    name: str
    mean: Fraction
    variance: Fraction

    def __post_init__(self) -> None:
        if self.variance < 0:
            raise IllFormed(f"the variance of {self.name} is {self.variance}, which is negative")


@final
@dataclass(frozen=True, slots=True)
class MetaProblem:
    r"""A law of task losses on a domain of R^n.

    `parameters`: the n coordinates of phi.  `losses`: one C^2 term in them for each task.  `weights`: rational,
    positive, of sum 1.  `constraints`: formulas `g < h` or `g <= h` whose conjunction is the domain Phi; none for
    R^n.  With `noise` the task is the Gaussian vector it lists, and the single loss may mention it.
    `learner` is `plain` or `maml` with `steps` inner gradient steps at the learning rate `rate`.

    Raises `IllFormed` naming what disagrees.
    """

    parameters: tuple[str, ...]
    losses: tuple[Term, ...]
    weights: tuple[Fraction, ...]
    constraints: tuple[Term, ...] = ()
    noise: tuple[Noise, ...] = ()
    learner: str = "plain"
    rate: Term | None = None
    steps: int = 1

    def __post_init__(self) -> None:
        put = object.__setattr__
        put(self, "parameters", symbol_names(self.parameters))
        put(self, "losses", tuple(as_term(loss) for loss in self.losses))
        put(self, "weights", tuple(exact(w, "a weight") for w in self.weights))
        if self.rate is not None:
            put(self, "rate", as_term(exact(self.rate, "the rate") if isinstance(self.rate, str) else self.rate))
        _check(self)

    @property
    def dimension(self) -> int:
        return len(self.parameters)

    def adapted(self, learner: str, *, rate: Any, steps: int = 1) -> MetaProblem:
        """The same tasks seen after adaptation: `maml` takes `steps` gradient steps of size `rate` on each task."""
        return replace(self, learner=learner, rate=rate, steps=steps)


def _check(problem: MetaProblem) -> None:
    names = problem.parameters
    if strange := [name for name in (*names, *(v.name for v in problem.noise)) if not NAME.match(name)]:
        raise IllFormed(f"{strange[0]!r} is no name")
    if not names or len(set(names)) != len(names):
        raise IllFormed(f"the parameters {list(names)} are none, or repeat a name")
    if len(problem.losses) != len(problem.weights) or not problem.losses:
        raise IllFormed(f"{len(problem.losses)} losses disagree with {len(problem.weights)} weights")
    if any(w <= 0 for w in problem.weights) or sum(problem.weights) != 1:
        raise IllFormed(f"the weights {[str(w) for w in problem.weights]} are not all positive with sum 1")
    if problem.learner not in LEARNERS:
        raise IllFormed(f"the learner {problem.learner!r} is none of {', '.join(LEARNERS)}")
    if type(problem.steps) is not int or problem.steps < 0:
        raise IllFormed(f"{problem.steps!r} is no number of inner steps")
    if problem.noise and len(problem.losses) != 1:
        raise IllFormed(f"a Gaussian task law takes one loss, not {len(problem.losses)}")
    known = set(names) | {noise.name for noise in problem.noise}
    if len(known) != len(names) + len(problem.noise):
        raise IllFormed("a Gaussian variable has the name of a parameter or of another one")
    for loss in problem.losses:
        check_elementary(loss)
        if strange := sorted(free_symbols(loss) - known):
            raise IllFormed(f"the loss {text(loss)} mentions {', '.join(strange)}, which is neither parameter nor task variable")
    for constraint in problem.constraints:
        if constraint.head not in ("lt", "le") or free_symbols(constraint) - set(names):
            raise IllFormed(f"the constraint {text(constraint)} is not g < h or g <= h in the parameters")
        for side in constraint.args:
            check_elementary(side)


def finite_law(parameters: Any, losses: Iterable[Any], rate: Any = None) -> MetaProblem:
    """Equally likely tasks on R^n."""
    listed = tuple(losses)
    return MetaProblem(parameters, listed, tuple(Fraction(1, len(listed)) for _ in listed), rate=rate)
