"""Small meta-problems in the order of size: domain rank, dimension, tasks, degree, terms, height.

Symmetric copies are left out: the order of the tasks, and x -> -x in one dimension.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import combinations, combinations_with_replacement, permutations, product

from ...problems import MetaProblem
from ...terms import ZERO, Term, at_most, less, number, symbol, total

Polynomial = Mapping[tuple[int, ...], Fraction]
Size = tuple[int, int, int]
Sized = tuple[tuple[Size, dict[tuple[int, ...], Fraction]], ...]
"""Polynomials, each with its size."""
NAMES = ("x", "y", "z", "w")
HEIGHTS = ((1,), (1, 2, Fraction(1, 2)), (1, 2, Fraction(1, 2), 3), (1, 2, Fraction(1, 2), 3, 4))
RATES = tuple(map(Fraction, ("1", "1/2", "2", "1/4", "3")))


@dataclass(frozen=True)
class Box:
    """Which problems to run through: losses up to a degree, a number of terms and a height, quadratics a (x - c)^2/2, or two
    tasks f + v and f - v for such a loss f and a power v of x; monic ones have leading coefficient 1 or -1 and no constant."""

    dimension: int
    tasks: int
    degree: int
    terms: int
    height: int
    quadratic: bool = False
    split: bool = False
    monic: bool = False


PLAN = (
    Box(1, 1, 2, 2, 1), Box(1, 2, 2, 1, 1), Box(1, 1, 4, 2, 1), Box(2, 1, 2, 2, 1), Box(1, 2, 1, 1, 2),
    Box(1, 1, 2, 3, 2, quadratic=True), Box(1, 2, 2, 3, 2, quadratic=True), Box(1, 1, 4, 2, 2),
    Box(1, 1, 4, 3, 3, monic=True), Box(1, 2, 3, 2, 1),
    Box(1, 3, 1, 1, 1), Box(1, 2, 4, 2, 2, split=True), Box(2, 1, 4, 1, 2), Box(2, 1, 2, 3, 1), Box(2, 2, 2, 1, 1),
    Box(1, 1, 4, 3, 3), Box(2, 1, 4, 2, 1), Box(1, 2, 4, 2, 2),
    Box(1, 3, 2, 2, 1), Box(2, 2, 2, 2, 1), Box(2, 3, 2, 1, 1), Box(2, 1, 4, 3, 1),
)  # fmt: skip
"""Boxes of growing size; a later box repeats nothing of an earlier one."""


def exponents_of(term: Term, names: tuple[str, ...]) -> dict[tuple[int, ...], Fraction]:
    """The coefficients of a polynomial in the named variables.  Raises `ValueError` for anything else."""
    from ...kernel.normal import Normaliser, Opaque
    from ...kernel.polynomial import Ring

    ring = Ring()
    try:
        p = Normaliser(ring, lambda name: "real").polynomial(term)
    except Opaque as cause:
        raise ValueError(str(cause)) from None
    found = {}
    for monomial, c in p.monomials():
        powers = {ring.term_of(g): e for g, e in monomial}
        if any(base.head != "sym" or base.args[0] not in names for base in powers):
            raise ValueError(f"{term} is no polynomial in {names}")
        found[tuple(powers.get(symbol(name), 0) for name in names)] = c
    return found


def polynomial_term(p: Polynomial, names: tuple[str, ...]) -> Term:
    """The polynomial as a term, terms of high degree first."""
    return _term_of(tuple(sorted(p.items(), key=lambda item: (-sum(item[0]), item[0]))), names)


@lru_cache(maxsize=20_000)
def _term_of(monomials: tuple[tuple[tuple[int, ...], Fraction], ...], names: tuple[str, ...]) -> Term:
    pieces = []
    for exponents, c in monomials:
        factors = [symbol(n) if e == 1 else symbol(n) ** e for n, e in zip(names, exponents, strict=True) if e]
        if c != 1 or not factors:
            factors = [number(c), *factors]
        pieces.append(factors[0] if len(factors) == 1 else Term("mul", tuple(factors)))
    return total(pieces) if pieces else ZERO


@lru_cache(maxsize=64)
def losses(
    dimension: int, degree: int, terms: int, height: int, monic: bool = False
) -> tuple[tuple[tuple[int, int, int], dict[tuple[int, ...], Fraction]], ...]:
    """Polynomials with up to `terms` terms, each with its (degree, terms, height), smallest first."""
    monomials = [e for e in product(range(degree + 1), repeat=dimension) if sum(e) <= degree and (any(e) or not monic)]
    found: list[tuple[Size, dict[tuple[int, ...], Fraction]]] = [((0, 0, 0), {})]
    values = [Fraction(s) * Fraction(c) for c in HEIGHTS[height - 1] for s in (1, -1)]
    for count in range(1, terms + 1):
        for chosen in combinations(monomials, count):
            leading = (Fraction(1), Fraction(-1)) if monic else values
            for coefficients in product(*[values] * (count - 1), leading):
                tallest = max(max(abs(c.numerator), c.denominator) for c in coefficients)
                found.append(((max(map(sum, chosen)), count, tallest), dict(zip(chosen, coefficients, strict=True))))
    return tuple(sorted(found, key=lambda item: item[0]))


@lru_cache(maxsize=1)
def quadratics() -> Sized:
    """a (x - c)^2 / 2 for small curvatures a and centres c."""
    found: list[tuple[Size, dict[tuple[int, ...], Fraction]]] = []
    for a, c in product(map(Fraction, (1, 2, -1, 4)), map(Fraction, (0, 1, -1, 2))):
        p: dict[tuple[int, ...], Fraction] = {e: v for e, v in (((2,), a / 2), ((1,), -a * c), ((0,), a * c * c / 2)) if v}
        found.append(((2, len(p), max(max(abs(v.numerator), v.denominator) for v in p.values())), p))
    return tuple(found)


def problems(box: Box, seen: set[object]) -> Iterator[tuple[tuple[int, ...], tuple[Polynomial, ...], tuple[Fraction, ...]]]:
    """Losses and weights in the order of size (degree, terms, height), once up to symmetry and not yet `seen`."""
    for size, chosen in _split(box) if box.split else _grouped(box):
        mark = box.dimension, canonical(chosen)
        if mark in seen:
            continue
        seen.add(mark)
        for weights in _weights(box.tasks)[: 1 if box.split else None]:
            yield size, chosen, weights


def _grouped(box: Box) -> Iterator[tuple[tuple[int, ...], tuple[Polynomial, ...]]]:
    singles = quadratics() if box.quadratic else losses(box.dimension, box.degree, box.terms, box.height, box.monic)
    sized = []
    for group in combinations_with_replacement(range(len(singles)), box.tasks):
        sizes = [singles[i][0] for i in group]
        sized.append(((max(s[0] for s in sizes), sum(s[1] for s in sizes), max(s[2] for s in sizes)), group))
    for size, group in sorted(sized, key=lambda item: item[0]):
        yield size, tuple(singles[i][1] for i in group)


def _split(box: Box) -> Iterator[tuple[tuple[int, ...], tuple[Polynomial, ...]]]:
    """f + v and f - v: the mean is f, and the gradients differ."""
    for (degree, terms, height), f in losses(box.dimension, box.degree, box.terms, box.height):
        for power in (1, 2) if (0,) not in f else ():
            up, down = ({**f, (power,): f.get((power,), Fraction(0)) + sign} for sign in (1, -1))
            yield (degree, 2 * terms, height), tuple({e: c for e, c in p.items() if c} for p in (up, down))


def canonical(chosen: tuple[Polynomial, ...]) -> object:
    """The same for problems that differ by the order of tasks, the order of coordinates, or the signs of coordinates."""
    dimension = len(next((e for p in chosen for e in p), (0,)))
    forms = []
    for signs in product((1, -1), repeat=dimension):
        flipped = [tuple(sorted((e, c * _parity(e, signs)) for e, c in p.items())) for p in chosen]
        for order in permutations(range(dimension)):
            forms.append(tuple(sorted(tuple(sorted((tuple(e[i] for i in order), c) for e, c in p)) for p in flipped)))
    return min(forms)


def _parity(exponents: tuple[int, ...], signs: tuple[int, ...]) -> int:
    result = 1
    for e, s in zip(exponents, signs, strict=True):
        result *= s if e % 2 else 1
    return result


def _weights(tasks: int) -> tuple[tuple[Fraction, ...], ...]:
    equal = (tuple(Fraction(1, tasks) for _ in range(tasks)),)
    return equal if tasks != 2 else (*equal, (Fraction(1, 3), Fraction(2, 3)), (Fraction(2, 3), Fraction(1, 3)))


def domains(kind: str, dimension: int) -> Iterator[tuple[Term, ...]]:
    """Constraints of small domains of the kind, R^n first where it belongs."""
    x = symbol(NAMES[0])
    if kind != "interval":
        yield ()
    if dimension == 1 and kind in ("open", "any"):
        yield (less(ZERO, x), less(x, number(1)))
    if dimension == 1 and kind in ("interval", "any"):
        yield (at_most(number(-1), x), at_most(x, number(1)))
        yield (at_most(ZERO, x), at_most(x, number(1)))


def build(
    dimension: int,
    chosen: tuple[Polynomial, ...],
    weights: tuple[Fraction, ...],
    constraints: tuple[Term, ...],
    rate: Fraction | None,
    steps: int = 1,
) -> MetaProblem:
    names = NAMES[:dimension]
    terms = tuple(polynomial_term(p, names) for p in chosen)
    return MetaProblem(names, terms, weights, constraints, rate=None if rate is None else number(rate), steps=steps)


def measure(problem: MetaProblem) -> tuple[int, ...]:
    """The size of a problem: domain rank, dimension, tasks, degree, terms, height of the coefficients."""
    polynomials = [exponents_of(loss, problem.parameters) for loss in problem.losses]
    degree = max((sum(e) for p in polynomials for e in p), default=0)
    terms = sum(len(p) for p in polynomials)
    height = max((max(abs(c.numerator), c.denominator) for p in polynomials for c in p.values()), default=0)
    return len(problem.constraints), problem.dimension, len(problem.losses), degree, terms, height


def points(dimension: int) -> tuple[tuple[Fraction, ...], ...]:
    """Small rational points, smallest first; in higher dimensions a few."""
    if dimension > 3:
        ramp = tuple(Fraction(i + 1) for i in range(dimension))
        one = tuple(Fraction(i == 0) for i in range(dimension))
        return ramp, one, ramp[::-1], (Fraction(1),) * dimension, (Fraction(0),) * dimension
    axis = [Fraction(v) for v in ("0", "1", "-1", "2", "-2", "1/2", "-1/2")][: 7 if dimension == 1 else 3]
    return tuple(sorted(product(axis, repeat=dimension), key=lambda p: sum(abs(c.numerator) + c.denominator for c in p)))
