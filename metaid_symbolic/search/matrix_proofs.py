"""Proofs of matrix formulas for all sizes: rewriting, sums of hermitian squares, and induction on an exponent.

An inequality is proved by a sum of forms tr(X) P X: the X are tried among the factors that the formula is written with, and
each form takes away one monomial of what is left, as often as it fits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import product

from ..certificates import MatrixProof, NormalForm, Reduction
from ..claims import MatrixIdentities
from ..kernel.matrix import ID, NUMBER, Algebra, Value, gap, granted, parts
from ..kernel.polynomial import collected
from ..kernel.rejection import Rejected
from ..terms import ONE, ZERO, Term, equal, free_symbols, number, substitute, subterms, symbol, total
from .matrix_rewriting import Polynomial, Rewriting, times

Square = tuple[Fraction, tuple[int, ...], Term, Term]
Form = tuple[tuple[int, ...], Term, Polynomial]

MOST_FACTORS, MOST_SQUARES, MOST_TRIES = 24, 4, 300


def normal_form(claim: MatrixIdentities) -> NormalForm | None:
    """Proofs of all formulas of the claim, if they are found.  Raises `Rejected` where shapes do not fit."""
    chains = []
    for formula in claim.formulas:
        chain = chain_of(claim, formula)
        if chain is None:
            return None
        chains.append(chain)
    return NormalForm(tuple(chains))


def chain_of(claim: MatrixIdentities, formula: Term) -> tuple[MatrixProof, ...] | None:
    """A proof of the conclusions, after lemmas about the powers in them where these help."""
    algebra, known = Algebra(claim), granted(formula)
    goals = tuple(parts(formula)[-1])
    exponents = sorted(free_symbols(formula) - {*algebra.shapes})
    given = frozenset().union(*(free_symbols(h) for hypotheses in parts(formula)[:-1] for h in hypotheses))
    found = proved(algebra, known, goals, exponents, given)
    if found is not None:
        return (found,)
    lemmas = []
    for lemma in about_powers(algebra, formula):
        shown = proved(algebra, known, (lemma,), exponents, given)
        if shown is not None:
            lemmas.append(shown)
            known = [*known, lemma]
    found = proved(algebra, known, goals, exponents, given) if lemmas else None
    return None if found is None else (*lemmas, found)


def proved(
    algebra: Algebra, known: list[Term], goals: tuple[Term, ...], exponents: list[str], given: frozenset[str]
) -> MatrixProof | None:
    """The goals as they stand, else by induction on an exponent of which the hypotheses know nothing."""
    plain = reductions(algebra, known, goals)
    if plain is not None:
        return MatrixProof(goals, "", plain, ())
    for k in exponents:
        if k in given:
            continue
        base = reductions(algebra, known, [substitute(g, {k: ZERO}) for g in goals])
        step = base and reductions(algebra, [*known, *goals], [substitute(g, {k: symbol(k) + 1}) for g in goals])
        if base and step:
            return MatrixProof(goals, k, base, step)
    return None


def about_powers(algebra: Algebra, formula: Term) -> Iterator[Term]:
    """That a power is symmetric, commutes with matrices of its size, and is conjugate to another power as their bases are."""
    powers = {p for p in subterms(formula) if p.head == "app" and p.args[0] == "power" and p.args[2].head == "sym"}
    for power in sorted(powers, key=str):
        shape = algebra.normal(power)[0]
        if shape != NUMBER:
            yield equal(Term("tr", (power,)), power)
            for name in sorted(free_symbols(formula) & {*algebra.shapes}):
                if algebra.shapes[name] == shape:
                    yield equal(power * symbol(name), symbol(name) * power)
    for one, two in product(powers, repeat=2):
        if one.args[1].head == "mul" and two.args[1] in one.args[1].args and one.args[2] == two.args[2]:
            yield equal(one, times([two if part == two.args[1] else part for part in one.args[1].args]))


def reductions(algebra: Algebra, known: list[Term], goals: Iterable[Term]) -> tuple[Reduction, ...] | None:
    made = []
    for goal in goals:
        found = reduction(algebra, known, goal)
        if found is None:
            return None
        made.append(found)
    return tuple(made)


def reduction(algebra: Algebra, known: list[Term], goal: Term) -> Reduction | None:
    """Why the goal follows from what is known, by rewriting, and for an inequality by squares."""
    rewriting = Rewriting(algebra, known)
    if goal.head == "eq":
        combination = rewriting.vanishing(gap(goal))
        return None if combination is None else Reduction(combination, (), ZERO)
    rewriting.name_powers(goal)
    algebra.normal(gap(goal))
    for squares in sums_of_squares(rewriting, goal):
        made = certified(rewriting, goal, squares)
        if made is not None:
            return made
    return None


def certified(rewriting: Rewriting, goal: Term, squares: list[Square]) -> Reduction | None:
    rest = rewriting.vanishing(gap(goal) - total([form(rewriting.known, s[0], s[1], s[2]) for s in squares]))
    if rest is None:
        return None
    if goal.head == "le":
        return Reduction(rest, tuple(squares), ZERO)
    strict = [i for i, s in enumerate(squares) if all(rewriting.known[j].head == "lt" for j in s[1])]
    for lefts in inverses(rewriting, [squares[i][2] for i in strict]):
        chosen = dict(zip(strict, lefts, strict=True))
        made = [(w, which, x, chosen.get(i, ZERO)) for i, (w, which, x, _) in enumerate(squares)]
        unit = quietly(rewriting, total([chosen[i] * squares[i][2] for i in strict]) - ID)
        if unit is not None:
            return Reduction(rest, tuple(made), unit)
    return None


def quietly(rewriting: Rewriting, term: Term) -> Term | None:
    try:
        return rewriting.vanishing(term)
    except Rejected:
        return None


def inverses(rewriting: Rewriting, factors: list[Term]) -> Iterator[tuple[Term, ...]]:
    """Candidates for Y_1, Y_2, ... with sum of Y_i X_i = I: I beside an X = I, else letters."""
    if ID in factors:
        yield tuple(ID if x == ID and factors.index(x) == i else ZERO for i, x in enumerate(factors))
        return
    if ONE in factors:
        yield tuple(ONE if x == ONE and factors.index(x) == i else ZERO for i, x in enumerate(factors))
        return
    names = [symbol(n) for n in rewriting.algebra.shapes if not n.startswith(("1/", "(")) and n != "Id"]
    choices = [ZERO, *names, *(Term("tr", (n,)) for n in names)]
    if 0 < len(factors) <= 2:
        yield from product(choices, repeat=len(factors))


def form(known: list[Term], weight: Fraction, which: tuple[int, ...], x: Term) -> Term:
    return times([number(weight), Term("tr", (x,)), *(gap(known[i]) for i in which), x])


def sums_of_squares(rewriting: Rewriting, goal: Term) -> Iterator[list[Square]]:
    """Sums of forms that equal the gap of the goal, the shortest first."""
    shape, value = rewriting.algebra.normal(gap(goal))
    target = rewriting.reduced(value, shape == NUMBER)[0]
    forms = list(candidates(rewriting, goal))
    tries = [0]

    def search(left: Polynomial, depth: int, start: int) -> Iterator[list[Square]]:
        if not left:
            yield []
            return
        if depth == 0:
            return
        for i in range(start, len(forms)):
            which, x, value = forms[i]
            for c in weights(left, value):
                tries[0] += 1
                if tries[0] > MOST_TRIES * 20:
                    return
                rest = collected([*left.items(), *((m, -c * v) for m, v in value.items())])
                for more in search(rest, depth - 1, i + 1):
                    yield [(c, which, x, ZERO), *more]

    for depth in range(MOST_SQUARES):
        yield from search(target, depth, 0)


def weights(left: Polynomial, value: Polynomial) -> list[Fraction]:
    """The positive multiples that take away a monomial."""
    return sorted({left[m] / v for m, v in value.items() if m in left and left[m] / v > 0})


def candidates(rewriting: Rewriting, goal: Term) -> Iterator[Form]:
    """Forms tr(X) P X in normal form: P is I, granted, or a product of granted numbers and at most one granted matrix."""
    known, algebra = rewriting.known, rewriting.algebra
    signs = [i for i, h in enumerate(known) if h.head in ("le", "lt")]
    numbers = [i for i in signs if algebra.normal(gap(known[i]))[0] == NUMBER]
    grants = [(), *((i,) for i in signs), *((i, j) for i in numbers for j in signs if i != j)]
    shape = algebra.normal(gap(goal))[0]
    for x, which in product(factors_of(rewriting, goal), grants):
        try:
            found, value = algebra.normal(form(known, Fraction(1), which, x))
        except Rejected:
            continue
        if fits(found, shape) and value:
            yield which, x, rewriting.reduced(value, shape == NUMBER)[0]


def fits(one: tuple[str, str], two: tuple[str, str]) -> bool:
    return one == two or "?" in (one[0], two[0])


def factors_of(rewriting: Rewriting, goal: Term) -> list[Term]:
    """The matrices X to try: I, letters, and the right parts of products that the formulas are written with."""
    tried: dict[Term, None] = {ID: None}
    for formula in (goal, *rewriting.known):
        for part in subterms(gap(formula)) if formula.head in ("eq", "le", "lt") else ():
            if part.head == "mul":
                for k in range(1, len(part.args)):
                    tried[times(list(part.args[k:]))] = None
            if part.head in ("sym", "app", "tr", "add"):
                tried[part] = None
    letters = [t for t in tried if t.head in ("sym", "app")]
    for a, b in product(letters, repeat=2):
        if a != b and shape_of(rewriting.algebra, a) == shape_of(rewriting.algebra, b) != NUMBER:
            tried[a - b] = None
    for t in letters:
        tried[Term("tr", (t,))] = None
    return [t for t in tried if shape_of(rewriting.algebra, t) is not None][: 4 * MOST_FACTORS]


def shape_of(algebra: Algebra, term: Term) -> tuple[str, str] | None:
    try:
        value: Value = algebra.normal(term)
    except Rejected:
        return None
    return value[0]
