"""Polynomials over Q through FLINT, and the collected form of any term.

A term is read as a polynomial in its *atoms*: symbols, and whatever has no polynomial form (exp(u), 1/u, f(x), ...), each
with its arguments collected.  So the collected form has the value of the term wherever the term is defined: nothing is
cancelled against a denominator.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import comb, isqrt, prod
from typing import Any, final

from flint import Ordering, fmpq, fmpq_mpoly_ctx

from ..kernel.polynomial import TooLarge
from ..printing import text
from ..terms import ONE, ZERO, IllFormed, Term, free_symbols, number, rebuild, subterms, symbol, total

LARGEST = 500_000
"""No expansion is begun that may have more terms; 500,000 terms take FLINT about a second and print on 5,000 pages."""
FACTORED = 40
"""Coefficients of at most so many terms are shown in factors; beyond, factors are no longer easier to read."""
ALGEBRA = ("num", "sym", "add", "mul", "pow")


def is_polynomial(term: Term) -> bool:
    """Whether the term is built from numbers and symbols by +, * and positive powers."""
    return all(part.head in ALGEBRA and (part.head != "pow" or part.args[1] > 0) for part in subterms(term))


@final
class Ring:
    """Q[atoms], with the named atoms first; an element is a FLINT `fmpq_mpoly`."""

    __slots__ = ("_elements", "atoms", "context", "names")

    def __init__(self, atoms: Sequence[Term]) -> None:
        self.atoms = tuple(atoms)
        self.context = fmpq_mpoly_ctx.get(tuple(f"v{i}" for i in range(len(atoms))), Ordering.lex)
        self._elements = dict(zip(self.atoms, self.context.gens(), strict=True))
        self.names = {atom.args[0]: i for i, atom in enumerate(self.atoms) if atom.head == "sym"}

    def constant(self, value: Fraction) -> Any:
        return self.context.constant(fmpq(value.numerator, value.denominator))

    def element(self, value: Any) -> Any:
        """A rational number of FLINT as a constant polynomial; a polynomial as itself."""
        return self.context.constant(value) if type(value) is fmpq else value

    def read(self, term: Term) -> Any:
        """The polynomial; the atoms of `term` must be atoms of the ring.  Raises `TooLarge`."""
        if term in self._elements:
            return self._elements[term]
        match term.head:
            case "num":
                return self.constant(term.args[0])
            case "add":
                return sum(map(self.read, term.args), self.constant(Fraction(0)))
            case "mul":
                result = self.constant(Fraction(1))
                for factor in map(self.read, term.args):
                    result = product(result, factor)
                return result
            case "pow" if term.args[1] > 0:
                return power(self.read(term.args[0]), term.args[1])
            case "pow" if term.args[1] < -1:
                return power(self.read(Term("pow", (term.args[0], -1))), -term.args[1])
        raise IllFormed(f"{text(term)} is no element of Q[{', '.join(map(text, self.atoms))}]")

    def gradient(self, p: Any, names: Iterable[str]) -> list[Any]:
        """The partial derivatives by the named symbols; a name that is no atom gives 0."""
        minus, places = -p, [self.names.get(n) for n in names]
        return [self._derivative(minus, place) for place in places]

    def second_derivatives(self, slopes: Sequence[Any], names: Sequence[str]) -> list[list[Any]]:
        """The derivatives of a gradient by the named symbols: a symmetric array, each entry above the diagonal derived once,
        from the shorter of its two slopes."""
        minus, lengths, places = [-p for p in slopes], [len(p) for p in slopes], [self.names.get(n) for n in names]
        rows: list[list[Any]] = []
        for i, here in enumerate(places):
            row = [rows[j][i] for j in range(i)]
            for j in range(i, len(places)):
                shorter, place = (minus[i], places[j]) if lengths[i] <= lengths[j] else (minus[j], here)
                row.append(self._derivative(shorter, place))
            rows.append(row)
        return rows

    def _derivative(self, minus: Any, place: int | None) -> Any:
        """The derivative of -`minus`; 0 at no place."""
        # FLINT gives a derivative the memory of all terms of what it was derived from, a negative that of its own terms.
        # For 40 parameters the gradient takes 1 MB instead of 7, the Hessian 2 instead of 18, in half the time.
        return self.constant(Fraction(0)) if place is None else -minus.derivative(place)

    def write(self, p: Any, leading: int) -> Term:
        """A sum over the monomials in the first `leading` atoms, highest degree first, coefficients in the other atoms."""
        groups: dict[tuple[int, ...], dict[tuple[int, ...], Any]] = {}
        for exponents, value in p.to_dict().items():
            inner = (0,) * leading + tuple(exponents[leading:])
            groups.setdefault(tuple(map(int, exponents[:leading])), {})[inner] = value
        parts: list[Term] = []
        for outer in sorted(groups, key=lambda e: (-sum(e), [-k for k in e])):
            monomial, coefficient = _monomial(zip(self.atoms, outer, strict=False)), self._factored(groups[outer])
            if not monomial and coefficient.head == "add":
                parts.extend(coefficient.args)
            else:
                parts.append(_times([coefficient, *monomial]))
        return total(parts)

    def _factored(self, terms: dict[tuple[int, ...], Any]) -> Term:
        """The polynomial as a product of powers of its irreducible factors if it is small, else as a sum."""
        if len(terms) > FACTORED or len(terms) == 1:
            return total([self._monomial_term(e, c) for e, c in _ordered(terms)])
        constant, factors = self.context.from_dict(terms).factor()
        listed = sorted(factors, key=lambda item: (len(item[0]), str(item[0])))
        factors_as_terms = []
        for factor, exponent in listed:
            written = total([self._monomial_term(e, c) for e, c in _ordered(factor.to_dict())])
            factors_as_terms.append(_raised(written, int(exponent)))
        if len(listed) == 1 and listed[0][1] == 1:
            return total([self._monomial_term(e, c) for e, c in _ordered(terms)])
        return _times([number(_fraction(constant)), *factors_as_terms])

    def _monomial_term(self, exponents: tuple[int, ...], value: Any) -> Term:
        return _times([number(_fraction(value)), *_monomial(zip(self.atoms, exponents, strict=True))])


def evaluated(ring: Ring, order: Sequence[Term]) -> dict[int, Any]:
    """The polynomials of the terms of `order` (arguments first, each object once), by the identity of the object; a number
    is a rational number of FLINT.

    Raises `TooLarge`, `IllFormed` for what is no polynomial.
    """
    made: dict[int, Any] = {}
    for term in order:
        head, args = term.head, term.args
        if head == "mul":
            made[id(term)] = _times_out([made[id(a)] for a in args])
        elif head == "add":
            made[id(term)] = sum([made[id(a)] for a in args[1:]], made[id(args[0])])
        elif head == "pow" and args[1] > 0:
            made[id(term)] = power(made[id(args[0])], args[1])
        elif head == "num":
            made[id(term)] = fmpq(args[0].numerator, args[0].denominator)
        else:
            made[id(term)] = ring.read(term)
    return made


def _times_out(factors: list[Any]) -> Any:
    result = factors[0]
    for factor in factors[1:]:
        result = result * factor if type(factor) is fmpq or type(result) is fmpq else product(result, factor)
    return result


def _fraction(value: Any) -> Fraction:
    return Fraction(int(value.p), int(value.q))


def _ordered(terms: dict[tuple[int, ...], Any]) -> list[tuple[tuple[int, ...], Any]]:
    return sorted(terms.items(), key=lambda item: (-sum(item[0]), [-k for k in item[0]]))


def _monomial(pairs: Iterable[tuple[Term, int]]) -> list[Term]:
    return [_raised(atom, int(exponent)) for atom, exponent in pairs if exponent]


def _raised(base: Term, exponent: int) -> Term:
    if base.head == "pow":
        base, exponent = base.args[0], base.args[1] * exponent
    if abs(exponent) > 1000:
        raise TooLarge(f"the exponent {exponent}")
    return base if exponent == 1 else Term("pow", (base, exponent))


def _times(factors: list[Term]) -> Term:
    """The product, with nested products opened and the factor 1 left out."""
    flat = [g for f in factors for g in (f.args if f.head == "mul" else (f,)) if g != ONE]
    return ONE if not flat else flat[0] if len(flat) == 1 else Term("mul", tuple(flat))


def product(p: Any, q: Any) -> Any:
    """p * q.  Raises `TooLarge`."""
    if len(p) * len(q) > 20 * LARGEST:
        raise TooLarge(f"a product of {len(p)} and {len(q)} terms")
    return p * q


def power(p: Any, exponent: int) -> Any:
    """p ** exponent.  Raises `TooLarge`."""
    apart = comb(len(p) + exponent - 1, exponent) if type(p) is not fmpq and len(p) else 0
    if apart > LARGEST and prod(int(d) * exponent + 1 for d in p.degrees()) > LARGEST:
        raise TooLarge(f"the power {exponent} of {len(p)} terms")
    return p**exponent


def collected(term: Term, leading: Sequence[str] = ()) -> Term:
    """The term as a polynomial in its atoms, sorted by the monomials in those with a symbol of `leading`.

    It has the value of `term` wherever that is defined.  A term too large to expand is returned as it is.  Raises
    `IllFormed` for a division by 0.
    """
    try:
        prepared = _prepare(term, tuple(leading))
        first = [symbol(n) for n in leading if n in free_symbols(prepared)]
        rest = sorted(set(_atoms(prepared)) - set(first), key=repr)
        inside = [a for a in rest if free_symbols(a) & set(leading)]
        outside = [a for a in rest if not free_symbols(a) & set(leading)]
        ring = Ring([*first, *inside, *outside])
        return ring.write(ring.read(prepared), len(first) + len(inside))
    except TooLarge:
        return term


def _prepare(term: Term, leading: tuple[str, ...]) -> Term:
    """`term` with the arguments of all atoms collected, and values at rational numbers put in where they are rational."""
    if term.head in ("add", "mul"):
        return rebuild(term, lambda a: _prepare(a, leading))
    if term.head == "pow" and term.args[1] > 0:
        return Term("pow", (_prepare(term.args[0], leading), term.args[1]))
    if term.head == "pow":
        return _inverse(collected(term.args[0], leading), -term.args[1])
    return at_rational(rebuild(term, lambda a: collected(a, leading) if _is_value(a) else a))


def _is_value(term: Term) -> bool:
    return term.head in (*ALGEBRA, "exp", "log", "sqrt", "relu", "tanh", "logistic")


def _inverse(base: Term, exponent: int) -> Term:
    """base^(-exponent), a rational factor taken out."""
    if base == ZERO:
        raise IllFormed("a division by 0")
    if base.head == "num":
        return number(base.args[0] ** -exponent)
    if base.head == "mul" and base.args[0].head == "num":
        return number(base.args[0].args[0] ** -exponent) * _inverse(_times(list(base.args[1:])), exponent)
    if base.head == "pow":
        return _raised(base.args[0], -base.args[1] * exponent)
    return Term("pow", (base, -exponent))


def at_rational(term: Term) -> Term:
    """exp(0), log(1), sqrt of a rational square, relu of a rational number, ... as numbers; other terms as they are."""
    if not term.args or type(term.args[0]) is not Term or term.args[0].head != "num":
        return term
    value: Fraction = term.args[0].args[0]
    known = {("exp", 0): ONE, ("log", 1): ZERO, ("tanh", 0): ZERO, ("logistic", 0): number(Fraction(1, 2))}
    if term.head == "relu":
        return number(max(value, Fraction(0)))
    if term.head == "sqrt" and value >= 0:
        root = Fraction(isqrt(value.numerator), isqrt(value.denominator))
        return number(root) if root * root == value else term
    return known.get((term.head, int(value)), term) if value.denominator == 1 else term


def _atoms(term: Term) -> list[Term]:
    """What is no number, sum, product or positive power in a prepared term; 1/u stands for all its negative powers."""
    if term.head == "num":
        return []
    if term.head in ("add", "mul"):
        return [atom for a in term.args for atom in _atoms(a)]
    if term.head == "pow":
        return _atoms(term.args[0]) if term.args[1] > 0 else [Term("pow", (term.args[0], -1))]
    return [term]


def gradient(term: Term, names: Sequence[str]) -> tuple[Term, ...]:
    """The partial derivatives of a polynomial, collected.  Raises `IllFormed` for a term that is none, and `TooLarge`."""
    ring, p = _polynomial(term, names)
    return tuple(ring.write(d, len(names)) for d in ring.gradient(p, names))


def hessian(term: Term, names: Sequence[str]) -> tuple[tuple[Term, ...], ...]:
    """The second partial derivatives of a polynomial, collected.  Raises as `gradient` does."""
    ring, p = _polynomial(term, names)
    rows = ring.second_derivatives(ring.gradient(p, names), names)
    return tuple(tuple(ring.write(e, len(names)) for e in row) for row in rows)


def _polynomial(term: Term, names: Sequence[str]) -> tuple[Ring, Any]:
    if not is_polynomial(term):
        raise IllFormed(f"{text(term)} is no polynomial")
    ring = Ring([symbol(n) for n in (*names, *sorted(free_symbols(term) - set(names)))])
    return ring, ring.read(term)


def determinant(rows: Sequence[Sequence[Any]], zero: Any) -> Any:
    """By expansion along the first row: for small matrices of polynomials."""
    if len(rows) < 2:
        return rows[0][0] if rows else zero + 1
    total = zero
    for j, entry in enumerate(rows[0]):
        if entry:
            minor = determinant([[*r[:j], *r[j + 1 :]] for r in rows[1:]], zero)
            total = total + entry * minor if j % 2 == 0 else total - entry * minor
    return total
