"""The symmetries of a model: found, proved, and counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, final

from ..calculus.claims import Checked
from ..model import Model
from ..terms import IllFormed
from .algebra import LieAlgebra, structure
from .assertions import Identity, field_identity, theory_of
from .completeness import affine_completeness, discrete_completeness, fibre_completeness
from .differentials import Differentials
from .discrete import DiscreteGroup, discrete_symmetries
from .fields import VectorField, detect
from .gradients import gradient_fields
from .minors import minor_fields
from .modules import new_generators
from .ranks import field_rank, jacobian_rank
from .rescaling import RescaledPermutations, rescaled_permutations
from .scalings import DiagonalGroup, Gradings
from .theorems import affine_theorem


@final
@dataclass(frozen=True)
class Symmetries:
    """The symmetries that were found and proved.

    `vector_fields`: fields of ascending degree, none a combination of products of polynomials and earlier ones (`affine` is a
    basis of all of degree 1).  `discrete`: permutations and signs.  `orbit_dimension`: the generic dimension of the orbits
    of the fields; `rank`: so many directions are known to change the model.  `completeness`: what is known about further
    symmetries.  `unused`: parameters that no output depends on.  `notes`: what was left undone and why.
    `rescaled`: permutations that need other factors than signs.  `trivial`: the fields of degree 2 or more that are combinations
    of the others and of those made of minors of the gradients, which every model of this rank has.
    """

    model: Model
    vector_fields: tuple[VectorField, ...]
    discrete: DiscreteGroup
    diagonal: DiagonalGroup
    orbit_dimension: int
    rank: int
    completeness: str
    identities: tuple[Identity, ...]
    affine: tuple[VectorField, ...] = ()
    unused: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    rescaled: RescaledPermutations = RescaledPermutations((), ())
    trivial: tuple[VectorField, ...] = ()

    @property
    def claims(self) -> tuple[Identity, ...]:
        """One a generator."""
        return (*self.identities, *self.discrete.identities, *self.rescaled.identities)

    @property
    def proved(self) -> bool:
        """Whether the kernel proved every identity that a generator rests on."""
        return all(identity.proved for identity in self.claims)

    @property
    def checked(self) -> Checked:
        open_ones = [i for i in self.claims if not i.proved]
        if not open_ones:
            return Checked(True, "exact")
        return Checked(None, reason=f"{open_ones[0].name}: {open_ones[0].checked.reason}")

    @property
    def verdict(self) -> Any:
        """`proved`: every listed generator is a symmetry, and a candidate that is not proved is not listed; else undecided."""
        return self.checked.verdict

    @property
    def reason(self) -> str:
        return "; ".join(filter(None, (self.checked.reason, self.completeness, *self.notes)))

    @cached_property
    def algebra(self) -> LieAlgebra:
        """The structure of the Lie algebra of the affine fields listed; of all affine fields where the others are no algebra."""
        try:
            return structure([v.field for v in self.vector_fields if v.degree <= 1])
        except IllFormed:
            return structure([v.field for v in self.affine])

    @cached_property
    def theorem(self) -> Identity:
        """That every affine field that leaves the model as it is is a combination of those found: a claim, with the verdict of
        the kernel.  Raises `IllFormed` where no certificate is made (outputs that are no polynomials, many parameters)."""
        return affine_theorem(Differentials.of(self.model), self.affine)

    @cached_property
    def theory(self) -> Any:
        """The identities as a `Theory`, each with its certificate: `check(symmetries.theory)` puts them to the kernel anew."""
        return theory_of("symmetries", [i for i in self.claims if i.proved])

    def to_json(self) -> dict[str, Any]:
        from .presenting import as_json

        return as_json(self)

    def latex(self, label: str = "") -> str:
        from .presenting import as_latex

        return as_latex(self, label)

    def _repr_html_(self) -> str:
        from .presenting import as_html

        return as_html(self)

    def __str__(self) -> str:
        from .presenting import as_text

        return as_text(self)

    __repr__ = __str__


def analyse(model: Model, *, degree: int = 1) -> Symmetries:
    """The vector fields of degree at most `degree` and the permutations and signs that leave the model as it is.

    Raises `IllFormed` for a model that is none, and for a negative degree.  Where a degree is too high for memory the fields
    of lower degrees are kept and a note says so.
    """
    if not isinstance(model, Model):
        raise IllFormed(f"{model!r} is a {type(model).__name__}, not a model")
    if type(degree) is not int or degree < 0:
        raise IllFormed(f"{degree!r} is no degree of a vector field")
    search = FieldSearch(Differentials.of(model))
    for at in range(degree + 1):
        search.extend(at)
    return assembled(search)


def analyse_as_needed(model: Model, highest: int = 2) -> Symmetries:
    """The same, with fields of degree 1, and of higher degrees as long as there are directions along which the model is
    constant that no field explains."""
    search = FieldSearch(Differentials.of(model))
    search.extend(0)
    search.extend(1)
    for at in range(2, highest + 1):
        if field_rank(search.fields) + search.rank < len(model.parameters):
            search.extend(at)
    return assembled(search)


@final
class FieldSearch:
    """Vector fields degree by degree: those that are proved, without combinations of products of polynomials and earlier ones."""

    def __init__(self, differentials: Differentials) -> None:
        self.differentials = differentials
        self.rank = jacobian_rank(differentials)
        self.fields: tuple[VectorField, ...] = ()
        self.affine: tuple[VectorField, ...] = ()
        self.identities: tuple[Identity, ...] = ()
        self.trivial: tuple[VectorField, ...] = ()
        self.notes: list[str] = []
        self.complete = ""

    def extend(self, degree: int) -> None:
        """The fields of one more degree; where the linear system is too large, a note."""
        try:
            found = detect(self.differentials, degree)
        except IllFormed as cause:
            self.notes.append(f"fields of degree {degree} were not looked for: {cause}")
            return
        if missing := found.nullity - len(found.fields):
            self.notes.append(f"{missing} candidates of degree {degree} have coefficients too large to be lifted from one prime")
        fresh = self._fresh(found.fields, degree)
        made = tuple(field_identity(self.differentials, v) for v in fresh)
        self.fields += tuple(v for v, identity in zip(fresh, made, strict=True) if identity.proved)
        self.identities += made
        if degree == 1:
            self.affine = found.fields
            proved = all(identity.proved for identity in self.identities)
            self.complete = affine_completeness(self.differentials, found, proved)

    def _fresh(self, candidates: Sequence[VectorField], degree: int) -> tuple[VectorField, ...]:
        """The candidates that are new, those last that are made of minors of the gradients."""
        minors: tuple[VectorField, ...] | None = ()
        gradients = gradient_fields(self.differentials) if degree > 1 and candidates else None
        if gradients:
            minors = minor_fields(gradients, self.differentials.model.parameters, self.rank, degree)
        if minors is None:
            self.notes.append(f"fields of degree {degree} that are made of minors of the gradients were not told from the others")
        own = new_generators((*self.fields, *(minors or ())), candidates, degree)
        trivial = new_generators((*self.fields, *own), candidates, degree) if minors else ()
        self.trivial += trivial
        return (*own, *trivial)


def assembled(search: FieldSearch) -> Symmetries:
    model = search.differentials.model
    discrete = discrete_symmetries(model)
    orbit = field_rank(search.fields)
    more = fibre_completeness(search.differentials, orbit, search.rank)
    completeness = "; ".join(filter(None, (search.complete, more, discrete_completeness(model, discrete))))
    unused = tuple(model.parameters[v.coefficients[0][0]] for v in search.fields if v.degree == 0 and len(v.coefficients) == 1)
    extra = [f"no output depends on {', '.join(unused)}: trivially unidentified"] if unused else []
    return Symmetries(
        model, search.fields, discrete, Gradings.of(model).diagonal, orbit, search.rank, completeness, search.identities,
        search.affine, unused, (*search.notes, *extra), rescaled_permutations(model, discrete),
        tuple(v for v in search.trivial if v in search.fields),
    )  # fmt: skip
