"""Which examples of the collection may satisfy given formulas."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from ..claims import Universe
from ..conditions import TABLE, Conditions
from ..examples.collection import Example, collection
from ..terms import Term, negation
from .problems.restriction import Restriction
from .problems.sampling import Look


def fitting(universe: Universe, formulas: list[Term], within: Restriction, sure: bool = False) -> Iterator[Example]:
    """The examples whose tables do not contradict the formulas, and for which the other formulas look possible; those that the
    tables say to be examples, where one is `sure`.

    The tables are about finite laws on open connected domains.
    """
    if universe.law != "finite" or universe.domain not in ("open", "whole", "any"):
        return
    for example in collection():
        problem = example.problem
        fits = not (problem.constraints and universe.domain == "whole")
        if fits and within.admits(problem) and all(_agrees(example, f, sure) for f in formulas):
            look = Look(problem)
            if all(look.possible(f, True, example.point) for f in formulas if f not in _codes()):
                yield example


def _agrees(example: Example, formula: Term, sure: bool) -> bool:
    code, holds = _codes().get(formula, ("", True))
    return example.truth(code) in (holds, holds if sure else None) if code else not sure


@cache
def _codes() -> dict[Term, tuple[str, bool]]:
    """The condition that a formula is, or is the negation of."""
    known = {code: Conditions().parse(code) for code in TABLE}
    return {f: (c, True) for c, f in known.items()} | {negation(f): (c, False) for c, f in known.items()}
