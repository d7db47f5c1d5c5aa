"""Certificates that close a branch: signs in one variable, sums of squares, products of literals, enclosures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import lru_cache
from itertools import combinations_with_replacement, product
from math import prod
from typing import Any

from ...certificates import Combine, Done, Enclose, OneVariable, Proof, Rewrite, Summand
from ...kernel.branch import Branch, Literal
from ...kernel.polynomial import generators_of, to_term
from ...kernel.rejection import Rejected
from ...kernel.tableau import bounds, enclose, one_variable
from ...terms import ONE, Term, free_symbols
from ..positivity import sums_of_squares
from .residues import PRIME, Residues
from .rough import conditions_on, plainly_satisfiable
from .solving import eliminated

Exponents = dict[tuple[int, ...], Fraction]
EQUATION = frozenset("0")
MOST_VARIABLES = 4
MOST_DEGREE = 8
MOST_MULTIPLIED = 40
"""Of so many literals each three, also equal ones, are multiplied and compared with the others modulo a prime."""
MOST_ENCLOSED = 40
SCALES = tuple(Fraction(1, 2**k) for k in (0, 1, 2, 4, 8))
COORDINATES = (0.0, 1.0, -1.0, 0.5, -2.0, 3.0, -0.7)


def close(branch: Branch, thorough: bool, boxes: bool = False) -> Proof | None:
    """A step that closes the branch as it stands; None if none is found.  With `boxes` literals are enclosed on boxes too."""
    if branch.closed:
        return Done()
    for found in _one_variable(branch):
        return found
    for found in _enclosures(branch, boxes):
        return found
    if thorough:
        residues = Residues(branch)
        return residues.first(_products(branch, residues)) or residues.first(_combinations(branch)) or _rewritten(branch)
    return None


def _rewritten(branch: Branch) -> Proof | None:
    """A variable that an equation gives as a polynomial in the others is eliminated, and the rest closes."""
    for place, literal in enumerate(branch.literals):
        if literal.signs != frozenset("0") or len(generators_of(literal.polynomial)) > MOST_VARIABLES:
            continue
        for name in linear_in(branch, literal.polynomial):
            try:
                value, other = eliminated(branch, place, name)
            except Rejected:
                continue
            found = close(other, thorough=True)
            return None if found is None else Rewrite(name, value, found)
    return None


def linear_in(branch: Branch, p: Any) -> list[str]:
    """The variables that occur in p as a monomial of their own, and in no other."""
    alone, others = [], set()
    for monomial, _ in p.monomials():
        if len(monomial) == 1 and monomial[0][1] == 1:
            alone.append(monomial[0][0])
        else:
            others |= {g for g, _ in monomial}
    terms = [branch.normaliser.ring.term_of(g) for g in alone if g not in others]
    names = [str(t.args[0]) for t in terms if t.head == "sym" and t.args[0] in branch.variables]
    return sorted(names, key=lambda n: (len(n), n), reverse=True)


def _one_variable(branch: Branch) -> Iterator[Proof]:
    names: dict[int, int] = {}
    for literal in branch.literals:
        about = generators_of(literal.polynomial)
        if len(about) == 1:
            (generator,) = about
            names[generator] = names.get(generator, 0) + 1
    for generator in names:
        term = branch.normaliser.ring.term_of(generator)
        if term.head == "sym" and term.args[0] in branch.variables and not plainly_satisfiable(conditions_on(branch, generator)):
            try:
                one_variable(branch, term.args[0])
            except Rejected:
                continue
            yield OneVariable(term.args[0])


def _enclosures(branch: Branch, boxes: bool) -> Iterator[Proof]:
    """Literals without variables, and on boxes those with two or more generators whose variables the branch bounds."""
    known: Mapping[str, Any] | None = None
    for place, literal in enumerate(branch.literals):
        generators = generators_of(literal.polynomial)
        names = {n for g in generators for n in free_symbols(branch.normaliser.ring.term_of(g))}
        if names and (not boxes or len(generators) < 2 or len(literal.polynomial.monomials()) > MOST_ENCLOSED):
            continue
        if names and known is None:
            known = bounds(branch)
        if names and not names <= (known or {}).keys():
            continue
        for bits in (48,) if names else (32, 128):
            try:
                enclose(branch, place, bits)
            except Rejected:
                continue
            yield Enclose(place, bits)


def _combinations(branch: Branch) -> Iterator[Combine]:
    """One literal against a sum of squares, a strict literal beside it, an equation that a literal divides."""
    for place, literal in enumerate(branch.literals):
        yield from _alone(branch, place, literal)
        yield from _factored(branch, place, literal)
    samples = [_samples(literal.polynomial) for literal in branch.literals]
    for place, literal in enumerate(branch.literals):
        for other, strict in enumerate(branch.literals):
            if other != place and "0" not in strict.signs and _may_add_up(literal, samples[place], strict, samples[other]):
                yield from _with_strict(branch, place, literal, other, strict)


def _products(branch: Branch, residues: Residues) -> Iterator[Combine]:
    """A literal that is the negative of a product of two or three others, one of the literals being strict."""
    signed = [place for place, one in enumerate(branch.literals) if one.signs not in (frozenset("0"), frozenset("-+"))]
    opposite = {-residues.literals[place] % PRIME: place for place in signed}
    for count in (2, 3) if len(signed) <= MOST_MULTIPLIED else ():
        for factors in combinations_with_replacement(signed, count):
            place = opposite.get(prod(residues.literals[k] for k in factors) % PRIME)
            if place is not None and place not in factors:
                yield Combine(tuple(Summand(used, ((Fraction(1), ONE),), False) for used in ((place,), factors)))


def _samples(p: Any) -> list[float]:
    """Values at a few points, the same for all polynomials of a branch."""
    monomials = [(m, float(c)) for m, c in p.monomials()]
    return [sum(c * prod(COORDINATES[(g * 5 + k * 3 + g * k) % 7] ** e for g, e in m) for m, c in monomials) for k in range(12)]


def _may_add_up(literal: Literal, p: list[float], strict: Literal, q: list[float]) -> bool:
    """Whether -p - s q, oriented, is nonnegative at the sampled points for some of the scales s."""
    if literal.signs == frozenset("0"):
        return True
    if literal.signs == frozenset("-+"):
        return False
    p = p if literal.signs <= frozenset("0+") else [-v for v in p]
    q = [v * v for v in q] if strict.signs == frozenset("-+") else q if strict.signs <= frozenset("0+") else [-v for v in q]
    return any(all(-a - s * b >= -1e-9 * (1 + abs(a) + abs(b)) for a, b in zip(p, q, strict=True)) for s in SCALES)


def oriented(branch: Branch, literal: Literal) -> Any:
    """The literal's polynomial with the sign that makes it >= 0; None if it has both signs."""
    if literal.signs <= frozenset("0+"):
        return literal.polynomial
    if literal.signs <= frozenset("-0"):
        return branch.normaliser.nil - literal.polynomial
    return None


