"""Affine symmetries over Q that take one point to another, as solutions of linear systems.

Two families are linear in their unknowns; whether a solution is a symmetry is then proved of it alone.

Layers, as GL(r) between two layers of weights acts: a scaling c with weights 1, -1 and 0 and the linear fields X that commute
with it and live where it is not 0.  With L = X at weight 1 and L = -X at weight -1, g = L at weight 1 and L^-1 at weight -1;
g(a) = b is L a = b there and a = L b here.  A coordinate may have weight 1 for one layer and -1 for another one.

The Cayley transform g = (1 - X)^-1 (1 + X) of an affine field X, on coordinates with a last one that is 1: g(a) = b is
X (a + b) = b - a.  It lies in the group of every algebra that is closed under cubes, as those of orthogonal, symplectic and
unitary groups and translations are; with changes of sign it reaches every element of O(n) (Cayley 1846; Weyl 1946, The classical
groups, II.10).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from random import Random
from typing import final

from ..terms import IllFormed
from .algebra import rank
from .fields import VectorField
from .maps import AffineMap, Matrix, affine_solutions, quotient
from .tori import Torus

ATTEMPTS = 6
"""Points of a space of solutions that are tried; almost all of them give invertible matrices if one does."""

Point = Sequence[Fraction]
Entries = dict[tuple[int, int], Fraction]
"""Of a matrix those that are not 0."""


@final
@dataclass(frozen=True)
class Layer:
    """The weights c and matrices L that span the algebra of the layer."""

    weights: tuple[int, ...]
    matrices: tuple[Entries, ...]

    def rank(self, point: Point, sign: int) -> int:
        """The dimension of the orbit of the coordinates with weight `sign` under this layer alone."""
        places = [i for i, w in enumerate(self.weights) if w == sign]
        return rank([[_entry(self, m, i, point, sign) for i in places] for m in self.matrices])


@final
@dataclass(frozen=True)
class AffineGroup:
    """What is known of the affine symmetries of a model, made for both families once."""

    parameters: tuple[str, ...]
    layers: tuple[Layer, ...]
    fields: tuple[Matrix, ...]

    @classmethod
    def of(cls, fields: Sequence[VectorField], parameters: tuple[str, ...]) -> AffineGroup:
        affine = [v for v in fields if v.degree <= 1]
        return cls(parameters, layers(affine, len(parameters)), tuple(_matrix(v, len(parameters)) for v in affine))

    def candidates(self, a: Point, b: Point) -> Iterator[AffineMap]:
        """Maps that take a to b and may be symmetries."""
        for found in (self._by_layers(a, b), self._by_cayley(a, b)):
            yield from found

    def _by_layers(self, a: Point, b: Point) -> Iterator[AffineMap]:
        for t in _points(*self._system(a, b)):
            if (made := self._made(t)) is not None:
                yield made

    def _made(self, t: Sequence[Fraction]) -> AffineMap | None:
        """The element with these coefficients, if it is invertible."""
        found = quotient(self._side(self._unknown, t, -1), self._side(self._unknown, t, 1))
        return None if found is None else AffineMap(self.parameters, tuple((*row, Fraction(0)) for row in found))

    @property
    def _unknown(self) -> list[tuple[Layer, Entries]]:
        return [(layer, m) for layer in self.layers for m in layer.matrices]

    def _system(self, a: Point, b: Point) -> tuple[Matrix, list[Fraction]]:
        """The equations in the coefficients of the L for g(a) = b."""
        rows: Matrix = []
        right: list[Fraction] = []
        zero = Fraction(0)
        for i in range(len(a)):
            weights = {layer.weights[i] for layer in self.layers}
            rows.append([_entry(layer, m, i, a, 1) - _entry(layer, m, i, b, -1) for layer, m in self._unknown])
            right.append((b[i] if -1 not in weights else zero) - (a[i] if 1 not in weights else zero))
        return rows, right

    def contains(self, made: AffineMap) -> bool:
        """Whether layers alone act as this linear map, on all points at once."""
        size = len(self.parameters)
        rows: Matrix = []
        right: list[Fraction] = []
        for k in range(size):
            unit = [Fraction(i == k) for i in range(size)]
            more, values = self._system(unit, made.apply(unit))
            rows, right = rows + more, right + values
        return bool(self.layers) and affine_solutions(rows, right) is not None

    def normal(self, point: Point) -> tuple[Fraction, ...]:
        """The point of its orbit under the layers with, one coordinate of weight 1 after the other, 0 there if that can be, else
        1 if that can be, else what the earlier ones leave.

        Raises `IllFormed` where these coordinates do not determine the element: a layer of smaller rank.
        """
        at = tuple(point)
        for layer in self.layers:
            at = AffineGroup(self.parameters, (layer,), ())._normal(layer, at)
        return at

    def _normal(self, layer: Layer, at: tuple[Fraction, ...]) -> tuple[Fraction, ...]:
        rows: Matrix = []
        right: list[Fraction] = []
        for i in (i for i, w in enumerate(layer.weights) if w == 1):
            row = [_entry(layer, m, i, at, 1) for m in layer.matrices]
            for value in (Fraction(0), Fraction(1)):
                if self._element([*rows, row], [*right, value]) is not None:
                    rows, right = [*rows, row], [*right, value]
                    break
        found, made = affine_solutions(rows, right), self._element(rows, right)
        if found is None or found[1] or made is None:
            names = ", ".join(n for n, w in zip(self.parameters, layer.weights, strict=True) if w == 1)
            raise IllFormed(f"no normal form: {names} have smaller rank than the layer there, and do not determine its element")
        return made.apply(at)

    def _element(self, rows: Matrix, right: Sequence[Fraction]) -> AffineMap | None:
        """An invertible element whose coefficients solve the equations."""
        return next((made for t in _points(rows, right) if (made := self._made(t)) is not None), None)

    def _side(self, unknown: Sequence[tuple[Layer, Entries]], t: Sequence[Fraction], sign: int) -> Matrix:
        """The rows of sum t L where a weight has the sign, and of the identity elsewhere."""
        size = len(self.parameters)
        moved = {i for layer in self.layers for i in range(size) if layer.weights[i] == sign}
        made = [[Fraction(int(i == k and i not in moved)) for k in range(size)] for i in range(size)]
        for scale, (layer, matrix) in zip(t, unknown, strict=True):
            for (i, k), value in matrix.items():
                if layer.weights[i] == sign:
                    made[i][k] += scale * value
        return made

    def _by_cayley(self, a: Point, b: Point) -> Iterator[AffineMap]:
        size = len(a)
        middle = [*(x + y for x, y in zip(a, b, strict=True)), Fraction(2)]
        columns = [[sum((c * x for c, x in zip(row, middle, strict=True) if c), Fraction(0)) for row in m] for m in self.fields]
        rows = [[column[i] for column in columns] for i in range(size)]
        for t in _points(rows, [y - x for x, y in zip(a, b, strict=True)]):
            both: list[Matrix] = []
            for sign in (-1, 1):
                made = [[Fraction(int(i == k)) for k in range(size + 1)] for i in range(size + 1)]
                for scale, matrix in zip(t, self.fields, strict=True):
                    for i, row in enumerate(matrix):
                        made[i] = [x + sign * scale * c for x, c in zip(made[i], row, strict=True)]
                both.append(made)
            if (found := quotient(both[0], both[1])) is not None:
                yield AffineMap(self.parameters, tuple(map(tuple, found[:size])))


def _points(rows: Matrix, right: Sequence[Fraction]) -> Iterator[list[Fraction]]:
    """Some points of the space of solutions."""
    if not rows or not rows[0]:
        return
    found = affine_solutions(rows, right)
    if found is None:
        return
    one, basis = found
    yield one
    random = Random(0)
    for _ in range(ATTEMPTS if basis else 0):
        scales = [random.randint(-3, 3) for _ in basis]
        yield [x + sum((s * v[k] for s, v in zip(scales, basis, strict=True)), Fraction(0)) for k, x in enumerate(one)]


def _entry(layer: Layer, matrix: Entries, place: int, point: Point, sign: int) -> Fraction:
    """(L point)_place where the weight has the sign, else 0."""
    if layer.weights[place] != sign:
        return Fraction(0)
    return sum((value * point[k] for (i, k), value in matrix.items() if i == place), Fraction(0))


def _matrix(field: VectorField, size: int) -> Matrix:
    """Of an affine field, with a last coordinate that is 1."""
    made = [[Fraction(0)] * (size + 1) for _ in range(size + 1)]
    for place, exponents, value in field.coefficients:
        made[place][exponents[0] if exponents else size] = value
    return made


def layers(fields: Sequence[VectorField], size: int) -> tuple[Layer, ...]:
    """Scalings of single units are summed where a field has opposite weights for them: their units belong to one layer.

    Of two layers with weights of one sign at one coordinate the second is left out.
    """
    units = Torus.of(fields, size).units()
    linear = [v for v in fields if v.kind == "linear"]
    groups: list[list[tuple[int, ...]]] = []
    for unit in units:
        joined = [g for g in groups if any(_opposite(v, unit, other) for v in linear for other in g)]
        groups = [g for g in groups if g not in joined] + [[unit, *(u for g in joined for u in g)]]
    found: list[Layer] = []
    for group in groups:
        weights = tuple(sum(entries) for entries in zip(*group, strict=True))
        taken = {(i, w) for layer in found for i, w in enumerate(layer.weights) if w}
        if not {*weights} <= {0, 1, -1} or taken & {(i, w) for i, w in enumerate(weights) if w}:
            continue
        diagonal = [{(i, i): Fraction(abs(w)) for i, w in enumerate(unit) if w} for unit in group]
        inside = [_signed(v, weights) for v in linear if _commutes(v, weights)]
        found.append(Layer(weights, (*diagonal, *inside)))
    return tuple(found)


def _weight(field: VectorField, weights: Sequence[int]) -> set[int]:
    """The weights of the summands theta_e d/d theta_i of a linear field."""
    return {weights[e[0]] - weights[place] for place, e, _ in field.coefficients}


def _opposite(field: VectorField, left: Sequence[int], right: Sequence[int]) -> bool:
    return (_weight(field, left), _weight(field, right)) in (({1}, {-1}), ({-1}, {1}))


def _commutes(field: VectorField, weights: Sequence[int]) -> bool:
    return all(weights[e[0]] == weights[place] != 0 for place, e, _ in field.coefficients)


def _signed(field: VectorField, weights: Sequence[int]) -> Entries:
    return {(place, e[0]): value * weights[place] for place, e, value in field.coefficients}
