"""Proofs of statements for all sizes: sums are linear, and compared summand by summand."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import chain, combinations, combinations_with_replacement, product
from typing import Any

from ..certificates import Combine, Derivation, Done, Lemma, Proof, Split, Summand
from ..claims import Statement
from ..kernel.branch import Branch, sort_of
from ..kernel.normal import Normaliser
from ..kernel.polynomial import Ring, TooLarge, generators_of, to_term
from ..kernel.rejection import Rejected
from ..kernel.rules import sizes
from ..kernel.tableau import disjunction_of
from ..terms import ONE, IllFormed, Term, free_symbols, negation, number, substitute, subterms, symbol
from .branches.closing import close
from .branches.monomials import by_monomials
from .branches.reductions import reductions
from .branches.residues import Residues
from .tableaux.candidates import Suggestions
from .tableaux.effort import Effort
from .tableaux.prover import Prover
from .tableaux.steps import without

EFFORT = 150


class SymbolicProver(Prover):
    """The prover with the rules about sums and about values of relu, sqrt, exp and log that occur in a branch."""

    def prove(self, claim: Statement) -> Proof | None:
        names = frozenset(n.name for n in claim.naturals) | frozenset(a.name for a in claim.arrays)
        normaliser = Normaliser(Ring(), sort_of, frozenset(n.name for n in claim.naturals))
        branch = Branch(normaliser, names)
        try:
            for fact in [*sizes(claim), negation(claim.formula)]:
                branch.add(fact)
            return self._apart(branch)
        except (Rejected, TooLarge, IllFormed):
            return None

    def _apart(self, branch: Branch, before: int = 0) -> Proof | None:
        """The members of a conjunction that is to be proved, each with an effort of its own; `before` facts are older."""
        last = len(branch.facts) - 1
        if last < before or type(branch.facts[last][0]) is Term:
            return self._deepen(branch)
        proofs: list[Proof] = []
        for part in disjunction_of(branch, last):
            other = branch.copy()
            other.add(*part)
            found = self._apart(without(other, last), last + 1)
            if found is None:
                return None
            proofs.append(found)
        return Split(last, tuple(proofs))

    def _close(self, branch: Branch, depth: int, effort: Effort, thorough: bool = False) -> Proof | None:
        found = close(branch, thorough=False) or by_monomials(branch) or algebraic(branch)
        if found is not None or depth == 0:
            return found or super()._close(branch, depth, effort, thorough)
        for step, formula in rules(branch):
            if not effort.spend():
                return None
            other = branch.copy()
            other.labels[f"rule {step.name} {step.terms}"] = "used"
            other.add(formula)
            inner = self._close(other, depth - 1, effort, thorough)
            if inner is not None:
                return Lemma(step.name, (), step.terms, inner)
        return super()._close(branch, depth, effort, thorough)

    def candidates(self, branch: Branch, fact: Any) -> Iterator[tuple[Term, ...]]:
        """For a range 1..k the indices that the branch names; else as for real numbers."""
        formula, holds = fact
        while formula.head == "not":
            formula, holds = formula.args[0], not holds
        if type(formula.args[1]) is Term:
            yield from ((symbol(name),) for name in branch.ranges)
        else:
            yield from super().candidates(branch, fact)


def algebraic(branch: Branch) -> Combine | None:
    """A contradiction between few literals: a product of two against a third, or one that equations reduce to 0."""
    return Residues(branch).first(chain(_squares(branch), _products(branch), reductions(branch), _differences(branch)))


def _squares(branch: Branch) -> Iterator[Combine]:
    """d != 0 and d^2 = 0."""
    for i, one in enumerate(branch.literals):
        for j, other in enumerate(branch.literals):
            if one.signs == frozenset("-+") and other.signs == frozenset("0"):
                for sign in (1, -1):
                    free = ((Fraction(1), number(sign)),)
                    yield Combine((Summand((i,), ((Fraction(1), ONE),), False), Summand((j,), free, True)))


def _differences(branch: Branch) -> Iterator[Combine]:
    """d e = h - k with d != 0, e > 0 and equations h = k = 0: then d^2 e - d (h - k) = 0."""
    kinds: dict[frozenset[str], list[int]] = {}
    for i, one in enumerate(branch.literals):
        kinds.setdefault(one.signs, []).append(i)
    equations = kinds.get(frozenset("0"), [])[:6]
    strict = [*kinds.get(frozenset("+"), []), *kinds.get(frozenset("-"), [])][:6]
    for d, e, (h, k) in product(kinds.get(frozenset("-+"), [])[:4], strict, combinations(equations, 2)):
        root = to_term(branch.literals[d].polynomial, branch.normaliser.ring)
        for a, b in product((1, -1), repeat=2):
            parts = (Summand((i,), ((Fraction(1), sign * root),), True) for i, sign in ((h, a), (k, b)))
            yield Combine((Summand((d, e), ((Fraction(1), ONE),), False), *parts))


def _products(branch: Branch) -> Iterator[Combine]:
    signed = [
        i
        for i, one in enumerate(branch.literals)
        if (one.signs != frozenset("-+") and "0" not in one.signs) or len(one.signs) == 2
    ]
    one = ((Fraction(1), ONE),)
    for i, j in combinations_with_replacement(signed, 2):
        for k in signed:
            yield Combine((Summand((i, j), one, False), Summand((k,), one, False)))


def rules(branch: Branch) -> Iterator[tuple[Lemma, Term]]:
    """Rules about terms that occur in the literals, each once in a branch."""
    from ..kernel import lemmas

    seen: dict[tuple[str, Term], None] = {}
    squares: dict[tuple[str, Term], None] = {}
    others: dict[tuple[str, Term], None] = {}
    for literal in branch.literals:
        difference = difference_of_sums(branch, literal.polynomial)
        if difference is not None:
            seen["sum", difference] = None
        for g in generators_of(literal.polynomial):
            atom = branch.normaliser.ring.term_of(g)
            if atom.head == "sum" and (_even(atom.args[2]) or atom.args[2].head == "at"):
                kind = squares if _even(atom.args[2]) else others
                kind["sum", Term("sum", ("k", atom.args[1], _renamed(atom)))] = None
            for part in subterms(atom):
                if part.head in ("relu", "sqrt") and free_symbols(part) <= branch.variables:
                    seen[part.head, part.args[0]] = None
    for name, term in {**seen, **squares, **others}:
        step = Lemma(name, (), (term,), Done())
        if f"rule {name} {step.terms}" not in branch.labels:
            yield step, lemmas.lemma(name, (term,))


def _even(body: Term) -> bool:
    """Whether the body is a product of even powers."""
    factors = body.args if body.head == "mul" else (body,)
    return all(f.head == "pow" and f.args[1] % 2 == 0 for f in factors)


def difference_of_sums(branch: Branch, p: object) -> Term | None:
    """For a combination of sums over one range: the one sum of the combined bodies."""
    upper, pieces = None, []
    for monomial, value in p.monomials():  # type: ignore[attr-defined]
        atoms = [(branch.normaliser.ring.term_of(g), e) for g, e in monomial]
        sums = [a for a, e in atoms if a.head == "sum" and e == 1]
        if len(sums) != 1 or (upper is not None and sums[0].args[1] != upper):
            return None
        upper = sums[0].args[1]
        factors = [a if e == 1 else a**e for a, e in atoms if a is not sums[0]]
        body = _renamed(sums[0])
        pieces.append(Term("mul", (number(value), *factors, body)))
    if upper is None:
        return None
    return Term("sum", ("k", upper, pieces[0] if len(pieces) == 1 else Term("add", tuple(pieces))))


def _renamed(total: Term) -> Term:
    return substitute(total.args[2], {total.args[0]: symbol("k")})


def proof(claim: Statement, numbers: tuple[object, ...] = ()) -> Derivation | None:
    """A derivation of the statement for all sizes, functions and arrays; None if none is found."""
    found = SymbolicProver(Suggestions(), depth=4, effort=EFFORT).prove(claim)
    return None if found is None else Derivation(found)
