"""Points at which a statement about real numbers fails: of a quadratic form, parameters and a direction that is not positive.

Where a premise says that one parameter is a root of a polynomial, the point is taken over Q(root): the kernel encloses the root.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from ...calculus.polynomials import is_polynomial
from ...certificates import Cut, Instantiate, OneVariable, Proof, Root, Specialisation
from ...kernel.branch import Branch, sort_of
from ...kernel.normal import Normaliser
from ...kernel.polynomial import Ring
from ...kernel.tableau import Checker, instance
from ...models.semidefinite import elimination, negative_direction
from ...terms import ONE, ZERO, Term, equal, negation, number, substitute, subterms, symbol
from ..algebra.polynomials import from_flint, to_flint
from ..algebra.real_roots import isolated, refined
from ..branches.closing import close
from ..tableaux.candidates import quantifier_groups
from ..tableaux.moves import UNSUITABLE
from .forms import Form, Universal
from .points import Point, points, restricted

BITS, MOST_ROOTS = 64, 8
MOST_TRIED = 40
"""Points over Q(root) for which a proof is tried."""


def refutation(formula: Term, about: Universal, form: Form | None) -> Specialisation | None:
    """A point at which the statement fails, with the proof that it does; None if none is found."""
    for point in _rational(about, form):
        found = _proof(formula, None, tuple(map(number, point)), ())
        if found is not None:
            return Specialisation((), (), (), found)
    if form is not None:
        for step, terms, known in _algebraic(about, form):
            found = _proof(formula, step, terms, known)
            if found is not None:
                return Specialisation((), (), (), found)
    return None


def _rational(about: Universal, form: Form | None) -> Iterator[Point]:
    """Rational points at which the statement is false, the values of all its variables."""
    if form is None:
        for point in points(len(about.names), about.polynomials):
            if all(holds(about, f, point) for _, f in about.premises) and holds(about, about.body, point) is False:
                yield point
        return
    count = form.parameters
    considered = [*form.leading_minors[1:], *(about.read(f) for f in _sides(form.domain))]
    for point in points(count, considered):
        if all(holds(about, f, point) for f in form.domain) and (v := direction(form, point)) is not None:
            yield (*point, *v)


def _sides(formulas: Sequence[Term]) -> list[Term]:
    """left - right for the comparisons between polynomials in the formulas."""
    parts = [t for f in formulas for t in subterms(f) if t.head in ("eq", "lt", "le")]
    return [t.args[0] - t.args[1] for t in parts if all(map(is_polynomial, t.args))]


def holds(about: Universal, formula: Term, point: Point) -> bool | None:
    """The truth of a formula without quantifiers at a point, the values of the first variables."""
    from ..statements import truth

    return truth(substitute(formula, dict(zip(about.names, map(number, point), strict=False))))


def direction(form: Form, point: Point) -> tuple[Fraction, ...] | None:
    """v with v^T M v < 0 at the point, or = 0 and v != 0 where the form is said to be positive."""
    matrix = tuple(tuple(_value(p, point) for p in row) for row in form.matrix)
    found = negative_direction(matrix)
    if found is not None or not form.strict:
        return found
    lower, diagonal = elimination(matrix)
    if all(diagonal):
        return None
    place = diagonal.index(Fraction(0))
    v = [Fraction(int(i == place)) for i in range(form.size)]
    for i in reversed(range(place)):
        v[i] = -sum((lower[j][i] * v[j] for j in range(i + 1, place + 1)), Fraction(0))
    return tuple(v)


def _value(p: Any, point: Point) -> Fraction:
    values = [to_flint(x) for x in point] + [to_flint(Fraction(0))] * (len(p.context().names()) - len(point))
    return from_flint(p(*values))


def _algebraic(about: Universal, form: Form) -> Iterator[tuple[Root, tuple[Term, ...], tuple[Term, ...]]]:
    """One parameter an irrational root, the others rational, and a direction: that is negative near by, or a column of the
    adjugate of a leading block, in which the form vanishes if its minor does."""
    tried, count = 0, form.parameters
    for place, p in _equations(about, form):
        for interval in [i for f, _ in p.factor()[1] if f.degree() > 1 for i in isolated(f)][:MOST_ROOTS]:
            low, high = refined(p, interval, BITS)
            for rest in points(count - 1, []):
                middle = (low + high) / 2
                near = (*rest[:place], middle, *rest[place:])
                if not all(_nearly(about, f, near) for f in form.domain) or tried >= MOST_TRIED:
                    continue
                tried += 1
                box = ((simple(low, -1), simple(high, 1)),)
                step = Root((_in_one(p),), box, BITS, False, OneVariable("_1"))
                fixed = [symbol("_1") if i == place else number(x) for i, x in enumerate(near)]
                for v in _directions(form, near, place):
                    yield step, (*fixed, *v), form.domain
    return


def simple(end: Fraction, side: int) -> Fraction:
    """The end of an interval that is narrower than it need be, moved outwards to a shorter number."""
    return Fraction((end * (1 << 40)).__floor__() + side, 1 << 40)


def _equations(about: Universal, form: Form) -> Iterator[tuple[int, Any]]:
    """Parameters that an equation among the premises determines up to finitely many values, with its integer polynomial."""
    conjuncts = [g for f in form.domain for g in (f.args if f.head == "and" else (f,)) if g.head == "eq"]
    for side in _sides(conjuncts):
        p = about.read(side)
        used = [i for i in range(len(about.names)) if any(int(e[i]) for e in p.to_dict())]
        if len(used) == 1:
            whole = restricted(p, (Fraction(0),) * (form.parameters - 1), used[0]).numer()
            squarefree = whole // whole.gcd(whole.derivative())
            yield used[0], squarefree


def _in_one(p: Any) -> Term:
    x = symbol("_.1")
    parts = [number(int(c)) * (x**k if k else ONE) for k, c in enumerate(p.coeffs()) if c != 0]
    return Term("add", tuple(parts)) if len(parts) > 1 else parts[0]


def _nearly(about: Universal, formula: Term, point: Point) -> bool:
    """Whether the formula may hold near the point: equations are taken to."""
    parts = formula.args if formula.head == "and" else (formula,)
    return all(f.head == "eq" or holds(about, f, point) is not False for f in parts)


def _directions(form: Form, near: Point, place: int) -> Iterator[tuple[Term, ...]]:
    found = direction(form, near)
    if found is not None:
        yield tuple(number(x.limit_denominator(1000)) for x in found)
    names = {f"_{i + 1}": symbol("_1") if i == place else number(x) for i, x in enumerate(near)}
    for k in range(1, form.size + 1) if form.strict else ():
        side = range(k)
        for left_out in side:
            rest = [r for r in side if r != left_out]
            column = [form.minor(rest, [c for c in side if c != i]) * (-1) ** (i + left_out) for i in side]
            written = [form.about.ring.write(p, len(form.about.names)) if p else ZERO for p in column]
            yield (*(substitute(t, names) for t in written), *[ZERO] * (form.size - k))


def _proof(formula: Term, root: Root | None, terms: tuple[Term, ...], known: Sequence[Term]) -> Proof | None:
    """The statement refuted at the point, which the kernel accepts; None where it does not."""
    checker = Checker({}, Ring())
    branch = Branch(Normaliser(Ring(), sort_of), frozenset())
    try:
        branch.add(formula)
        if root is not None:
            branch = checker.extend(branch, root)
        proof = _decided(branch, list(_to_decide(formula, terms)) if root else [], terms, 0)
        if proof is not None and root is not None:
            proof = Root(root.terms, root.box, root.bits, root.unique, proof)
        if proof is not None:
            checker.refute([formula], proof)
    except UNSUITABLE:
        return None
    return proof


def _to_decide(formula: Term, terms: tuple[Term, ...]) -> Iterator[Term]:
    """The members of the premises at the point, and that a coordinate that is not a number is not 0."""
    values: dict[str, Term] = {}
    while formula.head in ("forall", "implies"):
        if formula.head == "forall":
            values[formula.args[0]] = terms[len(values)]
        elif formula.args[0].head != "or":
            members = formula.args[0].args if formula.args[0].head == "and" else formula.args[:1]
            yield from (substitute(f, values) for f in members)
        formula = formula.args[-1]
    loose = [t for t in terms if t.head != "num" and t != symbol("_1")]
    if loose:
        yield negation(equal(loose[0], ZERO))


def _decided(branch: Branch, open_ones: list[Term], terms: tuple[Term, ...], used: int) -> Proof | None:
    """Cuts with the formulas, which the signs at the root decide; then the instance at the point."""
    if branch.closed or (used == len(terms) and not open_ones):
        return close(branch, thorough=False)
    if open_ones:
        first, *rest = open_ones
        if branch.truth(first, True) is True:
            return _decided(branch, rest, terms, used)
        other = branch.copy()
        other.add(first, False)
        no = close(other, thorough=False)
        branch.add(first)
        yes = no and _decided(branch, rest, terms, used)
        return Cut(first, yes, no) if yes and no else None
    place = max(k for k, fact in enumerate(branch.facts) if type(fact[0]) is Term)
    count = len([n for group in quantifier_groups(*branch.facts[place]) for n in group])
    now = terms[used : used + count]
    branch.add(*instance(branch, place, now))
    inner = _decided(branch, [], terms, used + count)
    return inner and Instantiate(place, now, inner)
