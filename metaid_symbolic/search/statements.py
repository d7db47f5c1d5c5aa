"""Statements about real numbers: a direct proof, or sizes, functions and arrays for which they fail."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import islice, permutations, product
from math import prod

from ..certificates import Derivation, Specialisation
from ..claims import Statement
from ..kernel.objectives import tidy
from ..kernel.reading import RealReading, specialised
from ..kernel.rejection import Rejected
from ..language import parse_term
from ..terms import RANDOM, Term, negation, number, subterms
from . import Finding
from .tableaux.candidates import Suggestions
from .tableaux.prover import Prover

ENTRIES = tuple(map(Fraction, ("1", "0", "-1", "2", "1/2", "-2")))
CIRCLE = tuple(map(Fraction, ("1", "3/5", "4/5")))
"""Small numbers, and the coordinates of a rational point of the unit circle."""
FUNCTIONS = tuple(map(parse_term, ("z", "z^2", "z^2 + z", "z^3", "z + 1")))
PASSES = ((ENTRIES, 40, 60), (CIRCLE, 800, 0), (ENTRIES, 2, 3000), (ENTRIES, 800, 0), (ENTRIES, 100, 600))
"""Alphabets for the entries of arrays, how many choices are tried for each size, and the steps of the prover; with none only
choices that make the formula false at sight are proved to do so."""
NUMBERS = tuple(map(Fraction, ("1", "1/2", "2", "-1", "0", "-2", "3", "1/4")))
MOST_ENTRIES = 12
MOST_DOUBTED = 30
"""Against a claim that its author expects to be true few choices are tried."""


def certificates(claim: Statement, effort: int, refuting: bool = True) -> Iterator[Finding]:
    """A proof of a statement about numbers alone; sizes, functions and arrays against any statement."""
    about = Suggestions(numbers=NUMBERS, opposites=True)
    if not (claim.naturals or claim.functions or claim.arrays):
        proof = Prover(about, effort=effort if not refuting else effort // 10, depth=4).refute([negation(claim.formula)])
        if proof is not None:
            yield Finding(Derivation(proof), "tableau")
            return
    quantified = claim.formula.head in ("forall", "exists") and type(claim.formula.args[1]) is str
    for alphabet, most, steps in PASSES if refuting else PASSES[:1]:
        if not (claim.arrays or claim.functions):
            steps = effort
        if quantified != (steps == 60) and steps in (0, 60):
            continue
        for candidate in specialisations(claim, alphabet, most):
            try:
                formula = specialised(claim, *candidate)
            except Rejected:
                continue
            if truth(formula) not in ((False, None) if steps else (False,)):
                continue
            proof = Prover(about, effort=steps or 60, depth=2 if steps in (0, 60) else 4).refute([formula])
            if proof is not None:
                yield Finding(Specialisation(*candidate, proof), "specialisation", "smallest found")
                return
        if not claim.arrays:
            return


def truth(formula: Term) -> bool | None:
    """Of a formula without quantifiers, in exact arithmetic; None where a quantifier or a function like exp matters."""
    match formula.head:
        case "true" | "false":
            return formula.head == "true"
        case "not":
            inside = truth(formula.args[0])
            return None if inside is None else not inside
        case "iff":
            one, other = (truth(a) for a in formula.args)
            return None if one is None or other is None else one == other
        case "and" | "or" | "implies":
            parts = [truth(a) for a in formula.args]
            if formula.head == "implies":
                parts[0] = None if parts[0] is None else not parts[0]
            absorbing = formula.head != "and"
            return absorbing if absorbing in parts else None if None in parts else not absorbing
        case "eq" | "lt" | "le":
            left, right = (tidy(a) for a in formula.args)
            if left.head != "num" or right.head != "num":
                return None
            low, high = left.args[0], right.args[0]
            return bool(low == high if formula.head == "eq" else low < high if formula.head == "lt" else low <= high)
    return None


Candidate = tuple[tuple[int, ...], tuple[tuple[str, str, Term], ...], tuple[tuple[Fraction, ...], ...]]


def specialisations(claim: Statement, alphabet: tuple[Fraction, ...], most: int) -> Iterator[Candidate]:
    """Sizes in the order of their sum; for each, functions and arrays with small entries, and permutations as indices."""
    places = index_arrays(claim.formula)
    sizes = sorted(product(*(range(n.least, n.least + 3) for n in claim.naturals)), key=sum)
    for rank, naturals in enumerate(sizes):
        values = dict(zip((n.name for n in claim.naturals), map(number, naturals), strict=True))
        try:
            shapes = [[RealReading().natural(side, values) for side in a.shape] for a in claim.arrays]
        except Rejected:
            continue
        lengths = [0 if a.name in RANDOM else prod(shape) for a, shape in zip(claim.arrays, shapes, strict=True)]
        if sum(lengths) > MOST_ENTRIES:
            continue
        free = [0 if array.name in places else length for array, length in zip(claim.arrays, lengths, strict=True)]
        orders = [
            list(permutations(range(1, k + 1)))[::-1] if a.name in places else [()]
            for a, k in zip(claim.arrays, lengths, strict=True)
        ]
        for bodies in product(FUNCTIONS, repeat=len(claim.functions)):
            functions = tuple((name, "z", body) for name, body in zip(claim.functions, bodies, strict=True))
            choices = ((flat, order) for flat in _entries(sum(free), alphabet) for order in product(*orders))
            for flat, order in islice(choices, max(2, most // (1 + rank // 3))):
                arrays = _cut(flat, free)
                yield naturals, functions, tuple(tuple(map(Fraction, o)) or a for o, a in zip(order, arrays, strict=True))


def index_arrays(formula: Term) -> frozenset[str]:
    """The arrays whose entries are indices of others."""
    inner = [part for t in subterms(formula) if t.head == "at" for index in t.args[1:] for part in subterms(index)]
    return frozenset(str(part.args[0]) for part in inner if part.head == "at")


def _entries(count: int, alphabet: tuple[Fraction, ...]) -> Iterator[tuple[Fraction, ...]]:
    """Tuples of members of the alphabet, those with early members first."""
    if count == 0:
        yield ()
        return
    for budget in range(len(alphabet) * count):
        yield from (tuple(alphabet[i] for i in places) for places in _places(count, budget, len(alphabet)))


def _places(count: int, budget: int, size: int) -> Iterator[tuple[int, ...]]:
    if count == 1:
        if budget < size:
            yield (budget,)
        return
    for first in range(min(budget, size - 1) + 1):
        for rest in _places(count - 1, budget - first, size):
            yield (first, *rest)


def _cut(flat: tuple[Fraction, ...], lengths: list[int]) -> tuple[tuple[Fraction, ...], ...]:
    pieces, start = [], 0
    for length in lengths:
        pieces.append(flat[start : start + length])
        start += length
    return tuple(pieces)
