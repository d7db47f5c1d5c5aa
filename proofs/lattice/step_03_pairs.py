"""Implications with two hypotheses, and hypotheses that contradict one another."""

from dataclasses import replace

from metaid_symbolic.store.loading import load
from metaid_symbolic.store.locating import locate
from metaid_symbolic.theory import Theory

theory = Theory("lattice", step="pairs", title="Implications with two hypotheses")


def named(implication: str) -> str:
    return implication.replace(" => ", "/").replace(" & ", "-").replace("not ", "not-")


BY = {
    # an injective F has no least value on an open set
    "INJ => not EXISTS": ("invariance of domain(F)",),
    "WEAK & PROF => UNIQ": (),
    "EXISTS & SAME => INTERP": ("mean",),
    "CRIT & HPDCRIT => HPD": (),
    "CRIT & HPD => SLM": ("second-order sufficient condition(F)",),
    "MIN & HNS => HPD": ("second-order necessary condition(F)", "nonsingular semidefinite matrix(F)"),
    "HNS & TPSD => HPD": ("mean", "nonsingular semidefinite matrix(F)"),
    "FPD & EXPC => HPD": ("mean",),
    "CRIT & GINJ => FOC": ("difference",),
    # a critical point of a convex function is a minimiser
    "CRIT & CONV => MIN": ("convexity and the Hessian(F)", "dot"),
    "CRIT & CONV => EXISTS": ("convexity and the Hessian(F)", "dot"),
    "CONV & HNS => HPD": ("convexity and the Hessian(F)", "nonsingular semidefinite matrix(F)"),
    "SLM & CONV => ISO": ("strict minimisers of convex functions(F)",),
    "SLM & CONV => UNIQ": ("strict minimisers of convex functions(F)",),
}
for implication, by in BY.items():
    theory.claim(named(implication), implication, expected=True, by=by)

RESTATED = {"SC2/uniq": "EXISTS-GINJ/UNIQ", "S3.theorem/foc": "CRIT-HNS/FOC", "S3.theorem/coercive": "HPDCRIT-COERC/UNIQ"}
RESTATED |= {"S4.singular/constant": "FRANK/not-LPROF"}
main = load(locate("@meta_identifiability")).theory.claims
for known, name in RESTATED.items():
    theory.claims[name] = replace(main[known], id=name, step=theory.step)

