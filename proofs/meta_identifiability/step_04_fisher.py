"""Step 4: the matrix I = E g_t g_t^T and identifiability."""

from metaid_symbolic.theory import Theory

theory = Theory("meta_identifiability", step="S4", title="The Fisher criterion")

# False: the tasks x and -x have I = 1 everywhere, and F = 0 is minimal everywhere.
theory.claim("S4.claim/sufficient", "OPT & FPD => UNIQ", expected=False)
# False: the one task x^2 has its only minimiser at 0, where its gradient vanishes.
theory.claim("S4.claim/necessary", "UNIQ => forall a in argmin F: FPD(a)", expected=False)

# False: the one task x^3 has I(0) = 0, and x -> x^3 is injective.
theory.claim("S4.singular/any", "not nonsingular(fisher(phi)) => not LPROF", expected=False)
# True: rank I = rank of the derivative of the profile; a C^1 map that is injective near phi has an injective derivative at
# points as near to phi as one likes, and there I would be nonsingular.
INJECTIVE = "(forall v in Rn: (forall t in tasks: dot(grad L(t, {0}), v) = 0) => v = zero)"
NEAR = "(forall x in Phi: norm2(x - phi) < r^2 => norm2(x - phi) < {0}^2)"
theory.claim(
    "S4.singular/constant",
    "FRANK => not LPROF",
    expected=True,
    through=[
        ("exists rho > 0: forall x in Phi: norm2(x - phi) < rho^2 => samerank(fisher(x), fisher(phi))",),  # 1
        (
            "exists delta > 0: forall x, y in Phi: norm2(x - phi) < delta^2 & norm2(y - phi) < delta^2"
            " & (forall t in tasks: L(t, x) = L(t, y)) => x = y",
        ),  # 2
        (f"exists r > 0: {NEAR.format('rho')} & {NEAR.format('delta')}", 0),  # 3
        (
            "forall x, y in Phi: norm2(x - phi) < r^2 & norm2(y - phi) < r^2 & (forall t in tasks: L(t, x) = L(t, y)) => x = y",
            *(2, 3),
        ),  # 4
        (
            f"exists z in Phi: norm2(z - phi) < r^2 & {INJECTIVE.format('z')}",
            "injective maps are immersions somewhere(L)",
            4,
        ),  # 5
        ("norm2(z - phi) < rho^2", 3, 5),
        ("samerank(fisher(z), fisher(phi))", 1, 6),  # 7
        (
            "forall u in Rn: E(t, dot(grad L(t, z), u)^2) = 0 => (forall t in tasks: dot(grad L(t, z), u) = 0)",
            "E(t, dot(grad L(t, z), u)^2)",
            0,
        ),  # 8
        ("nonsingular(fisher(z))", 5, 8),  # 9
        ("nonsingular(fisher(z)) => nonsingular(fisher(phi))", "equal rank", 7),  # 10
        ("nonsingular(fisher(phi))", 9, 10),
    ],
)
# False: x^2 again.
theory.claim(
    "S4.singular/uniq",
    "EXISTS & (exists a in argmin F: not nonsingular(fisher(a))) => not UNIQ",
    expected=False,
)

# True: I is positive definite iff the derivative of the profile is injective; then the profile is an immersion at phi.
theory.claim(
    "S4.profile/local",
    "FPD => LPROF",
    expected=True,
    through=[
        ("forall u in Rn: (forall t in tasks: dot(grad L(t, phi), u) = 0) => E(t, dot(grad L(t, phi), u)^2) = 0", "mean"),
        ("forall u in Rn: (forall t in tasks: dot(grad L(t, phi), u) = 0) => u = zero",),
        ("LPROF", "immersions are locally injective(L)", 2),
    ],
)
# False: x -> (x^2 - 1, x^3 - x) is an immersion of R that takes -1 and 1 to one point.
theory.claim(
    "S4.profile/global",
    "whole & FPDALL => PROF",
    expected=False,
)

# True, with the tasks F + x_1, ..., F + x_n, F - (x_1 + ... + x_n) of equal weights: their mean is F, and if u is orthogonal
# to all gradients then c + u_i = 0 for all i and c = u_1 + ... + u_n, c = grad F . u; so c = -n c, c = 0, u = 0.
theory.statement(
    "S4.homogenise/perturb",
    "forall c: sum(i, n, c + x[i]) + (c - sum(i, n, x[i])) = (n + 1)*c"
    " & ((exists i in 1..n: u[i] != 0) =>"
    " 0 < sum(i, n, (sum(k, n, g[k]*u[k]) + u[i])^2) + (sum(k, n, g[k]*u[k]) - sum(i, n, u[i]))^2)",
    naturals={"n": 1},
    arrays={"x": ("n",), "g": ("n",), "u": ("n",)},
    expected=True,
    words="At a point x let F have the value c and the gradient g.  The tasks F + x_1, ..., F + x_n, F - (x_1 + ... + x_n)"
    " of weights 1/(n + 1) have mean c there, and their gradients g + e_i, g - (e_1 + ... + e_n) a positive definite second"
    " moment, for every n, c, x and g.",
)
# True, with the single task F: its gradient vanishes where that of F does.
theory.claim(
    "S4.homogenise/one",
    "SAME => forall x in Phi: grad F(x) = zero => meq(fisher(x), 0*eye)",
    expected=True,
    through=[
        ("forall s, t in tasks, x in Phi, u in Rn: dot(grad L(s, x), u) = dot(grad L(t, x), u)", "derivative"),
        ("forall t in tasks, x in Phi, u in Rn: E(s, dot(grad L(s, x), u) - dot(grad L(t, x), u)) = 0", "mean"),
        ("forall x in Phi, u in Rn: grad F(x) = zero => dot(grad F(x), u) = 0", "dot"),
        ("forall t in tasks, x in Phi, u in Rn: grad F(x) = zero => dot(grad L(t, x), u) = 0",),
    ],
    by=("mean",),
    words="A law all of whose tasks have the loss F (one such law exists for every F) has I = 0 at every critical point of F.",
)

