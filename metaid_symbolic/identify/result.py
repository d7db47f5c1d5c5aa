"""The answer of `identify`: rungs, group, what is identified, what is not, and why."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, final

from ..pipeline import Report
from ..printing import signed
from ..symmetry.discrete import DiscreteGroup
from ..terms import Term
from .combinations import Identified
from .fibres import Fibre
from .learning_coefficients import LearningCoefficient
from .null_vectors import NullVector
from .observing import Observed
from .points import Point, PointRank
from .ranks import GenericRank
from .rungs import Rung
from .strata import Strata

LONGEST = 160


@final
@dataclass(frozen=True)
class Counterexample:
    """Two points with the same observations, or that both minimise the mean loss, or a point and a direction that no
    observation sees."""

    rung: str
    first: Point
    second: Point | None
    direction: Point | None
    reason: str

    def to_json(self) -> dict[str, Any]:
        parts = {"first": self.first, "second": self.second, "direction": self.direction}
        points = {name: None if p is None else list(map(str, p)) for name, p in parts.items()}
        return {"rung": self.rung, "words": str(self), **points}

    def __str__(self) -> str:
        here = f"({', '.join(map(str, self.first))})"
        if self.second is not None:
            return f"{here} and ({', '.join(map(str, self.second))}): {self.reason}"
        assert self.direction is not None
        return f"at {here} nothing changes to first order along ({', '.join(map(str, self.direction))})"


@final
@dataclass(frozen=True)
class Identification:
    """What can be identified of a model.

    `null` are the null vectors found, `fibre` the counted solutions, `at` the rank at a point that was asked for, `report` the
    kernel's verdicts on the claims (None where none were made: `unclaimed` says why), `symmetries` the finite group, `learning`
    the learning coefficient at the point.
    """

    seen: Observed
    rank: GenericRank
    null: tuple[NullVector, ...]
    rungs: tuple[Rung, ...]
    identified: Identified
    strata: Strata
    fibre: Fibre | None
    at: PointRank | None
    counterexample: Counterexample | None
    repairs: tuple[str, ...]
    report: Report | None
    unclaimed: str
    symmetries: DiscreteGroup | None = None
    learning: LearningCoefficient | None = None

    @property
    def verdict(self) -> str:
        """That of the lowest rung that is not proved; proved if all are."""
        return next((r.verdict for r in self.rungs if r.verdict != "proved"), "proved")

    @property
    def reason(self) -> str:
        return next((f"{r.code}: {r.words}" for r in self.rungs if r.verdict != "proved"), "")

    @property
    def certificate(self) -> str:
        """The certificates that the kernel accepted, one line of JSON each."""
        return "\n".join(r.source for r in self.report or () if r.source)

    def __getitem__(self, name: str) -> Rung:
        return {key: r for r in self.rungs for key in (r.name, r.code)}[name]

    @cached_property
    def lines(self) -> tuple[tuple[str, str, str], ...]:
        """What, its verdict, and the words: the table that is printed."""
        made = [("parameters", str(len(self.seen.parameters)), ", ".join(self.seen.parameters))]
        made.append(("generic rank", str(self.rank), self.rank.reason))
        for r in self.rungs:
            made.append((f"{r.name} {r.code}", f"{r.verdict}" + (f" ({r.grade})" if r.grade else ""), r.words))
        made += [("null direction", v.kind, v.words or field_words(v, self.seen.parameters)) for v in self.null]
        made += list(self._group())
        made += [("identified", "locally", p) for p in self.identified.parameters]
        alone = self.identified.parameters
        made += [("identified", "locally", shown(c)) for c in self.identified.combinations if str(c) not in alone]
        if self.identified.reason:
            made.append(("identified", "not written out", self.identified.reason))
        made += list(self._strata())
        if self.fibre is not None:
            made.append(("fibre", "", self.fibre.words))
        if self.learning is not None:
            made.append(("learning coefficient", str(self.learning), self.learning.reason))
        if self.counterexample is not None:
            made.append(("counterexample", self.counterexample.rung, str(self.counterexample)))
        made += [("repair", "", r) for r in self.repairs]
        if self.unclaimed:
            made.append(("kernel", "no claims" if self.report is None else "", self.unclaimed))
        return tuple(made)

    def _group(self) -> Iterator[tuple[str, str, str]]:
        if self.symmetries is not None:
            group = self.symmetries
            said = f"order {group.order}, each generator proved by the kernel"
            yield "finite group", group.structure, said if group.generators else "no permutation and no change of signs was found"
            yield from (("generator", "", g.name) for g in group.generators)

    def _strata(self) -> Iterator[tuple[str, str, str]]:
        if not self.strata.rank:
            return
        low = f"rank < {self.strata.rank}"
        yield from ((low, "where", f"{shown(f)} = 0") for f in self.strata.hypersurfaces)
        yield from ((low, "where", f"{' = '.join(s)} = 0") for s in self.strata.subspaces)
        if self.strata.complete and not self.strata.hypersurfaces:
            yield low, "nowhere", "a largest minor is a nonzero number"

    def __repr__(self) -> str:
        from ..reports.plain import plain_table

        return plain_table([(a, b, c) for a, b, c in self.lines], ("", "", ""))

    def to_json(self) -> dict[str, Any]:
        """The answer as plain data; terms as texts, numbers as strings."""
        counter = self.counterexample
        return {
            "schema": 1,
            "parameters": list(self.seen.parameters),
            "rank": {
                "lower": self.rank.lower,
                "upper": self.rank.upper,
                "certain": self.rank.certain,
                "reason": self.rank.reason,
            },
            "rungs": [
                {"name": r.name, "code": r.code, "verdict": r.verdict, "grade": r.grade, "words": r.words} for r in self.rungs
            ],
            "null": [{"kind": v.kind, "words": v.words, "field": list(map(str, v.components))} for v in self.null],
            "group": [list(line) for line in self._group()],
            "identified": {
                "parameters": list(self.identified.parameters),
                "combinations": list(map(str, self.identified.combinations)),
            },
            "strata": [list(line) for line in self._strata()],
            "fibre": None if self.fibre is None else _fibre_json(self.fibre),
            "at": None if self.at is None else {"point": list(map(str, self.at.point)), "rank": [self.at.lower, self.at.upper]},
            "learning": None if self.learning is None else str(self.learning),
            "counterexample": None if counter is None else counter.to_json(),
            "repairs": list(self.repairs),
            "claims": [] if self.report is None else [r.to_json() for r in self.report],
            "unclaimed": self.unclaimed,
        }

    def latex(self, label: str = "") -> str:
        """Rungs, rank, null vectors, identified combinations and the rest in LaTeX that needs amsmath; a label is the rank's."""
        from ..reports.latex_models import identification

        return identification(self, label)

    def plot(self, plane: Sequence[str] = (), at: Any = None, file: Path | None = None) -> Any:
        """Level sets of the loss over two parameters, with the orbit of a point: a matplotlib figure.

        `plane` names two parameters, the others hold the values of the point `at` (an ordinary point if None is given).
        Raises `IllFormed` where that does not fit, or without matplotlib.
        """
        from ..reports.orbit_picture import drawn

        return drawn(self, plane, at, file)

    def _repr_html_(self) -> str:
        rows = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in line) + "</tr>" for line in self.lines)
        return f"<table>{rows}</table>"


def _fibre_json(fibre: Fibre) -> dict[str, Any]:
    return {
        "point": list(map(str, fibre.point)),
        "held": list(fibre.held),
        "complex": fibre.complex_points,
        "real": fibre.real_points,
        "reason": fibre.reason,
    }


def shown(term: Term) -> str:
    words = signed(term)
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 4]} ..."


def field_words(vector: NullVector, parameters: tuple[str, ...]) -> str:
    """A vector field as differential equations."""
    parts = [f"{p}' = {shown(c)}" for p, c in zip(parameters, vector.components, strict=True) if str(c) != "0"]
    return ", ".join(parts)
