"""The normal form of a term: a quotient of polynomials in generators.

Every step is an identity of real numbers that holds wherever the denominators are nonzero.  Generators are variables,
values of functions at normal arguments, exponentials of monomials, inner products, and means over tasks.  In a mean,
factors without the task variable are pulled out; F is the mean of L.  The normal form of a vector is a polynomial in
which every term has exactly one factor that is a vector, a basis vector, which is a generator too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any, final

from ..terms import Term, free_symbols, number, record, substitute, symbol
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
VECTOR_FIELDS = ("reptile", "fomaml", "Q", "HL")


def is_vector(term: Term, sort_of: Callable[[str], str]) -> bool:
    """Whether the term stands for a vector of R^n (if it is well formed), given the sorts of its variables."""
    match term.head:
        case "sym":
            return sort_of(term.args[0]) == "point"
        case "at":
            return sort_of(term.args[0]) == "family"
        case "grad" | "zero" | "vec":
            return True
        case "add" | "mul":
            return any(is_vector(a, sort_of) for a in term.args)
        case "mean" | "sum":
            return is_vector(term.args[-1], sort_of)
    return term.head == "app" and term.args[0] in VECTOR_FIELDS


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
        return is_vector(term, self.sort_of)

    def scalar(self, term: Term) -> Quotient:
        """The normal form of a real number."""
        require(not self.is_vector(term), "{} is no scalar", term, error=Opaque)
        return self._normal(term)

    def polynomial(self, term: Term) -> Any:
        """The normal form of a real number, without division."""
        return _whole(self.scalar(term), term)

    def vector(self, term: Term) -> Any:
        """The normal form of a vector, without division."""
        require(self.is_vector(term), "{} is no vector", term, error=Opaque)
        return _whole(self._normal(term), term)

    def canonical(self, term: Term) -> Term:
        """A term with the same value, the same for all terms with one normal form; the term itself where there is none."""
        if term.head == "sym" and self.sort_of(term.args[0]) == "task":
            return term
        try:
            return self.vector_term(self.vector(term)) if self.is_vector(term) else to_term(self.polynomial(term), self.ring)
        except Opaque:
            return term

    def vector_term(self, p: Any) -> Term:
        return to_term(p, self.ring) if p.monomials() else Term("zero")

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
            case "num":
                return Quotient(self.ring.constant(args[0]))
            case "zero":
                return Quotient(self.nil)
            case "add" if len({self.is_vector(a) for a in args}) < 2:
                return self._sum(map(self._normal, args))
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
                return Quotient(self._dot(self.vector(args[0]), self.vector(args[1])))
            case "mean":
                return self._averaged(args[0], args[1])
            case "sum":
                return self._averaged(args[0], args[2], args[1])
            case "app" | "grad" if args[0] in ("F", "D2F", "D3F"):
                t = _unused(term)
                return self._averaged(t, Term(term.head, (args[0].replace("F", "L"), symbol(t), *args[1:])))
            case "app" if args[0] == "HL":
                require(len(args) == 4, "HL takes a task, a point and a direction, not {}", args[1:], error=Opaque)
                base = ("HL", *map(self.canonical, args[1:-1]))
                moved = self._components(self.vector(args[-1]))
                return Quotient(sum((c * self.ring.generator(Term("app", (*base, v))) for v, c in moved), start=self.nil))
            case "app" if args[0][:2] in ("D2", "D3"):
                return Quotient(self._form(args[0], args[1:], int(args[0][1])))
            case "sym" | "log" | "sqrt" | "relu" | "at" | "coord" | "app" | "grad":
                return Quotient(self.ring.generator(self._with_normal_arguments(term)))
        raise Opaque(f"{term} has no normal form")

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

    def _with_normal_arguments(self, term: Term) -> Term:
        return Term(term.head, tuple(self.canonical(a) if type(a) is Term else a for a in term.args))

    def _components(self, p: Any) -> list[tuple[Term, Any]]:
        """The basis vector and the coefficient of each term of a vector."""
        made = []
        for monomial, value in p.monomials():
            ((basis, _),) = [(g, e) for g, e in monomial if self.is_vector(self.ring.term_of(g))]
            made.append((self.ring.term_of(basis), self.times(tuple((g, e) for g, e in monomial if g != basis), value)))
        return made

    def _form(self, name: str, args: tuple[Term, ...], order: int) -> Any:
        """A derivative of order 2 or 3 of a function: linear in its last arguments, and symmetric in them."""
        require(len(args) > order, "{} takes a point and {} directions, not {}", name, order, args, error=Opaque)
        base = tuple(self.canonical(a) for a in args[:-order])
        expanded: list[tuple[tuple[Term, ...], Any]] = [((), self.one)]
        for direction in args[-order:]:
            parts = self._components(self.vector(direction))
            expanded = [((*chosen, basis), c * d) for chosen, c in expanded for basis, d in parts]
        atoms = ((c, _product(base, *chosen) if name == "D2L" else Term("app", (name, *base, *sorted(chosen, key=repr))))
                 for chosen, c in expanded)  # fmt: skip
        return sum((c * self.ring.generator(atom) for c, atom in atoms), start=self.nil)

    def _averaged(self, name: str, body: Term, upper: Term | None = None) -> Quotient:
        """The mean over the task `name`, or the sum over name = 1, ..., upper: linear in its body.

        The mean of 1 is 1, the sum of 1 is upper.  A divisor may not depend on what is averaged over.
        """
        t, inside = _bound(name, body)
        head, whole = ("mean", self.one) if upper is None else ("sum", self._natural(upper))
        limit = () if upper is None else (self.canonical(upper),)
        quotient, result = self._normal(inside), self.nil
        depends = any(t in free_symbols(to_term(f, self.ring)) for f in quotient.factors)
        require(not depends, "a divisor in {} depends on {}", body, name, error=Opaque)
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
            names = [self.ring.term_of(g) for g, _ in monomial]
            natural = all(t.head == "sym" and t.args[0] in self.naturals for t in names) and value.denominator == 1
            require(natural and value > 0, "{} is not certainly a natural number", upper, error=Opaque)
        return whole

    def _pull_out(self, t: str, monomial: Monomial, value: Fraction) -> tuple[Any, tuple[Term, ...]]:
        """The factors of a term that do not depend on the task t, as a polynomial, and the others, sorted."""
        outer, inner = self.ring.constant(value), []
        for g, e in monomial:
            atom = self.ring.term_of(g)
            if t in free_symbols(atom):
                inner.append(atom if e == 1 else atom**e)
            else:
                again = self._normal(atom).numerator if atom.head in ("mean", "sum") else self.ring.generator(atom)
                outer = outer * power(again, e, self.one)
        return outer, tuple(sorted(inner, key=repr))

    def _dot(self, left: Any, right: Any) -> Any:
        parts = [c * d * self._inner(a, b) for a, c in self._components(left) for b, d in self._components(right)]
        return sum(parts, start=self.nil)

    def _inner(self, a: Term, b: Term) -> Any:
        """The inner product of two basis vectors: a mean of inner products for a mean, a second derivative for H_t(y) u."""
        for one, other in ((a, b), (b, a)):
            if one.head == "app" and one.args[0] == "HL":
                return self._form("D2L", (*one.args[1:], other), 2)
        if b.head == "mean" and a.head != "mean":
            a, b = b, a
        if a.head == "mean" and b.head != "mean" and a.args[0] not in free_symbols(b):
            return self.polynomial(Term("mean", (a.args[0], Term("dot", (a.args[1], b)))))
        return self.ring.generator(Term("dot", tuple(sorted((a, b), key=repr))))


def _whole(quotient: Quotient, term: Term) -> Any:
    require(not quotient.factors, "{} divides", term, error=Opaque)
    return quotient.numerator


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


def _unused(term: Term, *but: str) -> str:
    """A name for a task that is not free in the term, unless it is one of the names listed."""
    names = free_symbols(term) - {*but}
    return next(t for k in range(len(names) + 1) if (t := f"task.{k}") not in names)


def _bound(name: str, body: Term) -> tuple[str, Term]:
    """The body of a binder with its variable renamed to the first name that is not otherwise free in it."""
    t = _unused(body, name)
    return t, substitute(body, {name: symbol(t)})


def _missing(wanted: tuple[Any, ...], present: tuple[Any, ...]) -> tuple[Any, ...]:
    """The factors in `wanted` that `present` lacks, with multiplicity."""
    rest = [f.monomials() for f in present]
    lacking = []
    for factor in wanted:
        if (key := factor.monomials()) in rest:
            rest.remove(key)
        else:
            lacking.append(factor)
    return tuple(lacking)
