"""Which facts a certificate rests on, and each as a theorem of Rocq with its proof."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import final

from ...certificates import Certificate, Defined, Derivation, Instance, Instances, Pair, Proof, Refutation, Specialisation
from ...claims import AtProblem, Claim, Determines, EveryCombination, ForAllProblems, Labelled, SomeProblem, Statement
from ...printing import text
from ...problems import MetaProblem
from ...terms import Term, at_most, conjunction, equal, negation, number, substitute, symbol
from .atoms import NotReplayed
from .definitions import Definitions
from .descending import Rules, rules
from .kernel_view import Reading, Rejected, cases, needed, put, specialised
from .printing import Unprintable, identifier, lines, rocq
from .replay import beginning, replayed
from .script import Script, TooLong
from .specialisation import Specialised
from .statement import Spoken

NOT_ABOUT_ONE_PROBLEM = {
    "ForAllProblems": "a derivation for all meta-problems",
    "SomeProblem": "a derivation for all meta-problems",
    "EveryCombination": "a derivation for all meta-problems",
    "Statement": "a proof for all sizes",
    "MatrixIdentities": "matrices of all sizes",
}


@final
@dataclass(frozen=True)
class Fact:
    """A theorem: its name, what it says in the kernel's words, its statement, and its script or why there is none."""

    name: str
    words: str
    statement: str
    script: tuple[str, ...] = ()
    missing: str = ""


@final
@dataclass(frozen=True)
class Part:
    """Definitions and the facts about them; a certificate with several problems has several parts."""

    title: str
    definitions: tuple[str, ...]
    derivatives: tuple[str, ...]
    facts: tuple[Fact, ...]
    descends: bool = False


@final
@dataclass(frozen=True)
class Goal:
    """What is to be stated and proved: `given` => `formula` for all `variables`, read by us (`spoken`) and by the kernel.

    With `denied` the certificate refutes the formula, and the theorem is its negation.
    """

    name: str
    words: str
    variables: tuple[str, ...]
    spoken: tuple[Term, ...]
    read: tuple[Term, ...]
    proof: Proof
    denied: bool = False


class NotExported(Exception):
    """No fact of the certificate can be stated; the message says why."""


def parts(claim: Claim, certificate: Certificate) -> list[Part]:
    """The facts of a decided claim.  Raises `NotExported`."""
    match claim, certificate:
        case ForAllProblems(_, hypotheses, conclusion), Instance():
            denied = Labelled(f"not {conclusion.label}", negation(conclusion.formula))
            return [_instance([*hypotheses, denied], certificate, "")]
        case SomeProblem(_, conditions), Instance():
            return [_instance(list(conditions), certificate, "")]
        case EveryCombination(), Instances(instances):
            return [_instance(_combination(claim, k), one, f"_{k + 1}") for k, one in enumerate(instances)]
        case (AtProblem(), Defined()):
            raise NotExported("proofs that the losses of one problem are defined")
        case AtProblem(problem), _ if any(need.head == "lt" for need in needed(problem)):
            raise NotExported("logarithms and roots in the losses of one problem")
        case AtProblem(problem, formula), Derivation(proof) | Refutation(proof, 0):
            return [_at_problem(problem, formula, proof, isinstance(certificate, Refutation))]
        case Statement(), Specialisation():
            return [_specialisation(claim, certificate)]
        case Statement((), (), (), formula), Derivation(proof):
            goal = Goal("fact_1", text(formula), (), (Specialised().formula(formula, {}),), (formula,), proof)
            return [Part("", (), (), (_proved(goal, []),))]
        case Determines(_, inputs, output), Pair():
            return [_pair(inputs, output, certificate)]
    raise NotExported(NOT_ABOUT_ONE_PROBLEM.get(type(claim).__name__, type(claim).__name__))


def _combination(claim: EveryCombination, which: int) -> list[Labelled]:
    labels = [*(g.label for g in claim.given), *(c.label for c in claim.conditions)]
    return [Labelled(label, f) for label, f in zip(labels, cases(claim)[which], strict=True)]


def _definitions(problem: MetaProblem, maps: tuple[tuple[str, tuple[Term, ...]], ...], suffix: str) -> Definitions:
    if problem.noise:
        raise NotExported("expectations over a Gaussian law")
    return Definitions(problem, dict(maps), suffix)


