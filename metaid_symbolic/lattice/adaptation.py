"""One step of MAML as a change of meta-problems: what the adapted problem is, and which examples are known to be one.

The adapted problem of a meta-problem (L_t, p_t) on Phi at the rate alpha > 0 has the losses M_t(x) = L_t(x - alpha grad
L_t(x)) on the same Phi, with the same weights, where no step leaves Phi (STAYS).  If every L_t is C^3 it is a meta-problem of
the setting, so what is proved of all meta-problems holds of it: its objective is F_MAML, and its I, UNIQ, FPD, ... are those
of the losses after the step.  That a problem written with losses M_t is the adapted problem of another is one claim for each
task.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, final

from ..claims import AtProblem, Claim
from ..conditions import Conditions
from ..encoding import decode, encode
from ..examples.collection import Example, read, written
from ..kernel import objectives
from ..printing import text
from ..problems import MetaProblem
from ..terms import Term, number, substitute, symbol

PLACE = Path(__file__).with_name("adapted.json")
MAML = "MAML"
"""The name under which `given` assumes that all problems are adapted ones."""
LINK = "adapted/"
LOOKS = "STAYS & (forall y in Phi, t in tasks: L(t, y - alpha*grad L(t, y)) = {})"


@final
@dataclass(frozen=True, slots=True)
class Adapted:
    """An example whose problem is the adapted one of `base`, a plain problem with a rate.

    Raises `ValueError` when the two differ in their weights, parameters, domain or number of tasks.
    """

    example: Example
    base: MetaProblem

    def __post_init__(self) -> None:
        for part in ("parameters", "weights", "constraints", "noise"):
            here, there = getattr(self.example.problem, part), getattr(self.base, part)
            if here != there:
                raise ValueError(f"the {part} of {self.example.name}, {here}, are not those of its base, {there}")

    @property
    def name(self) -> str:
        return self.example.name

    def links(self) -> Iterator[tuple[str, MetaProblem, str]]:
        """Id, problem and formula of the claims that make the example the adapted problem of its base: for each task, of the base
        with that task alone, that no step leaves Phi and that the loss after it is the loss of the example."""
        coordinates = {name: Term("coord", (symbol("y"), number(i))) for i, name in enumerate(self.base.parameters, 1)}
        for k, (before, after) in enumerate(zip(self.base.losses, self.example.problem.losses, strict=True), 1):
            alone = replace(self.base, losses=(before,), weights=(Fraction(1),))
            yield f"{LINK}{self.name}/{k}", alone, LOOKS.format(text(substitute(after, coordinates)))

    def linked(self, proved: Mapping[str, Claim | None]) -> bool:
        """Whether all of these claims are among the proved ones, given by id."""
        known = Conditions()
        return all(proved.get(name) == AtProblem(alone, known.parse(said)) for name, alone, said in self.links())


def adapted_problem(base: MetaProblem) -> MetaProblem:
    """The adapted problem with its losses multiplied out; no claim is made that the steps stay in Phi."""
    everywhere = replace(base, constraints=())
    ends = objectives.adapted_points(everywhere, objectives.rates(base), 1)
    losses = (objectives.tidy(objectives.put(base, loss, end)) for loss, end in zip(base.losses, ends, strict=True))
    return replace(base, losses=tuple(losses), rate=None)


@cache
def adapted() -> tuple[Adapted, ...]:
    """The examples of adapted problems that come with the package, small ones first."""
    return tuple(Adapted(example, base) for example, base in zip(_listed("adapted"), _bases(), strict=True))


@cache
def bases() -> tuple[Example, ...]:
    """Examples with tables, besides those of the collection, that are bases of adapted problems."""
    return _listed("bases")


def written_out(examples: Iterable[Example], changed: Iterable[Adapted]) -> str:
    """The text of `adapted.json` for these bases and adapted problems."""
    listed = tuple(changed)
    entries = json.loads(written(one.example for one in listed))
    after = [{**entry, "base": encode(one.base)} for entry, one in zip(entries, listed, strict=True)]
    return json.dumps({"bases": json.loads(written(examples)), "adapted": after}, indent=1) + "\n"


def _listed(part: str) -> tuple[Example, ...]:
    return read(json.dumps(_data()[part]))


def _bases() -> list[MetaProblem]:
    return [decode(entry["base"], MetaProblem) for entry in _data()["adapted"]]


@cache
def _data() -> Any:
    return json.loads(PLACE.read_text(encoding="utf-8"))
