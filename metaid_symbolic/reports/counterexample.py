"""Witnesses in plain text: the problem, the point, and each hypothesis and the conclusion with the numbers that decide it."""

from __future__ import annotations

from contextlib import suppress
from fractions import Fraction

from ..calculus.minimisers import Minimisers
from ..certificates import (
    Certificate,
    Defined,
    Derivation,
    Instance,
    Instances,
    MatrixCounterexample,
    Pair,
    Refutation,
    Specialisation,
)
from ..claims import Claim, Determines, EveryCombination, ForAllProblems, Labelled, MatrixIdentities, SomeProblem, Statement
from ..kernel import objectives
from ..kernel.reading import RealReading, specialised
from ..kernel.rules import cases
from ..kernel.unfold import Reading
from ..printing import signed
from ..problems import MetaProblem
from ..sentences import law_of
from ..terms import RANDOM, Term, free_symbols, number, substitute
from .evaluation import UNREADABLE, Evaluated, Minimum, Shown, Value, evaluated, rational_point, value_of
from .exhibited import exhibited

LONGEST = 400
"""A longer term is cut in a report; the certificate has it whole."""


def witness_text(claim: Claim, certificate: Certificate) -> str:
    """The certificate as lines of text, if it exhibits something; empty for a derivation."""
    match claim, certificate:
        case ForAllProblems() | SomeProblem(), Instance():
            return "\n".join(instance_lines(certificate, conditions_of(claim)))
        case EveryCombination(), Instances(instances):
            return "\n".join(_combinations(claim, instances))
        case Determines(), Pair():
            return "\n".join(_pair(claim, certificate))
        case Statement(), Specialisation():
            return "\n".join(_specialisation(claim, certificate))
        case Statement(naturals=(), functions=(), arrays=()), Derivation():
            found = exhibited(claim.formula, False, certificate.proof)
            return "" if found is None else "\n".join(found.equations(signed))
        case MatrixIdentities(), MatrixCounterexample():
            return "\n".join(_matrices(claim, certificate))
        case EveryCombination(), Refutation(_, which):
            return "no meta-problem satisfies all of: " + "; ".join(map(signed, cases(claim)[which]))
        case SomeProblem(), Refutation():
            return "no meta-problem satisfies the conditions: they contradict one another"
        case _, Refutation() | Defined(_, Refutation()):
            return "the formula is refuted by a derivation"
    return ""


def conditions_of(claim: ForAllProblems | SomeProblem) -> list[tuple[Labelled, bool]]:
    """The formulas an instance decides, with the truth value it gives them."""
    if isinstance(claim, SomeProblem):
        return [(c, True) for c in claim.conditions]
    return [*((h, True) for h in claim.hypotheses), (claim.conclusion, False)]


def instance_lines(instance: Instance, conditions: list[tuple[Labelled, bool]]) -> list[str]:
    point = rational_point(instance.point)
    lines = problem_lines(instance.problem, instance.point)
    for labelled, holds in conditions:
        lines += _evaluated(evaluated(instance.problem, point, labelled.formula, holds, labelled.label), instance.problem)
    return lines


def problem_lines(problem: MetaProblem, point: tuple[Fraction, ...]) -> list[str]:
    """Domain, tasks, rate, objective and point."""
    names = ", ".join(problem.parameters)
    where = " and ".join(map(signed, problem.constraints))
    lines = [f"n = {problem.dimension}, Phi = " + (f"{{({names}): {where}}}" if where else f"R^{problem.dimension}")]
    for t, (weight, loss) in enumerate(zip(problem.weights, problem.losses, strict=True), start=1):
        share = "the task" if problem.law == "gaussian" else f"task {t}, weight {weight}"
        lines.append(f"{share}: L_{t}({names}) = {signed(loss)}")
    lines += list(map(law_of, problem.noise))
    if problem.rate is not None:
        lines.append(f"learning rate alpha = {signed(problem.rate)}, {problem.steps} inner step{'s' * (problem.steps != 1)}")
    with suppress(*UNREADABLE):
        lines.append(f"objective: F({names}) = {_cut(signed(objectives.objective(problem, 'F')))}")
    return [*lines, f"point: phi = {_rational_tuple(point)}"]


def _evaluated(found: Evaluated, problem: MetaProblem) -> list[str]:
    head = f"{found.label or signed(found.formula)} {'holds' if found.holds else 'fails'}"
    reasons = [shown_text(s) for s in found.values] + [minimum_text(m, problem) for m in found.minima]
    if found.witness is not None:
        places = ", ".join(f"{name} = {value_text(p if len(p) > 1 else p[0])}" for name, p in found.witness.points)
        values = "".join(f", {shown_text(s)}" for s in found.witness.values)
        reasons.append(f"at {places}{values}")
    return [head + (": " + "; ".join(reasons) if reasons else "")]


def shown_text(shown: Shown) -> str:
    return f"{signed(shown.name)} = {value_text(shown.value)}"


def value_text(value: Value) -> str:
    """A scalar, [vector] or [[matrix]]; a vector of one entry as that entry, in brackets."""
    if type(value) is Term:
        return _cut(signed(value))
    return "[" + ", ".join(value_text(v) for v in value) + "]"


