"""Step 1: the objective before and after adaptation."""

from fractions import Fraction

from inner_steps import FRAME, SHRUNK, after_steps, induction, reached, remaining, shown

from metaid_symbolic.calculus.derive import derive
from metaid_symbolic.calculus.minimisers import minimisers
from metaid_symbolic.certificates import NormalForm
from metaid_symbolic.claims import Universe
from metaid_symbolic.models.formulas import vector_text
from metaid_symbolic.models.laws import finite_law
from metaid_symbolic.models.learners import fomaml, maml, reptile
from metaid_symbolic.models.objective import MetaObjective, UpdateField
from metaid_symbolic.problems import MetaProblem
from metaid_symbolic.symbols import reals
from metaid_symbolic.terms import number
from metaid_symbolic.theory import Hint, Theory

theory = Theory("meta_identifiability", step="S1", title="The meta-learning objective")
x, y = reals("x y")
# curvatures 1 and 2, optima 0 and 1
two = finite_law(x, [x**2 / 2, (x - 1) ** 2])
RATE = Fraction(1, 4)


def lowest(tasks: MetaProblem | MetaObjective) -> str:
    """The one minimiser of the objective of a learner, as a vector."""
    found = minimisers(derive(tasks).objective.rows[0][0], tasks.parameters)
    [point] = found.points if found is not None else ()
    return vector_text(map(number, point), ())


def resting(field: UpdateField) -> str:
    """The one point where the update field of a learner vanishes."""
    return vector_text([row[0] for row in derive(field).fixed_points.rows], ())


# False: F(x) = x on R.
theory.claim("S1.objective/exists", "EXISTS", expected=False)
# True: outside some ball F exceeds its value at 0, and it attains its minimum on that ball.
theory.claim("S1.objective/coercive", "COERC => EXISTS", expected=True, by=("Weierstrass(F)", "whole space"))

# False: for x^2/2 and (x - 1)^2 the minimisers are 2/3 and, with alpha = 1/4, 8/17.
theory.claim(
    "S1.same/overview",
    "STAYS & UNIQ & UNIQ[F_MAML] => forall x in Phi: x in argmin F <=> x in argmin F_MAML",
    expected=False,
)
STEP = "x - 1/4*grad L(t, x)"
# F' = (x + 2(x - 1))/2; MAML has the curvatures 1 (3/4)^2, 2 (1/2)^2, FOMAML 1 (3/4), 2 (1/2), Reptile 1 - (3/4)^k, 1 - (1/2)^k.
theory.at(
    "S1.same/overview!value",
    two,
    f"(forall x in Rn: x in argmin F <=> x = {lowest(two)})"
    f" & (forall x in Rn: (forall y in Rn: F_MAML(x, 1/4) <= F_MAML(y, 1/4)) <=> x = {lowest(maml(two, rate=RATE))})"
    f" & (forall x in Rn: E(t, grad L(t, {STEP})) = zero <=> x = {resting(fomaml(two, rate=RATE))})"
    f" & (forall x in Rn: E(t, {STEP} - x) = zero <=> x = {resting(reptile(two, rate=RATE))})"
    f" & (forall x in Rn: E(t, {STEP} - 1/4*grad L(t, {STEP}) - x) = zero"
    f" <=> x = {resting(reptile(two, rate=RATE, steps=2))})"
    " & (forall th in families: (forall t in tasks: grad L(t, th[t]) = zero)"
    f" => forall x in Rn: E(t, th[t] - x) = zero <=> x = {resting(reptile(two, steps=None))})",
    expected=True,
    words="Plain 2/3, MAML 8/17, first-order MAML 4/7, Reptile 2/3 (k = 1), 12/19 (k = 2), 1/2 (inner problems solved).",
)

# False: for k = 2 and one task the field is -alpha (g(x) + g(x - alpha g(x))), and H(x') H(x) is not symmetric for x^2 y.
theory.claim(
    "S1.claim/reptile",
    "whole & 1 <= steps => conservative(reptile)",
    expected=False,
)

