"""What is known of each claim, once the kernel has spoken."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, final

from .certificates import Certificate, Instance, MatrixCounterexample, Pair, Specialisation
from .claims import AtProblem, Determines, EveryCombination, ForAllProblems, SomeProblem, Statement
from .encoding import decode, loads
from .sentences import universe_words
from .theory import Claim

WORDS = {"MatrixIdentities": "real matrices of all sizes"}
NOT_CHECKED = "not checked yet: run metaid check"
REFUTING = (Instance, MatrixCounterexample, Pair, Specialisation)


class Verdict(Enum):
    """The first five are verdicts on claims; the last three label what is no claim."""

    PROVED = "proved"
    REFUTED = "refuted"
    ASSUMED = "assumed"
    SUPPORTED = "supported"
    UNDECIDED = "undecided"
    DEFINITION = "definition"
    ILL_POSED = "ill-posed"
    PROSE = "prose"

    @property
    def decided(self) -> bool:
        return self in (Verdict.PROVED, Verdict.REFUTED)

    @property
    def truth(self) -> bool | None:
        return {Verdict.PROVED: True, Verdict.ASSUMED: True, Verdict.REFUTED: False}.get(self)

    @property
    def label(self) -> bool:
        return self in (Verdict.DEFINITION, Verdict.ILL_POSED, Verdict.PROSE)


@final
@dataclass(frozen=True)
class Result:
    """The verdict on one claim, with all that it rests on.

    `grade`: exact, or enclosed by intervals.  `assumptions`: the cited theorems used.  `origin`: `search:<method>`,
    `author:<file>`, or `stored` when only the stored certificate was replayed.  `vacuity`: nonvacuous, vacuous, or
    `vacuous?` when neither is known.  `path`: the certificate's file, in the theory's folder, and `source` its text.
    `ran`: why it was searched, or `cached`.  `trouble`: disagreement, fault, rejected, differs or broken, if any.
    """

    claim: Claim
    verdict: Verdict
    grade: str = ""
    assumptions: tuple[str, ...] = ()
    origin: str = ""
    vacuity: str = ""
    minimal: str = ""
    seconds: float = 0.0
    path: str = ""
    reason: str = ""
    source: str = ""
    ran: str = ""
    trouble: str = ""

    @property
    def id(self) -> str:
        return self.claim.id

    @property
    def kind(self) -> str:
        return self.claim.label or type(self.claim.assertion).__name__

    @property
    def shown(self) -> str:
        """The verdict as the table prints it: `proved +2` rests on two cited theorems."""
        extra = f" +{len(self.assumptions)}" if self.assumptions and self.verdict.decided else ""
        return self.verdict.value + extra

    @property
    def contradicted(self) -> bool:
        """The kernel established the negation of what the author expects."""
        truth = self.verdict.truth
        return truth is not None and self.claim.expected is not None and truth != self.claim.expected

    @property
    def universe(self) -> str:
        return universe(self.claim)

    @property
    def certificate(self) -> Certificate | None:
        """The accepted certificate."""
        return decode(loads(self.source)["certificate"], Certificate) if self.source else None

    @property
    def counterexample(self) -> Certificate | None:
        """The exact witness against a refuted claim; None for other verdicts."""
        found = self.certificate if self.verdict is Verdict.REFUTED else None
        return found if isinstance(found, REFUTING) else None

    def latex(self, label: str = "") -> str:
        """The claim and its verdict for a paper."""
        from .reports.latex import latex_claim

        return str(latex_claim(self.claim, self, label=label))

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id, "step": self.claim.step, "kind": self.kind, "verdict": self.verdict.value,
            "expected": self.claim.expected, "universe": self.universe, "grade": self.grade,
            "assumptions": list(self.assumptions), "origin": self.origin, "vacuity": self.vacuity, "minimal": self.minimal,
            "seconds": round(self.seconds, 3), "certificate": self.path or None, "reason": self.reason,
        }  # fmt: skip

    def _repr_html_(self) -> str:
        """The row of the table of verdicts, with the counterexample or example below it."""
        from .reports.counterexample import witness_text
        from .reports.table import html_table

        certificate, assertion = self.certificate, self.claim.assertion
        words = witness_text(assertion, certificate) if certificate is not None and assertion is not None else ""
        return html_table([self]) + (f"<pre>{html.escape(words)}</pre>" if words else "")

    def _repr_latex_(self) -> str:
        return self.latex()


def universe(claim: Claim) -> str:
    """What the claim ranges over, in a few words."""
    match claim.assertion:
        case ForAllProblems(where) | SomeProblem(where) | EveryCombination(where) | Determines(where):
            return "all n; " + universe_words(where)
        case AtProblem(problem):
            return f"one meta-problem on a subset of R^{problem.dimension}"
        case Statement(naturals, functions, arrays):
            bound = [f"all {n.name} >= {n.least}" for n in naturals]
            bound += [f"all C^2 {f}" for f in functions] + [f"all real {a.name}" for a in arrays]
            return ", ".join(bound) or "closed"
        case None:
            return ""
        case other:
            return WORDS.get(type(other).__name__, type(other).__name__)


def judge(established: Mapping[str, Any]) -> Verdict:
    """The verdict for what the kernel established: `truth`, `theorems`, and whether it is mere instantiation of one."""
    if not established["truth"]:
        return Verdict.REFUTED
    return Verdict.ASSUMED if established["instantiation"] and established["theorems"] else Verdict.PROVED


def without_search(claim: Claim) -> Result:
    """The result for an entry that is no claim, and for a claim that is not stated formally."""
    return Result(claim, Verdict(claim.label or "undecided"), reason=claim.reason)
