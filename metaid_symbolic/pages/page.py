"""What a page says, as far as its markup shows it: data without any judgement about mathematics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import final


@final
@dataclass(frozen=True, slots=True)
class Section:
    """A heading.  `step` is the number of a heading such as `Step 3: Task diversity`, whose `title` is then `Task diversity`."""

    title: str
    level: int
    line: int
    step: int | None = None


@final
@dataclass(frozen=True, slots=True)
class Assertion:
    """A passage that asserts something: a labelled paragraph, an item of a list, a row of a table, a `prf:` directive.

    `kind` is its label (`Claim`, `Theorem`, `Task Diversity`, `Row`, ...), `under` the label that a list stands under,
    `text` what it says with its formulas as LaTeX, `block` the line where its block begins.
    """

    section: Section
    kind: str
    text: str
    line: int
    block: int
    under: str = ""


@final
@dataclass(frozen=True, slots=True)
class Reference:
    """A role or link that points to `label`."""

    label: str
    line: int


@final
@dataclass(frozen=True, slots=True)
class Page:
    """A page read: `formulas` are displayed ones (line, LaTeX), `tables` their lines, `labels` where each is defined,
    `problems` messages with file and line about references to nothing, labels defined twice and a `$` without partner."""

    name: str
    title: str
    sections: tuple[Section, ...]
    assertions: tuple[Assertion, ...]
    formulas: tuple[tuple[int, str], ...]
    tables: tuple[int, ...]
    labels: Mapping[str, int]
    references: tuple[Reference, ...]
    bibliography: tuple[str, ...]
    problems: tuple[str, ...]
