"""Step 10: the compilation theorem, its certificate, and what can be proved instead."""

from gradient_descent import CONTRACTION, CONVERGES, LIPSCHITZ, STRONG_HESSIAN, TANGENT, WHOLE_SPACE

from metaid_symbolic.theory import Theory

theory = Theory("meta_identifiability", step="S10", title="The compilation theorem")

# False: the tasks x and -x.
theory.claim(
    "S10.theorem/a",
    "COUNT & OPT & FPD => UNIQ",
    expected=False,
)
# False: a minimiser is critical, and there FPD needs n + 1 losses.
theory.exists(
    "S10.theorem/count",
    "count(n) & not count(n + 1) & OPT & FPD",
    expected=False,
    by=("Fermat(F)", "few balanced tasks", "mean"),
    uses=("S3.intuition/fisher",),
)
# False: 10 x^2 + x and 10 x^2 - x with eta = 1/2: x is multiplied by -9.
theory.claim(
    "S10.conv",
    "whole & COUNT & FPDALL & (forall a in argmin F: HPD(a)) & UNIQ"
    " => forall eta: 0 < eta & eta < 1 => forall x in Rn, a in argmin F: gd(eta, x, a)",
    expected=False,
)

theory.remark("S10.certificate", "prose", "document check: the third line of the certificate is the conclusion of the theorem")
# True: x^2, (x^2 - 1)^2, x^4, 0 as they are, or split into F + x and F - x, at 0 or 1.
theory.combinations("S10.certificate/independent", "OPT", ["FPD", "HNS", "UNIQ"], expected=True)
# False: FPD at a minimiser needs n + 1 losses, so FPD and not COUNT(n) never meet.
theory.combinations(
    "S10.certificate/with-count",
    "OPT",
    ["FPD", "HNS", "UNIQ", "COUNT"],
    expected=False,
    by=("few tasks", "mean"),
    uses=("S3.intuition/fisher",),
)