IN_PHI = "(forall t in tasks: phi - alpha*grad L(t, phi) in Phi)"
AFTER = "phi - alpha*grad L(t, phi)"
# True: the chain rule.
theory.claim(
    "S1.maml/gradient",
    f"{IN_PHI} => forall u in Rn: dot(grad F_MAML(phi), u)"
    f" = E(t, dot(grad L(t, {AFTER}), u) - alpha*D2L(t, phi, u, grad L(t, {AFTER})))",
    expected=True,
    by=("adapted objective", "derivative"),
)
# True: the product and chain rules, once more.
theory.claim(
    "S1.maml/hessian",
    f"{IN_PHI} => forall u, v in Rn: D2F_MAML(phi, u, v)"
    f" = E(t, D2L(t, {AFTER}, u - alpha*HL(t, phi, u), v - alpha*HL(t, phi, v)) - alpha*D3L(t, phi, grad L(t, {AFTER}), u, v))",
    universe=Universe(smoothness="C3"),
    expected=True,
    by=("adapted objective", "derivative", "derivative"),
    words="HL(t, phi, u) is the vector H_t(phi) u.",
)
SLOPE = "dot(grad L(t, phi), h)"
LINEARISED = f"L(t, phi + h) - L(t, phi) - {SLOPE}"
EXPANDED = f"(forall t in tasks: {LINEARISED} <= e*norm2(h) & -(e*norm2(h)) <= {LINEARISED})"
SMALL = "0 < r & r < s"
REST = "L(t, phi - r*grad L(t, phi)) - L(t, phi) + r*norm2(grad L(t, phi))"
STEPPED = f"{REST} <= e*r^2*norm2(grad L(t, phi)) & -(e*r^2*norm2(grad L(t, phi))) <= {REST}"
BOUNDED = f"{REST} <= e*r^2*b & -(e*r^2*b) <= {REST}"
ADAPTED = "F_MAML(phi, r) - F(phi) + r*E(t, norm2(grad L(t, phi)))"
# True: Taylor's formula for each of the finitely many tasks; tr I = E |g_t|^2.
theory.claim(
    "S1.maml/fisher",
    "exists c, r0 > 0: forall r: 0 < r & r < r0 => F_MAML(phi, r) - F(phi) + r*E(t, norm2(grad L(t, phi))) <= c*r^2"
    " & -(c*r^2) <= F_MAML(phi, r) - F(phi) + r*E(t, norm2(grad L(t, phi)))",
    expected=True,
    through=[
        ("forall p, q: 0 <= p & p < q => p^2 < q^2", 0),  # 1
        ("forall r, c: 0 < r & c <= 0 => r^2*c <= 0", 0),  # 2
        ("forall e, p, q: 0 < e & p <= q => e*p <= e*q", 0),  # 3
        ("forall p: 0 < p => 0 < 1 + p", 0),  # 4
        (f"exists e > 0, d > 0: forall h in Rn: norm2(h) < d^2 => phi + h in Phi & {EXPANDED}", "Taylor(L)", 0),  # 5
        (f"forall h in Rn: norm2(h) < d^2 => phi + h in Phi & {EXPANDED}", 5),  # 6
        ("exists b > 0: forall t in tasks: norm2(grad L(t, phi)) <= b", "finitely many gradients(L)", 0),  # 7
        ("forall t in tasks: norm2(grad L(t, phi)) <= b", 7),  # 8
        ("0 < e & 0 < d & 0 < b", 5, 7),  # 9
        ("exists s: s*(1 + b) = d", "4 at b", "10 at d/(1 + b)", 4, 9),  # 10
        ("0 < s", 9, 10),  # 11
        ("forall r: 0 < r & r < s => r*(1 + b) < d", 9, 10),  # 12
        ("forall r: 0 < r & r < s => (r*(1 + b))^2 < d^2", "1 at r*(1 + b), d", "12 at r", 1, 9, 12),  # 13
        ("forall r: r^2*b <= (r*(1 + b))^2", 9),  # 14
        ("forall r, c: 0 < r & r < s & c <= b => r^2*c < d^2", "13 at r", "14 at r", "2 at r, c - b", 2, 13, 14),  # 15
        (
            f"forall t in tasks, r: {SMALL} => norm2(-r*grad L(t, phi)) < d^2",
            "8 at t",
            "15 at r, norm2(grad L(t, phi))",
            *(8, 15),
        ),  # 16
        (f"forall t in tasks, r: {SMALL} => phi - r*grad L(t, phi) in Phi", "16 at t, r", "6 at -r*grad L(t, phi)", 6, 16),  # 17
        (f"forall t in tasks, r: {SMALL} => {STEPPED}", "16 at t, r", "6 at -r*grad L(t, phi)", 6, 16),  # 18
        (
            f"forall t in tasks, r: {SMALL} => e*(r^2*norm2(grad L(t, phi))) <= e*(r^2*b)",
            "8 at t",
            "2 at r, norm2(grad L(t, phi)) - b",
            "3 at e, r^2*norm2(grad L(t, phi)), r^2*b",
            *(2, 3, 8, 9),
        ),  # 19
        (f"forall t in tasks, r: {SMALL} => {BOUNDED}", "18 at t, r", "19 at t, r", 18, 19),  # 20
        (
            f"forall r: {SMALL} => F_MAML(phi, r) = E(t, L(t, phi - r*grad L(t, phi)))",
            "adapted objective at a rate at phi, r",
            17,
        ),  # 21
        (f"forall r: {SMALL} => 0 <= E(t, e*r^2*b - ({REST}))", f"E(t, e*r^2*b - ({REST}))", 20),  # 22
        (f"forall r: {SMALL} => 0 <= E(t, e*r^2*b + ({REST}))", f"E(t, e*r^2*b + ({REST}))", 20),  # 23
        ("0 < e*b", 9),  # 24
        (f"forall r: {SMALL} => {ADAPTED} <= e*b*r^2", "21 at r", "22 at r", 21, 22),  # 25
        (f"forall r: {SMALL} => -(e*b*r^2) <= {ADAPTED}", "21 at r", "23 at r", 21, 23),  # 26
        (
            f"exists c, r0 > 0: forall r: 0 < r & r < r0 => {ADAPTED} <= c*r^2 & -(c*r^2) <= {ADAPTED}",
            "27 at e*b, s",
            *(11, 24, 25, 26),
        ),  # 27
    ],
    words="The trace of E g_t g_t^T is E |g_t|^2.",
)

