"""Conservation laws of gradient flow: functions h with grad h . grad_theta f_j (theta, x) = 0 for all theta, x and outputs j.

They are constant along theta' = -grad L for every loss L of the outputs, on any data.  As many are independent as the dimension
n of the parameter space exceeds the generic rank of the Lie algebra that the fields grad_theta f_j generate (Frobenius; Marcotte,
Gribonval, Peyre 2023, Abide by the law and follow the flow, theorem 3.3).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations_with_replacement
from math import comb, gcd, lcm
from typing import Any, final

from ..calculus.claims import DerivativeOf, check
from ..claims import AtProblem
from ..model import Model
from ..problems import MetaProblem, exact
from ..terms import IllFormed, Term, equal, number, quantified, substitute, symbol, total
from .assertions import Identity, annihilates, task_problem
from .derivations import Exponents, Field, Polynomial, bracket, partial, polynomial_term, polynomial_text
from .differentials import PRIMES, Differentials
from .fields import LARGEST_SYSTEM, SPARE, points_for, values_of
from .gradients import gradient, gradient_fields
from .linear_systems import null_space, rank_modulo
from .ranks import value_modulo

MOST_BRACKETS = 400
"""Brackets that are computed at most."""
MOST_TERMS = 20_000
"""A field with more terms is not bracketed further."""


@final
@dataclass(frozen=True)
class Law:
    """The function `term` of the parameters, conserved, with the identities that say so."""

    parameters: tuple[str, ...]
    polynomial: tuple[tuple[Exponents, Fraction], ...]
    identities: tuple[Identity, ...]

    @property
    def term(self) -> Term:
        return polynomial_term(self.parameters, dict(self.polynomial))

    @property
    def degree(self) -> int:
        return max(len(e) for e, _ in self.polynomial)

    @property
    def proved(self) -> bool:
        return all(identity.proved for identity in self.identities)

    def __repr__(self) -> str:
        return polynomial_text(self.parameters, dict(self.polynomial))


@final
@dataclass(frozen=True)
class Conservation:
    """All polynomial `laws` up to `degree` (a basis, without constants); `bound`: there are at most so many.

    `independent` of them are functionally independent, at least; the Lie algebra of the gradient fields has at least the
    generic rank `lie_rank`, so that there are at most n - lie_rank independent laws of any kind.
    """

    parameters: tuple[str, ...]
    degree: int
    laws: tuple[Law, ...]
    bound: int
    independent: int
    lie_rank: int | None
    notes: tuple[str, ...] = ()

    @property
    def proved(self) -> bool:
        """Every law is proved, and there are no other ones up to the degree."""
        return len(self.laws) == self.bound and all(law.proved for law in self.laws)

    @property
    def complete(self) -> bool:
        """There are no further laws at all that are independent of these."""
        return self.lie_rank is not None and self.independent + self.lie_rank == len(self.parameters)

    def to_json(self) -> dict[str, Any]:
        laws = [{"law": str(law), "proved": law.proved} for law in self.laws]
        return {
            "degree": self.degree,
            "laws": laws,
            "independent": self.independent,
            "lie_rank": self.lie_rank,
            "complete": self.complete,
            "notes": list(self.notes),
        }

    def latex(self, label: str = "") -> str:
        """The laws in an `align*` (with a label: `align`), which needs amsmath, and how many there can be."""
        from ..reports.latex_models import conservation

        return conservation(self, label)

    def __str__(self) -> str:
        lines = [f"{len(self.laws)} polynomial conservation laws up to degree {self.degree}, {self.independent} independent"]
        lines += [f"  {law}" for law in self.laws]
        if self.lie_rank is not None:
            most = len(self.parameters) - self.lie_rank
            lines.append(
                f"the gradient fields generate a Lie algebra of rank {self.lie_rank} or more: at most {most} independent laws"
            )
        return "\n".join([*lines, *(f"note: {note}" for note in self.notes)])


def conservation_laws(model: Model, degree: int = 2) -> Conservation:
    """Raises `IllFormed` for a degree below 1.  Where the linear system is too large, the laws of the highest degree for which
    it is not, with a note."""
    if type(degree) is not int or degree < 1:
        raise IllFormed(f"{degree!r} is no degree of a conservation law")
    differentials = Differentials.of(model)
    notes: tuple[str, ...] = ()
    size = len(model.parameters)
    while degree > 1 and (unknowns := comb(size + degree, degree) - 1) * (unknowns + SPARE) > LARGEST_SYSTEM:
        words = f"laws of degree {degree} in {size} parameters need a linear system with {unknowns} unknowns"
        notes, degree = notes or (f"{words}; {LARGEST_SYSTEM} entries are the limit",), degree - 1
    found, bound = _solved(differentials, degree)
    laws = tuple(_law(differentials, polynomial) for polynomial in found)
    proved = [dict(law.polynomial) for law in laws if law.proved]
    independent = rank_of([gradient(h, size) for h in proved], size)
    rank = lie_rank(differentials, size - independent)
    return Conservation(model.parameters, degree, laws, bound, independent, rank, notes)


def _solved(differentials: Differentials, degree: int) -> tuple[list[Polynomial], int]:
    """A basis of the candidates, and a bound for the dimension."""
    import numpy as np

    size, outputs = len(differentials.model.parameters), len(differentials.outputs)
    listed = [e for k in range(degree, 0, -1) for e in combinations_with_replacement(range(size), k)]
    sample = differentials.sample(points_for(len(listed), outputs))
    columns = []
    for exponents in listed:
        column = np.zeros((sample.count, outputs), dtype="int64")
        for place in set(exponents):
            ((rest, times),) = partial({exponents: Fraction(1)}, place).items()
            factor = values_of(sample, [rest])[:, 0] * int(times) % sample.prime
            column = (column + sample.slopes[:, :, place] * factor[:, None]) % sample.prime
        columns.append(column.ravel())
    system = null_space(np.stack(columns, axis=1), sample.prime)
    return [_integral({listed[k]: v for k, v in vector.items()}) for vector in system.vectors if vector], system.nullity


def _integral(polynomial: Polynomial) -> Polynomial:
    """The multiple with integer coefficients without a common factor, the first of them positive."""
    values = polynomial.values()
    scale = Fraction(lcm(*(v.denominator for v in values)), gcd(*(v.numerator for v in values)))
    sign = 1 if polynomial[min(polynomial)] > 0 else -1
    return {e: sign * v * scale for e, v in polynomial.items()}


def _law(differentials: Differentials, polynomial: Polynomial) -> Law:
    """With the claims that its gradient is what it is, and that it is orthogonal to those of the outputs."""
    names = differentials.model.parameters
    field = gradient(polynomial, len(names))
    slopes = tuple(polynomial_term(names, field.get(i, {})) for i in range(len(names)))
    term, shown = polynomial_term(names, polynomial), polynomial_text(names, polynomial)
    derivative = DerivativeOf(task_problem(names, (term,)), slopes).claim
    gated = (
        differentials.model if not differentials.gates else Model(names, differentials.names[len(names) :], differentials.outputs)
    )
    orthogonal = annihilates(gated, slopes)
    claims = ((f"the gradient of {shown}", derivative), (f"{shown} is conserved", orthogonal))
    return Law(names, tuple(polynomial.items()), tuple(Identity(name, c, check(c, refuting=False)) for name, c in claims))


def rank_of(fields: Sequence[Field], size: int, prime: int = PRIMES[0]) -> int:
    """The rank of the fields at one point modulo a prime, a lower bound of the generic one."""
    import numpy as np

    if not fields:
        return 0
    point = [int(v) for v in np.random.default_rng(5).integers(1, prime, size)]
    rows = np.zeros((len(fields), size), dtype="int64")
    for k, field in enumerate(fields):
        for place, polynomial in field.items():
            rows[k, place] = value_modulo(polynomial, point, prime)
    return rank_modulo(rows, prime)


def lie_rank(differentials: Differentials, enough: int) -> int | None:
    """The rank at a point, modulo a prime, of gradient fields and iterated brackets of them: a lower bound of the generic rank of
    the Lie algebra that they generate.  Brackets are taken until the rank is `enough`, or grows no more."""
    generators = gradient_fields(differentials)
    if generators is None:
        return None
    size = len(differentials.model.parameters)
    known, layer = list(generators), list(generators)
    rank = rank_of(known, size)
    while layer and rank < enough and len(known) < MOST_BRACKETS:
        layer = _brackets(generators, layer, known)
        known += layer
        rank = rank_of(known, size)
    return rank


def _brackets(generators: Sequence[Field], layer: Sequence[Field], known: Sequence[Field]) -> list[Field]:
    """The different brackets of the generators with the last layer that are not known."""
    fresh: list[Field] = []
    for left in generators:
        for right in layer:
            if sum(map(len, right.values())) > MOST_TERMS or len(known) + len(fresh) > MOST_BRACKETS:
                continue
            made = bracket(left, right)
            if made and made not in known and made not in fresh:
                fresh.append(made)
    return fresh


def drift(law: Law, loss: Term, rate: Any) -> tuple[Term, Identity]:
    """h(theta - rate grad L) - h(theta) for a quadratic law h and a loss L: rate^2 q(grad L) with q the quadratic part of h; and
    the identity.  For a loss L of the outputs nothing else remains, since grad h . grad L = 0.

    Raises `IllFormed` for a law of another degree.
    """
    if law.degree != 2:
        raise IllFormed(f"the law {law} has degree {law.degree}, not 2")
    step, names = exact(rate, "the rate"), law.parameters
    quadratic = polynomial_term(names, {e: v for e, v in law.polynomial if len(e) == 2})
    slopes = {n: Term("coord", (Term("grad", ("F", symbol("point"))), number(i + 1))) for i, n in enumerate(names)}
    here = {n: Term("coord", (symbol("point"), number(i + 1))) for i, n in enumerate(names)}
    there = {n: here[n] - number(step) * slopes[n] for n in names}
    left = substitute(law.term, there) - substitute(law.term, here)
    right = number(step**2) * substitute(quadratic, slopes)
    problem = MetaProblem(names, (loss,), (Fraction(1),))
    claim = AtProblem(problem, quantified("forall", (("point", "point"),), equal(left, right)))
    return _written(loss, names, quadratic, step), Identity(f"drift of {law}", claim, check(claim, refuting=False))


def _written(loss: Term, names: Sequence[str], quadratic: Term, step: Fraction) -> Term:
    from ..programs import gradient

    slopes = dict(zip(names, gradient(loss, names), strict=True))
    return total([number(step**2) * substitute(quadratic, slopes)])
