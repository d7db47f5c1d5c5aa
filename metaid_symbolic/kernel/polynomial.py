"""Polynomials over Q in generators that are terms: sparse, exact, in pure Python.

`Ring` is one of two arithmetics (the other is on FLINT) behind the same few operations; the rules see only these.  An element
of a ring has `+`, `-`, `*`, and `monomials()`, its nonzero terms in an order that depends on the polynomial alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import reduce
from operator import mul
from typing import Any, TypeVar

from ..terms import Term, number, prefix, record, total
from .rejection import Rejected, require
from .univariate import satisfiable

Key = TypeVar("Key")
Monomial = tuple[tuple[int, int], ...]
"""Pairs (generator number, exponent > 0), generator numbers increasing."""

LARGEST = 200_000
"""No intermediate polynomial of the stored certificates has a tenth of this many terms."""
HIGHEST, WIDEST = 10_000, 1_000_000
"""Bounds: the degree in one variable, the bits of a coefficient of a power."""


class TooLarge(Rejected):
    """A product has more than `LARGEST` terms."""


@record
class Sparse:
    """A polynomial as a dictionary from monomials to nonzero rationals."""

    terms: dict[Monomial, Fraction]

    def __add__(self, other: Sparse) -> Sparse:
        return Sparse(collected([*self.terms.items(), *other.terms.items()]))

    def __sub__(self, other: Sparse) -> Sparse:
        return self + Sparse({m: -c for m, c in other.terms.items()})

    def __mul__(self, other: Sparse) -> Sparse:
        require(
            len(self.terms) * len(other.terms) <= 10 * LARGEST,
            "a product of {} and {} terms",
            len(self.terms),
            len(other.terms),
            error=TooLarge,
        )
        return Sparse(collected((_times(a, b), c * d) for a, c in self.terms.items() for b, d in other.terms.items()))

    def monomials(self) -> list[tuple[Monomial, Fraction]]:
        return sorted(self.terms.items())


def collected(terms: Iterable[tuple[Key, Any]]) -> dict[Key, Any]:
    """The sum of the terms, without those that cancel."""
    made: dict[Key, Any] = {}
    for key, value in terms:
        made[key] = made[key] + value if key in made else value
    return {key: c for key, c in made.items() if c}


def _times(a: Monomial, b: Monomial) -> Monomial:
    return tuple(sorted(collected([*a, *b]).items())) if a and b else a or b


class Ring:
    """Pure Python arithmetic, and the decision of sign conditions in one variable; generators are numbered as they are met."""

    def __init__(self) -> None:
        self._terms: list[Term] = []
        self._numbers: dict[Term, int] = {}

    def constant(self, value: Fraction) -> Sparse:
        return Sparse({(): value} if value else {})

    def generator(self, term: Term) -> Sparse:
        return Sparse({((self.index(term), 1),): Fraction(1)})

    def index(self, term: Term) -> int:
        """The number of a generator, a new one if it is new."""
        if term not in self._numbers:
            self._numbers[term] = len(self._terms)
            self._terms.append(term)
        return self._numbers[term]

    def term_of(self, generator: int) -> Term:
        return self._terms[generator]

    def satisfiable(self, constraints: list[tuple[list[Fraction], frozenset[str]]]) -> bool:
        return satisfiable(tuple((tuple(p), signs) for p, signs in constraints))


def constant_of(p: Any) -> Fraction | None:
    """The rational number that p is; None if p is not constant."""
    terms = dict(p.monomials())
    return terms.get((), Fraction(0)) if terms.keys() <= {()} else None


def key_of(p: Any) -> tuple[tuple[tuple[Monomial, Fraction], ...], int]:
    """p up to scaling by a nonzero rational, and the sign of that scaling."""
    terms = p.monomials()
    lead = terms[-1][1] if terms else Fraction(1)
    return tuple((m, c / lead) for m, c in terms), 1 if lead > 0 else -1


def generators_of(p: Any) -> set[int]:
    return {generator for monomial, _ in p.monomials() for generator, _ in monomial}


def coefficients_in(p: Any, generator: int) -> list[Fraction]:
    """Coefficients c_0, c_1, ... of a polynomial in this generator alone."""
    found = {sum(e for _, e in monomial): c for monomial, c in p.monomials()}
    degree = max(found, default=0)
    require(degree <= HIGHEST, "a polynomial of degree {} in one variable", degree, error=TooLarge)
    return [found.get(k, Fraction(0)) for k in range(degree + 1)]


def power(p: Any, exponent: int, one: Any) -> Any:
    """p ** exponent for exponent >= 0.  Raises `TooLarge` before it multiplies out what nobody can read."""
    if exponent > 20:
        widest = max((max(abs(c.numerator), c.denominator).bit_length() for _, c in p.monomials()), default=1)
        small = exponent <= HIGHEST and (widest - 1) * exponent <= WIDEST
        require(small, "a power {} of a polynomial with coefficients of {} bits", exponent, widest, error=TooLarge)
    return product([p] * exponent, one)


def to_term(p: Any, ring: Ring) -> Term:
    """The polynomial written out, in the order of its monomials as terms (so the same in every arithmetic)."""
    named = ((sorted((prefix(ring.term_of(g)), e, g) for g, e in monomial), value) for monomial, value in p.monomials())
    ordered = sorted((sum(e for _, e, _ in factors), factors, value) for factors, value in named)
    return total([_monomial_term([(ring.term_of(g), e) for _, e, g in factors], value) for _, factors, value in ordered])


def _monomial_term(powers: list[tuple[Term, int]], value: Fraction) -> Term:
    factors = [base if e == 1 else base**e for base, e in powers]
    if value != 1 or not factors:
        factors = [number(value), *factors]
    return factors[0] if len(factors) == 1 else Term("mul", tuple(factors))


def product(factors: Iterable[Any], one: Any) -> Any:
    return reduce(mul, factors, one)
