"""Counterexamples to formulas about real numbers that an SMT solver proposes, where one is installed.

What the solver says decides nothing: from a model only numbers are taken, and the formula is refuted at them exactly.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import reduce
from typing import Any

from ..certificates import Specialisation
from ..claims import Statement
from ..terms import Term, negation
from ..theory import Claim
from . import Finding, Settings
from .tableaux.candidates import Suggestions
from .tableaux.prover import Prover

RESOURCES = 5_000_000
"""Of the solver's own count, some seconds; it is the same on every machine."""
EFFORT = 300
DIGITS = (1, 2, 4, 8)
"""An irrational coordinate is replaced by decimals of so many digits."""


class Untranslatable(ValueError):
    """The formula has a part that the solver is not asked about."""


def solver(claim: Claim, settings: Settings) -> Iterator[Finding]:
    """Numbers at which a formula about real numbers alone is false."""
    made = claim.assertion
    if not isinstance(made, Statement) or made.naturals or made.functions or made.arrays or claim.expected is True:
        return
    for numbers in proposals(made.formula, settings.seed):
        about = Suggestions(numbers=numbers, points=())
        proof = Prover(about, effort=EFFORT, depth=4).refute([made.formula])
        if proof is not None:
            yield Finding(Specialisation((), (), (), proof), "solver", "smallest found")
            return


def proposals(formula: Term, seed: int) -> Iterator[tuple[Fraction, ...]]:
    """Numbers that the variables have in a model of the negation; nothing without a solver, or if it has no answer."""
    try:
        z3: Any = importlib.import_module("z3")
    except ImportError:
        return
    asked = z3.Solver()
    asked.set("rlimit", RESOURCES)
    asked.set("random_seed", seed)
    free, matrix = _opened(negation(formula))
    names = {name: z3.Real(name) for name in free}
    try:
        asked.add(translated(z3, matrix, names))
    except Untranslatable:
        return
    if asked.check() != z3.sat:
        return
    model = asked.model()
    values = [model.eval(name, model_completion=True) for name in names.values()]
    for digits in DIGITS:
        yield tuple(dict.fromkeys(_rational(z3, value, digits) for value in values))
        if all(z3.is_rational_value(value) for value in values):
            return


def _rational(z3: Any, value: Any, digits: int) -> Fraction:
    if z3.is_rational_value(value):
        return Fraction(value.numerator_as_long(), value.denominator_as_long())
    close = value.approx(digits + 2)
    return round(Fraction(close.numerator_as_long(), close.denominator_as_long()), digits)


def _opened(formula: Term, holds: bool = True) -> tuple[list[str], Term]:
    """The leading variables of which some values are asked for, and what is to hold of them."""
    names = list[str]()
    while formula.head in ("not", "forall", "exists"):
        if formula.head == "not":
            formula, holds = formula.args[0], not holds
        elif (formula.head == "exists") == holds and formula.args[1] == "real" and formula.args[0] not in names:
            names.append(formula.args[0])
            formula = formula.args[2]
        else:
            break
    return names, formula if holds else negation(formula)


def translated(z3: Any, term: Term, names: Mapping[str, Any]) -> Any:
    """The formula or term in the solver's language.  Raises `Untranslatable`."""
    head, args = term.head, term.args
    if head in ("forall", "exists") and args[1] == "real":
        bound = z3.Real(args[0])
        inside = translated(z3, args[2], {**names, args[0]: bound})
        return (z3.ForAll if head == "forall" else z3.Exists)([bound], inside)
    if head == "num":
        return z3.RealVal(str(args[0]))
    if head == "sym" and args[0] in names:
        return names[args[0]]
    if head == "pow" and args[1] >= 0:
        return reduce(lambda a, b: a * b, [translated(z3, args[0], names)] * args[1], z3.RealVal(1))
    if head in ("true", "false"):
        return z3.BoolVal(head == "true")
    if head not in CONNECTIVES:
        raise Untranslatable(head)
    return CONNECTIVES[head](z3, [translated(z3, part, names) for part in args])


CONNECTIVES: Mapping[str, Any] = {
    "add": lambda z3, parts: z3.Sum(parts), "mul": lambda z3, parts: z3.Product(parts),
    "eq": lambda z3, parts: parts[0] == parts[1], "lt": lambda z3, parts: parts[0] < parts[1],
    "le": lambda z3, parts: parts[0] <= parts[1], "not": lambda z3, parts: z3.Not(parts[0]),
    "and": lambda z3, parts: z3.And(parts), "or": lambda z3, parts: z3.Or(parts),
    "implies": lambda z3, parts: z3.Implies(*parts), "iff": lambda z3, parts: parts[0] == parts[1],
}  # fmt: skip
