"""Equations that hold at all real zeros of a system: identities, complete lists that the kernel accepts, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from test_critical_points import listed, problem_of, proof_of, spoiled
from test_sums_of_squares import polynomial

from metaid_symbolic.certificates import Combine, Cut, Derivation, Proof, Summand
from metaid_symbolic.kernel import Rejected, check
from metaid_symbolic.search.algebra.critical_points import gradient
from metaid_symbolic.search.algebra.polynomials import Polynomial, combination, degree_of, times, value_at
from metaid_symbolic.search.branches.real_zeros import RealEquations, real_equations

SYSTEMS: dict[str, tuple[list[str], list[str]]] = {
    "one real zero of 3": (["x^3 - 1", "y - x"], ["x - 1", "y - 1"]),
    "none of 4": (["x^2 + y", "y^2 + y + 1"], ["1"]),
    "two of 6, on a line": (["x^3 - x - 6*(x - 2)*(x + 3)*y", "y^2 - y"], []),
    "a pair of irrational ones": (["(x^2 - 2)*(x^2 + 1)", "y^3 - y*x^2 + y - x^3 + 2*x"], []),
}


def found_for(sources: list[str]) -> tuple[list[Polynomial], RealEquations | None]:
    system = [polynomial(source, 2) for source in sources]
    return system, real_equations(tuple(tuple(sorted(p.items())) for p in system))


@pytest.mark.parametrize(("sources", "equations"), SYSTEMS.values(), ids=SYSTEMS)
def test_the_identity_holds(sources: list[str], equations: list[str]) -> None:
    system, found = found_for(sources)
    assert found is not None
    parts = [(Fraction(1), times(q, q)) for q in found.equations]
    parts += [(c, times(q, q)) for c, q in found.squares]
    parts += [(Fraction(1), times(h, f)) for h, f in zip(found.cofactors, system, strict=True)]
    assert combination(parts) == {}
    assert all(c > 0 for c, _ in found.squares)
    for source in equations:
        assert any(degree_of(q) <= 1 and proportional(q, polynomial(source, 2)) for q in found.equations)


def proportional(p: Polynomial, q: Polynomial) -> bool:
    lead = max(q)
    return p.keys() == q.keys() and all(c * q[lead] == q[e] * p[lead] for e, c in p.items())


NOTHING = {
    "a multiple zero": ["x^2", "y - x"],
    "a multiple zero that is not real": ["(x^2 + 1)^2", "y - x"],
    "a curve": ["x*y - 1", "(x*y - 1)*x"],
    "a number of high degree": ["x^17 - 2", "y - x"],
}


@pytest.mark.parametrize("sources", NOTHING.values(), ids=NOTHING)
def test_finds_nothing(sources: list[str]) -> None:
    assert found_for(sources)[1] is None


def test_the_equations_hold_at_the_real_zeros_alone() -> None:
    _, found = found_for(["x^3 - 1", "y - x"])
    assert found is not None
    assert not any(value_at(q, [1, 1]) for q in found.equations)
    assert any(value_at(q, [2, 2]) for q in found.equations)


COMPLETE: dict[str, tuple[str, list[tuple[int, ...]]]] = {
    "125": ("x^6 + y^6 + z^6 + x^2*y*z - 2*x*z^3 + x*y - 7*x - 6*y + 11*z", [(1, 1, -1)]),
    "125, a symmetric one": ("x^6 + y^6 + z^6 - 3*x*y*z + x^2 + y^2 + z^2", [(0, 0, 0)]),
    "125, three": ("x^6 + y^6 + z^6 + x^2 + y^2 + z^2 - 4*x*y - 4*y*z - 4*z*x", [(0, 0, 0), (1, 1, 1), (-1, -1, -1)]),
}


@pytest.mark.parametrize(("source", "points"), COMPLETE.values(), ids=COMPLETE)
def test_the_kernel_accepts_a_complete_list_and_no_other(source: str, points: list[tuple[int, ...]]) -> None:
    formula = f"forall z in Rn: grad F(z) = zero => {listed(points)}"
    claim, proof = proof_of(source, formula)
    assert proof is not None
    for arithmetic in ("python", "flint"):
        assert check(claim, Derivation(proof), {}, arithmetic).truth
    fewer, none = proof_of(source, f"forall z in Rn: grad F(z) = zero => {listed(points[1:])}")
    assert none is None
    for wrong, certificate in ((fewer, proof), (claim, spoiled(proof)), (claim, negated(proof))):
        with pytest.raises(Rejected):
            check(wrong, Derivation(certificate), {})


def negated(proof: Proof) -> Proof:
    """The first cut's closing step with the last square of its sum counted twice."""
    match proof:
        case Cut(_, _, Combine(summands)):
            k = next(i for i, s in enumerate(summands) if not s.literals)
            more = Summand((), (*summands[k].squares, summands[k].squares[-1]), False)
            return replace(proof, no=Combine((*summands[:k], more, *summands[k + 1 :])))
    return replace(proof, then=negated(proof.then)) if hasattr(proof, "then") else proof


def test_the_gradient_vanishes_at_what_is_listed() -> None:
    for source, points in COMPLETE.values():
        slopes = gradient(polynomial(source, problem_of(source).dimension))
        assert all(not value_at(g, p) for g in slopes for p in points)
