"""The collection of examples, read from `collection.json`.

The table of an example says which conditions hold at its point and which fail; what is in neither list is not known.  It is
data for searches and for reading: `proofs/lattice` states each table as a claim, and only the certificate of that counts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import final

from ..conditions import Conditions
from ..encoding import decode, encode
from ..problems import MetaProblem, exact
from ..terms import Term, conjunction, negation, number

PLACE = Path(__file__).with_name("collection.json")


@final
@dataclass(frozen=True, slots=True)
class Example:
    """A meta-problem on an open connected domain with a point of it; `holds` and `fails` are codes of conditions."""

    name: str
    words: str
    problem: MetaProblem
    point: tuple[Fraction, ...]
    holds: frozenset[str] = frozenset()
    fails: frozenset[str] = frozenset()

    def truth(self, code: str) -> bool | None:
        """Whether the condition holds at the point; None if that is not known."""
        return True if code in self.holds else False if code in self.fails else None

    def shows(self, holding: Iterable[str], failing: Iterable[str]) -> bool:
        """All of `holding` hold and all of `failing` fail."""
        return self.holds.issuperset(holding) and self.fails.issuperset(failing)

    def literal(self, code: str, holds: bool = True) -> Term:
        """The condition at the point, or its negation, as a closed formula."""
        formula = Conditions().expand(code, point=Term("vec", tuple(map(number, self.point))))
        if formula is None:
            raise LookupError(f"there is no condition {code!r}")
        return formula if holds else negation(formula)

    def table(self) -> Term:
        """All that is said of the example, with the domain open and connected, as one closed formula."""
        domain = [Term("pred", (kind, Term("sym", ("Phi",)))) for kind in ("open", "connected")]
        known = [self.literal(code, code in self.holds) for code in sorted(self.holds | self.fails)]
        return conjunction([*domain, *known])


@cache
def collection() -> tuple[Example, ...]:
    """The examples that come with the package, small ones first."""
    return read(PLACE.read_text(encoding="utf-8"))


def read(source: str) -> tuple[Example, ...]:
    made = []
    for entry in json.loads(source):
        point = tuple(exact(c, "a coordinate") for c in entry["point"])
        problem = decode(entry["problem"], MetaProblem)
        made.append(Example(entry["name"], entry["words"], problem, point, frozenset(entry["holds"]), frozenset(entry["fails"])))
    return tuple(made)


def written(examples: Iterable[Example]) -> str:
    """The text of `collection.json` for these examples."""
    entries = [
        {
            "name": e.name, "words": e.words, "problem": encode(e.problem), "point": [str(c) for c in e.point],
            "holds": sorted(e.holds), "fails": sorted(e.fails),
        }
        for e in examples
    ]  # fmt: skip
    return json.dumps(entries, indent=1) + "\n"
