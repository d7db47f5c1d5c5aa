"""Step 6: penalties, normalisations and constraints that should restore identifiability."""

from metaid_symbolic.conditions import condition
from metaid_symbolic.problems import MetaProblem
from metaid_symbolic.symbols import reals
from metaid_symbolic.theory import Theory

ORTHOGONAL = condition(
    "ORTHOGONAL",
    "(forall x, y in Rn: dot(Q(x), Q(y)) = dot(x, y)) & (forall x, y in Rn, r: Q(r*x + y) = r*Q(x) + Q(y))",
)
theory = Theory("meta_identifiability", step="S6", title="Breaking non-identifiability", conditions=[ORTHOGONAL])
a, b = reals("a b")

PENALISED = "(({0})*({1}) - 1)^2 + lam*(({0})^2 + ({1})^2)"
BEST = f"(forall u, v: {PENALISED.format('{0}', '{1}')} <= {PENALISED.format('u', 'v')})"
# False: for lam = 1/2 the minimisers are (w, w) and (-w, -w) with w^2 = 1/2.
theory.statement(
    "S6.regularization/scale",
    f"forall lam > 0: exists a, b: {BEST.format('a', 'b')} & (forall c, d: {BEST.format('c', 'd')} => c = a & d = b)",
    expected=False,
)
theory.at(
    "S6.regularization/scale!value",
    MetaProblem((a, b), [(a * b - 1) ** 2 + (a**2 + b**2) / 2], [1]),
    "forall z in Rn: z in argmin F <=> 2*coord(z, 1)^2 = 1 & coord(z, 1) = coord(z, 2)",
    expected=True,
    words="A* = {(w, w), (-w, -w)} with w = 1/sqrt(2).",
)
# True: such a map preserves x^2 y^2 and lam (x^2 + y^2) - 2 x y, so it is the identity or the exchange, up to sign.
theory.statement(
    "S6.regularization/compact",
    "forall lam > 0, a, b, c, d:"
    f" (forall u, v: {PENALISED.format('a*u + b*v', 'c*u + d*v')} = {PENALISED.format('u', 'v')})"
    " => (a = 1 & b = 0 & c = 0 & d = 1) | (a = -1 & b = 0 & c = 0 & d = -1)"
    " | (a = 0 & b = 1 & c = 1 & d = 0) | (a = 0 & b = -1 & c = -1 & d = 0)",
    expected=True,
    words="A linear map (u, v) -> (a u + b v, c u + d v) that preserves the function is one of four.",
)
# True: |Q x|^2 = |x|^2.
theory.claim(
    "S6.regularization/orthogonal",
    "whole & ORTHOGONAL => forall lam: (forall x in Rn: norm2(Q(x)) = norm2(x))"
    " & ((forall x in Rn: F(Q(x)) = F(x)) => forall x in Rn: F(Q(x)) + lam*norm2(Q(x)) = F(x) + lam*norm2(x))",
    expected=True,
    through=[("forall x in Rn: dot(Q(x), Q(x)) = dot(x, x)",)],
)
theory.unformalised(
    "S6.regularization/generic",
    expected=True,
    reason="c -> max over x of 2 lam c.x - F(x) - lam |x|^2 is convex, hence differentiable almost everywhere, and where it is"
    " every maximiser x has 2 lam x as its gradient",
    needs="the quantifier: for almost every point",
)

NONZERO = "(exists i in 1..d: w[i] != 0)"
LENGTH = "sum(i, d, ({0}*w[i])^2)"
SQUARES = "sum(i, d, w[i]^2)"
LENGTH_OF_W = f"sqrt({SQUARES})"
# True: c = 1/|w|.
theory.statement(
    "S6.normalization/one-unit",
    f"forall v: {NONZERO} => exists c > 0: {LENGTH.format('c')} = 1"
    f" & (forall e > 0: {LENGTH.format('e')} = 1 => (forall i in 1..d: e*w[i] = c*w[i]) & v/e = v/c)",
    naturals={"d": 1},
    arrays={"w": ("d",)},
    expected=True,
    through=[
        (f"0 < {SQUARES}", SQUARES),
        (f"0 < {LENGTH_OF_W} & {LENGTH_OF_W}^2 = {SQUARES}", LENGTH_OF_W),
        (f"forall e > 0: 0 < e*{LENGTH_OF_W}",),
        (f"forall e > 0: e*{LENGTH_OF_W}^2 = e*{SQUARES}",),
        (f"forall e > 0: e^2*{LENGTH_OF_W}^2 = e^2*{SQUARES}",),
        (f"forall e > 0: {LENGTH.format('e')} = 1 => e*{LENGTH_OF_W} = 1",),
        (f"{LENGTH.format(f'(1/{LENGTH_OF_W})')} = 1",),
    ],
    by=(f"at: 1/{LENGTH_OF_W}",),
    words="The orbit of (w, v) consists of the (c w, v/c) with c > 0.",
)
FROBENIUS = "sum(i, h, sum(j, d, ({0}*w[i, j])^2))"
# False: two units of length 1 may be scaled to (3/5, 4/5) or to (4/5, 3/5).
theory.statement(
    "S6.normalization/frobenius",
    "(forall i in 1..h: exists j in 1..d: w[i, j] != 0)"
    f" => (exists r > 0: {FROBENIUS.format('r')} = 1)"
    " & ((forall i in 1..h: c[i] > 0 & e[i] > 0)"
    f" & {FROBENIUS.format('c[i]')} = 1 & {FROBENIUS.format('e[i]')} = 1"
    " => (forall i in 1..h, j in 1..d: c[i]*w[i, j] = e[i]*w[i, j]))",
    naturals={"h": 1, "d": 1},
    arrays={"w": ("h", "d"), "c": ("h",), "e": ("h",)},
    expected=False,
    words="At least once (by one common factor r), and at most once.",
)
# False: c and -c both do.
theory.statement(
    "S6.normalization/sign",
    f"forall v: {NONZERO} => exists c: c != 0 & {LENGTH.format('c')} = 1"
    f" & (forall e: e != 0 & {LENGTH.format('e')} = 1 => (forall i in 1..d: e*w[i] = c*w[i]) & v/e = v/c)",
    naturals={"d": 1},
    arrays={"w": ("d",)},
    expected=False,
)
# False: one unit with W1 = 2, W2 = 1, x = 1 and s the identity gives 1 for 2.
theory.statement(
    "S6.normalization/function",
    "forall r > 0: r^2 = sum(i, h, sum(j, d, W1[i, j]^2))"
    " => sum(i, h, W2[i]*s(sum(j, d, W1[i, j]/r*x[j]))) = sum(i, h, W2[i]*s(sum(j, d, W1[i, j]*x[j])))",
    naturals={"h": 1, "d": 1},
    functions=("s",),
    arrays={"W1": ("h", "d"), "W2": ("h",), "x": ("d",)},
    expected=False,
)
# False: the direction (0, v) is in the kernel, since v/|v| does not depend on the length of v.
theory.statement(
    "S6.normalization/weightnorm",
    "forall g, q, r: g != 0 & r > 0 & r^2 = sum(j, d, v[j]^2)"
    " & (forall i in 1..d: q*v[i]/r + g*(y[i]/r - v[i]*sum(j, d, v[j]*y[j])/r^3) = 0) => q = 0 & (forall i in 1..d: y[i] = 0)",
    naturals={"d": 1},
    arrays={"v": ("d",), "y": ("d",)},
    expected=False,
    words="The derivative of g v/|v| in the direction (q, y) vanishes only for (q, y) = 0.",
)

