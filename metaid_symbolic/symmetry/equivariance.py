"""Affine fields and signed permutations with which an update field commutes.

An update field V = (V_t) moves phi along V_t(phi), and need not descend along any loss.  A map g is an equivariance if
V_t(g phi) = Dg V_t(phi) for every task t: iterations from g phi are the images of those from phi.  It need not keep any function
fixed, so that it is no symmetry of level sets.  Infinitesimally [v, V_t] = DV_t v - Dv V_t = 0, which says that the lift
(v, -Dv^T eta) to covectors eta annihilates the functions eta . V_t(phi); of a signed permutation the lift is (g, g).  These are
the claims that the kernel decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, final

from ..model import Model
from ..models.objective import UpdateField
from ..terms import IllFormed, symbol, total
from .analysis import Symmetries
from .assertions import Identity, field_identity
from .breaking import combinations_of, moved
from .completeness import DEPENDENT
from .differentials import Differentials
from .discrete import MOST_ELEMENTS, DiscreteGroup, ParameterMap, discrete_symmetries
from .fields import SPARE, VectorField, check_size

NATURE = "equivariances of the update field, V(g phi) = Dg V(phi): they need not keep any loss as it is"


@final
@dataclass(frozen=True)
class Equivariance:
    """Of the update field of `learner`: a basis of the affine fields that commute with it and the group of signed permutations
    that do; `identities` are the claims for the fields.

    There are at most `bound` such fields if values of transcendental functions are `independent`, as was tested.  `kept`: those
    combinations of the symmetries of the task losses that commute with it, if these were given, and `kept_order` how many
    elements of their finite group do.
    """

    learner: str
    parameters: tuple[str, ...]
    vector_fields: tuple[VectorField, ...]
    discrete: DiscreteGroup
    identities: tuple[Identity, ...]
    bound: int
    independent: bool
    kept: tuple[VectorField, ...] | None = None
    kept_order: int = 0

    @property
    def proved(self) -> bool:
        """Whether the kernel proved each generator, and no other affine field is possible."""
        every = all(i.proved for i in (*self.identities, *self.discrete.identities))
        return every and self.independent and len(self.vector_fields) == self.bound

    def to_json(self) -> dict[str, Any]:
        kept = None if self.kept is None else {"fields": [v.name for v in self.kept], "order": self.kept_order}
        return {
            "schema": 1,
            "nature": NATURE,
            "learner": self.learner,
            "parameters": list(self.parameters),
            "fields": [v.name for v in self.vector_fields],
            "bound": self.bound,
            "discrete": {
                "generators": [g.name for g in self.discrete.generators],
                "order": self.discrete.order,
                "structure": self.discrete.structure,
            },
            "proved": self.proved,
            "kept": kept,
        }

    def latex(self, label: str = "") -> str:
        """The fields and generators in an `align*` (with a label: `align`), which needs amsmath."""
        from ..reports.latex_models import equivariance

        return equivariance(self, label)

    def __str__(self) -> str:
        size, group = len(self.vector_fields), self.discrete
        lines = [f"{self.learner}: {len(self.parameters)} parameters, {NATURE}", f"affine fields that commute with it: {size}"]
        lines += [f"  {v.name}" for v in self.vector_fields]
        lines += [f"signed permutations: {group.structure}, order {group.order}", *(f"  {g.name}" for g in group.generators)]
        words = "each generator is proved by the kernel, and there are no other affine fields by the rank of the linear system"
        why = f"at most {self.bound} affine fields" if self.independent else DEPENDENT
        open_words = f"each generator is proved by the kernel, completeness open: {why}"
        lines.append(f"verdict: proved: {words}" if self.proved else f"verdict: {open_words}")
        if self.kept is not None:
            names = "; ".join(v.name for v in self.kept) or "no fields"
            lines.append(f"of the symmetries of the task losses: {names}; {self.kept_order} elements of the finite group")
        return "\n".join(lines)


def equivariance(field: UpdateField, base: Symmetries | None = None) -> Equivariance:
    """Raises `IllFormed` for something else, for too many parameters, and for a base with other parameters."""
    if not isinstance(field, UpdateField):
        raise IllFormed(f"{field!r} is a {type(field).__name__}, not an update field")
    names = field.parameters
    check_size(len(names), 1, len(names))
    lifted = _lifted_model(field, ())
    fields, identities, bound = _commuting(lifted, _basis(names))
    found = discrete_symmetries(_lifted_model(field, names))
    discrete = DiscreteGroup(names, tuple(_restricted(g, names) for g in found.generators), found.identities, found.exhausted)
    made = Equivariance(field.learner, names, fields, discrete, identities, bound, Differentials.of(lifted).independent)
    return made if base is None else _with_base(made, lifted, base)


def _with_base(made: Equivariance, lifted: Model, base: Symmetries) -> Equivariance:
    size = len(base.model.parameters)
    if made.parameters[:size] != base.model.parameters:
        before, after = list(base.model.parameters), list(made.parameters)
        raise IllFormed(f"the parameters {after} do not begin with those of the base, {before}")
    own = [VectorField(made.parameters, v.coefficients) for v in base.vector_fields if v.degree <= 1]
    kept, _, _ = _commuting(lifted, own)
    group = made.discrete.permutations if made.discrete.generators else None
    extra = range(size, len(made.parameters))
    count = 0
    for g in base.discrete.elements(MOST_ELEMENTS):
        whole = ParameterMap(made.parameters, (*g.places, *extra), g.signs + (1,) * len(extra))
        count += not whole.substitution or (group is not None and group.contains(whole.permutation))
    return replace(made, kept=kept, kept_order=count)


def _covectors(field: UpdateField) -> tuple[str, ...]:
    taken = {*field.parameters, *(c.name for c in field.constants), *field.law.variables}
    word = "covector"
    while any(f"{word}_{n}" in taken for n in field.parameters):
        word += "_"
    return tuple(f"{word}_{n}" for n in field.parameters)


def _lifted_model(field: UpdateField, tied: Sequence[str]) -> Model:
    """eta . V_t(phi); of the names `tied` sum phi_i eta_i and sum phi_i^2 too, which of all signed permutations of phi and eta
    only those keep that do the same to both."""
    covectors = _covectors(field)
    others = (*(c.name for c in field.constants), *field.law.variables)
    outputs = [total([symbol(e) * v for e, v in zip(covectors, row, strict=True)]) for row in field.tasks]
    if tied:
        outputs.append(total([symbol(n) * symbol(e) for n, e in zip(tied, covectors, strict=True)]))
        outputs.append(total([symbol(n) ** 2 for n in tied]))
    return Model((*field.parameters, *covectors), others, tuple(outputs))


def _basis(names: tuple[str, ...]) -> list[VectorField]:
    size = range(len(names))
    return [VectorField(names, ((i, e, Fraction(1)),)) for i in size for e in ((), *((k,) for k in size))]


def _lift(field: VectorField, names: tuple[str, ...]) -> VectorField:
    """(v, -Dv^T eta) of an affine field v."""
    size = len(field.parameters)
    more = [(size + e[0], (size + place,), -c) for place, e, c in field.coefficients if e]
    return VectorField(names, (*field.coefficients, *more))


def _commuting(lifted: Model, fields: Sequence[VectorField]) -> tuple[tuple[VectorField, ...], tuple[Identity, ...], int]:
    """Combinations of the fields that commute with the update field, with their identities, and a bound for how many."""
    differentials = Differentials.of(lifted)
    sample = differentials.sample(len(fields) + SPARE)
    columns = [moved(_lift(v, lifted.parameters), sample, sample.slopes) for v in fields]
    found, bound = combinations_of(fields, columns, sample.prime)
    made = [field_identity(differentials, _lift(v, lifted.parameters)) for v in found]
    named = tuple(Identity(v.name, i.claim, i.checked, i.proof) for v, i in zip(found, made, strict=True))
    return tuple(v for v, i in zip(found, named, strict=True) if i.proved), named, bound


def _restricted(g: ParameterMap, names: tuple[str, ...]) -> ParameterMap:
    size = len(names)
    return ParameterMap(names, g.places[:size], g.signs[:size])
