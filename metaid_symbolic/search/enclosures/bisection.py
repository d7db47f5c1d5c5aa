"""Literals that fail everywhere on a box but near finitely many points: the box is cut until enclosures show it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from ...certificates import Cut, Done, Enclose, Proof
from ...kernel.interval import Enclosure
from ...kernel.polynomial import generators_of, to_term
from ...kernel.rejection import Rejected
from ...kernel.tableau import bounds
from ...terms import at_most, free_symbols, number, symbol
from ..tableaux.effort import Effort
from ..tableaux.scripts import Script, Unsolved

Sides = Mapping[str, tuple[Fraction, Fraction]]
BITS = 48
SMALLEST = Fraction(1, 1 << 20)


def bisected(
    script: Script, sides: Sides, targets: Sequence[Sides], leaf: Callable[[Script, int], Proof], effort: Effort
) -> Proof:
    """A proof that the branch has no point in the box, given one for each target, a box where enclosures need not decide.

    Raises `Unsolved` when the effort is spent.
    """
    if script.branch.closed:
        return script.ended(Done())
    found = excluded(script, sides)
    if found is not None:
        return script.ended(found)
    for k, target in enumerate(targets):
        if all(target[x][0] <= low and high <= target[x][1] for x, (low, high) in sides.items()):
            return leaf(script, k)
    if not effort.spend() or all(high - low < SMALLEST for low, high in sides.values()):
        raise Unsolved(f"enclosures do not decide on {dict(sides)}, or the box was cut into too many parts")
    x, at = _place(sides, targets)
    formula, proofs = at_most(symbol(x), number(at)), []
    for holds, half in ((True, (sides[x][0], at)), (False, (at, sides[x][1]))):
        other = script.case()
        other.add(formula, holds)
        proofs.append(bisected(other, {**sides, x: half}, targets, leaf, effort))
    return script.ended(Cut(formula, *proofs))


def excluded(script: Script, sides: Sides) -> Enclose | None:
    """A literal that fails on the whole box."""
    branch = script.branch
    known = bounds(branch)
    box = Enclosure(BITS, known)
    for place, literal in enumerate(branch.literals):
        if len(generators_of(literal.polynomial)) == 1 and sum(e for m, _ in literal.polynomial.monomials() for _, e in m) == 1:
            continue
        term = to_term(literal.polynomial, branch.normaliser.ring)
        if not free_symbols(term) & sides.keys() or not free_symbols(term) <= known.keys():
            continue
        for enclosed in (box.term, box.centred):
            try:
                low, high = enclosed(term)
            except Rejected:
                break
            if not literal.signs & ({"+"} if low > 0 else {"-"} if high < 0 else {"-", "0", "+"}):
                return Enclose(place, BITS)
    return None


def _place(sides: Sides, targets: Sequence[Sides]) -> tuple[str, Fraction]:
    """Where to cut: a face of a target that meets a box not much larger than it, else the middle of the longest side."""
    for target in targets:
        meets = all(target[x][0] < high and low < target[x][1] for x, (low, high) in sides.items())
        small = all(high - low <= 3 * (target[x][1] - target[x][0]) for x, (low, high) in sides.items())
        for x, (low, high) in sides.items() if meets and small else ():
            for face in target[x]:
                if low < face < high:
                    return x, face
    x = max(sides, key=lambda name: sides[name][1] - sides[name][0])
    low, high = sides[x]
    return x, (low + high) / 2
