"""Step 1: the objective before and after adaptation."""

from fractions import Fraction

from metaid_symbolic.calculus.derive import derive
from metaid_symbolic.calculus.minimisers import minimisers
from metaid_symbolic.claims import Universe
from metaid_symbolic.models.formulas import vector_text
from metaid_symbolic.models.laws import finite_law
from metaid_symbolic.models.learners import fomaml, maml, reptile
from metaid_symbolic.models.objective import MetaObjective, UpdateField
from metaid_symbolic.problems import MetaProblem
from metaid_symbolic.symbols import reals
from metaid_symbolic.terms import number
from metaid_symbolic.theory import Theory

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
# True: Taylor's formula for each of the finitely many tasks; tr I = E |g_t|^2.
theory.claim(
    "S1.maml/fisher",
    "exists c, r0 > 0: forall r: 0 < r & r < r0 => F_MAML(phi, r) - F(phi) + r*E(t, norm2(grad L(t, phi))) <= c*r^2"
    " & -(c*r^2) <= F_MAML(phi, r) - F(phi) + r*E(t, norm2(grad L(t, phi)))",
    expected=True,
    words="The trace of E g_t g_t^T is E |g_t|^2.",
)

# True: x_{k} - c = (I - alpha A)^k (x - c), and (I - alpha A)^k commutes with A and is symmetric.
theory.statement(
    "S1.maml/quadratic",
    "forall alpha: (forall t in 1..m, i, j in 1..n: A[t, i, j] = A[t, j, i])"
    " & (forall t in 1..m, i in 1..n: y[t, 1, i] = x[i])"
    " & (forall t in 1..m, s in 1..k, i in 1..n:"
    " y[t, s + 1, i] = y[t, s, i] - alpha*sum(j, n, A[t, i, j]*(y[t, s, j] - c[t, j])))"
    " & (forall t in 1..m, i, j in 1..n: (i = j => P[t, 1, i, j] = 1) & (i != j => P[t, 1, i, j] = 0))"
    " & (forall t in 1..m, s in 1..(2*k), i, j in 1..n:"
    " P[t, s + 1, i, j] = P[t, s, i, j] - alpha*sum(l, n, P[t, s, i, l]*A[t, l, j]))"
    " => sum(t, m, p[t]*sum(i, n, (y[t, k + 1, i] - c[t, i])*sum(j, n, A[t, i, j]*(y[t, k + 1, j] - c[t, j]))/2))"
    " = sum(t, m, p[t]*sum(i, n, (x[i] - c[t, i])*sum(l, n, A[t, i, l]*sum(j, n, P[t, 2*k + 1, l, j]*(x[j] - c[t, j])))/2))",
    naturals={"n": 1, "m": 1, "k": 0},
    arrays={
        "p": ("m",), "A": ("m", "n", "n"), "c": ("m", "n"), "x": ("n",), "y": ("m", "k + 1", "n"),
        "P": ("m", "2*k + 1", "n", "n"),
    },
    expected=True,
    words="y[t, s + 1] is the point after s inner steps on task t, P[t, s + 1] = (I - alpha A_t)^s.",
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
