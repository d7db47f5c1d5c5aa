"""Formulas about one meta-problem: proved or refuted as a whole, member by member, or on boxes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import final

from ..calculus.domains import domain_of
from ..certificates import Defined, Derivation, Proof, Refutation, Split
from ..claims import AtProblem
from ..kernel.branch import Branch, sort_of
from ..kernel.normal import Normaliser
from ..kernel.polynomial import Ring, TooLarge
from ..kernel.rejection import Rejected
from ..kernel.tableau import disjunction_of
from ..kernel.unfold import Reading
from ..problems import MetaProblem
from ..terms import IllFormed, Term, negation
from ..theory import Claim
from . import Finding, Settings
from .enclosures import enclosing
from .minimising import Minimisers, minimisers
from .problems.landmarks import first_point, lowest, named_points, special_points
from .tableaux.candidates import Suggestions
from .tableaux.prover import Prover
from .tableaux.steps import without

MANY = 6
EASY, HARD = 300, 2000
"""Steps of the prover for one formula whose truth is all that is asked; against what its author expects, few."""


@final
@dataclass(frozen=True)
class Asked:
    """A formula about one problem as the kernel reads it, with proofs that the losses are defined and what helps to prove it."""

    formula: Term
    domain: tuple[Proof, ...]
    known: Minimisers
    about: Suggestions

    @classmethod
    def of(cls, claim: Claim, settings: Settings) -> Asked | None:
        """None for a claim of another kind, and where the losses are not seen to be defined."""
        if not isinstance(claim.assertion, AtProblem):
            return None
        problem = claim.assertion.problem
        domain = domain_of(problem)
        if domain.assumed or domain.proofs is None:
            return None
        try:
            read = Reading(problem).formula(claim.assertion.formula, {})
        except Rejected:
            return None
        known = minimisers(problem, claim.assertion.formula)
        terms = claim.hint.terms if claim.hint is not None and not settings.blind else ()
        return cls(read, domain.proofs, known, suggested(problem, read, known, terms))

    def finding(self, made: Derivation | Refutation, method: str) -> Finding:
        return Finding(Defined(self.domain, made) if self.domain else made, method)


def suggested(problem: MetaProblem, read: Term, known: Minimisers, terms: tuple[Term, ...] = ()) -> Suggestions:
    """The points that help to prove a formula: minimisers, points that it names, and special ones of the problem."""
    points = (*known.rational, *named_points(read, problem.dimension), *special_points(problem, first_point(problem)))
    return Suggestions(points=points, terms=terms, lowest=known.rational or lowest(problem, points))


def one_problem(claim: Claim, settings: Settings) -> Iterator[Finding]:
    """A formula about one problem, proved or refuted."""
    asked = Asked.of(claim, settings)
    if asked is None:
        return
    ways: list[tuple[Term, Callable[[Proof], Derivation | Refutation]]]
    ways = [(negation(asked.formula), Derivation), (asked.formula, _against)]
    first, second = ways if claim.expected else ways[::-1]
    likely = [(HARD, first)] if claim.expected is not None else [(HARD, first), (HARD, second)]
    for effort, (formula, made) in [(EASY, first), (EASY, second), *likely]:
        for prover in asked.known.provers(asked.about, effort):
            proof = prover.refute([formula])
            if proof is not None:
                yield asked.finding(made(proof), "tableau")
                return


def conjunction(claim: Claim, settings: Settings) -> Iterator[Finding]:
    """A conjunction of many conditions about one problem that is expected to hold, each proved by itself."""
    if not isinstance(claim.assertion, AtProblem) or claim.expected is False:
        return
    problem, formula = claim.assertion.problem, claim.assertion.formula
    asked = Asked.of(claim, settings) if formula.head == "and" and len(formula.args) >= MANY else None
    if asked is None:
        return
    branch = Branch(Normaliser(Ring(), sort_of), frozenset())
    proofs: list[Proof] = []
    try:
        branch.add(negation(asked.formula))
        if branch.closed or not branch.facts or type(branch.facts[0][0]) is not tuple:
            return
        for member in disjunction_of(branch, 0):
            leaf = branch.copy()
            leaf.add(*member)
            about = suggested(problem, member[0], asked.known)
            proof = Prover(about, effort=HARD).closed(without(leaf, 0))
            if proof is None:
                return
            proofs.append(proof)
    except (Rejected, TooLarge, IllFormed):
        return
    yield asked.finding(Derivation(Split(0, tuple(proofs))), "tableau")


def by_enclosures(claim: Claim, settings: Settings) -> Iterator[Finding]:
    """A formula about one problem whose minima or critical points are irrational: proved or refuted on boxes."""
    if isinstance(claim.assertion, AtProblem) and enclosing.without_rational_minimum(claim.assertion):
        yield from _enclosed(claim, claim.assertion)


def by_enclosures_at_last(claim: Claim, settings: Settings) -> Iterator[Finding]:
    """The same where simpler methods came first."""
    if isinstance(claim.assertion, AtProblem) and not enclosing.without_rational_minimum(claim.assertion):
        yield from _enclosed(claim, claim.assertion)


def _enclosed(claim: Claim, assertion: AtProblem) -> Iterator[Finding]:
    domain = domain_of(assertion.problem)
    for truth, proof in enclosing.proofs(claim, assertion) if not domain.assumed and domain.proofs is not None else ():
        made = Derivation(proof) if truth else _against(proof)
        yield Finding(Defined(domain.proofs, made) if domain.proofs else made, "enclosures", "")


def _against(proof: Proof) -> Refutation:
    return Refutation(proof, 0)
