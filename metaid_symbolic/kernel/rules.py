"""The rules: a claim and a certificate establish the claim or its negation, or the certificate is rejected.

To audit soundness read this folder and `terms`, `claims`, `certificates`, `problems`, `encoding`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any, final

from ..certificates import (
    Certificate,
    Contraction,
    Derivation,
    Instance,
    Instances,
    Lemma,
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
from ..problems import MetaProblem
from ..terms import (
    BINDERS,
    ZERO,
    Term,
    at_most,
    equal,
    free_symbols,
    less,
    negation,
    number,
    rebuild,
    substitute,
    subterms,
    symbol,
)
from . import lemmas, objectives
from .matrix import matrix_counterexample, matrix_identities
from .normal import Normaliser
from .polynomial import Arithmetic, Ring, TooLarge
from .rejection import Rejected
from .specialise import RANDOM, specialised
from .tableau import Branch, Checker, sort_of
from .unfold import Reading, rational_point

DEFINED = ("F", "L", "F_MAML", "reptile", "fomaml", "Q", "Ex")
CONSTANTS = frozenset({"phi", "alpha", "n", "steps", "Phi", "F", "L", "F_MAML", "G", "C", "D", "Q", "reptile", "fomaml"})
"""What a formula may mention without a quantifier; the functions and sets stand in predicates."""
MAPS = ("Q",)
"""Names of maps from R^n to R^n that a claim may speak of without defining them."""


@final
@dataclass(frozen=True, slots=True)
class Established:
    """The claim (truth) or its negation is established.  `grade` is `exact` or `enclosed` (interval arithmetic);
    `theorems` are the cited theorems it rests on; `instantiation_only` when one theorem's instance is all there is."""

    truth: bool
    grade: str
    theorems: tuple[str, ...]
    instantiation_only: bool = False


def check(
    claim: Claim, certificate: Certificate, theorems: Mapping[str, Theorem] | None = None, arithmetic: str = "python"
) -> Established:
    """What the certificate establishes about the claim.  Raises `Rejected` if nothing.

    `arithmetic` is `python` (standard library alone) or `flint`.
    """
    try:
        _check_names(claim)
        return _check(claim, certificate, Context(theorems or {}, ring_of(arithmetic)))
    except (ValueError, ArithmeticError, TooLarge) as cause:  # IllFormed; no integer of over 4,300 digits is printed
        raise Rejected(str(cause)) from None
    except RecursionError:
        raise Rejected("the certificate is nested too deeply") from None


def ring_of(arithmetic: str) -> Arithmetic:
    if arithmetic == "python":
        return Ring()
    if arithmetic == "flint":
        from ..flint_arithmetic import FlintRing

        return FlintRing()
    raise Rejected(f"there is no arithmetic {arithmetic!r}")


@final
class Context:
    """One check: its arithmetic, the theorems it may use, and what it has used."""

    def __init__(self, theorems: Mapping[str, Theorem], ring: Arithmetic) -> None:
        self.theorems = theorems
        self.normaliser = Normaliser(ring, sort_of)
        self.used: list[str] = []
        self.enclosed = False
        self.smooth = True

    def refute(self, facts: list[Term], proof: Proof, constants: frozenset[str], reading: Reading | None) -> None:
        """Raises `Rejected` unless the proof shows that the facts cannot hold together."""
        branch = Branch(self.normaliser, constants)
        for fact in facts:
            branch.add(fact)
        checker = Checker(lambda step: self.lemma(step, reading))
        checker.refute(branch, proof)
        self.enclosed = self.enclosed or checker.enclosed

    def lemma(self, step: Lemma, reading: Reading | None) -> Term:
        if step.name in self.theorems:
            self.used.append(step.name)
            formula = cited(self.theorems[step.name], step)
        else:
            if step.name in lemmas.DESCENT and not self.smooth:
                raise Rejected(f"the rule {step.name!r} is about C^2 losses")
            formula = lemmas.lemma(step.name, step.terms)
        return formula if reading is None or step.name in lemmas.AT_A_TERM else reading.formula(formula, {})

    def established(self, truth: bool) -> Established:
        names = tuple(sorted(set(self.used)))
        return Established(truth, "enclosed" if self.enclosed else "exact", names)


