"""Theorems of analysis, linear algebra and topology that proofs may assume."""

from metaid_symbolic import analysis
from metaid_symbolic.theory import Theory

theory = Theory("meta_identifiability")
analysis.cite(theory)