def _alone(branch: Branch, place: int, literal: Literal) -> Iterator[Combine]:
    """p > 0 where -p is a sum of squares, or p >= 0 where -p is positive."""
    p = oriented(branch, literal)
    if p is None or ("0" in literal.signs and literal.signs != frozenset("0")):
        if p is not None:
            yield from _positive_negation(branch, place, p)
        return
    if literal.signs == frozenset("0"):
        yield from _positive_negation(branch, place, p)
        yield from _positive_negation(branch, place, branch.normaliser.nil - p, flip=True)
        return
    squares = squares_of(branch, branch.normaliser.nil - p)
    if squares is not None:
        yield Combine((Summand((place,), ((Fraction(1), ONE),), False), Summand((), squares, False)))


def _factored(branch: Branch, place: int, literal: Literal) -> Iterator[Combine]:
    """p >= 0 where p = -d e^2 q: d is a product of positive literals, e != 0, and q - s e^2 a sum of squares for some s > 0."""
    p = oriented(branch, literal)
    if p is None or "0" not in literal.signs or literal.signs == EQUATION or not 2 <= len(generators_of(p)) <= MOST_VARIABLES:
        return
    q = branch.normaliser.nil - p
    positive: list[int] = []
    for k, one in enumerate(branch.literals):
        side = oriented(branch, one)
        if side is not None and "0" not in one.signs and (quotient := divide(branch, q, side)) is not None:
            q, positive = quotient, [*positive, k]
    for k, one in enumerate(branch.literals) if positive else ():
        square = one.polynomial * one.polynomial
        if one.signs != frozenset("-+") or (quotient := divide(branch, q, square)) is None:
            continue
        for scale in SCALES[1:]:
            squares = squares_of(branch, quotient - square * branch.normaliser.ring.constant(scale))
            if squares is not None:
                used = Summand((place,), ((Fraction(1), ONE),), False)
                rest = Summand((*positive, k), squares, False)
                yield Combine((used, rest, Summand((*positive, k, k), ((scale, ONE),), False)))
                return


