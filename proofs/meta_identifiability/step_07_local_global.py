"""Step 7: local against global identifiability."""

from metaid_symbolic.claims import Universe
from metaid_symbolic.theory import Theory

theory = Theory("meta_identifiability", step="S7", title="Local and global")

# True: a set of one point has no second point nearby.
theory.claim("S7.claim/uniq-iso", "UNIQ => forall a in argmin F: ISO(a)", expected=True)

# False: the one task x^3 is injective on R, and its gradient vanishes at 0.
theory.claim("S7.relation/global-local", "INJ => FPD", expected=False)
# False: x^2 on [0, 1] is injective, and its gradient vanishes at the minimiser 0.
theory.claim(
    "S7.relation/global-local-optimum",
    "INJ => forall a in argmin F: FPD(a)",
    universe=Universe(domain="interval"),
    expected=False,
)
# False: the tasks x and -x have I = 1 and F = 0.
theory.claim("S7.relation/local-global", "FPDALL => INJ", expected=False)

# True: the tasks (x^2 - 1)^2 + x and (x^2 - 1)^2 - x have F = (x^2 - 1)^2, and H = 8, I = 1 at -1 and 1.
theory.exists(
    "S7.multiple",
    "exists a, b in argmin F: a != b & (forall c in argmin F: c = a | c = b) & HPD(a) & HPD(b) & FPD(a) & FPD(b)",
    expected=True,
)

if __name__ == "__main__":
    theory.main()
