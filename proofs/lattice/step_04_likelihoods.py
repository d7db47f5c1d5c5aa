"""What correct likelihoods imply: LIK says that t ~ p_phi and L_t = -log p_x(t), up to constants."""

from metaid_symbolic.theory import Theory

theory = Theory("lattice", step="likelihoods", title="Implications from correct likelihoods")

# The ratio p_x/p_phi at t is e^u for u = L_t(phi) - L_t(x).
EXPONENT = "L(t, phi) + sign*L(t, x)"
RATIO = f"exp({EXPONENT})"
EXCESS = f"E(t, {RATIO} - 1 - ({EXPONENT}))"
# Gibbs: e^u >= 1 + u, and the mean of e^u is 1.
GIBBS = [
    ("sign = -1",),
    (f"forall x in Phi: E(t, {RATIO}) = 1",),
    (f"forall x in Phi, t in tasks: 1 + {EXPONENT} <= {RATIO}", RATIO, 0),
    ("forall x in Phi: F(phi) <= F(x)", EXCESS, 1, 2, 3),
    ("phi in argmin F", 4),
]
ALONE = "forall x in argmin F: norm2(x - phi) < eps^2 => x = phi"
# e^u = 1 + u for u = 0 alone.
EQUALITY = [
    *GIBBS,
    ("forall x in argmin F: F(x) = F(phi)", 4, 5),
    (f"forall x in argmin F: {EXCESS} = 0", 1, 2, 6),
    (f"forall x in argmin F, t in tasks: {RATIO} - 1 - ({EXPONENT}) = 0", EXCESS, 3, 7),
    (f"forall x in argmin F, t in tasks: {EXPONENT} != 0 => 1 + {EXPONENT} < {RATIO}", RATIO, 0),
    ("forall x in argmin F, t in tasks: L(t, x) = L(t, phi)", 1, 8, 9),
]
theory.claim("LIK/EXISTS", "LIK => EXISTS", expected=True, through=GIBBS)
theory.claim("LIK/MIN", "LIK => MIN", expected=True, through=GIBBS)
theory.claim(
    "LIK/WEAK",
    "LIK => WEAK",
    expected=True,
    through=[*EQUALITY, ("forall x, y in argmin F, t in tasks: L(t, x) = L(t, y)", 10)],
)
theory.claim(
    "LIK-SLM/ISO",
    "LIK & SLM => ISO",
    expected=True,
    through=[*GIBBS, (ALONE,)],
)
theory.claim("LIK-UNIQ/ISO", "LIK & UNIQ => ISO", expected=True, through=[*GIBBS, ("forall x in argmin F: x = phi",)])
# True: minimisers are critical.
theory.claim(
    "LIK-FOC/ISO",
    "LIK & FOC => ISO",
    expected=True,
    through=[
        *GIBBS,
        ("forall x in argmin F: grad F(x) = zero", "Fermat(F)", 0),
        (ALONE,),
    ],
)
# True: minimisers have the profile of phi.
theory.claim(
    "LIK-LPROF/ISO",
    "LIK & LPROF => ISO",
    expected=True,
    through=[*EQUALITY, (ALONE,)],
)

