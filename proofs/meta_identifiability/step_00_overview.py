"""The overview and the conclusion: what convergence to the optimum needs."""

from gradient_descent import CONTRACTION, DESCENT, GAP, LIPSCHITZ, STRONG, TANGENT, WHOLE_SPACE

from metaid_symbolic.theory import Theory

theory = Theory("meta_identifiability", step="S0", title="Overview and conclusion")

theory.remark("O1", "prose", "announces what the compilation theorem of step 10 asserts; judged there")
theory.remark("O3", "prose", "document check: the cross-reference thm-meta-identifiability has no target")

ASTRAY = "(exists b in Rn, eps > 0: forall x in Rn: norm2(x - b) < eps^2 => exists a in Rn: gd(eta, x, a) & not a in argmin F)"
"""Some non-empty open set of starts has gradient descent converge to points that do not minimise F."""


# True: near the worse minimum of a double well gradient descent with small steps converges to it.
theory.exists(
    "O2/exists",
    f"n = 1 & whole & not INJ & (exists eta > 0: {ASTRAY})",
    expected=True,
)
# False: the tilted double well has UNIQ, and an open set of starts leads to its worse minimum for every small step.
theory.claim(
    "O2/cause",
    f"whole & UNIQ => exists eta0 > 0: forall eta: 0 < eta & eta < eta0 => not {ASTRAY}",
    expected=False,
)
# False: x^2 in the plane has a line of minimisers, and gradient descent with eta < 1 converges into it from everywhere.
theory.claim(
    "O2/only",
    "whole & EXISTS & not UNIQ & (exists x in Phi: not x in argmin F)"
    f" => exists eta0 > 0: forall eta: 0 < eta & eta < eta0 => {ASTRAY}",
    expected=False,
)

