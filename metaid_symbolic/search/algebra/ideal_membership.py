"""Ideals of Q[x_1, ..., x_n] given by generators: Groebner bases, and cofactors that show membership.

`cofactors(p, generators, degree)` solves p = sum_j h_j f_j with deg(h_j f_j) <= degree, a linear system for the coefficients
of the h_j (Macaulay 1916).  A prime chooses which of them are needed; the system for these is solved over Q.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import flint

from .polynomials import Polynomial, combination, degree_of, from_flint, monomials, primitive, times, to_flint

PRIME = (1 << 61) - 1
MOST_COLUMNS = 4000
"""A dense matrix over a prime field with this many columns takes seconds."""


def context(variables: int, order: Any = None) -> Any:
    """The polynomial ring over Z in x0, x1, ..., in FLINT; x0 is the largest variable."""
    return flint.fmpz_mpoly_ctx.get([f"x{i}" for i in range(variables)], order or flint.Ordering.degrevlex)


def groebner_basis(generators: Sequence[Polynomial], order: Any = None, most: int = 60) -> list[Polynomial] | None:
    """The reduced Groebner basis, with coprime integer coefficients; None if more than `most` polynomials come up."""
    variables = len(next(iter(generators[0])))
    ring = context(variables, order)
    listed = [ring.from_dict({e: int(c) for e, c in primitive(p).items()}) for p in generators if p]
    found = flint.fmpz_mpoly_vec(listed, ring).buchberger_naive(limits=(most, 100_000, 20_000))
    basis, complete = found if isinstance(found, tuple) else (found, True)
    return [as_dict(p) for p in basis.autoreduction()] if complete else None


def as_dict(p: Any) -> Polynomial:
    return {tuple(map(int, e)): Fraction(int(c)) for e, c in p.to_dict().items()}


def cofactors(goal: Polynomial, generators: Sequence[Polynomial], degree: int) -> list[Polynomial] | None:
    """h_j with goal = sum_j h_j f_j and deg(h_j f_j) <= degree; None if there are none."""
    variables = len(next(iter(goal)))
    if degree_of(goal) > degree:
        return None
    free = [(j, m) for j, f in enumerate(generators) for m in monomials(variables, degree - degree_of(f))]
    if not free or len(free) > MOST_COLUMNS:
        return None
    columns = [times(generators[j], m) for j, m in free]
    weights = solve(columns, goal)
    if weights is None:
        return None
    paired = list(zip(free, weights, strict=True))
    return [combination((w, m) for (i, m), w in paired if w and i == j) for j in range(len(generators))]


def solve(columns: list[Polynomial], goal: Polynomial) -> list[Fraction] | None:
    """Weights with which the columns add up to the goal; None if there are none."""
    index = {e: i for i, e in enumerate(dict.fromkeys(e for p in [*columns, goal] for e in p))}
    width = len(columns) + 1
    table = flint.nmod_mat(len(index), width, PRIME)
    for j, p in enumerate([*columns, goal]):
        for e, c in p.items():
            if c.denominator % PRIME == 0:
                return None
            table[index[e], j] = c.numerator % PRIME * pow(c.denominator, -1, PRIME)
    reduced, rank = table.rref()
    pivots = [next(j for j in range(i, width) if reduced[i, j]) for i in range(rank)]
    if pivots and pivots[-1] == width - 1:
        return None
    needed = [j for i, j in enumerate(pivots) if reduced[i, width - 1]]
    return _exact(columns, goal, needed, index)


def _exact(columns: list[Polynomial], goal: Polynomial, needed: list[int], index: dict[Any, int]) -> list[Fraction] | None:
    """The weights of the needed columns, which are independent; None if the prime misled."""
    table = flint.fmpq_mat(len(index), len(needed) + 1)
    for k, j in enumerate(needed):
        for e, c in columns[j].items():
            table[index[e], k] = to_flint(c)
    for e, c in goal.items():
        table[index[e], len(needed)] = to_flint(c)
    reduced, rank = table.rref()
    if rank != len(needed) or any(reduced[i, i] != 1 for i in range(rank)):
        return None
    weights = [Fraction(0)] * len(columns)
    for k, j in enumerate(needed):
        weights[j] = from_flint(reduced[k, len(needed)])
    return weights