def _positive_negation(branch: Branch, place: int, p: Any, flip: bool = False) -> Iterator[Combine]:
    """p >= 0 where -p - c is a sum of squares for some c > 0."""
    negated = branch.normaliser.nil - p
    for power in (0, 2, 6):
        gap = Fraction(1, 2**power)
        squares = squares_of(branch, negated - branch.normaliser.ring.constant(gap))
        if squares is not None:
            literal = branch.literals[place]
            sign = Fraction(-1) if flip else Fraction(1)
            if literal.signs == frozenset("0"):
                used = Summand((place,), ((Fraction(1), Term("num", (-sign if _flipped(branch, place) else sign,))),), True)
            else:
                used = Summand((place,), ((Fraction(1), ONE),), False)
            yield Combine((used, Summand((), ((gap, ONE), *squares), False)))
            return


def _flipped(branch: Branch, place: int) -> bool:
    """The kernel takes an equation with the sign of `-0`, so with its polynomial negated."""
    return branch.literals[place].signs <= frozenset("-0")


def _with_strict(branch: Branch, place: int, literal: Literal, other: int, strict: Literal) -> Iterator[Combine]:
    if literal.signs == frozenset("0"):
        yield from _divided(branch, place, literal, other, strict)
        return
    p, q = oriented(branch, literal), oriented(branch, strict)
    if p is None:
        return
    factor = q if q is not None else strict.polynomial * strict.polynomial
    for scale in SCALES:
        squares = squares_of(branch, branch.normaliser.nil - p - factor * branch.normaliser.ring.constant(scale))
        if squares is not None:
            parts = (Summand((place,), ((Fraction(1), ONE),), False), Summand((other,), ((scale, ONE),), False))
            yield Combine((*parts, Summand((), squares, False)))
            return


def _divided(branch: Branch, place: int, literal: Literal, other: int, strict: Literal) -> Iterator[Combine]:
    """h = d q = 0 with d != 0, where q or -q is a sum of squares plus something positive."""
    quotient = divide(branch, literal.polynomial, strict.polynomial)
    if quotient is None:
        return
    ring = branch.normaliser.ring
    square = strict.polynomial * strict.polynomial
    for sign in (1, -1):
        q = quotient * ring.constant(Fraction(sign))
        for power in (0, 2, 6):
            scale = Fraction(1, 2**power)
            for positive, root in ((branch.normaliser.one, ONE), (square, to_term(strict.polynomial, ring))):
                squares = squares_of(branch, q - positive * ring.constant(scale))
                if squares is None:
                    continue
                flip = Fraction(sign if _flipped(branch, place) else -sign)
                free = to_term(strict.polynomial * ring.constant(flip), ring)
                double = (other,) if strict.signs == frozenset("-+") else (other, other)
                used = Summand((place,), ((Fraction(1), free),), True)
                yield Combine((used, Summand(double, ((scale, root), *squares), False)))
                return


