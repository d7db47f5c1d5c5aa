"""The normal form of a term: a quotient of polynomials in generators, or a combination of basis vectors.

Every step is an identity of real numbers that holds wherever the denominators are nonzero.  Generators are variables,
values of functions at normal arguments, exponentials of monomials, inner products of basis vectors, and means over
tasks.  In a mean, factors without the task variable are pulled out; F is the mean of L.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any, final

from ..terms import ONE, Term, free_symbols, number, substitute, symbol
from .polynomial import Arithmetic, Monomial, constant_of, power, product, to_term


class Opaque(Exception):
    """The term has no normal form of the kind asked for; nothing is concluded from it."""


@final
class Quotient:
    """numerator / product of the factors; the factors are nonconstant polynomials."""

    __slots__ = ("factors", "numerator")

    def __init__(self, numerator: Any, factors: tuple[Any, ...] = ()) -> None:
        self.numerator = numerator
        self.factors = factors


NATURALS = frozenset({"n", "steps"})
"""Constants of every meta-problem that are natural numbers."""
Vector = dict[Term, Any]
"""Basis vector (as a term) -> polynomial coefficient, never 0."""


@final
class Normaliser:
    """Normal forms over one arithmetic.  `sort_of` gives the sort of a variable."""

    def __init__(self, ring: Arithmetic, sort_of: Callable[[str], str], naturals: frozenset[str] = NATURALS) -> None:
        self.ring = ring
        self.naturals = naturals
        self.sort_of = sort_of
        self.one = ring.constant(Fraction(1))
        self.nil = ring.constant(Fraction(0))
        self._memo: dict[Term, Quotient] = {}

    # scalars

    def scalar(self, term: Term) -> Quotient:
        found = self._memo.get(term)
        if found is None:
            found = self._memo[term] = self._scalar(term)
        return found

    def _scalar(self, term: Term) -> Quotient:
        args = term.args
        match term.head:
            case "num":
                return Quotient(self.ring.constant(args[0]))
            case "add":
                return self._sum(map(self.scalar, args))
            case "mul":
                parts = [self.scalar(a) for a in args]
                factors = tuple(f for p in parts for f in p.factors)
                return Quotient(product((p.numerator for p in parts), self.one), factors)
            case "pow":
                return self._power(self.scalar(args[0]), args[1])
            case "exp":
                return self._exponential(term)
            case "tanh":
                e = Term("exp", (number(2) * args[0],))
                return self.scalar((e - 1) * (e + 1) ** -1)
            case "logistic":
                e = Term("exp", (args[0],))
                return self.scalar(e * (e + 1) ** -1)
            case "dot":
                return Quotient(self._dot(self.vector(args[0]), self.vector(args[1])))
            case "mean":
                return self._averaged(args[0], args[1])
            case "sum":
                return self._averaged(args[0], args[2], args[1])
            case "app":
                return Quotient(self._application(term))
            case "sym" | "log" | "sqrt" | "relu" | "at" | "coord":
                return Quotient(self.ring.generator(self._with_normal_arguments(term)))
        raise Opaque(f"{term} is no scalar")

    def polynomial(self, term: Term) -> Any:
        """The normal form of a term without division."""
        quotient = self.scalar(term)
        if quotient.factors:
            raise Opaque(f"{term} divides")
        return quotient.numerator

    def _sum(self, parts: Iterable[Quotient]) -> Quotient:
        top, bottom = self.nil, ()
        for part in parts:
            if part.factors == bottom:
                top = top + part.numerator
                continue
            extra = _missing(part.factors, bottom)
            top = top * product(extra, self.one) + part.numerator * product(_missing(bottom, part.factors), self.one)
            bottom = (*bottom, *extra)
        return Quotient(top, bottom)

    def _power(self, base: Quotient, exponent: int) -> Quotient:
        if exponent > 0:
            return Quotient(power(base.numerator, exponent, self.one), base.factors * exponent)
        value = constant_of(base.numerator)
        if value == 0:
            raise Opaque("a division by 0")
        if value is not None and not base.factors:
            return Quotient(self.ring.constant(value**exponent))
        divisor = product(base.factors, self.one)  # 1/(a/f) = f^2/(a f): that f is nonzero is still needed
        return Quotient(power(divisor * divisor, -exponent, self.one), (base.numerator, *base.factors) * -exponent)

    def _exponential(self, term: Term) -> Quotient:
        """exp of a sum as the product of the powers exp(monomial)^integer."""
        quotient = self.scalar(term.args[0])
        if quotient.factors:
            return Quotient(self.ring.generator(term))
        result = Quotient(self.one)
        for monomial, value in quotient.numerator.monomials():
            base = product((power(self.ring.generator(self.ring.term_of(g)), e, self.one) for g, e in monomial), self.one)
            unit = to_term(base * self.ring.constant(Fraction(1, value.denominator)), self.ring)
            atom = self._power(Quotient(self.ring.generator(Term("exp", (unit,)))), value.numerator)
            result = Quotient(result.numerator * atom.numerator, result.factors + atom.factors)
        return result

    def _with_normal_arguments(self, term: Term) -> Term:
        return Term(term.head, tuple(self.canonical(a) if type(a) is Term else a for a in term.args))

    def canonical(self, term: Term) -> Term:
        """A term with the same value, the same for all terms with one normal form; the term itself where there is none."""
        try:
            if self.is_vector(term):
                return self.vector_term(self.vector(term))
            if term.head == "sym" and self.sort_of(term.args[0]) == "task":
                return term
            return to_term(self.polynomial(term), self.ring)
        except Opaque:
            return term

    # functions, means and vectors

    def _application(self, term: Term) -> Any:
        name, *args = term.args
        if name == "F":
            t = _unused(term)
            return self._mean(t, Term("app", ("L", symbol(t), *args)))
        if name[:2] in ("D2", "D3"):
            return self._form(name, args, int(name[1]))
        return self.ring.generator(self._with_normal_arguments(term))

    def _form(self, name: str, args: list[Term], order: int) -> Any:
        """A derivative of order 2 or 3 of a function: linear in its last arguments, and symmetric in them."""
        if name[2:] == "F":
            t = _unused(*args)
            return self._mean(t, Term("app", (name[:2] + "L", symbol(t), *args)))
        base = tuple(self.canonical(a) for a in args[:-order])
        expanded: list[tuple[tuple[Term, ...], Any]] = [((), self.one)]
        for direction in args[-order:]:
            entries = self.vector(direction).items()
            expanded = [((*b, basis), c * d) for b, c in expanded for basis, d in entries]
        result = self.nil
        for directions, coefficient in expanded:
            atom = _product(base, *directions) if name == "D2L" else Term("app", (name, *base, *sorted(directions, key=repr)))
            result = result + coefficient * self.ring.generator(atom)
        return result

    def _mean(self, name: str, body: Term) -> Any:
        found = self._averaged(name, body)
        if found.factors:
            raise Opaque(f"{body} divides")
        return found.numerator

    def _averaged(self, name: str, body: Term, upper: Term | None = None) -> Quotient:
        """The mean over the task `name`, or the sum over name = 1, ..., upper: linear in its body.

        The mean of 1 is 1, the sum of 1 is upper.  A divisor may not depend on what is averaged over.
        """
        t, inside = _bound(name, body)
        head, whole = ("mean", self.one) if upper is None else ("sum", self._natural(upper))
        limit = () if upper is None else (self.canonical(upper),)
        quotient, result = self.scalar(inside), self.nil
        if any(t in free_symbols(to_term(f, self.ring)) for f in quotient.factors):
            raise Opaque(f"a divisor in {body} depends on {name}")
        for monomial, value in quotient.numerator.monomials():
            outer, inner = self._pull_out(t, monomial, value)
            if inner:
                inner_term = inner[0] if len(inner) == 1 else Term("mul", inner)
                outer = outer * self.ring.generator(Term(head, (t, *limit, inner_term)))
            else:
                outer = outer * whole
            result = result + outer
        return Quotient(result, quotient.factors)

    def _natural(self, upper: Term) -> Any:
        """A number of summands: a polynomial in natural numbers with natural coefficients."""
        whole = self.polynomial(upper)
        for monomial, value in whole.monomials():
            names = {self.ring.term_of(g) for g, _ in monomial}
            if value < 0 or value.denominator != 1 or any(t.head != "sym" or t.args[0] not in self.naturals for t in names):
                raise Opaque(f"{upper} is not certainly a natural number")
        return whole

    def _pull_out(self, t: str, monomial: Monomial, value: Fraction) -> tuple[Any, tuple[Term, ...]]:
        """The factors of a term that do not depend on the task t, as a polynomial, and the others, sorted."""
        outer, inner = self.ring.constant(value), []
        for g, e in monomial:
            atom = self.ring.term_of(g)
            if t in free_symbols(atom):
                inner.append(atom if e == 1 else atom**e)
            else:
                again = self.polynomial(atom) if atom.head in ("mean", "sum") else self.ring.generator(atom)
                outer = outer * power(again, e, self.one)
        return outer, tuple(sorted(inner, key=repr))

    def is_vector(self, term: Term) -> bool:
        match term.head:
            case "sym":
                return self.sort_of(term.args[0]) == "point"
            case "grad" | "zero" | "vec":
                return True
            case "add" | "mul":
                return any(self.is_vector(a) for a in term.args)
            case "mean":
                return self.is_vector(term.args[1])
            case "at":
                return self.sort_of(term.args[0]) == "family"
            case "app":
                return term.args[0] in ("reptile", "fomaml", "Q", "HL")
        return False

    def vector(self, term: Term) -> Vector:
        match term.head:
            case "zero":
                return {}
            case "add":
                return self._combine([(self.one, self.vector(a)) for a in term.args])
            case "mul":
                vectors = [a for a in term.args if self.is_vector(a)]
                if len(vectors) != 1:
                    raise Opaque(f"{term} is not one vector times scalars")
                factor = product((self.polynomial(a) for a in term.args if a is not vectors[0]), self.one)
                return self._combine([(factor, self.vector(vectors[0]))])
            case "mean":
                return self._mean_vector(term.args[0], term.args[1])
            case "grad" if term.args[0] == "F":
                t = _unused(term)
                return self._mean_vector(t, Term("grad", ("L", symbol(t), *term.args[1:])))
            case "app" if term.args[0] == "HL":
                base = tuple(self.canonical(a) for a in term.args[1:-1])
                return {Term("app", ("HL", *base, b)): c for b, c in self.vector(term.args[-1]).items()}
            case "sym" | "grad" | "at" | "app" if self.is_vector(term):
                return {self._with_normal_arguments(term): self.one}
        raise Opaque(f"{term} is no vector")

    def _combine(self, parts: list[tuple[Any, Vector]]) -> Vector:
        made: Vector = {}
        for factor, entries in parts:
            for basis, coefficient in entries.items():
                made[basis] = made.get(basis, self.nil) + factor * coefficient
        return {basis: c for basis, c in made.items() if c.monomials()}

    def _mean_vector(self, name: str, body: Term) -> Vector:
        t, inside = _bound(name, body)
        parts: list[tuple[Any, Vector]] = []
        for basis, coefficient in self.vector(inside).items():
            for monomial, value in coefficient.monomials():
                outer, inner = self._pull_out(t, monomial, value)
                scaled = Term("mul", (*inner, basis)) if inner else basis
                parts.append((outer, {Term("mean", (t, scaled)) if t in free_symbols(scaled) else basis: self.one}))
        return self._combine(parts)

    def _dot(self, left: Vector, right: Vector) -> Any:
        result = self.nil
        for a, c in left.items():
            for b, d in right.items():
                result = result + c * d * self._inner(a, b)
        return result

    def _inner(self, a: Term, b: Term) -> Any:
        """The inner product of two basis vectors: a mean of inner products for a mean, a second derivative for H_t(y) u."""
        for one, other in ((a, b), (b, a)):
            if one.head == "app" and one.args[0] == "HL":
                return self._form("D2L", [*one.args[1:], other], 2)
        if b.head == "mean" and a.head != "mean":
            a, b = b, a
        if a.head == "mean" and b.head != "mean" and a.args[0] not in free_symbols(b):
            return self._mean(a.args[0], Term("dot", (a.args[1], b)))
        return self.ring.generator(Term("dot", tuple(sorted((a, b), key=repr))))

    def vector_term(self, entries: Vector) -> Term:
        pieces = []
        for basis in sorted(entries, key=repr):
            coefficient = to_term(entries[basis], self.ring)
            pieces.append(basis if coefficient == ONE else Term("mul", (coefficient, basis)))
        return Term("zero") if not pieces else pieces[0] if len(pieces) == 1 else Term("add", tuple(pieces))


def _product(base: tuple[Term, ...], left: Term, right: Term) -> Term:
    """left^T H right where the ends may be H_1 v again: of the product and its transpose the one that is printed first."""
    hessians = [base]
    while left.head == "app" and left.args[0] == "HL":
        hessians.insert(0, left.args[1:-1])
        left = left.args[-1]
    while right.head == "app" and right.args[0] == "HL":
        hessians.append(right.args[1:-1])
        right = right.args[-1]
    left, hessians, right = min((left, hessians, right), (right, hessians[::-1], left), key=repr)
    for rest in reversed(hessians[1:]):
        right = Term("app", ("HL", *rest, right))
    return Term("app", ("D2L", *hessians[0], left, right))


def _unused(*terms: Term) -> str:
    """A name for a task that is free in none of the terms."""
    names = frozenset().union(*(free_symbols(t) for t in terms))
    return next(t for k in range(len(names) + 1) if (t := f"task.{k}") not in names)


def _bound(name: str, body: Term) -> tuple[str, Term]:
    """The body of a binder with its variable renamed to the first name that is not otherwise free in it."""
    inside = substitute(body, {name: symbol("task.body")})
    t = _unused(inside)
    return t, substitute(inside, {"task.body": symbol(t)})


def _missing(wanted: tuple[Any, ...], present: tuple[Any, ...]) -> tuple[Any, ...]:
    """The factors in `wanted` that `present` lacks, with multiplicity."""
    rest = [f.monomials() for f in present]
    lacking = []
    for factor in wanted:
        key = factor.monomials()
        if key in rest:
            rest.remove(key)
        else:
            lacking.append(factor)
    return tuple(lacking)
