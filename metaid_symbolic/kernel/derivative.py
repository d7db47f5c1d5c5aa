"""Partial derivatives of terms, by the sum, product and chain rules."""

from __future__ import annotations

from functools import lru_cache

from ..terms import ONE, ZERO, Term, free_symbols, number, total
from .rejection import Rejected


@lru_cache(maxsize=100_000)
def derivative(term: Term, name: str) -> Term:
    """d term / d name, valid wherever all subterms are defined and smooth.

    Raises `Rejected` for a head without a derivative everywhere (`relu` of something that depends on `name`).
    """
    if name not in free_symbols(term):
        return ZERO
    args = term.args
    match term.head:
        case "sym":
            return ONE
        case "add":
            return total([d for a in args if (d := derivative(a, name)) != ZERO])
        case "mul":
            parts = [(i, derivative(a, name)) for i, a in enumerate(args)]
            return total([Term("mul", (d, *args[:i], *args[i + 1 :])) for i, d in parts if d != ZERO])
        case "pow":
            base, exponent = args
            slope: Term = derivative(base, name) * exponent
            return slope if exponent == 1 else slope * base ** (exponent - 1)
        case "exp":
            return term * derivative(args[0], name)
        case "log":
            return derivative(args[0], name) * Term("pow", (args[0], -1))
        case "sqrt":
            return derivative(args[0], name) / (number(2) * term)
        case "tanh":
            return (ONE - term**2) * derivative(args[0], name)
        case "logistic":
            return term * (ONE - term) * derivative(args[0], name)
    raise Rejected(f"{term.head} has no derivative everywhere: {term}")
