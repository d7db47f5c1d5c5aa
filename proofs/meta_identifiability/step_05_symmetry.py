"""Step 5: symmetries of networks, and what they do to adaptation."""

from equivariance import ISOMETRY, LINEAR, PERMUTING, equivariance

from metaid_symbolic.conditions import condition
from metaid_symbolic.problems import MetaProblem
from metaid_symbolic.symbols import reals
from metaid_symbolic.theory import Theory

theory = Theory(
    "meta_identifiability",
    step="S5",
    title="Non-identifiability",
    conditions=[
        # the map Q of R^n permutes the coordinates
        condition(
            "PERMUTATION",
            "exists p in Rn: (forall j in 1..n: exists i in 1..n: coord(p, i) = j)"
            " & (forall i in 1..n: exists j in 1..n: coord(p, i) = j)"
            " & (forall x in Rn, i in 1..n: coord(Q(x), i) = coord(x, coord(p, i)))",
        ),
        # Q is linear and preserves inner products
        condition(
            "ORTHOGONAL",
            "(forall x, y in Rn: dot(Q(x), Q(y)) = dot(x, y)) & (forall x, y in Rn, r: Q(r*x + y) = r*Q(x) + Q(y))",
        ),
        # Q preserves Phi and every task loss
        condition(
            "SYMMETRY", "forall x in Rn: (x in Phi <=> Q(x) in Phi) & (x in Phi => forall t in tasks: L(t, Q(x)) = L(t, x))"
        ),
    ],
)
x, y, w1, w2, v1, v2 = reals("x y w1 w2 v1 v2")

# True: the one task 0.
theory.exists("S5.claim/exists", "EXISTS & not UNIQ", expected=True)

