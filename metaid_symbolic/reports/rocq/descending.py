"""The kernel's rules on gradient descent, as theorems about the objective of one problem on the line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...certificates import Lemma, Proof
from ...terms import Term
from .kernel_view import Reading, general_rule
from .printing import Unprintable, lines, rocq
from .statement import Spoken

PROOFS = {
    "limit is critical": "intros _ eta x a [p c]; exact (limit_is_critical {g} {d} eta x a {d}_is_derivative p c).",
    "starts at rest": "intros _ eta x a [p c]; exact (starts_at_rest {g} eta x a p c).",
    "two cycle": "intros _ eta x y a [p [q [d c]]]; apply (two_cycle {g} eta x y a); [lra | lra | exact d | exact c].",
    "basin": (
        "intros _ p r low high eta x [n [r0 [l [z [b [e1 [e2 i]]]]]]].\n"
        "  apply (basin {g} {d} p r low high eta x {d}_is_derivative r0 l z); [| exact e1 | exact e2 | lra].\n"
        "  intros y h; destruct (b y ltac:(lra)); split; lra."
    ),
}
"""For each rule the proof of its instance, from `descent.v`: {g} is the slope of the objective, {d} its derivative."""
Rules = Mapping[str, tuple[Term, str]]
"""The formula of a rule, as the kernel reads it, and the theorem that states it; the empty name where there is none."""


def lemma_names(proof: Proof) -> Iterator[str]:
    """The rules that a proof calls on without a term."""
    if isinstance(proof, Lemma) and not proof.terms:
        yield proof.name
    for name in ("then", "yes", "no"):
        if hasattr(proof, name):
            yield from lemma_names(getattr(proof, name))
    for branch in getattr(proof, "branches", ()):
        yield from lemma_names(branch)


def rules(proofs: tuple[Proof, ...], spoken: Spoken, reading: Reading) -> Rules:
    """The rules that the proofs call on; theorems for those that can be stated are added to the definitions."""
    made: dict[str, tuple[Term, str]] = {}
    for name in dict.fromkeys(n for proof in proofs for n in lemma_names(proof)):
        formula = general_rule(name)
        if formula is not None:
            made[name] = reading.formula(formula, {}), _theorem(name, formula, spoken)
    return made


def _theorem(name: str, formula: Term, spoken: Spoken) -> str:
    if name not in PROOFS:
        return ""
    try:
        slope, second = spoken.known.descent()
        statement = rocq(spoken.formula(formula, {}))
    except Unprintable:
        return ""
    theorem = f"rule_{name.replace(' ', '_')}{spoken.known.suffix}"
    proof = PROOFS[name].format(g=slope, d=second)
    spoken.known.texts.append(f"Theorem {theorem} :\n  {lines(statement)}.\nProof.\n  {proof}\nQed.")
    spoken.known.derivatives.append(theorem)
    return theorem
