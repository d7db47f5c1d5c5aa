"""Elementary terms as functions of arrays: polynomials by their coefficients, others by walking through the term."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, final

from ...kernel.derivative import derivative
from ...terms import Term
from ..floating import np
from .enumeration import exponents_of

Coefficients = Mapping[tuple[int, ...], float]


@final
class Numeric:
    """x -> term(x), with its partial derivatives; `coefficients` where it is a polynomial."""

    def __init__(self, term: Term, names: tuple[str, ...], coefficients: Coefficients | None = None) -> None:
        self.term, self.names, self.coefficients = term, names, coefficients
        self._slopes: dict[int, Numeric] = {}

    def __call__(self, x: Any) -> Any:
        if self.coefficients is not None:
            return evaluate(self.coefficients, x)
        return walk(self.term, dict(zip(self.names, x, strict=True)))

    def slope(self, i: int) -> Numeric:
        """The partial derivative; that of a polynomial is known by its coefficients alone."""
        if i not in self._slopes:
            if self.coefficients is not None:
                self._slopes[i] = Numeric(self.term, self.names, partial_derivative(self.coefficients, i))
            else:
                self._slopes[i] = numeric(derivative(self.term, self.names[i]), self.names)
        return self._slopes[i]

    @property
    def key(self) -> object:
        """The same for equal polynomials."""
        return self.term if self.coefficients is None else tuple(sorted(self.coefficients.items()))


@lru_cache(maxsize=20_000)
def numeric(term: Term, names: tuple[str, ...]) -> Numeric:
    try:
        return Numeric(term, names, {e: float(c) for e, c in exponents_of(term, names).items()})
    except ValueError:
        return Numeric(term, names)


def evaluate(p: Coefficients, x: Any) -> Any:
    result: Any = 0.0
    for exponents, c in p.items():
        piece: Any = c
        for i, e in enumerate(exponents):
            for _ in range(e):
                piece = piece * x[i]
        result = result + piece
    return result


def walk(term: Term, values: Mapping[str, Any]) -> Any:
    """The value of an elementary term; NaN and infinities are passed on."""
    head, args = term.head, term.args
    if head == "num":
        return float(args[0])
    if head == "sym":
        return values[args[0]]
    inside = [walk(a, values) for a in args if type(a) is Term]
    match head:
        case "add":
            return sum(inside[1:], inside[0])
        case "mul":
            result = inside[0]
            for factor in inside[1:]:
                result = result * factor
            return result
        case "pow":
            return np.power(np.asarray(inside[0], dtype=float), args[1])
        case "relu":
            return np.maximum(inside[0], 0.0)
        case "logistic":
            return 1 / (1 + np.exp(-inside[0]))
    return {"exp": np.exp, "log": np.log, "sqrt": np.sqrt, "tanh": np.tanh}[head](inside[0])


def real_roots(coefficients: Coefficients) -> list[float]:
    """Of a polynomial in one variable, roughly."""
    degree = max((e[0] for e in coefficients), default=0)
    if degree == 0:
        return []
    dense = [coefficients.get((k,), 0.0) for k in range(degree, -1, -1)]
    found = np.roots(dense)
    return sorted({round(float(r.real), 12) for r in found if abs(r.imag) < 1e-7})


def derived(p: Coefficients) -> dict[tuple[int, ...], float]:
    """The derivative, in one variable."""
    return partial_derivative(p, 0)


def partial_derivative(p: Coefficients, i: int) -> dict[tuple[int, ...], float]:
    return {(*e[:i], e[i] - 1, *e[i + 1 :]): c * e[i] for e, c in p.items() if e[i]}
