"""The theorems that the implications between conditions rest on: those of the theory of meta-identifiability, no others."""

from metaid_symbolic import analysis
from metaid_symbolic.theory import Theory

theory = Theory("lattice")
analysis.cite(theory)
