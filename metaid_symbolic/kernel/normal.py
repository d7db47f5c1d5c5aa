"""The normal form of a term: a quotient of polynomials in generators.

Every step is an identity of real numbers that holds wherever the denominators are nonzero.  Generators are variables,
values of functions at normal arguments, exponentials of monomials, inner products, and means over tasks.  In a mean,
factors without the task variable are pulled out; F is the mean of L; an expectation is computed.  The normal form of a
vector is a polynomial in which every term has exactly one factor that is a vector, a basis vector, which is a generator
too; a coordinate is linear, and a vector written with one number is that multiple of the first unit vector.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from functools import reduce
from itertools import product as cartesian
from operator import or_
from typing import Any, final

from ..terms import RANDOM, Term, free_symbols, number, prefix, rebuild, record, substitute, subterms, symbol
from .polynomial import Monomial, Ring, constant_of, power, product, to_term
from .rejection import Rejected, require


class Opaque(Rejected):
    """The term has no normal form of the kind asked for; nothing is concluded from it."""


@record
class Quotient:
    """numerator / product of the factors; the factors are nonconstant polynomials."""

    numerator: Any
    factors: tuple[Any, ...] = ()


NATURALS = frozenset({"n", "steps"})
"""Constants of every meta-problem that are natural numbers."""
HESSIANS = ("HL", "HF_MAML")
"""`HL(t, y, u)` is the vector H_t(y) u, and so for F_MAML; D2 and D3 stand before the name of a function."""
VECTOR_FIELDS = ("reptile", "fomaml", "Q", *HESSIANS)


@final
class Normaliser:
    """Normal forms over one arithmetic.  `sort_of` gives the sort of a variable."""

    def __init__(self, ring: Ring, sort_of: Callable[[str], str], naturals: frozenset[str] = NATURALS) -> None:
        self.ring = ring
        self.naturals = naturals
        self.sort_of = sort_of
        self.one = ring.constant(Fraction(1))
        self.nil = ring.constant(Fraction(0))
        self._memo: dict[Term, Quotient] = {}

    def is_vector(self, term: Term) -> bool:
        """Whether the term stands for a vector of R^n, if it is well formed; tasks are taken for as many points."""
        match term.head:
            case "sym" | "at":
                return self.sort_of(term.args[0]) in (("point", "task") if term.head == "sym" else ("family",))
            case "grad" | "zero" | "vec":
                return True
            case "add" | "mul" | "mean" | "sum":
                return any(type(a) is Term and self.is_vector(a) for a in term.args)
        return term.head == "app" and term.args[0] in VECTOR_FIELDS

    def scalar(self, term: Term) -> Quotient:
        """The normal form of a real number."""
        require(not self.is_vector(term), "{} is no scalar", term, error=Opaque)
        return self._normal(term)

    def polynomial(self, term: Term, vector: bool = False) -> Any:
        """The normal form of a real number (or of a vector), without division."""
        quotient, fits = self._normal(term), self.is_vector(term) == vector
        require(fits and not quotient.factors, "{} is no {}, or divides", term, "vector" if vector else "scalar", error=Opaque)
        return quotient.numerator

    def canonical(self, term: Term) -> Term:
        """A term with the same value, the same for all terms with one normal form; the term itself where there is none."""
        try:
            p = self.polynomial(term, self.is_vector(term))
        except Opaque:
            return term
        return to_term(p, self.ring) if p.monomials() or not self.is_vector(term) else Term("zero")

    def times(self, monomial: Monomial, value: Fraction) -> Any:
        """value times the generators of the monomial."""
        factors = (power(self.ring.generator(self.ring.term_of(g)), e, self.one) for g, e in monomial)
        return product(factors, self.ring.constant(value))

    def _normal(self, term: Term) -> Quotient:
        found = self._memo.get(term)
        if found is None:
            found = self._memo[term] = self._computed(term)
        return found

    def _computed(self, term: Term) -> Quotient:
        args = term.args
        match term.head:
            case "num" | "zero":
                return Quotient(self.ring.constant(args[0] if args else Fraction(0)))
            case "add" if len({self.is_vector(a) for a in args}) < 2:
                return self._sum([self._normal(a) for a in args])
            case "mul" if sum(map(self.is_vector, args)) < 2:
                parts = [self._normal(a) for a in args]
                factors = tuple(f for p in parts for f in p.factors)
                return Quotient(product((p.numerator for p in parts), self.one), factors)
            case "pow":
                return self._power(self.scalar(args[0]), args[1])
            case "exp":
                return self._exponential(term)
            case "tanh" | "logistic":
                scale, drop = (2, 1) if term.head == "tanh" else (1, 0)
                e = Term("exp", (number(scale) * args[0],))
                return self.scalar((e - drop) * (e + 1) ** -1)
            case "dot":
                return Quotient(self._multilinear(args, self._inner))
            case "mean" | "sum":
                return self._averaged(args[0], args[-1], *args[1:-1])
            case "app" if args[0] == "Ex" and len(args) == 2:
                return self.linear(self._normal(args[1]), RANDOM, self._expected)
            case "app" | "grad" if args[0] in ("F", "D2F", "D3F"):
                t = unused("task", term)
                return self._averaged(t, Term(term.head, (args[0].replace("F", "L"), symbol(t), *args[1:])))
            case "app" if args[0] in ("D2L", "D2F_MAML"):
                return self.scalar(Term("dot", (Term("app", ("H" + args[0][2:], *args[1:-1])), args[-1])))
            case "app" if args[0] in HESSIANS or args[0][:2] in ("D2", "D3"):
                return Quotient(self._form(args[0], args[1:], 1 if args[0] in HESSIANS else int(args[0][1])))
            case "coord":
                return Quotient(self._multilinear(args[:1], lambda b: self._coordinate(b, args[1])))
            case "sym" | "log" | "sqrt" | "relu" | "at" | "vec" | "app" | "grad":
                return Quotient(self.ring.generator(rebuild(term, self.canonical)))
        raise Opaque(f"{term} has no normal form")

    def _sum(self, parts: list[Quotient]) -> Quotient:
        """Over the least common multiple of the denominators, as far as that is seen from their factors."""
        factors = {tuple(f.monomials()): f for part in parts for f in part.factors}
        if not factors:
            return Quotient(sum((part.numerator for part in parts), start=self.nil))
        counts = [Counter(tuple(f.monomials()) for f in part.factors) for part in parts]
        bottom: Counter[Any] = reduce(or_, counts, Counter())
        extended = zip(parts, ((bottom - count).elements() for count in counts), strict=True)
        tops = (product((factors[key] for key in missing), part.numerator) for part, missing in extended)
        return Quotient(sum(tops, start=self.nil), tuple(factors[key] for key in bottom.elements()))

    def _power(self, base: Quotient, exponent: int) -> Quotient:
        if exponent > 0:
            return Quotient(power(base.numerator, exponent, self.one), base.factors * exponent)
        value = constant_of(base.numerator)
        require(value != 0, "a division by 0", error=Opaque)
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
            unit = to_term(self.times(monomial, Fraction(1, value.denominator)), self.ring)
            atom = self._power(Quotient(self.ring.generator(Term("exp", (unit,)))), value.numerator)
            result = Quotient(result.numerator * atom.numerator, result.factors + atom.factors)
        return result

    def _components(self, p: Any) -> list[tuple[Term, Any]]:
        """The basis vector and the coefficient of each term of a vector."""
        made = []
        for monomial, value in p.monomials():
            ((basis, _),) = [(g, e) for g, e in monomial if self.is_vector(self.ring.term_of(g))]
            made.append((self.ring.term_of(basis), self.times(tuple((g, e) for g, e in monomial if g != basis), value)))
        return made

    def _form(self, name: str, args: tuple[Term, ...], order: int) -> Any:
        """What is linear in its last arguments, and symmetric in them."""
        require(len(args) > order, "{} takes a point and {} directions, not {}", name, order, args, error=Opaque)
        base = (name, *map(self.canonical, args[:-order]))
        return self._multilinear(
            args[-order:], lambda *chosen: self.ring.generator(Term("app", (*base, *sorted(chosen, key=prefix))))
        )

    def _multilinear(self, vectors: tuple[Term, ...], value: Callable[..., Any]) -> Any:
        """What is linear in each of the vectors, from its values at basis vectors."""
        choices = cartesian(*(self._components(self.polynomial(v, True)) for v in vectors))
        return sum((value(*(b for b, _ in c)) * product((x for _, x in c), self.one) for c in choices), start=self.nil)

    def _averaged(self, name: str, body: Term, upper: Term | None = None) -> Quotient:
        """The mean over the task `name`, or the sum over name = 1, ..., upper: linear in its body.

        The mean of 1 is 1, the sum of 1 is upper.  A divisor may not depend on what is averaged over.
        """
        t = unused("task" if upper is None else "index", body, besides=name)
        head, whole = ("mean", self.one) if upper is None else ("sum", self._natural(upper))
        limit = () if upper is None else (self.canonical(upper),)

        def value(inner: tuple[Term, ...]) -> Any:
            made = inner[0] if len(inner) == 1 else Term("mul", inner)
            return self.ring.generator(Term(head, (t, *limit, made))) if inner else whole

        return self.linear(self._normal(substitute(body, {name: symbol(t)})), frozenset({t}), value)

    def linear(self, quotient: Quotient, names: frozenset[str], value: Callable[[tuple[Term, ...]], Any]) -> Quotient:
        """What is linear over the terms without these names, from its values at products of terms with them."""
        require(
            not any(names & free_symbols(to_term(f, self.ring)) for f in quotient.factors),
            "a divisor depends on {}",
            sorted(names),
            error=Opaque,
        )
        parts = (self._pull_out(names, *part) for part in quotient.numerator.monomials())
        return Quotient(sum((outer * value(inner) for outer, inner in parts), start=self.nil), quotient.factors)

    def _expected(self, factors: tuple[Term, ...]) -> Any:
        """E of a product of at most two factors, entries z of random arrays or finite sums over one range; E z = 0, E z^2 = 1.

        Factors that mention no array in common are independent.  So are b(k) and c(l) for k != l if k stands at one place in all
        entries that b(k) and c(k) mention: then Cov(sum_k b(k), sum_k c(k)) = sum_k Cov(b(k), c(k)), for every number of
        summands, also 0.  All moments that come in exist, because they are those of polynomials in the entries.
        """
        listed = [f for a in factors for f in ([a.args[0]] * a.args[1] if a.head == "pow" else [a])]
        if len(listed) == 1 and listed[0].head == "sum":
            return self.polynomial(Term("sum", (*listed[0].args[:2], _expectation(listed[0].args[2]))))
        if len(listed) < 3 and len({*listed}) < 2 and all(_entries(f) == [f] for f in listed):
            return self.ring.constant(Fraction(len(listed) != 1))
        require(len(listed) == 2, "no expectation of {} is known", factors, error=Opaque)
        one, other = listed
        apart = self.polynomial(_expectation(one)) * self.polynomial(_expectation(other))
        if {e.args[0] for e in _entries(one)}.isdisjoint(e.args[0] for e in _entries(other)):
            return apart
        require(one.head == other.head == "sum" and one.args[1] == other.args[1], "{} and {} depend", *listed, error=Opaque)
        pair = symbol(unused("pair", one, other))
        b, c = (substitute(s.args[2], {s.args[0]: pair}) for s in listed)
        places = [{p for p, index in enumerate(entry.args) if index == pair} for entry in _entries(b * c)]
        require(set.intersection(*places), "{} and {} depend", *listed, error=Opaque)
        body = _expectation(b * c) - _expectation(b) * _expectation(c)
        return apart + self.polynomial(Term("sum", (*pair.args, one.args[1], body)))

    def _natural(self, upper: Term) -> Any:
        """A number of summands: a polynomial in natural numbers with natural coefficients."""
        whole = self.polynomial(upper)
        for monomial, value in whole.monomials():
            names = [self.ring.term_of(g) for g, _ in monomial]
            natural = all(t.head == "sym" and t.args[0] in self.naturals for t in names) and value.denominator == 1
            require(natural and value > 0, "{} is not certainly a natural number", upper, error=Opaque)
        return whole

    def _pull_out(self, names: frozenset[str], monomial: Monomial, value: Fraction) -> tuple[Any, tuple[Term, ...]]:
        """The factors of a term that mention none of the names, as a polynomial, and the others, sorted."""
        outer, inner = self.ring.constant(value), []
        for g, e in monomial:
            atom = self.ring.term_of(g)
            if names & free_symbols(atom):
                inner.append(atom if e == 1 else atom**e)
            else:
                again = self._normal(atom).numerator if atom.head in ("mean", "sum") else self.ring.generator(atom)
                outer = outer * power(again, e, self.one)
        return outer, tuple(sorted(inner, key=prefix))

    def _coordinate(self, b: Term, index: Term) -> Any:
        """A coordinate of a basis vector."""
        first = b.head == "vec" and len(b.args) == 1 and index == number(1)
        return self.polynomial(b.args[0]) if first else self.ring.generator(Term("coord", (b, self.canonical(index))))

    def _inner(self, a: Term, b: Term) -> Any:
        """The inner product of two basis vectors: a mean of inner products for a mean, a second derivative for H_t(y) u."""
        for one, other in ((a, b), (b, a)):
            if one.head == "app" and one.args[0] in HESSIANS:
                return self.ring.generator(_product(one, other))
        if b.head == "mean" and a.head != "mean":
            a, b = b, a
        if a.head == "mean" and b.head != "mean" and a.args[0] not in free_symbols(b):
            return self.polynomial(Term("mean", (a.args[0], Term("dot", (a.args[1], b)))))
        return self.ring.generator(Term("dot", tuple(sorted((a, b), key=prefix))))


def _product(left: Term, right: Term) -> Term:
    """The inner product of products H_1 H_2 ... v, as (H u).v = u.(H v) for symmetric H: of u.(H_1 ... H_k v) and
    v.(H_k ... H_1 u) the one that is printed first, as a D2L."""
    while left.head == "app" and left.args[0] in HESSIANS:
        left, right = left.args[-1], Term("app", (*left.args[:-1], right))
    other, turned = right, left
    while other.head == "app" and other.args[0] in HESSIANS:
        other, turned = other.args[-1], Term("app", (*other.args[:-1], turned))
    first, (name, *place, last) = min((left, right.args), (other, turned.args), key=prefix)
    return Term("app", ("D2" + name[1:], *place, first, last))


def _expectation(body: Term) -> Term:
    return Term("app", ("Ex", body))


def _entries(term: Term) -> list[Term]:
    """The entries of random arrays in a term."""
    return [part for part in subterms(term) if part.head == "at" and part.args[0] in RANDOM]


def unused(kind: str, *terms: Term, besides: str = "") -> str:
    """The first name for a bound task or index that is free in none of the terms, unless it is the name `besides`."""
    names = frozenset().union(*(free_symbols(t) for t in terms)) - {besides}
    return next(t for k in range(len(names) + 1) if (t := f"{kind}.{k}") not in names)
