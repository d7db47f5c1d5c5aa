"""Real solutions of polynomial equations as points that a proof can name: rational, or in a box by a theorem of Miranda.

Newton's method proposes them in floating point; a rational point satisfies the equations exactly, and a box is one that the
kernel accepts.  Where there are fewer equations than unknowns the other unknowns are held at short rational numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice, product
from typing import final

from ..certificates import Proof, Root
from ..kernel.branch import Branch
from ..kernel.tableau import add_root
from ..programs import program
from ..search.enclosures.zeros import System
from ..search.floating import Array, np
from ..terms import Term, number, substitute, symbol

STARTS, MOST_STARTS = (-1.5, 0.5, 2.0, -0.5, 1.0, -3.0), 60
DENOMINATORS = (1, 2, 6, 60, 1000)
CLOSE, FAR = 1e-7, 1e4


@final
@dataclass(frozen=True)
class Place:
    """A point: `coordinates` are rational, or None for those that the `root` names, in its order, inside of its box."""

    coordinates: tuple[Fraction | None, ...]
    root: Root | None = None

    @property
    def point(self) -> tuple[Fraction, ...] | None:
        """The coordinates, if all are rational."""
        known = tuple(c for c in self.coordinates if c is not None)
        return known if len(known) == len(self.coordinates) else None

    def bounds(self, i: int) -> tuple[Fraction, Fraction]:
        """low <= coordinate i <= high; low < it < high where it is not rational."""
        value = self.coordinates[i]
        if value is not None:
            return value, value
        assert self.root is not None
        return self.root.box[sum(c is None for c in self.coordinates[:i])]

    def apart(self, other: Place) -> int | None:
        """A coordinate in which the points differ, seen by the bounds."""
        for i in range(len(self.coordinates)):
            (a, b), (c, d) = self.bounds(i), other.bounds(i)
            strict = self.coordinates[i] is None or other.coordinates[i] is None
            if b < c or d < a or (strict and (b == c or d == a)):
                return i
        return None

    def named(self, branch: Branch, then: Callable[[Branch, list[Term]], Proof]) -> Proof:
        """The proof that names the point and goes on with its coordinates."""
        branch = branch.copy()
        if self.root is None:
            return then(branch, [number(c) for c in self.coordinates if c is not None])
        before = branch._count
        add_root(branch, self.root)
        names = iter(range(before + 1, branch._count + 1))
        terms = [symbol(f"_{next(names)}") if c is None else number(c) for c in self.coordinates]
        return replace(self.root, then=then(branch, terms))


def places(equations: Sequence[Term], names: Sequence[str]) -> Iterator[Place]:
    """Points at which all the polynomials vanish, each apart from those before."""
    found: list[Place] = []
    whole = System(tuple(equations), tuple(names))
    starts = islice(product(STARTS, repeat=len(names)), 0, None, max(1, len(STARTS) ** len(names) // MOST_STARTS))
    for start in starts:
        x = whole.newton(np.array(start) + 0.07 * np.arange(len(names)))
        if x is None or np.max(np.abs(x)) > FAR:
            continue
        made = _near(equations, names, x)
        if made is not None and all(made.apart(other) is not None for other in found):
            found.append(made)
            yield made


def _near(equations: Sequence[Term], names: Sequence[str], x: Array) -> Place | None:
    """A zero near x: coordinates are held at short rational numbers, one after the other, as long as Newton's method still
    finds the others; those that are left are rational too, or as many as the equations, in a box."""
    held: dict[str, Fraction] = {}
    while len(held) < len(names):
        if (point := _rational(equations, names, held, x)) is not None:
            return Place(point)
        if (boxed := _boxed(equations, names, held, x)) is not None:
            return boxed
        name, x, value = next(_holding(equations, names, held, x), ("", x, Fraction(0)))
        if not name:
            return None
        held[name] = value
    return None


def _holding(
    equations: Sequence[Term], names: Sequence[str], held: dict[str, Fraction], x: Array
) -> Iterator[tuple[str, Array, Fraction]]:
    """Coordinates that may be held too, with the point that Newton's method then finds and the value."""
    for i, name in enumerate(names):
        if name in held:
            continue
        for value in dict.fromkeys(Fraction(float(x[i])).limit_denominator(d) for d in DENOMINATORS[:2]):
            system, free = _left(equations, names, {**held, name: value})
            near = system.newton(np.array([x[names.index(n)] for n in free])) if free else None
            if near is not None and np.max(np.abs(near)) < FAR:
                made = np.array(x)
                made[i] = float(value)
                for n, v in zip(free, near, strict=True):
                    made[names.index(n)] = v
                yield name, made, value


def _left(equations: Sequence[Term], names: Sequence[str], held: dict[str, Fraction]) -> tuple[System, list[str]]:
    """The equations in the unknowns that are not held."""
    put = {n: number(v) for n, v in held.items()}
    free = [n for n in names if n not in held]
    return System(tuple(substitute(e, put) for e in equations), tuple(free)), free


def _rational(
    equations: Sequence[Term], names: Sequence[str], held: dict[str, Fraction], x: Array
) -> tuple[Fraction, ...] | None:
    """The point with short coordinates nearby, if the equations hold there exactly."""
    for denominator in DENOMINATORS:
        point = tuple(held.get(n, Fraction(float(t)).limit_denominator(denominator)) for n, t in zip(names, x, strict=True))
        close = max(abs(float(p) - t) for p, t in zip(point, x, strict=True)) < CLOSE
        if close and not any(program(tuple(equations), tuple(names)).evaluate(point)):
            return point
    return None


def _boxed(equations: Sequence[Term], names: Sequence[str], held: dict[str, Fraction], x: Array) -> Place | None:
    """A zero in a box, of as many equations as unknowns that are not held."""
    left, free = _left(equations, names, held)
    near = np.array([x[names.index(n)] for n in free])
    if len(free) != len(equations) or np.linalg.matrix_rank(left.jacobian(near), tol=1e-6) < len(free):
        return None
    root = next(left.roots(near, None, unique=False), None)
    return None if root is None else Place(tuple(held.get(n) for n in names), root)
