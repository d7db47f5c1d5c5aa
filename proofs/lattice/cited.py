"""The theorems that the implications between conditions rest on: those of the theory of meta-identifiability, no others."""

from metaid_symbolic.store.loading import load
from metaid_symbolic.store.locating import locate
from metaid_symbolic.theory import Theory

theory = Theory("lattice")
theory.theorems.update(load(locate("@meta_identifiability")).theory.theorems)
