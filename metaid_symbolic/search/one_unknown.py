"""Formulas that say something of one real number, decided at sample points: the real roots of the polynomials that they compare,
and a rational number in each interval between and beyond these, on which no polynomial changes its sign (Tarski 1951).

What is found only proposes numbers; a proof is looked for with each, and the kernel checks that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

import flint

from ..certificates import Derivation, Done, Proof, Refutation, Root, Specialisation
from ..claims import Statement
from ..kernel.polynomial import TooLarge
from ..kernel.rejection import Rejected
from ..terms import FALSE, TRUE, Term, negation, rebuild, subterms, symbol
from ..theory import Claim
from . import Finding, Settings
from .algebra.polynomials import Polynomial, primitive, to_flint
from .algebra.real_roots import Interval, isolated, refined
from .concrete import Asked
from .minimising import Minimisers, RootedProver, bits_for, in_terms
from .problems.enumeration import exponents_of
from .quadratic_forms.points import cells
from .statements import truth
from .tableaux.candidates import Suggestions
from .tableaux.prover import Prover

NAME = "one unknown"
EFFORT, BITS = 300, 60
MOST_RATIONAL, MOST_ROOTS = 3, 3
"""So many sample points of each kind are tried, of those where the formula holds."""


def one_unknown(claim: Claim, settings: Settings) -> Iterator[Finding]:
    """A number that a formula says to exist, or at which one about all numbers fails; of a problem's points, those on a line."""
    made = claim.assertion
    if isinstance(made, Statement) and not (made.naturals or made.functions or made.arrays):
        for holds, proof in _proofs(made.formula, claim.expected):
            found = Derivation(proof) if holds else Specialisation((), (), (), proof)
            yield Finding(found, NAME, "" if holds else "smallest found")
    elif (asked := Asked.of(claim, settings)) is not None:
        for holds, proof in _proofs(asked.formula, claim.expected):
            yield asked.finding(Derivation(proof) if holds else Refutation(proof, 0), NAME)


def _proofs(formula: Term, expected: bool | None) -> Iterator[tuple[bool, Proof]]:
    """A proof of the formula, or of its negation, and whether it is one of the formula."""
    for wanted, holds in ((formula, True), (negation(formula), False)):
        for prover in provers(wanted) if expected in (holds, None) else ():
            proof = prover.refute([negation(wanted)])
            if proof is not None:
                yield holds, proof
                return


def provers(formula: Term) -> Iterator[Prover]:
    """Provers that know a number of which the formula says that it exists; none unless it is in one unknown and polynomial."""
    names, matrix = opened(formula)
    try:
        compared = _compared(matrix, names[0]) if len(names) == 1 else {}
    except (ValueError, Rejected, TooLarge):
        return
    polynomials = list(compared.values())
    rational = [x for x in cells(polynomials) if _holds(matrix, {f: _sign(p(to_flint(x))) for f, p in compared.items()})]
    for x in sorted(rational, key=lambda x: (x.denominator, abs(x.numerator)))[:MOST_RATIONAL]:
        yield Prover(Suggestions(points=((x,),), numbers=(x,)), effort=EFFORT, depth=4)
    for p, interval in _irrational(matrix, compared)[:MOST_ROOTS]:
        root = root_of([Fraction(int(c)) for c in p.coeffs()], interval)
        known = Minimisers(points=((symbol("root"),),), roots=(("root", root),))
        yield RootedProver(Suggestions(), effort=EFFORT, depth=4, known=known)


def root_of(coefficients: list[Fraction], interval: Interval) -> Root:
    """The step that names the root of the integer polynomial in the interval."""
    term = in_terms(coefficients, symbol("_.1"))
    return Root((term,), (interval,), bits_for(coefficients, *interval), False, Done())


def opened(formula: Term, holds: bool = True) -> tuple[list[str], Term]:
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


def _compared(matrix: Term, name: str) -> dict[Term, Any]:
    """For each comparison in the formula the polynomial left - right over Q.  Raises `ValueError` for anything else."""
    found = {}
    for part in subterms(matrix):
        if part.head in ("forall", "exists", "pred"):
            raise ValueError(f"{part.head} inside")
        if part.head in ("eq", "lt", "le"):
            left, right = part.args
            found[part] = _univariate(exponents_of(left - right, (name,)))
    return found


def _univariate(p: Polynomial) -> Any:
    coefficients = {e[0]: to_flint(c) for e, c in primitive(p).items()}
    return flint.fmpq_poly([coefficients.get(k, flint.fmpq(0)) for k in range(max(coefficients, default=-1) + 1)])


def _irrational(matrix: Term, compared: Mapping[Term, Any]) -> list[tuple[Any, Interval]]:
    """The irrational roots at which the formula holds, as far as signs in small intervals tell, with their polynomials."""
    factors = {str(f): f for p in compared.values() if p.degree() > 0 for f, _ in p.numer().factor()[1] if f.degree() > 1}
    found = []
    for f in factors.values():
        for interval in isolated(f):
            low, high = refined(f, interval, BITS)
            middle = to_flint((low + high) / 2)
            signs = {g: 0 if not p.numer() % f else _sign(p(middle)) for g, p in compared.items()}
            if _holds(matrix, signs):
                found.append((f, (low, high)))
    return found


def _holds(matrix: Term, signs: Mapping[Term, int]) -> bool:
    """Whether the formula holds where the differences of what it compares have these signs."""
    return truth(_evaluated(matrix, signs)) is True


def _evaluated(formula: Term, signs: Mapping[Term, int]) -> Term:
    sign = signs.get(formula)
    if sign is None:
        return rebuild(formula, lambda part: _evaluated(part, signs))
    return TRUE if sign in {"eq": (0,), "lt": (-1,), "le": (-1, 0)}[formula.head] else FALSE


def _sign(value: Any) -> int:
    return int(value > 0) - int(value < 0)