def _check(claim: Claim, certificate: Certificate, context: Context) -> Established:
    match claim, certificate:
        case ForAllProblems(universe, hypotheses, conclusion), Instance():
            wanted = [*(h.formula for h in hypotheses), negation(conclusion.formula)]
            check_instance(universe, wanted, certificate, context)
            return context.established(False)
        case ForAllProblems(universe, hypotheses, conclusion), Derivation(proof):
            derive(universe, [*(h.formula for h in hypotheses), negation(conclusion.formula)], proof, context)
            return _with_shape(context.established(True), proof)
        case SomeProblem(universe, conditions), Instance():
            check_instance(universe, [c.formula for c in conditions], certificate, context)
            return context.established(True)
        case SomeProblem(universe, conditions), Refutation(proof, 0):
            derive(universe, [c.formula for c in conditions], proof, context)
            return context.established(False)
        case EveryCombination(), Instances(instances):
            check_combinations(claim, instances, context)
            return context.established(True)
        case EveryCombination(universe), Refutation(proof, which):
            derive(universe, combination(claim, which), proof, context)
            return context.established(False)
        case AtProblem(problem, formula), Derivation(proof) | Refutation(proof, 0):
            truth = isinstance(certificate, Derivation)
            if problem.rate is not None and free_symbols(problem.rate):
                raise Rejected(f"the rate {problem.rate} is no number")
            reading = Reading(problem)
            check_domain(problem, reading, (), context, wanted=0)
            read = reading.formula(formula, {})
            context.refute([negation(read) if truth else read], proof, frozenset(), reading)
            return context.established(truth)
        case Statement(naturals, functions, arrays, formula), Derivation(proof):
            check_symbolic(claim)
            names = frozenset(n.name for n in naturals) | frozenset(a.name for a in arrays)
            context.normaliser.naturals = frozenset(n.name for n in naturals)
            context.refute([*sizes(claim), negation(formula)], proof, names, None)
            return context.established(True)
        case Statement(), Specialisation(naturals, functions, arrays, proof):
            context.refute([specialised(claim, naturals, functions, arrays)], proof, frozenset(), None)
            return context.established(False)
        case MatrixIdentities(), NormalForm():
            matrix_identities(claim)
            return context.established(True)
        case MatrixIdentities(), MatrixCounterexample():
            matrix_counterexample(claim, certificate)
            return context.established(False)
        case Determines(), Pair():
            check_pair(claim, certificate)
            return context.established(False)
    raise Rejected(f"no rule takes {type(claim).__name__} with {type(certificate).__name__}")


def sizes(claim: Statement) -> list[Term]:
    """What is known of the natural numbers of a statement."""
    least = [at_most(number(n.least), symbol(n.name)) for n in claim.naturals]
    return least + [less(ZERO, symbol(n.name)) for n in claim.naturals if n.least > 0]


def check_symbolic(claim: Statement) -> None:
    """Raises `Rejected` for a statement whose functions or arrays mean more than any function or array."""
    if strange := [f for f in claim.functions if f in DEFINED or f[:2] in ("D2", "D3")]:
        raise Rejected(f"{strange[0]} is no name of an arbitrary function")
    if any(n.name == "phi" or n.least < 0 for n in claim.naturals):
        raise Rejected("phi is no name of a natural number, and no natural number is negative")
    for part in subterms(claim.formula):
        if part.head in ("forall", "exists") and part.args[1] in ("point", "task", "family"):
            raise Rejected(f"{part} runs over a {part.args[1]}")
        if part.head in ("app", "grad", "hess", "pred") and part.args[0] not in claim.functions:
            raise Rejected(f"{part} is not read in a statement for all sizes")
        if part.head in ("mean", "fisher", "posdef", "psd", "nonsingular", "samerank", "meq"):
            raise Rejected(f"{part} belongs to meta-problems")
    if random := [a.name for a in claim.arrays if a.name in RANDOM]:
        raise Rejected(f"the random array {random[0]} is read for given sizes only")


def _with_shape(found: Established, proof: Proof) -> Established:
    """`instantiation_only`: one lemma step that cites, instances of it, and nothing else."""
    steps: list[Any] = []
    while hasattr(proof, "then"):
        steps.append(proof)
        proof = proof.then
    only = len(found.theorems) == 1 and sum(isinstance(s, Lemma) for s in steps) == 1 and len(steps) <= 3
    return Established(found.truth, found.grade, found.theorems, only)


def _check_names(claim: Claim) -> None:
    """Names with a dot or a leading underscore belong to the kernel."""
    formulas: list[Term] = []
    match claim:
        case ForAllProblems(_, hypotheses, conclusion):
            formulas = [h.formula for h in (*hypotheses, conclusion)]
        case SomeProblem(_, conditions):
            formulas = [c.formula for c in conditions]
        case EveryCombination(_, given, conditions):
            formulas = [c.formula for c in (*given, *conditions)]
        case AtProblem(_, formula) | Statement(_, _, _, formula):
            formulas = [formula]
        case Determines(_, inputs, output):
            formulas = [*inputs, output]
    for formula in formulas:
        known = CONSTANTS | {"t"} if isinstance(claim, Determines) else CONSTANTS
        if not isinstance(claim, Statement) and (loose := sorted(free_symbols(formula) - known)):
            raise Rejected(f"{', '.join(loose)} is bound by no quantifier in {formula}")
        for part in subterms(formula):
            names = [a for a in part.args[:1] if type(a) is str] if part.head in ("sym", "at", *BINDERS) else []
            if any("." in name or name.startswith("_") for name in names):
                raise Rejected(f"the name {names[0]} is reserved")


