"""A stored derivation as numbered steps: what each adds, by which rule or theorem, from which earlier steps.

The kernel's own checker takes the steps, so that a report shows what was checked; the kernel has checked it already, and
nothing rests on what is written here.  A derivation refutes what it assumes: the hypotheses and the negated conclusion.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import final

from ..certificates import Certificate, Defined, Derivation, Instance, Proof, Refutation, Specialisation
from ..claims import AtProblem, Claim, EveryCombination, ForAllProblems, SomeProblem, Statement, Theorem, Universe
from ..kernel import lemmas
from ..kernel.polynomial import Ring
from ..kernel.reading import specialised
from ..kernel.rules import CONSTANTS, cases, formulas, setting, sizes
from ..kernel.tableau import Checker
from ..kernel.unfold import Reading, rational_point
from ..printing import text
from ..terms import Term, free_symbols, negation
from .readable import readable
from .relevance import Step, relevant
from .telling import Teller

LAST = 120
"""Of a longer derivation a report tells cases, theorems and ends of branches only, and of these so many; the certificate has
it whole."""
ROUTINE = ("instance", "rule", "derivative")


@final
@dataclass(frozen=True)
class Telling:
    """The steps told; what they show: a `proof` or `refutation` of the claim, or the `failure` of
    its conclusion for one problem; how many the certificate has on which nothing rests; how many
    are left to it for length."""

    steps: tuple[Step, ...]
    shows: str = "proof"
    idle: int = 0
    left: int = 0


def narrated(claim: Claim, certificate: Certificate, theorems: Mapping[str, Theorem]) -> tuple[Step, ...]:
    """The steps of a certificate that argues; none for one that only exhibits or computes."""
    return told(claim, certificate, theorems).steps


def told(claim: Claim, certificate: Certificate, theorems: Mapping[str, Theorem]) -> Telling:
    """The steps of a certificate that argues, without those that nothing rests on; of a long one the outline.

    Raises what the kernel raises for a certificate that it rejects.
    """
    teller = Teller(Checker(theorems, Ring()))
    checker = teller.checker
    match claim, certificate:
        case (ForAllProblems(universe), Derivation(proof)) | (SomeProblem(universe), Refutation(proof, _)):
            _about_all(teller, universe, formulas(claim), proof)
        case EveryCombination(universe), Refutation(proof, which):
            _about_all(teller, universe, cases(claim)[which], proof)
        case AtProblem(problem, formula), Defined(_, made) | (Derivation() | Refutation() as made):
            checker.reading = Reading(problem)
            read = checker.reading.formula(formula, {})
            teller.begin([], [negation(read) if isinstance(made, Derivation) else read], made.proof, frozenset())
        case Statement(), Derivation(proof):
            checker.normaliser.naturals = frozenset(n.name for n in claim.naturals)
            names = checker.normaliser.naturals.union(a.name for a in claim.arrays)
            teller.begin(sizes(claim), [negation(claim.formula)], proof, names)
        case Statement(), Specialisation(values, functions, entries, proof):
            teller.begin([], [specialised(claim, values, functions, entries)], proof, frozenset())
    last = certificate.then if isinstance(certificate, Defined) else certificate
    return _telling(teller, "proof" if isinstance(last, Derivation) else "refutation")


def told_failure(instance: Instance, conclusion: Term, theorems: Mapping[str, Theorem]) -> Telling:
    """Why the conclusion fails for the problem and the point of a counterexample."""
    teller = Teller(Checker(theorems, Ring()))
    reading = teller.checker.reading = Reading(instance.problem, instance.maps)
    read = reading.formula(conclusion, {"phi": rational_point(instance.point)})
    teller.begin([], [read], instance.facts[-1], frozenset())
    return _telling(teller, "failure")


def _telling(teller: Teller, shows: str) -> Telling:
    whole = relevant(teller.steps)
    shown = whole if len(whole) <= LAST else outline(whole)
    return Telling(tuple(map(_readable, shown)), shows, _count(teller.steps) - _count(whole), _count(whole) - _count(shown))


def step_text(step: Step) -> str:
    """The step in a line: what it adds, by what, and from which steps."""
    parts = [" or ".join(text(f if holds else negation(f)) for f, holds in one) for one in step.facts]
    by = " ".join(filter(None, (step.kind, step.name, "of " + ", ".join(map(str, step.after)) if step.after else "")))
    return "  " * step.depth + (f"{step.number}. " if step.number else "") + ": ".join(filter(None, (by, " and ".join(parts))))


def _readable(step: Step) -> Step:
    """The step with the kernel's names of variables as a reader writes them."""
    facts = tuple(tuple((readable(f), holds) for f, holds in parts) for parts in step.facts)
    return replace(step, facts=facts, inserted=tuple(map(readable, step.inserted)))


def _about_all(teller: Teller, universe: Universe, facts: list[Term], proof: Proof) -> None:
    rough = frozenset() if universe.smoothness in ("C2", "C3") else lemmas.SMOOTH
    many = any("steps" in free_symbols(fact) for fact in facts)
    teller.checker.refused = rough | (lemmas.ONE_STEP if many else frozenset())
    teller.begin(setting(universe), facts, proof, CONSTANTS)


def _count(steps: Sequence[Step]) -> int:
    return sum(step.number > 0 for step in steps)


def outline(steps: Sequence[Step]) -> tuple[Step, ...]:
    """Assumptions, cases, what is shown, and ends of branches, as deep in cases as leaves at most `LAST` of these, and every
    use of a cited theorem; the numbers stay."""
    main = [step for step in steps if step.kind not in ROUTINE]
    deepest = max((step.depth for step in main), default=0)
    while deepest > 0 and sum(step.depth <= deepest for step in main) > LAST:
        deepest -= 1
    return tuple(
        step for step in steps if step.kind in ("given", "theorem") or (step.kind not in ROUTINE and step.depth <= deepest)
    )


__all__ = ["LAST", "Step", "Telling", "narrated", "outline", "step_text", "told", "told_failure"]
