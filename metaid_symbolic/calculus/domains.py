"""Where the losses of a claim are defined, with the proofs that its certificate carries.

A sum of products of exponentials and even powers, one of them certainly positive, is positive everywhere.  What else divides
or stands in a logarithm or root, and is not seen to be nonzero or positive, is assumed of the points that a claim speaks of.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import final

from ..certificates import Combine, Cut, Done, Lemma, Proof, Summand
from ..kernel import lemmas, objectives
from ..kernel.branch import Branch, Literal, sort_of
from ..kernel.instances import not_seen
from ..kernel.normal import Normaliser
from ..kernel.polynomial import Ring, key_of, to_term
from ..kernel.rejection import Rejected
from ..kernel.unfold import Reading
from ..problems import MetaProblem
from ..terms import ONE, ZERO, Term, at_most, free_symbols, less, negation, number, symbol, total

EFFORT = 200


@final
@dataclass(frozen=True)
class Domain:
    """A problem with what is `assumed` among its constraints, and proofs of what its losses need there, if they are found."""

    problem: MetaProblem
    assumed: tuple[Term, ...]
    proofs: tuple[Proof, ...] | None


@lru_cache(maxsize=64)
def domain_of(problem: MetaProblem) -> Domain:
    """The problem on the part of its domain where its losses are defined."""
    try:
        found = {need: proof_defined(problem, need) for need in not_seen(problem, Normaliser(Ring(), sort_of))}
        assumed = tuple(need for need, proof in found.items() if proof is None)
        if not assumed:
            return Domain(problem, (), tuple(proof for proof in found.values() if proof is not None))
        if not all(free_symbols(need) <= {*problem.parameters} for need in assumed):
            return Domain(problem, (), None)
        constraints = tuple(less(ZERO, need.args[0].args[0] ** 2) if need.head == "not" else need for need in assumed)
        part = domain_of(replace(problem, constraints=(*problem.constraints, *constraints)))
    except Rejected:
        return Domain(problem, (), None)
    return Domain(part.problem, assumed, part.proofs) if not part.assumed else Domain(problem, (), None)


def proof_defined(problem: MetaProblem, need: Term) -> Proof | None:
    """A proof that a condition which the losses need holds on Phi, as the kernel asks for it; None if none is found."""
    from ..search.tableaux.prover import Prover

    point = tuple(symbol(f"_{i + 1}") for i in range(problem.dimension))
    names = frozenset(x.args[0] for x in point)
    facts = [Reading(problem).inside(point), negation(objectives.put(problem, need, point))]
    return Prover(effort=EFFORT).refute(facts, names) or positive_at_sight(facts, names)


def positive_at_sight(facts: list[Term], names: frozenset[str]) -> Proof | None:
    """A proof that the facts contradict one another because one of them denies that a sum of positive terms is positive."""
    branch = Branch(Normaliser(Ring(), sort_of), names)
    for fact in facts:
        branch.add(fact)
    for place, literal in enumerate(branch.literals):
        visible = branch.visible_signs(literal.polynomial)
        if visible in ({"+"}, {"-"}) and not visible & literal.signs:
            return _split(branch, place, 1 if visible == {"+"} else -1)
    return None


def _split(branch: Branch, place: int, side: int) -> Proof:
    """The polynomial p of the literal, of the sign `side`, is a + b with a > 0 and b >= 0, each seen at once."""
    literal, ring = branch.literals[place], branch.normaliser.ring
    terms = [(m, branch.normaliser.times(m, side * value)) for m, value in literal.polynomial.monomials()]
    strict = next(k for k, (m, _) in enumerate(terms) if all(ring.term_of(g).head == "exp" for g, _ in m))
    if len(terms) == 1:
        return _product(branch, place, side)
    first = to_term(terms[strict][1], ring)
    rest = total([to_term(p, ring) for k, (_, p) in enumerate(terms) if k != strict])
    summands = [_denied(literal, place, side)]
    cuts: list[Term] = []
    for part, formula in ((first, less(ZERO, first)), (rest, at_most(ZERO, rest))):
        if part.head == "num":
            summands.append(Summand((), ((part.args[0], ONE),), False))
        else:
            summands.append(Summand((len(branch.literals) + len(cuts),), ((Fraction(1), ONE),), False))
            cuts.append(Term("and", (formula,)))
    proof: Proof = Combine(tuple(summands))
    for formula in reversed(cuts):
        proof = Cut(formula, proof, Done())
    return proof


def _denied(literal: Literal, place: int, side: int) -> Summand:
    """-side p >= 0, from a literal that says so or that p = 0."""
    equation = literal.signs == {"0"}
    return Summand((place,), ((Fraction(1), number(side) if equation else ONE),), equation)


def _product(branch: Branch, place: int, side: int) -> Proof:
    """The polynomial is a number times powers of exponentials, each of which is positive."""
    ((monomial, value),) = branch.literals[place].polynomial.monomials()
    ring, made, factors = branch.normaliser.ring, branch.copy(), []
    arguments = [ring.term_of(g).args[0] for g, _ in monomial]
    for (g, exponent), argument in zip(monomial, arguments, strict=True):
        made.add(lemmas.lemma("exp", (argument,)))
        key = key_of(ring.generator(ring.term_of(g)))[0]
        factors += [k for k, one in enumerate(made.literals) if key_of(one.polynomial)[0] == key] * exponent
    summand = Summand(tuple(factors), ((side * value, ONE),), False)
    proof: Proof = Done() if made.closed else Combine((_denied(branch.literals[place], place, side), summand))
    for argument in reversed(arguments):
        proof = Lemma("exp", (), (argument,), proof)
    return proof
