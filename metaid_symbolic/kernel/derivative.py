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
CONSTANT = (ZERO, Term("zero"))
"""The derivative of a constant number, and of a constant vector."""


@lru_cache(maxsize=100_000)
def derivative(term: Term, name: str) -> Term:
    """d term / d name, valid wherever all subterms are defined and smooth.

    Raises `Rejected` for a head without a derivative everywhere (`relu` of something that depends on `name`).
    """
    if name not in free_symbols(term):
        return ZERO
    return ONE if term.head == "sym" else by_rules(term, lambda part: derivative(part, name))


def by_rules(term: Term, slope: Callable[[Term], Term]) -> Term:
    """The derivative of a sum, product, power or value of a function, from those of its arguments; constants have the
    derivative 0.  Raises `Rejected` for another head."""
    args = term.args
    match term.head:
        case "add":
            return total([d for a in args if (d := slope(a)) not in CONSTANT])
        case "mul" | "dot":
            parts = [(i, slope(a)) for i, a in enumerate(args)]
            return total([Term(term.head, (d, *args[:i], *args[i + 1 :])) for i, d in parts if d not in CONSTANT])
        case "pow":
            base, exponent = args
            outer: Term = slope(base) * exponent
            return outer if exponent == 1 else outer * base ** (exponent - 1)
        case head if head in SLOPES:
            return SLOPES[head](term, args[0]) * slope(args[0])
    raise Rejected(f"{term.head} has no derivative everywhere: {term}")
