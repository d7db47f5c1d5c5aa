"""Sums of squares: each identity is multiplied out exactly; half the rows have none."""

from __future__ import annotations

import random
import time
from fractions import Fraction

import pytest

from metaid_symbolic.language import parse_term
from metaid_symbolic.search.algebra.polynomials import (
    Point,
    Polynomial,
    Squares,
    combination,
    degree_of,
    monomials,
    one,
    times,
    value_at,
)
from metaid_symbolic.search.positivity import sums_of_squares
from metaid_symbolic.search.positivity.contact import without_zeros
from metaid_symbolic.search.positivity.gram import Block, orthogonal_to
from metaid_symbolic.search.positivity.sums_of_squares import (
    Representation,
    known_sum_of_squares,
    nonnegative_multiplier,
    positivstellensatz,
    strictly_positive,
    sum_of_squares,
)
from metaid_symbolic.terms import Term

MOTZKIN = "x^4*y^2 + x^2*y^4 - 3*x^2*y^2 + 1"
ROBINSON = "x^6 + y^6 + 1 - x^4*y^2 - x^4 - y^4*x^2 - y^4 - x^2 - y^2 + 3*x^2*y^2"


def polynomial(source: str, variables: int = 0) -> Polynomial:
    """In x, y, z, w, u, v: as many of them as occur, or the number given."""
    names = "xyzwuv"
    count = variables or max((i + 1 for i, name in enumerate(names) if name in source), default=1)

    def read(term: Term) -> Polynomial:
        match term.head, term.args:
            case "num", (value,):
                return {(0,) * count: value} if value else {}
            case "sym", (name,):
                return {tuple(int(name == n) for n in names[:count]): Fraction(1)}
            case "add", parts:
                return combination((Fraction(1), read(part)) for part in parts)
            case "mul", (first, *rest):
                made = read(first)
                for part in rest:
                    made = times(made, read(part))
                return made
            case "pow", (base, exponent) if exponent > 0:
                return read(Term("mul", (base,) * exponent))
        raise ValueError(f"{term} is no polynomial")

    return read(parse_term(source))


def added(squares: Squares) -> Polynomial:
    assert all(type(c) is Fraction and c > 0 for c, _ in squares)
    return combination((c, times(q, q)) for c, q in squares)


SUMS: dict[str, tuple[str, list[Point]]] = {
    "zero": ("0", []),
    "a positive number": ("3/4", []),
    "perfect square": ("x^2 + 2*x + 1", []),
    "quadratic form": ("2*x^2 - 2*x*y + y^2", []),
    "singular quadratic form": ("x^2 - 2*x*y + y^2 + z^2", []),
    "quadratic with a constant": ("x^2 + x + 1/4 + (y - 2*x)^2", []),
    "two minima in one variable": ("(x^2 - 1)^2", []),
    "two minima in the plane": ("(x^2 - 1)^2 + (x - y)^2", [(1, 1), (-1, -1)]),
    "two minima, found": ("(x^2 - 1)^2 + (x - y)^2", []),
    "irrational minima": ("(x^2 - 2)^2 + (x - y)^2", []),
    "irrational minima in both coordinates": ("(x^2 - 2)^2 + (y^2 - 3)^2", []),
    "minimum at 3/7, 5/11": ("(7*x - 3)^2*(1 + y^2) + (11*y - 5)^4 + (7*x - 3)^2*(11*y - 5)^2", []),
    "one variable, positive": ("x^4 + x + 1", []),
    "one variable, barely positive": ("x^4 - x + 119/250", []),
    "one variable, degree 8": ("x^8 + x^3 + 1", []),
    "one variable, a repeated root": ("(x - 1/3)^2*(x^4 + x + 1)", []),
    "a squared factor": ("((x - y)*(x*y - 1))^2*(x^2 + 1)", []),
    "arithmetic and geometric mean": ("x^4 + y^4 + z^4 + w^4 - 4*x*y*z*w", []),
    "mean of cubes": ("x^6 + y^6 + z^6 - 3*x^2*y^2*z^2", [(1, 1, 1)]),
    "sphere and line": ("(x^2 + y^2 + z^2 - 1)^2 + (x - y)^2 + (y - z)^4", []),
    "infimum not attained": ("(x*y - 1)^2 + x^2", []),
    "coefficients far apart": ("(x - 10)^6 + (y - 3)^2*(x + 1)^2 + 1", []),
    "curve of zeros": ("(x^2 + y^2 - 1)^2", []),
    "a tight quartic that lacks monomials": ("x^2*y^2 + x^2 + y^2 - 4*x*y + 1", []),
    "Motzkin with a multiplier": (f"(1 + x^2 + y^2)*({MOTZKIN})", []),
}

