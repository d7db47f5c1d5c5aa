"""What a picture of a meta-problem shows, exactly: objectives, minimisers, null directions, orbits, certified boxes.

A problem of one or two parameters is shown whole, one of more on a plane through its point.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields, is_dataclass, replace
from fractions import Fraction
from math import floor
from typing import Any, final

import numpy as np
from flint import fmpq, fmpq_mat

from ...calculus.minimisers import Minimisers, minimisers
from ...certificates import Certificate, Instance, Instances, Pair, Root
from ...claims import AtProblem, Claim, ForAllProblems
from ...kernel import objectives
from ...kernel.unfold import Reading
from ...model import Model
from ...problems import MetaProblem
from ...search.problems.enumeration import exponents_of
from ...search.problems.numeric import numeric, real_roots
from ...symmetry.analysis import analyse
from ...symmetry.fields import VectorField
from ...terms import IllFormed, Term, number, substitute, symbol, total
from ..evaluation import UNREADABLE, evaluated, minimisers_inside, rational_point, value_of

Point = tuple[Fraction, ...]
IMAGES = 8
"""So many images of a point under permutations and signs are shown."""
NEWTON = 12
FINENESS = Fraction(1, 1000)
"""Irrational minimisers are isolated to this width."""


@final
@dataclass(frozen=True)
class Objective:
    """A function to be drawn, and its minimisers over R^n, where they are known; `isolated` encloses the irrational ones, of a
    function of one variable, in intervals with one zero of the polynomials `found.zeros_of` each."""

    name: str
    term: Term
    found: Minimisers | None = None
    isolated: tuple[tuple[Fraction, Fraction], ...] = ()


@final
@dataclass(frozen=True)
class Scene:
    """In coordinates `parameters`: objectives, F first; the point of the claim; `failures`, named points at which its
    conclusion fails; kernels of matrices at the point, each with its name and a basis; vector fields and points that are the
    same for every loss; boxes of the certificate that enclose a critical point of F.  Of a problem
    of more parameters it is the cut in the two directions `plane` at the point of `whole`, which has all the numbers."""

    parameters: tuple[str, ...]
    objectives: tuple[Objective, ...]
    losses: tuple[Term, ...] = ()
    constraints: tuple[Term, ...] = ()
    point: Point | None = None
    failures: tuple[tuple[str, Point], ...] = ()
    kernels: tuple[tuple[str, tuple[Point, ...]], ...] = ()
    fields: tuple[VectorField, ...] = ()
    images: tuple[tuple[str, Point], ...] = ()
    boxes: tuple[Root, ...] = ()
    plane: tuple[Point, ...] = ()
    whole: Scene | None = None


def scenes(claim: Claim, certificate: Certificate) -> list[Scene]:
    """Of the problems that a certificate exhibits, or that the claim is about, where they can be drawn."""
    match claim, certificate:
        case _, Instance(problem, point):
            failing = claim.conclusion.formula if isinstance(claim, ForAllProblems) else None
            shown = [scene(problem, point, failing, boxes(certificate))]
        case _, Instances(instances):
            shown = [scene(one.problem, one.point, None, boxes(one)) for one in instances]
        case _, Pair(first, first_point, second, second_point):
            shown = [scene(first, first_point), scene(second, second_point)]
        case AtProblem(), _ if claim.problem.dimension <= 2:
            shown = [scene(claim.problem, None, None, boxes(certificate))]
        case _:
            shown = []
    return [one for one in shown if one is not None]


def scene(
    problem: MetaProblem, point: Point | None, failing: Term | None = None, enclosed: tuple[Root, ...] = ()
) -> Scene | None:
    """The problem at a point; `failing` is a formula that fails there.  None where the objective is not known as a term in
    the parameters, or there are more than two parameters and no point."""
    found = tuple(_objectives(problem))
    if not found or (point is None and problem.dimension > 2):
        return None
    moving, images = _symmetries(problem, point)
    made = Scene(
        problem.parameters, found, () if problem.noise or len(problem.losses) == 1 else problem.losses, problem.constraints,
        point, _failures(problem, point, failing), _kernels(problem, point), moving, images,
        tuple(root for root in enclosed if _critical(root, found[0].term, problem.parameters)),
    )  # fmt: skip
    return made if problem.dimension <= 2 else _cut(made)


def _critical(root: Root, objective: Term, names: tuple[str, ...]) -> bool:
    """Whether Newton's method, in doubles from the middle of the box, finds a critical point of the objective in it.  What is
    enclosed are zeros of terms that a search made from the gradient, multiplied and combined."""
    if len(root.box) != len(names):
        return False
    low, high = (np.array([float(side[k]) for side in root.box]) for k in (0, 1))
    place, slopes = (low + high) / 2, [numeric(objective, names).slope(i) for i in range(len(names))]
    with np.errstate(all="ignore"):
        for _ in range(NEWTON):
            gradient = np.array([float(s(list(place))) for s in slopes])
            hessian = np.array([[float(s.slope(i)(list(place))) for i in range(len(names))] for s in slopes])
            if not np.isfinite(hessian).all() or np.linalg.matrix_rank(hessian) < len(names):
                return False
            place = place - np.linalg.solve(hessian, gradient)
    spare = (high - low) / 100 + 1e-9
    return bool(np.all(place >= low - spare) and np.all(place <= high + spare) and np.abs(gradient).max() < 1e-6)


def boxes(certificate: Any) -> tuple[Root, ...]:
    """The enclosures of zeros in a certificate."""
    return tuple(dict.fromkeys(step for step in _steps(certificate) if isinstance(step, Root)))


def _steps(part: Any) -> Iterator[Any]:
    if type(part) is tuple:
        for one in part:
            yield from _steps(one)
    elif is_dataclass(part) and not isinstance(part, Term):
        yield part
        for name in fields(part):
            yield from _steps(getattr(part, name.name))


def _objectives(problem: MetaProblem) -> Iterator[Objective]:
    """F, and after inner steps F_MAML, as terms in the parameters."""
    names = [("F", "F" if len(problem.losses) > 1 or problem.noise else "F = L₁")]
    names += [("F_MAML", "F after inner steps" if problem.steps > 1 else "F after an inner step")] if problem.rate else []
    for which, name in names:
        with suppress(*UNREADABLE):
            term = objectives.objective(problem, which)
            yield _with_minimisers(Objective(name, term), problem)


def _with_minimisers(objective: Objective, problem: MetaProblem) -> Objective:
    """Those that lie in Phi; none are said to be known where that is not known."""
    found = minimisers(objective.term, problem.parameters)
    if found is None or (problem.constraints and not found.points):
        return objective
    if problem.constraints:
        found = minimisers_inside(problem, found)
        return objective if found is None else replace(objective, found=found)
    return replace(objective, found=found, isolated=tuple(_isolated(found, problem.parameters[0])))


def _isolated(found: Minimisers, name: str) -> Iterator[tuple[Fraction, Fraction]]:
    """Intervals of rational ends, each with a real zero of a polynomial of `found.zeros_of`, which changes its sign there."""
    for factor in found.zeros_of:
        coefficients = {e[0]: c for e, c in exponents_of(factor, (name,)).items()}
        p = [coefficients.get(k, Fraction(0)) for k in range(max(coefficients) + 1)]
        for root in real_roots({(k,): float(c) for k, c in enumerate(p)}):
            low = FINENESS * floor(Fraction(root) / FINENESS)
            left, right = (sum(c * x**k for k, c in enumerate(p)) for x in (low, low + FINENESS))
            if left * right < 0:
                yield low, low + FINENESS


def _failures(problem: MetaProblem, point: Point | None, formula: Term | None) -> tuple[tuple[str, Point], ...]:
    """Rational points that show that the formula fails."""
    if point is None or formula is None:
        return ()
    with suppress(*UNREADABLE):
        witness = evaluated(problem, rational_point(point), formula, False).witness
        places = [(name, [entry.args[0] for entry in place]) for name, place in (witness.points if witness else ())]
        return tuple((name, tuple(place)) for name, place in places if all(type(x) is Fraction for x in place))
    return ()


def _kernels(problem: MetaProblem, point: Point | None) -> tuple[tuple[str, tuple[Point, ...]], ...]:
    """Of the Hessian of F and of the Fisher matrix at the point, where they are singular matrices of rational numbers."""
    if point is None:
        return ()
    reading, env = Reading(problem), {"phi": rational_point(point)}
    matrices = {"∇²F(φ)": Term("hess", ("F", symbol("phi"))), "I(φ)": Term("fisher", (symbol("phi"),))}
    listed = [(name, kernel(value_of(reading, matrix, env), problem.parameters)) for name, matrix in matrices.items()]
    return tuple((name, basis) for name, basis in listed if basis)


def kernel(rows: Any, names: Sequence[str]) -> tuple[Point, ...]:
    """A basis of the vectors x with A x = 0, which minimise the sum of the squares of the rows of A x."""
    if rows is None or any(entry.head != "num" for row in rows for entry in row):
        return ()
    sides = [total([entry * symbol(name) for entry, name in zip(row, names, strict=True)]) for row in rows]
    found = minimisers(total([side**2 for side in sides]), names)
    if found is not None and found.everything:
        return tuple(tuple(Fraction(i == j) for j in range(len(names))) for i in range(len(names)))
    return found.directions if found else ()


def _symmetries(problem: MetaProblem, point: Point | None) -> tuple[tuple[VectorField, ...], tuple[tuple[str, Point], ...]]:
    """Affine vector fields, permutations and signs, each proved to leave every loss as it is: the fields that move the point,
    and its images.  None are looked for where the losses are constant or random."""
    if point is None or problem.noise:
        return (), ()
    try:
        found = analyse(Model(problem.parameters, (), problem.losses))
    except (IllFormed, *UNREADABLE):
        return (), ()
    moving = tuple(v for v in found.vector_fields if any(_values(v, point)))
    if len(moving) >= problem.dimension:
        return (), ()
    images = {element.apply(point): element.name for element in found.discrete.elements(IMAGES)}
    return moving, tuple((name, image) for image, name in images.items() if image != point)


def _values(v: VectorField, point: Point) -> list[Fraction]:
    values = dict(zip(v.parameters, map(number, point), strict=True))
    return [Fraction(objectives.tidy(substitute(c, values)).args[0]) for c in v.components]


def _cut(whole: Scene) -> Scene | None:
    """On the plane through the point that is spanned by the first two independent ones of: the way to another minimiser or to a
    point of failure, null directions, axes."""
    assert whole.point is not None
    point, n = whole.point, len(whole.parameters)
    found = whole.objectives[0].found
    others = [*(found.points if found else ()), *(place for _, place in whole.failures)]
    ways = [tuple(b - a for a, b in zip(point, other, strict=True)) for other in others]
    ways += [v for _, basis in whole.kernels for v in basis]
    ways += [tuple(Fraction(i == j) for j in range(n)) for i in range(n)]
    first = next(v for v in ways if any(v))
    second = next(v for v in ways if fmpq_mat([[*map(_flint, first)], [*map(_flint, v)]]).rank() == 2)
    spot = [number(a) + number(u) * symbol("s") + number(v) * symbol("t") for a, u, v in zip(point, first, second, strict=True)]
    inserted = dict(zip(whole.parameters, spot, strict=True))

    def seen(place: Point) -> Point | None:
        """The coordinates of a point of the plane; None for another."""
        system = [[_flint(u), _flint(v), _flint(b - a)] for a, b, u, v in zip(point, place, first, second, strict=True)]
        reduced, rank = fmpq_mat(system).rref()
        return None if rank > 2 else (_rational(reduced[0, 2]), _rational(reduced[1, 2]))

    graphs = []
    for objective in whole.objectives:
        points = tuple(p for p in map(seen, objective.found.points if objective.found else ()) if p is not None)
        inside = replace(objective.found, points=points, directions=()) if objective.found and points else None
        graphs.append(Objective(objective.name, substitute(objective.term, inserted), inside))
    failures = tuple((name, p) for name, place in whole.failures if (p := seen(place)) is not None)
    drawn = ((first, (Fraction(1), Fraction(0))), (second, (Fraction(0), Fraction(1))))
    kernels = tuple((name, tuple(way for v, way in drawn if v in basis)) for name, basis in whole.kernels)
    return Scene(
        ("s", "t"), tuple(graphs), (), tuple(substitute(c, inserted) for c in whole.constraints), (Fraction(0), Fraction(0)),
        failures, tuple((name, basis) for name, basis in kernels if basis), plane=(first, second), whole=whole,
    )  # fmt: skip


def _flint(value: Fraction) -> fmpq:
    return fmpq(value.numerator, value.denominator)


def _rational(value: Any) -> Fraction:
    return Fraction(int(value.p), int(value.q))