# True: Phi is open, so every task gradient vanishes at a common minimiser.
theory.claim(
    "S4.interp",
    "(forall t in tasks, x in Phi: L(t, phi) <= L(t, x)) => meq(fisher(phi), 0*eye)",
    expected=True,
    by=("Fermat(L)", "dot", "mean"),
)

# True: H >= eta I is positive semidefinite, so F is convex, and H(phi) >= eta I(phi) > 0; a convex function with a strict
# local minimiser has no other minimiser.
theory.claim(
    "S4.repair/expconcave",
    "EXPC & OPT & FPD => UNIQ & HPD",
    expected=True,
    repairs="S4.claim/sufficient",
    through=[
        ("forall x in Phi, u in Rn: 0 <= E(t, dot(grad L(t, x), u)^2)", "mean"),
        ("forall x in Phi, u in Rn: eta*E(t, dot(grad L(t, x), u)^2) <= D2F(x, u, u)",),
        ("forall x in Phi: psd(hess F(x))",),
        ("posdef(hess F(phi))", "mean"),
        ("grad F(phi) = zero", "Fermat(F)"),
        (
            "exists eps > 0: forall y in Phi: norm2(y - phi) < eps^2 & y != phi => F(phi) < F(y)",
            "second-order sufficient condition(F)",
        ),
        ("CONVEXSET",),
        (
            "forall x, y in Phi, r: 0 <= r & r <= 1 => F(r*x + (1 - r)*y) <= r*F(x) + (1 - r)*F(y)",
            *("convexity and the Hessian(F)", 3, 7),
        ),
        ("forall y in Phi: y != phi => F(phi) < F(y)", "strict minimisers of convex functions(F)"),
    ],
)
# False: x and -x are convex.
theory.claim(
    "S4.repair/convex",
    "TCONV & OPT & FPD => UNIQ",
    expected=False,
    repairs="S4.claim/sufficient",
)

# True: the minimiser is s times the mean of N signs, its variance s^2/N = I(0)/N.
DISTANCE = "sum(i, N, ({0} - e[i])^2)"
AVERAGE = "sum(j, N, e[j])/N"
VARIANCE = "Ex((sum(j, N, {0}*sign[j])/N)^2) - Ex(sum(j, N, {0}*sign[j])/N)^2"
LESS = f"{VARIANCE.format('s')} < {VARIANCE.format('r')}"
theory.statement(
    "S4.sense/variance",
    f"forall s > 0: (forall x: {DISTANCE.format(AVERAGE)} <= {DISTANCE.format('x')}) & (forall r: r > s => {LESS})",
    naturals={"N": 1},
    arrays={"sign": ("N",), "e": ("N",)},
    expected=True,
    through=[
        ("forall b: 0 <= N*b^2",),
        (f"forall x: {DISTANCE.format(AVERAGE)} <= {DISTANCE.format('x')}", "at: N*x - sum(j, N, e[j])"),
        ("forall s > 0, r: r > s => s^2 < r^2",),
        (f"forall s > 0, r: r > s & s^2 < r^2 => {LESS}",),
    ],
    words="The mean of any N sampled tasks e_i, so of N tasks s sign_i too, minimises the mean of their losses (x - e_i)^2/2;"
    " for independent signs its variance increases strictly with s, that is with I(0) = s^2.",
)

