"""Claims in words: the canonical statement in the kernel's printing, and the text of `statements.json`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from .claims import (
    AtProblem,
    Claim,
    Determines,
    EveryCombination,
    ForAllProblems,
    Labelled,
    SomeProblem,
    Statement,
    Theorem,
    Universe,
)
from .encoding import loads
from .printing import text
from .problems import MetaProblem, Noise, Uniform
from .statements import SCHEMA, Statements, canonical, digest
from .terms import Term

DOMAIN = {
    "open": "Phi is a non-empty open connected subset of R^n",
    "whole": "Phi = R^n",
    "interval": "n = 1 and Phi is a closed bounded interval with interior",
    "any": "Phi is a non-empty subset of R^n",
}
LAW = {"finite": "finitely many tasks with rational weights", "gaussian": "the task is a Gaussian vector"}
SMOOTH = {"C2": "C^2 losses", "C3": "C^3 losses", "continuous": "continuous losses", "none": "any losses"}


def universe_words(universe: Universe) -> str:
    return f"{DOMAIN[universe.domain]}, {LAW[universe.law]}, {SMOOTH[universe.smoothness]}"


def law_of(variable: Noise | Uniform) -> str:
    """The law of a random variable, in words."""
    if isinstance(variable, Uniform):
        return f"{variable.name} ~ uniform({variable.low}, {variable.high})"
    return f"{variable.name} ~ N({variable.mean}, {variable.variance})"


def problem_words(problem: MetaProblem) -> list[str]:
    """The meta-problem, a line for each part."""
    where = " and ".join(map(text, problem.constraints)) or f"R^{problem.dimension}"
    lines = [f"parameters {', '.join(problem.parameters)} in {where}"]
    lines += [f"task of weight {w}: loss {text(loss)}" for w, loss in zip(problem.weights, problem.losses, strict=True)]
    lines += list(map(law_of, problem.noise))
    if problem.learner != "plain" or problem.rate is not None:
        rate = "alpha" if problem.rate is None else text(problem.rate)
        lines.append(f"learner {problem.learner}, {problem.steps} steps, rate {rate}")
    return lines


def sentence(claim: Claim | Theorem) -> list[str]:
    """The claim in full, in the kernel's printing, one line for each part."""
    match claim:
        case ForAllProblems(universe, hypotheses, conclusion):
            head = f"for all meta-problems ({universe_words(universe)}), alpha > 0, phi in Phi:"
            return [head, *_listed("if", hypotheses), *_listed("then", (conclusion,))]
        case SomeProblem(universe, conditions):
            head = f"there are a meta-problem ({universe_words(universe)}), alpha > 0, phi in Phi with"
            return [head, *_listed("and", conditions)]
        case EveryCombination(universe, given, conditions):
            head = f"among the meta-problems ({universe_words(universe)}) with alpha > 0 and phi in Phi, where"
            middle = "all combinations of truth values occur of"
            return [head, *_listed("and", given), middle, *_listed("and", conditions)]
        case AtProblem(problem, formula):
            return ["for the meta-problem", *("  " + line for line in problem_words(problem)), f"it holds that {text(formula)}"]
        case Statement(naturals, functions, arrays, formula):
            parts = [f"{n.name} >= {n.least}" for n in naturals] + [f"{f}: R -> R of class C^2" for f in functions]
            parts += [f"{a.name} in R^({' x '.join(map(text, a.shape))})" for a in arrays]
            return [f"for all {', '.join(parts)}:" if parts else "it holds that", "  " + text(formula)]
        case Determines(universe, inputs, output):
            head = f"for any two meta-problems ({universe_words(universe)}) with equal n, weights and alpha, if these agree:"
            return [head, *("  " + text(term) for term in inputs), f"then so does {text(output)}"]
        case Theorem(name, functions, formula, reference):
            return [f"{name} ({reference}), for all {', '.join(functions)}:", "  " + text(formula)]
        case other:
            return [type(other).__name__, *(f"  {f.name}: {_plain(getattr(other, f.name))}" for f in fields(other))]


def _plain(value: Any) -> str:
    if type(value) is tuple:
        return "; ".join(f"({_plain(v)})" if type(v) is tuple else _plain(v) for v in value) or "none"
    return text(value) if type(value) is Term else str(value)


def _listed(word: str, parts: tuple[Labelled, ...]) -> list[str]:
    return [f"  {word} [{part.label}] {text(part.formula)}" for part in parts]


def statements_text(theory: str, found: Mapping[str, Claim], theorems: Mapping[str, Theorem]) -> str:
    """The text of `statements.json`, in which every entry stands on lines of its own."""

    def section(name: str, entries: Mapping[str, Any]) -> str:
        return f'"{name}": {{\n' + ",\n".join(f"{json.dumps(key)}: {_entry(v)}" for key, v in sorted(entries.items())) + "\n}"

    head = f'"schema": "{SCHEMA}",\n"theory": {json.dumps(theory)}'
    return "{\n" + ",\n".join([head, section("theorems", theorems), section("claims", found)]) + "\n}\n"


def misworded(source: str | bytes, known: Statements) -> list[str]:
    """The names of entries that are believed, but whose words are not those of their statement."""
    data = loads(source)
    listed: list[tuple[str, Any, Any]] = [(name, data["theorems"][name], made) for name, made in known.theorems.items()]
    listed += [(name, data["claims"][name], made) for name, made in known.claims.items()]
    return [name for name, entry, made in listed if entry["text"] != sentence(made)]


def _entry(value: Any) -> str:
    words = json.dumps(sentence(value), indent=1)
    return f'{{"text": {words},\n"sha256": "{digest(value)}",\n"statement": {canonical(value)}}}'
