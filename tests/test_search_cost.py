"""What keeps the searches cheap: shortcuts that agree with the kernel, filters that err on one side, lists that are lazy."""

from __future__ import annotations

from fractions import Fraction
from itertools import islice

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metaid_symbolic.certificates import Combine, Summand
from metaid_symbolic.claims import Array, Natural, Statement
from metaid_symbolic.conditions import Conditions
from metaid_symbolic.kernel import tableau
from metaid_symbolic.kernel.normal import Normaliser
from metaid_symbolic.kernel.polynomial import Ring
from metaid_symbolic.kernel.rejection import Rejected
from metaid_symbolic.kernel.tableau import Branch, combine, sort_of
from metaid_symbolic.kernel.unfold import Reading
from metaid_symbolic.language import parse_formula, parse_term
from metaid_symbolic.problems import MetaProblem
from metaid_symbolic.search.branches.instances import instance
from metaid_symbolic.search.branches.residues import Residues
from metaid_symbolic.search.branches.rough import plainly_satisfiable
from metaid_symbolic.search.positivity.interior_point import most_definite
from metaid_symbolic.search.problems.needs import Needs
from metaid_symbolic.search.problems.remembered import Remembered
from metaid_symbolic.search.refutation import shape
from metaid_symbolic.search.statements import ENTRIES, specialisations
from metaid_symbolic.search.tableaux.candidates import Suggestions
from metaid_symbolic.search.tableaux.prover import Prover
from metaid_symbolic.search.tableaux.violations import counterexample
from metaid_symbolic.symbols import reals
from metaid_symbolic.terms import ONE, Term, negation, number, symbol

x, y = reals("x y")
parse = Conditions().parse


def branch(*facts: str, variables: tuple[str, ...] = ("a", "b")) -> Branch:
    made = Branch(Normaliser(Ring(), sort_of), frozenset(variables))
    for fact in facts:
        made.add(parse_formula(fact))
    return made


UNIVERSAL = (
    "forall u, v: u + v^2 < 3 | u = v",
    "not (exists u, v: u*v > 1)",
    "forall u: exists v: u < v & v < u + 1",
    "forall u, v: exists b: u < b + v",
    "forall u: forall v: (forall a: a*u = 0) => v = 0",
)
TERMS = (symbol("a"), symbol("b") + 1, number(2), symbol("b") ** 2 - symbol("a"))


@pytest.mark.parametrize("fact", UNIVERSAL)
def test_an_instance_is_what_the_kernel_makes_of_it(fact: str) -> None:
    made = branch(fact)
    for first in TERMS:
        assert instance(made, 0, (first,)) == tableau.instance(made, 0, (first,))
        for second in TERMS if "forall u:" not in fact or "forall v" in fact else ():
            assert instance(made, 0, (first, second)) == tableau.instance(made, 0, (first, second))


@pytest.mark.parametrize("terms", [(), (symbol("stranger"),), (ONE, ONE, ONE), (Term("zero"),)])
def test_an_instance_that_the_kernel_rejects_is_rejected(terms: tuple[Term, ...]) -> None:
    with pytest.raises(Rejected):
        instance(branch("forall u, v: u + v^2 < 3 | u = v"), 0, terms)


signs = st.sampled_from([frozenset(s) for s in ("0", "+", "-", "-+", "0+", "-0")])
polynomials = st.lists(st.integers(-4, 4), min_size=2, max_size=6).filter(lambda p: p[-1] != 0)
conditions = st.lists(st.tuples(polynomials.map(lambda p: tuple(map(Fraction, p))), signs), min_size=1, max_size=3)


@given(conditions)
@settings(max_examples=150, deadline=None)
def test_what_is_plainly_satisfiable_is_satisfiable(listed: list[tuple[tuple[Fraction, ...], frozenset[str]]]) -> None:
    if plainly_satisfiable(tuple(listed)):
        assert Ring().satisfiable([(list(p), s) for p, s in listed])


PLAIN = {
    "between close roots": ((((1 - 10**10), -2 * 10**10, 10**10), "-"),),
    "a root": (((-2, 0, 1), "0"), ((0, 1), "+")),
    "an end": (((-100, 1), "+"),),
}


@pytest.mark.parametrize("name", PLAIN)
def test_a_plain_value_is_found(name: str) -> None:
    listed = tuple((tuple(map(Fraction, p)), frozenset(s)) for p, s in PLAIN[name])
    assert plainly_satisfiable(listed)


