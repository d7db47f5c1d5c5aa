"""The methods of search, cheapest first.  Each takes a claim and yields candidate certificates."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product

from ..certificates import Derivation, Instance, Instances, Refutation
from ..claims import AtProblem, Determines, EveryCombination, ForAllProblems, MatrixIdentities, SomeProblem, Statement
from ..examples.collection import collection
from ..kernel.rules import cases, formulas
from ..theory import Claim
from . import Finding, Settings, Tried, Unit, concrete, derivation, examples, guided, pairs, refutation, statements, symbolic
from .fitted import linear, numeric
from .gradient_methods.rates import rate
from .implications import by_implications
from .matrices import matrix_certificates
from .minimality import minimality
from .one_unknown import one_unknown
from .problems.landmarks import first_point
from .quadratic_forms.settling import definiteness, doubt
from .solver import solver

Method = Callable[[Claim, Settings], Iterator[Finding | Tried]]


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


def at_once(claim: Claim, settings: Settings) -> Iterator[Finding]:
    """What follows from the definitions in few steps."""
    assertion = claim.assertion
    if isinstance(assertion, ForAllProblems) and assertion.universe.law == "finite":
        proof = derivation.derive_at_once(assertion.universe, formulas(assertion))
        if proof is not None:
            yield Finding(Derivation(proof), "derivation")


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
        yield from pairs.certificates(claim.assertion, 4 * settings.budget)


def small(claim: Claim, settings: Settings) -> Iterator[Finding | Tried]:
    """The smallest of few meta-problems, by short proofs."""
    yield from _enumerated(claim, settings, range(min(SMALL, _most(claim, settings))), thorough=False)


def enumeration(claim: Claim, settings: Settings) -> Iterator[Finding | Tried]:
    """The smallest meta-problem that refutes, or exemplifies, the claim."""
    unit = settings.unit
    span = range(unit.start, unit.stop) if unit is not None else _numbers(claim, settings)
    yield from _enumerated(claim, settings, span, thorough=_exhibited(claim))


def _enumerated(claim: Claim, settings: Settings, span: range, *, thorough: bool) -> Iterator[Finding | Tried]:
    assertion = claim.assertion
    if not isinstance(assertion, ForAllProblems | SomeProblem):
        return
    within, wanted = settings.within, formulas(assertion)
    found = refutation.search(assertion.universe, wanted, span, within, thorough)
    yield Tried(found.candidates - span.start)
    if found.instance is not None:
        yield Finding(found.instance, "enumeration", minimality(assertion.universe, wanted, found.instance, within))


def _exhibited(claim: Claim) -> bool:
    """Whether a problem may settle the claim, for all that its author expects."""
    return claim.expected is not isinstance(claim.assertion, ForAllProblems)


def _most(claim: Claim, settings: Settings) -> int:
    """How many candidates are looked at: few against the expectation of an author."""
    return settings.budget if _exhibited(claim) else max(1, settings.budget // 40)


def _numbers(claim: Claim, settings: Settings) -> range:
    """The candidates of an enumeration, without those of the small one if that comes before."""
    most = _most(claim, settings)
    return range(min(SMALL, most) if small in methods(claim) else 0, most)


def tabulated(claim: Claim, settings: Settings) -> Iterator[Finding]:
    """A problem of the collection of examples whose table says that it is one."""
    yield from _collected(claim, settings, sure=True)


def collected(claim: Claim, settings: Settings) -> Iterator[Finding]:
    """A problem of the collection of examples, where enumeration finds no smaller one."""
    yield from _collected(claim, settings, sure=False)


def _collected(claim: Claim, settings: Settings, *, sure: bool) -> Iterator[Finding]:
    assertion = claim.assertion
    if settings.blind or not isinstance(assertion, ForAllProblems | SomeProblem):
        return
    for example in examples.fitting(assertion.universe, formulas(assertion), settings.within, sure):
        found = refutation.certify(assertion.universe, example.problem, example.point, formulas(assertion), concrete.HARD)
        if found is not None:
            yield Finding(found, "examples", "smallest found")
            return


def gluing(claim: Claim, settings: Settings) -> Iterator[Finding | Tried]:
    """A problem that is glued from those of the collection: composed, with a task added, summed, or a product."""
    assertion = claim.assertion
    if settings.blind or not isinstance(assertion, ForAllProblems | SomeProblem) or not _exhibited(claim):
        return
    known = [one.problem for one in collection()]
    found = refutation.glued(assertion.universe, formulas(assertion), known, settings.within)
    yield Tried(found.candidates)
    if found.instance is not None:
        yield Finding(found.instance, "gluing", "smallest found")


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


def combinations(claim: Claim, settings: Settings) -> Iterator[Finding | Tried]:
    """An instance for every combination of truth values."""
    assertion = claim.assertion
    if not isinstance(assertion, EveryCombination):
        return
    instances: list[Instance] = []
    for which, _ in _choices(assertion):
        wanted = cases(assertion)[which]
        found = refutation.search(assertion.universe, wanted, range(settings.budget), settings.within)
        yield Tried(found.candidates)
        if found.instance is None:
            return
        instances.append(found.instance)
    yield Finding(Instances(tuple(instances)), "enumeration", "smallest found")


def _choices(assertion: EveryCombination) -> Iterator[tuple[int, tuple[bool, ...]]]:
    return enumerate(product((True, False), repeat=len(assertion.conditions)))


SMALL = 500
COMBINATION_EFFORT = 60
"""Of many combinations one is impossible; each gets few steps."""

EXACT: tuple[Method, ...] = (
    matrix, guided.at_problem, concrete.conjunction, concrete.by_enclosures, concrete.one_problem, concrete.by_enclosures_at_last,
    definiteness, statement, doubt, one_unknown, solver, determined,
)  # fmt: skip
DERIVING: tuple[Method, ...] = (by_implications, rates, definitions, theorems, impossible)
EXHIBITING: tuple[Method, ...] = (enumeration, collected, gluing, linear, numeric, combinations)
UNKNOWN: tuple[Method, ...] = (
    small, tabulated, at_once, by_implications, definitions, rates, gluing, enumeration, linear, numeric, collected, combinations,
    theorems, impossible,
)  # fmt: skip
"""What is cheap comes first where nobody knows whether a claim is true."""


def methods(claim: Claim) -> tuple[Method, ...]:
    """All methods, those first that can establish what the author expects.

    A false claim about all problems, and a true one about some, is settled by exhibiting a problem.
    """
    if claim.expected is None and isinstance(claim.assertion, ForAllProblems):
        return (author, *EXACT, *UNKNOWN)
    exhibits = isinstance(claim.assertion, ForAllProblems) != bool(claim.expected) and not (claim.by or claim.through)
    if exhibits:
        return (author, *EXACT, *EXHIBITING, *DERIVING)
    return (author, *EXACT, *DERIVING, *EXHIBITING)


PROBLEMS = (ForAllProblems, SomeProblem)
KINDS: dict[Method, tuple[type, ...]] = {
    matrix: (MatrixIdentities,), guided.at_problem: (AtProblem,),
    concrete.conjunction: (AtProblem,), concrete.by_enclosures: (AtProblem,), concrete.one_problem: (AtProblem,),
    concrete.by_enclosures_at_last: (AtProblem,), definiteness: (Statement,), statement: (Statement,), doubt: (Statement,),
    solver: (Statement,), one_unknown: (Statement, AtProblem),
    determined: (Determines,), rates: (ForAllProblems,), at_once: (ForAllProblems,), definitions: PROBLEMS, theorems: PROBLEMS,
    impossible: (EveryCombination,), combinations: (EveryCombination,), by_implications: (ForAllProblems,),
    **dict.fromkeys((small, tabulated, enumeration, collected, gluing, linear, numeric), PROBLEMS),
}  # fmt: skip
"""The kinds of claims that a strategy is about, where these are not all."""
SLICE = 1_500
"""So many candidates of an enumeration are one part of it, some seconds of work."""


def name(method: Method) -> str:
    """What a strategy is called on the command line."""
    return str(getattr(method, "__name__", "")).replace("_", "-")


def strategies() -> dict[str, Method]:
    """All strategies by name."""
    return {name(method): method for method in (author, *EXACT, *UNKNOWN, *EXHIBITING, *DERIVING)}


def chosen_methods(claim: Claim, settings: Settings) -> list[Method]:
    """The methods for this kind of claim, cheapest first; of these the ones that the settings name."""
    about = [m for m in methods(claim) if isinstance(claim.assertion, KINDS.get(m, (object,)))]
    wanted = settings.strategies if settings.unit is None else (settings.unit.strategy,)
    return [m for m in about if not wanted or name(m) in wanted]


def units(claim: Claim, settings: Settings) -> Iterator[Unit]:
    """The whole search in parts, in the order in which one process goes through them."""
    for method in chosen_methods(claim, settings):
        if method is small:
            yield Unit(name(method), 0, min(SMALL, _most(claim, settings)))
        elif method is enumeration:
            span = _numbers(claim, settings)
            yield from (Unit(name(method), k, min(k + SLICE, span.stop)) for k in range(span.start, span.stop, SLICE))
        elif method is not author or (claim.hint is not None and not settings.blind):
            yield Unit(name(method))
