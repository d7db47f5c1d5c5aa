"""The order of conditions by implication.

An entry `A & B => C` is `implied` when C follows from the hypotheses through proved implications, or the hypotheses contradict
one another (`vacuous`); `not implied` when an example with a proved table has A and B and lacks C; and `open` otherwise.  Nothing
else decides an entry.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import combinations
from random import Random
from typing import final

from ..claims import AtProblem, ForAllProblems, Labelled, Universe
from ..conditions import Conditions
from ..examples.collection import Example
from ..printing import text
from ..terms import negation
from ..verdicts import Result
from .adaptation import MAML, adapted, bases

CODES = (
    "INJ", "LAW", "PROF", "LPROF", "EXISTS", "UNIQ", "WEAK", "ISO", "MIN", "SLM", "CRIT", "FOC", "HPD", "HNS", "HPDCRIT",
    "FPD", "FPDALL", "FRANK", "GINJ", "GVAR", "SPAN", "COUNT", "SAME", "INTERP", "CONV", "SCONV", "STRONG", "TCONV", "TPSD",
    "COERC", "EXPC",
)  # fmt: skip
EXAMPLE = "example/"
NOT = "not "
"""Before a condition that fails, as in the conclusion of `FRANK => not LPROF`."""


class Inconsistent(ValueError):
    """An example has the hypotheses of proved implications and lacks their conclusion: one of these is wrong."""


@final
@dataclass(frozen=True, slots=True)
class Entry:
    """`status` is implied, not implied or open; `by` names the implications used, in order, or the example.  Hypotheses that
    contradict one another imply everything, and `vacuous` says so."""

    hypotheses: tuple[str, ...]
    conclusion: str
    status: str
    by: tuple[str, ...] = ()
    vacuous: bool = False


@final
@dataclass(frozen=True)
class Lattice:
    """`proved`: claim id by hypotheses and conclusion, a condition or `not` one; `given` are conditions assumed of all problems:
    examples that lack one are left out."""

    examples: tuple[Example, ...]
    proved: Mapping[tuple[frozenset[str], str], str]
    codes: tuple[str, ...] = CODES
    given: tuple[str, ...] = ()
    _closures: dict[frozenset[str], dict[str, tuple[str, ...]]] = field(default_factory=dict, compare=False, repr=False)
    _tables: dict[str, tuple[frozenset[str], frozenset[str]]] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "examples", tuple(e for e in self.examples if e.fails.isdisjoint(self.given)))
        for one in self.examples:
            clash = self.contradiction(_literals(one))
            if clash is not None:
                needed = {h for (hypotheses, _), name in self.proved.items() if name in clash for h in hypotheses}
                ends = {c.removeprefix(NOT) for (_, c), name in self.proved.items() if name in clash}
                said = [f"has {', '.join(sorted(needed & one.holds))}"] if needed & one.holds else []
                said += [f"lacks {', '.join(sorted(ends & one.fails))}"] if ends & one.fails else []
                proofs = f"{', '.join(clash)} {'is' if len(clash) == 1 else 'are'} proved"
                raise Inconsistent(f"{proofs}, and the example {one.name} {' and '.join(said)}")

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

    def contradiction(self, hypotheses: Iterable[str]) -> tuple[str, ...] | None:
        """The implications by which a condition follows from the hypotheses and its negation too; None if there are none."""
        known = self.closure(hypotheses)
        both = (c for c in known if NOT + c in known)
        return next((tuple(dict.fromkeys((*known[c], *known[NOT + c]))) for c in both), None)

    def entry(self, hypotheses: Iterable[str], conclusion: str) -> Entry:
        assumed = tuple(hypotheses)
        followed = self.closure(assumed).get(conclusion)
        if followed is not None:
            return Entry(assumed, conclusion, "implied", followed, self.contradiction(assumed) is not None)
        if (clash := self.contradiction(assumed)) is not None:
            return Entry(assumed, conclusion, "implied", clash, vacuous=True)
        shown = next((e.name for e in self.examples if self.shows(e, assumed, conclusion)), "")
        return Entry(assumed, conclusion, "not implied" if shown else "open", (shown,) if shown else ())

    def table(self, example: Example) -> tuple[frozenset[str], frozenset[str]]:
        """The conditions that hold at an example and those that fail, by its table and what follows from it: a condition fails
        when with it the table would contradict what is proved."""
        if example.name not in self._tables:
            literals = _literals(example)
            holds = frozenset(c for c in self.closure(literals) if not c.startswith(NOT))
            fails = (c for c in self.codes if c not in holds and self.contradiction((*literals, c)) is not None)
            self._tables[example.name] = holds, frozenset(fails)
        return self._tables[example.name]

    def shows(self, example: Example, hypotheses: Iterable[str], conclusion: str) -> bool:
        """Whether the example has the hypotheses and lacks the conclusion."""
        holds, fails = self.table(example)
        return conclusion in fails and holds.issuperset(hypotheses)

    def entries(self, hypotheses: int = 1) -> Iterator[Entry]:
        """All implications with so many different hypotheses, but for those whose conclusion is among them."""
        for assumed in combinations([c for c in self.codes if c not in self.given], hypotheses):
            for conclusion in self.codes:
                if conclusion not in assumed and conclusion not in self.given:
                    yield self.entry(assumed, conclusion)

    def draw(self, seed: int, count: int, hypotheses: int = 2) -> list[Entry]:
        """So many different entries with known answers and hypotheses that do not contradict one another, drawn at random: as
        many that are implied as that are not, as far as there are so many."""
        random = Random(seed)
        known = [e for e in self.entries(hypotheses) if not e.vacuous]
        implied, failing = ([e for e in known if e.status == status] for status in ("implied", "not implied"))
        drawn = random.sample(implied, min(count // 2, len(implied)))
        drawn += random.sample(failing, min(count - len(drawn), len(failing)))
        random.shuffle(drawn)
        return drawn

    def classes(self) -> list[tuple[str, ...]]:
        """The conditions, those together that imply one another."""
        found: list[tuple[str, ...]] = []
        for code in (c for c in self.codes if c not in self.given):
            if not any(code in one for one in found):
                mutual = [c for c in self.codes if self.implies(code, c) and self.implies(c, code)]
                found.append(tuple(c for c in mutual if c not in self.given))
        return found

    def implies(self, one: str, other: str) -> bool:
        return one == other or self.entry([one], other).status == "implied"

    def reduction(self) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
        """The least set of arrows between the classes whose transitive closure is implication."""
        import networkx

        classes = self.classes()
        order = networkx.DiGraph()
        order.add_nodes_from(classes)
        order.add_edges_from((a, b) for a in classes for b in classes if a != b and self.implies(a[0], b[0]))
        return sorted(networkx.transitive_reduction(order).edges)


def _literals(example: Example) -> tuple[str, ...]:
    return (*example.holds, *(NOT + code for code in example.fails))


def _says(known: Conditions, part: Labelled) -> bool:
    """Whether a formula is what its label calls it, a condition or `not` one."""
    formula = known.expand(part.label.removeprefix(NOT))
    return formula is not None and part.formula == (negation(formula) if part.label.startswith(NOT) else formula)


def lattice(results: Iterable[Result], examples: Iterable[Example], given: Iterable[str] = ()) -> Lattice:
    """From the verdicts on a theory of tables (`example/NAME`), links of adapted problems to their bases, and implications.

    What is not proved counts for nothing, nor does a proved claim that says something else than its id or its labels do: an
    implication in another universe, a label with another formula, a table that is not the one of the collection.
    """
    known, assumed = Conditions(), tuple(given)
    claims = {one.id: one.claim.assertion for one in results if one.verdict.truth}
    proved: dict[tuple[frozenset[str], str], str] = {}
    for name, claim in claims.items():
        if not isinstance(claim, ForAllProblems) or claim.universe != Universe():
            continue
        if all(_says(known, part) for part in (*claim.hypotheses, claim.conclusion)):
            proved[frozenset(h.label for h in claim.hypotheses), claim.conclusion.label] = name

    def tabled(one: Example) -> bool:
        return claims.get(EXAMPLE + one.name) == AtProblem(one.problem, known.parse(text(one.table())))

    linked = (a.example for a in adapted() if tabled(a.example) and a.linked(claims))
    after = (replace(one, holds=one.holds | {MAML}) for one in linked)
    made = Lattice((*filter(tabled, (*examples, *bases())), *after), proved)
    if not assumed:
        return made
    return Lattice(tuple(e for e in made.examples if made.table(e)[0].issuperset(assumed)), proved, given=assumed)