# one concrete problem


def check_instance(universe: Universe, wanted: list[Term], certificate: Instance, context: Context) -> None:
    """Raises `Rejected` unless the problem lies in the universe and every formula wanted is proved there."""
    problem = certificate.problem
    if problem.steps != 1 and not any("steps" in free_symbols(formula) for formula in wanted):
        raise Rejected(f"the claim means one inner step, and the problem takes {problem.steps}")
    if strange := [name for name, _ in certificate.maps if name not in MAPS]:
        raise Rejected(f"{strange[0]} is no map that a claim leaves open")
    reading = Reading(problem, certificate.maps)
    check_universe(universe, problem, reading, certificate, context)
    point = rational_point(certificate.point)
    env = {"phi": point}
    if len(point) != problem.dimension:
        raise Rejected(f"the point has {len(point)} coordinates, the problem {problem.dimension} parameters")
    if len(certificate.facts) != len(wanted):
        raise Rejected(f"{len(certificate.facts)} facts are proved where {len(wanted)} are wanted")
    inside = Branch(context.normaliser, frozenset())
    inside.add(negation(reading.inside(point)))
    if not inside.closed:
        raise Rejected("the point is not seen to lie in the domain")
    for formula, proof in zip(wanted, certificate.facts, strict=True):
        context.refute([negation(reading.formula(formula, env))], proof, frozenset(), reading)


def check_universe(universe: Universe, problem: MetaProblem, reading: Reading, certificate: Instance, context: Context) -> None:
    if (universe.law == "gaussian") != bool(problem.noise):
        raise Rejected(f"the task law is not of the kind `{universe.law}`")
    if problem.rate is not None and (problem.rate.head != "num" or problem.rate.args[0] <= 0):
        raise Rejected(f"the rate {problem.rate} is no positive rational number")
    if problem.noise:
        objectives.objective(reading.problem, "F")  # rejects a loss that is no polynomial in the task
    for part in (p for c in problem.constraints for p in subterms(c)):
        if part.head in ("log", "sqrt") or (part.head == "pow" and part.args[1] < 0):
            raise Rejected(f"{part} in the domain is not defined everywhere")
    match universe.domain:
        case "whole":
            allowed = not problem.constraints
        case "open":
            allowed = all(c.head == "lt" for c in problem.constraints) and connected(problem, reading, certificate, context)
        case "interval":
            allowed = is_interval(problem)
        case _:
            allowed = True
    if not allowed:
        raise Rejected(f"the domain is not of the kind `{universe.domain}`")
    check_domain(reading.problem, reading, certificate.domain, context)


def is_interval(problem: MetaProblem) -> bool:
    """Phi is {low <= x, x <= high} with rational low < high, written in this way."""
    if problem.dimension != 1 or len(problem.constraints) != 2:
        return False
    x = symbol(problem.parameters[0])
    low, high = problem.constraints
    if low.head != "le" or high.head != "le" or low.args[1] != x or high.args[0] != x:
        return False
    ends = low.args[0], high.args[1]
    return all(e.head == "num" for e in ends) and ends[0].args[0] < ends[1].args[0]


def connected(problem: MetaProblem, reading: Reading, certificate: Instance, context: Context) -> bool:
    """Affine constraints make Phi convex; otherwise a homotopy to a point inside Phi shows it connected."""
    if all(_affine(problem, c) for c in problem.constraints):
        return True
    if certificate.connected is None:
        return False
    contraction(reading, certificate.connected, context)
    return True


def _affine(problem: MetaProblem, constraint: Term) -> bool:
    difference = constraint.args[0] - constraint.args[1]
    second = (e for row in objectives.hessian(problem, difference) for e in row)
    return objectives.is_polynomial(difference) and all(objectives.tidy(e) == ZERO for e in second)


