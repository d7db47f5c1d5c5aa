"""The implications between two conditions from which all others follow."""

from metaid_symbolic.theory import Theory

theory = Theory("lattice", step="implications", title="Implications between conditions")

BY_DEFINITION = (
    "INJ => LAW", "LAW => PROF", "PROF => LPROF", "UNIQ => WEAK", "WEAK => EXISTS", "UNIQ => EXISTS", "ISO => SLM", "SLM => MIN",
    "ISO => MIN", "ISO => EXISTS", "FOC => CRIT", "HPD => HNS", "FPDALL => FPD", "FPD => SPAN", "INTERP => EXISTS",
)  # fmt: skip
BY_THEOREMS = {
    "MIN => CRIT": (), "ISO => CRIT": (), "SLM => CRIT": (), "COERC => EXISTS": ("Weierstrass(F)", "whole space"),
    "TCONV => TPSD": ("convexity and the Hessian(L)",),
    "STRONG => HPD": ("strong convexity and the Hessian(F)", "norm"),
    "STRONG => HPDCRIT": ("strong convexity and the Hessian(F)", "norm"),
    "SPAN => COUNT": ("few tasks",), "FPD => COUNT": ("few tasks", "mean"), "PROF => COUNT": ("Borsuk and Ulam(L)",),
}  # fmt: skip
for implication in BY_DEFINITION:
    theory.claim(implication.replace(" => ", "/"), implication, expected=True)
for implication, by in BY_THEOREMS.items():
    theory.claim(implication.replace(" => ", "/"), implication, expected=True, by=by)

SQUARE = "E(t, dot(grad L(t, phi), u)^2)"
# True: u I u = E (g_t . u)^2 vanishes only if every g_t . u does.
theory.claim(
    "SPAN/FPD",
    "SPAN => FPD",
    expected=True,
    through=[
        (f"forall u in Rn: {SQUARE} = 0 => forall t in tasks: dot(grad L(t, phi), u) = 0", SQUARE, 0),
        (f"forall u in Rn: 0 <= {SQUARE}", SQUARE, 0),
        ("forall u in Rn: (forall t in tasks: dot(grad L(t, phi), u) = 0) => u = zero",),
        (f"forall u in Rn: {SQUARE} = 0 => u = zero", 1, 3),
    ],
)
# True: the losses of all tasks form an immersion.
theory.claim("SPAN/LPROF", "SPAN => LPROF", expected=True, through=[("LPROF", "immersions are locally injective(L)")])
# True: losses that are injective near a point form an immersion somewhere near it, and fewer than n gradients do not span.
theory.claim(
    "LPROF/COUNT",
    "LPROF => COUNT",
    expected=True,
    through=[
        (
            "exists x in Phi: forall v in Rn: (forall t in tasks: dot(grad L(t, x), v) = 0) => v = zero",
            "injective maps are immersions somewhere(L)",
        )
    ],
    by=("few tasks",),
)

EXCESS = "E(t, L(t, x) - L(t, a))"
# True: a common minimiser a minimises F, and F(x) = F(a) leaves no task with L_t(x) > L_t(a).
theory.claim(
    "INTERP/WEAK",
    "INTERP => WEAK",
    expected=True,
    through=[
        ("forall t in tasks, x in Phi: L(t, a) <= L(t, x)",),
        ("forall x in Phi: F(a) <= F(x)", EXCESS, 1),
        ("a in argmin F", 2),
        ("forall x in Phi: F(x) = F(a) => forall t in tasks: L(t, x) = L(t, a)", EXCESS, 1),
        ("forall x in argmin F: F(x) = F(a)", 3),
        ("forall x in argmin F: forall t in tasks: L(t, x) = L(t, a)", 4, 5),
        ("forall x, y in argmin F: forall t in tasks: L(t, x) = L(t, y)", 6),
    ],
)

CONVEX = "forall x, y in Phi, r: 0 <= r & r <= 1 => {0}r*x + (1 - r)*y) <= r*{0}x) + (1 - r)*{0}y)"
OF_F, OF_TASKS = CONVEX.format("F("), "forall t in tasks: " + CONVEX.format("L(t, ")
BELOW = "F(r*x + (1 - r)*y) < r*F(x) + (1 - r)*F(y)"
STRICT = f"forall x, y in Phi, r: 0 < r & r < 1 & x != y => {BELOW}"
# True: at r = 0, at r = 1 and for x = y both sides are equal.
theory.claim(
    "SCONV/CONV",
    "SCONV => CONV",
    expected=True,
    through=[
        ("CONVEXSET",),
        (STRICT,),
        (f"forall x, y in Phi, r: r = 0 => {BELOW.replace('<', '<=')}", 0),
        (f"forall x, y in Phi, r: r = 1 => {BELOW.replace('<', '<=')}", 0),
        (f"forall x, y in Phi, r: x = y => {BELOW.replace('<', '<=')}", 0),
        (OF_F, 2, 3, 4, 5),
        ("CONV", 1, 6),
    ],
)
# True: mu/2 r (1 - r) |x - y|^2 > 0.
theory.claim(
    "STRONG/SCONV",
    "STRONG => SCONV",
    expected=True,
    through=[
        ("CONVEXSET",),
        ("forall x, y in Phi, r: 0 <= r & r <= 1 => F(r*x + (1 - r)*y)"
         " <= r*F(x) + (1 - r)*F(y) - mu/2*r*(1 - r)*norm2(x - y)",),
        ("forall x, y in Rn: x != y => 0 < norm2(x - y)", "norm"),
        ("mu > 0",),
        ("forall a, r: 0 < r & r < 1 & 0 < a => 0 < r*(1 - r)*a", 0),
        ("forall a: 0 < a => 0 < mu*a", 4),
        (STRICT, "2 at x, y; r", "3 at x, y", "5 at norm2(x - y), r", "6 at r*(1 - r)*norm2(x - y)", 2, 3, 5, 6),
        ("SCONV", 1, 7),
    ],
)  # fmt: skip
# True: the mean over the tasks of the inequalities for each.
theory.claim(
    "TCONV/CONV",
    "TCONV => CONV",
    expected=True,
    through=[
        ("CONVEXSET",),
        (OF_TASKS,),
        (OF_F, "E(t, r*L(t, x) + (1 - r)*L(t, y) - L(t, r*x + (1 - r)*y))", 2),
        ("CONV", 1, 3),
    ],
)
# True: H >= eta I >= 0.
theory.claim(
    "EXPC/CONV",
    "EXPC => CONV",
    expected=True,
    through=[
        ("CONVEXSET",),
        ("forall x in Phi, u in Rn: 0 <= E(t, dot(grad L(t, x), u)^2)", "mean"),
        ("forall x in Phi, u in Rn: eta*E(t, dot(grad L(t, x), u)^2) <= D2F(x, u, u)",),
        ("forall x in Phi: psd(hess F(x))",),
        (f"({OF_F}) & (forall x, y in Phi: F(y) >= F(x) + dot(grad F(x), y - x))", "convexity and the Hessian(F)"),
        (OF_F, 5),
        ("CONV", 1, 6),
    ],
)

if __name__ == "__main__":
    theory.main()
