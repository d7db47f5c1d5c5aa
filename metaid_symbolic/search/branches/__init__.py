"""Contradictions in a branch as it stands."""
