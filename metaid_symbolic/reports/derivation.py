"""A stored derivation as numbered steps: what each adds, by which rule or theorem, from which earlier steps.

The kernel's own checker takes the steps, so that a report shows what was checked; the kernel has checked it already, and
nothing rests on what is written here.  A derivation refutes what it assumes: the hypotheses and the negated conclusion.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, final

from ..certificates import (
    Certificate,
    Combine,
    Cut,
    Defined,
    Derivation,
    Differentiate,
    Enclose,
    Instantiate,
    Lemma,
    OneVariable,
    Proof,
    Refutation,
    Rewrite,
    Root,
    Specialisation,
    Split,
)
from ..claims import AtProblem, Claim, EveryCombination, ForAllProblems, SomeProblem, Statement, Theorem, Universe
from ..kernel import lemmas
from ..kernel.branch import Branch, Literal, Signed
from ..kernel.polynomial import Ring, generators_of, to_term
from ..kernel.reading import specialised
from ..kernel.rejection import Rejected
from ..kernel.rules import CONSTANTS, cases, formulas, setting, sizes
from ..kernel.tableau import Checker, disjunction_of
from ..kernel.unfold import Reading
from ..terms import BINDERS, ZERO, Term, at_most, equal, free_symbols, less, negation, rebuild, substitute, subterms, symbol

LAST = 120
"""A longer derivation is cut in a report; the certificate has it whole."""


@final
@dataclass(frozen=True, slots=True)
class Step:
    """Step `number` inside of `depth` cases: each of the `facts` is a disjunction of signed formulas.

    `kind`: given, instance, theorem, rule, replaced, root, derivative, case, denied (what is to be shown is supposed to
    fail), shown (it was refuted that it fails), or, where a branch ends, `closed`, which has no number.
    `name`: of the theorem or rule; where a branch ends how: sight, one variable, combination, enclosure, or cut.
    `after`: the numbers of the steps used; `inserted`: terms put in.
    """

    kind: str
    number: int
    depth: int
    facts: tuple[tuple[Signed, ...], ...] = ()
    name: str = ""
    after: tuple[int, ...] = ()
    inserted: tuple[Term, ...] = ()


def narrated(claim: Claim, certificate: Certificate, theorems: Mapping[str, Theorem]) -> tuple[Step, ...]:
    """The steps of a certificate that argues; none for one that only exhibits or computes.  At most `LAST` and a remark.

    Raises what the kernel raises for a certificate that it rejects.
    """
    checker = Checker(theorems, Ring())
    teller = _Teller(checker)
    match claim, certificate:
        case (ForAllProblems(universe), Derivation(proof)) | (SomeProblem(universe), Refutation(proof, _)):
            teller.about_all(universe, formulas(claim), proof)
        case EveryCombination(universe), Refutation(proof, which):
            teller.about_all(universe, cases(claim)[which], proof)
        case AtProblem(problem, formula), Defined(_, made) | (Derivation() | Refutation() as made):
            checker.reading = Reading(problem)
            read = checker.reading.formula(formula, {})
            teller.begin([], [negation(read) if isinstance(made, Derivation) else read], made.proof, frozenset())
        case Statement(), Derivation(proof):
            checker.normaliser.naturals = frozenset(n.name for n in claim.naturals)
            names = checker.normaliser.naturals.union(a.name for a in claim.arrays)
            teller.begin(sizes(claim), [negation(claim.formula)], proof, names)
        case Statement(), Specialisation(values, functions, entries, proof):
            teller.begin([], [specialised(claim, values, functions, entries)], proof, frozenset())
    return tuple(teller.steps)


class _Long(Exception):
    """There are more steps than a report shows."""


@final
@dataclass
class _Place:
    """A branch; of each of its facts the step that added it; how many cases deep it is."""

    branch: Branch
    places: list[int]
    depth: int = 0

    def copy(self) -> _Place:
        return _Place(self.branch.copy(), list(self.places), self.depth)


@final
@dataclass
class _Teller:
    """The steps told so far."""

    checker: Checker
    steps: list[Step] = field(default_factory=list)
    count: int = 0

    def about_all(self, universe: Universe, facts: list[Term], proof: Proof) -> None:
        rough = frozenset() if universe.smoothness in ("C2", "C3") else lemmas.SMOOTH
        many = any("steps" in free_symbols(fact) for fact in facts)
        self.checker.refused = rough | (lemmas.ONE_STEP if many else frozenset())
        self.begin(setting(universe), facts, proof, CONSTANTS)

    def begin(self, known: Sequence[Term], facts: Sequence[Term], proof: Proof, names: frozenset[str]) -> None:
        """What is known of the universe is step 0 and not listed."""
        branch = Branch(self.checker.normaliser, names)
        for fact in known:
            branch.add(fact)
        here = _Place(branch, [0] * len(branch.facts))
        for fact in facts:
            before = len(branch.history)
            branch.add(fact)
            self._tell("given", here, before)
        with suppress(_Long):
            self._close(here, proof)

    def _add(self, step: Step) -> None:
        if len(self.steps) >= LAST:
            self.steps.append(Step("closed", 0, 0, (), "cut"))
            raise _Long
        self.steps.append(step)

    def _tell(
        self, kind: str, here: _Place, before: int, name: str = "", after: tuple[int, ...] = (), inserted: tuple[Term, ...] = ()
    ) -> None:
        """A step for what the branch has learnt since its history had the length `before`."""
        branch = here.branch
        facts = tuple(tuple((_readable(f), holds) for f, holds in parts) for parts in branch.history[before:])
        self.count += 1
        shown = tuple(_readable(t) for t in inserted)
        self._add(Step(kind, self.count, here.depth, facts, name, after, shown))
        here.places += [self.count] * (len(branch.facts) - len(here.places))

    def _end(self, here: _Place, name: str, facts: Sequence[Signed] = ()) -> None:
        shown = tuple(((_readable(f), holds),) for f, holds in facts)
        self._add(Step("closed", 0, here.depth, shown, name))

    def _close(self, here: _Place, proof: Proof) -> None:
        while not here.branch.closed:
            match proof:
                case Cut(formula, yes, no) if _size(no) <= _size(yes):
                    denied = self._case(here.copy(), (formula, False), no, kind="denied")
                    before = len(here.branch.history)
                    here.branch.add(formula)
                    self._tell("shown", here, before, after=(denied,))
                    proof = yes
                case Cut(formula, yes, no):
                    other = here.copy()
                    self._case(here, (formula, True), yes)
                    self._case(other, (formula, False), no)
                    return
                case Split(fact, branches):
                    for part, inner in zip(disjunction_of(here.branch, fact), branches, strict=True):
                        self._case(here.copy(), part, inner, (here.places[fact],))
                    return
                case OneVariable() | Combine() | Enclose():
                    self._signs(here, proof)
                    return
                case Instantiate() | Rewrite() | Lemma() | Root() | Differentiate():
                    here, proof = self._extended(here, proof), proof.then
                case _:
                    raise Rejected("the derivation ends before its branch is closed")
        self._end(here, "sight")

    def _case(self, here: _Place, part: Signed, proof: Proof, after: tuple[int, ...] = (), kind: str = "case") -> int:
        """The number of the step that opens the case."""
        here.depth += 1
        before = len(here.branch.history)
        here.branch.add(*part)
        self._tell(kind, here, before, after=after)
        opened = self.count
        self._close(here, proof)
        return opened

    def _extended(self, here: _Place, step: Instantiate | Rewrite | Lemma | Root | Differentiate) -> _Place:
        """The place after the step."""
        old, before = here.branch, len(here.branch.history)
        branch = self.checker.extend(old, step)
        made = _Place(branch, here.places, here.depth)
        match step:
            case Instantiate(fact, terms):
                self._tell("instance", made, before, after=(here.places[fact],), inserted=terms)
            case Rewrite(name, value):
                made.places = [0] * len(branch.facts)
                self._tell("replaced", made, len(branch.history), inserted=(symbol(name), value))
                made.places = [place or self.count for place in _carried(old, branch, here.places, name, value)]
            case Lemma(name, functions, terms):
                known = name in self.checker.theorems
                named = tuple(symbol(meant) for _, meant in functions)
                self._tell("theorem" if known else "rule", made, before, name, inserted=(*named, *terms))
            case Root(terms):
                self._tell("root", made, before, inserted=terms)
            case Differentiate(fact):
                self._tell("derivative", made, before, after=(here.places[fact],))
        return made

    def _signs(self, here: _Place, proof: OneVariable | Combine | Enclose) -> None:
        """The sign conditions that contradict one another."""
        branch = here.branch
        ring, literals = branch.normaliser.ring, branch.literals
        match proof:
            case OneVariable(name):
                (generator,) = generators_of(ring.generator(symbol(name)))
                chosen = [one for one in literals if generators_of(one.polynomial) == {generator}]
                self._end(here, "one variable", [_condition(one, ring) for one in chosen])
            case Combine(summands):
                used = dict.fromkeys(place for summand in summands for place in summand.literals)
                self._end(here, "combination", [_condition(literals[place], ring) for place in used])
            case Enclose(literal):
                self._end(here, "enclosure", [_condition(literals[literal], ring)])


def _size(proof: Proof) -> int:
    """The number of steps."""
    count, stack = 0, [proof]
    while stack:
        count += 1
        match stack.pop():
            case Instantiate(then=then) | Rewrite(then=then) | Lemma(then=then) | Root(then=then) | Differentiate(then=then):
                stack.append(then)
            case Split(_, branches):
                stack += branches
            case Cut(_, yes, no):
                stack += [yes, no]
    return count


def _condition(literal: Literal, ring: Ring) -> Signed:
    """The sign condition as a formula."""
    value = to_term(literal.polynomial, ring)
    match "".join(sorted(literal.signs)):
        case "0":
            return equal(value, ZERO), True
        case "+-":
            return equal(value, ZERO), False
        case "-":
            return less(value, ZERO), True
        case "-0":
            return at_most(value, ZERO), True
        case "+":
            return less(ZERO, value), True
    return at_most(ZERO, value), True


def _carried(old: Branch, new: Branch, places: list[int], name: str, value: Term) -> list[int]:
    """Of each fact of the new branch the step that added it to the old one; 0 where it is not found there again."""

    def moved(fact: Any) -> Any:
        parts = fact if type(fact[0]) is tuple else (fact,)
        return tuple((substitute(f, {name: value}), holds) for f, holds in parts)

    known = {moved(fact): place for fact, place in zip(old.facts, places, strict=True)}
    return [known.get(moved(fact), 0) for fact in new.facts]


def _readable(term: Term) -> Term:
    """The names `_1`, `_p2` that the kernel gives are written `c_1`, `p_2`, and the coordinates `_.1` of a box `z_1`."""
    names = {p.args[0] for p in subterms(term) if p.head == "sym" or p.head in BINDERS}
    written: dict[str, str] = {}
    for name in sorted(n for n in names if n[:1] == "_"):
        rest = name[1:]
        made = "c_" + rest if rest.isdigit() else f"{rest[0].replace('.', 'z')}_{rest[1:]}"
        written[name] = made + "_" * (made in names)
    return _renamed(term, written) if written else term


def _renamed(term: Term, names: Mapping[str, str]) -> Term:
    """Variables, free and bound, renamed to names that the term does not have."""
    inside = rebuild(term, lambda part: _renamed(part, names))
    if inside.head == "sym" or inside.head in BINDERS:
        return Term(inside.head, (names.get(inside.args[0], inside.args[0]), *inside.args[1:]))
    return inside
