"""What formulas mention, so that nothing else is enumerated."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from ...terms import Term, free_symbols, number, substitute, subterms, symbol
from ..statements import truth
from .enumeration import RATES
from .restriction import Range, Restriction

STEPS = (1, 2)
MEAN = frozenset({"F", "D2F", "D3F", "gd", "Phi", "whole", "open", "connected", "C1", "C2"})


@dataclass(frozen=True)
class Needs:
    """What the formulas mention, so that nothing else is enumerated; without `tasks` they speak of F alone, which every
    problem shares with one of a single task.  The rate and the number of steps may be `asked`."""

    rate: bool
    point: bool
    descent: bool
    steps: bool
    tasks: bool
    asked_rate: Fraction | None = None
    asked_steps: int | None = None

    @property
    def rates(self) -> tuple[Fraction | None, ...]:
        """The rates to try, `None` for problems without adaptation."""
        if not self.rate:
            return (None,)
        return (self.asked_rate,) if self.asked_rate is not None else RATES[:1] if self.steps else RATES

    @property
    def counts(self) -> tuple[int, ...]:
        """The numbers of steps to try."""
        return (self.asked_steps,) if self.asked_steps is not None else STEPS if self.steps else (1,)

    @staticmethod
    def of(formulas: list[Term]) -> Needs:
        names = frozenset().union(*(free_symbols(f) for f in formulas)) if formulas else frozenset()
        parts = [t for f in formulas for t in subterms(f)]
        functions = {t.args[0] for t in parts if t.head in ("app", "grad", "hess")} | names
        descent = any(t.head == "pred" and t.args[0] in ("gd", "sgd_variance_tends") for t in parts)
        rate = "alpha" in names or bool(functions & {"F_MAML", "reptile", "fomaml"})
        alpha, steps = (_asked(formulas, name) for name in ("alpha", "steps"))
        whole = int(steps) if steps is not None and steps >= 1 and steps.denominator == 1 else None
        tasks = not all(map(_about_the_mean, parts))
        return Needs(rate, "phi" in names, descent, "steps" in names, tasks, alpha if alpha and alpha > 0 else None, whole)


def _asked(formulas: list[Term], name: str) -> Fraction | None:
    """The number that one of the formulas equates with the name."""
    sides = (f.args for f in formulas if f.head == "eq")
    return next((b.args[0] for a, b in sides if a == symbol(name) and b.head == "num"), None)


def _about_the_mean(part: Term) -> bool:
    """Whether this part of a formula speaks of nothing but F, Phi and gradient descent on F."""
    if part.head in ("app", "grad", "hess", "pred"):
        return part.args[0] in MEAN
    if part.head in ("forall", "exists"):
        return part.args[1] in ("real", "point")
    return part.head not in ("fisher", "mean", "at")


def possible_dimensions(formulas: list[Term], within: Range) -> Range:
    """Those that formulas about n alone allow."""
    parts = [p for f in formulas for p in (f.args if f.head == "and" else (f,)) if free_symbols(p) == {"n"}]
    plain = [p for p in parts if p.head in ("eq", "lt", "le")]
    allowed = [n for n in range(within[0], within[1] + 1) if all(truth(substitute(p, {"n": number(n)})) for p in plain)]
    return (allowed[0], allowed[-1]) if allowed else (1, 0)


def looked_at(formulas: list[Term], within: Restriction) -> Restriction:
    """The dimensions and numbers of tasks that make a difference to the formulas."""
    fewest = within.tasks[0]
    tasks = within.tasks if Needs.of(formulas).tasks else (fewest, fewest)
    return replace(within, dimensions=possible_dimensions(formulas, within.dimensions), tasks=tasks)