def test_values_that_do_not_count_are_left_out() -> None:
    root = ((tuple(map(Fraction, (-1, 1))), frozenset("0")),)
    assert plainly_satisfiable(root)
    assert not plainly_satisfiable(root, (Fraction(1),))


def test_combinations_are_accepted_as_the_kernel_accepts_them() -> None:
    made = branch("a > 0", "b > 0", "a*b < 0", "a != b")
    one = ((Fraction(1), ONE),)
    candidates = [
        Combine((Summand((i, j), one, False), Summand((k,), one, False))) for i in range(4) for j in range(4) for k in range(4)
    ]
    taken = [c for c in candidates if accepted(made, c)]
    assert taken and len(taken) < len(candidates)
    assert [c for c in candidates if Residues(made).accepted(c)] == taken


def accepted(made: Branch, candidate: Combine) -> bool:
    try:
        combine(made, candidate.summands)
    except Rejected:
        return False
    return True


def test_what_was_listed_is_not_listed_again() -> None:
    asked: list[int] = []
    listed = Remembered(asked.append(i) or i for i in range(5))
    assert list(islice(listed, 2)) == [0, 1]
    assert list(listed) == list(listed) == [0, 1, 2, 3, 4]
    assert asked == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(("source", "tasks"), [("UNIQ", False), ("INJ", False), ("FPD", True), ("WEAK", True), ("SAME", True)])
def test_one_task_is_enough_for_formulas_about_the_mean_alone(source: str, tasks: bool) -> None:
    assert Needs.of([parse(source)]).tasks is tasks


def test_shapes_differ_in_exponents_and_signs_alone() -> None:
    def of(loss: Term, constants: bool = True) -> object:
        return shape(MetaProblem(x, [loss], [1]), (Fraction(0),), constants)

    assert of(x**4 + 2 * x) == of(3 * x**4 + x)
    assert of(x**4 + x) != of(x**4 - x)
    assert of(x**4 + 1) != of(x**4)
    assert of(x**4 + 1, constants=False) == of(x**4, constants=False)


def test_the_first_entries_of_a_large_array_come_at_once() -> None:
    claim = Statement((Natural("n", 12),), (), (Array("c", (symbol("n"),)),), parse_formula("c[1] = 0"))
    ((naturals, _, arrays),) = islice(specialisations(claim, ENTRIES, 1), 1)
    assert naturals == (12,) and arrays == ((Fraction(1),) * 12,)


def test_a_number_that_bears_the_name_of_a_parameter_is_found() -> None:
    problem = MetaProblem(("x", "y"), (parse_term("x^2*y^2/2"),), (Fraction(1),))
    formula = Reading(problem).formula(parse_formula("exists y: forall x in Rn: F(x) = (coord(x, 1)*coord(x, 2) - y)^2/2"), {})
    assert Prover(Suggestions(), effort=400).refute([negation(formula)]) is not None


def test_an_empty_gram_matrix_is_no_obstacle() -> None:
    ones, target = np.ones((1, 1, 1)), np.array([1.0])
    centre = most_definite([np.zeros((1, 0, 0)), ones], np.zeros((1, 0)), target)
    assert centre is not None
    assert [q.shape for q in centre.grams] == [(0, 0), (1, 1)]
    assert most_definite([np.zeros((1, 0, 0))], np.zeros((1, 0)), target) is None


DIFFERENT = {
    "many variables": "forall a, b, c, d, e, f, g, h: a*b + c*d + e*f + g*h = b*a + d*c + f*e + h*g + a - b",
    "vanishing on the axes": "forall a, b, c: a*b*c = 0",
    "vanishing for small numbers": "forall a: a*(a - 1)*(a + 1)*(a - 2) = 0",
}


@pytest.mark.parametrize("source", DIFFERENT.values(), ids=DIFFERENT)
def test_a_universal_equation_that_is_no_identity_fails_at_a_small_point(source: str) -> None:
    assert Prover(Suggestions(), effort=100).refute([parse_formula(source)]) is not None


def test_an_identity_has_no_point_where_it_fails() -> None:
    assert counterexample(parse_formula("forall a, b: (a + b)^2 = a^2 + 2*a*b + b^2"), True) is None