NO_SUMS = {
    "a negative number": "-1",
    "odd degree": "x^3 + 10*x^2 + 100",
    "indefinite form": "x^2 - 3*x*y + y^2",
    "circle": "x^2 + y^2 - 1",
    "indefinite without squares": "x*y",
    "linear": "x",
    "negative between roots": "x^4 - 3*x^2 + 2",
    "negative far away": "10 + x^2 - x^4/1000",
    "negative at one place": "x^4 - x + 47/100",
    "just below a square": "(x^2 - 2)^2 + (x - y)^2 - 1/1000000",
    "double well with a tilt": "(x^2 - 1)^2 + y^2 - x/10",
    "negative on a diagonal": "x^4 + y^4 - 2*x^2*y^2 - x^2*y^2/100",
    "a squared factor times one that changes sign": "(x - y)^2*(x + y)",
    "negative square": "-(x^2 + y)^2",
    "no leading square": "x^2*y + y^2",
    "missing corner": "x^2*y^2 + x + 5",
    "mixed monomial of even degree": "x^2 + y^2 + z^2 + x*y*z",
    "three means, too much": "x^6 + y^6 + z^6 - 4*x^2*y^2*z^2",
    "quartic in four variables": "x^4 + y^4 + z^4 + w^4 - 5*x*y*z*w",
    "negative near a corner": "x^2*y^2 + x^2 + y^2 - 5*x*y + 1",
    "Motzkin": MOTZKIN,
    "Choi-Lam": "x^4*y^2 + y^4*z^2 + z^4*x^2 - 3*x^2*y^2*z^2",
    "Robinson": "x^6 + y^6 + z^6 - x^4*y^2 - x^4*z^2 - y^4*x^2 - y^4*z^2 - z^4*x^2 - z^4*y^2 + 3*x^2*y^2*z^2",
    "Robinson in the plane": ROBINSON,
    "Motzkin, lowered": f"{MOTZKIN} - 1/100",
    "Motzkin, lowered, with a multiplier": f"(1 + x^2 + y^2)*({MOTZKIN}) - 1/100",
}


@pytest.mark.parametrize(("source", "zeros"), SUMS.values(), ids=SUMS)
def test_finds_a_sum_of_squares(source: str, zeros: list[Point]) -> None:
    p = polynomial(source)
    squares = sum_of_squares(p, zeros)
    assert squares is not None
    assert added(squares) == p


@pytest.mark.parametrize("source", NO_SUMS.values(), ids=NO_SUMS)
def test_finds_nothing_where_there_is_nothing(source: str) -> None:
    assert sum_of_squares(polynomial(source)) is None


def test_a_point_that_is_no_zero_does_no_harm() -> None:
    p = polynomial("x^4 + y^4 + x*y + 1")
    squares = sum_of_squares(p, [(0, 0)])
    assert squares is not None
    assert added(squares) == p


def test_the_result_does_not_change_from_run_to_run() -> None:
    p = polynomial("x^4 + y^4 + z^4 + x*y*z + x + 2")
    first = sum_of_squares(p)
    sums_of_squares._answers.cache_clear()
    assert first is not None and sum_of_squares(p) == first