AT_PHI = RATIO.replace("L(t, x)", "L(t, phi)")
SLOPE, BEND = "dot(grad L(t, {0}), u)", "D2L(t, {0}, u, v) + sign*dot(grad L(t, {0}), u)*dot(grad L(t, {0}), v)"
# True: the second derivative of the mean of e^u at phi is I - H.
INFORMATION = [
    ("sign = -1",),
    (f"forall x in Phi: E(t, {RATIO}) = 1",),
    (f"forall t in tasks: 1 <= {AT_PHI}", AT_PHI, 1),
    (f"forall t in tasks: {AT_PHI} - 1 = 0", f"E(t, {AT_PHI} - 1)", 2, 3),
    (f"forall u in Rn, x in Phi: sign*E(t, {RATIO}*{SLOPE.format('x')}) = 0", "derivative", 2),
    (f"forall u, v in Rn, x in Phi: sign*E(t, {RATIO}*({BEND.format('x')})) = 0", "derivative", 5),
    (f"forall u, v in Rn: E(t, ({AT_PHI} - 1)*({BEND.format('phi')})) = 0", f"E(t, ({AT_PHI} - 1)*({BEND.format('phi')}))", 4),
    ("forall u, v in Rn: D2F(phi, u, v) = E(t, dot(grad L(t, phi), u)*dot(grad L(t, phi), v))", 1, 6, 7),
]
theory.claim("LIK-FPD/HPD", "LIK & FPD => HPD", expected=True, through=INFORMATION)
theory.claim("LIK-HPD/FPD", "LIK & HPD => FPD", expected=True, through=INFORMATION)

# A common minimiser of all losses has the profile of phi, so every e^u is at most 1, and then 1: all losses are constant.
INVERSE = f"exp(-({EXPONENT}))"
CONSTANT = [
    *GIBBS,
    ("forall t in tasks, x in Phi: L(t, a) <= L(t, x)",),
    ("forall t in tasks: L(t, phi) = L(t, a)", "E(t, L(t, phi) - L(t, a))", 4, 6),
    (f"forall t in tasks, x in Phi: {EXPONENT} <= 0", 1, 6, 7),
    (f"forall t in tasks, x in Phi: {RATIO} <= 1", INVERSE, 8),
    (f"forall t in tasks, x in Phi: 1 - {RATIO} = 0", f"E(t, 1 - {RATIO})", 2, 9),
    (f"forall t in tasks, x in Phi: (1 - ({EXPONENT}))*{RATIO} <= 1", INVERSE, 0),
    (f"forall t in tasks, x in Phi: ({EXPONENT})*{RATIO} = {EXPONENT}", 10),
    (f"forall t in tasks, x in Phi: 0 <= {EXPONENT}", 10, 11, 12),
    ("forall t in tasks, x in Phi: L(t, x) = L(t, phi)", 1, 8, 13),
    ("forall t in tasks, x in Phi, u in Rn: dot(grad L(t, x), u) = 0", "derivative", 14),
]
theory.claim(
    "LIK-INTERP/not-GVAR",
    "LIK & INTERP => not GVAR",
    expected=True,
    through=[
        *CONSTANT,
        ("forall t in tasks: grad L(t, phi) = zero", "orthogonal to all", 15),
        ("forall p, q in tasks: grad L(p, phi) = grad L(q, phi)", "difference", 16),
    ],
)
theory.claim(
    "LIK-INTERP/TPSD",
    "LIK & INTERP => TPSD",
    expected=True,
    through=[*CONSTANT, ("forall t in tasks: psd(hess L(t, phi))", "second-order necessary condition(L)", 14)],
)
# True: phi would be alone near phi, so that even constant losses would be injective there.
theory.claim(
    "LIK-INTERP/not-SLM",
    "LIK & INTERP => not SLM",
    expected=True,
    through=[
        *CONSTANT,
        ("exists y in Phi: y != phi", "invariance of domain(F)", 4),
        ("exists w in Rn: w != zero", "difference", 16),
        ("forall x in Phi: F(x) = F(phi)", "E(t, L(t, x) - L(t, phi))", 14),
        ("forall x in Phi: norm2(x - phi) < eps^2 & x != phi => F(phi) < F(x)",),
        ("forall x in Phi: norm2(x - phi) < eps^2 => x = phi", 18, 19),
        ("LPROF",),
        (
            "exists x in Phi: forall v in Rn: (forall t in tasks: dot(grad L(t, x), v) = 0) => v = zero",
            "injective maps are immersions somewhere(L)", 21,
        ),
        ("forall v in Rn: v = zero", 15, 22),
    ],
)  # fmt: skip

if __name__ == "__main__":
    theory.main()
