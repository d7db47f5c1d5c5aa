"""Logarithms in the literals of a branch: what they say of the arguments.

A literal about z = sum_i n_i log(A_i), with integers n_i, has the sign of P - N for P, N the products of the A_i^|n_i| with
n_i > 0 and n_i < 0: exp(z) = P/N, and exp(z) >= 1 + z, strictly for z != 0.  In another literal exp(log(A)) is A.
Each of these is a `Cut`: what the literal says of the arguments, and a `Combine` against its denial.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import partial
from math import lcm
from typing import Any

from ...certificates import Combine, Cut, Done, Lemma, Proof, Summand
from ...kernel.branch import Branch
from ...kernel.lemmas import lemma
from ...kernel.normal import Opaque
from ...kernel.polynomial import TooLarge, generators_of, key_of, power, product, to_term
from ...kernel.rejection import Rejected
from ...terms import ONE, ZERO, IllFormed, Term, at_most, equal, less, negation, total
from ..branches.branch_polynomials import EQUATION, Prove, Step, accepted, cases_of

MOST_POWER = 24
"""The largest number of factors of P and N together."""
UNSUITABLE = (Rejected, TooLarge, IllFormed, Opaque)
COMPARISONS = {"+": less, "0+": at_most}
"""What N and P satisfy where z has these signs."""


def without_logarithms(branch: Branch) -> Step | None:
    """What the first literal with logarithms that was not used yet says of their arguments."""
    for place, literal in enumerate(branch.literals):
        mark = f"logarithms {hash(key_of(literal.polynomial)[0])} {sorted(literal.signs)}"
        if mark in branch.labels:
            continue
        branch.labels[mark] = "used"
        if powers := _powers(branch, literal.polynomial):
            return partial(_compared, branch, place, powers)
        if arguments := _exponentials(branch, literal.polynomial):
            return partial(_substituted, branch, place, arguments)
    return None


def _powers(branch: Branch, p: Any) -> dict[Term, int]:
    """The numbers n_i by A_i for which p is a positive multiple of sum_i n_i log(A_i); empty for another polynomial."""
    found: dict[Term, Fraction] = {}
    for monomial, value in p.monomials():
        logarithm = branch.normaliser.ring.term_of(monomial[0][0]) if [e for _, e in monomial] == [1] else ONE
        if logarithm.head != "log":
            return {}
        found[logarithm.args[0]] = value
    scale = lcm(*(value.denominator for value in found.values()))
    made = {argument: int(value * scale) for argument, value in found.items()}
    return made if sum(map(abs, made.values())) <= MOST_POWER else {}


def _exponentials(branch: Branch, p: Any) -> list[Term]:
    """The A of the generators exp(log(A)) of p."""
    inside = [t.args[0] for g in sorted(generators_of(p)) if (t := branch.normaliser.ring.term_of(g)).head == "exp"]
    return [t.args[0] for t in inside if t.head == "log"]


def _positive(branch: Branch, arguments: Sequence[Term], prove: Prove, then: Prove) -> Proof | None:
    """A proof that the arguments are positive, and what follows where they are."""
    for argument in arguments:
        formula = less(ZERO, argument)
        if branch.truth(formula, True) is not True:
            yes, no = cases_of(branch, formula)
            denied = prove(no)
            found = denied and _positive(yes, arguments, prove, then)
            return found and denied and Cut(formula, found, denied)
    return then(branch)


def _compared(branch: Branch, place: int, powers: Mapping[Term, int], prove: Prove) -> Proof | None:
    """With what the sign of z says of P and N."""
    signs, turned = branch.literals[place].signs, {a: -n for a, n in powers.items()}
    sides = [("0+", powers), ("0+", turned)] if signs == EQUATION else []
    for some in COMPARISONS:
        sides += [(some, powers)] if signs == frozenset(some) else []
        sides += [(some, turned)] if signs == frozenset(some.replace("+", "-")) else []
    return _positive(branch, list(powers), prove, partial(_in_turn, sides=sides, prove=prove)) if sides else None


def _in_turn(branch: Branch, sides: Sequence[tuple[str, Mapping[Term, int]]], prove: Prove) -> Proof | None:
    if branch.closed or not sides:
        return prove(branch)
    (signs, powers), *left = sides
    formula = COMPARISONS[signs](*(_written(powers, side) for side in (-1, 1)))
    yes, no = cases_of(branch, formula)
    denied = _against(no, powers)
    found = denied and _in_turn(yes, left, prove)
    return found and denied and Cut(formula, found, denied)


def _written(powers: Mapping[Term, int], side: int) -> Term:
    factors = [a ** (n * side) for a, n in powers.items() if n * side > 0]
    return Term("mul", (ONE, *factors))


def _against(branch: Branch, powers: Mapping[Term, int]) -> Proof | None:
    """Closes a branch where z >= 0 and P < N, or z > 0 and P <= N: (exp(z) - 1 - z) N + z N + (N - P) = 0."""
    if branch.closed:
        return Done()
    z = total([n * Term("log", (a,)) for a, n in powers.items()])
    rules = [(name, term) for a in powers for name, term in (("log", a), ("exp", Term("log", (a,))))]

    def summands(made: Branch) -> list[Summand]:
        read, one = made.normaliser.polynomial, made.normaliser.one
        values = {a: read(Term("exp", (Term("log", (a,)),))) for a in powers}
        above, below = (product((power(values[a], max(n * s, 0), one) for a, n in powers.items()), one) for s in (1, -1))
        here, there = (read(_written(powers, s)) for s in (1, -1))
        where, _ = _place(made, read(z))
        factors = [place for a, n in powers.items() for place in [_place(made, values[a])[0]] * max(-n, 0)]
        known = made.literals[where].signs == EQUATION
        _, left_over = _replaced(made, above - below, powers)
        return [
            _of_sign(made, above - (one + read(z)) * below),
            _of_sign(made, there - here),
            _equation(made, read(z), below) if known else _of_sign(made, read(z), factors),
            *left_over,
        ]

    return _with_rules(branch, [*rules, ("exp", z)], summands)


def _substituted(branch: Branch, place: int, arguments: Sequence[Term], prove: Prove) -> Proof | None:
    """With the literal in which exp(log(A)) is A."""

    def then(inner: Branch) -> Proof | None:
        try:
            literal = inner.literals[place]
            value, _ = _replaced(inner.copy(), literal.polynomial, arguments, free=False)
            p = to_term(value, inner.normaliser.ring)
        except UNSUITABLE:
            return None
        formula = {"0": equal(p, ZERO), "-+": negation(equal(p, ZERO)), "+": less(ZERO, p), "-": less(p, ZERO),
                   "0+": at_most(ZERO, p), "-0": at_most(p, ZERO)}["".join(s for s in "-0+" if s in literal.signs)]  # fmt: skip
        yes, no = cases_of(inner, formula)
        denied = _against_denial(no, literal.polynomial, value, arguments)
        found = denied and prove(yes)
        return found and denied and Cut(formula, found, denied)

    return _positive(branch, arguments, prove, then)


def _against_denial(branch: Branch, p: Any, value: Any, arguments: Sequence[Term]) -> Proof | None:
    """Closes a branch where p and what it is with A for exp(log(A)) have signs that exclude one another."""
    if branch.closed:
        return Done()

    def summands(made: Branch) -> list[Summand]:
        _, left_over = _replaced(made, p, arguments)
        where, ratio = _place(made, p)
        if made.literals[where].signs == frozenset("-+"):  # p^2 = p value + p (p - value)
            scaled = p * made.normaliser.ring.constant(Fraction(1))
            parts = [Summand((where, where)[:1], ((ratio * ratio, ONE),), False)]
            parts += [_equation(made, value, made.normaliser.nil - scaled)] if value.monomials() else []
            return [*parts, *(_times(made, one, scaled) for one in left_over)]
        if made.literals[where].signs == EQUATION:
            raise Rejected("an equation is used in two inequalities")
        sign = 1 if "+" in made.literals[where].signs else -1
        oriented = [p, made.normaliser.nil - value] if sign > 0 else [made.normaliser.nil - p, value]
        flipped = left_over if sign > 0 else [_times(made, one, made.normaliser.ring.constant(Fraction(-1))) for one in left_over]
        return [*(_of_sign(made, one) for one in oriented if one.monomials()), *flipped]

    return _with_rules(branch, [("log", a) for a in arguments], summands)


def _with_rules(branch: Branch, rules: Sequence[tuple[str, Term]], summands: Any) -> Proof | None:
    """The branch closed by a combination after these rules."""
    steps: list[Lemma] = []
    try:
        for name, term in rules:
            if not branch.closed:
                branch.add(lemma(name, (term,)))
                steps.append(Lemma(name, (), (term,), Done()))
        made = Done() if branch.closed else Combine(tuple(summands(branch)))
    except UNSUITABLE:
        return None
    found: Proof | None = made if isinstance(made, Done) or accepted(branch, made) else None
    for step in reversed(steps):
        found = found and Lemma(step.name, step.functions, step.terms, found)
    return found


# polynomials of a branch


def _place(branch: Branch, p: Any) -> tuple[int, Fraction]:
    """The literal about p, and p divided by its polynomial.  Raises `Rejected` where there is none."""
    key, _ = key_of(p)
    for place, literal in enumerate(branch.literals):
        if key_of(literal.polynomial)[0] == key:
            return place, p.monomials()[-1][1] / literal.polynomial.monomials()[-1][1]
    raise Rejected("the branch has no such literal")


def _of_sign(branch: Branch, p: Any, factors: Sequence[int] = ()) -> Summand:
    """p >= 0, times the literals of these numbers, which are positive."""
    place, ratio = _place(branch, p)
    return Summand((place, *factors), ((abs(ratio), ONE),), False)


def _equation(branch: Branch, p: Any, multiplier: Any) -> Summand:
    """multiplier p, of which a literal says that p = 0; the kernel takes an equation with the sign of its negative."""
    place, ratio = _place(branch, p)
    return Summand((place,), ((-ratio, to_term(multiplier, branch.normaliser.ring)),), True)


def _times(branch: Branch, summand: Summand, factor: Any) -> Summand:
    ((weight, multiplier),) = summand.squares
    product_of_both = branch.normaliser.polynomial(multiplier) * factor
    return Summand(summand.literals, ((weight, to_term(product_of_both, branch.normaliser.ring)),), True)


def _replaced(
    branch: Branch, p: Any, arguments: Sequence[Term] | Mapping[Term, int], free: bool = True
) -> tuple[Any, list[Summand]]:
    """p with A for each exp(log(A)), and (that minus p) as multiples of the equations exp(log(A)) - A = 0, if `free`."""
    ring, read, made = branch.normaliser.ring, branch.normaliser.polynomial, []
    for argument in arguments:
        exponential, value = read(Term("exp", (Term("log", (argument,)),))), read(argument)
        ((((generator, _),), _),) = exponential.monomials()
        quotient = branch.normaliser.nil
        for monomial, c in p.monomials():
            e = dict(monomial).get(generator, 0)
            rest = branch.normaliser.times(tuple((g, k) for g, k in monomial if g != generator), c)
            for k in range(e):
                quotient += rest * power(exponential, k, branch.normaliser.one) * power(value, e - 1 - k, branch.normaliser.one)
        p = p - quotient * (exponential - value)
        if free and quotient.monomials():
            made.append(_equation(branch, exponential - value, quotient * ring.constant(Fraction(-1))))
    return p, made
