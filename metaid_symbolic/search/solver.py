"""Examples and counterexamples to formulas about real numbers that an SMT solver proposes, where one is installed.

What the solver says decides nothing: from a model only numbers are taken, and the formula is decided at them exactly.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import reduce
from math import lcm
from typing import Any

from ..certificates import Derivation, Root, Specialisation
from ..claims import Statement
from ..terms import Term, negation
from ..theory import Claim
from . import Finding, Settings
from .minimising import Minimisers, RootedProver
from .one_unknown import opened, root_of
from .tableaux.candidates import Suggestions
from .tableaux.prover import Prover

RESOURCES = 5_000_000
"""Of the solver's own count, some seconds; it is the same on every machine."""
EFFORT = 300
DIGITS = (1, 2, 4)
CLOSE = 12
"""An irrational coordinate is replaced by decimals of so many digits; and it is named, within an interval of that many."""


class Untranslatable(ValueError):
    """The formula has a part that the solver is not asked about."""


def solver(claim: Claim, settings: Settings) -> Iterator[Finding]:
    """Numbers at which a formula about real numbers alone is false, or that it says to exist."""
    made = claim.assertion
    if not isinstance(made, Statement) or made.naturals or made.functions or made.arrays:
        return
    for truth, wanted in ((False, negation(made.formula)), (True, made.formula)):
        for prover in proposals(wanted, settings.seed) if claim.expected in (truth, None) else ():
            proof = prover.refute([negation(wanted)])
            if proof is not None:
                found = Derivation(proof) if truth else Specialisation((), (), (), proof)
                yield Finding(found, "solver", "" if truth else "smallest found")
                return


def proposals(formula: Term, seed: int) -> Iterator[Prover]:
    """Provers that know the numbers which the leading variables have in a model of the formula."""
    values = model(formula, seed)
    irrational = [value for value in values if hasattr(value, "approx")]
    rational = tuple(dict.fromkeys(_rational(v, 1) for v in values if not hasattr(v, "approx")))
    for digits in DIGITS if irrational else DIGITS[:1] if values else ():
        near = tuple(dict.fromkeys(_rational(v, digits) for v in irrational))
        yield Prover(Suggestions(numbers=(*rational, *near)), effort=EFFORT, depth=4)
    if irrational:
        roots = tuple((str(k), _root(value)) for k, value in enumerate(irrational))
        yield RootedProver(Suggestions(numbers=rational), effort=EFFORT, depth=4, known=Minimisers(roots=roots))


def model(formula: Term, seed: int) -> list[Any]:
    """The solver's numbers for the leading variables; none without a solver, or if it has no answer."""
    free, matrix = opened(formula)
    try:
        z3: Any = importlib.import_module("z3")
        names = {name: z3.Real(name) for name in free}
        wanted = translated(z3, matrix, names)
    except (ImportError, Untranslatable):
        return []
    asked = z3.Solver()
    asked.set("rlimit", RESOURCES)
    asked.set("random_seed", seed)
    asked.add(wanted)
    if not free or asked.check() != z3.sat:
        return []
    found = asked.model()
    return [found.eval(name, model_completion=True) for name in names.values()]


def _rational(value: Any, digits: int) -> Fraction:
    """The value, or a decimal near to an irrational one."""
    if hasattr(value, "numerator_as_long"):
        return Fraction(value.numerator_as_long(), value.denominator_as_long())
    return round(_near(value, digits + 2), digits)


def _near(value: Any, digits: int) -> Fraction:
    close = value.approx(digits)
    return Fraction(close.numerator_as_long(), close.denominator_as_long())


def _root(value: Any) -> Root:
    """The irrational number as a root of its polynomial, between two rational numbers near to it."""
    coefficients = [Fraction(c.numerator_as_long(), c.denominator_as_long()) for c in value.poly()]
    coefficients = [c * lcm(*(d.denominator for d in coefficients)) for c in coefficients]
    middle, width = _near(value, CLOSE), Fraction(1, 10 ** (CLOSE - 2))
    return root_of(coefficients, (middle - width, middle + width))


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
