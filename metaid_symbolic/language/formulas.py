"""The part of the grammar that reads formulas."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from ..terms import FALSE, TRUE, Term, at_most, conjunction, equal, free_symbols, less, negation, symbol
from .tokens import SyntaxProblem
from .values import Values

MATRICES = ("posdef", "psd", "nonsingular")
PAIRS = ("samerank", "meq")
PREDICATES = {
    "Phi": 1, "count": 1, "samelaw": 2, "gd": 3, "whole": 0, "open": 1, "connected": 1, "C1": 1, "C2": 1, "C3": 1,
    "continuous": 1, "gaussian_likelihood": 1, "gaussian_model": 0, "sgd_variance_tends": 2, "conservative": 1, "likelihood": 1,
}  # fmt: skip


@dataclass
class Formulas(Values):
    """A recursive-descent reader of one text.

    `conditions` gives the formula for a condition's name, its objective and its point (see `conditions.expand`).
    """

    conditions: Callable[[str, str, Term | None], Term | None] = lambda name, objective, point: None

    def formula(self) -> Term:
        left = self.implication()
        while self.peek() == "<=>":
            self.take()
            left = Term("iff", (left, self.implication()))
        return left

    def implication(self) -> Term:
        left = self.chain("|", "or", lambda: self.chain("&", "and", self.unary))
        if self.peek() == "=>":
            self.take()
            return Term("implies", (left, self.implication()))
        return left

    def chain(self, sign: str, head: str, part: Callable[[], Term]) -> Term:
        parts = [part()]
        while self.peek() == sign:
            self.take()
            parts.append(part())
        return parts[0] if len(parts) == 1 else Term(head, tuple(parts))

    def unary(self) -> Term:
        if self.peek() == "not":
            self.take()
            return negation(self.unary())
        if self.peek() in ("forall", "exists"):
            return self.quantified(self.take())
        start = self.place
        try:
            return self.comparison()
        except SyntaxProblem as problem:
            if self.tokens[start : start + 1] and self.tokens[start][0] == "(":
                deepest, self.place = self.place, start + 1
                try:
                    inside = self.formula()
                    self.take(")")
                    return inside
                except SyntaxProblem as other:
                    raise (other if self.place >= deepest else problem) from None
            raise

    def quantified(self, head: str) -> Term:
        groups: list[tuple[list[str], str | Term, Callable[[str], list[Term]]]] = []
        waiting: list[str] = []
        while True:
            waiting.append(self.name())
            if self.peek() == ",":
                self.take()
                continue
            sort, guards = self.domain(waiting)
            groups.append((waiting, sort, guards))
            waiting = []
            if self.take(",", ":") == ":":
                break
        body = self.formula()
        for names, sort, guards in reversed(groups):
            conditions = [g for name in names for g in guards(name)]
            if conditions:
                guard = conjunction(conditions)
                body = Term("implies", (guard, body)) if head == "forall" else conjunction([guard, body])
            for name in reversed(names):
                body = Term(head, (name, sort, body))
        return body

    def domain(self, names: list[str]) -> tuple[str | Term, Callable[[str], list[Term]]]:
        """The sort behind `in`, and the formulas that a name of it satisfies besides."""
        if self.peek() == "in":
            self.take()
            if self.peek() == "1":
                self.take("1")
                self.take("..")
                return self.product(), lambda name: []
            where = self.name()
            simple = {"Rn": "point", "tasks": "task", "families": "family", "reals": "real"}
            if where in simple:
                return simple[where], lambda name: []
            if where == "argmin":
                objective = self.name()
                return "point", lambda name: [argmin(objective, symbol(name))]
            return "point", lambda name: [Term("pred", (where, symbol(name)))]
        if self.peek() in ("<", "<=", ">", ">=", "!="):
            sign, bound = self.take(), self.sum()
            if own := sorted(free_symbols(bound).intersection(names)):
                raise SyntaxProblem(
                    f"{own[0]} stands in the bound of {', '.join(names)} in {self.source!r}, which is to bound it"
                )
            return "real", lambda name: [compare(sign, symbol(name), bound)]
        return "real", lambda name: []

    def comparison(self) -> Term:
        if self.peek() in ("true", "false") or self.peek() in MATRICES or self.peek() in (*PREDICATES, *PAIRS):
            return self.predicate(self.take())
        if (known := self.condition()) is not None:
            return known
        left = self.sum()
        if self.peek() == "in":
            self.take()
            where = self.name()
            return argmin(self.name(), left) if where == "argmin" else Term("pred", (where, left))
        parts = []
        while self.peek() in ("=", "!=", "<", "<=", ">", ">="):
            sign, right = self.take(), self.sum()
            parts.append(compare(sign, left, right))
            left = right
        if not parts:
            raise self.fail("a comparison")
        return conjunction(parts)

    def condition(self) -> Term | None:
        """A condition's name, with `[objective]` and `(point)` where given."""
        start, objective, point = self.place, "F", None
        if not re.match(r"[A-Za-z_]", self.peek()) or self.conditions(self.peek(), objective, point) is None:
            return None
        name = self.take()
        if self.peek() == "[":
            self.take()
            objective = self.name()
            self.take("]")
        if self.peek() == "(":
            self.take()
            point = self.sum()
            self.take(")")
        found = self.conditions(name, objective, point)
        if found is None:
            self.place = start
        return found

    def predicate(self, name: str) -> Term:
        if name in ("true", "false"):
            return TRUE if name == "true" else FALSE
        if name in MATRICES:
            self.take("(")
            inside = self.matrix()
            self.take(")")
            return Term(name, (inside,))
        if name in PAIRS:
            self.take("(")
            left = self.matrix()
            self.take(",")
            right = self.matrix()
            self.take(")")
            return Term(name, (left, right))
        terms = self.arguments() if self.peek() == "(" else ()
        if len(terms) != PREDICATES[name]:
            raise self.fail(f"{PREDICATES[name]} arguments of {name}")
        return Term("pred", (name, *terms))


RESERVED = frozenset({*MATRICES, *PAIRS, *PREDICATES, "forall", "exists", "not", "true", "false"})
"""Words with which the grammar begins a formula of its own."""


def compare(sign: str, left: Term, right: Term) -> Term:
    match sign:
        case "=":
            return equal(left, right)
        case "!=":
            return negation(equal(left, right))
        case "<":
            return less(left, right)
        case "<=":
            return at_most(left, right)
        case ">":
            return less(right, left)
    return at_most(right, left)


def argmin(objective: str, point: Term) -> Term:
    """point in Phi, and objective(point) <= objective(z) for every z in Phi."""
    z = "z" if "z" not in str(point) else "z_"
    while z in free_symbols(point):
        z += "_"
    below = at_most(Term("app", (objective, point)), Term("app", (objective, symbol(z))))
    inside = Term("implies", (Term("pred", ("Phi", symbol(z))), below))
    return conjunction([Term("pred", ("Phi", point)), Term("forall", (z, "point", inside))])