def divide(branch: Branch, p: Any, d: Any) -> Any:
    """p / d if d divides p, as a polynomial of the branch's ring; else None."""
    import flint

    ring = branch.normaliser.ring
    variables = sorted(generators_of(p) | generators_of(d))
    if not variables:
        return None
    context = flint.fmpq_mpoly_ctx.get(tuple(f"v{i}" for i in range(len(variables))), flint.Ordering.lex)

    def convert(q: Any) -> Any:
        data = {}
        for monomial, c in q.monomials():
            exponents = dict(monomial)
            data[tuple(exponents.get(v, 0) for v in variables)] = flint.fmpq(c.numerator, c.denominator)
        return context.from_dict(data)

    quotient, rest = divmod(convert(p), convert(d))
    if rest != 0:
        return None
    found = branch.normaliser.nil
    for exponents, c in quotient.to_dict().items():
        piece = ring.constant(Fraction(int(c.p), int(c.q)))
        for v, e in zip(variables, exponents, strict=True):
            for _ in range(int(e)):
                piece = piece * ring.generator(ring.term_of(v))
        found = found + piece
    return found


def squares_of(branch: Branch, p: Any) -> tuple[tuple[Fraction, Term], ...] | None:
    """p as a sum of squares, ready for a certificate."""
    variables = sorted(generators_of(p))
    terms = p.monomials()
    if len(variables) > MOST_VARIABLES or any(branch.normaliser.ring.term_of(v).head not in ("sym", "sum") for v in variables):
        return None
    if not terms:
        return ()
    if not variables:
        return ((terms[0][1], ONE),) if terms[0][1] > 0 else None
    data: Exponents = {}
    for monomial, c in terms:
        exponents = dict(monomial)
        data[tuple(exponents.get(v, 0) for v in variables)] = c
    if max(map(sum, data)) > MOST_DEGREE or not _ends_even(data):
        return None
    found = _squares(tuple(sorted(data.items())))
    if found is None:
        return None
    names = [branch.normaliser.ring.term_of(v) for v in variables]
    return tuple((Fraction(c), _term(q, names)) for c, q in found)


@lru_cache(maxsize=20_000)
def _squares(data: tuple[tuple[tuple[int, ...], Fraction], ...]) -> Any:
    """None at once for a polynomial that is negative at a small point."""
    count = len(data[0][0])
    floats = [(e, float(c)) for e, c in data]
    for point in product((0.0, 1.0, -1.0, 0.5, -2.0), repeat=count):
        if sum(c * prod(x**k for x, k in zip(point, e, strict=True)) for e, c in floats) < -1e-9:
            return None
    return sums_of_squares.sum_of_squares(dict(data))


def _ends_even(data: Exponents) -> bool:
    """A cheap necessary condition: pure powers of largest and smallest degree are even with positive coefficients."""
    for i in range(len(next(iter(data)))):
        pure = [(e[i], c) for e, c in data.items() if e[i] and sum(e) == e[i]]
        if pure and (max(pure)[0] % 2 or max(pure)[1] < 0):
            highest = max(e[i] for e in data)
            if max(pure)[0] == highest:
                return False
    return data.get((0,) * len(next(iter(data))), Fraction(0)) >= 0


def _term(q: Any, names: list[Term]) -> Term:
    pieces = []
    for exponents, c in sorted(q.items()):
        factors = [Term("num", (Fraction(c),)), *(n if e == 1 else n**e for n, e in zip(names, exponents, strict=True) if e)]
        pieces.append(factors[0] if len(factors) == 1 else Term("mul", tuple(factors)))
    return pieces[0] if len(pieces) == 1 else Term("add", tuple(pieces))
