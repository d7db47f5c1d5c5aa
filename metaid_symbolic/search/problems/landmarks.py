"""Points of a problem where something happens: critical points, least values, ends, and points that a formula names."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

from ...kernel import objectives
from ...kernel.rejection import Rejected
from ...problems import MetaProblem
from ...terms import Term, number, subterms
from .enumeration import points
from .roots import rational_roots

Point = tuple[Fraction, ...]


def first_point(problem: MetaProblem) -> Point:
    """A point of the domain: the origin, or the middle of an interval."""
    ends = [s.args[0] for c in problem.constraints for s in c.args if s.head == "num"]
    middle = (min(ends) + max(ends)) / 2 if ends else Fraction(0)
    return tuple(middle for _ in problem.parameters)


def special_points(problem: MetaProblem, phi: Point) -> tuple[Point, ...]:
    """Rational critical points and minimisers of the objectives, best first, then small points; in the plane also (2, 1),
    the exchange of the coordinates as a list of indices."""
    found: list[Point] = [phi]
    if problem.dimension == 1:
        found += sorted(_critical(problem), key=lambda p: abs(p[0]))
    small = points(problem.dimension)[: 7 if problem.dimension == 1 else 9]
    far = tuple((Fraction(q),) for q in (4, -4)) if problem.dimension == 1 else ()
    ranked = sorted((p for p in (*small, *far) if inside(problem, p)), key=lambda p: value(problem, p))[:3]
    exchange = [(Fraction(2), Fraction(1))] if problem.dimension == 2 and problem.rate is not None else []
    return tuple(dict.fromkeys([*found[:6], *ranked, *small[:4], *exchange]))


def lowest(problem: MetaProblem, among: tuple[Point, ...]) -> tuple[Point, ...]:
    """The points with the least values of F, and of F after adaptation."""
    kept = [p for p in among if len(p) == problem.dimension and inside(problem, p)]
    if not kept or problem.noise:
        return ()
    best = [min(kept, key=lambda p: value(problem, p))]
    if problem.rate is not None and not problem.constraints:
        best.append(min(kept, key=lambda p: value(problem, p, "F_MAML")))
    return tuple(dict.fromkeys(best))


def families(problem: MetaProblem) -> tuple[Point, ...]:
    """In one dimension, for each task a rational critical point of its loss."""
    if problem.dimension != 1 or len(problem.losses) == 1 or problem.noise:
        return ()
    rows = [rational_roots(objectives.gradient(problem, loss)[0], problem.parameters[0])[:2] for loss in problem.losses]
    return tuple(product(*rows))


def _critical(problem: MetaProblem) -> list[Point]:
    found: list[Point] = []
    for name in ("F", "F_MAML"):
        try:
            slope = objectives.gradient(problem, objectives.objective(problem, name))[0]
        except Rejected:
            continue
        found += [(r,) for r in rational_roots(slope, problem.parameters[0])]
    for name in ("reptile", "fomaml") if problem.rate is not None and not problem.constraints else ():
        found += [(r,) for r in rational_roots(objectives.field(problem, name)[0], problem.parameters[0])]
    ends = [s.args[0] for c in problem.constraints for s in c.args if s.head == "num"]
    return [p for p in dict.fromkeys([*found, *((e,) for e in ends)]) if inside(problem, p)]


def named_points(formula: Term, dimension: int) -> tuple[Point, ...]:
    """The rational points that a formula read for a problem equates its variables with."""
    found = []
    for part in subterms(formula):
        sides = [a for a in (part.args if part.head == "and" else (part,)) if a.head == "eq"]
        values = [a.args[1].args[0] for a in sides if a.args[0].head == "sym" and a.args[1].head == "num"]
        if len(values) == dimension:
            found.append(tuple(values))
    return tuple(dict.fromkeys(found))


def inside(problem: MetaProblem, p: Point) -> bool:
    for constraint in problem.constraints:
        a, b = (objectives.tidy(objectives.put(problem, s, tuple(map(number, p)))).args[0] for s in constraint.args)
        if not (a < b if constraint.head == "lt" else a <= b):
            return False
    return True


def value(problem: MetaProblem, p: Point, name: str = "F") -> Fraction:
    value = objectives.tidy(objectives.put(problem, objectives.objective(problem, name), tuple(map(number, p))))
    return Fraction(value.args[0]) if value.head == "num" else Fraction(0)
