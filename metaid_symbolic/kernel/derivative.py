"""Partial derivatives of terms, by the sum, product and chain rules."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from ..terms import ONE, ZERO, Term, free_symbols, total
from .rejection import Rejected

SLOPES: dict[str, Callable[[Term, Term], Term]] = {
    "exp": lambda value, inside: value,
    "log": lambda value, inside: inside**-1,
    "sqrt": lambda value, inside: ONE / (2 * value),
    "tanh": lambda value, inside: ONE - value**2,
    "logistic": lambda value, inside: value * (ONE - value),
}
"""The derivative of a function, from its value and its argument."""


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
        case head if head in SLOPES:
            return SLOPES[head](term, args[0]) * derivative(args[0], name)
    raise Rejected(f"{term.head} has no derivative everywhere: {term}")
