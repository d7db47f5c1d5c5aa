"""Rows at the edges of the rules about one problem, enclosures, derivatives and quantifiers: where a requirement just fails."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from kernel_tables import (
    ZERO,
    a1,
    a2,
    a3,
    at,
    at_most,
    done,
    every,
    half,
    instance,
    less,
    number,
    phi,
    positive,
    proved,
    quad,
    real,
    replace,
    some,
    square,
    symbol,
    unknown,
    x,
    y,
)

from metaid_symbolic.certificates import (
    Certificate,
    Combine,
    Contraction,
    Derivation,
    Differentiate,
    Enclose,
    Instantiate,
    Lemma,
    Refutation,
    Root,
)  # fmt: skip
from metaid_symbolic.claims import Claim
from metaid_symbolic.problems import MetaProblem, Noise
from metaid_symbolic.terms import Term

Q = Fraction
z, w = symbol("z"), symbol("w")
dome = MetaProblem(x, [-(x**2)], [1])
dome_in_the_plane = MetaProblem((x, y), [-(x**2) - y**2], [1])
fifth_moments = MetaProblem(x, [x, -2 * x, 3 * x], (Q(1, 2), Q(2, 5), Q(1, 10)))
"""E L = E L^3 = 0 at every point, and E L^5 = 12 at 1."""
mixed = MetaProblem(x, [x, Term("exp", (x,))], half)
on_an_interval = MetaProblem(x, [x, 2 * x], half, constraints=(at_most(0, x), at_most(x, 1)))
centred = MetaProblem(x, [(x - z) ** 2 / 2], [1], noise=(Noise("z", Q(2), Q(1)),))
spreads = [Noise("z", Q(0), Q(1)), Noise("w", Q(0), Q(2))]
unequal = MetaProblem((x, y), [(x - z) ** 2 / 2 + (y - w) ** 2 / 2], [1], noise=tuple(spreads))
POINTS = [
    (dome, "not psd(hess F([0]))", "psd(hess F([0]))"),
    (dome_in_the_plane, "not psd(hess F(zero))", "psd(hess F(zero))"),
    (fifth_moments, "not samelaw([1], [-1])", "samelaw([1], [-1])"),
    (centred, "gaussian_likelihood([2])", "not gaussian_likelihood([2])"),
    (centred, "not gaussian_likelihood([1])", "gaussian_likelihood([1])"),
    (unequal, "not gaussian_likelihood(zero)", "gaussian_likelihood(zero)"),
]
NOT_READ = [(mixed, "count(2)"), (quad, "conservative(reptile([1]))"), (quad, "D2Q([1], [1], [1]) = D2Q([1], [1], [1])")]

INTERVAL = "forall x: {} <= x & x <= {} => {}"
ENCLOSED: list[tuple[str, int, int, bool | None]] = [
    (INTERVAL.format(1, 2, "log(x) > 1/2"), 2, 20, None),
    (INTERVAL.format(1, 2, "log(x) < 1/2"), 2, 20, None),
    (INTERVAL.format(1, 2, "log(x) > -1/2"), 2, 20, True),
    (INTERVAL.format(1, 2, "log(x) < 1"), 2, 20, True),
    *((INTERVAL.format(a, b, f"x^2 {sign} 2"), 2, 20, None) for a, b in ((1, 2), (-2, -1)) for sign in "<>"),
    *((INTERVAL.format(a, b, "x^2 > 3/4"), 2, 20, True) for a, b in ((1, 2), (-2, -1))),
    (INTERVAL.format(1, 4, "sqrt(x) > 3/2"), 2, 20, None),
    (INTERVAL.format(1, 4, "sqrt(x) < 3/2"), 2, 20, None),
    (INTERVAL.format(-1, 1, "relu(x) > 0"), 2, 20, None),
    (INTERVAL.format(-1, 2, "exp(x) > 1"), 2, 20, None),
    (INTERVAL.format(-1, 2, "exp(x) < 1"), 2, 20, None),
]

everywhere = MetaProblem(x, [x**2], [1], constraints=(less(ZERO, Term("exp", (x,))),))
beside = MetaProblem((x, y), [x + y], [1], constraints=(less(1, x**2),))
beside_along_y = MetaProblem((x, y), [x + y], [1], constraints=(less(1, x**2 + 0 * y),))
SETTINGS = {
    "a curved side, of which one slope is constant": instance(beside, done, point=(2, 0)),
    "a curved side that names both parameters": instance(beside_along_y, done, point=(2, 0)),
    "a homotopy that moves one coordinate only": instance(
        beside, done, point=(2, 0), connected=Contraction((a1, a2 * (1 - a3)), (done,))
    ),
    **{
        f"a homotopy by way of {path}": instance(
            everywhere, done, connected=Contraction((path,), (Lemma("exp", (), (path,), done),))
        )
        for path in (a1 * (1 - a2) + a2 * Term("log", (number(2),)), a1 * (1 - a2) + a2 * Term("relu", (number(2),)))
    },
    "a homotopy by another variable": instance(
        everywhere, done, connected=Contraction((a1 * (1 - a2) + a2 * (1 - a2) * symbol("_9"),), (done,))
    ),
    "a map with two entries on the line": instance(quad, done, maps=(("Q", (2 * x, x)),)),
}

DIFFERENT = Differentiate(0, 0, Instantiate(1, (phi, phi), done))
ALONG_GRADIENT = Differentiate(0, 0, Instantiate(1, (phi, Term("grad", ("F", phi))), done))
FALSE_FOR_POINTS = "(forall x in Rn: 1 < 0) => 2 < 0"
SUM_OF_SQUARES = Combine((positive(0), square(a1 - a2), square(a1, 0)))
STEPS: list[tuple[Claim, Certificate, bool | None]] = [
    (every("(forall x in Phi: F(x)^2 = 1) => F(phi)*dot(grad F(phi), phi) = 0"), Derivation(DIFFERENT), True),
    (every("(forall x in Phi: F(x)^2 = 1) => F(phi)*dot(grad F(phi), phi) = 1"), Derivation(DIFFERENT), None),
    (every("(forall x in Phi: F(x)^(-1) = 2) => dot(grad F(phi), phi) = 0", "0 < F(phi)"), Derivation(DIFFERENT), None),
    *(
        (
            every(f"(forall x in Phi: {premise} => F(x) = 0) => dot(grad F(phi), phi) = 0", premise.replace("x", "phi")),
            proof,
            None,
        )
        for premise in ("(forall s, t in tasks: L(s, x) < 1 + L(t, x))", "(forall i in 1..2: x in Phi)", "(forall r: x in Phi)")
        for proof in (Derivation(DIFFERENT), Derivation(Differentiate(1, 0, Instantiate(2, (phi, phi), done))))
    ),
    (
        every("(forall x in Phi: sum(i, n, coord(x, i)) = 0) => sum(i, n, coord(grad F(phi), i)) = 0"),
        Derivation(ALONG_GRADIENT),
        True,
    ),
    (
        every("(forall x in Phi: sum(i, n, coord(x, i)^2) = 0) => sum(i, n, coord(grad F(phi), i)) = 0"),
        Derivation(ALONG_GRADIENT),
        None,
    ),
    (every(FALSE_FOR_POINTS), Derivation(Instantiate(0, (phi,), done)), True),
    (every(FALSE_FOR_POINTS), Derivation(Instantiate(0, (symbol("_p9"),), done)), None),
    (every(f"forall t in tasks: {FALSE_FOR_POINTS}"), Derivation(Instantiate(0, (symbol("_t1"),), done)), None),
    (every(f"forall r: {FALSE_FOR_POINTS}"), Derivation(Instantiate(0, (symbol("_1"),), done)), None),
    (every("(forall t in tasks: 1 < 0) => 2 < 0"), Derivation(Instantiate(0, (phi,), done)), None),
    (
        every("forall s in tasks: (forall t in tasks: 1 < 0) => 2 < 0"),
        Derivation(Instantiate(0, (symbol("_t1"),), done)),
        True,
    ),
    (every("(forall x in Rn: exists y in Rn: F(y) = 1) => F(phi) = 1"), Derivation(Instantiate(0, (phi, phi), done)), None),
    (every("(forall x in Rn: forall y in Rn: F(y) = 1) => F(phi) = 1"), Derivation(Instantiate(0, (phi, phi), done)), True),
    (every("(forall u: psd(u*eye) & 1 < 0) => 2 < 0"), Derivation(done), None),
    (real("forall x, y: x^2 + y^2 >= 2*x*y"), Derivation(Lemma("exp", (), (a1,), SUM_OF_SQUARES)), True),
    (real("forall x, y: x^2 + y^2 >= 2*x*y"), Derivation(Lemma("exp", (), (symbol("_99"),), SUM_OF_SQUARES)), None),
    (real("forall x, y: x^2 + y^2 >= 2*x*y"), Derivation(Root((), (), 64, False, SUM_OF_SQUARES)), None),
    (
        real("exists x: 2*x = 3"),
        Derivation(Root((Term("pow", (unknown, 1)) - Q(3, 2),), ((Q(1), Q(2)),), 64, False, Instantiate(0, (a1,), done))),
        True,
    ),
]


def system(slope: int) -> Root:
    """x + slope y = 0, y = x/8 with |x| <= 4, |y| <= 1: the first equation depends on y more than on x."""
    second = symbol("_.2")
    return Root((unknown + slope * second, second - unknown / 8), ((Q(-4), Q(4)), (Q(-1), Q(1))), 64, True, SUM_OF_SQUARES)


def edges() -> Iterator[tuple[str, Claim, Certificate, bool | None]]:
    for problem, right, wrong in POINTS:
        for source, truth in ((right, True), (wrong, None)):
            yield f"edge: {source} of {problem.losses}", at(problem, source), Derivation(done), truth
            yield (
                f"edge: {source} of {problem.losses} refuted",
                at(problem, source),
                Refutation(done, 0),
                None if truth else False,
            )
    for problem, source in NOT_READ:
        yield f"edge: {source} is not read", at(problem, source), Derivation(done), None
        yield f"edge: {source} is not read, refuted", at(problem, source), Refutation(done, 0), None
    counted = Derivation(Instantiate(0, (number("1/2"),), done))
    yield "edge: losses counted on a closed interval", at(on_an_interval, "count(2)"), counted, None
    inside = replace(on_an_interval, constraints=(less(0, x), less(x, 1)))
    yield "edge: losses counted on an open interval", at(inside, "count(2)"), counted, True
    for source, literal, bits, truth in ENCLOSED:
        yield f"edge: {source}", *proved(source, Enclose(literal, bits)), truth
    for name, certificate in SETTINGS.items():
        yield f"edge: {name}", some("true"), certificate, None
    for i, (claim, certificate, truth) in enumerate(STEPS):
        yield f"edge {i}: {claim}", claim, certificate, truth
    for slope in (3, -3):
        claim = real("forall x, y: x^2 + y^2 >= 2*x*y")
        yield f"edge: a root unique by slopes 1 and {slope}", claim, Derivation(system(slope)), None
        yield f"edge: a root, slopes 1 and {slope}", claim, Derivation(replace(system(slope), unique=False)), True