POSITIVE = {
    "quadratic": "x^2 - x + 1",
    "barely positive": "x^4 - x + 119/250",
    "two variables": "(x^2 - 1)^2 + (x - y)^2 + 1/100",
    "sparse": "x^4*y^4 + x^2 + 1",
    "Motzkin, raised": f"{MOTZKIN} + 1/10",
}
NOT_POSITIVE = {
    "zero at a point": "(x^2 - 2)^2 + y^2",
    "zero": "0",
    "negative": "x^2 - 1",
    "Motzkin": MOTZKIN,
    "infimum 0": "(x*y - 1)^2 + x^2",
}


@pytest.mark.parametrize("source", POSITIVE.values(), ids=POSITIVE)
def test_shows_that_a_polynomial_is_strictly_positive(source: str) -> None:
    p = polynomial(source)
    found = strictly_positive(p, most=2)
    assert found is not None
    k, constant, squares = found
    assert constant > 0
    assert raised(p, k) == combination([(constant, one(p)), (Fraction(1), added(squares))])


@pytest.mark.parametrize("source", NOT_POSITIVE.values(), ids=NOT_POSITIVE)
def test_shows_no_positivity_where_there_is_none(source: str) -> None:
    assert strictly_positive(polynomial(source), most=0) is None


def raised(p: Polynomial, k: int) -> Polynomial:
    variables = len(next(iter(p)))
    for _ in range(k):
        p = times(p, polynomial(" + ".join(["1", *(f"{name}^2" for name in "xyzwuv"[:variables])])))
    return p


@pytest.mark.parametrize(("source", "power"), [("x^2 + 1", 0), (MOTZKIN, 1), (ROBINSON, 1), ("x^4 + y^4 + 1 - x^2*y^2*2", 0)])
def test_finds_the_least_multiplier(source: str, power: int) -> None:
    p = polynomial(source)
    found = nonnegative_multiplier(p)
    assert found is not None
    k, squares = found
    assert k == power
    assert added(squares) == raised(p, k)


@pytest.mark.parametrize("source", ["x^2 - 1", "x", "x*y", f"{MOTZKIN} - 1/100"])
def test_no_multiplier_helps_a_polynomial_that_is_negative_somewhere(source: str) -> None:
    assert nonnegative_multiplier(polynomial(source)) is None


REPRESENTED: dict[str, tuple[str, list[str], list[str], int]] = {
    "an equation alone": ("x^2 - 1", ["x - 1"], [], 2),
    "on a circle": ("1 - x", ["x^2 + y^2 - 1"], [], 2),
    "on a circle, both coordinates": ("2 - x - y", ["x^2 + y^2 - 1"], [], 2),
    "on an interval": ("1 - x^2", [], ["1 + x", "1 - x"], 3),
    "on an interval, of odd degree": ("2 + x^3", [], ["1 - x^2"], 4),
    "in a disc": ("3 - x - y", [], ["1 - x^2 - y^2"], 2),
    "tight in a disc": ("1 - x", [], ["1 - x^2 - y^2"], 2),
    "a contradiction": ("-1", ["x*y - 1", "x + y"], [], 2),
    "a contradiction between inequalities": ("-1", [], ["x - 1", "-x"], 2),
    "an equation that has to be squared": ("x*y", ["x - y"], [], 2),
    "two roots": ("1 - x", ["x^2 - x"], [], 2),
    "everything at once": ("z", ["z - x^2 - y"], ["y"], 2),
}
NOT_REPRESENTED: dict[str, tuple[str, list[str], list[str], int]] = {
    "negative on the circle": ("1/2 - x", ["x^2 + y^2 - 1"], [], 4),
    "negative at a root": ("x - 1/2", ["x^2 - x"], [], 4),
    "wrong side": ("x", [], ["-x"], 4),
    "negative in the disc": ("1/2 - x", [], ["1 - x^2 - y^2"], 4),
    "no contradiction": ("-1", ["x*y - 1"], [], 4),
    "no contradiction, with room": ("-1", [], ["x", "1 - x"], 4),
    "degree too low": ("2 + x^3", [], ["1 - x^2"], 2),
    "no conditions": ("x^2 - 1", [], [], 4),
    "a cone": ("x*y", ["z - 1"], ["x"], 3),
    "two of three": ("1 - x*y", ["x^2 - 4"], ["y"], 4),
    "far too weak": ("x - 3", [], ["x - 1", "5 - x"], 4),
    "an equation of another variable": ("x", ["y"], [], 3),
}


