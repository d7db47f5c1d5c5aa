"""The methods of search, cheapest first.  Each takes a claim and yields candidate certificates."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product

from ..certificates import Derivation, Instance, Instances, Refutation
from ..claims import Determines, EveryCombination, ForAllProblems, MatrixIdentities, SomeProblem, Statement
from ..kernel.rules import cases, formulas
from ..theory import Claim
from . import Finding, Settings, concrete, derivation, examples, guided, pairs, refutation, statements, symbolic
from .gradient_methods.rates import rate
from .matrices import matrix_certificates
from .problems.landmarks import first_point
from .quadratic_forms.settling import definiteness, doubt

Method = Callable[[Claim, Settings], Iterator[Finding]]


def author(claim: Claim, settings: Settings) -> Iterator[Finding]:
    """What the author of the claim suggests: a certificate, or a problem and point whose facts are then proved."""
    hint = claim.hint
    if hint is None or settings.blind:
        return
    if hint.certificate is not None:
        yield Finding(hint.certificate, "certificate", "smallest found", author=True)
    if hint.problem is None or not isinstance(claim.assertion, ForAllProblems | SomeProblem):
        return
    wanted = formulas(claim.assertion)
    point = hint.point or first_point(hint.problem)
    way = claim.by, claim.through
    found = refutation.certify(claim.assertion.universe, hint.problem, tuple(point), wanted, concrete.HARD, hint, way=way)
    if found is not None:
        yield Finding(found, "problem", "smallest found", author=True)


def matrix(claim: Claim, settings: Settings) -> Iterator[Finding]:
    """Normal forms of matrix expressions, or small rational matrices."""
    if isinstance(claim.assertion, MatrixIdentities):
        for certificate in matrix_certificates(claim.assertion, seed=settings.seed):
            yield Finding(certificate, "matrices", "smallest found")


def rates(claim: Claim, settings: Settings) -> Iterator[Finding]:
    """What follows for smooth and convex functions from interpolation inequalities and a semidefinite matrix."""
    assertion = claim.assertion
    if isinstance(assertion, ForAllProblems) and assertion.universe.law == "finite" and (settings.blind or not claim.through):
        proof = rate(assertion.universe, formulas(assertion), {t.name: t for t in claim.cited})
        if proof is not None:
            yield Finding(Derivation(proof), "rates")


def definitions(claim: Claim, settings: Settings) -> Iterator[Finding]:
    """What follows from the definitions and the kernel's own rules alone."""
    yield from _derived(claim, settings, with_theorems=False)


def theorems(claim: Claim, settings: Settings) -> Iterator[Finding]:
    """What follows with cited theorems."""
    yield from _derived(claim, settings, with_theorems=True)


def _derived(claim: Claim, settings: Settings, *, with_theorems: bool) -> Iterator[Finding]:
    assertion = claim.assertion
    if not isinstance(assertion, ForAllProblems | SomeProblem) or assertion.universe.law != "finite":
        return
    cited = {t.name: t for t in claim.cited} if with_theorems else {}
    by, through = ((), ()) if settings.blind else (claim.by, claim.through)
    if (by or through) and not with_theorems:
        return
    wanted = formulas(assertion)
    if through:
        proof = derivation.derive_through(assertion.universe, wanted, cited, by, through)
    else:
        proof = derivation.derive(assertion.universe, wanted, cited, by)
    if proof is not None:
        made = Derivation(proof) if isinstance(assertion, ForAllProblems) else Refutation(proof, 0)
        yield Finding(made, "derivation", "", author=bool(by or through))


def statement(claim: Claim, settings: Settings) -> Iterator[Finding]:
    """A formula about real numbers: proved as it stands, or refuted for small sizes and values."""
    if not isinstance(claim.assertion, Statement):
        return
    if claim.through and not settings.blind:
        derived = guided.derive_through(claim.assertion, claim.by, claim.through)
        if derived is not None:
            yield Finding(derived, "derivation", author=True)
            return
    if claim.expected is not False and (found := symbolic.proof(claim.assertion)) is not None:
        yield Finding(found, "derivation")
        return
    yield from statements.certificates(claim.assertion, concrete.HARD, refuting=claim.expected is not True)


