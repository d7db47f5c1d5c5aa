"""Certificates against UNIQ and WEAK by a change of signs that leaves the mean loss as it is, though maybe not each task.

With a minimiser a its image g a is one.  UNIQ would give g a = a, so that the coordinates that change sign are 0; where F is a
constant there, larger than F at some point, that is impossible.  In one variable WEAK would give L_t(-a) = L_t(a) for all t,
which no point a with F(a) <= F(q) satisfies.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from ..certificates import Done, OneVariable, Proof, Refutation, Rewrite
from ..kernel import objectives
from ..kernel.branch import Branch
from ..kernel.tableau import rewritten
from ..model import Model
from ..problems import MetaProblem
from ..search.positivity.minima import local_minima
from ..search.problems.enumeration import exponents_of
from ..symmetry.discrete import sign_changes
from ..terms import ZERO, Term, number, symbol
from .handed import NotHanded, Point, Step, attempt, implication, instantiated, newest, read, split

Signs = tuple[int, ...]
DENOMINATORS = (10, 1000, 10**5)


def low_points(problem: MetaProblem) -> list[Point]:
    """Rational points near a local minimum of a polynomial mean loss, the coarsest first."""
    mean = exponents_of(objectives.objective(problem, "F"), problem.parameters)
    lowest = local_minima(mean)[:1] if any(map(sum, mean)) else []
    return [tuple(Fraction(float(t)).limit_denominator(d) for t in x) for x in lowest for d in DENOMINATORS]


def not_unique(problem: MetaProblem, lower: Sequence[Point]) -> Refutation | None:
    """Against UNIQ, with points of small mean loss; the first of them that does."""
    found = (_fixed(problem, signs, q) for signs in _symmetries(problem) for q in lower)
    return next((made for made in found if made is not None), None)


def not_weak(problem: MetaProblem, lower: Sequence[Point]) -> Refutation | None:
    """Against WEAK, of one parameter."""
    if problem.dimension != 1:
        return None
    found = (_different(problem, q) for _ in _symmetries(problem) for q in lower)
    return next((made for made in found if made is not None), None)


def _symmetries(problem: MetaProblem) -> Iterator[Signs]:
    if not problem.constraints and not problem.noise:
        yield from sign_changes(Model(problem.parameters, (), (objectives.objective(problem, "F"),)))


def _images(branch: Branch, problem: MetaProblem, listed: Sequence[Signs], then: Step) -> Proof:
    """What holds for all minimisers, or for all lists of them, holds for the images of the minimiser that the branch names."""
    n, minimal = problem.dimension, _minimal(branch)
    a = [symbol(f"_{i}") for i in range(1, n + 1)]
    terms = [x if s > 0 else number(-1) * x for signs in listed for s, x in zip(signs, a, strict=True)]

    def lower(there: Branch) -> Proof:
        return instantiated(there, minimal, newest(there, n), _closed)

    return instantiated(branch, implication(branch), terms, lambda b: split(b, [*[lower] * len(listed), then]))


def _fixed(problem: MetaProblem, signs: Signs, q: Point) -> Refutation | None:
    branch = read(problem, "UNIQ", True)

    def zero(there: Branch) -> Proof:
        names = [f"_{i}" for i, s in enumerate(signs, start=1) if s < 0]
        for name in names:
            there = rewritten(there, name, ZERO)
        made = instantiated(there, _minimal(there), [number(x) for x in q], _closed)
        for name in reversed(names):
            made = Rewrite(name, ZERO, made)
        return made

    return attempt(lambda: Refutation(_images(branch, problem, [signs], zero), 0))


def _minimal(branch: Branch) -> int:
    """The fact that F(a) <= F(x) for all x."""
    other = implication(branch)
    return next(k for k, f in enumerate(branch.facts) if k != other and type(f[0]) is Term)


def _closed(branch: Branch) -> Proof:
    if not branch.closed:
        raise NotHanded
    return Done()


def _different(problem: MetaProblem, q: Point) -> Refutation | None:
    def same(branch: Branch) -> Proof:
        return instantiated(branch, _minimal(branch), [number(q[0])], lambda b: OneVariable("_1"))

    return attempt(lambda: Refutation(_images(read(problem, "WEAK", True), problem, [(1,), (-1,)], same), 0))
