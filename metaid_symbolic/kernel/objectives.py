"""What a concrete meta-problem says `F`, `L`, `grad`, `hess`, `fisher`, `F_MAML`, ... are, as terms in its parameters.

The kernel, never a certificate, builds these.  MAML: Finn, Abbeel, Levine 2017; first-order MAML and Reptile: Nichol,
Achiam, Schulman 2018; Meta-SGD's per-coordinate rates: Li, Zhou, Chen, Li 2017.
"""

from __future__ import annotations

from functools import lru_cache

from ..problems import MetaProblem
from ..terms import ZERO, Term, as_term, free_symbols, number, substitute, subterms, symbol, total
from .derivative import derivative
from .normal import Normaliser, Opaque
from .polynomial import Ring, to_term
from .rejection import Rejected

Point = tuple[Term, ...]
Matrix = tuple[tuple[Term, ...], ...]


def _real(name: str) -> str:
    return "real"


@lru_cache(maxsize=50_000)
def tidy(term: Term) -> Term:
    """An equal term, multiplied out where it is a polynomial, so that it does not grow under differentiation."""
    ring = Ring()
    try:
        return to_term(Normaliser(ring, _real).polynomial(term), ring)
    except Opaque:
        return term


def is_polynomial(term: Term) -> bool:
    try:
        Normaliser(Ring(), _real).polynomial(term)
    except Opaque:
        return False
    return all(t.head in ("num", "sym", "add", "mul", "pow") for t in subterms(term))


def put(problem: MetaProblem, term: Term, point: Point) -> Term:
    """The term in the parameters, at another point."""
    if len(point) != problem.dimension:
        raise Rejected(f"a point of {len(point)} coordinates in R^{problem.dimension}")
    return substitute(term, dict(zip(problem.parameters, point, strict=True)))


def mean(problem: MetaProblem, bodies: list[Term]) -> Term:
    """The expectation over the task law of a term given for each task."""
    if not problem.noise:
        return total([number(w) * body for w, body in zip(problem.weights, bodies, strict=True)])
    expected = bodies[0]
    for noise in problem.noise:
        expected = _gaussian_mean(tidy(expected), noise.name, number(noise.mean), number(noise.variance))
    return expected


def _gaussian_mean(term: Term, name: str, centre: Term, variance: Term) -> Term:
    """E of a polynomial in a variable ~ N(centre, variance): the moments obey m_k = centre m_(k-1) + (k-1) variance m_(k-2)."""
    coefficients, moments = [], [number(1), centre]
    rest = term
    for order in range(200):
        at_zero = substitute(rest, {name: ZERO})
        coefficients.append(at_zero)
        rest = tidy(derivative(rest, name) / (order + 1))
        if rest == ZERO or (name not in free_symbols(rest) and rest.head == "num" and not rest.args[0]):
            break
        if name in free_symbols(rest) and order > 60:
            raise Rejected(f"{term} is no polynomial of degree up to 60 in the task variable {name}")
    for k in range(2, len(coefficients)):
        moments.append(tidy(centre * moments[k - 1] + number(k - 1) * variance * moments[k - 2]))
    return total([c * m for c, m in zip(coefficients, moments, strict=False)])


@lru_cache(maxsize=4096)
def gradient(problem: MetaProblem, term: Term) -> Point:
    """The partial derivatives by the parameters."""
    return tuple(tidy(derivative(term, name)) for name in problem.parameters)


@lru_cache(maxsize=4096)
def hessian(problem: MetaProblem, term: Term) -> Matrix:
    return tuple(gradient(problem, slope) for slope in gradient(problem, term))


def rates(problem: MetaProblem) -> Point:
    if problem.rate is None:
        raise Rejected("the claim speaks of the learning rate alpha, and the problem gives none")
    return (problem.rate,) * problem.dimension