ALONG = "dot(grad L(t, phi), x - phi)"
TAYLOR = (
    "norm2(h) < r^2 => phi + h in Phi & (forall t in tasks: L(t, phi + h) - L(t, phi) - dot(grad L(t, phi), h) <= k*norm2(h)"
    " & -(k*norm2(h)) <= L(t, phi + h) - L(t, phi) - dot(grad L(t, phi), h))"
)
GAIN = "(L(t, x) - L(t, phi))"
GROWS = "(exists t in tasks: L(t, x) >= L(t, phi) & (L(t, x) - L(t, phi))^2 >= {0}^2*norm2(x - phi))"
# True: the gradients span R^n and have mean 0, so in every direction u some g_t . u is positive, on the unit sphere at
# least 2c; near phi the remainder of L_t is less than c |x - phi|.
theory.claim(
    "S4.minimax",
    f"CRIT & FPD => exists c > 0, eps > 0: forall x in Phi: norm2(x - phi) < eps^2 => {GROWS.format('c')}",
    expected=True,
    through=[
        ("forall u in Rn: u != zero => 0 < E(t, dot(grad L(t, phi), u)^2)",),  # 1
        ("forall u in Rn: E(t, dot(grad L(t, phi), u)) = 0", "dot"),  # 2
        (
            "forall u in Rn: (forall t in tasks: dot(grad L(t, phi), u) <= 0) => (forall t in tasks: dot(grad L(t, phi), u) = 0)",
            *("E(t, -dot(grad L(t, phi), u))", "2 at u", 2),
        ),  # 3
        (
            "forall u in Rn: (forall t in tasks: dot(grad L(t, phi), u) = 0) => E(t, dot(grad L(t, phi), u)^2) = 0",
            *("E(t, dot(grad L(t, phi), u)^2)", 0),
        ),  # 4
        ("forall u in Rn: u != zero => (exists t in tasks: dot(grad L(t, phi), u) > 0)", 1, 3, 4),  # 5
        (
            "exists b > 0: forall u in Rn: exists t in tasks:"
            " dot(grad L(t, phi), u) >= 0 & dot(grad L(t, phi), u)^2 >= b^2*norm2(u)",
            *("linear forms on the sphere(L)", 5),
        ),  # 6
        (
            f"exists k > 0, r > 0: forall h in Rn: {TAYLOR}",
            *("Taylor(L)", 0),
        ),  # 7
        ("exists eps > 0: eps <= r & 2*k*eps <= b", "8 at r", "8 at b/(2*k)", 0),  # 8
        ("forall z: z < eps^2 => z < r^2", 8),  # 9
        ("forall v, w: 0 <= v & v <= w => v^2 <= w^2", 0),  # 10
        ("4*k^2*eps^2 <= b^2", "10 at 2*k*eps, b", 8, 10),  # 11
        ("forall c, d: c < d => k^2*c <= k^2*d", 0),  # 12
        ("forall y in Rn: 0 <= norm2(y)", "norm", 0),  # 13
        ("forall z: 0 <= z & z < eps^2 => 4*k^2*z <= b^2", "12 at z, eps^2", 11, 12),  # 14
        ("forall a, z: 0 <= z & 4*k^2*z <= b^2 & b^2*z <= a^2 => (2*k*z)^2 <= a^2", 0),  # 15
        ("forall a, w: 0 <= a & w^2 <= a^2 => w <= a", 0),  # 16
        (
            "forall a, z: 0 <= a & 0 <= z & z < eps^2 & b^2*z <= a^2 => 2*k*z <= a",
            *("14 at z", "15 at a, z", "16 at a, 2*k*z", 14, 15, 16),
        ),  # 17
        ("forall a, d: 0 <= a & a <= 2*d => a^2 <= 4*d^2", 0),  # 18
        (
            "forall a, z, d: 0 <= a & 0 <= z & z < eps^2 & b^2*z <= a^2 & d >= a - k*z => 0 <= d & b^2*z <= 4*d^2",
            *("17 at a, z", "18 at a, d", 17, 18),
        ),  # 19
        (
            f"forall t in tasks, x in Phi: norm2(x - phi) < eps^2 & 0 <= {ALONG} & b^2*norm2(x - phi) <= ({ALONG})^2"
            f" & {GAIN} >= {ALONG} - k*norm2(x - phi) => 0 <= {GAIN} & b^2*norm2(x - phi) <= 4*({GAIN})^2",
            *(f"19 at {ALONG}, norm2(x - phi), {GAIN}", "13 at x - phi", 13, 19),
        ),  # 20
        (
            "forall u in Rn: exists t in tasks: dot(grad L(t, phi), u) >= 0 & dot(grad L(t, phi), u)^2 >= b^2*norm2(u)",
            6,
        ),  # 21
        (f"forall h in Rn: {TAYLOR}", 7),  # 22
        (
            f"forall x in Phi: norm2(x - phi) < eps^2 => exists t in tasks: 0 <= {ALONG}"
            f" & b^2*norm2(x - phi) <= ({ALONG})^2 & {GAIN} >= {ALONG} - k*norm2(x - phi)",
            *("21 at x - phi", "22 at x - phi", "9 at norm2(x - phi)", 9, 21, 22),
        ),  # 23
        (
            f"forall x in Phi: norm2(x - phi) < eps^2 => exists t in tasks: 0 <= {GAIN} & b^2*norm2(x - phi) <= 4*({GAIN})^2",
            *("23 at x", 20, 23),
        ),  # 24
        (f"forall x in Phi: norm2(x - phi) < eps^2 => {GROWS.format('(b/2)')}", "24 at x", 24),  # 25
    ],
    by=("0 at b/2; eps", "25 at x"),
    words="Near phi the largest increase of a task loss is at least c times the distance from phi.",
)

if __name__ == "__main__":
    theory.main()
