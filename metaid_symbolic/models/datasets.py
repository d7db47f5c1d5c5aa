"""A task's data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, final

from ..problems import exact
from ..terms import IllFormed, Term, as_term, number

Row = tuple[Term, ...]


@final
@dataclass(frozen=True, slots=True)
class Dataset:
    """Examples (x_i, y_i): `inputs[i]` in R^d and `targets[i]` in R^k, i = 1, ..., m; a single entry stands for a row of one.

    Entries are rational numbers, or terms in task variables.  Raises `IllFormed` for floats and for rows that disagree.
    """

    inputs: tuple[Row, ...]
    targets: tuple[Row, ...]

    def __post_init__(self) -> None:
        for name, what in (("inputs", "an input"), ("targets", "a target")):
            listed = getattr(self, name)
            if not isinstance(listed, Iterable) or isinstance(listed, str):
                raise IllFormed(f"the {name} are {listed!r}, no list of rows")
            rows = tuple(_row(row, what) for row in listed)
            object.__setattr__(self, name, rows)
            for place, row in enumerate(rows):
                if len(row) != len(rows[0]):
                    raise IllFormed(f"example {place} has {len(row)} {name}, and example 0 has {len(rows[0])}")
        if len(self.inputs) != len(self.targets) or not self.inputs:
            raise IllFormed(f"{len(self.inputs)} inputs disagree with {len(self.targets)} targets, or there are none")

    @classmethod
    def of(cls, inputs: Any, targets: Any) -> Dataset:
        """The dataset of rows, or single entries, that are numbers, texts like "1/2", or terms."""
        return cls(inputs, targets)

    def __len__(self) -> int:
        return len(self.inputs)

    @property
    def examples(self) -> tuple[tuple[Row, Row], ...]:
        return tuple(zip(self.inputs, self.targets, strict=True))


def _row(row: Any, what: str) -> Row:
    if type(row) not in (Term, str) and isinstance(row, Iterable):
        return tuple(entry(v, what) for v in row)
    return (entry(row, what),)


def entry(value: Any, what: str) -> Term:
    """A rational number or a term (also of SymPy).  Raises `IllFormed` for anything else, such as a float."""
    return as_term(value) if type(value) is Term or hasattr(value, "__sympy__") else number(exact(value, what))
