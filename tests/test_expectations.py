"""Expectations of all sizes against those for given sizes, for random terms."""

from __future__ import annotations

import random
from fractions import Fraction

from metaid_symbolic.claims import Array, Natural, Statement
from metaid_symbolic.kernel.branch import sort_of
from metaid_symbolic.kernel.normal import Normaliser
from metaid_symbolic.kernel.objectives import tidy
from metaid_symbolic.kernel.polynomial import Ring, to_term
from metaid_symbolic.kernel.reading import MOMENTS, specialised
from metaid_symbolic.kernel.rejection import Rejected
from metaid_symbolic.language import parse_term
from metaid_symbolic.terms import RANDOM, Term, equal, number

SIDE = number(2)
SIZES = [(0, 1), (1, 0), (1, 1), (1, 2), (2, 1), (2, 2)]
NATURALS = (Natural("N", 0), Natural("M", 0))
ARRAYS = (*(Array(name, (SIDE, SIDE)) for name in sorted(RANDOM)), Array("w", (SIDE,)))
VALUES = ((), (), (), (Fraction(2), Fraction(5)))


def term(rng: random.Random, bound: str, depth: int) -> str:
    """A polynomial in entries of arrays, with sums up to N or M; the variables bound are those of its sums."""
    index, kind = [rng.choice([*bound, "1"]) for _ in range(2)], rng.random()
    if depth == 0 or kind < 0.25:
        entry = f"{rng.choice(sorted(RANDOM))}[{', '.join(index)}]"
        return rng.choice([entry, entry, entry, "x", "2", f"w[{index[0]}]"])
    if kind < 0.55:
        k = rng.choice([v for v in "ijklp" if v not in bound])
        return f"sum({k}, {rng.choice('NM')}, {term(rng, bound + k, depth - 1)})"
    left = term(rng, bound, depth - 1)
    return f"({left})^2" if kind < 0.65 else f"({left} {rng.choice('+*')} {term(rng, bound, depth - 1)})"


def test_random_arrays_have_moments() -> None:
    assert MOMENTS.keys() == RANDOM
    assert all((moment(1), moment(2)) == (0, 1) for moment in MOMENTS.values())


def test_expectations_of_all_sizes_are_those_of_each_size() -> None:
    rng, compared = random.Random(5), 0
    for _ in range(400):
        body = parse_term(f"Ex({term(rng, '', 3)})")
        normaliser = Normaliser(Ring(), sort_of, frozenset("NM"))
        try:
            value = to_term(normaliser.polynomial(body), normaliser.ring)
        except Rejected:
            continue
        claim = Statement(NATURALS, (), ARRAYS, Term("forall", ("x", "real", equal(body, value))))
        for sizes in SIZES:
            left, right = specialised(claim, sizes, (), VALUES).args[2].args
            assert tidy(left) == tidy(right), f"{body} for N, M = {sizes}"
            compared += 1
    assert compared > 1000
