"""Rational points of the parameter space, and what models and fields are there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import islice, product
from typing import Any

from ..model import Model
from ..problems import exact
from ..programs import program, symbols_of
from ..programs.numbers import Balls, Undefined
from ..terms import IllFormed, Term, number, substitute
from .analysis import Symmetries
from .derivations import Polynomial
from .differentials import gated
from .fields import VectorField

Point = tuple[Fraction, ...]

MOST_INPUTS = 400
"""Inputs that are tried to tell two functions apart."""
BITS = 128
INPUTS = (Fraction(0), Fraction(1), Fraction(-1), Fraction(2), Fraction(1, 2))


def rational_point(found: Symmetries, point: Sequence[Any]) -> Point:
    """Raises `IllFormed` for a point of another length, for coordinates that are not rational, and where a relu has its kink
    whatever the inputs are."""
    names = found.model.parameters
    if len(point) != len(names):
        raise IllFormed(f"a point of {len(point)} coordinates disagrees with {len(names)} parameters")
    return tuple(exact(v, "a coordinate") for v in point)


def check_defined(model: Model, point: Point) -> None:
    """Raises `IllFormed` where the outputs have no value, exactly or in balls, at any of the inputs that are tried."""
    made = program(model.outputs, (*model.parameters, *model.inputs))
    for inputs in inputs_of(model):
        for numbers in (None, Balls(BITS)):
            try:
                made.evaluate((*point, *inputs), numbers)
            except Undefined:
                continue
            return
    raise IllFormed(f"the model is not seen to be defined at ({', '.join(map(str, point))})")


def check_kinks(model: Model, point: Point) -> None:
    """Raises `IllFormed` where the argument of a relu is 0 for all inputs: the model has no derivatives there."""
    for argument in gated(model.outputs, (*model.parameters, *model.inputs))[1].values():
        put = {n: number(v) for n, v in zip(model.parameters, point, strict=True)}
        at = Model(("t",), tuple(sorted(symbols_of(argument) - {*put})), (substitute(argument, put),))
        if not any(evaluated(at, term, (Fraction(1),)) for inputs in inputs_of(at) for term in at.at([inputs]).outputs):
            raise IllFormed(f"the point is on a kink: the argument {argument} of a relu is 0 there for all inputs")


def inputs_of(model: Model) -> Iterator[tuple[Fraction, ...]]:
    return islice(product(INPUTS, repeat=len(model.inputs)), MOST_INPUTS)


def coefficients(model: Model) -> Model | None:
    """The coefficients of the outputs as polynomials in the inputs; None where they are none."""
    if not model.inputs:
        return model
    try:
        return model.coefficients()
    except IllFormed:
        return None


def apart(model: Model, term: Term, a: Point, b: Point) -> str:
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


def values_of_fields(fields: Sequence[VectorField], point: Point) -> list[list[Fraction]]:
    """One row a field: its components at the point."""
    return [[value_at(v.field.get(i, {}), point) for i in range(len(point))] for v in fields]
