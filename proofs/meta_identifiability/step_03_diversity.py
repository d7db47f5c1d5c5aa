"""Step 3: task diversity, full rank of the Hessian, and the number of tasks."""

from fractions import Fraction

from metaid_symbolic.certificates import Combine, Contraction, Cut, Summand
from metaid_symbolic.problems import MetaProblem
from metaid_symbolic.symbols import reals
from metaid_symbolic.terms import equal, less, number, symbol
from metaid_symbolic.theory import Hint, Theory

theory = Theory("meta_identifiability", step="S3", title="Task diversity")
x, y = reals("x y")

# True: the 2m tasks x, -x, 2x, -2x, ..., mx, -mx of equal weights have the mean 0, so every point is a minimiser.
MEAN = "(sum(i, m, i*({0})) + sum(i, m, -(i*({0}))))/(2*m)"
theory.statement(
    "S3.claim/diverse",
    "(forall i, j in 1..m: i != j => exists x: i*x != j*x)"
    f" & (forall z: {MEAN.format('0')} <= {MEAN.format('z')})"
    f" & (forall eps > 0: exists b: b != 0 & b^2 < eps^2 & (forall z: {MEAN.format('b')} <= {MEAN.format('z')}))",
    naturals={"m": 1},
    expected=True,
    words="For every m the tasks x, -x, ..., mx, -mx on R, of equal weights, are at least m different ones; 0 minimises their"
    " mean, and so do other points as near to 0 as one likes.",
)

# False: x and -x span R, and H = 0.
theory.claim("S3.span/forward", "SPAN => HNS", expected=False)
# False: x^2 at 0 has H = 2 and no gradient.
theory.claim("S3.span/back", "HNS => SPAN", expected=False)
FORM = "D2L(t, phi, {}, {})"
UU, UW, WW = FORM.format("u", "u"), FORM.format("u", "w"), FORM.format("w", "w")
TURNED, MOVED = f"{WW}*u - {UW}*w", f"u - {UW}*w"
"""Where a semidefinite form vanishes at u, its values there show that it vanishes at (u, w)."""
# True: v H v = E v H_t v vanishes iff every H_t v does, and H_t is symmetric: v is orthogonal to the range of H_t.
theory.claim(
    "S3.span/psd",
    "TPSD => (HNS <=> (forall v in Rn: (forall t in tasks, u in Rn: D2L(t, phi, u, v) = 0) => v = zero))",
    expected=True,
    through=[
        (f"forall t in tasks, u in Rn: 0 <= {UU}",),  # 1
        (f"forall t in tasks, u, w in Rn: 0 <= {FORM.format(TURNED, TURNED)}", 1),  # 2
        (f"forall t in tasks, u, w in Rn: 0 <= {FORM.format(MOVED, MOVED)}", 1),  # 3
        (f"forall t in tasks, u, w in Rn: {WW}*{UW}^2 <= {WW}^2*{UU}", 2),  # 4
        (f"forall t in tasks, u, w in Rn: 2*{UW}^2 <= {UU} + {UW}^2*{WW}", 3),  # 5
        ("forall b: b^2 <= 0 => b = 0", 0),  # 6
        (f"forall t in tasks, u, w in Rn: {UU} = 0 => {WW}^2*{UU} = 0", 0),  # 7
        (f"forall t in tasks, u, w in Rn: {UU} = 0 => {WW}*{UW}^2 <= 0", 4, 7),  # 8
        (f"forall t in tasks, u, w in Rn: {UU} = 0 => 2*{UW}^2 <= {UW}^2*{WW}", 5),  # 9
        (f"forall t in tasks, u, w in Rn: {UU} = 0 => {UW}^2 <= 0", 8, 9),  # 10
        (f"forall t in tasks, u, w in Rn: {UU} = 0 => {UW} = 0", 6, 10),  # 11
        (f"forall u in Rn, r: E(t, {UU}) <= r & r <= 0 => (forall t in tasks: {UU} = 0)", "mean", 1),  # 12
        (f"forall u in Rn: D2F(phi, u, u) = 0 => (forall t in tasks: {UU} = 0)", 12),  # 13
        (f"forall u in Rn: D2F(phi, u, u) = 0 => (forall t in tasks, w in Rn: {UW} = 0)", 11, 13),  # 14
        (f"forall u, w in Rn: (forall t in tasks: {UW} = 0) => E(t, {UW}) = 0", "mean", 0),  # 15
        (f"forall u in Rn: (forall t in tasks, w in Rn: {UW} = 0) => (forall w in Rn: D2F(phi, u, w) = 0)", 15),  # 16
        ("HNS => (forall u in Rn: (forall w in Rn: D2F(phi, u, w) = 0) => u = zero)", 0),  # 17
        (f"HNS => (forall u in Rn: (forall t in tasks, w in Rn: {UW} = 0) => u = zero)", 16, 17),  # 18
        ("HNS => (forall v in Rn: (forall t in tasks, u in Rn: D2L(t, phi, u, v) = 0) => v = zero)", 18),  # 19
        ("forall u in Rn: (forall w in Rn: D2F(phi, u, w) = 0) => D2F(phi, u, u) = 0", 0),  # 20
        (f"forall u in Rn: (forall w in Rn: D2F(phi, u, w) = 0) => (forall t in tasks, w in Rn: {UW} = 0)", 14, 20),  # 21
        ("(forall v in Rn: (forall t in tasks, u in Rn: D2L(t, phi, u, v) = 0) => v = zero) => HNS", 21),  # 22
        ("HNS <=> (forall v in Rn: (forall t in tasks, u in Rn: D2L(t, phi, u, v) = 0) => v = zero)", 19, 22),
    ],
    words="With positive semidefinite task Hessians, H is nonsingular iff only 0 is orthogonal to all ranges of the H_t.",
)