PERMUTES = "(forall i in 1..{0}: exists j in 1..{0}: p[i] = j) & (forall j in 1..{0}: exists i in 1..{0}: p[i] = j)"
# True: a finite sum does not depend on the order of its summands.
theory.statement(
    "S5.perm/function",
    f"{PERMUTES.format('h')}"
    " => sum(i, h, v[p[i]]*s(sum(j, d, w[p[i], j]*x[j]) + b[p[i]])) = sum(i, h, v[i]*s(sum(j, d, w[i, j]*x[j]) + b[i]))",
    naturals={"h": 1, "d": 1},
    functions=("s",),
    arrays={"p": ("h",), "v": ("h",), "w": ("h", "d"), "b": ("h",), "x": ("d",)},
    expected=True,
)
# True: grad L_t(Q phi) = Q grad L_t(phi) for a permutation matrix Q, so a step commutes with Q.
theory.claim(
    "S5.perm/maml",
    "whole & PERMUTATION & SYMMETRY => forall x in Rn: F_MAML(Q(x)) = F_MAML(x)",
    expected=True,
    uses=("S5.perm/function",),
    through=equivariance(PERMUTING, "permutation matrices(Q) at p"),
    words="Any loss of f is unchanged when the hidden units, hence certain coordinates of phi, are permuted; then so is F_MAML.",
)
# False: w1 v1 + w2 v2 with the rates (0, 1, 0, 0): exchanging the units exchanges which of them is adapted.
ALIKE = "(forall i, j in 1..n: coord(p, i) = j => coord(y, i) = coord(x, j))"
theory.claim(
    "S5.perm/per-coordinate",
    "whole => forall p in Rn:"
    " (forall i in 1..n: exists j in 1..n: coord(p, i) = j) & (forall j in 1..n: exists i in 1..n: coord(p, i) = j)"
    f" & (forall x, y in Rn: {ALIKE} => forall t in tasks: L(t, x) = L(t, y))"
    f" => forall r, x, y in Rn: {ALIKE} => F_MAML(x, r) = F_MAML(y, r)",
    expected=False,
    words="For a permutation p of the coordinates that leaves every loss unchanged, F_MAML with the rate r_i for coordinate i"
    " is unchanged too.",
)
theory.at(
    "S5.perm/per-coordinate!network",
    MetaProblem((w1, w2, v1, v2), [(v1 * w1 + v2 * w2 - 1) ** 2 / 2], [1], rate=1),
    "forall r, x in Rn: F_MAML([coord(x, 2), coord(x, 1), coord(x, 4), coord(x, 3)], r) = F_MAML(x, r)",
    expected=False,
    words="The same for the network v1 w1 x + v2 w2 x at the one example (1, 1) with the squared loss.",
)
# False: exchanging w and b changes v s(w x + b).
UNITS = "sum(i, h, {0}*s(sum(j, d, {1}*x[j]) + {2}))"
theory.statement(
    "S5.perm/coordinates",
    f"{PERMUTES.format('(h*d + 2*h)')} => "
    + UNITS.format("u[p[h*d + i]]", "u[p[(i - 1)*d + j]]", "u[p[h*d + h + i]]")
    + " = "
    + UNITS.format("u[h*d + i]", "u[(i - 1)*d + j]", "u[h*d + h + i]"),
    naturals={"h": 1, "d": 1},
    functions=("s",),
    arrays={"u": ("h*d + 2*h",), "p": ("h*d + 2*h",), "x": ("d",)},
    expected=False,
    words="phi = u lists the incoming weights, then the outgoing ones, then the biases.",
)
MOVED = "dot(grad L(t, c), Q(x) - x)"
# True: the minimiser is fixed by Q, so its task gradients are fixed by the permutation and miss e_i - e_Q(i) directions.
theory.claim(
    "S5.perm-excludes",
    "PERMUTATION & SYMMETRY & (exists x in Rn: Q(x) != x) & UNIQ => forall a in argmin F: not FPD(a)",
    expected=True,
    through=[
        *((formula,) for formula in PERMUTING),  # 1, 2, 3
        (ISOMETRY, "permutation matrices(Q) at p", 1, 2, 3),  # 4
        (LINEAR, "permutation matrices(Q) at p", 1, 2, 3),  # 5
        ("forall x in Phi: Q(x) in Phi",),  # 6
        ("forall t in tasks, x in Phi: Q(x) in Phi & L(t, Q(x)) = L(t, x)",),  # 7
        ("forall x in Phi: E(t, L(t, Q(x)) - L(t, x)) = 0", "E(t, L(t, Q(x)) - L(t, x))", 7),  # 8
        ("forall a in argmin F: Q(a) in argmin F", 6, 8),  # 9
        ("exists c in argmin F: forall b in argmin F: b = c",),  # 10
        ("forall b in argmin F: b = c", 10),  # 11
        ("c in argmin F", 10),  # 12
        ("Q(c) = c", "9 at c", "11 at Q(c)", 9, 11, 12),  # 13
        ("forall t in tasks, x in Phi: grad L(t, Q(x)) = Q(grad L(t, x))", "chain rule for isometries(L)", 4, 5, 7),  # 14
        ("forall t in tasks, y, z in Rn: y = z => grad L(t, y) = grad L(t, z)", 0),  # 15
        ("forall t in tasks: grad L(t, Q(c)) = Q(grad L(t, c))", "14 at t, c", 12, 14),  # 16
        ("forall t in tasks: grad L(t, Q(c)) = grad L(t, c)", "15 at t, Q(c), c", 13, 15),  # 17
        (
            "forall t in tasks, u in Rn: dot(grad L(t, c), u) = dot(Q(grad L(t, c)), u)",
            "dot at grad L(t, Q(c)), grad L(t, c), u",
            "dot at grad L(t, Q(c)), Q(grad L(t, c)), u",
            "16 at t",
            "17 at t",
            *(16, 17),
        ),  # 18
        (f"forall t in tasks, x in Rn: {MOVED} = 0", "18 at t, Q(x)", "4 at grad L(t, c), x", 4, 18),  # 19
        (f"forall x in Rn: E(t, {MOVED}^2) = 0", f"E(t, {MOVED}^2)", 19),  # 20
        ("exists y in Rn: Q(y) != y",),  # 21
        ("Q(y) - y != zero", 21),  # 22
        ("FPD(c) => (forall u in Rn: u != zero => 0 < E(t, dot(grad L(t, c), u)^2))", 0),  # 23
        ("not FPD(c)", "20 at y", 20, 22, 23),  # 24
        ("forall a in argmin F: not FPD(a)", "11 at a", 11, 24),  # 25
    ],
)

