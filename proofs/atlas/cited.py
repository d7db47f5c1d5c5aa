"""Theorems of analysis about minima that the atlas may cite."""

from metaid_symbolic import analysis
from metaid_symbolic.theory import Theory

theory = Theory("atlas")
analysis.cite(theory, analysis.MINIMA)
