"""The order of conditions by implication.

An entry `A & B => C` is `implied` when C follows from the hypotheses through proved implications, `not implied` when an example
with a proved table has A and B and lacks C, and `open` otherwise.  Nothing else decides an entry.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import final

from ..claims import AtProblem, ForAllProblems, Universe
from ..conditions import Conditions
from ..examples.collection import Example
from ..printing import text
from ..verdicts import Result

CODES = (
    "INJ", "LAW", "PROF", "LPROF", "EXISTS", "UNIQ", "WEAK", "ISO", "MIN", "SLM", "CRIT", "FOC", "HPD", "HNS", "HPDCRIT",
    "FPD", "FPDALL", "FRANK", "GINJ", "GVAR", "SPAN", "COUNT", "SAME", "INTERP", "CONV", "SCONV", "STRONG", "TCONV", "TPSD",
    "COERC", "EXPC",
)  # fmt: skip
EXAMPLE = "example/"


class Inconsistent(ValueError):
    """An example has the hypotheses of a proved implication and lacks its conclusion: one of the two is wrong."""


@final
@dataclass(frozen=True, slots=True)
class Entry:
    """`status` is implied, not implied or open; `by` names the implications used, in order, or the example."""

    hypotheses: tuple[str, ...]
    conclusion: str
    status: str
    by: tuple[str, ...] = ()


@final
@dataclass(frozen=True)
class Lattice:
    """`proved`: claim id by hypotheses and conclusion; `given` are conditions assumed of all problems."""

    examples: tuple[Example, ...]
    proved: Mapping[tuple[frozenset[str], str], str]
    codes: tuple[str, ...] = CODES
    given: tuple[str, ...] = ()
    _closures: dict[frozenset[str], dict[str, tuple[str, ...]]] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        for (hypotheses, conclusion), name in self.proved.items():
            for one in self.examples:
                if one.shows(hypotheses, [conclusion]):
                    having = ", ".join(sorted(hypotheses))
                    raise Inconsistent(f"{name} is proved, and the example {one.name} has {having} without {conclusion}")

    def closure(self, hypotheses: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """What follows from the hypotheses and what is given, each with the ids of the implications used."""
        start = frozenset((*hypotheses, *self.given))
        if start not in self._closures:
            known: dict[str, tuple[str, ...]] = dict.fromkeys(start, ())
            grows = True
            while grows:
                grows = False
                for (needed, conclusion), name in self.proved.items():
                    if conclusion not in known and known.keys() >= needed:
                        used = dict.fromkeys(i for h in sorted(needed) for i in known[h])
                        known[conclusion] = (*used, name)
                        grows = True
            self._closures[start] = known
        return self._closures[start]

    def entry(self, hypotheses: Iterable[str], conclusion: str) -> Entry:
        assumed = tuple(hypotheses)
        followed = self.closure(assumed).get(conclusion)
        if followed is not None:
            return Entry(assumed, conclusion, "implied", followed)
        shown = next((e.name for e in self.examples if self.shows(e, assumed, conclusion)), "")
        return Entry(assumed, conclusion, "not implied" if shown else "open", (shown,) if shown else ())

    def shows(self, example: Example, hypotheses: Iterable[str], conclusion: str) -> bool:
        """Whether the example has the hypotheses and lacks the conclusion, by its table and what follows from it: what its
        conditions imply holds, and what implies a condition that fails, fails."""
        if conclusion in example.holds or not example.fails.isdisjoint(hypotheses):
            return False
        has = example.holds.issuperset(hypotheses) or self.closure(example.holds).keys() >= {*hypotheses}
        return has and (conclusion in example.fails or not example.fails.isdisjoint(self.closure([conclusion])))

    def entries(self, hypotheses: int = 1) -> Iterator[Entry]:
        """All implications with so many different hypotheses, but for those whose conclusion is among them."""
        for assumed in combinations([c for c in self.codes if c not in self.given], hypotheses):
            for conclusion in self.codes:
                if conclusion not in assumed and conclusion not in self.given:
                    yield self.entry(assumed, conclusion)

    def classes(self) -> list[tuple[str, ...]]:
        """The conditions, those together that imply one another."""
        found: list[tuple[str, ...]] = []
        for code in (c for c in self.codes if c not in self.given):
            if not any(code in one for one in found):
                mutual = [c for c in self.codes if c in self.closure([code]) and code in self.closure([c])]
                found.append(tuple(c for c in mutual if c not in self.given))
        return found

    def reduction(self) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
        """The least set of arrows between the classes whose transitive closure is implication."""
        import networkx

        classes = self.classes()
        order = networkx.DiGraph()
        order.add_nodes_from(classes)
        order.add_edges_from((a, b) for a in classes for b in classes if a != b and b[0] in self.closure([a[0]]))
        return sorted(networkx.transitive_reduction(order).edges)


def lattice(results: Iterable[Result], examples: Iterable[Example], given: Iterable[str] = ()) -> Lattice:
    """From the verdicts on a theory of tables (`example/NAME`) and implications.

    What is not proved counts for nothing, nor does a proved claim that says something else than its id or its labels do: an
    implication in another universe, a label with another formula, a table that is not the one of the collection.
    """
    known, listed = Conditions(), tuple(examples)
    wanted = {EXAMPLE + e.name: AtProblem(e.problem, known.parse(text(e.table()))) for e in listed}
    proved: dict[tuple[frozenset[str], str], str] = {}
    tables: set[str] = set()
    for one in results:
        claim = one.claim.assertion if one.verdict.truth else None
        if isinstance(claim, ForAllProblems) and claim.universe == Universe():
            if all(known.expand(part.label) == part.formula for part in (*claim.hypotheses, claim.conclusion)):
                proved[frozenset(h.label for h in claim.hypotheses), claim.conclusion.label] = one.id
        elif isinstance(claim, AtProblem) and claim == wanted.get(one.id):
            tables.add(one.id.removeprefix(EXAMPLE))
    assumed = tuple(given)
    return Lattice(tuple(e for e in listed if e.name in tables and e.holds.issuperset(assumed)), proved, given=assumed)