# False: the mean of losses that Q leaves unchanged is left unchanged, whatever the weights.
theory.exists(
    "S6.diversity/functional",
    "(forall x, y in Rn, r: Q(r*x + (1 - r)*y) = r*Q(x) + (1 - r)*Q(y)) & (forall y in Rn: exists x in Rn: Q(x) = y)"
    " & (exists x in Rn: Q(x) != x) & (forall x in Rn: x in Phi <=> Q(x) in Phi)"
    " & (forall t in tasks, x in Phi: L(t, Q(x)) = L(t, x)) & (exists x in Phi: F(Q(x)) != F(x))",
    expected=False,
    by=("mean",),
    words="Q is an affine bijection of R^n that preserves Phi, is not the identity, and leaves every task loss unchanged.",
)

LEAST = "(forall x in Phi: x in C => F({0}) <= F(x))"
# True: on C the minimum of F is that on Phi, attained in A* and C only.
theory.claim(
    "S6.constraints/slice",
    "(exists a in argmin F: a in C & (forall b in argmin F: b in C => b = a))"
    f" => exists a in Phi: a in C & {LEAST.format('a')} & (forall b in Phi: b in C & {LEAST.format('b')} => b = a)",
    expected=True,
    words="C is the constraint set.  That A* is one orbit of a group is not needed.",
)
# False: for w1 > 0 the whole orbit satisfies it.
theory.statement(
    "S6.constraints/positive",
    "forall u, v, c > 0, e > 0: c*u >= 0 & e*u >= 0 => c*u = e*u & v/c = v/e",
    expected=False,
    words="The orbit of (u, v) consists of the (c u, v/c) with c > 0.",
)
BEFORE = "(exists k in 1..d: u[{0}, k] < u[{1}, k] & (forall l in 1..d: l < k => u[{0}, l] = u[{1}, l]))"
RANK = "(1 + sum(k, h, below[k, {0}]))"
# True: different vectors are totally ordered, and a finite total order has one increasing enumeration.
theory.statement(
    "S6.constraints/sorted",
    "(forall i, j in 1..h: i != j => exists k in 1..d: u[i, k] != u[j, k])"
    f" & (forall i, j in 1..h: {BEFORE.format('i', 'j')} & below[i, j] = 1 | not {BEFORE.format('i', 'j')} & below[i, j] = 0)"
    f" => (forall i in 1..h: exists k in 1..h: {RANK.format('i')} = k)"
    f" & (forall k in 1..h: exists i in 1..h: {RANK.format('i')} = k)"
    f" & (forall i, j in 1..h: {RANK.format('i')} < {RANK.format('j')} => {BEFORE.format('i', 'j')})"
    " & ((forall i in 1..h: exists k in 1..h: q[i] = k) & (forall k in 1..h: exists i in 1..h: q[i] = k)"
    f" & (forall i, j in 1..h: q[i] < q[j] => {BEFORE.format('i', 'j')}) => (forall i in 1..h: q[i] = {RANK.format('i')}))",
    naturals={"h": 1, "d": 1},
    arrays={"u": ("h", "d"), "below": ("h", "h"), "q": ("h",)},
    expected=True,
    words="below[i, j] is 1 or 0 as unit i comes before unit j or not.  Putting unit i at the place 1 + the number of units"
    " before it sorts the units, and is the only permutation q that does.",
)

if __name__ == "__main__":
    theory.main()
