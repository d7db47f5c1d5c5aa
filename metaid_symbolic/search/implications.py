"""Claims about all problems by way of implications that theories prove: A & B => C from A => D and B & D => C, or B => not D.

Which ones lead from hypotheses to conclusion is found by comparing formulas.  Their proofs are searched again, by the steps that
their authors name, and become part of the proof of the claim: nothing is taken over unproved.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ..certificates import Derivation
from ..claims import ForAllProblems, Universe
from ..kernel.rules import formulas
from ..terms import Term, negation
from ..theory import Claim
from . import Finding, Settings
from .derivation import Steps, derive_by_way

Implication = tuple[tuple[Term, ...], Term, Claim]
"""Hypotheses, conclusion, and the claim that states it."""


def by_implications(claim: Claim, settings: Settings) -> Iterator[Finding]:
    """What follows by the implications of the theories at hand, of few theories if these are enough."""
    assertion = claim.assertion
    if settings.blind or not isinstance(assertion, ForAllProblems) or assertion.universe.law != "finite":
        return
    listed, cited, before = list[Implication](), {t.name: t for t in claim.cited}, tuple[Implication, ...]()
    for claims in settings.library():
        listed += implications((one for one in claims if one.id != claim.id), assertion.universe)
        used = chain([h.formula for h in assertion.hypotheses], assertion.conclusion.formula, listed)
        if used != before:
            lemmas = [(given, conclusion, Steps(one.by, one.through)) for given, conclusion, one in used]
            proof = derive_by_way(assertion.universe, formulas(assertion), cited, lemmas)
            if proof is not None:
                yield Finding(Derivation(proof), "implications " + ", ".join(one.id for _, _, one in used))
                return
        before = used


def implications(claims: Iterable[Claim], universe: Universe) -> Iterator[Implication]:
    """Those that are expected to be true of all problems, or of the problems of this universe."""
    for one in claims:
        made = one.assertion
        if isinstance(made, ForAllProblems) and one.expected and made.universe in (Universe(), universe) and made.hypotheses:
            yield tuple(h.formula for h in made.hypotheses), made.conclusion.formula, one


def chain(hypotheses: Iterable[Term], conclusion: Term, listed: Iterable[Implication]) -> tuple[Implication, ...]:
    """Implications that lead from the hypotheses to the conclusion, or else to a contradiction, with few steps that authors name,
    in an order in which each can be used; none where they do not."""
    rules: Sequence[Implication] = tuple(listed)
    known: dict[Term, tuple[Implication, ...]] = dict.fromkeys(hypotheses, ())
    grows = True
    while grows:
        grows = False
        for rule in rules:
            given, made, _ = rule
            if all(h in known for h in given):
                used = (*dict.fromkeys(one for h in given for one in known[h]), rule)
                if made not in known or sum(map(_length, used)) < sum(map(_length, known[made])):
                    known[made], grows = used, True
    if conclusion in known:
        return known[conclusion]
    clashes = ((*used, *known[negation(made)]) for made, used in known.items() if negation(made) in known)
    return tuple(dict.fromkeys(min(clashes, key=lambda used: sum(map(_length, used)), default=())))


def _length(implication: Implication) -> int:
    _, _, claim = implication
    return 1 + len(claim.by) + len(claim.through)
