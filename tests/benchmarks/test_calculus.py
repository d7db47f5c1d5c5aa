"""Derivatives of a two-layer square network against SymPy, symengine (where installed) and bare FLINT.

Asserts that all agree and prints how long each took; times decide nothing.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
import sympy as sp
from calculus_cost import network, problem, seconds
from sympy.polys.rings import PolyRing

from metaid_symbolic.calculus.derive import derive
from metaid_symbolic.calculus.polynomials import Ring
from metaid_symbolic.problems import MetaProblem
from metaid_symbolic.programs import gradient_program, program
from metaid_symbolic.programs.numbers import Floats, Modulo
from metaid_symbolic.terms import Term, symbol

PARAMETERS = 40
PRIME = 2**31 - 1
RUNS = 3
Square = list[list[Any]]


def fastest(work: Callable[[], Any]) -> tuple[Any, float]:
    """The result, and the least seconds of a few runs."""
    found = [seconds(work) for _ in range(RUNS)]
    return found[0][0], min(taken for _, taken in found)


def say(capsys: pytest.CaptureFixture[str], rows: dict[str, float], ours: str) -> None:
    with capsys.disabled():
        print()
        for name, taken in rows.items():
            print(f"  {name:52}{1000 * taken:12.2f} ms{taken / rows[ours]:10.2f} x")


def derived(made: MetaProblem) -> tuple[Square, Square]:
    found = derive(made)
    return found.gradient.polynomials, found.hessian.polynomials


def bare(loss: Term, names: tuple[str, ...]) -> Square:
    """FLINT alone: the polynomial is read, and `derivative` called for the gradient and the upper half of the Hessian."""
    p = Ring([symbol(n) for n in names]).read(loss)
    slopes = [p.derivative(i) for i in range(len(names))]
    return [[slope.derivative(j) for j in range(i, len(names))] for i, slope in enumerate(slopes)]


def by_poly_ring(expression: sp.Expr, symbols: list[Any]) -> Square:
    ring = PolyRing(symbols, sp.QQ)
    p = ring.from_expr(sp.expand(expression))
    slopes = [p.diff(x) for x in ring.gens]
    return [[slope.diff(x) for x in ring.gens[i:]] for i, slope in enumerate(slopes)]


def upper(expression: Any, symbols: list[Any]) -> Square:
    slopes = [expression.diff(s) for s in symbols]
    return [[slope.diff(s) for s in symbols[i:]] for i, slope in enumerate(slopes)]


def as_dict(p: Any) -> dict[tuple[int, ...], tuple[int, int]]:
    return {tuple(map(int, e)): (int(c.numerator), int(c.denominator)) for e, c in p.to_dict().items()}


def flint_dict(p: Any) -> dict[tuple[int, ...], tuple[int, int]]:
    return {tuple(map(int, e)): (int(c.p), int(c.q)) for e, c in p.to_dict().items()}


@pytest.mark.parametrize("points", [1, 10])
def test_forty_parameters(points: int, capsys: pytest.CaptureFixture[str]) -> None:
    """At one data point, and at ten, where SymPy itself would take half a minute."""
    made = problem(PARAMETERS, points)
    loss, names = made.losses[0], made.parameters
    assert len(names) == PARAMETERS
    (_, ours), time_ours = fastest(lambda: derived(made))
    raw, time_raw = fastest(lambda: bare(loss, names))
    slopes, time_program = fastest(lambda: gradient_program(loss, names))
    near = [k % 7 - 3.0 for k in range(PARAMETERS)]
    _, time_value = fastest(lambda: gradient_program(loss, names).derivative().evaluate(near, Floats()))
    rows = {
        "derive: gradient and Hessian": time_ours,
        "bare FLINT: read, 820 + 40 derivatives": time_raw,
        "straight-line program of the gradient": time_program,
        "straight-line program, value of the Hessian": time_value,
    }
    if points == 1:
        rows |= sympys(loss.sympy, names, ours)
    rows |= symengine(loss.sympy, names, ours)
    say(capsys, rows, "derive: gradient and Hessian")
    point = [k % 7 - 3 for k in range(PARAMETERS)]
    values = slopes.derivative().evaluate(point)
    for i in range(PARAMETERS):
        for j in range(i, PARAMETERS):
            assert ours[i][j] == ours[j][i] and ours[i][j].to_dict() == raw[i][j - i].to_dict()
            assert values[i, j] == values[j, i] == Fraction(str(ours[i][j](*point)))


def sympys(expression: sp.Expr, names: tuple[str, ...], ours: Square) -> dict[str, float]:
    """Seconds of SymPy on the same: its polynomial ring, and `diff` of the expression as it stands."""
    symbols = [sp.Symbol(n, real=True) for n in names]
    ring, time_ring = seconds(lambda: by_poly_ring(expression, symbols))
    slopes, time_diff = seconds(lambda: upper(expression, symbols))
    there = {s: k % 7 - 3 for k, s in enumerate(symbols)}
    for i in range(PARAMETERS):
        for j in range(i, PARAMETERS):
            assert flint_dict(ours[i][j]) == as_dict(ring[i][j - i])
    assert all(slopes[0][j].subs(there) == sp.Rational(str(ours[0][j](*there.values()))) for j in range(PARAMETERS))
    return {"SymPy PolyRing: expand, read, diff": time_ring, "SymPy diff, not multiplied out": time_diff}


def symengine(expression: sp.Expr, names: tuple[str, ...], ours: Square) -> dict[str, float]:
    """Seconds of symengine on the same, from what it has read already: it keeps what it is given, multiplied out or not."""
    if importlib.util.find_spec("symengine") is None:
        return {}
    import symengine as se

    given, at = se.sympify(expression), {name: k % 7 - 3 for k, name in enumerate(names)}
    symbols = [se.sympify(sp.Symbol(n, real=True)) for n in names]
    column, there = se.Matrix(symbols), dict(zip(symbols, at.values(), strict=True))
    whole, time_whole = fastest(lambda: se.Matrix([given.expand()]).jacobian(column).T.jacobian(column))
    half, time_half = fastest(lambda: upper(given.expand(), symbols))
    _, time_after = fastest(lambda: [[e.expand() for e in row] for row in upper(given, symbols)])
    _, time_none = fastest(lambda: upper(given, symbols))
    _, time_value = fastest(lambda: [[e.subs(there) for e in row] for row in upper(given, symbols)])
    for j in range(PARAMETERS):
        assert whole[0, j].subs(there) == half[0][j].subs(there) == int(ours[0][j](*at.values()))
    return {
        "symengine: expand, Hessian (jacobian twice)": time_whole,
        "symengine: expand, diff of the upper half": time_half,
        "symengine: diff of the upper half, expand": time_after,
        "symengine: diff, not multiplied out": time_none,
        "symengine: diff, value of the Hessian": time_value,
    }


def test_a_hundred_parameters(capsys: pytest.CaptureFixture[str]) -> None:
    made = problem(100)
    (slopes, rows), taken = seconds(lambda: derived(made))
    say(capsys, {"100 parameters: gradient and Hessian": taken}, "100 parameters: gradient and Hessian")
    assert (len(slopes), len(rows)) == (100, 100)
    point = {name: k % 5 - 2 for k, name in enumerate(made.parameters)}
    values = derive(made).hessian.program.evaluate(point)
    assert all(values[3, j] == int(rows[3][j](*point.values())) for j in range(100))


def test_a_thousand_parameters_modulo_a_prime(capsys: pytest.CaptureFixture[str]) -> None:
    loss, names = network(200, 4)
    point = [(7919 * i * i + 13) % PRIME for i in range(1000)]
    slopes, built = seconds(lambda: gradient_program(loss, names))
    found, taken = seconds(lambda: slopes.derivative().evaluate(point, Modulo(PRIME)))
    rows = {"1000 parameters: gradient program": built, "1000 parameters: Hessian modulo 2^31 - 1": taken}
    say(capsys, rows, "1000 parameters: Hessian modulo 2^31 - 1")
    assert found.shape == (1000, 1000) and (found == found.T).all()
    # with f linear in v and the target 1: v^T H v = f^2 and <v, grad> = f^2 - f, so their difference is f, and
    # 2 loss = (f - 1)^2
    v, slope = point[:200], slopes.evaluate(point, Modulo(PRIME))
    form = sum(v[i] * int(found[i, j]) * v[j] for i in range(200) for j in range(200))
    f = (form - sum(v[i] * int(slope[i]) for i in range(200))) % PRIME
    assert form % PRIME == f * f % PRIME
    assert 2 * program(loss, names).evaluate(point, Modulo(PRIME)) % PRIME == (f - 1) ** 2 % PRIME
