"""Known traps, each with what must happen: the kernel `refuses` a certificate, the decoder or a constructor `raises`, or the
right answer `returns`.  Where a trap is a row of a table of the kernel, it is named there."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import sympy
from kernel_tables import (
    ACCEPTED,
    REFUSED,
    THEOREMS,
    a1,
    a2,
    at,
    commuting,
    done,
    instance,
    positive,
    proved,
    quad,
    some,
    square,
    x,
    y,
)

from metaid_symbolic.certificates import Combine, Derivation, MatrixCounterexample, OneVariable, Refutation
from metaid_symbolic.encoding import Malformed, decode, encode, loads, read_number
from metaid_symbolic.kernel import Rejected, check
from metaid_symbolic.problems import MetaProblem
from metaid_symbolic.recheck import read_certificate
from metaid_symbolic.search import Settings, findings
from metaid_symbolic.statements import digest
from metaid_symbolic.symbols import reals
from metaid_symbolic.sympy_bridge import from_sympy
from metaid_symbolic.terms import IllFormed, Term, number, symbol
from metaid_symbolic.theory import Theory

Trap = Callable[[], Any]


def row(name: str) -> Trap:
    """A row of the table of refusals."""
    return lambda: [check(*REFUSED[name], THEOREMS, arithmetic) for arithmetic in ("python", "flint")]


def given(claim: Any, certificate: Any) -> Trap:
    return lambda: check(claim, certificate, THEOREMS)


def text_of(data: Any) -> Trap:
    return lambda: loads(json.dumps(data))


REFUSES: dict[str, Trap] = {
    "a denominator that is 0 but not visibly so": row("zero denominator not visibly zero"),
    "a denominator within a denominator": row("nested division"),
    "a square that is no polynomial": row("a square that divides"),
    "a cofactor that is no polynomial": given(*proved("forall x: x = 0 => 0 < 1 - 1", Combine((square(a1**-1, 1, 0),)))),
    "a witness outside the domain": row("witness outside the domain"),
    "a witness on the boundary of the domain": row("witness on the boundary"),
    "a matrix of size 0": given(commuting, MatrixCounterexample((("h", 0),), ((), ()))),
    "a matrix that is not symmetric": row("a matrix that is not symmetric"),
    "one null vector twice, for a rank": given(
        at(MetaProblem((x, y), [x**2], [1]), "samerank(hess F(zero), 0*eye)"), Derivation(done)
    ),
    "a sign that is flipped": given(*proved("forall x, y: x^2 + y^2 >= 2*x*y", Combine((positive(0), square(a1 + a2))))),
    "a coefficient that is changed": given(*proved("forall x: x^4 + 1/4 > x", OneVariable("_1"))),
    "a hypothesis that is left out": given(*proved("forall x, y: y > 0 => x*y > 0", Combine((positive(0, 1), positive(2))))),
    "an unbounded interval for a bounded one": row("a half-line for an interval"),
    "a thing compared with itself": row("a problem compared with itself"),
    "a comparison of 0/0 with itself": row("0/0"),
    "a tower of exponents": row("exponent tower"),
    "a tower of numbers": row("tower of numbers"),
    "an integer of more than 4,300 digits": row("an integer of 5000 digits"),
    "a point without coordinates": given(some("true"), instance(quad, done, point=())),
    "a domain without points": given(
        some("true"), instance(MetaProblem(x, [x], [1], constraints=(Term("lt", (number(1), number(0))),)), done)
    ),
    "a bound name that the kernel uses": row("a bound name that is a fresh name"),
    "a bound name that a normal form uses": row("cut with a bound name that a normal form uses"),
    "a bound name that a problem uses": row("two numbers of one name"),
    "exp(log x) = x for every x": given(*proved("forall x: exp(log(x)) = x", done)),
    "(x - 1)/(x - 1) = 1": given(*proved("forall x: (x - 1)/(x - 1) = 1", done)),
    "Motzkin's polynomial is positive": row("Motzkin is zero at (1, 1)"),
    "a Hessian that is positive semidefinite, for definite": given(
        at(MetaProblem((x, y), [x**2], [1]), "posdef(hess F(zero))"), Derivation(done)
    ),
    "an enclosure of equal numbers": row("enclosure of equal numbers"),
    "leading minors for semidefiniteness": given(at(MetaProblem((x, y), [-(y**2)], [1]), "psd(hess F(zero))"), Derivation(done)),
    "generic rank for rank": given(at(MetaProblem(x, [x**2], [1]), "forall z in Rn: nonsingular(fisher(z))"), Derivation(done)),
    "openness forgotten: an injective gradient has a zero": row("descent on an open set"),
    "a minimum on a closed set is critical": row("theorem on a set that may be closed"),
}
RAISES: dict[str, Trap] = {
    "a prime that divides a denominator": lambda: read_number("1/0"),
    "a hash of another claim": lambda: read_certificate(
        json.dumps({"claim": digest(ACCEPTED["done"][0])[:-1] + "x", "certificate": {}}).encode(), ACCEPTED["done"][0]
    ),
    "a boolean for a number": lambda: decode(["num", True], Term),
    "null for a number": lambda: decode(["num", None], Term),
    "a float": lambda: number(1) + 0.5,  # type: ignore[operator]
    "a boolean in arithmetic": lambda: number(1) + True,
    "a bare number": text_of(1),
    "not a number": lambda: loads("NaN"),
    "a key twice": lambda: loads('{"a": null, "a": null}'),
    "digits of another script": lambda: read_number("१२"),
    "no parameters": lambda: MetaProblem((), [number(1)], [1]),
    "no losses": lambda: MetaProblem(x, [], []),
    "a name that is a number": lambda: symbol("1"),
    "SymPy's complex infinity": lambda: from_sympy(sympy.zoo),
    "SymPy's nan": lambda: from_sympy(sympy.nan),
    "SymPy's float": lambda: from_sympy(sympy.Float("0.5")),
    "SymPy's boolean": lambda: from_sympy(sympy.true),
    "SymPy's symbol with another domain": lambda: from_sympy(sympy.Symbol("x", integer=True)),
    "SymPy's symbols of one name": lambda: from_sympy(sympy.Symbol("x", real=True) + sympy.Symbol("x", positive=True)),
}


def verdict_of(source: str) -> bool | None:
    """What the searches and the kernel make of a statement."""
    claim = Theory("t").statement("a", source)
    assert claim.assertion is not None
    for found in findings(claim, Settings(budget=200)):
        try:
            return check(claim.assertion, found.certificate, {}).truth  # type: ignore[arg-type]
        except Rejected:
            continue
    return None


RETURNS: dict[str, tuple[Trap, Any]] = {
    "a number of 5,000 digits goes out and comes back": (lambda: decode(encode(number(10**5000)), Term), number(10**5000)),
    "a double root that is no change of sign": (lambda: verdict_of("forall x: (x - 1)^2*(x^2 + 1) > 0"), False),
    "x y > 0 somewhere": (lambda: verdict_of("exists x, y: x*y > 0"), True),
    "x^2 y <= 0 not everywhere": (lambda: verdict_of("forall x, y: x^2*y <= 0"), False),
    "a bound that is not the minimum": (lambda: verdict_of("forall x, y: (x*y - 1)^2 + (x^2 + y^2)/2 >= 4/5"), False),
    "a system with three real points": (lambda: verdict_of("exists x, y: x^2 = 0 & x*y = 0 & y^3 = y & y < 0"), True),
    "names of a user and names of the printer": (lambda: reals("x_").args[0], "x_"),
    "a claim about phi, refuted at its point": (
        lambda: check(at(quad, "F([0]) = 1"), Refutation(done, 0)).truth,
        False,
    ),
}


@pytest.mark.parametrize("name", REFUSES)
def test_the_kernel_refuses(name: str) -> None:
    with pytest.raises((Rejected, IllFormed)):
        REFUSES[name]()


@pytest.mark.parametrize("name", RAISES)
def test_bad_input_raises(name: str) -> None:
    with pytest.raises((Malformed, IllFormed, ValueError, TypeError)) as caught:
        RAISES[name]()
    assert str(caught.value)


@pytest.mark.parametrize("name", RETURNS)
def test_the_right_answer_returns(name: str) -> None:
    made, wanted = RETURNS[name]
    assert made() == wanted


def test_more_than_half_of_the_traps_must_fail() -> None:
    assert len(REFUSES) + len(RAISES) > 3 * len(RETURNS)