def contraction(reading: Reading, certificate: Contraction, context: Context) -> None:
    problem = reading.problem
    if len(certificate.homotopy) != problem.dimension:
        raise Rejected("the homotopy has the wrong number of coordinates")
    point = tuple(symbol(f"_{i + 1}") for i in range(problem.dimension))
    time = symbol(f"_{problem.dimension + 1}")
    names = frozenset(s.args[0] for s in (*point, time))
    path = certificate.homotopy
    if any(free_symbols(c) - names or not objectives.is_polynomial(c) for c in path):
        raise Rejected("the homotopy is no polynomial in the coordinates and the time")
    start = [substitute(c, {time.args[0]: ZERO}) for c in path]
    end = [substitute(c, {time.args[0]: number(1)}) for c in path]
    if any(objectives.tidy(a - x) != ZERO for a, x in zip(start, point, strict=True)):
        raise Rejected("the homotopy does not start at the identity")
    if any(free_symbols(objectives.tidy(e)) for e in end):
        raise Rejected("the homotopy does not end at one point")
    given = [reading.inside(point), at_most(ZERO, time), at_most(time, number(1))]
    goals = [objectives.put(problem, c, tuple(path)) for c in problem.constraints]
    if len(goals) != len(certificate.proofs):
        raise Rejected(f"{len(certificate.proofs)} proofs for {len(goals)} constraints")
    for goal, proof in zip(goals, certificate.proofs, strict=True):
        context.refute([*given, negation(goal)], proof, names, reading)


def check_domain(
    problem: MetaProblem, reading: Reading, proofs: tuple[Proof, ...], context: Context, wanted: int | None = None
) -> None:
    """Every loss is C^2 on Phi: denominators nonzero, arguments of log and sqrt positive, no relu; proved in order."""
    needs = needed(reading.problem)
    if len(needs) != len(proofs) or (wanted is not None and needs):
        raise Rejected(f"{len(needs)} conditions on the losses need a proof, {len(proofs)} are given")
    names = tuple(symbol(f"_{i + 1}") for i in range(problem.dimension))
    for need, proof in zip(needs, proofs, strict=True):
        goal = objectives.put(reading.problem, need, names)
        context.refute([reading.inside(names), negation(goal)], proof, frozenset(s.args[0] for s in names), reading)


def needed(problem: MetaProblem) -> list[Term]:
    """The conditions for the losses to be defined and C^2, each once."""
    found: dict[Term, None] = {}
    for loss in problem.losses:
        for part in subterms(loss):
            if part.head == "relu":
                raise Rejected("a loss with relu is not C^2")
            if part.head == "pow" and part.args[1] < 0:
                found[negation(equal(part.args[0], ZERO))] = None
            if part.head in ("log", "sqrt"):
                found[less(ZERO, part.args[0])] = None
    return list(found)


def combination(claim: EveryCombination, which: int) -> list[Term]:
    """The formulas of combination `which`: the given ones, and each condition or its negation."""
    choices = list(product((True, False), repeat=len(claim.conditions)))
    if not 0 <= which < len(choices):
        raise Rejected(f"there is no combination {which} among {len(choices)}")
    chosen = [c.formula if holds else negation(c.formula) for c, holds in zip(claim.conditions, choices[which], strict=True)]
    return [*(g.formula for g in claim.given), *chosen]


def check_combinations(claim: EveryCombination, instances: tuple[Instance, ...], context: Context) -> None:
    if len(instances) != 2 ** len(claim.conditions):
        raise Rejected(f"{len(instances)} instances for {2 ** len(claim.conditions)} combinations")
    for which, found in enumerate(instances):
        check_instance(claim.universe, combination(claim, which), found, context)


def check_pair(claim: Determines, pair: Pair) -> None:
    """All inputs agree at the two points, and some coordinate of the output does not."""
    if claim.universe.law != "finite" or claim.universe.domain == "interval":
        raise Rejected(f"problems on R^n with finite laws are not of the kind {claim.universe}")
    if pair.first.steps != 1 and not any("steps" in free_symbols(term) for term in (*claim.inputs, claim.output)):
        raise Rejected(f"the claim means one inner step, and the problems take {pair.first.steps}")
    if (len(pair.first_point), len(pair.second_point)) != (pair.first.dimension, pair.second.dimension):
        raise Rejected("a point has not as many coordinates as its problem has parameters")
    first, second = Reading(pair.first), Reading(pair.second)
    for problem in (pair.first, pair.second):
        if problem.constraints or problem.noise or needed(problem):
            raise Rejected("the pair must consist of polynomial problems on R^n with finite laws")
        if problem.rate is None or problem.rate.head != "num" or problem.rate.args[0] <= 0:
            raise Rejected(f"the rate {problem.rate} is no positive rational number")
    if (pair.first.weights, pair.first.rate, pair.first.dimension, pair.first.steps) != (
        pair.second.weights, pair.second.rate, pair.second.dimension, pair.second.steps):  # fmt: skip
        raise Rejected("weights, rates, steps or dimensions of the two problems differ")
    points = rational_point(pair.first_point), rational_point(pair.second_point)
    for t in range(len(pair.first.losses)):
        for term in claim.inputs:
            if evaluate(first, term, points[0], t) != evaluate(second, term, points[1], t):
                raise Rejected(f"{term} differs between the two problems")
    if evaluate(first, claim.output, points[0], 0) == evaluate(second, claim.output, points[1], 0):
        raise Rejected(f"{claim.output} agrees for the two problems")


