"""More rows for the kernel, made from tables of values: readings of a problem at rational points, tight enclosures of numbers,
and sign conditions in one variable, each with what it is worth beside it, computed without the kernel."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

import mpmath
from kernel_edge_rows import edges
from kernel_tables import (
    ANY,
    ONE,
    WHOLE,
    ZERO,
    Row,
    a1,
    a2,
    at,
    at_most,
    done,
    every,
    free,
    half,
    instance,
    less,
    noisy,
    number,
    outside,
    parse,
    parse_term,
    phi,
    plane,
    positive,
    proved,
    quad,
    real,
    reduced,
    replace,
    root,
    some,
    square,
    symbol,
    two,
    unknown,
    x,
    y,
)  # fmt: skip

from metaid_symbolic.certificates import (
    Certificate,
    Combine,
    Contraction,
    Cut,
    Derivation,
    Differentiate,
    Enclose,
    Instantiate,
    Lemma,
    MatrixCounterexample,
    OneVariable,
    Proof,
    Refutation,
    Specialisation,
)  # fmt: skip
from metaid_symbolic.claims import Array, Claim, MatrixIdentities, Natural, Universe
from metaid_symbolic.kernel import Rejected, check
from metaid_symbolic.problems import MetaProblem, Noise
from metaid_symbolic.terms import Term

Q = Fraction
P = "[2, -1]"
THIRDS = (Q(1, 3), Q(2, 3))
bent = MetaProblem((x, y), [x**2 * y, x * y**3 + y], THIRDS, rate=number("1/2"))
twice = MetaProblem((x, y), bent.losses, THIRDS, rate=number("1/2"), steps=2)
mirror = MetaProblem(x, [x, -x], half, rate=number(1))
skew = MetaProblem(x, [x, -x], THIRDS, rate=number(1))
bowl = MetaProblem((x, y), [x**2 + y**2, 3 * x**2 - y**2], half, rate=number("1/4"))
cross = MetaProblem((x, y), [x * y], [1], rate=number("1/4"))
rise, step_up, bend = (MetaProblem(x, [Term(head, (x,))], [1]) for head in ("exp", "logistic", "tanh"))
alike = MetaProblem(x, [Term("logistic", (x,)), 1 - Term("logistic", (-x,))], half)
z = symbol("z")
cubic = MetaProblem(x, [x * z**3 + x**2 * z**4 + z], [1], noise=(Noise("z", Q(1), Q(2)),))

NUMBERS: list[tuple[MetaProblem, str, str]] = [
    # computed with SymPy from the definitions
    (bent, f"F({P})", "-10/3"),
    (bent, f"D2F({P}, [1, 2], [3, -1])", "92/3"),
    (bent, f"D3F({P}, [1, 2], [3, -1], [-1, 1])", "-136/3"),
    (bent, f"F_MAML({P})", "-1367/8"),
    (bent, f"F_MAML({P}, 1/2)", "-1367/8"),
    (bent, f"F_MAML({P}, [1/2, 1/3])", "-6188/81"),
    (twice, f"F_MAML({P})", "-1670171310383/98304"),
    (twice, f"F_MAML({P}, [1/2, 1/3])", "-6188/81"),
    (bent, f"E(t, L(t, {P})^2)", "34/3"),
    (bent, f"E(t, E(s, L(t, {P})*L(s, {P})))", "100/9"),
    (bent, f"dot(grad F({P}), [1, 1])", "4"),
    (bent, "dot([1, 2], [3, -1])", "1"),
    (bent, "coord([5, 7], 2)", "7"),
    (bent, "coord([5, 7], 1)", "5"),
    (bent, "coord(2*[5, 7]*3, 1)", "30"),
    (bent, "coord([5, 7] + [1, 1] + [2, 0], 1)", "8"),
    (bent, f"coord(E(t, L(t, {P})*[1, 2]), 2)", "-20/3"),
    (bent, "coord(zero, 2)", "0"),
    (bent, "n", "2"),
    (bent, "alpha", "1/2"),
    (bent, "steps", "1"),
    (twice, "steps", "2"),
    (bent, "sum(i, 3, i^2)", "14"),
    (bent, "sum(i, 0, i^2)", "0"),
    (bent, "sum(i, n, coord([5, 7], i))", "12"),
    # moments of N(1, 2): 1, 3, 7, 25
    (cubic, "F([1])", "33"),
    (cubic, "F([2])", "115"),
    (cubic, "D2F([0], [1], [1])", "50"),
]
POINTS = [
    (bent, f"grad F({P}) = [-2, 6]", f"grad F({P}) = [-2, 5]"),
    (bent, f"reptile({P}) = [1, -3]", f"reptile({P}) = [1, 3]"),
    (bent, f"fomaml({P}) = [-275/4, 429/4]", f"fomaml({P}) = [-275/4, 428/4]"),
    (bent, f"fomaml({P}) = [-275/4, 429/4]", f"fomaml({P}) = [275/4, 429/4]"),
    (bent, f"not meq(fisher({P}), 6*eye)", f"meq(fisher({P}), 6*eye)"),
    (bent, "forall t in tasks: t = t", "forall s, t in tasks: s = t"),
    (bent, "exists s, t in tasks: s != t", "exists t in tasks: t != t"),
    (bent, f"exists t in tasks: L(t, {P}) = -3", f"forall t in tasks: L(t, {P}) = -3"),
    (bent, "forall i in 1..n: i < 3", "forall i in 1..n: i < 2"),
    (bent, "exists i in 1..n: i = 2", "exists i in 1..n: i = 3"),
    (bent, "forall i in 1..0: 1 < 0", "exists i in 1..0: 0 < 1"),
    (bowl, "meq(fisher([1, 1]) - 2*eye, 3*eye - 5*eye + fisher([1, 1]))", "meq(hess F(zero), 4*eye)"),
    (bowl, "posdef(hess F(zero) + eye)", "posdef(hess F(zero))"),
    (bowl, "psd(hess F(zero))", "psd(hess F(zero) - eye)"),
    (bowl, "nonsingular(hess F(zero) + eye)", "nonsingular(hess F(zero))"),
    (cross, "nonsingular(hess F(zero))", "posdef(hess F(zero))"),
    (cross, "not psd(hess F(zero))", "psd(hess F(zero))"),
    (cross, "not psd((-1)*hess F(zero))", "psd((-1)*hess F(zero))"),
    (bowl, "samerank(hess F(zero), fisher([1, 0]))", "samerank(hess F(zero), hess F(zero) + eye)"),
    (bowl, "not samerank(hess F(zero), 0*eye)", "samerank(hess F(zero), 0*eye)"),
    (bowl, "samerank(fisher(zero), 0*eye)", "samerank(fisher(zero), eye)"),
    (bowl, "not samerank(fisher(zero), eye)", "not samerank(eye, 2*eye)"),
    (mirror, "samelaw([1], [-1])", "samelaw([1], [2])"),
    (skew, "not samelaw([1], [-1])", "samelaw([1], [-1])"),
    (skew, "samelaw([2], [2])", "not samelaw([2], [2])"),
    (skew, "count(2)", "count(3)"),
    (skew, "count(1)", "not count(1)"),
    (bowl, "whole", "not whole"),
    (bowl, "open(Phi) & connected(Phi)", "not open(Phi)"),
    (noisy, "gaussian_model", "not gaussian_model"),
    (noisy, "gaussian_likelihood([0])", "gaussian_likelihood([1])"),
    (quad, "not samelaw([1], [2])", "samelaw([1], [2])"),
    (quad, "samelaw([1], [-1])", "not samelaw([1], [-1])"),
    (rise, "count(1)", "not count(1)"),
    (rise, "grad F([0]) = [1]", "grad F([0]) = [0]"),
    (rise, "D2F([0], [1], [1]) = 1", "D2F([0], [1], [1]) = 0"),
    (step_up, "grad F([0]) = [1/4]", "grad F([0]) = [1/2]"),
    (step_up, "D2F([0], [1], [1]) = 0", "D2F([0], [1], [1]) = 1/4"),
    (step_up, "D3F([0], [1], [1], [1]) = -1/8", "D3F([0], [1], [1], [1]) = 0"),
    (bend, "grad F([0]) = [1]", "grad F([0]) = [0]"),
    (bend, "D3F([0], [1], [1], [1]) = -2", "D3F([0], [1], [1], [1]) = 2"),
    (cubic, "E(t, L(t, [0])) = 1", "E(t, L(t, [0])) = 0"),
]
NOT_READ = [
    (bent, "coord([5, 7], 0) = 0"),
    (bent, "coord([5, 7], 3) = 0"),
    (bent, "coord([5, 7], 3/2) = 0"),
    (bent, "[1] = [1]"),
    (bent, "[1, 2, 3] = [1, 2, 3]"),
    (bent, "F([1]) = F([1])"),
    (bent, "sum(i, 1/2, 1) = sum(i, 1/2, 1)"),
    (bent, "forall i in 1..-1: 0 < 1"),
    (bent, "sum(i, 5000, 1) = 5000"),
    (bent, "forall t in tasks: t < t | 0 < 1"),
    (bent, "forall s in tasks: L(s, s) = L(s, s)"),
    (bent, "forall t in tasks: exists r: L(r, [1, 1]) = L(t, [1, 1])"),
    (alike, "count(2)"),
    (bent, "dot(1, 2) = 2"),
    (bent, "G([1, 1]) = G([1, 1])"),
    (bent, "Q([1, 1]) = Q([1, 1])"),
    (bent, "gaussian_model"),
    (noisy, "count(1)"),
    (noisy, "samelaw([0], [0])"),
    (noisy, "forall t in tasks: L(t, [0]) = L(t, [0])"),
    (cubic, "gaussian_likelihood([0])"),
    (MetaProblem(x, [x**2], [1]), "F_MAML([1]) = F_MAML([1])"),
]


def readings() -> Iterator[tuple[str, Claim, Certificate, bool | None]]:
    """Values of terms and truth of formulas, with the wrong value and the wrong truth beside each."""
    for problem, term, value in NUMBERS:
        for wrong in (f"{term} = {value} + 1", f"{term} < {value}", f"{value} < {term}"):
            yield f"{wrong} at {problem.steps}", at(problem, wrong), Derivation(done), None
            yield f"not {wrong} at {problem.steps}", at(problem, wrong), Refutation(done, 0), False
        yield f"{term} = {value} at {problem.steps}", at(problem, f"{term} = {value}"), Derivation(done), True
        yield f"{term} = {value} refuted at {problem.steps}", at(problem, f"{term} = {value}"), Refutation(done, 0), None
    for i, (problem, right, wrong) in enumerate(POINTS):
        yield f"{i}: {right}", at(problem, right), Derivation(done), True
        yield f"{i}: {right} refuted", at(problem, right), Refutation(done, 0), None
        yield f"{i}: {wrong}", at(problem, wrong), Derivation(done), None
        yield f"{i}: {wrong} refuted", at(problem, wrong), Refutation(done, 0), False
    for i, (problem, source) in enumerate(NOT_READ):
        yield f"not read {i}: {source}", at(problem, source), Derivation(done), None
        yield f"not read {i}: {source}, refuted", at(problem, source), Refutation(done, 0), None


mpmath.mp.dps = 60
TERMS = {
    "exp(1/3)": mpmath.e ** (mpmath.mpf(1) / 3),
    "exp(7)": mpmath.e**7,
    "exp(1/1000)": mpmath.e ** (mpmath.mpf(1) / 1000),
    "log(exp(-1))": mpmath.mpf(-1),
    "exp(-log(3))": mpmath.mpf(1) / 3,
    "exp(-log(7)*5)": mpmath.mpf(7) ** -5,
    "log(5)": mpmath.log(5),
    "log(1/7)": -mpmath.log(7),
    "log(1000001/1000000)": mpmath.log(mpmath.mpf(1000001) / 1000000),
    "sqrt(3)": mpmath.sqrt(3),
    "sqrt(1/5)": mpmath.sqrt(mpmath.mpf(1) / 5),
    "sqrt(0)": mpmath.mpf(0),
    "relu(sqrt(2) - 1)": mpmath.sqrt(2) - 1,
    "relu(log(1/2))": mpmath.mpf(0),
    "log(1/2)*log(3)": -mpmath.log(2) * mpmath.log(3),
    "log(1/2)^2*log(1/3)": -(mpmath.log(2) ** 2) * mpmath.log(3),
    "log(1/2)^3": -(mpmath.log(2) ** 3),
    "(sqrt(2) - 2)*log(2) + sqrt(3)": (mpmath.sqrt(2) - 2) * mpmath.log(2) + mpmath.sqrt(3),
    "log(1/sqrt(2))": -mpmath.log(2) / 2,
    "sqrt(2 + 1/log(1/2))": mpmath.sqrt(2 - 1 / mpmath.log(2)),
    "sqrt(log(1/3)^(-2))": 1 / mpmath.log(3),
    "exp(1/log(1/3))": mpmath.e ** (-1 / mpmath.log(3)),
    "exp(-(sqrt(2)))": mpmath.e ** -mpmath.sqrt(2),
    "exp(sqrt(2))": mpmath.e ** mpmath.sqrt(2),
}
ROUNDED_UP = [(54, 7, 64), (179, 17, 16), (82, 11, 10), (169, 11, 40), (-14, 45, 64), (162319, 131072, 17)]
"""Arguments a/b of exp whose values a lower end of that many bits would exceed, were it rounded the wrong way."""


def rational(value: mpmath.mpf) -> Fraction:
    return Fraction(int(mpmath.floor(value * 10**40)), 10**40)


def enclosures() -> Iterator[tuple[str, Claim, Certificate, bool | None]]:
    """Bounds a hair beside the value: false ones are refused at every precision, true ones taken when there are bits enough."""
    hair, slack = Q(1, 10**30), Q(1, 10**9)
    for term, value in TERMS.items():
        v = rational(value)
        for bits in (8, 10, 13, 21):
            for scale in ("", "4096*"):
                lower, upper = ((4096 if scale else 1) * v + sign * hair for sign in (-1, 1))
                for wrong in (f"< {lower}", f"<= {lower}", f"> {upper}", f">= {upper}", f"= {lower}"):
                    yield f"{scale}{term} {wrong}, {bits} bits", *proved(f"{scale}({term}) {wrong}", Enclose(0, bits)), None
        for wrong in (f">= {v + 1}", f"> {v + 1}", f"<= {v - 1}", f"< {v - 1}", f"= {v + 1}", f"= {v - 1}"):
            yield f"{term} {wrong}", *proved(f"{term} {wrong}", Enclose(0, 40)), None
        yield f"{term} < v + e", *proved(f"{term} < {v + slack}", Enclose(0, 60)), True
        yield f"{term} > v - e", *proved(f"{term} > {v - slack}", Enclose(0, 60)), True
        yield f"{term} != v + e", *proved(f"{term} != {v + slack}", Enclose(0, 60)), True
        yield f"{term} <= v + e, few bits", *proved(f"{term} <= {v + Q(1, 8) * (1 + abs(v))}", Enclose(0, 22)), True
    for a, b, bits in ROUNDED_UP:
        v = rational(mpmath.e ** (mpmath.mpf(a) / b))
        for scale in ("", "4096*"):
            lower, upper = ((4096 if scale else 1) * v + sign * hair for sign in (-1, 1))
            given = f"forall x: x = {a}/{b} => {scale}exp(x)"
            yield f"{scale}exp({a}/{b}), lower end", *proved(f"{given} > {upper}", Enclose(1, bits)), None
            yield f"{scale}exp({a}/{b}), upper end", *proved(f"{given} < {lower}", Enclose(1, bits)), None


Factors = dict[int, int]
"""Roots with their multiplicities; 99 stands for x^2 - 2."""
ROOT = Q(14142135623730950488016887242096980785697, 10**40)


def sign_of(lead: int, factors: Factors, place: tuple[Fraction, int]) -> int:
    """The sign at a point; the second entry is the root that the point is, up to the sign of sqrt 2, or None."""
    point, which = place
    if which in factors:
        return 0
    value = Q(lead)
    for centre, power in factors.items():
        value *= (point**2 - 2 if centre == 99 else point - centre) ** power
    return (value > 0) - (value < 0)


SHOWN = {"<": (-1,), "<=": (-1, 0), "=": (0,), "!=": (-1, 1)}


def shown(lead: int, factors: Factors) -> str:
    return "*".join([f"({lead})", *(f"(x^2 - 2)^{k}" if r == 99 else f"(x - ({r}))^{k}" for r, k in factors.items())])


def sign_conditions() -> Iterator[tuple[str, Claim, Certificate, bool | None]]:
    """Implications between signs of products of powers, decided at the roots and between them."""
    draw = random.Random(5)
    for k in range(260):
        rows = []
        for _ in range(draw.choice((1, 2, 2, 3))):
            roots = draw.sample([-3, -2, -1, 0, 1, 2, 5, 99], draw.choice((1, 2, 3)))
            rows.append((draw.choice((-2, -1, 1, 3)), {r: draw.choice((1, 1, 2, 3)) for r in roots}, draw.choice(list(SHOWN))))
        ends = sorted(
            {(Q(r), r) for _, f, _ in rows for r in f if r != 99}
            | {(s * ROOT, 99) for _, f, _ in rows if 99 in f for s in (1, -1)}
        )
        between = [((a + b) / 2, 1000) for (a, _), (b, _) in pairwise(ends)]
        places = [*ends, *between, (ends[0][0] - 1, 1000), (ends[-1][0] + 1, 1000)]
        possible = any(all(sign_of(lead, f, p) in SHOWN[s] for lead, f, s in rows) for p in places)
        source = " & ".join(f"{shown(lead, f)} {s} 0" for lead, f, s in rows)
        yield f"{k}: {source}", *proved(f"forall x: not ({source})", OneVariable("_1")), None if possible else True


def kept(name: str, claim: Claim, certificate: Certificate) -> bool:
    """Whether the condition is not seen to fail at sight, where the proof would have to be `Done`."""
    try:
        return check(claim, certificate).truth
    except Rejected as cause:
        return "closed already" not in str(cause)


def lemma_at(name: str, *values: str | Term) -> Lemma:
    """A rule about iterations for numbers (in one dimension a point is one number), after which the facts contradict."""
    return Lemma(name, (), (), Instantiate(0, tuple(parse_term(v) if type(v) is str else v for v in values), done))  # type: ignore[arg-type,misc]


slope = MetaProblem(x, [(x - 1) ** 2 / 2, (x + 1) ** 2 / 2], half)
ITERATIONS: list[tuple[MetaProblem, str, Proof, bool | None]] = [
    *(
        (quad, f"gd({eta}, [{start}], [{end}])", lemma_at("basin", end, r, low, high, eta, start), truth)
        for eta, start, end, r, low, high, truth in [
            ("1/4", "1", "0", "2", "2", "2", True),
            ("3/4", "-2", "0", "2", "1", "5/2", True),
            ("9/10", "1", "0", "1", "1/9", "2", True),
            ("1", "1", "0", "1", "2", "2", None),  # x -> -x
            ("6/5", "1", "0", "1", "2", "2", None),
            ("0", "1", "0", "1", "2", "2", None),
            ("-1/4", "1", "0", "1", "2", "2", None),
            ("1/4", "3", "0", "2", "2", "2", None),
            ("1/4", "1", "0", "2", "0", "2", None),
            ("1/4", "1", "0", "2", "-1", "2", None),
            ("1/4", "1", "0", "2", "3", "4", None),
            ("1/4", "1", "0", "2", "1", "1", None),
            ("1/4", "1", "1", "2", "1", "2", None),
            ("1/4", "0", "0", "0", "1", "2", None),
        ]
    ),
    *(
        (quad, f"gd({eta}, [{start}], [{end}])", lemma_at("contraction", eta, end, q, start), truth)
        for eta, start, end, q, truth in [
            ("1/4", "1", "0", "1/4", True),
            ("1/4", "-3", "0", "1/2", True),
            ("1/2", "1", "0", "0", True),
            ("3/4", "1", "0", "1/4", True),
            ("1", "1", "0", "1", None),  # x -> -x
            ("1", "1", "0", "2", None),
            ("5/4", "1", "0", "9/4", None),
            ("1/4", "1", "0", "1/5", None),
            ("1/4", "1", "1", "1/4", None),
            ("0", "1", "0", "1", None),
            ("-1/4", "1", "0", "9/4", None),
        ]
    ),
    (two, "gd(1/4, [1], [1/2])", lemma_at("contraction", "1/4", "1/2", "1/4", "1"), True),
    (two, "gd(1/4, [1], [-1/2])", lemma_at("contraction", "1/4", "-1/2", "1/4", "1"), None),
    (plane, "gd(1/4, [1, 0], [0, 0])", lemma_at("basin", "0", "0", "2", "1", "2", "1/4", "1", "0"), None),
    (outside, "gd(1/4, [2], [0])", lemma_at("basin", "0", "3", "1", "2", "1/4", "2"), None),
    (quad, "forall a in Rn: not gd(1, [1], a)", lemma_at("two cycle", "1", "1", "-1", a1), True),
    (quad, "forall a in Rn: not gd(1/4, [1], a)", lemma_at("two cycle", "1/4", "1", "1/2", a1), None),
    (quad, "forall a in Rn: not gd(1/4, [1], a)", lemma_at("two cycle", "1/4", "1/2", "1", a1), None),
    (quad, "forall a in Rn: not gd(1, [0], a)", lemma_at("two cycle", "1", "0", "0", a1), None),
    (quad, "forall a in Rn: not gd(1, [1], a)", lemma_at("two cycle", "1", "2", "-2", a1), None),
    (quad, "forall a in Rn: gd(1/4, [0], a) => a = [0]", lemma_at("starts at rest", "1/4", "0", a1), True),
    (quad, "forall a in Rn: gd(1/4, [1], a) => a = [1]", lemma_at("starts at rest", "1/4", "1", a1), None),
    (quad, "not gd(1/4, [1], [1])", lemma_at("limit is critical", "1/4", "1", "1"), True),
    (quad, "not gd(0, [1], [1])", lemma_at("limit is critical", "0", "1", "1"), None),
    (quad, "not gd(1/4, [1], [0])", lemma_at("limit is critical", "1/4", "1", "0"), None),
    (quad, "forall a, b in Rn: gd(1, [1], a) & gd(1, [1], b) => a = b", lemma_at("limits are unique", "1", "1", a1, a2), True),
    (quad, "forall a, b in Rn: gd(1, [1], a) & gd(2, [1], b) => a = b", lemma_at("limits are unique", "1", "1", a1, a2), None),
    (quad, "forall a, b in Rn: gd(1, [1], a) & gd(1, [2], b) => a = b", lemma_at("limits are unique", "1", "1", a1, a2), None),
    *(
        (slope, f"{negated}sgd_variance_tends({eta}, {v})", lemma_at("sgd variance", eta, a, "0", v), truth)
        for negated, eta, a, v, truth in [
            ("", "1/2", "1", "1/3", True),
            ("not ", "1/2", "1", "1/4", True),
            ("not ", "1/2", "1", "1/3", None),
            ("", "1/2", "1", "1/4", None),
            ("", "1/2", "2", "1/3", None),
            ("", "1/2", "2", "1/4", None),
            ("", "2", "1", "1/3", None),
            ("not ", "3", "1", "0", None),
            ("", "0", "1", "0", None),
        ]
    ),
    (slope, "sgd_variance_tends(1/4, 1/7)", lemma_at("sgd variance", "1/4", "1", "5", "1/7"), True),
    (quad, "sgd_variance_tends(1/4, 0)", lemma_at("sgd variance", "1/4", "1", "0", "0"), None),
    (MetaProblem(x, [x**2 / 2], [1], rate=number("1/2"), steps=2), "1 < 0", lemma_at("adapted objective", "1"), None),
]
SMOOTH_SPACE = Universe(domain="whole", smoothness="C3")
differentiate_at_phi = Differentiate(0, 0, Instantiate(1, (phi, phi), done))
p1, p2, p3, t1 = symbol("_p1"), symbol("_p2"), symbol("_p3"), symbol("_t1")
STEP = "F_MAML(phi) = E(t, L(t, phi - alpha*grad L(t, phi)))"
END = phi - symbol("alpha") * Term("grad", ("L", t1, phi))
STEPPED = Lemma("adapted objective", (), (), Instantiate(0, (phi,), Lemma("whole space", (), (), Instantiate(1, (END,), done))))


def rule(name: str, *terms: Term) -> Lemma:
    return Lemma(name, (), (), Instantiate(0, terms, done))


def law(source: str) -> Claim:
    """A claim about random arrays and an array w for all N, M >= 0."""
    arrays = tuple(Array(name, ()) for name in ("normal", "normal_", "sign", "w"))
    return real(source, naturals=(Natural("N", 0), Natural("M", 0)), arrays=arrays)


EXPECTED: list[tuple[str, str]] = [
    # a true equation, and one that must not be shown
    ("Ex(sign[1]) = 0", "Ex(sign[1]) = 1"),
    ("Ex(sign[1]^2) = 1", "Ex(normal[1]^2) = 0"),
    ("Ex(normal[1]*sign[1]) = 0", "Ex(normal[1]*normal[1]) = 0"),
    ("Ex(normal[1]*normal_[1]) = 0", "Ex(sign[1]*sign[2]) = 1"),
    ("Ex(5) = 5", "Ex(normal[1]^4) = 1"),
    ("forall x: Ex(x + normal[1]) = x", "forall x: Ex(x*normal[1]) = x"),
    ("forall x: Ex((x + normal[1])^2) = x^2 + 1", "forall x: Ex((x + normal[1])^2) = x^2"),
    ("Ex(sum(k, N, normal[k]^2)) = N", "Ex(sum(k, N, normal[k]^2)^2) = N^2"),
    ("Ex(sum(k, N, normal[k])^2) = N", "Ex(sum(k, N, normal[k])^2) = N^2"),
    ("Ex(sum(k, N, normal[1])^2) = N^2", "Ex(sum(k, N, normal[1])^2) = N"),
    ("Ex(sum(k, 0, normal[k])^2) = 0", "Ex(sum(k, 0, normal[k])^2) = 1"),
    ("Ex(sum(k, N, normal[k, k])^2) = N", "Ex(sum(k, N, normal[k, 1])*sum(k, N, normal[1, k])) = N"),
    ("Ex(sum(k, N, sum(j, M, normal[k, j]))^2) = N*M", "Ex(sum(k, N, sum(j, M, normal[j]))^2) = N*M"),
    ("Ex(sum(k, N, sum(j, M, normal[j]))^2) = N^2*M", "Ex(sum(k, N, normal[k])*sum(k, M, normal[k])) = 0"),
    ("Ex(sum(k, N, w[k]*normal[k])^2) = sum(k, N, w[k]^2)", "Ex(sum(k, N, w[k]*normal[k])^2) = sum(k, N, w[k])^2"),
    ("Ex(sum(k, N, normal[k])*sum(l, N, l*normal[l])) = sum(k, N, k)", "Ex(sum(k, N, normal[k + 1])*sum(k, N, normal[k])) = N"),
    ("Ex(sum(k, N, normal[k] + normal_[k])^2) = 2*N", "Ex(sum(k, N, normal[k])^3) = 0"),
    ("Ex(Ex(sign[1]^2)*sign[1]) = 0", "Ex(Ex(sign[1])*sign[1]) = 1"),
    ("forall i in 1..N: Ex(normal[i]^2) = 1", "forall i, j in 1..N: Ex(normal[i]*normal[j]) = 1"),
    ("Ex(sum(k, N, normal[k]^2)*sum(k, M, sign[k]^2)) = N*M", "Ex(sum(k, N, normal[k]^2)*sum(k, M, sign[k]^2)) = N + M"),
    ("Ex(normal[1]^3) = 5 | N = N", "Ex(normal[1]^3) = 1"),
    ("Ex(sum(k, N, w[1, k]*normal[k])^2) = sum(k, N, w[1, k]^2)", "Ex(sum(k, N, normal[k*(N - k)])^2) = N"),
    ("N*M = M*N", "Ex(sum(k, N, normal[k])*sum(k, M, normal[k])) = N"),
    (
        "sum(i, N, Ex((w[i] + sum(k, M, normal[k, i]))^2)) = sum(i, N, w[i]^2) + N*M",
        "forall i, j in 1..N: Ex(sign[i]*sign[j]) = 0",
    ),
]
UNEXPECTED = [
    "Ex(exp(normal[1])) = Ex(exp(normal[1]))",  # no polynomial
    "Ex(1/normal[1]) = Ex(1/normal[1])",  # no moment
    "Ex(normal[1]/normal[1]) = 1",
    "Ex(relu(normal[1])*sign[1]) = 0",
    "Ex(normal[sign[1]]) = 0",  # a random index
    "Ex(normal[normal[1]]*normal_[1]) = 0",
    "Ex(normal) = 0",
    "forall normal: Ex(normal[1]) = 0",
    "Ex(sum(normal, N, normal[1])) = 0",
    "forall x: x = sign[1] => Ex(x*sign[1]) = 1",  # would be captured
    "forall i in 1..N: Ex(normal[i]) = normal[i]",
    "Ex(sum(k, N, sum(j, k, normal[j]))) = 0",  # no range of a fixed length
    "Ex(normal[1], normal[1]) = 0",
]
COORDINATES: list[tuple[Claim, bool | None]] = [
    (every("forall x, y in Rn, c: coord(x + c*y, 1) = coord(x, 1) + c*coord(y, 1)"), True),
    (every("forall x, y in Rn, c: coord(x + c*y, 1) = coord(x, 1) + coord(y, 1)"), None),
    (every("forall i in 1..n: coord(zero, i) = 0"), True),
    (every("forall i in 1..n: coord(zero, i) = 1"), None),
    (every("forall x, y in Rn: coord(x, 1) = coord(y, 1)"), None),
    (every("forall x in Rn: coord(x, 1) = coord(x, 2)"), None),
    (every("forall x in Rn: coord(x, 1)*coord(x, 1) = coord(x + x, 1)"), None),
    (every("forall x in Rn: coord(-x, 1) = -coord(x, 1)"), True),
    (every("coord([3], 1) = 3"), True),
    (every("coord([3], 2) = 3"), None),
    (every("coord([3, 4], 1) = 3"), None),
    (every("coord(3, 1) = 3"), None),
    (every("coord([3] + [4], 1) = 7"), True),
    (every("[3] + [4] = [7]"), None),
]
FAMILIES: list[tuple[str, str, tuple[tuple[str, str], ...], tuple[Term, ...], bool | None]] = [
    ("not count(n) => exists x in Phi: forall t in tasks: L(t, x) = 0", "common", (("f", "L"), ("U", "Phi")), (), True),
    ("exists x in Phi: forall t in tasks: L(t, x) = 0", "common", (("f", "L"), ("U", "Phi")), (), None),
    ("count(n) => exists x in Phi: forall t in tasks: L(t, x) = 0", "common", (("f", "L"), ("U", "Phi")), (), None),
    ("not count(n) => exists x in Phi: F(x) = 0", "common", (("f", "F"), ("U", "Phi")), (), None),
    ("not count(n) => exists x in Phi: F_MAML(x) = 0", "common", (("f", "F_MAML"), ("U", "Phi")), (), None),
    ("1 < 0", "counted", (("f", "L"),), (), None),
    ("1 < 0", "counted", (("f", "F"),), (), None),
    ("forall t in tasks: L(t, phi) = 0", "bound", (("f", "L"),), (), None),
    ("forall t in tasks: L(t, phi) = 0", "bound", (("f", "L"),), (symbol("_t1"),), None),
    ("Q(phi) = phi", "mapped", (("q", "Q"),), (), True),
    ("F(phi) = phi", "mapped", (("q", "F"),), (), None),
    ("Q(phi) = 0", "zero everywhere", (("f", "Q"),), (), None),
    ("1 < 0", "mapped", (("q", "F"),), (), None),
    ("1 < 0", "zero everywhere", (("f", "Q"),), (), None),
]


def for_all_sizes() -> Iterator[tuple[str, Claim, Certificate, bool | None]]:
    """Expectations, coordinates, and theorems about families, each true row with a false one."""
    for good, bad in EXPECTED:
        yield f"law: {good}", law(good), Derivation(done), True
        yield f"law: {bad}", law(bad), Derivation(done), None
    for source in UNEXPECTED:
        yield f"no law: {source}", law(source), Derivation(done), None
    for claim, truth in COORDINATES:
        yield f"coordinate: {claim}", claim, Derivation(done), truth
    for number_of, (source, theorem, functions, terms, truth) in enumerate(FAMILIES):
        then: Proof = done
        if theorem == "mapped" and truth:
            then = Instantiate(0, (phi,), done)
        if theorem == "common" and truth:
            then = Instantiate(0, (p1,), Instantiate(1, (symbol("_t2"),), done))
        yield f"family {number_of}: {source}", every(source), Derivation(Lemma(theorem, functions, terms, then)), truth


IMPLIED: list[tuple[Claim, Proof, bool | None]] = [
    (every("0 < alpha"), done, True),
    (real("forall x: x^3 + 7*x^2 - 49*x + 500 >= 0"), OneVariable("_1"), None),  # below the one root, near -13.4
    (every("F(phi) = 0"), Lemma("zero everywhere", (("f", "F"),), (), Instantiate(0, (phi,), done)), True),
    (every("F(phi) = 0"), Lemma("zero everywhere", (("f", "F"), ("g", "F")), (), Instantiate(0, (phi,), done)), None),
    (every("E(t, dot(grad F(phi), grad L(t, phi))) = E(t, dot(grad L(t, phi), grad L(t, phi)))"), done, None),
    (every("forall t in tasks, v in Rn: D2L(t, phi, Q(phi), v) = D2L(t, phi, v, Q(phi))"), done, True),
    (every("alpha < 0"), done, None),
    (every("1 <= n"), done, True),
    (every("0 < n"), done, True),
    (real("forall x: 1/(-1 - x^2) < 0"), OneVariable("_1"), True),
    (real("forall x: 1/(-1 - x^2) > 0"), done, None),
    (real("forall x: 1/(-1 - x^2) > 0"), OneVariable("_1"), None),
    (real("forall x: 1/(1 + x^2) > 0"), done, True),
    (every("n < 0"), done, None),
    (every("n <= 0"), done, None),
    (every("1 < n"), done, None),
    (every("phi in Phi"), done, True),
    (every("0 <= steps"), done, None),
    (every(STEP, universe=WHOLE), STEPPED, True),
    (every(STEP, "0 < steps", universe=WHOLE), STEPPED, None),
    (every(STEP), STEPPED, None),
    (
        every("forall x, y in Rn: (forall t in tasks: L(t, x) = L(t, y)) => samelaw(x, y)"),
        Lemma("equal losses, equal law", (), (), Instantiate(1, (p1, p2), Instantiate(0, (symbol("_t3"),), done))),
        True,
    ),
    (every("forall x, y in Rn: samelaw(x, y) => F(x) = F(y)"), rule("equal law, equal mean", p1, p2), True),
    (every("forall x, y in Rn: F(x) = F(y) => samelaw(x, y)"), rule("equal law, equal mean", p1, p2), None),
    (every("forall x, y, u in Rn: x = y => dot(x, u) = dot(y, u)"), rule("dot", p1, p2, p3), True),
    (every("forall x, y, u in Rn: dot(x, u) = dot(y, u) => x = y"), rule("dot", p1, p2, p3), None),
    (every("forall x, y in Rn: x = zero & y = zero => x - y = zero"), rule("difference", p1, p2), True),
    (every("forall x, y in Rn: x = zero => x - y = zero"), rule("difference", p1, p2), None),
    (every("forall x in Rn: x != zero => 0 < norm2(x)"), rule("norm", p1), True),
    (every("forall x in Rn: 0 < norm2(x)"), rule("norm", p1), None),
    (every("dot(E(t, grad L(t, phi)), phi) = E(t, dot(grad L(t, phi), phi))"), done, True),
    (every("dot(phi, E(t, grad L(t, phi))) = E(t, dot(phi, grad L(t, phi)))"), done, True),
    (every("E(t, F(phi)*L(t, phi)) = F(phi)^2"), done, True),
    (every("E(t, E(s, L(t, phi)*L(s, phi))) = F(phi)^2"), done, True),
    (every("E(t, L(t, phi)^2) = F(phi)^2"), done, None),
    (every("forall s, t in tasks: L(s, phi) = L(t, phi)"), done, None),
    (every("forall x in Rn: x in C => x in D"), done, None),
    (real("forall r: 0 < r => sum(i, r, 1) = r"), done, None),
    (real("sum(i, 1/2, 1) = 1/2"), done, None),
    (real("sum(i, -1, 1) = -1"), done, None),
    (real("sum(i, k, 1) = k", naturals=(Natural("k", 0),)), done, True),
    (real("sum(i, 2*k + 1, 3) = 6*k + 3", naturals=(Natural("k", 0),)), done, True),
    (real("sum(i, k, w[i] + 1) = sum(j, k, w[j]) + k", naturals=(Natural("k", 0),), arrays=(Array("w", ()),)), done, True),
    (real("sum(i, k, w[i]^2) = sum(j, k, w[j])^2", naturals=(Natural("k", 0),), arrays=(Array("w", ()),)), done, None),
    (real("sum(i, k - 1, 1) = k - 1", naturals=(Natural("k", 0),)), done, None),
    (real("0 < k", naturals=(Natural("k", 0),)), done, None),
    (real("0 <= k", naturals=(Natural("k", 0),)), done, True),
    (real("3 <= k", naturals=(Natural("k", 3),)), done, True),
    (real("forall x: x > 0"), Combine((square(ONE, 0),)), None),
    (
        real("not ((forall x: exists y: y < 0) & (forall x: exists y: y > 0))"),
        Cut(less(ZERO, a1), Instantiate(0, (ZERO,), done), Instantiate(1, (ZERO,), done)),
        None,
    ),
    (every("E(t, 1/(1 + L(t, phi)^2))^2 = E(t, 1/(1 + L(t, phi)^2)^2)"), done, None),
    (every("sum(i, n, phi) = n*phi"), done, True),
    (real("F(1) = F(1)", functions=("F",)), done, None),
    *(
        (real("1 < 0"), Lemma(name, (), terms, done), None)
        for name, terms in [
            *((function, (number(v),)) for function in ("exp", "log", "sqrt", "relu") for v in (-1, 0, 1, 2)),
            ("sum", (parse_term("sum(i, 3, i - 2)"),)),
            ("mean", (ZERO,)),
            ("mean", (ONE,)),
            ("mean", (number(-1),)),
            ("norm", ()),
            ("dot", ()),
        ]
    ),
    *(
        (every(f"(forall x in Phi: {left} = 0) => {right} = 0", universe=SMOOTH_SPACE), differentiate_at_phi, None)
        for left, right in [
            ("F_MAML(x, norm2(x))", "dot(grad F_MAML(phi, norm2(phi)), phi)"),
            ("G(x)", "dot(grad G(phi), phi)"),
            ("dot(grad F_MAML(x), x)", "D2F_MAML(phi, phi, phi)"),
            ("dot(grad G(x), phi)", "D2G(phi, phi, phi)"),
            ("norm2(Q(x))", "norm2(phi)"),
        ]
    ),
    (real("forall x: 1/(1 + x^2) + 1/(1 + x^2)^2 = (2 + x^2)/(1 + x^2)^2"), done, True),
    (real("forall x: 1/(1 + x^2) + 1/(1 + x^2)^2 = 2/(1 + x^2)"), done, None),
    (real("forall x: 1/(1 + x^2)^2 + 1/(1 + x^2) = 2/(1 + x^2)^2"), done, None),
    (real("forall x: 1/(1 + x^2) + 1/(2 + x^2) = (3 + 2*x^2)/((1 + x^2)*(2 + x^2))"), done, True),
    (real("forall x: (1/(1/(1 + x^2))) = 1 + x^2"), done, True),
    (real("forall x: (1 + 1/(1 + x^2))^(-2) = (1 + x^2)^2/(2 + x^2)^2"), done, True),
    (real("forall x: (1 + 1/(1 + x^2))^(-2) = (1 + x^2)/(2 + x^2)"), done, None),
    (real("relu(log(1/2)) != 0"), Enclose(0, 60), None),
    (real("forall x: f(x) = f(x)", functions=("f",)), done, True),
    (real("forall x: f(x) = f(x)"), done, None),
    (real("forall x: f(x) = f(x)", functions=("g",)), done, None),
    (
        every("(forall x in Phi: coord(x, dot(x, x)) = 0) => coord(phi, norm2(phi)) = 0"),
        Differentiate(0, 0, Instantiate(1, (phi, phi), done)),
        None,
    ),
    (real("relu(log(1/2)) < 0"), Enclose(0, 60), None),
    (real("relu(log(1/2)) > 0"), Enclose(0, 60), None),
    (real("forall x: (x - 1000)*(x + 11) != 0"), OneVariable("_1"), None),
    (real("forall x: (x + 1000)*(x + 11) != 0"), OneVariable("_1"), None),
    (real("forall x: (x - 1000)*(x - 1001) >= 0"), OneVariable("_1"), None),
    (real("forall x: 3*x^2 != 1000003"), OneVariable("_1"), None),
    (real("forall x: x^3 != 1000003"), OneVariable("_1"), None),
    (real("forall x: 1000*x^2 != 3"), OneVariable("_1"), None),
    (real("forall x: (x - 1000)^2*(x - 1001)^2 + 1 > 0"), OneVariable("_1"), True),
    (every("forall t in tasks: t = t"), done, True),
    (every("forall s, t in tasks: s = t"), done, None),
    (real("exists x: not (x < x)"), done, True),
    (real("exists x: not (x <= x)"), done, None),
    (real("forall x: x != 0 => exp(x) > 1 + x"), Lemma("exp", (), (a1,), done), True),
    (real("forall x: exp(x) > 1 + x => x != 0"), Lemma("exp", (), (a1,), done), None),
    (real("0 <= 1"), Lemma("sum", (), (ONE,), done), None),
    (
        real("forall x, y: x^2 + y^2 >= 2*x*y"),
        Combine((positive(0), square(a1 - a2), square(a1, 0))),
        True,
    ),
    (
        every("(forall x in Phi: x in C => L(t, x) = 0) => 1 < 0".replace("L(t, x)", "F(x)")),
        Differentiate(0, 0, Instantiate(1, (phi, phi), done)),
        None,
    ),
    (
        every("(forall x in Phi: norm2(x) < 1 => F(x) = 0) => dot(grad F(phi), phi) = 0", "norm2(phi) < 1"),
        Differentiate(0, 0, Instantiate(1, (phi, phi), done)),
        True,
    ),
    *(
        (
            every(f"(forall x in Phi: {premise} => F(x) = 0) => dot(grad F(phi), phi) = 0", premise.replace("x", "phi")),
            Differentiate(0, 0, Instantiate(1, (phi, phi), done)),
            None,
        )
        for premise in ("F_MAML(x) < 1", "norm2(Q(x)) < 1", "G(x) < 1", "Q(x) in Phi", "x in C", "x != zero", "x = zero")
    ),
    (every("phi = zero | F(phi) = 0 => F(phi) = 1"), Differentiate(0, 0, done), None),
    (real("relu(1/(sqrt(2)^2 - 2)) > 1"), Enclose(0, 64), None),
    (real("exists x: x^3 = 2 & 1 < x & x < 2"), root(unknown**3 - 2, 1, 2, Instantiate(0, (a1,), done)), True),
    (real("exists x: x^3 = 2 & 2 < x"), root(unknown**3 - 2, 1, 2, Instantiate(0, (a1,), done)), None),
    (real("exists x: x^3 = 2 & x < 1"), root(unknown**3 - 2, 1, 2, Instantiate(0, (a1,), done)), None),
    (real("relu(1/(sqrt(2)^2 - 2)) < 1"), Enclose(0, 64), None),
    (real("relu(1/(2 - sqrt(2)^2)) > 1"), Enclose(0, 9), None),
]
SPECIAL: list[tuple[Claim, Specialisation, bool | None]] = [
    (real("f(1) = f(2)", functions=("f",)), Specialisation((), (("f", "s", symbol("s") ** -1),), (), done), None),
    (real("f(1) = f(2)", functions=("f",)), Specialisation((), (("f", "s", symbol("s") + x),), (), done), None),
    (real("f(1) = f(2)", functions=("f",)), Specialisation((), (("f", "s", 3 * symbol("s")),), (), done), False),
    (
        real("f(1) = 0", functions=("f",)),
        Specialisation(
            (),
            (("f", "s", Term("relu", (symbol("s"),))),),
            (),
            Lemma("relu", (), (ONE,), Combine((free(-ONE, 0), free(ONE, 1), positive()))),
        ),
        None,
    ),
    (real("forall x in Rn: x = 1"), Specialisation((), (), (), Instantiate(0, (ZERO,), done)), None),
    (real("forall x: x = 1"), Specialisation((), (), (), Instantiate(0, (ZERO,), done)), False),
    (
        real("w[1, 2] = 2", arrays=(Array("w", (number(1), number(2))),)),
        Specialisation((), (), ((Q(2), Q(3)),), done),
        False,
    ),
    (
        real("w[1, 2] = 3", arrays=(Array("w", (number(1), number(2))),)),
        Specialisation((), (), ((Q(2), Q(3)),), done),
        None,
    ),
    (real("w[0] = 3", arrays=(Array("w", (number(2),)),)), Specialisation((), (), ((Q(2), Q(3)),), done), None),
    *(
        (
            real(
                f"Ex({term}) = {value}", arrays=(Array("normal", (number(2),)), Array("normal_", (ONE,)), Array("sign", (ONE,)))
            ),
            Specialisation((), (), ((), (), ()), done),
            truth,
        )
        for term, right, wrong in [
            ("normal[1]^4", 3, 1),
            ("sign[1]^2", 1, 2),
            ("sign[1]^3", 0, 1),
            ("normal[1]^2*normal[2]^2", 1, 3),
            ("normal[1]^2*normal_[1]^2", 1, 3),
            ("normal[1]^3", 0, 1),
            ("sign[1]^3 + sign[1]^4", 1, 0),
            ("2*normal[1] + 5", 5, 7),
        ]
        for value, truth in ((right, None), (wrong, False))
    ),
]
SHAPED = {"A": ("h", "h"), "V": ("k", "h"), "W": ("h", "d"), "x": ("d", "1")}
SIZES = (("d", 1), ("h", 1), ("k", 1))
EQUATIONS: list[tuple[str, bool | None]] = [
    ("(0 + V)*W = V*W", True),
    ("(V + 0)*W = V*W", True),
    ("(Id + A)*W = W + A*W", True),
    ("(A + Id)*W = A*W + W", True),
    ("(Id - Id + A)*W = A*W", True),
    ("A + 1 = 1 + A", None),
    ("W + 1 = 1 + W", None),
    ("W + Id = Id + W", None),
    ("x + 1 = 1 + x", None),
    ("W*V = W*V", None),
]
FALSE_EQUATIONS = ("2*Id = Id", "tr(x)*x = 0", "A = Id", "V*W = 0", "tr(x)*x*A = A + A", "tr(x)*x*A = A")
HOLDS_AT = {
    3: (),
    1: ("A = Id", "tr(x)*x*A = A"),
    0: ("tr(x)*x = 0", "V*W = 0", "tr(x)*x*A = A + A", "tr(x)*x*A = A"),
}
"""The equations that hold when every entry is this number."""


def matrices() -> Iterator[tuple[str, Claim, Certificate, bool | None]]:
    shapes = tuple((name, *sides) for name, sides in SHAPED.items())
    for source, truth in EQUATIONS:
        yield source, MatrixIdentities(shapes, (parse(source),)), reduced(parse(source)), truth  # type: ignore[arg-type]
    scalars = (*shapes, ("a", "1", "1"), ("c", "1", "1"))
    for source, truth in (("a^(-1)*a*c*A = A", None), ("c^(-1)*c*A = A", True), ("c^(-1)*A*c = A", True), ("c^(-1)*c = 0", None)):
        given = parse(f"c*c^(-1) = 1 => {source}")
        made = MatrixIdentities(scalars, (given,))  # type: ignore[arg-type]
        yield source, made, reduced(parse(source), parse_term("_0*A")), truth
    for source in FALSE_EQUATIONS:
        made = MatrixIdentities(shapes, (parse(source),))  # type: ignore[arg-type]
        for entry, satisfied in HOLDS_AT.items():
            truth = None if source in satisfied else False
            yield f"{source} at {entry}", made, MatrixCounterexample(SIZES, ((Q(entry),),) * 4), truth


def rules() -> Iterator[tuple[str, Claim, Certificate, bool | None]]:
    """Rules where they hold, and just beside."""
    for i, (problem, source, proof, truth) in enumerate(ITERATIONS):
        yield f"iteration {i}: {source}", at(problem, source), Derivation(proof), truth
    for i, (claim, proof, truth) in enumerate(IMPLIED):
        yield f"implied {i}: {claim}", claim, Derivation(proof), truth
    for i, (claim, special, truth) in enumerate(SPECIAL):
        yield f"special {i}: {claim}", claim, special, truth
    logarithm = Term("log", (x,)) ** 2
    for power in (logarithm, Term("sqrt", (x,)) ** 2, x**-2):
        where = MetaProblem(x, [x], [1], constraints=(at_most(0, power),))
        yield f"a domain with {power}", some("true", universe=ANY), instance(where, done, point=(1,)), None
    for path in (number(2), a1):
        along = Contraction((path,), (done,))
        yield f"a path along {path}", some("true"), instance(outside, done, point=(2,), connected=along), None
    bad = replace(outside, constraints=(less(1 - x**2, x**2),))
    yield "a set whose sides add up to an affine function", some("true"), instance(bad, done, point=(2,)), None
    positive_log = MetaProblem(x, [Term("log", (x,))], [1], constraints=(less(ZERO, x),))
    for source, truth in (("grad F(phi) = [1/2]", True), ("grad F(phi) = [2]", None), ("D2F(phi, [1], [1]) = -1/4", True)):
        yield f"log: {source}", some(source), instance(positive_log, done, point=(2,), domain=(done,)), truth
    for source, truth in (("Q([1]) = [2]", True), ("Q([1]) = [3]", None), ("Q(Q([1])) = [4]", True)):
        yield f"map: {source}", some(source), instance(quad, done, maps=(("Q", (2 * x,)),)), truth
    square_root = MetaProblem(x, [Term("sqrt", (x,))], [1], constraints=(less(ZERO, x),))
    for factor, truth in ((2, True), (1, None)):
        source = f"0 < F(phi) => {factor}*F(phi)*dot(grad F(phi), [1]) = 1"
        yield f"sqrt: {source}", some(source), instance(square_root, done, point=(4,), domain=(done,)), truth
    yield (
        "a domain with a square",
        some("true", universe=ANY),
        instance(replace(where, constraints=(at_most(0, x**2),)), done),
        True,
    )


ROWS = [
    *edges(),
    *readings(),
    *for_all_sizes(),
    *rules(),
    *matrices(),
    *enclosures(),
    *(row for row in sign_conditions() if row[3] is None or kept(*row[:3])),
]
MORE_ACCEPTED: dict[str, tuple[Claim, Certificate, bool]] = {n: (c, k, t) for n, c, k, t in ROWS if t is not None}
MORE_REFUSED: dict[str, Row] = {n: (c, k) for n, c, k, t in ROWS if t is None}
