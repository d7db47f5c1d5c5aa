"""The arithmetics in which derivations are carried out: FLINT polynomials, terms, and shared graphs for all that is large."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from fractions import Fraction
from math import comb, prod
from typing import Any, Protocol, final

from flint import fmpq

from ..kernel.derivative import derivative
from ..kernel.polynomial import TooLarge
from ..kernel.rejection import Rejected
from ..models.expectation import mean
from ..models.laws import FiniteLaw, Law
from ..printing import text
from ..programs import Graph, differentiation, symbols_of
from ..programs.differentiation import NotDifferentiable
from ..programs.reading import Survey, different_subterms, read, survey, write, written_size
from ..programs.rewriting import substituted
from ..terms import IllFormed, Term, number, substitute, subterms, symbol, total
from .polynomials import LARGEST, Ring, collected, evaluated
from .tidying import readable, tidied

SMALL = 3_000
"""Terms of at most so many subterms are differentiated as they are written; larger ones as graphs."""
PRINTED = 50_000
"""A term with more subterms is not written out; it would fill some hundred pages."""

__all__ = ["Algebra", "Graphs", "NotDifferentiable", "Polynomials", "Terms", "algebra_of", "collected"]


class Algebra(Protocol):
    """Functions of the parameters with what a derivation needs; `names` are the parameters."""

    names: tuple[str, ...]

    def read(self, term: Term) -> Any: ...
    def write(self, value: Any) -> Term: ...
    def times(self, left: Any, right: Any) -> Any: ...
    def combination(self, parts: Sequence[tuple[Fraction, Any]]) -> Any: ...
    def gradient(self, value: Any) -> list[Any]: ...
    def symmetric(self, slopes: Sequence[Any]) -> list[list[Any]]: ...
    def compose(self, values: Sequence[Any], point: Sequence[Any]) -> list[Any]: ...
    def mean(self, law: Law, values: Sequence[Any]) -> Any: ...


def algebra_of(names: Sequence[str], terms: Sequence[Term]) -> Algebra:
    """FLINT polynomials if all terms are polynomials, else terms if they are small, else graphs.

    Raises `NotDifferentiable` for a kink.
    """
    given = found = survey(terms)
    if not given.polynomial and given.size <= SMALL:
        terms = [t if survey([t]).polynomial else collected(t, names) for t in terms]
        found = survey(terms)
    _check_smooth(found, terms, names)
    if found.polynomial:
        algebra = Polynomials(names, Ring([symbol(n) for n in (*names, *sorted(found.symbols - set(names)))]))
        with suppress(TooLarge):
            algebra.read_all(terms, found)
            return algebra
    return Terms(names) if given.size <= SMALL else Graphs(names)


def _check_smooth(found: Survey, terms: Sequence[Term], names: Sequence[str]) -> None:
    for part in found.relus:
        if symbols_of(part) & set(names):
            whole = text(next(t for t in terms if part in subterms(t))) if found.size <= SMALL else "the loss"
            raise NotDifferentiable(f"{text(part)} has a kink where {text(part.args[0])} = 0, so {whole} is not C^2")


@final
class Polynomials:
    """Elements of Q[names, other symbols] in FLINT."""

    def __init__(self, names: Sequence[str], ring: Ring) -> None:
        self.names, self.ring = tuple(names), ring
        self._read: dict[int, tuple[Term, Any]] = {}

    def read(self, term: Term) -> Any:
        if id(term) not in self._read:
            self.read_all([term])
        return self._read[id(term)][1]

    def read_all(self, terms: Sequence[Term], found: Survey | None = None) -> None:
        """Reads all at once, their common parts once.  Raises `TooLarge`."""
        known = survey(terms) if found is None else found
        ready = terms if known.polynomial else [collected(t, self.names) for t in terms]
        made = evaluated(self.ring, known.order if known.polynomial else different_subterms(ready))
        self._read.update((id(t), (t, self.ring.element(made[id(r)]))) for t, r in zip(terms, ready, strict=True))

    def write(self, value: Any) -> Term:
        return self.ring.write(value, len(self.names))

    def times(self, left: Any, right: Any) -> Any:
        _check_size(len(left) * len(right) // 20)  # with like terms put together; FLINT multiplies 10^7 pairs in 3 s
        return left * right

    def combination(self, parts: Sequence[tuple[Fraction, Any]]) -> Any:
        scaled = (value if c == 1 else value * fmpq(c.numerator, c.denominator) for c, value in parts)
        return sum(scaled, self.ring.constant(Fraction(0)))

    def gradient(self, value: Any) -> list[Any]:
        return self.ring.gradient(value, self.names)

    def symmetric(self, slopes: Sequence[Any]) -> list[list[Any]]:
        """The derivatives of a gradient: those above the diagonal are those below it."""
        return self.ring.second_derivatives(slopes, self.names)

    def compose(self, values: Sequence[Any], point: Sequence[Any]) -> list[Any]:
        arguments = (*point, *self.ring.context.gens()[len(self.names) :])
        made = []
        for value in values:
            _check_size(_size_composed(value, point))
            made.append(value.compose(*arguments, ctx=self.ring.context))
        return made

    def mean(self, law: Law, values: Sequence[Any]) -> Any:
        if isinstance(law, FiniteLaw):
            return self.combination(list(zip(law.weights, values, strict=True)))
        places = {v: self.ring.names[v] for v in law.variables if v in self.ring.names}
        pieces: dict[tuple[int, ...], dict[tuple[int, ...], Any]] = {}
        for exponents, coefficient in values[0].to_dict().items():
            inside = tuple(int(exponents[i]) for i in places.values())
            outside = tuple(0 if i in places.values() else int(e) for i, e in enumerate(exponents))
            pieces.setdefault(inside, {})[outside] = coefficient
        parts = []
        for inside, piece in pieces.items():
            moment = law.moment({v: e for v, e in zip(places, inside, strict=True) if e})
            parts.append((moment, self.ring.context.from_dict(piece)))
        return self.combination(parts)


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

    def symmetric(self, slopes: Sequence[Term]) -> list[list[Term]]:
        return [self.gradient(slope) for slope in slopes]

    def compose(self, values: Sequence[Term], point: Sequence[Term]) -> list[Term]:
        at: Mapping[str, Term] = dict(zip(self.names, point, strict=True))
        made = [substitute(value, at) for value in values]
        if (length := written_size(made)) > PRINTED:
            raise IllFormed(f"the result has {length} subterms; more than {PRINTED} are not expanded; `program` evaluates it")
        return [tidied(m) for m in made]

    def mean(self, law: Law, values: Sequence[Term]) -> Term:
        if isinstance(law, FiniteLaw):
            return self.combination(list(zip(law.weights, values, strict=True)))
        return mean(law, values)


def printable(term: Term, names: Sequence[str]) -> Term:
    """The term in a readable form if it is small.  Raises `IllFormed` for what is too large to be written out."""
    if (length := written_size([term])) > PRINTED:
        raise IllFormed(f"the result has {length} subterms; more than {PRINTED} are not expanded; `program` evaluates it")
    return readable(term, names) if length <= SMALL else term


@final
class Graphs:
    """Nodes of one shared graph: for programs, and for what is too large for anything else."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names, self.graph = tuple(names), Graph()

    def read(self, term: Term) -> int:
        return read(self.graph, [term])[0]

    def write(self, value: int) -> Term:
        """Raises `IllFormed` for what is too large to be written out."""
        return printable(write(self.graph, [value])[0], self.names)

    def times(self, left: int, right: int) -> int:
        return self.graph.times(left, right)

    def combination(self, parts: Sequence[tuple[Fraction, int]]) -> int:
        return self.graph.combination(parts)

    def gradient(self, value: int) -> list[int]:
        return differentiation.gradient(self.graph, value, self.names)

    def symmetric(self, slopes: Sequence[int]) -> list[list[int]]:
        rows: list[list[int]] = []
        for i, slope in enumerate(slopes):
            rows.append([rows[j][i] for j in range(i)] + differentiation.gradient(self.graph, slope, self.names[i:]))
        return rows

    def compose(self, values: Sequence[int], point: Sequence[int]) -> list[int]:
        return substituted(self.graph, values, dict(zip(self.names, point, strict=True)))

    def mean(self, law: Law, values: Sequence[int]) -> int:
        if isinstance(law, FiniteLaw):
            return self.combination(list(zip(law.weights, values, strict=True)))
        return self.read(mean(law, write(self.graph, values)))
