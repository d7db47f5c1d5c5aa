"""The kinds of meta-parameters: initialisation, rates, architecture, loss, optimiser."""

from metaid_symbolic.models.laws import finite_law
from metaid_symbolic.models.learners import meta_sgd
from metaid_symbolic.symbols import reals
from metaid_symbolic.theory import Theory

theory = Theory("meta_identifiability", step="S0c", title="Types of meta-parameters")
x, r = reals("x r")

# False: grad F_MAML contains H_t(phi), which these gradients do not determine.
theory.determines(
    "M1/init",
    ["alpha", "grad L(t, phi)", "grad L(t, phi - alpha*grad L(t, phi))"],
    "grad F_MAML(phi)",
    expected=False,
)

# False: (x - r x)^2/2 vanishes for r = 1 and every x.
theory.at("M2/point", meta_sgd(finite_law(x, [x**2 / 2]), rates=[r]).problem, "UNIQ", expected=False)
# True: one step with rate 1 ends at c_t from everywhere, so the objective is constant.
theory.claim(
    "M2/equal",
    "whole => forall th in families: (forall t in tasks, x in Rn: L(t, x) = norm2(x - th[t])/2)"
    " => forall x, y in Rn: F_MAML(x, 1) <= F_MAML(y, 1)",
    expected=True,
    through=[
        ("forall t in tasks, x, u in Rn: dot(grad L(t, x), u) = dot(x - th[t], u)", "derivative", "whole space"),
        ("forall t in tasks, x in Rn: norm2(x - grad L(t, x) - th[t]) = 0",),
        ("forall t in tasks, x in Rn: L(t, x - grad L(t, x)) = 0",),
        ("forall x in Rn: E(t, L(t, x - 1*grad L(t, x))) = 0", "mean"),
        ("forall x in Rn: F_MAML(x, 1) = 0", "adapted objective at a rate", "whole space"),
    ],
)
META_SGD = meta_sgd(finite_law(x, [x**2 / 2, (x - 1) ** 2]), rates=[r]).problem
"""L_t(x - r g_t(x)) for the tasks x^2/2 and (x - 1)^2, as a function of both x and r."""
# True: (1 - r) x = 0 and (1 - 2r)(x - 1) = 0 have the solutions (0, 1/2) and (1, 1); H is diag(1/8, 4) and diag(1, 1/2).
theory.at(
    "M2/distinct",
    META_SGD,
    "(exists a, b in Rn: forall z in argmin F: z = a | z = b) & (forall z in argmin F: posdef(hess F(z)))",
    expected=True,
    words="The joint objective has at most two minimisers (so finitely many), each with a positive definite Hessian.",
)
# Both task losses vanish at these points, so do their gradients.
theory.at(
    "M2/distinct!value",
    META_SGD,
    "(forall z in Rn: z in argmin F <=> z = [0, 1/2] | z = [1, 1]) & meq(fisher([0, 1/2]), 0*eye) & meq(fisher([1, 1]), 0*eye)",
    expected=True,
    words="A* = {(0, 1/2), (1, 1)} in the coordinates (phi, alpha), and I = 0 at both.",
)
JOINT = "(forall b, q in Rn: F_MAML({0}, {1}) <= F_MAML(b, q))"
# False: if no loss depends on the coordinate, its rate changes nothing.
theory.claim(
    "M2/dead",
    "whole => forall i in 1..n:"
    " (forall t in tasks, x, y in Rn: (forall j in 1..n: j != i => coord(x, j) = coord(y, j)) => L(t, x) = L(t, y))"
    f" & (exists a, p in Rn: {JOINT.format('a', 'p')})"
    f" => forall a, p, c, s in Rn: {JOINT.format('a', 'p')} & {JOINT.format('c', 's')} => coord(p, i) = coord(s, i)",
    expected=False,
)

