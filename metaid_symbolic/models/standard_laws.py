"""Laws as finite ones or as laws of independent Gaussian variables, where that is what they are."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import product
from math import prod

from ..terms import IllFormed, number, symbol, total
from .composition import compose, compose_all, compose_formula
from .laws import FiniteLaw, GaussianLaw, Law, MixtureLaw, ProductLaw
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
    lower, diagonal = elimination(law.covariance)
    if all(row[j] == 0 for i, row in enumerate(lower) for j in range(i)):
        return replace(made, law=law)
    values = {
        name: total([number(m), *(number(c) * symbol(e) for c, e in zip(row, law.variables, strict=True) if c)])
        for name, m, row in zip(law.variables, law.mean, lower, strict=True)
    }
    side = range(len(diagonal))
    rows = tuple(tuple(diagonal[i] if i == j else Fraction(0) for j in side) for i in side)
    independent = GaussianLaw(law.variables, (Fraction(0),) * len(side), rows)
    return replace(
        made,
        tasks=compose_all(made.tasks, values),
        conditions=tuple(compose_formula(condition, values) for condition in made.conditions),
        law=independent,
    )


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
