"""The part of the grammar that reads values and matrices."""

from __future__ import annotations

from dataclasses import dataclass

from ..terms import FUNCTIONS, Term, number, symbol
from .tokens import SyntaxProblem, Tokens

UNSUPPORTED = {
    "sin", "cos", "tan", "cot", "sinh", "cosh", "coth", "asin", "acos", "atan", "arcsin", "arccos", "arctan", "asinh",
    "acosh", "atanh", "abs", "Abs", "sign", "sgn", "floor", "ceil", "ceiling", "max", "min", "ln", "log2", "log10", "erf",
    "gamma", "zeta", "sigmoid", "softplus", "softmax", "gelu", "cbrt", "root", "Re", "Im", "conj", "mod",
}  # fmt: skip
"""Functions that mean one thing to everybody, so that none of them may pass for an arbitrary function."""


@dataclass
class Values(Tokens):
    """Sums, products, powers, calls, arrays; and matrices such as hess F(x) + c * fisher(x) - eye."""

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
        if self.peek() == "^":
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
            if self.peek() == "^":
                raise SyntaxProblem(f"a power of a power in {self.source!r} needs parentheses: (x^a)^b")
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


def _folded(term: Term) -> Term:
    """A quotient of two numbers as one number, so that 1/2 reads as 1/2."""
    if all(a.head == "num" for a in term.args) and len(term.args) == 2:
        return number(term.args[0].args[0] * term.args[1].args[0])
    return term