SQUARE = "E(t, dot(grad L(t, phi), u)^2)"
# True: the Fisher matrix is nonsingular where nothing is orthogonal to all gradients.
theory.claim(
    "SPAN/not-FRANK",
    "SPAN => not FRANK",
    expected=True,
    through=[
        (f"forall u in Rn: {SQUARE} = 0 => forall t in tasks: dot(grad L(t, phi), u) = 0", SQUARE, 0),
        ("forall u in Rn: (forall t in tasks: dot(grad L(t, phi), u) = 0) => u = zero",),
        ("nonsingular(fisher(phi))", 1, 2),
    ],
)
# True: equal functions have equal gradients.
theory.claim(
    "GVAR/not-SAME",
    "GVAR => not SAME",
    expected=True,
    through=[
        ("forall a, b in tasks: forall x in Phi: L(a, x) = L(b, x)",),
        ("forall a, b in tasks: forall x in Phi, v in Rn: dot(grad L(a, x), v) = dot(grad L(b, x), v)", "derivative", 1),
        ("forall a, b in tasks: forall v in Rn: dot(grad L(a, phi) - grad L(b, phi), v) = 0", 2),
        ("forall a, b in tasks: grad L(a, phi) - grad L(b, phi) = zero", "orthogonal to all", 3),
    ],
)
# True: every task loss is F.
theory.claim(
    "SAME-CONV/TCONV",
    "SAME & CONV => TCONV",
    expected=True,
    through=[
        ("forall a, b in tasks: forall x in Phi: L(a, x) = L(b, x)",),
        ("forall s in tasks: forall x in Phi: F(x) = L(s, x)", "E(t, L(t, x) - L(s, x))", 1),
        ("CONVEXSET",),
        ("forall x, y in Phi, r: 0 <= r & r <= 1 => F(r*x + (1 - r)*y) <= r*F(x) + (1 - r)*F(y)",),
        (
            "forall t in tasks: forall x, y in Phi, r: 0 <= r & r <= 1 => L(t, r*x + (1 - r)*y) <= r*L(t, x) + (1 - r)*L(t, y)",
            *(2, 3, 4),
        ),
        ("TCONV", 3, 5),
    ],
)
# True: the middle of two minimisers would lie below both.
theory.claim(
    "EXISTS-SCONV/UNIQ",
    "EXISTS & SCONV => UNIQ",
    expected=True,
    through=[
        ("CONVEXSET",),
        ("forall x, y in Phi, r: 0 < r & r < 1 & x != y => F(r*x + (1 - r)*y) < r*F(x) + (1 - r)*F(y)",),
        ("forall x, y in Phi: x != y => F(1/2*x + 1/2*y) < 1/2*F(x) + 1/2*F(y)", "2 at x, y; 1/2", 2),
        ("forall x, y in Phi: 1/2*x + 1/2*y in Phi", "1 at x, y; 1/2", 1),
        ("forall x in Phi: F(a) <= F(x)",),
        ("forall b in argmin F: F(b) <= F(a)", 0),
        ("forall b in argmin F: b != a => F(1/2*b + 1/2*a) < F(a)", "3 at b, a", 3, 6),
        ("forall b in argmin F: F(a) <= F(1/2*b + 1/2*a)", "4 at b, a", 4, 5),
        ("forall b in argmin F: b = a", 7, 8),
        ("a in argmin F",),
        ("exists c in argmin F: forall b in argmin F: b = c", 9, 10),
    ],
)
TANGENT = "forall x, y in Phi: F(y) >= F(x) + dot(grad F(x), y - x)"
# True: F(y) > F(x) + grad F(x) . (y - x) for y != x, by the value half way; so (grad F(x) - grad F(y)) . (x - y) > 0.
theory.claim(
    "SCONV-CONV/GINJ",
    "SCONV & CONV => GINJ",
    expected=True,
    through=[
        ("CONVEXSET",),
        ("forall x, y in Phi, r: 0 < r & r < 1 & x != y => F(r*x + (1 - r)*y) < r*F(x) + (1 - r)*F(y)",),
        (TANGENT, "convexity and the Hessian(F)"),
        ("forall x, y in Phi: x != y => F(1/2*x + 1/2*y) < 1/2*F(x) + 1/2*F(y)", "2 at x, y; 1/2", 2),
        ("forall x, y in Phi: 1/2*x + 1/2*y in Phi", "1 at x, y; 1/2", 1),
        ("forall x, y in Phi: F(1/2*x + 1/2*y) >= F(x) + 1/2*dot(grad F(x), y - x)", "3 at x, 1/2*x + 1/2*y", 3, 5),
        ("forall x, y in Phi: x != y => F(y) > F(x) + dot(grad F(x), y - x)", "4 at x, y", "6 at x, y", 4, 6),
        ("forall x, y in Phi: x != y => dot(grad F(y), x - y) < dot(grad F(x), x - y)", "7 at x, y", "7 at y, x", 7),
        ("forall x, y in Phi: grad F(x) = grad F(y) => dot(grad F(x), x - y) = dot(grad F(y), x - y)", "dot", 0),
        ("forall x, y in Phi: grad F(x) = grad F(y) => x = y", 8, 9),
    ],
)
CRITICAL_IS_LEAST = [
    (TANGENT, "convexity and the Hessian(F)"),
    ("forall x in Phi, y in Rn: grad F(x) = zero => dot(grad F(x), y) = 0", "dot", 0),
    ("forall x, y in Phi: grad F(x) = zero => F(x) <= F(y)", "2 at x; y - x", 1, 2),
    ("forall x in Phi: grad F(x) = zero => x in argmin F", 3),
    ("grad F(phi) = zero",),
    ("phi in argmin F", 4, 5),
]
"""Of a convex F."""
ONLY_PHI = [
    ("forall b in argmin F: b = a",),
    ("forall b, c in argmin F: b = c", "7 at b", "7 at c", 7),
    ("forall b in argmin F: b = phi", "8 at b, phi", 6, 8),
]
# True: the critical points of a convex F are its minimisers.
theory.claim(
    "UNIQ-CRIT-CONV/ISO",
    "UNIQ & CRIT & CONV => ISO",
    expected=True,
    through=[
        *CRITICAL_IS_LEAST,
        *ONLY_PHI,
        ("forall eps: forall b in argmin F: norm2(b - phi) < eps^2 => b = phi", 9),
        ("ISO", "10 at 1", 6, 10),
    ],
)
theory.claim(
    "UNIQ-CRIT-CONV/FOC",
    "UNIQ & CRIT & CONV => FOC",
    expected=True,
    through=[
        *CRITICAL_IS_LEAST,
        *ONLY_PHI,
        ("forall eps: forall x in Phi: norm2(x - phi) < eps^2 & grad F(x) = zero => x = phi", 4, 9),
        ("FOC", "10 at 1", 5, 10),
    ],
)
theory.claim(
    "FOC-CONV/ISO",
    "FOC & CONV => ISO",
    expected=True,
    through=[
        *CRITICAL_IS_LEAST,
        ("forall b in argmin F: grad F(b) = zero", "Fermat(F)"),
        ("forall x in Phi: norm2(x - phi) < eps^2 & grad F(x) = zero => x = phi",),
        ("forall b in argmin F: norm2(b - phi) < eps^2 => b = phi", 7, 8),
        ("eps > 0",),
        ("ISO", 6, 9, 10),
    ],
)
ALIKE = [
    ("forall a, b in tasks: forall x in Phi: L(a, x) = L(b, x)",),
    ("forall s in tasks: forall x in Phi: F(x) = L(s, x)", "E(t, L(t, x) - L(s, x))", 1),
]
"""Equal task losses are equal to F."""
theory.claim(
    "PROF-SAME/INJ",
    "PROF & SAME => INJ",
    expected=True,
    through=[
        *ALIKE,
        ("forall s in tasks: forall x, y in Phi: F(x) = F(y) => L(s, x) = L(s, y)", "2 at s; x", "2 at s; y", 2),
        ("forall x, y in Phi: (forall t in tasks: L(t, x) = L(t, y)) => x = y",),
        ("forall x, y in Phi: F(x) = F(y) => forall t in tasks: L(t, x) = L(t, y)", 3),
        ("INJ", 4, 5),
    ],
)
theory.claim(
    "MIN-SAME/TPSD",
    "MIN & SAME => TPSD",
    expected=True,
    through=[
        *ALIKE,
        ("forall x in Phi: norm2(x - phi) < eps^2 => F(phi) <= F(x)",),
        ("forall s in tasks: forall x in Phi: norm2(x - phi) < eps^2 => L(s, phi) <= L(s, x)", 2, 3),
        ("forall s in tasks: psd(hess L(s, phi))", "second-order necessary condition(L)"),
    ],
)
# There is a vector other than 0: otherwise F would be injective on one point, and would have no least value.
A_VECTOR = [
    ("exists y in Phi: y != phi", "invariance of domain(F)", 0),
    ("exists w in Rn: w != zero", "difference", 1),
]
# True: at a common minimiser all gradients vanish.
theory.claim(
    "FPDALL/not-INTERP",
    "FPDALL => not INTERP",
    expected=True,
    through=[
        *A_VECTOR,
        ("forall x in Phi: posdef(fisher(x))",),
        ("forall u in Rn: u != zero => 0 < E(t, dot(grad L(t, a), u)^2)", 3),
        ("forall t in tasks: forall x in Phi: L(t, a) <= L(t, x)",),
        ("forall t in tasks: grad L(t, a) = zero", "Fermat(L)", 5),
        ("forall t in tasks, u in Rn: dot(grad L(t, a), u) = 0", "dot", 6),
        ("forall u in Rn: E(t, dot(grad L(t, a), u)^2) = 0", "E(t, dot(grad L(t, a), u)^2)", 7),
        ("forall u in Rn: u = zero", 4, 8),
    ],
)
# True: gradients that agree and have mean 0 vanish, and then do not span.
theory.claim(
    "CRIT-SPAN/GVAR",
    "CRIT & SPAN => GVAR",
    expected=True,
    through=[
        *A_VECTOR,
        ("grad F(phi) = zero",),
        ("forall v in Rn: (forall t in tasks: dot(grad L(t, phi), v) = 0) => v = zero",),
        ("forall a, b in tasks: grad L(a, phi) = grad L(b, phi)",),
        ("forall a, b in tasks, v in Rn: dot(grad L(a, phi), v) = dot(grad L(b, phi), v)", "dot", 5),
        (
            "forall s in tasks, v in Rn: dot(grad F(phi), v) = dot(grad L(s, phi), v)",
            *("E(t, dot(grad L(t, phi), v) - dot(grad L(s, phi), v))", 6),
        ),
        ("forall v in Rn: dot(grad F(phi), v) = 0", "dot", 3),
        ("forall t in tasks, v in Rn: dot(grad L(t, phi), v) = 0", 7, 8),
        ("forall v in Rn: v = zero", 4, 9),
    ],
)

if __name__ == "__main__":
    theory.main()
