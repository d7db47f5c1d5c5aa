"""Certificates about enclosures on boxes, zeros of functions, and smoothness of concrete losses: those that the kernel must
accept, and attempts to make it lie.  Run as a script it checks the second table."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from kernel_tables import (
    FERMAT,
    Q,
    Row,
    at,
    disc,
    done,
    interval,
    plane,
    proved,
    quad,
    report,
    root,
    two,
    unknown,
    x,
    y,
)

from metaid_symbolic.certificates import (
    Cut,
    Derivation,
    Enclose,
    Instantiate,
    Lemma,
    Proof,
    Refutation,
    Root,
)
from metaid_symbolic.language import parse_formula, parse_term
from metaid_symbolic.problems import MetaProblem
from metaid_symbolic.terms import Term, less, substitute, symbol

THEOREMS = {"Fermat": FERMAT}
a1, a2, a3 = symbol("_1"), symbol("_2"), symbol("_3")
HERE = {"u": symbol("_.1"), "v": symbol("_.2"), "w": symbol("_.3")}


def zero(terms: Iterable[str], *box: tuple[Any, Any], then: Proof = done, unique: bool = False, bits: int = 64) -> Root:
    """A common zero of terms in u, v, w."""
    made = tuple(substitute(parse_term(t), HERE) for t in terms)
    return Root(made, tuple((Q(low), Q(high)) for low, high in box), bits, unique, then)


def one(source: str) -> MetaProblem:
    return MetaProblem(x, [parse_term(source)], [1])


def says(problem: MetaProblem, source: str, proof: Proof = done) -> Row:
    return at(problem, source), Derivation(proof)


def cut(source: str, yes: Proof, no: Proof) -> Cut:
    return Cut(substitute(parse_formula(source), {"u": a1, "v": a2, "w": a3}), yes, no)


def found(count: int = 1, place: int = 0) -> Instantiate:
    """The claim denied, at the zeros just named."""
    return Instantiate(place, (a1, a2, a3)[:count], done)


SECOND_ZERO = Instantiate(0, (a1,), Instantiate(1, (a2,), done))
"""Another zero in the box is the named one: the claim denied at the zero, and the uniqueness at the other one."""
box = MetaProblem((x, y), [x**2 + y**2], [1], constraints=(less(-1, x), less(x, 1), less(-1, y), less(y, 1)))
soft = one("log(1 + exp(x)) - x/2")

ACCEPTED: dict[str, Row] = {
    "enclose on an interval": proved("forall x: 0 <= x & x <= 1 => exp(x) < 3", Enclose(2, 64)),
    "bounds with negative coefficients": proved("forall x: -2*x <= 1 & 1 - 3*x > 0 => exp(x) < 2", Enclose(2, 64)),
    "bounds by an equation": proved("forall x: 3*x = 1 => exp(x) < 7/5", Enclose(1, 64)),
    "enclose on a square": proved("forall x, y: 0 <= x & x <= 1 & -1 <= y & y <= 1 => exp(x*y) < 3", Enclose(4, 64)),
    "enclose about the centre": proved("forall x: 3/10 <= x & x <= 31/100 => exp(x) - 13*x/10 - 9/10 > 0", Enclose(2, 64)),
    "an interval cut in two": proved(
        "forall x: -1 <= x & x <= 1 => exp(x) - x - 9/10 > 0",
        cut(
            "u <= 0",
            cut("u <= -1/2", Enclose(2, 64), Enclose(2, 64)),
            cut("u <= 1/4", Enclose(2, 64), cut("u <= 1/2", Enclose(2, 64), Enclose(2, 64))),
        ),
    ),
    "divisors without 0": proved("forall x: 1 <= x & x <= 2 => exp(1/x) < 3", Enclose(2, 64)),
    "logarithm on an interval": proved("forall x: 1 <= x & x <= 2 => log(x) < 7/10", Enclose(2, 64)),
    "root of an exponential": proved("exists x: exp(x) = 2", root(Term("exp", (unknown,)) - 2, 0, 1, found())),
    "root between its bounds": proved("exists x: exp(x) = 2 & 0 < x & x < 1", root(Term("exp", (unknown,)) - 2, 0, 1, found())),
    "a falling function": proved(
        "exists x: exp(-x) = x", root(Term("exp", (-unknown,)) - unknown, 0, 1, Instantiate(0, (a1,), done))
    ),
    "root by its own square": proved("exists x: x > 1 & x^2 = 2", root(unknown**2 - 2, 1, 2, found())),
    "zero in the plane": proved(
        "exists x, y: exp(x) + y = 2 & 4*y = x", zero(["exp(u) + v - 2", "4*v - u"], ("1/2", "3/4"), (0, "1/4"), then=found(2))
    ),
    "the only zero": proved(
        "exists x: forall y: 0 <= y & y <= 1 & exp(y) = 2 => y = x",
        root(Term("exp", (unknown,)) - 2, 0, 1, SECOND_ZERO, unique=True),
    ),
    # smoothness of the losses, openness of the domain
    "a polynomial is smooth": says(quad, "C1(F) & C2(F) & C3(F) & continuous(F) & C2(L) & whole"),
    "the whole space is open and connected": says(quad, "open(Phi) & connected(Phi)"),
    "an open square is open and connected": says(box, "open(Phi) & connected(Phi)"),
    "a softplus is smooth": says(soft, "C2(F)"),
    "a parameter called phi": says(MetaProblem("phi", [parse_term("log(1 + exp(phi))")], [1]), "C2(F)"),  # type: ignore[arg-type]
    "a positive divisor": says(one("1/(x^2 + 1)"), "C2(F) & F(zero) = 1"),
    "smooth after adaptation": says(replace(quad, rate=Term("num", (Q(1),))), "C2(F_MAML)"),
    "Fermat at a minimiser": says(
        two,
        "forall a in argmin F: grad F(a) = zero",
        Lemma(
            "Fermat",
            (("f", "F"), ("U", "Phi")),
            (),
            Instantiate(1, (a1,), Instantiate(0, (a2,), done)),
        ),
    ),
}
FALSE = "2 < 1"
REFUSED: dict[str, Row] = {
    # boxes
    "a variable without an upper bound": proved("forall x: 0 <= x => exp(x) < 3", Enclose(1, 64)),
    "a variable without a lower bound": proved("forall x: x <= 1 => x*exp(x) < 3", Enclose(1, 64)),
    "a bound that is another variable": proved("forall x, y: 0 <= x & x <= y & y <= 1 => exp(x) < 3", Enclose(3, 64)),
    "a bound that is another variable, the other way": proved(
        "forall x, y: 0 <= y & y <= 1 & x = y => exp(x) < 3", Enclose(3, 64)
    ),
    "a bound from a square": proved("forall x: x^2 <= 1 => exp(x) < 3", Enclose(1, 64)),
    "a bound from an exponential": proved("forall x: 0 <= x & exp(x) <= 2 => x < 3", Enclose(2, 64)),
    "a bound from a disequation": proved("forall x: 0 <= x & x != 1 => exp(x) < 3", Enclose(2, 64)),
    "a bound of the other branch": proved(
        "forall x: 0 <= x & x <= 2 => exp(x) < 3", cut("u <= 1", Enclose(2, 64), Enclose(2, 64))
    ),
    "a box cut beside itself": proved(
        "forall x: 0 <= x & x <= 2 => exp(x) < 3", cut("u <= 1", Enclose(2, 64), cut("2 <= u", done, Enclose(2, 64)))
    ),
    "a bound the wrong way round": proved("forall x: 0 <= x & -2*x <= 2 => exp(x) < 3", Enclose(2, 64)),
    "a bound just missed": proved("forall x: 0 <= x & x <= 1 => exp(x) < 27182818284590452/10000000000000000", Enclose(2, 128)),
    "outward rounding at a third": proved("forall x: 0 <= x & x <= 1/3 => exp(3*x) < exp(1)", Enclose(2, 64)),
    "outward rounding with few bits": proved("forall x: 0 <= x & x <= 1/3 => exp(3*x) < exp(1)", Enclose(2, 8)),
    "outward rounding about the centre": proved("forall x: 1/3 <= x & x <= 2/3 => x^2 - x + 2/9 < 0", Enclose(2, 256)),
    "rounding towards 0 of a negative number": proved("forall x: -1/3 <= x & x <= 0 => exp(3*x) > exp(-1)", Enclose(2, 64)),
    "a divisor that takes the value 0": proved("forall x: -1 <= x & x <= 1 => exp(1/x) < 3", Enclose(2, 64)),
    "a divisor that ends at 0": proved("forall x: 0 <= x & x <= 1 => exp(-1/x) < 1", Enclose(2, 64)),
    "a logarithm that touches 0": proved("forall x: 0 <= x & x <= 1 => log(x) < 1", Enclose(2, 64)),
    "a logarithm of numbers that touch 0": proved("forall x: 0 <= x & x <= 1/2 => log(x) < 1", Enclose(2, 64)),
    "a logarithm of negative numbers": proved("forall x: -2 <= x & x <= -1 => log(x) < 1", Enclose(2, 64)),
    "a root of a negative number": proved("forall x: -1 <= x & x <= 1 => sqrt(x) < 2", Enclose(2, 64)),
    "an exponential that overflows": proved("forall x: 0 <= x & x <= 10^9 => exp(x) + exp(-x) > 1", Enclose(2, 64)),
    "an exponential of an exponential": proved("forall x: 0 <= x & x <= 30 => exp(exp(x)) > 1/2", Enclose(2, 64)),
    "the kink of relu about the centre": proved("forall x: -1 <= x & x <= 1 => relu(x) - x < 1", Enclose(2, 64)),
    "an unknown function on a box": proved("forall x: 0 <= x & x <= 1 => f(x) < 3", Enclose(2, 64), functions=("f",)),
    "a point of the plane is no number": says(plane, "forall x in Phi: coord(x, 1) <= 1 => F(x) <= 2", Enclose(0, 64)),
    "a closed box without its end": proved("forall x: 0 <= x & x <= 1 => x*(1 - x) > 0", Enclose(2, 512)),
    # zeros
    "a pole is no zero": proved("exists x: 1/(2*x - 1) = 0", root((2 * unknown - 1) ** -1, 0, 1, found())),
    "a pole at an end": proved("exists x: 1/x = 2", root(unknown**-1 - 2, 0, 1, found())),
    "a logarithm from 0": proved("exists x: log(x) = -1", root(Term("log", (unknown,)) + 1, 0, 1, found())),
    "a square root from 0": proved("exists x: sqrt(x) = 1/2", root(Term("sqrt", (unknown,)) - parse_term("1/2"), 0, 1, found())),
    "a jump of a quotient": proved("exists x: x/(x^2) = 0", root(unknown * (unknown**2) ** -1, -1, 1, found())),
    "equal signs at the ends": proved("exists x: exp(x) = 0", root(Term("exp", (unknown,)), -1, 1, found())),
    "a zero at an end": proved("exists x: 0 < x & x < 1 & exp(x) = 1", root(Term("exp", (unknown,)) - 1, 0, 1, found())),
    "a zero just outside": proved("exists x: x < 1 & x^2 = 1", root(unknown**2 - 1, 0, Q(1) - Q(1, 10**30), found())),
    "signs that few bits do not show": proved("exists x: x = 0", root(unknown, Q(-1, 10**6), Q(1, 10**6), found(), bits=8)),
    "too few bits": proved("exists x: x = 0", root(unknown, -1, 1, found(), bits=7)),
    "an interval of one point": proved("exists x: x^2 < 0", root(unknown, 0, 0, found())),
    "an interval turned round": proved("exists x: exp(x) = 2", root(Term("exp", (unknown,)) - 2, 1, 0, found())),
    "no terms at all": proved(FALSE, Root((), (), 64, True, done)),
    "fewer terms than sides": proved("exists x, y: x = y", zero(["u"], (-1, 1), (-1, 1), then=found(2))),
    "fewer sides than terms": proved("exists x: x = 0 & x = 1", zero(["u", "u - 1"], (-2, 2), then=found())),
    "a term in another variable": proved("exists x: x = 2", zero(["u + w"], (-1, 1), then=found())),
    "a term in a variable of the branch": proved(
        "forall y: exists x: x = y", root(unknown - a1, -9, 9, Instantiate(0, (a2,), done))
    ),
    "two terms that exclude each other": proved(
        "exists x, y: x + y = 0 & x + y = 1", zero(["u + v", "u + v - 1"], (-2, 2), (-2, 2), then=found(2))
    ),
    "the terms in the wrong order": proved(
        "exists x, y: exp(x) = 2 & y = 0", zero(["v", "exp(u) - 2"], (0, 1), (-1, 1), then=found(2))
    ),
    "signs at the corners alone": proved(
        "exists x, y: x = 4*y^2 - 1 & 2*y = 3", zero(["u - 4*v*v + 1", "2*v - 3"], (-2, 2), (-1, 1))
    ),
    "a face on which the sign changes": proved(
        "exists x, y: x = 2*y & y = 2*x - 1", zero(["u - 2*v", "v - 2*u + 1"], (-1, 1), (-1, 1), then=found(2))
    ),
    "a zero on the boundary of a square": proved(
        "exists x, y: x < 1 & x = 1 & y = 0", zero(["u - 1", "v"], (-1, 1), (-1, 1), then=found(2))
    ),
    "the only one of two zeros": proved(
        "exists x: forall y: -2 <= y & y <= 2 & y^3 = y => y = x", root(unknown**3 - unknown, -2, 2, SECOND_ZERO, unique=True)
    ),
    "the only zero, with a flat place": proved(
        "exists x: forall y: -1 <= y & y <= 1 & y^3 = 0 => y = x", root(unknown**3, -1, 1, SECOND_ZERO, unique=True)
    ),
    "the only zero outside its box": proved(
        "exists x: forall y: y^2 = 2 => y = x", root(unknown**2 - 2, 1, 2, SECOND_ZERO, unique=True)
    ),
    "the only zero without saying so": proved(
        "exists x: forall y: 0 <= y & y <= 1 & exp(y) = 2 => y = x", root(Term("exp", (unknown,)) - 2, 0, 1, SECOND_ZERO)
    ),
    "equal weights do not outweigh": proved(FALSE, zero(["u + v/2 + w/2", "v", "w"], (-3, 3), (-1, 1), (-1, 1), unique=True)),
    "a zero closes nothing by itself": proved(FALSE, root(Term("exp", (unknown,)) - 2, 0, 1, done)),
    "a zero of a kink": proved("exists x: relu(x) = 1/2", root(Term("relu", (unknown,)) - parse_term("1/2"), -1, 1, found())),
    "a zero of a sum over a range": proved(
        "exists x: x = 0", Root((Term("sum", ("i", symbol("_.1"), symbol("_.1"))),), ((Q(-1), Q(1)),), 64, False, done)
    ),
    # smoothness, openness
    "a closed interval is not open": says(interval, "open(Phi)"),
    "a closed interval is not seen to be connected": says(interval, "connected(Phi)"),
    "a disc is not seen to be open": says(disc, "open(Phi)"),
    "not C2": says(quad, "not C2(F)"),
    "refuted smoothness": (at(quad, "C2(F)"), Refutation(done, 0)),
    "smoothness of any function": says(quad, "C2(G)"),
    "smoothness of a set": says(quad, "C2(Phi)"),
    "openness of a function": says(quad, "open(F)"),
    "openness of any set": says(quad, "open(C)"),
    "four times differentiable": says(quad, "continuous(fomaml)"),
    "smoothness after adaptation without a rate": says(quad, "C2(F_MAML)"),
    "smoothness after adaptation on a part of the plane": says(replace(box, rate=Term("num", (Q(1),))), "C2(F_MAML)"),
    "smoothness of the losses of what is no task": says(quad, "forall t in tasks: C2(t)"),
    "a pole at a parameter with the name of a task": says(MetaProblem("_t1", [symbol("_t1") ** -1], [1]), "C1(F)"),  # type: ignore[arg-type]
    "a pole at a parameter with the name of a point": says(MetaProblem("_p1", [symbol("_p1") ** -1], [1]), "C1(F)"),  # type: ignore[arg-type]
    "a kink is not smooth": says(one("relu(x)"), "C1(F)"),
    "a root at 0 is not smooth": says(one("sqrt(x^2)"), "continuous(F)"),
    "a logarithm of a square": says(one("log(x^2)"), "C1(F)"),
    "a logarithm of what may be negative": says(one("log(exp(x) - 1/2)"), "C1(F)"),
    "a pole is not smooth": says(one("1/x"), "C1(F)"),
    "a pole of a sum of signs": says(one("1/(x^2 + x + 1)"), "C1(F)"),
    "a divisor with an odd power": says(one("1/(1 + x^3)"), "C1(F)"),
    "a smooth loss with another value": says(one("log(1 + 1/exp(x))"), "C2(L) & F(zero) = 0"),
    "the half plane is not whole": says(MetaProblem(x, [x], [1], constraints=(less(0, x),)), "whole"),
    "Fermat on a closed interval": says(
        interval,
        "forall a in argmin F: grad F(a) = zero",
        Lemma("Fermat", (("f", "F"), ("U", "Phi")), (), Instantiate(1, (a1,), Instantiate(0, (a2,), done))),
    ),
}


if __name__ == "__main__":
    sys.exit(report(REFUSED, THEOREMS, sys.argv[1:]))