def evaluate(reading: Reading, term: Term, point: tuple[Term, ...], task: int) -> tuple[Fraction, ...]:
    """The exact value of a scalar or vector term at a point."""
    env = {"phi": point, "t": task}
    entries = reading.vector(term, env) if reading.is_vector(term, env) else (reading.scalar(term, env),)
    values = [objectives.tidy(e) for e in entries]
    if any(v.head != "num" for v in values):
        raise Rejected(f"{term} has no exact value at the point")
    return tuple(Fraction(v.args[0]) for v in values)


# all problems


def derive(universe: Universe, facts: list[Term], proof: Proof, context: Context) -> None:
    """Raises `Rejected` unless the facts contradict what holds in every problem of the universe."""
    if universe.law != "finite":
        raise Rejected("derivations are for finite task laws")
    context.smooth = universe.smoothness in ("C2", "C3")
    context.refute([*setting(universe, facts), *facts], proof, CONSTANTS, None)


def setting(universe: Universe, facts: Sequence[Term]) -> list[Term]:
    """What holds in every problem of the universe; one inner step is meant where the facts do not mention `steps`."""
    phi, sets = symbol("phi"), []
    if universe.domain == "whole":
        sets = [Term("pred", ("whole",)), Term("pred", ("open", symbol("Phi"))), Term("pred", ("connected", symbol("Phi")))]
    elif universe.domain == "open":
        sets = [Term("pred", ("open", symbol("Phi"))), Term("pred", ("connected", symbol("Phi")))]
    kinds = ("C3", "C2", "C1", "continuous")
    smooth = kinds[kinds.index(universe.smoothness) :] if universe.smoothness in kinds else ()
    functions = [Term("pred", (s, symbol(f))) for s in smooth for f in ("F", "L")]
    one_step = [] if any("steps" in free_symbols(f) for f in facts) else [equal(symbol("steps"), number(1))]
    return [
        *sets,
        *functions,
        *one_step,
        Term("pred", ("Phi", phi)),
        less(ZERO, symbol("alpha")),
        at_most(number(1), symbol("n")),
        less(ZERO, symbol("n")),
    ]


def cited(theorem: Theorem, step: Lemma) -> Term:
    """The theorem for the functions and sets named; `L` takes the first term as its task."""
    if loose := sorted(free_symbols(theorem.formula) - {*theorem.functions, "n"}):
        raise Rejected(f"{', '.join(loose)} is bound by no quantifier in {theorem.name}")
    given = dict(step.functions)
    if set(given) != set(theorem.functions):
        raise Rejected(f"{theorem.name} is about {', '.join(theorem.functions)}, not {', '.join(given)}")
    if strange := [v for v in given.values() if v not in ("F", "L", "F_MAML", "Phi")]:
        raise Rejected(f"{strange[0]} is no function or set of a meta-problem")
    if bound := {t.args[0] for t in subterms(theorem.formula) if t.head in BINDERS} & set(given):
        raise Rejected(f"{sorted(bound)[0]} is bound in {theorem.name}, and a function of it")
    task = step.terms[0] if step.terms else None
    if ("L" in given.values()) != (len(step.terms) == 1):
        raise Rejected("a theorem about a task loss takes its task, and no other term")
    if task is not None and (task.head != "sym" or sort_of(task.args[0]) != "task"):
        raise Rejected(f"{task} is no task")
    return _renamed(theorem.formula, given, task)


def _renamed(term: Term, names: Mapping[str, str], task: Term | None) -> Term:
    if term.head == "sym":
        return symbol(names.get(term.args[0], term.args[0]))
    inside = rebuild(term, lambda part: _renamed(part, names, task))
    if inside.head not in ("app", "grad", "hess", "pred"):
        return inside
    name, *args = inside.args
    prefix, base = (name[:2], name[2:]) if name[:2] in ("D2", "D3") else ("", name)
    if base not in names:
        return inside
    first = [task] if names[base] == "L" and task is not None and inside.head != "pred" else []
    return Term(inside.head, (prefix + names[base], *first, *args))
