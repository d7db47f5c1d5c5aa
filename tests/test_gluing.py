"""Problems glued from known ones are what their names say, and refute what small problems do not."""

from __future__ import annotations

from fractions import Fraction

import pytest

from metaid_symbolic import MetaProblem, Theory, reals
from metaid_symbolic.certificates import Instance
from metaid_symbolic.encoding import loads
from metaid_symbolic.examples.collection import collection
from metaid_symbolic.recheck import establish
from metaid_symbolic.search import Finding, Settings
from metaid_symbolic.search.problems.gluing import added, compose, glued, multiplied, on_the_line, split, together
from metaid_symbolic.search.problems.needs import Needs
from metaid_symbolic.search.problems.restriction import Restriction
from metaid_symbolic.search.registry import gluing
from metaid_symbolic.statements import canonical
from metaid_symbolic.terms import ZERO, less

ONE = Fraction(1)
NONE = Needs(rate=False, point=False, descent=False, steps=False, tasks=True)
x = reals("x")


def at(p: object, *values: Fraction) -> Fraction:
    return sum((c * _power(e, values) for e, c in p.items()), Fraction(0))  # type: ignore[attr-defined]


def _power(exponents: tuple[int, ...], values: tuple[Fraction, ...]) -> Fraction:
    result = ONE
    for e, v in zip(exponents, values, strict=True):
        result *= v**e
    return result


P, Q = {(3,): Fraction(2), (1,): -ONE, (0,): Fraction(1, 2)}, {(2,): ONE, (0,): -Fraction(3)}


@pytest.mark.parametrize("v", [Fraction(v) for v in ("0", "1", "-2", "3/2")])
def test_operations_on_polynomials(v: Fraction) -> None:
    assert at(compose(P, Q), v) == at(P, at(Q, v))
    assert at(multiplied(P, Q), v) == at(P, v) * at(Q, v)
    assert at(added(P, Q), v) == at(P, v) + at(Q, v)


def test_the_mean_of_a_split_task_is_the_task() -> None:
    for losses, weights in split(((P,), (ONE,))):
        assert weights == (ONE / 2, ONE / 2) and losses[0] != losses[1]
        assert {e: c / 2 for e, c in added(*losses).items()} == P
    assert not list(split(((P, Q), (ONE / 2, ONE / 2))))


def test_a_product_has_the_products_of_the_weights() -> None:
    losses, weights = together(((P, Q), (ONE / 3, 2 * ONE / 3)), ((P,), (ONE,)))
    assert weights == (ONE / 3, 2 * ONE / 3) and at(losses[1], ONE, 2 * ONE) == at(Q, ONE) + at(P, 2 * ONE)


def test_what_is_glued_is_in_range_and_listed_once() -> None:
    known = [e.problem for e in collection()]
    found = list(glued(known, NONE, Restriction((1, 2), (1, 2))))
    assert len(found) == len(set(found)) > 100
    assert {p.dimension for p in found} == {1, 2} and {len(p.losses) for p in found} == {1, 2}
    assert not list(glued(known, NONE, Restriction((3, 3), (1, 2))))


def test_problems_that_are_no_polynomials_on_the_line_are_left_out() -> None:
    assert on_the_line([MetaProblem(x, [x**2], [1])]) == [(({(2,): ONE},), (ONE,))]
    assert not on_the_line([MetaProblem(x, [1 / (1 + x**2)], [1]), MetaProblem(x, [x], [1], constraints=[less(ZERO, x)])])


REFUTED = ("FPD & ISO => UNIQ", "SCONV & EXISTS => UNIQ[F_MAML]", "UNIQ => HPDCRIT")


@pytest.mark.parametrize("text", REFUTED)
def test_it_refutes(text: str) -> None:
    claim = Theory("t").claim("c", text)
    (found,) = (made for made in gluing(claim, Settings()) if isinstance(made, Finding))
    assert isinstance(found.certificate, Instance)
    made = establish(claim.assertion, loads(canonical(found.certificate)), {}, ("python", "flint"))
    assert made.truth is False
    assert not list(gluing(claim, Settings(blind=True)))


@pytest.mark.parametrize("text", ["SCONV => CONV", "UNIQ => WEAK"])
def test_it_says_nothing_against_true_claims(text: str) -> None:
    assert not [made for made in gluing(Theory("t").claim("c", text), Settings()) if isinstance(made, Finding)]