@pytest.mark.parametrize(("goal", "equations", "inequalities", "degree"), REPRESENTED.values(), ids=REPRESENTED)
def test_represents_a_goal(goal: str, equations: list[str], inequalities: list[str], degree: int) -> None:
    g, hs, gs = parsed(goal, equations, inequalities)
    found = positivstellensatz(g, hs, gs, degree)
    assert found is not None
    assert multiplied_out(found, hs, gs) == g


@pytest.mark.parametrize(("goal", "equations", "inequalities", "degree"), NOT_REPRESENTED.values(), ids=NOT_REPRESENTED)
def test_represents_nothing_that_is_false(goal: str, equations: list[str], inequalities: list[str], degree: int) -> None:
    assert positivstellensatz(*parsed(goal, equations, inequalities), degree) is None


def parsed(goal: str, equations: list[str], inequalities: list[str]) -> tuple[Polynomial, list[Polynomial], list[Polynomial]]:
    everything = goal + "".join(equations + inequalities)
    count = max(i + 1 for i, name in enumerate("xyzwuv") if name in everything)
    return polynomial(goal, count), [polynomial(h, count) for h in equations], [polynomial(g, count) for g in inequalities]


def multiplied_out(found: Representation, equations: list[Polynomial], inequalities: list[Polynomial]) -> Polynomial:
    parts = [times(c, h) for c, h in zip(found.cofactors, equations, strict=True)]
    parts += [added(found.squares[0])]
    parts += [times(added(s), g) for s, g in zip(found.squares[1:], inequalities, strict=True)]
    return combination((Fraction(1), p) for p in parts)


def planted(variables: int, degree: int, zeros: list[Point], seed: int) -> Polynomial:
    """A sum of random squares that vanish at the zeros."""
    draw = random.Random(seed)
    unit = {(0,) * variables: Fraction(1)}
    basis = monomials(variables, degree)
    inside = orthogonal_to(Block(unit, basis), [[value_at(m, z) for m in basis] for z in zeros]).elements
    made: Polynomial = {}
    for _ in range(len(basis) + 2):
        q = combination((Fraction(draw.randint(-3, 3)), m) for m in inside)
        made = combination([(Fraction(1), made), (Fraction(1), times(q, q))])
    return made


@pytest.mark.parametrize(
    ("variables", "half", "count"), [(2, 2, 1), (2, 3, 2), (3, 2, 1), (3, 2, 2), (3, 3, 0), (4, 2, 1), (4, 3, 0)]
)
def test_finds_planted_sums_of_squares_with_rational_zeros(variables: int, half: int, count: int) -> None:
    draw = random.Random(variables)
    zeros: list[Point] = [
        tuple(Fraction(draw.randint(-3, 3), draw.randint(1, 3)) for _ in range(variables)) for _ in range(count)
    ]
    p = planted(variables, half, zeros, 5)
    for known in (zeros, []):
        squares = sum_of_squares(p, known)
        assert squares is not None
        assert added(squares) == p


def test_four_variables_of_degree_six_take_about_half_a_second() -> None:
    p = planted(4, 3, [], 1)
    started = time.process_time()
    assert sum_of_squares(p) is not None
    assert time.process_time() - started < 5


