"""All critical points of a polynomial over C, and the real ones among them, by a rational univariate representation.

With a linear form t = sum_i u_i x_i that takes different values at different critical points, its characteristic polynomial
chi on the quotient by the radical of <dF/dx_1, ..., dF/dx_n> is squarefree, the real critical points belong to the real roots
of chi, and x_i = w_i(t)/w_0(t) there, where the w are entries of a column of the adjugate of t - M_t (Rouillier 1999).
Counts are exact; enclosures are FLINT's balls.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Any, final

import flint

from .ideal_membership import PRIME
from .polynomials import Exponents, Polynomial, combination, degree_of, from_flint, primitive, to_flint
from .quotient_ring import LARGEST, NotFinite, QuotientRing, characteristic, quotient_ring, squarefree, squarefree_degree
from .real_roots import isolated, refined

LARGEST_FIELD = 60
"""Coordinates are written as polynomials in an algebraic number of at most this degree."""
MOST_BITS, ATTEMPTS = 1 << 14, 30


@final
@dataclass(frozen=True, eq=False)
class Family:
    """Critical points that belong to the roots of one irreducible `polynomial` in t, low < t < high for each real one."""

    polynomial: Any
    intervals: tuple[tuple[Fraction, Fraction], ...]
    representation: tuple[Any, ...]

    @property
    def degree(self) -> int:
        return int(self.polynomial.degree())

    @cached_property
    def coordinates(self) -> tuple[Any, ...]:
        """x_i as polynomials in t modulo the polynomial.  Raises `NotFinite` if its degree is too large for that."""
        if self.degree > LARGEST_FIELD:
            raise NotFinite(f"coordinates in a number field of degree {self.degree}, over the limit of {LARGEST_FIELD}")
        modulus = flint.fmpq_poly(self.polynomial)
        divisor, inverse, _ = flint.fmpq_poly(self.representation[0]).xgcd(modulus)
        return tuple(flint.fmpq_poly(w) * inverse / divisor % modulus for w in self.representation[1:])

    @property
    def rational(self) -> tuple[Fraction, ...] | None:
        """The point, if t is rational there."""
        if self.degree > 1:
            return None
        root = flint.fmpq(-self.polynomial[0], self.polynomial[1])
        values = [flint.fmpq_poly(w)(root) for w in self.representation]
        return tuple(from_flint(v / values[0]) for v in values[1:])


@final
@dataclass(frozen=True)
class RealPoint:
    """The critical point of a family whose t lies in an interval (the number `which`)."""

    family: Family
    which: int

    def enclosure(self, bits: int) -> tuple[Any, ...]:
        """Balls around the coordinates, narrower for more bits."""
        with flint.ctx.workprec(bits):
            low, high = refined(self.family.polynomial, self.family.intervals[self.which], bits)
            root = _arb(low).union(_arb(high))
            values = [flint.arb_poly(w)(root) for w in self.family.representation]
            return tuple(v / values[0] for v in values[1:])

    def near(self, denominator: int = 10**6) -> tuple[Fraction, ...]:
        """A rational point nearby."""
        return tuple(Fraction(float(x.mid())).limit_denominator(denominator) for x in self.enclosure(256))


@final
@dataclass(frozen=True, eq=False)
class Zeros:
    """The common complex zeros of polynomials: `multiplicity` with multiplicity, `ring.size` different ones.

    `scale` * sum_i `form`_i x_i is the separating t, and `eliminant` its squarefree characteristic polynomial.
    """

    ring: QuotientRing
    form: tuple[int, ...]
    scale: int
    eliminant: Any
    families: tuple[Family, ...]
    multiplicity: int

    @property
    def real(self) -> list[RealPoint]:
        return [RealPoint(f, k) for f in self.families for k in range(len(f.intervals))]

    def value_eliminant(self, objective: Polynomial) -> Any:
        """The squarefree polynomial whose complex roots are exactly the values of the objective at the zeros."""
        return squarefree(characteristic(self.ring.matrix_of_polynomial(objective)))

    def ranked(self, objective: Polynomial) -> list[list[RealPoint]]:
        """The real zeros by increasing value of the objective; points in one list have equal values, exactly.

        Raises `NotFinite` if values cannot be told apart.
        """
        listed = self.real
        for bits in _precisions():
            with flint.ctx.workprec(bits):
                balls = [evaluated(objective, p.enclosure(bits)) for p in listed]
                groups: list[list[int]] = []
                for i in sorted(range(len(listed)), key=lambda i: float(balls[i].mid())):
                    if groups and any(balls[i].overlaps(balls[j]) for j in groups[-1]):
                        groups[-1].append(i)
                    else:
                        groups.append([i])
                if all(len(g) == 1 or self._tied(objective, [balls[i] for i in g], bits) for g in groups):
                    return [[listed[i] for i in g] for g in groups]
        raise NotFinite(f"{MOST_BITS} bits do not separate the values")

    def _tied(self, objective: Polynomial, balls: list[Any], bits: int) -> bool:
        """Whether the values are one root of the value eliminant: only one of its roots lies where they do."""
        p = self.value_eliminant(objective)
        roots = [tuple(map(_arb, refined(p, i, bits))) for i in isolated(p)]
        return sum(any(low.union(high).overlaps(b) for b in balls) for low, high in roots) == 1


def critical_points(objective: Polynomial, largest: int = LARGEST) -> Zeros:
    """Raises `NotFinite` if there are infinitely many complex critical points, or too many."""
    if not degree_of(objective):
        raise NotFinite("every point is critical for a constant")
    slopes = gradient(objective)
    if not all(slopes):
        raise NotFinite(f"the polynomial does not depend on variable {slopes.index({}) + 1}: infinitely many critical points")
    return zeros_of(slopes, largest)


def zeros_of(generators: Sequence[Polynomial], largest: int = LARGEST) -> Zeros:
    """Raises `NotFinite` if there are infinitely many complex zeros, or too many."""
    return _zeros(tuple(sorted(_normal(p) for p in generators if p)), largest)


def _normal(p: Polynomial) -> tuple[tuple[Exponents, Fraction], ...]:
    made = primitive(p)
    return tuple(sorted((e, c if made[max(made)] > 0 else -c) for e, c in made.items()))


@lru_cache(maxsize=32)
def _zeros(generators: tuple[tuple[tuple[Exponents, Fraction], ...], ...], largest: int) -> Zeros:
    whole = quotient_ring([dict(p) for p in generators], largest)
    ring = whole.reduced() if whole.size else whole
    form, scale, chi = _separating(ring)
    representation = _representation(ring, form, chi)
    families = tuple(Family(f, tuple(isolated(f)), representation) for f, _ in chi.factor()[1])
    return Zeros(ring, form, scale, chi, families, whole.size)


def gradient(p: Polynomial) -> list[Polynomial]:
    return [derivative(p, i) for i in range(len(next(iter(p))))]


def derivative(p: Polynomial, i: int) -> Polynomial:
    return combination([(Fraction(1), {(*e[:i], e[i] - 1, *e[i + 1 :]): c * e[i] for e, c in p.items() if e[i]})])


def _separating(ring: QuotientRing) -> tuple[tuple[int, ...], int, Any]:
    """u, the scale that clears denominators, and the characteristic polynomial (monic, in integers)."""
    variables = len(ring.matrices)
    for form in _forms(variables):
        m = ring.matrix_of(form)
        numerator, denominator = m.numer_denom()
        if not _may_separate(numerator, ring.size):
            continue
        chi = numerator.charpoly()
        if chi.gcd(chi.derivative()).degree() <= 0:
            return form, int(denominator), chi
    raise NotFinite("no small linear form separates the critical points")


def _may_separate(m: Any, size: int) -> bool:
    return size == 0 or squarefree_degree(flint.nmod_mat(m, PRIME).charpoly()) == size


def _forms(variables: int) -> Iterator[tuple[int, ...]]:
    """Single coordinates, then forms with growing coefficients."""
    for i in range(variables):
        yield tuple(int(i == j) for j in range(variables))
    for k in range(1, 30):
        yield tuple((-1) ** (i * k) * (1 + i * k + (i * i * k) // 2) for i in range(variables))


def _representation(ring: QuotientRing, form: tuple[int, ...], chi: Any) -> tuple[Any, ...]:
    """w_0, w_1, ..., w_n: the entries for 1, x_1, ..., x_n of (adjugate of t - M_t) y, with w_0 and chi coprime."""
    size = ring.size
    if not size:
        return ()
    numerator, _ = ring.matrix_of(form).numer_denom()
    unit = [[m[0, k] for k in range(size)] for m in ring.matrices]
    for attempt in range(ATTEMPTS):
        # symmetries make units fail, one after another; a vector without structure hardly ever does
        start = [pow(3 + attempt, i, 101) - 50 if attempt else int(i == 0) for i in range(size)]
        y = flint.fmpz_mat(size, 1, start)
        columns = [y]
        for k in range(size - 1, 0, -1):
            columns.append(numerator * columns[-1] + y * chi[k])
        entries = [flint.fmpz_poly([c[j, 0] for c in reversed(columns)]) for j in range(size)]
        if entries[0].gcd(chi).degree() <= 0:
            rows = [_weighted(entries, row) for row in unit]
            return (flint.fmpq_poly(entries[0]), *rows)
    raise NotFinite("no column of the adjugate represents all critical points")


def _weighted(entries: list[Any], row: list[Any]) -> Any:
    made = flint.fmpq_poly([])
    for p, c in zip(entries, row, strict=True):
        if c != 0:
            made += flint.fmpq_poly(p) * c
    return made


def _precisions() -> Iterator[int]:
    bits = 64
    while bits <= MOST_BITS:
        yield bits
        bits *= 4


def _arb(x: Fraction) -> Any:
    return flint.arb(to_flint(x))


def evaluated(p: Polynomial, point: Sequence[Any]) -> Any:
    """The value of p at a point of balls."""
    total = flint.arb(0)
    for e, c in p.items():
        term = _arb(c)
        for x, k in zip(point, e, strict=True):
            for _ in range(k):
                term = term * x
        total = total + term
    return total
