"""Positivity of quadratic forms on a set by their leading minors.

Let D_k be the leading minors of M, D_0 = 1, and w_j = sum_(i >= j) D_(j, i) v_i, where D_(j, i) is the minor of rows 1, ..., j
and columns 1, ..., j - 1, i.  Where v_i = 0 for all i > k,
    D_1 ... D_(k-1) v^T M v = sum_(j < k) w_j^2 prod_(i < k; i != j - 1, j) D_i + v_k^2 D_k prod_(i < k - 1) D_i
(Jacobi 1857; the pivots of L diag(d) L^T are D_k / D_(k-1)).  So v^T M v > 0 where all D_k > 0: let k be the last place with
v_k != 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import prod
from typing import Any

from ...certificates import Combine, Cut, Done, Proof, Summand
from ...kernel.branch import Branch, Literal, sort_of
from ...kernel.normal import Normaliser
from ...kernel.polynomial import Ring, constant_of, generators_of, key_of
from ...terms import ONE, ZERO, Term, at_most, equal, free_symbols, less, negation, symbol
from ..branches.closing import close
from ..branches.linear import linear_contradiction
from ..branches.monomials import by_monomials
from ..tableaux.moves import USED
from ..tableaux.prover import Prover
from .forms import Form

EFFORT, FEW, LARGEST = 60, 20, 6
"""Steps of the prover for the sign of one minor on the domain, and for the form where that sign is another; forms in more
variables are left alone."""


def positive(formula: Term, form: Form) -> Proof | None:
    """A closed tableau for the denied statement; None where a leading minor is not seen to be positive on the domain."""
    if form.size > LARGEST:
        return None
    branch = Branch(Normaliser(Ring(), sort_of), frozenset())
    branch.add(negation(formula))
    if branch.closed:
        return Done()
    if form.domain and (empty := close(_about_parameters(branch, form), thorough=True)):
        return empty
    return _signs(branch, form, 1)


def _signs(branch: Branch, form: Form, k: int) -> Proof | None:
    """The signs of the leading minors from D_k on, each by a cut; then the form itself."""
    if k > form.size:
        return _last_place(branch, form, form.size) if form.strict else Combine(_identity(branch, form, form.size))
    claimed = less if form.strict or k < form.size else at_most
    formula = claimed(ZERO, _written(form, form.leading_minors[k]))
    other = branch.copy()
    other.add(formula, False)
    no = _denied(other, form)
    if no is None:
        return None
    branch.add(formula)
    yes = _signs(branch, form, k + 1)
    return yes and Cut(formula, yes, no)


def _denied(branch: Branch, form: Form) -> Proof | None:
    """A leading minor cannot have another sign on the domain; or, for a semidefinite form, where it has the form is no less."""
    alone = _about_parameters(branch, form)
    found: Proof | None = Done() if alone.closed else by_monomials(alone) or linear_contradiction(alone, products=True)
    found = found or Prover(effort=EFFORT, depth=2).closed(alone)
    return found if found or form.strict else Prover(effort=FEW, depth=2).closed(branch)


def _about_parameters(branch: Branch, form: Form) -> Branch:
    """The branch with what it says of v put out of sight: it is about this set alone whether the minors are positive.

    The numbers of the facts and literals stay.
    """
    made, hidden = branch.copy(), {v.args[0] for v in _directions(form)}
    ring = made.normaliser.ring
    numbers = {ring.index(v) for v in _directions(form)}
    shown = ring.generator(form.about.ring.atoms[0])
    for place, fact in enumerate(made.facts):
        parts: Iterable[Any] = fact if type(fact[0]) is tuple else [fact]
        if any(free_symbols(formula) & hidden for formula, _ in parts):
            made.facts[place] = (USED, USED)
    for place, literal in enumerate(made.literals):
        if generators_of(literal.polynomial) & numbers:
            made.literals[place] = Literal(shown, frozenset("-0+"))
    return made


def _last_place(branch: Branch, form: Form, k: int) -> Proof | None:
    """By the last k with v_k != 0."""
    if branch.closed or k == 0:
        return Prover(effort=EFFORT, depth=1).closed(branch)
    formula = equal(_directions(form)[k - 1], ZERO)
    other = branch.copy()
    other.add(formula, False)
    no = Done() if other.closed else Combine(_identity(other, form, k))
    branch.add(formula)
    yes = _last_place(branch, form, k - 1)
    return yes and Cut(formula, yes, no)


def _identity(branch: Branch, form: Form, k: int) -> tuple[Summand, ...]:
    """- D v^T M v >= 0, and the squares that D v^T M v is the sum of, where D = D_1 ... D_(k-1)."""
    minors, side = form.leading_minors, range(form.size)
    v = [form.about.ring.read(x) for x in _directions(form)]
    value = sum((form.matrix[i][j] * v[i] * v[j] for i in side for j in side), v[0] * 0)
    parts = [_product(branch, form, [-value, *minors[1:k]], ONE)]
    for j in range(1, k):
        w = sum((form.minor(side[:j], [*side[: j - 1], i]) * v[i] for i in range(j - 1, k)), v[0] * 0)
        parts.append(_product(branch, form, [minors[i] for i in range(1, k) if i not in (j - 1, j)], _written(form, w)))
    if form.strict:
        parts.append(_product(branch, form, [v[k - 1], minors[k], *minors[1 : k - 1]], ONE))
    else:
        parts.append(_product(branch, form, [minors[k], *minors[1 : k - 1]], _written(form, v[k - 1])))
    for j in range(k, form.size):
        rest = form.matrix[j][j] * v[j] + 2 * sum((form.matrix[i][j] * v[i] for i in range(j)), v[0] * 0)
        parts.append(_vanishing(branch, form, v[j], prod(minors[1:k], start=rest)))
    return tuple(parts)


def _product(branch: Branch, form: Form, factors: Sequence[Any], root: Term) -> Summand:
    """The product of factors that literals say are positive or nonnegative, or not 0 and then squared, times a square."""
    places, weight = list[int](), Fraction(1)
    for factor in factors:
        place, scale = _literal(branch, form, factor)
        weight *= scale
        if place is not None:
            places.append(place)
    if any(branch.literals[place].signs == frozenset("0") for place in places):
        return Summand(tuple(places), ((weight, root * root),), True)
    return Summand(tuple(places), ((weight, root),), False)


def _vanishing(branch: Branch, form: Form, equation: Any, multiplier: Any) -> Summand:
    """The multiple of something that a literal says is 0."""
    place, scale = _literal(branch, form, equation)
    return Summand(() if place is None else (place,), ((scale, _written(form, multiplier)),), True)


def _literal(branch: Branch, form: Form, wanted: Any) -> tuple[int | None, Fraction]:
    """The literal about the polynomial, and the factor by which it is multiplied to give it, as the kernel reads the literal."""
    p = branch.normaliser.polynomial(_written(form, wanted))
    if (value := constant_of(p)) is not None:
        return None, value
    place = branch._keys[key_of(p)[0]][0]
    known = branch.literals[place]
    monomial = known.polynomial.monomials()[0][0]
    scale = dict(p.monomials())[monomial] / dict(known.polynomial.monomials())[monomial]
    if known.signs == frozenset("-+"):
        return place, scale * scale
    return place, -scale if known.signs <= frozenset("-0") else scale


def _directions(form: Form) -> list[Term]:
    return [symbol(f"_{form.parameters + i + 1}") for i in range(form.size)]


def _written(form: Form, p: Any) -> Term:
    return form.about.ring.write(p, len(form.about.names))
