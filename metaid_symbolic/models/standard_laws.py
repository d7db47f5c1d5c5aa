"""Laws as finite ones, as laws of independent Gaussian variables, or as mixtures of laws of independent variables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import count, product
from math import prod
from typing import final

from ..problems import Noise, Uniform
from ..terms import IllFormed, Term, number, substitute, symbol, total
from .composition import compose, compose_all, compose_formula
from .laws import FiniteLaw, GaussianLaw, Law, MixtureLaw, ProductLaw, UniformLaw, gaussian_law
from .objective import MetaObjective
from .semidefinite import elimination

Values = dict[str, Fraction]


def standardised(made: MetaObjective) -> MetaObjective:
    """The same objective over a finite law or one of independent Gaussian variables: the tasks G_t have the same law.

    A Gaussian vector with covariance C = L D L^T is m + L e with independent e_i ~ N(0, D_ii), named as its entries; a law
    of finitely many values is a finite law.  Raises `IllFormed` for all other laws.
    """
    if isinstance(made.law, FiniteLaw):
        return made
    if (points := _points(made.law)) is not None:
        return _over_points(made, points)
    law = _gaussian(made.law)
    if law is None:
        raise IllFormed(f"the law {type(made.law).__name__} is neither of finitely many values nor Gaussian")
    values, independent = _decorrelated(law)
    if not values:
        return replace(made, law=independent)
    return replace(
        made,
        tasks=compose_all(made.tasks, values),
        conditions=tuple(compose_formula(condition, values) for condition in made.conditions),
        law=independent,
    )


def _decorrelated(law: GaussianLaw) -> tuple[dict[str, Term], GaussianLaw]:
    """The entries of the vector in independent variables of the same names, and their law; none if they are independent."""
    lower, diagonal = elimination(law.covariance)
    if all(row[j] == 0 for i, row in enumerate(lower) for j in range(i)):
        return {}, law
    values = {
        name: total([number(m), *(number(c) * symbol(e) for c, e in zip(row, law.variables, strict=True) if c)])
        for name, m, row in zip(law.variables, law.mean, lower, strict=True)
    }
    return values, gaussian_law(law.variables, [0] * len(diagonal), diagonal)


@final
@dataclass(frozen=True)
class Component:
    """With probability `weight` the task has these `values`, terms in independent variables."""

    weight: Fraction
    values: dict[str, Term]
    noise: tuple[Noise | Uniform, ...]

    def renamed(self, taken: set[str]) -> Component:
        """With names for the variables that are not taken, which become so."""
        names = {}
        for v in self.noise:
            names[v.name] = next(n for k in count() if (n := f"{v.name}_{k}" if k else v.name) not in taken)
            taken.add(names[v.name])
        moved = {old: symbol(new) for old, new in names.items()}
        values = moved | {name: substitute(value, moved) for name, value in self.values.items()}
        return Component(self.weight, values, tuple(replace(v, name=names[v.name]) for v in self.noise))


def components(law: Law) -> list[Component]:
    """The law as a mixture of laws of independent variables.  Raises `IllFormed` for a finite law, which has none."""
    match law:
        case GaussianLaw():
            values, independent = _decorrelated(law)
            variances = [independent.covariance[i][i] for i in range(len(law.variables))]
            noise = map(Noise, law.variables, independent.mean, variances)
            return [Component(Fraction(1), values, tuple(noise))]
        case UniformLaw(variables, box):
            return [Component(Fraction(1), {}, tuple(Uniform(v, *side) for v, side in zip(variables, box, strict=True)))]
        case MixtureLaw(weights, laws):
            pairs = zip(weights, laws, strict=True)
            return [replace(part, weight=w * part.weight) for w, one in pairs for part in components(one)]
        case ProductLaw(laws):
            return [_together(choice) for choice in product(*map(components, laws))]
    raise IllFormed(f"the law {type(law).__name__} has no variables")


def _together(parts: Sequence[Component]) -> Component:
    weight = prod((part.weight for part in parts), start=Fraction(1))
    values = {name: value for part in parts for name, value in part.values.items()}
    return Component(weight, values, tuple(v for part in parts for v in part.noise))


def spoken_of(made: MetaObjective) -> tuple[tuple[Term, ...], tuple[Fraction, ...], tuple[Noise | Uniform, ...], list[Term]]:
    """Losses, weights, random variables and conditions as the kernel speaks of them."""
    if isinstance(made.law, FiniteLaw) or _points(made.law) is not None:
        plain = standardised(made)
        assert isinstance(plain.law, FiniteLaw)
        return plain.tasks, plain.law.weights, (), list(plain.conditions)
    taken: set[str] = {*made.parameters}
    whole = _gaussian(made.law)
    parts = [part.renamed(taken) for part in components(made.law if whole is None else whole)]
    tasks = tuple(compose(made.tasks[0], part.values) for part in parts)
    conditions = dict.fromkeys(compose_formula(c, part.values) for c in made.conditions for part in parts)
    return tasks, tuple(part.weight for part in parts), tuple(v for part in parts for v in part.noise), list(conditions)


def _over_points(made: MetaObjective, points: list[tuple[Fraction, Values]]) -> MetaObjective:
    atoms = [{name: number(v) for name, v in point.items()} for _, point in points]
    conditions = [compose_formula(condition, values) for condition in made.conditions for values in atoms]
    return replace(
        made,
        tasks=tuple(compose(made.tasks[0], values) for values in atoms),
        conditions=tuple(dict.fromkeys(conditions)),
        law=FiniteLaw(tuple(weight for weight, _ in points)),
    )


def _points(law: Law) -> list[tuple[Fraction, Values]] | None:
    """The values of a law with finitely many, each with its probability; None for another law."""
    match law:
        case GaussianLaw(variables, mean, covariance):
            return None if any(map(any, covariance)) else [(Fraction(1), dict(zip(variables, mean, strict=True)))]
        case MixtureLaw(weights, laws):
            parts = [(w, _points(part)) for w, part in zip(weights, laws, strict=True)]
            return None if any(p is None for _, p in parts) else [(w * q, v) for w, p in parts for q, v in p or ()]
        case ProductLaw(laws):
            lists = [_points(part) for part in laws]
            if any(listed is None for listed in lists):
                return None
            choices = product(*(listed or () for listed in lists))
            return [(prod((q for q, _ in choice), start=Fraction(1)), _joined([v for _, v in choice])) for choice in choices]
    return None


def _joined(parts: list[Values]) -> Values:
    return {name: value for part in parts for name, value in part.items()}


def _gaussian(law: Law) -> GaussianLaw | None:
    """The law as that of one Gaussian vector: itself, or the product of such laws; None for another law."""
    if isinstance(law, GaussianLaw):
        return law
    if not isinstance(law, ProductLaw):
        return None
    parts = [_gaussian(part) for part in law.laws]
    found = [part for part in parts if part is not None]
    if len(found) < len(parts):
        return None
    blocks = [(k, row) for k, part in enumerate(found) for row in part.covariance]
    widths = [len(part.variables) for part in found]
    rows = tuple(
        tuple(c for j, width in enumerate(widths) for c in (row if j == k else (Fraction(0),) * width)) for k, row in blocks
    )
    return GaussianLaw(law.variables, tuple(m for part in found for m in part.mean), rows)
