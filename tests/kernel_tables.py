"""Certificates that the kernel must accept, and certificates that it must refuse; run as a script it checks the second table.

`python -O tests/kernel_tables.py` shows that no refusal rests on an `assert`.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from metaid_symbolic.certificates import (
    Certificate,
    Combine,
    Contraction,
    Cut,
    Defined,
    Derivation,
    Differentiate,
    Done,
    Enclose,
    Instance,
    Instances,
    Instantiate,
    Lemma,
    MatrixCounterexample,
    MatrixProof,
    NormalForm,
    OneVariable,
    Pair,
    Proof,
    Reduction,
    Refutation,
    Rewrite,
    Root,
    Specialisation,
    Split,
    Summand,
)
from metaid_symbolic.claims import (
    Array,
    AtProblem,
    Claim,
    Determines,
    EveryCombination,
    ForAllProblems,
    Labelled,
    MatrixIdentities,
    Natural,
    SomeProblem,
    Statement,
    Theorem,
    Universe,
)
from metaid_symbolic.conditions import Conditions
from metaid_symbolic.kernel import Rejected, check
from metaid_symbolic.language import parse_term
from metaid_symbolic.problems import MetaProblem, Noise, Uniform
from metaid_symbolic.terms import ONE, ZERO, Term, at_most, equal, less, negation, number, symbol

Q = Fraction
Row = tuple[Claim, Certificate]
parse = Conditions().parse
x, y, z, r, one = symbol("x"), symbol("y"), symbol("z"), symbol("r"), parse_term("1")
a1, a2, a3, phi, unknown = symbol("_1"), symbol("_2"), symbol("_3"), symbol("phi"), symbol("_.1")
done = Done()
OPEN, WHOLE, INTERVAL, ANY = Universe(), Universe(domain="whole"), Universe(domain="interval"), Universe(domain="any")
GAUSS = Universe(domain="whole", law="gaussian")
half = (Q(1, 2), Q(1, 2))


def real(source: str, **parts: Any) -> Statement:
    return Statement(parts.get("naturals", ()), parts.get("functions", ()), parts.get("arrays", ()), parse(source))


def labelled(*sources: str) -> tuple[Labelled, ...]:
    return tuple(Labelled(s, parse(s)) for s in sources)


def every(conclusion: str, *hypotheses: str, universe: Universe = OPEN) -> ForAllProblems:
    return ForAllProblems(universe, labelled(*hypotheses), labelled(conclusion)[0])


def some(*conditions: str, universe: Universe = OPEN) -> SomeProblem:
    return SomeProblem(universe, labelled(*conditions))


def at(problem: MetaProblem, source: str | Term) -> AtProblem:
    return AtProblem(problem, parse(source) if type(source) is str else source)  # type: ignore[arg-type]


def proved(source: str, proof: Proof, **parts: Any) -> Row:
    return real(source, **parts), Derivation(proof)


def instance(problem: MetaProblem, *facts: Proof, point: Any = (0,), **parts: Any) -> Instance:
    where = tuple(map(Q, point))
    return Instance(problem, where, parts.get("domain", ()), parts.get("connected"), facts, parts.get("maps", ()))


def positive(*literals: int) -> Summand:
    """The product of the literals, as it is."""
    return Summand(literals, ((Q(1), one),), False)


def square(root: str | Term, weight: Any = 1, *literals: int) -> Summand:
    return Summand(literals, ((Q(weight), parse_named(root)),), False)


def free(root: str | Term, *literals: int) -> Summand:
    return Summand(literals, ((Q(1), parse_named(root)),), True)


def parse_named(root: str | Term) -> Term:
    return parse_term(root) if type(root) is str else root  # type: ignore[return-value]


def root(term: Term, low: Any, high: Any, then: Proof, unique: bool = False, bits: int = 128) -> Root:
    return Root((term,), ((Q(low), Q(high)),), bits, unique, then)


quad = MetaProblem(x, [x**2], [1])
flat = MetaProblem(x, [0 * x], [1])
plane = MetaProblem((x, y), [x**2 + y**2], [1])
pull = MetaProblem(x, [x, -x], half)
two = MetaProblem(x, [x**2, (x - 1) ** 2], half)
inner = MetaProblem(x, [x**2 / 2], [1], rate=1)
interval = MetaProblem(x, [x], [1], constraints=(at_most(0, x), at_most(x, 1)))
ray = MetaProblem(x, [x**-1], [1], constraints=(less(0, x),))
outside = MetaProblem(x, [x**2], [1], constraints=(less(1, x**2),))
disc = MetaProblem((x, y), [x**2 + y**2], [1], constraints=(less(x**2 + y**2, 1),))
noisy = MetaProblem(x, [(x - z) ** 2 / 2], [1], noise=(Noise("z", Q(0), Q(1)),))
boxed = MetaProblem(x, [(x - z) ** 2 / 2], [1], noise=(Uniform("z", Q(-1), Q(2)),))
blend = MetaProblem(x, [(x - z) ** 2, (x - r) ** 2], half, noise=(Uniform("z", Q(0), Q(1)), Noise("r", Q(1), Q(4))))
product_noise = MetaProblem(x, [x * z], [1], noise=(Noise("z", Q(0), Q(1)),))

shrink = Contraction((a1 * (1 - a3), a2 * (1 - a3)), ())
# 1 - r^2 > 0, 0 <= s <= 1, (1 - s)^2 r^2 >= 1:  ((1-s)^2 r^2 - 1) + (1 - r^2) + r^2 (2 s - s^2) = 0 with 2 s - s^2 = s (1 - s) + s  # noqa: E501
shrinking = Combine(
    (
        positive(3),
        positive(0),
        Summand((1, 2), ((Q(1), a1), (Q(1), a2)), False),
        Summand((1,), ((Q(1), a1), (Q(1), a2)), False),
    )
)

CAUCHY = Theorem("Cauchy and Schwarz", (), parse("forall x, y in Rn: dot(x, y)^2 <= norm2(x)*norm2(y)"), "Horn and Johnson, 2013")
FERMAT = Theorem(
    "Fermat",
    ("f", "U"),
    parse("open(U) & C1(f) => forall x in U: (forall y in U: f(x) <= f(y)) => grad f(x) = zero"),
    "Nocedal and Wright, 2006, Theorem 2.2",
)
UNNAMED = Theorem("about G", (), parse("forall x in Rn: G(x) = 0"), "nobody")
LOOSE = Theorem("loose", ("f",), parse("f(w) = 0"), "nobody")
LOOSE_POINT = Theorem("loose at phi", ("f",), parse("f(phi) = 0"), "nobody")
ZERO_EVERYWHERE = Theorem("zero everywhere", ("f",), parse("forall x in Rn: f(x) = 0"), "nobody")
COMMON = Theorem("common", ("f", "U"), parse("m < n => exists x in U: forall i in 1..m: f(i, x) = 0"), "nobody")
COUNTED = Theorem("counted", ("f",), parse("forall x in Rn: sum(i, m, f(i, x)) = 0"), "nobody")
BOUND = Theorem("bound", ("f",), parse("forall m: forall x in Rn, i in 1..m: f(i, x) = 0"), "nobody")
MAPPED = Theorem("mapped", ("q",), parse("forall x in Rn: q(x) = x"), "nobody")
THEOREMS: Mapping[str, Theorem] = {
    t.name: t for t in (CAUCHY, FERMAT, LOOSE, LOOSE_POINT, UNNAMED, ZERO_EVERYWHERE, COMMON, COUNTED, BOUND, MAPPED)
}

products = MatrixIdentities((("A", "h", "h"), ("B", "h", "h")), (parse("tr(A*B) = tr(B)*tr(A)"),))
commuting = replace(products, formulas=(parse("A*B = B*A"),))


def reduced(formula: Term, combination: Term = ZERO) -> NormalForm:
    """The proof of an equation by what vanishes with the equations granted."""
    return NormalForm(((MatrixProof((formula,), "", (Reduction(combination, (), ZERO),), ()),),))


shift = ((Q(0), Q(1), Q(0), Q(0)), (Q(0), Q(0), Q(1), Q(0)))

same_slope = Determines(WHOLE, (parse_term("grad F(phi)"),), parse_term("F(phi)"))
quotient, logarithm = MetaProblem(x, [(1 + x + x**2) ** -1], [1]), MetaProblem(x, [Term("log", (1 + x + x**2,))], [1])
softplus = MetaProblem(x, [Term("log", (1 + Term("exp", (x,)),))], [1])
ABOVE_ZERO = Combine((positive(0), square(one, Q(3, 4)), square(a1 + Q(1, 2))))
rated, lifted = replace(quad, rate=ONE), MetaProblem(x, [x**2 + 1], [1], rate=1)
both = EveryCombination(OPEN, (), labelled("CRIT"))

difference = a1 - a2
squared = parse_term("L(t, phi)^2")
at_a_task = Combine((positive(4), Summand((), ((Q(1), Term("app", ("L", symbol("_t1"), phi))),), False)))
MOTZKIN = "forall x, y: x^4*y^2 + x^2*y^4 - 3*x^2*y^2 + 1 > 0"

TWO = "forall s, t in tasks: ({}) => forall u in Rn: dot(grad L(s, phi), u) = dot(grad L(t, phi), u)"


FLAT = "exists v in Rn: v != zero & (forall t in tasks: dot(grad L(t, phi), v) = 0)"
SECOND = "forall v in Rn: (forall x in Phi: {}dot(grad F_MAML(x), v) = 0) => D2F_MAML(phi, v, v) = 0"
STEP_INSIDE = "(forall t in tasks: x - alpha*grad L(t, x) in Phi) => "
MEANT = "F_MAML(phi, 1) = E(t, L(t, phi - grad L(t, phi)))"
OTHER = Instantiate(1, (symbol("_p1"),), Instantiate(0, (symbol("_p2"),), done))
ORTHOGONAL = Lemma("orthogonal to all", (), (), OTHER)

# a formula z <= 3 r - 6 under a bound name r that the normal form of a sum once used for itself, so that it read z <= 0
THRICE = Term("sum", ("s", number(3), symbol("task.body"))) - Term("sum", ("s", number(3), symbol("s")))
CAPTURED = Term("forall", ("task.body", "real", at_most(z, THRICE)))
NO_BOUND = Term("forall", ("z", "real", Term("or", (less(ONE, ZERO), negation(CAPTURED)))))
BELOW = (a1 + Term("sum", ("s", number(3), symbol("s")))) / 3 - 1
# the sum of i = 1, ..., n of 1 is n for a natural number n only
ROUNDED = Term("forall", ("n", "real", equal(Term("sum", ("i", symbol("n"), ONE)), symbol("n"))))
ROUGH = Universe(smoothness="continuous")
SMOOTH = Universe(smoothness="C3")


def flat_direction(lemma: str, *hypotheses: str, universe: Universe = OPEN) -> Row:
    """A direction along which no task loss changes at phi, by a lemma on few tasks."""
    used = Instantiate(0, (symbol("_p1"),), Instantiate(2, (symbol("_t2"),), done))
    return every(FLAT, *hypotheses, universe=universe), Derivation(Lemma(lemma, (), (), Instantiate(1, (phi,), used)))


def second(premise: str, universe: Universe) -> Row:
    """The second derivative of F_MAML at phi, whose slope along v vanishes where the premise holds."""
    return every(SECOND.format(premise), universe=universe), Derivation(
        Differentiate(0, 0, Instantiate(1, (phi, symbol("_p1")), done))
    )


def sloped(premise: str, universe: Universe = OPEN, quantifier: int = 0, **points: Any) -> Row:
    """Equal slopes of two losses at phi, by differentiating the premise and putting x = phi."""
    at_phi = Instantiate(1, (phi, points.get("u", symbol("_p3"))), done)
    return every(TWO.format(premise), universe=universe), Derivation(Differentiate(0, quantifier, at_phi))


ACCEPTED: dict[str, tuple[Claim, Certificate, bool]] = {
    "done": (*proved("0 < 1", done), True),
    "done: one polynomial up to scaling": (*proved("forall x, y: 2*x < 2*y | x = y | 3*y < 3*x", done), True),
    "done: visible sign": (*proved("forall x, y: 0 < x^2*exp(y) + 1 & y = y", done), True),
    "done: opaque equation": (every("phi = phi"), Derivation(done), True),
    "done: a vector equation up to scaling": (every("forall x, y in Rn: 2*x - y = zero => 3*y = 6*x"), Derivation(done), True),
    "done: the mean of a vector that does not depend on the task": (
        every("forall x in Rn: E(t, L(t, phi)*x) = F(phi)*x"),
        Derivation(done),
        True,
    ),
    "rewrite a point": (
        every("forall x, y in Rn: 2*x = y => norm2(y) = 4*norm2(x)"),
        Derivation(Rewrite("_p2", 2 * symbol("_p1"), done)),
        True,
    ),
    "the sum of an expression in its index": (
        *proved(
            "sum(i, n, i + u[i]) = sum(i, n, u[i]) + sum(j, n, j)",
            done,
            naturals=(Natural("n", 1),),
            arrays=(Array("u", (symbol("n"),)),),
        ),
        True,
    ),
    "rewrite a task": (
        every("forall s, t in tasks: s = t => L(s, phi) = L(t, phi)"),
        Derivation(Rewrite("_t1", symbol("_t2"), done)),
        True,
    ),
    "rewrite by a quotient": (
        *proved("forall x, y: 0 < x & x*y = 1 => y^2*x^2 = 1", Rewrite("_2", 1 / a1, done)),
        True,
    ),
    "instantiate": (*proved("(forall x: x^3 > 1) => 2 < 1", Instantiate(0, (ZERO,), done)), True),
    "instantiate twice at once": (*proved("(forall x, y: x < y) => 2 < 1", Instantiate(0, (ONE, ZERO), done)), True),
    "instantiate under shadowing": (
        *proved(
            "(forall x: x > 0 => (exists x: x > 5)) => (exists y: y > 5)", Instantiate(0, (ONE,), Instantiate(1, (a1,), done))
        ),
        True,
    ),
    "split": (*proved("forall x: x = 1 | x = -1 => x^2 = 1", Split(0, (OneVariable("_1"), OneVariable("_1")))), True),
    "cut": (
        *proved(
            "(forall x: x^3 > 1) => 2 < 1",
            Cut(parse("forall y: y > 3"), Instantiate(1, (ZERO,), done), Instantiate(0, (ZERO,), done)),
        ),
        True,
    ),
    "rewrite": (*proved("forall x, y: y = 2*x => y^2 = 4*x^2", Rewrite("_2", 2 * a1, done)), True),
    "rewrite with a division": (*proved("forall x, y: 3*y + 1 = x => y = x/3 - 1/3", done), True),
    "lemma log": (*proved("exp(log(2)) = 2", Lemma("log", (), (number(2),), done)), True),
    "lemma sqrt": (*proved("sqrt(2)^2 = 2", Lemma("sqrt", (), (number(2),), done)), True),
    "lemma relu": (*proved("relu(-1) = 0", Lemma("relu", (), (number(-1),), done)), True),
    "lemma exp": (*proved("forall x: exp(x) >= 1 + x", Lemma("exp", (), (a1,), done)), True),
    "derivative of an identity": (*sloped("forall x in Phi: L(s, x) = L(t, x)"), True),
    "derivative on an open part of Phi": (*sloped("forall x in Phi: norm2(x) < 1 + norm2(phi) => L(s, x) = L(t, x)"), True),
    "derivative of a product": (
        every(
            "(forall x in Phi: F(x)*norm2(x) = norm2(x)) => 2*F(phi)*norm2(phi) + dot(grad F(phi), phi)*norm2(phi) = 2*norm2(phi)"
        ),
        Derivation(Differentiate(0, 0, Instantiate(1, (phi, phi), done))),
        True,
    ),
    "derivative of the adapted objective": (
        every(
            "forall u in Rn: dot(grad F_MAML(phi), u)"
            " = E(t, dot(grad L(t, phi - alpha*grad L(t, phi)), u)"
            " - alpha*D2L(t, phi, u, grad L(t, phi - alpha*grad L(t, phi))))",
            universe=WHOLE,
        ),
        Derivation(
            Lemma(
                "adapted objective",
                (),
                (),
                Differentiate(
                    0,
                    0,
                    Lemma(
                        "whole space",
                        (),
                        (),
                        Instantiate(
                            1,
                            (phi, symbol("_p1")),
                            Instantiate(2, (phi - symbol("alpha") * Term("grad", ("L", symbol("_t4"), phi)),), done),
                        ),
                    ),
                ),
            )
        ),
        True,
    ),
    "second derivative of the adapted objective": (*second("", Universe(domain="whole", smoothness="C3")), True),
    "second derivative where the adapted points stay in Phi": (
        every(SECOND.format(STEP_INSIDE), "STAYS", universe=Universe(smoothness="C3")),
        Derivation(
            Differentiate(
                1,
                0,
                Instantiate(2, (phi, symbol("_p1")), Instantiate(0, (phi,), Instantiate(3, (symbol("_t4"),), done))),
            )
        ),
        True,
    ),
    "a Hessian product and its transpose": (
        every("forall u, v in Rn, s, t in tasks: dot(HL(s, phi, u), HL(t, phi, v)) = D2L(t, phi, HL(s, phi, u), v)"),
        Derivation(done),
        True,
    ),
    "a Hessian product is linear": (
        every("forall u, v in Rn, t in tasks: HL(t, phi, 2*u - v) = 2*HL(t, phi, u) - HL(t, phi, v)"),
        Derivation(done),
        True,
    ),
    "lemma few tasks": (*flat_direction("few tasks", "not count(n)"), True),
    "lemma few balanced tasks": (*flat_direction("few balanced tasks", "not count(n + 1)", "CRIT"), True),
    "lemma orthogonal to all": (
        every("forall x in Rn: (forall u in Rn: dot(x, u) = 0) => x = zero"),
        Derivation(ORTHOGONAL),
        True,
    ),
    "lemma adapted objective at a rate": (
        every(MEANT, "whole"),
        Derivation(
            Lemma(
                "adapted objective at a rate",
                (),
                (),
                Instantiate(
                    0,
                    (phi, ONE),
                    Lemma("whole space", (), (), Instantiate(1, (phi - Term("grad", ("L", symbol("_t1"), phi)),), done)),
                ),
            )
        ),
        True,
    ),
    "lemma norm": (every("0 <= norm2(phi)"), Derivation(Lemma("norm", (), (), Instantiate(1, (phi,), done))), True),
    "lemma whole space": (
        every("forall x in Rn: x in Phi", "whole"),
        Derivation(Lemma("whole space", (), (), Instantiate(0, (symbol("_p1"),), done))),
        True,
    ),
    "lemma mean": (every("0 <= E(t, L(t, phi)^2)"), Derivation(Lemma("mean", (), (squared,), at_a_task)), True),
    "cited theorem": (
        every("forall x in Rn: dot(phi, x)^2 <= norm2(phi)*norm2(x)"),
        Derivation(Lemma("Cauchy and Schwarz", (), (), Instantiate(0, (phi, symbol("_p1")), done))),
        True,
    ),
    "root": (*proved("exists x: x^3 = 2", root(unknown**3 - 2, 1, 2, Instantiate(0, (a1,), done))), True),
    "one variable": (*proved("forall x: x^4 + 1 > x", OneVariable("_1")), True),
    "one variable, two conditions": (*proved("forall x: x^2 = 2 & x > 0 => x < 3/2", OneVariable("_1")), True),
    "one variable, roots meet at an end": (*proved("forall x: (x^2 - 4)*(x - 3)*x^2 = 0 => x^2 <= 9", OneVariable("_1")), True),
    "combine": (*proved("forall x, y: x^2 + y^2 >= 2*x*y", Combine((positive(0), square(difference)))), True),
    "combine with an equation": (
        *proved("forall x, y: x = y => x*y >= 0", Combine((positive(1), square(a1), free(a1, 0)))),
        True,
    ),
    "combine products of literals": (
        *proved("forall x, y: x > 0 & y > 0 => x*y > 0", Combine((positive(0, 1), positive(2)))),
        True,
    ),
    "enclose": (*proved("exp(1) < 3", Enclose(0, 64)), True),
    "enclose a logarithm": (*proved("log(2) < 7/10", Enclose(0, 64)), True),
    "enclose a root": (*proved("sqrt(2) + sqrt(3) < 63/20", Enclose(0, 64)), True),
    "counterexample": (every("grad F(phi) = zero"), instance(quad, done, point=(1,)), False),
    "counterexample with a hypothesis": (every("HPD", "CRIT"), instance(flat, done, done), False),
    "example": (some("CRIT", "HPD"), instance(quad, done, done), True),
    "example in the plane": (some("CRIT", "HPD"), instance(plane, done, done, point=(0, 0)), True),
    "example on an interval": (some("F(phi) = 0", universe=INTERVAL), instance(interval, done), True),
    "example with a division": (some("F(phi) = 1"), instance(ray, done, point=(1,), domain=(done,)), True),
    "example on a disc": (some("CRIT"), instance(disc, done, point=(0, 0), connected=replace(shrink, proofs=(shrinking,))), True),
    "example with a Gaussian task": (some("F(phi) = 1/2", universe=GAUSS), instance(noisy, done), True),
    "example with adaptation": (some("F_MAML(phi) = 0"), instance(inner, done, point=(3,)), True),
    "no example": (some("forall x in Rn: dot(x, x) = 1"), Refutation(Instantiate(0, (Term("zero"),), done), 0), False),
    "no example with a family": (
        some("forall th in families: exists t in tasks: th[t] != th[t]", "exists th in families: true"),
        Refutation(Instantiate(0, (symbol("_f1"),), done), 0),
        False,
    ),
    "derivation": (every("F(phi) <= F(phi)"), Derivation(done), True),
    "derivation: F is the mean": (every("F(phi) = E(s, L(s, phi))"), Derivation(done), True),
    "all combinations": (both, Instances((instance(quad, done), instance(quad, done, point=(1,)))), True),
    "impossible combination": (EveryCombination(OPEN, labelled("CRIT"), labelled("CRIT")), Refutation(done, 1), False),
    "one problem": (at(two, "forall x in Rn: grad F(x) = 2*x - [1]"), Derivation(done), True),
    "one problem refuted": (at(quad, "forall x, y in Rn: F(x) = F(y)"), Refutation(Instantiate(0, (ONE, ZERO), done), 0), False),
    "one problem with a logarithm": (
        at(
            logarithm,
            "forall y in Rn: (not 1 + coord(y, 1) + coord(y, 1)^2 = 0) =>"
            " coord(grad F(y), 1)*(1 + coord(y, 1) + coord(y, 1)^2) = 2*coord(y, 1) + 1",
        ),
        Defined((ABOVE_ZERO,), Derivation(done)),
        True,
    ),
    "one problem with a quotient refuted": (
        at(quotient, "forall y in Rn: F(y) = 1"),
        Defined((ABOVE_ZERO,), Refutation(Instantiate(0, (ONE,), done), 0)),
        False,
    ),
    "one problem that divides on its domain": (
        at(ray, "forall y in Rn: y in Phi => coord(y, 1)*F(y) = 1"),
        Defined((done,), Derivation(done)),
        True,
    ),
    "one problem with a logarithm that is seen to be defined": (
        at(softplus, "forall y in Rn: coord(grad F(y), 1)*(1 + exp(coord(y, 1))) = exp(coord(y, 1))"),
        Derivation(done),
        True,
    ),
    "one problem that needs no proof of its domain": (at(quad, "whole"), Defined((), Derivation(done)), True),
    "a uniform law": (
        at(
            boxed,
            "forall y in Rn: 2*F(y) = coord(y, 1)^2 - coord(y, 1) + 1 & E(t, L(t, y)^2)*60 = 15*coord(y, 1)^4"
            " - 30*coord(y, 1)^3 + 90*coord(y, 1)^2 - 75*coord(y, 1) + 33",
        ),
        Derivation(done),
        True,
    ),
    "a uniform law refuted": (at(boxed, "F([0]) = 1/3"), Refutation(done, 0), False),
    "a mixture of laws": (
        at(blend, "forall y in Rn: 6*F(y) = 6*coord(y, 1)^2 - 9*coord(y, 1) + 16"),
        Derivation(done),
        True,
    ),
    "one problem, naturals": (at(quad, "forall i in 1..2: i = 1 | i = 2"), Derivation(done), True),
    "one problem, whole": (at(quad, "whole"), Derivation(done), True),
    "one problem, not whole": (at(outside, "not whole"), Derivation(Instantiate(0, (ZERO,), done)), True),
    "one problem, different losses": (at(pull, "count(2) & not count(3)"), Derivation(done), True),
    "one problem, losses on a ray": (
        at(replace(pull, constraints=(less(0, x),)), "count(2)"),
        Derivation(Instantiate(0, (ONE,), done)),
        True,
    ),
    "specialisation": (real("k <= 2", naturals=(Natural("k", 0),)), Specialisation((3,), (), (), done), False),
    "specialisation of a function": (
        real("forall x: f(x) = f(0)", functions=("f",)),
        Specialisation((), (("f", "s", symbol("s")),), (), Instantiate(0, (ONE,), done)),
        False,
    ),
    "specialisation of an array": (
        real("sum(i, 2, w[i]) = 0", arrays=(Array("w", (number(2),)),)),
        Specialisation((), (), ((Q(1), Q(1)),), done),
        False,
    ),
    "equal normal forms": (products, reduced(products.formulas[0]), True),
    "matrices that do not commute": (commuting, MatrixCounterexample((("h", 2),), shift), False),
    "pair": (same_slope, Pair(rated, (Q(0),), lifted, (Q(0),)), False),
    # small changes of the kernel that would refuse these
    "instantiate under a denied quantifier": (
        *proved("(forall x: not (exists y: y > x)) => 2 < 1", Instantiate(0, (ZERO, ONE), done)),
        True,
    ),
    "derivative of a coordinate": (
        every("forall u in Rn: (forall x in Phi: F(x) = coord(x, 1)) => dot(grad F(phi), u) = coord(u, 1)"),
        Derivation(Differentiate(0, 0, Instantiate(1, (phi, symbol("_p1")), done))),
        True,
    ),
    "derivative of the adapted objective at a rate": (
        every("(forall x in Rn: F_MAML(x, 1/2) = 0) => dot(grad F_MAML(phi, 1/2), phi) = 0", universe=WHOLE),
        Derivation(Differentiate(0, 0, Instantiate(1, (phi, phi), done))),
        True,
    ),
    "enclose beside a variable without a lower bound": (
        *proved("forall x, y: 0 <= x & x <= 1 & y <= 1 => exp(x) < 3", Enclose(3, 64)),
        True,
    ),
    "enclose beside a variable without an upper bound": (
        *proved("forall x, y: 0 <= x & x <= 1 & 0 <= y => exp(x) < 3", Enclose(3, 64)),
        True,
    ),
    "instantiate in a range": (
        *proved(
            "(forall i in 1..k: 2 < w[i]) => (forall j in 1..k: 1 < w[j])",
            Instantiate(0, (symbol("_i1"),), Combine((positive(1), positive(2), square(one)))),
            naturals=(Natural("k", 0),),
            arrays=(Array("w", (symbol("k"),)),),
        ),
        True,
    ),
}

REFUSED: dict[str, Row] = {
    # no rule takes the pair
    "a statement with an instance": (real("0 < 1"), instance(quad, done)),
    "a problem with a pair": (at(quad, "0 < 1"), Pair(rated, (Q(0),), lifted, (Q(0),))),
    "a universal claim with a refutation": (every("CRIT"), Refutation(done, 0)),
    "matrices with a derivation": (products, Derivation(done)),
    "an existence claim with a derivation": (some("CRIT"), Derivation(done)),
    "a refutation with a number": (at(quad, "0 = 1"), Refutation(done, 1)),
    # done
    "done too early": proved("forall x: x^4 + 1 > x", done),
    "done at a false formula": proved("1 < 0", done),
    "a step after the end": proved("0 < 1", OneVariable("_1")),
    "no visible sign": proved("forall x: x^3 + 1 > 0 & x = x", done),
    "visible sign of a square may be 0": proved("forall x: x^2 > 0 & x = x", done),
    "square root is not visibly positive": proved("forall x: sqrt(x) >= 0 & x = x", done),
    "scaling by a negative number": proved("forall x, y: x < y | -x < -y", done),
    "no possible sign only with equality": proved("forall x, y: 2*x < 2*y | 3*y < 3*x", done),
    "empty disjunction": (Statement((), (), (), Term("or", ())), Derivation(done)),
    "negated empty conjunction": (Statement((), (), (), negation(Term("and", ()))), Derivation(done)),
    # partial terms
    "1/x at 0": proved("forall x: x*(1/x) = 1", done),
    "0/0": proved("0*(1/(1 - 1)) = 0", done),
    "zero denominator not visibly zero": proved("forall x: 1/((x + 1)^2 - x^2 - 2*x - 1)*0 = 0", done),
    "nested division": proved("forall x: 1/(1 + 1/(x - x)) = 1", done),
    "the sign of a quotient": proved("forall x: x^2/x^2 >= 0", done),
    "logarithm of a negative number": proved("exp(log(-1)) = -1", Lemma("log", (), (number(-1),), done)),
    "square root of a negative number": proved("sqrt(-1)^2 = -1", Lemma("sqrt", (), (number(-1),), done)),
    "enclosed logarithm at 0": proved("log(0) < 1", Enclose(0, 64)),
    "enclosed division by 0": proved("1/(exp(0) - 1) < 1", Enclose(0, 64)),
    "enclosed root of a negative number": proved("sqrt(-2) < 5", Enclose(0, 64)),
    # instantiate
    "instantiate an existential formula": proved("(exists x: x > 0) => 0 > 1", Instantiate(0, (ZERO,), done)),
    "instantiate with an unknown variable": proved("(forall x: x^3 > 1) => 2 < 1", Instantiate(0, (symbol("_7"),), done)),
    "instantiate with a bound name": proved("(forall x: x^3 > 1) => 2 < 1", Instantiate(0, (x,), done)),
    "instantiate with too many terms": proved("(forall x: x^3 > 1) => 2 < 1", Instantiate(0, (ZERO, ZERO), done)),
    "instantiate with no term": proved("(forall x: x^3 > 1) => 2 < 1", Instantiate(0, (), done)),
    "instantiate another fact": proved("(forall x: x^3 > 1) => 2 < 1", Instantiate(1, (ZERO,), done)),
    "instantiate a negative fact": proved("(forall x: x^3 > 1) => 2 < 1", Instantiate(-1, (ZERO,), done)),
    "instantiate a point by a number": (
        every("F(phi) > 1", "forall x in Rn: F(x) > 1"),
        Derivation(Instantiate(0, (ONE,), done)),
    ),
    "capture by an inner quantifier": proved("forall y: (forall x: (exists y: y > x)) => y > y", Instantiate(0, (a1,), done)),
    "capture in a shadowed quantifier": proved("(forall x: x > 0 => (exists x: x > 5)) => 6 > 6", Instantiate(0, (ONE,), done)),
    "a bound name that is a fresh name": (
        Statement((), (), (), Term("forall", ("_1", "real", less(ZERO, a1)))),
        Derivation(done),
    ),
    "two naturals of one name": proved("0 < h", done, naturals=(Natural("h", 5), Natural("h", 0))),
    "two arrays of one name": (
        real("a = 1", arrays=(Array("a", ()), Array("a", ()))),
        Specialisation((), (), ((Q(1),), (Q(2),)), done),
    ),
    "a function of one variable at two numbers": proved("f(0, 1) = f(0, 1)", done, functions=("f",)),
    "two functions of one name": proved("0 < 1", done, functions=("f", "f")),
    "a natural and an array of one name": proved("0 < 1", done, naturals=(Natural("h", 0),), arrays=(Array("h", ()),)),
    "a natural number from -1 on": (real("0 < h + 1", naturals=(Natural("h", -1),)), Specialisation((-1,), (), (), done)),
    "a name that nothing binds": (Statement((), (), (), parse("b = b")), Derivation(done)),
    "a constant of meta-problems in a statement": (Statement((), (), (), parse("alpha = alpha")), Derivation(done)),
    "a hypothesis that is a number": (ForAllProblems(OPEN, (Labelled("1", one),), *labelled("false")), Derivation(done)),
    "a conclusion that is a number": (ForAllProblems(OPEN, (), Labelled("1", one)), Derivation(done)),
    "a claim about one problem that is a number": (AtProblem(quad, one), Derivation(done)),
    "a hypothesis that is no formula": (
        ForAllProblems(OPEN, (Labelled("1", one),), Labelled("true", parse("true"))),
        Derivation(done),
    ),
    "a name with a dot": (Statement((), (), (), Term("forall", ("x.1", "real", parse("0 < 1")))), Derivation(done)),
    "two existential variables are one": proved("(exists x: x > 0) & (exists x: x < 0) => 0 > 1", done),
    "two families are one": (
        every(
            "not (exists th in families: exists t in tasks: th[t] != zero)",
            "exists th in families: forall t in tasks: th[t] = zero",
        ),
        Derivation(Instantiate(0, (symbol("_t3"),), done)),
    ),
    "one family is another": (
        every(
            "1 < 0",
            "forall th in families: exists t in tasks: th[t] = zero",
            "exists th in families: forall t in tasks: th[t] != zero",
        ),
        Derivation(Instantiate(0, (symbol("_f1"),), done)),
    ),
    # split
    "split a universal fact": proved("(forall x: x^3 > 1) => 2 < 1", Split(0, (done,))),
    "split with a branch missing": proved("forall x: x = 1 | x = -1 => x^2 = 1", Split(0, (OneVariable("_1"),))),
    "split with a branch too many": proved("forall x: x = 1 | x = -1 => x^2 = 1", Split(0, (OneVariable("_1"),) * 3)),
    "split with one branch open": proved("forall x: x = 1 | x = 2 => x^2 = 1", Split(0, (OneVariable("_1"), OneVariable("_1")))),
    "split nothing": proved("forall x: x = 1 => x^2 = 1", Split(0, ())),
    # cut
    "cut with a free name": proved("forall x: x > 0", Cut(parse("w > 0"), done, done)),
    "cut and forget a side": proved("forall x: x > 0", Cut(parse("0 < 1"), done, done)),
    "cut with a bound name that a normal form uses": (
        real("1 < 0"),
        Derivation(Cut(NO_BOUND, Instantiate(0, (ZERO,), done), Instantiate(0, (BELOW,), done))),
    ),
    # rewrite
    "rewrite by an inequality": proved("forall x, y: y < 2*x => y^2 = 4*x^2", Rewrite("_2", 2 * a1, done)),
    "rewrite by a disequation": proved("forall x, y: y != 2*x => y^2 = 4*x^2", Rewrite("_2", 2 * a1, done)),
    "rewrite a square": proved("forall x, y: y^2 = x => y = x", Rewrite("_2", a1, done)),
    "rewrite with a variable coefficient": proved("forall x, y: x*y = x => y = 1", Rewrite("_2", ONE, done)),
    "rewrite by a term with the variable": proved(
        "forall x, y: y + exp(y) = x => y = x", Rewrite("_2", a1 - Term("exp", (a2,)), done)
    ),
    "rewrite an absent variable": proved("forall x, y: x = 0 => y = 0", Rewrite("_2", ZERO, done)),
    "rewrite by another value": proved("forall x, y: y = 2*x => y^2 = 9*x^2", Rewrite("_2", 3 * a1, done)),
    "rewrite a number by a point": (every("forall x: x = phi => x in Phi"), Derivation(Rewrite("_1", phi, done))),
    "rewrite a task by another": (
        every("forall s, t in tasks: s != t => L(s, phi) = L(t, phi)"),
        Derivation(Rewrite("_t1", symbol("_t2"), done)),
    ),
    "rewrite a natural number that a real number shadows": (
        ForAllProblems(OPEN, labelled("n = 1"), Labelled("", Term("and", (ROUNDED, parse("forall x: x^4 + 1 > x"))))),
        Derivation(Rewrite("n", ONE, OneVariable("_1"))),
    ),
    "rewrite a point with a variable coefficient": (
        every("forall c, x in Rn: c*x = zero => x = zero"),
        Derivation(Rewrite("_p2", Term("zero"), done)),
    ),
    "rewrite a point by a term with it": (
        every("forall x in Rn: grad F(x) = x => x = zero"),
        Derivation(Rewrite("_p1", Term("grad", ("F", symbol("_p1"))), done)),
    ),
    "rewrite by no vector equation": (every("forall x in Rn: x = phi"), Derivation(Rewrite("_p1", phi, done))),
    # vectors
    "a product of two vectors": (every("0 <= phi*phi"), Derivation(done)),
    "a power of a vector": (every("0 <= phi^2"), Derivation(done)),
    "a vector and a number": (every("phi + 1 = 1 + phi"), Derivation(done)),
    "a vector divided": (every("norm2(phi)*(1/norm2(phi))*phi = phi"), Derivation(done)),
    "the mean of a vector that depends on the task": (
        every("E(t, L(t, phi)*grad L(t, phi)) = F(phi)*grad F(phi)"),
        Derivation(done),
    ),
    "the square of a mean is the mean of squares": (
        every("dot(grad F(phi), grad F(phi)) = E(t, norm2(grad L(t, phi)))"),
        Derivation(done),
    ),
    # lemmas
    # derivatives of identities
    "a derivative on a set that is not open": sloped("forall x in Phi: L(s, x) = L(t, x)", ANY),
    "a derivative of functions that are only continuous": sloped(
        "forall x in Phi: L(s, x) = L(t, x)", Universe(smoothness="continuous")
    ),
    "a derivative of an equation at one point": sloped("L(s, phi) = L(t, phi)"),
    "a derivative on a ball with its boundary": sloped("forall x in Phi: norm2(x - phi) <= 0 => L(s, x) = L(t, x)"),
    "a derivative along an equation": sloped("forall x in Phi: x = phi => L(s, x) = L(t, x)"),
    "a derivative of an inequality": sloped("forall x in Phi: L(s, x) <= L(t, x)"),
    "a derivative of an equation that may fail": sloped("forall x in Phi: L(s, x) = L(t, x) | L(s, x) = 0"),
    "a derivative outside of Phi": sloped("forall x in Rn: L(s, x) = L(t, x)"),
    "a derivative where a point may leave Phi": sloped("forall x in Phi: L(s, x + x) = L(t, x + x)"),
    "a derivative by a quantifier that is not there": sloped("forall x in Phi: L(s, x) = L(t, x)", quantifier=1),
    "a derivative by a negative quantifier": sloped("forall x in Phi: L(s, x) = L(t, x)", quantifier=-1),
    "a derivative by a task": (
        every("(forall t in tasks, x in Phi: L(t, x) = 0) => dot(grad F(phi), phi) = 0"),
        Derivation(Differentiate(0, 0, Instantiate(1, (phi, phi), done))),
    ),
    "a derivative of relu": (
        every("(forall x in Phi: F(x) = relu(coord(x, 1))) => dot(grad F(phi), phi) = 0"),
        Derivation(Differentiate(0, 0, Instantiate(1, (phi, phi), done))),
    ),
    "a derivative of an unknown map": (
        every("(forall x in Phi: F(x) = norm2(Q(x))) => dot(grad F(phi), phi) = 0"),
        Derivation(Differentiate(0, 0, Instantiate(1, (phi, phi), done))),
    ),
    "a derivative of what nobody says is differentiable": (
        every("(forall x in Phi: F_MAML(x) = F_MAML(x, 1)) => dot(grad F_MAML(phi), phi) = dot(grad F_MAML(phi, 1), phi)"),
        Derivation(Differentiate(0, 0, Instantiate(1, (phi, phi), done))),
    ),
    "a third derivative of C^2 losses": (
        every("(forall x in Phi: D2F(x, phi, phi) = 0) => D3F(phi, phi, phi, phi) = 0"),
        Derivation(Differentiate(0, 0, Instantiate(1, (phi, phi), done))),
    ),
    "a second derivative where an adapted point may leave Phi": second("", Universe(smoothness="C3")),
    "a second derivative of the adapted objective of C^2 losses": second("", WHOLE),
    "a second derivative where a second inner step may leave Phi": (
        every(SECOND.format(STEP_INSIDE), STEP_INSIDE.replace("x", "phi")[:-4], "steps = 2", universe=SMOOTH),
        Derivation(Differentiate(1, 0, Instantiate(2, (phi, symbol("_p1")), Instantiate(0, (symbol("_t4"),), done)))),
    ),
    "a gradient where there may be none": (every("CRIT => E(t, grad L(t, phi)) = zero", universe=ROUGH), Derivation(done)),
    "a Hessian where there may be none": (
        every("forall u in Rn: D2F(phi, u, phi) = D2F(phi, phi, u)", universe=ROUGH),
        Derivation(done),
    ),
    "a second derivative where another point stays in Phi": second(
        STEP_INSIDE.replace("x - alpha", "x + alpha"), Universe(smoothness="C3")
    ),
    "a second derivative after many steps where the first stays in Phi": (
        every(SECOND.format(STEP_INSIDE), "STAYS", "0 <= steps", universe=Universe(smoothness="C3")),
        Derivation(
            Differentiate(
                1, 0, Instantiate(2, (phi, symbol("_p1")), Instantiate(0, (phi,), Instantiate(3, (symbol("_t4"),), done)))
            )
        ),
    ),
    "the mean of the numbers of tasks": (at(two, "E(t, t) = 1/2"), Derivation(done)),
    "the number of a task for a rate": (at(two, "forall t in tasks: F_MAML([0], t) = F_MAML([0], t)"), Derivation(done)),
    "a sum of a number and a vector on the line": (at(two, "[1] + 1 = [2]"), Derivation(done)),
    "a number that equals a vector on the line": (at(two, "[1] = 1"), Derivation(done)),
    "a function that is named like a linear one": proved("forall x: HLx(2*x) = 2*HLx(x)", done, functions=("HLx",)),
    "Hessians that do not commute": (
        every("forall u, v in Rn, s, t in tasks: dot(HL(s, phi, u), HL(t, phi, v)) = dot(HL(t, phi, u), HL(s, phi, v))"),
        Derivation(done),
    ),
    "a Hessian at two points": (
        every("forall x, u, v in Rn, t in tasks: dot(HL(t, x, u), v) = D2L(t, phi, u, v)"),
        Derivation(done),
    ),
    "a mean of Hessian products is a product of means": (
        every("forall u, v in Rn: E(t, dot(HL(t, phi, u), HL(t, phi, v))) = E(s, E(t, dot(HL(s, phi, u), HL(t, phi, v))))"),
        Derivation(done),
    ),
    "a Hessian product without arguments": proved("forall x: x < 1", Cut(equal(Term("app", ("HL",)), Term("zero")), done, done)),
    "a second derivative without arguments": proved("forall x: x < 1", Cut(equal(Term("app", ("D2L",)), ZERO), done, done)),
    "an arbitrary function for a predicate": proved("whole => whole", done, functions=("whole",)),
    "an arbitrary function under the name of Hessian products": proved("forall x: HL(x) = HL(x)", done, functions=("HL",)),
    "as many tasks as dimensions": flat_direction("few tasks", "not count(n + 1)"),
    "as many tasks as dimensions, not balanced": flat_direction("few balanced tasks", "not count(n + 1)"),
    "few tasks on a set that may be closed": flat_direction("few tasks", "not count(n)", universe=ANY),
    "few tasks of losses that are only continuous": flat_direction(
        "few tasks", "not count(n)", universe=Universe(smoothness="continuous")
    ),
    "orthogonal to one vector": (
        every("forall x in Rn: dot(x, phi) = 0 => x = zero"),
        Derivation(Lemma("orthogonal to all", (), (), Instantiate(0, (symbol("_p1"),), done))),
    ),
    "an adapted objective at a rate where the step may leave Phi": (
        every(MEANT),
        Derivation(Lemma("adapted objective at a rate", (), (), Instantiate(0, (phi, ONE), done))),
    ),
    "a derivative with a wrong factor": (
        every("(forall x in Phi: F(x) = norm2(x)) => dot(grad F(phi), phi) = norm2(phi)"),
        Derivation(Differentiate(0, 0, Instantiate(1, (phi, phi), done))),
    ),
    "an adapted objective of two steps": (
        at(MetaProblem("x", (x**2 / 2,), (Q(1),), rate=number(2), steps=2), "F_MAML([1]) = 0"),
        Refutation(Lemma("adapted objective", (), (), Instantiate(0, (ONE,), done)), 0),
    ),
    "an adapted objective of many steps": (
        every("0 <= steps & F_MAML(phi) = E(t, L(t, phi - alpha*grad L(t, phi)))", universe=WHOLE),
        Derivation(Lemma("adapted objective", (), (), Instantiate(0, (phi,), done))),
    ),
    "unknown lemma": proved("1 < 0", Lemma("ex falso", (), (), done)),
    "lemma without its term": proved("1 < 0", Lemma("exp", (), (), done)),
    "lemma with two terms": proved("1 < 0", Lemma("exp", (), (ONE, ONE), done)),
    "lemma at an unknown variable": proved("forall x: exp(x) >= 1 + x", Lemma("exp", (), (symbol("_9"),), done)),
    "lemma at a task of another name": (
        every("0 <= E(t, L(t, phi)^2)"),
        Derivation(Lemma("mean", (), (parse_term("L(s, phi)^2"),), done)),
    ),
    "exp below its tangent": proved("forall x: exp(x) > 1 + x", Lemma("exp", (), (a1,), done)),
    "relu at a positive number": proved("relu(1) = 0", Lemma("relu", (), (ONE,), done)),
    "descent for losses that are not C^1": (
        every("grad F(phi) = zero", "gd(1, phi, phi)", universe=Universe(domain="whole", smoothness="none")),
        Derivation(Lemma("limit is critical", (), (), Instantiate(0, (ONE, phi, phi), done))),
    ),
    "descent on an open set": (
        every("grad F(phi) = zero", "gd(1, phi, phi)"),
        Derivation(Lemma("limit is critical", (), (), Split(0, (done, Instantiate(1, (ONE, phi, phi), done))))),
    ),
    "mean of a nonnegative function is positive": (
        every("0 < E(t, L(t, phi)^2)"),
        Derivation(Lemma("mean", (), (squared,), done)),
    ),
    # cited theorems
    "theorem for no function": (every("CRIT", "OPT"), Derivation(Lemma("Fermat", (), (), done))),
    "theorem for a strange function": (every("CRIT", "OPT"), Derivation(Lemma("Fermat", (("f", "H"), ("U", "Phi")), (), done))),
    "theorem about a loss without its task": (
        every("CRIT", "OPT"),
        Derivation(Lemma("Fermat", (("f", "L"), ("U", "Phi")), (), done)),
    ),
    "theorem about F with a task": (every("CRIT", "OPT"), Derivation(Lemma("Fermat", (("f", "F"), ("U", "Phi")), (phi,), done))),
    "theorem on a set that may be closed": (
        every("CRIT", "OPT", universe=ANY),
        Derivation(Lemma("Fermat", (("f", "F"), ("U", "Phi")), (), Instantiate(1, (phi,), done))),
    ),
    "theorem about a function that it does not name": (
        every("G(phi) = 0"),
        Derivation(Lemma("about G", (), (), Instantiate(0, (phi,), done))),
    ),
    "theorem with a loose name": (every("CRIT"), Derivation(Lemma("loose", (("f", "F"),), (), done))),
    # roots
    "root without a change of sign": proved("exists x: x^2 = 2", root(unknown**2 - 2, 2, 3, Instantiate(0, (a1,), done))),
    "root at an end": proved("exists x: x < 0 & x^2 = 0", root(unknown**3, 0, 1, done)),
    "root of a function with a pole": proved("exists x: 1/x = 0", root(unknown**-1, -1, 1, Instantiate(0, (a1,), done))),
    "root of an exponential": proved("exists x: exp(x) = 2", root(Term("exp", (unknown,)) - 2, 0, 1, done)),
    "root with two variables": proved("forall y: exists x: x = y", root(unknown - a1, -1, 1, Instantiate(0, (a2,), done))),
    "root of a kink": proved("exists x: relu(x) = 1", root(Term("relu", (unknown,)) - 1, 0, 2, done)),
    "root in an empty interval": proved("exists x: x^3 = 2", root(unknown**3 - 2, 2, 1, Instantiate(0, (a1,), done))),
    "root that names a coordinate": (
        some("true"),
        instance(MetaProblem(x, [x**-1], [1]), done, point=(1,), domain=(root(unknown - 5, 4, 6, OneVariable("_1")),)),
    ),
    # one variable
    "one variable with a solution": proved("forall x: x^4 + 1/4 > x", OneVariable("_1")),
    "one variable at the boundary": proved("forall x: x^2 > 0", OneVariable("_1")),
    "one variable that is irrational": proved("forall x: x^2 != 2", OneVariable("_1")),
    "one variable at an irrational double zero": proved("forall x: (x^2 - 2)^2*(x - 5)^2 > 0", OneVariable("_1")),
    "one variable between double zeros": proved("forall x: (x^2 - 2)^2*(x^2 - 3)^3 >= 0", OneVariable("_1")),
    "one variable unknown": proved("forall x: x^4 + 1 > x", OneVariable("_2")),
    "one variable in two": proved("forall x, y: x^2 + y^2 > 0", OneVariable("_1")),
    "one variable in an exponential": proved("forall x: exp(x) > x", OneVariable("_1")),
    # sums of squares
    "Motzkin is zero at (1, 1)": proved(MOTZKIN, Combine((positive(0), square(a1 * a2)))),
    "sum is not zero": proved("forall x, y: x^2 + y^2 >= 2*x*y", Combine((positive(0), square(a1 + a2)))),
    "no strict summand": proved("forall x, y: x^2 + y^2 > 2*x*y", Combine((positive(0), square(difference)))),
    "negative weight": proved("forall x, y: x^2 >= y^2", Combine((positive(0), square(a1), square(a2, -1)))),
    "free multiplier without an equation": proved(
        "forall x, y: x >= y", Combine((positive(0), Summand((), ((Q(1), a1 - a2),), True)))
    ),
    "free multiplier with a weight": proved("forall x, y: x = y => x > y + 1", Combine((Summand((0,), ((Q(2), a1),), True),))),
    "free multiplier at an inequality": proved("forall x, y: x < y", Combine((free(-one, 0), positive(0)))),
    "no summand": proved("1 < 0 | exists x: x^2 = -1", Combine(())),
    "a literal that is not there": proved("forall x: x > 0", Combine((positive(3),))),
    "a square that divides": proved("forall x: x > 0", Combine((positive(0), square(a1**-1)))),
    "the sign of a disequation": proved("forall x: x = 1", Combine((positive(0), square(a1 - 1)))),
    # enclosures
    "enclosure that leaves it open": proved("exp(1) < 2718281828459045/1000000000000000", Enclose(0, 64)),
    "enclosure of equal numbers": proved("sqrt(2)*sqrt(2) != 2", Enclose(0, 512)),
    "enclosure with few bits": proved("exp(1) < 272/100", Enclose(0, 9)),
    "enclosure with no bits": proved("exp(1) < 3", Enclose(0, 0)),
    "enclosure with a variable": proved("forall x: x < exp(x)", Enclose(0, 64)),
    "enclosure of a huge exponential": proved("1 < exp(-(10^18))", Enclose(0, 64)),
    # towers and long numbers
    "exponent tower": proved("forall x: ((x^1000)^1000)^1000 = x", OneVariable("_1")),
    "tower of numbers": proved("((2^1000)^1000)^1000 < 0", done),
    "an integer of 5000 digits": (Statement((), (), (), equal(number(10**5000), ZERO)), Derivation(done)),
    # problems
    "witness outside the domain": (some("F(phi) = -1", universe=INTERVAL), instance(interval, done, point=(-1,))),
    "witness on the boundary": (some("F(phi) = 0"), instance(replace(interval, constraints=(less(0, x),)), done)),
    "witness in another dimension": (some("CRIT"), instance(quad, done, point=(0, 0))),
    "witness in another dimension, unused": (some("true"), instance(quad, done, point=(0, 0))),
    "no fact": (some("CRIT"), instance(quad)),
    "a fact too many": (some("CRIT"), instance(quad, done, done)),
    "a hypothesis fails": (every("HPD", "CRIT"), instance(quad, done, done)),
    "the conclusion holds": (every("CRIT"), instance(quad, done)),
    "an open interval for a closed one": (
        some("true", universe=INTERVAL),
        instance(replace(interval, constraints=(less(0, x), less(x, 1))), done, point=("1/2",)),
    ),
    "a half-line for an interval": (
        some("true", universe=INTERVAL),
        instance(replace(interval, constraints=(at_most(0, x),)), done),
    ),
    "one point for an interval": (
        some("true", universe=INTERVAL),
        instance(replace(interval, constraints=(at_most(0, x), at_most(x, 0))), done),
    ),
    "a closed set for an open one": (some("true"), instance(interval, done)),
    "a ray for the whole space": (
        some("true", universe=WHOLE),
        instance(replace(quad, constraints=(less(0, x),)), done, point=(1,)),
    ),
    "a disconnected set": (some("true"), instance(outside, done, point=(2,))),
    "a homotopy that leaves the set": (
        some("true"),
        instance(outside, done, point=(2,), connected=Contraction((a1 * (1 - a2) + 2 * a2,), (done,))),
    ),
    "a homotopy that does not start at the identity": (
        some("true"),
        instance(disc, done, point=(0, 0), connected=Contraction((0 * a1, 0 * a2), (shrinking,))),
    ),
    "a homotopy that does not end": (
        some("true"),
        instance(disc, done, point=(0, 0), connected=Contraction((a1, a2), (shrinking,))),
    ),
    "a homotopy with a pole": (
        some("true"),
        instance(
            disc, done, point=(0, 0), connected=Contraction((a1 * (1 - a3), a2 * (1 - a3) ** 1 * (1 + a3) ** -1), (shrinking,))
        ),
    ),
    "a homotopy without its proof": (some("true"), instance(disc, done, point=(0, 0), connected=shrink)),
    "a domain that divides": (some("true"), instance(replace(quad, constraints=(less(x**-1, 1),)), done, point=(2,))),
    "a loss that divides, without proof": (some("true"), instance(ray, done, point=(1,))),
    "a loss that divides by 0": (some("true"), instance(replace(ray, constraints=()), done, point=(1,), domain=(done,))),
    "a loss that divides in a division": (
        some("true"),
        instance(MetaProblem(x, [(1 + x**-1) ** -1], [1]), done, point=(1,), domain=(done, done)),
    ),
    "a logarithm at 0": (
        some("true"),
        instance(MetaProblem(x, [Term("log", (x**2,))], [1]), done, point=(1,), domain=(OneVariable("_1"),)),
    ),
    "a square root with a kink": (
        some("true"),
        instance(MetaProblem(x, [Term("sqrt", (x**2,))], [1]), done, point=(1,), domain=(OneVariable("_1"),)),
    ),
    "a loss with relu": (some("true"), instance(MetaProblem(x, [Term("relu", (x,))], [1]), done)),
    "a rate that is 0": (some("true"), instance(replace(quad, rate=ZERO), done)),
    "a rate that is no number": (some("true"), instance(replace(quad, rate=x), done)),
    "no rate": (some("F_MAML(phi) = 0"), instance(quad, done)),
    "no inner step": (some("F_MAML(phi) = F(phi)", "not CRIT"), instance(replace(inner, steps=0), done, done, point=(1,))),
    "adaptation on a part of the space": (
        some("F_MAML(phi) = 0"),
        instance(replace(inner, constraints=(less(x, 5),)), done, point=(3,)),
    ),
    "a finite law for a Gaussian one": (some("true", universe=GAUSS), instance(quad, done)),
    "a Gaussian law for a finite one": (some("true"), instance(noisy, done)),
    "no polynomial in the Gaussian task": (
        some("true", universe=GAUSS),
        instance(MetaProblem(x, [Term("exp", (z**2,))], [1], noise=(Noise("z", Q(0), Q(1)),)), done),
    ),
    "two Gaussian tasks are one": (at(product_noise, "forall x in Rn: E(s, E(t, L(s, x)*L(t, x))) = norm2(x)"), Derivation(done)),
    "a uniform law has another mean": (at(boxed, "F([0]) = 1/3"), Derivation(done)),
    "a uniform law on a point": (
        at(replace(boxed, noise=(Uniform("z", Q(1), Q(1)),)), "F([1]) = 0"),
        Derivation(done),
    ),
    "a uniform law is not Gaussian": (
        some("true", universe=GAUSS),
        instance(boxed, done),
    ),
    "a uniform law is not finite": (some("true", universe=WHOLE), instance(boxed, done)),
    "a mixture is not Gaussian": (some("true", universe=GAUSS), instance(blend, done)),
    "a uniform law is no Gaussian model": (at(boxed, "gaussian_model"), Derivation(done)),
    "a mixture is no Gaussian model": (at(blend, "gaussian_model"), Derivation(done)),
    "the tasks of a mixture": (at(blend, "forall t in tasks: true"), Derivation(done)),
    "an exponential of a uniform variable": (
        at(replace(boxed, losses=(Term("exp", (z * x,)),)), "F([0]) = 1"),
        Derivation(done),
    ),
    "families of a Gaussian task": (at(noisy, "forall th in families: true"), Derivation(done)),
    "all Gaussian tasks": (at(noisy, "forall t in tasks: true"), Derivation(done)),
    "a derivation for Gaussian laws": (every("F(phi) = F(phi)", universe=GAUSS), Derivation(done)),
    "a map that the claim does not leave open": (some("true"), instance(quad, done, maps=(("F", (x,)),))),
    "a map that is no polynomial": (some("true"), instance(quad, done, maps=(("Q", (x**-1,)),))),
    # readings
    "a trivial constraint is not the whole space": (
        every("whole", "forall x in Rn: x in Phi"),
        instance(replace(quad, constraints=(less(ZERO, ONE),)), done, done),
    ),
    "losses on one point": (
        at(MetaProblem(x, [x, 2 * x], half, constraints=(at_most(x, 0), at_most(0, x))), "count(2)"),
        Derivation(done),
    ),
    "losses on no point": (
        at(MetaProblem(x, [x, 2 * x], half, constraints=(less(x, 0), less(0, x))), "count(2)"),
        Derivation(done),
    ),
    "one loss in two terms": (at(MetaProblem(x, [x * 2, x + x], half), "count(2)"), Derivation(done)),
    "losses that are no polynomials": (
        at(MetaProblem(x, [Term("exp", (x,)) ** 2, Term("exp", (2 * x,))], half), "count(2)"),
        Derivation(done),
    ),
    "natural numbers are equal": (at(quad, "forall i in 1..1: i != 1"), Derivation(done)),
    "a task is no number": (at(quad, "forall t in tasks: t + 1 = 1"), Derivation(done)),
    "a task is no number, compared": (at(quad, "forall t in tasks: t != 1"), Derivation(done)),
    "a loss of two points": (at(quad, "forall t in tasks, x, y in Rn: L(t, x, y) = F(x)"), Derivation(done)),
    "a rate that a quantifier binds": (at(replace(quad, rate=symbol("r")), "forall r: r = alpha"), Derivation(done)),
    "a rate with a fresh name": (at(replace(quad, rate=a1), "exists r: r != alpha"), Refutation(done, 0)),
    "a rate that bears the name of a parameter": (
        at(MetaProblem(r, [r**2 / 2], [1]), "forall r: F_MAML([1], r) = 0"),
        Derivation(done),
    ),
    "a direction that bears the name of a parameter": (
        at(MetaProblem(r, [r**2 / 2], [1]), "forall r: D2F([1], [r], [1]) = 1"),
        Derivation(done),
    ),
    "a number that bears the name of a Gaussian variable": (
        at(noisy, "forall z: E(t, L(t, [0])*z) = 0"),
        Derivation(done),
    ),
    "two numbers of one name": (at(MetaProblem(r, [r], [1]), "forall r: (forall r: 0 < 1) & F([r]) = 0"), Derivation(done)),
    "a product of two points": (at(plane, "forall x, y in Rn: x*y = x*y"), Derivation(done)),
    "a square of a point": (at(quad, Term("forall", ("x", "point", equal(x * x, x)))), Derivation(done)),
    "a family for a point": (at(two, "forall th in families: th = th"), Derivation(done)),
    "a free name": (every("1 < 0", "x > 0", "(exists x: x < 0) | 1 < 0"), Derivation(done)),
    "a false identity": (at(two, "forall x in Rn: grad F(x) = 2*x"), Derivation(done)),
    "a true identity refuted": (at(two, "forall x in Rn: grad F(x) = 2*x - [1]"), Refutation(done, 0)),
    "a problem that divides": (at(ray, "0 < 1"), Derivation(done)),
    "a problem with a logarithm": (at(logarithm, "0 < 1"), Derivation(done)),
    "no proof of a domain": (at(logarithm, "0 < 1"), Defined((), Derivation(done))),
    "a wrong proof of a domain": (at(logarithm, "0 < 1"), Defined((done,), Derivation(done))),
    "another proof of a domain": (
        at(logarithm, "0 < 1"),
        Defined((Combine((positive(0), square(a1))),), Derivation(done)),
    ),
    "a proof of what is seen": (at(softplus, "0 < 1"), Defined((done,), Derivation(done))),
    "a logarithm that is seen to be undefined": (
        at(replace(softplus, losses=(Term("log", (-1 - x**2,)),)), "0 < 1"),
        Derivation(done),
    ),
    "a logarithm of an even power": (at(replace(softplus, losses=(Term("log", (x**2,)),)), "0 < 1"), Derivation(done)),
    "a proof of a domain too many": (at(quad, "0 < 1"), Defined((done,), Derivation(done))),
    "two proofs of one domain": (at(logarithm, "0 < 1"), Defined((ABOVE_ZERO, ABOVE_ZERO), Derivation(done))),
    "a pole in the domain": (at(replace(ray, constraints=()), "0 < 1"), Defined((OneVariable("_1"),), Derivation(done))),
    "a pole on the boundary of the domain": (
        at(replace(ray, constraints=(at_most(0, x),)), "0 < 1"),
        Defined((done,), Derivation(done)),
    ),
    "a logarithm of 0 in the domain": (
        at(replace(logarithm, losses=(Term("log", (x**2,)),)), "0 < 1"),
        Defined((OneVariable("_1"),), Derivation(done)),
    ),
    "a hidden division by 0": (at(MetaProblem(x, [(x - x) ** -1], [1]), "0 < 1"), Defined((done,), Derivation(done))),
    "a division by 0 in a denominator": (
        at(MetaProblem(x, [(1 + (x - x) ** -1) ** -1], [1]), "0 < 1"),
        Defined((done, done), Derivation(done)),
    ),
    "a kink in a claim about one problem": (
        at(MetaProblem(x, [Term("relu", (x,))], [1]), "0 < 1"),
        Defined((), Derivation(done)),
    ),
    "a false formula where the losses are defined": (at(logarithm, "1 < 0"), Defined((ABOVE_ZERO,), Derivation(done))),
    "a domain and a refutation with a number": (at(logarithm, "1 < 0"), Defined((ABOVE_ZERO,), Refutation(done, 1))),
    "a domain for all problems": (every("true"), Defined((), Derivation(done))),
    # combinations
    "a combination is missing": (both, Instances((instance(quad, done),))),
    "combinations in the wrong order": (both, Instances((instance(quad, done, point=(1,)), instance(quad, done)))),
    "a combination that occurs": (both, Refutation(done, 0)),
    "a combination of no such number": (both, Refutation(done, 2)),
    "a combination before the first": (both, Refutation(done, -1)),
    # statements
    "a natural number below its least": (real("k <= 2", naturals=(Natural("k", 5),)), Specialisation((3,), (), (), done)),
    "no value for a natural number": (real("k <= 2", naturals=(Natural("k", 0),)), Specialisation((), (), (), done)),
    "a function with a pole": (
        real("forall x: f(x) = f(0)", functions=("f",)),
        Specialisation((), (("f", "s", symbol("s") ** -1),), (), done),
    ),
    "a function with a kink": (
        real("f(1) = f(0)", functions=("f",)),
        Specialisation((), (("f", "s", Term("relu", (symbol("s"),))),), (), done),
    ),
    "a function of two variables": (
        real("forall x: f(x) = f(0)", functions=("f",)),
        Specialisation((), (("f", "s", symbol("s") + x),), (), done),
    ),
    "a function under another name": (
        real("f(1) = f(0)", functions=("f",)),
        Specialisation((), (("g", "s", symbol("s")),), (), done),
    ),
    "an array of the wrong size": (
        real("sum(i, 2, w[i]) = 0", arrays=(Array("w", (number(2),)),)),
        Specialisation((), (), ((Q(1),),), done),
    ),
    "an index outside its array": (
        real("w[3] = 0", arrays=(Array("w", (number(2),)),)),
        Specialisation((), (), ((Q(1), Q(1)),), done),
    ),
    "a random array outside its expectation": (
        real("normal[1] = normal[1] + 1", arrays=(Array("normal", (one,)),)),
        Specialisation((), (), ((),), done),
    ),
    "an expectation of no polynomial": (
        real("Ex(exp(normal[1])) = 1", arrays=(Array("normal", (one,)),)),
        Specialisation((), (), ((),), done),
    ),
    "an expectation of a quotient": (
        real("Ex(1/(1 + normal[1]^2)) = 1", arrays=(Array("normal", (one,)),)),
        Specialisation((), (), ((),), done),
    ),
    "an array under a bound name": (
        real("exists w: w[1] = 2", arrays=(Array("w", (one,)),)),
        Specialisation((), (), ((Q(1),),), done),
    ),
    "values for which it holds": (real("k <= 2", naturals=(Natural("k", 0),)), Specialisation((2,), (), (), done)),
    "one size for all sizes": (real("k <= 2", naturals=(Natural("k", 0),)), Derivation(done)),
    # matrices
    "different normal forms": (commuting, reduced(commuting.formulas[0])),
    "matrices that satisfy it": (products, MatrixCounterexample((("h", 2),), shift)),
    "an empty matrix": (commuting, MatrixCounterexample((("h", 0),), ((), ()))),
    "a matrix of another shape": (commuting, MatrixCounterexample((("h", 2),), (shift[0], shift[1][:3]))),
    "a matrix that is not symmetric": (
        replace(commuting, formulas=(parse("A = tr(A) => A*B = B*A"),)),
        MatrixCounterexample((("h", 2),), shift),
    ),
    # pairs
    "a pair with different inputs": (same_slope, Pair(rated, (Q(0),), lifted, (Q(1),))),
    "a problem compared with itself": (same_slope, Pair(rated, (Q(0),), rated, (Q(0),))),
    "a pair with different rates": (same_slope, Pair(rated, (Q(0),), replace(lifted, rate=number(2)), (Q(0),))),
    "a pair with different steps": (same_slope, Pair(rated, (Q(0),), replace(lifted, steps=2), (Q(0),))),
    "a pair without inner steps": (same_slope, Pair(replace(rated, steps=0), (Q(0),), replace(lifted, steps=0), (Q(0),))),
    "a pair without a rate": (same_slope, Pair(quad, (Q(0),), replace(lifted, rate=None), (Q(0),))),
    "a pair in another universe": (replace(same_slope, universe=INTERVAL), Pair(rated, (Q(0),), lifted, (Q(0),))),
    "a pair for Gaussian laws": (replace(same_slope, universe=GAUSS), Pair(rated, (Q(0),), lifted, (Q(0),))),
    "a pair of Gaussian laws": (
        replace(same_slope, universe=GAUSS),
        Pair(replace(noisy, rate=ONE), (Q(0),), replace(noisy, losses=(noisy.losses[0] + 1,), rate=ONE), (Q(0),)),
    ),
    "a pair of points in another space": (
        Determines(WHOLE, (parse_term("coord(phi, 1)"),), phi),
        Pair(rated, (Q(0), Q(1)), rated, (Q(0), Q(0))),
    ),
    "a pair on a part of the space": (
        same_slope,
        Pair(replace(rated, constraints=(less(x, 1),)), (Q(0),), replace(lifted, constraints=(less(x, 1),)), (Q(0),)),
    ),
    # small changes of the kernel that would accept these
    "theorem for a function that is any": (
        every("G(phi) = 0"),
        Derivation(Lemma("zero everywhere", (("f", "G"),), (), Instantiate(0, (phi,), done))),
    ),
    "a vector without entries": (
        MatrixIdentities((("x", "h", "1"),), (parse("tr(x)*x = 1"),)),
        MatrixCounterexample((("h", 0),), ((),)),
    ),
    "instantiate a universal formula that is denied": proved(
        "(forall x: not (forall y: y > x)) => 2 < 1", Instantiate(0, (ONE, ZERO), done)
    ),
    "a Hessian product without its point": (
        ForAllProblems(OPEN, (), Labelled("", equal(Term("app", ("HL", 2 * phi)), 2 * Term("app", ("HL", phi))))),
        Derivation(done),
    ),
    "a matrix without a shape": (replace(products, formulas=(parse("A*Z = A*Z"),)), reduced(parse("A*Z = A*Z"))),
    "a function under the name of a derivative": proved("0 < 1", done, functions=("D2G",)),
    "a natural number under the name of a point": proved("0 < 1", done, naturals=(Natural("phi", 0),)),
    "a random array outside an expectation": proved("normal[1] = normal[1]", done, arrays=(Array("normal", (one,)),)),
    **{
        f"a zero of {term} at an end": proved("2 < 1", root(term, 0, 1, done))
        for term in (unknown, -unknown, unknown - 1, 1 - unknown)
    },
    "theorem with a loose point": (every("F(phi) = 0"), Derivation(Lemma("loose at phi", (("f", "F"),), (), done))),
    "theorem without functions, with a term": (
        every("forall x in Rn: dot(phi, x)^2 <= norm2(phi)*norm2(x)"),
        Derivation(Lemma("Cauchy and Schwarz", (), (phi,), Instantiate(0, (phi, symbol("_p1")), done))),
    ),
    "multipliers in an unknown variable": proved(
        "forall x, y: x = y => x*y >= 0",
        Combine((positive(1), square(a1), free(a1, 0), free(symbol("_9"), 0), free(-symbol("_9"), 0))),
    ),
    "an upper end rounded down": proved("forall x, y: 0 <= x & x <= 1/3 & 0 <= y & y <= 1 => 3*x*y < 1", Enclose(4, 64)),
    "a lower end rounded up": proved("forall x, y: -1/3 <= x & x <= 0 & 0 <= y & y <= 1 => 3*x*y > -1", Enclose(4, 64)),
    "points among given numbers": (
        real("forall x in Rn: 1 < 0"),
        Specialisation((), (), (), Instantiate(0, (Term("zero"),), done)),
    ),
    "entries for a random array": (
        real("Ex(normal[1]^2) = 2", arrays=(Array("normal", (one,)),)),
        Specialisation((), (), ((Q(1),),), done),
    ),
    "points in a statement for all sizes": proved("forall x in Rn: x = x", done),
    "tasks in a statement for all sizes": proved("forall t in tasks: t = t", done),
    "families in a statement for all sizes": proved("forall th in families: 0 < 1", done),
    "nothing times a power of a vector": (every("0*phi^2 = 0"), Derivation(done)),
    "the exponential of a vector": (every("exp(phi) = exp(phi)"), Derivation(done)),
    "a number divided by a vector": (every("0/phi = 0"), Derivation(done)),
    "instantiate a range that may be empty": proved(
        "(forall i in 1..k: 2 < i) => 2 < 1", Instantiate(0, (ONE,), done), naturals=(Natural("k", 0),)
    ),
    "instantiate a task by a point": (
        every("forall x in Rn: x = phi", "forall s, t in tasks: s = t"),
        Derivation(Instantiate(0, (symbol("_p1"), phi), done)),
    ),
    "a sum that is a function of two variables": proved(
        "0 <= f(0, 1)", Lemma("sum", (), (parse_term("f(0, 1)"),), done), functions=("f",)
    ),
    "a sum that is an objective": (
        every("0 <= F_MAML(phi, 1/2)", universe=WHOLE),
        Derivation(Lemma("sum", (), (parse_term("F_MAML(phi, 1/2)"),), done)),
    ),
    "a derivative of a negation": (
        every("(forall x in Rn: not F(x) = 0) => dot(grad F(phi), phi) = 0"),
        Derivation(Differentiate(0, 0, done)),
    ),
    "a box with one side turned round": proved(
        "2 < 1",
        Root((unknown, symbol("_.2")), ((Q(-1), Q(1)), (Q(1), Q(-1))), 64, False, OneVariable("_2")),
    ),
    "a box with one side that is a point": proved(
        "2 < 1",
        Root((unknown, symbol("_.2")), ((Q(-1), Q(1)), (Q(1), Q(1))), 64, False, OneVariable("_2")),
    ),
    "a rate under a quantifier of its name": (at(replace(quad, rate=ONE), "forall alpha: alpha = 1"), Derivation(done)),
    "a dimension under a quantifier of its name": (at(quad, "forall n: n = 1"), Derivation(done)),
    "a number of steps under a quantifier of its name": (at(quad, "forall steps: steps = 1"), Derivation(done)),
    **{
        f"undecided by enclosure, {sign}": proved(f"exp(1) {sign} 2719/1000 => 2 < 1", Enclose(0, 8))
        for sign in ("<", "<=", "!=")
    },
    **{f"undecided by enclosure, {sign}": proved(f"exp(1) {sign} 2718/1000 => 2 < 1", Enclose(0, 8)) for sign in (">", ">=")},
    **{
        f"a domain on which {side} is defined": (
            some("true", universe=ANY),
            instance(replace(quad, constraints=(at_most(side, side),)), done, point=(1,)),
        )
        for side in (Term("log", (x,)), Term("sqrt", (x,)), x**-1)
    },
}


def refused(row: Row, theorems: Mapping[str, Theorem], arithmetic: str) -> bool:
    """Whether the kernel rejects the row."""
    try:
        check(*row, theorems, arithmetic)
    except Rejected:
        return True
    return False


def report(rows: Mapping[str, Row], theorems: Mapping[str, Theorem], arithmetics: list[str]) -> int:
    """Prints which of the rows the kernel accepts, and returns 1 if it accepts one."""
    wrong = [(name, a) for name, row in rows.items() for a in arithmetics if not refused(row, theorems, a)]
    print(f"{len(rows)} certificates, {len(wrong)} accepted: {wrong}; debug {__debug__}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(report(REFUSED, THEOREMS, sys.argv[1:]))
