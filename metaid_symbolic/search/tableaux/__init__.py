"""Proofs by instances and cases: what to instantiate, when to split."""
