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
    by=("strong convexity from the Hessian(F)", "dot", "norm"),
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
        (TANGENT, "strong convexity from the Hessian(F)", 1, 3),
        ("grad F(a) = zero",),
        *CONTRACTION,
        (LINEARLY.format("b").replace("a)", "b)"), 31, 32),
    ],
    repairs="S10.conv",
    words="With eta = 1/L every step multiplies the square of the distance to the minimiser by q < 1 at most.",
)
GIBBS = "(P[{0}]*exp(c*f[{0}])/sum(j, m, P[j]*exp(c*f[j])))"
GAP_Q = "-sum(i, m, Q[i]*f[i]) + sum(i, m, Q[i]*log(Q[i]/P[i]))/c"
GAP_S = f"-sum(i, m, {GIBBS.format('i')}*f[i]) + sum(i, m, {GIBBS.format('i')}*log({GIBBS.format('i')}/P[i]))/c"
# True: the objective is KL(Q | Q*)/c - log(sum_j P_j exp(c f_j))/c.
theory.statement(
    "S10.repair/pacoh",
    "(forall i in 1..m: P[i] > 0 & Q[i] >= 0) & sum(i, m, P[i]) = 1 & sum(i, m, Q[i]) = 1"
    f" => forall c > 0: {GAP_S} <= {GAP_Q} & ({GAP_Q} = {GAP_S} => (forall i in 1..m: Q[i] = {GIBBS.format('i')}))",
    naturals={"m": 1},
    arrays={"P": ("m",), "Q": ("m",), "f": ("m",)},
    expected=True,
    repairs="S10.theorem/a",
    words="Where Q[i] = 0 the summand Q[i] log(Q[i]/P[i]) is 0.",
)

if __name__ == "__main__":
    theory.main()
