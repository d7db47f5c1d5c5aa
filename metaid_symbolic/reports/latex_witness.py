"""Witnesses in LaTeX: the problem, the point, and each condition with the exact numbers that decide it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from fractions import Fraction

from ..calculus.minimisers import Minimisers
from ..certificates import Certificate, Instance, Instances, MatrixCounterexample, Pair, Proof, Specialisation
from ..claims import (
    Claim,
    Determines,
    EveryCombination,
    ForAllProblems,
    Labelled,
    MatrixIdentities,
    SomeProblem,
    Statement,
    Theorem,
)
from ..kernel.reading import specialised
from ..problems import MetaProblem
from ..terms import Term, symbol
from .brackets import bracket, fraction
from .counterexample import conditions_of, pair_values, specialisation_values
from .derivation import told_failure
from .evaluation import UNREADABLE, Evaluated, Shown, Value, evaluated, rational_point
from .exhibited import exhibited
from .latex_claims import problem_items
from .latex_derivation import derivation
from .names import escape, names_condition
from .notation import latex
from .telling import size

LONGEST = 100
"""A condition whose formula has more characters of LaTeX is not written a second time."""
Rows = tuple[tuple[str, ...], ...]


def witness(claim: Claim, certificate: Certificate) -> str:
    """What the certificate exhibits; empty for a derivation."""
    match claim, certificate:
        case ForAllProblems() | SomeProblem(), Instance():
            return _instance(certificate, conditions_of(claim))
        case EveryCombination(), Instances(instances):
            return "\n".join(_combination(claim, which, instance) for which, instance in enumerate(instances))
        case Determines(), Pair():
            return _pair(claim, certificate)
        case Statement(), Specialisation():
            return _specialisation(claim, certificate)
        case MatrixIdentities(), MatrixCounterexample():
            return _matrices(claim, certificate)
    return ""


def _instance(instance: Instance, conditions: list[tuple[Labelled, bool]]) -> str:
    point = rational_point(instance.point)
    rows = []
    for number, (labelled, holds) in enumerate(conditions, start=1):
        found = evaluated(instance.problem, point, labelled.formula, holds, labelled.label)
        name = _named(labelled, "the conclusion" if number == len(conditions) and not holds else f"condition {number}")
        reasons = _reasons(found) or _argued(instance.facts[number - 1])
        rows.append(f"  \\item {name} {'holds' if holds else 'fails'}{reasons}.")
    at = rf"At $\varphi = {coordinates(instance.point)}$:"
    return "\n".join([_problem(instance.problem), at, r"\begin{itemize}", *rows, r"\end{itemize}"])


def failure(claim: Claim, instance: Certificate, theorems: Mapping[str, Theorem]) -> str:
    """Why the conclusion fails, as a derivation where no values decide it."""
    if not isinstance(claim, ForAllProblems) or not isinstance(instance, Instance) or size(instance.facts[-1]) < 2:
        return ""
    found = evaluated(instance.problem, rational_point(instance.point), claim.conclusion.formula, False)
    if found.values or found.minima or found.witness:
        return ""
    return "\n" + derivation(told_failure(instance, claim.conclusion.formula, theorems), theorems)


def _named(labelled: Labelled, otherwise: str) -> str:
    """A condition by its name, else as a formula, or `otherwise` if that is long."""
    if names_condition(labelled.label):
        return escape(labelled.label)
    written = latex(labelled.formula)
    return f"${written}$" if len(written) <= LONGEST else otherwise


def _problem(problem: MetaProblem) -> str:
    return f"Consider $n = {problem.dimension}$,\n{problem_items(problem)}"


def _reasons(found: Evaluated) -> str:
    parts = [f"${shown(s)}$" for s in found.values] + [minimum(m.objective, m.found) for m in found.minima]
    if found.witness is not None:
        places = ", ".join(f"${latex(symbol(name))} = {_value(p)}$" for name, p in found.witness.points)
        values = "".join(f", ${shown(s)}$" for s in found.witness.values)
        parts.append(f"at {places}{values}")
    return ": " + ", ".join(parts) if parts else ""


def _argued(proof: Proof) -> str:
    """What is said of a condition without values that would decide it."""
    steps = size(proof)
    return f", by a derivation of {steps} steps" if steps > 1 else ""


def shown(one: Shown) -> str:
    return f"{latex(one.name)} = {_value(one.value)}"


def _value(value: Value) -> str:
    if type(value) is Term:
        return latex(value)
    rows = [tuple(map(latex, v)) for v in value if type(v) is tuple]
    return _array(tuple(rows)) if rows else _row([latex(v) for v in value if type(v) is Term])


def _row(entries: list[str]) -> str:
    return entries[0] if len(entries) == 1 else bracket(", ".join(entries))


def _array(rows: Rows) -> str:
    if len(rows) == 1 and len(rows[0]) == 1:
        return rows[0][0]
    inside = r" \\ ".join(" & ".join(row) for row in rows)
    return rf"\begin{{pmatrix}} {inside} \end{{pmatrix}}"


def minimum(objective: str, found: Minimisers) -> str:
    """The minimisers of the objective over Phi, and its least value."""
    name = rf"\arg\min_{{\Phi}} {latex(symbol(objective))}"
    if found.least is None:
        return rf"${name} = \emptyset$"
    if found.everything:
        return rf"${name} = \Phi$, as ${latex(symbol(objective))}$ is constant"
    return f"${name} = {_set(found)}$ with least value ${fraction(found.least)}$"


def _set(found: Minimisers) -> str:
    if found.directions:
        return coordinates(found.points[0]) + "".join(rf" + \mathbf{{R}} {coordinates(d)}" for d in found.directions)
    members = [rf"\{{{', '.join(map(coordinates, found.points))}\}}"] if found.points else []
    members += [rf"\{{x \in \mathbf{{R}} : {latex(f)} = 0\}}" for f in found.zeros_of]
    return r" \cup ".join(members)


def coordinates(place: tuple[Fraction, ...]) -> str:
    return _row(list(map(fraction, place)))


def _combination(claim: EveryCombination, which: int, instance: Instance) -> str:
    bits = [not which >> (len(claim.conditions) - 1 - i) & 1 for i in range(len(claim.conditions))]
    named = ", ".join(
        f"{escape(c.label) if names_condition(c.label) else f'${latex(c.formula)}$'} {'true' if b else 'false'}"
        for c, b in zip(claim.conditions, bits, strict=True)
    )
    conditions = [(g, True) for g in claim.given] + list(zip(claim.conditions, bits, strict=True))
    return f"\\par\\emph{{{named}.}} {_instance(instance, conditions)}"


def _pair(claim: Determines, pair: Pair) -> str:
    lines = [f"First meta-problem: {_problem(pair.first)}", rf"at $\varphi = {coordinates(pair.first_point)}$."]
    lines += [f"Second meta-problem: {_problem(pair.second)}", rf"at $\varphi = {coordinates(pair.second_point)}$."]
    for term, word in [*((t, "agrees") for t in claim.inputs), (claim.output, "differs")]:
        for name, left, right in pair_values(pair, term):
            if word == "differs" and left != right:
                lines.append(f"${latex(name)}$ differs: ${_value(left)}$ and ${_value(right)}$.")
            elif word == "agrees":
                lines.append(f"${latex(name)} = {_value(left)}$ in both.")
    return "\n".join(lines)


def _specialisation(claim: Statement, found: Specialisation) -> str:
    parts = [f"${latex(symbol(n.name))} = {k}$" for n, k in zip(claim.naturals, found.naturals, strict=True)]
    parts += [f"${latex(symbol(f))}({latex(symbol(v))}) = {latex(body)}$" for f, v, body in found.functions]
    for name, sides, flat in specialisation_values(claim, found):
        parts.append(f"${latex(symbol(name))} = {_entries(sides, flat)}$")
    with suppress(*UNREADABLE):
        shown = exhibited(specialised(claim, found.naturals, found.functions, found.arrays), True, found.proof)
        parts += [f"${equation}$" for equation in shown.equations(latex)] if shown is not None else []
    return f"The formula fails for {', '.join(parts)}." if parts else "The formula fails as it stands."


def _entries(sides: tuple[int, ...], flat: tuple[Fraction, ...]) -> str:
    """A number, column, matrix, or for more indices a list of slices."""
    if len(sides) > 2:
        step = len(flat) // sides[0]
        return "(" + ", ".join(_entries(sides[1:], flat[i * step : (i + 1) * step]) for i in range(sides[0])) + ")"
    width = sides[1] if len(sides) == 2 else 1
    return _array(tuple(tuple(map(fraction, flat[i : i + width])) for i in range(0, len(flat), width)))


def _matrices(claim: MatrixIdentities, found: MatrixCounterexample) -> str:
    sizes = dict(found.sizes)
    shapes = {name: shape for name, *shape in claim.shapes}
    parts = [f"${latex(symbol(k))} = {size}$" for k, size in found.sizes if not any(k in shape for shape in shapes.values())]
    for (name, rows, columns), flat in zip(claim.shapes, found.entries, strict=True):
        sides = tuple(1 if side == "1" else sizes[side] for side in (rows, columns))
        parts.append(f"${latex(symbol(name))} = {_entries(sides, flat) if sides != (1, 1) else fraction(flat[0])}$")
    return f"A formula fails for {', '.join(parts)}."
