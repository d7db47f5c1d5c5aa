"""Conjectures that follow by implications of a theory: which are used, and that their proofs are repeated."""

from __future__ import annotations

import pytest

from metaid_symbolic import analysis
from metaid_symbolic.certificates import Derivation
from metaid_symbolic.claims import ForAllProblems, Universe
from metaid_symbolic.kernel import check
from metaid_symbolic.search import Settings
from metaid_symbolic.search.implications import by_implications, chain, implications
from metaid_symbolic.store.loading import load
from metaid_symbolic.store.locating import locate
from metaid_symbolic.terms import Term
from metaid_symbolic.theory import Claim, Theory

LATTICE = load(locate("@lattice")).theory


def asked(source: str, cite: bool = True) -> Claim:
    theory = Theory("asked")
    if cite:
        analysis.cite(theory)
    theory.claim("asked", source)
    return theory["asked"]


def library(*sources: str) -> Settings:
    theory = Theory("library")
    for source in sources:
        theory.claim(source.replace(" => ", "/"), source, expected=True)
    return Settings(library=lambda: [tuple(theory.claims.values())])


def sides(source: str) -> tuple[list[Term], Term]:
    made = asked(source).assertion
    assert isinstance(made, ForAllProblems)
    return [h.formula for h in made.hypotheses], made.conclusion.formula


OF_LATTICE = Settings(library=lambda: [tuple(LATTICE.claims.values())])
FOUND = {
    "INJ => PROF": ("INJ/LAW", "LAW/PROF"),
    "SPAN & STRONG & INTERP => CONV": ("STRONG/SCONV", "SCONV/CONV"),
    "TCONV & STRONG => CONV": ("TCONV/CONV",),
    "INTERP & GVAR => WEAK": ("INTERP/WEAK",),
    "GVAR & SAME => UNIQ": ("GVAR/not-SAME",),
    "SPAN & INTERP & FRANK => COERC": ("SPAN/not-FRANK",),
}


@pytest.mark.parametrize("source", FOUND)
def test_proofs_of_implications_become_part_of_a_proof_of_what_follows(source: str) -> None:
    claim = asked(source)
    (found,) = by_implications(claim, OF_LATTICE)
    assert found.method.removeprefix("implications ") == ", ".join(FOUND[source])
    assert isinstance(found.certificate, Derivation) and claim.assertion is not None
    assert all(check(claim.assertion, found.certificate, {}, arithmetic).truth for arithmetic in ("python", "flint"))


def test_a_theorem_that_may_not_be_cited_is_not() -> None:
    assert [f.method for f in by_implications(asked("SLM => CRIT"), OF_LATTICE)] == ["implications SLM/CRIT"]
    assert not list(by_implications(asked("SLM => CRIT", cite=False), OF_LATTICE))


@pytest.mark.parametrize("source", ["EXISTS => UNIQ", "EXISTS & CRIT => INJ"])
def test_false_implications_prove_nothing(source: str) -> None:
    assert not list(by_implications(asked(source), library("EXISTS => UNIQ", "UNIQ => INJ")))


def test_the_shortest_way_is_taken_and_none_where_there_is_none() -> None:
    settings = library("INJ => LAW", "LAW => PROF", "PROF => LPROF", "INJ => PROF", "FPD => SPAN")
    listed = [one for claims in settings.library() for one in implications(claims, Universe())]
    given = {source: sides(source) for source in ("INJ => LPROF", "INJ => SPAN", "INJ & FPD => SPAN")}
    names = {source: [claim.id for _, _, claim in chain(*both, listed)] for source, both in given.items()}
    assert names == {"INJ => LPROF": ["INJ/PROF", "PROF/LPROF"], "INJ => SPAN": [], "INJ & FPD => SPAN": ["FPD/SPAN"]}
