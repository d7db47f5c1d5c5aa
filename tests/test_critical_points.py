"""Critical points and minima: counts and points that are known, proofs that the kernel accepts, and forgeries that it refuses."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from math import prod

import flint
import pytest
from test_sums_of_squares import polynomial

from metaid_symbolic.certificates import Combine, Cut, Derivation, Proof
from metaid_symbolic.claims import AtProblem, Statement
from metaid_symbolic.conditions import Conditions
from metaid_symbolic.kernel import Rejected, check
from metaid_symbolic.kernel.unfold import Reading
from metaid_symbolic.language import parse_term
from metaid_symbolic.problems import MetaProblem
from metaid_symbolic.search.algebra.critical_components import critical_components
from metaid_symbolic.search.algebra.critical_points import critical_points, evaluated, gradient
from metaid_symbolic.search.algebra.ideal_membership import cofactors, groebner_basis
from metaid_symbolic.search.algebra.polynomials import combination, times, value_at
from metaid_symbolic.search.algebra.quotient_ring import NotFinite, quotient_ring
from metaid_symbolic.search.algebra.real_roots import isolated, refined, sign_at
from metaid_symbolic.search.minimising import minimisers
from metaid_symbolic.search.positivity.argmin import coercive, infimum
from metaid_symbolic.search.positivity.curves import falling_curve
from metaid_symbolic.search.tableaux.candidates import Suggestions
from metaid_symbolic.search.tableaux.prover import Prover
from metaid_symbolic.terms import TRUE, negation, symbol

parse = Conditions().parse

COUNTS = {
    "one minimum": ("(x - 3/7)^2 + (y - x)^2", 1, 1, 1),
    "saddle and minimum": ("x^3 + y^3 - 3*x*y", 4, 4, 2),
    "nine in a grid": ("(x^2 - 1)^2 + (y^2 - 4)^2", 9, 9, 9),
    "a tie of two": ("x^6 + y^6 - 6*x*y", 25, 25, 3),
    "a multiple point": ("x^4 + y^4 + z^4 - 4*x*y*z", 27, 17, 5),
    "a point of multiplicity 9": ("x^4 + y^4", 9, 1, 1),
    "irrational": ("x^4 + y^4 + z^4 + x*y*z + x - y + 2*z", 27, 27, 1),
    "no Groebner basis by itself": ("(x^2 - 1)^2 + (x^2*y - x - 1)^2", 2, 2, 2),
    "none at all": ("x^3 + x + y^2", 2, 2, 0),
    "none, not even complex": ("x + y^2", 0, 0, 0),
}


@pytest.mark.parametrize(("source", "complex_count", "different", "real"), COUNTS.values(), ids=COUNTS)
def test_counts_critical_points(source: str, complex_count: int, different: int, real: int) -> None:
    found = critical_points(polynomial(source))
    assert (found.multiplicity, found.ring.size, len(found.real)) == (complex_count, different, real)


@pytest.mark.parametrize("source", [row[0] for row in COUNTS.values()], ids=COUNTS)
def test_the_gradient_vanishes_at_every_real_critical_point(source: str) -> None:
    p = polynomial(source)
    for point in critical_points(p).real:
        rational = point.family.rational
        for slope in gradient(p):
            if rational is not None:
                assert value_at(slope, rational) == 0
            with flint.ctx.workprec(128):
                assert evaluated(slope, point.enclosure(128)).contains(0)


def test_coordinates_are_exact_polynomials_in_one_algebraic_number() -> None:
    p = polynomial("x^6 + y^6 - 12*x*y")
    family = critical_points(p).ranked(p)[0][0].family
    modulus = flint.fmpq_poly(family.polynomial)
    x, y = family.coordinates
    assert (x**4 - 2) % modulus == 0
    assert (x - y) % modulus == 0


TIES = {
    "two": ("x^6 + y^6 - 6*x*y", [2, 1]),
    "four": ("x^4 + y^4 + z^4 - 4*x*y*z", [4, 1]),
    "irrational values": ("x^6 + y^6 - 12*x*y", [2, 1]),
    "by exchange": ("(x^2 - 2)^2 + (y^2 - 3)^2", [4, 2, 2, 1]),
    "almost a tie": ("(x^2 - 1)^2 + y^2 + x/1000000000", [1, 1, 1]),
}


@pytest.mark.parametrize(("source", "sizes"), TIES.values(), ids=TIES)
def test_critical_values_are_compared_exactly(source: str, sizes: list[int]) -> None:
    p = polynomial(source)
    assert [len(group) for group in critical_points(p).ranked(p)] == sizes


NOT_FINITE = {
    "a circle": ("(x^2 + y^2 - 1)^2", "infinitely many"),
    "a line": ("(x - y)^2", "infinitely many"),
    "a variable that does not occur": ("(x - 1)^2 + 0*y", "does not depend on variable 2"),
    "a constant": ("3 + 0*x", "constant"),
}


@pytest.mark.parametrize(("source", "reason"), NOT_FINITE.values(), ids=NOT_FINITE)
def test_says_why_there_is_no_finite_list(source: str, reason: str) -> None:
    with pytest.raises(NotFinite, match=reason):
        critical_points(polynomial(source, 2 if "y" in source else 1))


def test_a_common_factor_splits_off_a_circle() -> None:
    found = critical_components(polynomial("(x^2 + y^2 - 1)^2"))
    assert found.surfaces == ((polynomial("x^2 + y^2 - 1"), Fraction(0)),)
    assert [p.family.rational for p in found.isolated.real] == [(Fraction(0), Fraction(0))]


def test_a_common_factor_splits_off_two_lines_with_different_values() -> None:
    found = critical_components(polynomial("2*x^3 - 3*x^2 + 0*y", 2))
    assert {value for _, value in found.surfaces} == {Fraction(0), Fraction(-1)}
    assert found.isolated.real == []


@pytest.mark.parametrize("source", ["(x - y)^2 + (z - 1)^2", "x^2 + 0*y"])
def test_says_where_no_common_factor_splits_the_critical_set(source: str) -> None:
    p = polynomial(source, 3 if "z" in source else 2)
    if "z" in source:
        with pytest.raises(NotFinite, match="infinitely many"):
            critical_components(p)
    else:
        assert [value for _, value in critical_components(p).surfaces] == [Fraction(0)]


def test_a_polynomial_over_the_limit_is_refused_with_both_numbers() -> None:
    with pytest.raises(NotFinite, match="125 complex zeros, over the limit of 100"):
        critical_points(polynomial("x^6 + y^6 + z^6 + x*y*z"), largest=100)


def test_an_inconsistent_system_has_no_points() -> None:
    assert quotient_ring([polynomial("x*y - 1", 2), polynomial("x", 2)]).size == 0


ROOTS = {
    "none": ([1, 0, 1], 0),
    "rational and met by bisection": ([0, -1, 0, 1], 3),
    "close together": ([-(10**18) + 1, 2 * 10**18, -(10**18)], 2),
    "of very different sizes": ([1, -(10**30), 1], 2),
    "Wilkinson": (
        [int(c) for c in prod((flint.fmpz_poly([-k, 1]) for k in range(1, 16)), start=flint.fmpz_poly([1])).coeffs()],
        15,
    ),
}


@pytest.mark.parametrize(("coefficients", "count"), ROOTS.values(), ids=ROOTS)
def test_isolates_real_roots(coefficients: list[int], count: int) -> None:
    p = flint.fmpz_poly(coefficients)
    found = isolated(p)
    assert len(found) == count
    for low, high in found:
        assert sign_at(p, low) * sign_at(p, high) == -1
        a, b = refined(p, (low, high), 80)
        assert low <= a <= b <= high
        assert b - a < Fraction(1, 2**79)
    assert all(a[1] < b[0] for a, b in pairwise(found))


def test_cofactors_add_up_to_the_member() -> None:
    system = [polynomial("x^2 - y", 2), polynomial("y^2 - x", 2)]
    goal = polynomial("x^4 - x", 2)
    found = cofactors(goal, system, 4)
    assert found is not None
    assert combination((Fraction(1), times(h, f)) for h, f in zip(found, system, strict=True)) == goal
    assert cofactors(polynomial("x - 2", 2), system, 6) is None


def test_a_groebner_basis_that_outgrows_its_limit_is_none() -> None:
    system = [polynomial("x^3 + y*z + 1", 3), polynomial("y^3 + x*z^2 - 2", 3), polynomial("x*y*z - z + 3", 3)]
    assert groebner_basis(system, most=3) is None


INFIMA = {
    "rational": ("x^2 + (y - x)^2 - 2*x", "attained", -1),
    "Motzkin": ("x^4*y^2 + x^2*y^4 - 3*x^2*y^2 + 1", "attained", 0),
    "at irrational points": ("(x*y - 1)^2 + 1/2*x^2 + 1/2*y^2", "attained", Fraction(3, 4)),
    "on a circle": ("(x^2 + y^2 - 1)^2", "attained", 0),
    "a constant": ("5", "attained", 5),
    "falls in all directions": ("-x^2", "unbounded", None),
    "falls along a curve": ("x^2*y^2 - 3*x*y^3 + y^2", "unbounded", None),
    "odd degree": ("x^3 + y^2", "unbounded", None),
    "linear": ("x", "unbounded", None),
    "not attained": ("(x*y - 1)^2 + x^2", "not attained", 0),
    "not attained, raised": ("(x*y - 1)^2 + x^2 + 3", "not attained", 3),
}


@pytest.mark.parametrize(("source", "kind", "value"), INFIMA.values(), ids=INFIMA)
def test_finds_the_infimum(source: str, kind: str, value: Fraction | None) -> None:
    found = infimum(polynomial(source))
    assert (found.kind, found.value) == (kind, value)


def test_a_falling_curve_falls() -> None:
    p = polynomial("x^2*y^2 - 3*x*y^3 + y^2")
    curve = falling_curve(p)
    assert curve is not None
    along = curve.along(p)
    assert max(along) > 0
    assert along[max(along)] < 0


@pytest.mark.parametrize("source", ["x^2 + y", "x^4 - 3*x^2*y^2 + y^4", "x^3", "x^4 + y^2"])
def test_does_not_call_coercive_what_has_no_positive_leading_form(source: str) -> None:
    assert not coercive(polynomial(source))


def problem_of(source: str) -> MetaProblem:
    return MetaProblem(tuple(symbol(n) for n in "xyz" if n in source), [parse_term(source)], [1])


def proof_of(source: str, formula: str, points: tuple[tuple[Fraction, ...], ...] = ()) -> tuple[AtProblem, Proof | None]:
    problem = problem_of(source)
    claim = AtProblem(problem, parse(formula))
    read = Reading(problem).formula(claim.formula, {})
    return claim, Prover(Suggestions(points=points, lowest=points), effort=200).refute([negation(read)])


def listed(points: list[tuple[int, ...]]) -> str:
    return " | ".join(f"z = [{', '.join(map(str, p))}]" for p in points) or "false"


COMPLETE: dict[str, tuple[str, list[tuple[int, ...]]]] = {
    "two": ("x^3 + y^3 - 3*x*y", [(0, 0), (1, 1)]),
    "two, by a Groebner basis": ("(x^2 - 1)^2 + (x^2*y - x - 1)^2", [(-1, 0), (1, 2)]),
    "25": ("x^6 + y^6 - 6*x*y", [(0, 0), (1, 1), (-1, -1)]),
    "27 with a multiple one": ("x^4 + y^4 + z^4 - 4*x*y*z", [(0, 0, 0), (1, 1, 1), (1, -1, -1), (-1, 1, -1), (-1, -1, 1)]),
    "49": ("x^8 + y^8 + x^3*y^2 - 11*x + 10*y", [(1, -1)]),
    "none": ("x^3 + x + y^2", []),
}


@pytest.mark.parametrize("arithmetic", ["python", "flint"])
@pytest.mark.parametrize(("source", "points"), COMPLETE.values(), ids=COMPLETE)
def test_the_kernel_accepts_that_the_list_is_complete(source: str, points: list[tuple[int, ...]], arithmetic: str) -> None:
    claim, proof = proof_of(source, f"forall z in Rn: grad F(z) = zero => {listed(points)}")
    assert proof is not None
    assert check(claim, Derivation(proof), {}, arithmetic).truth


@pytest.mark.parametrize("name", [name for name, (_, points) in COMPLETE.items() if points])
def test_a_point_too_few_is_not_proved_and_not_forged(name: str) -> None:
    source, points = COMPLETE[name]
    _, proof = proof_of(source, f"forall z in Rn: grad F(z) = zero => {listed(points)}")
    claim, wrong = proof_of(source, f"forall z in Rn: grad F(z) = zero => {listed(points[1:])}")
    assert wrong is None
    assert proof is not None
    with pytest.raises(Rejected):
        check(claim, Derivation(proof), {})


ARGMIN: dict[str, tuple[str, list[tuple[int, ...]]]] = {
    "a tie": ("x^6 + y^6 - 6*x*y", [(1, 1), (-1, -1)]),
    "one": ("x^8 + y^8 + x^3*y^2 - 11*x + 10*y", [(1, -1)]),
    "with a multiplier": ("x^4*y^2 + x^2*y^4 - 3*x^2*y^2 + 1", [(1, 1), (1, -1), (-1, 1), (-1, -1)]),
}


@pytest.mark.parametrize(("source", "points"), ARGMIN.values(), ids=ARGMIN)
def test_the_kernel_accepts_the_set_of_minimisers(source: str, points: list[tuple[int, ...]]) -> None:
    known = tuple(tuple(map(Fraction, p)) for p in points)
    claim, proof = proof_of(source, f"forall z in Rn: z in argmin F <=> {listed(points)}", known)
    assert proof is not None
    assert check(claim, Derivation(proof), {}).truth


@pytest.mark.parametrize(
    "formula",
    [
        "forall z in Rn: z in argmin F <=> z = [1, 1]",
        "forall z in Rn: z in argmin F <=> z = [1, 1] | z = [-1, -1] | z = [0, 0]",
        "forall z in Rn: -4 < F(z)",
        "forall z in Rn: -39/10 <= F(z)",
        "exists z in Rn: F(z) < -4",
    ],
)
def test_nothing_false_about_minima_is_proved(formula: str) -> None:
    known = ((Fraction(1), Fraction(1)), (Fraction(-1), Fraction(-1)))
    assert proof_of("x^6 + y^6 - 6*x*y", formula, known)[1] is None


def test_a_changed_cofactor_is_refused() -> None:
    claim, proof = proof_of("x^6 + y^6 - 6*x*y", f"forall z in Rn: grad F(z) = zero => {listed(COMPLETE['25'][1])}")
    assert proof is not None
    changed = spoiled(proof)
    assert changed != proof
    with pytest.raises(Rejected):
        check(claim, Derivation(changed), {})


def spoiled(proof: Proof) -> Proof:
    """The first combination of several summands, on the way of the first branches, without its last summand."""
    match proof:
        case Cut(formula, yes, Combine(summands)) if len(summands) > 1:
            return Cut(formula, yes, Combine(summands[:-1]))
        case Cut(formula, yes, no):
            return Cut(formula, yes, spoiled(no))
    return replace(proof, then=spoiled(proof.then)) if hasattr(proof, "then") else proof


VANISHING = {
    "two squares": ("forall x, y: (x - 1)^2 + (y - 2)^2 <= 0 => x = 1 & y = 2", True),
    "three unknowns": ("forall x, y, z: (x - y)^2 + 2*(y - z)^2 + (x + y + z - 3)^2 = 0 => x = 1 & z = 1", True),
    "factors": ("forall x, y: (x - x*y)^2 + ((1 - 2*y)*(x - 1))^2 <= 0 => (x = 0 & 2*y = 1) | (x = 1 & y = 1)", True),
    "irrational": ("forall x, y: (x*y - 1)^2 + 1/2*(x^2 + y^2) <= 3/4 => x = y & 2*x^2 = 1", True),
    "with a multiplier": ("forall x, y: x^4*y^2 + x^2*y^4 - 3*x^2*y^2 + 1 <= 0 => x^2 = 1 & y^2 = 1", True),
    "a system": ("forall x, y: x^5 = y & y^5 = x => x = y & (x = 0 | x = 1 | x = -1)", True),
    "a factor forgotten": ("forall x, y: (x - x*y)^2 + ((1 - 2*y)*(x - 1))^2 <= 0 => x = 1 & y = 1", False),
    "a bound that is too weak": ("forall x, y: (x - 1)^2 + (y - 2)^2 <= 1/1000 => x = 1 & y = 2", False),
    "a root forgotten": ("forall x, y: x^5 = y & y^5 = x => x = 0 | x = 1", False),
    "not all squares": ("forall x, y: (x - 1)^2 - (y - 2)^2 <= 0 => x = 1", False),
    "on an empty set": ("forall x: x^2 <= -1 => 0 < x - x", True),
    "an empty set is no example": ("exists x: x^2 <= -1 & 0 <= x", False),
}


@pytest.mark.parametrize(("source", "truth"), VANISHING.values(), ids=VANISHING)
def test_takes_vanishing_sums_of_squares_apart(source: str, truth: bool) -> None:
    claim = Statement((), (), (), parse(source))
    proof = Prover(Suggestions(), effort=100).refute([negation(claim.formula)])
    assert (proof is not None) == truth
    for arithmetic in ("python", "flint") if proof is not None else ():
        assert check(claim, Derivation(proof), {}, arithmetic).truth


ON_SETS = {
    "a box": ("forall x, y: 0 <= 1 - x^2 & 0 <= 1 - y^2 => 0 <= 3 + x*y - x^2*y - x", True),
    "a disc": ("forall x, y: x^2 + y^2 <= 1 => x + y <= 3/2", True),
    "a simplex": ("forall x, y: 0 <= x & 0 <= y & x + y <= 1 => 4*x*y <= 1", True),
    "false at one rational point": ("forall x, y: 0 <= 1 - x^2 & 0 <= 1 - y^2 => x*y < 1", False),
    "false at a corner": ("forall x, y: 0 <= x & 0 <= y & x + y <= 1 => 5*x*y <= 1", False),
    "too large for the limits": ("forall x, y: 0 <= 1 - x^2 => 0 <= x^40*y^40 + y^2 - x^39*y", False),
}


@pytest.mark.parametrize(("source", "truth"), ON_SETS.values(), ids=ON_SETS)
def test_proves_positivity_on_sets(source: str, truth: bool) -> None:
    claim = Statement((), (), (), parse(source))
    proof = Prover(Suggestions(), effort=100).refute([negation(claim.formula)])
    assert (proof is not None) == truth
    if proof is not None:
        assert check(claim, Derivation(proof), {}).truth


def test_an_empty_domain_proves_no_existence() -> None:
    problem = MetaProblem((symbol("x"),), [parse_term("x^2")], [1], constraints=(parse("x^2 < -1"),))
    assert minimisers(problem, TRUE).points == ()
    read = Reading(problem).formula(parse("exists z in Phi: F(z) <= 0"), {})
    assert Prover(Suggestions(), effort=60).refute([negation(read)]) is None
