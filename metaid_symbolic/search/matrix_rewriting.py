"""Rewriting of matrix expressions by granted equations, with a record of what each step used.

A rule `lead -> rest` comes with a term in `_0`, `_1`, ... (the gaps of the granted equations) that equals lead - rest in
normal form.  Rules are completed by overlaps of their leading words (Mora 1994), shortest first, up to a number of rules;
monomials are compared by length, then letter by letter.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import final

from ..kernel.matrix import ID, NUMBER, Algebra, Monomial, Word, gap
from ..kernel.polynomial import collected
from ..terms import Term, number, prefix, subterms, symbol, total

Polynomial = dict[Monomial, Fraction]

MOST_RULES, LONGEST_LEAD, MOST_STEPS = 60, 8, 400


@final
@dataclass(frozen=True)
class Rule:
    """`lead` equals `rest`: their difference is `proof` when the gaps of the granted equations stand for `_0`, `_1`, ..."""

    lead: Monomial
    rest: Polynomial
    proof: Term
    scalar: bool


def rank(monomial: Monomial) -> tuple[object, ...]:
    word, factors = monomial
    return len(word) + sum(map(len, factors)), len(word), sum(t for f in (word, *factors) for _, t in f), word, factors


@dataclass
class Rewriting:
    """Normal forms by the granted equations `known` in an algebra."""

    algebra: Algebra
    known: list[Term]
    rules: list[Rule] = field(default_factory=list)
    letters: dict[str, Term] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for i, formula in enumerate(self.known):
            if formula.head == "eq":
                self.name_powers(formula)
                hole = self.hole(i, gap(formula))
                for proof, term in ((hole, gap(formula)), (Term("tr", (hole,)), Term("tr", (gap(formula),)))):
                    shape, value = self.algebra.normal(term)
                    self.add(value, proof, shape == NUMBER)

    def hole(self, place: int, difference: Term) -> Term:
        """`_i`, in a form that keeps the shape of a rectangular difference where the number 0 is put for `_i`."""
        rows, columns = self.algebra.normal(difference)[0]
        one = symbol(f"_{place}")
        return one if rows == columns else total([one, difference, -difference])

    def name_powers(self, term: Term) -> None:
        """The terms that stand for letters base^k."""
        for part in subterms(term):
            if part.head == "app" and part.args[0] == "power" and len(part.args) == 3:
                _, base, exponent = part.args
                for k in [s for s in subterms(exponent) if s.head == "sym"]:
                    power = Term("app", ("power", base, k))
                    self.letters[prefix(power)] = power

    # terms

    def letter(self, name: str, transposed: bool) -> Term:
        base = symbol(name[2:]) ** -1 if name.startswith("1/") else self.letters.get(name) or symbol(name)
        return Term("tr", (base,)) if transposed else base

    def word(self, word: Word) -> Term:
        return times([self.letter(*x) for x in word]) if word else ID

    def factor(self, factor: Word) -> Term:
        return self.word(factor) if len(factor) == 1 else Term("app", ("trace", self.word(factor)))

    # rules

    def add(self, value: Polynomial, proof: Term, scalar: bool) -> Rule | None:
        """The rule that makes the polynomial 0, reduced by the rules so far."""
        value, used = self.reduced(value, scalar)
        if not value:
            return None
        proof = total([proof, *(-u for u in used)])
        lead = max(value, key=rank)
        if (not lead[0] and not scalar) or (not lead[0] and not lead[1]):
            return None
        c = value.pop(lead)
        rule = Rule(lead, {m: -x / c for m, x in value.items()}, number(1 / c) * proof, scalar)
        self.rules.append(rule)
        return rule

    def reduced(self, value: Polynomial, scalar: bool) -> tuple[Polynomial, list[Term]]:
        """What is left of the polynomial, a number or a matrix, and terms whose sum is the difference."""
        done: Polynomial = {}
        used: list[Term] = []
        value = dict(value)
        for _ in range(MOST_STEPS):
            if not value:
                break
            top = max(value, key=rank)
            c = value.pop(top)
            step = next(self.steps(top, scalar), None)
            if step is None:
                done[top] = c
                continue
            share, rest, term = step
            value = collected([*value.items(), *((m, c * share * x) for m, x in rest.items())])
            used.append(number(c * share) * term if c * share != 1 else term)
        return {**done, **value}, used

    def steps(self, monomial: Monomial, scalar: bool) -> Iterator[tuple[Fraction, Polynomial, Term]]:
        """What the monomial becomes by one rule: a share of lower monomials and of a term; m = a m + b means (1 - a) m = b."""
        for rule in self.rules:
            for rest, term in self.applied(rule, monomial, scalar):
                again = rest.pop(monomial, Fraction(0))
                if again != 1 and all(rank(m) < rank(monomial) for m in rest):
                    yield 1 / (1 - again), rest, term

    def applied(self, rule: Rule, monomial: Monomial, scalar: bool) -> Iterator[tuple[Polynomial, Term]]:
        (word, factors), (lead, wanted) = monomial, rule.lead
        left = list(factors)
        for f in wanted:
            if f not in left:
                return
            left.remove(f)
        outside = [self.factor(f) for f in left]
        whole = [] if scalar else [self.word(word)]
        if not lead:
            rest = collected([((word, tuple(sorted([*left, *g]))), c) for (_, g), c in rule.rest.items()])
            yield rest, times([rule.proof, *outside, *whole])
            return
        for i in range(len(word) - len(lead) + 1):
            if word[i : i + len(lead)] == lead:
                a, b = word[:i], word[i + len(lead) :]
                rest = collected([(self.algebra.monomial(a + v + b, (*left, *g)), c) for (v, g), c in rule.rest.items()])
                around = [*([self.word(a)] if a else []), rule.proof, *([self.word(b)] if b else [])]
                yield rest, times([*outside, *around])
        for f in left:
            yield from self._inside(rule, word, f, left, whole)

    def _inside(
        self, rule: Rule, word: Word, factor: Word, left: list[Word], whole: list[Term]
    ) -> Iterator[tuple[Polynomial, Term]]:
        """The rule applied within a trace or real factor."""
        lead = rule.lead[0]
        others = list(left)
        others.remove(factor)
        rotations = [factor[k:] + factor[:k] for k in range(len(factor))]
        for turned in (*rotations, *map(self.algebra.transposed, rotations)):
            if turned[: len(lead)] == lead:
                tail = turned[len(lead) :]
                if any(not v + tail and self.algebra.side(factor[0], 0) != "1" for v, _ in rule.rest):
                    continue
                terms = []
                for (v, g), c in rule.rest.items():
                    w, h = self.algebra.traced(v + tail, (*others, *g))
                    terms.append(((word + w, h), c))
                trace = Term("app", ("trace", times([rule.proof, *([self.word(tail)] if tail else [])])))
                yield collected(terms), times([trace, *map(self.factor, others), *whole])

    # completion

    def completed(self) -> Iterator[None]:
        """Adds rules from overlaps, the shortest first; stops to look after each one."""
        seen: set[tuple[int, int]] = set()
        start = len(self.rules)
        while len(self.rules) < start + 20:
            pairs = [(i, j) for i in range(len(self.rules)) for j in range(len(self.rules)) if (i, j) not in seen]
            pairs.sort(key=lambda p: sum(len(self.rules[i].lead[0]) for i in p))
            for i, j in pairs:
                seen.add((i, j))
                found = [r for r in self.overlaps(self.rules[i], self.rules[j]) if r is not None]
                if found:
                    yield None
                    break
            else:
                return

    def overlaps(self, one: Rule, two: Rule) -> Iterator[Rule | None]:
        """Rules from words that end as `one` and begin as `two`, in a part of both, and from `two` inside `one`."""
        (v, f), (w, g) = one.lead, two.lead
        for size in range(1, min(len(v), len(w))):
            if v[-size:] == w[:size] and len(v) + len(w) - size <= LONGEST_LEAD:
                a, c = v[:-size], w[size:]
                yield self._difference(one, two, ((), c, g), (a, (), f))
        if v and w and one is not two and len(w) <= len(v):
            for i in range(len(v) - len(w) + 1):
                if v[i : i + len(w)] == w:
                    yield self._difference(one, two, ((), (), g), (v[:i], v[i + len(w) :], f))
        if not v and not w and set(f) & set(g):
            extra = [x for x in g if x not in f], [x for x in f if x not in g]
            yield self._difference(one, two, ((), (), tuple(extra[0])), ((), (), tuple(extra[1])))

    def _difference(
        self, one: Rule, two: Rule, first: tuple[Word, Word, tuple[Word, ...]], second: tuple[Word, Word, tuple[Word, ...]]
    ) -> Rule | None:
        values: list[tuple[Monomial, Fraction]] = []
        proofs = []
        for sign, rule, (a, b, more) in ((-1, one, first), (1, two, second)):
            for (v, f), c in rule.rest.items():
                values.append((self.algebra.monomial(a + v + b, (*f, *more)), sign * c))
            around = [*([self.word(a)] if a else []), rule.proof, *([self.word(b)] if b else [])]
            proofs.append(number(-sign) * times([*map(self.factor, more), *around]))
        return self.add(collected(values), total(proofs), one.scalar)

    # goals

    def vanishing(self, term: Term) -> Term | None:
        """A combination that equals the term, if it is found to vanish by what is granted."""
        self.name_powers(term)
        shape, value = self.algebra.normal(term)
        for _ in self._growing():
            rest, used = self.reduced(value, shape == NUMBER)
            if not rest:
                return total(used)
        return None

    def _growing(self) -> Iterator[None]:
        yield None
        yield from self.completed()


def times(parts: list[Term]) -> Term:
    return parts[0] if len(parts) == 1 else Term("mul", tuple(parts))
