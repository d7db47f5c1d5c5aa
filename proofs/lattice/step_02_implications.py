"""The implications between two conditions from which all others follow."""

from metaid_symbolic.theory import Theory

theory = Theory("lattice", step="implications", title="Implications between conditions")

BY_DEFINITION = (
    "INJ => LAW", "LAW => PROF", "PROF => LPROF", "UNIQ => WEAK", "WEAK => EXISTS", "UNIQ => EXISTS", "ISO => SLM", "SLM => MIN",
    "ISO => MIN", "FOC => CRIT", "HPD => HNS", "FPDALL => FPD", "FPD => SPAN", "SPAN => FPD", "INTERP => WEAK",
    "INTERP => EXISTS", "SCONV => CONV", "STRONG => SCONV", "TCONV => CONV", "FPD => COUNT",
)  # fmt: skip
BY_THEOREMS = (
    "MIN => CRIT", "ISO => CRIT", "SLM => CRIT", "COERC => EXISTS", "SCONV => GINJ", "STRONG => HPD", "STRONG => HPDCRIT",
    "TCONV => TPSD", "EXPC => CONV", "STRONG => GINJ", "STRONG => HNS", "STRONG => CONV",
)  # fmt: skip
for implication in (*BY_DEFINITION, *BY_THEOREMS):
    theory.claim(implication.replace(" => ", "/"), implication, expected=True)

if __name__ == "__main__":
    theory.main()
