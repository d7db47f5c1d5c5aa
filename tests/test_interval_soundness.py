"""Enclosures of random terms on random boxes contain the values at random points, as balls of Arb enclose them; and random
systems have as many zeros in a box as the kernel accepts."""

from __future__ import annotations

import random
from fractions import Fraction

import flint
import pytest

from metaid_symbolic.certificates import Done, Root
from metaid_symbolic.kernel import Rejected
from metaid_symbolic.kernel.branch import Branch, sort_of
from metaid_symbolic.kernel.interval import Enclosure
from metaid_symbolic.kernel.normal import Normaliser
from metaid_symbolic.kernel.polynomial import Ring
from metaid_symbolic.kernel.tableau import add_root
from metaid_symbolic.terms import Term, number, symbol

NAMES = ("x", "y")
Sides = dict[str, tuple[Fraction, Fraction]]


def some_number(source: random.Random, size: int = 3) -> Fraction:
    return Fraction(source.randint(-12 * size, 12 * size), source.choice((1, 2, 3, 5, 7, 12)))


def some_term(source: random.Random, depth: int, names: tuple[str, ...] = NAMES) -> Term:
    if depth == 0 or source.random() < 0.15:
        return symbol(source.choice(names)) if source.random() < 0.7 else number(some_number(source, 1))
    inside = [some_term(source, depth - 1, names) for _ in range(2)]
    match source.randrange(8):
        case 0 | 1:
            return Term("add", tuple(inside))
        case 2 | 3:
            return Term("mul", tuple(inside))
        case 4:
            return Term("pow", (inside[0], source.choice((2, 3, 4, -1, -2))))
        case 5:
            return Term("exp", (inside[0],))
        case 6:
            return Term(source.choice(("log", "sqrt")), (inside[0],))
    return Term("relu", (inside[0],))


def ball(term: Term, at: dict[str, Fraction]) -> flint.arb:
    """The value of the term by Arb, for a point at which an enclosure says that it is defined."""
    match term.head, term.args:
        case "num", (q,):
            return flint.arb(flint.fmpq(q.numerator, q.denominator))
        case "sym", (name,):
            return ball(number(at[name]), at)
        case "add", parts:
            return sum((ball(p, at) for p in parts), start=flint.arb(0))
        case "mul", parts:
            product = flint.arb(1)
            for p in parts:
                product *= ball(p, at)
            return product
        case "pow", (base, exponent):
            value = ball(base, at)
            assert exponent > 0 or value != 0, (term, at)
            return value**exponent
    inside = ball(term.args[0], at)
    if term.head == "relu":
        return (inside + abs(inside)) / 2
    assert term.head == "exp" or not inside < 0, (term, at)
    return getattr(inside, term.head)()


def some_sides(source: random.Random) -> Sides:
    made = {}
    for name in NAMES:
        low, width = some_number(source), abs(some_number(source, 1)) * source.choice((0, 1, Fraction(1, 8), Fraction(1, 1000)))
        made[name] = (low, low + width)
    return made


def some_point(source: random.Random, sides: Sides) -> dict[str, Fraction]:
    return {x: low + (high - low) * Fraction(source.choice((0, 1, 2, 3, 5, 7, 8)), 8) for x, (low, high) in sides.items()}


@pytest.mark.parametrize("seed", range(16))
def test_enclosures_contain_the_values(seed: int) -> None:
    source, compared = random.Random(seed), 0
    with flint.ctx.workprec(600):
        for _ in range(60):
            term, sides, bits = some_term(source, 4), some_sides(source), source.choice((8, 16, 53, 128))
            box = Enclosure(bits, sides)
            for enclosed in (box.term, box.centred):
                try:
                    low, high = enclosed(term)
                except Rejected:
                    continue
                for _ in range(6):
                    value = ball(term, some_point(source, sides)) * 2**bits
                    assert not value < low, (term, sides, bits)
                    assert not value > high, (term, sides, bits)
                    compared += value.is_finite()
    assert compared > 100


def sampled(term: Term, low: Fraction, high: Fraction) -> list[int]:
    """The signs of the term on a grid, without repetitions."""
    signs: list[int] = []
    for k in range(401):
        value = ball(term, {"x": low + (high - low) * Fraction(k, 400)})
        sign = 1 if value > 0 else -1 if value < 0 else 0
        if sign and (not signs or signs[-1] != sign):
            signs.append(sign)
    return signs


@pytest.mark.parametrize("seed", range(8))
def test_zeros_that_the_kernel_names_are_there(seed: int) -> None:
    """Where a zero is accepted the sampled signs change; where it is accepted as the only one, they change once."""
    source, named = random.Random(1000 + seed), 0
    with flint.ctx.workprec(200):
        for _ in range(150):
            term = some_term(source, 3, ("_.1",))
            low = some_number(source, 1)
            high = low + abs(some_number(source, 1)) + Fraction(1, 10)
            for unique in (True, False):
                branch = Branch(Normaliser(Ring(), sort_of), frozenset())
                try:
                    add_root(branch, Root((term,), ((low, high),), 64, unique, Done()))
                except Rejected:
                    continue
                plain = Term("add", (term_in_x(term), number(0)))
                changes = len(sampled(plain, low, high)) - 1
                assert changes == 1 if unique else changes % 2 == 1, (term, low, high)
                named += 1
    assert named > 0


def term_in_x(term: Term) -> Term:
    if term.head == "sym":
        return symbol("x")
    return Term(term.head, tuple(term_in_x(a) if type(a) is Term else a for a in term.args))
