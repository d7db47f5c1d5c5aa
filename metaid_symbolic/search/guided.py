"""Statements for all sizes, and formulas about one problem, proved by way of formulas that their author gives.

Each formula is proved from what stands before it with the rules that the author names at a term, such as `exp(c*f[i])` or
`sum(j, m, p[j])`; the search finds the instances at indices, the cases, and the combinations of literals.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, product

from ..certificates import Cut, Derivation, Done, Instantiate, Lemma, Proof, Refutation, Rewrite, Split
from ..claims import AtProblem, Statement
from ..kernel import lemmas
from ..kernel.branch import Branch, sort_of
from ..kernel.normal import Normaliser
from ..kernel.polynomial import Ring, generators_of, to_term
from ..kernel.rules import sizes
from ..kernel.tableau import disjunction_of
from ..kernel.unfold import Reading
from ..language import parse_term
from ..terms import ZERO, Term, free_symbols, less, negation, substitute, symbol
from ..theory import Claim, Intermediate
from . import Finding, Settings
from .branches.closing import close
from .branches.instances import instance
from .branches.linear import linear_contradiction
from .branches.membership import in_the_ideal
from .branches.monomials import by_monomials
from .branches.quotients import positive_quotient
from .branches.reductions import reduced_contradiction
from .branches.solving import eliminated
from .concrete import EASY, Asked
from .one_unknown import provers
from .tableaux.candidates import quantifier_groups
from .tableaux.effort import Effort
from .tableaux.moves import UNSUITABLE, USED
from .tableaux.prover import Prover
from .tableaux.steps import without

EFFORT = 200
"""Branches that are looked at for one formula."""
SYSTEM_EFFORT = 100
MOST_MEMBERS = 4
AT = "at: "
"""Before the numbers at which an author takes facts about all real numbers."""


def derive_through(claim: Statement, by: Sequence[str], through: Sequence[Intermediate]) -> Derivation | None:
    """A derivation by way of the formulas; None if one of them, or the claim from all of them, is not found."""
    naturals = frozenset(n.name for n in claim.naturals)
    constants = naturals.union(a.name for a in claim.arrays)
    found = refuted_through([*sizes(claim), negation(claim.formula)], by, through, naturals, constants)
    return None if found is None else Derivation(found)


def refuted_through(
    facts: Sequence[Term],
    by: Sequence[str],
    through: Sequence[Intermediate],
    naturals: frozenset[str] = frozenset(),
    constants: frozenset[str] = frozenset(),
    alone: Callable[[Term], Iterable[Prover]] = lambda formula: (),
) -> Proof | None:
    """A closed tableau for the facts by way of the formulas; None if one of them, or the contradiction, is not found.

    Formulas and rules may mention the variables that are fixed when the last fact, or the formula, is denied.  `alone` has
    provers for a formula that rests on nothing.
    """
    make = partial(_Guided, lambda: Branch(Normaliser(Ring(), sort_of, naturals), constants))
    known, proofs, start = list(facts), list[tuple[Term, Proof]](), len(facts)
    for one in through:
        formula = substitute(one.formula, make(known).fixed())
        asked = [*known, negation(formula)]
        first = not one.by and not one.after and not free_symbols(formula)
        found = make(asked).refuted_alone(alone(formula)) if first else None
        unused = [start - 1 + k for k in range(len(proofs) + 1) if k not in one.after] if one.after else []
        found = found or make(asked).refuted(one.by, aside=start - 1, unused=unused)
        if found is None:
            return None
        known.append(formula)
        proofs.append((formula, found))
    found = make(known).refuted(by, unused=range(start, len(known) - 1)) if through else None
    found = found or make(known).refuted(by)
    for formula, denied in reversed(proofs):
        found = found and Cut(formula, found, denied)
    return found


def at_problem(claim: Claim, settings: Settings) -> Iterator[Finding]:
    """A formula about one problem by way of others about it, such as what is known of its minimisers."""
    asked = Asked.of(claim, settings) if claim.through and not settings.blind else None
    if asked is None or not isinstance(claim.assertion, AtProblem):
        return
    reading = Reading(claim.assertion.problem)
    fixed = {name: symbol(name) for one in claim.through for name in free_symbols(one.formula)}
    steps = [replace(one, formula=reading.formula(one.formula, fixed)) for one in claim.through]

    def knowing(formula: Term) -> Iterator[Prover]:
        return chain(provers(formula), asked.known.provers(asked.about, EASY))

    for holds in (True, False) if claim.expected is None else (claim.expected,):
        fact = negation(asked.formula) if holds else asked.formula
        found = refuted_through(
            [fact], claim.by, steps, alone=lambda f: chain(provers(f), asked.known.provers(asked.about, EASY))
        )
        if found is not None:
            made = Derivation(found) if holds else Refutation(found, 0)
            yield replace(asked.finding(made, "derivation"), author=True)
            return


class _Guided:
    """A branch with some facts."""

    def __init__(self, new: Callable[[], Branch], facts: Sequence[Term]) -> None:
        self.branch, self.ends = new(), list[int]()
        for fact in facts:
            self.branch.add(fact)
            self.ends.append(len(self.branch.facts))

    def fixed(self) -> dict[str, Term]:
        """The variables that the facts name, by the bound names in whose place they stand; the last of a name.

        A coordinate of a point x is written x_1.
        """
        return {label.replace(".", "_"): symbol(name) for name, label in self.branch.labels.items()}

    def refuted_alone(self, others: Iterable[Prover]) -> Proof | None:
        """A closed tableau for the last fact, which is about real numbers alone."""
        self._leave_out(range(len(self.ends) - 1))
        try:
            found: Proof | None = in_the_ideal(self.branch)
            for prover in (Prover(depth=1, effort=SYSTEM_EFFORT), *others) if found is None else ():
                found = found or prover.closed(self.branch.copy())
            return found
        except UNSUITABLE:
            return None

    def _leave_out(self, numbers: Iterable[int]) -> None:
        for k in numbers:
            for place in range(self.ends[k - 1] if k else 0, self.ends[k]):
                self.branch.facts[place] = (USED, USED)

    def refuted(self, by: Sequence[str], aside: int = -1, unused: Iterable[int] = ()) -> Proof | None:
        """A closed tableau with these rules; the disjunctions among fact number `aside` are not used, nor what else than
        literals the facts `unused` are."""
        branch, steps, fixed = self.branch, list[Lemma](), self.fixed()
        self._leave_out(unused)
        for place in range(self.ends[aside - 1], self.ends[aside]) if aside > 0 else ():
            if type(branch.facts[place][0]) is tuple:
                branch.facts[place] = (USED, USED)
        try:
            points = [_terms(source[len(AT) :], fixed) for source in by if source.startswith(AT)]
            for (rule,) in (_terms(source, fixed) for source in by if not source.startswith(AT)):
                steps.append(Lemma(rule.head, (), (rule.args[0] if rule.head in lemmas.VALUES else rule,), Done()))
                branch.add(lemmas.lemma(rule.head, steps[-1].terms))
            found = _Closing(points).closed(branch, Effort(EFFORT))
        except UNSUITABLE:
            return None
        for step in reversed(steps):
            found = found and Lemma(step.name, (), step.terms, found)
        return found


def _terms(source: str, fixed: dict[str, Term]) -> tuple[Term, ...]:
    """The terms of a list "s, t, ..." with the fixed variables put in."""
    listed = parse_term(f"[{source}]").args
    return tuple(substitute(term, fixed) for term in listed)


@dataclass(frozen=True)
class _Closing:
    """Closes branches; `points` are for the facts about all real numbers."""

    points: list[tuple[Term, ...]]

    def closed(self, branch: Branch, effort: Effort) -> Proof | None:
        """The branch closed as it stands, or after instances, or by cases."""
        found = close(branch, thorough=False)
        if found is not None or not effort.spend():
            return found
        for place, name in _values(branch):
            value, other = eliminated(branch, place, name)
            found = self.closed(other, effort)
            return found and Rewrite(name, value, found)
        for place, terms in self.instances(branch):
            branch.add(*instance(branch, place, terms))
            found = self.closed(branch, effort)
            return found and Instantiate(place, terms, found)
        found = by_monomials(branch) or reduced_contradiction(branch) or positive_quotient(branch)
        if found is None and (cases := self.split_at(branch, 1)) is not None:
            return self.split(branch, cases, effort)
        found = found or linear_contradiction(branch, products=True)
        if found is None and (cases := self.split_at(branch, MOST_MEMBERS)) is not None:
            return self.split(branch, cases, effort)
        return found or self.signs(branch, effort)

    def instances(self, branch: Branch) -> Iterator[tuple[int, tuple[Term, ...]]]:
        """Facts about all indices of a range at the indices that the branch names; facts about all numbers at the points, and
        at the unknowns that bear the names of the bound variables, or where none does at single numbers.  Each once."""
        for place, fact in enumerate(branch.facts):
            for terms in _indices(branch, *fact) + self.numbers(branch, *fact) if type(fact[0]) is Term else ():
                mark = f"{hash(fact)} {terms}"
                if mark not in branch.labels:
                    branch.labels[mark] = "used"
                    yield place, terms

    def numbers(self, branch: Branch, formula: Term, holds: bool) -> list[tuple[Term, ...]]:
        names = [n for group in quantifier_groups(formula, holds) for n in group]
        if not names or _range(formula, holds) is not None:
            return []
        alone = [p[0] for p in self.points if len(p) == 1]
        alike = [[symbol(v) for v, label in branch.labels.items() if label == n and v in branch.variables] for n in names]
        return [p for p in self.points if len(p) == len(names)] + list(product(*(known or alone for known in alike)))

    def split_at(self, branch: Branch, most: int) -> int | None:
        """The disjunction with the fewest members that no fact denies, if these are at most so many."""
        open_ones = [
            (sum((f, not holds) not in branch.facts for f, holds in members), place)
            for place, fact in enumerate(branch.facts)
            if type(fact[0]) is tuple and fact[0] != USED and not any(branch.truth(*m) for m in fact)
            if len(members := disjunction_of(branch, place)) <= MOST_MEMBERS
        ]
        count, place = min(open_ones, default=(most + 1, 0))
        return place if count <= most else None

    def split(self, branch: Branch, place: int, effort: Effort) -> Proof | None:
        """One branch for each member of the disjunction; no other is tried."""
        proofs: list[Proof] = []
        for part in disjunction_of(branch, place):
            other = branch.copy()
            other.add(*part)
            found = self.closed(without(other, place), effort)
            if found is None:
                return None
            proofs.append(found)
        return Split(place, tuple(proofs))

    def signs(self, branch: Branch, effort: Effort) -> Proof | None:
        """A number that is not 0 is negative or not."""
        for literal in branch.literals:
            if literal.signs == frozenset("-+"):
                formula = less(to_term(literal.polynomial, branch.normaliser.ring), ZERO)
                proofs: list[Proof] = []
                for holds in (True, False):
                    other = branch.copy()
                    other.add(formula, holds)
                    found = self.closed(other, effort)
                    if found is None:
                        return None
                    proofs.append(found)
                return Cut(formula, proofs[0], proofs[1])
        return None


def _range(formula: Term, holds: bool) -> Term | None:
    """The upper end of the range of the leading quantifier, if it runs over one and reads as universal."""
    while formula.head == "not":
        formula, holds = formula.args[0], not holds
    ranging = formula.head == ("forall" if holds else "exists") and type(formula.args[1]) is Term
    return formula.args[1] if ranging else None


def _indices(branch: Branch, formula: Term, holds: bool) -> list[tuple[Term, ...]]:
    upper = _range(formula, holds)
    if upper is None:
        return []
    return [(symbol(name),) for name, known in branch.ranges.items() if known == branch.normaliser.canonical(upper)]


def _values(branch: Branch) -> Iterator[tuple[int, str]]:
    """Equations that give the value of a variable as a number."""
    for place, literal in enumerate(branch.literals):
        degrees = [sum(e for _, e in monomial) for monomial, _ in literal.polynomial.monomials()]
        about = [branch.normaliser.ring.term_of(g) for g in generators_of(literal.polynomial)]
        if literal.signs != frozenset("0") or len(about) != 1 or max(degrees) > 1 or about[0].head != "sym":
            continue
        if about[0].args[0] in branch.variables:
            yield place, about[0].args[0]