def adapted_points(problem: MetaProblem, point: Point, rate: Point, steps: int) -> list[Point]:
    """For each task the point after `steps` gradient steps on its loss from `point`."""
    ends = []
    for loss in problem.losses:
        slope, here = gradient(problem, loss), point
        for _ in range(steps):
            moved = (put(problem, g, here) for g in slope)
            here = tuple(tidy(x - r * g) for x, r, g in zip(here, rate, moved, strict=True))
        ends.append(here)
    return ends


@lru_cache(maxsize=4096)
def objective(problem: MetaProblem, name: str) -> Term:
    """`F` or `F_MAML` as a term in the parameters."""
    if name == "F":
        return tidy(mean(problem, list(problem.losses)))
    if name == "F_MAML":
        return tidy(adapted(problem, _own_point(problem), rates(problem), problem.steps))
    raise Rejected(f"there is no objective {name}")


def adapted(problem: MetaProblem, point: Point, rate: Point, steps: int) -> Term:
    """E L_t(x_t'), with x_t' the point x after adaptation to task t."""
    ends = adapted_points(problem, point, rate, steps)
    _stays_in_domain(problem)
    return mean(problem, [put(problem, loss, end) for loss, end in zip(problem.losses, ends, strict=True)])


def _stays_in_domain(problem: MetaProblem) -> None:
    if problem.constraints:
        raise Rejected("an adapted point may leave the domain; adaptation is decided on R^n only")


def _own_point(problem: MetaProblem) -> Point:
    return tuple(map(symbol, problem.parameters))


@lru_cache(maxsize=4096)
def field(problem: MetaProblem, name: str) -> Point:
    """The update fields: `reptile` E(x_t' - x), `fomaml` E g_t(x_t'), in the parameters."""
    here = _own_point(problem)
    ends = adapted_points(problem, here, rates(problem), problem.steps)
    _stays_in_domain(problem)
    if name == "reptile":
        moves = [tuple(e - x for e, x in zip(end, here, strict=True)) for end in ends]
    elif name == "fomaml":
        moves = [
            tuple(put(problem, g, end) for g in gradient(problem, loss)) for loss, end in zip(problem.losses, ends, strict=True)
        ]
    else:
        raise Rejected(f"there is no field {name}")
    return tuple(tidy(mean(problem, [move[i] for move in moves])) for i in range(problem.dimension))


@lru_cache(maxsize=4096)
def fisher(problem: MetaProblem) -> Matrix:
    """E g_t g_t^T, uncentred."""
    slopes = [gradient(problem, loss) for loss in problem.losses]
    side = range(problem.dimension)
    return tuple(tuple(tidy(mean(problem, [g[i] * g[j] for g in slopes])) for j in side) for i in side)


def determinant(rows: Matrix) -> Term:
    """By expansion along the first row; the determinant of the empty matrix is 1."""
    if not rows:
        return as_term(1)
    if len(rows) > 6:
        raise Rejected(f"a determinant of size {len(rows)} is not expanded")
    minors = (determinant(tuple(row[:j] + row[j + 1 :] for row in rows[1:])) for j in range(len(rows)))
    return tidy(total([entry * minor * (-1) ** j for j, (entry, minor) in enumerate(zip(rows[0], minors, strict=True))]))


def likelihood_means(problem: MetaProblem) -> tuple[Term, ...]:
    """m(x) when the loss is |t - m(x)|^2 / 2 for the Gaussian task t; raises `Rejected` otherwise."""
    if not problem.noise:
        raise Rejected("no Gaussian task law is given")
    loss = problem.losses[0]
    means = tuple(tidy(substitute(-derivative(loss, v.name), {v.name: ZERO})) for v in problem.noise)
    rebuilt = total([(symbol(v.name) - m) ** 2 / 2 for v, m in zip(problem.noise, means, strict=True)])
    if tidy(rebuilt - loss) != ZERO or any(v.name in free_symbols(m) for v in problem.noise for m in means):
        raise Rejected(f"{loss} is not half the squared distance of the task from a function of the parameters")
    return means
