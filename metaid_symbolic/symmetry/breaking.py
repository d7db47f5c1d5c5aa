"""What remains of the symmetries of a model when something is added that singles out parameters.

A penalty R, or the loss of a further task, leaves the symmetries under which it does not change; equations c = 0 leave the
fields that are tangent to their zeros, v(c_j) = sum_l q_jl c_l, and the maps that permute the equations up to sign;
inequalities h > 0 leave all fields and the maps that permute them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any, final

from ..calculus.claims import check
from ..claims import AtProblem
from ..model import Model
from ..programs import symbols_of
from ..terms import IllFormed, Term, as_term, equal, number, quantified, substitute, symbol, total
from .analysis import Symmetries, analyse
from .assertions import Identity, field_identity, map_identity, task_problem, zero_identity
from .derivations import Exponents, Field, combined, monomial_term
from .differentials import Differentials
from .discrete import MOST_ELEMENTS, DiscreteGroup, ParameterMap
from .fields import SPARE, VectorField, monomials, values_of
from .linear_systems import null_space


@final
@dataclass(frozen=True)
class Surviving:
    """Of the span of the fields and of the finite group: what remains, each with its identity, and how much was lost.

    `bound` is the greatest dimension that the rank of the linear system, modulo a prime, allows for the fields that remain.
    """

    fields: tuple[VectorField, ...]
    discrete: DiscreteGroup
    identities: tuple[Identity, ...]
    bound: int
    broken_fields: int
    broken_elements: int

    @property
    def proved(self) -> bool:
        """Whether what is listed is proved to remain, and nothing else of the fields does."""
        every = all(i.proved for i in (*self.identities, *self.discrete.identities))
        return every and len(self.fields) == self.bound

    @property
    def sizes(self) -> str:
        """How much remains, in words."""
        fields, group = len(self.fields), self.discrete
        counted = f"{fields} of {fields + self.broken_fields} fields remain"
        elements = f"{group.order} of {group.order + self.broken_elements} elements of the finite group ({group.structure})"
        return f"{counted}, {elements}; {'proved' if self.proved else f'at most {self.bound} fields can remain'}"

    def __str__(self) -> str:
        names = "; ".join(v.name for v in self.fields) or "none"
        group = f"{self.discrete.structure}, order {self.discrete.order}"
        fields = f"fields that remain: {names} ({self.broken_fields} lost)"
        return f"{fields}; finite group: {group} ({self.broken_elements} elements lost)"


def l2(model: Model, centre: Sequence[Any] | None = None) -> Term:
    """|theta - centre|^2.  Raises `IllFormed` for a centre of another length."""
    place = [0] * len(model.parameters) if centre is None else list(centre)
    if len(place) != len(model.parameters):
        raise IllFormed(f"a centre of {len(place)} coordinates disagrees with {len(model.parameters)} parameters")
    return total([(symbol(n) - as_term(c)) ** 2 if c else symbol(n) ** 2 for n, c in zip(model.parameters, place, strict=True)])


def unit_norm(names: Sequence[str]) -> Term:
    """The equation |w|^2 - 1 = 0 of the parameters of one unit, or layer."""
    return total([symbol(n) ** 2 for n in names]) - 1


def normalised(model: Model, names: Sequence[str]) -> Model:
    """The model at w/|w| for the vector w of these parameters.  Raises `IllFormed` for a name that is no parameter."""
    if strange := sorted(set(names) - set(model.parameters)):
        raise IllFormed(f"{strange[0]} is none of the parameters {', '.join(model.parameters)}")
    inverse = Term("sqrt", (total([symbol(n) ** 2 for n in names]),)) ** -1
    put = {n: symbol(n) * inverse for n in names}
    return Model(model.parameters, model.inputs, tuple(substitute(f, put) for f in model.outputs))


def weight_normalised(model: Model, names: Sequence[str], length: str) -> Model:
    """The model at g w/|w|, with the further parameter g of this name.  Source: Salimans, Kingma 2016, Weight normalization."""
    unit = normalised(model, names)
    inverse = Term("sqrt", (total([symbol(n) ** 2 for n in names]),)) ** -1
    put = {n: symbol(length) * symbol(n) * inverse for n in names}
    return Model((*unit.parameters, length), model.inputs, tuple(substitute(f, put) for f in model.outputs))


def penalised(found: Symmetries, terms: Sequence[Term]) -> Surviving:
    """What leaves the terms as they are too: penalties, or losses of further tasks (their other symbols are inputs)."""
    model = Model(found.model.parameters, _others(found.model, terms), tuple(terms))
    differentials = Differentials.of(model)
    sample = differentials.sample(len(found.vector_fields) + SPARE)
    columns = [moved(v, sample, sample.slopes) for v in found.vector_fields]
    kept, bound = combinations_of(found.vector_fields, columns, sample.prime)
    identities = tuple(field_identity(differentials, v) for v in kept)
    discrete = _subgroup(found.discrete, lambda g: [map_identity(model, g.name, g.substitution)])
    return _surviving(found, kept, identities, bound, discrete)


def constrained(found: Symmetries, equations: Sequence[Term], inequalities: Sequence[Term] = ()) -> Surviving:
    """What maps the set where all equations are 0 and all inequalities positive to itself.

    Fields are those with v(c_j) = sum_l q_jl c_l for polynomials q_jl of degree at most deg v - 1; maps permute the equations
    up to sign, and the inequalities.  Raises `IllFormed` for a term that mentions anything but parameters.
    """
    if strange := _others(found.model, (*equations, *inequalities)):
        raise IllFormed(f"{strange[0]} in a constraint is no parameter")
    kept, bound = found.vector_fields, len(found.vector_fields)
    identities: tuple[Identity, ...] = ()
    if equations:
        kept, bound, identities = _tangent(found, tuple(equations))

    def tests(g: ParameterMap) -> list[Identity]:
        return _permutes(found.model, g, tuple(equations), (1, -1)) + _permutes(found.model, g, tuple(inequalities), (1,))

    return _surviving(found, kept, identities, bound, _subgroup(found.discrete, tests))


def _surviving(
    found: Symmetries, kept: tuple[VectorField, ...], identities: tuple[Identity, ...], bound: int, discrete: DiscreteGroup
) -> Surviving:
    proved = tuple(v for v, i in zip(kept, identities, strict=True) if i.proved) if identities or not kept else kept
    lost = found.discrete.order - discrete.order
    return Surviving(proved, discrete, identities, bound, len(found.vector_fields) - len(proved), lost)


def _others(model: Model, terms: Sequence[Term]) -> tuple[str, ...]:
    """The symbols in the terms that are no parameters."""
    return tuple(sorted(symbols_of(*terms) - set(model.parameters)))


def moved(field: VectorField, sample: Any, slopes: Any) -> Any:
    """v(R) at the points of the sample: count x terms."""
    import numpy as np

    moved = np.zeros(slopes.shape[:2], dtype="int64")
    for place, exponents, value in field.coefficients:
        scale = value.numerator * pow(value.denominator, -1, sample.prime) % sample.prime
        factor = values_of(sample, [exponents])[:, 0] * scale % sample.prime
        moved = (moved + slopes[:, :, place] * factor[:, None]) % sample.prime
    return moved


def combinations_of(fields: Sequence[VectorField], columns: list[Any], prime: int) -> tuple[tuple[VectorField, ...], int]:
    """Combinations of the fields for which the columns add up to 0, and a bound for how many there are."""
    import numpy as np

    if not fields:
        return (), 0
    system = null_space(np.stack([c.ravel() for c in columns], axis=1), prime)
    return tuple(_combination(fields, vector) for vector in system.vectors if vector), system.nullity


def _combination(fields: Sequence[VectorField], parts: Mapping[int, Fraction]) -> VectorField:
    places = {place for k in parts for place in fields[k].field}
    field: Field = {}
    for place in places:
        entry = combined([(v, fields[k].field.get(place, {})) for k, v in parts.items()])
        if entry:
            field[place] = entry
    return VectorField.of(fields[0].parameters, field)


def _tangent(found: Symmetries, equations: tuple[Term, ...]) -> tuple[tuple[VectorField, ...], int, tuple[Identity, ...]]:
    """The fields that are tangent to the zeros of the equations, a bound for how many, and the identities with cofactors."""
    import numpy as np

    model = Model(found.model.parameters, (), equations)
    degree = max((v.degree for v in found.vector_fields), default=1)
    listed = monomials(len(model.parameters), max(0, degree - 1))
    keys = [(j, k, e) for j in range(len(equations)) for k in range(len(equations)) for e in listed]
    sample = Differentials.of(model).sample(len(found.vector_fields) + len(keys) + SPARE)
    values, powers = _values(model, sample), values_of(sample, listed)
    more = []
    for j, k, e in keys:
        column = np.zeros((sample.count, len(equations)), dtype="int64")
        column[:, j] = -values[:, k] * powers[:, listed.index(e)] % sample.prime
        more.append(column)
    columns = [moved(v, sample, sample.slopes) for v in found.vector_fields]
    system = null_space(np.stack([c.ravel() for c in (*more, *columns)], axis=1), sample.prime)
    kept, identities = [], []
    for vector in (v for v in system.vectors if v):
        parts = {k - len(more): v for k, v in vector.items() if k >= len(more)}
        if parts:
            kept.append(_combination(found.vector_fields, parts))
            identities.append(_tangency(model, kept[-1], {keys[k]: v for k, v in vector.items() if k < len(more)}))
    return tuple(kept), system.nullity, tuple(identities)


def _values(model: Model, sample: Any) -> Any:
    """The equations at the points of the sample: count x equations."""
    import numpy as np

    from ..programs import program
    from ..programs.numbers import Modulo

    made = program(model.outputs, model.parameters)
    points = {n: sample.parameters[:, i] for i, n in enumerate(model.parameters)}
    return np.moveaxis(made.evaluate(points, Modulo(sample.prime)), -1, 0)


def _tangency(model: Model, field: VectorField, cofactors: Mapping[tuple[int, int, Exponents], Fraction]) -> Identity:
    """v(c_j) = sum_l q_jl c_l for all theta and every j: of these claims one that is not proved, if there is one."""
    shown = {n: Term("coord", (symbol("point"), number(i + 1))) for i, n in enumerate(model.parameters)}
    slope = Term("grad", ("F", symbol("point")))
    moving = [
        substitute(v, shown) * Term("coord", (slope, number(i + 1))) for i, v in enumerate(field.components) if v != number(0)
    ]
    made = []
    for j, equation in enumerate(model.outputs):
        right = total(
            [monomial_term(model.parameters, e, v) * model.outputs[k] for (row, k, e), v in cofactors.items() if row == j]
        )
        body = quantified("forall", (("point", "point"),), equal(total(moving), substitute(right, shown)))
        claim = AtProblem(task_problem(model.parameters, (equation,)), body)
        made.append(Identity(f"tangent: {field.name}", claim, check(claim, refuting=False)))
    return next((identity for identity in made if not identity.proved), made[0])


def _permutes(model: Model, g: ParameterMap, terms: tuple[Term, ...], signs: tuple[int, ...]) -> list[Identity]:
    """For each term an identity that g takes it to one of the terms, up to one of the signs; one that fails if there is none."""
    made = []
    for term in terms:
        tried = [
            zero_identity(Model(model.parameters, (), (substitute(term, g.substitution) - number(sign) * other,)), g.name)
            for other, sign in product(terms, signs)
        ]
        made.append(next((identity for identity in tried if identity.proved), tried[0]))
    return made


def _subgroup(group: DiscreteGroup, tests: Callable[[ParameterMap], list[Identity]]) -> DiscreteGroup:
    """The elements that pass all tests, by generators.  Raises `IllFormed` for a group that is too large."""
    made = DiscreteGroup(group.parameters, ())
    for element in (*group.generators, *group.elements(MOST_ELEMENTS)):
        known = made.permutations.contains(element.permutation) if made.generators else not element.substitution
        passed = [] if known else tests(element)
        if not known and all(identity.proved for identity in passed):
            made = DiscreteGroup(group.parameters, (*made.generators, element), (*made.identities, *passed))
    return made


def reparametrised(found: Symmetries, model: Model) -> tuple[Surviving, Symmetries]:
    """What remains of the symmetries in another model of the same parameters, and all affine ones that this one has.

    Raises `IllFormed` for a model with other parameters.
    """
    if model.parameters != found.model.parameters:
        raise IllFormed(f"the parameters {', '.join(model.parameters)} disagree with {', '.join(found.model.parameters)}")
    return penalised(found, model.outputs), analyse(model)
