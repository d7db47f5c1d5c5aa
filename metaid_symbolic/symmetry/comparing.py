"""Whether two points of the parameter space are the same model, exactly over Q.

They are when all outputs agree for all inputs.  For outputs that are polynomials in the inputs these are equations between
coefficients; otherwise equal functions are only shown by a group element, different ones by an input.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import islice
from typing import Any

from ..claims import Array, Statement
from ..model import Model
from ..terms import Term, conjunction, equal, number, substitute
from .algebra import rank
from .analysis import Symmetries
from .assertions import Identity, at_sight, field_identity, map_identity
from .differentials import Differentials
from .discrete import ParameterMap
from .elements import Comparison, Element
from .fields import VectorField
from .maps import AffineMap
from .matching import matching
from .points import Point, apart, check_defined, coefficients, evaluated, inputs_of, rational_point, values_of_fields
from .tori import Torus
from .transport import AffineGroup

MOST_SYSTEMS = 200
"""Elements of the finite group that are tried before an affine map."""
MOST_PROOFS = 8
"""Candidates that are put to the kernel."""


def compare(found: Symmetries, first: Sequence[Any], second: Sequence[Any]) -> Comparison:
    """Whether the two parameters are the same model, with what carries the first to the second or tells them apart.

    Raises `IllFormed` for points of another length than the parameters, and where the model is not defined.
    """
    a, b = rational_point(found, first), rational_point(found, second)
    for point in (a, b):
        check_defined(found.model, point)
    difference = separating(found.model, a, b)
    if difference is not None:
        return difference
    torus = Torus.of(found.vector_fields, len(a))
    matched = matching(found.discrete, torus, a, b)
    if matched.element is not None:
        return Comparison(True, _scaling(found, matched.element, torus, a, b))
    element = _rescaled(found, torus, a, b) or _affine(found, a, b)
    if element is not None:
        return Comparison(True, element)
    equal_models = _equal_outputs(found.model, a, b)
    if equal_models is not None and equal_models.proved:
        return Comparison(True, reason=f"all coefficients agree; {_without_element(found, a, b)}", witness=equal_models)
    return Comparison(None, reason=f"no input tells the functions apart; {_without_element(found, a, b)}")


def _without_element(found: Symmetries, a: Point, b: Point) -> str:
    """Why no element may be found: orbits of different dimension are different orbits."""
    left, right = (rank(values_of_fields(found.affine, p)) for p in (a, b))
    if left != right:
        return f"orbits of affine fields have dimension {left} and {right} there: no flow of them carries one to the other"
    for layer in AffineGroup.of(found.affine, found.model.parameters).layers:
        for sign in (1, -1):
            first, second = (layer.rank(p, sign) for p in (a, b))
            if first != second:
                names = ", ".join(n for n, w in zip(found.model.parameters, layer.weights, strict=True) if w == sign)
                return f"the orbits of the layer on {names} have dimension {first} and {second} there: they are different strata"
    return "no element is found among finite symmetries before scalings, layers of GL(r), Cayley transforms and translations"


def _scaling(found: Symmetries, finite: ParameterMap, torus: Torus, a: Point, b: Point) -> Element:
    factors = torus.element(finite.apply(a), b)
    made = AffineMap.diagonal(finite.parameters, factors) if factors else None
    proofs = [i for v, i in zip(found.vector_fields, found.identities, strict=False) if v.kind == "scaling"]
    identities = [*_finite_proofs(found, finite), *(proofs if made is None or made.polynomials else [])]
    if made is not None:
        identities.append(_carries(made.after(AffineMap.of(finite)), a, b))
    return Element(finite, made, tuple(identities))


def _rescaled(found: Symmetries, torus: Torus, a: Point, b: Point) -> Element | None:
    """One of the permutations with factors, then an element of the finite group and a scaling."""
    for first in found.rescaled.maps:
        start = first.apply(a)
        matched = matching(found.discrete, torus, start, b).element
        factors = torus.element(matched.apply(start), b) if matched is not None else None
        if matched is None or factors is None:
            continue
        made = AffineMap.diagonal(first.parameters, factors).after(AffineMap.of(matched)).after(first)
        identity = map_identity(found.model, made.name, made.substitution)
        if identity.proved:
            return Element(_identity(found), made, (identity, _carries(made, a, b)))
    return None


def _identity(found: Symmetries) -> ParameterMap:
    size = len(found.model.parameters)
    return ParameterMap(found.model.parameters, tuple(range(size)), (1,) * size)


def _affine(found: Symmetries, a: Point, b: Point) -> Element | None:
    """The first affine map after an element of the finite group that the kernel proves to be a symmetry."""
    group = AffineGroup.of(found.affine or found.vector_fields, found.model.parameters)
    tried = 0
    for finite in _elements(found):
        start = tuple(finite.apply(a))
        for made in group.candidates(start, b):
            if not _plausible(found.model, made):
                continue
            identity = _proof(found, made)
            if identity.proved:
                carries = _carries(made.after(AffineMap.of(finite)), a, b)
                return Element(finite, made, (*_finite_proofs(found, finite), identity, carries))
            tried += 1
            if tried >= MOST_PROOFS:
                return None
    return None


def _elements(found: Symmetries) -> Iterator[ParameterMap]:
    """The identity, and then others."""
    identity = _identity(found)
    yield identity
    if found.discrete.generators:
        yield from (g for g in islice(found.discrete.generated(), MOST_SYSTEMS) if g != identity)


def _plausible(model: Model, made: AffineMap) -> bool:
    """Whether the outputs agree at one point, as far as they are rational there."""
    point = tuple(Fraction(3 + 2 * i, 1 + i % 3) for i in range(len(model.parameters)))
    inputs = tuple(Fraction(1 + i) for i in range(len(model.inputs)))
    at = model.at([inputs]) if model.inputs else model
    pairs = [(evaluated(at, f, point), evaluated(at, f, made.apply(point))) for f in at.outputs]
    return all(left is None or right is None or left == right for left, right in pairs)


def _proof(found: Symmetries, made: AffineMap) -> Identity:
    """That the map is a symmetry; of a translation, that it lies on the flow of a field that annihilates the model."""
    identity = map_identity(found.model, made.name, made.substitution)
    shifts = [row[-1] for row in made.rows]
    if identity.proved or AffineMap(made.parameters, tuple((*r[:-1], Fraction(0)) for r in made.rows)).polynomials:
        return identity
    field = VectorField(made.parameters, tuple((i, (), c) for i, c in enumerate(shifts) if c))
    return field_identity(Differentials.of(found.model), field)


def _finite_proofs(found: Symmetries, finite: ParameterMap) -> list[Identity]:
    return [map_identity(found.model, finite.name, finite.substitution)] if finite.substitution else []


def _carries(made: AffineMap, a: Point, b: Point) -> Identity:
    """That the image of a is b."""
    put = {n: number(v) for n, v in zip(made.parameters, a, strict=True)}
    images = [substitute(made.substitution[n], put) if n in made.substitution else put[n] for n in made.parameters]
    claim = Statement((), (), (), conjunction([equal(image, number(v)) for image, v in zip(images, b, strict=True)]))
    return Identity("the map takes the first point to the second", claim, at_sight(claim))


def _at(model: Model, point: Point) -> list[Any]:
    return [substitute(f, {n: number(v) for n, v in zip(model.parameters, point, strict=True)}) for f in model.outputs]


def _equal_outputs(model: Model, a: Point, b: Point) -> Identity | None:
    """f(a, x) = f(b, x) for all x, for outputs that are polynomials in the inputs and agree."""
    if coefficients(model) is None:
        return None
    claim = _statement(model, [equal(left, right) for left, right in zip(_at(model, a), _at(model, b), strict=True)])
    return Identity("both points have the same outputs", claim, at_sight(claim))


def _statement(model: Model, parts: Sequence[Any]) -> Statement:

    shown = {name: Term("at", ("x", number(i + 1))) for i, name in enumerate(model.inputs)}
    arrays = (Array("x", (number(len(model.inputs)),)),) if model.inputs else ()
    return Statement((), (), arrays, conjunction([substitute(p, shown) for p in parts]))


def separating(model: Model, a: Point, b: Point) -> Comparison | None:
    """An invariant with different values at the points: a coefficient, or an output at an input; its values are rational, or
    lie in balls (Arb) that do not meet."""
    listed = coefficients(model)
    for at in [listed] if listed is not None else (model.at([inputs]) for inputs in inputs_of(model)):
        labels = at.labels or tuple(f"output {i}" for i in range(len(at.outputs)))
        for label, term in zip(labels, at.outputs, strict=True):
            left, right = evaluated(at, term, a), evaluated(at, term, b)
            if left is not None and right is not None:
                if left != right:
                    return Comparison(False, separator=label, values=(left, right), witness=_witness(model, a, b))
            elif balls := apart(at, term, a, b):
                return Comparison(False, separator=label, reason=balls)
    return None


def _witness(model: Model, a: Point, b: Point) -> Identity | None:
    """The different values of an output at an input, as a claim that the kernel proved."""
    for inputs in inputs_of(model):
        at = model.at([inputs]) if model.inputs else model
        for place, term in enumerate(at.outputs):
            left, right = evaluated(at, term, a), evaluated(at, term, b)
            if left is not None and right is not None and left != right:
                parts = [equal(_at(at, p)[place], number(v)) for p, v in ((a, left), (b, right))]
                claim = Statement((), (), (), conjunction(parts))
                label = at.labels[place] if at.labels else f"output {place}"
                return Identity(f"{label} is {left} and {right}", claim, at_sight(claim))
    return None
