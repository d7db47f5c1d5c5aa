"""Proofs of matrix identities in LaTeX: what is granted, and each goal as a combination of it that vanishes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from operator import mul
from typing import final

from ..certificates import MatrixProof, NormalForm, Reduction
from ..claims import MatrixIdentities
from ..kernel.matrix import gap, granted, parts
from ..terms import ONE, ZERO, Term, number, rebuild, substitute, symbol, total
from .latex_claims import matrix_formula
from .latex_derivation import BEGIN
from .latex_lines import Row, relations
from .notation import latex, opened

INTRODUCTION = (
    r"Matrix expressions are compared by their expansions into words in the letters; $E_{k}$ is the left side of $(k)$ less its"
    " right side."
)


def matrix_derivation(claim: MatrixIdentities, certificate: NormalForm, label: str = "") -> str:
    """The formulas one after another; the rows are numbered through."""
    told = _Identities(claim, label)
    pairs = list(zip(claim.formulas, certificate.proofs, strict=True))
    lines = [line for formula, proofs in pairs for line in told.formula(formula, proofs)]
    return "\n".join([INTRODUCTION, BEGIN, *lines, r"\par\endgroup"])


@final
class _Identities:
    """The rows so far, and the numbers of what is granted, which formulas share."""

    def __init__(self, claim: MatrixIdentities, label: str) -> None:
        self.claim, self.label, self.count = claim, label, 0
        self.granted: dict[Term, int] = {}

    def formula(self, formula: Term, proofs: tuple[MatrixProof, ...]) -> Iterator[str]:
        hypotheses = sum(map(len, parts(formula)[:-1]))
        facts = granted(formula)
        rows = []
        for place, fact in enumerate(facts):
            if fact not in self.granted:
                self.granted[fact] = self.count + 1
                rows.append(self.row(fact, "granted" if place < hypotheses else "a power commutes with its base"))
        yield from self.shown(rows)
        known = [(self.granted[fact], fact) for fact in facts]
        for proof in proofs:
            yield from self.proof(proof, known)

    def proof(self, proof: MatrixProof, known: list[tuple[int, Term]]) -> Iterator[str]:
        """The goals for the exponent 0 and for the next one, or at once; then they are known."""
        goals = [(self.count + 1 + place, goal) for place, goal in enumerate(proof.goals)]
        stages = [
            ({proof.name: ZERO}, known, proof.base),
            ({proof.name: symbol(proof.name or "k") + 1}, known + goals, proof.step),
        ]
        reduced = [
            self.reduced(substitute(goal, values), facts, reduction)
            for values, facts, reductions in (stages if proof.name else [({}, known, proof.base)])
            for goal, reduction in zip(proof.goals, reductions, strict=True)
        ]
        plain = not proof.name and all(row.right == "0" for row in reduced)
        why = rf"by induction on ${latex(symbol(proof.name))}$:" if proof.name else "by expansion" if plain else "since"
        yield from self.shown([self.row(goal, why) for goal in proof.goals])
        yield from self.shown([] if plain else reduced)
        known += goals

    def row(self, fact: Term, reason: str) -> Row:
        self.count += 1
        if fact.head == "eq":
            return Row(latex(fact.args[0]), "=", latex(fact.args[1]), reason, self.count)
        return Row(matrix_formula(self.claim, fact), "", "", reason, self.count)

    def reduced(self, goal: Term, known: list[tuple[int, Term]], reduction: Reduction) -> Row:
        """The gap of the goal as the forms and the combination of the E_k."""
        names = {f"_{place}": symbol(f"E_{k}") for place, (k, fact) in enumerate(known) if fact.head == "eq"}
        forms = [
            reduce(mul, [*(gap(known[i][1]) for i in which), x], number(weight) * Term("tr", (x,)))
            for weight, which, x, _ in reduction.squares
        ]
        summands = forms if reduction.combination == ZERO else [*forms, substitute(reduction.combination, names)]
        value = latex(cancelled(total(summands)))
        return Row(latex(cancelled(gap(goal))), "=", f"{value} = 0" if goal.head == "eq" and value != "0" else value)

    def shown(self, rows: list[Row]) -> Iterator[str]:
        """In an `align`, or one by one, or in the text where a line has no room for it."""
        made = relations(rows, self.label) if rows else ""
        if made is not None:
            yield from filter(None, [made])
        elif len(rows) > 1:
            for row in rows:
                yield from self.shown([row])
        else:
            (row,) = rows
            why = rf" \emph{{[{row.reason}]}}" if row.reason else ""
            mark = rf"\hspace*{{\fill}}\mbox{{({row.number})}}" if row.number else ""
            yield rf"\noindent ${row.left} {row.relation} {row.right}${why}{mark}\par"


def cancelled(term: Term) -> Term:
    """Products without 1 and with one sign; sums without 0 and without what stands in them with both signs."""
    made = rebuild(term, cancelled)
    if made.head == "mul":
        factors = [f for f in opened(made) if f not in (ONE, number(-1))]
        odd = sum(f == number(-1) for f in opened(made)) % 2
        whole = reduce(mul, factors) if factors else ONE
        return -whole if odd else whole
    if made.head != "add":
        return made
    left: list[Term] = []
    for part in (p for p in opened(made) if p not in (ZERO, -ZERO)):
        negative = part.head == "mul" and part.args[0] == number(-1) and len(part.args) == 2
        opposites = opened(part.args[1]) if negative and part.args[1].head == "add" else [part.args[1] if negative else -part]
        if all(one in left for one in opposites):
            for one in opposites:
                left.remove(one)
        else:
            left.append(part)
    return total(left)
