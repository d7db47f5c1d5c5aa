"""Points of the parameter space up to the symmetries of a model, exactly over Q.

Two points are the same model when all outputs agree for all inputs.  For outputs that are polynomials in the inputs these are
equations between coefficients; otherwise equal functions are only shown by a group element, different ones by an input.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice, product
from typing import Any, final

from ..model import Model
from ..problems import exact
from ..programs import program, symbols_of
from ..programs.numbers import Balls, Undefined
from ..terms import IllFormed, Term, number, substitute
from .algebra import rank
from .analysis import Symmetries
from .derivations import Polynomial
from .differentials import PRIMES, Differentials, gated
from .discrete import ParameterMap
from .linear_systems import rank_modulo
from .tori import Torus

Point = tuple[Fraction, ...]

MOST_ELEMENTS = 5_000
"""Elements of the finite group that are tried one by one."""
MOST_INPUTS = 400
"""Inputs that are tried to tell two functions apart."""
BITS = 128
INPUTS = (Fraction(0), Fraction(1), Fraction(-1), Fraction(2), Fraction(1, 2))


@final
@dataclass(frozen=True)
class Comparison:
    """`same` is None where it is not decided.

    Same points: `finite`, and then a scaling by the positive `factors` (None where both coordinates are 0), carry the first to
    the second, if such an element is found.  Different points: the invariant `separator` has the two `values`.
    """

    same: bool | None
    finite: ParameterMap | None = None
    factors: tuple[Fraction | None, ...] = ()
    separator: str = ""
    values: tuple[Fraction, ...] = ()
    reason: str = ""

    def __str__(self) -> str:
        if self.same is None:
            return f"not decided: {self.reason}"
        if not self.same:
            shown = self.reason or f"it is {' and '.join(map(str, self.values))}"
            return f"different models: {self.separator} tells them apart, {shown}"
        if self.finite is None:
            return f"the same model: {self.reason}"
        factors = ", ".join("any" if f is None else str(f) for f in self.factors)
        return f"the same model: {self.finite.name}, then coordinates times {factors}"

    def to_json(self) -> dict[str, Any]:
        element = (
            {"finite": self.finite.name, "factors": [None if f is None else str(f) for f in self.factors]}
            if self.finite
            else None
        )
        separator = {"invariant": self.separator, "values": list(map(str, self.values))} if self.separator else None
        return {"same": self.same, "element": element, "separator": separator, "reason": self.reason}


@final
@dataclass(frozen=True)
class Stabiliser:
    """At a point: the dimension of the orbit of the fields, that of the combinations of fields that vanish there, and the
    elements of the finite group that fix it."""

    orbit_dimension: int
    dimension: int
    finite: tuple[ParameterMap, ...]


def rational_point(found: Symmetries, point: Sequence[Any]) -> Point:
    """Raises `IllFormed` for a point of another length, for coordinates that are not rational, and where a relu has its kink
    whatever the inputs are."""
    names = found.model.parameters
    if len(point) != len(names):
        raise IllFormed(f"a point of {len(point)} coordinates disagrees with {len(names)} parameters")
    return tuple(exact(v, "a coordinate") for v in point)


def check_kinks(model: Model, point: Point) -> None:
    """Raises `IllFormed` where the argument of a relu is 0 for all inputs: the model has no derivatives there."""
    for argument in gated(model.outputs, (*model.parameters, *model.inputs))[1].values():
        put = {n: number(v) for n, v in zip(model.parameters, point, strict=True)}
        at = Model(("t",), tuple(sorted(symbols_of(argument) - {*put})), (substitute(argument, put),))
        if not any(evaluated(at, term, (Fraction(1),)) for inputs in _inputs(at) for term in at.at([inputs]).outputs):
            raise IllFormed(f"the point is on a kink: the argument {argument} of a relu is 0 there for all inputs")


def _inputs(model: Model) -> Iterator[tuple[Fraction, ...]]:
    return islice(product(INPUTS, repeat=len(model.inputs)), MOST_INPUTS)


def compare(found: Symmetries, first: Sequence[Any], second: Sequence[Any]) -> Comparison:
    """Whether the two parameters are the same model, with what carries the first to the second or tells them apart.

    Raises `IllFormed` for points of another length than the parameters.
    """
    a, b = rational_point(found, first), rational_point(found, second)
    difference = separating(found.model, a, b)
    if difference is not None:
        return difference
    torus = Torus.of(found.vector_fields, len(a))
    for element in _elements(found):
        factors = torus.factors(element.apply(a), b)
        if factors is not None:
            return Comparison(True, element, factors)
    if coefficients(found.model) is not None:
        return Comparison(
            True, reason="all coefficients agree; no finite symmetry followed by a scaling carries one to the other"
        )
    return Comparison(None, reason="no group element is found, and no input tells the functions apart")


def _elements(found: Symmetries) -> list[ParameterMap]:
    """The elements of the finite group, or the identity and the generators where there are too many."""
    size = len(found.model.parameters)
    identity = ParameterMap(found.model.parameters, tuple(range(size)), (1,) * size)
    if found.discrete.order > MOST_ELEMENTS:
        return [identity, *found.discrete.generators]
    return [identity, *(g for g in found.discrete.elements(MOST_ELEMENTS) if g != identity)]


def coefficients(model: Model) -> Model | None:
    """The coefficients of the outputs as polynomials in the inputs; None where they are none."""
    if not model.inputs:
        return model
    try:
        return model.coefficients()
    except IllFormed:
        return None


def separating(model: Model, a: Point, b: Point) -> Comparison | None:
    """An invariant with different values at the points: a coefficient, or an output at an input; its values are rational, or
    lie in balls (Arb) that do not meet."""
    listed = coefficients(model)
    for at in [listed] if listed is not None else (model.at([inputs]) for inputs in _inputs(model)):
        labels = at.labels or tuple(f"output {i}" for i in range(len(at.outputs)))
        for label, term in zip(labels, at.outputs, strict=True):
            left, right = evaluated(at, term, a), evaluated(at, term, b)
            if left is not None and right is not None:
                if left != right:
                    return Comparison(False, separator=label, values=(left, right))
            elif balls := _apart(at, term, a, b):
                return Comparison(False, separator=label, reason=balls)
    return None


def _apart(model: Model, term: Term, a: Point, b: Point) -> str:
    """Two balls that do not meet and contain the values; empty if there are none of them."""
    made = program(term, model.parameters)
    try:
        left, right = (made.evaluate(point, Balls(BITS)) for point in (a, b))
    except Undefined:
        return ""
    return "" if left.overlaps(right) else f"the values lie in {left} and {right}"


def evaluated(model: Model, term: Term, point: Point) -> Fraction | None:
    """The value at a rational point; None where it is no rational number, or not defined."""
    made = program(term)
    try:
        return Fraction(made.evaluate({n: v for n, v in zip(model.parameters, point, strict=True) if n in made.inputs}))
    except Undefined:
        return None


def value_at(polynomial: Polynomial, point: Point) -> Fraction:
    total = Fraction(0)
    for exponents, coefficient in polynomial.items():
        for place in exponents:
            coefficient *= point[place]
        total += coefficient
    return total


def stabiliser(found: Symmetries, point: Sequence[Any]) -> Stabiliser:
    """Raises `IllFormed` for a point of another length, on a kink, and for a finite group that is too large."""
    at = rational_point(found, point)
    check_kinks(found.model, at)
    rows = [[value_at(v.field.get(i, {}), at) for i in range(len(at))] for v in found.vector_fields]
    dimension = rank(rows)
    fixing = tuple(g for g in found.discrete.elements(MOST_ELEMENTS) if g.apply(at) == at)
    return Stabiliser(dimension, len(rows) - dimension, fixing)


def canonical(found: Symmetries, point: Sequence[Any]) -> Point:
    """One representative of all points that finite symmetries and scalings carry to one another: of the images under the
    finite group, with the scalings used to bring some coordinates to absolute value 1, the last in lexicographic order.

    Raises `IllFormed` for a point of another length, a finite group that is too large, and where that takes roots.
    """
    at = rational_point(found, point)
    torus = Torus.of(found.vector_fields, len(at))
    return max(torus.normal(g.apply(at)) for g in (found.discrete.elements(MOST_ELEMENTS)))


def invariants(found: Symmetries) -> tuple[tuple[str, Term], ...]:
    """Identifiable combinations: coefficients of the outputs that are functionally independent, as many as there are.

    All coefficients are locally functions of these where the rank, found modulo a prime, is that of the model.  Raises
    `IllFormed` where the outputs are no polynomials in the inputs.
    """
    listed = coefficients(found.model)
    if listed is None:
        raise IllFormed("the outputs are no polynomials in the inputs, so that they have no coefficients")
    labels = listed.labels or tuple(f"output {i}" for i in range(len(listed.outputs)))
    slopes = Differentials.of(listed).sample(1).slopes[0]
    chosen: list[int] = []
    for k in range(len(listed.outputs)):
        if rank_modulo(slopes[[*chosen, k]], PRIMES[0]) == len(chosen) + 1:
            chosen.append(k)
    return tuple((labels[k], listed.outputs[k]) for k in chosen)