# True: F(y) > F(a) + grad F(a) . (y - a) = F(a) for y != a.
theory.claim(
    "S10.repair/strong",
    f"CONVEXSET & (exists mu > 0: {STRONG_HESSIAN}) & (exists a in Phi: grad F(a) = zero) => UNIQ",
    expected=True,
    by=("strong convexity and the Hessian(F)", "dot", "norm"),
    repairs="S10.theorem/a",
)
# True: with eta = 1/L the update contracts distances to the minimiser.
LINEARLY = f"exists {{}} in argmin F, q: 0 <= q & q < 1 & {CONVERGES.format('q')}"
theory.claim(
    "S10.repair/rate",
    f"whole & (exists a in Phi: grad F(a) = zero) => forall mu > 0, ell > 0, eta > 0: {STRONG_HESSIAN} & {LIPSCHITZ}"
    f" & eta*ell = 1 => {LINEARLY.format('a')}",
    expected=True,
    through=[
        *WHOLE_SPACE,
        (STRONG_HESSIAN,),
        (TANGENT, "strong convexity and the Hessian(F)", 1, 3),
        ("grad F(a) = zero",),
        *CONTRACTION,
        (LINEARLY.format("b").replace("a)", "b)"), 31, 32),
    ],
    repairs="S10.conv",
    words="With eta = 1/L every step multiplies the square of the distance to the minimiser by q < 1 at most.",
)
MASS = "sum(j, m, P[j]*exp(c*f[j]))"
GIBBS = f"(P[i]*exp(c*f[i])/{MASS})"
OF_Q, OF_GIBBS = "log(Q[i]/P[i])", f"log({GIBBS}/P[i])"
BOUND_Q = f"-sum(i, m, Q[i]*f[i]) + sum(i, m, Q[i]*{OF_Q})/c"
BOUND_GIBBS = f"-sum(i, m, {GIBBS}*f[i]) + sum(i, m, {GIBBS}*{OF_GIBBS})/c"
ENERGY = f"sum(i, m, Q[i]*{OF_Q}) - c*sum(i, m, Q[i]*f[i]) + log({MASS})"
"""c times the bound for Q, less its value -log(MASS) for the Gibbs law."""
EXCESS = f"(Q[i]*{OF_Q} - c*Q[i]*f[i] + log({MASS})*Q[i] - Q[i] + P[i]*exp({OF_GIBBS}))"
"""Its summands with the masses of both laws, which are 1: they are q log(q/g) - q + g >= 0, with 0 for q = g alone."""
NULL = f"{OF_GIBBS} + log({MASS}) - c*f[i]"
# True: the objective is KL(Q | Q*)/c - log(sum_j P_j exp(c f_j))/c.
theory.statement(
    "S10.repair/pacoh",
    "(forall i in 1..m: P[i] > 0 & Q[i] >= 0) & sum(i, m, P[i]) = 1 & sum(i, m, Q[i]) = 1"
    f" => forall c > 0: (forall i in 1..m: {GIBBS} > 0) & sum(i, m, {GIBBS}) = 1"
    f" & {BOUND_GIBBS} <= {BOUND_Q} & ({BOUND_Q} = {BOUND_GIBBS} => (forall i in 1..m: Q[i] = {GIBBS}))",
    naturals={"m": 1},
    arrays={"P": ("m",), "Q": ("m",), "f": ("m",)},
    expected=True,
    repairs="S10.theorem/a",
    through=[
        ("forall i in 1..m: P[i]*exp(c*f[i]) > 0", "exp(c*f[i])"),
        (f"{MASS} > 0", "sum(i, m, P[i])", MASS),
        (f"exp(log({MASS})) = {MASS}", f"log({MASS})"),
        (f"forall i in 1..m: exp({OF_GIBBS})*{MASS} = exp(c*f[i])", OF_GIBBS, "exp(c*f[i])"),
        (f"forall i in 1..m: P[i]*exp({OF_GIBBS}) = {GIBBS}",),
        (f"forall i in 1..m: exp({OF_GIBBS})*exp(log({MASS})) = exp(c*f[i])",),
        (f"forall i in 1..m: {NULL} = 0", f"exp({NULL})", f"exp(-({NULL}))", "exp(c*f[i])"),
        (f"sum(i, m, P[i]*exp({OF_GIBBS})) = 1", f"sum(i, m, P[i]*exp({OF_GIBBS})*{MASS} - P[i]*exp(c*f[i]))"),
        (f"forall i in 1..m: Q[i] > 0 => Q[i] = P[i]*exp({OF_Q})", OF_Q),
        # 1 + x <= exp(x) for the logarithm x of the ratio of the two laws
        (
            f"forall i in 1..m: Q[i] > 0 => Q[i]*(1 + {OF_GIBBS} - {OF_Q}) <= P[i]*exp({OF_GIBBS})",
            f"exp({OF_GIBBS} - {OF_Q})",
        ),
        (
            f"forall i in 1..m: Q[i] > 0 & {OF_GIBBS} != {OF_Q} => Q[i]*(1 + {OF_GIBBS} - {OF_Q}) < P[i]*exp({OF_GIBBS})",
            f"exp({OF_GIBBS} - {OF_Q})",
        ),
        (f"forall i in 1..m: 0 <= {EXCESS}", f"exp({OF_GIBBS})"),
        (
            f"forall i in 1..m: {OF_Q} = {OF_GIBBS} => exp({OF_Q}) = exp({OF_GIBBS})",
            f"exp({OF_GIBBS} - {OF_Q})",
            f"exp({OF_Q} - {OF_GIBBS})",
        ),
        (f"forall i in 1..m: {EXCESS} = 0 => Q[i] = P[i]*exp({OF_GIBBS})", f"exp({OF_GIBBS})"),
        (f"0 <= {ENERGY}", f"sum(i, m, {EXCESS})"),
        (f"sum(i, m, {GIBBS}*({NULL})) = 0", f"sum(i, m, {GIBBS}*({NULL}))"),
        (f"{BOUND_GIBBS} <= {BOUND_Q}",),
        (f"{BOUND_Q} = {BOUND_GIBBS} => {ENERGY} = 0",),
        (f"{BOUND_Q} = {BOUND_GIBBS} => sum(i, m, {EXCESS}) = 0",),
        (f"{BOUND_Q} = {BOUND_GIBBS} => forall i in 1..m: {EXCESS} = 0", f"sum(i, m, {EXCESS})"),
        (f"{BOUND_Q} = {BOUND_GIBBS} => forall i in 1..m: Q[i] = P[i]*exp({OF_GIBBS})",),
    ],
    words="P[i] exp(c f[i])/sum_j P[j] exp(c f[j]) is a law and minimises -E_Q f + KL(Q|P)/c, alone.  Where Q[i] = 0 the"
    " summand Q[i] log(Q[i]/P[i]) is 0.",
)

if __name__ == "__main__":
    theory.main()
