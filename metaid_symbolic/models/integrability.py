"""Whether an update field is minus the gradient of some function, and of which.

A C^1 field on R^n (or any convex domain) is a gradient if and only if its Jacobian is symmetric everywhere (Poincare's
lemma).  One point at which the Jacobian is not symmetric refutes it on every domain that contains the point.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any, final

from ..kernel.polynomial import Sparse, TooLarge
from ..programs import NotDifferentiable, jacobian, tidy
from ..programs.numbers import Balls, Numbers, Rationals, Undefined
from ..programs.program import program
from ..terms import ZERO, Term, number, symbol
from .composition import compose_formula
from .expansion import Expansions, NotPolynomial
from .expectation import mean
from .objective import Constant, MetaObjective, UpdateField, holds

VALUES = tuple(map(Fraction, ("1", "1/2", "2", "1/3", "-1", "3", "1/4", "-1/2")))
"""Coordinates of trial points, and values of constants."""
POINTS = 12


@final
@dataclass(frozen=True)
class Potential:
    """The field is -grad F on R^n for the polynomial F = `term`."""

    term: Term


@final
@dataclass(frozen=True)
class Asymmetry:
    """At this point (and these values of the constants) the Jacobian of the field is not symmetric: entry i, j is not entry
    j, i (counted from 1), so the field is no gradient on any domain that contains the point.

    Entries are rational numbers, or real balls that contain them.
    """

    point: tuple[tuple[str, Fraction], ...]
    jacobian: tuple[tuple[Any, ...], ...]
    place: tuple[int, int]

    def __str__(self) -> str:
        i, j = self.place
        left, right = self.jacobian[i - 1][j - 1], self.jacobian[j - 1][i - 1]
        where = ", ".join(f"{name} = {value}" for name, value in self.point)
        return f"at {where} the Jacobian has {left} in row {i}, column {j} and {right} in row {j}, column {i}"


@final
@dataclass(frozen=True)
class Conservative:
    """The Jacobian is symmetric everywhere, so on a convex domain with 0 the field is -grad of -int_0^1 phi . V(s phi) ds."""

    reason: str


@final
@dataclass(frozen=True)
class Undecided:
    """Neither a potential nor a point of asymmetry was found."""

    reason: str


Integrability = Potential | Asymmetry | Conservative | Undecided


def mean_field(field: UpdateField) -> tuple[Term, ...]:
    """E_t V_t.  Raises `IllFormed` where the mean over the law is not known."""
    return tuple(mean(field.law, column) for column in zip(*field.tasks, strict=True))


def integrability(field: UpdateField) -> Integrability:
    """A potential, a point at which the Jacobian is not symmetric, a proof that it is symmetric, or none of these."""
    components = mean_field(field)
    try:
        rows = jacobian(components, field.parameters)
    except NotDifferentiable as cause:
        return Undecided(str(cause))
    if len(rows) > 1 and (found := _asymmetry(field, rows)) is not None:
        return found
    return _potential(field, components) if _symmetric(rows) else Undecided("the Jacobian is symmetric at the points tried")


def _symmetric(rows: Sequence[Sequence[Term]]) -> bool:
    """Whether D V and its transpose are equal as arrays of polynomials in whatever is no sum, product or power."""
    reading = Expansions(())
    try:
        pairs = [(entry, rows[j][i]) for i, row in enumerate(rows) for j, entry in enumerate(row[:i])]
        return not any((reading.read(left) - reading.read(right)).terms for left, right in pairs)
    except NotPolynomial:
        return False


def _potential(field: UpdateField, components: Sequence[Term]) -> Integrability:
    """-sum_i x_i int_0^1 V_i(s x) ds for a polynomial field with symmetric Jacobian."""
    reading = Expansions(field.parameters)
    whole = reading.read(ZERO)
    try:
        products = [reading.read(c) * reading.read(symbol(n)) for n, c in zip(field.parameters, components, strict=True)]
    except (NotPolynomial, TooLarge) as cause:
        return Conservative(f"the field is no polynomial ({cause}), so its potential is not written out")
    places = {reading.place(name) for name in field.parameters}
    for moved in products:
        whole = whole - _divided(moved, places)
    return Potential(tidy(reading.write(whole)))


def _divided(moved: Sparse, places: set[int]) -> Sparse:
    """Each monomial divided by its degree in the parameters: int_0^1 s^(d-1) ds = 1/d."""
    return Sparse({m: c / sum(e for g, e in m if g in places) for m, c in moved.terms.items()})


def _asymmetry(field: UpdateField, rows: Sequence[Sequence[Term]]) -> Asymmetry | None:
    names = (*field.parameters, *(c.name for c in field.constants))
    made = program([entry for row in rows for entry in row], names)
    n = len(rows)
    for point in trial_points(field):
        for numbers in (Rationals(), Balls()):
            try:
                flat = made.evaluate(dict(point), numbers)
            except Undefined:
                continue
            values = tuple(tuple(flat[i * n + j] for j in range(n)) for i in range(n))
            for i, j in product(range(n), repeat=2):
                if i < j and _differ(values[i][j], values[j][i]):
                    return Asymmetry(point, values, (i + 1, j + 1))
            break
    return None


def _differ(left: Any, right: Any) -> bool:
    """Certainly different: a ball is compared with all of its points."""
    return bool(left < right) or bool(left > right)


def trial_points(made: MetaObjective | UpdateField) -> Iterator[tuple[tuple[str, Fraction], ...]]:
    """Rational points of the domain where the conditions hold, with admissible values of the constants."""
    constants = [(c.name, value) for c in made.constants if (value := admissible(c)) is not None]
    if len(constants) < len(made.constants):
        return
    for shift in range(POINTS):
        coordinates = [(name, VALUES[(i * (1 + shift // 4) + shift) % len(VALUES)]) for i, name in enumerate(made.parameters)]
        point = (*coordinates, *constants)
        if all(certainly(formula, point) for formula in (*made.domain, *made.conditions)):
            yield point


def admissible(constant: Constant) -> Fraction | None:
    """A rational number in the constant's domain, the first of `VALUES` that is seen to be; 1/4 before the others."""
    for value in (Fraction(1, 4), *VALUES):
        put = {constant.name: number(value)}
        if all(holds(compose_formula(formula, put)) for formula in constant.domain):
            return value
    return None


def certainly(formula: Term, point: Sequence[tuple[str, Fraction]]) -> bool:
    """Whether the comparison holds at the point, as far as balls of 128 bits show."""
    inner = formula.args[0] if formula.head == "not" else formula
    try:
        put = compose_formula(formula, {name: number(value) for name, value in point})
        truth = holds(put)
        if truth is not None:
            return truth
        numbers: Numbers = Balls()
        left, right = (program(side, ()).evaluate({}, numbers) for side in (put.args[0] if put.head == "not" else put).args)
    except Undefined:
        return False
    match inner.head:
        case "lt":
            return bool(left < right)
        case "le":
            return bool(left <= right)
    return _differ(left, right)
