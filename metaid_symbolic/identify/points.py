"""The rank at a point, and other points with the same observations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, final

from ..programs import program
from ..programs.numbers import Balls, Rationals
from ..programs.numbers.system import Undefined
from ..terms import IllFormed, Term
from .jacobians import Specialisation, at_samples, samples_of
from .null_vectors import NullVector
from .observing import Observed
from .ranks import BITS, Bounds, GenericRank, Minor, rank_in

Point = tuple[Fraction, ...]


@final
@dataclass(frozen=True)
class PointRank(Bounds):
    """lower <= rank of the Jacobian at `point` <= upper."""

    point: Point
    lower: int
    upper: int
    reason: str


def rank_at(seen: Observed, point: Point, rank: GenericRank, null: Sequence[NullVector]) -> PointRank:
    """Exact for rational maps without inputs; otherwise between a minor at samples of the inputs and the null vectors.

    Raises `IllFormed` where the observations have no derivative, for example on a kink of a relu.
    """
    expanded, exact = seen.expanded, not seen.expanded.functions - {"relu"}
    found = minor_at(seen, point)
    if expanded.inputs and not at_samples(expanded, point, found.at, Rationals() if exact else Balls(BITS)):
        raise IllFormed(f"the point ({', '.join(map(str, point))}) is on a kink of a relu at every input that was tried")
    if exact and not expanded.inputs and not expanded.constants:
        return PointRank(point, found.size, found.size, "exact elimination over Q")
    independent = _independent_at(seen, point, null)
    return PointRank(point, found.size, min(rank.upper, rank.parameters - independent), "a minor, and null vectors, there")


def minor_at(seen: Observed, point: Point) -> Minor:
    """The largest minor that is seen not to vanish at the point.  Raises `IllFormed` where there is no derivative."""
    expanded = seen.expanded
    exact = not expanded.functions - {"relu"}
    chosen = Specialisation("Q" if exact else f"balls of {BITS} bits", 5, 2 * samples_of(expanded), 9)
    try:
        return rank_in(expanded, point, chosen)
    except Undefined as cause:
        raise IllFormed(f"the observations have no derivative at ({', '.join(map(str, point))}): {cause}") from None


def _independent_at(seen: Observed, point: Point, null: Sequence[NullVector]) -> int:
    """How many of the null vectors are independent at the point."""
    import flint

    rows = directions_at(seen, point, null)
    entries = [flint.fmpq(v.numerator, v.denominator) for row in rows for v in row]
    return int(flint.fmpq_mat(len(rows), len(point), entries).rank()) if rows else 0


def companions(
    seen: Observed, point: Point, null: Sequence[NullVector], more: Sequence[Point] = ()
) -> Iterator[tuple[Point, str]]:
    """Other points with the observations of this one, each with the reason; scalings by 2, 1/2 and -1, fields whose flow is
    linear, parameters without effect, and `more` points.  What rests on no identity is compared exactly."""
    for vector in null:
        if vector.kind == "unused":
            yield _moved(point, [int(c == Term("num", (Fraction(1),))) for c in vector.components]), vector.words
        elif vector.kind == "scaling":
            weights = dict(vector.weights)
            for factor in _factors(seen, weights):
                made = tuple(x * factor ** weights.get(p, 0) for p, x in zip(seen.parameters, point, strict=True))
                if made != point:
                    yield made, f"{vector.words}, with c = {factor}"
        elif vector.kind == "linear":
            values = program(vector.components, seen.parameters).evaluate(point)
            made = _moved(point, list(values))
            if made != point and same_observations(seen, point, made):
                yield made, "a step along a linear field"
    for other in more:
        if other != point and same_observations(seen, point, other):
            yield other, "another solution of the fibre"


def _factors(seen: Observed, weights: dict[str, int]) -> Sequence[Fraction]:
    positive = "relu" in seen.functions
    signs = [] if positive or all(w % 2 == 0 for w in weights.values()) else [Fraction(-1)]
    return [Fraction(2), *signs, Fraction(1, 2)]


def _moved(point: Point, step: Sequence[Any]) -> Point:
    return tuple(x + s for x, s in zip(point, step, strict=True))


def same_observations(seen: Observed, first: Point, second: Point) -> bool:
    """Whether two points have the same observations, where these are rational numbers; False where that is not known."""
    expanded = seen.expanded
    if expanded.others or expanded.functions:
        return False
    made = program(expanded.entries, seen.parameters)
    try:
        return bool((made.evaluate(first) == made.evaluate(second)).all())
    except Undefined:
        return False


def ordinary_point(seen: Observed, rank: GenericRank) -> Point:
    """A point with small integer coordinates at which the rank is the proved lower bound, the origin first where there are
    exponentials, of which it is a rational value; raises `IllFormed` if none is found."""
    n = len(seen.parameters)
    patterns = [[1] * n, [1 + (i % 2) for i in range(n)], [(-1) ** i * (1 + i % 3) for i in range(n)], list(range(2, n + 2))]
    patterns = [[0] * n, *patterns] if seen.functions - {"relu"} else patterns
    patterns += [[(7 * i * i + 3 * i + k) % 11 + 1 for i in range(n)] for k in range(1, 4)]
    for values in patterns:
        point = tuple(map(Fraction, values))
        try:
            if rank_at(seen, point, rank, ()).lower == rank.lower:
                return point
        except IllFormed:
            continue
    raise IllFormed("no point with small integer coordinates has the generic rank")


def directions_at(seen: Observed, point: Point, null: Sequence[NullVector]) -> tuple[Point, ...]:
    """The null vectors at a point, those that are not 0 there; constants are put to 1."""
    put = (*point, *[1] * len(seen.constants))
    values = [tuple(program(v.components, (*seen.parameters, *seen.constants)).evaluate(put)) for v in null]
    return tuple(v for v in values if any(v))
