"""The proof checker: a closed tableau refutes a list of facts (Smullyan 1968, with equality and real arithmetic)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, final

from ..certificates import (
    Combine,
    Cut,
    Differentiate,
    Done,
    Enclose,
    Instantiate,
    Lemma,
    OneVariable,
    Proof,
    Rewrite,
    Root,
    Split,
    Summand,
)
from ..claims import Theorem
from ..terms import ZERO, Term, at_most, conjunction, equal, free_symbols, less, negation, number, quantified, substitute, symbol
from . import lemmas
from .branch import Branch, Signed, sort_of, turned
from .derivative import derivative, differentiated
from .interval import Enclosure
from .normal import Normaliser
from .objectives import is_polynomial
from .polynomial import Ring, coefficients_in, generators_of, to_term
from .rejection import Rejected, require
from .unfold import Reading


@final
class Checker:
    """One check: its arithmetic, the theorems it may use, and what it has used.

    With a `reading` the facts, and so the rules used, are about one problem.
    """

    def __init__(self, theorems: Mapping[str, Theorem], ring: Ring) -> None:
        self.theorems = theorems
        self.normaliser = Normaliser(ring, sort_of)
        self.reading: Reading | None = None
        self.used: set[str] = set()
        self.enclosed = False
        self.refused = lemmas.ONE_STEP

    def prove(
        self, goals: list[Term], proofs: tuple[Proof, ...], given: Sequence[Term] = (), names: frozenset[str] = frozenset()
    ) -> None:
        """Raises `Rejected` unless each goal is proved from what is given."""
        require(len(goals) == len(proofs), "{} proofs are given where {} are wanted", len(proofs), len(goals))
        for goal, proof in zip(goals, proofs, strict=True):
            self.refute([*given, negation(goal)], proof, names)

    def refute(self, facts: list[Term], proof: Proof, names: frozenset[str] = frozenset()) -> None:
        """Raises `Rejected` unless the proof shows that the facts, with the names as constants, cannot hold together."""
        branch = Branch(self.normaliser, names)
        for fact in facts:
            branch.add(fact)
        self.close(branch, proof)

    def close(self, branch: Branch, proof: Proof) -> None:
        """Raises `Rejected` unless the proof closes the branch.  The branch is used up."""
        while not branch.closed:
            match proof:
                case Instantiate() | Rewrite() | Lemma() | Root() | Differentiate():
                    branch, proof = self.extend(branch, proof), proof.then
                case Cut(formula, yes, no):
                    check_closed(branch, formula)
                    other = branch.copy()
                    branch.add(formula)
                    other.add(formula, False)
                    self.close(branch, yes)
                    branch, proof = other, no
                case Split(fact, branches):
                    return self._split(branch, fact, branches)
                case OneVariable(name):
                    return one_variable(branch, name)
                case Combine(summands):
                    return combine(branch, summands)
                case Enclose(literal, bits):
                    self.enclosed = True
                    return enclose(branch, literal, bits)
                case _:
                    raise Rejected("the facts do not contradict one another at sight")
        require(isinstance(proof, Done), "the branch is closed already: {}", branch.closed)
        return None

    def _split(self, branch: Branch, fact: int, branches: tuple[Proof, ...]) -> None:
        parts = disjunction_of(branch, fact)
        require(len(parts) == len(branches), "fact {} has {} members, and {} branches are given", fact, len(parts), len(branches))
        for part, inner in zip(parts, branches, strict=True):
            other = branch.copy()
            other.add(*part)
            self.close(other, inner)

    def extend(self, branch: Branch, step: Instantiate | Rewrite | Lemma | Root | Differentiate) -> Branch:
        """The branch with what the step adds."""
        match step:
            case Instantiate(fact, terms):
                branch.add(*instance(branch, fact, terms))
            case Lemma():
                for term in step.terms:
                    check_closed(branch, substitute(term, {"t": ZERO}) if step.name == "mean" else term)
                branch.add(self.lemma(step))
            case Rewrite(name, value):
                return rewritten(branch, name, value)
            case Root():
                self.enclosed |= not all(map(is_polynomial, step.terms))
                add_root(branch, step)
            case Differentiate(fact, quantifier):
                branch.add(
                    differentiated(
                        branch, entry(branch.facts, fact, "fact"), quantifier, lemmas.ONE_STEP.isdisjoint(self.refused)
                    )
                )
        return branch

    def lemma(self, step: Lemma) -> Term:
        """The formula of a rule or of a cited theorem."""
        if step.name in self.theorems:
            self.used.add(step.name)
            formula = lemmas.cited(self.theorems[step.name], step)
        else:
            require(step.name not in self.refused, "the rule {!r} is not about such problems", step.name)
            formula = lemmas.lemma(step.name, step.terms)
        return formula if self.reading is None or step.name in lemmas.AT_A_TERM else self.reading.formula(formula, {})


def check_closed(branch: Branch, term: Term) -> None:
    """Raises `Rejected` if the term mentions a variable that the branch does not know."""
    strange = free_symbols(term) - branch.variables
    require(not strange, "{} in {} is no variable of the branch", strange, term)


def entry(items: Sequence[Any], place: int, kind: str) -> Any:
    require(0 <= place < len(items), "there is no {} {} among {}", kind, place, len(items))
    return items[place]


def disjunction_of(branch: Branch, place: int) -> list[Signed]:
    """The members of a disjunction that the branch does not contradict by now."""
    fact = entry(branch.facts, place, "fact")
    require(type(fact[0]) is tuple, "fact {} is no disjunction", place)
    return [part for part in fact if branch.truth(*part) is not False] or [fact[0]]


def instance(branch: Branch, place: int, terms: tuple[Term, ...]) -> Signed:
    """A universal fact for the given terms."""
    fact = entry(branch.facts, place, "fact")
    require(type(fact[0]) is Term and terms, "fact {} is not universal, or no terms are given", place)
    formula, holds = fact
    for term in terms:
        while formula.head == "not":
            formula, holds = formula.args[0], not holds
        require(
            formula.head == ("forall" if holds else "exists"), "fact {} has fewer leading quantifiers than {}", place, len(terms)
        )
        name, sort, body = formula.args
        check_closed(branch, term)
        require(_has_sort(branch, term, sort), "{} is no {}", term, sort)
        formula = substitute(body, {name: term})
    return formula, holds


def _has_sort(branch: Branch, term: Term, sort: str | Term) -> bool:
    variable = term.args[0] if term.head == "sym" else ""
    if type(sort) is Term:
        return branch.ranges.get(variable) == branch.normaliser.canonical(sort)
    if sort_of(variable) in ("task", "family"):
        return sort_of(variable) == sort
    return sort == ("point" if branch.normaliser.is_vector(branch.normaliser.canonical(term)) else "real")


def rewritten(branch: Branch, name: str, value: Term) -> Branch:
    """The branch with a variable eliminated: a term of its sort, in which it does not occur, is known to equal it."""
    known = branch.truth(equal(symbol(name), value), True)
    require(known and name not in free_symbols(value), "the branch does not know that {} = {}", name, value)
    require(_has_sort(branch, value, sort_of(name)), "{} is no {}", value, sort_of(name))
    made = Branch(branch.normaliser, frozenset(branch.variables))  # no bound name may now mean it
    made._count, made.labels, made.ranges = branch._count, dict(branch.labels), dict(branch.ranges)
    for leaf in branch.history:
        made.add_disjunction([(substitute(formula, {name: value}), holds) for formula, holds in leaf])
    return made


def add_root(branch: Branch, step: Root) -> None:
    """Let f be C^1 on the closed box X, as enclosures of f and its derivatives show, with f_i < 0 on one of the two faces of X
    orthogonal to axis i and f_i > 0 on the other, for each i.  Then f has a zero in the interior of X (Miranda 1940; for n = 1
    Bolzano 1817).  For other systems take combinations of the terms that do so (Moore, Kioustelidis 1980).

    If moreover |df_i/dx_i| > sum_(j != i) |df_i/dx_j| for all i, each term bounded over all of X, then f is injective on X: for
    x != y let i be an index with the largest |x_i - y_i|; by the mean value theorem f_i(x) - f_i(y) is a sum over j of
    df_i/dx_j(z) (x_j - y_j) with one z in X, of which the summand j = i outweighs the others.
    """
    names, terms, box = [f"_.{i + 1}" for i in range(len(step.box))], step.terms, step.box
    fits = len(terms) == len(box) > 0 and all(free_symbols(f) <= {*names} for f in terms) and all(a < b for a, b in box)
    require(fits, "{} are no {} terms in {}, or {} is no box", terms, len(box), names, box)
    sides = dict(zip(names, box, strict=True))
    inside = Enclosure(step.bits, sides)
    rows = [[inside.term(t) for t in (f, *(derivative(f, x) for x in names))] for f in terms]
    for x, f, (_, *slopes) in zip(names, terms, rows, strict=True):
        (a, b), (c, d) = (Enclosure(step.bits, {**sides, x: (end, end)}).centred(f) for end in sides[x])
        require(b < 0 < c or d < 0 < a, "{} is not seen to have opposite signs where {} is {} and {}", f, x, *sides[x])
        low, high = slopes.pop(names.index(x))
        outweighs = max(low, -high) > sum(max(-u, v) for u, v in slopes)
        require(not step.unique or outweighs, "{} is not seen to depend on {} most", f, x)
    root = {x: symbol(branch.fresh("real", "_")) for x in names}
    ends = [pair for x, (a, b) in sides.items() for pair in ((number(a), symbol(x)), (symbol(x), number(b)))]
    zero = [equal(f, ZERO) for f in terms]
    branch.add(substitute(conjunction([*zero, *(less(a, b) for a, b in ends)]), root))
    if step.unique:
        alone = conjunction([equal(symbol(x), value) for x, value in root.items()])
        made = Term("implies", (conjunction([*(at_most(a, b) for a, b in ends), *zero]), alone))
        branch.add(quantified("forall", [(x, "real") for x in names], made))


def one_variable(branch: Branch, name: str) -> None:
    ring, generator = branch.normaliser.ring, branch.normaliser.ring.index(symbol(name))
    about = [one for one in branch.literals if generators_of(one.polynomial) == {generator}]
    possible = ring.satisfiable([(coefficients_in(one.polynomial, generator), one.signs) for one in about])
    require(not possible, "some value of {} satisfies all {} literals about it", name, len(about))


def combine(branch: Branch, summands: tuple[Summand, ...]) -> None:
    """Stengle 1974: a sum of nonnegative terms, one of them positive, is not 0."""
    parts = [_summand(branch, summand) for summand in summands]
    total = sum((value for value, _ in parts), start=branch.normaliser.nil)
    require(any(positive for _, positive in parts), "no summand is certainly positive")
    require(not total.monomials(), "the summands add up to {}, not to 0", total)


def _summand(branch: Branch, summand: Summand) -> tuple[Any, bool]:
    """The polynomial of a summand, and whether it is positive (else it is >= 0, or 0)."""
    literals = [entry(branch.literals, place, "literal") for place in summand.literals]
    zero = any(literal.signs == frozenset("0") for literal in literals)
    require(zero or not summand.free, "a free multiplier stands at a product without an equation")
    value, strict = branch.normaliser.nil, False
    for weight, root in summand.squares:
        require(summand.free or weight >= 0, "the weight {} of a square is negative", weight)
        check_closed(branch, root)
        p = branch.normaliser.polynomial(root)
        strict = strict or (weight > 0 and "0" not in branch.signs(p))
        value = value + branch.normaliser.ring.constant(weight) * p * (branch.normaliser.one if summand.free else p)
    for place, literal in zip(summand.literals, literals, strict=True):
        factor = literal.polynomial
        if literal.signs <= frozenset("-0"):
            factor = branch.normaliser.nil - factor
        elif literal.signs == frozenset("-+"):
            factor = factor * factor
        else:
            require(literal.signs <= frozenset("0+"), "literal {} has no sign", place)
        value, strict = value * factor, strict and "0" not in literal.signs
    return value, strict


def enclose(branch: Branch, place: int, bits: int) -> None:
    """Interval arithmetic gives the literal a sign that it cannot have, wherever its variables lie in the box of the branch."""
    literal, box = entry(branch.literals, place, "literal"), Enclosure(bits, bounds(branch))
    value = to_term(literal.polynomial, branch.normaliser.ring)
    for low, high in (enclosed(value) for enclosed in (box.term, box.centred)):
        if not literal.signs & ({"+"} if low > 0 else {"-"} if high < 0 else {"-", "0", "+"}):
            return
    raise Rejected(f"literal {place} lies in [{low}, {high}] / 2^{bits}, which does not contradict it")


def bounds(branch: Branch) -> dict[str, tuple[Fraction, Fraction]]:
    """The variables that literals c x + d of the branch bound on both sides, with the best of their rational bounds."""
    sides: dict[Term, tuple[list[Fraction], list[Fraction]]] = {}
    for literal in branch.literals:
        terms = dict(literal.polynomial.monomials())
        end = -terms.pop((), Fraction(0))
        for monomial, c in terms.items() if len(terms) == 1 else ():
            x = to_term(branch.normaliser.times(monomial, Fraction(1)), branch.normaliser.ring)
            for beyond, ends in zip("-+", sides.setdefault(x, ([], [])), strict=True):
                if beyond not in turned(literal.signs, int(c > 0)):  # x - end / c has none of the signs beyond
                    ends.append(end / c)
    return {x.args[0]: (max(lows), min(highs)) for x, (lows, highs) in sides.items() if x.head == "sym" and lows and highs}
