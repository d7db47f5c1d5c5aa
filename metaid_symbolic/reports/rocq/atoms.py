"""Comparisons of real numbers in a branch, as Rocq proofs about the branch's polynomials."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, final

from ...terms import Term, subterms
from . import kernel_view as kernel
from .kernel_view import Branch
from .printing import FUNCTIONS, rocq
from .script import Script

RELATION = {
    frozenset("0"): "{} = 0",
    frozenset("-+"): "{} <> 0",
    frozenset("-"): "{} < 0",
    frozenset("0+"): "0 <= {}",
    frozenset("-0"): "{} <= 0",
    frozenset("+"): "0 < {}",
}
SCALED = {"0": "scaled_eq", "-+": "scaled_ne", "-": "scaled_lt", "0+": "scaled_ge", "-0": "scaled_le", "+": "scaled_gt"}
TRANSCENDENTAL = ("exp", "log", "sqrt", "relu", "tanh", "logistic")


class NotReplayed(Exception):
    """A step has no counterpart among the tactics; the message says which."""


def says(signs: frozenset[str], text: str) -> str:
    """The Rocq proposition that the value of the text has one of the signs."""
    return RELATION[signs].format(text)


@final
@dataclass
class Atoms:
    """The literals of a branch with the names of their hypotheses; additions change both."""

    script: Script
    branch: Branch
    literals: list[str]
    opaque: dict[Any, str]

    def text(self, p: Any) -> str:
        return rocq(kernel.as_written(self.branch, p), 10)

    # a comparison as a condition on a polynomial

    def read(self, f: Term, holds: bool, h: str) -> tuple[Any, frozenset[str], str] | None:
        """The polynomial, its signs, and a hypothesis that says so of it; None where the branch does not read the atom."""
        if f.head not in ("eq", "lt", "le"):
            raise NotReplayed(f"the predicate {f.args[0]}" if f.head == "pred" else f.head)
        found = kernel.comparison(self.branch, f, holds)
        if found is None:
            return None
        p, signs, factors = found
        plain = self._ordered(f, holds, h)
        if any(t.head in TRANSCENDENTAL for t in subterms(f)):
            plain = self._with_known_arguments(f, plain)
        if factors:
            return p, signs, self._cleared(p, signs, factors, plain)
        statement, other = says(signs, self.text(p)), self.script.name()
        proof = f"intro {other}; apply {plain}; clear - {other}; lra" if signs == frozenset("-+") else f"clear - {plain}; lra"
        return p, signs, self.script.given(statement, proof)

    def _ordered(self, f: Term, holds: bool, h: str) -> str:
        """The negation of an inequality as an inequality."""
        if holds or f.head == "eq":
            return h
        made = self.script.name()
        self.script.say(f"pose proof ({'Rnot_lt_le' if f.head == 'lt' else 'Rnot_le_lt'} _ _ {h}) as {made}")
        return made

    def _with_known_arguments(self, f: Term, h: str) -> str:
        """A copy of h in which functions have the arguments, and exponentials the form, that the branch gives them."""
        made = self.script.name()
        self.script.say(f"pose proof {h} as {made}; rewrite ?tanh_exp in {made}; unfold logistic in {made}")
        for head in ("log", "sqrt", "relu"):
            for argument in arguments(f, head):
                self.script.say(f"argument {FUNCTIONS[head]} {made} {rocq(argument, 10)}")
        for argument in arguments(f, "exp"):
            numerator, factors = kernel.quotient(self.branch, Term("exp", (argument,)))
            below = " * ".join(self.text(q) for q in factors) or "1"
            self.script.say(f"write_exp {made} {rocq(argument, 10)} {self.text(numerator)} ({below})")
        return made

    def _cleared(self, p: Any, signs: frozenset[str], factors: tuple[Any, ...], h: str) -> str:
        """Multiplied by the denominators, which the branch knows not to vanish."""
        texts = [self.text(q) for q in factors]
        positive = []
        for q, text in zip(factors, texts, strict=True):
            self.nonzero(q, text)
            if self.branch.signs(q) == frozenset("+"):
                positive.append(text)
                self.script.given(f"0 < {text}", f"clear - {' '.join(self.known(q))}; lra")
        other = [t for t in texts if t not in positive]
        equation = signs in (frozenset("0"), frozenset("-+"))
        weight = " * ".join(texts) if equation else " * ".join([*positive, *(f"{t} ^ 2" for t in other)])
        made, rule = self.script.name(), SCALED["".join(s for s in "-0+" if s in signs)]
        self.script.say(f"assert ({made} : {says(signs, self.text(p))})")
        with self.script.block():
            self.script.say(f"apply ({rule} _ _ ({weight}) _ {h}); [nonvanishing | cancel]")
        return made

    def nonzero(self, q: Any, text: str) -> str:
        """A hypothesis that q does not vanish."""
        known = self.known(q)
        proof = f"clear - {' '.join(known)}; first [assumption | intro; lra | intro z; apply {known[0]}; lra]"
        return self.script.given(f"{text} <> 0", proof)

    # what the branch knows of a polynomial

    def known(self, p: Any) -> list[str]:
        """Hypotheses from which the sign that the branch sees follows linearly."""
        place = kernel.place_of(self.branch, p)
        return [self.literals[place]] if place is not None else self.visible(p)

    def visible(self, p: Any) -> list[str]:
        """Each monomial of even powers and exponentials is >= 0, or > 0."""
        made = []
        for term in monomials(kernel.as_written(self.branch, p)):
            strict = all((a.args[0] if a.head == "pow" else a).head == "exp" for a in term)
            product = rocq(term[0] if len(term) == 1 else Term("mul", tuple(term)))
            made.append(self.script.given(f"0 {'<' if strict else '<='} {product}", "strict" if strict else "even"))
        return made

    # assuming and contradicting

    def assume(self, f: Term, holds: bool, h: str) -> None:
        """Add the comparison to the branch; closes the goal if that closes the branch."""
        if f.head in ("true", "false"):
            if (f.head == "true") != holds:
                self.contradict(f, holds, h)
                self.branch.closed = f"{f} is {'assumed' if holds else 'denied'}"
            return
        if f.head == "pred":
            self._assume_predicate(f, holds, h)
            return
        read = self.read(f, holds, h)
        if read is None:
            kernel.add_atom(self.branch, f, holds)
            return
        p, _, made = read
        place = None if kernel.constant(p) is not None else kernel.place_of(self.branch, p)
        old = self.branch.literals[place] if place is not None else None
        known = [] if place is None else [self.literals[place]]
        kernel.add_atom(self.branch, f, holds)
        if self.branch.closed:
            self._clash(made, known)
        elif place is None:
            self.literals += [made] if kernel.constant(p) is None else []
        elif old is not None and (new := self.branch.literals[place]).signs != old.signs:
            text = self.text(new.polynomial)
            names = " ".join([made, *known])
            self.literals[place] = self.script.given(says(new.signs, text), f"clear - {names}; by_sign {text}")

    def _assume_predicate(self, f: Term, holds: bool, h: str) -> None:
        if f.args[0] != "gd":
            raise NotReplayed(f"the predicate {f.args[0]}")
        known = self.opaque.setdefault(kernel.opaque_key(self.branch, f), h)
        kernel.add_atom(self.branch, f, holds)
        if self.branch.closed:
            self._same(h, known, holds)

    def _same(self, h: str, known: str, holds: bool) -> None:
        """One hypothesis denies what the other says."""
        says, denies = (h, known) if holds else (known, h)
        self.script.say(f"exfalso; apply {denies}; same {says}")

    def contradict(self, f: Term, holds: bool, h: str) -> None:
        """Close the goal with an atom that the branch sees to be false."""
        if f.head in ("true", "false"):
            self.script.say(f"settle {h}")
            return
        if f.head == "pred":
            self._same(h, self.opaque[kernel.opaque_key(self.branch, f)], holds)
            return
        read = self.read(f, holds, h)
        if read is None:
            raise NotReplayed(f"{f}")
        p, _, made = read
        self._clash(made, [] if kernel.constant(p) is not None else self.known(p))

    def _clash(self, made: str, known: list[str]) -> None:
        others = "".join(f" | apply {k}; lra" for k in known)
        self.script.say(f"exfalso; clear - {' '.join([made, *known])}; first [lra | apply {made}; lra{others}]")


def monomials(p: Term) -> list[list[Term]]:
    """The factors of each monomial that is not constant, without its coefficient."""
    made = []
    for term in p.args if p.head == "add" else (p,):
        factors = [a for a in (term.args if term.head == "mul" else (term,)) if a.head != "num"]
        if factors:
            made.append(factors)
    return made


def arguments(f: Term, head: str) -> list[Term]:
    """The arguments of a function in f, multiplied out; tanh and logistic count as the exponentials they are made of."""
    found: dict[Term, None] = {}
    for t in subterms(f):
        if t.head == head or (head == "exp" and t.head in ("tanh", "logistic")):
            found[kernel.tidy(t.args[0] * 2 if t.head == "tanh" else t.args[0])] = None
    return sorted(found, key=repr)