# True: softmax(a + c 1) = softmax(a), so every loss is constant along 1; differentiate once and twice.
ALIKE = "(forall i in 1..n: exp(coord({0}, i))*sum(j, n, exp(coord({1}, j))) = exp(coord({1}, i))*sum(j, n, exp(coord({0}, j))))"
"""The points x and y have the same softmax."""
ONES = "(forall i in 1..n: coord(u, i) = 1)"
SHIFTED = "exp(coord(x + c*u, j))"
theory.claim(
    "M3/shift",
    f"whole & (forall t in tasks, x, y in Rn: {ALIKE.format('x', 'y')} => L(t, x) = L(t, y))"
    f" => forall u in Rn: {ONES} => (forall t in tasks, x in Rn, c: L(t, x + c*u) = L(t, x))"
    " & (forall x, v in Rn: D2F(x, u, v) = 0 & E(t, dot(grad L(t, x), u)*dot(grad L(t, x), v)) = 0)",
    expected=True,
    through=[
        ("forall x in Rn: x in Phi", "whole space"),  # 1
        (f"forall t in tasks, x, y in Rn: {ALIKE.format('x', 'y')} => L(t, x) = L(t, y)",),  # 2
        ("forall b, c: b = 1 => exp(b*c) <= exp(c)", "exp(c - b*c)", 0),  # 3
        ("forall b, c: b = 1 => exp(c) <= exp(b*c)", "exp(b*c - c)", 0),
        (
            "forall u in Rn, i in 1..n, c: coord(u, i) = 1 => exp(coord(u, i)*c) = exp(c)",
            *("3 at coord(u, i), c", "4 at coord(u, i), c", 3, 4),
        ),  # 5
        (f"forall u in Rn, c: {ONES} => (forall i in 1..n: exp(coord(u, i)*c) = exp(c))", 5),  # 6
        (
            f"forall x, u in Rn, c: {ONES} => sum(j, n, {SHIFTED}) = exp(c)*sum(j, n, exp(coord(x, j)))",
            *(f"sum(j, n, {SHIFTED} - exp(c)*exp(coord(x, j)))", "6 at u, c", 6),
        ),  # 7
        (f"forall x, u in Rn, c: {ONES} => {ALIKE.format('x + c*u', 'x')}", "6 at u, c", "7 at x, u, c", 6, 7),  # 8
        (
            f"forall t in tasks, x, u in Rn, c: {ONES} => L(t, x + c*u) = L(t, x)",
            *("8 at x, u, c", "2 at t, x + c*u, x", 2, 8),
        ),  # 9
        (f"forall t in tasks, u in Rn: {ONES} => (forall x in Rn, c: L(t, x + c*u) = L(t, x))", 9),  # 10
        (
            "forall t in tasks, u in Rn: (forall x in Rn, c: L(t, x + c*u) = L(t, x))"
            " => (forall x in Rn, c: dot(grad L(t, x + c*u), u) = 0)",
            *("derivative", 1),
        ),  # 11
        (
            "forall t in tasks, u in Rn: (forall x in Rn, c: dot(grad L(t, x + c*u), u) = 0)"
            " => (forall x in Rn: dot(grad L(t, x), u) = 0)",
            0,
        ),  # 12
        (
            "forall t in tasks, u in Rn: (forall x in Rn: dot(grad L(t, x), u) = 0) => (forall x, v in Rn: D2L(t, x, u, v) = 0)",
            *("derivative", 1),
        ),  # 13
        (f"forall t in tasks, u in Rn: {ONES} => (forall x in Rn: dot(grad L(t, x), u) = 0)", 10, 11, 12),  # 14
        (f"forall t in tasks, u in Rn: {ONES} => (forall x, v in Rn: D2L(t, x, u, v) = 0)", 13, 14),  # 15
        (
            f"forall u in Rn: {ONES} => (forall x, v in Rn: E(t, D2L(t, x, u, v)) = 0)",
            *("E(t, D2L(t, x, u, v))", 15),
        ),  # 16
        (
            f"forall u in Rn: {ONES} => (forall x, v in Rn: E(t, dot(grad L(t, x), u)*dot(grad L(t, x), v)) = 0)",
            *("E(t, dot(grad L(t, x), u)*dot(grad L(t, x), v))", 14),
        ),  # 17
        (ONES,),  # 18
        ("forall t in tasks, x in Rn, c: L(t, x + c*u) = L(t, x)", 10, 18),  # 19
        ("forall x, v in Rn: E(t, D2L(t, x, u, v)) = 0", 16, 18),  # 20
        ("forall x, v in Rn: E(t, dot(grad L(t, x), u)*dot(grad L(t, x), v)) = 0", 17, 18),  # 21
        (
            "forall x, v in Rn: D2F(x, u, v) = 0 & E(t, dot(grad L(t, x), u)*dot(grad L(t, x), v)) = 0",
            *("20 at x, v", "21 at x, v", 20, 21),
        ),  # 22
    ],
    words="If every loss is a function of softmax(x) then it is unchanged under x -> x + c 1, and v^T H 1 = v^T I 1 = 0.",
)
# True: sum a + n c = 0 and sum a = 0 give c = 0.
theory.statement(
    "M3/gauge",
    "forall c: sum(i, n, a[i]) = 0 & sum(i, n, a[i] + c) = 0 => c = 0",
    naturals={"n": 1},
    arrays={"a": ("n",)},
    expected=True,
)
# True: grad (cL + d) = c grad L; equal steps from every point give equal adaptation in any number of steps.
theory.claim(
    "M4/affine",
    "forall s, t in tasks, c > 0, d: (forall x in Phi: L(s, x) = c*L(t, x) + d)"
    " => forall x in Phi, b: c*b = alpha => x - b*grad L(s, x) = x - alpha*grad L(t, x)",
    expected=True,
    by=("derivative", "orthogonal to all"),
    words="If one loss is c times another plus d then a step with rate b = alpha/c on the one is one with rate alpha on the"
    " other.",
)
# True: with state S h for h the new state is S (A h + B g), and C S^-1 reads the same update from it; S 0 = 0 starts it.
theory.matrix(
    "M5/similarity",
    shapes={
        "A": ("h", "h"), "S": ("h", "h"), "Si": ("h", "h"), "B": ("h", "d"), "C": ("d", "h"), "x": ("h", "1"), "g": ("d", "1"),
    },
    inverses=[("S", "Si")],
    equations=["S*A*Si*(S*x) + S*B*g = S*(A*x + B*g)", "C*Si*(S*x) = C*x", "S*(x - x) = 0"],
    expected=True,
    words="Induction over the steps: if the two states are x and S x then so are the next ones, the updates agree, hence the"
    " next gradients g; both start at 0.",
)  # fmt: skip

if __name__ == "__main__":
    theory.main()
