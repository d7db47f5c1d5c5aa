"""The terminology table and the hierarchy of levels."""

from metaid_symbolic.claims import Universe
from metaid_symbolic.theory import Theory

theory = Theory("meta_identifiability", step="S0b", title="Terminology and hierarchy")

# False: x^2 has one minimiser and is not injective.
theory.claim("T1/equiv", "INJ <=> UNIQ", expected=False)
# False: x^2 again.
theory.claim("T6/equiv", "not INJ <=> (exists a, b in argmin F: a != b)", expected=False)

# False: if the law does not depend on theta, no statistic can tell.
theory.statement(
    "T5/sufficient",
    "(forall a in 1..K, x in 1..M: p[a, x] >= 0) & (forall a in 1..K: sum(x, M, p[a, x]) = 1)"
    " & (forall x in 1..M, r in 1..R: S[x, r] = 0 | S[x, r] = 1) & (forall x in 1..M: sum(r, R, S[x, r]) = 1)"
    " & (forall a in 1..K, x in 1..M: p[a, x] = c[x]*sum(r, R, S[x, r]*sum(y, M, S[y, r]*p[a, y])))"
    " => forall a, b in 1..K: (forall r in 1..R: sum(x, M, S[x, r]*p[a, x]) = sum(x, M, S[x, r]*p[b, x])) => a = b",
    naturals={"K": 1, "M": 1, "R": 1},
    arrays={"p": ("K", "M"), "S": ("M", "R"), "c": ("M",)},
    expected=False,
    words="Laws p[a, .] on M outcomes; S[x, r] = 1 iff the statistic of x is r; c[x] = P(x | its statistic) does not depend on"
    " a, so the statistic is sufficient.  If its laws agree for a and b then a = b.",
)

# True: equal laws have equal means.
theory.claim("T3/inj-law", "INJ => LAW", expected=True, by=("equal law, equal mean",))
# True: equal profiles give equal laws.
theory.claim("T3/law-prof", "LAW => PROF", expected=True, by=("equal losses, equal law",))
# False: the tasks x and -x of equal weights; the law at x is that at -x.
theory.claim("T3/prof-law", "PROF => LAW", expected=False)
# False: the tasks 2x and -x of weights 1/3 and 2/3 have mean 0, and 2x is the value of weight 1/3.
theory.claim("T3/law-inj", "LAW => INJ", expected=False)

# False: x^2 has I = 0 and H = 2 at its minimum.
theory.claim("T4/equal", "forall a in argmin F: meq(fisher(a), hess F(a))", expected=False)
# True: E H_t = E g_t g_t^T - E (D^2 p_phi / p_phi), and the last mean is D^2 of the sum of p over its support, that is of 1.
theory.claim(
    "T4/likelihood",
    "(forall x in Phi: E(t, exp(L(t, phi) - L(t, x))) = 1) => meq(fisher(phi), hess F(phi))",
    expected=True,
    by=("derivative", "derivative"),
)
# False: L = (x - t)^2/2 with t ~ N(0, 2) has H = 1 and I(0) = 2.
theory.claim(
    "T4/misspecified",
    "gaussian_model & OPT & CRIT => meq(fisher(phi), hess F(phi))",
    universe=Universe(law="gaussian"),
    expected=False,
    words="For L_t = |t - m(phi)|^2/2, the negative logarithm of a Gaussian density up to a constant, and t from any Gaussian"
    " law, I and H agree at every critical minimiser.",
)

theory.remark("H1", "definition", "the weak level: phi up to the equivalence that WEAK names")
theory.remark("H2", "definition", "the strong level: one single phi, the condition UNIQ")
# False: for constant F every point is a local minimum.
theory.claim(
    "H3/local",
    "MIN => exists eps > 0: forall x in Phi: norm2(x - phi) < eps^2 & MIN(x) => x = phi",
    expected=False,
)
# False: constant F.
theory.claim("H4/global", "OPT => UNIQ", expected=False)
# False: constant F.
theory.claim("H5/weak-iso", "WEAK => forall a in argmin F: ISO(a)", expected=False)
# False: the tasks (x^2 - 1)^2 + x and (x^2 - 1)^2 - x have the minimisers -1 and 1 with different profiles.
theory.claim(
    "H5/iso-weak",
    "(forall a in argmin F: ISO(a)) & EXISTS => WEAK",
    expected=False,
)
# False: the one task (x^2 - 1)^2.
theory.claim("H5/both", "WEAK & (forall a in argmin F: ISO(a)) => UNIQ", expected=False)
# True: everything that is said of all minimisers is said of one point.
theory.claim("H5/uniq", "UNIQ => WEAK & (forall a in argmin F: ISO(a))", expected=True)

if __name__ == "__main__":
    theory.main()
