"""Theorems of analysis about minima and injectivity that the atlas may cite."""

from metaid_symbolic import analysis
from metaid_symbolic.theory import Theory

theory = Theory("atlas")
analysis.cite(theory, analysis.IDENTIFIABILITY)