@pytest.mark.parametrize("seed", range(25))
def test_nothing_false_in_a_fuzz(seed: int) -> None:
    """A random sparse polynomial is a sum of squares exactly as found, or nothing is found; negative values forbid it."""
    draw = random.Random(seed)
    variables = draw.randint(1, 3)
    exponents = [next(iter(m)) for m in monomials(variables, 4)]
    p = {e: Fraction(draw.randint(-3, 6), draw.randint(1, 4)) for e in draw.sample(exponents, min(len(exponents), 6))}
    p = combination([(Fraction(1), p), (Fraction(1), planted(variables, 2, [], seed))])
    squares = sum_of_squares(p)
    if squares is not None:
        assert added(squares) == p
    else:
        assert any(value_at(p, [Fraction(draw.randint(-30, 30), 10) for _ in range(variables)]) < 0 for _ in range(3000))


INFINITY = {
    "a fourth power": ("(x + y)^4 + x^2 + 2*y^2 + 1", [[1, -1]], 4),
    "three in a ring": ("(x + y)^4 + (y + z)^4 + (z - x)^4 + x^2 + y^2 + z^2", [[1, -1, 1]], 7),
    "an axis": ("x^2*y^4 + x^4*y^2 + x^4 + y^4 + 1", [], 10),
    "none that is rational": ("(x^2 - 2*y^2)^2 + x^2 + y^2", [], 6),
    "none": ("x^4 + x^2*y^2 + y^4 + x*y + 1", [], 6),
}


@pytest.mark.parametrize(("source", "directions", "left"), INFINITY.values(), ids=INFINITY)
def test_squares_vanish_at_zeros_at_infinity(source: str, directions: list[list[int]], left: int) -> None:
    """At a zero of the leading form, where that has no definite Hessian, the leading forms of the squares vanish as well, and
    so do their derivatives along its kernel: a direction of a fourth power leaves affine forms in the others."""
    p = polynomial(source)
    block = Block(one(p), monomials(len(next(iter(p))), degree_of(p) // 2))
    found = without_zeros(p, block, []).elements
    assert len(found) == left
    for d in directions:
        for m in found:
            top = {e: c for e, c in m.items() if sum(e) == degree_of(p) // 2}
            assert not top or value_at(top, d) == 0
    squares = sum_of_squares(p)
    assert squares is not None and combination((c, times(q, q)) for c, q in squares) == p


def test_derivatives_vanish_where_a_zero_is_flat() -> None:
    p = polynomial("(x - 1)^4 + (y - x)^2")
    block = Block(one(p), monomials(2, 2))
    flat = without_zeros(p, block, [(1, 1)]).elements
    assert all(value_at(m, (1, 1)) == 0 for m in flat)
    assert len(flat) == 4  # of 6: without the value, and the derivative along (1, 1)


@pytest.mark.parametrize("factor", [Fraction(1), Fraction(3, 7), Fraction(1000)])
def test_what_was_found_serves_for_every_multiple(factor: Fraction) -> None:
    p = polynomial("x^4 + y^4 - 4*x*y + 2")
    squares = sum_of_squares({e: factor * c for e, c in p.items()})
    assert squares is not None
    assert combination((c, times(q, q)) for c, q in squares) == {e: factor * c for e, c in p.items()}
    assert known_sum_of_squares(p)


@pytest.mark.parametrize("source", ["x^4*y^2 + x^2*y^4 - 3*x^2*y^2 + 1", "x^3 + y^2", "x^4 + y^4 - 5*x*y"])
def test_what_is_no_sum_of_squares_is_not_known_as_one(source: str) -> None:
    assert sum_of_squares(polynomial(source)) is None
    assert not known_sum_of_squares(polynomial(source))
    assert not known_sum_of_squares({e: -c for e, c in polynomial(source).items()})
