"""The identifiability condition and the three sufficient conditions."""

from metaid_symbolic.claims import Universe
from metaid_symbolic.theory import Theory

theory = Theory("meta_identifiability", step="S0a", title="The condition and what should suffice for it")
continuous = Universe(smoothness="continuous")

# False: no continuous function on an open subset of R^n, n >= 2, is injective.
theory.exists("ID1/satisfiable", "2 <= n & INJ", universe=continuous, expected=False, by=("invariance of dimension(F)",))
# False: for n >= 2 as before; an injective continuous function on an open interval is strictly monotone.
theory.exists("ID1/optimum", "INJ & EXISTS", universe=continuous, expected=False, by=("invariance of domain(F)",))
# True: two minimisers have equal values.
theory.claim("ID2/unique", "INJ & EXISTS => UNIQ", universe=Universe(domain="any", smoothness="none"), expected=True)
# False: F(x) = x on R.
theory.claim("ID2/exists", "INJ => EXISTS", expected=False)
# False: x^2.
theory.claim("ID2/converse", "UNIQ => INJ", expected=False)

# False, all three: n = 1 and the one task 0.
theory.claim("SC1/uniq", "COUNT & EXISTS => UNIQ", expected=False)
theory.claim("SC1/iso", "COUNT & OPT => ISO", expected=False)
theory.claim("SC1/prof", "COUNT => PROF", expected=False)
# False: the one task x^2 + y^2 in the plane.
theory.claim("SC1/necessary", "UNIQ => COUNT", expected=False)
# True: fewer than n continuous functions on an open subset of R^n take equal values at two points (Borsuk and Ulam).
theory.claim("SC1/prof-necessary", "PROF => COUNT", expected=True, by=("Borsuk and Ulam(L)",))

# True: Phi is open, so the gradient vanishes at every minimiser.
theory.claim("SC2/uniq", "GINJ & EXISTS => UNIQ", expected=True, by=("Fermat(F)", "difference"))
# False: x^2.
theory.claim("SC2/inj", "GINJ => INJ", expected=False)
# False: x^2 on (1, 2), or exp on R.
theory.claim("SC2/exists", "GINJ => EXISTS", expected=False)
# False: -x^2 on [-1, 1] has the minimisers -1 and 1.
theory.claim("SC2/boundary", "GINJ => UNIQ", universe=Universe(domain="interval"), expected=False)
# False: x^4/4 - x^3/3 has one minimiser, and its gradient vanishes at 0 and 1.
theory.claim("SC2/necessary", "UNIQ => GINJ", expected=False)

# False, both: the tasks x and -x.
theory.claim("SC3/uniq", "FPDALL & EXISTS => UNIQ", expected=False)
theory.claim("SC3/iso", "FPD & OPT => ISO", expected=False)
# False: x^2.
theory.claim("SC3/necessary", "UNIQ => forall a in argmin F: FPD(a)", expected=False)
# False: m(x) = (x^2 - 1, x^3 - x) is an immersion with m(-1) = m(1), so phi = 1 has a second minimiser -1.
theory.claim(
    "SC3/likelihood",
    "gaussian_likelihood(phi) & FPDALL => UNIQ",
    universe=Universe(law="gaussian"),
    expected=False,
)

# False: the tasks x^2 + x and x^2 - x have grad F = 2x, I = 4x^2 + 1, and F = x^2.
theory.claim(
    "SC/inj",
    "COUNT & GINJ & FPDALL => INJ",
    expected=False,
)
# False: x^2 on (1, 2), or exp on R.
theory.claim("SC/exists", "COUNT & GINJ & FPDALL => EXISTS", expected=False)
# True: already GINJ and EXISTS suffice.
theory.claim(
    "SC/uniq", "COUNT & GINJ & FPDALL & EXISTS => UNIQ", expected=True, by=("Fermat(F)", "difference"), uses=("SC2/uniq",)
)

if __name__ == "__main__":
    theory.main()