def determined(claim: Claim, settings: Settings) -> Iterator[Finding]:
    if isinstance(claim.assertion, Determines):
        yield from pairs.certificates(claim.assertion, settings.budget)


def enumeration(claim: Claim, settings: Settings) -> Iterator[Finding]:
    """The smallest meta-problem that refutes, or exemplifies, the claim."""
    if not isinstance(claim.assertion, ForAllProblems | SomeProblem):
        return
    likely = claim.expected is not isinstance(claim.assertion, ForAllProblems)
    budget, wanted = settings.budget if likely else settings.budget // 40, formulas(claim.assertion)
    found = refutation.search(claim.assertion.universe, wanted, budget, settings.dimensions, settings.tasks, likely)
    if found is not None:
        yield Finding(found.instance, "enumeration", refutation.minimality(claim.assertion.universe, wanted, found))


def collected(claim: Claim, settings: Settings) -> Iterator[Finding]:
    """A problem of the collection of examples, where enumeration finds no smaller one."""
    assertion = claim.assertion
    if settings.blind or not isinstance(assertion, ForAllProblems | SomeProblem):
        return
    for example in examples.fitting(assertion.universe, formulas(assertion), settings.dimensions, settings.tasks):
        found = refutation.certify(assertion.universe, example.problem, example.point, formulas(assertion), concrete.HARD)
        if found is not None:
            yield Finding(found, "examples", "smallest found")
            return


def impossible(claim: Claim, settings: Settings) -> Iterator[Finding]:
    """A derivation that one of the combinations of truth values cannot occur."""
    assertion = claim.assertion
    if not isinstance(assertion, EveryCombination) or claim.expected:
        return
    cited, by = {t.name: t for t in claim.cited}, () if settings.blind else claim.by
    for which, _ in _choices(assertion):
        proof = derivation.derive(assertion.universe, cases(assertion)[which], cited, by, COMBINATION_EFFORT)
        if proof is not None:
            yield Finding(Refutation(proof, which), "derivation", "", author=bool(by))
            return


def combinations(claim: Claim, settings: Settings) -> Iterator[Finding]:
    """An instance for every combination of truth values."""
    assertion = claim.assertion
    if not isinstance(assertion, EveryCombination):
        return
    instances: list[Instance] = []
    for which, _ in _choices(assertion):
        wanted = cases(assertion)[which]
        found = refutation.search(assertion.universe, wanted, settings.budget, settings.dimensions, settings.tasks)
        if found is None:
            return
        instances.append(found.instance)
    yield Finding(Instances(tuple(instances)), "enumeration", "smallest found")


def _choices(assertion: EveryCombination) -> Iterator[tuple[int, tuple[bool, ...]]]:
    return enumerate(product((True, False), repeat=len(assertion.conditions)))


COMBINATION_EFFORT = 60
"""Of many combinations one is impossible; each gets few steps."""

EXACT: tuple[Method, ...] = (
    matrix, concrete.conjunction, concrete.by_enclosures, concrete.one_problem, concrete.by_enclosures_at_last,
    definiteness, statement, doubt, determined,
)  # fmt: skip
DERIVING: tuple[Method, ...] = (rates, definitions, theorems, impossible)
EXHIBITING: tuple[Method, ...] = (enumeration, collected, combinations)


def methods(claim: Claim) -> tuple[Method, ...]:
    """All methods, those first that can establish what the author expects.

    A false claim about all problems, and a true one about some, is settled by exhibiting a problem.
    """
    exhibits = isinstance(claim.assertion, ForAllProblems) != bool(claim.expected) and not (claim.by or claim.through)
    if exhibits:
        return (author, *EXACT, *EXHIBITING, *DERIVING)
    return (author, *EXACT, *DERIVING, *EXHIBITING)
