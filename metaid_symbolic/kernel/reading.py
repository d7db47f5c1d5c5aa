"""Formulas with ranges and sums written out, so that they speak of real numbers alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..terms import FUNCTIONS, Term, conjunction, disjunction, number, symbol, total
from .objectives import tidy
from .rejection import Rejected, require

Environment = Mapping[str, Any]
"""Name -> Term (real number), or what a kind of reading adds to that."""
MOST_CASES = 4096


class RealReading:
    """What every kind of reading has in common: connectives, comparisons, quantifiers over numbers, arithmetic, sums."""

    reserved: frozenset[str] = frozenset()
    """Names that no bound variable may bear."""

    def formula(self, f: Term, env: Environment) -> Term:
        match f.head:
            case "true" | "false":
                return f
            case "not" | "and" | "or" | "implies" | "iff":
                return Term(f.head, tuple(self.formula(a, env) for a in f.args))
            case "eq" | "lt" | "le":
                return Term(f.head, tuple(self.scalar(a, env) for a in f.args))
            case "forall" | "exists":
                return self.quantified(f, env)
        raise Rejected(f"no reading of {f}")

    def quantified(self, f: Term, env: Environment) -> Term:
        name, sort, body = f.args
        if type(sort) is Term:
            return self.each(f, [number(k + 1) for k in range(self.natural(sort, env))], env)
        require(sort == "real", "{} runs over a {}", f, sort)
        read = f"{name}." if name in self.reserved else name
        return Term(f.head, (read, sort, self.formula(body, {**env, name: symbol(read)})))

    def each(self, f: Term, values: Iterable[Any], env: Environment) -> Term:
        """A quantified formula over finitely many values."""
        join = conjunction if f.head == "forall" else disjunction
        return join([self.formula(f.args[2], {**env, f.args[0]: value}) for value in values])

    def natural(self, term: Term, env: Environment) -> int:
        """The value of a term in naturals."""
        value = tidy(self.scalar(term, env))
        natural = value.head == "num" and value.args[0].denominator == 1 and 0 <= value.args[0] <= MOST_CASES
        require(natural, "{} has the value {}, which is no natural number up to {}", term, value, MOST_CASES)
        return int(value.args[0])

    def scalar(self, term: Term, env: Environment) -> Term:
        match term.head, term.args:
            case "num", _:
                return term
            case "sym", (name,) if type(value := env.get(name)) is Term:
                return value
            case head, parts if head in ("add", "mul", *FUNCTIONS):
                return Term(head, tuple(self.scalar(a, env) for a in parts))
            case "pow", (base, exponent):
                return Term("pow", (self.scalar(base, env), exponent))
            case "sum", (name, upper, body):
                values = [number(k + 1) for k in range(self.natural(upper, env))]
                return total([self.scalar(body, {**env, name: value}) for value in values])
        raise Rejected(f"{term} is no real number here")
