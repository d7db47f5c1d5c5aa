"""Terms made readable without multiplying out: for derivatives of what is no polynomial.

Nested sums and products are opened, rational numbers put together, equal factors and equal summands counted.  Nothing is
cancelled against a denominator, so the value is that of the term wherever the term is defined.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from ..terms import ONE, ZERO, IllFormed, Term, number, rebuild, subterms, total
from .polynomials import at_rational, collected

SMALL = 150
"""Terms of at most so many subterms are also tried multiplied out; larger ones would rarely get shorter by it."""
LONGEST = 10_000
"""A power of a rational number with more bits is left as a power."""


def readable(term: Term, leading: Sequence[str]) -> Term:
    """The shorter of the tidied and the collected form."""
    short = tidied(term)
    if size(short) > SMALL:
        return short
    expanded = collected(short, leading)
    return expanded if size(expanded) <= size(short) else short


def size(term: Term) -> int:
    return sum(1 for _ in subterms(term))


def tidied(term: Term) -> Term:
    """Raises `IllFormed` for a division by 0."""
    inside = rebuild(term, tidied)
    match inside.head:
        case "add":
            return _sum([part for a in inside.args for part in (a.args if a.head == "add" else (a,))])
        case "mul":
            return _product([part for a in inside.args for part in (a.args if a.head == "mul" else (a,))])
        case "pow":
            return _power(inside.args[0], inside.args[1])
    return at_rational(inside)


def _sum(parts: list[Term]) -> Term:
    counted: dict[Term, Fraction] = {}
    for part in parts:
        outer, inside = _split(part)
        for coefficient, rest in map(_split, inside.args if inside.head == "add" else (inside,)):
            counted[rest] = counted.get(rest, Fraction(0)) + outer * coefficient
    return total([_scaled(c, rest) for rest, c in counted.items() if c])


def _split(part: Term) -> tuple[Fraction, Term]:
    """A summand as a rational number and the rest."""
    if part.head == "num":
        return part.args[0], ONE
    if part.head == "mul" and part.args[0].head == "num":
        rest = part.args[1:]
        return part.args[0].args[0], rest[0] if len(rest) == 1 else Term("mul", rest)
    return Fraction(1), part


def _scaled(coefficient: Fraction, rest: Term) -> Term:
    if rest == ONE:
        return number(coefficient)
    if coefficient == 1:
        return rest
    return Term("mul", (number(coefficient), *(rest.args if rest.head == "mul" else (rest,))))


def _product(parts: list[Term]) -> Term:
    """Powers of one base are put together, positive ones and negative ones apart."""
    coefficient, powers = Fraction(1), dict[tuple[Term, bool], int]()
    for part in parts:
        if part.head == "num":
            coefficient *= part.args[0]
        else:
            base, exponent = part.args if part.head == "pow" else (part, 1)
            powers[base, exponent > 0] = powers.get((base, exponent > 0), 0) + exponent
    if not coefficient or not powers:
        return number(coefficient)
    factors = [piece for (base, _), exponent in powers.items() for piece in _powers(base, exponent)]
    return _scaled(coefficient, factors[0] if len(factors) == 1 else Term("mul", tuple(factors)))


def _powers(base: Term, exponent: int) -> list[Term]:
    """base^exponent in factors with exponents that a term may have (up to 1000)."""
    if exponent == 1:
        return [base]
    whole, rest = divmod(abs(exponent), 1000)
    sign = 1 if exponent > 0 else -1
    return [Term("pow", (base, sign * 1000))] * whole + ([Term("pow", (base, sign * rest))] if rest else [])


def _power(base: Term, exponent: int) -> Term:
    if base.head == "num":
        if base == ZERO and exponent < 0:
            raise IllFormed("a division by 0")
        return (
            number(base.args[0] ** exponent) if abs(exponent) * _bits(base.args[0]) <= LONGEST else Term("pow", (base, exponent))
        )
    if base.head == "pow" and 0 < base.args[1] * exponent <= 1000 and exponent > 0:
        return Term("pow", (base.args[0], base.args[1] * exponent))
    return base if exponent == 1 else Term("pow", (base, exponent))


def _bits(value: Fraction) -> int:
    return value.numerator.bit_length() + value.denominator.bit_length()
