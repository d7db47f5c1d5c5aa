"""Scalar and matrix factorisation: the smallest losses whose minimisers are never isolated.

Scalar: L_t(w) = (w_0 ... w_(k-1) - y_t)^2 / 2.  Matrix: L_t(U, V) = |U V^T - M_t|^2 / 2 with U of shape m x r and V of shape
n x r, the sum over the observed entries of M_t (Srebro, Jaakkola 2003).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from ...model import Model
from ...terms import ZERO, IllFormed, Term, symbol, total
from ..datasets import entry
from ..laws import Law, uniform_weights
from ..objective import MetaObjective

Entry = Any


def scalar_model(factors: int = 2) -> Model:
    """w -> w_0 ... w_(k-1), k >= 2 factors."""
    if type(factors) is not int or factors < 2:
        raise IllFormed(f"a product of {factors!r} factors: there must be two or more")
    names = tuple(f"w_{i}" for i in range(factors))
    return Model(names, (), (Term("mul", tuple(map(symbol, names))),))


def scalar_factorisation(targets: Iterable[Any], factors: int = 2, law: Law | None = None) -> MetaObjective:
    """One task for each target: a rational number, or a term in the variables of the `law`."""
    model = scalar_model(factors)
    values = [entry(y, "a target") for y in targets]
    if not values:
        raise IllFormed("there are no targets")
    losses = tuple((model.outputs[0] - y) ** 2 / 2 for y in values)
    return MetaObjective(model.parameters, losses, law or uniform_weights(len(losses)))


def matrix_model(rows: int, columns: int, rank: int) -> Model:
    """(U, V) -> U V^T, row by row, with the parameters u_{i}_{k} and v_{j}_{k}."""
    if any(type(n) is not int or n < 1 for n in (rows, columns, rank)):
        raise IllFormed(f"a factorisation of rank {rank!r} and shape {rows!r} x {columns!r}: all must be positive")
    names = (
        *(f"u_{i}_{k}" for i in range(rows) for k in range(rank)),
        *(f"v_{j}_{k}" for j in range(columns) for k in range(rank)),
    )
    entries = [
        total([symbol(f"u_{i}_{k}") * symbol(f"v_{j}_{k}") for k in range(rank)]) for i in range(rows) for j in range(columns)
    ]
    return Model(names, (), tuple(entries))


def matrix_factorisation(
    matrices: Sequence[Sequence[Sequence[Entry | None]]], rank: int, law: Law | None = None
) -> MetaObjective:
    """One task for each matrix; entries are rational numbers or terms in task variables, and None where none was observed."""
    if not matrices or not matrices[0] or not matrices[0][0]:
        raise IllFormed("there is no matrix, or an empty one")
    shape = (len(matrices[0]), len(matrices[0][0]))
    model = matrix_model(*shape, rank)
    losses = tuple(_distance(model.outputs, _flat(matrix, shape)) for matrix in matrices)
    made = MetaObjective(model.parameters, losses, law or uniform_weights(len(losses)))
    return replace(made, source="Srebro, Jaakkola 2003, Weighted low-rank approximations")


def _flat(matrix: Sequence[Sequence[Entry | None]], shape: tuple[int, int]) -> list[Entry | None]:
    if len(matrix) != shape[0] or any(len(row) != shape[1] for row in matrix):
        raise IllFormed(
            f"a matrix with rows of {[len(row) for row in matrix]} entries disagrees with the shape {shape[0]} x {shape[1]}"
        )
    return [entry for row in matrix for entry in row]


def _distance(outputs: Sequence[Term], entries: Sequence[Entry | None]) -> Term:
    observed = [(f - entry(m, "an entry")) ** 2 for f, m in zip(outputs, entries, strict=True) if m is not None]
    return total(observed) / 2 if observed else ZERO