def _instance(wanted: list[Labelled], certificate: Instance, suffix: str) -> Part:
    problem = certificate.problem
    known = _definitions(problem, certificate.maps, suffix)
    spoken, reading = Spoken(known), Reading(problem, certificate.maps)
    env = {"phi": tuple(map(number, certificate.point))}
    made = [_law(problem, suffix), _point(spoken, env["phi"], suffix), *_path_ends(certificate, suffix)]
    for goal in _domain(problem, spoken, reading, certificate, suffix):
        made.append(_proved(goal, known.names))
    goals: list[Goal | Fact] = []
    for k, (label, proof) in enumerate(zip(wanted, certificate.facts, strict=True)):
        name, words = f"fact{suffix}_{k + 1}", f"{label.label}: {text(label.formula)}"
        try:
            said, read = (spoken.formula(label.formula, env),), (reading.formula(label.formula, env),)
            goals.append(Goal(name, words, (), said, read, proof))
        except (Unprintable, Rejected) as cause:
            goals.append(Fact(name, words, "", missing=str(cause)))
    found = rules(certificate.facts, spoken, reading)
    made += [_proved(g, known.names, found) if isinstance(g, Goal) else g for g in goals]
    title = f"problem{suffix}" if suffix else ""
    return Part(title, tuple(known.texts), tuple(known.derivatives), tuple(made), known.descends)


def _law(problem: MetaProblem, suffix: str) -> Fact:
    """The weights are positive and have the sum 1."""
    weights = [rocq(number(w), 7) for w in problem.weights]
    statement = r" /\ ".join([*(f"0 < {w}" for w in weights), f"{' + '.join(weights)} = 1"])
    return Fact(f"law{suffix}", "the weights of the tasks", statement, ("  repeat split; lra.",))


def _point(spoken: Spoken, point: tuple[Term, ...], suffix: str) -> Fact:
    statement = rocq(spoken.inside(point))
    script = f"  cbv beta delta [{spoken.known.domain()}]; repeat split; lra."
    return Fact(f"point{suffix}", "the point phi lies in the domain", statement, (script,))


def _domain(problem: MetaProblem, spoken: Spoken, reading: Reading, certificate: Instance, suffix: str) -> Iterator[Goal]:
    """The losses are defined on the domain; the domain contracts to a point inside itself."""
    names = tuple(f"_{i + 1}" for i in range(problem.dimension))
    point = tuple(map(symbol, names))
    for k, (need, proof) in enumerate(zip(needed(problem), certificate.domain, strict=True)):
        goal = put(problem, need, point)
        said, read = (spoken.inside(point), goal), (reading.inside(point), goal)
        yield Goal(f"domain{suffix}_{k + 1}", f"on the domain: {text(need)}", names, said, read, proof)
    if certificate.connected is None:
        return
    path, time = certificate.connected.homotopy, symbol(f"_{problem.dimension + 1}")
    limits = (at_most(number(0), time), at_most(time, number(1)))
    for k, (constraint, proof) in enumerate(zip(problem.constraints, certificate.connected.proofs, strict=True)):
        goal = put(problem, constraint, tuple(path))
        words = f"the path from each point of the domain to one point stays in it: {text(constraint)}"
        yield Goal(
            f"path{suffix}_{k + 1}",
            words,
            (*names, time.args[0]),
            (spoken.inside(point), *limits, goal),
            (reading.inside(point), *limits, goal),
            proof,
        )


def _path_ends(certificate: Instance, suffix: str) -> list[Fact]:
    """The contraction is the identity at time 0, and ends at one point at time 1."""
    if certificate.connected is None:
        return []
    path, n = certificate.connected.homotopy, certificate.problem.dimension
    here, there = ([f"_{i + 1 + k * (n + 1)}" for i in range(n)] for k in (0, 1))
    start, end = {f"_{n + 1}": number(0)}, {f"_{n + 1}": number(1)}
    moved = {a: symbol(b) for a, b in zip(here, there, strict=True)}
    equations = [equal(substitute(e, start), symbol(a)) for e, a in zip(path, here, strict=True)]
    equations += [equal(substitute(e, end), substitute(e, end | moved)) for e in path]
    statement = f"forall {' '.join(map(identifier, here + there))} : R, " + r" /\ ".join(map(rocq, equations))
    words = "the path starts at each point, and ends at the same point for all"
    return [Fact(f"path_ends{suffix}", words, lines(statement), ("  intros; repeat split; ring.",))]


