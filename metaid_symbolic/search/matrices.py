"""Certificates for equations between matrices of arbitrary size: the normal form, else small rational matrices.

Sizes are tried in order of their sum; at each size integer matrices with the properties of the claim are drawn, from a
seed, with growing entries.  What is found is shrunk: matrices become 0 or I where they can, entries 0, 1 or -1.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import final

from ..certificates import MatrixCounterexample, NormalForm
from ..claims import MatrixIdentities
from ..kernel.matrix import Algebra, matrix_counterexample, matrix_identities
from ..kernel.rejection import Rejected

Matrix = tuple[tuple[Fraction, ...], ...]

HEIGHTS = (1, 1, 2, 3)


def matrix_certificates(
    claim: MatrixIdentities, *, largest: int = 3, trials: int = 60, seed: int = 0
) -> Iterator[NormalForm | MatrixCounterexample]:
    """A proof if the normal forms agree, else a shrunk counterexample with sizes up to `largest` if one is found.

    Nothing is yielded where the shapes of an equation do not fit.
    """
    try:
        matrix_identities(claim)
    except Rejected:
        if _well_shaped(claim):
            yield from _counterexamples(claim, largest, trials, random.Random(seed))
    else:
        yield NormalForm()


def _well_shaped(claim: MatrixIdentities) -> bool:
    try:
        for equation in claim.equations:
            Algebra.of(claim).difference(equation)
    except Rejected:
        return False
    return True


@final
@dataclass(frozen=True, slots=True)
class Candidate:
    """Sizes, the values of the matrices that are not given as an inverse, and of the scalars."""

    sizes: dict[str, int]
    matrices: dict[str, Matrix]
    scalars: dict[str, Fraction]

    def certificate(self, claim: MatrixIdentities) -> MatrixCounterexample | None:
        """As data; None where a matrix that needs an inverse has none."""
        values = dict(self.matrices)
        for a, b in claim.inverses:
            inverted = inverse(values[a])
            if inverted is None or (a == b and inverted != values[a]):
                return None
            values[b] = inverted
        names = [name for name, _, _ in claim.shapes]
        sizes = tuple((name, self.sizes[name]) for name in sorted(self.sizes) if name != "1")
        return MatrixCounterexample(
            sizes, tuple(sum(values[n], ()) for n in names), tuple(self.scalars[s] for s in claim.scalars)
        )


def refutes(claim: MatrixIdentities, candidate: Candidate) -> bool:
    certificate = candidate.certificate(claim)
    if certificate is None:
        return False
    try:
        matrix_counterexample(claim, certificate)
    except Rejected:
        return False
    return True


def _counterexamples(claim: MatrixIdentities, largest: int, trials: int, draw: random.Random) -> Iterator[MatrixCounterexample]:
    names = sorted({size for _, *shape in claim.shapes for size in shape} - {"1"})
    choices = sorted(product(range(1, largest + 1), repeat=min(len(names), 4)), key=lambda c: (sum(c), c))
    for choice in choices:
        sizes = {"1": 1, **{name: choice[i % 4] for i, name in enumerate(names)}}
        for trial in range(trials):
            candidate = drawn_candidate(claim, sizes, HEIGHTS[trial % len(HEIGHTS)], draw)
            if refutes(claim, candidate):
                found = shrunk(claim, candidate).certificate(claim)
                if found is not None:
                    yield found
                return


def drawn_candidate(claim: MatrixIdentities, sizes: dict[str, int], height: int, draw: random.Random) -> Candidate:
    given = {b for a, b in claim.inverses if a != b}
    involutions = {a for a, b in claim.inverses if a == b}
    symmetric = _symmetric(claim)
    matrices: dict[str, Matrix] = {}
    for name, rows, columns in claim.shapes:
        m, n = sizes[rows], sizes[columns]
        if name in given:
            continue
        if name in claim.orthogonal or (name in involutions and name in symmetric):
            matrices[name] = orthogonal(n, name in symmetric, draw)
        elif name in involutions:
            matrices[name] = _involution(n, height, draw)
        else:
            drawn = tuple(tuple(Fraction(draw.randint(-height, height)) for _ in range(n)) for _ in range(m))
            matrices[name] = mirrored(drawn) if name in symmetric else drawn
    values = {
        s: Fraction(draw.choice([k for k in range(-height, height + 2) if k or s not in claim.nonzero])) for s in claim.scalars
    }
    return Candidate(sizes, matrices, values)


def orthogonal(n: int, symmetric: bool, draw: random.Random) -> Matrix:
    """A signed permutation, or one with a block of entries 3/5, 4/5; of square I if `symmetric`."""
    order = list(range(n))
    if symmetric:
        for i in range(0, n - 1, 2):
            if draw.random() < 0.5:
                order[i], order[i + 1] = order[i + 1], order[i]
    else:
        draw.shuffle(order)
    signs = [draw.choice((-1, 1)) for _ in range(n)]
    if symmetric:
        signs = [signs[min(i, order[i])] for i in range(n)]
    rows = [[Fraction(signs[i] * (order[i] == j)) for j in range(n)] for i in range(n)]
    if n >= 2 and draw.random() < 0.5:
        c, s = Fraction(3, 5), Fraction(4, 5)
        block = ((c, s), (s, -c)) if symmetric else ((c, -s), (s, c))
        rows = [[*block[i], *rows[i][2:]] if i < 2 else [Fraction(0)] * 2 + rows[i][2:] for i in range(n)]
        rows = [[Fraction(i == j) if i >= 2 or j >= 2 else x for j, x in enumerate(row)] for i, row in enumerate(rows)]
    return tuple(map(tuple, rows))


def _involution(n: int, height: int, draw: random.Random) -> Matrix:
    """P D inverse(P) with signs on the diagonal of D."""
    while True:
        p = tuple(tuple(Fraction(draw.randint(-height, height)) for _ in range(n)) for _ in range(n))
        turned = inverse(p)
        if turned is not None:
            signs = [draw.choice((-1, 1)) for _ in range(n)]
            scaled = [[x * s for x, s in zip(row, signs, strict=True)] for row in p]
            columns = list(zip(*turned, strict=True))
            return tuple(tuple(sum((x * y for x, y in zip(row, c, strict=True)), Fraction(0)) for c in columns) for row in scaled)


def _symmetric(claim: MatrixIdentities) -> set[str]:
    """The matrices with equal transpose, those of inverses included."""
    return {*claim.symmetric, *(name for pair in claim.inverses if {*pair} & {*claim.symmetric} for name in pair)}


def mirrored(a: Matrix) -> Matrix:
    return tuple(tuple(a[max(i, j)][min(i, j)] for j in range(len(a))) for i in range(len(a)))


def identity(n: int) -> Matrix:
    return tuple(tuple(Fraction(i == j) for j in range(n)) for i in range(n))


def inverse(a: Matrix) -> Matrix | None:
    """Gauss-Jordan elimination over Q; None for a singular matrix."""
    n = len(a)
    rows = [[*row, *unit] for row, unit in zip(a, identity(n), strict=True)]
    for k in range(n):
        pivot = next((i for i in range(k, n) if rows[i][k]), None)
        if pivot is None:
            return None
        rows[k], rows[pivot] = rows[pivot], rows[k]
        rows[k] = [x / rows[k][k] for x in rows[k]]
        for i in range(n):
            if i != k and rows[i][k]:
                rows[i] = [x - rows[i][k] * y for x, y in zip(rows[i], rows[k], strict=True)]
    return tuple(tuple(row[n:]) for row in rows)


def shrunk(claim: MatrixIdentities, candidate: Candidate) -> Candidate:
    """A candidate of the same sizes that still refutes the claim and cannot be simplified one step further."""
    symmetric = _symmetric(claim)
    changed = True
    while changed:
        changed = False
        for simpler in _simpler(candidate, symmetric):
            if refutes(claim, simpler):
                candidate, changed = simpler, True
                break
    return candidate


def _simpler(candidate: Candidate, symmetric: set[str]) -> Iterator[Candidate]:
    """Candidates closer to 0 and I, boldest first."""

    def weight(a: Matrix) -> tuple[Fraction | int, ...]:
        entries = sum(a, ())
        return sum(map(bool, entries)), sum(map(abs, entries)), sum(x < 0 for x in entries)

    def put(name: str, value: Matrix) -> Candidate:
        return Candidate(candidate.sizes, {**candidate.matrices, name: value}, candidate.scalars)

    for name, a in candidate.matrices.items():
        whole: list[Matrix] = [tuple((Fraction(0),) * len(row) for row in a)]
        whole += [identity(len(a))] if len(a) == len(a[0]) else []
        places = [(i, j) for i in range(len(a)) for j in range(len(a[0]))]
        single = [_edited(a, place, v, name in symmetric) for place in places for v in (0, 1, -1)]
        yield from (put(name, b) for b in [*whole, *single] if weight(b) < weight(a))
    for name, value in candidate.scalars.items():
        for v in (Fraction(1), Fraction(2), Fraction(0), Fraction(-1)):
            if (abs(v), v < 0) < (abs(value), value < 0):
                yield Candidate(candidate.sizes, candidate.matrices, {**candidate.scalars, name: v})


def _edited(a: Matrix, place: tuple[int, int], value: int, symmetric: bool) -> Matrix:
    places = {place, place[::-1]} if symmetric else {place}
    return tuple(tuple(Fraction(value) if (k, m) in places else x for m, x in enumerate(row)) for k, row in enumerate(a))
