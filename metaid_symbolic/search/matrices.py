"""Certificates for formulas about matrices of arbitrary size: proofs by rewriting, else small rational matrices.

Sizes are tried in order of their sum; at each size integer matrices with the properties of the claim are drawn, from a
seed, with growing entries.  What is found is shrunk: matrices become 0 or I where they can, entries 0, 1 or -1.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from itertools import islice, product

from ..certificates import MatrixCounterexample, NormalForm
from ..claims import MatrixIdentities
from ..kernel import check
from ..kernel.matrix import Algebra
from ..kernel.rejection import Rejected
from ..matrix_claims import check_shapes
from ..terms import IllFormed, Term, free_symbols
from .matrix_candidates import Candidate, Drawing, Matrix, identity
from .matrix_proofs import normal_form

HEIGHTS = (1, 1, 2, 3)
EXPONENTS = (2, 0, 1, 3)
EASY = 40
"""Candidates drawn at each size before a proof is looked for: most false formulas fail there."""


def matrix_certificates(
    claim: MatrixIdentities, *, largest: int = 3, trials: int = 400, seed: int = 0
) -> Iterator[NormalForm | MatrixCounterexample]:
    """A proof, or a shrunk counterexample with sizes up to `largest`, if one is found.

    Nothing is yielded where the shapes of a formula do not fit.
    """
    try:
        check_shapes(claim)
    except (Rejected, IllFormed):
        return
    found = next(_counterexamples(claim, min(largest, 2), EASY, random.Random(seed)), None)
    proof = normal_form(claim) if found is None else None
    if proof is not None and _accepted(claim, proof):
        yield proof
    elif found is not None:
        yield found
    else:
        yield from islice(_counterexamples(claim, largest, trials, random.Random(seed)), 1)


def _accepted(claim: MatrixIdentities, certificate: NormalForm | MatrixCounterexample | None) -> bool:
    if certificate is None:
        return False
    try:
        check(claim, certificate)
    except Rejected:
        return False
    return True


def _counterexamples(claim: MatrixIdentities, largest: int, trials: int, draw: random.Random) -> Iterator[MatrixCounterexample]:
    for formula in claim.formulas:
        for sizes in _sizes(claim, formula, largest):
            drawing = Drawing(claim, formula, sizes)
            for trial in range(trials):
                candidate = drawing.drawn(HEIGHTS[trial % len(HEIGHTS)], draw)
                if drawing.refutes(candidate):
                    found = drawing.certificate(shrunk(drawing, candidate))
                    if found is not None and _accepted(claim, found):
                        yield found
                        return


def _sizes(claim: MatrixIdentities, formula: Term, largest: int) -> Iterator[dict[str, int]]:
    """Sizes and exponents, the smallest sum of sizes first."""
    names = sorted({size for _, *shape in claim.shapes for size in shape} - {"1"})
    exponents = sorted(free_symbols(formula) - {*Algebra(claim).shapes} - {*names})
    choices = sorted(product(range(1, largest + 1), repeat=min(len(names), 4)), key=lambda c: (sum(c), c))
    for choice in choices:
        for powers in product(EXPONENTS, repeat=len(exponents)):
            yield {name: choice[i % 4] for i, name in enumerate(names)} | dict(zip(exponents, powers, strict=True))


def shrunk(drawing: Drawing, candidate: Candidate) -> Candidate:
    """A candidate of the same sizes that still refutes the claim and cannot be simplified one step further."""
    changed = True
    while changed:
        changed = False
        for simpler in _simpler(candidate, drawing.symmetric):
            if drawing.refutes(simpler):
                candidate, changed = simpler, True
                break
    return candidate


def _simpler(candidate: Candidate, symmetric: set[str]) -> Iterator[Candidate]:
    """Candidates closer to 0 and I, boldest first."""

    def weight(a: Matrix) -> tuple[Fraction | int, ...]:
        entries = sum(a, ())
        return sum(map(bool, entries)), sum(map(abs, entries)), sum(x < 0 for x in entries)

    def put(name: str, value: Matrix) -> Candidate:
        return Candidate(candidate.sizes, {**candidate.matrices, name: value})

    for name, a in candidate.matrices.items():
        whole: list[Matrix] = [tuple((Fraction(0),) * len(row) for row in a)]
        whole += [identity(len(a))] if len(a) == len(a[0]) else []
        places = [(i, j) for i in range(len(a)) for j in range(len(a[0]))]
        single = [_edited(a, place, v, name in symmetric) for place in places for v in (0, 1, -1, 2)]
        yield from (put(name, b) for b in [*whole, *single] if weight(b) < weight(a))


def _edited(a: Matrix, place: tuple[int, int], value: int, symmetric: bool) -> Matrix:
    places = {place, place[::-1]} if symmetric else {place}
    return tuple(tuple(Fraction(value) if (k, m) in places else x for m, x in enumerate(row)) for k, row in enumerate(a))