def _at_problem(problem: MetaProblem, formula: Term, proof: Proof, denied: bool) -> Part:
    known = _definitions(problem, (), "")
    said = Spoken(known).formula(formula, {})
    goal = Goal("fact_1", text(formula), (), (said,), (Reading(problem).formula(formula, {}),), proof, denied)
    facts = (_law(problem, ""), _proved(goal, known.names))
    return Part("", tuple(known.texts), tuple(known.derivatives), facts)


def _specialisation(claim: Statement, certificate: Specialisation) -> Part:
    known = Specialised()
    said = known.read(claim, certificate)
    read = specialised(claim, certificate.naturals, certificate.functions, certificate.arrays)
    goal = Goal(
        "fact_1", f"for the values given it fails that {text(claim.formula)}", (), (said,), (read,), certificate.proof, True
    )
    return Part("", tuple(known.texts), (), (_proved(goal, known.names),))


def _pair(inputs: tuple[Term, ...], output: Term, certificate: Pair) -> Part:
    """Two problems: every input has the same value at both points, for every task, and the output has not."""
    problems, points = (certificate.first, certificate.second), (certificate.first_point, certificate.second_point)
    both = [Spoken(_definitions(problem, (), suffix)) for problem, suffix in zip(problems, ("_a", "_b"), strict=True)]
    places = [tuple(map(number, point)) for point in points]

    def agree(term: Term, task: int) -> Term:
        sides = [spoken.entries(term, {"phi": at, "t": task}) for spoken, at in zip(both, places, strict=True)]
        return conjunction([equal(a, b) for a, b in zip(*sides, strict=True)])

    goals = [(f"task {t + 1}: {text(term)}", agree(term, t)) for term in inputs for t in both[0].known.tasks]
    differs = f"the output differs: {text(output)}", negation(agree(output, 0))
    names = [name for spoken in both for name in spoken.known.names]
    unfold = f"  cbv beta delta [{' '.join(names)}]; "
    facts = [
        Fact(f"input_{k + 1}", words, lines(rocq(f)), (unfold + "repeat split; lra.",)) for k, (words, f) in enumerate(goals)
    ]
    facts.append(Fact("output", differs[0], lines(rocq(differs[1])), (unfold + "intro h; decompose [and] h; lra.",)))
    texts = [one for spoken in both for one in spoken.known.texts]
    derivatives = [one for spoken in both for one in spoken.known.derivatives]
    return Part("", tuple(texts), tuple(derivatives), tuple(facts))


# proofs


def _proved(goal: Goal, names: list[str], known: Rules | None = None) -> Fact:
    """The goal as a theorem, with a script if each step of its proof has one."""
    *given, last = map(rocq, goal.spoken)
    body = " -> ".join([*(f"({g})" for g in given), f"~ ({last})" if goal.denied else f"({last})" if given else last])
    binders = " ".join(map(identifier, goal.variables))
    statement = f"forall {binders} : R, {body}" if binders else body
    try:
        script = _script(goal, names, known or {})
    except (NotReplayed, TooLong, Unprintable, Rejected) as cause:
        return Fact(goal.name, goal.words, lines(statement), missing=str(cause))
    except (LookupError, StopIteration, RuntimeError):
        return Fact(goal.name, goal.words, lines(statement), missing="the certificate names facts that its branch lacks")
    return Fact(goal.name, goal.words, lines(statement), tuple(script))


def _script(goal: Goal, names: list[str], known: Rules) -> list[str]:
    script = Script()
    hypotheses = [script.name() for _ in goal.read]
    if names:
        script.say(f"cbv beta delta [{' '.join(names)}]")
    if intro := [*map(identifier, goal.variables), *hypotheses[:-1]]:
        script.say(f"intros {' '.join(intro)}")
    script.say(f"intro {hypotheses[-1]}" if goal.denied else f"apply NNPP; intro {hypotheses[-1]}")
    *given, last = goal.read
    assumed = [*given, last if goal.denied else negation(last)]
    start = beginning(script, frozenset(goal.variables), known, names)
    replayed(list(zip(assumed, hypotheses, strict=True)), goal.proof, start)
    return script.lines