# False: -x^2 at 0.
theory.claim("S3.theorem/critical", "CRIT & HNS => SLM", expected=False)
# True: by the inverse function theorem grad F is injective near phi.
theory.claim("S3.theorem/foc", "CRIT & HNS => FOC", expected=True, by=("inverse function theorem(F)", "difference"))
# True: at a local minimum H is positive semidefinite, and nonsingular makes it positive definite.
theory.claim(
    "S3.theorem/min",
    "MIN & HNS => SLM & HPD",
    expected=True,
    by=(
        "second-order necessary condition(F)",
        "Fermat(F)",
        "second-order sufficient condition(F)",
        "nonsingular semidefinite matrix(F)",
    ),
)
# False: x^4 at 0.
theory.claim("S3.theorem/converse", "SLM => HNS", expected=False)
# True: H is positive definite at the local minimum and nonsingular everywhere, so positive definite on the connected Phi;
# F is strictly convex and has no second local minimum.
theory.claim(
    "S3.theorem/convex",
    "CONVEXSET & (forall x in Phi: nonsingular(hess F(x))) & (exists a in Phi: MIN(a)) => UNIQ",
    expected=True,
    through=[
        ("grad F(a) = zero", "Fermat(F)"),
        ("psd(hess F(a))", "second-order necessary condition(F)"),
        ("posdef(hess F(a))", "nonsingular semidefinite matrix(F)"),
        ("forall x in Phi: posdef(hess F(x))", "constant signature(F)"),
        ("forall x, y in Phi: x != y => F(y) > F(x) + dot(grad F(x), y - x)", "strict convexity from the Hessian(F)"),
        ("forall y in Phi: y != a => F(a) < F(y)", "dot"),
    ],
)
# False: above the parabola y = 1 - 4x^2 the function (y + x^2)^2 + (x^2 - 1)^2 has the Hessian determinant
# 8(4x^2 + y - 1) > 0, and it vanishes at (-1, -1) and (1, -1) only.
s, u, v = symbol("_3"), symbol("_1"), symbol("_2")
SLIDE = (1 - s) * u
HEIGHT = 1 - 4 * SLIDE**2 + (1 - s) * (v - 1 + 4 * u**2) + s
ONCE = ((Fraction(1), number(1)),)
# Along the homotopy the height above the parabola is (1 - s) c + s > 0, with c the height at the start.
ABOVE = Cut(
    equal(s, 0),
    Combine(
        (
            Summand((0,), ONCE, False),
            Summand((3,), ONCE, False),
            Summand((1,), ((Fraction(1), 2 - v - 4 * u**2),), True),
        )
    ),
    Combine((Summand((0, 2), ONCE, False), Summand((1,), ONCE, False), Summand((3,), ONCE, False))),
)
theory.claim(
    "S3.theorem/connected",
    "(forall x in Phi: nonsingular(hess F(x))) & (exists a in Phi: MIN(a)) => UNIQ",
    expected=False,
    hint=Hint(
        problem=MetaProblem((x, y), [(y + x**2) ** 2 + (x**2 - 1) ** 2], [1], constraints=(less(1 - 4 * x**2, y),)),
        point=(1, -1),
        connected=Contraction((SLIDE, HEIGHT), (ABOVE,)),
    ),
)
# True: F has a minimiser; two would give a critical point that is no local minimum (mountain pass), and there is none.
NEAR = "(forall z in Rn: norm2(z - {0}) < {1}^2 & z != {0} => F({0}) < F(z))"
STRICT = f"(exists eps > 0: {NEAR.format('{0}', 'eps')})"
PASS = "(exists c in Rn: grad F(c) = zero & (forall eps > 0: exists x in Rn: norm2(x - c) < eps^2 & F(x) < F(c)))"
theory.claim(
    "S3.theorem/coercive",
    "COERC & HPDCRIT => UNIQ",
    expected=True,
    through=[
        ("forall x in Rn: x in Phi", "whole space"),  # 1
        ("forall c: exists r: forall x in Rn: norm2(x) > r => F(x) > c",),
        ("exists a in Rn: forall x in Rn: F(a) <= F(x)", "Weierstrass(F)", 1, 2),  # 3
        ("a in argmin F", 1, 3),
        ("forall x in Phi: grad F(x) = zero => posdef(hess F(x))",),  # 5
        ("forall x in argmin F: grad F(x) = zero", "Fermat(F)", 1),
        (f"forall x in Rn: grad F(x) = zero => {STRICT.format('x')}", "second-order sufficient condition(F)", 1, 5),  # 7
        (f"forall x in argmin F: {STRICT.format('x')}", 6, 7),
        (
            f"forall c in Rn, eps > 0: {NEAR.format('c', 'eps')} => (forall x in Rn: norm2(x - c) < eps^2 => F(c) <= F(x))",
            0,
        ),  # 9
        ("forall c in Rn: grad F(c) = zero => (exists eps > 0: forall x in Rn: norm2(x - c) < eps^2 => F(c) <= F(x))", 7, 9),
        (f"not {PASS}", 10),  # 11
        (
            f"forall x, y in Rn, r, s: r > 0 & s > 0 & x != y & {NEAR.format('x', 'r')} & {NEAR.format('y', 's')} => {PASS}",
            "mountain pass(F)",
            *(1, 2),
        ),
        (STRICT.format("a"), 4, 8),  # 13
        (f"forall y in argmin F, s: s > 0 & {NEAR.format('y', 's')} => y = a", 11, 12, 13),
        ("forall b in argmin F: b = a", 8, 14),  # 15
        ("exists c in argmin F: forall b in argmin F: b = c", 4, 15),
    ],
)
# False: (x^2 - 1)^2 + (x^2 y - x - 1)^2 has the critical points (-1, 0) and (1, 2) only, both minimisers with value 0.
theory.claim(
    "S3.theorem/noncoercive",
    "whole & HPDCRIT & EXISTS => UNIQ",
    expected=False,
    hint=Hint(problem=MetaProblem((x, y), [(x**2 - 1) ** 2 + (x**2 * y - x - 1) ** 2], [1]), point=(-1, 0)),
)

