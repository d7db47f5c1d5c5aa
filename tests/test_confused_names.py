"""Attacks that rest on a name with two meanings: a free variable taken for a bound one, a dimension for a number, a task of
the branch for a bound task, a set without interior for an open one.  Each once proved something false."""

from __future__ import annotations

import pytest
from kernel_tables import WHOLE, a1, at, done, free, half, one, phi, positive, quad, real, square, x, z

from metaid_symbolic.certificates import (
    Certificate,
    Combine,
    Cut,
    Defined,
    Derivation,
    Differentiate,
    Instantiate,
    Lemma,
    OneVariable,
    Proof,
    Split,
)
from metaid_symbolic.claims import Array, AtProblem, Claim, ForAllProblems, Labelled, Natural, Statement, Theorem, Universe
from metaid_symbolic.kernel import Rejected, check
from metaid_symbolic.problems import MetaProblem, Noise
from metaid_symbolic.terms import ZERO, Term, at_most, equal, less, negation, number, symbol

DIMENSION = Theorem("positive dimension", (), at_most(1, symbol("n")), "R^n has n >= 1")
EXP = Theorem("exp", (), at_most(1, symbol("n")), "R^n has n >= 1")
v = symbol("v")


def term(head: str, *args: object) -> Term:
    return Term(head, args)


def unbound(name: str, wrong: Term, value: Term = ZERO) -> Proof:
    """From a literal about `name` that the branch does not list as a variable: `forall name: wrong`, seen as true at once."""
    small, never = less(a1, ZERO), equal(a1**2 + a1 + 1, ZERO)
    both = [term("forall", name, "real", term("and", wrong, side)) for side in (small, negation(small))]
    either = [term("or", negation(p), never) for p in both]
    ends = Cut(small, Split(0, (OneVariable("_1"),)), Split(1, (OneVariable("_1"),)))
    return Cut(either[0], Cut(either[1], ends, Instantiate(1, (value,), done)), Instantiate(0, (value,), done))


def smooth(argument: Term, name: str) -> AtProblem:
    """The loss log(argument) is C^2, where the random variable `name` may make the argument negative."""
    return at(MetaProblem(x, [term("log", argument)], [1], noise=(Noise(name, 0, 1),)), term("pred", "C2", symbol("L")))


def moved(task: str, point: Term) -> Term:
    return point + term("grad", "L", symbol(task), point)


def loss(task: str, point: Term) -> Term:
    return term("app", "L", symbol(task), point)


def same_line(task: str, bound: str, along: Term) -> Term:
    """Wherever x and x moved by the task are in Phi and every task's loss there is positive: (x - phi) . along = 0."""
    outside = term("forall", bound, "task", less(0, loss(bound, moved(bound, x))))
    inside = term("and", term("pred", "Phi", x), term("pred", "Phi", moved(task, x)), outside)
    return term("forall", "x", "point", term("implies", inside, equal(term("dot", x - phi, along), 0)))


GIVEN = term(
    "and", same_line("t", "s", v), term("pred", "Phi", moved("t", phi)),
    term("forall", "s", "task", less(0, loss("s", moved("s", phi)))),
)  # fmt: skip
CONSEQUENCE = term("forall", "v", "point", term("forall", "t", "task", term("implies", GIVEN, equal(v, term("zero")))))
DIFFERENTIATED = Cut(
    same_line("_t2", "_t2", symbol("_p1")),
    Differentiate(
        2,
        0,
        Instantiate(
            3,
            (phi, symbol("_p1")),
            Split(4, (Instantiate(1, (symbol("_t5"),), done), Lemma("norm", (), (), Instantiate(5, (symbol("_p1"),), done)))),
        ),
    ),
    Instantiate(0, (symbol("_p3"),), Instantiate(2, (symbol("_t4"),), done)),
)
EVERY_C = term("forall", "x", "point", term("pred", "C", x))
NO_NUMBER_C = term("forall", "r", "real", negation(term("pred", "C", symbol("r"))))
ROOT = term("sqrt", ZERO)
WITHOUT_INTERIOR = MetaProblem(x, [x, x**2], half, constraints=(less(term("sqrt", -(x**2)), number("1/2")),))

