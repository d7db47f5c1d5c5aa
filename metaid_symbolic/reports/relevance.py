"""Which steps of a derivation a step rests on, and the derivation without the steps that nothing rests on.

A branch drops the members of a disjunction that it contradicts, and closes, without saying why; here the atoms that decide it are
traced to the steps that said them.  Where several steps gave an atom its signs all are named, so a step may name
one too many.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, final

from ..kernel.branch import PREFIX, WRITTEN_OUT, Branch, Signed, members, turned, written_out
from ..kernel.polynomial import constant_of, key_of
from ..terms import Term, substitute, symbol

ALL_SIGNS = frozenset("-0+")


@final
@dataclass(frozen=True, slots=True)
class Step:
    """Step `number` inside of `depth` cases: each of the `facts` is a disjunction of signed formulas.

    `kind`: given, instance, theorem, rule, replaced, root, derivative, case, denied (what is to be shown is supposed to
    fail), shown (it was refuted that it fails), or, where a branch ends, `closed`, which has no number.
    `name`: of the theorem or rule; where a branch ends how: sight, one variable, combination, enclosure.
    `after`: the numbers of the steps that it is said of; `using`: of those that decide what it leaves unsaid.
    `inserted`: terms put in; where a combination ends a branch its summands, which are nonnegative and add up to 0.
    """

    kind: str
    number: int
    depth: int
    facts: tuple[tuple[Signed, ...], ...] = ()
    name: str = ""
    after: tuple[int, ...] = ()
    inserted: tuple[Term, ...] = ()
    using: tuple[int, ...] = ()


@final
@dataclass
class Sources:
    """For each atom of a branch the steps that gave it its truth value or its possible signs."""

    by_key: dict[Any, tuple[int, ...]] = field(default_factory=dict)
    signs: dict[Any, frozenset[str]] = field(default_factory=dict)

    def copy(self) -> Sources:
        return Sources(dict(self.by_key), dict(self.signs))

    def learn(self, branch: Branch, parts: Sequence[Signed], step: int) -> None:
        """The step adds the disjunction; only a single atom tells the branch something."""
        formula, holds = parts[0]
        if len(parts) > 1 or formula.head not in ("eq", "lt", "le", "pred", "samerank"):
            return
        if (key := branch._opaque_key(formula)) is not None:
            self.by_key.setdefault(key, (step,))
        elif (read := branch._read(formula, holds)) is not None and constant_of(read[0]) is None:
            key, direction = key_of(read[0])
            known = self.signs.get(key, ALL_SIGNS)
            left = known & turned(read[1], direction)
            if left != known:
                self.signs[key] = left
                self.by_key[key] = (*self.by_key.get(key, ()), step)

    def of_polynomial(self, polynomial: Any) -> set[int]:
        return set(self.by_key.get(key_of(polynomial)[0], ()))

    def deciding(self, branch: Branch, formula: Term) -> set[int]:
        """The steps that said the atoms of the formula which the branch decides."""
        match formula.head:
            case "true" | "false":
                return set()
            case "not" | "and" | "or" | "implies":
                return _union(self.deciding(branch, part) for part in formula.args)
            case "forall" | "exists":
                return self.deciding(branch, _opened(formula))
            case head if head in WRITTEN_OUT:
                return self.deciding(branch, written_out(formula))
        if branch.truth(formula, True) is None:
            return set()
        if (key := branch._opaque_key(formula)) is not None:
            return set(self.by_key.get(key, ()))
        read = branch._read(formula, True)
        factors = branch.normaliser.scalar(formula.args[0] - formula.args[1]).factors
        return _union(self.of_polynomial(p) for p in ((read[0],) if read else ()) + tuple(factors))

    def needed(self, branch: Branch, formula: Term, holds: bool) -> set[int]:
        """The steps because of which the branch, when the formula is assumed, learns less than it says, or closes."""
        match formula.head, holds:
            case "not", _:
                return self.needed(branch, formula.args[0], not holds)
            case ("or" | "implies" | "false", True) | ("and" | "true", False):
                return self._dropped(branch, members(formula, holds))
            case (("and" | "or" | "implies" | "true" | "false"), _):
                return _union(self.needed(branch, part, not truth) for part, truth in members(formula, not holds))
            case ("forall", False) | ("exists", True):
                return self.needed(branch, _opened(formula), holds)
            case head, _ if head in WRITTEN_OUT:
                return self.needed(branch, written_out(formula), holds)
        return self.deciding(branch, formula) if branch.truth(formula, holds) is False else set()

    def _dropped(self, branch: Branch, parts: list[Signed]) -> set[int]:
        truths = [branch.truth(*part) for part in parts]
        if True in truths:
            return set()
        found = _union(self.deciding(branch, f) for (f, _), truth in zip(parts, truths, strict=True) if truth is False)
        left = [part for part, truth in zip(parts, truths, strict=True) if truth is None]
        return found | self.needed(branch, *left[0]) if len(left) == 1 else found


def _opened(formula: Term) -> Term:
    """The body for some value that nothing is known of: the names of a branch are numbered from 1."""
    name, sort, body = formula.args
    return substitute(body, {name: symbol(f"{PREFIX[sort] if type(sort) is str else '_i'}0")})


def _union(sets: Iterable[set[int]]) -> set[int]:
    return set().union(*sets)


def relevant(steps: Sequence[Step]) -> tuple[Step, ...]:
    """The steps that the ends of the branches rest on, numbered anew; cases and replacements stay.  What is shown and then not
    used goes with all that shows it."""
    kept: list[Step] = []
    wanted: set[int] = set()
    beyond = 0  # the steps from this number on belong to something shown that is not used
    for step in reversed(steps):
        if beyond:
            beyond *= step.number != beyond
            continue
        if step.kind == "shown" and step.number not in wanted:
            (beyond,) = step.after
            continue
        if step.kind in ("closed", "case", "denied", "replaced") or step.number in wanted:
            kept.append(step)
            wanted.update(step.after, step.using)
    return renumbered(kept[::-1])


def renumbered(steps: Sequence[Step]) -> tuple[Step, ...]:
    numbers = {0: 0} | {old: new for new, old in enumerate((s.number for s in steps if s.number), start=1)}
    return tuple(
        replace(s, number=numbers[s.number], after=tuple(numbers[n] for n in s.after), using=tuple(numbers[n] for n in s.using))
        for s in steps
    )
