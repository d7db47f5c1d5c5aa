"""Our own parser: text to terms.  It evaluates nothing.

The grammar, loosest first: `forall x, y in Phi, t in tasks, mu > 0: ...`, `exists ...`; `<=>`, `=>`, `|`, `&`, `not`;
comparisons `=  !=  <  <=  >  >=` (chains allowed), `x in Phi`, `a in argmin F`; `+ - * / ^`; calls `F(x)`, `L(t, x)`,
`grad F(x)`, `hess L(t, x)`, `fisher(x)`, `E(t, ...)` for the mean over tasks, `sum(i, k, ...)` for i = 1..k, `norm2(x)`,
`dot(x, y)`, `coord(x, i)`, the transpose `tr(A)`, arrays `w[i, j]`, families `th[t]`, vectors `[a, b]`; predicates
`posdef(...)`, `psd(...)`, `nonsingular(...)`, `count(k)` and others, and the names of conditions.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from .terms import (
    FALSE,
    FUNCTIONS,
    TRUE,
    Term,
    at_most,
    conjunction,
    equal,
    less,
    negation,
    number,
    symbol,
)

TOKEN = re.compile(r"\s*(?:(\d+)|([A-Za-z_][A-Za-z0-9_]*)|(<=>|=>|<=|>=|!=|\.\.|[-+*/^()\[\],:=<>|&]))", re.ASCII)
MATRICES = ("posdef", "psd", "nonsingular")
PAIRS = ("samerank", "meq")
PREDICATES = {
    "Phi": 1, "count": 1, "samelaw": 2, "gd": 3, "whole": 0, "open": 1, "connected": 1, "C1": 1, "C2": 1, "C3": 1,
    "continuous": 1, "gaussian_likelihood": 1, "gaussian_model": 0, "sgd_variance_tends": 2, "conservative": 1, "likelihood": 1,
}  # fmt: skip
UNSUPPORTED = frozenset(
    [
        "sin",
        "cos",
        "tan",
        "cot",
        "sinh",
        "cosh",
        "coth",
        "asin",
        "acos",
        "atan",
        "arcsin",
        "arccos",
        "arctan",
        "asinh",
        "acosh",
        "atanh",
        "abs",
        "Abs",
        "sign",
        "sgn",
        "floor",
        "ceil",
        "ceiling",
        "max",
        "min",
        "ln",
        "log2",
        "log10",
        "erf",
        "gamma",
        "zeta",
        "sigmoid",
        "softplus",
        "softmax",
        "gelu",
        "cbrt",
        "root",
        "Re",
        "Im",
        "conj",
        "mod",
    ]
)
"""Functions that mean one thing to everybody, so that none of them may pass for an arbitrary function."""


class SyntaxProblem(ValueError):
    """The text is no formula; the message quotes the place."""


@dataclass
class Reader:
    """A recursive-descent parser over one text.

    `conditions` gives the formula for a condition's name, its objective and its point (see `conditions.expand`).
    """

    source: str
    conditions: Callable[[str, str, Term | None], Term | None] = lambda name, objective, point: None
    tokens: list[tuple[str, int]] = field(default_factory=list)
    place: int = 0

    def __post_init__(self) -> None:
        at = 0
        while self.source[at:].strip():
            match = TOKEN.match(self.source, at)
            if match is None:
                raise SyntaxProblem(f"unexpected {self.source[at:].lstrip()[:1]!r} in {self.source!r} at column {at + 1}")
            self.tokens.append((match.group().strip(), match.end() - len(match.group().strip())))
            at = match.end()

    def peek(self, ahead: int = 0) -> str:
        return self.tokens[self.place + ahead][0] if self.place + ahead < len(self.tokens) else ""

    def fail(self, wanted: str) -> SyntaxProblem:
        column = self.tokens[self.place][1] + 1 if self.place < len(self.tokens) else len(self.source) + 1
        return SyntaxProblem(f"expected {wanted}, found {self.peek() or 'the end'!r} at column {column} of {self.source!r}")

    def take(self, *wanted: str) -> str:
        token = self.peek()
        if wanted and token not in wanted:
            raise self.fail(" or ".join(map(repr, wanted)))
        self.place += 1
        return token

    def name(self) -> str:
        if not re.match(r"[A-Za-z_]", self.peek()) or self.peek() in ("forall", "exists", "in", "not"):
            raise self.fail("a name")
        return self.take()

    def whole(self, part: Callable[[], Term]) -> Term:
        term = part()
        if self.place < len(self.tokens):
            raise self.fail("the end")
        return term

    # formulas

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

    # matrices: hess F(x) + c * fisher(x) - eye

    def matrix(self) -> Term:
        parts = [self.matrix_factor()]
        while self.peek() in ("+", "-"):
            sign = self.take()
            part = self.matrix_factor()
            parts.append(part if sign == "+" else Term("mscale", (number(-1), part)))
        return parts[0] if len(parts) == 1 else Term("madd", tuple(parts))

    def matrix_factor(self) -> Term:
        if self.peek() in ("hess", "fisher", "eye"):
            head = self.take()
            if head == "eye":
                return Term("eye")
            return Term(head, (self.name(), *self.arguments()) if head == "hess" else self.arguments())
        start = self.place
        if self.peek() == "(":
            self.take()
            try:
                inside = self.matrix()
                self.take(")")
                return inside
            except SyntaxProblem:
                self.place = start
        factor = self.power()
        self.take("*")
        return Term("mscale", (factor, self.matrix_factor()))

    # values

    def sum(self) -> Term:
        parts = [self.product()]
        while self.peek() in ("+", "-"):
            parts.append(self.product() if self.take() == "+" else -self.product())
        return parts[0] if len(parts) == 1 else Term("add", tuple(parts))

    def product(self) -> Term:
        parts = [self.signed()]
        while self.peek() in ("*", "/"):
            if self.take() == "*":
                parts.append(self.signed())
            else:
                divided = (parts[0] if len(parts) == 1 else Term("mul", tuple(parts))) / self.signed()
                parts = [divided if divided.head != "mul" or divided.args[0].head != "num" else _folded(divided)]
        return parts[0] if len(parts) == 1 else Term("mul", tuple(parts))

    def signed(self) -> Term:
        if self.peek() == "-":
            self.take()
            inside = self.signed()
            return number(-inside.args[0]) if inside.head == "num" else -inside
        return self.power()

    def power(self) -> Term:
        base = self.atom()
        while self.peek() == "^":
            self.take()
            closing = self.peek() == "("
            if closing:
                self.take()
            negative = self.peek() == "-" and bool(self.take())
            exponent = self.take()
            if not exponent.isdigit():
                raise self.fail("an integer exponent")
            if closing:
                self.take(")")
            base = base ** (-int(exponent) if negative else int(exponent))
        return base

    def arguments(self) -> tuple[Term, ...]:
        self.take("(")
        terms = [] if self.peek() == ")" else [self.sum()]
        while self.peek() == ",":
            self.take()
            terms.append(self.sum())
        self.take(")")
        return tuple(terms)

    def atom(self) -> Term:
        token = self.peek()
        if token.isdigit():
            return number(int(self.take()))
        if token == "(":
            self.take()
            inside = self.sum()
            self.take(")")
            return inside
        if token == "[":
            self.take()
            entries = [self.sum()]
            while self.take(",", "]") == ",":
                entries.append(self.sum())
            return Term("vec", tuple(entries))
        name = self.name()
        if name in ("E", "mean", "sum"):
            return self.bound(name)
        if name == "grad":
            return Term("grad", (self.name(), *self.arguments()))
        if name == "zero":
            return Term("zero")
        if self.peek() == "(":
            return self.call(name, self.arguments())
        if self.peek() == "[":
            self.take()
            indices = [self.sum()]
            while self.take(",", "]") == ",":
                indices.append(self.sum())
            return Term("at", (name, *indices))
        return symbol(name)

    def bound(self, name: str) -> Term:
        self.take("(")
        variable = self.name()
        self.take(",")
        parts: tuple[str | Term, ...] = (variable,)
        if name == "sum":
            parts = (*parts, self.sum())
            self.take(",")
        body = self.sum()
        self.take(")")
        return Term("sum" if name == "sum" else "mean", (*parts, body))

    def call(self, name: str, args: tuple[Term, ...]) -> Term:
        if name in FUNCTIONS:
            return Term(name, args)
        if name == "norm2" and len(args) == 1:
            return Term("dot", args + args)
        if name in ("dot", "coord", "tr"):
            return Term(name, args)
        if name in UNSUPPORTED:
            raise SyntaxProblem(f"the function {name} in {self.source!r} is not supported; {', '.join(FUNCTIONS)} are")
        return Term("app", (name, *args))


def _folded(term: Term) -> Term:
    """A quotient of two numbers as one number, so that 1/2 reads as 1/2."""
    if all(a.head == "num" for a in term.args) and len(term.args) == 2:
        return number(term.args[0].args[0] * term.args[1].args[0])
    return term


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
    below = at_most(Term("app", (objective, point)), Term("app", (objective, symbol(z))))
    inside = Term("implies", (Term("pred", ("Phi", symbol(z))), below))
    return conjunction([Term("pred", ("Phi", point)), Term("forall", (z, "point", inside))])


def parse_formula(source: str, conditions: Callable[[str, str, Term | None], Term | None] | None = None) -> Term:
    reader = Reader(source) if conditions is None else Reader(source, conditions)
    return reader.whole(reader.formula)


def parse_term(source: str) -> Term:
    reader = Reader(source)
    return reader.whole(reader.sum)