LAYERS = "sum(j, h, W2[j]{2}*{0}(sum(k, d, {1}W1[j, k]*x[k])))"
ARRAYS = {"W1": ("h", "d"), "W2": ("h",), "x": ("d",)}


def scaling(name: str, activation: str, which: str, expected: bool) -> None:
    """f = W2 s(W1 x), one row of W2 (each output by itself), is unchanged by W1 -> c W1, W2 -> W2/c for every such c."""
    source = f"forall c: {which} => " + LAYERS.format(activation, "c*", "/c") + " = " + LAYERS.format(activation, "", "")
    theory.statement(name, source, naturals={"h": 1, "d": 1}, arrays=ARRAYS, expected=expected)


# True: c/c = 1.
scaling("S5.scale/linear", "", "c != 0", True)
# True: relu(c z) = c relu(z) for c > 0.
scaling("S5.scale/relu", "relu", "c > 0", True)
# False: c = -1, z = 1 gives 0 for 1.
scaling("S5.scale/relu-negative", "relu", "c != 0", False)
# False: (c z)^2/c = c z^2.
theory.statement(
    "S5.scale/square",
    "forall c: c > 0 => sum(j, h, W2[j]/c*sum(k, d, c*W1[j, k]*x[k])^2) = sum(j, h, W2[j]*sum(k, d, W1[j, k]*x[k])^2)",
    naturals={"h": 1, "d": 1},
    arrays=ARRAYS,
    expected=False,
)
# False: tanh is bounded and not linear.
scaling("S5.scale/tanh", "tanh", "c > 0", False)
ROW = "sum(k, d, W1[j, k]*x[k])"
EXCHANGED = (
    f"(forall c: (c = 1 | c = -1) & (forall j in 1..h: y[j] = tanh({ROW}) & z[j] = tanh(sum(k, d, c*W1[j, k]*x[k]))) => {{0}})"
)
"""For c = 1 and c = -1, with y[j] the value of hidden unit j and z[j] that after W1 -> c W1."""
ONE_UNIT = "forall c: c != 0 & (forall u, v, z: u/c*tanh(c*v*z) = u*tanh(v*z)) => c = 1 | c = -1"
DOUBLED = "(a - 1)*(b + 1) = c*(b - 1)*(a + 1) & (a^2 - 1)*(b^2 + 1) = c*(b^2 - 1)*(a^2 + 1)"
"""tanh(c z) = c tanh(z) at z = 1 and z = 2, with a = exp(2 c) and b = exp(2)."""
FACTORS = "(a - 1)*(a - b)*(a*b - 1) = 0"
# tanh is odd; and tanh(2 z) = 2 tanh(z)/(1 + tanh(z)^2), so c = tanh(c)/tanh(1) = tanh(2 c)/tanh(2) makes c^2 = 1.
theory.statement(
    "S5.scale/tanh!value",
    EXCHANGED.format("sum(j, h, W2[j]/c*z[j]) = sum(j, h, W2[j]*y[j])") + f" & ({ONE_UNIT})",
    naturals={"h": 1, "d": 1},
    arrays={**ARRAYS, "y": ("h",), "z": ("h",)},
    expected=True,
    through=[
        (EXCHANGED.format(f"c = -1 => forall j in 1..h: z[j]*(exp(2*{ROW}) + 1) = 1 - exp(2*{ROW})"),),
        (EXCHANGED.format("forall j in 1..h: z[j] = c*y[j]"),),
        (EXCHANGED.format("sum(j, h, W2[j]/c*z[j]) = sum(j, h, W2[j]*y[j])"), "sum(j, h, W2[j]/c*z[j] - W2[j]*y[j])"),
        (f"forall c, a, b: {DOUBLED} => {FACTORS}",),
        (f"forall c, a, b: a > 0 & b > 0 & c != 0 & b != 1 & {DOUBLED} & {FACTORS} => c = 1 | c = -1",),
        (ONE_UNIT, "at: 1, 1, 1", "at: 1, 1, 2", "at: c, exp(2*c), exp(2)"),
    ],
    words="c = 1 and c = -1 leave every network unchanged; a c that leaves those of one unit unchanged is one of them.",
)
# False: s(-z) = 1 - s(z), so the unit changes by -v.
theory.statement("S5.scale/sigmoid-sign", "forall v, w, b, x: (-v)*logistic((-w)*x + (-b)) = v*logistic(w*x + b)", expected=False)
# True: the output bias changes by v.
theory.statement(
    "S5.scale/sigmoid-sign-bias",
    "forall v: exists q: forall w, b, x: (-v)*logistic((-w)*x + (-b)) + q = v*logistic(w*x + b)",
    expected=True,
)
# False: the gradient (r w2, r w1) is not scaled as (w1, w2) is.
theory.claim(
    "S5.scale/maml",
    "n = 2 & whole & (forall t in tasks: exists y: forall x in Rn: L(t, x) = (coord(x, 1)*coord(x, 2) - y)^2/2)"
    " => forall c > 0, x in Rn: F_MAML([c*coord(x, 1), coord(x, 2)/c]) = F_MAML(x)",
    expected=False,
)
# True: grad L_t(Q phi) = Q grad L_t(phi), so a step commutes with Q.
theory.claim(
    "S5.scale/orthogonal",
    "whole & ORTHOGONAL & (forall t in tasks, x in Rn: L(t, Q(x)) = L(t, x)) => forall x in Rn: F_MAML(Q(x)) = F_MAML(x)",
    expected=True,
    through=equivariance((ISOMETRY, LINEAR, "whole")),
)

