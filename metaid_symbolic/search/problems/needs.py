"""What formulas mention, so that nothing else is enumerated."""

from __future__ import annotations

from dataclasses import dataclass

from ...terms import Term, free_symbols, number, substitute, subterms
from ..statements import truth

Range = tuple[int, int]
MEAN = frozenset({"F", "D2F", "D3F", "gd", "Phi", "whole", "open", "connected", "C1", "C2"})


@dataclass(frozen=True)
class Needs:
    """What the formulas mention, so that nothing else is enumerated; without `tasks` they speak of F alone, which every
    problem shares with one of a single task; `everywhere`: of adaptation or descent on R^n alone."""

    rate: bool
    point: bool
    descent: bool
    steps: bool
    tasks: bool
    everywhere: bool

    @staticmethod
    def of(formulas: list[Term]) -> Needs:
        names = frozenset().union(*(free_symbols(f) for f in formulas)) if formulas else frozenset()
        parts = [t for f in formulas for t in subterms(f)]
        functions = {t.args[0] for t in parts if t.head in ("app", "grad", "hess")} | names
        descent = any(t.head == "pred" and t.args[0] in ("gd", "sgd_variance_tends") for t in parts)
        rate = "alpha" in names or bool(functions & {"F_MAML", "reptile", "fomaml"})
        everywhere = rate or (descent and Term("pred", ("whole",)) in formulas)
        return Needs(rate, "phi" in names, descent, "steps" in names, not all(map(_about_the_mean, parts)), everywhere)


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
