"""Where terms are defined and C^2, and whether adapted points stay in the domain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import reduce
from typing import final

from ..printing import text
from ..programs.reading import different_subterms
from ..terms import ZERO, IllFormed, Term, equal, less, negation, number
from .composition import compose_formula, tidy
from .expansion import Expansions, NotPolynomial, expanded
from .halfspaces import Halfspace, Undecided, point_in
from .objective import holds, shown, symbols_of


def smooth_where(terms: Iterable[Term], given: Sequence[Term]) -> tuple[Term, ...]:
    """Formulas that hold exactly where the terms are defined and C^2, besides those that `given` formulas make evident.

    A logarithm or square root needs a positive argument, a negative power one that is not 0, and so does relu for C^2.
    Raises `IllFormed` for a term that is defined nowhere.
    """
    signs = Signs(evidently_positive(given))
    found: dict[Term, None] = {}
    for part in different_subterms(terms):
        signs.of(part)  # arguments come first, so that each takes one step
        if part.head in ("log", "sqrt"):
            if signs.of(part.args[0]) != POSITIVE:
                found[less(ZERO, tidy(part.args[0]))] = None
        elif (part.head == "relu" or (part.head == "pow" and part.args[1] < 0)) and 0 in signs.of(part.args[0]):
            argument = tidy(part.args[0])
            if part.head == "pow" and argument == ZERO:
                raise IllFormed(f"a division by 0 in {shown(part)}")
            found[negation(equal(argument, ZERO))] = None
    return tuple(formula for formula in found if formula not in given and not _decided(formula))


def remaining(formulas: Iterable[Term], given: Sequence[Term]) -> tuple[Term, ...]:
    """The formulas 0 < u and not u = 0 that are not evident.  Raises `IllFormed` for one that is false."""
    signs, found = Signs(evidently_positive(given)), dict[Term, None]()
    for formula in formulas:
        below = formula.head == "lt"
        possible = signs.of(formula.args[1] if below else formula.args[0].args[0])
        if formula not in given and not (possible == POSITIVE if below else 0 not in possible) and not _decided(formula):
            found[formula] = None
    return tuple(found)


def _decided(formula: Term) -> bool:
    truth = holds(formula)
    if truth is False:
        raise IllFormed(f"{text(formula)} is false, and the objective is defined only where it holds")
    return bool(truth)


def evidently_positive(given: Sequence[Term]) -> frozenset[str]:
    """The symbols that a formula `0 < x` or `q < x`, q >= 0, says to be positive."""
    found = set()
    for formula in given:
        if formula.head in ("lt", "le") and formula.args[1].head == "sym" and formula.args[0].head == "num":
            bound: Fraction = formula.args[0].args[0]
            if bound > 0 or (bound == 0 and formula.head == "lt"):
                found.add(formula.args[1].args[0])
    return frozenset(found)


POSITIVE, NEGATIVE, ANY = frozenset({1}), frozenset({-1}), frozenset({-1, 0, 1})


@final
class Signs:
    """Signs -1, 0, 1 among which a term has that of its value, wherever it is defined and C^2; by its form alone.

    `positive` are symbols with positive values.  A shared subterm is looked at once.
    """

    def __init__(self, positive: frozenset[str]) -> None:
        self.positive = positive
        self._known: dict[int, tuple[Term, frozenset[int]]] = {}

    def of(self, term: Term) -> frozenset[int]:
        if id(term) not in self._known:
            ready = all(type(a) is not Term or id(a) in self._known for a in term.args)
            for part in (term,) if ready else different_subterms([term]):
                self._known[id(part)] = part, self._one(part)
        return self._known[id(term)][1]

    def _one(self, term: Term) -> frozenset[int]:
        match term.head:
            case "num":
                return frozenset({(term.args[0] > 0) - (term.args[0] < 0)})
            case "sym":
                return POSITIVE if term.args[0] in self.positive else ANY
            case "exp" | "logistic" | "sqrt":  # a square root is smooth only where it is not 0
                return POSITIVE
            case "relu":
                return frozenset({0, 1})
            case "add":
                return reduce(_sum_signs, (self._known[id(a)][1] for a in term.args))
            case "mul":
                return reduce(_product_signs, (self._known[id(a)][1] for a in term.args))
            case "pow":
                base, even = self._known[id(term.args[0])][1], term.args[1] % 2 == 0
                nonzero = base if term.args[1] > 0 else base - {0}
                return frozenset(s * s if even else s for s in nonzero)
        return ANY


def _sum_signs(left: frozenset[int], right: frozenset[int]) -> frozenset[int]:
    return frozenset(s for a in left for b in right for s in (ANY if a * b < 0 else {a or b}))


def _product_signs(left: frozenset[int], right: frozenset[int]) -> frozenset[int]:
    return frozenset(a * b for a in left for b in right)


def domain_conditions(
    domain: Sequence[Term], points: Iterable[Mapping[str, Term]], names: Sequence[str], conditions: Sequence[Term] = ()
) -> tuple[Term, ...]:
    """The formulas of the domain at the adapted points, without those that hold wherever the domain and the conditions do.

    Affine formulas at affine points over Q are decided: raises `IllFormed` with a point of the domain from which an adapted
    point leaves it.  Others are returned.
    """
    found: dict[Term, None] = {}
    walls = [affine(formula, names) for formula in (*domain, *conditions)]
    for point in points:
        for formula in domain:
            moved = compose_formula(formula, point)
            truth = holds(moved)
            if truth is False:
                raise IllFormed(f"an adapted point leaves the domain: {text(formula)} becomes {text(moved)}")
            if truth is None and not _kept(moved, formula, walls, names):
                found[moved] = None
    return tuple(formula for formula in found if formula not in domain)


def _kept(moved: Term, formula: Term, walls: Sequence[Halfspace | None], names: Sequence[str]) -> bool:
    """Whether `moved` is known to hold on the domain.  Raises `IllFormed` when it is known not to."""
    wall = affine(moved, names)
    if wall is None:
        return False
    known = [w for w in walls if w is not None]
    try:
        outside = point_in([*known, wall.complement], len(names))
    except Undecided:
        return False
    if outside is not None and len(known) == len(walls):
        at = ", ".join(f"{name} = {value}" for name, value in zip(names, outside, strict=True))
        raise IllFormed(f"from {at} in the domain an adapted point leaves it: {text(formula)} is false there")
    return outside is None


def affine(formula: Term, names: Sequence[str]) -> Halfspace | None:
    """g < h or g <= h with g - h affine over Q in the names; None for any other formula."""
    if formula.head not in ("lt", "le"):
        return None
    reading = Expansions(names)
    try:
        difference = reading.read(formula.args[0] - formula.args[1])
    except NotPolynomial:
        return None
    if any(sum(e for _, e in m) > 1 for m in difference.terms) or symbols_of(reading.write(difference)) - set(names):
        return None
    normal = tuple(difference.terms.get(((reading.place(name), 1),), Fraction(0)) for name in names)
    return Halfspace(normal, -difference.terms.get((), Fraction(0)), formula.head == "lt")


def positive_minors(minors: Sequence[Term], given: Sequence[Term], what: str) -> tuple[Term, ...]:
    """Sylvester's conditions 0 < minor for a positive definite matrix, besides those that `given` formulas make evident.

    Raises `IllFormed` when a minor is a number that is not positive: `what` then has no unique minimiser.
    """
    signs, found = Signs(evidently_positive(given)), list[Term]()
    for minor in map(expanded, minors):
        if minor.head == "num" and minor.args[0] <= 0:
            raise IllFormed(f"{what} is singular or not convex: a leading minor of its Hessian is {number(minor.args[0])}")
        if signs.of(minor) != POSITIVE:
            found.append(less(ZERO, minor))
    return tuple(formula for formula in dict.fromkeys(found) if formula not in given)
