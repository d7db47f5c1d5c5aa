"""The learning coefficient (real log canonical threshold) at a point where the Fisher matrix may be singular.

K(theta) = sum_t (f_t(theta) - f_t(theta*))^2; for a positive prior near theta* the integral of exp(-n K) behaves like
n^(-lambda) (log n)^(m - 1) (Watanabe 2009): lambda is the coefficient, m its multiplicity.  It depends on the ideal of the
differences alone.  A difference that is a coordinate adds 1/2 and is put to 0; ideals in separate variables add up; what is
left is read off a Newton polyhedron.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, final

from ..problems import exact
from ..search.algebra.polynomials import Polynomial, combination, times
from ..terms import IllFormed
from .newton import Corner, corner, nondegenerate
from .observing import Observed, observed, point_of

MOST_VARIABLES = 12
"""`identify` asks for coefficients of models with at most so many parameters."""
LONGEST = 3_000
"""Polynomials with more terms are not put into one another."""


@final
@dataclass(frozen=True)
class LearningCoefficient:
    """lower <= lambda <= upper, exact where both agree; then `multiplicity` is m (None where only bounds are known)."""

    lower: Fraction
    upper: Fraction
    multiplicity: int | None
    reason: str

    @property
    def exact(self) -> bool:
        return self.lower == self.upper and self.multiplicity is not None

    def __str__(self) -> str:
        if self.lower < self.upper:
            return f"{self.lower} <= lambda <= {self.upper}"
        return f"lambda = {self.lower}, m {'unknown' if self.multiplicity is None else f'= {self.multiplicity}'}"

    def plus(self, other: LearningCoefficient) -> LearningCoefficient:
        """Of two ideals in separate variables."""
        both = self.multiplicity is not None and other.multiplicity is not None
        m = (self.multiplicity or 0) + (other.multiplicity or 0) - 1 if both else None
        reason = "; ".join(dict.fromkeys(filter(None, (self.reason, other.reason))))
        return LearningCoefficient(self.lower + other.lower, self.upper + other.upper, m, reason)


NOTHING = LearningCoefficient(Fraction(0), Fraction(0), 1, "")


def learning_coefficient(model: Any, at: Any) -> LearningCoefficient:
    """Of a model whose observations are polynomials in its parameters, for a prior that is positive near the rational point.

    Raises `IllFormed` for other models.
    """
    seen = observed(model)
    return at_point(seen, point_of(seen.parameters, at))


def at_point(seen: Observed, point: Sequence[Fraction]) -> LearningCoefficient:
    """The same for observations that were read already."""
    expanded = seen.expanded
    if expanded.others or not expanded.is_polynomial:
        raise IllFormed("learning coefficients are found for observations that are polynomials in the parameters")
    return of_ideal([p for p in _differences(expanded, point) if p], len(point))


def _differences(seen: Observed, point: Sequence[Fraction]) -> list[Polynomial]:
    """f_t(point + u) - f_t(point) as polynomials in u."""
    from ..calculus.polynomials import Ring
    from ..search.algebra.polynomials import from_flint
    from ..terms import number, substitute, symbol

    ring = Ring([symbol(p) for p in seen.parameters])
    put = {p: symbol(p) + number(x) for p, x in zip(seen.parameters, point, strict=True)}
    made = [ring.read(substitute(e, put)).to_dict() for e in seen.entries]
    return [{tuple(map(int, e)): from_flint(c) for e, c in p.items() if any(e)} for p in made]


def of_ideal(generators: Sequence[Polynomial], variables: int) -> LearningCoefficient:
    """Of polynomials that vanish at the origin."""
    total, rest = NOTHING, [p for p in generators if p]
    while found := _coordinate(rest):
        which, variable = found
        rest = _eliminated(rest, which, variable)
        total = total.plus(LearningCoefficient(Fraction(1, 2), Fraction(1, 2), 1, "coordinates among the differences"))
    for part in _separate(rest):
        total = total.plus(_by_polyhedron(part))
    most = Fraction(variables, 2)
    return total if total.upper <= most else LearningCoefficient(total.lower, most, None, total.reason)


def _coordinate(generators: Sequence[Polynomial]) -> tuple[int, int] | None:
    """A generator a x_j + b with a(0) != 0, a and b without x_j: it is a coordinate of the ring at the origin; the shortest."""
    found = []
    for k, p in enumerate(generators):
        for e in p:
            if sum(e) == 1 and all(f[e.index(1)] <= 1 for f in p):
                found.append((len(p), k, e.index(1)))
    return min(found)[1:] if found else None


def _eliminated(generators: Sequence[Polynomial], which: int, j: int) -> list[Polynomial]:
    """The other generators with x_j = -b/a, times a power of the unit a; x_j stays as a variable that nothing mentions."""
    chosen = generators[which]
    a = {_without(e, j): c for e, c in chosen.items() if e[j]}
    b = {e: -c for e, c in chosen.items() if not e[j]}
    made = []
    for k, p in enumerate(generators):
        if k == which:
            continue
        degree = max(e[j] for e in p)
        if degree == 0:
            made.append(p)
            continue
        powers = [_power(b, d, p) for d in range(degree + 1)]
        units = [_power(a, degree - d, p) for d in range(degree + 1)]
        parts = [(Fraction(1), times(times({_without(e, j): c}, powers[e[j]]), units[e[j]])) for e, c in p.items()]
        made.append(_short(combination(parts)))
    return [p for p in made if p]


def _short(p: Polynomial) -> Polynomial:
    if len(p) > LONGEST:
        raise IllFormed(f"an elimination gives a polynomial of {len(p)} terms")
    return p


def _without(e: tuple[int, ...], j: int) -> tuple[int, ...]:
    return (*e[:j], 0, *e[j + 1 :])


def _power(p: Polynomial, exponent: int, like: Polynomial) -> Polynomial:
    made: Polynomial = {(0,) * len(next(iter(like))): Fraction(1)}
    for _ in range(exponent):
        made = _short(times(made, p)) if p else {}
    return made


def _separate(generators: Sequence[Polynomial]) -> list[list[Polynomial]]:
    """The generators by connected components of the variables that they mention, in these variables alone."""
    groups: list[tuple[set[int], list[Polynomial]]] = []
    for p in generators:
        mine = {i for e in p for i, k in enumerate(e) if k}
        touching = [g for g in groups if g[0] & mine]
        groups = [g for g in groups if not g[0] & mine]
        groups.append((mine.union(*(g[0] for g in touching)), [p, *(q for g in touching for q in g[1])]))
    return [[{tuple(e[i] for i in sorted(names)): c for e, c in p.items()} for p in listed] for names, listed in groups]


def _by_polyhedron(generators: list[Polynomial]) -> LearningCoefficient:
    """Exact where the generators are coordinates, or nondegenerate for their Newton polyhedron.

    Otherwise lambda is at most that of the monomials, which generate a greater ideal; and at least r/2 for r generators with
    independent linear parts, and 1/(2 d) for one that vanishes to the order d (Kollar 1997, Lemma 8.10).
    """
    if (independent := linear_rank(generators)) == len(generators):
        return LearningCoefficient(Fraction(independent, 2), Fraction(independent, 2), 1, "coordinates among the differences")
    power, root = _root(generators)
    if power > 1:
        made = _by_polyhedron(root)
        return LearningCoefficient(made.lower / power, made.upper / power, made.multiplicity, made.reason)
    order = min(sum(e) for p in generators for e in p)
    lower = max(Fraction(1, 2 * order), Fraction(independent, 2))
    found = corner(generators)
    if found is None:
        return LearningCoefficient(lower, Fraction(len(next(iter(generators[0]))), 2 * order), None, "the order of vanishing")
    least = found.coefficient
    if nondegenerate(generators, found):
        return LearningCoefficient(least, least, found.multiplicity, "a nondegenerate Newton polyhedron")
    if len(generators) == 1 and nondegenerate(generators, found, smooth=True):
        return _hypersurface(found, len(next(iter(generators[0]))))
    reason = "the Newton polyhedron is not shown to be nondegenerate: it bounds from above, the order of vanishing from below"
    return LearningCoefficient(lower, least, None, reason)


def _hypersurface(found: Corner, variables: int) -> LearningCoefficient:
    """One f, the zeros of all its initial forms smooth outside the coordinate hyperplanes (Kouchnirenko 1976): after a toric
    change of variables f is a monomial times a coordinate, and that coordinate alone would give 1/2."""
    half, least = Fraction(1, 2), found.coefficient
    reason = "a nondegenerate Newton polyhedron"
    if least < half:
        return LearningCoefficient(least, least, found.multiplicity, reason)
    settled = least == half and found.multiplicity == variables
    return LearningCoefficient(half, least, found.multiplicity if settled else None, reason)


def linear_rank(generators: Sequence[Polynomial]) -> int:
    """The rank of the linear parts."""
    import flint

    width = len(next(iter(generators[0])))
    rows = [flint.fmpq(0)] * (len(generators) * width)
    for k, p in enumerate(generators):
        for e, c in p.items():
            if sum(e) == 1:
                rows[k * width + e.index(1)] = flint.fmpq(c.numerator, c.denominator)
    return int(flint.fmpq_mat(len(generators), width, rows).rank())


def _root(generators: list[Polynomial]) -> tuple[int, list[Polynomial]]:
    """k and g where there is one generator, c g^k with g irreducible; else 1 and the generators."""
    import flint

    from ..search.algebra.polynomials import from_flint, to_flint

    if len(generators) > 1:
        return 1, generators
    size = len(next(iter(generators[0])))
    ring = flint.fmpq_mpoly_ctx.get([f"x{i}" for i in range(size)], flint.Ordering.degrevlex)
    _, factors = ring.from_dict({e: to_flint(c) for e, c in generators[0].items()}).factor()
    if len(factors) != 1:
        return 1, generators
    root, power = factors[0]
    return int(power), [{tuple(map(int, e)): from_flint(flint.fmpq(c)) for e, c in root.to_dict().items()}]


def normal_crossing(orders: Sequence[int], jacobian: Sequence[int] | None = None) -> LearningCoefficient:
    """K = prod u_i^(2 k_i) with the prior prod |u_i|^(h_i): lambda = min (h_i + 1)/(2 k_i), and m the number of minima.

    Raises `IllFormed` for orders that are all 0, or of another number than the exponents of the prior.
    """
    prior = [0] * len(orders) if jacobian is None else list(jacobian)
    if len(prior) != len(orders) or not any(orders) or min([*orders, *prior]) < 0:
        raise IllFormed(f"the orders {list(orders)} and the exponents {prior} of the prior make no normal crossing")
    ratios = [Fraction(h + 1, 2 * k) for k, h in zip(orders, prior, strict=True) if k]
    least = min(ratios)
    return LearningCoefficient(least, least, ratios.count(least), "normal crossing")


def reduced_rank_regression(inputs: int, hidden: int, outputs: int, rank: int) -> LearningCoefficient:
    """Of x -> B A x with A hidden x inputs and B outputs x hidden, where the true matrix has this rank, for a prior that is
    positive on all true parameters (Aoyagi, Watanabe 2005, Main Theorem).

    Raises `IllFormed` for a rank that such products do not have.
    """
    m, h, n, r = (int(exact(v, "a width")) for v in (inputs, hidden, outputs, rank))
    if min(m, h, n) < 1 or not 0 <= r <= min(m, h, n):
        raise IllFormed(f"no product of the widths {m}, {h}, {n} has the rank {r}")
    reason = "reduced-rank regression: Aoyagi and Watanabe 2005"
    if m + h < n + r:
        return _known(h * m - h * r + n * r, 2, 1, reason)
    if n + h < m + r:
        return _known(h * n - h * r + m * r, 2, 1, reason)
    if m + n < h + r:
        return _known(m * n, 2, 1, reason)
    odd = (m + h + n + r) % 2
    value = odd - (h + r) ** 2 - m**2 - n**2 + 2 * (h + r) * (m + n) + 2 * m * n
    return _known(value, 8, 1 + odd, reason)


def _known(numerator: int, denominator: int, multiplicity: int, reason: str) -> LearningCoefficient:
    value = Fraction(numerator, denominator)
    return LearningCoefficient(value, value, multiplicity, reason)