IDENTICAL = Theorem(
    "identical members", ("f",),
    term(
        "implies", less(symbol("m"), 2),
        term("forall", "i", symbol("m"), term("forall", "j", symbol("m"), equal(symbol("i"), symbol("j")))),
    ),
    "there is one index below 2",
)  # fmt: skip
CONSTANT = Theorem(
    "constants are smooth", ("f",),
    term(
        "implies",
        term("forall", "x", "point", term("forall", "y", "point", equal(term("app", "f", x), term("app", "f", symbol("y"))))),
        term("pred", "C3", symbol("f")),
    ),
    "all derivatives are 0",
)  # fmt: skip
SOME_TASK = Theorem(
    "some task", ("f",),
    term(
        "forall", "x", "point",
        term("implies", term("exists", "_t2", "task", equal(term("app", "f", x), 0)), equal(term("app", "f", x), 0)),
    ),
    "f does not depend on the task",
)  # fmt: skip
ONE_CONSTANT = term(
    "exists", "t", "task", term("forall", "x", "point", term("forall", "y", "point", equal(loss("t", x), loss("t", symbol("y")))))
)
ONE_ZERO = term(
    "forall", "x", "point",
    term("forall", "t", "task", term("implies", term("exists", "s", "task", equal(loss("s", x), 0)), equal(loss("t", x), 0))),
)  # fmt: skip
ONE_TASK = term(
    "implies", negation(term("pred", "count", number(2))),
    term("forall", "t", "task", term("forall", "s", "task", equal(symbol("t"), symbol("s")))),
)  # fmt: skip
ATTACKS: dict[str, tuple[Claim, Certificate, Theorem | None, str]] = {
    "every n >= 0 is a dimension": (
        Statement((Natural("n", 0),), (), (), at_most(1, symbol("n"))),
        Derivation(Lemma("positive dimension", (), (), done)),
        DIMENSION,
        "positive dimension",
    ),
    "n of a theorem in a statement without n": (
        real("forall x: x = 3"),
        Derivation(Lemma("positive dimension", (), (), unbound("n", at_most(1, symbol("n"))))),
        DIMENSION,
        "positive dimension",
    ),
    "a theorem named like a rule about a term": (
        at(quad, "forall x in Rn: F(x) = 3"),
        Derivation(Lemma("exp", (), (), unbound("n", at_most(1, symbol("n"))))),
        EXP,
        "there is no rule 'exp'",
    ),
    "a random variable named like a coordinate": (
        smooth(1 + x - a1, "_1"), Defined((done,), Derivation(done)), None, "depend on random variables",
    ),
    "a random variable bound at sight": (
        smooth(z, "z"), Defined((unbound("z", at_most(z, 0), one),), Derivation(done)), None, "depend on random variables",
    ),
    "two losses that are one on a set without interior": (
        at(WITHOUT_INTERIOR, "count(2)"),
        Derivation(
            Instantiate(
                0,
                (ZERO,),
                Lemma(
                    "sqrt",
                    (),
                    (ZERO,),
                    Combine((square(one, "1/4"), square(ROOT - number("1/2")), positive(0), free(one, 2))),
                ),
            )
        ),
        None,
        "no interior",
    ),
    "the mean of the tasks as a number and as a point": (
        ForAllProblems(WHOLE, (Labelled("", term("and", EVERY_C, NO_NUMBER_C)),), Labelled("", term("false"))),
        Derivation(
            Instantiate(
                0,
                (term("mean", "task.0", symbol("task.0")),),
                Instantiate(1, (term("mean", "t", symbol("t")),), done),
            )
        ),
        None,
        "is no",
    ),
    "a number named like a random array": (
        real("forall x: w[1] = 0", arrays=(Array("w", (one,)),)),
        Derivation(unbound("normal", equal(term("app", "Ex", term("at", "normal", one)), 0), symbol("w"))),
        None,
        "at sight",
    ),
    "tasks of one loss as one index of the family of losses": (
        ForAllProblems(WHOLE, (), Labelled("", ONE_TASK)),
        Derivation(Lemma("identical members", (("f", "L"),), (), Instantiate(0, (symbol("_t1"), symbol("_t2")), done))),
        IDENTICAL,
        "which member",
    ),
    "all losses for the loss of one task": (
        ForAllProblems(WHOLE, (Labelled("", ONE_CONSTANT),), Labelled("", term("pred", "C3", symbol("L")))),
        Derivation(
            Lemma("constants are smooth", (("f", "L"),), (symbol("_t1"),), Instantiate(0, (symbol("_p2"), symbol("_p3")), done))
        ),
        CONSTANT,
        "holds of one",
    ),
    "a task of the branch bound in a theorem": (
        ForAllProblems(WHOLE, (), Labelled("", ONE_ZERO)),
        Derivation(
            Lemma(
                "some task", (("f", "L"),), (symbol("_t2"),),
                Instantiate(0, (symbol("_p1"),), Instantiate(1, (symbol("_t3"),), done)),
            )
        ),
        SOME_TASK,
        "the name _t2 is reserved",
    ),
    "a bound task named like the task of the branch": (
        ForAllProblems(Universe(), (), Labelled("", CONSEQUENCE)), Derivation(DIFFERENTIATED), None,
        "does not know that whole",
    ),
}  # fmt: skip


@pytest.mark.parametrize("arithmetic", ["python", "flint"])
@pytest.mark.parametrize("name", ATTACKS)
def test_the_attack_is_refused(name: str, arithmetic: str) -> None:
    claim, certificate, theorem, message = ATTACKS[name]
    theorems = {theorem.name: theorem} if theorem else {}
    with pytest.raises(Rejected, match=message):
        check(claim, certificate, theorems, arithmetic)