def minimum_text(minimum: Minimum, problem: MetaProblem) -> str:
    found, name = minimum.found, f"argmin {minimum.objective}"
    if found.least is None:
        return f"{name} is empty: {minimum.objective} has no least value"
    if found.everything:
        return f"{name} = Phi: {minimum.objective} is the constant {found.least}"
    return f"{name} = {_set_text(found, problem)}, where {minimum.objective} = {found.least}"


def _set_text(found: Minimisers, problem: MetaProblem) -> str:
    if found.directions:
        moves = "".join(f" + R*{_rational_tuple(d)}" for d in found.directions)
        return _rational_tuple(found.points[0]) + moves
    members = [_rational_tuple(p) for p in found.points]
    members += [f"the real zeros of {signed(f)}" for f in found.zeros_of]
    return "{" + ", ".join(members) + "}"


def _rational_tuple(point: tuple[Fraction, ...]) -> str:
    return str(point[0]) if len(point) == 1 else f"({', '.join(map(str, point))})"


def _cut(written: str) -> str:
    return written if len(written) <= LONGEST else f"{written[:LONGEST]}... ({len(written)} characters)"


def _combinations(claim: EveryCombination, instances: tuple[Instance, ...]) -> list[str]:
    lines: list[str] = []
    for which, instance in enumerate(instances):
        bits = [not which >> (len(claim.conditions) - 1 - i) & 1 for i in range(len(claim.conditions))]
        named = [f"{c.label} {'true' if bit else 'false'}" for c, bit in zip(claim.conditions, bits, strict=True)]
        conditions = [(g, True) for g in claim.given] + list(zip(claim.conditions, bits, strict=True))
        lines += [f"{', '.join(named)}:", *("  " + line for line in instance_lines(instance, conditions))]
    return lines


def _pair(claim: Determines, pair: Pair) -> list[str]:
    lines = ["first meta-problem:", *("  " + line for line in problem_lines(pair.first, pair.first_point))]
    lines += ["second meta-problem:", *("  " + line for line in problem_lines(pair.second, pair.second_point))]
    for word, term in [*(("agrees", t) for t in claim.inputs), ("differs", claim.output)]:
        for name, left, right in pair_values(pair, term):
            if word == "agrees" or left != right:
                lines.append(f"{signed(name)} {word}: {value_text(left)} and {value_text(right)}")
    return lines


def pair_values(pair: Pair, term: Term) -> list[tuple[Term, Value, Value]]:
    """The values of an input or output at both problems; of a term in the task t, for each t."""
    first, second = Reading(pair.first), Reading(pair.second)
    rows = []
    for t in range(len(pair.first.losses)) if "t" in free_symbols(term) else (0,):
        left = value_of(first, term, {"phi": rational_point(pair.first_point), "t": t})
        right = value_of(second, term, {"phi": rational_point(pair.second_point), "t": t})
        if left is not None and right is not None:
            rows.append((substitute(term, {"t": number(t + 1)}), left, right))
    return rows


def specialisation_values(claim: Statement, found: Specialisation) -> list[tuple[str, tuple[int, ...], tuple[Fraction, ...]]]:
    """Each array with its sides and its entries, row by row."""
    values = {n.name: number(k) for n, k in zip(claim.naturals, found.naturals, strict=True)}
    sides = [tuple(RealReading().natural(side, values) for side in a.shape) for a in claim.arrays]
    return [(a.name, s, flat) for a, s, flat in zip(claim.arrays, sides, found.arrays, strict=True)]


def _specialisation(claim: Statement, found: Specialisation) -> list[str]:
    lines = [f"{n.name} = {k}" for n, k in zip(claim.naturals, found.naturals, strict=True)]
    lines += [f"{name}({variable}) = {signed(body)}" for name, variable, body in found.functions]
    arrays = [(name, sides, flat) for name, sides, flat in specialisation_values(claim, found) if name not in RANDOM]
    lines += [f"{name} = {array_text(sides, flat)}" for name, sides, flat in arrays]
    try:
        formula = specialised(claim, found.naturals, found.functions, found.arrays)
        shown = exhibited(formula, True, found.proof)
        lines += shown.equations(signed) if shown is not None else []
        lines.append(f"fails: {_cut(signed(formula))}")
    except UNREADABLE:
        lines.append(f"fails: {signed(claim.formula)}")
    return lines


def array_text(sides: tuple[int, ...], flat: tuple[Fraction, ...]) -> str:
    """Nested brackets, row by row; a number for an array without sides."""
    if not sides:
        return str(flat[0])
    step = len(flat) // sides[0] if sides[0] else 0
    return "[" + ", ".join(array_text(sides[1:], flat[i * step : (i + 1) * step]) for i in range(sides[0])) + "]"


def _matrices(claim: MatrixIdentities, found: MatrixCounterexample) -> list[str]:
    sizes = dict(found.sizes)
    lines = [f"{name} = {size}" for name, size in found.sizes]
    for (name, rows, columns), flat in zip(claim.shapes, found.entries, strict=True):
        sides = tuple(1 if side == "1" else sizes[side] for side in (rows, columns))
        lines.append(f"{name} = {array_text(sides if sides != (1, 1) else (), flat)}")
    return [*lines, "one of these fails: " + "; ".join(map(signed, claim.formulas))]