# False: F(x) = x is injective, and x - k eta has no limit.
theory.claim(
    "CON/inj",
    "whole & INJ => forall x in Rn: exists eta0 > 0: forall eta: 0 < eta & eta < eta0 => exists a in Rn: gd(eta, x, a)",
    expected=False,
)
# False: x^4/4 - x^3/3 has the one minimiser 1, and the start 0 is a critical point.
theory.claim(
    "CON/uniq",
    "whole & UNIQ => forall x in Rn: exists eta0 > 0: forall eta: 0 < eta & eta < eta0 => forall a in argmin F: gd(eta, x, a)",
    expected=False,
)
# False: x^2 with eta = 2 multiplies x by -3.
theory.claim(
    "CON/step",
    "whole & STRONG & LIPSCHITZ => forall eta > 0, x in Rn: exists a in Rn: gd(eta, x, a)",
    expected=False,
)
# True: the step map is a contraction with factor max(|1 - eta mu|, |1 - eta L|) < 1; for eta = 1/L the descent lemma gives
# F(x+) <= F(x) - |g|^2/(2L), and |g|^2 >= 2 mu (F(x) - min F).
ONLY = "(forall b in argmin F: b = {0})"
ALL_GOOD = f"exists {{0}} in argmin F: {ONLY} & (forall x in Rn: gd(eta, x, {{0}})) & {DESCENT.replace('F(a)', 'F({0})')}"
theory.claim(
    "CON/repair",
    f"whole => forall mu > 0, ell > 0, eta > 0: {STRONG} & {LIPSCHITZ} & eta*ell < 2 => {ALL_GOOD.format('a')}",
    expected=True,
    through=[
        *WHOLE_SPACE,
        (STRONG,),
        (f"{TANGENT} & (exists a in Phi: grad F(a) = zero & (forall x in Phi: F(a) <= F(x)))", "strong convexity(F)", 1, 3),
        ("grad F(a) = zero",),
        *CONTRACTION,
        *GAP,
        (ONLY.format("a"), "norm", 1, 4, 7, 32),
        ("forall x in Rn: gd(eta, x, a)", 31),
        (ALL_GOOD.format("c"), 32, 41, 42, 43),
    ],
    repairs="CON/step",
    words="There is one minimiser, for 0 < eta < 2/L gradient descent converges to it from every start, and with eta = 1/L a step"
    " multiplies F - min F by 1 - mu/L at most.",
)
TWO_TARGETS = (
    "n = 1 & whole => forall s > 0:"
    " (forall t in tasks: (forall x in Rn: L(t, x) = (coord(x, 1) - s)^2/2) | (forall x in Rn: L(t, x) = (coord(x, 1) + s)^2/2))"
    " & (forall x in Rn: F(x) = (coord(x, 1)^2 + s^2)/2)"
    " => forall eta: 0 < eta & eta < 1 => "
)
"""The tasks (x - s)^2/2 and (x + s)^2/2; that their mean has no linear term says that the weights are 1/2."""
# False: v = (1 - eta)^2 v + eta^2 s^2 has the solution v = eta s^2/(2 - eta) > 0.
theory.claim(
    "CON/sgd",
    TWO_TARGETS + "sgd_variance_tends(eta, 0)",
    expected=False,
)
LOSS = "(forall x in Rn: L(t, x) = (coord(x, 1) {0} s)^2/2)"
SLOPE = "(forall x, u in Rn: dot(grad L(t, x), u) = (coord(x, 1) {0} s)*coord(u, 1))"
BEND = "(forall x, u, v in Rn: dot(HL(t, x, u), v) = coord(u, 1)*coord(v, 1))"
AT_ZERO = "dot(grad L(t, zero), [1])"
LIMIT_VALUE = "eta*s^2/(2 - eta)"
theory.claim(
    "CON/sgd!value",
    TWO_TARGETS + f"sgd_variance_tends(eta, {LIMIT_VALUE})",
    expected=True,
    through=[
        (f"forall t in tasks: {LOSS.format('-')} => {SLOPE.format('-')}", "derivative", 0),  # 1
        (f"forall t in tasks: {LOSS.format('+')} => {SLOPE.format('+')}", "derivative", 0),  # 2
        (f"forall t in tasks: {SLOPE.format('-')} => {BEND}", "derivative", 0),  # 3
        (f"forall t in tasks: {SLOPE.format('+')} => {BEND}", "derivative", 0),  # 4
        (f"forall t in tasks: {LOSS.format('-')} | {LOSS.format('+')}",),  # 5
        (f"forall t in tasks: {SLOPE.format('-')} | {SLOPE.format('+')}", 1, 2, 5),  # 6
        (f"forall t in tasks: {BEND}", 3, 4, 6),  # 7
        ("forall t in tasks, y in Rn: dot(HL(t, y, [1]), [1]) = 1", 7),  # 8
        (f"forall t in tasks: {AT_ZERO}^2 = s^2", 6),  # 9
        (f"E(t, {AT_ZERO}^2 - s^2) = 0", f"E(t, {AT_ZERO}^2 - s^2)", 9),  # 10
        ("forall x in Rn: F(x) = (coord(x, 1)^2 + s^2)/2",),  # 11
        ("forall x, u in Rn: dot(grad F(x), u) = coord(x, 1)*coord(u, 1)", "derivative", 11),  # 12
        ("dot(grad F(zero), [1]) = 0", 12),  # 13
        ("0 < 2 - eta", 0),  # 14
        ("(1 - eta*1)^2 < 1", 0),  # 15
        (
            f"{LIMIT_VALUE} = (1 - eta*1)^2*({LIMIT_VALUE}) + eta^2*(E(t, {AT_ZERO}^2) - dot(grad F(zero), [1])^2)",
            10,
            13,
            14,
        ),  # 16
        ("forall t in tasks, y in Rn: D2L(t, y, [1], [1]) = 1", 8),  # 17
        (f"sgd_variance_tends(eta, {LIMIT_VALUE})", f"sgd variance at eta, 1, zero, {LIMIT_VALUE}", 14, 15, 16, 17),
    ],
)

if __name__ == "__main__":
    theory.main()
