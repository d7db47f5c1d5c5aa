"""Polynomials in the parameters and what vector fields do to them: v(p) = sum_i v_i dp/d theta_i and the bracket [v, w]."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from ..terms import Term, number, symbol, total

Exponents = tuple[int, ...]
"""A monomial as the sorted places of its factors: (0, 0, 2) is theta_0^2 theta_2."""
Polynomial = dict[Exponents, Fraction]
"""Coefficients that are not 0."""
Field = dict[int, Polynomial]
"""The components that are not 0."""


def combined(parts: Sequence[tuple[Fraction, Mapping[Exponents, Fraction]]]) -> Polynomial:
    """sum c p over the pairs (c, p)."""
    made: Polynomial = {}
    for scale, polynomial in parts:
        for exponents, value in polynomial.items():
            made[exponents] = made.get(exponents, Fraction(0)) + scale * value
    return {e: v for e, v in made.items() if v}


def times(left: Polynomial, right: Polynomial) -> Polynomial:
    made: Polynomial = {}
    for a, x in left.items():
        for b, y in right.items():
            exponents = tuple(sorted((*a, *b)))
            made[exponents] = made.get(exponents, Fraction(0)) + x * y
    return {e: v for e, v in made.items() if v}


def partial(polynomial: Polynomial, place: int) -> Polynomial:
    made: Polynomial = {}
    for exponents, value in polynomial.items():
        count = exponents.count(place)
        if count:
            at = exponents.index(place)
            made[exponents[:at] + exponents[at + 1 :]] = value * count
    return made


def lie_derivative(field: Field, polynomial: Polynomial) -> Polynomial:
    """v(p)."""
    one = Fraction(1)
    mentioned = {place for exponents in polynomial for place in exponents}
    return combined([(one, times(field[i], partial(polynomial, i))) for i in mentioned if i in field])


def bracket(left: Field, right: Field) -> Field:
    """[v, w] = v(w) - w(v), component by component."""
    made: Field = {}
    for place in {*left, *right}:
        parts = [
            (Fraction(1), lie_derivative(left, right.get(place, {}))),
            (Fraction(-1), lie_derivative(right, left.get(place, {}))),
        ]
        if found := combined(parts):
            made[place] = found
    return made


def flow(field: Field, size: int, most: int = 6) -> list[list[Polynomial]] | None:
    """The coefficients of c^0, c^1, ... of exp(c v) theta_i for each i, where all series end after `most` terms; else None.

    sum_k c^k v^k(theta_i) / k! solves the equation of the flow where it is finite.
    """
    made: list[list[Polynomial]] = []
    for place in range(size):
        here: Polynomial = {(place,): Fraction(1)}
        series, scale = [here], 1
        for k in range(1, most + 2):
            here, scale = lie_derivative(field, here), scale * k
            if not here:
                break
            if k > most or len(here) > 1000:
                return None
            series.append({e: v / scale for e, v in here.items()})
        made.append(series)
    return made


def monomial_term(names: Sequence[str], exponents: Exponents, value: Fraction) -> Term:
    powers = [(symbol(names[place]), exponents.count(place)) for place in dict.fromkeys(exponents)]
    factors = [name if count == 1 else name**count for name, count in powers]
    if not factors:
        return number(value)
    listed = factors if value == 1 else [number(value), *factors]
    return listed[0] if len(listed) == 1 else Term("mul", tuple(listed))


def polynomial_term(names: Sequence[str], polynomial: Polynomial) -> Term:
    return total([monomial_term(names, e, v) for e, v in sorted(polynomial.items())])


def polynomial_text(names: Sequence[str], polynomial: Polynomial) -> str:
    """Such as `v^2 - 2*w*x + 1/2`; our parser reads it back."""
    words = ""
    for exponents, value in sorted(polynomial.items()):
        powers = [(names[place], exponents.count(place)) for place in dict.fromkeys(exponents)]
        factors = [name if count == 1 else f"{name}^{count}" for name, count in powers]
        size = [str(abs(value))] if abs(value) != 1 or not factors else []
        sign = "-" if value < 0 else "+"
        words += f" {sign} " if words else sign.strip("+")
        words += "*".join([*size, *factors])
    return words or "0"
