"""The two arithmetics in which derivations are carried out: FLINT polynomials, and terms for all else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from fractions import Fraction
from math import comb, prod
from typing import Any, Protocol, final

from ..kernel.derivative import derivative
from ..kernel.polynomial import TooLarge
from ..kernel.rejection import Rejected
from ..problems import Noise
from ..terms import IllFormed, Term, free_symbols, number, substitute, subterms, symbol, text, total
from .polynomials import LARGEST, Ring, collected, is_polynomial
from .tidying import readable, size, tidied


class NotDifferentiable(IllFormed):
    """A loss is not differentiable everywhere; the message says where it may fail."""


class Algebra(Protocol):
    """Functions of the parameters with what a derivation needs; `names` are the parameters."""

    def read(self, term: Term) -> Any: ...
    def write(self, value: Any) -> Term: ...
    def times(self, left: Any, right: Any) -> Any: ...
    def combination(self, parts: Sequence[tuple[Fraction, Any]]) -> Any: ...
    def gradient(self, value: Any) -> list[Any]: ...
    def compose(self, value: Any, point: Sequence[Any]) -> Any: ...
    def expectation(self, value: Any, noise: Noise) -> Any: ...


def algebra_of(names: Sequence[str], terms: Sequence[Term]) -> Algebra:
    """FLINT polynomials if all terms are polynomials, else terms.  Raises `NotDifferentiable` for a kink."""
    ready = [t if is_polynomial(t) else collected(t, names) for t in terms]
    for term in ready:
        _check_smooth(term, names)
    if all(map(is_polynomial, ready)):
        others = sorted(frozenset().union(*map(free_symbols, ready)) - set(names))
        algebra = Polynomials(names, Ring([symbol(n) for n in (*names, *others)]))
        with suppress(TooLarge):
            for term in ready:
                algebra.ring.read(term)
            return algebra
    return Terms(names)


def _check_smooth(term: Term, names: Sequence[str]) -> None:
    for part in subterms(term):
        if part.head == "relu" and free_symbols(part) & set(names):
            raise NotDifferentiable(f"{text(part)} has a kink where {text(part.args[0])} = 0, so {text(term)} is not C^2")


@final
class Polynomials:
    """Elements of Q[names, other symbols] in FLINT."""

    def __init__(self, names: Sequence[str], ring: Ring) -> None:
        self.names, self.ring = tuple(names), ring

    def read(self, term: Term) -> Any:
        return self.ring.read(term if is_polynomial(term) else collected(term, self.names))

    def write(self, value: Any) -> Term:
        return self.ring.write(value, len(self.names))

    def times(self, left: Any, right: Any) -> Any:
        _check_size(len(left) * len(right) // 20)  # with like terms put together; FLINT multiplies 10^7 pairs in 3 s
        return left * right

    def combination(self, parts: Sequence[tuple[Fraction, Any]]) -> Any:
        return sum((self.ring.constant(c) * value for c, value in parts), self.ring.constant(Fraction(0)))

    def gradient(self, value: Any) -> list[Any]:
        return self.ring.gradient(value, self.names)

    def compose(self, value: Any, point: Sequence[Any]) -> Any:
        _check_size(_size_composed(value, point))
        return value.compose(*point, *self.ring.context.gens()[len(self.names) :], ctx=self.ring.context)

    def expectation(self, value: Any, noise: Noise) -> Any:
        """E over `noise` ~ N(m, v) by E x^k = m E x^(k-1) + (k-1) v E x^(k-2)."""
        if noise.name not in self.ring.names:
            return value
        place = self.ring.names[noise.name]
        moments = [Fraction(1), noise.mean]
        result = self.ring.constant(Fraction(0))
        for exponents, coefficient in value.to_dict().items():
            while len(moments) <= exponents[place]:
                moments.append(noise.mean * moments[-1] + (len(moments) - 1) * noise.variance * moments[-2])
            rest = tuple(0 if i == place else e for i, e in enumerate(exponents))
            piece = self.ring.context.from_dict({rest: coefficient})
            result += piece * self.ring.constant(moments[exponents[place]])
        return result


def _check_size(terms: int) -> None:
    if terms > LARGEST:
        raise IllFormed(f"the result may have {terms} terms; more than {LARGEST} are not expanded")


def _size_composed(value: Any, point: Sequence[Any]) -> int:
    """A bound on the terms of value(point): by multiplying out, and by the monomials of its degree."""
    sizes = [len(p) for p in point]
    apart: int = sum(prod(s ** int(e) for s, e in zip(sizes, exponents, strict=False)) for exponents in value.to_dict())
    inner = max((int(p.total_degree()) for p in point), default=1)
    outside = int(value.context().nvars())
    dense: int = comb(max(int(value.total_degree()), 0) * max(inner, 1) + outside, outside)
    return min(apart, dense)


@final
class Terms:
    """Terms as they are written, tidied between the steps of a derivation; nothing is multiplied out."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)

    def read(self, term: Term) -> Term:
        return tidied(term)

    def write(self, value: Term) -> Term:
        return readable(value, self.names)

    def times(self, left: Term, right: Term) -> Term:
        return left * right

    def combination(self, parts: Sequence[tuple[Fraction, Term]]) -> Term:
        return total([number(c) * value for c, value in parts])

    def gradient(self, value: Term) -> list[Term]:
        try:
            return [tidied(derivative(value, name)) for name in self.names]
        except Rejected as cause:
            raise NotDifferentiable(str(cause)) from None

    def compose(self, value: Term, point: Sequence[Term]) -> Term:
        values: Mapping[str, Term] = dict(zip(self.names, point, strict=True))
        made = tidied(substitute(value, values))
        _check_size(size(made))
        return made

    def expectation(self, value: Term, noise: Noise) -> Term:
        if noise.name not in free_symbols(value):
            return value
        raise IllFormed(
            f"the mean of {text(value)} over {noise.name} ~ N({noise.mean}, {noise.variance}) is known for polynomials only"
        )
