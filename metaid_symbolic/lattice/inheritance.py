"""Which conditions one step of MAML keeps: whether the adapted problem has what its base has, at the same point.

Where no step leaves Phi, C is kept when that follows from proved implications `STAYS & A & ... => B`, with B written for the
losses after the step, and from those between conditions, which hold of the adapted problem, too; it is not kept when an
example with a proved table has C, and an adapted problem of it, with proved links and a proved table, lacks C.  Nothing else
decides it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import final

from ..claims import ForAllProblems, Universe
from ..conditions import Conditions
from ..examples.collection import Example
from ..terms import Term, rebuild, subterms, symbol
from ..verdicts import Result
from .adaptation import MAML, Adapted, adapted
from .lattice import Entry, Lattice

STAYS = "STAYS"
Table = tuple[frozenset[str], frozenset[str]]
Rules = Mapping[tuple[frozenset[str], str], str]


@final
@dataclass(frozen=True)
class Inheritance:
    """`lattice` is that of all problems, `rules` the proved implications by hypotheses and condition after the step, `pairs` the
    examples with what becomes of them; `given` are conditions assumed of the bases."""

    lattice: Lattice
    rules: Rules
    pairs: tuple[tuple[Example, Example], ...]
    given: tuple[str, ...] = ()

    def kept(self, code: str) -> Entry:
        """Whether the adapted problem has the condition when its base does."""
        before = self.lattice.closure([code, *self.given])
        used = {
            end: (*(name for h in sorted(needed) for name in before[h]), rule)
            for (needed, end), rule in self.rules.items()
            if before.keys() >= needed
        }
        after = self.lattice.closure(used)
        if code in after:
            return Entry((code,), code, "implied", tuple(dict.fromkeys((*(i for by in used.values() for i in by), *after[code]))))
        shown = next((a.name for a, (has, _), (_, loses) in self._tables() if code in has & loses), "")
        return Entry((code,), code, "not implied" if shown else "open", (shown,) if shown else ())

    def gained(self, code: str) -> str:
        """An adapted problem that has the condition, while its base does not; empty if none is known."""
        return next((a.name for a, (_, lacks), (gets, _) in self._tables() if code in lacks & gets), "")

    def _tables(self) -> Iterator[tuple[Example, Table, Table]]:
        """Each adapted problem of a base that has what is given, with the tables of base and problem."""
        for base, after in self.pairs:
            before = self.lattice.table(base)
            if before[0].issuperset(self.given):
                yield after, before, self.lattice.table(after)


def after_step(code: str) -> Term | None:
    """The condition of the adapted problem as a formula about its base, for conditions that speak of values of F and the losses
    alone, and None for others."""
    formula = Conditions().expand(code, "F_MAML")
    plain = formula is not None and all(
        part.head not in ("grad", "hess", "fisher", "pred") or part.args[0] == "Phi" for part in subterms(formula)
    )
    return _stepped(formula) if formula is not None and plain else None


def _stepped(term: Term) -> Term:
    """The term with L(t, x - alpha grad L(t, x)) for L(t, x)."""
    inside = rebuild(term, _stepped)
    if inside.head != "app" or inside.args[0] != "L":
        return inside
    task, point = inside.args[1:]
    return Term("app", ("L", task, point - symbol("alpha") * Term("grad", ("L", task, point))))


def inheritance(results: Iterable[Result], made: Lattice, given: Iterable[str] = ()) -> Inheritance:
    """From the verdicts on a theory and the lattice of all problems that they make."""
    known = Conditions()
    ends = {formula: code for code in made.codes if (formula := after_step(code)) is not None}
    rules: dict[tuple[frozenset[str], str], str] = {}
    for one in results:
        claim = one.claim.assertion if one.verdict.truth else None
        if not isinstance(claim, ForAllProblems) or claim.universe != Universe() or claim.conclusion.formula not in ends:
            continue
        if all(known.expand(h.label) == h.formula for h in claim.hypotheses):
            rules[frozenset(h.label for h in claim.hypotheses) - {STAYS}, ends[claim.conclusion.formula]] = one.id
    return Inheritance(made, rules, tuple(_pairs(made)), tuple(given))


def _pairs(made: Lattice) -> Iterator[tuple[Example, Example]]:
    """Examples and what one step makes of them, as far as both have proved tables."""
    after = {e.name: e for e in made.examples if MAML in e.holds}
    for one in adapted():
        before = next((e for e in made.examples if _is_base(e, one)), None)
        if before is not None and one.name in after:
            yield before, after[one.name]


def _is_base(example: Example, one: Adapted) -> bool:
    return (example.problem, example.point) == (replace(one.base, rate=None), one.example.point)