# False: the one task (x^2 + y^2)/2 in the plane.
theory.claim("S3.intuition/uniq", "UNIQ & (forall a in argmin F: HPD(a)) => COUNT", expected=False)
# True: the gradients span R^n and satisfy a relation with positive coefficients; n losses would leave rank n - 1.
theory.claim("S3.intuition/fisher", "CRIT & FPD => count(n + 1)", expected=True, by=("few balanced tasks", "mean"))
# True: the tasks x_1, ..., x_n, -(x_1 + ... + x_n) of equal weights have mean 0 and gradients that span; by
# S3.intuition/fisher these n + 1 losses are different.
theory.statement(
    "S3.intuition/sharp",
    "sum(i, n, x[i]) + (-sum(i, n, x[i])) = 0"
    " & ((exists i in 1..n: u[i] != 0) => 0 < sum(i, n, u[i]^2) + (-sum(i, n, u[i]))^2)"
    " & ((forall k in 1..n: 0 < x[k]) => (forall i in 1..n: -sum(k, n, x[k]) < x[i]))",
    naturals={"n": 1},
    arrays={"x": ("n",), "u": ("n",)},
    expected=True,
    words="For every n the n + 1 tasks x_1, ..., x_n, -(x_1 + ... + x_n) of equal weights have mean 0, so every point is"
    " critical, and u^T I u > 0 for every u != 0.  They are different: at a point whose coordinates are positive and"
    " different, the first n losses are these coordinates, and the last is below them all.",
)
RANK_ONE = "(exists v in Rn, c: forall x, y in Rn: D2L(t, phi, x, y) = c*dot(v, x)*dot(v, y))"
# True: the rank of a sum is at most the number of its rank-one summands, and equal losses have equal Hessians.
theory.claim(
    "S3.intuition/rank-one",
    f"TPSD & (forall t in tasks: {RANK_ONE}) & HNS => COUNT",
    expected=True,
    through=[
        (f"forall t in tasks: {RANK_ONE}",),  # 1
        (
            "not COUNT => exists u in Rn: u != zero & (forall t in tasks, y in Rn: D2L(t, phi, u, y) = 0)",
            "fewer forms of rank one than dimensions(L)",
            1,
        ),  # 2
        ("forall u, y in Rn: (forall t in tasks: D2L(t, phi, u, y) = 0) => E(t, D2L(t, phi, u, y)) = 0", "mean", 0),  # 3
        (
            "forall u in Rn: (forall t in tasks, y in Rn: D2L(t, phi, u, y) = 0) => (forall y in Rn: D2F(phi, u, y) = 0)",
            3,
        ),  # 4
        ("HNS => (forall u in Rn: (forall w in Rn: D2F(phi, u, w) = 0) => u = zero)", 0),  # 5
        ("HNS => COUNT", 2, 4, 5),  # 6
    ],
)

if __name__ == "__main__":
    theory.main()
