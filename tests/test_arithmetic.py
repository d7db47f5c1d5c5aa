"""The kernel's arithmetic against FLINT, SymPy, Arb and mpmath, on random input."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise, product
from typing import Any

import flint
import mpmath
import pytest
import sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from metaid_symbolic.certificates import Done
from metaid_symbolic.flint_arithmetic import FlintRing
from metaid_symbolic.kernel.derivative import derivative
from metaid_symbolic.kernel.interval import Enclosure
from metaid_symbolic.kernel.normal import Normaliser, Opaque
from metaid_symbolic.kernel.polynomial import Ring, TooLarge, coefficients_in, power
from metaid_symbolic.kernel.rejection import Rejected
from metaid_symbolic.kernel.tableau import Checker
from metaid_symbolic.kernel.univariate import common_divisor, pieces, primitive, satisfiable, times
from metaid_symbolic.sympy_bridge import to_sympy
from metaid_symbolic.terms import Term, equal, less, number, substitute, symbol, total

QUICK = settings(max_examples=60, deadline=None)
NAMES = ("x", "y", "z")
rationals = st.builds(Fraction, st.integers(-6, 6), st.integers(1, 4))
leaves = st.one_of(st.sampled_from([symbol(n) for n in NAMES]), rationals.map(number))
SIGNS = [frozenset(s) for s in ("-", "0", "+", "-0", "0+", "-+")]


def combined(inside: st.SearchStrategy[Term], *unary: str) -> st.SearchStrategy[Term]:
    made = [
        st.lists(inside, max_size=3).map(lambda parts: Term("add", tuple(parts))),
        st.lists(inside, max_size=3).map(lambda parts: Term("mul", tuple(parts))),
        st.tuples(inside, st.integers(1, 3)).map(lambda pair: pair[0] ** pair[1]),
    ]
    return st.one_of(*made, *(inside.map(lambda a, head=head: Term(head, (a,))) for head in unary))  # type: ignore[misc]


polynomials = st.recursive(leaves, combined, max_leaves=8)
smooth = st.recursive(leaves, lambda inside: combined(inside, "exp", "tanh", "logistic"), max_leaves=5)
numerals = st.recursive(
    rationals.map(number), lambda inside: combined(inside, "exp", "tanh", "logistic", "relu", "log", "sqrt"), max_leaves=4
)
products = st.lists(st.tuples(rationals, st.integers(1, 2)), min_size=0, max_size=3)


def real(name: str) -> str:
    return "real"


def normal_form(ring: Any, term: Term) -> list[tuple[dict[Term, int], Fraction]]:
    p = Normaliser(ring, real).polynomial(term)
    return [({ring.term_of(g): e for g, e in monomial}, c) for monomial, c in p.monomials()]


@QUICK
@given(polynomials)
def test_polynomials_have_one_normal_form(term: Term) -> None:
    here = normal_form(Ring(), term)
    assert here == normal_form(FlintRing(), term)
    made = sum(
        (sympy.Rational(c.numerator, c.denominator) * sympy.prod([to_sympy(g) ** e for g, e in m.items()]) for m, c in here),
        sympy.Integer(0),
    )
    assert sympy.expand(made - to_sympy(term)) == 0
    assert all(c for _, c in here) and len({frozenset(m.items()) for m, _ in here}) == len(here)


@QUICK
@given(polynomials, polynomials)
def test_equal_terms_and_no_others_have_difference_0(left: Term, right: Term) -> None:
    assert bool(normal_form(Ring(), left - right)) == (sympy.expand(to_sympy(left) - to_sympy(right)) != 0)
    assert not normal_form(Ring(), (left + right) ** 2 - left**2 - 2 * left * right - right**2)


@QUICK
@given(st.lists(st.tuples(products, st.sampled_from(SIGNS), st.booleans()), min_size=1, max_size=3))
def test_sign_conditions_are_decided_alike(rows: list[Any]) -> None:
    """Products of powers of x - r, with x^2 - 2 times some: python, FLINT, and signs at roots and between them."""
    t = sympy.Symbol("t", real=True)
    constraints, expressions = [], []
    for roots, signs, irrational in rows:
        e = sympy.prod([(t - sympy.Rational(r.numerator, r.denominator)) ** k for r, k in roots])
        e = sympy.expand(e * (t**2 - 2 if irrational else -3))
        listed = [Fraction(int(c.p), int(c.q)) for c in reversed(sympy.Poly(e, t).all_coeffs())]
        constraints.append((listed, signs))
        expressions.append(e)
    found = Ring().satisfiable(constraints)
    assert found == FlintRing().satisfiable(constraints)
    ends = sorted({r for e in expressions if e.has(t) for r in sympy.real_roots(sympy.Poly(e, t))}, key=sympy.N)
    between = [(a + b) / 2 for a, b in pairwise(ends)]
    places = [*ends, *between, *([ends[0] - 1, ends[-1] + 1] if ends else [sympy.Integer(0)])]
    wanted = any(all(sign(e.subs(t, p)) in s for e, (_, s) in zip(expressions, constraints, strict=True)) for p in places)
    assert found == wanted


def sign(value: Any) -> str:
    value = sympy.expand(value)
    return "0" if value == 0 else "+" if value > 0 else "-"


@QUICK
@given(st.lists(st.integers(-9, 9), min_size=2, max_size=7))
def test_roots_are_isolated(coefficients: list[int]) -> None:
    p = primitive(coefficients)
    assume(len(p) > 1)
    t = sympy.Symbol("t")
    exact = sorted(set(sympy.real_roots(sympy.Poly(list(reversed(p)), t))), key=sympy.N)
    simple = common_divisor(p, primitive([k * c for k, c in enumerate(p)][1:]))[1]
    found = [(sympy.Rational(str(low)), sympy.Rational(str(high))) for low, high in map(sorted, pieces(simple, everywhere))]
    points = {low for low, high in found if low == high}
    for low, high in found:
        assert low == high or (
            [bool(low < r < high) for r in exact].count(True) == 1 and {low, high} <= points and not {low, high} & {*exact}
        )
    assert all(r in points or any(low < r < high for low, high in found) for r in exact)
    for low, high in pairwise([-sympy.oo, *exact, sympy.oo]):
        assert any(low < x < high for x in points)


def everywhere(low: Fraction, high: Fraction) -> bool:
    return True


@QUICK
@given(*[st.lists(st.integers(-40, 40), max_size=5).map(primitive)] * 3)
def test_greatest_common_divisors(a: list[int], b: list[int], c: list[int]) -> None:
    """They are those of SymPy, and with the quotient they make the polynomial."""
    assume(a and c)
    first, second = times(a, c), times(b, c)
    divisor, quotient = common_divisor(first, second)
    t = sympy.Symbol("t")
    wanted = sympy.gcd(*(sympy.Poly(list(reversed(p)) or [0], t, domain="ZZ") for p in (first, second)))
    assert divisor == [int(k) for k in reversed(wanted.all_coeffs())]
    assert times(quotient, divisor) == first


@QUICK
@given(st.lists(st.lists(st.integers(-4, 4), min_size=1, max_size=5), min_size=1, max_size=3), st.data())
def test_sign_conditions_of_dense_polynomials(rows: list[list[int]], data: st.DataObject) -> None:
    listed = [([Fraction(c) for c in row], data.draw(st.sampled_from(SIGNS))) for row in rows]
    assert Ring().satisfiable(listed) == FlintRing().satisfiable(listed)


CLOSE: dict[str, tuple[list[tuple[list[int], str]], bool]] = {
    "two roots at an end": ([([0, 0, 1], "+"), ([-4, 0, 1], "-")], True),
    "a double root": ([([1, -2, 1], "-0")], True),
    "no sign of a square": ([([1, -2, 1], "-")], False),
    "the zero polynomial": ([([0, 0], "0")], True),
    "the zero polynomial is not positive": ([([0], "+")], False),
    "leading zeros": ([([-1, 1, 0, 0], "0"), ([1, 1, 0], "+")], True),
    "roots 2^-70 apart": ([([-(2**70), 2**70], "+"), ([-(2**70) - 1, 2**70], "-")], True),
    "between roots 2^-70 apart, outside them": ([([-(2**70), 2**70], "-"), ([-(2**70) - 1, 2**70], "+")], False),
    "a root far out": ([([-(10**40), 1], "0")], True),
    "equal algebraic numbers": ([([-2, 0, 1], "0"), ([-4, 0, 0, 0, 1], "-+")], False),
    "different algebraic numbers": ([([-2, 0, 1], "0"), ([-3, 0, 1], "0")], False),
    "the zero polynomial beside another": ([([-2, 0, 1], "0"), ([0], "0")], True),
    "the zero polynomial, not positive beside another": ([([-2, 0, 1], "0"), ([0], "+")], False),
    "a root at a middle": ([([-1, 2], "0"), ([-1, 0, 4], "0")], True),
    "between roots that are middles": ([([-1, 2], "+"), ([-3, 4], "-")], True),
    "not between roots that are middles": ([([-1, 2], "+"), ([-3, 4], "-"), ([15, -48, 36], "0+")], False),
    "on both sides of a linear condition": ([([0, 1], "0"), ([-2, 0, 1], "-")], True),
    "at the end of a half-line": ([([-3, 1], "0+"), ([9, -6, 1], "0")], True),
    "beyond the end of a half-line": ([([-3, 1], "+"), ([9, -6, 1], "0")], False),
    "double roots next to simple ones": ([([4, 0, -4, 0, 1], "0"), ([-3, 0, 1], "-"), ([-2, 0, 1], "-+")], False),
    "degree 243 with 500 bits, far from its roots": (
        [([(-1) ** k * 7**k * 3 ** (178 - k % 90) for k in range(244)], "0"), ([-(10**90), 1], "+")],
        False,
    ),
    "degree 125, a double root": ([([4, 0, -4, 0, 1] + [0] * 119 + [4, 0, -4, 0, 1], "0"), ([-1, 1], "+"), ([-3, 2], "-")], True),
    "Wilkinson": (
        [
            ([int(c) for c in reversed(sympy.Poly(sympy.prod([sympy.Symbol("t") - k for k in range(1, 16)])).all_coeffs())], "0"),
            ([-29, 2], "+"),
        ],
        True,
    ),
}


@pytest.mark.parametrize("name", CLOSE)
def test_close_and_multiple_roots(name: str) -> None:
    rows, wanted = CLOSE[name]
    constraints = [([Fraction(c) for c in row], frozenset(signs)) for row, signs in rows]
    assert Ring().satisfiable(constraints) is wanted
    assert FlintRing().satisfiable(constraints) is wanted
    assert satisfiable(tuple((tuple(p), s) for p, s in constraints)) is wanted


@QUICK
@given(numerals, st.sampled_from([8, 24, 64, 200]))
def test_enclosures_contain_the_value(term: Term, bits: int) -> None:
    try:
        low, high = Enclosure(bits).term(term)
    except Rejected:
        return
    ball, precise = in_arb(term), to_mpmath(term)
    ends = Fraction(low, 1 << bits), Fraction(high, 1 << bits)
    assert ends[0] <= ends[1]
    assert not ball < in_arb(number(ends[0])) and not ball > in_arb(number(ends[1]))
    with mpmath.workdps(60):
        slack = mpmath.mpf(10) ** -20 * (1 + abs(precise))
        assert mpmath.mpf(low) / 2**bits - slack <= precise <= mpmath.mpf(high) / 2**bits + slack


def in_arb(term: Term) -> Any:
    """The value by Arb."""
    head, args = term.head, term.args
    with flint.ctx.workprec(400):
        if head == "num":
            return flint.arb(flint.fmpq(args[0].numerator, args[0].denominator))
        inside = [in_arb(a) for a in args if type(a) is Term]
        match head:
            case "add":
                return sum(inside, flint.arb(0))
            case "mul":
                return power_product(inside)
            case "pow":
                return power_product(inside * args[1])
            case "relu":
                return inside[0].max(flint.arb(0))
            case "logistic":
                return 1 / (1 + (-inside[0]).exp())
        return getattr(inside[0], head)()


def power_product(factors: list[Any]) -> Any:
    value = flint.arb(1)
    for factor in factors:
        value = value * factor
    return value


def to_mpmath(term: Term) -> Any:
    """The value by mpmath with 60 digits."""
    head, args = term.head, term.args
    with mpmath.workdps(60):
        if head == "num":
            return mpmath.mpf(args[0].numerator) / args[0].denominator
        inside = [to_mpmath(a) for a in args if type(a) is Term]
        match head:
            case "add":
                return mpmath.fsum(inside)
            case "mul":
                return mpmath.fprod(inside)
            case "pow":
                return inside[0] ** args[1]
            case "relu":
                return max(inside[0], mpmath.mpf(0))
            case "logistic":
                return 1 / (1 + mpmath.exp(-inside[0]))
            case "log" | "sqrt":
                return getattr(mpmath, head)(max(inside[0], mpmath.mpf(10) ** -50 if head == "log" else 0))
        return getattr(mpmath, head)(inside[0])


@QUICK
@given(smooth, st.sampled_from(NAMES), st.lists(st.integers(-2, 2), min_size=3, max_size=3))
def test_derivatives_are_those_of_sympy(term: Term, name: str, point: list[int]) -> None:
    """At a rational point, so that sympy need not simplify."""
    values = dict(zip(NAMES, map(number, point), strict=True))
    mine = to_sympy(substitute(derivative(term, name), values))
    theirs = sympy.diff(to_sympy(term), symbol_of(term, name)).subs(
        {symbol_of(term, n): k for n, k in zip(NAMES, point, strict=True)}
    )
    a, b = sympy.N(mine, 40), sympy.N(theirs, 40)
    assume(a.is_finite and b.is_finite)
    assert abs(a - b) <= sympy.Float("1e-25") * (1 + abs(a))


def symbol_of(term: Term, name: str) -> Any:
    return to_sympy(symbol(name))


@QUICK
@given(polynomials, st.sampled_from(NAMES))
def test_polynomials_are_differentiated_exactly(term: Term, name: str) -> None:
    mine = to_sympy(derivative(term, name))
    assert sympy.expand(mine - sympy.diff(to_sympy(term), to_sympy(symbol(name)))) == 0


@pytest.mark.parametrize("ring", [Ring(), FlintRing()], ids=["python", "flint"])
def test_what_is_too_large_is_refused(ring: Any) -> None:
    one, x = ring.constant(Fraction(1)), ring.generator(symbol("x"))
    with pytest.raises(TooLarge):
        coefficients_in(power(power(x, 1000, one), 1000, one), 0)
    with pytest.raises(TooLarge):
        power(ring.constant(Fraction(2**2000)), 1000, one)
    wide = power(sum((ring.generator(symbol(n)) for n in ("y", "z", "w", "v")), one), 17, one)
    with pytest.raises(TooLarge):
        wide * wide


def test_both_arithmetics_take_many_generators() -> None:
    """FLINT fixes the number of generators beforehand: sums and products of polynomials from both sides of a step."""
    names = [f"x{i}" for i in range(300)]
    term = sum((2 * symbol(a) * symbol(b) for a, b in pairwise(names)), symbol(names[0]))
    assert normal_form(Ring(), term) == normal_form(FlintRing(), term)
    assert len(normal_form(FlintRing(), term)) == 300
    far = FlintRing()
    first, *_, last = (far.generator(symbol(n)) for n in names)
    assert (first - last + last - first).monomials() == []
    assert (last * first).monomials() == [(((0, 1), (299, 1)), 1)]
    assert (far.constant(Fraction(1, 2)) * last).monomials() == [(((299, 1),), Fraction(1, 2))]


@pytest.mark.parametrize("ring", [Ring(), FlintRing()], ids=["python", "flint"])
def test_facts_about_many_variables_are_refuted_alike(ring: Any) -> None:
    names = [symbol(f"x{i}") for i in range(270)]
    sums, constants = total(names), frozenset(n.args[0] for n in names)
    Checker({}, ring).refute([equal(sums, number(0)), less(total(names[::-1]), number(0))], Done(), constants)
    with pytest.raises(Rejected):
        Checker({}, ring).refute([equal(sums, number(0)), less(total(names[1:]), number(0))], Done(), constants)


@pytest.mark.parametrize(("arithmetic", "source"), list(product([Ring, FlintRing], ["0^-1", "(x - x)^-1", "x/x", "1/(1 + 1/x)"])))
def test_what_divides_is_no_polynomial(arithmetic: Any, source: str) -> None:
    x = symbol("x")
    terms = {"0^-1": number(0) ** -1, "(x - x)^-1": (x - x) ** -1, "x/x": x * x**-1, "1/(1 + 1/x)": (1 + x**-1) ** -1}
    with pytest.raises(Opaque):
        Normaliser(arithmetic(), real).polynomial(terms[source])
