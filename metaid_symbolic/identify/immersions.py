"""Certificates that a map is an immersion at a point: of the rank there, and of injectivity nearby with an explicit radius.

Let n of the losses have the invertible Jacobian J at p, u = x - p, v = y - p, d = x - y.  Divided differences give
J^-1 (L(x) - L(y)) = d + E(u, v) d with polynomials E that vanish at 0.  If L(x) = L(y) then |d|^2 + d . E d = 0; on a ball of
radius e each term c m d_i d_k of the second summand, m a monomial of degree g, is at least -|c| e^g (d_i^2 + d_k^2)/2, so that
d = 0 where e is small.  Every estimate is a sum of squares and of squares times e^2 - |u|^2 or e^2 - |v|^2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, final

import flint

from ..analysis import IMMERSIONS
from ..calculus.polynomials import Ring
from ..certificates import Combine, Cut, Derivation, Done, Enclose, Proof, Summand
from ..kernel.branch import Branch
from ..kernel.polynomial import generators_of, key_of, to_term
from ..kernel.tableau import enclose
from ..problems import MetaProblem
from ..search.algebra.polynomials import Polynomial, combination, from_flint
from ..search.branches.branch_polynomials import cases_of
from ..terms import ONE, ZERO, Term, equal, number, substitute, symbol, total
from .handed import NotHanded, Point, attempt, instantiated, literal_of, newest, read, split, vanishing
from .profiles import cite, contradiction

MOST_TERMS = 150
"""E may have so many terms; each costs the certificate a few squares."""
BITS = 80
RADII = tuple(Fraction(1, 4**k) for k in range(1, 12))


def has_rank(problem: MetaProblem, source: str, point: Point) -> Derivation | None:
    """For a claim that there is an x at which the equations J(x) v = 0, v_j = 0 leave v = 0 alone."""
    branch = read(problem, source, False)
    return attempt(lambda: Derivation(instantiated(branch, 0, point, lambda b: _no_null_vector(b, problem.dimension, 1))))


def _no_null_vector(branch: Branch, n: int, before: int) -> Proof:
    """The names that the branch introduced last are a vector v, not 0, with J v = 0, said after so many facts."""
    if branch.closed:
        return Done()
    names = newest(branch, n)
    if len(branch.facts) == before:
        return _solved(branch, names, _unequal(branch))
    return split(branch, [lambda b: _solved(b, names, len(b.literals) - 1)] * _members(branch))


def immersed(problem: MetaProblem, point: Point) -> Derivation | None:
    """For LPROF at the point, where the Jacobian is injective, with a cited theorem: for losses too long for a radius."""
    n, centre = problem.dimension, [number(x) for x in point]

    def applied(branch: Branch) -> Proof:
        return instantiated(branch, len(branch.facts) - 1, centre, cases)

    def cases(branch: Branch) -> Proof:
        if type(branch.facts[-1][0]) is not tuple:
            return nearby(branch)
        return split(branch, [lambda b: _no_null_vector(b, n, len(branch.facts)), nearby])

    def nearby(branch: Branch) -> Proof:
        injective, radius = len(branch.facts) - 1, [symbol(f"_{branch._count}")]
        return instantiated(branch, 0, radius, lambda b: instantiated(b, injective, newest(b, 2 * n), contradiction))

    source = f"LPROF([{', '.join(map(str, point))}])"
    return attempt(lambda: Derivation(cite(problem, IMMERSIONS, read(problem, source, False), applied)))


def _members(branch: Branch) -> int:
    from ..kernel.tableau import disjunction_of

    return len(disjunction_of(branch, len(branch.facts) - 1))


def _unequal(branch: Branch) -> int:
    """The literal that says that something is not 0."""
    found = [k for k, one in enumerate(branch.literals) if one.signs == frozenset("-+")]
    if not found:
        raise NotHanded
    return found[0]


def _solved(branch: Branch, names: Sequence[Term], which: int) -> Proof:
    """v_i != 0 contradicts the linear equations of the branch, of which v_i is a combination; p = 0 is read as -p >= 0."""
    normal = branch.normaliser
    rows = [k for k, one in enumerate(branch.literals) if one.signs == frozenset("0")]
    linear = [dict(branch.literals[k].polynomial.monomials()) for k in rows]
    goal = dict(branch.literals[which].polynomial.monomials())
    columns = [next(iter(dict(normal.polynomial(v).monomials()))) for v in names]
    if any(not row.keys() <= {*columns} for row in (*linear, goal)):
        return _by_sign(branch, rows, which)
    system = flint.fmpq_mat(len(names), len(rows) + 1)
    for i, monomial in enumerate(columns):
        for k, row in enumerate([*linear, goal]):
            value = row.get(monomial, Fraction(0))
            system[i, k] = flint.fmpq(value.numerator, value.denominator)
    reduced, rank = system.rref()
    factors = [Fraction(0)] * len(rows)
    for i in range(int(rank)):
        pivot = next(j for j in range(len(rows) + 1) if reduced[i, j] != 0)
        if pivot == len(rows):
            raise NotHanded
        factors[pivot] = from_flint(reduced[i, len(rows)])
    value = total([number(c) * v for m, c in goal.items() for v, x in zip(names, columns, strict=True) if x == m])
    used = [Summand((rows[k],), ((c, value),), True) for k, c in enumerate(factors) if c]
    return Combine((Summand((which,), ((Fraction(1), ONE),), False), *used))


def _by_sign(branch: Branch, rows: Sequence[int], which: int) -> Proof:
    """v != 0 contradicts a v = 0 for a number a, made of exponentials, that interval arithmetic tells from 0."""
    normal = branch.normaliser
    (place,) = generators_of(branch.literals[which].polynomial)
    v = to_term(normal.times(((place, 1),), Fraction(1)), normal.ring)
    for row in rows:
        parts = list(branch.literals[row].polynomial.monomials())
        if any((place, 1) not in m for m, _ in parts):
            continue
        a = total([to_term(normal.times(tuple(one for one in m if one != (place, 1)), c), normal.ring) for m, c in parts])
        zero, other = cases_of(branch, equal(a, ZERO))
        if zero.closed:
            yes: Proof = Done()
        else:
            yes = Enclose(len(zero.literals) - 1, BITS)
            enclose(zero, yes.literal, BITS)
        last = len(other.literals) - 1
        squares = Summand((last, which), ((Fraction(1), ONE),), False)
        return Cut(equal(a, ZERO), yes, Combine((squares, Summand((row,), ((Fraction(1), a * v),), True))))
    raise NotHanded


@final
@dataclass(frozen=True)
class Estimate:
    """E as a list of terms c m d_i d_k, with m by exponents in u and v, and the radius."""

    terms: tuple[tuple[int, int, Fraction, tuple[int, ...]], ...]
    inverse: tuple[tuple[Fraction, ...], ...]
    rows: tuple[int, ...]
    radius: Fraction

    def left(self, i: int) -> Fraction:
        """What remains of the coefficient of d_i^2."""
        return 1 - sum((abs(c) * self.radius ** sum(m) * ((a == i) + (b == i)) / 2 for a, b, c, m in self.terms), Fraction(0))


def injective_nearby(problem: MetaProblem, point: Point, rows: Sequence[int]) -> Derivation | None:
    """For LPROF at the point: the losses `rows` have an invertible Jacobian there."""
    estimate = _estimate(problem, point, rows)
    if estimate is None:
        return None
    source = f"LPROF([{', '.join(map(str, point))}])"
    branch = read(problem, source, False)

    def cases(there: Branch) -> Proof:
        if type(there.facts[-1][0]) is not tuple:
            return _close(there, problem, point, estimate, _unequal(there))
        return split(there, [lambda b: _close(b, problem, point, estimate, _unequal(b))] * _members(there))

    return attempt(lambda: Derivation(instantiated(branch, 0, (estimate.radius,), cases)))


def _estimate(problem: MetaProblem, point: Point, rows: Sequence[int]) -> Estimate | None:
    n = problem.dimension
    shifted = [_shifted(problem, point, problem.losses[t]) for t in rows]
    divided = [[_divided(p, i, n) for i in range(n)] for p in shifted]
    origin = (0,) * (2 * n)
    jacobian = flint.fmpq_mat(n, n, [_flint(q.get(origin, Fraction(0))) for row in divided for q in row])
    if len(rows) != n or jacobian.det() == 0:
        return None
    inverse = jacobian.inv()
    exact = tuple(tuple(from_flint(inverse[i, t]) for t in range(n)) for i in range(n))
    terms = []
    for i in range(n):
        for k in range(n):
            entry = combination((exact[i][t], divided[t][k]) for t in range(n))
            terms += [(i, k, c, m) for m, c in entry.items() if sum(m) and c]
    if len(terms) > MOST_TERMS:
        return None
    for radius in RADII:
        made = Estimate(tuple(terms), exact, tuple(rows), radius)
        if all(made.left(i) > 0 for i in range(n)):
            return made
    return None


def _flint(c: Fraction) -> Any:
    return flint.fmpq(c.numerator, c.denominator)


def _shifted(problem: MetaProblem, point: Point, loss: Term) -> Polynomial:
    """L(p + u) as a polynomial in u."""
    ring = Ring([symbol(p) for p in problem.parameters])
    put = {p: symbol(p) + number(x) for p, x in zip(problem.parameters, point, strict=True)}
    return {tuple(map(int, e)): from_flint(c) for e, c in ring.read(substitute(loss, put)).to_dict().items()}


def _divided(p: Polynomial, i: int, n: int) -> Polynomial:
    """The factor of u_i - v_i when u is changed to v one coordinate after the other."""
    made: Polynomial = {}
    for e, c in p.items():
        for s in range(e[i]):
            u = (*(0 for _ in range(i)), s, *e[i + 1 :])
            v = (*e[:i], e[i] - 1 - s, *(0 for _ in range(i + 1, n)))
            made[(*u, *v)] = made.get((*u, *v), Fraction(0)) + c
    return {e: c for e, c in made.items() if c}


def _close(branch: Branch, problem: MetaProblem, point: Point, made: Estimate, which: int) -> Proof:
    n, ball = problem.dimension, made.radius**2
    x, y = ([symbol(f"_{s + i}") for i in range(1, n + 1)] for s in (0, n))
    shifts = [a - number(p) for half in (x, y) for a, p in zip(half, point, strict=True)]
    d = [a - b for a, b in zip(x, y, strict=True)]
    norms = [total([s**2 for s in half]) for half in (shifts[:n], shifts[n:])]
    balls = [literal_of(branch, norm - number(ball)) for norm in norms]
    parts = [*_equations(branch, problem, made, x, y, d), _strict(branch, which, d, made)]
    squares = [(made.left(i), d[i]) for i in range(n) if key_of(branch.normaliser.polynomial(d[i]))[0] != _key(branch, which)]
    inside: list[list[tuple[Fraction, Term]]] = [[], []]
    for a, b, c, m in made.terms:
        size = made.radius ** sum(m)
        squares.append((abs(c) * size / 2, d[a] + number((1 if c > 0 else -1) / size) * _monomial(shifts, m) * d[b]))
        _telescope(squares, inside, abs(c) / (2 * size), d[b], [k for k, e in enumerate(m) for _ in range(e)], shifts, ball, n)
    parts += [
        Summand((place,), tuple((w * abs(scale), r) for w, r in found), False)
        for (place, scale), found in zip(balls, inside, strict=True)
        if found
    ]
    return Combine((*parts, Summand((), tuple(squares), False)))


def _telescope(
    squares: list[tuple[Fraction, Term]], inside: list[list[tuple[Fraction, Term]]], weight: Fraction, factor: Term,
    variables: list[int], shifts: list[Term], ball: Fraction, n: int,
) -> None:  # fmt: skip
    """weight (e^2g - m^2) factor^2, as a sum over the variables z of m: e^2(g - s) (e^2 - z^2) (the earlier ones)^2 factor^2."""
    before = factor
    for s, k in enumerate(variables):
        scale = weight * ball ** (len(variables) - 1 - s)
        half = k // n
        inside[half].append((scale, before))
        squares += [(scale, shifts[j] * before) for j in range(half * n, half * n + n) if j != k]
        before = shifts[k] * before


def _monomial(shifts: list[Term], m: tuple[int, ...]) -> Term:
    made = ONE
    for s, e in zip(shifts, m, strict=True):
        for _ in range(e):
            made = made * s
    return made


def _key(branch: Branch, place: int) -> Any:
    return key_of(branch.literals[place].polynomial)[0]


def _strict(branch: Branch, which: int, d: list[Term], made: Estimate) -> Summand:
    """left_i d_i^2 > 0 for the coordinate that differs."""
    for i, one in enumerate(d):
        if key_of(branch.normaliser.polynomial(one))[0] == _key(branch, which):
            _, scale = literal_of(branch, one)
            return Summand((which,), ((made.left(i) * scale**2, ONE),), False)
    raise NotHanded


def _equations(
    branch: Branch, problem: MetaProblem, made: Estimate, x: Sequence[Term], y: Sequence[Term], d: list[Term]
) -> list[Summand]:
    """-d . J^-1 (L(x) - L(y)), each part a multiple of a literal p = 0."""
    parts = []
    for t, row in enumerate(made.rows):
        here = [dict(zip(problem.parameters, values, strict=True)) for values in (x, y)]
        difference = substitute(problem.losses[row], here[0]) - substitute(problem.losses[row], here[1])
        factors = [(-made.inverse[i][t], d[i]) for i in range(len(d)) if made.inverse[i][t]]
        parts.append(vanishing(branch, difference, factors))
    return parts
