"""Random matrix terms, and claims with one thing changed, against an evaluation of their own at small rational matrices.

What the kernel takes to be equal, and what it accepts of a claim that was changed while its proof was kept, must hold there.
Every run is counted; a run that accepts or refutes nothing fails.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from fractions import Fraction
from functools import reduce
from itertools import product
from typing import Any

from matrix_identities import PAIRS
from matrix_identities import claim as identity
from test_matrix import ACCEPTED, Value, certified, is_zero, number_of, plus, reduction, times

from metaid_symbolic.certificates import MatrixProof, NormalForm
from metaid_symbolic.claims import MatrixIdentities
from metaid_symbolic.kernel import Rejected, check
from metaid_symbolic.kernel.matrix import Algebra, parts
from metaid_symbolic.language import parse_term
from metaid_symbolic.search.matrix_candidates import Drawing, semidefinite
from metaid_symbolic.search.matrix_proofs import normal_form
from metaid_symbolic.terms import ZERO, IllFormed, Term, equal, number, substitute, symbol

Counts = dict[str, Counter[str]]
SHAPES = (("A", "n", "n"), ("B", "n", "n"), ("x", "n", "1"), ("y", "n", "1"), ("W", "m", "n"), ("a", "1", "1"))
BASE = MatrixIdentities(SHAPES, (equal(symbol("A"), symbol("A")),))
SIZES = [{"n": n, "m": m, "k": k} for n, m, k in ((1, 2, 1), (2, 1, 0), (2, 3, 2), (3, 2, 1))]


def value(term: Term, values: dict[str, Value], exponents: dict[str, int]) -> Value:
    """The matrix, or the number by which I is multiplied."""

    def of(part: Term) -> Value:
        return number_of(value(part, values, exponents))

    match term.head, term.args:
        case "num", (q,):
            return Fraction(q)
        case "sym", (name,):
            return Fraction(exponents[name]) if name in exponents else values[name]
        case "tr", (inside,):
            made = of(inside)
            return made if isinstance(made, Fraction) else tuple(zip(*made, strict=True))
        case "app", ("trace", inside):
            made = of(inside)
            return made if isinstance(made, Fraction) else sum((made[i][i] for i in range(len(made))), Fraction(0))
        case "app", ("power", base, exponent):
            count = of(exponent)
            assert isinstance(count, Fraction)
            return reduce(times, [of(base)] * int(count), Fraction(1))
        case "pow", (base, int(exponent)):
            made = of(base)
            assert exponent > 0 or isinstance(made, Fraction)
            return Fraction(made**exponent) if isinstance(made, Fraction) else reduce(times, [made] * exponent)
    return reduce(plus if term.head == "add" else times, map(of, term.args))


def true_at(formula: Term, values: dict[str, Value], exponents: dict[str, int]) -> bool:
    if formula.head in ("and", "implies"):
        truths = [true_at(f, values, exponents) for f in formula.args]
        return all(truths) if formula.head == "and" else truths[1] or not truths[0]
    left, right = (value(side, values, exponents) for side in formula.args)
    gap = number_of(plus(right, times(Fraction(-1), left)))
    if formula.head == "eq":
        return is_zero(gap)
    rows = [[gap]] if isinstance(gap, Fraction) else [list(row) for row in gap]
    return semidefinite(rows, strict=formula.head == "lt")


# terms with one normal form have one value


def random_term(draw: random.Random, depth: int) -> str:
    if depth == 0 or draw.random() < 0.2:
        return draw.choice(["A", "B", "x", "y", "W", "a", "Id", "Id", "0", "2", "tr(x)", "tr(W)"])
    inner = [random_term(draw, depth - 1) for _ in range(2)]
    match draw.randrange(7):
        case 0:
            return f"({inner[0]} + {inner[1]})"
        case 1:
            return f"tr({inner[0]})"
        case 2:
            return f"trace({inner[0]})"
        case 3:
            return f"power({inner[0]}, {draw.choice(['k', 'k', 'k + 1', '0'])})"
    return f"({inner[0]}*{inner[1]})"


def drawn(claim: MatrixIdentities, formula: Term, sizes: dict[str, int], draw: random.Random) -> dict[str, Value] | None:
    drawing = Drawing(claim, formula, sizes)
    found = drawing.certificate(drawing.drawn(2, draw))
    return found and certified(claim, found)


def test_terms_of_one_normal_form_have_one_value(counts: Counts) -> None:
    draw, found = random.Random(3), Counter[str]()
    points = [(drawn(BASE, BASE.formulas[0], sizes, draw), {"k": sizes["k"]}) for sizes in SIZES]
    known: dict[Any, list[Value]] = {}
    for _ in range(4000):
        term = parse_term(f"({random_term(draw, 4)})*B")
        try:
            shape, normal = Algebra(BASE).normal(term)
        except Rejected:
            found["refused"] += 1
            continue
        here = [value(term, values, exponents) for values, exponents in points if values]
        before = known.setdefault((shape, frozenset(normal.items())), here)
        assert all(is_zero(plus(a, times(Fraction(-1), b))) for a, b in zip(here, before, strict=True)), term
        found["new" if before is here else "equal"] += 1
    assert found["equal"] > 200 and found["new"] > 100, found
    counts["matrix terms by normal form"].update(found)


ZEROS = ["0", "0*A", "0*Id", "A - A", "a - a"]


def test_what_vanishes_with_an_equation_vanishes(counts: Counts) -> None:
    """f(A - B) = f(zero) where A = B, for random terms f and the proof that f(_0) - f(zero) vanishes with _0."""
    draw, found = random.Random(4), Counter[str]()
    while found["tried"] < 2500:
        source = random_term(draw, 4)
        f = substitute(parse_term(source), {"y": symbol("_0")} if "y" in source else {"A": symbol("_0")})
        there = substitute(f, {"_0": parse_term(draw.choice(ZEROS))})
        found["tried"] += 1
        goal = equal(substitute(f, {"_0": symbol("A") - symbol("B")}), there)
        claim = MatrixIdentities(SHAPES, (Term("implies", (equal(symbol("A"), symbol("B")), goal)),))
        try:
            check(claim, NormalForm(((MatrixProof((goal,), "", (reduction_of(f - there),), ()),),)))
        except Rejected:
            continue
        found["accepted"] += 1
        for sizes in SIZES:
            values = drawn(BASE, BASE.formulas[0], sizes, draw)
            assert values and true_at(goal, {**values, "B": values["A"]}, {"k": sizes["k"]}), goal
    assert found["accepted"] > 50, found
    counts["combinations that vanish"].update(found)


def reduction_of(combination: Term) -> Any:
    made = reduction()
    return type(made)(combination, (), ZERO)


# claims with one thing changed


def edited(term: Term, letters: dict[str, list[str]]) -> Iterator[Term]:
    """The term with one thing changed."""
    match term.head, term.args:
        case "sym", (name,):
            yield from (symbol(other) for other in letters.get(name, []) if other != name)
            yield Term("tr", (term,))
            yield from (2 * term, ZERO, symbol("Id"))
        case "num", (q,):
            yield from (number(q + 1), number(-q))
        case "tr", (inside,):
            yield inside
        case (("eq" | "le" | "lt"), sides):
            yield from (Term(head, sides) for head in ("eq", "le", "lt") if head != term.head)
            yield Term(term.head, sides[::-1])
        case "and", members if len(members) > 1:
            yield from (Term("and", members[:i] + members[i + 1 :]) for i in range(len(members)))
        case (("mul" | "add"), (first, second, *rest)):
            yield Term(term.head, (second, first, *rest))
        case "app", ("power", base, exponent):
            yield Term("app", ("power", base, exponent + 1))
    for i, part in enumerate(term.args):
        if type(part) is Term:
            for other in edited(part, letters):
                try:
                    yield Term(term.head, (*term.args[:i], other, *term.args[i + 1 :]))
                except IllFormed:
                    continue


def rewritten(proof: NormalForm, old: list[Term], new: list[Term]) -> NormalForm:
    """The proof of the same goals, the changed ones among them."""
    by = dict(zip(old, new, strict=True))
    return NormalForm(
        tuple(
            tuple(MatrixProof(tuple(by.get(g, g) for g in p.goals), p.name, p.base, p.step) for p in proofs)
            for proofs in proof.proofs
        )
    )


def refuted_at(claim: MatrixIdentities, formula: Term, draw: random.Random) -> bool:
    sides = {size for _, *shape in claim.shapes for size in shape} - {"1"}
    for size, k, _ in product((1, 2, 3), (0, 1, 2), range(4)):
        sizes = {**{side: draw.randint(1, size) for side in sides}, "k": k}
        try:
            values = drawn(claim, formula, sizes, draw)
            if values and not true_at(formula, values, {"k": k}):
                return True
        except (Rejected, ArithmeticError, LookupError, ValueError, AssertionError):  # no value, or no common shape
            continue
    return False


def proved_claims() -> Iterator[tuple[str, MatrixIdentities, NormalForm]]:
    yield from ((name, *pair) for name, pair in ACCEPTED.items())
    for name in list(PAIRS)[::4]:
        claim = identity(PAIRS[name].true)
        proof = normal_form(claim)
        assert proof is not None, name
        yield name, claim, proof


def test_changed_claims_that_are_accepted_are_true(counts: Counts) -> None:
    draw, found = random.Random(5), Counter[str]()
    for name, claim, proof in proved_claims():
        (formula,) = claim.formulas
        letters = defaultdict(list)
        for letter, *shape in claim.shapes:
            letters[tuple(shape)].append(letter)
        same = {letter: letters[tuple(shape)] for letter, *shape in claim.shapes}
        variants = list(edited(formula, same))
        for other in draw.sample(variants, min(25, len(variants))):
            old, new = ([f for part in parts(g) for f in part] for g in (formula, other))
            if other == formula or other.head not in ("eq", "le", "lt", "and", "implies") or len(old) != len(new):
                continue
            changed = MatrixIdentities(claim.shapes, (other,))
            wrong = refuted_at(changed, other, draw)
            try:
                check(changed, rewritten(proof, old, new))
            except Rejected:
                found["refused, and false" if wrong else "refused"] += 1
                continue
            assert not wrong, f"{name}: {other}"
            found["accepted"] += 1
    assert found["accepted"] > 20 and found["refused, and false"] > 200, found
    counts["matrix claims with one thing changed"].update(found)
