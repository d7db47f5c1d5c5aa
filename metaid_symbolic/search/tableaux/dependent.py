"""Where a universal fact about an unknown fails, whatever the unknown is: values that depend on it, as rational functions.

`forall x, y: |x^4 - y^4| >= u |x - y|`, with u > 0 unknown, fails at x = u/(1 + u^2), y = 0.  Such values are made of templates,
those at which the fact looks false for some numbers in the place of the unknown are proposed, and the kernel's rules decide.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import product
from typing import Any, final

from ...kernel.branch import Branch, sort_of
from ...terms import ZERO, Term, as_term, free_symbols, less, number, subterms, symbol
from ..floating import np
from ..problems.numeric import walk
from .candidates import Suggestions, is_coordinate, quantifier_groups

Point = tuple[Fraction, ...]
SAMPLES = (0.02, 0.3, 0.6, 1.0, 3.0, 20.0, 150.0)
"""What is put for a positive unknown; for one of unknown sign 0 and the negatives too."""
SMALL = (Fraction(1, 2), Fraction(1, 10), Fraction(1, 100))
MOST_CENTRES, MOST_TUPLES, MOST_INSIDE, MOST_QUANTIFIERS, MOST_PROPOSED = 3, 100_000, 8, 6, 6
HALF = number(Fraction(1, 2))


def witnesses(branch: Branch, about: Suggestions, first: int) -> Iterator[tuple[int, tuple[Term, ...]]]:
    """Universal facts about one unknown number, from number `first` on, and values of their leading variables at which they
    look false."""
    for place, fact in enumerate(branch.facts[first:], first):
        unknown = free_symbols(fact[0]) & branch.variables if type(fact[0]) is Term else frozenset()
        if len(unknown) == 1 and sort_of(name := next(iter(unknown))) == "real":
            of = Unknown(symbol(name), branch.truth(less(ZERO, symbol(name)), True) is True)
            yield from ((place, terms) for terms in failing(*fact, of, about.points[:MOST_CENTRES]))


@final
@dataclass(frozen=True)
class Unknown:
    """A real number, known to be positive or not."""

    name: Term
    positive: bool

    @property
    def samples(self) -> tuple[float, ...]:
        return SAMPLES if self.positive else (*SAMPLES, 0.0, *(-u for u in SAMPLES))

    def lengths(self) -> list[Term]:
        """Terms that are small, then terms that are large, whatever the number is; their denominators are seen not to be 0."""
        u = self.name
        one = (u if self.positive else 1) / (1 + u**2)
        return [one, *(c * one for c in SMALL), *((1 + 1 / u, 1 + u) if self.positive else (1 + u**2, u))]

    def numbers(self) -> list[tuple[Term, ...]]:
        lengths = self.lengths()
        return [(t,) for t in (HALF, ZERO, number(1), *lengths, number(-1), number(2), *(-t for t in lengths))]

    def points(self, size: int, centres: tuple[Point, ...]) -> list[tuple[Term, ...]]:
        """The centres, and what is near them or far from them along the axes and the diagonal."""
        axes = [tuple(int(i == j) for j in range(size)) for i in range(size)] + ([(1,) * size] if size > 1 else [])
        around = [tuple(map(as_term, c)) for c in centres if len(c) == size] or [(ZERO,) * size]
        made = [
            tuple(_moved(c, t, sign) if d else c for c, d in zip(centre, axis, strict=True))
            for t, axis, sign, centre in product(self.lengths(), axes, (1, -1), around)
        ]
        return [*around, *made]


def _moved(centre: Term, length: Term, sign: int) -> Term:
    step = length if sign == 1 else -length
    return step if centre == ZERO else centre + step


@lru_cache(maxsize=4_000)
def failing(formula: Term, holds: bool, of: Unknown, centres: tuple[Point, ...]) -> tuple[tuple[Term, ...], ...]:
    """Values of the leading variables, simple ones first; none if the formula is not about numbers and comparisons alone."""
    groups = quantifier_groups(formula, holds)
    while formula.head in ("forall", "exists", "not"):
        formula, holds = (formula.args[0], not holds) if formula.head == "not" else (formula.args[2], holds)
    inside = sum(part.head in ("forall", "exists") for part in subterms(formula))
    if not groups or len(groups) + inside > MOST_QUANTIFIERS:
        return ()
    each = max(2, int((MOST_TUPLES / MOST_INSIDE**inside) ** (1 / len(groups))))
    choices = [(of.points(len(g), centres) if is_coordinate(g[0]) else of.numbers())[:each] for g in groups]
    fails = np.bool_(True)
    try:
        with np.errstate(all="ignore"):
            for sample in of.samples:
                fails = np.logical_and(
                    fails, Grid(of, sample, len(groups)).value(formula, not holds, _placed(groups, choices, of, sample))
                )
    except (KeyError, TypeError):
        return ()
    found = sorted(np.argwhere(np.broadcast_to(fails, [len(c) for c in choices])).tolist(), key=sum)
    return tuple(tuple(t for k, listed in zip(at, choices, strict=True) for t in listed[k]) for at in found[:MOST_PROPOSED])


def _placed(groups: list[list[str]], choices: list[list[tuple[Term, ...]]], of: Unknown, sample: float) -> dict[str, Any]:
    """The values of the leading variables on the grid of all choices: those of group k along axis k."""
    made: dict[str, Any] = {of.name.args[0]: sample}
    for k, (group, listed) in enumerate(zip(groups, choices, strict=True)):
        shape = [-1 if k == axis else 1 for axis in range(len(groups))]
        for i, name in enumerate(group):
            made[name] = _array([terms[i] for terms in listed], of, sample).reshape(shape)
    return made


def _array(terms: list[Term], of: Unknown, sample: float) -> Any:
    return np.array([float(walk(t, {of.name.args[0]: sample})) for t in terms])


@final
@dataclass(frozen=True)
class Grid:
    """Truth on a grid of so many axes, at a sample of the unknown.  A filter, never evidence: variables that are bound inside
    the formula take a few values."""

    of: Unknown
    sample: float
    axes: int

    def value(self, formula: Term, holds: bool, at: dict[str, Any]) -> Any:
        """Whether the formula holds (or fails); raises `KeyError` for what is not about numbers and comparisons alone."""
        args = formula.args
        match formula.head:
            case "true" | "false":
                return np.bool_((formula.head == "true") == holds)
            case "not":
                return self.value(args[0], not holds, at)
            case "and" | "or":
                join = np.logical_and if (formula.head == "and") == holds else np.logical_or
                return join.reduce(np.broadcast_arrays(*(self.value(a, holds, at) for a in args)))
            case "implies":
                join = np.logical_or if holds else np.logical_and
                return join(self.value(args[0], not holds, at), self.value(args[1], holds, at))
            case "eq" | "lt" | "le":
                compared = {"eq": np.equal, "lt": np.less, "le": np.less_equal}[formula.head](*(walk(a, at) for a in args))
                return compared if holds else np.logical_not(compared)
            case "forall" | "exists":
                return self._bound(formula, holds, at)
        raise KeyError(formula.head)

    def _bound(self, formula: Term, holds: bool, at: dict[str, Any]) -> Any:
        name, _, body = formula.args
        values = _array([t for (t,) in self.of.numbers()[:MOST_INSIDE]], self.of, self.sample)
        inner = Grid(self.of, self.sample, self.axes + 1)
        found = inner.value(body, holds, {**at, name: values.reshape(-1, *[1] * self.axes)})
        if np.ndim(found) <= self.axes:
            return found
        return np.all(found, axis=0) if (formula.head == "forall") == holds else np.any(found, axis=0)