# True: with W1 R1 = I = R2 W2 the equation Y W1 + W2 X = 0 gives X = K W1 and Y = -W2 K for K = -R2 Y.
theory.matrix(
    "S5.gl",
    shapes={
        "W1": ("r", "d"), "W2": ("o", "r"), "R1": ("d", "r"), "R2": ("r", "o"), "X": ("r", "d"), "Y": ("o", "r"), "K": ("r", "r"),
    },
    equations=[
        "W1*R1 = Id & R2*W2 = Id & Y*W1 + W2*X = 0 => X = (-R2*Y)*W1 & Y = -W2*(-R2*Y)",
        "(-W2*K)*W1 + W2*(K*W1) = 0",
    ],
    expected=True,
    words="Full rank r means a right inverse R1 of W1 and a left inverse R2 of W2.  The kernel of (X, Y) -> Y W1 + W2 X consists"
    " of the pairs (K W1, -W2 K), the tangents of (S W1, W2 S^-1) at S = I; in the kernel K = -R2 Y.",
)  # fmt: skip
SHAPES = {"W1": ("h", "d"), "W2": ("o", "h"), "G": ("o", "d")}
# True: with G the gradient of the loss at W2 W1 the flow is W1' = -W2^T G, W2' = -G W1^T.
theory.matrix(
    "S5.conserved",
    shapes=SHAPES,
    equations=["-tr(W2)*G*tr(W1) + W1*tr(-tr(W2)*G) - (tr(-G*tr(W1))*W2 + tr(W2)*(-G*tr(W1))) = 0"],
    expected=True,
    words="The derivative of W1 W1^T - W2^T W2 along W1' = -W2^T G, W2' = -G W1^T vanishes for every G.",
)
theory.matrix(
    "S5.conserved!value",
    shapes=SHAPES,
    scalars=["eta"],
    equations=[
        "(W1 - eta*tr(W2)*G)*tr(W1 - eta*tr(W2)*G) - tr(W2 - eta*G*tr(W1))*(W2 - eta*G*tr(W1))"
        " - (W1*tr(W1) - tr(W2)*W2) = eta^2*(tr(W2)*G*tr(G)*W2 - W1*tr(G)*G*tr(W1))"
    ],
    expected=True,
    words="One step of size eta changes W1 W1^T - W2^T W2 by eta^2 (W2^T G G^T W2 - W1 G^T G W1^T).",
)

# False: one task x^2 has one minimiser.
theory.claim(
    "S5.homog/nonid",
    "SAME & EXISTS => not UNIQ",
    expected=False,
)
# True: A* is defined by F.
theory.claim(
    "S5.homog/mean",
    "(forall x in Phi: F(x) = G(x)) => forall x in Rn: x in argmin F <=> x in argmin G",
    expected=True,
    words="G is the mean of a second task law on Phi.",
)

if __name__ == "__main__":
    theory.main()