END = reached("x", "c")
ERROR, SHIFT, LEFT = f"({END} - c)", f"{SHRUNK}*(x - c)", remaining("x", "c", 7)
# True: x_k - c = (I - alpha A)^k (x - c), and (I - alpha A)^k commutes with A and is symmetric.
theory.matrix(
    "S1.maml/quadratic",
    shapes={
        **dict.fromkeys(["A", "P"], ("n", "n")), **dict.fromkeys(["U", "V"], ("w", "n")), **dict.fromkeys(["x", "c"], ("n", "1")),
    },
    scalars=["a"],
    symmetric=["A"],
    equations=[f"{FRAME} & P*A = A*P => 1/2*tr({ERROR})*P*A*{ERROR} = 1/2*tr(x - c)*P*A*{SHRUNK}*{SHRUNK}*(x - c)"],
    expected=True,
    hint=Hint(
        certificate=NormalForm(
            (
                (
                    after_steps("x", "c", 7),
                    induction(f"tr({SHRUNK}) = {SHRUNK}", f"_8*tr(Id - a*A) + a*{SHRUNK}*_0 - _6"),
                    induction(f"P*{SHRUNK} = {SHRUNK}*P", f"-a*_4*{SHRUNK} + (Id - a*A)*_9"),
                    induction(f"A*{SHRUNK} = {SHRUNK}*A", "(Id - a*A)*_10"),
                    shown(
                        f"1/2*tr({ERROR})*P*A*{ERROR} = 1/2*tr(x - c)*P*A*{SHRUNK}*{SHRUNK}*(x - c)",
                        f"1/2*tr({LEFT})*P*A*{ERROR} + 1/2*tr({SHIFT})*P*A*{LEFT}"
                        f" + 1/2*tr(x - c)*(_8*P*A*{SHRUNK} - _9*A*{SHRUNK} - P*_10*{SHRUNK})*(x - c)",
                    ),
                ),
            )
        )
    ),
    words="All tasks together: A is the block matrix with the A_t on its diagonal, P that with the p_t I, which commutes with it,"
    " c lists the c_t, and x repeats phi for each task, so the mean over the tasks of 1/2 (y_t - c_t)^T A_t (y_t - c_t) is"
    " 1/2 (y - c)^T P A (y - c).  An inner step takes the pair U x + V c of blocks (x, c) to (x - a A (x - c), c), and U^T of the"
    " pair is its first block; the power says that k steps are taken.",
)  # fmt: skip
TURN = "phi + v - alpha*(grad L(t, phi + v) - grad L(t, phi))"
# True: F_MAML is a nonnegative convex quadratic with Hessian E A_t (I - alpha A_t)^{2k}, a sum of positive semidefinite
# matrices, each with the kernel of A_t (I - alpha A_t).
theory.claim(
    "S1.maml/quadratic-uniq",
    "whole & 1 <= steps & (forall t in tasks, x in Rn: meq(hess L(t, x), hess L(t, phi)) & psd(hess L(t, x)))"
    " & (forall t in tasks: exists c in Rn: grad L(t, c) = zero)"
    f" => (UNIQ[F_MAML] <=> (forall v in Rn: (forall t in tasks: grad L(t, {TURN}) = grad L(t, phi)) => v = zero))",
    expected=True,
    words="For these quadratics grad L_t(phi + v) - grad L_t(phi) = A_t v, so the condition on v says A_t (I - alpha A_t) v = 0.",
)
# False: x^2/2 with alpha = 1 is adapted to 0 everywhere.
theory.claim(
    "S1.maml/preserves",
    "whole & UNIQ => UNIQ[F_MAML]",
    expected=False,
)
# False: 2 x^2 and -x^2/2 with weights 1/5 and 4/5 have mean 0; with alpha = 1 they become 18 x^2 and -2 x^2, of mean 2 x^2.
theory.claim(
    "S1.maml/creates",
    "whole & UNIQ[F_MAML] => UNIQ",
    expected=False,
)

if __name__ == "__main__":
    theory.main()
