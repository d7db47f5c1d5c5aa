"""Theories: named claims in steps, the theorems they cite, and the graph between them."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from html import escape
from pathlib import Path
from typing import Any, final

from .claims import (
    Array,
    AtProblem,
    Determines,
    EveryCombination,
    ForAllProblems,
    Labelled,
    Natural,
    SomeProblem,
    Statement,
    Theorem,
    Universe,
)
from .claims import Claim as Assertion
from .conditions import Condition, Conditions
from .kernel.rejection import Rejected
from .language import SyntaxProblem, parse_term
from .language.wording import labelled_conjuncts, labelled_parts
from .matrix_claims import Properties, matrix_identities
from .printing import text
from .problems import MetaProblem
from .terms import IllFormed, Term, as_term, subterms

LABELS = ("definition", "ill-posed", "prose")


class TheoryProblem(ValueError):
    """A theory that is not well made; the message gives file and line."""


@final
@dataclass(frozen=True, slots=True)
class Hint:
    """What an author knows: a problem and point, terms to instantiate with, why the domain is connected, or a certificate."""

    problem: MetaProblem | None = None
    point: tuple[Any, ...] = ()
    terms: tuple[Term, ...] = ()
    connected: Any = None
    certificate: Any = None


@final
@dataclass(frozen=True, slots=True)
class Intermediate:
    """A formula on the way to a claim, which the rules and theorems `by` derive from what stands before it.

    Where `after` lists numbers of earlier formulas (the first has number 1), it follows from these alone; 0 stands for none.
    """

    formula: Term
    by: tuple[str, ...] = ()
    after: tuple[int, ...] = ()


@final
@dataclass(frozen=True, slots=True)
class Claim:
    """An assertion with its name.

    `assertion` is what the kernel decides; None for a label (`definition`, `ill-posed`, `prose`) with its `reason`.
    `expected` is the author's truth value.  `by` names rules and theorems for a derivation, which goes `through` formulas
    that the author gives; for a statement it names rules at terms, `exp(c*f[i])`, and `at: 1, exp(2)`, numbers to insert.
    `words` says it in English, `place` is file:line.
    """

    id: str
    step: str
    assertion: Assertion | None
    expected: bool | None = None
    source: str = ""
    words: str = ""
    label: str = ""
    reason: str = ""
    repairs: str = ""
    specialises: str = ""
    uses: tuple[str, ...] = ()
    hint: Hint | None = None
    by: tuple[str, ...] = ()
    through: tuple[Intermediate, ...] = ()
    place: str = ""
    cited: tuple[Theorem, ...] = ()
    readings: tuple[str, ...] = ()

    def _repr_latex_(self) -> str:
        from .reports.latex import latex_claim

        return str(latex_claim(self))


@dataclass(repr=False)
class Theory:
    """Claims under unique ids, in steps.  `claim`, `exists`, `at`, `statement`, ... add one and return it."""

    name: str
    conditions: Iterable[Condition] = ()
    step: str = ""
    title: str = ""
    claims: dict[str, Claim] = field(default_factory=dict)
    theorems: dict[str, Theorem] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._conditions = Conditions(tuple(self.conditions))
        if self.step:
            self.titles[self.step] = self.title

    def __getitem__(self, name: str) -> Claim:
        if name in self.claims:
            return replace(self.claims[name], cited=tuple(self.theorems.values()))
        close = difflib.get_close_matches(name, self.claims, 1)
        raise KeyError(f"no claim {name!r} in {self.name}" + (f"; did you mean {close[0]!r}?" if close else ""))

    def __len__(self) -> int:
        return len(self.claims)

    def __repr__(self) -> str:
        return f"Theory({self.name!r}, {len(self)} claims)"

    def _repr_html_(self) -> str:
        listed = ((made.id, described(made), made.words) for made in self.claims.values())
        rows = ("".join(f"<td>{escape(cell)}</td>" for cell in row) for row in listed)
        return f"<table><tr><th>id</th><th>claim</th><th>words</th></tr>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"

    # adding claims

    def claim(self, name: str, source: str, *, universe: Universe | None = None, **more: Any) -> Claim:
        """For all meta-problems: `A & B => C`, or `C` alone."""
        where = universe or Universe()
        formula = self._parse(source)
        hypotheses, conclusion = labelled_parts(formula, source)
        return self._add(name, ForAllProblems(where, hypotheses, conclusion), source, more)

    def exists(self, name: str, source: str, *, universe: Universe | None = None, **more: Any) -> Claim:
        """For some meta-problem and point: `A & B & C`."""
        conditions = labelled_conjuncts(self._parse(source), source)
        return self._add(name, SomeProblem(universe or Universe(), conditions), source, more)

    def combinations(self, name: str, given: str, conditions: Iterable[str], **more: Any) -> Claim:
        """Every choice of truth values of the conditions occurs together with `given`."""
        listed = tuple(Labelled(c, self._parse(c)) for c in conditions)
        source = f"all truth values of {', '.join(c.label for c in listed)} occur with {given}"
        assertion = EveryCombination(Universe(), labelled_conjuncts(self._parse(given), given), listed)
        return self._add(name, assertion, source, more)

    def at(self, name: str, problem: MetaProblem, source: str, **more: Any) -> Claim:
        """The formula holds for this one problem."""
        return self._add(name, AtProblem(problem, self._parse(source)), source, more)

    def statement(
        self,
        name: str,
        source: str,
        *,
        naturals: Mapping[str, int] | None = None,
        functions: Iterable[str] = (),
        arrays: Mapping[str, tuple[Any, ...]] | None = None,
        **more: Any,
    ) -> Claim:
        """For all naturals (name: least value), functions R -> R and real arrays (name: shape): the formula.

        Raises `TheoryProblem`, also for a division by a natural number that may be 0, such as the mean over an empty index set.
        """
        formula = self._parse(source)
        for part in subterms(formula):
            size = part.args[0].args[0] if part.head == "pow" and part.args[1] < 0 and part.args[0].head == "sym" else ""
            if (naturals or {}).get(size, 1) < 1:
                raise TheoryProblem(f"{_caller()}: {source!r} divides by {size}, and {size} >= {(naturals or {})[size]} may be 0")
        assertion = Statement(
            tuple(Natural(n, least) for n, least in (naturals or {}).items()),
            tuple(functions),
            tuple(Array(n, tuple(_side(s) for s in shape)) for n, shape in (arrays or {}).items()),
            formula,
        )
        return self._add(name, assertion, source, more)

    def determines(self, name: str, inputs: Iterable[str], output: str, **more: Any) -> Claim:
        """The output term is a function of the input terms."""
        listed = tuple(inputs)
        assertion = Determines(Universe(domain="whole"), tuple(map(parse_term, listed)), parse_term(output))
        return self._add(name, assertion, f"{output} is a function of {', '.join(listed)}", more)

    def matrix(
        self,
        name: str,
        *,
        shapes: Mapping[str, tuple[str, str]],
        equations: Iterable[str],
        scalars: Iterable[str] = (),
        **more: Any,
    ) -> Claim:
        """Matrix formulas for all sizes and exponents; besides `shapes` (name: rows, columns) and `scalars` the properties
        `inverses` (pairs), `symmetric`, `orthogonal` and `nonzero` of `matrix_claims.Properties`."""
        listed = tuple(equations)
        pairs = tuple((a, b) for a, b in more.pop("inverses", ()))
        symmetric, orthogonal, nonzero = (tuple(more.pop(p, ())) for p in ("symmetric", "orthogonal", "nonzero"))
        try:
            known = Properties(pairs, symmetric, orthogonal, nonzero)
            assertion = matrix_identities(shapes, map(self._parse, listed), scalars, known)
        except (IllFormed, Rejected) as cause:
            raise TheoryProblem(f"{_caller()}: {cause}") from None
        return self._add(name, assertion, "; ".join(listed), more)

    def remark(self, name: str, label: str, reason: str, **more: Any) -> Claim:
        """An entry that is no claim: a `definition`, `prose`, or `ill-posed` with what is missing."""
        if label not in LABELS:
            raise TheoryProblem(f"{label!r} is none of the labels {', '.join(LABELS)}")
        return self._add(name, None, "", {**more, "label": label, "reason": reason})

    def unformalised(self, name: str, *, reason: str, needs: str = "", **more: Any) -> Claim:
        """A claim that is not stated formally and stays undecided; `needs`: what the language lacks for it, if anything."""
        return self._add(name, None, "", {**more, "reason": f"{reason}; the language lacks {needs}" if needs else reason})

    def cite(self, name: str, source: str, *, functions: Iterable[str], reference: str) -> None:
        """A theorem of analysis, algebra or probability about the functions and sets named; `reference` gives author,
        year and number."""
        if name in self.theorems:
            raise TheoryProblem(f"the theorem {name!r} is cited twice")
        self.theorems[name] = Theorem(name, tuple(functions), self._parse(source), reference)

    def _intermediate(self, before: int, formula: str, *by: str | int) -> Intermediate:
        """A formula on the way, with `before` others before it; of `by` the numbers are those of the formulas it follows."""
        after = tuple(one for one in by if isinstance(one, int))
        if loose := [number for number in after if not 0 <= number <= before]:
            raise TheoryProblem(f"{_caller()}: there is no formula number {loose[0]} before {formula!r}, only {before}")
        return Intermediate(self._parse(formula), tuple(one for one in by if isinstance(one, str)), after)

    def _parse(self, source: str) -> Term:
        try:
            return self._conditions.parse(source)
        except (SyntaxProblem, IllFormed) as cause:
            raise TheoryProblem(f"{_caller()}: {cause}") from None

    def _add(self, name: str, assertion: Assertion | None, source: str, more: dict[str, Any]) -> Claim:
        place = _caller()
        if name in self.claims:
            raise TheoryProblem(f"{place}: the id {name!r} is taken, at {self.claims[name].place}")
        if more.get("expected") not in (True, False, None):
            raise TheoryProblem(f"{place}: {name} has expected={more['expected']!r}, and a truth value is True, False or None")
        known = [one.name for one in fields(Claim)]
        if unknown := set(more) - {*known}:
            close = difflib.get_close_matches(min(unknown), known, 1)
            hint = f"; did you mean {close[0]!r}?" if close else ""
            raise TheoryProblem(f"{place}: a claim has no {min(unknown)!r}{hint}")
        given = [(one,) if isinstance(one, str) else one for one in more.pop("through", ())]
        through = tuple(self._intermediate(k, *step) for k, step in enumerate(given))
        made = Claim(name, self.step, assertion, source=source, place=place, through=through, **more)
        self.claims[name] = made
        return made

    # the whole

    def main(self) -> None:
        """Check this step and print its verdicts; for `python step_NN_name.py`."""
        from .cli import run_step

        run_step(Path(sys.argv[0]).resolve(), self.step)


def _side(value: Any) -> Term:
    return parse_term(value) if type(value) is str else as_term(value)


def _caller() -> str:
    """file:line of the first frame outside this module."""
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename == __file__:
        frame = frame.f_back
    return f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno}"


def described(claim: Claim) -> str:
    """The claim in one line of the formal language."""
    return claim.source or (text(claim.assertion.formula) if isinstance(claim.assertion, AtProblem) else claim.reason)
