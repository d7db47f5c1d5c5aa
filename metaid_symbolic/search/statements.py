"""Statements about real numbers: a direct proof, or sizes, functions and arrays for which they fail."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import islice, product
from math import prod

from ..certificates import Derivation, Specialisation
from ..claims import Statement
from ..kernel.rejection import Rejected
from ..kernel.specialise import natural, specialised
from ..language import parse_term
from ..terms import Term, negation
from . import Finding
from .prover import Prover, Suggestions

ENTRIES = tuple(map(Fraction, ("1", "0", "-1", "2", "1/2", "-2")))
FUNCTIONS = tuple(map(parse_term, ("z", "z^2", "z^2 + z", "z^3", "z + 1")))
MOST_ARRAYS = 1500
NUMBERS = tuple(map(Fraction, ("1", "2", "-1", "1/2", "0", "-2", "3", "1/4")))


def certificates(claim: Statement, effort: int) -> Iterator[Finding]:
    prover = Prover(Suggestions(numbers=NUMBERS), effort=effort, depth=4)
    if not (claim.naturals or claim.functions or claim.arrays):
        proof = prover.refute([negation(specialised(claim, (), (), ()))])
        if proof is not None:
            yield Finding(Derivation(proof), "tableau")
            return
    for candidate in specialisations(claim):
        try:
            formula = specialised(claim, *candidate)
        except Rejected:
            continue
        quick = Prover(Suggestions(numbers=NUMBERS), effort=60 if claim.arrays else effort, depth=2 if claim.arrays else 4)
        proof = quick.refute([formula])
        if proof is not None:
            yield Finding(Specialisation(*candidate, proof), "specialisation", "smallest found")
            return


Candidate = tuple[tuple[int, ...], tuple[tuple[str, str, Term], ...], tuple[tuple[Fraction, ...], ...]]


def specialisations(claim: Statement) -> Iterator[Candidate]:
    """Sizes in the order of their sum; for each, functions and arrays with small entries."""
    sizes = sorted(product(*(range(n.least, n.least + 3) for n in claim.naturals)), key=sum)
    for naturals in sizes:
        values = dict(zip((n.name for n in claim.naturals), naturals, strict=True))
        try:
            lengths = [prod(natural(side, values) for side in array.shape) for array in claim.arrays]
        except Rejected:
            continue
        if sum(lengths) > 12:
            continue
        for bodies in product(FUNCTIONS, repeat=len(claim.functions)):
            functions = tuple((name, "z", body) for name, body in zip(claim.functions, bodies, strict=True))
            for flat in islice(_entries(sum(lengths)), MOST_ARRAYS):
                yield naturals, functions, _cut(flat, lengths)


def _entries(count: int) -> Iterator[tuple[Fraction, ...]]:
    """Tuples of small numbers, those with early entries first."""
    if count == 0:
        yield ()
        return
    for budget in range(len(ENTRIES) * count):
        yield from (tuple(ENTRIES[i] for i in places) for places in _places(count, budget))


def _places(count: int, budget: int) -> Iterator[tuple[int, ...]]:
    if count == 1:
        if budget < len(ENTRIES):
            yield (budget,)
        return
    for first in range(min(budget, len(ENTRIES) - 1) + 1):
        for rest in _places(count - 1, budget - first):
            yield (first, *rest)


def _cut(flat: tuple[Fraction, ...], lengths: list[int]) -> tuple[tuple[Fraction, ...], ...]:
    pieces, start = [], 0
    for length in lengths:
        pieces.append(flat[start : start + length])
        start += length
    return tuple(pieces)
