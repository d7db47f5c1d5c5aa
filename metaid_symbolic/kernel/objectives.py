"""What a concrete meta-problem says `F`, `L`, `grad`, `F_MAML`, ... are, as terms in its parameters.

The kernel, never a certificate, builds these.  MAML: Finn, Abbeel, Levine 2017; first-order MAML and Reptile: Nichol,
Achiam, Schulman 2018; Meta-SGD's per-coordinate rates: Li, Zhou, Chen, Li 2017.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache, partial, reduce
from itertools import combinations, product
from math import prod
from operator import truediv

from ..problems import MetaProblem, Noise, Uniform
from ..terms import (
    ONE,
    ZERO,
    Term,
    as_term,
    at_most,
    conjunction,
    disjunction,
    equal,
    free_symbols,
    less,
    negation,
    number,
    substitute,
    subterms,
    symbol,
    total,
)
from .derivative import derivative
from .normal import Normaliser
from .polynomial import Ring, to_term
from .rejection import require

Point = tuple[Term, ...]
Matrix = tuple[tuple[Term, ...], ...]


@lru_cache(maxsize=50_000)
def tidy(term: Term) -> Term:
    """An equal real number, multiplied out where it is a polynomial, so that it does not grow under differentiation."""
    return Normaliser(Ring(), lambda name: "real").canonical(term)


def made_of(term: Term, heads: Container[str]) -> bool:
    """Whether these heads, and no powers with negative exponents, occur in the term."""
    return all(t.head in heads and (t.head != "pow" or t.args[1] > 0) for t in subterms(term))


def is_polynomial(term: Term) -> bool:
    return made_of(term, ("num", "sym", "add", "mul", "pow"))


def put(problem: MetaProblem, term: Term, point: Point) -> Term:
    """The term in the parameters, at another point."""
    return substitute(term, dict(zip(problem.parameters, point, strict=True)))


def mean(problem: MetaProblem, bodies: list[Term]) -> Term:
    """The expectation over the task law of a term given for each task."""
    weighted = total([number(w) * body for w, body in zip(problem.weights, bodies, strict=True)])
    return expectation(weighted, {v.name: partial(moment, v) for v in problem.noise}) if problem.noise else weighted


def moment(variable: Noise | Uniform, order: int) -> Fraction:
    """E z^k."""
    if isinstance(variable, Noise):
        return gaussian_moment(variable.mean, variable.variance, order)
    low, high = variable.low, variable.high
    return (high ** (order + 1) - low ** (order + 1)) / ((order + 1) * (high - low))


@lru_cache(maxsize=4096)
def gaussian_moment(centre: Fraction, variance: Fraction, order: int) -> Fraction:
    """E z^k for z ~ N(centre, variance): m_k = centre m_(k-1) + (k-1) variance m_(k-2)."""
    if order < 2:
        return centre**order
    before, last = (gaussian_moment(centre, variance, order - k) for k in (2, 1))
    return centre * last + (order - 1) * variance * before


def expectation(term: Term, laws: Mapping[str, Callable[[int], Fraction]]) -> Term:
    """E of a polynomial in independent random variables; `laws` gives E z^k for each variable z."""
    normaliser = Normaliser(Ring(), lambda name: "real")

    def moments(factors: tuple[Term, ...]) -> object:
        powers = [f.args if f.head == "pow" else (f, 1) for f in factors]
        require(all(z.head == "sym" for z, _ in powers), "no expectation of {} is known", factors)
        return normaliser.ring.constant(prod((laws[z.args[0]](e) for z, e in powers), start=Fraction(1)))

    made = normaliser.linear(normaliser.scalar(term), frozenset(laws), moments)
    return reduce(truediv, [to_term(f, normaliser.ring) for f in made.factors], to_term(made.numerator, normaliser.ring))


def gradient(problem: MetaProblem, term: Term) -> Point:
    """The partial derivatives by the parameters."""
    return tuple(tidy(derivative(term, name)) for name in problem.parameters)


def is_polyhedron(problem: MetaProblem) -> bool:
    """Phi is given by strict affine inequalities, so it is open and convex."""
    sides = [c.args[0] - c.args[1] for c in problem.constraints if c.head == "lt"]
    flat = (is_polynomial(side) and not any(map(free_symbols, gradient(problem, side))) for side in sides)
    return len(sides) == len(problem.constraints) and all(flat)


def rates(problem: MetaProblem) -> Point:
    require(problem.rate is not None, "the claim speaks of the learning rate alpha, and the problem gives none")
    return (as_term(problem.rate),) * problem.dimension


def adapted_points(problem: MetaProblem, rate: Point, steps: int) -> list[Point]:
    """For each task the point after `steps` gradient steps on its loss."""
    require(not problem.constraints, "an adapted point may leave the domain; adaptation is decided on R^n only")
    ends = []
    for loss in problem.losses:
        slope, here = gradient(problem, loss), tuple(map(symbol, problem.parameters))
        for _ in range(steps):
            moved = (put(problem, g, here) for g in slope)
            here = tuple(tidy(x - r * g) for x, r, g in zip(here, rate, moved, strict=True))
        ends.append(here)
    return ends


@lru_cache(maxsize=4096)
def objective(problem: MetaProblem, name: str) -> Term:
    """`F` or `F_MAML` as a term in the parameters."""
    require(name in ("F", "F_MAML"), "there is no objective {}", name)
    return adapted(problem, rates(problem), problem.steps) if name == "F_MAML" else tidy(mean(problem, list(problem.losses)))


def adapted(problem: MetaProblem, rate: Point, steps: int) -> Term:
    """E L_t(x_t'), with x_t' the point x after adaptation to task t."""
    ends = adapted_points(problem, rate, steps)
    return tidy(mean(problem, [put(problem, loss, end) for loss, end in zip(problem.losses, ends, strict=True)]))


def field(problem: MetaProblem, name: str) -> Point:
    """The update fields: `reptile` E(x_t' - x), `fomaml` E g_t(x_t'), in the parameters."""
    require(name in ("reptile", "fomaml"), "there is no field {}", name)
    ends = adapted_points(problem, rates(problem), problem.steps)
    moves = [
        [e - symbol(x) for e, x in zip(end, problem.parameters, strict=True)]
        if name == "reptile"
        else [put(problem, g, end) for g in gradient(problem, loss)]
        for loss, end in zip(problem.losses, ends, strict=True)
    ]
    return tuple(tidy(mean(problem, list(entries))) for entries in zip(*moves, strict=True))


def minor(rows: Matrix, chosen: Sequence[int], columns: Sequence[int]) -> Term:
    """The determinant of the chosen rows and columns, expanded along the first of the rows; 1 if there are none."""
    require(len(chosen) <= 6, "a determinant of size {} is not expanded", len(chosen))
    if not chosen:
        return ONE
    smaller = (minor(rows, chosen[1:], [c for c in columns if c != left_out]) for left_out in columns)
    entries = [rows[chosen[0]][c] * (-1) ** k for k, c in enumerate(columns)]
    return tidy(total([entry * part for entry, part in zip(entries, smaller, strict=True)]))


def definiteness(kind: str, rows: Matrix) -> Term:
    """A symmetric matrix is positive definite iff all leading principal minors are positive, positive semidefinite iff all
    principal minors are nonnegative (Sylvester's criterion), and nonsingular iff its determinant is not 0."""
    side = range(len(rows))
    if kind == "nonsingular":
        return negation(equal(minor(rows, side, side), ZERO))
    if kind == "posdef":
        return conjunction([less(ZERO, minor(rows, side[: k + 1], side[: k + 1])) for k in side])
    chosen = [c for k in side for c in combinations(side, k + 1)]
    return conjunction([at_most(ZERO, minor(rows, c, c)) for c in chosen])


def same_rank(left: Matrix, right: Matrix) -> Term:
    """For every size, one of the matrices has a nonzero minor of it iff the other has."""

    def some_minor(rows: Matrix, k: int) -> Term:
        picks = list(combinations(range(len(rows)), k))
        return disjunction([negation(equal(minor(rows, r, c), ZERO)) for r, c in product(picks, picks)])

    sizes = range(1, len(left) + 1)
    return conjunction([Term("iff", (some_minor(left, k), some_minor(right, k))) for k in sizes])


def likelihood_means(problem: MetaProblem) -> tuple[Term, ...]:
    """m(x) when the loss is |t - m(x)|^2 / 2 for the Gaussian task t; raises `Rejected` otherwise."""
    require(problem.law == "gaussian", "no Gaussian task law is given")
    loss = problem.losses[0]
    means = tuple(tidy(substitute(-derivative(loss, v.name), {v.name: ZERO})) for v in problem.noise)
    rebuilt = total([(symbol(v.name) - m) ** 2 / 2 for v, m in zip(problem.noise, means, strict=True)])
    squares = tidy(rebuilt - loss) == ZERO and not any(v.name in free_symbols(m) for v in problem.noise for m in means)
    require(squares, "{} is not half the squared distance of the task from a function of the parameters", loss)
    return means
