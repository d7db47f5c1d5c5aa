"""The rules: a claim and a certificate establish the claim or its negation, or the certificate is rejected.

To audit soundness read this folder and `terms`, `claims`, `certificates`, `problems`, `encoding`.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

from ..certificates import (
    Certificate,
    Defined,
    Derivation,
    Instance,
    Instances,
    MatrixCounterexample,
    NormalForm,
    Pair,
    Proof,
    Refutation,
    Specialisation,
)
from ..claims import (
    AtProblem,
    Claim,
    Determines,
    EveryCombination,
    ForAllProblems,
    MatrixIdentities,
    SomeProblem,
    Statement,
    Theorem,
    Universe,
)
from ..terms import (
    BINDERS,
    RANDOM,
    ZERO,
    Term,
    at_most,
    conjunction,
    free_symbols,
    less,
    negation,
    number,
    record,
    subterms,
    symbol,
)
from . import lemmas
from .instances import check_domain, check_instance, check_pair, not_seen
from .matrix import matrix_counterexample, matrix_identities
from .normal import Normaliser
from .polynomial import Ring
from .reading import specialised
from .rejection import Rejected, require
from .tableau import Checker, entry
from .unfold import Reading

DEFINED = ("F", "L", "F_MAML", "HL", "HF_MAML", "reptile", "fomaml", "Q", "Ex")
CONSTANTS = frozenset({"phi", "alpha", "n", "steps", "Phi", "F", "L", "F_MAML", "G", "C", "D", "Q", "reptile", "fomaml"})
"""What a formula may mention without a quantifier; the functions and sets stand in predicates."""
PROOFS = (Derivation, Instances, NormalForm)
"""Certificates that show their claim; one `Instance` shows a claim that there is one, and all else shows that a claim fails."""


@record
class Established:
    """The claim (truth) or its negation is established.  `grade` is `exact` or `enclosed` (interval arithmetic);
    `theorems` are the cited theorems it rests on."""

    truth: bool
    grade: str
    theorems: tuple[str, ...]


def check(
    claim: Claim, certificate: Certificate, theorems: Mapping[str, Theorem] | None = None, arithmetic: str = "python"
) -> Established:
    """What the certificate establishes about the claim.  Raises `Rejected` if nothing.

    `arithmetic` is `python` (standard library alone) or `flint`.
    """
    # in a statement `n` is any number and no dimension, and a rule about the value of a term is no theorem
    known = {k: t for k, t in (theorems or {}).items() if k not in lemmas.AT_A_TERM and not isinstance(claim, Statement)}
    checker = Checker(known, ring_of(arithmetic))
    try:
        check_names(claim)
        truth = _check(claim, certificate, checker)
    except (ValueError, ArithmeticError, RecursionError) as cause:  # IllFormed; no integer of over 4,300 digits is printed
        raise Rejected(str(cause)) from None
    return Established(truth, "enclosed" if checker.enclosed else "exact", tuple(sorted(checker.used)))


def ring_of(arithmetic: str) -> Ring:
    if arithmetic == "flint":
        from ..flint_arithmetic import FlintRing

        return FlintRing()
    require(arithmetic == "python", "there is no arithmetic {!r}", arithmetic)
    return Ring()


def _check(claim: Claim, certificate: Certificate, checker: Checker) -> bool:
    """The truth of the claim that the certificate establishes."""
    match claim, certificate:
        case ForAllProblems() | SomeProblem(), Instance():
            check_instance(claim.universe, formulas(claim), certificate, checker)
        case (ForAllProblems(universe), Derivation(proof)) | (SomeProblem(universe), Refutation(proof, 0)):
            derive(universe, formulas(claim), proof, checker)
        case EveryCombination(universe), Instances(instances):
            for wanted, found in zip(cases(claim), instances, strict=True):
                check_instance(universe, wanted, found, checker)
        case EveryCombination(universe), Refutation(proof, which):
            derive(universe, entry(cases(claim), which, "combination"), proof, checker)
        case AtProblem(), Derivation() | Refutation(_, 0):
            check_one_problem(claim, (), certificate, checker)
        case AtProblem(), Defined(domain, (Derivation() | Refutation(_, 0)) as then):
            check_one_problem(claim, domain, then, checker)
        case Statement(), Derivation(proof):
            derive_statement(claim, proof, checker)
        case Statement(), Specialisation(values, functions, entries, proof):
            checker.refute([specialised(claim, values, functions, entries)], proof)
        case MatrixIdentities(), NormalForm():
            matrix_identities(claim, certificate)
        case MatrixIdentities(), MatrixCounterexample():
            matrix_counterexample(claim, certificate, checker)
        case Determines(), Pair():
            check_pair(claim, certificate, checker)
        case _:
            raise Rejected(f"no rule takes {type(claim).__name__} with {type(certificate).__name__}")
    made = certificate.then if isinstance(certificate, Defined) else certificate
    return isinstance(made, PROOFS) or (isinstance(claim, SomeProblem) and isinstance(made, Instance))


def formulas(claim: Claim) -> list[Term]:
    """The formulas of a claim; for one about all problems or about some, those that an instance must satisfy."""
    match claim:
        case ForAllProblems(_, hypotheses, conclusion):
            return [*(h.formula for h in hypotheses), negation(conclusion.formula)]
        case SomeProblem(_, conditions):
            return [c.formula for c in conditions]
        case EveryCombination(_, given, conditions):
            return [c.formula for c in (*given, *conditions)]
        case AtProblem(_, formula) | Statement(_, _, _, formula):
            return [formula]
        case Determines(_, inputs, output):
            return [*inputs, output]
    return []


def cases(claim: EveryCombination) -> list[list[Term]]:
    """The formulas of each combination: the given ones, and each condition or its negation."""
    choices = product(*((c.formula, negation(c.formula)) for c in claim.conditions))
    return [[*(g.formula for g in claim.given), *chosen] for chosen in choices]


def check_names(claim: Claim) -> None:
    """But for constants every name is bound, and none belongs to the kernel."""
    known = CONSTANTS | {"t"} if isinstance(claim, Determines) else CONSTANTS
    if isinstance(claim, Statement):
        names = [*(n.name for n in claim.naturals), *(a.name for a in claim.arrays)]
        unique = len({*names, *claim.functions}) == len(names) + len(claim.functions)
        require(unique and all(n.least >= 0 for n in claim.naturals), "two things of one name, or a natural below 0: {}", claim)
        known = frozenset(names) - RANDOM
    for formula in formulas(claim):
        lemmas.check_bound(formula, known)


def check_one_problem(claim: AtProblem, domain: tuple[Proof, ...], made: Derivation | Refutation, checker: Checker) -> None:
    """Raises `Rejected` unless the losses are C^2 on Phi and the proof shows the formula, or its negation, of the problem."""
    require(claim.problem.rate is None or not free_symbols(claim.problem.rate), "the rate {} is no number", claim.problem.rate)
    checker.reading = Reading(claim.problem)
    check_domain(checker.reading, not_seen(claim.problem, Normaliser(Ring(), lambda name: "real")), domain, checker)
    read = checker.reading.formula(claim.formula, {})
    checker.refute([negation(read) if isinstance(made, Derivation) else read], made.proof)


def derive_statement(claim: Statement, proof: Proof, checker: Checker) -> None:
    """Raises `Rejected` unless the proof shows the formula for all sizes, functions and arrays, of which none has a
    meaning beyond that."""
    for name in claim.functions:
        require(name not in DEFINED and name[:2] not in ("D2", "D3"), "{} is no name of an arbitrary function", name)
    for part in subterms(claim.formula):
        ranging = part.head not in ("forall", "exists") or part.args[1] not in ("point", "task", "family")
        defined = part.head in ("grad", "hess") or (part.head == "app" and part.args[0] != "Ex")
        known = not defined or (part.args[0] in claim.functions and len(part.args) == 2)
        random = part.head in ("sym", *BINDERS) and part.args[0] in RANDOM
        real = part.head not in ("pred", "mean", "fisher", "posdef", "psd", "nonsingular", "samerank", "meq")
        require(ranging and known and real and not random, "{} is not read in a statement for all sizes", part)
    checker.normaliser.naturals = frozenset(n.name for n in claim.naturals)
    names = checker.normaliser.naturals.union(a.name for a in claim.arrays) - RANDOM
    require("phi" not in names, "phi is a point, neither a natural number nor an array")
    checker.refute([*sizes(claim), negation(claim.formula)], proof, names)


def sizes(claim: Statement) -> list[Term]:
    """What is known of the natural numbers of a statement."""
    least = [at_most(number(n.least), symbol(n.name)) for n in claim.naturals]
    return least + [less(ZERO, symbol(n.name)) for n in claim.naturals if n.least > 0]


def derive(universe: Universe, facts: list[Term], proof: Proof, checker: Checker) -> None:
    """Raises `Rejected` unless the facts contradict what holds in every problem of the universe."""
    require(universe.law == "finite", "derivations are for finite task laws, not {} ones", universe.law)
    rough = frozenset() if universe.smoothness in ("C2", "C3") else lemmas.SMOOTH
    for part in subterms(conjunction(facts)) if rough else ():
        plain = part.head not in ("grad", "hess", "fisher") and (part.head != "app" or part.args[0] in ("F", "L", "G", "Q"))
        require(plain, "losses that are not C^2 may have no {}", part)
    checker.refused = rough | (lemmas.ONE_STEP if any("steps" in free_symbols(fact) for fact in facts) else frozenset())
    checker.refute([*setting(universe), *facts], proof, CONSTANTS)


def setting(universe: Universe) -> list[Term]:
    """What holds in every problem of the universe."""
    phi, n, domain = symbol("phi"), symbol("n"), symbol("Phi")
    known = [Term("pred", ("whole",))] if universe.domain == "whole" else []
    if universe.domain in ("whole", "open"):
        known += [Term("pred", ("open", domain)), Term("pred", ("connected", domain))]
    kinds = ("C3", "C2", "C1", "continuous", "none")
    smooth = kinds[kinds.index(universe.smoothness) : -1]
    known += [Term("pred", (s, symbol(f))) for s in smooth for f in ("F", "L")]
    return [*known, Term("pred", ("Phi", phi)), less(ZERO, symbol("alpha")), at_most(number(1), n), less(ZERO, n)]
