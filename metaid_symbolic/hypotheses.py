"""An implication with a hypothesis less, or one more: what it needs, and what would repair it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import final

from .certificates import Instance
from .claims import ForAllProblems, Labelled, Statement
from .conditions import TABLE, Conditions
from .kernel.rules import formulas
from .pipeline import Notify, Options, examine
from .printing import text
from .store.loading import in_memory
from .terms import Term, conjunction
from .theory import Claim, Theory
from .verdicts import Result, Verdict
from .worker import stated

LEAST_SECONDS, MOST_REPAIR_SECONDS = 3.0, 30.0
"""For one search of several; for the repairs that known implications suggest, and for the others, together."""


@final
@dataclass(frozen=True)
class Repair:
    """Adding `condition` to the hypotheses makes the implication true, by `result`."""

    condition: str
    result: Result

    def __repr__(self) -> str:
        return f"add {self.condition}"


def quiet(result: Result, done: int, total: int) -> None:
    """Progress that nobody wants to see."""


def alone(*claims: Claim) -> Theory:
    """A theory of these claims and the theorems that they may cite, with no ties to others."""
    theory = Theory("search")
    for claim in claims:
        theory.claims[claim.id] = replace(claim, uses=(), repairs="", specialises="", readings=(), label="")
        theory.theorems.update({t.name: t for t in claim.cited})
    return theory


def shared(options: Options, searches: int, seconds: float) -> Options:
    """The options with so many seconds for all searches together, as far as that leaves some for each."""
    most = options.limits.seconds
    each = seconds * (options.limits.jobs or os.cpu_count() or 1) / max(searches, 1)
    return replace(options, limits=replace(options.limits, seconds=min(most, max(LEAST_SECONDS, each))))


def weakened(claim: Claim, implication: ForAllProblems | Statement) -> list[tuple[str, Claim]]:
    """The claim without each of its hypotheses, with what was left out; those inside the conclusion included.  The author's steps
    are kept, for where they do not use the hypothesis they prove it."""
    bare, made = replace(claim, expected=None, hint=None), list[tuple[str, ForAllProblems | Statement]]()
    if isinstance(implication, Statement):
        made += [(text(part), replace(implication, formula=rest)) for part, rest in _relaxed(implication.formula)]
    else:
        end = implication.conclusion
        for one in implication.hypotheses:
            made.append((one.label, replace(implication, hypotheses=tuple(h for h in implication.hypotheses if h is not one))))
        for part, rest in _relaxed(end.formula) if end.label not in TABLE else ():
            made.append((text(part), replace(implication, conclusion=Labelled(f"{end.label} without {text(part)}", rest))))
    return [(label, replace(bare, assertion=weaker)) for label, weaker in made]


def _relaxed(formula: Term) -> Iterator[tuple[Term, Term]]:
    """Inside `forall x: A & B => C` each member of A & B, and the formula without it; where x is in the domain stays."""
    if formula.head == "forall":
        name, sort, body = formula.args
        yield from ((part, Term("forall", (name, sort, rest))) for part, rest in _relaxed(body))
    if formula.head == "implies":
        left, right = formula.args
        members = left.args if left.head == "and" else (left,)
        for one in (m for m in members if not (m.head == "pred" and m.args[0] == "Phi")):
            others = [m for m in members if m is not one]
            yield one, Term("implies", (conjunction(others), right)) if others else right
        yield from ((part, Term("implies", (left, rest))) for part, rest in _relaxed(right))


def repairs(result: Result, options: Options, notify: Notify) -> tuple[Repair, ...]:
    """The conditions of the table, one at a time, whose addition to the hypotheses makes a refuted implication a proved one.

    Only what is proved within the time is listed, and only if some meta-problem satisfies all hypotheses.
    """
    claim = result.claim
    if result.verdict is not Verdict.REFUTED or not isinstance(claim.assertion, ForAllProblems):
        return ()
    candidates = {f"{claim.id}/{name}": (name, made) for name, made in strengthened(claim, result.certificate)}
    theory = alone(*(replace(made, id=key) for key, (_, made) in candidates.items()))
    library = [one for claims in stated(tuple(options.search.get("theories", ()))) for one in claims]
    likely = [key for key, (_, made) in candidates.items() if _follows(made, library)]
    results = list[Result]()
    for chosen in (likely, [key for key in candidates if key not in likely]):
        results += examine(in_memory(theory), chosen, shared(options, len(chosen), MOST_REPAIR_SECONDS), notify) if chosen else ()
    proved = [r for r in results if r.verdict in (Verdict.PROVED, Verdict.ASSUMED) and r.vacuity == "nonvacuous"]
    return tuple(Repair(candidates[r.id][0], r) for r in proved)


def _follows(claim: Claim, library: Sequence[Claim]) -> bool:
    """Whether implications of the library lead from the hypotheses to the conclusion."""
    from .search.implications import chain, implications

    made = claim.assertion
    assert isinstance(made, ForAllProblems)
    return bool(chain([h.formula for h in made.hypotheses], made.conclusion.formula, implications(library, made.universe)))


def strengthened(claim: Claim, refuting: object = None) -> list[tuple[str, Claim]]:
    """The claim with one more hypothesis, for each condition that is neither assumed nor the conclusion itself, and of which
    neither the counterexample nor an example of the collection suggests that it repairs nothing."""
    implication, table = claim.assertion, Conditions()
    assert isinstance(implication, ForAllProblems)
    taken = {h.formula for h in (*implication.hypotheses, implication.conclusion)}
    made = []
    for name in TABLE:
        formula = table.parse(name)
        more = replace(implication, hypotheses=(*implication.hypotheses, Labelled(name, formula)))
        if formula not in taken and not _holds_at(refuting, formula) and not _exemplified(more):
            made.append((name, replace(claim, assertion=more, expected=None, hint=None, by=(), through=())))
    return made


def _holds_at(refuting: object, formula: Term) -> bool:
    """Whether the formula seems to hold at a counterexample."""
    from .search.problems.sampling import Look

    return isinstance(refuting, Instance) and not Look(refuting.problem).possible(formula, False, refuting.point)


def _exemplified(implication: ForAllProblems) -> bool:
    """Whether the table of an example says that it refutes the implication."""
    from .search.examples import fitting
    from .search.problems.restriction import Restriction

    return any(fitting(implication.universe, formulas(implication), Restriction(), sure=True))
