"""The remedies for ambiguous parameters by name: regularisation, normalisation, constraints, further tasks.

Each is written KIND or KIND:WHAT.  Parameters are named by patterns as of file names: `w1_0_*`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from fnmatch import fnmatchcase
from itertools import pairwise
from typing import Any, final

from ..language import parse_term
from ..model import Model
from ..problems import exact
from ..terms import IllFormed, Term, symbol
from .adaptation import extended
from .analysis import Symmetries, analyse
from .breaking import Surviving, constrained, l2, normalised, penalised, unit_norm, weight_normalised
from .fields import VectorField
from .modules import new_fields

KINDS = {
    "l2": "l2, or l2:1,0,2 for |theta - centre|^2",
    "unit-norm": "unit-norm:w1_0_*, the parameters of one unit or layer with |w| = 1",
    "normalise": "normalise:w1_0_*, the model at w/|w|",
    "weight-norm": "weight-norm:w1_0_*, the model at g w/|w| with a further parameter g",
    "order": "order:a<b<c",
    "sign": "sign:a, that is a > 0",
    "slice": "slice:a=1",
    "task": "task:(a*x - 1)^2, the loss of a further task or another penalty",
}


@final
@dataclass(frozen=True)
class Added:
    """What is added: `terms` that singles out parameters, `equations` = 0, `inequalities` > 0, or another model."""

    terms: tuple[Term, ...] = ()
    equations: tuple[Term, ...] = ()
    inequalities: tuple[Term, ...] = ()
    model: Model | None = None


@final
@dataclass(frozen=True)
class Broken:
    """What the remedy `name` leaves: `kept` of the symmetries of the model, and the `new` affine fields of a normalised one."""

    name: str
    kept: Surviving
    new: tuple[VectorField, ...] = ()

    def row(self) -> tuple[str, ...]:
        """The cells of a table: remedy, fields, finite group, verdict."""
        kept = self.kept
        fields = f"{len(kept.fields)} of {len(kept.fields) + kept.broken_fields}"
        fields += f", {len(self.new)} new" if self.new else ""
        group = f"{kept.discrete.structure}, order {kept.discrete.order} of {kept.discrete.order + kept.broken_elements}"
        return self.name, fields, group, "proved" if kept.proved else f"at most {kept.bound} fields"

    def to_json(self) -> dict[str, Any]:
        kept = self.kept
        return {
            "remedy": self.name,
            "fields": [v.name for v in kept.fields],
            "lost_fields": kept.broken_fields,
            "generators": [g.name for g in kept.discrete.generators],
            "order": kept.discrete.order,
            "structure": kept.discrete.structure,
            "lost_elements": kept.broken_elements,
            "new": [v.name for v in self.new],
            "proved": kept.proved,
        }

    def __str__(self) -> str:
        fields = [f"  {v.name}" for v in self.kept.fields] + [f"  new: {v.name}" for v in self.new]
        return "\n".join([f"{self.name}: {self.kept.sizes}", *fields, *(f"  {g.name}" for g in self.kept.discrete.generators)])


@final
@dataclass(frozen=True)
class Breaking:
    """One row a remedy, and of several that are no other models one for all at once."""

    rows: tuple[Broken, ...]

    @property
    def proved(self) -> bool:
        return all(row.kept.proved for row in self.rows)

    def to_json(self) -> list[dict[str, Any]]:
        return [row.to_json() for row in self.rows]

    def latex(self) -> str:
        """A `tabular`, which needs no package, of how much remains."""
        from ..reports.latex_models import breaking

        return breaking(self)

    def __str__(self) -> str:
        return "\n".join(["what remains of the symmetries:", *(str(row) for row in self.rows)])


def break_symmetries(found: Symmetries, remedies: Sequence[str]) -> Breaking:
    """What each of the remedies leaves of the symmetries, with the identities that say so.

    Raises `IllFormed` for an unknown remedy, and for one that disagrees with the parameters.
    """
    parts = [added(found.model, remedy) for remedy in remedies]
    rows = [_broken(found, remedy, part) for remedy, part in zip(remedies, parts, strict=True)]
    if len(rows) > 1 and not any(part.model for part in parts):
        rows.append(_broken(found, "all of these", _together(parts)))
    return Breaking(tuple(rows))


def _together(parts: Sequence[Added]) -> Added:
    return Added(
        tuple(t for part in parts for t in part.terms),
        tuple(t for part in parts for t in part.equations),
        tuple(t for part in parts for t in part.inequalities),
    )


def _broken(found: Symmetries, name: str, part: Added) -> Broken:
    if part.model is not None:
        left = penalised(extended(found, part.model), part.model.outputs)
        return Broken(name, left, new_fields(left.fields, analyse(part.model).vector_fields))
    kept = penalised(found, part.terms) if part.terms else None
    if part.equations or part.inequalities:
        here = replace(found, vector_fields=kept.fields, discrete=kept.discrete) if kept else found
        kept = _joined(found, kept, constrained(here, part.equations, part.inequalities))
    if kept is None:
        raise IllFormed(f"{name} adds nothing")
    return Broken(name, kept)


def _joined(found: Symmetries, first: Surviving | None, last: Surviving) -> Surviving:
    """What remains after both, counted against all that there was."""
    if first is None:
        return last
    lost = len(found.vector_fields) - len(last.fields), found.discrete.order - last.discrete.order
    identities = (*first.identities, *last.identities)
    bound = last.bound if first.proved else first.bound
    return replace(last, identities=identities, bound=bound, broken_fields=lost[0], broken_elements=lost[1])


def added(model: Model, remedy: str) -> Added:
    """What the words of a remedy mean for the model.  Raises `IllFormed`."""
    kind, colon, what = remedy.partition(":")
    if kind not in KINDS:
        near = get_close_matches(kind, KINDS, 1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(KINDS)}"
        raise IllFormed(f"there is no remedy {kind!r}; {hint}")
    if not what and (colon or kind != "l2"):
        raise IllFormed(f"{remedy!r} says nothing of what it is applied to: it is written {KINDS[kind]}")
    return _READERS[kind](model, what)


def _l2(model: Model, what: str) -> Added:
    return Added(terms=(l2(model, [exact(v.strip(), "a coordinate of the centre") for v in what.split(",")] if what else None),))


def _order(model: Model, what: str) -> Added:
    names = [_one(model, name) for name in what.split("<")]
    if len(names) < 2:
        raise IllFormed(f"{what!r} is no order: it is written {KINDS['order']}")
    return Added(inequalities=tuple(symbol(b) - symbol(a) for a, b in pairwise(names)))


def _slice(model: Model, what: str) -> Added:
    name, sign, value = what.partition("=")
    if not sign:
        raise IllFormed(f"{what!r} is no slice: it is written {KINDS['slice']}")
    return Added(equations=(symbol(_one(model, name)) - exact(value.strip(), "the value of a slice"),))


def _weight_norm(model: Model, what: str) -> Added:
    length = "g"
    while length in (*model.parameters, *model.inputs):
        length += "_"
    return Added(model=weight_normalised(model, _names(model, what), length))


_READERS: dict[str, Callable[[Model, str], Added]] = {
    "l2": _l2,
    "unit-norm": lambda model, what: Added(equations=(unit_norm(_names(model, what)),)),
    "normalise": lambda model, what: Added(model=normalised(model, _names(model, what))),
    "weight-norm": _weight_norm,
    "order": _order,
    "sign": lambda model, what: Added(inequalities=(symbol(_one(model, what)),)),
    "slice": _slice,
    "task": lambda _, what: Added(terms=(parse_term(what),)),
}


def _names(model: Model, patterns: str) -> tuple[str, ...]:
    """The parameters that some of the patterns, between commas, name.  Raises `IllFormed` for a pattern that names none."""
    listed = [pattern.strip() for pattern in patterns.split(",")]
    for pattern in listed:
        if not any(fnmatchcase(n, pattern) for n in model.parameters):
            raise IllFormed(f"{pattern!r} names none of the parameters {', '.join(model.parameters)}")
    return tuple(n for n in model.parameters if any(fnmatchcase(n, pattern) for pattern in listed))


def _one(model: Model, name: str) -> str:
    if name.strip() not in model.parameters:
        raise IllFormed(f"{name.strip()!r} is none of the parameters {', '.join(model.parameters)}")
    return name.strip()
